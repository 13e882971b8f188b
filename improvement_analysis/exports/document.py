"""A service's summary as a Word document, in the manner in which results are published."""

from __future__ import annotations

from collections.abc import Sequence

from improvement_analysis.dataset import Dataset
from improvement_analysis.exports.document_parts import Paper
from improvement_analysis.exports.marking import mark
from improvement_analysis.exports.office import need_library
from improvement_analysis.exports.packing import Properties, pack
from improvement_analysis.exports.summary import Finding, ServiceSummary, explain_codes
from improvement_analysis.findings import KIND_TITLES, KINDS
from improvement_analysis.pages import caveats, evaluate, source_note

__all__ = ["document_bytes", "evaluation_bytes"]


def document_bytes(dataset: Dataset, service: str) -> bytes:
    """A summary of one service for Word: the same dataset gives the same bytes.

    Domain, headline and tally as they are published; the chart; strengths and vulnerabilities with the
    place of each; what to know about the figures; the source.

    Raises
    ------
    GradingsError
        If no gradings are of this service.
    ReportError
        If python-docx is not installed.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> ds = load("worcestershire-2018")
    >>> document_bytes(ds, "Care Leaving") == document_bytes(ds, "Care Leaving")
    True
    """
    need_library("docx", "python-docx", "a Word document")
    summary = ServiceSummary(dataset, service)
    title = f"{service}: summary of the team diagnostics"
    paper = Paper(summary.marking.status, f"{summary.name}, {summary.where}")
    paper.title(service, f"Summary of the team diagnostics, {summary.where}")
    if summary.marking.banners:
        paper.mark(summary.marking.status)
    paper.paragraph(summary.marking.reason)
    paper.heading("Main findings")
    paper.bullets(summary.main_findings)
    paper.heading("Grades by domain")
    _add_grades(paper, summary)
    _add_chart(paper, summary)
    _add_findings(paper, "What the report found", summary.own_findings, f"names {service}")
    _add_findings(paper, "Across services", summary.crossing_findings, "is about no service in particular")
    paper.heading("What to know about these figures")
    paper.bullets(summary.caveats)
    paper.heading("Source")
    for term, text in summary.source_terms:
        paper.term(term, text)
    properties = Properties(f"{title}, {summary.where}", dataset.about.title, summary.marking.status)
    return pack(paper.save(), properties)


def evaluation_bytes(dataset: Dataset) -> bytes:
    """The self-evaluation for Word: under each question its sentences, each with its source.

    Raises
    ------
    ReportError
        If python-docx is not installed.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> len(evaluation_bytes(load("worcestershire-2018"))) > 10_000
    True
    """
    need_library("docx", "python-docx", "a Word document")
    about, marking = dataset.about, mark(dataset)
    paper = Paper(marking.status, f"Self-evaluation, {about.scope}")
    paper.title("Self-evaluation", about.scope)
    if marking.banners:
        paper.mark(marking.status)
    paper.paragraph(marking.reason)
    statements = evaluate(dataset)
    for question in dict.fromkeys(each.question for each in statements):
        paper.heading(question)
        paper.bullets(
            [f"{each.sentence} [{each.source}]" for each in statements if each.question == question]
        )
    paper.heading("What to know about these figures")
    paper.bullets(caveats(dataset).items)
    paper.heading("Source")
    note = source_note(dataset)
    for term, text in zip(note.terms, note.items, strict=True):
        paper.term(term, text)
    return pack(paper.save(), Properties(f"Self-evaluation, {about.scope}", about.title, marking.status))


def _add_grades(paper: Paper, summary: ServiceSummary) -> None:
    paper.paragraph(explain_codes(summary.counts, summary.scale))
    place = "Where it stands"
    if any(row.headline for row in summary.rows):
        header, widths = ("Quality domain", "Headline", "As published", place), (4.5, 2.9, 3.2, 4.4)
        rows: list[Sequence[str]] = [
            (row.title, row.headline or "none published", row.printed, row.source) for row in summary.rows
        ]
        said = "grades as published. The headline is not worked out from the teams' grades"
    else:
        header, widths = ("Quality domain", "Teams at each grade", place), (5.0, 4.0, 6.0)  # type: ignore[assignment]
        rows = [(row.title, row.printed, row.source) for row in summary.rows]
        said = "number of teams at each grade"
    paper.table([header, *rows], widths, f"{summary.service}: {said}.")


def _add_chart(paper: Paper, summary: ServiceSummary) -> None:
    from improvement_analysis.charts import grade_grid

    chart = grade_grid(
        summary.counts,
        subject=summary.service,
        headlines=summary.dataset.headlines(summary.service),
        about=summary.dataset.about,
    )
    paper.picture(chart.png, chart.alt_text)


def _add_findings(paper: Paper, heading: str, findings: Sequence[Finding], what: str) -> None:
    paper.heading(heading)
    if not findings:
        paper.paragraph(f"The report holds no finding that {what}.")
    for kind in KINDS:
        found = [finding for finding in findings if finding.kind == kind]
        if found:
            paper.heading(KIND_TITLES[kind], 2)
            paper.bullets([f"{each.repeated} [{each.theme}; {each.source}]" for each in found])
