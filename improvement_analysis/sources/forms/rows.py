"""A sheet of a form taken apart: labels and entries, or rows under headings, each cell with its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeVar

from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.document import Grid
from improvement_analysis.sources.forms.layout import Table
from improvement_analysis.sources.forms.visit import tidy_text
from improvement_analysis.sources.recognition.raw_table import Reading
from improvement_analysis.vocabulary import fold, suggest

__all__ = ["Row", "SheetReader"]

T = TypeVar("T")
Severity = Literal["error", "warning"]

#: Letters of a stray text that a message repeats.
_SHOWN = 40


class SheetReader:
    """One sheet and what is wrong with it.

    Attributes
    ----------
    problems
        Everything met so far; rows add theirs.
    """

    def __init__(self, file: str, grid: Grid, table: Table) -> None:
        self.file, self.grid, self.table = file, grid, table
        self.problems: list[Problem] = []
        self._fields = {fold(heading): name for heading, name in table.fields.items()}

    def fault(
        self,
        row: int | None,
        column: int | None,
        found: str,
        expected: str,
        remedy: str = "",
        severity: Severity = "error",
    ) -> None:
        """Note a problem at a position of the grid."""
        number = None if row is None else self.grid.numbers[row]
        letter = None if column is None else self.grid.letters[column]
        place = (self.grid.sheet, number, letter)
        self.problems.append(Problem(self.file, found, expected, remedy, *place, severity))

    def labelled(self) -> dict[str, Row]:
        """The row of each field, where the first column holds labels and the second the entries."""
        found: dict[str, Row] = {}
        for position, texts in enumerate(self.grid.rows):
            label, entry = texts[0], texts[1] if len(texts) > 1 else ""
            name = self._fields.get(fold(label))
            if name in found:
                self.fault(position, 0, f"the label {label!r} twice", "each label once")
            elif name is not None:
                found[name] = self._row(position, {name: 1})
            elif entry.strip() and (fold(label), fold(entry)) != ("what", "entry"):
                self._stray(position, 1, entry)
            self._strays(position, range(3, len(texts)))
        for name in self.table.needed:
            if name not in found:
                label = self.table.heading(name)
                self.fault(None, None, f"no row {label!r}", "every row of the form", _FRESH)
        return found

    def tabled(self) -> list[Row]:
        """The rows below the headings."""
        header = self._header()
        if header is None:
            headings = ", ".join(map(repr, self.table.headings))
            self.fault(None, None, "no row of headings", f"the headings {headings}", _FRESH)
            return []
        columns = self._columns(header)
        if not set(self.table.needed) <= columns.keys():
            return []
        for position in range(header):
            self._strays(position, range(1, len(self.grid.rows[position])))
        beside = [column for column in range(len(self.grid.letters)) if column not in columns.values()]
        rows = []
        for position in range(header + 1, len(self.grid.rows)):
            self._strays(position, beside)
            rows.append(self._row(position, columns))
        return rows

    def _row(self, position: int, columns: Mapping[str, int]) -> Row:
        """A row; a cell of it that is part of a merge is a fault, for it may hold another's text."""
        for column in columns.values():
            if (self.grid.numbers[position], column) in self.grid.merged:
                said = ("a cell merged with another", "a cell of its own", "take the merge apart")
                self.fault(position, column, *said)
        return Row(self, position, columns)

    def _header(self) -> int | None:
        for position, texts in enumerate(self.grid.rows):
            if sum(fold(text) in self._fields for text in texts) >= 2 or len(self._fields) == 1:
                return position
        return None

    def _columns(self, header: int) -> dict[str, int]:
        columns: dict[str, int] = {}
        for column, heading in enumerate(self.grid.rows[header]):
            name = self._fields.get(fold(heading))
            if name in columns:
                self.fault(header, column, f"the heading {heading!r} twice", "each heading once")
            elif name is not None:
                columns[name] = column
            elif heading.strip():
                close = suggest(heading, self.table.headings)
                remedy = f"did you mean {close!r}? It was not read" if close else "it was not read"
                self.fault(
                    header,
                    column,
                    f"the heading {heading[:_SHOWN]!r}",
                    "a heading of the form",
                    remedy,
                    "warning",
                )
        for name in self.table.fields.values():
            if name not in columns and name not in self.table.of_some:
                severity: Severity = "error" if name in self.table.needed else "warning"
                found = f"no heading {self.table.heading(name)!r}"
                self.fault(header, None, found, "every heading of the form", _FRESH, severity)
        return columns

    def _strays(self, position: int, columns: Iterable[int]) -> None:
        for column in columns:
            if self.grid.rows[position][column].strip():
                self._stray(position, column, self.grid.rows[position][column])

    def _stray(self, position: int, column: int, text: str) -> None:
        found = f"{text.strip()[:_SHOWN]!r} beside the form's own cells"
        self.fault(position, column, found, "an empty cell; it was not read", severity="warning")


_FRESH = "copy the entries into a fresh form"


@dataclass(frozen=True)
class Row:
    """One row, its cells by field.

    Attributes
    ----------
    sheet, position
        Where it stands.
    columns
        The column of each field.
    """

    sheet: SheetReader
    position: int
    columns: Mapping[str, int]

    def text(self, name: str) -> str:
        """The text of a cell, tidied; empty where the form has no such column."""
        if name not in self.columns:
            return ""
        text = self.sheet.grid.rows[self.position][self.columns[name]]
        return tidy_text(text.replace("_x000D_", ""))

    def filled(self, *, apart_from: str = "") -> bool:
        """Whether anything stands in the row."""
        return any(self.text(name) for name in self.columns if name != apart_from)

    def read(self, name: str, reader: Callable[[str], Reading[T]]) -> T | None:
        """What *reader* makes of a cell; what is wrong with it is noted."""
        if name not in self.columns:
            return None
        reading = reader(self.text(name))
        if reading.found:
            self.fault(name, reading.found, reading.expected, reading.remedy, reading.severity)
        return reading.value

    def fault(
        self, name: str, found: str, expected: str, remedy: str = "", severity: Severity = "error"
    ) -> None:
        """Note a problem with a cell."""
        self.sheet.fault(self.position, self.columns.get(name), found, expected, remedy, severity)

    def place(self, name: str) -> str:
        """The place of a cell, as gradings carry it."""
        grid = self.sheet.grid
        cell = f"{grid.letters[self.columns[name]]}{grid.numbers[self.position]}"
        return f"{self.sheet.file}, sheet {grid.sheet!r}, cell {cell}"
