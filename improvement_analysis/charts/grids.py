"""Grade grid: how did the teams fare, by domain? One square is one team."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import GradeColumns, Placed, draw_headline
from improvement_analysis.charts.form import Form, Headlines, OnAxes, Words, compose, plot, worded
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.charts.stacked import Strip
from improvement_analysis.scale import Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["find_flags", "grade_grid", "plot_grade_grid"]

_PAD = 9.0


@worded
def grade_grid(
    counts: pd.DataFrame,
    *,
    headlines: Headlines | pd.DataFrame | None = None,
    published: Headlines | None = None,
    overall: Any = "overall",
    by: str | None = None,
    unit: str | None = None,
    **words: Unpack[Words],
) -> Chart:
    """One square for each team at its grade, a row for each domain.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        One index level; the columns of the scale.
    headlines
        Published headline of each key, or the published cells themselves (``ds.cells(service)``); shown as
        published. Where one is not the most frequent grade of its tally, a dagger and a footnote say so.
    published
        The source's spelling of each cell, for the table; published cells hold it already.
    overall
        Key of the overall conclusion: ruled off, and not a domain in the title's figure.
    by, unit
        What a row is and what a square is. By default the name of the index, and "team" where that is
        ``domain`` ("grading" elsewhere).

    Raises
    ------
    GradingsError
        If *counts* are no counts of the scale.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.Index(["practice"], name="domain")
    >>> chart = grade_grid(pd.DataFrame([[0, 0, 9, 0, 0, 0, 0, 0]], index, OFSTED.columns))
    >>> chart.title
    'All 9 domain gradings were requires improvement'
    """
    own = {"headlines": headlines, "published": published, "overall": overall, "by": by, "unit": unit}
    return compose(_Grid.of(counts, words, **own), words)


@worded
def plot_grade_grid(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    headlines: Headlines | pd.DataFrame | None = None,
    overall: Any = "overall",
    by: str | None = None,
    **words: Unpack[OnAxes],
) -> Axes:
    """Draw the grid of :func:`grade_grid` on *ax*, without title and footnotes, and return *ax*.

    The text keeps its size where *ax* is large enough, and shrinks with the rest where it is not.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from improvement_analysis.scale import OFSTED
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 9, 0, 1, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_grade_grid(counts, ax=ax) is ax
    True
    """
    return plot(_Grid.of(counts, words, headlines=headlines, overall=overall, by=by), ax)


class _Grid(Form):
    @cached_property
    def columns(self) -> GradeColumns:
        last = "Published headline" if self.headlines is not None else None
        return GradeColumns(self.counts, self.by, last, scale=self.scale)

    @cached_property
    def flags(self) -> dict[Any, str]:
        return find_flags(self.counts, self.headlines, self.unit, self.scale)

    def subtitle(self) -> str:
        sums = self.counts.sum(axis=1)
        sizes = sentences.describe_range(sums, self.unit)
        each = " in each row" if sums.nunique() > 1 else ""
        by = self.by[:1].lower() + self.by[1:]
        marks = palette.describe_marks(sums, self.unit)[:-1]
        return f"Number of {self.unit}s at each grade, by {by}. {marks}; {sizes}{each}."

    def notes(self) -> list[str]:
        flags = [f"\u2020 {self.label(key)}: {text}." for key, text in self.flags.items()]
        return [*flags, *self.outside()]

    def sentences(self) -> list[str]:
        return [f"{self.label(key)}: {self._in_words(key, row)}." for key, row in self.counts.iterrows()]

    def _in_words(self, key: Any, row: pd.Series) -> str:
        headline = sentences.headline_of(self.headlines, key)
        grades = self.columns.grades[:-1]
        words = sentences.describe_row(row, grades=grades, headline=headline, scale=self.scale)
        judged = int(row[list(self.scale.categories)].sum())
        return words if row.sum() <= palette.MOST_SQUARES else f"{words}, of {judged} judged"

    def min_width(self) -> float:
        return self.columns.min_width()

    def best_width(self) -> float:
        return self.columns.best_width()

    def strips(self) -> list[Strip]:
        return [
            Strip(
                self.label(key),
                self.squares_of(row),
                sentences.describe_row(row, grades=self.columns.grades[:-1], scale=self.scale),
                True,
                sentences.headline_of(self.headlines, key),
                key in self.flags,
            )
            for key, row in self.counts.iterrows()
        ]

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        placed = self.columns.place(sheet, left, right)
        head = bottom = placed.headings(y)
        for number, (key, row) in enumerate(self.counts.iterrows()):
            if number:
                placed.rule(bottom, strong=bool(key == self.overall))
            bottom = self._lay_row(placed, key, row, bottom)
        placed.rule(bottom, strong=True)
        placed.mark_good(y + 2, [(head, bottom)])
        return bottom

    def _lay_row(self, placed: Placed, key: Any, row: pd.Series, y: float) -> float:
        strong = bool(key == self.overall)
        words = text_width.wrap(self.label(key), placed.label_width, sheets.BODY, strong)
        tall = sheets.text_height(len(words), sheets.BODY)
        height = max(tall, placed.depth(row)) + 2 * _PAD
        middle = y + height / 2
        placed.sheet.lines(placed.left, middle - tall / 2, words, bold=strong)
        placed.draw_row(row, middle)
        if self.headlines is not None:
            headline = sentences.headline_of(self.headlines, key)
            draw_headline(placed.sheet, placed.last_x, middle, headline, key in self.flags, self.scale)
        return y + height


def find_flags(counts: pd.DataFrame, headlines: Headlines | None, unit: str, scale: Scale) -> dict[Any, str]:
    """The rows whose published headline is not the most frequent grade of their tally, in words."""
    found = {
        key: sentences.describe_disagreement(
            row, sentences.headline_of(headlines, key), unit=unit, scale=scale
        )
        for key, row in counts.iterrows()
    }
    return {key: text for key, text in found.items() if text}
