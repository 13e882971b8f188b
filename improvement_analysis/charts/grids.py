"""Grade grid: how did the teams fare, by domain? One square is one team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import sentences
from improvement_analysis.charts import frame, text_width
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.columns import GradeColumns, Placed, draw_headline
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.tables import grade_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["grade_grid", "plot_grade_grid"]

Headlines = Mapping[Any, Any] | pd.Series

_PAD = 9.0


def grade_grid(
    counts: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    headlines: Headlines | None = None,
    published: Headlines | None = None,
    subject: str | None = None,
    overall: Any = "overall",
    by: str | None = None,
    unit: str | None = None,
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """One square for each team at its grade, a row for each domain.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        One index level; the columns of *scale*.
    title
        The finding; by default made from the counts, with *subject* before it: see
        :func:`~improvement_analysis.sentences.describe_counts`.
    subtitle, footnote
        What is counted (made from the counts by default), and the source.
    labels
        Words for the keys of the index.
    headlines
        Published headline of each key; shown as published. Where it is not the most frequent grade of its
        tally, a dagger and a footnote say so.
    published
        The source's spelling of each cell, for the table.
    overall
        Key of the overall conclusion: ruled off, and not a domain in the title's figure.
    by, unit
        What a row is and what a square is. By default the name of the index, and "team" where that is
        ``domain`` ("grading" elsewhere).
    illustrative
        Whether the data is made up; the chart then says so in a banner of its own.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale*.

    Examples
    --------
    >>> index = pd.Index(["practice"], name="domain")
    >>> chart = grade_grid(pd.DataFrame([[0, 0, 9, 0, 0, 0, 0, 0]], index, OFSTED.columns))
    >>> chart.title
    'All 9 domain gradings were requires improvement'
    """
    counts = sentences.check_counts(counts, scale)
    by, unit = by or heading_of(counts.index.name), unit or default_unit(counts)
    grid = _Grid(counts, labels, headlines, overall, by, unit, scale)
    heading = frame.Heading(
        title or frame.finding(counts, overall, subject, scale),
        subtitle or _subtitle(counts, by, unit),
        illustrative,
    )
    notes = [*grid.notes(), *([footnote] if footnote else [])]
    table = grade_table(
        counts,
        caption=heading.title,
        subtitle=heading.subtitle,
        note=notes,
        labels=labels,
        headlines=headlines,
        published=published,
        overall=overall,
        by=by,
        unit=unit,
        illustrative=illustrative,
        scale=scale,
    )
    return frame.compose(grid, heading, notes, table, rows=grid.sentences())


def plot_grade_grid(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    labels: Mapping[Any, str] | None = None,
    headlines: Headlines | None = None,
    overall: Any = "overall",
    by: str | None = None,
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the grid of :func:`grade_grid` on *ax*, without title and footnotes, and return *ax*.

    The text keeps its size where *ax* is large enough, and shrinks with the rest where it is not.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 9, 0, 1, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_grade_grid(counts, ax=ax) is ax
    True
    """
    counts = sentences.check_counts(counts, scale)
    by = by or heading_of(counts.index.name)
    return frame.plot(_Grid(counts, labels, headlines, overall, by, default_unit(counts), scale), ax)


def default_unit(counts: pd.DataFrame) -> str:
    """What one square is: a team where the groups are domains, else a grading."""
    return "team" if "domain" in counts.index.names else "grading"


def _subtitle(counts: pd.DataFrame, by: str, unit: str) -> str:
    sizes = sentences.describe_range(counts.sum(axis=1), unit)
    each = "" if len(counts) == 1 else " in each row" if counts.sum(axis=1).nunique() > 1 else ""
    what = by[:1].lower() + by[1:]
    return f"Number of {unit}s at each grade, by {what}. One square is one {unit}; {sizes}{each}."


@dataclass(frozen=True)
class _Grid:
    counts: pd.DataFrame
    labels: Mapping[Any, str] | None
    headlines: Headlines | None
    overall: Any
    by: str
    unit: str
    scale: Scale

    @cached_property
    def columns(self) -> GradeColumns:
        last = "Published headline" if self.headlines is not None else None
        return GradeColumns(self.counts, self.by, last, scale=self.scale)

    @cached_property
    def flags(self) -> dict[Any, str]:
        return find_flags(self.counts, self.headlines, self.unit, self.scale)

    def label(self, key: Any) -> str:
        return text_width.in_sentence(label_of(self.labels, key))

    def notes(self) -> list[str]:
        notes = [f"\u2020 {self.label(key)}: {text}." for key, text in self.flags.items()]
        rows = self.counts.drop(index=self.overall, errors="ignore")
        outside = sentences.describe_no_judgement(self.counts if rows.empty else rows, scale=self.scale)
        return [*notes, *([outside] if outside else [])]

    def sentences(self) -> list[str]:
        said = {
            key: sentences.describe_row(
                row,
                grades=self.columns.grades[:-1],
                headline=sentences.headline_of(self.headlines, key),
                scale=self.scale,
            )
            for key, row in self.counts.iterrows()
        }
        return [f"{self.label(key)}: {words}." for key, words in said.items()]

    def min_width(self) -> float:
        return self.columns.min_width()

    def best_width(self) -> float:
        return self.columns.best_width()

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
