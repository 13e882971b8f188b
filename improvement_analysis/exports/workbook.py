"""A dataset as an accessible workbook: cover, contents, notes, and one table to a sheet."""

from __future__ import annotations

from collections.abc import Sequence

from improvement_analysis.counts import count_teams
from improvement_analysis.dataset import Dataset
from improvement_analysis.exports.marking import mark
from improvement_analysis.exports.office import need_library
from improvement_analysis.exports.packing import Properties, pack
from improvement_analysis.exports.sheets import Cover, Sheet, sheet_labels, write_sheets
from improvement_analysis.exports.workbook_tables import (
    NOTES,
    actions_sheet,
    checks_sheet,
    evidence_sheet,
    findings_sheet,
    gradings_sheet,
    overview_sheet,
    problems_sheet,
    published_sheet,
    reasons_sheet,
    service_sheet,
    visits_sheet,
)
from improvement_analysis.gradings import select
from improvement_analysis.pages import caveats, source_note
from improvement_analysis.sentences import plural

__all__ = ["graded_services", "workbook_bytes"]

#: More gradings than these are not listed one by one.
MOST_GRADINGS = 10_000

#: The sheets that say why, what it rests on, who graded and what teams do, where the dataset holds it.
_OF_VISITS = {
    "Reasons": reasons_sheet,
    "Evidence": evidence_sheet,
    "Visits": visits_sheet,
    "Actions": actions_sheet,
}


def graded_services(dataset: Dataset) -> list[str]:
    """The services that have gradings in the latest round, in declared order."""
    graded = set(dataset.standing()["service"])
    return [service for service in dataset.services if service in graded]


def workbook_bytes(dataset: Dataset, services: Sequence[str] | None = None) -> bytes:
    """The tables of a dataset as a workbook: the same dataset gives the same bytes.

    Sheets: cover, contents, notes; an overview; the counts of each service; published cells, findings,
    checks of the source against itself and warnings, where there are any; where teams are named, the
    gradings that were counted. There are no percentages and no means.

    Parameters
    ----------
    services
        Only these; by default all that have gradings in the latest round.

    Raises
    ------
    GradingsError
        If no gradings are of a service.
    ReportError
        If gptables is not installed.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> ds = load("worcestershire-2018")
    >>> workbook_bytes(ds, ["Care Leaving"]) == workbook_bytes(ds, ["Care Leaving"])
    True
    """
    need_library("gptables", "gptables", "an accessible workbook")
    chosen = list(services) if services is not None else graded_services(dataset)
    standing = select(dataset.standing(), service=chosen)
    marking = mark(dataset)
    listed = marking.named and len(standing) <= MOST_GRADINGS
    labels = sheet_labels(
        ["Overview", *chosen, "Published cells", "Findings", *_OF_VISITS, "Checks", "Warnings", "Gradings"]
    )
    overview, *of_services = labels[: len(chosen) + 1]
    published, findings, *of_visits, checks, warnings, gradings = labels[len(chosen) + 1 :]
    sheets: list[Sheet | None] = [overview_sheet(dataset, chosen, overview, gradings if listed else None)]
    for service, label in zip(chosen, of_services, strict=True):
        sheets.append(service_sheet(dataset, service, label, gradings if listed else None))
    if dataset.published["service"].isin(chosen).any():
        sheets.append(published_sheet(dataset, chosen, published))
    sheets += [
        findings_sheet(dataset, services, findings),
        *(make(dataset, chosen, label) for make, label in zip(_OF_VISITS.values(), of_visits, strict=True)),
        checks_sheet(dataset, services, checks),
        problems_sheet(dataset, warnings),
        gradings_sheet(standing, dataset, gradings) if listed else None,
    ]
    about = f"{', '.join(chosen)}: " if services is not None else ""
    title = f"{about}team diagnostics, {dataset.about.scope}"
    title = title[:1].upper() + title[1:]
    data = write_sheets(
        [sheet for sheet in sheets if sheet is not None],
        Cover(title, _intro(dataset, chosen, len(standing), listed), _about(dataset, services)),
        NOTES,
        marking.banners,
    )
    return pack(data, Properties(title, dataset.about.title, marking.status))


def _intro(dataset: Dataset, services: Sequence[str], gradings: int, listed: bool) -> list[str]:
    marking, scale = mark(dataset), dataset.about.scale
    teams = count_teams(select(dataset.standing(), service=list(services)))
    steps = ", ".join(f"{scale.name(code).lower()} ({code})" for code in scale.codes)
    more = f" They are {gradings:,}, too many to be listed one by one; the command build writes them all."
    return [
        *marking.banners,
        marking.reason,
        f"{plural(teams, 'team')} in {plural(len(services), 'service')}, {plural(gradings, 'grading')}."
        + (more if marking.named and not listed else ""),
        f"Grades run from worst to best: {steps}. They are counted, never averaged."
        " There are no percentages.",
        "The sheet Contents links to every table; the sheet Notes explains numbers in square brackets.",
    ]


def _about(dataset: Dataset, services: Sequence[str] | None) -> list[str]:
    note = source_note(dataset)
    one = services[0] if services is not None and len(services) == 1 else None
    told = caveats(dataset, one, notes=True).items
    return [*(f"{term}: {text}" for term, text in zip(note.terms, note.items, strict=True)), *told]
