"""Shares: how the judged gradings of large groups divide between the grades, drawn by seaborn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from improvement_analysis import palette
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import draw_key
from improvement_analysis.charts.form import OnAxes, Words, compose, worded
from improvement_analysis.charts.pooled import LABEL, SIDE, Pooled, quieten
from improvement_analysis.charts.sheet import Panel, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["grade_shares", "plot_grade_shares"]


@worded
def grade_shares(
    counts: pd.DataFrame,
    *,
    overall: Any = "overall",
    by: str | None = None,
    unit: str = "grading",
    **words: Unpack[Words],
) -> Chart:
    """Bars of equal length, divided as the judged gradings of each group are; counts printed in them.

    A group of fewer than 20 judged gradings gets no bar: a footnote gives its counts instead.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        One index level; the columns of the scale.
    overall, by, unit
        As for :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of the scale, or no group has 20 judged gradings.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 19, 0, 2, 0, 0, 0]], index, OFSTED.columns)
    >>> grade_shares(counts).title
    '2 of 21 domain gradings were good, none outstanding'
    """
    return compose(_Shares.of(counts, words, overall=overall, by=by, unit=unit), words)


@worded
def plot_grade_shares(
    counts: pd.DataFrame, *, ax: Axes, unit: str = "grading", **words: Unpack[OnAxes]
) -> Axes:
    """Draw the bars of :func:`grade_shares` on *ax*, and return *ax*.

    The names of the groups stand to the left of *ax*, what was judged to the right of it. The key to the
    colours is the chart's, not drawn here.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from improvement_analysis.scale import OFSTED
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 19, 0, 2, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_grade_shares(counts, ax=ax) is ax
    True
    """
    _Shares.of(counts, words, unit=unit).draw(ax)
    return ax


class _Shares(Pooled):
    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        y = draw_key(sheet, y, left, right, self.grades, scale=self.scale) + 4
        height = self.row_height() * len(self.large)
        sheet.panels.append(Panel(left + LABEL, y, right - left - LABEL - SIDE, height, self.draw))
        return y + height + 18

    def draw(self, axes: Axes) -> None:
        import seaborn as sns

        long = pd.DataFrame(
            [
                (str(number), grade, int(row[grade]))
                for number, (_, row) in enumerate(self.large.iterrows())
                for grade in self.grades
            ],
            columns=["group", "grade", "count"],
        )
        groups = [str(number) for number in range(len(self.large))]
        long["group"] = pd.Categorical(long["group"], categories=groups, ordered=True)
        fills = {grade: palette.fill(grade, self.scale)[0] for grade in self.grades}
        sns.histplot(
            long,
            y="group",
            hue="grade",
            hue_order=self.grades[::-1],
            weights="count",
            multiple="fill",
            discrete=True,
            shrink=0.72,
            palette=fills,
            alpha=1.0,
            edgecolor=palette.INK,
            linewidth=0.8,
            legend=False,
            ax=axes,
        )
        for grade, bars in zip(self.grades, axes.containers, strict=True):
            self._finish(axes, grade, list(bars))
        quieten(axes)
        axes.set(xlim=(0, 1), ylim=(len(groups) - 0.5, -0.5))
        axes.set_xticks([])
        self._axis(axes)
        self.label_rows(axes)

    def _axis(self, axes: Axes) -> None:
        from improvement_analysis.charts.drawing import write

        low = len(self.large) - 0.5
        places: tuple[tuple[float, str, sheets.Align], ...] = (
            (0.0, "none", "left"),
            (0.5, "half", "center"),
            (1.0, "all", "right"),
        )
        for at, words, align in places:
            axes.axvline(at, color=palette.RULE, linewidth=0.8, zorder=0.5)
            write(axes, words, (at, low), shift=(0.0, -11.0), size=8.5, colour=palette.SECONDARY, align=align)

    def _finish(self, axes: Axes, grade: str, bars: list[Any]) -> None:
        """Print the counts that fit, and give split grades their second colour."""
        from improvement_analysis.charts.drawing import room_of, shade_split, write

        worse, better = palette.fill(grade, self.scale)
        room = room_of(axes)[0]
        for bar, count in zip(bars, self.large[grade], strict=True):
            x, y, width, height = bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()
            if not count:
                bar.set_visible(False)
                continue
            if worse != better:
                shade_split(axes, (x, y, width, height), better)
                continue
            if text_width.measure(str(count), sheets.HEAD, True) + 4 <= width * room:
                place, colour = (x + width / 2, y + height / 2), palette.letter(worse)
                words = str(int(count))
                write(
                    axes,
                    words,
                    place,
                    shift=(0.0, -3.5),
                    size=sheets.HEAD,
                    bold=True,
                    colour=colour,
                    align="center",
                )
