"""Change and agreement: gradings of one team set against each other, in a square grid of grades."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, lettering
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.columns import column_heading
from improvement_analysis.charts.sheet import Polygon, Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import frame_table

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["agreement_grid", "change_grid", "plot_agreement_grid", "plot_change_grid"]

Tally = Mapping[str, int] | pd.Series

_LABEL = 110.0
_GAP = 12.0
_PAD = 8.0


def change_grid(
    transitions: pd.DataFrame,
    *,
    new: Tally | None = None,
    closed: Tally | None = None,
    before: str = "Before",
    after: str = "After",
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    subject: str | None = None,
    unit: str = "team",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Who moved between two rounds: grade before down the side, grade after along the top, a square a team.

    Teams above the diagonal moved up, those below it down; those on it are drawn quietly. No judgement lies
    outside the scale: a move from or to it is neither up nor down.

    Parameters
    ----------
    transitions : DataFrame of int, from x to
        Index and columns name grades of *scale* or *no judgement*; a missing one counts as 0.
    new, closed
        How many teams at each grade were graded in the later or in the earlier round only.
    before, after
        What the rounds are called.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If a row or a column is no grade of *scale*, or a count is no whole number from 0 upwards.

    Examples
    --------
    >>> change_grid(pd.DataFrame({"RI": [2, 1], "G": [0, 3]}, index=["I", "RI"])).title
    '5 of 6 teams moved up, none moved down, 1 unchanged'
    """
    before, after = lettering.in_sentence(before), lettering.in_sentence(after)
    crossing = _Crossing(square(transitions, scale), before, after, unit, scale, quiet=True)
    apart = {
        f"New: graded in {after} only": _tally(new, scale),
        f"Closed: graded in {before} only": _tally(closed, scale),
    }
    crossing = crossing.beside({words: tally for words, tally in apart.items() if tally is not None})
    subtitle = subtitle or f"One square is one {unit} graded both times: from its grade {before} to {after}."
    return _compose(
        crossing, title or _titled(subject, _describe_moves(crossing)), subtitle, footnote, illustrative
    )


