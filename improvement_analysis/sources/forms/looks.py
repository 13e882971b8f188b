"""How a form looks: type, grounds, borders, and the page it is printed on.

Colour never stands alone: a cell to fill in is yellow, bordered and open; all others are locked. Every pair
of letter and ground has a contrast of at least 12 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = [
    "BANNER",
    "protect",
    "style_banner",
    "style_header",
    "style_input",
    "style_label",
    "style_page",
    "style_title",
]

BANNER = "Illustrative: made-up data. No real team was visited or graded."

_INK, _HEADER, _INPUT, _BANNER, _RULE = "0B0C0C", "E6E6E6", "FFF9DB", "FFE08A", "767676"
_FONT = "Arial"

_PORTRAIT, _LANDSCAPE = "portrait", "landscape"
_A4, _A3 = "9", "8"


def style_title(cell: Cell) -> None:
    """The heading of a sheet."""
    from openpyxl.styles import Font

    cell.font = Font(name=_FONT, size=16, bold=True, color=_INK)


def style_label(cell: Cell, *, bold: bool = False, wrap: bool = True) -> None:
    """Text that is not to be changed."""
    from openpyxl.styles import Alignment, Font

    cell.font = Font(name=_FONT, size=11, bold=bold, color=_INK)
    cell.alignment = Alignment(vertical="top", wrap_text=wrap)


def style_banner(cell: Cell) -> None:
    """The line that says that a form is made up."""
    from openpyxl.styles import Font, PatternFill

    cell.font = Font(name=_FONT, size=12, bold=True, color=_INK)
    cell.fill = PatternFill("solid", start_color=_BANNER)


def style_header(cells: Sequence[Cell]) -> None:
    """The header row of a table."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Side

    for cell in cells:
        cell.font = Font(name=_FONT, size=11, bold=True, color=_INK)
        cell.fill = PatternFill("solid", start_color=_HEADER)
        cell.border = Border(bottom=Side("medium", color=_INK))
        cell.alignment = Alignment(vertical="bottom", wrap_text=True)


def style_input(cell: Cell, *, date: bool = False) -> None:
    """A cell to be filled in."""
    from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side

    rule = Side("thin", color=_RULE)
    cell.font = Font(name=_FONT, size=11, color=_INK)
    cell.fill = PatternFill("solid", start_color=_INPUT)
    cell.border = Border(left=rule, right=rule, top=rule, bottom=rule)
    cell.alignment = Alignment(vertical="top", horizontal="left", wrap_text=True)
    cell.protection = Protection(locked=False)
    if date:
        cell.number_format = "d mmmm yyyy"


def style_page(
    sheet: Worksheet, *, version: int, illustrative: bool, header_row: int | None, wide: bool = False
) -> None:
    """Print everything on pages of full width, headings repeated, with what it is above and below."""
    sheet.page_setup.orientation = _LANDSCAPE if wide else _PORTRAIT
    sheet.page_setup.paperSize = _A3 if wide else _A4
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.print_area = f"A1:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"
    if header_row is not None:
        sheet.print_title_rows = f"{header_row}:{header_row}"
    sheet.oddHeader.left.text = "&A"
    sheet.oddHeader.right.text = BANNER if illustrative else None
    sheet.oddFooter.left.text = f"Team diagnostic form, version {version}"
    sheet.oddFooter.right.text = "Page &P of &N"


def protect(sheet: Worksheet) -> None:
    """Lock what is not to be filled in; no password, and rows and columns may still be sized."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
