"""Slides for a service's learning workshop: what was found, in charts to be edited, and prompts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.exports.bar_chart import MOST_BARS, describe_bars, draw_bars
from improvement_analysis.exports.deck import Bullet, Deck
from improvement_analysis.exports.office import need_library
from improvement_analysis.exports.packing import Properties, pack
from improvement_analysis.exports.summary import Finding, ServiceSummary, explain_codes
from improvement_analysis.findings import KIND_TITLES, KINDS, QUESTIONS
from improvement_analysis.pages.team_names import Discretion
from improvement_analysis.sentences import plural
from improvement_analysis.tables import ILLUSTRATIVE

__all__ = ["slides_bytes"]

_OPENING = (
    "Which of these did we expect, which surprised us, and what do we know that the grades do not show?"
)


def slides_bytes(dataset: Dataset, service: str) -> bytes:
    """Slides on one service for its learning workshop: the same dataset gives the same bytes.

    No team is named: a text in which the name of a team occurs is left out, and the last slide but one
    says how many were.

    Raises
    ------
    GradingsError
        If no gradings are of this service.
    ReportError
        If python-pptx is not installed.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> ds = load("worcestershire-2018")
    >>> slides_bytes(ds, "Care Leaving") == slides_bytes(ds, "Care Leaving")
    True
    """
    need_library("pptx", "python-pptx", "a set of slides")
    summary, discretion = ServiceSummary(dataset, service), Discretion(dataset)
    deck = Deck(f"{service}, {summary.where}", summary.marking.status)
    _open(deck, summary, discretion)
    said = discretion.keep(summary.main_findings)
    bullets = [*(Bullet(text) for text in said), Bullet(_OPENING, question=True)]
    deck.add_bullets(
        f"{summary.name}: what was found", bullets, "Begin with the numbers, then ask what they leave out."
    )
    _add_charts(deck, summary)
    _add_grades(deck, summary)
    _add_findings(deck, summary, discretion)
    _add_end(deck, summary, discretion)
    title = f"{service}: findings of the team diagnostics, {summary.where}"
    return pack(deck.save(), Properties(title, dataset.about.title, summary.marking.status))


def _open(deck: Deck, summary: ServiceSummary, discretion: Discretion) -> None:
    lines = ["Findings of the team diagnostics, for the learning workshop", summary.where]
    lines += discretion.keep([f"Source: {summary.dataset.about.source_line}"])
    notes = [
        "For those who lead the workshop. Teams are not named on these slides. " + summary.marking.reason,
        "The charts and tables can be edited; the numbers behind a chart open with a right click, Edit Data.",
    ]
    deck.open(summary.service, lines, "\n".join(notes))


def _add_charts(deck: Deck, summary: ServiceSummary) -> None:
    labels = {row.domain: row.short for row in summary.rows}
    parts = _chunks(summary.counts)
    mark = ILLUSTRATIVE if summary.marking.illustrative else ""
    for number, counts in enumerate(parts, 1):
        alt = " ".join(part for part in (mark, describe_bars(counts, labels, summary.scale)) if part)
        title = summary.finding if len(parts) == 1 else f"{summary.finding} ({number} of {len(parts)})"
        caption = (
            f"{plural(summary.teams, 'team')}. A number says how many teams got the grade; darker is worse, "
            "and the worst grade stands first. White with a dashed edge: no judgement, outside the scale."
        )

        def draw(shapes: Any, box: tuple[float, float, float, float], counts: pd.DataFrame = counts) -> Any:
            return draw_bars(shapes, box, counts, labels, summary.scale, mark)

        deck.add_chart(title, caption, alt, alt, draw)


def _chunks(counts: pd.DataFrame) -> list[pd.DataFrame]:
    pages = -(-len(counts) // MOST_BARS)
    return [counts.iloc[page * MOST_BARS : (page + 1) * MOST_BARS] for page in range(pages)]


def _add_grades(deck: Deck, summary: ServiceSummary) -> None:
    """The table in the manner of the published one."""
    published = any(row.headline for row in summary.rows)
    codes = explain_codes(summary.counts, summary.scale)
    if published:
        header, shares = ("Quality domain", "Published headline", "As published"), (5.0, 2.4, 3.2)
        rows = [(row.title, row.headline or "none published", row.printed) for row in summary.rows]
        notes = f"{codes} The headline is shown as published; it is not worked out from the teams' grades."
    else:
        header, shares = ("Quality domain", "Teams at each grade"), (5.0, 4.0)  # type: ignore[assignment]
        rows = [(row.title, row.printed) for row in summary.rows]  # type: ignore[misc]
        notes = codes
    alt = f"Table, {plural(len(rows), 'quality domain')}: {', '.join(header[1:]).lower()}."
    title = f"{summary.name}: {'grades as published' if published else 'teams at each grade'}"
    deck.add_table(title, [header, *rows], shares, alt, notes)


def _add_findings(deck: Deck, summary: ServiceSummary, discretion: Discretion) -> None:
    """Strengths, vulnerabilities and recommendations, each with what is asked of them."""
    own, crossing = summary.own_findings, summary.crossing_findings
    for kind in KINDS:
        found, where, opening = [each for each in own if each.kind == kind], summary.name, []
        if not found:
            found, where = [each for each in crossing if each.kind == kind], "Across services"
            opening = [f"No {kind} of {summary.service} is named; these are of no service in particular."]
        texts = discretion.keep(finding.repeated for finding in found)
        if texts:
            bullets = [Bullet(text) for text in (*opening, *texts)]
            bullets.append(Bullet(QUESTIONS[kind], question=True))
            deck.add_bullets(f"{where}: {KIND_TITLES[kind].lower()}", bullets, _sources(found, discretion))


def _sources(findings: Sequence[Finding], discretion: Discretion) -> str:
    """Where the findings stand, for the speaker: pages, not the files of single teams."""
    told = [f"{finding.text} ({finding.page or finding.theme})" for finding in findings]
    return "\n".join(["Where it stands:", *(text for text in told if not discretion.names_team(text))])


def _add_end(deck: Deck, summary: ServiceSummary, discretion: Discretion) -> None:
    told = discretion.keep(summary.caveats)
    terms = discretion.keep(
        f"{term}: {text}" for term, text in summary.source_terms if not term.startswith("File ")
    )
    about = [*told, *([discretion.note] if discretion.note else [])]
    deck.add_bullets(
        "What to know about these figures", [Bullet(text) for text in about], summary.marking.reason
    )
    deck.add_bullets("Source", [Bullet(text) for text in terms], "Where the figures come from.")
