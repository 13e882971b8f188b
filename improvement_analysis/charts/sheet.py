"""A sheet of marks in points: the forms lay out on it, and only then something is drawn.

x runs right and y runs down, both in points of the layout. A sheet knows nothing of matplotlib, so a form's
layout can be asked for its height before there is a figure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from improvement_analysis import palette
from improvement_analysis.charts import text_width
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Panel", "Polygon", "Run", "Sheet"]

Align = Literal["left", "center", "right"]
Point = tuple[float, float]
Stroke = tuple[Point, Point, float, str]

#: Sizes of text in points.
TITLE, SUBTITLE, HEAD, BODY, COUNT, NOTE = 15.0, 10.5, 9.5, 10.5, 11.0, 9.0
_OUTLINE = 0.8
_KEYLINE = 1.3


@dataclass(frozen=True, slots=True)
class Run:
    """One line of text: (x, y) is the point on the baseline that *align* names."""

    x: float
    y: float
    text: str
    size: float
    bold: bool
    colour: str
    align: Align


@dataclass(frozen=True, slots=True)
class Polygon:
    """An area: its outline may be missing or dashed."""

    points: tuple[Point, ...]
    fill: str
    edge: str | None
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Panel:
    """Room for Axes of their own, and what draws on them."""

    x: float
    y: float
    width: float
    height: float
    draw: Callable[[Axes], None]


@dataclass(slots=True)
class Sheet:
    """Marks to be drawn, in the order in which they cover one another within their kind."""

    width: float
    bands: list[Polygon] = field(default_factory=list)
    rules: list[Stroke] = field(default_factory=list)
    squares: list[Polygon] = field(default_factory=list)
    chips: list[Polygon] = field(default_factory=list)
    letters: dict[tuple[str, str], list[tuple[float, float, float]]] = field(default_factory=dict)
    ticks: list[Stroke] = field(default_factory=list)
    runs: list[Run] = field(default_factory=list)
    panels: list[Panel] = field(default_factory=list)

    def text(
        self,
        x: float,
        y: float,
        text: str,
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = palette.INK,
        align: Align = "left",
    ) -> None:
        """A line of text on the baseline *y*."""
        if text:
            self.runs.append(Run(x, y, text, size, bold, colour, align))

    def aside(self, x: float, y: float, text: str, *, size: float = NOTE, align: Align = "left") -> None:
        """A line of small, grey text on the baseline *y*."""
        self.text(x, y, text, size=size, colour=palette.SECONDARY, align=align)

    def lines(
        self,
        x: float,
        y: float,
        lines: list[str],
        *,
        size: float = BODY,
        bold: bool = False,
        colour: str = palette.INK,
        align: Align = "left",
    ) -> float:
        """Lines below the height *y*; returns the height below them."""
        for number, line in enumerate(lines):
            baseline = y + size * (0.93 + number * text_width.LEADING)
            self.text(x, baseline, line, size=size, bold=bold, colour=colour, align=align)
        return y + text_height(len(lines), size)

    def rule(
        self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.8, colour: str = palette.RULE
    ) -> None:
        """A straight line."""
        self.rules.append(((x0, y0), (x1, y1), width, colour))

    def tick(
        self, x0: float, y0: float, x1: float, y1: float, *, width: float = 0.8, colour: str = palette.WHITE
    ) -> None:
        """A straight line on top of the squares."""
        self.ticks.append(((x0, y0), (x1, y1), width, colour))

    def band(self, x: float, y: float, width: float, height: float, colour: str = palette.BAND) -> None:
        """A ground behind everything."""
        self.bands.append(Polygon(box(x, y, width, height), colour, None))

    def square(
        self, x: float, y: float, size: float, grade: str, *, scale: Scale = OFSTED, lettered: bool = False
    ) -> None:
        """One team (or one grading) at *grade*: two-coloured for a split, dashed for no judgement."""
        self.bar(x, y, size, size, grade, scale=scale)
        if lettered:
            self._letter(x, y, size, grade, scale)

    def bar(
        self, x: float, y: float, width: float, height: float, grade: str, *, scale: Scale = OFSTED
    ) -> None:
        """A rectangle in the colours of *grade*."""
        self.squares += _patch(box(x, y, width, height), grade, scale)

    def chip(self, x: float, y: float, grade: str, *, scale: Scale = OFSTED, height: float = 17.0) -> float:
        """A published headline as a coloured, lettered chip; returns its width."""
        code = grade if grade != NO_JUDGEMENT else "\u2013"
        size = height * 0.56
        width = max(height * 1.5, text_width.measure(code, size, True) + height * 0.7)
        self.chips += _patch(box(x, y, width, height), grade, scale)
        if grade != NO_JUDGEMENT and scale.is_split(grade):
            self._split_label(x, y, width, height, grade, scale)
        else:
            colour = palette.INK if grade == NO_JUDGEMENT else on_grade(palette.fill(grade, scale)[0])
            baseline = y + height / 2 + size * 0.365
            self.text(x + width / 2, baseline, code, size=size, bold=True, colour=colour, align="center")
        return width

    def _split_label(self, x: float, y: float, width: float, height: float, grade: str, scale: Scale) -> None:
        size = height * 0.45
        (worse, better), (dark, light) = scale.ends(grade), palette.fill(grade, scale)
        for code, ground, at, baseline in (
            (better, light, 0.27, y + size * 1.12),
            (worse, dark, 0.76, y + height - size * 0.42),
        ):
            self.text(
                x + width * at,
                baseline,
                code,
                size=size,
                bold=True,
                colour=on_grade(ground),
                align="center",
            )

    def _letter(self, x: float, y: float, size: float, grade: str, scale: Scale) -> None:
        if grade == NO_JUDGEMENT:
            self.glyph("\u2013", palette.SECONDARY, x + size / 2, y + size / 2, size * 0.45)
        elif scale.is_split(grade):
            (worse, better), (dark, light) = scale.ends(grade), palette.fill(grade, scale)
            small = size * (0.42 if max(len(worse), len(better)) < 3 else 0.22)
            self.glyph(better, on_grade(light), x + size * 0.3, y + size * 0.25, small)
            self.glyph(worse, on_grade(dark), x + size * 0.73, y + size * 0.77, small)
        else:
            largest = size * 0.8 / text_width.measure(grade, 1, True)
            colour = on_grade(palette.fill(grade, scale)[0])
            self.glyph(grade, colour, x + size / 2, y + size / 2, min(size * 0.5, largest))

    def glyph(self, code: str, colour: str, x: float, y: float, size: float) -> None:
        """A bold code with its middle at (x, y)."""
        self.letters.setdefault((code, colour), []).append((x, y, size))


def on_grade(ground: str) -> str:
    """The colour of a letter on the colour of a grade: never ink, which follows the page's scheme.

    Examples
    --------
    >>> on_grade("#b5500d"), on_grade("#7fabdf")
    ('#ffffff', '#000000')
    """
    return palette.WHITE if palette.letter(ground) == palette.WHITE else "#000000"


def text_height(lines: int, size: float) -> float:
    """Height that *lines* of text take."""
    return lines * size * text_width.LEADING


def box(x: float, y: float, width: float, height: float) -> tuple[Point, ...]:
    """The corners of a rectangle, from the upper left one."""
    return ((x, y), (x + width, y), (x + width, y + height), (x, y + height))


def _patch(corners: tuple[Point, ...], grade: str, scale: Scale) -> list[Polygon]:
    if grade == NO_JUDGEMENT:
        return [Polygon(corners, palette.WHITE, palette.SECONDARY, dashed=True)]
    worse, better = palette.fill(grade, scale)
    if worse == better:
        return [Polygon(corners, worse, palette.INK)]
    upper_left, upper_right, _, lower_left = corners
    (right, top), (left, bottom) = upper_right, lower_left
    keyline = (
        (right - _KEYLINE, top),
        (right, top + _KEYLINE),
        (left + _KEYLINE, bottom),
        (left, bottom - _KEYLINE),
    )
    return [
        Polygon(corners, worse, None),
        Polygon((upper_left, upper_right, lower_left), better, None),
        Polygon(keyline, palette.WHITE, None),
        Polygon(corners, "none", palette.INK),
    ]
