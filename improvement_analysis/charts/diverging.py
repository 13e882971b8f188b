"""Diverging bars: how far below or above good are many teams? A notch is a team."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import draw_headings, draw_key, good_words
from improvement_analysis.charts.form import Form, OnAxes, Words, compose, plot, worded
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.scale import NO_JUDGEMENT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["diverging_bars", "plot_diverging_bars"]

_LABEL = 175.0
_BAR = 22.0
_TOTAL = 34.0
_PANEL = 78.0
_JUDGED = 64.0
_GAP = 14.0
_SIDE = 84.0
_WIDEST_UNIT = 18.0
_LEAST_NOTCH = 3.0


@worded
def diverging_bars(
    counts: pd.DataFrame,
    *,
    overall: Any = "overall",
    by: str | None = None,
    unit: str | None = None,
    **words: Unpack[Words],
) -> Chart:
    """Bars of counts from where good begins: below it to the left, good or better to the right.

    For pooled counts of more than about twelve teams. A split across the boundary has a lane of its own
    between two rules; no judgement stands in a panel at the side, outside "of n".

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        One index level; the columns of the scale.
    overall, by, unit
        As for :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of the scale.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.Index(["practice"], name="domain")
    >>> diverging_bars(pd.DataFrame([[2, 0, 17, 0, 0, 0, 0, 0]], index, OFSTED.columns)).title
    'None of 19 domain gradings was good or better, 2 were inadequate'
    """
    return compose(_Bars.of(counts, words, overall=overall, by=by, unit=unit), words)


@worded
def plot_diverging_bars(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    overall: Any = "overall",
    by: str | None = None,
    unit: str | None = None,
    **words: Unpack[OnAxes],
) -> Axes:
    """Draw the bars of :func:`diverging_bars` on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from improvement_analysis.scale import OFSTED
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.Index(["practice"], name="domain")
    >>> counts = pd.DataFrame([[0, 0, 9, 0, 1, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_diverging_bars(counts, ax=ax) is ax
    True
    """
    return plot(_Bars.of(counts, words, overall=overall, by=by, unit=unit), ax)


@dataclass(frozen=True)
class _Lanes:
    """Where the bars stand: below good ends at *below*, good begins at *good*, a team is *unit* wide."""

    label: float
    below: float
    good: float
    unit: float
    panel: float
    judged: float


class _Bars(Form):
    share_from = True

    @cached_property
    def sides(self) -> dict[str, list[str]]:
        """The grades certainly below good, across its boundary, and certainly from it upwards."""
        names = {False: "below", None: "across", True: "from good"}
        sides: dict[str, list[str]] = {name: [] for name in names.values()}
        for grade in sentences.shown_grades(self.counts, self.scale):
            sides[names[self.scale.at_least(grade, self.scale.threshold)]].append(grade)
        return sides

    @cached_property
    def totals(self) -> dict[Any, dict[str, int]]:
        """How many lie on each side, by row."""
        return {
            key: {side: sum(int(row[grade]) for grade in grades) for side, grades in self.sides.items()}
            for key, row in self.counts.iterrows()
        }

    def subtitle(self) -> str:
        good = sentences.grade_words(self.scale.threshold, self.scale)
        sizes = sentences.describe_range(self.counts.sum(axis=1), self.unit)
        return (
            f"Number of {self.unit}s below {good} (left of the line) and {good_words(self.scale)} (right), "
            f"by {self.by[:1].lower()}{self.by[1:]}; {sizes} in a row."
        )

    def notes(self) -> list[str]:
        notes = [f"A notch is one {self.unit}, where there is room for notches."]
        if self.sides["across"]:
            split = self.sides["across"][0]
            notes.append(f"{split} lies across the boundary and stands between the two lines.")
        return [*notes, *self.outside()]

    def sentences(self) -> list[str]:
        grades = sentences.shown_grades(self.counts, self.scale)
        rows = []
        for key, row in self.counts.iterrows():
            words = sentences.describe_row(row, grades=grades, scale=self.scale)
            below, _, upwards = self.totals[key].values()
            good = sentences.grade_words(self.scale.threshold, self.scale)
            sums = f"{below} below {good}, {upwards} {good_words(self.scale)}"
            rows.append(f"{self.label(key)}: {words}; {sums}; {self._judged(row)} judged.")
        return rows

    def _judged(self, row: pd.Series) -> str:
        return f"{int(row[list(self.scale.categories)].sum())} of {int(row.sum())}"

    def min_width(self) -> float:
        return 560.0

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        lanes = self._lanes(left, right)
        shown = [*sentences.shown_grades(self.counts, self.scale), NO_JUDGEMENT]
        y = draw_key(sheet, y, left, right, shown, scale=self.scale)
        head = self._lay_headings(sheet, lanes, y, left)
        sheet.rule(left, head, right, head, width=1.2, colour=palette.INK)
        bottom = head
        for number, (key, row) in enumerate(self.counts.iterrows()):
            if number and key == self.overall:
                sheet.rule(left, bottom, right, bottom, width=1.2, colour=palette.INK)
            bottom = self._lay_row(sheet, lanes, key, row, bottom, left)
        sheet.rule(left, bottom, right, bottom, width=1.2, colour=palette.INK)
        for x in {lanes.below, lanes.good} if self.scale.good else ():
            sheet.rule(x, y, x, bottom, width=2.0, colour=palette.INK)
        return bottom

    def _lanes(self, left: float, right: float) -> _Lanes:
        label = _LABEL if right - left > 600 else 140.0
        judged = right - _JUDGED
        panel = judged - _PANEL - _GAP
        start, end = left + label + _TOTAL, panel - _TOTAL - _GAP
        rows = self.totals.values()
        below, across, upwards = (max(totals[side] for totals in rows) for side in self.sides)
        room = end - start
        unit = min(_WIDEST_UNIT, room / max(below + across + upwards, 1))
        if unit * upwards < _SIDE:
            unit = min(unit, (room - _SIDE) / max(below + across, 1))
        if unit * below < _SIDE:
            unit = min(unit, (room - _SIDE) / max(across + upwards, 1))
        anchor = min(max(start + below * unit, start + _SIDE), end - (across + upwards) * unit)
        return _Lanes(label, anchor, anchor + across * unit, unit, panel, judged)

    def _lay_headings(self, sheet: Sheet, lanes: _Lanes, y: float, left: float) -> float:
        judged = text_width.wrap(f"{self.unit.capitalize()}s judged", _JUDGED, sheets.HEAD, True)
        heads = [
            (left, text_width.wrap(self.by, lanes.label - _GAP, sheets.HEAD, True)),
            (lanes.panel, text_width.wrap("No judgement", _PANEL, sheets.HEAD, True)),
            (lanes.judged, judged),
        ]
        bottom = draw_headings(sheet, heads, y)
        good = sentences.grade_words(self.scale.threshold, self.scale)
        baseline = bottom - 5 - sheets.HEAD * 0.3
        sheet.aside(lanes.below - 6, baseline, f"below {good} \u25c4", align="right")
        sheet.aside(lanes.good + 6, baseline, f"\u25ba {good_words(self.scale)}")
        return bottom

    def _lay_row(self, sheet: Sheet, lanes: _Lanes, key: Any, row: pd.Series, y: float, left: float) -> float:
        strong = bool(key == self.overall)
        room = lanes.label - _GAP
        words = text_width.wrap(self.label(key), room, sheets.BODY, strong)
        tally = text_width.wrap_parts([f"{int(row[grade])} {grade}" for grade in self._grades()], room, 8.5)
        tall = sheets.text_height(len(words), sheets.BODY) + 2 + sheets.text_height(len(tally), 8.5)
        height = max(tall, _BAR) + 14
        middle = y + height / 2
        below = sheet.lines(left, middle - tall / 2, words, bold=strong)
        sheet.lines(left, below + 2, tally, size=8.5, colour=palette.SECONDARY)
        self._lay_bars(sheet, lanes, key, row, middle)
        self._lay_panel(sheet, lanes, row, middle)
        return y + height

    def _grades(self) -> list[str]:
        return [grade for grades in self.sides.values() for grade in grades]

    def _lay_bars(self, sheet: Sheet, lanes: _Lanes, key: Any, row: pd.Series, middle: float) -> None:
        below, across, upwards = self.totals[key].values()
        lane = lanes.good - lanes.below
        start = {
            "below": lanes.below - below * lanes.unit,
            "across": lanes.below + (lane - across * lanes.unit) / 2,
            "from good": lanes.good,
        }
        for side, grades in self.sides.items():
            x = start[side]
            for grade in grades:
                self._lay_bar(sheet, x, middle - _BAR / 2, int(row[grade]), grade, lanes.unit)
                x += int(row[grade]) * lanes.unit
        ends = start["below"] - 6, lanes.good + upwards * lanes.unit + 6
        self._lay_total(sheet, ends[0], middle, below, "right")
        self._lay_total(sheet, ends[1], middle, upwards, "left")

    def _lay_total(self, sheet: Sheet, x: float, middle: float, total: int, align: sheets.Align) -> None:
        colour = palette.INK if total else palette.SECONDARY
        sheet.text(x, middle + 4, str(total), size=sheets.COUNT, bold=total > 0, colour=colour, align=align)

    def _lay_bar(self, sheet: Sheet, x: float, y: float, count: int, grade: str, unit: float) -> None:
        if not count:
            return
        notched = unit >= _LEAST_NOTCH
        if self.scale.is_split(grade):
            wide = unit if notched else count * unit
            for number in range(count if notched else 1):
                sheet.bar(x + number * wide, y, wide, _BAR, grade, scale=self.scale)
            return
        sheet.bar(x, y, count * unit, _BAR, grade, scale=self.scale)
        colour = palette.letter(palette.fill(grade, self.scale)[0])
        for number in range(1, count if notched else 1):
            at = x + number * unit
            sheet.tick(at, y + _BAR - 5, at, y + _BAR - 0.6, colour=colour)
        words = f"{grade} {count}"
        if text_width.measure(words, sheets.HEAD, True) + 6 <= count * unit:
            place = x + count * unit / 2, y + (13 if notched else 14.5)
            sheet.text(*place, words, size=sheets.HEAD, bold=True, colour=colour, align="center")

    def _lay_panel(self, sheet: Sheet, lanes: _Lanes, row: pd.Series, middle: float) -> None:
        unjudged = int(row[NO_JUDGEMENT])
        if not unjudged:
            sheet.text(lanes.panel, middle + 3.6, "0", size=10, colour=palette.SECONDARY)
        else:
            shown, size = (min(unjudged, 5), 9.0) if unjudged <= 5 else (1, 12.0)
            for number in range(shown):
                at = lanes.panel + number * size * 1.25, middle - size / 2
                sheet.square(*at, size, NO_JUDGEMENT, scale=self.scale)
            x = lanes.panel + shown * size * 1.25 + 4
            sheet.text(x, middle + 4, str(unjudged), size=sheets.COUNT, bold=True)
        sheet.text(lanes.judged, middle + 3.8, self._judged(row))
