"""What stands beneath every page: what to know before using the figures, and where they come from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from improvement_analysis.dataset import Dataset
from improvement_analysis.notation import is_not_applicable
from improvement_analysis.prose import Prose
from improvement_analysis.reconciliation import reconcile
from improvement_analysis.selection import find_names
from improvement_analysis.sentences import join_words, plural
from improvement_analysis.standing import SETTLING, list_open
from improvement_analysis.teams import TEAM
from improvement_analysis.vocabulary import day_in_words

__all__ = ["caveats", "files_of", "source_note"]

#: A place of a source: its file, and where in it.
_FILE = re.compile(r"^(.+?)(?:, (?:sheet|row|line|table|page)\b.*| \(page.*)?$")


def caveats(dataset: Dataset, service: str | None = None, *, notes: bool = False) -> Prose:
    """What a reader must know before using the figures, of one service or of all.

    Parameters
    ----------
    service
        Tell the source's contradictions about this one in full; without it they are only counted.
    notes
        Add what the dataset's makers noted of it.
    """
    checked = reconcile(dataset)
    rows = checked[~checked["agrees"]]
    if service is not None:
        told = [_contradiction(row) for row in rows[rows["service"] == service].to_dict("records")]
    else:
        told = [_count_contradictions(len(rows))] if len(checked) else []
    standing = [_describe_ungraded(dataset, service)] if dataset.gradings["grade"].isna().any() else []
    if not dataset.gradings["team"].notna().any():
        standing.append("No team is named: how one team fared across the domains cannot be known.")
    if not dataset.areas:
        standing.append("No grading names its area: nothing can be said of one area against another.")
    standing += _authorities(dataset) + _graders(dataset, service)
    standing.append("All teams graded are shown. They are no sample, so no margin of error is given.")
    warnings = [str(problem) for problem in dataset.problems if not problem.note]
    return Prose(
        (*told, *filter(None, standing), *(dataset.about.notes if notes else ()), *warnings), kind="caveat"
    )


def _describe_ungraded(dataset: Dataset, service: str | None) -> str:
    """How many gradings without a grade could have had one; empty where all could."""
    gradings = dataset.gradings
    rows = gradings["grade"].isna() & (True if service is None else gradings["service"] == service)
    reasons = gradings.loc[rows, "ungraded_reason"]
    nothing_there = sum(map(is_not_applicable, reasons))
    if not nothing_there:
        return ""
    left = len(reasons) - nothing_there
    rest = f" {left} could have been graded and {'was' if left == 1 else 'were'} not." if left else ""
    return (
        f"Of {plural(len(reasons), 'grading')} without a grade, {nothing_there} "
        f"{'is' if nothing_there == 1 else 'are'} not applicable: there was nothing to grade.{rest}"
    )


def _authorities(dataset: Dataset) -> list[str]:
    """Which authorities the gradings are of, where they are of several."""
    names = [str(name) for name in dataset.gradings["authority"].dropna().unique()]
    return [f"The gradings are of {join_words(names)}: teams of one name are two."] if len(names) > 1 else []


def _graders(dataset: Dataset, service: str | None) -> list[str]:
    """Which grading stands where a team was graded more than once, and where none does."""
    gradings = dataset.gradings
    if service is not None:
        gradings = gradings[gradings["service"] == service]
    if not gradings.duplicated([*TEAM, "round", "domain"])[gradings["team"].notna()].any():
        return []
    stages = gradings["stage"].cat.categories
    settling = [repr(stage) for stage in stages if stage in SETTLING or stage == stages[-1]]
    kind = "stage" if len(settling) == 1 else "last of the stages"
    told = [f"Where a team was graded more than once in a domain, the {kind} {join_words(settling)} stands."]
    standing = dataset.standing()
    kept = standing if service is None else standing[standing["service"] == service]
    settled = int(kept["stage"].isin(SETTLING).sum())
    if 0 < settled < len(kept):
        told.append(
            f"{settled} of {plural(len(kept), 'grade')} that stand were agreed or moderated; the others are "
            "as they were given."
        )
    if number := len(list_open(gradings)):
        told.append(
            f"In {plural(number, 'place')} graders differ and nothing was agreed: the grade is open between "
            "theirs. The page on graders names them."
        )
    return told


def _count_contradictions(number: int) -> str:
    if not number:
        return "The source agrees with itself in everything that was checked."
    once = number == 1
    return (
        f"In {plural(number, 'place')} the source contradicts itself; {'it is' if once else 'they are'} "
        "listed under data quality. Nothing was mended."
    )


def _contradiction(row: Mapping[Any, Any]) -> str:
    service, domain = row["service"], row["domain"]
    where = ", ".join(part for part in (service, domain) if isinstance(part, str))
    said = {
        "visits in all": "the prose counts {expected} visits, the tables grade {found} teams",
        "visits by service": "the prose counts {expected} visits, the table grades {found} teams",
        "parts of the prose": "the prose counts {expected} visits but lists {found}",
        "service without a table": "the prose counts {expected} visits; no table grades the service",
        "two names": "the prose says {found}, which we read as this service",
        "teams per domain": "{found} teams are counted where most domains count {expected}",
        "repeated number": "the prose says {expected} in one place and {found} in another",
        "every domain": "no cell is printed for this domain, though other services have one",
        "deep dives": "the prose counts {expected} deep dives, {found} are listed",
        "workshops": "the prose counts {expected} workshops, the programme lists {found}",
        "last visit and report": "the last visit is dated {found}; expected {expected}, the report's date",
        "tally and declared teams": "the tally holds {found} teams, the source declares {expected}",
        "headline and mode": "published as {found}, though the most frequent grade is {expected}",
    }[row["check"]].format(expected=row["expected"], found=row["found"])
    return f"{where or 'In all'}: {said} ({row['source']})." if row["source"] else f"{where}: {said}."


def source_note(dataset: Dataset, *, public: bool = False, round: str | None = None) -> Prose:  # noqa: A002
    """Where the figures come from, what may be done with them, and which files were read.

    For publication: title, publisher, *round* and citation, so far as they name no team, area or grader.
    """
    about = dataset.about
    if public:
        told = {
            "Source": about.title,
            "Publisher": about.publisher,
            "Round": round_published(dataset, round),
            "How to cite": about.citation,
        }
        told = {term: "" if names_in(dataset, text) else text for term, text in told.items()}
    else:
        visits = " to ".join(part for part in (about.first_visit, about.last_visit) if part)
        published = day_in_words(about.published) if about.published else ""
        told = {
            "Source": about.title,
            "Publisher": about.publisher,
            "Date": published,
            "Visits": visits,
            "How to cite": about.citation,
            "Licence": about.licence,
            **{f"File {file.name}": file.origin for file in about.files},
        }
    pairs = {term: item for term, item in told.items() if item}
    return Prose(tuple(pairs.values()), tuple(pairs), kind="source")


def files_of(sources: Iterable[str], most: int | None = None) -> str:
    """Where some gradings stand: the place where it is one, the files where they are several.

    Where there are more than *most* files, only how many: the workbook lists the place of each grading.

    Examples
    --------
    >>> files_of(["t.csv, row 2 (page 6)", "t.csv, row 2 (page 6)"])
    't.csv, row 2 (page 6)'
    >>> files_of(["t.csv, row 2", "t.csv, row 3", "u.xlsx, sheet 'Grades', cell B5"])
    't.csv; u.xlsx'
    """
    places = list(dict.fromkeys(str(source) for source in sources))
    if len(places) == 1:
        return places[0]
    files = list(dict.fromkeys(_FILE.sub(r"\1", place) for place in places))
    if most is not None and len(files) > most:
        return f"{len(files)} files; the workbook lists them"
    return "; ".join(files)


def names_in(dataset: Dataset, text: str) -> list[str]:
    """The teams, areas and graders that a text names."""
    return find_names(dataset.gradings, text, dataset.about.areas.names)


def round_published(dataset: Dataset, round_: str | None) -> str:
    """The round that a page for publication is of."""
    if round_ is not None:
        return round_
    return ", ".join(dict.fromkeys(map(str, dataset.standing()["round"].dropna())))