def plot_change_grid(
    transitions: pd.DataFrame,
    *,
    ax: Axes,
    before: str = "Before",
    after: str = "After",
    unit: str = "team",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the grid of :func:`change_grid` on *ax*, and return *ax*."""
    return frame.plot(_Crossing(square(transitions, scale), before, after, unit, scale, quiet=True), ax)


def agreement_grid(
    pairs: pd.DataFrame,
    *,
    first: str = "First grader",
    second: str = "Second grader",
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    subject: str | None = None,
    unit: str = "grading",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Whether two graders agree: the first's grade down the side, the second's along the top.

    Filled squares on the diagonal are gradings on which both agree, hollow ones those on which they do not;
    the band holds everything at most one whole grade apart.

    Parameters
    ----------
    pairs : DataFrame of int, first x second
        Index and columns name grades of *scale* or *no judgement*; a missing one counts as 0.
    first, second
        What the graders are called.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If a row or a column is no grade of *scale*, or a count is no whole number from 0 upwards.

    Examples
    --------
    >>> agreement_grid(pd.DataFrame({"RI": [2, 5], "G": [1, 0]}, index=["I", "RI"])).title
    'The graders agree on 5 of 8 gradings, and on 7 within one grade'
    """
    first, second = lettering.in_sentence(first), lettering.in_sentence(second)
    crossing = _Crossing(square(pairs, scale), first, second, unit, scale, quiet=False)
    subtitle = subtitle or f"One square is one {unit} by both graders: filled where they agree, else hollow."
    return _compose(
        crossing, title or _titled(subject, _describe_agreement(crossing)), subtitle, footnote, illustrative
    )


def plot_agreement_grid(
    pairs: pd.DataFrame,
    *,
    ax: Axes,
    first: str = "First grader",
    second: str = "Second grader",
    unit: str = "grading",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the grid of :func:`agreement_grid` on *ax*, and return *ax*."""
    return frame.plot(_Crossing(square(pairs, scale), first, second, unit, scale, quiet=False), ax)


def square(counts: pd.DataFrame, scale: Scale = OFSTED) -> pd.DataFrame:
    """*counts* with every grade of *scale* and *no judgement* on both sides, worst to best.

    Examples
    --------
    >>> square(pd.DataFrame({"G": [1]}, index=["RI"])).shape
    (8, 8)
    """
    strangers = [key for key in [*counts.index, *counts.columns] if key not in scale.columns]
    if strangers:
        raise GradingsError(f"{strangers[0]!r} is not a grade of the {scale.title}")
    full = counts.reindex(index=scale.columns, columns=scale.columns, fill_value=0)
    if full.isna().any(axis=None) or (full < 0).any(axis=None) or (full % 1 != 0).any(axis=None):
        raise GradingsError("a count is not a whole number from 0 upwards")
    return full.astype("int64")


def _tally(given: Tally | None, scale: Scale) -> dict[str, int] | None:
    if given is None:
        return None
    tally = {str(grade): int(count) for grade, count in given.items()}
    strangers = [grade for grade in tally if grade not in scale.columns]
    if strangers:
        raise GradingsError(f"{strangers[0]!r} is not a grade of the {scale.title}")
    return tally


def _titled(subject: str | None, finding: str) -> str:
    if not subject:
        return finding[:1].upper() + finding[1:]
    return f"{lettering.in_sentence(subject)}: {finding}"


@dataclass(frozen=True)
class _Crossing:
    counts: pd.DataFrame
    down: str
    along: str
    unit: str
    scale: Scale
    quiet: bool
    apart: tuple[tuple[str, dict[str, int]], ...] = ()

    def beside(self, apart: dict[str, dict[str, int]]) -> _Crossing:
        """The same with tallies that stand apart."""
        return _Crossing(
            self.counts, self.down, self.along, self.unit, self.scale, self.quiet, tuple(apart.items())
        )

    @cached_property
    def cells(self) -> dict[tuple[str, str], int]:
        """The counts by both grades."""
        return {
            (str(down), str(along)): int(count)
            for down, row in self.counts.iterrows()
            for along, count in row.items()
        }

    @cached_property
    def grades(self) -> list[str]:
        occur = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        shown = [g for g in self.scale.categories if not self.scale.is_split(g) or occur[g] > 0]
        return [*shown, NO_JUDGEMENT] if occur[NO_JUDGEMENT] else shown

    def steps(self, down: str, along: str) -> int | None:
        """How far *along* lies above *down*, two to a whole grade; None where either is no judgement."""
        if NO_JUDGEMENT in (down, along):
            return None
        return self.scale.rank(along) - self.scale.rank(down)

    def total(self, *, least: int | None = None, most: int | None = None) -> int:
        """The gradings whose steps lie between *least* and *most*."""
        found = 0
        for down in self.scale.categories:
            for along in self.scale.categories:
                steps = self.scale.rank(along) - self.scale.rank(down)
                if (least is None or steps >= least) and (most is None or steps <= most):
                    found += self.cells[down, along]
        return found

    def notes(self) -> list[str]:
        outside = sum(self.cells.values()) - self.total()
        notes = []
        if self.quiet:
            notes.append("Right of the grey diagonal: moved up. Left of it: moved down. Hollow: unchanged.")
        else:
            notes.append("The grey band holds gradings at most one whole grade apart.")
        if outside:
            many = sentences.plural(outside, self.unit)
            notes.append(f"No judgement on one side or both: {many}, outside the {self.total()} compared.")
        return notes

    def sentences(self) -> list[str]:
        said = []
        for down in self.grades:
            parts = [
                f"{self.cells[down, along]} {sentences.grade_words(along, self.scale)}"
                for along in self.grades
            ]
            words = sentences.grade_words(down, self.scale)
            said.append(f"{self.down} {words}, {self.along}: {', '.join(parts)}.")
        for words, tally in self.apart:
            said.append(f"{words}: {self._in_words(tally)}.")
        return said

    def _in_words(self, tally: dict[str, int]) -> str:
        given = [grade for grade in self.scale.columns if tally.get(grade)]
        parts = [f"{tally[grade]} {sentences.grade_words(grade, self.scale)}" for grade in given]
        return f"{sum(tally.values())} ({', '.join(parts)})" if parts else "0"

    def table(self) -> pd.DataFrame:
        """The grid in words, for the page."""
        shown = self.counts.loc[self.grades, self.grades]
        shown.index = pd.Index([self.scale.name(g) for g in self.grades], name=f"{self.down} (down)")
        shown.columns = pd.Index([f"{self.along}: {self.scale.name(g).lower()}" for g in self.grades])
        return shown

    @cached_property
    def squares(self) -> tuple[float, int]:
        most = int(self.counts.to_numpy().max())
        return (13.0, 5) if most <= 10 else (10.0, 6) if most <= 30 else (7.0, 9)

    def min_width(self) -> float:
        return _LABEL + len(self.grades) * (self._column + _GAP)

    def best_width(self) -> float:
        return self.min_width()

    @cached_property
    def _column(self) -> float:
        size, wrap = self.squares
        most = int(self.counts.to_numpy().max())
        count = lettering.measure(str(most), sheets.COUNT, True)
        words = [word for grade in self.grades for word in column_heading(grade, self.scale).split()]
        return max(min(most, wrap) * size * 1.2 + 5 + count, lettering.fit(words, sheets.HEAD, True))

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        label = min(180.0, max(_LABEL, right - left - len(self.grades) * 130))
        pitch = min(150.0, (right - left - label) / len(self.grades))
        places = {grade: left + label + pitch * i for i, grade in enumerate(self.grades)}
        end = left + label + pitch * len(self.grades)
        room = end - left - label
        axis = lettering.wrap(f"{self.along} \u2192", room, sheets.HEAD, True)
        y = sheet.lines(left + label, y + 2, axis, size=sheets.HEAD, bold=True) + 3
        head = self._lay_headings(sheet, y, places, left, label - _GAP, pitch - _GAP)
        sheet.rule(left, head, end, head, width=1.2, colour=palette.INK)
        bottom = head
        for number, grade in enumerate(self.grades):
            strong = grade == NO_JUDGEMENT
            if number:
                colour = palette.INK if strong else palette.RULE
                sheet.rule(left, bottom, end, bottom, width=1.2 if strong else 0.8, colour=colour)
            bottom = self._lay_row(sheet, grade, bottom, places, (left, label - _GAP, pitch))
        sheet.rule(left, bottom, end, bottom, width=1.2, colour=palette.INK)
        if NO_JUDGEMENT in places:
            x = places[NO_JUDGEMENT] - _GAP / 2
            sheet.rule(x, y, x, bottom, width=1.2, colour=palette.INK)
        return self._lay_apart(sheet, bottom, left, right)

    def _lay_headings(
        self, sheet: Sheet, y: float, places: dict[str, float], left: float, label: float, room: float
    ) -> float:
        corner = lettering.wrap(f"{self.down} \u2193", label, sheets.HEAD, True)
        heads = [(left, corner)]
        heads += [
            (x, lettering.wrap(column_heading(g, self.scale), room, sheets.HEAD, True))
            for g, x in places.items()
        ]
        bottom = y + sheets.text_height(max(len(lines) for _, lines in heads), sheets.HEAD)
        for x, lines in heads:
            bold = x == left
            top = bottom - sheets.text_height(len(lines), sheets.HEAD)
            sheet.lines(x, top, lines, size=sheets.HEAD, bold=bold)
        return bottom + 5

    def _lay_row(
        self,
        sheet: Sheet,
        down: str,
        y: float,
        places: dict[str, float],
        widths: tuple[float, float, float],
    ) -> float:
        left, label, pitch = widths
        size, wrap = self.squares
        words = lettering.wrap(column_heading(down, self.scale), label, sheets.BODY)
        deepest = max(-(-self.cells[down, along] // wrap) for along in self.grades)
        height = (
            max(sheets.text_height(len(words), sheets.BODY), deepest * size * 1.2 - size * 0.2, 15) + 2 * _PAD
        )
        middle = y + height / 2
        sheet.lines(left, middle - sheets.text_height(len(words), sheets.BODY) / 2, words)
        for along, x in places.items():
            steps = self.steps(down, along)
            if steps == 0 or (not self.quiet and steps is not None and abs(steps) <= 2):
                sheet.band(x - _GAP / 2, y, pitch, height)
            self._lay_cell(sheet, x, middle, self.cells[down, along], along, steps)
        return y + height

    def _lay_cell(
        self, sheet: Sheet, x: float, middle: float, count: int, along: str, steps: int | None
    ) -> None:
        if not count:
            sheet.text(x, middle + 3.6, "0", size=10, colour=palette.SECONDARY)
            return
        size, wrap = self.squares
        pitch = size * 1.2
        top = middle - (-(-count // wrap) * pitch - size * 0.2) / 2
        hollow = (steps == 0) == self.quiet and steps is not None
        edge = palette.SECONDARY if self.quiet else palette.INK
        for number in range(count):
            at = x + number % wrap * pitch, top + number // wrap * pitch
            if hollow:
                sheet.squares.append(Polygon(sheets.box(*at, size, size), palette.WHITE, edge))
            else:
                sheet.square(*at, size, along if steps is not None else NO_JUDGEMENT, scale=self.scale)
        width = min(count, wrap) * pitch - size * 0.2
        bold = not (self.quiet and hollow)
        sheet.text(x + width + 5, middle + 4, str(count), size=sheets.COUNT, bold=bold)

    def _lay_apart(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        for words, tally in self.apart:
            lines = lettering.wrap(f"{words}: {self._in_words(tally)}", right - left, sheets.BODY)
            y = sheet.lines(left, y + 8, lines) + 3
            teams = [grade for grade in self.scale.columns for _ in range(tally.get(grade, 0))]
            across = max(1, int((right - left) // 19))
            for number, grade in enumerate(teams):
                at = left + number % across * 19, y + number // across * 19
                sheet.square(*at, 16.0, grade, scale=self.scale, lettered=True)
            y += -(-len(teams) // across) * 19
        return y


def _describe_moves(crossing: _Crossing) -> str:
    n, up, down = crossing.total(), crossing.total(least=1), crossing.total(most=-1)
    if n == 0:
        return f"no {crossing.unit} was graded both times"
    unchanged = n - up - down
    words = [f"{up or 'none'} of {sentences.plural(n, crossing.unit)} moved up"]
    return ", ".join([*words, f"{down or 'none'} moved down", f"{unchanged or 'none'} unchanged"])


def _describe_agreement(crossing: _Crossing) -> str:
    n, exact, near = crossing.total(), crossing.total(least=0, most=0), crossing.total(least=-2, most=2)
    if n == 0:
        return f"no {crossing.unit} was given by both graders"
    many = sentences.plural(n, crossing.unit)
    return f"the graders agree on {exact} of {many}, and on {near} within one grade"


def _compose(
    crossing: _Crossing, title: str, subtitle: str, footnote: str | None, illustrative: bool
) -> Chart:
    notes = [*crossing.notes(), *([footnote] if footnote else [])]
    apart = [f"{words}: {crossing._in_words(tally)}." for words, tally in crossing.apart]
    table = frame_table(
        crossing.table(), caption=title, subtitle=subtitle, note=[*apart, *notes], illustrative=illustrative
    )
    heading = frame.Heading(title, subtitle, illustrative)
    return frame.compose(crossing, heading, notes, table, rows=crossing.sentences())
