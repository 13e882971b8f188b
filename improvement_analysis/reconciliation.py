"""Does a source agree with itself? The answer is a table, not an exception.

A contradiction in a source is a finding about the source. It is set out to the last team and mended nowhere.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.dataset import Dataset
from improvement_analysis.notation import is_headline_of, most_frequent, parse_tally
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.vocabulary import MONTHS, day_in_words

__all__ = ["CHECKS", "COLUMNS", "explain_difference", "reconcile"]

#: The columns of a reconciliation, in order.
COLUMNS = ("check", "service", "domain", "expected", "found", "difference", "agrees", "note", "source")

#: What is checked, in order: the name in the column ``check`` and what it asks.
CHECKS = {
    "visits in all": "Are as many teams graded as the prose counts visits?",
    "visits by service": "Is each service graded as often as the prose counts visits to it?",
    "parts of the prose": "Do the visits that the prose lists add up to its own total?",
    "repeated number": "Where the prose gives a number twice, is it the same?",
    "service without a table": "Does every service that was visited have a table?",
    "two names": "Do prose and tables call a service the same?",
    "teams per domain": "Do all domains of a service count the same teams?",
    "every domain": "Is each service graded in every domain in which another one is?",
    "tally and declared teams": "Does each tally sum to the number of teams the source declares?",
    "headline and mode": "Is each headline the most frequent grade of its tally?",
    "overall and domains": "Is each overall conclusion no lower than every domain? (If lower: a remark.)",
    "deep dives": "Are as many deep dives listed as the prose counts?",
    "workshops": "Does the programme list as many workshops as the prose counts?",
    "last visit and report": "Was the last visit before the report was published?",
}


class _Row(NamedTuple):
    check: str
    service: str | None
    domain: str | None
    expected: object
    found: object
    difference: int | None
    agrees: bool
    note: str
    source: str


def reconcile(
    published: pd.DataFrame | Dataset,
    statements: pd.DataFrame | None = None,
    *,
    deep_dives: pd.DataFrame | None = None,
    about: About | None = None,
    scale: Scale = OFSTED,
) -> pd.DataFrame:
    """Set what a source says in one place beside what it says in another.

    Parameters
    ----------
    published : DataFrame, one row per printed cell, or Dataset
        As a dataset holds it. A dataset brings all the rest with it.
    statements : DataFrame, optional
        Counts claimed in the prose: ``kind, service, named_as, number, source``. Without it only the tables
        are checked. A statement that is repeated counts once.
    deep_dives : DataFrame, optional
        The deep dives that the source lists: ``visited``.
    about : About, optional
        When the source was published, when the last visit was, and the dates of the programme.
    scale
        Of the tallies.

    Returns
    -------
    DataFrame, one row per check and place
        ``check`` (a key of :data:`CHECKS`), ``service`` and ``domain`` (missing where the check is about
        more than one), ``expected`` and ``found`` (text), ``difference`` (teams expected less teams found;
        missing where no number is compared), ``agrees``, ``note``, ``source``. Rows that agree are there
        too: 25 of 25 is worth saying. A remark agrees and has a note.

    Examples
    --------
    >>> cell = {"service": "X", "domain": "practice", "headline": "RI", "tally": "2 x RI, 1 x I",
    ...         "teams": 3, "teams_declared": None, "source": "p. 1"}
    >>> rows = reconcile(pd.DataFrame([cell]))
    >>> rows.loc[rows["check"] == "headline and mode", ["expected", "found", "agrees"]].to_numpy().tolist()
    [['RI', 'RI', True]]
    """
    last_day = None
    if isinstance(published, Dataset):
        dataset = published
        if (known := dataset.found_before.get("reconciled")) is not None:
            return known.copy()
        published, statements, deep_dives = dataset.published, dataset.statements, dataset.deep_dives
        about, scale = dataset.about, dataset.about.scale
        last_day = dataset.gradings["visit_date"].max()
    rows: list[_Row] = []
    if statements is not None and not statements.empty:
        graded = {service: _usual(cells["teams"])[0] for service, cells in _by_service(published)}
        claims = _once(statements)
        rows += [*_repeated(statements), *_visits(graded, claims), *_names(graded, claims)]
        rows += [*_deep_dives(claims, deep_dives), *_workshops(claims, about)]
    if about is not None:
        rows += _last_visit(about, last_day)
    rows += [*_teams_per_domain(published), *_every_domain(published), *_cells(published, scale)]
    rows += _overall(published, scale)
    rows.sort(key=lambda row: list(CHECKS).index(row.check))
    frame = pd.DataFrame(rows, columns=list(COLUMNS))
    texts = dict.fromkeys(("check", "service", "domain", "expected", "found", "note", "source"), "str")
    return frame.astype({**texts, "difference": "Int64", "agrees": "bool"})


def explain_difference(reconciliation: pd.DataFrame) -> str:
    """How the difference between visits counted and teams graded is made up, service by service.

    Empty where the two agree or nothing was claimed.

    Examples
    --------
    >>> cell = {"service": "X", "domain": "practice", "headline": "RI", "tally": "2 x RI", "teams": 2,
    ...         "teams_declared": None, "source": "p. 1"}
    >>> claim = {"kind": "visits", "service": "X", "named_as": "X", "number": 3, "source": "p. 2"}
    >>> total = {**claim, "kind": "visits_total", "service": None}
    >>> explain_difference(reconcile(pd.DataFrame([cell]), pd.DataFrame([claim, total])))
    'The prose counts 3 visits, the tables grade 2 teams. The difference of 1 is +1 (X).'
    """
    totals = reconciliation[(reconciliation["check"] == "visits in all") & ~reconciliation["agrees"]]
    parts = reconciliation[reconciliation["check"].isin(("visits by service", "service without a table"))]
    parts = parts[parts["difference"] != 0]
    listed = " ".join(
        f"{'+' if n > 0 else '-'}{abs(n)} ({service})"
        for service, n in zip(parts["service"], parts["difference"], strict=True)
    )
    return " ".join(
        _explained(expected, found, int(difference), listed, int(parts["difference"].sum()))
        for expected, found, difference in totals[["expected", "found", "difference"]].itertuples(index=False)
    )


def _explained(expected: str, found: str, difference: int, listed: str, explained: int) -> str:
    """One total of the prose against the teams graded; what no service explains is said."""
    numbers = f"The prose counts {expected} visits, the tables grade {found} teams."
    rest = abs(difference - explained)
    if not listed:
        return f"{numbers} No service explains the difference of {abs(difference)}."
    left = f" {rest} of it {'is' if rest == 1 else 'are'} left unexplained." if rest else ""
    return f"{numbers} The difference of {abs(difference)} is {listed}.{left}"


def _by_service(published: pd.DataFrame) -> Iterator[tuple[str, pd.DataFrame]]:
    for service, cells in published.groupby("service", sort=False):
        yield str(service), cells


def _usual(teams: pd.Series) -> tuple[int, bool]:
    """The number of teams that most domains of a service count, the larger of a tie, and whether it ties."""
    often = Counter(int(number) for number in teams)
    usual = [number for number, times in often.items() if times == max(often.values())]
    return max(usual), len(usual) > 1


def _named(claims: pd.DataFrame) -> pd.Series:
    """What a statement is about: its kind, its service, and what the prose calls it."""
    service = claims["service"].fillna("").astype(str)
    names = claims["named_as"].fillna("").astype(str).map(_core) if "named_as" in claims else service
    names = names.where(claims["kind"] == "visits", "")
    return claims["kind"].astype(str) + "\n" + service + "\n" + names


def _once(statements: pd.DataFrame) -> pd.DataFrame:
    """Each statement once, with all its places: the first number where a repeated one differs.

    Two different totals both stay: each is explained.
    """
    same = _named(statements)
    totals = statements["kind"] == "visits_total"
    same = same.where(~totals, same + statements["number"].astype(str))
    first = statements[~same.duplicated()].copy()
    places = statements["source"].groupby(same, sort=False).agg(_joined)
    first["source"] = [places[key] for key in same[first.index]]
    return first


def _repeated(statements: pd.DataFrame) -> Iterator[_Row]:
    for _, claims in statements.groupby(_named(statements), sort=False):
        if len(claims) == 1:
            continue
        numbers = [int(number) for number in claims["number"]]
        other = next((number for number in numbers if number != numbers[0]), numbers[0])
        name = claims["named_as"].iloc[0] if "named_as" in claims else None
        what = name if isinstance(name, str) else claims["kind"].iloc[0]
        service = claims["service"].iloc[0]
        yield _numbers(
            "repeated number",
            service if isinstance(service, str) else None,
            numbers[0],
            other,
            f"{what}: said {len(claims)} times, counted once",
            _joined(claims["source"]),
        )


def _visits(teams: dict[str, int], statements: pd.DataFrame) -> Iterator[_Row]:
    claims = statements[statements["kind"] == "visits"]
    claimed = claims.groupby("service", sort=False)["number"].sum()
    for total in statements[statements["kind"] == "visits_total"].to_dict("records"):
        number, place = int(total["number"]), str(total["source"])
        yield _numbers("visits in all", None, number, sum(teams.values()), "", place)
        if len(claims):
            note = "the visits listed service by service, summed"
            yield _numbers("parts of the prose", None, number, int(claims["number"].sum()), note, place)
    for service, visits in claimed.items():
        places = _joined(claims.loc[claims["service"] == service, "source"])
        if str(service) in teams:
            yield _numbers("visits by service", service, int(visits), teams[str(service)], "", places)
        else:
            note = "visited according to the prose; no table grades it"
            yield _numbers("service without a table", service, int(visits), 0, note, places)
    for service in teams:
        if service not in claimed.index and len(claims):
            note = "graded in a table; the prose counts no visit to it"
            yield _numbers("visits by service", service, 0, teams[service], note, "")


def _names(teams: dict[str, int], statements: pd.DataFrame) -> Iterator[_Row]:
    claims = statements[(statements["kind"] == "visits") & statements["service"].isin(list(teams))]
    for service, group in claims.groupby("service", sort=False):
        names = list(group["named_as"])
        same = all(_core(name) == _core(str(service)) for name in names)
        note = "" if same else "read as one service; the source does not say so"
        place = _joined(group["source"])
        yield _Row("two names", str(service), None, str(service), _joined(names), None, same, note, place)


def _core(name: str) -> str:
    """A service's name without case and without the word for its teams."""
    return name.casefold().removesuffix("teams").removesuffix("team").strip()


