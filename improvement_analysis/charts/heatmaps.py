"""Heat map: which share of each large group holds which grade, drawn by seaborn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Unpack

import pandas as pd

from improvement_analysis import palette
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.columns import draw_key
from improvement_analysis.charts.form import Words, compose, worded
from improvement_analysis.charts.pooled import LABEL, SIDE, Pooled, quieten
from improvement_analysis.charts.sheet import Panel, Sheet

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["share_heatmap"]


@worded
def share_heatmap(
    counts: pd.DataFrame,
    *,
    overall: Any = "overall",
    by: str | None = None,
    unit: str = "grading",
    **words: Unpack[Words],
) -> Chart:
    """Groups down, grades along; the darker a cell, the larger the share of the group's judged gradings.

    Parameters and errors are those of :func:`~improvement_analysis.charts.shares.grade_shares`. Grey
    carries the share here, not the grade.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 19, 0, 2, 0, 0, 0]], index, OFSTED.columns)
    >>> share_heatmap(counts).title
    '2 of 21 domain gradings were good, none outstanding'
    """
    return compose(_Heat.of(counts, words, overall=overall, by=by, unit=unit), words)


class _Heat(Pooled):
    tallied: ClassVar[bool] = False

    def middle(self, number: int) -> float:
        return number + 0.5

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        y = draw_key(sheet, y, left, right, self.grades, scale=self.scale)
        width = right - left - LABEL - SIDE
        pitch = width / len(self.grades)
        bottom = y + sheets.HEAD + 6
        for number, grade in enumerate(self.grades):
            place = left + LABEL + (number + 0.5) * pitch, bottom - 5
            sheet.text(*place, grade, size=sheets.HEAD, bold=True, align="center")
        height = self.row_height() * len(self.large)
        sheet.panels.append(Panel(left + LABEL, bottom, width, height, self.draw))
        return bottom + height + 4

    def key_notes(self) -> list[str]:
        return ["The darker a cell, the larger the share of its row."]

    def draw(self, axes: Axes) -> None:
        import seaborn as sns
        from matplotlib import colormaps
        from matplotlib.colors import to_hex

        from improvement_analysis.charts.drawing import write

        tallies = self.large[self.grades]
        shares = tallies.div(tallies.sum(axis=1), axis=0).reset_index(drop=True)
        sns.heatmap(
            shares,
            vmin=0,
            vmax=1,
            cmap="Greys",
            cbar=False,
            linewidths=0.8,
            linecolor=palette.RULE,
            xticklabels=False,
            yticklabels=False,
            ax=axes,
        )
        for row, (_, tally) in enumerate(tallies.iterrows()):
            for column, count in enumerate(tally):
                ground = to_hex(colormaps["Greys"](int(count) / int(tally.sum())))
                write(
                    axes,
                    str(int(count)),
                    (column + 0.5, row + 0.5),
                    shift=(0.0, -3.8),
                    bold=bool(count),
                    colour=palette.letter(ground),
                    align="center",
                )
        quieten(axes)
        self.label_rows(axes)
