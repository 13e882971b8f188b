"""Team gradings: a row a grading, with service, team, domain, grade and what else is known of the visit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from improvement_analysis.errors import GradeError, Problem
from improvement_analysis.gradings import COLUMNS, as_gradings
from improvement_analysis.notation import GradeReading, read_grade
from improvement_analysis.sources.about import About
from improvement_analysis.sources.published import read_name
from improvement_analysis.sources.raw_table import RawRow, RawTable
from improvement_analysis.vocabulary import Vocabulary, clean

__all__ = ["read_team_gradings"]

_NEEDED = ("service", "team", "domain", "grade")
_OPTIONAL = ("authority", "round", "area", "visit_date", "grader", "comment", "page")


@dataclass(frozen=True)
class _Grading:
    row: int
    values: Mapping[str, object]

    @property
    def place(self) -> tuple[object, ...]:
        return tuple(
            self.values[key] for key in ("authority", "round", "area", "service", "team", "domain", "grader")
        )


def read_team_gradings(raw: RawTable, about: About) -> tuple[pd.DataFrame, list[Problem]]:
    """Gradings from a table with a row a grading, in declared order, and every problem met."""
    table, problems = raw.keep(_NEEDED, _OPTIONAL)
    if not set(_NEEDED) <= set(table.headings):
        return _frame([], about), problems
    reader = _GradingReader(table, about)
    found = [grading for row in table.rows if (grading := reader.read(row)) is not None]
    problems += reader.problems
    if not table.rows:
        problems.append(table.problem(None, None, "no row below the header", "a row for each grading"))
    problems += _twice(table, found) + _two_homes(table, found)
    return _frame(found, about), problems


class _GradingReader:
    """Reads one row after another and gathers what is wrong."""

    def __init__(self, table: RawTable, about: About) -> None:
        self.table, self.about = table, about
        self.domains = Vocabulary("domain", about.domains)
        self.problems: list[Problem] = []

    def read(self, row: RawRow) -> _Grading | None:
        before = len(self.problems)
        reading = self.grade(row)
        values = {
            "authority": self.text(row, "authority") or self.about.authority,
            "round": self.text(row, "round") or self.about.round,
            "area": self.area(row),
            "service": read_name(self.table, row, "service", self.about.services, self.problems),
            "team": self.team(row),
            "visit_date": self.visit_date(row),
            "domain": read_name(self.table, row, "domain", self.domains, self.problems),
            "grade": reading.grade if reading else None,
            "ungraded_reason": reading.reason if reading else None,
            "grader": self.text(row, "grader"),
            "source": self.table.source(row),
        }
        return _Grading(row.number, values) if len(self.problems) == before else None

    def text(self, row: RawRow, column: str) -> str | None:
        return clean(row.texts.get(column, "")) or None

    def area(self, row: RawRow) -> str | None:
        if self.text(row, "area") is None:
            return None
        return read_name(self.table, row, "area", self.about.areas, self.problems)

    def team(self, row: RawRow) -> str:
        return read_name(self.table, row, "team", Vocabulary("team"), self.problems)

    def grade(self, row: RawRow) -> GradeReading | None:
        try:
            return read_grade(row.texts["grade"], self.about.scale)
        except GradeError as fault:
            parts = (fault.found, fault.expected, fault.remedy)
            self.problems.append(self.table.problem(row.number, "grade", *parts))
            return None

    def visit_date(self, row: RawRow) -> date | None:
        text = self.text(row, "visit_date")
        if text is None:
            return None
        found = read_day(text)
        if found is None:
            expected = "a date, day first, such as 04/09/2017 or 2017-09-04"
            self.problems.append(self.table.problem(row.number, "visit_date", repr(text), expected))
        return found


def read_day(text: str) -> date | None:
    """The date that *text* gives, day first or year first; None where it gives none."""
    parts = text.replace("/", "-").replace(".", "-").split("-")
    if len(parts) != 3 or not all(part.isascii() and part.isdecimal() for part in parts):
        return None
    if len(parts[0]) == 4:
        year, month, day = parts
    elif len(parts[2]) == 4:
        day, month, year = parts
    else:
        return None
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _twice(table: RawTable, found: Sequence[_Grading]) -> list[Problem]:
    first: dict[tuple[object, ...], int] = {}
    problems = []
    for grading in found:
        row = first.setdefault(grading.place, grading.row)
        if row != grading.row:
            team, domain = grading.values["team"], grading.values["domain"]
            said = (
                f"team {team!r}, domain {domain} again",
                f"one grading of a domain in a round; it stands in row {row}",
            )
            problems.append(table.problem(grading.row, None, *said))
    return problems


def _two_homes(table: RawTable, found: Sequence[_Grading]) -> list[Problem]:
    """A team of one service that stands under two areas in one round."""
    first: dict[tuple[object, ...], tuple[object, int]] = {}
    problems = []
    for grading in found:
        values = grading.values
        team = (values["authority"], values["round"], values["service"], values["team"])
        area, row = first.setdefault(team, (values["area"], grading.row))
        if area != values["area"]:
            said = f"team {values['team']!r} in area {values['area']!r}, in row {row} in {area!r}"
            remedy = "two teams of one name need a word that tells them apart"
            problems.append(
                table.problem(grading.row, "area", said, "one area for a team", remedy, "warning")
            )
    return problems


def _frame(found: Sequence[_Grading], about: About) -> pd.DataFrame:
    loose = pd.DataFrame([grading.values for grading in found], columns=list(COLUMNS)).astype(object)
    frame = as_gradings(loose, scale=about.scale, domains=about.domains)
    return frame.sort_values(
        ["authority", "round", "area", "service", "team", "domain", "grader"],
        key=lambda column: _order(column, about),
        kind="stable",
        ignore_index=True,
    )


def _order(column: pd.Series, about: About) -> pd.Series:
    declared = {"service": about.services.names, "area": about.areas.names}.get(str(column.name))
    if declared:
        return column.map({name: place for place, name in enumerate(declared)})
    return column if isinstance(column.dtype, pd.CategoricalDtype) else column.str.casefold()