def _deep_dives(statements: pd.DataFrame, deep_dives: pd.DataFrame | None) -> Iterator[_Row]:
    if deep_dives is None:
        return
    visited = deep_dives["visited"] != "no" if "visited" in deep_dives else pd.Series(True, deep_dives.index)
    for claim in statements[statements["kind"] == "deep_dives"].to_dict("records"):
        note = "" if visited.any() else "none is listed"
        yield _numbers("deep dives", None, int(claim["number"]), int(visited.sum()), note, claim["source"])


_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_WORKSHOPS = re.compile(r"(?:\b(\w+) )?(?:\b[\w-]+ )?\bworkshops?\b", re.IGNORECASE)


def _workshops(statements: pd.DataFrame, about: About | None) -> Iterator[_Row]:
    """An event of the programme is one workshop, or as many as it counts: *four learning workshops*."""
    events = [_WORKSHOPS.search(event.event) for event in (about.programme if about else ())]
    listed = sum(_number_before(event) for event in events if event is not None)
    if not listed:
        return
    for claim in statements[statements["kind"] == "workshops"].to_dict("records"):
        yield _numbers("workshops", None, int(claim["number"]), listed, "", claim["source"])


def _number_before(workshop: re.Match[str]) -> int:
    for word in workshop.group().casefold().split():
        if re.fullmatch(r"[1-9]\d?", word) or word in _WORDS:
            return int(word) if word.isdecimal() else _WORDS.index(word) + 1
    return 1


