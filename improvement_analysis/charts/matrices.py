"""Matrices of lettered squares: services by domain under their headlines, and teams by domain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, text_width
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.columns import draw_headings, draw_headline, draw_key
from improvement_analysis.charts.grids import Headlines, find_flags
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import grade_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["plot_service_matrix", "plot_team_matrix", "service_matrix", "team_matrix"]

_LABEL = 140.0
_GAP = 12.0
_PAD = 9.0
_PITCH = 1.12


def service_matrix(
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
    unit: str = "team",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Every service and domain: the published headline above one lettered square for each team, worst first.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Two index levels: what becomes a row (``service``), then what becomes a column (``domain``), both in
        the order in which they first occur.
    labels
        Words for the keys of either level.
    headlines, published
        Keyed by (service, domain).

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale*, or have other than two index levels.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("Care Leaving", "practice")], names=["service", "domain"])
    >>> chart = service_matrix(pd.DataFrame([[0, 0, 2, 0, 0, 0, 0, 0]], index, OFSTED.columns))
    >>> chart.title
    'Both domain gradings were requires improvement'
    """
    matrix = _Matrix(_two_levels(counts, scale), labels, headlines, overall, unit, scale)
    heading = frame.Heading(
        title or frame.finding(counts, overall, subject, scale),
        subtitle or matrix.subtitle(),
        illustrative,
    )
    notes = [*matrix.notes(), *([footnote] if footnote else [])]
    table = grade_table(
        matrix.counts,
        caption=heading.title,
        subtitle=heading.subtitle,
        note=notes,
        labels=labels,
        headlines=headlines,
        published=published,
        overall=overall,
        unit=unit,
        illustrative=illustrative,
        scale=scale,
    )
    return frame.compose(matrix, heading, notes, table, rows=matrix.sentences())


