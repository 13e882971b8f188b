"""Ranges: what is known only within bounds, as a bar between them, with a mark at the value itself."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, text_width
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.columns import good_words
from improvement_analysis.charts.sheet import Polygon, Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import frame_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["plot_share_ranges", "plot_superiority_ranges", "share_ranges", "superiority_ranges"]

_VALUES = 170.0
_BAR = 10.0
_GAP = 16.0


def superiority_ranges(
    comparison: pd.DataFrame,
    *,
    focus: str,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    overall: Any = "overall",
    illustrative: bool = False,
) -> Chart:
    """The chance that a team of *focus* was graded above another, per domain, with what stays open.

    Parameters
    ----------
    comparison
        Result of ``compare_groups``, a row per domain (as index or as column ``domain``): columns
        ``prob_superiority``, ``ps_bound_low``, ``ps_bound_high`` and, drawn as a thin line where they are
        not missing, ``ci_low`` and ``ci_high``.
    focus
        What the group that was compared is called.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If a column is missing.

    Examples
    --------
    >>> found = pd.DataFrame(
    ...     {"prob_superiority": [0.83], "ps_bound_low": [0.5], "ps_bound_high": [1.0]},
    ...     pd.Index(["practice"], name="domain"),
    ... )
    >>> superiority_ranges(found, focus="North").title
    'Chance that a North team was graded above another, by domain'
    """
    ranges = _superiority(comparison, labels, overall)
    focus = text_width.in_sentence(focus)
    heading = frame.Heading(
        title or f"Chance that a {focus} team was graded above another, by domain",
        subtitle or "Of two teams, one from each side; equal grades count half. 0.50: neither is favoured.",
        illustrative,
    )
    return _compose(ranges, heading, footnote)


def plot_superiority_ranges(
    comparison: pd.DataFrame,
    *,
    ax: Axes,
    labels: Mapping[Any, str] | None = None,
    overall: Any = "overall",
) -> Axes:
    """Draw the ranges of :func:`superiority_ranges` on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> numbers = {"prob_superiority": [0.8], "ps_bound_low": [0.5], "ps_bound_high": [1.0]}
    >>> found = pd.DataFrame(numbers, pd.Index(["practice"], name="domain"))
    >>> plot_superiority_ranges(found, ax=ax) is ax
    True
    """
    return frame.plot(_superiority(comparison, labels, overall), ax)


def share_ranges(
    counts: pd.DataFrame,
    *,
    grade: str | None = None,
    intervals: pd.DataFrame | None = None,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    overall: Any = "overall",
    unit: str = "team",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """How many of the judged are at *grade* or better, and what splits and the unjudged leave open.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        One index level; the columns of *scale*.
    grade
        A whole grade; by default where good begins.
    intervals
        Result of ``share_at_least`` for the same rows, only where the teams are a sample of more: its
        ``ci_low`` and ``ci_high`` are drawn as a thin line.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale*.

    Examples
    --------
    >>> index = pd.Index(["practice"], name="domain")
    >>> share_ranges(pd.DataFrame([[0, 0, 2, 0, 1, 0, 0, 1]], index, OFSTED.columns)).title
    'Good or better: 1 of 3 domain gradings'
    """
    counts = sentences.check_counts(counts, scale)
    grade = grade or scale.threshold
    ranges = _shares(counts, grade, intervals, labels, overall, scale)
    words = f"{scale.name(grade)} or better" if grade != scale.threshold else good_words(scale).capitalize()
    heading = frame.Heading(
        title or f"{words}: {_share_of_all(counts, grade, overall, scale)}",
        subtitle or f"How many {unit}s were graded {words.lower()}, of those judged.",
        illustrative,
    )
    return _compose(ranges, heading, footnote)


def plot_share_ranges(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    grade: str | None = None,
    intervals: pd.DataFrame | None = None,
    labels: Mapping[Any, str] | None = None,
    overall: Any = "overall",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the ranges of :func:`share_ranges` on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 9, 0, 1, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_share_ranges(counts, ax=ax) is ax
    True
    """
    counts = sentences.check_counts(counts, scale)
    return frame.plot(_shares(counts, grade or scale.threshold, intervals, labels, overall, scale), ax)


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