def _last_visit(about: About, last_day: object) -> Iterator[_Row]:
    """The last visit as the source puts it, and the last day of a grading, against the day of publication."""
    if about.published is None:
        return
    stated = [(_first_day(about.last_visit), about.last_visit, "the source's own words")]
    if isinstance(last_day, pd.Timestamp):
        stated.append((last_day.date(), day_in_words(last_day), "the last day of a grading"))
    for day, words, note in stated:
        if day is not None:
            before, by = day <= about.published, f"by {day_in_words(about.published)}"
            yield _Row("last visit and report", None, None, by, words, None, before, note, "source.toml")


def _first_day(text: str) -> date | None:
    """The first day that a date in words may mean; None where none is stated."""
    month = "|".join(MONTHS)
    stated = re.search(rf"(?:\b(\d{{1,2}}) )?\b({month}) (\d{{4}})\b", text, re.IGNORECASE)
    try:
        if stated is None:
            return date.fromisoformat(text.strip())
        return date(int(stated[3]), MONTHS.index(stated[2].capitalize()) + 1, int(stated[1] or 1))
    except ValueError:
        return None


def _teams_per_domain(published: pd.DataFrame) -> Iterator[_Row]:
    for service, cells in _by_service(published):
        usual, ties = _usual(cells["teams"])
        others = f"as many domains of this service count {usual}" if ties else f"most domains count {usual}"
        for cell in cells.to_dict("records"):
            found, place = int(cell["teams"]), (str(cell["source"]), str(cell["domain"]))
            note = "" if found == usual else others
            yield _numbers("teams per domain", service, usual, found, note, *place)


