"""Action grid: how did the actions of the teams' plans stand? One square is one action."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Unpack

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.actions import OPEN, STATUSES
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import draw_headings
from improvement_analysis.charts.form import Form, Heading, Words, compose, worded
from improvement_analysis.charts.sheet import Polygon, Sheet
from improvement_analysis.charts.stacked import Strip
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import Scale
from improvement_analysis.tables import Table, frame_table, heading_of

if TYPE_CHECKING:
    from improvement_analysis.charts.chart import Chart

__all__ = ["action_grid", "trace_grid"]

_SILENT = "not reported"
_COLUMNS = [*STATUSES, _SILENT]
_UNANSWERED = "no action"
_LABEL = 130.0, 220.0
_GAP = 18.0
_COUNT_GAP = 5.0
_PAD = 8.0


@worded
def action_grid(counts: pd.DataFrame, *, by: str | None = None, **words: Unpack[Words]) -> Chart:
    """One square for each action at its status, a row for each quarter (or service, or team).

    The marks are not those of grades: a square fills as its action gets done, in a colour that no grade has,
    and a closed one bears a tick. By quarter the title is that of the last row, otherwise of all rows.

    Parameters
    ----------
    counts : DataFrame of int, groups x statuses
        As :func:`~improvement_analysis.actions.track_actions` or
        :func:`~improvement_analysis.actions.count_actions` gives them, by one column.
    by
        What a row is; by default the name of the index.

    Raises
    ------
    GradingsError
        If *counts* have other columns, no row, a row twice, or what is no whole number from 0 upwards.

    Examples
    --------
    >>> index = pd.Index(["2017-18 Q3", "2017-18 Q4"], name="quarter")
    >>> action_grid(pd.DataFrame([[1, 2, 0, 0, 1], [0, 1, 2, 1, 0]], index, _COLUMNS)).title
    'At the end of 2017-18 Q4, 2 of 4 actions were closed, 1 stopped, 1 still to do'
    """
    return compose(_Grid.of(counts, words, by=by), words)


@worded
def trace_grid(counts: pd.DataFrame, **words: Unpack[Words]) -> Chart:
    """One square for each recommendation at what became of it, a row for each way its next grade went.

    Parameters
    ----------
    counts : DataFrame of int
        As :func:`~improvement_analysis.comparison.count_trace` gives them.

    Raises
    ------
    GradingsError
        If *counts* have other columns, no row, a row twice, or what is no whole number from 0 upwards.

    Examples
    --------
    >>> counts = pd.DataFrame([[0, 0, 0, 2, 0, 0], [1, 0, 1, 0, 0, 0]], ["up", "not known yet"],
    ...                       [_UNANSWERED, *_COLUMNS])
    >>> trace_grid(counts).title
    '1 of 4 recommendations is answered by no action, 2 were closed and graded again'
    """
    return compose(_Trace.of(counts, words, by="Next grade of the domain"), words)


def _checked(counts: pd.DataFrame, expected: list[str]) -> pd.DataFrame:
    if list(counts.columns) != expected:
        columns = ", ".join(map(str, counts.columns))
        raise GradingsError(f"counts of actions have the columns {columns}; expected {', '.join(expected)}")
    if counts.index.nlevels != 1:
        names = ", ".join(map(str, counts.index.names))
        raise GradingsError(f"an action grid needs counts by one column, such as quarter; found {names}")
    if counts.empty:
        raise GradingsError("counts have no row: there is nothing to show")
    if not sentences.are_counts(counts):
        raise GradingsError("a count is not a whole number from 0 upwards")
    if counts.index.has_duplicates:
        raise GradingsError(f"counts name {counts.index[counts.index.duplicated()][0]!r} twice")
    keys = [sentences.NOT_STATED if pd.isna(key) else key for key in counts.index]
    return counts.astype("int64").set_axis(pd.Index(keys, name=counts.index.name, dtype=object))


class _Grid(Form):
    columns: ClassVar[list[str]] = _COLUMNS
    ruled: ClassVar[tuple[str, ...]] = ("closed", _SILENT)
    total: ClassVar[str] = "Actions"

    @classmethod
    def check(cls, counts: pd.DataFrame, _: Scale) -> pd.DataFrame:
        return _checked(counts, cls.columns)

    def title(self) -> str:
        """How many were closed: at the end of the last quarter, or in all rows together."""
        by_quarter = self.counts.index.name == "quarter"
        row = self.counts.iloc[-1] if by_quarter else self.counts.sum()
        when = f"at the end of {self.label(self.counts.index[-1])}, " if by_quarter else ""
        n, open_ = int(row.sum()), int(row[list(OPEN)].sum())
        closed = f"{int(row['closed']) or 'none'} of {sentences.plural(n, 'action')}"
        were = "was" if 1 in (n, int(row["closed"])) else "were"
        others = {"stopped": int(row["stopped"]), "still to do": open_, "not reported on": int(row[_SILENT])}
        left = [f"{count} {words}" for words, count in others.items() if count]
        finding = when + (", ".join([f"{closed} {were} closed", *left]) if n else "no action was planned")
        return finding[:1].upper() + finding[1:]

    def subtitle(self) -> str:
        if self.counts.index.name == "quarter":
            how = "How every action stood when the quarter ended, as last reported."
        else:
            how = f"Number of actions at each status, by {self.by[:1].lower()}{self.by[1:]}."
        return f"{how} One square is one action. These are not grades."

    def sentences(self) -> list[str]:
        return [
            f"{self.label(key)}: {', '.join(f'{int(row[name])} {name}' for name in self.columns)}."
            for key, row in self.counts.iterrows()
        ]

    def table(self, heading: Heading, notes: list[str]) -> Table:
        cells = self.counts.set_axis([heading_of(name) for name in self.columns], axis=1)
        cells.insert(0, self.by, [self.label(key) for key in self.counts.index])
        cells = cells.assign(**{self.total: self.counts.sum(axis=1)}).reset_index(drop=True)
        return frame_table(
            cells, caption=heading.title, subtitle=heading.subtitle, note=notes, about=self.about
        )

    @cached_property
    def most(self) -> dict[str, int]:
        return {name: int(self.counts[name].max()) for name in self.columns}

    @cached_property
    def squares(self) -> tuple[float, int]:
        """Size of a square, and squares in a line."""
        most = max(self.most.values())
        return (14.0, 5) if most <= 15 else (12.0, 5) if most <= 25 else (8.0, 10)

    @cached_property
    def widths(self) -> dict[str, float]:
        size, wrap = self.squares
        widths = {}
        for name, most in self.most.items():
            count = text_width.measure(str(most), sheets.COUNT, True)
            squares = min(most, wrap) * size * 1.2 + _COUNT_GAP if most else 0.0
            heading = text_width.fit(heading_of(name).split(), sheets.HEAD, True)
            widths[name] = max(squares + count, heading)
        return widths

    def strips(self) -> list[Strip]:
        return [
            Strip(
                self.label(key),
                tuple(name for name in _COLUMNS for _ in range(int(row[name]))),
                ", ".join(f"{int(row[name])} {name}" for name in _COLUMNS),
                True,
            )
            for key, row in self.counts.iterrows()
        ]

    def mark(self, sheet: Sheet, x: float, y: float, size: float, name: str) -> None:
        _mark(sheet, x, y, size, name)

    def min_width(self) -> float:
        return _LABEL[0] + sum(self.widths.values()) + _GAP * len(self.columns)

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        spare = right - left - self.min_width()
        label = min(_LABEL[0] + spare, _LABEL[1])
        gap = _GAP + (_LABEL[0] + spare - label) / len(self.columns)
        places, x = {}, left + label + gap
        for name, width in self.widths.items():
            places[name], x = x, x + width + gap
        head = bottom = self._lay_headings(sheet, y, places, left, label)
        sheet.rule(left, head, right, head, width=1.2, colour=palette.INK)
        for number, (key, row) in enumerate(self.counts.iterrows()):
            if number:
                sheet.rule(left, bottom, right, bottom)
            bottom = self._lay_row(sheet, key, row, bottom, places, left, label)
        sheet.rule(left, bottom, right, bottom, width=1.2, colour=palette.INK)
        for name in self.ruled:
            at = places[name] - gap / 2
            sheet.rule(at, y + 2, at, bottom, width=1.2, colour=palette.INK)
        return bottom

    def _lay_headings(
        self, sheet: Sheet, y: float, places: dict[str, float], left: float, label: float
    ) -> float:
        heads = [(left, text_width.wrap(self.by, label, sheets.HEAD, True))]
        for name, x in places.items():
            heads.append((x, text_width.wrap(heading_of(name), self.widths[name], sheets.HEAD, True)))
        return draw_headings(sheet, heads, y + 2)

    def _lay_row(
        self,
        sheet: Sheet,
        key: Any,
        row: pd.Series,
        y: float,
        places: dict[str, float],
        left: float,
        label: float,
    ) -> float:
        size, wrap = self.squares
        words = text_width.wrap(self.label(key), label, sheets.BODY)
        deepest = max(-(-int(row[name]) // wrap) for name in self.columns)
        tall = sheets.text_height(len(words), sheets.BODY)
        height = max(tall, deepest * size * 1.2 - size * 0.2, 15.0) + 2 * _PAD
        middle = y + height / 2
        sheet.lines(left, middle - tall / 2, words)
        for name, x in places.items():
            self._lay_cell(sheet, x, middle, int(row[name]), name)
        return y + height

    def _lay_cell(self, sheet: Sheet, x: float, middle: float, count: int, status: str) -> None:
        if not count:
            sheet.text(x, middle + 3.6, "0", size=10, colour=palette.SECONDARY)
            return
        size, wrap = self.squares
        pitch = size * 1.2
        top = middle - (-(-count // wrap) * pitch - size * 0.2) / 2
        for number in range(count):
            _mark(sheet, x + number % wrap * pitch, top + number // wrap * pitch, size, status)
        width = min(count, wrap) * pitch - size * 0.2
        sheet.text(x + width + _COUNT_GAP, middle + 4.0, str(count), size=sheets.COUNT, bold=True)


class _Trace(_Grid):
    columns: ClassVar[list[str]] = [_UNANSWERED, *_COLUMNS]
    ruled: ClassVar[tuple[str, ...]] = ("not started", "closed", _SILENT)
    total: ClassVar[str] = "Recommendations"

    def title(self) -> str:
        """How many nobody answers, and how many were closed and graded again."""
        n, left = int(self.counts.to_numpy().sum()), int(self.counts[_UNANSWERED].sum())
        again = int(self.counts.loc[self.counts.index != "not known yet", "closed"].sum())
        many = sentences.plural(n, "recommendation")
        are, were = ("is" if left == 1 else "are"), ("was" if again == 1 else "were")
        closed = f"{again or 'none'} {were} closed and graded again"
        return f"{left or 'None'} of {many} {are} answered by no action, {closed}"

    def subtitle(self) -> str:
        return (
            "Across: what became of a recommendation. Down: the next grade of its domain. "
            "One square is one recommendation. It tells what came after, and not why."
        )


#: The sign on a square of each status, and its colour; the others bear none.
_SIGNS = {
    "closed": ("\u2713", palette.WHITE),
    "stopped": ("\u2715", palette.INK),
    _SILENT: ("?", palette.SECONDARY),
    _UNANSWERED: ("!", palette.INK),
}


def _mark(sheet: Sheet, x: float, y: float, size: float, status: str) -> None:
    """One action: an empty square, half filled while in progress, filled and ticked when closed."""
    ground = palette.DONE if status == "closed" else palette.WHITE
    edge = palette.SECONDARY if status == _SILENT else palette.INK
    if status == "in progress":
        sheet.squares.append(Polygon(sheets.box(x, y, size, size), palette.WHITE, None))
        sheet.squares.append(Polygon(sheets.box(x, y + size / 2, size, size / 2), palette.DONE, None))
        ground = "none"
    sheet.squares.append(Polygon(sheets.box(x, y, size, size), ground, edge))
    if status in _SIGNS:
        sign, colour = _SIGNS[status]
        sheet.glyph(sign, colour, x + size / 2, y + size / 2, size * 0.72)
