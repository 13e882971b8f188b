"""Matrices of lettered squares: services by domain under their headlines, and teams by domain."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import draw_headings, draw_headline, draw_key, good_words
from improvement_analysis.charts.form import Form, Headlines, OnAxes, Words, compose, plot, worded
from improvement_analysis.charts.grids import find_flags
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.charts.stacked import Strip
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.tables import heading_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["plot_service_matrix", "service_matrix", "team_matrix"]

_LABEL = 140.0
_GAP = 12.0
_PAD = 9.0
_PITCH = 1.12
#: Height of the bar of a cell that holds too many squares.
_BAR = 14.0


@worded
def service_matrix(
    counts: pd.DataFrame,
    *,
    headlines: Headlines | pd.DataFrame | None = None,
    published: Headlines | None = None,
    overall: Any = "overall",
    unit: str = "team",
    **words: Unpack[Words],
) -> Chart:
    """Every service and domain: the published headline above one lettered square for each team, worst first.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Two index levels: what becomes a row (``service``), then what becomes a column (``domain``), both in
        the order in which they first occur.
    headlines, published, overall, unit
        As for :func:`~improvement_analysis.charts.grids.grade_grid`, keyed by (service, domain).

    Raises
    ------
    GradingsError
        If *counts* are no counts of the scale, or have other than two index levels.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.MultiIndex.from_tuples([("Care Leaving", "practice")], names=["service", "domain"])
    >>> chart = service_matrix(pd.DataFrame([[0, 0, 2, 0, 0, 0, 0, 0]], index, OFSTED.columns))
    >>> chart.title
    'Both domain gradings were requires improvement'
    """
    own = {"headlines": headlines, "published": published, "overall": overall, "unit": unit}
    return compose(_Matrix.of(counts, words, **own), words)


@worded
def plot_service_matrix(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    headlines: Headlines | pd.DataFrame | None = None,
    overall: Any = "overall",
    unit: str = "team",
    **words: Unpack[OnAxes],
) -> Axes:
    """Draw the matrix of :func:`service_matrix` with its key on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from improvement_analysis.scale import OFSTED
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.MultiIndex.from_tuples([("Care Leaving", "practice")], names=["service", "domain"])
    >>> counts = pd.DataFrame([[0, 0, 1, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_service_matrix(counts, ax=ax) is ax
    True
    """
    return plot(_Matrix.of(counts, words, headlines=headlines, overall=overall, unit=unit), ax)


@worded
def team_matrix(counts: pd.DataFrame, *, overall: Any = "overall", **words: Unpack[Words]) -> Chart:
    """Every team and domain, a lettered square for each grading: are the same teams low everywhere?

    It shows single teams, so it carries a banner: not for publication. The teams with most gradings at the
    lowest grade come first, then those with most at the next; the footnote says so.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Two index levels: ``team``, then ``domain``.
    overall
        Key of the overall conclusion.

    Raises
    ------
    GradingsError
        If *counts* are no counts of the scale, or have other than two index levels.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.MultiIndex.from_tuples([("Team A", "practice")], names=["team", "domain"])
    >>> counts = pd.DataFrame([[0, 0, 1, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> team_matrix(counts).title
    'The one domain grading was requires improvement'
    """
    return compose(_Teams.of(counts, words, overall=overall, unit="grading"), words)


class _Matrix(Form):
    @staticmethod
    def check(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
        return _two_levels(counts, scale)

    @cached_property
    def cells(self) -> dict[tuple[Any, Any], pd.Series]:
        keys = self.counts.index.to_flat_index()
        return {key: tally for key, (_, tally) in zip(keys, self.counts.iterrows(), strict=True)}

    @cached_property
    def rows(self) -> list[Any]:
        return list(dict.fromkeys(row for row, _ in self.cells))

    @cached_property
    def columns(self) -> list[Any]:
        return list(dict.fromkeys(column for _, column in self.cells))

    @cached_property
    def flags(self) -> dict[Any, str]:
        return find_flags(self.counts, self.headlines, self.unit, self.scale)

    def size_of(self, row: Any) -> str:
        sizes = [int(tally.sum()) for (at, _), tally in self.cells.items() if at == row]
        return "" if self.restricted else sentences.describe_range(pd.Series(sizes), self.unit)

    def subtitle(self) -> str:
        row, column = (heading_of(name).lower() for name in self.counts.index.names)
        if self.restricted:
            return f"One square for each grading, by {row} and {column}."
        above = "The published headline, then one" if self.headlines is not None else "One"
        squares = f"{above} square for each {self.unit}, worst grade first, by {row} and {column}."
        sizes = self.counts.sum(axis=1)
        if sizes.max() <= palette.MOST_SQUARES:
            return squares
        good = good_words(self.scale)
        bars = f"a bar divides as those judged do; beneath, how many of them are {good}"
        if sizes.min() > palette.MOST_SQUARES:
            return f"By {row} and {column}, {bars}."
        return f"{squares} Where they are more than {palette.MOST_SQUARES}, {bars}."

    def notes(self) -> list[str]:
        notes = [f"\u2020 {self.label(a)}, {self.label(b)}: {words}." for (a, b), words in self.flags.items()]
        if self.restricted:
            return [*notes, *self.outside()]
        if self.counts.sum(axis=1).min() > palette.MOST_SQUARES:
            return [*notes, *self.outside()]
        order = f"Squares run worst to best within a cell; they do not follow one {self.unit} across columns."
        return [*notes, order, *self.outside()]

    def outside(self) -> list[str]:
        domains = self.counts[self.counts.index.get_level_values(1) != self.overall]
        words = sentences.describe_no_judgement(domains if len(domains) else self.counts, scale=self.scale)
        return [words] if words else []

    def sentences(self) -> list[str]:
        rows = []
        for row in self.rows:
            parts = [self._in_words(row, column) for column in self.columns if (row, column) in self.cells]
            size = self.size_of(row)
            rows.append(f"{self.label(row)}{f' ({size})' if size else ''}: {'; '.join(parts)}.")
        return rows

    def shows_shares(self) -> bool:
        return bool(self.counts.sum(axis=1).max() > palette.MOST_SQUARES)

    def _in_words(self, row: Any, column: Any) -> str:
        tally = self.cells[row, column]
        given = [grade for grade in self.scale.columns if tally[grade] > 0]
        words = [f"{int(tally[grade])} {sentences.grade_words(grade, self.scale)}" for grade in given]
        headline = sentences.headline_of(self.headlines, (row, column))
        if tally.sum() > palette.MOST_SQUARES:
            share = sentences.describe_share_at_least(tally, self.scale.threshold, scale=self.scale)
            words.append(f"{good_words(self.scale)} {share}")
        if headline:
            words.append(f"published as {sentences.grade_words(headline, self.scale)}")
        return f"{self.label(column)} {', '.join(words) or 'no grading'}"

    @cached_property
    def squares(self) -> tuple[float, int]:
        sizes = self.counts.sum(axis=1)
        if sizes.max() > palette.MOST_SQUARES:
            return (10.0, 9)
        most = int(sizes.max())
        return (18.0, 5) if most <= 15 else (13.0, 7) if most <= 28 else (10.0, 9)

    def min_width(self) -> float:
        return _LABEL + len(self.columns) * (self._least_column + _GAP)

    @cached_property
    def _least_column(self) -> float:
        size, wrap = self.squares
        most = min(wrap, int(self.counts.sum(axis=1).max()))
        words = text_width.fit(" ".join(map(self.label, self.columns)).split(), sheets.HEAD, True)
        return max(most * size * _PITCH, min(words, 100.0), 60.0)

    def strips(self) -> list[Strip]:
        strips = []
        for row in self.rows:
            size = self.size_of(row)
            strips.append(Strip(f"{self.label(row)}{f' ({size})' if size else ''}", heading=True))
            strips += [
                Strip(
                    self.label(column),
                    self.squares_of(self.cells[row, column]),
                    headline=sentences.headline_of(self.headlines, (row, column)),
                    flagged=(row, column) in self.flags,
                )
                for column in self.columns
                if (row, column) in self.cells
            ]
        return strips

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        shown = [*sentences.shown_grades(self.counts, self.scale), NO_JUDGEMENT]
        y = draw_key(sheet, y, left, right, shown, scale=self.scale)
        spare = right - left - self.min_width()
        label = _LABEL + min(60.0, spare / 2)
        pitch = (right - left - label) / len(self.columns)
        places = {column: left + label + _GAP + pitch * i for i, column in enumerate(self.columns)}
        head = self._lay_headings(sheet, y, places, left, label, pitch - _GAP)
        sheet.rule(left, head, right, head, width=1.2, colour=palette.INK)
        bottom = head
        for number, row in enumerate(self.rows):
            if number:
                sheet.rule(left, bottom, right, bottom)
            bottom = self._lay_row(sheet, row, bottom, places, left, label)
        sheet.rule(left, bottom, right, bottom, width=1.2, colour=palette.INK)
        if self.overall in places and len(places) > 1:
            x = places[self.overall] - _GAP / 2
            sheet.rule(x, y - 2, x, bottom, width=1.2, colour=palette.INK)
        return bottom

    def _lay_headings(
        self, sheet: Sheet, y: float, places: dict[Any, float], left: float, label: float, room: float
    ) -> float:
        corner = heading_of(self.counts.index.names[0])
        corner = corner if self.restricted else f"{corner} ({self.unit}s)"
        heads = [(left, text_width.wrap(corner, label, sheets.HEAD, True))]
        heads += [(x, text_width.wrap(self.label(c), room, sheets.HEAD, True)) for c, x in places.items()]
        return draw_headings(sheet, heads, y)

    def _lay_row(
        self, sheet: Sheet, row: Any, y: float, places: dict[Any, float], left: float, label: float
    ) -> float:
        pad = 5.0 if self.restricted else _PAD
        chip = 23.0 if self.headlines is not None else 0.0
        squares = chip + max(self._depth(tally) for (at, _), tally in self.cells.items() if at == row)
        words = text_width.wrap(self.label(row), label, sheets.BODY, not self.restricted)
        first = y + pad + (2.0 if self.restricted else 0.0)
        below = sheet.lines(left, first, words, bold=not self.restricted)
        if self.size_of(row):
            size_words = [self.size_of(row)]
            below = sheet.lines(left, below + 3, size_words, size=sheets.NOTE, colour=palette.SECONDARY)
        for column, x in places.items():
            self._lay_cell(sheet, (row, column), x, y + pad, chip)
        return y + max(below - y - pad, squares) + 2 * pad

    def _lay_cell(self, sheet: Sheet, key: tuple[Any, Any], x: float, y: float, chip: float) -> None:
        if key not in self.cells:
            sheet.text(x, y + 12, "no grading", size=sheets.NOTE, colour=palette.SECONDARY)
            return
        if chip:
            headline = sentences.headline_of(self.headlines, key)
            draw_headline(sheet, x, y + 8.5, headline, key in self.flags, self.scale)
        size, wrap = self.squares
        tally = self.cells[key]
        if tally.sum() > palette.MOST_SQUARES:
            self._lay_bar(sheet, tally, x, y + chip)
            return
        teams = [grade for grade in self.scale.columns for _ in range(int(tally[grade]))]
        for number, grade in enumerate(teams):
            at = x + number % wrap * size * _PITCH, y + chip + number // wrap * size * _PITCH
            sheet.square(*at, size, grade, scale=self.scale, lettered=True)

    def _depth(self, tally: pd.Series) -> float:
        """Height of a cell's squares, or of its bar with the words beneath."""
        if tally.sum() > palette.MOST_SQUARES:
            return _BAR + 2 + sheets.text_height(1, sheets.NOTE)
        size, wrap = self.squares
        return float(-(-int(tally.sum()) // wrap) * size * _PITCH)

    def _lay_bar(self, sheet: Sheet, tally: pd.Series, x: float, y: float) -> None:
        """How the judged divide between the grades, worst to best, and how many are good or better."""
        grades = [grade for grade in self.scale.categories if tally[grade]]
        width, judged = self._least_column, int(tally[list(self.scale.categories)].sum())
        at = x
        for grade in grades:
            share = width * int(tally[grade]) / judged
            sheet.bar(at, y, share, _BAR, grade, scale=self.scale)
            at += share
        words = sentences.describe_share_at_least(tally, self.scale.threshold, scale=self.scale)
        sheet.lines(x, y + _BAR + 2, [words], size=sheets.NOTE)


class _Teams(_Matrix):
    restricted = True

    @staticmethod
    def check(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
        """The counts with the teams in order: those with most gradings at the lowest grade first."""
        checked = _two_levels(counts, scale)
        teams = {team: list(row) for team, row in (-checked.groupby(level=0, sort=False).sum()).iterrows()}
        rank = {team: place for place, team in enumerate(sorted(teams, key=lambda team: teams[team][:-1]))}
        return checked.iloc[sorted(range(len(checked)), key=lambda at: rank[checked.index[at][0]])]

    def notes(self) -> list[str]:
        lowest = sentences.grade_words(self.scale.codes[0], self.scale)
        order = f"Teams with most gradings at {lowest} come first, then those with most at the next grade."
        return [order, *super().notes()]


def _two_levels(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    if counts.index.nlevels != 2:
        names = ", ".join(str(name) for name in counts.index.names)
        raise GradingsError(
            f"a matrix needs counts by two columns, such as service and domain; found {names}"
        )
    return sentences.check_counts(counts, scale)
