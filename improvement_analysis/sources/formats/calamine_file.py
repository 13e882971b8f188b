"""Workbooks of OpenDocument and of Excel before 2007, through python-calamine where that is installed."""

from __future__ import annotations

import io
import re
from pathlib import PurePath
from typing import TYPE_CHECKING

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.document import Document, Grid
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.formats.packages import Package
from improvement_analysis.sources.formats.xlsx_file import MOST_COLUMNS, MOST_FILLED, MOST_ROWS, as_text

if TYPE_CHECKING:
    from python_calamine import CalamineSheet

__all__ = ["read_older"]

#: Bytes of a workbook of Excel before 2007.
MOST_BYTES = 20_000_000

_REPEATED = re.compile(r"number-(rows|columns)-repeated$")


def read_older(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The sheets of a workbook, and what cannot be seen in one of its kind.

    Raises
    ------
    SourceError
        If python-calamine is not installed, or the file is no workbook or absurdly large.
    """
    ending = PurePath(file.name).suffix.casefold()
    try:
        import python_calamine
    except ImportError:
        remedy = "save it as .xlsx, or install improvement-analysis[spreadsheets]"
        raise _refusal(
            file, f"a workbook ending in {ending!r}", "a reader of such workbooks", remedy
        ) from None
    if len(file.data) > MOST_BYTES:
        raise _refusal(file, f"{len(file.data):,} bytes", f"at most {MOST_BYTES:,} in such a workbook")
    if ending == ".ods":
        _measure(file)
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(file.data))
        visible = {each.name: str(each.visible).endswith("Visible") for each in book.sheets_metadata}
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except BaseException as fault:
        if isinstance(fault, Exception) or type(fault).__name__ == "PanicException":
            found = f"a workbook that cannot be read ({str(fault).partition(chr(10))[0][:200]})"
            raise _refusal(file, found, "a workbook as it was saved", "save it as .xlsx") from None
        raise
    message = (f"a workbook ending in {ending!r}", "one ending in '.xlsx'")
    unseen = "hidden rows, text that is struck out and formulas cannot be seen in it"
    problems = [Problem(file.name, *message, unseen, severity="warning", note=True)]
    hidden = ("a hidden sheet", "sheets that can be seen; it was read")
    problems += [
        Problem(file.name, *hidden, sheet=name, severity="warning")
        for name, seen in visible.items()
        if not seen
    ]
    grids = [_grid(file, sheet) for sheet in sheets]
    return Document(file.name, [grid for grid in grids if grid is not None], "sheet"), problems


def _grid(file: SourceFile, sheet: CalamineSheet) -> Grid | None:
    """The texts of a sheet; None where it is empty."""
    from openpyxl.utils import get_column_letter

    if sheet.total_height > MOST_ROWS or sheet.total_width > MOST_COLUMNS:
        found = f"a sheet of {sheet.total_height:,} rows and {sheet.total_width:,} columns"
        raise _refusal(file, found, f"at most {MOST_ROWS:,} rows and {MOST_COLUMNS:,} columns")
    filled = {
        number: texts
        for number, row in enumerate(sheet.to_python(skip_empty_area=False), start=1)
        if any(map(str.strip, texts := [as_text(value, "") for value in row]))
    }
    if not filled:
        return None
    wide = max(map(len, filled.values()))
    rows = [[*texts, *[""] * (wide - len(texts))] for texts in filled.values()]
    letters = [get_column_letter(column) for column in range(1, wide + 1)]
    return Grid(rows, list(filled), sheet.name, letters=letters)


def _measure(file: SourceFile) -> None:
    """Refuse a workbook whose few cells are repeated absurdly often, before they are laid out."""
    from lxml import etree

    package = Package(file)
    if "content.xml" not in package.names:
        raise package.refusal("a zip file without a workbook in it", "a workbook", "save it as .xlsx")
    filled, times = 0, 1
    parser = {"resolve_entities": False, "no_network": True, "load_dtd": False, "huge_tree": False}
    stream = io.BytesIO(package.read("content.xml"))
    try:
        for event, element in etree.iterparse(stream, events=("start", "end"), **parser):
            tag = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
            if tag == "table-row" and event == "start":
                times = _times(element)
            elif tag == "table-cell" and event == "end" and (len(element) or element.text):
                filled += times * _times(element)
                if filled > MOST_FILLED:
                    raise package.refusal(
                        f"a workbook of more than {MOST_FILLED:,} cells", "a workbook of gradings"
                    )
    except etree.XMLSyntaxError as fault:
        raise package.refusal(f"a damaged part ({fault})", "a workbook as it was saved") from None


def _times(element: object) -> int:
    """How often a row or a cell stands there."""
    attributes = getattr(element, "attrib", {})
    value = next((text for name, text in attributes.items() if _REPEATED.search(str(name))), "1")
    return int(value) if value.isascii() and value.isdecimal() and len(value) <= 9 else MOST_FILLED + 1


def _refusal(file: SourceFile, found: str, expected: str, remedy: str = "") -> SourceError:
    return SourceError([Problem(file.name, found, expected, remedy)])
