"""The columns of grades that the grids share: squares or bars under headings, a rule where good begins."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

__all__ = [
    "GradeColumns",
    "Placed",
    "draw_count",
    "draw_headings",
    "draw_headline",
    "draw_key",
    "good_words",
]

_GAP = 16.0
_COUNT_GAP = 5.0
_LABEL_WIDTHS = 150.0, 250.0
#: Size of a square and squares in a line, from the best to the one that always fits.
_SMALL = ((14.0, 5), (12.0, 5), (10.0, 5), (9.0, 5), (8.0, 5))
_LARGE = ((10.0, 10), (8.0, 10), (9.0, 5), (7.0, 5))
#: Least width of a bar that is all of its row, and its height.
_BAR, _BAR_HEIGHT = 64.0, 10.0


@dataclass(frozen=True)
class Column:
    """One column: its heading in lines, and its width."""

    lines: list[str]
    width: float


@dataclass(frozen=True)
class GradeColumns:
    """The columns that *counts* need, whatever the room.

    Parameters
    ----------
    counts
        Everything that will stand in the columns.
    first, last
        Headings of the labels and of the last column; None where there is no last column.
    last_width
        Width of the last column in points.
    """

    counts: pd.DataFrame
    first: str
    last: str | None = None
    last_width: float = 58.0
    scale: Scale = OFSTED

    @cached_property
    def grades(self) -> list[str]:
        """The grades shown, then *no judgement*."""
        return [*sentences.shown_grades(self.counts, self.scale), NO_JUDGEMENT]

    @cached_property
    def _most(self) -> dict[str, int]:
        """The most squares of each grade in a row."""
        squares = self.counts[self.counts.sum(axis=1) <= palette.MOST_SQUARES]
        return {grade: int(squares[grade].max()) if len(squares) else 0 for grade in self.grades}

    @cached_property
    def _shares(self) -> dict[str, float]:
        """The width that bars of each grade need, with their words."""
        bars = self.counts[self.counts.sum(axis=1) > palette.MOST_SQUARES]
        if bars.empty:
            return dict.fromkeys(self.grades, 0.0)
        most = _judged(bars, self.scale).max()
        words = {grade: share_words(bars[grade].max(), most, grade) for grade in self.grades}
        return {
            grade: max(_BAR * (grade != NO_JUDGEMENT), text_width.measure(text, sheets.HEAD, True))
            for grade, text in words.items()
        }

    @property
    def _options(self) -> tuple[tuple[float, int], ...]:
        return _SMALL if max(self._most.values()) <= 15 else _LARGE

    def min_width(self) -> float:
        """Least width with the smallest squares."""
        return _LABEL_WIDTHS[0] + self._needed(*self._options[-1])

    def best_width(self) -> float:
        """Width that the largest squares need."""
        return _LABEL_WIDTHS[0] + self._needed(*self._options[0])

    def place(self, sheet: Sheet, left: float, right: float) -> Placed:
        """Lay the columns out between *left* and *right*, with squares as large as fit."""
        options = [o for o in self._options if _LABEL_WIDTHS[0] + self._needed(*o) <= right - left]
        size, wrap = options[0] if options else self._options[-1]
        columns = {grade: self._column(grade, size, wrap) for grade in self.grades}
        spare = right - left - self._needed(size, wrap)
        label = min(spare, _LABEL_WIDTHS[1])
        gap = _GAP + (spare - label) / (len(columns) + (self.last is not None))
        places, x = {}, left + label + gap
        for grade, column in columns.items():
            places[grade] = x
            x += column.width + gap
        return Placed(self, sheet, columns, places, x, left, right, label, gap, size, wrap)

    def _needed(self, size: float, wrap: int) -> float:
        width = sum(self._column(grade, size, wrap).width + _GAP for grade in self.grades)
        return width + (_GAP + self.last_width if self.last else 0.0)

    def _column(self, grade: str, size: float, wrap: int) -> Column:
        most = self._most[grade]
        count = text_width.measure(str(most), sheets.COUNT, True)
        squares = min(most, wrap) * size * 1.2 + _COUNT_GAP if most else 0.0
        heading = column_heading(grade, self.scale)
        width = max(count + squares, self._shares[grade], self._heading_width(heading))
        return Column(text_width.wrap(heading, width, sheets.HEAD, True), width)

    def _heading_width(self, heading: str) -> float:
        """A code stays beside its name where there is room for that, as there is without splits."""
        with_code = text_width.fit(heading.replace(" (", "\u00a0(").split(" "), sheets.HEAD, True)
        words = text_width.fit(heading.split(), sheets.HEAD, True)
        return with_code if with_code <= 90 and len(self.grades) <= len(self.scale.codes) + 1 else words


def column_heading(grade: str, scale: Scale) -> str:
    """The words over the column of *grade*, with its code."""
    if grade == NO_JUDGEMENT:
        return "No judgement"
    return f"Split {grade}" if scale.is_split(grade) else f"{scale.name(grade)} ({grade})"


def share_words(count: int, judged: int, grade: str) -> str:
    """How many of the judged are at *grade*; of those not judged, how many they are."""
    return str(count) if grade == NO_JUDGEMENT else f"{count} of {judged}"


def _judged(counts: pd.DataFrame, scale: Scale) -> pd.Series:
    """How many of each row were judged."""
    return counts[list(scale.categories)].sum(axis=1)


def good_words(scale: Scale) -> str:
    """How a sentence names everything from good upwards.

    Examples
    --------
    >>> good_words(OFSTED)
    'good or better'
    """
    good = sentences.grade_words(scale.threshold, scale)
    return good if scale.threshold == scale.codes[-1] else f"{good} or better"


@dataclass(frozen=True)
class Placed:
    """Columns that have their place on a sheet."""

    columns: GradeColumns
    sheet: Sheet
    shapes: dict[str, Column]
    places: dict[str, float]
    last_x: float
    left: float
    right: float
    label_width: float
    gap: float
    size: float
    wrap: int

    def headings(self, y: float) -> float:
        """The headings below *y* and the rule beneath them; returns its height."""
        first = text_width.wrap(self.columns.first, self.label_width, sheets.HEAD, True)
        heads = [(self.left, first), *((self.places[g], shape.lines) for g, shape in self.shapes.items())]
        if self.columns.last:
            room = self.right - self.last_x
            heads.append((self.last_x, text_width.wrap(self.columns.last, room, sheets.HEAD, True)))
        bottom = draw_headings(self.sheet, heads, y + 15)
        self.rule(bottom, strong=True)
        return bottom

    def rule(self, y: float, *, strong: bool = False) -> None:
        """A rule over the whole width."""
        width, colour = (1.2, palette.INK) if strong else (0.8, palette.RULE)
        self.sheet.rule(self.left, y, self.right, y, width=width, colour=colour)

    def depth(self, row: pd.Series) -> float:
        """Height of the squares of *row*, or of its bars with their words."""
        if row.sum() > palette.MOST_SQUARES:
            return sheets.text_height(1, sheets.HEAD) + _BAR_HEIGHT + 2
        deepest = max(-(-int(row[grade]) // self.wrap) for grade in self.places)
        return max(deepest * self.size * 1.2 - self.size * 0.2, 17.0)

    def draw_row(self, row: pd.Series, middle: float) -> None:
        """The squares and counts of *row*, or its bars where it is too large, about the height *middle*."""
        for grade, x in self.places.items():
            if row.sum() > palette.MOST_SQUARES:
                self._draw_bar(row, grade, x, middle - self.depth(row) / 2)
                continue
            shape = self.size, self.wrap
            draw_count(self.sheet, x, middle, int(row[grade]), grade, *shape, scale=self.columns.scale)

    def _draw_bar(self, row: pd.Series, grade: str, x: float, top: float) -> None:
        """The share of *grade* among the judged of *row*, in words and beneath them as a bar."""
        scale, count = self.columns.scale, int(row[grade])
        judged = int(row[list(scale.categories)].sum())
        self.sheet.text(x, top + sheets.HEAD, share_words(count, judged, grade), size=sheets.HEAD, bold=True)
        if grade == NO_JUDGEMENT:
            return
        y, width = top + sheets.text_height(1, sheets.HEAD) + 2, self._bar_width
        self.sheet.rule(x, y + _BAR_HEIGHT, x + width, y + _BAR_HEIGHT)
        if count:
            self.sheet.bar(x, y, width * count / judged, _BAR_HEIGHT, grade, scale=scale)

    @property
    def _bar_width(self) -> float:
        """Length of a bar that is all of its row, the same in every column."""
        return min(shape.width for grade, shape in self.shapes.items() if grade != NO_JUDGEMENT)

    def mark_good(self, top: float, spans: list[tuple[float, float]]) -> None:
        """The band from good upwards, and the rule where it begins: two about a split at the boundary.

        Nothing is marked where the scale has no such line.

        *spans* are the heights, upper and lower, between which rows stand.
        """
        scale = self.columns.scale
        if scale.good is None:
            return
        graded = [grade for grade in self.places if grade != NO_JUDGEMENT]
        upwards = next(grade for grade in graded if scale.at_least(grade, scale.threshold))
        first, end = (self.places[g] - self.gap / 2 for g in (upwards, NO_JUDGEMENT))
        lines = [(top, spans[0][1]), *spans[1:]]
        for upper, lower in spans:
            self.sheet.band(first, upper, end - first, lower - upper)
        for upper, lower in lines:
            self.sheet.rule(first, upper, first, lower, width=2.0, colour=palette.INK)
        self.sheet.aside(first + 5, top + 9, f"\u25ba {good_words(scale)}", size=sheets.NOTE)
        below = [grade for grade in graded if scale.at_least(grade, scale.threshold) is False]
        if not below:
            return
        last = self.places[below[-1]] + self.shapes[below[-1]].width + self.gap / 2
        for upper, lower in lines if last < first - 1 else []:
            self.sheet.rule(last, upper, last, lower, width=2.0, colour=palette.INK)
        words = f"below {sentences.grade_words(scale.threshold, scale)} \u25c4"
        self.sheet.aside(last - 5, top + 9, words, size=sheets.NOTE, align="right")


def draw_headings(sheet: Sheet, heads: list[tuple[float, list[str]]], y: float) -> float:
    """Headings that stand on one line; returns the height of the rule beneath them."""
    bottom = y + sheets.text_height(max(len(lines) for _, lines in heads), sheets.HEAD)
    for x, lines in heads:
        top = bottom - sheets.text_height(len(lines), sheets.HEAD)
        sheet.lines(x, top, lines, size=sheets.HEAD, bold=True)
    return bottom + 5


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


def draw_key(
    sheet: Sheet,
    y: float,
    left: float,
    right: float,
    grades: list[str],
    *,
    scale: Scale = OFSTED,
    size: float = 17.0,
) -> float:
    """A square of each of *grades* with its name, in as many lines as it takes; returns the height below."""
    x = left
    for grade in grades:
        words = sentences.grade_words(grade, scale)
        if grade != NO_JUDGEMENT and scale.is_split(grade):
            words = f"split between {' and '.join(scale.ends(grade))}"
        wide = size + 5 + text_width.measure(words, sheets.NOTE) + 16
        if x > left and x + wide - 16 > right:
            x, y = left, y + size * 1.3
        sheet.square(x, y, size, grade, scale=scale, lettered=True)
        sheet.text(x + size + 5, y + size / 2 + 3.2, words, size=sheets.NOTE)
        x += wide
    return y + size + 8
