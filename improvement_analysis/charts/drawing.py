"""The one place where a sheet becomes matplotlib artists: a collection per kind of mark, and light texts."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection, PathCollection, PolyCollection
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from matplotlib.textpath import TextPath
from matplotlib.transforms import Affine2D, IdentityTransform, ScaledTranslation

from improvement_analysis.charts import text_width
from improvement_analysis.charts.sheet import BODY, Align, Polygon, Run, Sheet, Stroke
from improvement_analysis.palette import INK

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.axes import Axes
    from matplotlib.backend_bases import GraphicsContextBase, RendererBase
    from matplotlib.path import Path

__all__ = ["Letters", "Line", "draw", "figure_of", "room_of", "shade_split", "write"]


class Line(Text):
    """One line of text whose width (in points) is known already: drawn without matplotlib's own layout.

    A vector image gets the text as it is. Elsewhere a character that the font lacks is an empty box.
    """

    def __init__(self, run: Run, shrink: float) -> None:
        words = text_width.facing(run.text)
        super().__init__(
            run.x,
            run.y,
            text_width.drawable(words, run.bold),
            color=run.colour,
            fontproperties=_font(run.size * shrink, run.bold),
            horizontalalignment=run.align,
            verticalalignment="baseline",
            parse_math=False,
            zorder=3.0,
        )
        self.true_text = words
        self.width = text_width.measure(words, run.size, run.bold) * shrink

    def set_clip_path(self, path: Any, transform: Any = None) -> None:
        """Nothing: a measured text is never clipped, and the clip path of each would take its time."""

    def draw(self, renderer: RendererBase) -> None:
        """Draw the text where it was measured to be."""
        if not self.get_visible():
            return
        x, y = map(float, self.get_transform().transform(self.get_unitless_position()))
        vector = _is_vector(self)
        if not vector:
            share = {"left": 0.0, "center": 0.5, "right": 1.0}[self.get_horizontalalignment()]
            x -= share * self.width * _dots(self)
        gc = renderer.new_gc()
        gc.set_foreground(self.get_color())
        words = self.true_text if vector else self.get_text()
        _draw_words(renderer, gc, (x, y), words, self.get_fontproperties(), self if vector else None)
        gc.restore()
        self.stale = False


class Letters(PathCollection):
    """One code, such as RI, on many squares: outlines on a bitmap, plain (and smaller) text in an SVG."""

    def __init__(self, code: str, colour: str, places: list[tuple[float, float, float]], axes: Axes) -> None:
        super().__init__(
            [_outline(code)],
            sizes=[size**2 for _, _, size in places],
            offsets=[(x, y) for x, y, _ in places],
            offset_transform=axes.transData,
            facecolors=colour,
            linewidths=0,
            zorder=2.5,
            gid=f"letters {code}",
            clip_on=False,
        )
        self.set_transform(IdentityTransform())
        self.code = code
        self.colour = colour
        self.places = places

    def draw(self, renderer: RendererBase) -> None:
        """Draw the letters in the middle of their squares."""
        if not _is_vector(self):
            super().draw(renderer)
            return
        gc = renderer.new_gc()
        gc.set_foreground(self.colour)
        for (_, _, size), (x, y) in zip(
            self.places, self.get_offset_transform().transform(self.get_offsets()), strict=True
        ):
            start = x - text_width.measure(self.code, size, True) / 2
            _draw_words(renderer, gc, (start, y - size * 0.365), self.code, _font(size, True), None)
        gc.restore()


def _is_vector(artist: Artist) -> bool:
    figure = artist.get_figure(root=True)
    return figure is not None and isinstance(figure.canvas, FigureCanvasSVG)


def _dots(artist: Artist) -> float:
    figure = artist.get_figure(root=True)
    return 1.0 if figure is None else figure.dpi / 72


def _draw_words(
    renderer: RendererBase,
    gc: GraphicsContextBase,
    place: tuple[float, float],
    words: str,
    font: FontProperties,
    text: Text | None,
) -> None:
    _, height = renderer.get_canvas_width_height()
    x, y = place
    y = height - y if renderer.flipy() else y
    renderer.draw_text(gc, x, y, words, font, 0.0, ismath=False, mtext=text)


def figure_of(sheet: Sheet, height: float, shrink: float = 1.0) -> Figure:
    """A figure of exactly the size of *sheet*, shrunk, with one Axes that fills it."""
    inches = sheet.width * shrink / 72, height * shrink / 72
    figure = Figure(figsize=inches, dpi=96, facecolor="white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    draw(sheet, axes, height, shrink)
    for panel in sheet.panels:
        share = 1 / sheet.width, 1 / height
        corner = panel.x * share[0], 1 - (panel.y + panel.height) * share[1]
        panel.draw(figure.add_axes((*corner, panel.width * share[0], panel.height * share[1])))
    return figure


def write(
    axes: Axes,
    text: str,
    place: tuple[float, float],
    *,
    shift: tuple[float, float] = (0.0, 0.0),
    size: float = BODY,
    bold: bool = False,
    colour: str = INK,
    align: Align = "left",
    beside: bool = False,
) -> None:
    """A line of text at *place* in the units of *axes*, shifted by points right and up.

    With *beside*, x is the share of the width of *axes*: 0 its left, 1 its right edge.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    line = Line(Run(*place, text, size, bold, colour, align), 1.0)
    ground = axes.get_yaxis_transform() if beside else axes.transData
    axes.add_artist(line)
    line.set_transform(ground + ScaledTranslation(shift[0] / 72, shift[1] / 72, figure.dpi_scale_trans))


