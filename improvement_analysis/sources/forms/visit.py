"""What one team diagnostic form holds, apart from how a workbook lays it out."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from improvement_analysis.about import About
from improvement_analysis.standing import STAGES
from improvement_analysis.vocabulary import clean

__all__ = [
    "FormEvidence",
    "FormFinding",
    "PlannedAction",
    "Progress",
    "TeamForm",
    "first_stage",
    "tidy_text",
]


def first_stage(about: About) -> str:
    """The stage of the form of the day itself, which has a second grader's column and an action plan."""
    return STAGES[0] if STAGES[0] in about.stages else about.stages[0]


def tidy_text(text: str) -> str:
    """*text* as a form keeps it: no blanks at the ends of lines, one kind of line end, no blank lines around.

    Examples
    --------
    >>> tidy_text(" first \\r\\n second\\n\\n")
    'first\\nsecond'
    """
    lines = re.split(r"\r\n|\r|\n|\u0085|\u2028|\u2029|\x0b|\x0c", text)
    return "\n".join(line.strip() for line in lines).strip("\n")


@dataclass(frozen=True)
class FormFinding:
    """A strength, a vulnerability or a recommendation, in words.

    Attributes
    ----------
    kind
        One of the layout's kinds.
    text
        The finding.
    domain
        The key of the domain it bears on; missing where it is about the team as a whole.
    """

    kind: str
    text: str
    domain: str | None = None


@dataclass(frozen=True)
class FormEvidence:
    """A kind of evidence that was looked at.

    Attributes
    ----------
    kind
        One of :data:`~improvement_analysis.evidence.EVIDENCE_KINDS`.
    text
        What it was, and what it showed. May be empty.
    domain
        The key of the domain it bears on; missing where it is about the team as a whole.
    number
        How many: records, visits, people; missing where nobody counted.
    """

    kind: str
    text: str = ""
    domain: str | None = None
    number: int | None = None


@dataclass(frozen=True)
class Progress:
    """How an action stood in one quarter, the first after the visit's counted 1."""

    quarter: int
    status: str
    outcome: str = ""


@dataclass(frozen=True)
class PlannedAction:
    """A line of the action plan.

    Attributes
    ----------
    number
        Its number on the form, from 1.
    action, measure
        What will be done, and how it will be known that it worked.
    domain
        The key of the domain it is for; missing where it is for several or none.
    role
        Who sees to it: a role, never a name. May be empty.
    due, closed_on
        By when, and when it was closed; missing where not set.
    progress
        What was reported, in order of quarters.
    answers
        The recommendations, or other findings of the form, that it answers: counted from 1.
    """

    number: int
    action: str
    domain: str | None = None
    role: str = ""
    due: date | None = None
    measure: str = ""
    closed_on: date | None = None
    progress: tuple[Progress, ...] = ()
    answers: tuple[int, ...] = ()


@dataclass(frozen=True)
class TeamForm:
    """One visit to one team: what is filled in, or so far.

    Attributes
    ----------
    authority, round, area, service, team
        Whose visit. Empty where not filled in yet.
    visit_date
        The day of the visit.
    graders, partner_graders
        Who graded, for the authority and for its improvement partner: roles, never names.
    illustrative
        Whether it is made up; the form then says so on every sheet.
    grades, second_grades, reasons
        By domain key: the grade as the scale spells it, or words for none; the grade of a second grader,
        where there is one, for every domain; why, in words.
    findings, actions, evidence
        The tables beside them, in their order.
    stage
        When the grades were given, as the dataset declares its stages.
    given
        By domain key: what was graded before, in words, for those who settle a grade. Nothing reads it.
    private_notes
        What stays on the form: no table, page or export holds it.
    """

    authority: str = ""
    round: str = ""
    area: str = ""
    service: str = ""
    team: str = ""
    visit_date: date | None = None
    graders: str = ""
    partner_graders: str = ""
    illustrative: bool = False
    grades: Mapping[str, str] = field(default_factory=dict)
    second_grades: Mapping[str, str] = field(default_factory=dict)
    reasons: Mapping[str, str] = field(default_factory=dict)
    findings: tuple[FormFinding, ...] = ()
    actions: tuple[PlannedAction, ...] = ()
    evidence: tuple[FormEvidence, ...] = ()
    stage: str = STAGES[0]
    given: Mapping[str, str] = field(default_factory=dict)
    private_notes: str = ""

    def tidied(self) -> TeamForm:
        """The same form with its texts as a workbook gives them back, and nothing where a text is empty."""
        return replace(
            self,
            authority=clean(self.authority),
            round=clean(self.round),
            area=clean(self.area),
            service=clean(self.service),
            team=clean(self.team),
            graders=clean(self.graders),
            partner_graders=clean(self.partner_graders),
            grades=_filled(self.grades),
            second_grades=_filled(self.second_grades),
            reasons=_filled({domain: tidy_text(text) for domain, text in self.reasons.items()}),
            findings=tuple(replace(each, text=tidy_text(each.text)) for each in self.findings),
            actions=tuple(_tidied(each) for each in self.actions),
            evidence=tuple(replace(each, text=tidy_text(each.text)) for each in self.evidence),
            stage=clean(self.stage),
            given=_filled(self.given),
            private_notes=tidy_text(self.private_notes),
        )


def _tidied(action: PlannedAction) -> PlannedAction:
    return replace(
        action,
        action=tidy_text(action.action),
        measure=tidy_text(action.measure),
        role=clean(action.role),
        progress=tuple(replace(each, outcome=tidy_text(each.outcome)) for each in action.progress),
    )


def _filled(texts: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in texts.items() if text}
