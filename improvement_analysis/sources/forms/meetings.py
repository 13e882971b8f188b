"""The sheet of a workshop or a review: who came, what was decided, and what was agreed to be done."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from improvement_analysis.about import About
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.findings import MEETING_ITEMS
from improvement_analysis.sources.forms.archive import pack
from improvement_analysis.sources.forms.folder import form_name
from improvement_analysis.sources.forms.styles import BANNER, add_styles, lay_out_page
from improvement_analysis.sources.forms.visit import TeamForm
from improvement_analysis.sources.interpretation.side_tables import SIDE_TABLES

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["meeting_bytes", "write_meetings"]

#: Rows that are there to be filled in.
ROWS = 15

_HINTS = {
    "kind": "workshop or review. Only in the first row of a meeting.",
    "date": "The day of the meeting. Only in its first row.",
    "service": "Whose workshop. Empty for a review of all services.",
    "round": "The round of visits that was talked about.",
    "attended": "How many came. No names.",
    "invited": "How many were invited.",
    "item": "What stands in the row: decision, action or note.",
    "text": "In a sentence. No names of children, families or staff.",
    "domains": "The quality domain, if it is about one.",
    "role": "Who sees to it, by role.",
    "due": "By when.",
    "answers": "The id of the recommendation that it answers, from the page of recommendations.",
}
_WIDTHS = {"text": 60, "service": 30, "domains": 28, "role": 24, "date": 18, "due": 18, "answers": 30}


def meeting_bytes(about: About, kind: str, service: str | None, round: str | None) -> bytes:  # noqa: A002
    """A sheet for one meeting as a workbook, filled in as far as is known: the same bytes every time."""
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    add_styles(book)
    sheet = book.create_sheet(kind.capitalize())
    known = {"kind": kind, "service": service, "round": round}
    top = 2 if about.illustrative else 1
    if about.illustrative:
        sheet.cell(1, 1, BANNER).style = "Form banner"
    for column, each in enumerate(SIDE_TABLES["meetings"], start=1):
        letter = sheet.cell(top, column, each.name.capitalize()).column_letter
        sheet.cell(top, column).style = "Form heading"
        sheet.column_dimensions[letter].width = _WIDTHS.get(each.name, 14)
        for row in range(top + 1, top + 1 + ROWS):
            sheet.cell(row, column).style = "Form date" if each.holds == "day" else "Form entry"
        sheet.cell(top + 1, column).value = known.get(each.name)
        _explain(sheet, f"{letter}{top + 1}:{letter}{top + ROWS}", each.name, about)
    sheet.freeze_panes = f"A{top + 1}"
    lay_out_page(sheet, version=1, illustrative=about.illustrative, header_row=top, wide=True)
    sheet.oddFooter.left.text = f"Sheet of a {kind}"
    return pack(book)


def _explain(sheet: Worksheet, cells: str, name: str, about: About) -> None:
    """What a cell is for, shown when it is chosen; a list where there are words to choose from."""
    from openpyxl.worksheet.datavalidation import DataValidation

    words = {"item": MEETING_ITEMS, "domains": [domain.short for domain in about.domains]}.get(name)
    listed = ",".join(words) if words and not any("," in word for word in words) else ""
    rule = (
        DataValidation("list", f'"{listed}"', allow_blank=True)
        if listed and len(listed) < 250
        else DataValidation(allow_blank=True)
    )
    rule.promptTitle, rule.prompt, rule.showInputMessage = name.capitalize(), _HINTS[name], True
    sheet.add_data_validation(rule)
    rule.add(cells)


def write_meetings(
    folder: Path,
    about: About,
    kind: str,
    services: Iterable[str | None],
    round: str | None,  # noqa: A002
) -> list[Path]:
    """Write a sheet for each meeting into a folder; a file that is there is never overwritten.

    Raises
    ------
    SourceError
        If a file of one of the names is there or cannot be written; then none is.
    """
    files = {
        folder / form_name(TeamForm(round=round or "", service=service or "", team=kind)): service
        for service in services
    }
    remedy = "it may be filled in: move it away or choose another folder"
    if there := [path for path in files if path.exists()]:
        raise SourceError([Problem(str(path), "a file of this name", "none", remedy) for path in there])
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for path, service in files.items():
            path.write_bytes(meeting_bytes(about, kind, service, round))
    except OSError as failure:
        found = f"a place that cannot be written to ({failure.strerror})"
        raise SourceError([Problem(str(folder), found, "a folder that can be written")]) from None
    return list(files)
