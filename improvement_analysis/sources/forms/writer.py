"""Team diagnostic forms written: a workbook for each visit, blank or filled in as far as is known."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from improvement_analysis.about import About
from improvement_analysis.actions import STATUS_WORDS
from improvement_analysis.evidence import EVIDENCE_KINDS
from improvement_analysis.notation import NO_JUDGEMENT
from improvement_analysis.sources.forms.archive import pack
from improvement_analysis.sources.forms.layout import (
    CURRENT,
    FINDING_KINDS,
    LOCKED,
    QUARTERS,
    Table,
)
from improvement_analysis.sources.forms.preparation import prepare
from improvement_analysis.sources.forms.styles import BANNER, add_styles, lay_out_page, lock
from improvement_analysis.sources.forms.visit import PlannedAction, TeamForm, first_stage
from improvement_analysis.sources.forms.wording import ENTRIES, READ_ME, quarter_words
from improvement_analysis.standing import SETTLING

if TYPE_CHECKING:
    from openpyxl import Workbook
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

__all__ = ["form_bytes"]

#: The row that holds the headings of every table.
HEADER_ROW = 4

#: Rows that are there to be filled in, at least.
FINDING_ROWS, ACTION_ROWS, EVIDENCE_ROWS = 15, 10, 8

_WIDTHS = {
    "Visit": (44, 46, 46),
    "Evidence": (22, 12, 82, 30),
    "Grades": (52, 18, 24, 60),
    "Strengths and vulnerabilities": (19, 82, 30, 6),
    "Action plan": (6, 42, 22, 22, 19, 34, *(15, 26) * QUARTERS, 19, 18),
    "Lists": (16, 36, 20, 22, 60, 30, 20, 28, 40, 14),
    "Read me": (74,),
}


def form_bytes(form: TeamForm, about: About) -> bytes:
    """A form as a workbook: the same form gives the same bytes.

    Parameters
    ----------
    form
        What is known of the visit; ``TeamForm()`` for a blank one.
    about
        The dataset that it will belong to: its scale, domains, services and areas are in the drop-downs.

    Raises
    ------
    SourceError
        If the form holds what could not be read back.

    Examples
    --------
    >>> made = form_bytes(TeamForm(service="Safeguarding", team="Team A"), About("example"))
    >>> made == form_bytes(TeamForm(service="Safeguarding", team="Team A"), About("example"))
    True
    """
    import openpyxl

    prepared = prepare(form, about)
    book = openpyxl.Workbook()
    book.remove(book.active)
    add_styles(book)
    writer = _Writer(book, prepared, about)
    writer.read_me()
    writer.visit()
    writer.evidence()
    writer.grades()
    writer.findings()
    if writer.is_first:
        writer.actions()
    writer.lists()
    return pack(book)


class _Writer:
    """Lays out one sheet after another."""

    def __init__(self, book: Workbook, form: TeamForm, about: About) -> None:
        self.book, self.form, self.about = book, form, about
        self.short = about.short_labels
        self.is_first = form.stage == first_stage(about)
        self.choices = self._choices()

    def _choices(self) -> dict[str, Sequence[str]]:
        """What can be chosen: each a column of the sheet Lists, by the field it is for."""
        scale = self.about.scale
        grades = scale.columns
        return {
            "grade": grades,
            "grade in words": [scale.name(grade) for grade in grades],
            "kind": FINDING_KINDS.names,
            "evidence": EVIDENCE_KINDS.names,
            "domain title": [domain.title for domain in self.about.domains],
            "domain": [domain.short for domain in self.about.domains],
            "status": STATUS_WORDS.names,
            "area": self.about.areas.names,
            "service": self.about.services.names,
            "stage": self.about.stages,
        }

    # ---------------------------------------------------------------------------------------------- sheets

    def read_me(self) -> None:
        sheet = self.sheet("Read me", "Team diagnostic form", "How to fill it in, and what happens to it.")
        said = {
            "split": repr(self.about.scale.splits[0]),
            "none": NO_JUDGEMENT,
            "quarters": self.quarters(),
        }
        for row, line in enumerate(READ_ME, start=HEADER_ROW):
            self.put(sheet, row, 1, line.format(**said), "label")
            self.height(sheet, row, [(line.format(**said), 70)], least=2)
        self.finish(sheet, None)

    def visit(self) -> None:
        table = CURRENT.visit
        sheet = self.sheet(table.sheet, "Visit", "Which team was visited, and when. Roles only, no names.")
        self.header(sheet, ("What", "Entry", "How to fill it in"))
        entries: dict[str, object] = {
            **{name: getattr(self.form, name) for name in table.fields.values() if name not in LOCKED},
            "illustrative": "yes" if self.form.illustrative else "no",
            "version": CURRENT.version,
        }
        for row, (label, name) in enumerate(table.fields.items(), start=HEADER_ROW + 1):
            self.put(sheet, row, 1, label, "term")
            style = "label" if name in LOCKED else "date" if name == "visit_date" else "entry"
            cell = self.put(sheet, row, 2, entries[name], style)
            self.put(sheet, row, 3, ENTRIES[name], "label")
            self.height(sheet, row, [(ENTRIES[name], 40)], least=2)
            if name == "visit_date":
                self.day(sheet, cell.coordinate)
            elif self.choices.get(name):
                self.choice(sheet, cell.coordinate, name)
        self.finish(sheet, "A5", landscape=True)

    def grades(self) -> None:
        table = CURRENT.grades
        hint = "A grade for every domain. The overall conclusion is a judgement of its own."
        if self.form.stage in SETTLING:
            hint = "A grade for every domain that was in question. Leave the others empty."
        sheet = self.sheet(table.sheet, "Grades", hint)
        beside = "second_grade" if self.is_first else "given"
        names = ("domain", "grade", beside, "reason")
        self.header(sheet, [table.heading(name) for name in names])
        form = self.form
        columns = (form.grades, form.second_grades if self.is_first else form.given, form.reasons)
        for row, domain in enumerate(self.about.domains, start=HEADER_ROW + 1):
            self.put(sheet, row, 1, domain.title, "term")
            for column, (name, texts) in enumerate(zip(names[1:], columns, strict=True), start=2):
                style = "label" if name == "given" else "entry"
                self.put(sheet, row, column, texts.get(domain.key), style)
            self.height(sheet, row, [(form.reasons.get(domain.key, ""), 60), (domain.title, 48)], least=3)
        last = HEADER_ROW + len(self.about.domains)
        for letter in "BC" if self.is_first else "B":
            self.choice(sheet, f"{letter}{HEADER_ROW + 1}:{letter}{last}", "grade")
        self.finish(sheet, "B5", wide=False, landscape=True)

    def evidence(self) -> None:
        assert CURRENT.evidence is not None
        hint = "What the grades rest on. One thing to a row; no names of children, families or staff."
        sheet = self.sheet(CURRENT.evidence.sheet, "Evidence", hint)
        entries = [
            (each.kind, each.number, each.text, self.short.get(each.domain or ""))
            for each in self.form.evidence
        ]
        rows = self.listed(sheet, CURRENT.evidence, entries, EVIDENCE_ROWS, 2)
        self.choice(sheet, f"A{HEADER_ROW + 1}:A{HEADER_ROW + rows}", "evidence")
        self.choice(sheet, f"D{HEADER_ROW + 1}:D{HEADER_ROW + rows}", "domain")

    def findings(self) -> None:
        hint = "One thing to a row. Strengths, vulnerabilities, and what you recommend."
        heading = "Strengths, vulnerabilities and recommendations"
        sheet = self.sheet(CURRENT.findings.sheet, heading, hint)
        entries = [
            (each.kind, each.text, self.short.get(each.domain or ""), None) for each in self.form.findings
        ]
        rows = self.listed(sheet, CURRENT.findings, entries, FINDING_ROWS, 1)
        for number in range(1, rows + 1):
            self.put(sheet, HEADER_ROW + number, len(CURRENT.findings.headings), number, "term")
        self.choice(sheet, f"A{HEADER_ROW + 1}:A{HEADER_ROW + rows}", "kind")
        self.choice(sheet, f"C{HEADER_ROW + 1}:C{HEADER_ROW + rows}", "domain")

    def listed(
        self, sheet: Worksheet, table: Table, entries: Sequence[Sequence[object]], least: int, text: int
    ) -> int:
        """Lay out a list with room for more; *text* is the column that its rows are as high as."""
        self.header(sheet, table.headings)
        rows = max(least, len(entries) + 3)
        blank = (None,) * len(table.headings)
        for place in range(rows):
            row = HEADER_ROW + 1 + place
            cells = entries[place] if place < len(entries) else blank
            for column, entry in enumerate(cells, start=1):
                self.put(sheet, row, column, entry, "entry")
            self.height(sheet, row, [(str(cells[text] or ""), 82)], least=2)
        self.finish(sheet, "A5", landscape=True)
        return rows

    def actions(self) -> None:
        table = CURRENT.actions
        hint = f"For the team's manager. Quarter 1 is the quarter after the visit's{self.quarters()}."
        sheet = self.sheet(table.sheet, "Action plan", hint)
        self.header(sheet, table.headings)
        for row, (number, action) in enumerate(self.numbered_actions(), start=HEADER_ROW + 1):
            entries = self.action_entries(number, action)
            for column, name in enumerate(table.fields.values(), start=1):
                style = {"number": "term", "due": "date", "closed_on": "date"}.get(name, "entry")
                self.put(sheet, row, column, entries.get(name), style)
            texts = [(entries.get("action"), 42), (entries.get("measure"), 34)]
            texts += [(entries.get(f"outcome {quarter}"), 26) for quarter in range(1, QUARTERS + 1)]
            self.height(sheet, row, [(str(text or ""), width) for text, width in texts], least=3)
        self.action_choices(sheet, table)
        self.finish(sheet, "C5", wide=True)

    def numbered_actions(self) -> Iterator[tuple[int, PlannedAction | None]]:
        """The actions of the form, then numbers for more."""
        taken = {action.number for action in self.form.actions}
        yield from ((action.number, action) for action in self.form.actions)
        free = (number for number in range(1, 2000) if number not in taken)
        for _ in range(max(3, ACTION_ROWS - len(self.form.actions))):
            yield next(free), None

    def action_entries(self, number: int, action: PlannedAction | None) -> dict[str, object]:
        if action is None:
            return {"number": number}
        progress: dict[str, object] = {}
        for each in action.progress:
            progress[f"status {each.quarter}"] = each.status
            progress[f"outcome {each.quarter}"] = each.outcome
        return {
            "number": number,
            "action": action.action,
            "domain": self.short.get(action.domain or ""),
            "role": action.role,
            "due": action.due,
            "measure": action.measure,
            "closed_on": action.closed_on,
            "answers": ", ".join(map(str, action.answers)),
            **progress,
        }

    def action_choices(self, sheet: Worksheet, table: Table) -> None:
        from openpyxl.utils import get_column_letter

        for column, name in enumerate(table.fields.values(), start=1):
            letter = get_column_letter(column)
            cells = f"{letter}{HEADER_ROW + 1}:{letter}{sheet.max_row}"
            if name in ("due", "closed_on"):
                self.day(sheet, cells)
            elif name == "domain" or name.startswith("status"):
                self.choice(sheet, cells, name.split()[0])

    def lists(self) -> None:
        sheet = self.sheet("Lists", "Lists", "The words to choose from. Nothing is to be filled in here.")
        headings = (
            "Grade",
            "Grade in words",
            "Kind of finding",
            "Kind of evidence",
            "Quality domain",
            "Domain in short",
            "Status of an action",
            "Area",
            "Service",
            "Stage",
        )
        self.header(sheet, headings)
        for column, words in enumerate(self.choices.values(), start=1):
            for row, word in enumerate(words, start=HEADER_ROW + 1):
                self.put(sheet, row, column, word, "label")
        self.finish(sheet, "A5", wide=True)

    # ----------------------------------------------------------------------------------------------- parts

    def sheet(self, name: str, heading: str, hint: str) -> Worksheet:
        from openpyxl.utils import get_column_letter

        sheet = self.book.create_sheet(name)
        self.put(sheet, 1, 1, heading, "title")
        self.put(sheet, 2, 1, hint, "hint")
        if self.form.illustrative:
            for column in range(1, len(_WIDTHS[name]) + 1):
                self.put(sheet, 3, column, BANNER if column == 1 else None, "banner")
        for column, width in enumerate(_WIDTHS[name], start=1):
            sheet.column_dimensions[get_column_letter(column)].width = width
        sheet.sheet_view.showGridLines = False
        return sheet

    def header(self, sheet: Worksheet, headings: Sequence[str]) -> None:
        for column, heading in enumerate(headings, start=1):
            self.put(sheet, HEADER_ROW, column, heading, "heading")

    def finish(
        self, sheet: Worksheet, freeze: str | None, *, wide: bool = False, landscape: bool = False
    ) -> None:
        if freeze:
            sheet.freeze_panes = freeze
        lay_out_page(
            sheet,
            version=CURRENT.version,
            illustrative=self.form.illustrative,
            header_row=HEADER_ROW if freeze else None,
            wide=wide,
        )
        if landscape:
            sheet.page_setup.orientation = "landscape"
        lock(sheet)

    def put(self, sheet: Worksheet, row: int, column: int, value: object, style: str) -> Cell:
        """Put a value into a cell of some style; a text stays a text, whatever sign it begins with."""
        cell: Cell = sheet.cell(row, column)
        cell.style = f"Form {style}"
        if value is None or value == "":
            return cell
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
            cell.quotePrefix = value[0] in "=+-@'"
        return cell

    def height(self, sheet: Worksheet, row: int, texts: Sequence[tuple[str, int]], *, least: int) -> None:
        """A first guess at the height of a row: so many lines as its longest text takes."""
        lines = [
            sum(math.ceil((len(line) or 1) / (width * 0.95)) for line in text.split("\n"))
            for text, width in texts
        ]
        sheet.row_dimensions[row].height = 15 * max(least, *lines, 1)

    def choice(self, sheet: Worksheet, cells: str, name: str) -> None:
        """A drop-down of the words of a list; another word is refused when it is typed."""
        from openpyxl.utils import get_column_letter
        from openpyxl.worksheet.datavalidation import DataValidation

        letter = get_column_letter(list(self.choices).index(name) + 1)
        first, last = HEADER_ROW + 1, HEADER_ROW + len(self.choices[name])
        rule = DataValidation("list", f"Lists!${letter}${first}:${letter}${last}", allow_blank=True)
        rule.showErrorMessage, rule.errorTitle = True, "Not on the list"
        rule.error = "Choose from the list. The sheet Lists says what each word means."
        sheet.add_data_validation(rule)
        rule.add(cells)

    def day(self, sheet: Worksheet, cells: str) -> None:
        """Dates only, from 1990 to 2100."""
        from openpyxl.worksheet.datavalidation import DataValidation

        rule = DataValidation("date", "32874", formula2="73415", operator="between", allow_blank=True)
        rule.showErrorMessage, rule.errorTitle = True, "Not a date"
        rule.error = "Write a date, day first, such as 04/09/2018."
        sheet.add_data_validation(rule)
        rule.add(cells)

    def quarters(self) -> str:
        """Which quarter is the first, where the visit's day is known."""
        if self.form.visit_date is None:
            return ""
        return f", here {quarter_words(self.form.visit_date)}"
