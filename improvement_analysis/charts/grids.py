"""Grade grid: how did the teams fare, by domain? One square is one team."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, lettering
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import grade_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["grade_grid", "plot_grade_grid"]

Headlines = Mapping[Any, Any] | pd.Series

_GAP = 16.0
_PAD = 9.0
_COUNT_GAP = 5.0
_LABEL_WIDTHS = 150.0, 250.0
#: Size of a square and squares in a line, from the best to the one that always fits.
_SMALL = ((14.0, 5), (12.0, 5), (10.0, 5), (9.0, 5), (8.0, 5))
_LARGE = ((10.0, 10), (8.0, 10), (9.0, 5), (7.0, 5))


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
        title or sentences.describe_counts(counts, overall=overall, subject=subject, scale=scale),
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
class _Column:
    heading: str
    lines: list[str]
    width: float


@dataclass(frozen=True)
class _Grid:
    counts: pd.DataFrame
    labels: Mapping[Any, str] | None
    headlines: Headlines | None
    overall: Any
    by: str
    unit: str
    scale: Scale

    @property
    def grades(self) -> list[str]:
        return [*sentences.shown_grades(self.counts, self.scale), NO_JUDGEMENT]

    def label(self, key: Any) -> str:
        return lettering.clean(label_of(self.labels, key))

    def flags(self) -> dict[Any, str]:
        found = {
            key: sentences.describe_disagreement(
                row, sentences.headline_of(self.headlines, key), unit=self.unit, scale=self.scale
            )
            for key, row in self.counts.iterrows()
        }
        return {key: text for key, text in found.items() if text}

    def notes(self) -> list[str]:
        notes = [f"\u2020 {self.label(key)}: {text}." for key, text in self.flags().items()]
        outside = sentences.describe_no_judgement(
            self.counts.drop(index=self.overall, errors="ignore") if len(self.counts) > 1 else self.counts,
            scale=self.scale,
        )
        return [*notes, *([outside] if outside else [])]

    def sentences(self) -> list[str]:
        return [
            f"{self.label(key)}: "
            + sentences.describe_row(
                row,
                grades=self.grades[:-1],
                headline=sentences.headline_of(self.headlines, key),
                scale=self.scale,
            )
            + "."
            for key, row in self.counts.iterrows()
        ]

    def min_width(self) -> float:
        size, wrap = self._squares(0.0)
        return _LABEL_WIDTHS[0] + self._needed(size, wrap)

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        size, wrap = self._squares(right - left)
        columns = self._columns(size, wrap)
        spare = right - left - sum(c.width + _GAP for c in columns.values()) - self._headline_width()
        label_width = min(spare, _LABEL_WIDTHS[1])
        gap = _GAP + (spare - label_width) / (len(columns) + (self.headlines is not None))
        places, x = {}, left + label_width + gap
        for grade, column in columns.items():
            places[grade] = x
            x += column.width + gap
        layout = _Layout(sheet, self, columns, places, x, left, right, label_width, gap, size, wrap)
        return layout.draw(y)

    def _squares(self, room: float) -> tuple[float, int]:
        options = _SMALL if self.counts.to_numpy().max() <= 15 else _LARGE
        fitting = [o for o in options if _LABEL_WIDTHS[0] + self._needed(*o) <= room]
        return fitting[0] if fitting else options[-1]

    def _needed(self, size: float, wrap: int) -> float:
        columns = self._columns(size, wrap).values()
        return sum(column.width + _GAP for column in columns) + self._headline_width()

    def _headline_width(self) -> float:
        return _GAP + 58.0 if self.headlines is not None else 0.0

    def _columns(self, size: float, wrap: int) -> dict[str, _Column]:
        made = {}
        for grade in self.grades:
            most = int(self.counts[grade].max())
            count = lettering.measure(str(most), sheets.COUNT, True)
            width = count + (min(most, wrap) * size * 1.2 + _COUNT_GAP if most else 0)
            heading = column_heading(grade, self.scale)
            longest = lettering.fit(heading.replace(" (", "\u00a0(").split(" "), sheets.HEAD, True)
            words = lettering.fit(heading.split(), sheets.HEAD, True)
            width = max(width, words if longest > 90 else longest)
            made[grade] = _Column(heading, lettering.wrap(heading, width, sheets.HEAD, True), width)
        return made


def column_heading(grade: str, scale: Scale) -> str:
    """The words over the column of *grade*, with its code."""
    if grade == NO_JUDGEMENT:
        return "No judgement"
    return f"Split {grade}" if scale.is_split(grade) else f"{scale.name(grade)} ({grade})"


@dataclass(frozen=True)
class _Layout:
    sheet: Sheet
    grid: _Grid
    columns: dict[str, _Column]
    places: dict[str, float]
    headline_x: float
    left: float
    right: float
    label_width: float
    gap: float
    size: float
    wrap: int

    def draw(self, y: float) -> float:
        scale = self.grid.scale
        below = [g for g in self.places if g != NO_JUDGEMENT and scale.at_least(g, scale.good) is False]
        upwards = [g for g in self.places if g != NO_JUDGEMENT and scale.at_least(g, scale.good)]
        first = self.places[upwards[0]] - self.gap / 2
        top = y + 2
        head = self._headings(y + 15)
        bottom = self._rows(head)
        end = self.places[NO_JUDGEMENT] - self.gap / 2
        self.sheet.band(first, head, end - first, bottom - head)
        self._good_rules(below, first, top, bottom)
        return bottom

    def _good_rules(self, below: list[str], first: float, top: float, bottom: float) -> None:
        good = sentences.grade_words(self.grid.scale.good, self.grid.scale)
        words = good if self.grid.scale.good == self.grid.scale.codes[-1] else f"{good} or better"
        self.sheet.rule(first, top, first, bottom, width=2.0, colour=palette.INK)
        self.sheet.text(first + 5, top + 9, f"\u25ba {words}", size=8.5, colour=palette.SECONDARY)
        if not below:
            return
        last = self.places[below[-1]] + self.columns[below[-1]].width + self.gap / 2
        if last < first - 1:
            self.sheet.rule(last, top, last, bottom, width=2.0, colour=palette.INK)
        self.sheet.text(
            last - 5, top + 9, f"below {good} \u25c4", size=8.5, colour=palette.SECONDARY, align="right"
        )

    def _headings(self, y: float) -> float:
        headline = ["Published", "headline"]
        heads = [(self.left, lettering.wrap(self.grid.by, self.label_width, sheets.HEAD, True))]
        heads += [(self.places[g], self.columns[g].lines) for g in self.columns]
        heads += [(self.headline_x, headline)] if self.grid.headlines is not None else []
        bottom = y + sheets.text_height(max(len(lines) for _, lines in heads), sheets.HEAD)
        for x, lines in heads:
            top = bottom - sheets.text_height(len(lines), sheets.HEAD)
            self.sheet.lines(x, top, lines, size=sheets.HEAD, bold=True)
        self.sheet.rule(self.left, bottom + 5, self.right, bottom + 5, width=1.2, colour=palette.INK)
        return bottom + 5

    def _rows(self, y: float) -> float:
        flags = self.grid.flags()
        for number, (key, row) in enumerate(self.grid.counts.iterrows()):
            strong = bool(key == self.grid.overall)
            if number:
                colour, width = (palette.INK, 1.2) if strong else (palette.RULE, 0.8)
                self.sheet.rule(self.left, y, self.right, y, width=width, colour=colour)
            y = self._row(key, row, y, strong, key in flags)
        self.sheet.rule(self.left, y, self.right, y, width=1.2, colour=palette.INK)
        return y

    def _row(self, key: Any, row: pd.Series, y: float, strong: bool, flagged: bool) -> float:
        words = lettering.wrap(self.grid.label(key), self.label_width, sheets.BODY, strong)
        pitch = self.size * 1.2
        deepest = max(-(-int(row[grade]) // self.wrap) for grade in self.places)
        tall = sheets.text_height(len(words), sheets.BODY)
        height = max(tall, deepest * pitch - self.size * 0.2, 17.0) + 2 * _PAD
        middle = y + height / 2
        self.sheet.lines(self.left, middle - tall / 2, words, bold=strong)
        for grade, x in self.places.items():
            draw_count(
                self.sheet, x, middle, int(row[grade]), grade, self.size, self.wrap, scale=self.grid.scale
            )
        if self.grid.headlines is not None:
            headline = sentences.headline_of(self.grid.headlines, key)
            draw_headline(self.sheet, self.headline_x, middle, headline, flagged, self.grid.scale)
        return y + height


def draw_count(
    sheet: Sheet,
    x: float,
    middle: float,
    count: int,
    grade: str,
    size: float,
    wrap: int,
    *,
    scale: Scale = OFSTED,
) -> None:
    """*count* squares in lines of *wrap*, and the number beside them; a grey 0 where there is none."""
    if not count:
        sheet.text(x, middle + 3.6, "0", size=10, colour=palette.SECONDARY)
        return
    pitch = size * 1.2
    top = middle - (-(-count // wrap) * pitch - size * 0.2) / 2
    for number in range(count):
        sheet.square(x + number % wrap * pitch, top + number // wrap * pitch, size, grade, scale=scale)
    width = min(count, wrap) * pitch - size * 0.2
    sheet.text(x + width + _COUNT_GAP, middle + 4.0, str(count), size=sheets.COUNT, bold=True)


def draw_headline(
    sheet: Sheet, x: float, middle: float, headline: str | None, flagged: bool, scale: Scale
) -> None:
    """The published headline as a chip, with a dagger where the tally says otherwise."""
    if headline is None:
        sheet.text(x, middle + 3.3, "none", size=sheets.NOTE, colour=palette.SECONDARY)
        return
    width = sheet.chip(x, middle - 8.5, headline, scale=scale)
    if flagged:
        sheet.text(x + width + 3, middle - 1, "\u2020", size=sheets.COUNT, bold=True)
