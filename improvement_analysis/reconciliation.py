"""Does a source agree with itself? The answer is a table, not an exception.

A contradiction in a source is a finding about the source. It is set out to the last team and mended nowhere.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from typing import Any, NamedTuple

import pandas as pd

from improvement_analysis.notation import most_frequent, parse_tally
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

__all__ = ["CHECKS", "COLUMNS", "explain_difference", "reconcile"]

#: The columns of a reconciliation, in order.
COLUMNS = ("check", "service", "domain", "expected", "found", "difference", "agrees", "note", "source")

#: What is checked, in order: the name in the column ``check`` and what it asks.
CHECKS = {
    "visits in all": "Are as many teams graded as the prose counts visits?",
    "visits by service": "Is each service graded as often as the prose counts visits to it?",
    "parts of the prose": "Do the visits that the prose lists add up to its own total?",
    "service without a table": "Does every service that was visited have a table?",
    "two names": "Do prose and tables call a service the same?",
    "teams per domain": "Do all domains of a service count the same teams?",
    "tally and declared teams": "Does each tally sum to the number of teams the source declares?",
    "headline and mode": "Is each headline the most frequent grade of its tally?",
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
    published: pd.DataFrame, statements: pd.DataFrame | None = None, *, scale: Scale = OFSTED
) -> pd.DataFrame:
    """Set what a source says in one place beside what it says in another.

    Parameters
    ----------
    published : DataFrame, one row per printed cell
        As a dataset holds it.
    statements : DataFrame, optional
        Counts claimed in the prose: ``kind, service, named_as, number, source``. Without it only the tables
        are checked.
    scale
        Of the tallies.

    Returns
    -------
    DataFrame, one row per check and place
        ``check`` (a key of :data:`CHECKS`), ``service`` and ``domain`` (missing where the check is about
        more than one), ``expected`` and ``found`` (text), ``difference`` (teams expected less teams found;
        missing where no number is compared), ``agrees``, ``note``, ``source``. Rows that agree are there
        too: 25 of 25 is worth saying.

    Examples
    --------
    >>> cell = {"service": "X", "domain": "practice", "headline": "RI", "tally": "2 x RI, 1 x I",
    ...         "teams": 3, "teams_declared": None, "source": "p. 1"}
    >>> rows = reconcile(pd.DataFrame([cell]))
    >>> rows.loc[rows["check"] == "headline and mode", ["expected", "found", "agrees"]].to_numpy().tolist()
    [['RI', 'RI', True]]
    """
    rows: list[_Row] = []
    if statements is not None and not statements.empty:
        graded = published.groupby("service", sort=False)["teams"].max()
        rows += [*_visits(graded, statements), *_names(graded, statements)]
    rows += [*_teams_per_domain(published), *_cells(published, scale)]
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
    total = reconciliation[reconciliation["check"] == "visits in all"]
    if total.empty or bool(total["agrees"].all()):
        return ""
    expected, found, difference = total[["expected", "found", "difference"]].iloc[0]
    parts = reconciliation[reconciliation["check"].isin(("visits by service", "service without a table"))]
    parts = parts[parts["difference"] != 0]
    listed = " ".join(
        f"{'+' if n > 0 else '-'}{abs(n)} ({service})"
        for service, n in zip(parts["service"], parts["difference"], strict=True)
    )
    said = f"The prose counts {expected} visits, the tables grade {found} teams."
    rest = int(difference) - int(parts["difference"].sum())
    left = f" {abs(rest)} of it is left unexplained." if rest else ""
    return f"{said} The difference of {abs(int(difference))} is {listed}.{left}"


def _visits(graded: pd.Series, statements: pd.DataFrame) -> Iterator[_Row]:
    claims = statements[statements["kind"] == "visits"]
    claimed = claims.groupby("service", sort=False)["number"].sum()
    totals = statements[statements["kind"] == "visits_total"]
    for total in totals.to_dict("records"):
        yield _numbers("visits in all", None, int(total["number"]), int(graded.sum()), "", total["source"])
        if len(claims):
            note = "the visits listed service by service, summed"
            found = int(claims["number"].sum())
            yield _numbers("parts of the prose", None, int(total["number"]), found, note, total["source"])
    teams = {str(service): int(n) for service, n in graded.items()}
    for service, visits in claimed.items():
        places = _joined(claims.loc[claims["service"] == service, "source"])
        if service in teams:
            found = teams[str(service)]
            yield _numbers("visits by service", service, int(visits), found, "", places)
        else:
            note = "visited according to the prose; no table grades it"
            yield _numbers("service without a table", service, int(visits), 0, note, places)
    for service in graded.index.difference(claimed.index, sort=False):
        note = "graded in a table; the prose counts no visit to it"
        yield _numbers("visits by service", service, 0, teams[str(service)], note, "")


def _names(graded: pd.Series, statements: pd.DataFrame) -> Iterator[_Row]:
    claims = statements[(statements["kind"] == "visits") & statements["service"].isin(graded.index)]
    for service, group in claims.groupby("service", sort=False):
        names = list(group["named_as"])
        same = all(_core(name) == _core(str(service)) for name in names)
        note = "" if same else "read as one service; the source does not say so"
        found = _joined(names)
        yield _Row(
            "two names", str(service), None, str(service), found, None, same, note, _joined(group["source"])
        )


def _core(name: str) -> str:
    """A service's name without case and without the word for its teams."""
    return name.casefold().removesuffix("teams").removesuffix("team").strip()


def _teams_per_domain(published: pd.DataFrame) -> Iterator[_Row]:
    by_service: dict[str, list[dict[Hashable, Any]]] = {}
    for cell in published.to_dict("records"):
        by_service.setdefault(str(cell["service"]), []).append(cell)
    for service, cells in by_service.items():
        teams = max(int(cell["teams"]) for cell in cells)
        for cell in cells:
            note = "" if cell["teams"] == teams else f"another domain of this service counts {teams}"
            yield _numbers(
                "teams per domain",
                service,
                teams,
                int(cell["teams"]),
                note,
                cell["source"],
                str(cell["domain"]),
            )


def _cells(published: pd.DataFrame, scale: Scale) -> Iterator[_Row]:
    for cell in published.to_dict("records"):
        place = (str(cell["service"]), str(cell["domain"]))
        if pd.notna(cell["teams_declared"]):
            declared, found = int(cell["teams_declared"]), int(cell["teams"])
            yield _numbers(
                "tally and declared teams", place[0], declared, found, "", cell["source"], place[1]
            )
        modes = most_frequent(parse_tally(cell["tally"], scale))
        headline = cell["headline"] if isinstance(cell["headline"], str) else NO_JUDGEMENT
        agrees = headline in modes or (not modes and headline == NO_JUDGEMENT)
        note = "" if agrees else "the headline is shown as published"
        expected = " or ".join(modes) or NO_JUDGEMENT
        yield _Row("headline and mode", *place, expected, headline, None, agrees, note, cell["source"])


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
