"""Forms that were read, as the tables everything else takes: gradings, findings, evidence, actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from pathlib import PurePosixPath

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.actions import as_actions, quarters_after
from improvement_analysis.evidence import as_evidence, as_visits
from improvement_analysis.findings import SEPARATOR
from improvement_analysis.gradings import COLUMNS, shape_gradings
from improvement_analysis.notation import read_grade
from improvement_analysis.rounds import as_rounds
from improvement_analysis.sources.forms.layout import QUARTERS
from improvement_analysis.sources.forms.reader import FormReading
from improvement_analysis.standing import STAGES

__all__ = [
    "FINDING_COLUMNS",
    "GRADERS",
    "actions_of",
    "evidence_of",
    "findings_of",
    "gradings_of",
    "visits_of",
]

#: What the gradings of a form call their grader, by stage; at another stage, its name and "grader".
GRADERS = {"agreed": "graders together", "moderated": "moderator"}

#: The columns of findings from forms: those of every dataset, then the team and the round.
FINDING_COLUMNS = (
    "id",
    "kind",
    "theme",
    "domains",
    "services",
    "areas",
    "text",
    "page",
    "source",
    "teams",
    "round",
)

#: The theme of a finding that is tied to no domain.
WHOLE_TEAM = "the team as a whole"


def gradings_of(readings: Iterable[FormReading], about: About) -> pd.DataFrame:
    """A row for every grade on the forms, in the order of rounds, areas, services, teams and domains."""
    rows = [row for reading in readings for row in _gradings(reading, about)]
    columns = [*COLUMNS[:-1], *(["reasons"] if any(row["reasons"] for row in rows) else []), COLUMNS[-1]]
    frame = shape_gradings(
        pd.DataFrame(rows, columns=columns),
        scale=about.scale,
        domains=about.domains,
        stages=about.stages,
    )
    frame["round"] = as_rounds(frame, about.declared_rounds)
    keys = ["authority", "round", "area", "service", "team", "domain", "grader", "stage"]
    return frame.sort_values(keys, key=lambda column: _order(column, about), kind="stable", ignore_index=True)


def _gradings(reading: FormReading, about: About) -> Iterator[dict[str, object]]:
    form = reading.form
    visit = _visit(reading, about)
    both: tuple[tuple[str, str, Mapping[str, str], Mapping[str, str]], ...] = (
        (form.stage, "grade", form.grades, form.reasons),
        (STAGES[1], "second_grade", form.second_grades, {}),
    )
    for stage, name, grades, reasons in both:
        for domain, text in grades.items():
            read = read_grade(text, about.scale)
            yield {
                **visit,
                "domain": domain,
                "grade": read.grade,
                "ungraded_reason": read.reason,
                "grader": GRADERS.get(stage, f"{stage} grader"),
                "stage": stage,
                "reasons": reasons.get(domain),
                "source": reading.places[name, domain],
            }


def findings_of(readings: Iterable[FormReading], about: About) -> pd.DataFrame:
    """A row for every strength, vulnerability and recommendation on the forms."""
    rows = []
    for reading in readings:
        visit, stem = _visit(reading, about), PurePosixPath(reading.file).stem
        for place, finding in enumerate(reading.form.findings):
            theme = about.short_labels[finding.domain] if finding.domain else WHOLE_TEAM
            rows.append(
                {
                    "id": f"{stem}-{place + 1}",
                    "kind": finding.kind,
                    "theme": theme,
                    "domains": finding.domain,
                    "services": visit["service"],
                    "areas": visit["area"],
                    "text": finding.text,
                    "page": None,
                    "source": reading.places["finding", place],
                    "teams": visit["team"],
                    "round": visit["round"],
                }
            )
    frame = pd.DataFrame(rows, columns=list(FINDING_COLUMNS), dtype=object)
    return frame.astype({**dict.fromkeys(FINDING_COLUMNS, "str"), "page": "Int64"})


def actions_of(readings: Iterable[FormReading], about: About) -> pd.DataFrame:
    """A row for every action of the forms and every quarter that was reported on."""
    return as_actions(row for reading in readings for row in _actions(reading, about))


def _actions(reading: FormReading, about: About) -> Iterator[dict[str, object]]:
    form = reading.form
    visit, stem = _visit(reading, about), PurePosixPath(reading.file).stem
    quarters = quarters_after(form.visit_date, QUARTERS) if form.visit_date else ()
    for action in form.actions:
        row: dict[str, object] = {
            **visit,
            "number": action.number,
            "action": action.action,
            "domain": action.domain,
            "role": action.role or None,
            "due": action.due,
            "measure": action.measure or None,
            "answers": SEPARATOR.join(f"{stem}-{number}" for number in action.answers) or None,
            "closed_on": action.closed_on,
            "source": reading.places["action", action.number],
        }
        for each in action.progress:
            quarter = quarters[each.quarter - 1]
            yield {**row, "quarter": quarter, "status": each.status, "outcome": each.outcome or None}
        if not action.progress:
            yield row


def evidence_of(readings: Iterable[FormReading], about: About) -> pd.DataFrame:
    """A row for every kind of evidence on the forms."""
    return as_evidence(
        {
            **_visit(reading, about),
            "stage": reading.form.stage,
            "kind": each.kind,
            "domain": each.domain,
            "number": each.number,
            "text": each.text or None,
            "source": reading.places["evidence", place],
        }
        for reading in readings
        for place, each in enumerate(reading.form.evidence)
    )


def visits_of(readings: Iterable[FormReading], about: About) -> pd.DataFrame:
    """A row for every form that says who graded, by role."""
    return as_visits(
        {
            **_visit(reading, about),
            "stage": reading.form.stage,
            "graders": reading.form.graders or None,
            "partner_graders": reading.form.partner_graders or None,
            "source": reading.places["visit", ""],
        }
        for reading in readings
        if reading.form.graders or reading.form.partner_graders
    )


def _visit(reading: FormReading, about: About) -> dict[str, str | date | None]:
    """The columns that every row of a form shares."""
    form = reading.form
    return {
        "authority": form.authority or about.authority,
        "round": form.round or about.round,
        "area": form.area or None,
        "service": form.service,
        "team": form.team,
        "visit_date": form.visit_date,
    }


def _order(column: pd.Series, about: About) -> pd.Series:
    """What a column is sorted by: declared names in their declared order, others by their letters."""
    declared = {"service": about.services.names, "area": about.areas.names}.get(str(column.name))
    if declared:
        return column.map({name: place for place, name in enumerate(declared)})
    return column if isinstance(column.dtype, pd.CategoricalDtype) else column.str.casefold()
