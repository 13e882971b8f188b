"""Small multiples: the tally of each area or round in a panel of its own, all on one measure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, text_width
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.columns import draw_key
from improvement_analysis.charts.sheet import Panel, Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import grade_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

    from improvement_analysis.charts.chart import Chart

__all__ = ["grade_panels", "plot_grade_bars"]

_GAP = 18.0
_HEIGHT = 92.0
_LETTERS = 16.0


def grade_panels(
    counts: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    subject: str | None = None,
    overall: Any = "overall",
    unit: str = "grading",
    across: int = 3,
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """A panel of bars for each group, such as an area or a round, all with one measure.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        A panel a row; the columns of *scale*. With two index levels the panel's name holds both.
    across
        Panels side by side.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale*, or *across* is below 1.

    Examples
    --------
    >>> index = pd.Index(["North", "South"], name="area")
    >>> counts = pd.DataFrame([[0, 0, 2, 0, 1, 0, 0, 0], [3, 0, 3, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> len(grade_panels(counts).axes)
    3
    """
    if across < 1:
        raise GradingsError(f"there cannot be {across} panels side by side")
    panels = _Panels(sentences.check_counts(counts, scale), labels, unit, min(across, len(counts)), scale)
    by = " and ".join(heading_of(name).lower() for name in counts.index.names)
    heading = frame.Heading(
        title or frame.finding(counts, overall, subject, scale),
        subtitle or f"Number of {unit}s at each grade, by {by}; every panel has one and the same measure.",
        illustrative,
    )
    notes = [footnote] if footnote else []
    table = grade_table(
        panels.counts,
        caption=heading.title,
        subtitle=heading.subtitle,
        note=notes,
        labels=labels,
        overall=overall,
        unit=unit,
        illustrative=illustrative,
        scale=scale,
    )
    return frame.compose(panels, heading, notes, table, rows=panels.sentences())


def plot_grade_bars(
    tally: pd.Series,
    *,
    ax: Axes,
    grades: list[str] | None = None,
    highest: int | None = None,
    scale: Scale = OFSTED,
) -> Axes:
    """Draw a bar for each grade of one row of counts on *ax*, and return *ax*.

    Parameters
    ----------
    tally : Series of int
        A row of counts.
    grades
        The grades shown; by default the whole ones and the splits that occur, then *no judgement*.
    highest
        The count at the top of *ax*, so that several panels share one measure.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 9, 0, 1, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_grade_bars(counts.iloc[0], ax=ax) is ax
    True
    """
    checked = sentences.check_counts(tally.to_frame().T, scale)
    row = checked.iloc[0]
    shown = grades or [*sentences.shown_grades(checked, scale), NO_JUDGEMENT]
    _draw_bars(ax, row, shown, highest or max(int(row.max()), 1), scale)
    return ax


def _draw_bars(axes: Axes, row: pd.Series, grades: list[str], highest: int, scale: Scale) -> None:
    import seaborn as sns
    from matplotlib.patches import Rectangle

    places = [str(number) for number in range(len(grades))]
    fills = [palette.WHITE if g == NO_JUDGEMENT else palette.fill(g, scale)[0] for g in grades]
    sns.barplot(
        pd.DataFrame({"grade": places, "count": [int(row[grade]) for grade in grades]}),
        x="grade",
        y="count",
        hue="grade",
        order=places,
        palette=dict(zip(places, fills, strict=True)),
        errorbar=None,
        legend=False,
        saturation=1,
        edgecolor=palette.INK,
        linewidth=0.8,
        ax=axes,
    )
    bars = sorted((p for p in axes.patches if isinstance(p, Rectangle)), key=lambda bar: bar.get_x())
    for number, (grade, bar) in enumerate(zip(grades, bars, strict=True)):
        _finish_bar(axes, bar, number, int(row[grade]), grade, scale)
    axes.set(xlabel="", ylabel="", xticks=[], yticks=[])
    axes.set(xlim=(-0.6, len(grades) - 0.4), ylim=(0, highest * 1.25))
    for side, spine in axes.spines.items():
        spine.set_visible(side == "bottom")


def _finish_bar(axes: Axes, bar: Rectangle, number: int, count: int, grade: str, scale: Scale) -> None:
    """The count above a bar, the code below it, and the second colour of a split."""
    from improvement_analysis.charts.drawing import shade_split, write

    bar.set_visible(count > 0)
    if grade == NO_JUDGEMENT:
        bar.set(linestyle=(0.0, (2.6, 1.8)), edgecolor=palette.SECONDARY)
    elif count and scale.is_split(grade):
        corner = bar.get_x(), float(count), bar.get_width(), -float(count)
        shade_split(axes, corner, palette.fill(grade, scale)[1])
    size, colour = (sheets.HEAD, palette.INK) if count else (sheets.NOTE, palette.SECONDARY)
    top = (number, count)
    write(axes, str(count), top, shift=(0, 3), size=size, bold=count > 0, colour=colour, align="center")
    code = "\u2013" if grade == NO_JUDGEMENT else grade
    write(axes, code, (number, 0), shift=(0, -10.5), size=8.0, colour=palette.SECONDARY, align="center")


@dataclass(frozen=True)
class _Panels:
    counts: pd.DataFrame
    labels: Mapping[Any, str] | None
    unit: str
    across: int
    scale: Scale

    @cached_property
    def grades(self) -> list[str]:
        return [*sentences.shown_grades(self.counts, self.scale), NO_JUDGEMENT]

    @cached_property
    def tallies(self) -> list[tuple[str, pd.Series]]:
        """The name of each panel and its counts."""
        named = []
        for key, row in self.counts.iterrows():
            parts = key if isinstance(key, tuple) else (key,)
            named.append(
                (text_width.in_sentence(", ".join(label_of(self.labels, part) for part in parts)), row)
            )
        return named

    def sentences(self) -> list[str]:
        grades = self.grades[:-1]
        return [
            f"{name}: {sentences.describe_row(row, grades=grades, scale=self.scale)}; "
            f"{sentences.plural(int(row.sum()), self.unit)}."
            for name, row in self.tallies
        ]

    def min_width(self) -> float:
        return self.across * (len(self.grades) * 26.0 + _GAP)

    def best_width(self) -> float:
        return self.min_width()

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        y = draw_key(sheet, y, left, right, self.grades, scale=self.scale)
        width = (right - left + _GAP) / self.across - _GAP
        highest = max(int(self.counts.to_numpy().max()), 1)
        for start in range(0, len(self.tallies), self.across):
            line = self.tallies[start : start + self.across]
            heads = [text_width.wrap(name, width, sheets.BODY, True) for name, _ in line]
            top = y + sheets.text_height(max(map(len, heads)), sheets.BODY) + 14
            for number, (words, (_, row)) in enumerate(zip(heads, line, strict=True)):
                x = left + number * (width + _GAP)
                said = sheet.lines(x, y, words, bold=True)
                many = sentences.plural(int(row.sum()), self.unit)
                sheet.aside(x, said + 9, many)
                drawn = partial(_draw_bars, row=row, grades=self.grades, highest=highest, scale=self.scale)
                sheet.panels.append(Panel(x, top, width, _HEIGHT, drawn))
            y = top + _HEIGHT + _LETTERS + 10
        return y - 6
