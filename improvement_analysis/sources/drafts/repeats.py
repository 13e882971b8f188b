"""Which column tells the gradings of a file apart, where one seems to be given twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from improvement_analysis.about import About
from improvement_analysis.days import day_reader
from improvement_analysis.sources.formats.document import Document, Grid
from improvement_analysis.sources.headings import fold_heading
from improvement_analysis.sources.interpretation.team_gradings import GRADING_COLUMNS
from improvement_analysis.sources.recognition.headers import Wanted, look_at
from improvement_analysis.teams import TEAM

__all__ = ["Apart", "columns_apart"]

#: A team has one grading for each of these.
_GRADED_ONCE = (*TEAM, "round", "domain", "grader", "stage", "case")


@dataclass(frozen=True)
class Apart:
    """A column that tells repeated gradings apart.

    Attributes
    ----------
    heading
        As it stands in the file.
    of_days
        Whether days stand in it, so that it may number the inspections of a team.
    """

    heading: str
    of_days: bool


def columns_apart(document: Document, about: About) -> list[Apart]:
    """The columns of a file that would tell its repeated gradings apart; none where none repeats."""
    wanted = Wanted(GRADING_COLUMNS, {}, about, value="grade")
    apart: dict[str, Apart] = {}
    for grid in document.grids:
        sight = look_at(grid, document, wanted, [])
        if sight.header is not None:
            for column in _of_grid(sight.grid, sight.header, sight.wanted.mapping, about):
                apart.setdefault(column.heading, column)
    return list(apart.values())


def _of_grid(grid: Grid, header: int, mapping: Mapping[str, str], about: About) -> list[Apart]:
    headings = [" ".join(text.split()) for text in grid.row(header)]
    known = {fold_heading(heading): name for name, heading in mapping.items()}
    names = [known.get(fold_heading(heading), fold_heading(heading)) for heading in headings]
    columns = [grid.texts(header + 1, len(grid.numbers), place) for place in range(len(headings))]
    once = [column for name, column in zip(names, columns, strict=True) if name in _GRADED_ONCE]
    whose = [*zip(*once, strict=True)]
    if not whose or len(set(whose)) == len(whose):
        return []
    graded = {domain.key for domain in about.all_domains}
    read_day = day_reader(grid.epoch, about.date_format)
    return [
        Apart(heading, all(read_day(text).value is not None for text in set(column)))
        for heading, name, column in zip(headings, names, columns, strict=True)
        if heading and name not in _GRADED_ONCE and name not in graded and _tells_apart(whose, column)
    ]


def _tells_apart(whose: Sequence[tuple[str, ...]], column: Sequence[str]) -> bool:
    """Whether every row has a text in a column that no other of the same team and domain has."""
    return all(map(str.strip, column)) and len(set(zip(whose, column, strict=True))) == len(whose)