def _every_domain(published: pd.DataFrame) -> Iterator[_Row]:
    domains = list(dict.fromkeys(published["domain"].astype(str)))
    for service, cells in _by_service(published):
        graded = set(cells["domain"].astype(str))
        place = _joined(cells["source"])
        for domain in domains:
            if domain not in graded:
                note = "other services are graded in it"
                yield _Row("every domain", service, domain, "graded", "no cell", None, False, note, place)
        if len(graded) == len(domains):
            number = str(len(domains))
            yield _Row("every domain", service, None, number, number, None, True, "", "")


def _cells(published: pd.DataFrame, scale: Scale) -> Iterator[_Row]:
    for cell in published.to_dict("records"):
        place = (str(cell["service"]), str(cell["domain"]))
        if pd.notna(cell["teams_declared"]):
            declared, found = int(cell["teams_declared"]), int(cell["teams"])
            yield _numbers(
                "tally and declared teams", place[0], declared, found, "", cell["source"], place[1]
            )
        tally = parse_tally(cell["tally"], scale)
        headline = cell["headline"] if isinstance(cell["headline"], str) else NO_JUDGEMENT
        agrees = is_headline_of(headline, tally, scale)
        note = "" if agrees else "the headline is shown as published"
        expected = " or ".join(most_frequent(tally)) or NO_JUDGEMENT
        yield _Row("headline and mode", *place, expected, headline, None, agrees, note, cell["source"])


def _overall(published: pd.DataFrame, scale: Scale) -> Iterator[_Row]:
    """A remark where the overall conclusion is below that of every domain: it is a judgement of its own."""
    for service, cells in _by_service(published):
        records = cells.to_dict("records")
        place = _joined(str(cell["source"]) for cell in records if cell["domain"] == "overall")
        headlines = {str(cell["domain"]): [cell["headline"]] for cell in records}
        tallies = {str(cell["domain"]): list(parse_tally(cell["tally"], scale)) for cell in records}
        compared = [
            (overall < domains, what, overall, domains)
            for what, grades in (("headline", headlines), ("tally", tallies))
            for overall, domains in _lowest(grades, list(scale.categories))
        ]
        if compared:
            below, what, overall, domains = max(compared, key=lambda each: each[0])
            low, found = scale.categories[domains], scale.categories[overall]
            expected = low if low == scale.codes[-1] else f"{low} or better"
            note = f"a remark: by {what}, the overall conclusion is below every domain" if below else ""
            yield _Row("overall and domains", service, "overall", expected, found, None, True, note, place)


def _lowest(grades: dict[str, list[str]], order: list[str]) -> Iterator[tuple[int, int]]:
    """The places in the scale of the lowest overall conclusion and the lowest grade of any domain."""
    judged = {
        domain: [order.index(grade) for grade in held if grade in order] for domain, held in grades.items()
    }
    overall = judged.pop("overall", [])
    domains = [place for held in judged.values() for place in held]
    if overall and domains:
        yield min(overall), min(domains)


def _numbers(
    check: str,
    service: object,
    expected: int,
    found: int,
    note: str,
    source: str,
    domain: str | None = None,
) -> _Row:
    name = None if service is None else str(service)
    difference = expected - found
    return _Row(check, name, domain, expected, found, difference, difference == 0, note, source)


def _joined(texts: Iterable[str]) -> str:
    return "; ".join(dict.fromkeys(texts))
