"""Excel workbooks: every sheet a grid, with what a sheet can hide or leave open said aloud."""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, time
from typing import TYPE_CHECKING

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.document import Document, Grid
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.formats.packages import Package

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["as_text", "read_xlsx"]

#: Rows and columns of a sheet; filled cells, merged or linked cells, and rows times columns of all sheets.
MOST_ROWS, MOST_COLUMNS, MOST_FILLED, MOST_MERGED, MOST_AREA = 200_000, 1_000, 300_000, 100_000, 400_000

_ROWS = re.compile(rb"<(?:[\w.-]+:)?row[\s/>]")
_CELLS = re.compile(rb"<(?:[\w.-]+:)?c[\s/>]")

_PLACES = re.compile(rb"<(?:[\w.-]+:)?c\s(?:[^<>]*?\s)?r\s*=\s*[\"']([A-Z]+[0-9]+)[\"']")
_RANGES = re.compile(rb"<(?:[\w.-]+:)?(?:mergeCell|hyperlink)\b[^<>]*?\bref\s*=\s*[\"']([^\"'<>]*)[\"']")


def read_xlsx(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The sheets of a workbook, and what was met on the way.

    Formulas are never calculated and macros never run: what Excel calculated last is read. Hidden rows,
    columns and sheets are read and named. The text of cells merged within one column stands in each row.

    Raises
    ------
    SourceError
        If it is no workbook, or a sheet is absurdly large. A cell that holds an error or a formula that was
        never calculated is noted with its grid.
    """
    import openpyxl

    package = Package(file)
    if "xl/workbook.xml" not in {name.casefold() for name in package.names}:
        raise package.refusal("a zip file without a workbook in it", "a workbook", "save it as .xlsx")
    _measure(package)
    stream = io.BytesIO(file.data)
    book = openpyxl.load_workbook(stream, keep_vba=False, keep_links=False, rich_text=True)
    reader = _SheetReader(file, book.epoch.date())
    if package.has_macros:
        reader.warn("a workbook with macros", "one without; none was run", "save it as .xlsx")
    grids = [reader.grid(sheet) for sheet in book.worksheets]
    if any(problem.severity == "error" for problem in reader.problems):
        raise SourceError(reader.problems)
    return Document(file.name, [grid for grid in grids if grid is not None], "sheet"), reader.problems


def _measure(package: Package) -> None:
    """Refuse absurd numbers of rows and cells, and absurd merges and links, before they are laid out."""
    from openpyxl.utils import range_boundaries

    cells = rows = filled = 0
    for name in sorted(package.names):
        if not name.casefold().endswith(".xml"):
            continue
        text = package.read(name)
        rows, filled = rows + len(_ROWS.findall(text)), filled + len(_CELLS.findall(text))
        if rows > MOST_ROWS or filled > MOST_FILLED:
            raise package.refusal(
                f"a workbook of more than {MOST_ROWS:,} rows or {MOST_FILLED:,} cells",
                "a workbook of gradings",
                "delete what stands beyond the gradings, or save them as CSV",
            )
        places = _PLACES.findall(text)
        if len(set(places)) < len(places):
            raise package.refusal(f"a cell twice ({name})", "each cell once", "open it in Excel and save it")
        for found in _RANGES.findall(text):
            try:
                left, top, right, bottom = range_boundaries(found.decode("ascii"))
                cells += (right - left + 1) * (bottom - top + 1)
            except (ValueError, TypeError):
                cells = MOST_MERGED + 1
            if cells > MOST_MERGED:
                shown = found.decode("ascii", "replace")[:40]
                raise package.refusal(
                    f"a merge or link over the cells {shown!r} ({name})",
                    f"at most {MOST_MERGED:,} merged or linked cells",
                    "take the merges out",
                )


class _SheetReader:
    """Reads one sheet after another and gathers what is wrong."""

    def __init__(self, file: SourceFile, epoch: date) -> None:
        self.file, self.epoch = file, epoch
        self.problems: list[Problem] = []
        self.faults: dict[tuple[int, int], Problem] = {}
        self.area = 0
        self._values: Mapping[str, Worksheet] | None = None

    def warn(self, found: str, expected: str, remedy: str = "", **where: object) -> None:
        said = Problem(self.file.name, found, expected, remedy, severity="warning", **where)  # type: ignore[arg-type]
        self.problems.append(said)

    def fault(self, sheet: Worksheet, cell: Cell, found: str, expected: str, remedy: str = "") -> None:
        place = (sheet.title, cell.row, _letter(cell))
        self.faults[cell.row, cell.column - 1] = Problem(self.file.name, found, expected, remedy, *place)

    def grid(self, sheet: Worksheet) -> Grid | None:
        """The texts of a sheet; None where it is empty."""
        from openpyxl.utils import get_column_letter

        if not self._is_sensible(sheet):
            return None
        self.faults = {}
        above = dict(self._merged_below(sheet))
        rows, numbers = [], []
        for cells in sheet.iter_rows():
            texts = [self._text(sheet, above.get((cell.row, cell.column), cell)) for cell in cells]
            faulty = any((cell.row, cell.column - 1) in self.faults for cell in cells)
            if faulty or any(map(str.strip, texts)):
                rows.append(texts)
                numbers.append(cells[0].row)
        if not rows:
            return None
        self._hidden(sheet, numbers)
        letters = [get_column_letter(column) for column in range(1, sheet.max_column + 1)]
        merged = {
            (row, column - 1): area.coord
            for area in sheet.merged_cells.ranges
            for row, column in itertools.islice(area.cells, 1, None)
        }
        return Grid(
            rows,
            numbers,
            sheet.title,
            letters=letters,
            merged=merged,
            faults=self.faults,
            epoch=self.epoch,
        )

    def _is_sensible(self, sheet: Worksheet) -> bool:
        rows, columns = sheet.max_row, sheet.max_column
        self.area += rows * columns
        if rows <= MOST_ROWS and columns <= MOST_COLUMNS and self.area <= MOST_AREA:
            return True
        self.problems.append(
            Problem(
                self.file.name,
                f"a sheet of {rows:,} rows and {columns:,} columns",
                f"at most {MOST_ROWS:,} rows, {MOST_COLUMNS:,} columns and {MOST_AREA:,} places in all",
                "delete the rows and columns beyond the gradings, or save it as CSV",
                sheet.title,
            )
        )
        return False

    def _merged_below(self, sheet: Worksheet) -> Iterator[tuple[tuple[int, int], Cell]]:
        """Places below the first cell of a merge within one column, with that cell."""
        for area in sheet.merged_cells.ranges:
            if area.min_col == area.max_col:
                first = sheet.cell(area.min_row, area.min_col)
                for row in range(area.min_row + 1, area.max_row + 1):
                    yield (row, area.min_col), first

    def _text(self, sheet: Worksheet, cell: Cell) -> str:
        if cell.data_type == "f":
            return self._calculated(sheet, cell)
        return self._checked(sheet, cell, cell)

    def _calculated(self, sheet: Worksheet, cell: Cell) -> str:
        import openpyxl

        if self._values is None:
            book = openpyxl.load_workbook(io.BytesIO(self.file.data), data_only=True, keep_links=False)
            self._values = {sheet.title: sheet for sheet in book.worksheets}
        value = self._values[sheet.title].cell(cell.row, cell.column)
        if value.value is None:
            self.fault(
                sheet,
                cell,
                "a formula that was never calculated",
                "a value",
                "open the workbook in Excel and save it, or put the value in its place",
            )
            return ""
        return self._checked(sheet, cell, value)

    def _checked(self, sheet: Worksheet, cell: Cell, value: Cell) -> str:
        if value.data_type == "e":
            self.fault(sheet, cell, f"the error {value.value}", "a value")
            return ""
        if value.value is not None and _is_struck(value):
            place = {"sheet": sheet.title, "row": cell.row, "column": _letter(cell)}
            self.warn(
                "text that is struck out",
                "text that stands; it was read",
                "delete what does not hold",
                **place,
            )
        return as_text(value.value, value.number_format)

    def _hidden(self, sheet: Worksheet, numbers: list[int]) -> None:
        if sheet.sheet_state != "visible":
            self.warn("a hidden sheet", "sheets that can be seen; it was read", sheet=sheet.title)
        for number in numbers:
            if number in sheet.row_dimensions and sheet.row_dimensions[number].hidden:
                self.warn("a hidden row", "rows that can be seen; it was read", sheet=sheet.title, row=number)
        for letter, column in sorted(sheet.column_dimensions.items()):
            if column.hidden:
                said = ("a hidden column", "columns that can be seen; it was read")
                self.warn(*said, sheet=sheet.title, column=letter)


def _is_struck(cell: Cell) -> bool:
    """Whether a cell's text, or a part of it, is struck out."""
    fonts = [cell.font, *(getattr(part, "font", None) for part in _runs(cell.value))]
    return any(font is not None and font.strike for font in fonts)


def _runs(value: object) -> list[object]:
    """The parts of a text that have looks of their own."""
    return value if isinstance(value, list) else []


def _raised(part: object) -> str:
    """What tells a raised or lowered part from the figure before it: *9 to the power of 2* is not 92."""
    align = getattr(getattr(part, "font", None), "vertAlign", None)
    return {"superscript": "^", "subscript": "_"}.get(align or "", "")


def _letter(cell: Cell) -> str:
    from openpyxl.utils import get_column_letter

    return str(get_column_letter(cell.column))


def as_text(value: object, form: str) -> str:
    """A cell's value as text: whole numbers without a point, dates year first."""
    if value is None:
        return ""
    if runs := _runs(value):
        return "".join(f"{_raised(part)}{part}" for part in runs)
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, int) and re.fullmatch("0+", form or ""):
        return str(value).zfill(len(form))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    return str(value)