@dataclass(frozen=True)
class _Ranges:
    rows: list[_Range]
    first: str
    ticks: tuple[tuple[float, str], ...]
    last: str

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

    def best_width(self) -> float:
        return self.min_width()

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        label = min(220.0, (right - left) * 0.32)
        start, end = left + label + _GAP, right - _VALUES - _GAP
        first = text_width.wrap(self.first, label, sheets.HEAD, True)
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
        said = text_width.wrap(row.words, _VALUES, sheets.BODY, True)
        detail = text_width.wrap(row.detail, _VALUES, sheets.NOTE) if row.detail else []
        tall = sheets.text_height(len(words), sheets.BODY)
        values = sheets.text_height(len(said), sheets.BODY) + sheets.text_height(len(detail), sheets.NOTE)
        height = max(tall, values, 24.0) + 12
        middle = y + height / 2
        sheet.lines(left, middle - tall / 2, words, bold=row.strong)
        below = sheet.lines(ends[1] + _GAP, middle - values / 2, said, bold=True)
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


def _superiority(comparison: pd.DataFrame, labels: Mapping[Any, str] | None, overall: Any) -> _Ranges:
    found = comparison.set_index("domain") if "domain" in comparison else comparison
    needed = ["prob_superiority", "ps_bound_low", "ps_bound_high"]
    missing = [column for column in needed if column not in found]
    if missing:
        raise GradingsError(f"the comparison has no column {missing[0]!r}")
    rows = []
    for key, row in found.iterrows():
        value, low, high, ci_low, ci_high = (
            float(row.get(name, math.nan)) for name in [*needed, "ci_low", "ci_high"]
        )
        words = "undefined" if math.isnan(value) else f"{value:.2f}"
        details = [] if math.isnan(low) else [f"{low:.2f} to {high:.2f} left open" if low < high else ""]
        details += [] if math.isnan(ci_low) else [f"interval {ci_low:.2f} to {ci_high:.2f}"]
        detail = "; ".join(part for part in details if part)
        label = text_width.in_sentence(label_of(labels, key))
        rows.append(_Range(label, value, low, high, ci_low, ci_high, words, detail, bool(key == overall)))
    ticks = ((0.0, "always below"), (0.5, "even"), (1.0, "always above"))
    return _Ranges(rows, heading_of(found.index.name), ticks, "Chance of the higher grade")


def _shares(
    counts: pd.DataFrame,
    grade: str,
    intervals: pd.DataFrame | None,
    labels: Mapping[Any, str] | None,
    overall: Any,
    scale: Scale,
) -> _Ranges:
    if grade not in scale.codes:
        raise GradingsError(f"a share needs a whole grade, one of {', '.join(scale.codes)}; found {grade!r}")
    rows = []
    for key, row in counts.iterrows():
        k = sum(int(row[g]) for g in scale.categories if scale.at_least(g, grade))
        either = sum(int(row[g]) for g in scale.splits if scale.at_least(g, grade) is None)
        unjudged, total = int(row[NO_JUDGEMENT]), int(row.sum())
        judged = total - unjudged
        low, high = (k / total, (k + either + unjudged) / total) if total else (math.nan, math.nan)
        words = sentences.describe_share_at_least(row, grade, scale=scale)
        detail = f"between {k} and {k + either + unjudged} of all {total}" if either + unjudged else ""
        interval = _interval_of(intervals, key)
        label = text_width.in_sentence(label_of(labels, key))
        value = k / judged if judged else math.nan
        rows.append(_Range(label, value, low, high, *interval, words, detail, bool(key == overall)))
    ticks = ((0.0, "none"), (0.5, "half"), (1.0, "all"))
    return _Ranges(
        rows, heading_of(counts.index.name), ticks, f"{scale.name(grade)} or better, of those judged"
    )


def _interval_of(intervals: pd.DataFrame | None, key: Any) -> tuple[float, float]:
    if intervals is None or key not in intervals.index:
        return math.nan, math.nan
    row = intervals.loc[key]
    return float(row["ci_low"]), float(row["ci_high"])


def _share_of_all(counts: pd.DataFrame, grade: str, overall: Any, scale: Scale) -> str:
    rows, noun = sentences.split_off_overall(counts, overall)
    share = sentences.describe_share_at_least(rows.sum(), grade, scale=scale)
    return share if share == sentences.NONE_JUDGED else f"{share} {noun}s"


def _compose(ranges: _Ranges, heading: frame.Heading, footnote: str | None) -> Chart:
    notes = [*ranges.notes(), *([footnote] if footnote else [])]
    cells = pd.DataFrame(
        [(row.label, row.words, row.detail) for row in ranges.rows],
        columns=[ranges.first, ranges.last, "Left open, or interval"],
    )
    table = frame_table(
        cells, caption=heading.title, subtitle=heading.subtitle, note=notes, illustrative=heading.illustrative
    )
    return frame.compose(ranges, heading, notes, table, rows=ranges.sentences())