def room_of(axes: Axes) -> tuple[float, float]:
    """Width and height of *axes* in points."""
    figure = axes.get_figure(root=True)
    if figure is None:
        raise ValueError("the axes belong to no figure")
    place = axes.get_window_extent()
    return place.width * 72 / figure.dpi, place.height * 72 / figure.dpi


def shade_split(axes: Axes, place: tuple[float, float, float, float], better: str) -> None:
    """The upper left half of a bar in the colour of the better end of a split, with a white line between."""
    x, y, width, height = place
    half = [(x, y), (x + width, y), (x, y + height)]
    axes.add_collection(PolyCollection([half], facecolors=better, linewidths=0, zorder=1.5), autolim=False)
    line = [(x + width, y), (x, y + height)]
    axes.add_collection(LineCollection([line], colors="white", linewidths=1.3, zorder=1.6), autolim=False)


def draw(sheet: Sheet, axes: Axes, height: float, shrink: float = 1.0) -> None:
    """Put the marks of *sheet* on *axes*, whose units become points of the sheet."""
    axes.set_axis_off()
    axes.set(xlim=(0, sheet.width), ylim=(height, 0), autoscale_on=False)
    _add_polygons(axes, sheet.bands, "bands", 0.5, shrink)
    _add_lines(axes, sheet.rules, "rules", 1.0, shrink)
    _add_lines(axes, sheet.ticks, "ticks", 2.2, shrink)
    _add_polygons(axes, sheet.squares, "squares", 2.0, shrink)
    _add_polygons(axes, sheet.chips, "headlines", 2.1, shrink)
    for (code, colour), places in sheet.letters.items():
        shrunk = [(x, y, size * shrink) for x, y, size in places]
        axes.add_collection(Letters(code, colour, shrunk, axes), autolim=False)
    for run in sheet.runs:
        axes.add_artist(Line(run, shrink))


def _add_polygons(axes: Axes, polygons: list[Polygon], gid: str, zorder: float, shrink: float) -> None:
    if not polygons:
        return
    dashes = (0.0, (2.6, 1.8))
    axes.add_collection(
        PolyCollection(
            [polygon.points for polygon in polygons],
            facecolors=[polygon.fill for polygon in polygons],
            edgecolors=[polygon.edge or "none" for polygon in polygons],
            linestyles=[dashes if polygon.dashed else "solid" for polygon in polygons],
            linewidths=[0.8 * shrink if polygon.edge else 0.0 for polygon in polygons],
            zorder=zorder,
            gid=gid,
            clip_on=False,
        ),
        autolim=False,
    )


def _add_lines(axes: Axes, lines: list[Stroke], gid: str, zorder: float, shrink: float) -> None:
    if not lines:
        return
    axes.add_collection(
        LineCollection(
            [(start, end) for start, end, _, _ in lines],
            linewidths=[width * shrink for _, _, width, _ in lines],
            colors=[colour for _, _, _, colour in lines],
            zorder=zorder,
            gid=gid,
            clip_on=False,
        ),
        autolim=False,
    )


@lru_cache(maxsize=64)
def _outline(code: str) -> Path:
    """The bold outline of *code*, one point high in its em, its middle at the origin."""
    path = TextPath((0, 0), text_width.drawable(code, True), size=1, prop=_font(10.0, True))
    low, high = path.get_extents().get_points()
    return path.transformed(Affine2D().translate(*(-(low + high) / 2)))


@lru_cache(maxsize=64)
def _font(size: float, bold: bool) -> FontProperties:
    return FontProperties(family=text_width.FAMILY, size=size, weight="bold" if bold else "normal")
