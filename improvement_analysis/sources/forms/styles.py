"""How a form looks: type, grounds, borders, and the page it is printed on.

Colour never stands alone: a cell to fill in is yellow, bordered and open; all others are locked. Every pair
of letter and ground has a contrast of at least 12 to 1.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["BANNER", "add_styles", "lay_out_page", "lock"]

BANNER = "Illustrative: made-up data. No real team was visited or graded."

_INK, _HEADER, _INPUT, _BANNER, _RULE = "0B0C0C", "E6E6E6", "FFF9DB", "FFE08A", "767676"
_PORTRAIT, _LANDSCAPE = "portrait", "landscape"
_A4, _A3 = "9", "8"


def add_styles(book: Workbook) -> None:
    """Give a workbook the styles that its cells are of, by name.

    *Form title*, *hint* (on one line), *label*, *term* (a label in bold), *banner*, *heading*, *entry* and
    *date*; the last two are open to be filled in.
    """
    from openpyxl.styles import Alignment, Border, Font, NamedStyle, PatternFill, Protection, Side

    plain, bold = (Font(name="Arial", size=11, bold=heavy, color=_INK) for heavy in (False, True))
    thin = Side("thin", color=_RULE)
    top = Alignment(vertical="top", horizontal="left", wrap_text=True)
    entry = {
        "font": plain,
        "fill": PatternFill("solid", start_color=_INPUT),
        "border": Border(left=thin, right=thin, top=thin, bottom=thin),
        "alignment": Alignment(vertical="top", horizontal="left", wrap_text=True),
        "protection": Protection(locked=False),
    }
    styles = {
        "title": {"font": Font(name="Arial", size=16, bold=True, color=_INK)},
        "hint": {"font": plain},
        "label": {"font": plain, "alignment": top},
        "term": {"font": bold, "alignment": top},
        "banner": {
            "font": Font(name="Arial", size=12, bold=True, color=_INK),
            "fill": PatternFill("solid", start_color=_BANNER),
        },
        "heading": {
            "font": bold,
            "fill": PatternFill("solid", start_color=_HEADER),
            "border": Border(bottom=Side("medium", color=_INK)),
            "alignment": Alignment(vertical="bottom", wrap_text=True),
        },
        "entry": entry,
        "date": {**entry, "number_format": "d mmmm yyyy"},
    }
    for name, parts in styles.items():
        book.add_named_style(NamedStyle(f"Form {name}", **parts))


def lay_out_page(
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


def lock(sheet: Worksheet) -> None:
    """Lock what is not to be filled in; no password, and rows and columns may still be sized."""
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
