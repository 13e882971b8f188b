"""Service matrix: where is each service weakest? Lettered squares, worst first, under the headline."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, lettering
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.grids import Headlines, draw_headline
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import grade_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["draw_key", "plot_service_matrix", "service_matrix"]

_LABEL = 140.0
_GAP = 12.0
_PAD = 9.0


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
    'All 2 domain gradings were requires improvement'
    """
    matrix = _Matrix(_two_levels(counts, scale), labels, headlines, overall, unit, scale)
    heading = frame.Heading(
        title or sentences.describe_counts(counts, overall=overall, subject=subject, scale=scale),
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
    """Draw the matrix of :func:`service_matrix` with its key on *ax*, and return *ax*."""
    return frame.plot(_Matrix(_two_levels(counts, scale), labels, headlines, overall, unit, scale), ax)


def _two_levels(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    if counts.index.nlevels != 2:
        names = ", ".join(str(name) for name in counts.index.names)
        raise GradingsError(
            f"a matrix needs counts by two columns, such as service and domain; found {names}"
        )
    return sentences.check_counts(counts, scale)


def draw_key(
    sheet: Sheet,
    y: float,
    left: float,
    right: float,
    grades: list[str],
    *,
    scale: Scale = OFSTED,
    size: float = 16.0,
) -> float:
    """A square of each of *grades* with its name, in as many lines as it takes; returns the height below."""
    x = left
    for grade in grades:
        words = sentences.grade_words(grade, scale)
        wide = size + 5 + lettering.measure(words, sheets.NOTE) + 16
        if x > left and x + wide - 16 > right:
            x, y = left, y + size * 1.3
        sheet.square(x, y, size, grade, scale=scale, lettered=True)
        sheet.text(x + size + 5, y + size / 2 + 3.2, words, size=sheets.NOTE)
        x += wide
    return y + size + 8


@dataclass(frozen=True)
class _Matrix:
    counts: pd.DataFrame
    labels: Mapping[Any, str] | None
    headlines: Headlines | None
    overall: Any
    unit: str
    scale: Scale

    @property
    def rows(self) -> list[Any]:
        return list(self.counts.index.get_level_values(0).unique())

    @property
    def columns(self) -> list[Any]:
        return list(self.counts.index.get_level_values(1).unique())

    def label(self, key: Any) -> str:
        return lettering.clean(label_of(self.labels, key))

    def size_of(self, row: Any) -> str:
        return sentences.describe_range(self.counts.loc[[row]].sum(axis=1), self.unit)

    def subtitle(self) -> str:
        row, column = (heading_of(name) for name in self.counts.index.names)
        above = "Published headline above one" if self.headlines is not None else "One"
        return (
            f"{above} square for each {self.unit}, worst grade first, by {row.lower()} and {column.lower()}."
        )

    def flags(self) -> dict[Any, str]:
        found = {
            key: sentences.describe_disagreement(
                row, sentences.headline_of(self.headlines, key), unit=self.unit, scale=self.scale
            )
            for key, row in self.counts.iterrows()
        }
        return {key: text for key, text in found.items() if text}

    def notes(self) -> list[str]:
        notes = [
            f"\u2020 {self.label(row)}, {self.label(column)}: {text}."
            for (row, column), text in self.flags().items()
        ]
        domains = self.counts[self.counts.index.get_level_values(1) != self.overall]
        outside = sentences.describe_no_judgement(domains if len(domains) else self.counts, scale=self.scale)
        order = f"Squares run worst to best within a cell; they do not follow one {self.unit} across columns."
        return [*notes, order, *([outside] if outside else [])]

    def sentences(self) -> list[str]:
        said = []
        for row in self.rows:
            parts = []
            for column in self.columns:
                if (row, column) in self.counts.index:
                    words = self._in_words(self.counts.loc[(row, column)])
                    headline = sentences.headline_of(self.headlines, (row, column))
                    published = (
                        f", published as {sentences.grade_words(headline, self.scale)}" if headline else ""
                    )
                    parts.append(f"{self.label(column)} {words}{published}")
            said.append(f"{self.label(row)} ({self.size_of(row)}): {'; '.join(parts)}.")
        return said

    def _in_words(self, tally: pd.Series) -> str:
        given = [g for g in self.scale.columns if tally[g] > 0]
        return (
            ", ".join(f"{int(tally[g])} {sentences.grade_words(g, self.scale)}" for g in given)
            or "no grading"
        )

    @property
    def squares(self) -> tuple[float, int]:
        most = int(self.counts.sum(axis=1).max())
        return (17.0, 5) if most <= 15 else (13.0, 7) if most <= 28 else (10.0, 9)

    def min_width(self) -> float:
        return _LABEL + len(self.columns) * (self._least_column() + _GAP)

    def _least_column(self) -> float:
        size, wrap = self.squares
        most = min(wrap, int(self.counts.sum(axis=1).max()))
        words = lettering.fit(" ".join(self.label(c) for c in self.columns).split(), sheets.HEAD, True)
        return max(most * size * 1.12, min(words, 100.0), 60.0)

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        shown = [*sentences.shown_grades(self.counts, self.scale), NO_JUDGEMENT]
        y = draw_key(sheet, y, left, right, shown, scale=self.scale)
        spare = right - left - self.min_width()
        label = _LABEL + min(60.0, spare / 2)
        pitch = (right - left - label) / len(self.columns)
        places = {c: left + label + _GAP + pitch * i for i, c in enumerate(self.columns)}
        widths = label, pitch - _GAP
        head = self._headings(sheet, y, places, widths, left, right)
        bottom = self._lay_rows(sheet, head, places, widths[0], left, right)
        if self.overall in places and len(places) > 1:
            x = places[self.overall] - _GAP / 2
            sheet.rule(x, y - 2, x, bottom, width=1.2, colour=palette.INK)
        return bottom

    def _headings(
        self,
        sheet: Sheet,
        y: float,
        places: dict[Any, float],
        widths: tuple[float, float],
        left: float,
        right: float,
    ) -> float:
        corner = f"{heading_of(self.counts.index.names[0])} ({self.unit}s)"
        heads = [(left, lettering.wrap(corner, widths[0], sheets.HEAD, True))]
        heads += [(x, lettering.wrap(self.label(c), widths[1], sheets.HEAD, True)) for c, x in places.items()]
        bottom = y + sheets.text_height(max(len(lines) for _, lines in heads), sheets.HEAD)
        for x, lines in heads:
            top = bottom - sheets.text_height(len(lines), sheets.HEAD)
            sheet.lines(x, top, lines, size=sheets.HEAD, bold=True)
        sheet.rule(left, bottom + 5, right, bottom + 5, width=1.2, colour=palette.INK)
        return bottom + 5

    def _lay_rows(
        self,
        sheet: Sheet,
        y: float,
        places: dict[Any, float],
        label_width: float,
        left: float,
        right: float,
    ) -> float:
        size, wrap = self.squares
        flags = self.flags()
        chip = 23.0 if self.headlines is not None else 0.0
        for number, row in enumerate(self.rows):
            if number:
                sheet.rule(left, y, right, y)
            words = lettering.wrap(self.label(row), label_width, sheets.BODY, True)
            below = sheet.lines(left, y + _PAD, words, bold=True) + 3
            below = sheet.lines(left, below, [self.size_of(row)], size=sheets.NOTE, colour=palette.SECONDARY)
            most = int(self.counts.loc[[row]].sum(axis=1).max())
            height = max(below - y - _PAD, chip + -(-most // wrap) * size * 1.12) + 2 * _PAD
            for column, x in places.items():
                self._lay_cell(sheet, (row, column), x, y + _PAD, chip, (row, column) in flags)
            y += height
        sheet.rule(left, y, right, y, width=1.2, colour=palette.INK)
        return y

    def _lay_cell(
        self, sheet: Sheet, key: tuple[Any, Any], x: float, y: float, chip: float, flagged: bool
    ) -> None:
        if key not in self.counts.index:
            sheet.text(x, y + 12, "no grading", size=sheets.NOTE, colour=palette.SECONDARY)
            return
        if chip:
            headline = sentences.headline_of(self.headlines, key)
            draw_headline(sheet, x, y + 8.5, headline, flagged, self.scale)
        size, wrap = self.squares
        tally = self.counts.loc[key]
        teams = [grade for grade in self.scale.columns for _ in range(int(tally[grade]))]
        for number, grade in enumerate(teams):
            at = x + number % wrap * size * 1.12, y + chip + number // wrap * size * 1.12
            sheet.square(*at, size, grade, scale=self.scale, lettered=True)
