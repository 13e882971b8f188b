"""Ranges: what is known only within bounds, as a bar between them, with a mark at the value itself."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import good_words
from improvement_analysis.charts.form import Form, Heading, Words, compose, worded
from improvement_analysis.charts.sheet import Polygon, Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.tables import Table, frame_table

if TYPE_CHECKING:
    from improvement_analysis.charts.chart import Chart

__all__ = ["share_ranges"]

_VALUES = 170.0
_BAR = 10.0
_GAP = 16.0


@worded
def share_ranges(
    counts: pd.DataFrame,
    *,
    grade: str | None = None,
    intervals: pd.DataFrame | None = None,
    overall: Any = "overall",
    unit: str = "team",
    **words: Unpack[Words],
) -> Chart:
    """How many of the judged are at *grade* or better, and what splits and the unjudged leave open.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        One index level; the columns of the scale.
    grade
        A whole grade; by default where good begins.
    intervals
        Result of ``share_at_least`` for the same rows, only where the teams are a sample of more: its
        ``ci_low`` and ``ci_high`` are drawn as a thin line.
    overall, unit
        As for :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of the scale.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.Index(["practice"], name="domain")
    >>> share_ranges(pd.DataFrame([[0, 0, 2, 0, 1, 0, 0, 1]], index, OFSTED.columns)).title
    'Good or better: 1 of 3 domain gradings'
    """
    own = {"grade": grade or "", "intervals": intervals, "overall": overall, "unit": unit}
    return compose(_Ranges.of(counts, words, **own), words)


@dataclass(frozen=True)
class _Range:
    """One row: everything between 0 and 1; NaN where there is none."""

    label: str
    value: float
    low: float
    high: float
    ci_low: float
    ci_high: float
    words: str
    detail: str
    strong: bool


@dataclass(frozen=True, kw_only=True)
class _Ranges(Form):
    grade: str = ""
    intervals: pd.DataFrame | None = None
    ticks: ClassVar[tuple[tuple[float, str], ...]] = ((0.0, "none"), (0.5, "half"), (1.0, "all"))

    def __post_init__(self) -> None:
        if self.at not in self.scale.codes:
            known = ", ".join(self.scale.codes)
            raise GradingsError(f"a share needs a whole grade, one of {known}; found {self.at!r}")

    @property
    def at(self) -> str:
        """The grade from which on a grading counts."""
        return self.grade or self.scale.threshold

    @property
    def last(self) -> str:
        """What the last column is called."""
        return f"{self.scale.name(self.at)} or better, of those judged"

    @cached_property
    def rows(self) -> list[_Range]:
        """A range for each row of the counts."""
        return [self._range(key, row) for key, row in self.counts.iterrows()]

    def _range(self, key: Any, row: pd.Series) -> _Range:
        grade, scale = self.at, self.scale
        k = sum(int(row[g]) for g in scale.categories if scale.at_least(g, grade))
        either = sum(int(row[g]) for g in scale.splits if scale.at_least(g, grade) is None)
        unjudged, total = int(row[NO_JUDGEMENT]), int(row.sum())
        judged = total - unjudged
        low, high = (k / total, (k + either + unjudged) / total) if total else (math.nan, math.nan)
        words = sentences.describe_share_at_least(row, grade, scale=scale)
        detail = f"between {k} and {k + either + unjudged} of all {total}" if either + unjudged else ""
        value = k / judged if judged else math.nan
        ends = _interval_of(self.intervals, key)
        return _Range(self.label(key), value, low, high, *ends, words, detail, bool(key == self.overall))

    def _words(self) -> str:
        good = self.at == self.scale.threshold
        return good_words(self.scale).capitalize() if good else f"{self.scale.name(self.at)} or better"

    def title(self) -> str:
        rows, noun = sentences.split_off_overall(self.counts, self.overall)
        share = sentences.describe_share_at_least(rows.sum(), self.at, scale=self.scale)
        return f"{self._words()}: {share if share == sentences.NONE_JUDGED else f'{share} {noun}s'}"

    def subtitle(self) -> str:
        return f"How many {self.unit}s were graded {self._words().lower()}, of those judged."

    def table(self, heading: Heading, notes: list[str]) -> Table:
        cells = pd.DataFrame(
            [(row.label, row.words, row.detail) for row in self.rows],
            columns=[self.by, self.last, "Left open, or interval"],
        )
        return frame_table(
            cells, caption=heading.title, subtitle=heading.subtitle, note=notes, about=self.about
        )

    def notes(self) -> list[str]:
        notes = ["Square: the value."]
        if any(row.high > row.low for row in self.rows):
            notes[0] += " Grey bar: what split grades and unjudged teams leave open."
        if any(not math.isnan(row.ci_low) for row in self.rows):
            notes.append("Thin line: confidence interval.")
        return notes

    def sentences(self) -> list[str]:
        return [f"{row.label}: {row.words}{f', {row.detail}' if row.detail else ''}." for row in self.rows]

    def min_width(self) -> float:
        return 520.0

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        label = min(220.0, (right - left) * 0.32)
        start, end = left + label + _GAP, right - _VALUES - _GAP
        first = text_width.wrap(self.by, label, sheets.HEAD, True)
        last = text_width.wrap(self.last, _VALUES, sheets.HEAD, True)
        y = y + 2 + sheets.text_height(max(len(first), len(last)), sheets.HEAD)
        sheet.lines(left, y - sheets.text_height(len(first), sheets.HEAD), first, size=sheets.HEAD, bold=True)
        top = y - sheets.text_height(len(last), sheets.HEAD)
        sheet.lines(end + _GAP, top, last, size=sheets.HEAD, bold=True)
        aligns: tuple[sheets.Align, ...] = ("left", "center", "right")
        for (at, words), align in zip(self.ticks, aligns, strict=True):
            sheet.aside(start + at * (end - start), y - 3, words, size=8.5, align=align)
        y += 5
        sheet.rule(left, y, right, y, width=1.2, colour=palette.INK)
        top = y
        for number, row in enumerate(self.rows):
            if number:
                colour, width = (palette.INK, 1.2) if row.strong else (palette.RULE, 0.8)
                sheet.rule(left, y, right, y, width=width, colour=colour)
            y = self._lay_row(sheet, row, y, left, label, (start, end))
        for at, _ in self.ticks:
            x = start + at * (end - start)
            sheet.rule(x, top, x, y, width=1.2 if at == 0.5 else 0.8, colour=palette.SECONDARY)
        sheet.rule(left, y, right, y, width=1.2, colour=palette.INK)
        return y

    def _lay_row(
        self, sheet: Sheet, row: _Range, y: float, left: float, label: float, ends: tuple[float, float]
    ) -> float:
        words = text_width.wrap(row.label, label, sheets.BODY, row.strong)
        values = text_width.wrap(row.words, _VALUES, sheets.BODY, True)
        detail = text_width.wrap(row.detail, _VALUES, sheets.NOTE) if row.detail else []
        tall = sheets.text_height(len(words), sheets.BODY)
        depth = sheets.text_height(len(values), sheets.BODY) + sheets.text_height(len(detail), sheets.NOTE)
        height = max(tall, depth, 24.0) + 12
        middle = y + height / 2
        sheet.lines(left, middle - tall / 2, words, bold=row.strong)
        below = sheet.lines(ends[1] + _GAP, middle - depth / 2, values, bold=True)
        sheet.lines(ends[1] + _GAP, below, detail, size=sheets.NOTE, colour=palette.SECONDARY)
        self._lay_marks(sheet, row, middle, *ends)
        return y + height

    def _lay_marks(self, sheet: Sheet, row: _Range, middle: float, start: float, end: float) -> None:
        def at(share: float) -> float:
            return start + share * (end - start)

        if row.high > row.low:
            ground = sheets.box(at(row.low), middle - _BAR / 2, at(row.high) - at(row.low), _BAR)
            sheet.squares.append(Polygon(ground, palette.RULE, palette.SECONDARY))
        if not math.isnan(row.ci_low):
            sheet.tick(at(row.ci_low), middle, at(row.ci_high), middle, width=1.5, colour=palette.INK)
            for x in (at(row.ci_low), at(row.ci_high)):
                sheet.tick(x, middle - 4, x, middle + 4, width=1.5, colour=palette.INK)
        if not math.isnan(row.value):
            mark = sheets.box(at(row.value) - 3.5, middle - 3.5, 7.0, 7.0)
            sheet.chips.append(Polygon(mark, palette.INK, palette.WHITE))


def _interval_of(intervals: pd.DataFrame | None, key: Any) -> tuple[float, float]:
    if intervals is None or key not in intervals.index:
        return math.nan, math.nan
    row = intervals.loc[key]
    return float(row["ci_low"]), float(row["ci_high"])
