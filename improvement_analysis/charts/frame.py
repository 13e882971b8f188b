"""What stands around every chart: title, subtitle, banner and footnotes, measured and wrapped."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.settings import steady_settings
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.scale import Scale
from improvement_analysis.tables import ILLUSTRATIVE

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart
    from improvement_analysis.tables import Table

__all__ = ["Body", "Heading", "compose", "finding", "plot"]

RESTRICTED = "NOT FOR PUBLICATION: shows single teams."
WIDTH = 720.0
#: A figure grows up to this width rather than make its squares smaller.
WIDEST = 800.0
MARGIN = 20.0


class Body(Protocol):
    """A form: it knows how wide it must be, and lays itself out on a sheet."""

    def min_width(self) -> float:
        """Least width in points."""

    def best_width(self) -> float:
        """Width from which on nothing needs to be smaller than it is at best."""

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        """Put the marks below the height *y*; returns the height below them."""


@dataclass(frozen=True)
class Heading:
    """What a chart says above its marks."""

    title: str
    subtitle: str = ""
    illustrative: bool = False
    restricted: bool = False

    def banners(self) -> list[str]:
        """What must not be overlooked."""
        said = {ILLUSTRATIVE: self.illustrative, RESTRICTED: self.restricted}
        return [words for words, holds in said.items() if holds]


def finding(counts: pd.DataFrame, overall: Any, subject: str | None, scale: Scale) -> str:
    """The title that the counts themselves give, with *subject* before it."""
    name = text_width.in_sentence(subject) if subject else None
    return sentences.describe_counts(counts, overall=overall, subject=name, scale=scale)


def compose(body: Body, heading: Heading, notes: list[str], table: Table, rows: list[str]) -> Chart:
    """A chart of *body* with its heading and footnotes; *rows* are the sentences of its alt text."""
    from improvement_analysis.charts.chart import Chart
    from improvement_analysis.charts.drawing import figure_of

    preferred = min(body.best_width() + 2 * MARGIN, WIDEST)
    width = max(WIDTH, preferred, body.min_width() + 2 * MARGIN)
    sheet = Sheet(width)
    y = _lay_heading(sheet, heading, width - 2 * MARGIN)
    y = body.lay(sheet, y, MARGIN, width - MARGIN)
    y = _lay_notes(sheet, notes, y + 8, width - 2 * MARGIN)
    words = [
        *heading.banners(),
        _stopped(heading.title),
        _stopped(heading.subtitle),
        *rows,
        *map(_stopped, notes),
    ]
    alt_text = " ".join(text_width.clean(text) for text in words if text)
    with steady_settings():
        figure = figure_of(sheet, y + MARGIN * 0.6)
    return Chart(figure, title=text_width.clean(heading.title), alt_text=alt_text, table=table)


def plot(body: Body, ax: Axes) -> Axes:
    """Draw *body* alone on *ax*, shrunk where it would not fit."""
    from improvement_analysis.charts.drawing import draw, room_of

    room, height = room_of(ax)
    shrink = min(1.0, room / body.min_width())
    while True:
        sheet = Sheet(room / shrink)
        bottom = body.lay(sheet, 0.0, 0.0, sheet.width)
        if bottom * shrink <= height + 0.5:
            break
        shrink *= min(0.95, max(0.7, height / (bottom * shrink)))
    draw(sheet, ax, height / shrink, shrink)
    return ax


def _lay_heading(sheet: Sheet, heading: Heading, room: float) -> float:
    title = text_width.wrap(heading.title, room, sheets.TITLE, True)
    y = sheet.lines(MARGIN, MARGIN * 0.8, title, size=sheets.TITLE, bold=True) + 4
    if heading.subtitle:
        lines = text_width.wrap(heading.subtitle, room, sheets.SUBTITLE)
        y = sheet.lines(MARGIN, y, lines, size=sheets.SUBTITLE, colour=palette.SECONDARY) + 4
    for words in heading.banners():
        size = sheets.SUBTITLE
        sheet.band(MARGIN, y + 2, room, 20, palette.INK)
        sheet.text(MARGIN + 8, y + 12 + size * 0.36, words, size=size, bold=True, colour=palette.WHITE)
        y += 26
    return y + 6


def _lay_notes(sheet: Sheet, notes: list[str], y: float, room: float) -> float:
    for note in notes:
        lines = text_width.wrap(note, room, sheets.NOTE)
        y = sheet.lines(MARGIN, y, lines, size=sheets.NOTE, colour=palette.SECONDARY) + 3
    return y


def _stopped(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
