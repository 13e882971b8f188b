"""Timeline: what happened when? One mark is a day, one bar a span of days."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.form import Form, Heading, Words, compose, worded
from improvement_analysis.charts.sheet import Polygon, Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import Scale
from improvement_analysis.tables import Table, frame_table, heading_of
from improvement_analysis.vocabulary import MONTHS, day_in_words

if TYPE_CHECKING:
    from improvement_analysis.charts.chart import Chart

__all__ = ["event_timeline"]

_COLUMNS = ("kind", "first", "last", "event")
_LABEL, _ROOM, _ROW, _SIZE = 130.0, 420.0, 30.0, 9.0
#: So many days of one kind are named one by one.
_FEW = 4


@worded
def event_timeline(events: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """When visits, inspections and meetings took place: a row for each kind, time from left to right.

    Parameters
    ----------
    events : DataFrame, one row per event
        ``kind``, ``first`` and ``last`` (days; the same for an event of one day) and ``event`` (words).
        Kinds stand in the order in which they come.

    Raises
    ------
    GradingsError
        If a column is absent, no event has its days, or one ends before it begins.

    Examples
    --------
    >>> day = pd.Timestamp("2018-02-07")
    >>> rows = [{"kind": "reviews", "first": day, "last": day, "event": "Quarterly review"}]
    >>> event_timeline(pd.DataFrame(rows)).title
    '1 date on 7 February 2018: 1 of reviews'
    """
    return compose(_Timeline.of(events, words, by="What", unit="event"), words)


class _Timeline(Form):
    @staticmethod
    def check(events: pd.DataFrame, _: Scale) -> pd.DataFrame:
        if absent := [name for name in _COLUMNS if name not in events]:
            raise GradingsError(f"the events have no column {', '.join(map(repr, absent))}")
        dated = events.dropna(subset=["first", "last"]).reset_index(drop=True)
        if dated.empty:
            raise GradingsError("no event has its days: there is nothing to show")
        if (dated["last"] < dated["first"]).any():
            raise GradingsError("an event ends before it begins")
        return dated

    @cached_property
    def kinds(self) -> list[str]:
        """What there is, in its order."""
        return [str(kind) for kind in self.counts["kind"].unique()]

    @cached_property
    def span(self) -> tuple[date, date]:
        """The first day of the quarter in which it all begins, and the last day."""
        first, last = self.counts["first"].min(), self.counts["last"].max()
        return date(first.year, (first.month - 1) // 3 * 3 + 1, 1), last.date()

    def title(self) -> str:
        """How many of each kind, and from when to when."""
        counts = self.counts["kind"].value_counts()
        many = sentences.join_words([f"{counts[kind]} of {kind}" for kind in self.kinds])
        first, last = self.counts["first"].min().date(), self.counts["last"].max().date()
        when = f"on {day_in_words(first)}"
        if first != last:
            when = f"from {day_in_words(first)} to {day_in_words(last)}"
        return f"{sentences.plural(len(self.counts), 'date')} {when}: {many}"

    def subtitle(self) -> str:
        return "A square is a day, a bar is a span of days: as exactly as the source tells."

    def sentences(self) -> list[str]:
        told = []
        for kind in self.kinds:
            rows = self.counts[self.counts["kind"] == kind]
            first, last = rows["first"].min().date(), rows["last"].max().date()
            days = [_when(*ends) for ends in zip(rows["first"], rows["last"], strict=True)]
            words = sentences.join_words(days)
            if len(rows) > _FEW:
                words = f"{len(rows)} between {day_in_words(first)} and {day_in_words(last)}"
            told.append(f"{heading_of(kind)}: {words}.")
        return [*told, *self.table_notes(), "The table follows."]

    def table_notes(self) -> list[str]:
        """The years that the line of time names."""
        years = sentences.join_words([str(day.year) for day in self._years()])
        return [f"Years marked: {years}."]

    def table(self, heading: Heading, notes: list[str]) -> Table:
        rows = self.counts.assign(
            kind=[heading_of(kind) for kind in self.counts["kind"]],
            when=[_when(*ends) for ends in zip(self.counts["first"], self.counts["last"], strict=True)],
        )
        return frame_table(
            rows,
            caption=heading.title,
            subtitle=heading.subtitle,
            headings={"kind": "What", "when": "When", "event": "In words"},
            note=[*self.table_notes(), *notes],
            about=self.about,
        )

    def _years(self) -> list[date]:
        """The days on which years begin, and that on which the line does."""
        first, last = self.span
        return [first, *(date(year, 1, 1) for year in range(first.year + 1, last.year + 1))]

    def min_width(self) -> float:
        return _LABEL + _ROOM

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        first, last = self.span
        days = max((last - first).days, 1)
        begin, room = left + _LABEL, right - left - _LABEL - _SIZE

        def place(day: date) -> float:
            return begin + room * (day - first).days / days

        top = y + 18.0
        bottom = top + _ROW * len(self.kinds)
        edge = -1.0
        for day in self._years():
            at = place(day)
            sheet.rule(at, top, at, bottom)
            label = str(day.year)
            if at >= edge:
                sheet.text(at + 2, y + 13, label, size=sheets.HEAD, bold=True)
                edge = at + text_width.measure(label, sheets.HEAD, True) + 10
        sheet.rule(left, top, right, top, width=1.2, colour=palette.INK)
        for number, kind in enumerate(self.kinds):
            middle = top + _ROW * (number + 0.5)
            if number:
                sheet.rule(left, top + _ROW * number, right, top + _ROW * number)
            lines = text_width.wrap(heading_of(kind), _LABEL - 10, sheets.BODY)
            sheet.lines(left, middle - sheets.text_height(len(lines), sheets.BODY) / 2, lines)
            for _, row in self.counts[self.counts["kind"] == kind].iterrows():
                width = max(_SIZE, place(row["last"].date()) - place(row["first"].date()))
                corner = place(row["first"].date()), middle - _SIZE / 2
                ground = palette.WHITE if width > _SIZE else palette.DONE
                sheet.squares.append(Polygon(sheets.box(*corner, width, _SIZE), ground, palette.INK))
        sheet.rule(left, bottom, right, bottom, width=1.2, colour=palette.INK)
        return bottom


def _when(first: pd.Timestamp, last: pd.Timestamp) -> str:
    """A day, or a span of days; whole months without their days.

    Examples
    --------
    >>> _when(pd.Timestamp("2017-08-01"), pd.Timestamp("2018-01-31"))
    'August 2017 to January 2018'
    """
    if first == last:
        return day_in_words(first)
    if first.day == 1 and last.is_month_end:
        ends = [f"{MONTHS[day.month - 1]} {day.year}" for day in (first, last)]
        return " to ".join(dict.fromkeys(ends))
    return f"{day_in_words(first)} to {day_in_words(last)}"
