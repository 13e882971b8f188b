"""A form made ready for a workbook: declared names, grades as the scale spells them, nothing unreadable."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime
from typing import TypeVar

from improvement_analysis.about import About
from improvement_analysis.actions import STATUS_WORDS
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.evidence import EVIDENCE_KINDS
from improvement_analysis.sources.forms.layout import FINDING_KINDS, QUARTERS
from improvement_analysis.sources.forms.visit import (
    FormEvidence,
    FormFinding,
    PlannedAction,
    TeamForm,
    first_stage,
)
from improvement_analysis.sources.recognition.cells import grade_reader, name_reader
from improvement_analysis.sources.recognition.raw_table import Reading
from improvement_analysis.sources.recognition.roles import role_of
from improvement_analysis.standing import STAGES
from improvement_analysis.vocabulary import Term, Vocabulary

__all__ = ["prepare"]

T = TypeVar("T")

#: What a cell cannot hold or would give back otherwise.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]|_x[0-9A-Fa-f]{4}_|x005F_")

#: Letters that a cell of a workbook holds.
MOST_LETTERS = 32_767


def prepare(form: TeamForm, about: About) -> TeamForm:
    """*form* as a workbook will give it back.

    Raises
    ------
    SourceError
        If it holds what no form of this dataset can: an unknown domain, service, kind or status, what is no
        grade, a text that a workbook cannot keep, a name where a role belongs. Every fault is named.
    """
    preparing = _Preparing(form, about)
    prepared = preparing.form()
    if preparing.problems:
        raise SourceError(preparing.problems)
    return prepared


class _Preparing:
    """Takes a form's values one after another and gathers what is wrong with them."""

    def __init__(self, form: TeamForm, about: About) -> None:
        self.given, self.about = form, about
        self.keys = [domain.key for domain in about.domains]
        self.problems: list[Problem] = []

    def fault(self, found: str, expected: str, remedy: str = "") -> None:
        self.problems.append(Problem("a form to be written", found, expected, remedy))

    def form(self) -> TeamForm:
        for text in _texts(self.given):
            self.text(text)
        if self.problems:
            return self.given
        form = self.given.tidied()
        known = Vocabulary("round"), Vocabulary("team"), self.about.areas, self.about.services
        round_, team, area, service = (
            self.read(name_reader(names.kind, names, may_be_empty=True), getattr(form, names.kind)) or ""
            for names in known
        )
        role = role_of(self.about)
        self.day(form.visit_date)
        numbers = [action.number for action in form.actions]
        for number in sorted({number for number in numbers if numbers.count(number) > 1}):
            self.fault(f"the number {number} for two actions", "each action's own number")
        return replace(
            form,
            authority=self.read(
                name_reader("authority", Vocabulary("authority"), may_be_empty=True), form.authority
            )
            or "",
            round=round_,
            team=team,
            area=area,
            service=service,
            graders=self.read(role, form.graders) or "",
            partner_graders=self.read(role, form.partner_graders) or "",
            grades=self.grades(form.grades),
            second_grades=self.grades(form.second_grades),
            reasons=self.by_domain(form.reasons),
            findings=tuple(map(self.finding, form.findings)),
            actions=tuple(map(self.action, form.actions)),
            evidence=tuple(map(self.evidence, form.evidence)),
            stage=self.stage(form),
            given=self.by_domain(form.given),
        )

    def stage(self, form: TeamForm) -> str:
        first = first_stage(self.about)
        if form.stage in ("", STAGES[0]):
            return first
        stages = Vocabulary("stage", map(Term, self.about.stages))
        stage = self.read(name_reader("stage", stages), form.stage) or ""
        if stage != first and (form.second_grades or form.actions):
            self.fault(f"a second grader's grades or actions at the stage {stage!r}", "them on a first form")
        return stage

    def read(self, reader: Callable[[str], Reading[T]], text: str) -> T | None:
        reading = reader(text)
        if reading.is_error:
            self.fault(reading.found, reading.expected, reading.remedy)
        return reading.value

    def text(self, text: str) -> None:
        if match := _UNWRITABLE.search(text):
            self.fault(f"a text that holds {match[0]!a}", "letters that a workbook can keep")
        if len(text) > MOST_LETTERS:
            self.fault(f"a text of {len(text):,} letters", f"at most {MOST_LETTERS:,}")

    def day(self, day: date | None) -> None:
        if isinstance(day, datetime) or (day is not None and not 1990 <= day.year <= 2100):
            self.fault(str(day), "a day between 1990 and 2100")

    def by_domain(self, texts: Mapping[str, str]) -> dict[str, str]:
        for key in texts:
            if key not in self.keys:
                self.fault(f"the domain {key!r}", f"one of {', '.join(self.keys)}")
        return {key: texts[key] for key in self.keys if key in texts}

    def grades(self, texts: Mapping[str, str]) -> dict[str, str]:
        reader, found = grade_reader(self.about.scale), {}
        for key, text in self.by_domain(texts).items():
            reading = self.read(reader, text)
            found[key] = (reading.grade or reading.reason or "") if reading else ""
        return found

    def finding(self, finding: FormFinding) -> FormFinding:
        if finding.kind not in FINDING_KINDS:
            self.fault(f"the kind {finding.kind!r}", f"one of {', '.join(FINDING_KINDS.names)}")
        if not finding.text:
            self.fault("a finding without words", "a text")
        self.domain(finding.domain)
        return finding

    def evidence(self, evidence: FormEvidence) -> FormEvidence:
        if evidence.kind not in EVIDENCE_KINDS:
            self.fault(f"the kind {evidence.kind!r}", f"one of {', '.join(EVIDENCE_KINDS.names)}")
        if evidence.number is not None and evidence.number < 0:
            self.fault(f"the number {evidence.number} of evidence", "a whole number from 0")
        self.domain(evidence.domain)
        return evidence

    def action(self, action: PlannedAction) -> PlannedAction:
        if not action.action:
            self.fault(f"action {action.number} without words", "a text")
        if not 1 <= action.number <= 999:
            self.fault(f"the number {action.number} of an action", "a whole number from 1")
        quarters = [each.quarter for each in action.progress]
        if quarters != sorted(set(quarters)) or not set(quarters) <= set(range(1, QUARTERS + 1)):
            self.fault(
                f"progress in the quarters {quarters}", f"quarters 1 to {QUARTERS}, each once, in order"
            )
        for each in action.progress:
            if each.status not in STATUS_WORDS:
                self.fault(f"the status {each.status!r}", f"one of {', '.join(STATUS_WORDS.names)}")
        self.domain(action.domain)
        self.day(action.due)
        self.day(action.closed_on)
        return replace(action, role=self.read(role_of(self.about), action.role) or "")

    def domain(self, key: str | None) -> None:
        if key is not None and key not in self.keys:
            self.fault(f"the domain {key!r}", f"one of {', '.join(self.keys)}")


def _texts(value: object) -> Iterator[str]:
    """Every text in a form, however deep."""
    if isinstance(value, str):
        yield value
    elif is_dataclass(value):
        for each in fields(value):
            yield from _texts(getattr(value, each.name))
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _texts(each)
    elif isinstance(value, Iterable):
        for each in value:
            yield from _texts(each)
