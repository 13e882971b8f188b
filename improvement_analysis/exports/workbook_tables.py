"""The tables of a workbook, a function for each sheet: frames without a gap, numbers as numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from improvement_analysis.counts import count_grades, count_teams
from improvement_analysis.dataset import Dataset
from improvement_analysis.exports.sheets import Sheet
from improvement_analysis.exports.summary import ServiceSummary, explain_codes, files_of
from improvement_analysis.findings import select_findings
from improvement_analysis.pages import list_problems, list_reconciliation
from improvement_analysis.rounds import latest_round
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import NOT_STATED, plural, shown_grades
from improvement_analysis.tables import Table
from improvement_analysis.vocabulary import day_in_words

__all__ = [
    "NOTES",
    "actions_sheet",
    "checks_sheet",
    "evidence_sheet",
    "findings_sheet",
    "gradings_sheet",
    "overview_sheet",
    "problems_sheet",
    "published_sheet",
    "reasons_sheet",
    "service_sheet",
    "visits_sheet",
]

#: What the sheet Notes says, by key.
NOTES = {
    "split": "A split grade lies between two grades. It is counted as a grade of its own, given to neither.",
    "no judgement": "The source gives the team no grade in this domain. That is neither a bad grade "
    "nor a gap in the data; it stands outside the scale and outside the teams judged.",
    "judged": "Teams that were given a grade. Two to nine teams are counted, not turned into percentages, "
    "and grades in words have no mean.",
    "headline": "As published for the service. It is never worked out from the grades of the teams.",
    "printed": "The source's own spelling: the headline, then in brackets how many teams got which grade.",
    "tally": "How many teams got which grade. A grade that nobody has is left out.",
    "source": "Where the numbers of the row stand: a file and the place in it, "
    "or the files where there are several.",
}

_WHOLE = re.compile(r"[+-]?\d+")
_SOURCE = "Source"


def service_sheet(dataset: Dataset, service: str, label: str, gradings_label: str | None) -> Sheet:
    """How many teams of a service got which grade, by domain."""
    summary = ServiceSummary(dataset, service)
    scale, counts = summary.scale, summary.counts
    grades = [*shown_grades(counts, scale), NO_JUDGEMENT]
    columns: dict[str, list[object]] = {"Quality domain": [row.title for row in summary.rows]}
    for grade in grades:
        columns[scale.name(grade)] = counts[grade].tolist()
    judged = counts.drop(columns=NO_JUDGEMENT).sum(axis=1)
    columns["Teams judged"] = judged.tolist()
    columns["Teams graded"] = counts.sum(axis=1).tolist()
    notes = {scale.name(grade): "split" for grade in grades[:-1] if scale.is_split(grade)}
    notes |= {scale.name(NO_JUDGEMENT): "no judgement", "Teams judged": "judged"}
    if dataset.headlines(service) is not None:
        columns["Published headline"] = [row.headline or "none published" for row in summary.rows]
        columns["As published"] = [row.printed for row in summary.rows]
        notes |= {"Published headline": "headline", "As published": "printed"}
    by_domain = summary.gradings.groupby("domain", observed=True)
    columns[_SOURCE] = [_place(by_domain.get_group(row.domain), gradings_label) for row in summary.rows]
    frame = pd.DataFrame(columns)
    widths = [34, *(14 for _ in grades), 10, 10, *(21 for _ in frame.columns[len(grades) + 3 :])]
    title = f"{service}: number of teams at each grade, by quality domain, {summary.where}"
    legend = [explain_codes(counts, scale)] if "As published" in columns else []
    return Sheet(label, title, frame, _line(dataset), widths, notes | {_SOURCE: "source"}, legend)


def overview_sheet(
    dataset: Dataset, services: Sequence[str], label: str, gradings_label: str | None
) -> Sheet:
    """Every service and domain on one sheet: the grade as published, or the tally of the teams."""
    summaries = [ServiceSummary(dataset, service) for service in services]
    domains = dataset.about.short_labels
    heads = [
        f"{short} ({key})" if list(domains.values()).count(short) > 1 else short
        for key, short in domains.items()
    ]
    rows = []
    for summary in summaries:
        cells = {row.domain: row.printed for row in summary.rows}
        told = [cells.get(key, "not graded") for key in domains]
        rows.append([summary.service, summary.teams, *told, _place(summary.gradings, gradings_label)])
    frame = pd.DataFrame(rows, columns=["Service", "Teams graded", *heads, _SOURCE])
    printed = dataset.headlines() is not None
    every = count_grades(dataset.standing(), "domain", scale=dataset.about.scale)
    title = f"Every service and domain: {'the grade as published' if printed else 'teams at each grade'}"
    notes = dict.fromkeys(heads, "printed" if printed else "tally") | {_SOURCE: "source"}
    widths = [24, 10, *(18 for _ in heads), 21]
    return Sheet(
        label, title, frame, _line(dataset), widths, notes, [explain_codes(every, dataset.about.scale)]
    )


def published_sheet(dataset: Dataset, services: Sequence[str], label: str) -> Sheet:
    """Every printed cell, as read."""
    cells, scale, titles = dataset.published, dataset.about.scale, dataset.about.labels
    cells = cells[cells["service"].isin(services)]
    frame = pd.DataFrame(
        {
            "Service": cells["service"],
            "Quality domain": cells["domain"].map(lambda key: titles.get(key, key)),
            "As published": cells["grading"],
            "Published headline": [
                scale.name(each) if isinstance(each, str) else scale.name(NO_JUDGEMENT)
                for each in cells["headline"]
            ],
            "Tally": cells["tally"],
            "Teams in the tally": cells["teams"],
            "Teams declared": _filled(cells["teams_declared"]),
            _SOURCE: cells["source"],
        }
    )
    notes = {"As published": "printed", "Published headline": "headline", "Tally": "tally", _SOURCE: "source"}
    every = count_grades(dataset.standing(), "domain", scale=scale)
    title, widths = "Published cells", (24, 34, 21, 18, 18, 10, 12, 21)
    return Sheet(label, title, frame, _line(dataset), widths, notes, [explain_codes(every, scale)])


def findings_sheet(dataset: Dataset, services: Sequence[str] | None, label: str) -> Sheet | None:
    """What the report found in words, in the latest round; None where there is nothing."""
    latest = latest_round(dataset.gradings)
    if services is None:
        found = select_findings(dataset.findings, round=latest)
    else:
        parts = [select_findings(dataset.findings, service=each, round=latest) for each in services]
        found = pd.concat(
            [*parts, select_findings(dataset.findings, crossing=True, round=latest)]
        ).drop_duplicates("id")
    if found.empty:
        return None
    titles = dataset.about.short_labels
    frame = pd.DataFrame(
        {
            "Number": range(1, len(found) + 1),
            "Kind": found["kind"].str.capitalize(),
            "Finding": found["text"],
            "Theme": _filled(found["theme"]),
            "Services": _filled(found["services"], "none in particular"),
            "Quality domains": [_titled(cell, titles) for cell in found["domains"]],
            "Areas": _filled(found["areas"], "none in particular"),
            _SOURCE: found["source"],
        }
    )
    about = "" if services is None else f" about {', '.join(services)}, and across services"
    widths = (10, 15, 46, 20, 21, 20, 20, 21)
    return Sheet(
        label, f"Strengths and vulnerabilities{about}", frame, _line(dataset), widths, {_SOURCE: "source"}
    )


def checks_sheet(dataset: Dataset, services: Sequence[str] | None, label: str) -> Sheet | None:
    """Every check of the source against itself; None where nothing is published to be checked."""
    if dataset.published.empty:
        return None
    frame = list_reconciliation(dataset).frame
    kept = frame if services is None else frame[frame["Service"].isin(["", *services])]
    gaps = {
        "Service": "all services",
        "Domain": "all domains",
        "Difference in teams": "no number is compared",
        "Note": "none",
        "Where it stands": NOT_STATED,
    }
    filled = kept.apply(lambda column: _numbers(_filled(column, gaps.get(str(column.name), NOT_STATED))))
    filled = filled.rename(columns={"Where it stands": _SOURCE, "Domain": "Quality domain"})
    widths = (20, 24, 18, 14, 20, 14, 28, 21, 8)
    title = "Does the source agree with itself? Every check, place by place"
    return Sheet(label, title, filled, _line(dataset), widths, {_SOURCE: "source"})


def problems_sheet(dataset: Dataset, label: str) -> Sheet | None:
    """The warnings met while reading; None where there is none."""
    listed = list_problems(dataset)
    if not isinstance(listed, Table):
        return None
    frame = listed.frame.apply(lambda column: _filled(column, "none"))
    return Sheet(label, "Warnings met while reading the files", frame, _line(dataset), (26, 26, 40, 40, 40))


def gradings_sheet(gradings: pd.DataFrame, dataset: Dataset, label: str) -> Sheet:
    """The gradings that were counted, one to a row, with the place of each."""
    scale, titles = dataset.about.scale, dataset.about.short_labels
    days = _days(gradings["visit_date"])
    graded = gradings["grade"].notna()
    frame = pd.DataFrame(
        {
            "Number": range(1, len(gradings) + 1),
            "Service": gradings["service"],
            "Team": _filled(gradings["team"]),
            "Area": _filled(gradings["area"]),
            "Round": _filled(gradings["round"]),
            "Date of the visit": days,
            "Quality domain": [titles.get(str(key), str(key)) for key in gradings["domain"]],
            "Grade": [
                scale.name(str(g)) if there else scale.name(NO_JUDGEMENT)
                for g, there in zip(gradings["grade"], graded, strict=True)
            ],
            "Why there is no grade": _filled(gradings["ungraded_reason"], "graded"),
            "Grader": _filled(gradings["grader"]),
            _SOURCE: gradings["source"],
        }
    )
    widths = (10, 24, 12, 20, 10, 15, 20, 18, 15, 14, 34)
    title = f"Gradings of named teams: {plural(count_teams(gradings), 'team')}"
    notes = {"Grade": "no judgement", _SOURCE: "source"}
    return Sheet(label, title, frame, _line(dataset), widths, notes)


def reasons_sheet(dataset: Dataset, services: Sequence[str], label: str) -> Sheet | None:
    """Why grades were given, of every round, grader and stage; None where no reason is given."""
    gradings = dataset.gradings
    if "reasons" not in gradings:
        return None
    scale = dataset.about.scale
    kept = gradings[gradings["reasons"].notna()]
    grades = [scale.name(g) if isinstance(g, str) else NO_JUDGEMENT for g in kept["grade"].astype(object)]
    columns = {"Grade": grades, "Grader": "grader", "Stage": "stage", "Reasons": "reasons"}
    widths = (18, 15, 12, 60)
    return _visit_sheet(dataset, kept, services, label, "Why grades were given", columns, widths)


def evidence_sheet(dataset: Dataset, services: Sequence[str], label: str) -> Sheet | None:
    """What grades rest on; None where no evidence is held."""
    kept = dataset.evidence
    columns = {"Stage": "stage", "Kind of evidence": "kind", "How many": "number", "What it was": "text"}
    title, widths = "Evidence: what grades rest on", (12, 20, 10, 60)
    return _visit_sheet(dataset, kept, services, label, title, columns, widths)


def visits_sheet(dataset: Dataset, services: Sequence[str], label: str) -> Sheet | None:
    """Who graded, by role; None where no visit says so."""
    kept = dataset.visits.assign(domain=None)
    columns = {"Stage": "stage", "Graders": "graders", "Graders of the partner": "partner_graders"}
    title, widths = "Visits: who graded, by role", (12, 36, 36)
    return _visit_sheet(dataset, kept, services, label, title, columns, widths)


def actions_sheet(dataset: Dataset, services: Sequence[str], label: str) -> Sheet | None:
    """What teams will do, with every quarter reported; None where there is no action."""
    columns = {"No.": "number", "What will be done": "action", "Who (role)": "role", "By when": "due"}
    columns |= {"How we will know it worked": "measure", "Closed on": "closed_on", "Quarter": "quarter"}
    columns |= {"Status": "status", "What came of it": "outcome"}
    title, widths = "Actions, quarter by quarter", (6, 40, 18, 15, 36, 15, 12, 14, 36)
    return _visit_sheet(dataset, dataset.actions, services, label, title, columns, widths)


def _visit_sheet(
    dataset: Dataset,
    rows: pd.DataFrame,
    services: Sequence[str],
    label: str,
    title: str,
    columns: Mapping[str, str | Sequence[str]],
    widths: Sequence[int],
) -> Sheet | None:
    """Rows of visits to some services: which visit, then *columns*, by heading, then where it stands."""
    kept = rows["service"].isin(services)
    if not kept.any():
        return None
    titles = dataset.about.short_labels
    frame = pd.DataFrame({"Number": range(1, len(rows) + 1)}, index=rows.index)
    for heading in ("Service", "Team", "Area", "Round"):
        frame[heading] = _filled(rows[heading.lower()].astype(object))
    frame["Date of the visit"] = _days(rows["visit_date"])
    if rows["domain"].notna().any():
        frame["Quality domain"] = [titles.get(str(key), "all") for key in rows["domain"]]
    for heading, column in columns.items():
        values = rows[column] if isinstance(column, str) else pd.Series(column, index=rows.index)
        dated = pd.api.types.is_datetime64_any_dtype(values)
        frame[heading] = _days(values) if dated else _filled(values.astype(object))
    frame[_SOURCE] = rows["source"]
    shown = frame[kept].assign(Number=range(1, int(kept.sum()) + 1))
    before = (10, 24, 12, 20, 10, 15, *((20,) if "Quality domain" in frame else ()))
    return Sheet(label, title, shown, _line(dataset), (*before, *widths, 34), {_SOURCE: "source"})


def _days(days: pd.Series) -> list[str]:
    return [NOT_STATED if pd.isna(day) else day_in_words(day) for day in days]


def _place(gradings: pd.DataFrame, gradings_label: str | None) -> str:
    """Where some gradings stand: as rows of the sheet that lists them, or in their files."""
    if gradings_label is None:
        return files_of(gradings["source"])
    return f"{plural(len(gradings), 'row')} of the sheet {gradings_label}"


def _line(dataset: Dataset) -> str:
    return dataset.about.source_line or dataset.about.title or dataset.about.name


def _filled(column: Iterable[object], gap: str = NOT_STATED) -> pd.Series:
    values = column if isinstance(column, pd.Series) else pd.Series(list(column))
    filled = [gap if pd.isna(each) or not str(each).strip() else each for each in values.astype(object)]
    return pd.Series(filled, index=values.index, name=values.name, dtype=object)


def _numbers(column: pd.Series) -> pd.Series:
    """Whole numbers written as text, as numbers."""
    return column.map(lambda text: int(text) if _WHOLE.fullmatch(str(text)) else text).astype(object)


def _titled(cell: object, titles: dict[str, str]) -> str:
    keys = cell.split("; ") if isinstance(cell, str) else []
    return "; ".join(titles.get(key, key) for key in keys) or "none in particular"