def plot_service_matrix(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    labels: Mapping[Any, str] | None = None,
    headlines: Headlines | None = None,
    overall: Any = "overall",
    unit: str = "team",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the matrix of :func:`service_matrix` with its key on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.MultiIndex.from_tuples([("Care Leaving", "practice")], names=["service", "domain"])
    >>> counts = pd.DataFrame([[0, 0, 1, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_service_matrix(counts, ax=ax) is ax
    True
    """
    return frame.plot(_Matrix(_two_levels(counts, scale), labels, headlines, overall, unit, scale), ax)


def team_matrix(
    counts: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    subject: str | None = None,
    overall: Any = "overall",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Every team and domain, a lettered square for each grading: are the same teams low everywhere?

    It shows single teams, so it carries a banner: not for publication. The teams with most gradings at the
    lowest grade come first, then those with most at the next; the footnote says so.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Two index levels: ``team``, then ``domain``.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale*, or have other than two index levels.

    Examples
    --------
    >>> index = pd.MultiIndex.from_tuples([("Team A", "practice")], names=["team", "domain"])
    >>> counts = pd.DataFrame([[0, 0, 1, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> team_matrix(counts).title
    'The one domain grading was requires improvement'
    """
    matrix = _team_matrix(counts, labels, overall, scale)
    heading = frame.Heading(
        title or frame.finding(counts, overall, subject, scale),
        subtitle or matrix.subtitle(),
        illustrative,
        restricted=True,
    )
    lowest = sentences.grade_words(scale.codes[0], scale)
    order = f"Teams with most gradings at {lowest} come first, then those with most at the next grade."
    notes = [order, *matrix.notes(), *([footnote] if footnote else [])]
    table = grade_table(
        matrix.counts,
        caption=heading.title,
        subtitle=f"{frame.RESTRICTED} {heading.subtitle}",
        note=notes,
        labels=labels,
        overall=overall,
        unit="grading",
        illustrative=illustrative,
        scale=scale,
    )
    return frame.compose(matrix, heading, notes, table, rows=matrix.sentences())


def plot_team_matrix(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    labels: Mapping[Any, str] | None = None,
    overall: Any = "overall",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the matrix of :func:`team_matrix` with its key on *ax*, and return *ax*.

    The banner is the figure's: whoever composes one of their own says himself that it is not for publication.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.MultiIndex.from_tuples([("Team A", "practice")], names=["team", "domain"])
    >>> counts = pd.DataFrame([[0, 0, 1, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_team_matrix(counts, ax=ax) is ax
    True
    """
    return frame.plot(_team_matrix(counts, labels, overall, scale), ax)


def _team_matrix(
    counts: pd.DataFrame, labels: Mapping[Any, str] | None, overall: Any, scale: Scale
) -> _Matrix:
    checked = _two_levels(counts, scale)
    teams = {team: list(row) for team, row in (-checked.groupby(level=0, sort=False).sum()).iterrows()}
    rank = {team: number for number, team in enumerate(sorted(teams, key=lambda team: teams[team][:-1]))}
    order = sorted(range(len(checked)), key=lambda at: rank[checked.index[at][0]])
    return _Matrix(checked.iloc[order], labels, None, overall, "grading", scale, single=True)


def _two_levels(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    if counts.index.nlevels != 2:
        names = ", ".join(str(name) for name in counts.index.names)
        raise GradingsError(
            f"a matrix needs counts by two columns, such as service and domain; found {names}"
        )
    return sentences.check_counts(counts, scale)


@dataclass(frozen=True)
class _Matrix:
    counts: pd.DataFrame
    labels: Mapping[Any, str] | None
    headlines: Headlines | None
    overall: Any
    unit: str
    scale: Scale
    single: bool = False

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

    def label(self, key: Any) -> str:
        return text_width.in_sentence(label_of(self.labels, key))

    def size_of(self, row: Any) -> str:
        sizes = [int(tally.sum()) for (at, _), tally in self.cells.items() if at == row]
        return "" if self.single else sentences.describe_range(pd.Series(sizes), self.unit)

    def subtitle(self) -> str:
        row, column = (heading_of(name).lower() for name in self.counts.index.names)
        if self.single:
            return f"One square for each grading, by {row} and {column}."
        above = "Published headline above one" if self.headlines is not None else "One"
        return f"{above} square for each {self.unit}, worst grade first, by {row} and {column}."

    def notes(self) -> list[str]:
        notes = [f"\u2020 {self.label(a)}, {self.label(b)}: {words}." for (a, b), words in self.flags.items()]
        domains = self.counts[self.counts.index.get_level_values(1) != self.overall]
        outside = sentences.describe_no_judgement(domains if len(domains) else self.counts, scale=self.scale)
        order = f"Squares run worst to best within a cell; they do not follow one {self.unit} across columns."
        return [*notes, *([] if self.single else [order]), *([outside] if outside else [])]

    def sentences(self) -> list[str]:
        said = []
        for row in self.rows:
            parts = [self._in_words(row, column) for column in self.columns if (row, column) in self.cells]
            size = self.size_of(row)
            said.append(f"{self.label(row)}{f' ({size})' if size else ''}: {'; '.join(parts)}.")
        return said

    def _in_words(self, row: Any, column: Any) -> str:
        tally = self.cells[row, column]
        given = [grade for grade in self.scale.columns if tally[grade] > 0]
        words = [f"{int(tally[grade])} {sentences.grade_words(grade, self.scale)}" for grade in given]
        headline = sentences.headline_of(self.headlines, (row, column))
        if headline:
            words.append(f"published as {sentences.grade_words(headline, self.scale)}")
        return f"{self.label(column)} {', '.join(words) or 'no grading'}"

    @cached_property
    def squares(self) -> tuple[float, int]:
        most = int(self.counts.sum(axis=1).max())
        return (17.0, 5) if most <= 15 else (13.0, 7) if most <= 28 else (10.0, 9)

    def min_width(self) -> float:
        return _LABEL + len(self.columns) * (self._least_column + _GAP)

    def best_width(self) -> float:
        return self.min_width()

    @cached_property
    def _least_column(self) -> float:
        size, wrap = self.squares
        most = min(wrap, int(self.counts.sum(axis=1).max()))
        words = text_width.fit(" ".join(map(self.label, self.columns)).split(), sheets.HEAD, True)
        return max(most * size * _PITCH, min(words, 100.0), 60.0)

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
        corner = corner if self.single else f"{corner} ({self.unit}s)"
        heads = [(left, text_width.wrap(corner, label, sheets.HEAD, True))]
        heads += [(x, text_width.wrap(self.label(c), room, sheets.HEAD, True)) for c, x in places.items()]
        return draw_headings(sheet, heads, y)

    def _lay_row(
        self, sheet: Sheet, row: Any, y: float, places: dict[Any, float], left: float, label: float
    ) -> float:
        pad = 5.0 if self.single else _PAD
        size, wrap = self.squares
        chip = 23.0 if self.headlines is not None else 0.0
        most = max(int(tally.sum()) for (at, _), tally in self.cells.items() if at == row)
        squares = chip + -(-most // wrap) * size * _PITCH
        words = text_width.wrap(self.label(row), label, sheets.BODY, not self.single)
        first = y + pad + (2.0 if self.single else 0.0)
        below = sheet.lines(left, first, words, bold=not self.single)
        if self.size_of(row):
            said = [self.size_of(row)]
            below = sheet.lines(left, below + 3, said, size=sheets.NOTE, colour=palette.SECONDARY)
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
        teams = [grade for grade in self.scale.columns for _ in range(int(tally[grade]))]
        for number, grade in enumerate(teams):
            at = x + number % wrap * size * _PITCH, y + chip + number // wrap * size * _PITCH
            sheet.square(*at, size, grade, scale=self.scale, lettered=True)
