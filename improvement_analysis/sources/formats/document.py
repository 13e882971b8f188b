"""What a file holds before anyone asks what it means: lines of text and grids of texts, in order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from improvement_analysis.errors import Problem

__all__ = ["Document", "Grid", "Line"]


@dataclass(frozen=True)
class Line:
    """A line or paragraph of text.

    Attributes
    ----------
    text
        As it stands, with its spaces.
    number, page
        Where it stands; missing where the format counts neither.
    heading
        Whether the format marks it as a heading.
    running
        Whether it runs along the top or the bottom of several pages.
    """

    text: str
    number: int | None = None
    page: int | None = None
    heading: bool = False
    running: bool = False


@dataclass(frozen=True)
class Grid:
    """Texts in rows and columns.

    Attributes
    ----------
    rows
        Each as long as the first; without blank ones. Of a grid that is given by columns, the first alone.
    numbers
        The row of each as a spreadsheet shows it.
    columns
        The same texts by column, where a grid is too long to be kept by rows; otherwise empty.
    sheet, table
        The sheet it fills, or which table of a document it is, counted from 1.
    letters
        The sheet columns (``"A"``); empty where there are none.
    merged
        Row numbers and column positions that belong to merged cells but are not their first, with the cells.
    faults
        What is wrong with cells that hold an error or a formula that was never calculated, by row number and
        column position. Their text is empty: it is for whoever reads the column to refuse them.
    epoch
        The day from which a sheet counts its dates.
    header_first
        Whether only the first row may be the header.
    """

    rows: Sequence[Sequence[str]]
    numbers: Sequence[int]
    sheet: str | None = None
    table: int | None = None
    letters: Sequence[str] = ()
    merged: Mapping[tuple[int, int], str] = field(default_factory=dict)
    faults: Mapping[tuple[int, int], Problem] = field(default_factory=dict)
    epoch: date | None = None
    header_first: bool = False
    columns: Sequence[Sequence[str]] = ()

    def row(self, position: int) -> Sequence[str]:
        """The texts of a row."""
        return [texts[position] for texts in self.columns] if self.columns else self.rows[position]

    def texts(self, first: int, last: int, column: int) -> Sequence[str]:
        """The texts of a column in the rows from *first* up to *last*."""
        if self.columns:
            return self.columns[column][first:last]
        return [row[column] for row in self.rows[first:last]]


@dataclass(frozen=True)
class Document:
    """The parts of a file in reading order.

    Attributes
    ----------
    name
        What messages call the file.
    parts
        Lines and grids.
    what
        What the format calls a grid, for messages: ``"table"`` or ``"sheet"``.
    """

    name: str
    parts: Sequence[Line | Grid]
    what: str = "table"

    @property
    def lines(self) -> list[Line]:
        """The lines alone."""
        return [part for part in self.parts if isinstance(part, Line)]

    @property
    def grids(self) -> list[Grid]:
        """The grids alone."""
        return [part for part in self.parts if isinstance(part, Grid)]

    @property
    def faults(self) -> list[Problem]:
        """The faults of all cells, whether anyone reads them or not."""
        return [fault for grid in self.grids for fault in grid.faults.values()]
