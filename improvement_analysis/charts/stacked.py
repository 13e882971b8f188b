"""The picture of a chart for a narrow screen: strips, stacked, of what stands side by side elsewhere."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import draw_headline
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.scale import Scale

__all__ = ["NARROW", "SQUARE", "Strip", "lay_strips"]

#: Width of the picture in points: 360 pixels, so that its text is as large on a telephone as it is here.
NARROW = 270.0
#: Size of a square: the letters of a split stay legible in it.
SQUARE = 20.0
_PITCH = SQUARE * 1.1

Mark = Callable[[Sheet, float, float, float, str], None]


@dataclass(frozen=True)
class Strip:
    """A name, the squares beneath it, and what they say in words.

    Attributes
    ----------
    label
        What the squares are of.
    squares
        The grade of each, worst first.
    words
        The same in words.
    heading
        Whether it begins a group: it is ruled off and may have no squares.
    headline
        The published headline, drawn beside the name.
    flagged
        Whether the headline is not what the squares say.
    """

    label: str
    squares: tuple[str, ...] = ()
    words: str = ""
    heading: bool = False
    headline: str | None = None
    flagged: bool = False


def lay_strips(
    strips: list[Strip], mark: Mark, sheet: Sheet, y: float, left: float, right: float, scale: Scale
) -> float:
    """Lay *strips* out below the height *y*, each square by *mark*; returns the height below them."""
    across = int((right - left + _PITCH - SQUARE) // _PITCH)
    for strip in strips:
        if strip.heading:
            sheet.rule(left, y + 3, right, y + 3)
            y += 6
        room = right - left - (40 if strip.headline else 0)
        lines = text_width.wrap(strip.label, room, sheets.BODY, strip.heading)
        if strip.headline:
            draw_headline(sheet, right - 32, y + 9, strip.headline, strip.flagged, scale)
        y = sheet.lines(left, y + 2, lines, bold=strip.heading) + 3
        y = max(y, y + (8 if strip.headline and len(lines) == 1 else 0))
        for number, name in enumerate(strip.squares):
            mark(sheet, left + number % across * _PITCH, y + number // across * _PITCH, SQUARE, name)
        y += -(-len(strip.squares) // across) * _PITCH
        if strip.words:
            y = sheet.lines(
                left, y + 1, text_width.wrap(strip.words, right - left, sheets.HEAD), size=sheets.HEAD
            )
        y += 5
    return y
