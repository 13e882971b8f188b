"""Where everything stands on a form: the sheets, labels and headings of every version there has been.

Writer and reader both take their words from here. A version is never changed once forms of it are about:
a new one is added, and :data:`LAYOUTS` keeps the old ones readable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from improvement_analysis.vocabulary import Term, Vocabulary

__all__ = ["CURRENT", "FINDING_KINDS", "LAYOUTS", "LOCKED", "QUARTERS", "Layout", "Table"]

#: Quarters after the visit that an action plan has room for.
QUARTERS = 4

#: The entries of the first sheet that are not filled in by hand.
LOCKED = ("illustrative", "version")

#: Kinds of finding on a form, with the spellings that mean them.
FINDING_KINDS = Vocabulary(
    "kind",
    [
        Term("strength", ("strengths",)),
        Term("vulnerability", ("vulnerabilities",)),
        Term("recommendation", ("recommendations",)),
    ],
)


@dataclass(frozen=True)
class Table:
    """A sheet: its name and what its headings (or, on the first, its labels) stand for.

    Attributes
    ----------
    sheet
        Its name.
    fields
        Our word for each heading, in the order of the columns or rows.
    needed
        The fields without which the sheet cannot be read.
    of_some
        The fields that not every form has.
    """

    sheet: str
    fields: Mapping[str, str]
    needed: tuple[str, ...]
    of_some: tuple[str, ...] = ()

    @property
    def headings(self) -> tuple[str, ...]:
        """The headings in order."""
        return tuple(self.fields)

    def heading(self, name: str) -> str:
        """The heading of a field."""
        return next(heading for heading, field_ in self.fields.items() if field_ == name)


@dataclass(frozen=True)
class Layout:
    """One version of the form.

    Attributes
    ----------
    version
        Its number; 0 has no number on it.
    visit
        Labels down the first column, entries beside them.
    grades, findings, actions, evidence
        A header row, and rows below it; a version without evidence has no sheet for it.
    beside
        Sheets that hold nothing to be read.
    """

    version: int
    visit: Table
    grades: Table
    findings: Table
    actions: Table
    beside: tuple[str, ...] = field(default=())
    evidence: Table | None = None

    @property
    def sheets(self) -> tuple[str, ...]:
        """The sheets that are read."""
        tables = (self.visit, self.evidence, self.grades, self.findings, self.actions)
        return tuple(table.sheet for table in tables if table is not None)


_PROGRESS = {
    f"Quarter {number}: {word}": f"{word} {number}"
    for number in range(1, QUARTERS + 1)
    for word in ("status", "outcome")
}

_VERSION_1 = Layout(
    version=1,
    visit=Table(
        "Visit",
        {
            "Authority": "authority",
            "Area": "area",
            "Service": "service",
            "Team": "team",
            "Round": "round",
            "Date of the visit": "visit_date",
            "Graders of the authority (roles)": "graders",
            "Graders of the improvement partner (roles)": "partner_graders",
            "Illustrative": "illustrative",
            "Form version": "version",
        },
        ("service", "team", "visit_date", "illustrative", "version"),
    ),
    grades=Table(
        "Grades",
        {
            "Quality domain": "domain",
            "Grade": "grade",
            "Second grader's grade": "second_grade",
            "Reasons in a sentence or two": "reason",
        },
        ("domain", "grade"),
    ),
    findings=Table(
        "Strengths and vulnerabilities",
        {"Kind": "kind", "Finding": "text", "Quality domain": "domain"},
        ("kind", "text"),
    ),
    actions=Table(
        "Action plan",
        {
            "No.": "number",
            "What will be done": "action",
            "Quality domain": "domain",
            "Who (role)": "role",
            "By when": "due",
            "How we will know it worked": "measure",
            **_PROGRESS,
            "Closed on": "closed_on",
        },
        ("number", "action"),
    ),
    beside=("Read me", "Lists"),
)

_VERSION_2 = replace(
    _VERSION_1,
    version=2,
    visit=Table(
        "Visit",
        {
            **{label: name for label, name in _VERSION_1.visit.fields.items() if name not in LOCKED},
            "Stage of these grades": "stage",
            "Notes that stay private": "private_notes",
            **{label: name for label, name in _VERSION_1.visit.fields.items() if name in LOCKED},
        },
        _VERSION_1.visit.needed,
    ),
    evidence=Table(
        "Evidence",
        {
            "Kind of evidence": "kind",
            "How many": "number",
            "What it was, and what it showed": "text",
            "Quality domain": "domain",
        },
        ("kind",),
    ),
    grades=Table(
        "Grades",
        {
            "Quality domain": "domain",
            "Grade": "grade",
            "Second grader's grade": "second_grade",
            "Grades given so far": "given",
            "Reasons in a sentence or two": "reason",
        },
        _VERSION_1.grades.needed,
        of_some=("second_grade", "given"),
    ),
    findings=replace(
        _VERSION_1.findings, fields={**_VERSION_1.findings.fields, "No.": "number"}, of_some=("number",)
    ),
    actions=replace(
        _VERSION_1.actions,
        fields={**_VERSION_1.actions.fields, "Answers recommendation no.": "answers"},
        of_some=("answers",),
    ),
)

#: The form before it was versioned: one grader, no reasons, a plan without quarters.
_VERSION_0 = Layout(
    version=0,
    visit=Table(
        "Visit details",
        {
            "Locality": "area",
            "Service": "service",
            "Team": "team",
            "Round": "round",
            "Visit date": "visit_date",
        },
        ("service", "team", "visit_date"),
    ),
    grades=Table("Judgements", {"Domain": "domain", "Judgement": "grade"}, ("domain", "grade")),
    findings=Table("Findings", {"Kind": "kind", "Finding": "text"}, ("kind", "text")),
    actions=Table(
        "Actions",
        {"Action": "action", "Who": "role", "By when": "due", "Success measure": "measure"},
        ("action",),
    ),
)

#: Every version there has been, newest first.
LAYOUTS = (_VERSION_2, _VERSION_1, _VERSION_0)

#: The version that is written.
CURRENT = LAYOUTS[0]
