"""The lists of a form read: what was looked at, what was found, what the team will do about it."""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping
from datetime import date

from improvement_analysis.about import About
from improvement_analysis.actions import STATUS_WORDS
from improvement_analysis.days import day_reader
from improvement_analysis.notation import shown
from improvement_analysis.sources.forms.layout import FINDING_KINDS, QUARTERS
from improvement_analysis.sources.forms.rows import Row, SheetReader
from improvement_analysis.sources.forms.visit import FormEvidence, FormFinding, PlannedAction, Progress
from improvement_analysis.sources.interpretation.visit_tables import read_kind
from improvement_analysis.sources.recognition.cells import name_reader, read_whole
from improvement_analysis.sources.recognition.raw_table import Reading
from improvement_analysis.sources.recognition.roles import role_of
from improvement_analysis.vocabulary import Vocabulary

__all__ = ["read_actions", "read_evidence", "read_findings"]

Places = MutableMapping[tuple[str, object], str]


def read_findings(sheet: SheetReader, about: About, places: Places) -> tuple[FormFinding, ...]:
    """The findings of a form in their order; *places* is told where each stands."""
    domains = Vocabulary("domain", about.domains)
    found: list[FormFinding] = []
    for row in sheet.tabled():
        if not row.filled(apart_from="number"):
            continue
        kind = row.read("kind", _choice(FINDING_KINDS))
        text = row.text("text")
        if not text:
            row.fault("text", "an empty cell", "the finding in words")
        domain = row.read("domain", name_reader("domain", domains, may_be_empty=True))
        if kind and text:
            places["finding", len(found)] = row.place("text")
            places["number", row.text("number")] = str(len(found) + 1)
            found.append(FormFinding(kind, text, domain))
    return tuple(found)


def read_evidence(sheet: SheetReader, about: About, places: Places) -> tuple[FormEvidence, ...]:
    """The evidence of a form in its order; *places* is told where each stands."""
    domains = Vocabulary("domain", about.domains)
    found: list[FormEvidence] = []
    for row in sheet.tabled():
        if not row.filled():
            continue
        kind = row.read("kind", read_kind)
        number = row.read("number", read_whole) if row.text("number") else None
        domain = row.read("domain", name_reader("domain", domains, may_be_empty=True))
        if kind:
            places["evidence", len(found)] = row.place("kind")
            found.append(FormEvidence(kind, row.text("text"), domain, number))
    return tuple(found)


def read_actions(
    sheet: SheetReader, about: About, places: Places, visit_date: date | None
) -> tuple[PlannedAction, ...]:
    """The actions of a form in their order; *places* is told where each stands."""
    reader = _ActionReader(about, visit_date, sheet.grid.epoch, places)
    found: dict[int, PlannedAction] = {}
    for row in sheet.tabled():
        if not row.filled(apart_from="number"):
            continue
        action = reader.action(row, len(found) + 1)
        if action is None:
            continue
        if action.number in found:
            row.fault("number", f"the number {action.number} again", "each action's own number")
        found.setdefault(action.number, action)
        places.setdefault(("action", action.number), row.place("action"))
    return tuple(found.values())


class _ActionReader:
    """Reads one line of a plan after another."""

    def __init__(self, about: About, visit_date: date | None, epoch: date | None, places: Places) -> None:
        self.visit_date, self.role, self.places = visit_date, role_of(about), places
        self.day = day_reader(epoch, about.date_format)
        self.domain = name_reader("domain", Vocabulary("domain", about.domains), may_be_empty=True)

    def action(self, row: Row, place: int) -> PlannedAction | None:
        """The action of a row; None where its number or its words are lacking."""
        text = row.text("action")
        if not text:
            row.fault("action", "an empty cell", "what will be done")
        number = row.read("number", _number) if "number" in row.columns else place
        due, closed_on = self.date(row, "due"), self.date(row, "closed_on")
        action = PlannedAction(
            number=number or 0,
            action=text,
            domain=row.read("domain", self.domain),
            role=row.read("role", self.role) or "",
            due=due,
            measure=row.text("measure"),
            closed_on=closed_on,
            progress=_progress(row),
            answers=self.answers(row),
        )
        if text:
            _doubts(row, action)
        return action if number and text else None

    def answers(self, row: Row) -> tuple[int, ...]:
        """The findings of this form that an action answers, by their numbers on their sheet."""
        numbers = re.findall(r"[^\s,;]+", row.text("answers"))
        for number in numbers:
            if ("number", number) not in self.places:
                expected = "the number of a row that is filled in on the sheet before"
                row.fault("answers", shown(number), expected)
        return tuple(int(self.places["number", each]) for each in numbers if ("number", each) in self.places)

    def date(self, row: Row, name: str) -> date | None:
        day = row.read(name, self.day)
        if day is None or self.visit_date is None:
            return day
        if not 1990 <= day.year <= 2100:
            row.fault(name, f"the day {day}", "a day from 1990 to 2100")
            return None
        if day < self.visit_date:
            said = (f"the day {day}", f"a day after the visit of {self.visit_date}; it was kept")
            row.fault(name, *said, severity="warning")
        return day


def _progress(row: Row) -> tuple[Progress, ...]:
    found = []
    for quarter in range(1, QUARTERS + 1):
        status_cell, outcome = f"status {quarter}", row.text(f"outcome {quarter}")
        if row.text(status_cell):
            status = row.read(status_cell, _choice(STATUS_WORDS))
            if status:
                found.append(Progress(quarter, status, outcome))
        elif outcome:
            row.fault(status_cell, "an outcome without a status", f"one of {', '.join(STATUS_WORDS.names)}")
    return tuple(found)


def _doubts(row: Row, action: PlannedAction) -> None:
    """What stands in a row and can hardly be meant; it is kept as it stands."""
    last = action.progress[-1].status if action.progress else None
    if "due" in row.columns and not row.text("due"):
        expected = "the day by which it is to be done"
        row.fault("due", "an empty cell", expected, "without one it is never overdue", "warning")
    if "role" in row.columns and not row.text("role"):
        row.fault("role", "an empty cell", "who sees to it, by role", severity="warning")
    if last == "closed" and not row.text("closed_on"):
        remedy = "without one nobody can tell whether it was on time"
        row.fault("closed_on", "an empty cell", "the day it was closed", remedy, "warning")
    if action.closed_on and last is not None and last != "closed":
        expected = f"no day: the status last reported is {last!r}; both are kept"
        row.fault("closed_on", f"the day {action.closed_on}", expected, severity="warning")


def _choice(known: Vocabulary) -> Callable[[str], Reading[str]]:
    """A reader of cells that hold one of the form's own words."""

    def read(text: str) -> Reading[str]:
        name = known.find(text)
        if name is not None:
            return Reading(name)
        close = known.suggest(text) if text else None
        remedy = f"did you mean {close!r}?" if close else ""
        return Reading(
            None, shown(text) if text else "an empty cell", f"one of {', '.join(known.names)}", remedy
        )

    return read


def _number(text: str) -> Reading[int]:
    reading = read_whole(text)
    if reading.value is None or not 1 <= reading.value <= 999:
        return Reading(None, shown(text) if text else "an empty cell", "the action's number, from 1 to 999")
    return reading
