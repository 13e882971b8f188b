"""Published summary tables: a row for every printed cell, ``service, domain, grading[, teams]``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from improvement_analysis.errors import GradeError, Problem
from improvement_analysis.notation import most_frequent, parse_grade, parse_tally, split_grading
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sources.about import About
from improvement_analysis.sources.raw_table import RawRow, RawTable
from improvement_analysis.vocabulary import Vocabulary

__all__ = ["PUBLISHED_COLUMNS", "read_cells"]

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


@dataclass(frozen=True)
class _Cell:
    row: int
    service: str
    domain: str
    grading: str
    headline: str | None
    tally: str
    counts: dict[str, int]
    source: str
    teams_declared: int | None

    @property
    def teams(self) -> int:
        return sum(self.counts.values())

    @property
    def values(self) -> tuple[object, ...]:
        return tuple(getattr(self, column) for column in PUBLISHED_COLUMNS)


def read_cells(raw: RawTable, about: About) -> tuple[pd.DataFrame, list[Problem]]:
    """The printed cells of a table, in declared order, and every problem met.

    Where a problem is an error its row is left out: the caller raises.
    """
    table, problems = raw.keep(["service", "domain", "grading"], ["teams", "page"])
    if not {"service", "domain", "grading"} <= set(table.headings):
        return _frame([], about), problems
    reader = _CellReader(table, about)
    cells = [cell for row in table.rows if (cell := reader.read(row)) is not None]
    problems += reader.problems
    if not table.rows:
        problems.append(table.problem(None, None, "no row below the header", "a row for each printed cell"))
    problems += _twice(table, cells) + _gaps(table, cells, about) + _contradictions(table, cells)
    return _frame(cells, about), problems


class _CellReader:
    """Reads one row after another and gathers what is wrong."""

    def __init__(self, table: RawTable, about: About) -> None:
        self.table, self.about = table, about
        self.domains = Vocabulary("domain", about.domains)
        self.problems: list[Problem] = []

    def read(self, row: RawRow) -> _Cell | None:
        before = len(self.problems)
        service = read_name(self.table, row, "service", self.about.services, self.problems)
        domain = read_name(self.table, row, "domain", self.domains, self.problems)
        parts = self.grading(row)
        teams = self.teams(row)
        if len(self.problems) > before or parts is None:
            return None
        headline, tally, counts = parts
        text = row.texts["grading"].strip()
        source = self.table.source(row)
        return _Cell(row.number, service, domain, text, headline, tally, counts, source, teams)

    def grading(self, row: RawRow) -> tuple[str | None, str, dict[str, int]] | None:
        scale = self.about.scale
        try:
            headline, tally = split_grading(row.texts["grading"])
            return parse_grade(headline, scale), tally, parse_tally(tally, scale)
        except GradeError as fault:
            parts = (fault.found, fault.expected, fault.remedy)
            self.problems.append(self.table.problem(row.number, "grading", *parts))
            return None

    def teams(self, row: RawRow) -> int | None:
        text = row.texts.get("teams", "").strip()
        if not text:
            return None
        number = read_whole(text)
        if number is None:
            self.problems.append(
                self.table.problem(row.number, "teams", repr(text), "a whole number of teams")
            )
        return number


def read_name(table: RawTable, row: RawRow, column: str, known: Vocabulary, problems: list[Problem]) -> str:
    """The declared name in a cell, or the text as it stands where none is declared; problems are added."""
    text = row.texts[column].strip()
    if not text:
        problems.append(table.problem(row.number, column, "an empty cell", f"a {column}"))
    if not text or not len(known):
        return text
    name = known.find(text)
    if name is None:
        close = known.suggest(text)
        remedy = f"did you mean {close!r}? " if close else ""
        expected = f"a {column} that source.toml declares: {', '.join(known.names)}"
        remedy += f"Declare another spelling under aliases of its {column}"
        problems.append(table.problem(row.number, column, repr(text), expected, remedy))
    return name or text


def read_whole(text: str) -> int | None:
    """The whole number that *text* is, or None."""
    return int(text) if text.isascii() and text.isdecimal() else None


def _twice(table: RawTable, cells: Sequence[_Cell]) -> list[Problem]:
    first: dict[tuple[str, str], int] = {}
    problems = []
    for cell in cells:
        row = first.setdefault((cell.service, cell.domain), cell.row)
        if row != cell.row:
            found = f"{cell.service}, {cell.domain} again"
            problems.append(table.problem(cell.row, None, found, f"each cell once; it stands in row {row}"))
    return problems


def _gaps(table: RawTable, cells: Sequence[_Cell], about: About) -> list[Problem]:
    problems = []
    for service in dict.fromkeys(cell.service for cell in cells):
        there = {cell.domain for cell in cells if cell.service == service}
        if absent := [domain.key for domain in about.domains if domain.key not in there]:
            said = f"{service} without {', '.join(absent)}"
            problems.append(table.problem(None, None, said, "every domain of a service", severity="warning"))
    return problems


def _contradictions(table: RawTable, cells: Sequence[_Cell]) -> list[Problem]:
    """Cells that contradict themselves: kept as published, and said."""
    problems = []
    for cell in cells:
        modes = most_frequent(cell.counts)
        if modes and cell.headline not in modes:
            found = f"headline {cell.headline or NO_JUDGEMENT} over the tally {cell.tally}"
            expected = f"the most frequent grade, {' or '.join(modes)}; the headline is kept as published"
            problems.append(table.problem(cell.row, "grading", found, expected, severity="warning"))
        if cell.teams_declared is not None and cell.teams_declared != cell.teams:
            found = f"a tally of {cell.teams} team{'s' * (cell.teams != 1)}"
            expected = f"{cell.teams_declared}, as the column 'teams' says; both are kept"
            problems.append(table.problem(cell.row, "grading", found, expected, severity="warning"))
    return problems


def _frame(cells: Sequence[_Cell], about: About) -> pd.DataFrame:
    keys = [domain.key for domain in about.domains]
    declared = list(about.services.names) or sorted({cell.service for cell in cells}, key=str.casefold)
    ordered = sorted(cells, key=lambda cell: (declared.index(cell.service), keys.index(cell.domain)))
    frame = pd.DataFrame([cell.values for cell in ordered], columns=list(PUBLISHED_COLUMNS))
    frame["domain"] = pd.Categorical(frame["domain"], categories=keys, ordered=True)
    frame["headline"] = frame["headline"].astype(about.scale.dtype)
    texts = dict.fromkeys(("service", "grading", "tally", "source"), "str")
    return frame.astype({**texts, "teams": "int64", "teams_declared": "Int64"})
