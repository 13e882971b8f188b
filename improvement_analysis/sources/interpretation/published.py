"""Published summary tables: a row for every printed cell, ``service, domain, grading[, teams]``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import GradeError, Problem
from improvement_analysis.notation import (
    is_headline_of,
    most_frequent,
    parse_grade,
    parse_tally,
    shown,
    split_grading,
)
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sources.recognition.cells import EMPTY, domain_reader, name_reader, read_whole
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable, Reading, read_column
from improvement_analysis.vocabulary import clean, near_duplicates, tidied

__all__ = ["CELL_COLUMNS", "PUBLISHED_COLUMNS", "read_cells"]

#: The columns of published cells, in order.
PUBLISHED_COLUMNS = (
    "service",
    "domain",
    "grading",
    "headline",
    "tally",
    "teams",
    "source",
    "teams_declared",
)

#: The columns of a published table in a file.
CELL_COLUMNS = Columns(("service", "domain", "grading"), ("teams", "page"), under_heading="service")


#: More rows are no summary.
MOST_CELLS = 50_000


@dataclass(frozen=True)
class _Grading:
    text: str
    headline: str | None
    tally: str
    counts: dict[str, int]


@dataclass(frozen=True)
class _Cell:
    table: RawTable
    row: int
    service: str
    domain: str
    said: _Grading
    source: str
    teams_declared: int | None

    @property
    def teams(self) -> int:
        return sum(self.said.counts.values())

    @property
    def values(self) -> tuple[object, ...]:
        said = self.said
        return (
            self.service,
            self.domain,
            said.text,
            said.headline,
            said.tally,
            self.teams,
            self.source,
            self.teams_declared,
        )


def read_cells(
    tables: Sequence[RawTable], about: About, *, whole: bool = True
) -> tuple[pd.DataFrame, list[Problem]]:
    """The printed cells of some tables, in declared order, and every problem met.

    Where a problem is an error its row is left out: the caller raises. If the tables are not *whole*, because
    something was left out before, no gap is told.
    """
    cells: list[_Cell] = []
    problems: list[Problem] = []
    about = replace(about, domains_apart=())  # a tally is of one scale
    for table in tables:
        found, said = _cells(table, about)
        cells += found
        problems += said
    if whole and not any(problem.severity == "error" for problem in problems):
        problems += _gaps(cells, about)
    problems += _twice(cells) + _contradictions(cells, about.scale) + _uneven(cells) + _alike(cells, about)
    return _frame(cells, about), problems


def _cells(table: RawTable, about: About) -> tuple[list[_Cell], list[Problem]]:
    if not len(table):
        return [], [table.header_problem(None, "no row below the header", "a row for each printed cell")]
    if len(table) > MOST_CELLS:
        too_many = (f"{len(table):,} rows", f"at most {MOST_CELLS:,} printed cells")
        return [], [table.header_problem(None, *too_many)]
    only = about.only_service if "service" not in table.columns else None
    services, bad_services, problems = read_column(table, "service", name_reader("service", about.services))
    domains, bad_domains, said = read_column(table, "domain", domain_reader(about))
    problems += said
    gradings, bad_gradings, said = read_column(table, "grading", _grading_reader(about.scale))
    problems += said
    teams, bad_teams, said = read_column(table, "teams", read_whole)
    problems += said
    bad = bad_services | bad_domains | bad_gradings | bad_teams
    sources = table.sources()
    return [
        _Cell(table, row, service or only or "", domain or "", grading, sources[row], declared)
        for row, (service, domain, grading, declared) in enumerate(
            zip(services, domains, gradings, teams, strict=True)
        )
        if row not in bad and grading is not None and (service or only)
    ], problems


def _grading_reader(scale: Scale) -> Callable[[str], Reading[_Grading]]:
    def read(text: str) -> Reading[_Grading]:
        try:
            headline, tally = split_grading(text)
            found = _Grading(text.strip(), parse_grade(headline, scale), tally, parse_tally(tally, scale))
        except GradeError as fault:
            part = shown(text) if fault.found == "''" else fault.found
            return Reading(None, part if clean(text) else EMPTY, fault.expected, fault.remedy)
        if note := tidied(text):
            return Reading(found, note, "a grading in plain letters", severity="warning")
        return Reading(found)

    return read


def _twice(cells: Sequence[_Cell]) -> list[Problem]:
    first: dict[tuple[str, str], _Cell] = {}
    problems = []
    for cell in cells:
        before = first.setdefault((cell.service, cell.domain), cell)
        if before is not cell:
            found = f"{cell.service}, {cell.domain} again"
            problems.append(cell.table.problem(cell.row, None, found, _stands(before, cell)))
    return problems


def _stands(before: _Cell, again: _Cell) -> str:
    if before.table is again.table:
        return f"each cell once; it stands in {before.table.place(before.row)}"
    return f"each cell once; it stands in {before.source}"


def _gaps(cells: Sequence[_Cell], about: About) -> list[Problem]:
    problems = []
    first: dict[str, _Cell] = {}
    there: dict[str, set[str]] = {}
    for cell in cells:
        first.setdefault(cell.service, cell)
        there.setdefault(cell.service, set()).add(cell.domain)
    for service, cell in first.items():
        if absent := [domain.key for domain in about.domains if domain.key not in there[service]]:
            said = (f"{service} without {', '.join(absent)}", "every domain of a service")
            problems.append(cell.table.problem(None, None, *said, severity="warning"))
    return problems


def _contradictions(cells: Sequence[_Cell], scale: Scale) -> list[Problem]:
    """Cells that contradict themselves: kept as published, and said."""
    problems = []
    for cell in cells:
        modes = most_frequent(cell.said.counts)
        headline = cell.said.headline or NO_JUDGEMENT
        if modes and not is_headline_of(headline, cell.said.counts, scale):
            found = f"headline {headline} over the tally {cell.said.tally}"
            expected = f"the most frequent grade, {' or '.join(modes)}; the headline is kept as published"
            problems.append(cell.table.problem(cell.row, "grading", found, expected, severity="warning"))
        if cell.teams_declared is not None and cell.teams_declared != cell.teams:
            found = f"a tally of {cell.teams} team{'s' * (cell.teams != 1)}"
            expected = f"{cell.teams_declared}, as the column 'teams' says; both are kept"
            problems.append(cell.table.problem(cell.row, "grading", found, expected, severity="warning"))
    return problems


def _uneven(cells: Sequence[_Cell]) -> list[Problem]:
    """Cells whose tally has another number of teams than most of their service: kept, and said."""
    by_service: dict[str, list[_Cell]] = {}
    for cell in cells:
        by_service.setdefault(cell.service, []).append(cell)
    problems = []
    for service, own in by_service.items():
        usual = Counter(cell.teams for cell in own).most_common(1)[0][0]
        for cell in own:
            if cell.teams != usual and cell.teams_declared in (None, cell.teams):
                found = f"a tally of {cell.teams} team{'s' * (cell.teams != 1)}"
                expected = f"{usual}, as most tallies of {service} have; both are kept"
                problems.append(cell.table.problem(cell.row, "grading", found, expected, severity="warning"))
    return problems


def _alike(cells: Sequence[_Cell], about: About) -> list[Problem]:
    """Services that may be one spelt twice, where none are declared."""
    if len(about.services):
        return []
    first = {cell.service: cell for cell in reversed(cells)}
    return [
        first[one].table.problem(
            first[one].row,
            "service",
            f"{one!r} and {other!r}",
            "one spelling of a name",
            "both are kept; if they are one, declare an alias in source.toml",
            severity="warning",
        )
        for one, other in near_duplicates(first)
    ]


def _frame(cells: Sequence[_Cell], about: About) -> pd.DataFrame:
    keys = [domain.key for domain in about.domains]
    found = list(dict.fromkeys(cell.service for cell in cells))
    printed = all(cell.table.counts_lines or cell.table.table is not None for cell in cells)
    if not printed:  # rows of a sheet stand in no order of their own
        found.sort(key=lambda name: (name.casefold(), name))
    declared = list(about.services.names) or found
    services = {name: rank for rank, name in enumerate(declared)}
    domains = {key: rank for rank, key in enumerate(keys)}
    ordered = sorted(cells, key=lambda cell: (services[cell.service], domains[cell.domain]))
    frame = pd.DataFrame([cell.values for cell in ordered], columns=list(PUBLISHED_COLUMNS))
    frame["domain"] = pd.Categorical(frame["domain"], categories=keys, ordered=True)
    frame["headline"] = frame["headline"].astype(about.scale.dtype)
    texts = dict.fromkeys(("service", "grading", "tally", "source"), "str")
    return frame.astype({**texts, "teams": "int64", "teams_declared": "Int64"})
