"""Pairings: of every team of one group set against every team of the other, which had the higher grade?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, text_width
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.sheet import Polygon, Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import grade_table, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["pairings_grid", "plot_pairings_grid"]

#: What a pairing may come to: its sign and its fill. None is a grade, so none has a grade's colour.
_FILLS = {"higher": ("+", palette.INK), "equal": ("=", palette.RULE), "lower": ("\u2212", palette.WHITE)}
_MARGIN = 24.0
_KEY = 13.0


def pairings_grid(
    counts: pd.DataFrame,
    *,
    focus: Any = None,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    unit: str = "team",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """A square for each pairing of a team of one group with a team of the other.

    A split grade lies between its neighbours. A team without a judgement enters no pairing.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Exactly two rows, one index level.
    focus
        The group whose teams go down the side; by default the first.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale* or do not hold two groups, one of them *focus*.

    Examples
    --------
    >>> index = pd.Index(["North", "South"], name="area")
    >>> counts = pd.DataFrame([[0, 0, 2, 0, 1, 0, 0, 0], [3, 0, 3, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> pairings_grid(counts).title
    'In 12 of 18 pairings the North team had the higher grade, in 6 equal, in none lower'
    """
    grid = _Pairings(_two_groups(counts, focus, scale), labels, unit, scale)
    heading = frame.Heading(title or grid.title(), subtitle or grid.subtitle(), illustrative)
    notes = [*grid.notes(), *([footnote] if footnote else [])]
    table = grade_table(
        grid.counts,
        caption=heading.title,
        subtitle=heading.subtitle,
        note=[grid.tally(), *notes],
        labels=labels,
        unit=unit,
        illustrative=illustrative,
        scale=scale,
    )
    return frame.compose(grid, heading, notes, table, rows=grid.sentences())


def plot_pairings_grid(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    focus: Any = None,
    labels: Mapping[Any, str] | None = None,
    unit: str = "team",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the grid of :func:`pairings_grid` on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.Index(["North", "South"], name="area")
    >>> counts = pd.DataFrame([[0, 0, 2, 0, 1, 0, 0, 0], [3, 0, 3, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_pairings_grid(counts, ax=ax) is ax
    True
    """
    return frame.plot(_Pairings(_two_groups(counts, focus, scale), labels, unit, scale), ax)


def _two_groups(counts: pd.DataFrame, focus: Any, scale: Scale) -> pd.DataFrame:
    checked = sentences.check_counts(counts, scale)
    if len(checked) != 2 or checked.index.nlevels != 1:
        raise GradingsError(f"pairings need two groups; the counts hold {len(checked)}")
    if focus is None or focus == checked.index[0]:
        return checked
    if focus not in checked.index:
        raise GradingsError(
            f"no gradings for {focus!r}; the counts hold {', '.join(map(str, checked.index))}"
        )
    return checked.iloc[::-1]


@dataclass(frozen=True)
class _Pairings:
    counts: pd.DataFrame
    labels: Mapping[Any, str] | None
    unit: str
    scale: Scale

    @cached_property
    def teams(self) -> tuple[list[str], list[str]]:
        """The graded teams of both groups, worst to best."""
        first, second = (
            [grade for grade in self.scale.categories for _ in range(int(row[grade]))]
            for _, row in self.counts.iterrows()
        )
        return first, second

    @cached_property
    def names(self) -> tuple[str, str]:
        first, second = (text_width.in_sentence(label_of(self.labels, key)) for key in self.counts.index)
        return first, second

    def result(self, mine: str, theirs: str) -> str:
        difference = self.scale.rank(mine) - self.scale.rank(theirs)
        return "higher" if difference > 0 else "lower" if difference < 0 else "equal"

    @cached_property
    def totals(self) -> dict[str, int]:
        mine, theirs = self.teams
        found = [self.result(a, b) for a in mine for b in theirs]
        return {outcome: found.count(outcome) for outcome in _FILLS}

    def title(self) -> str:
        every = sum(self.totals.values())
        if not every:
            return "No pairing: in one group no team was judged"
        higher, equal, lower = (self.totals[outcome] or "none" for outcome in _FILLS)
        return (
            f"In {higher} of {sentences.plural(every, 'pairing')} the {self.names[0]} {self.unit} had the "
            f"higher grade, in {equal} equal, in {lower} lower"
        )

    def subtitle(self) -> str:
        mine, theirs = (len(teams) for teams in self.teams)
        return (
            f"Each of {sentences.plural(mine, self.unit)} in {self.names[0]} (down) against each of "
            f"{sentences.plural(theirs, self.unit)} in {self.names[1]} (along)."
        )

    def notes(self) -> list[str]:
        unjudged = int(self.counts[NO_JUDGEMENT].sum())
        if not unjudged:
            return []
        return [f"{sentences.plural(unjudged, self.unit)} with no judgement: in no pairing."]

    def sentences(self) -> list[str]:
        said = [
            f"{name}: {sentences.describe_row(row, scale=self.scale)}."
            for name, (_, row) in zip(self.names, self.counts.iterrows(), strict=True)
        ]
        return [*said, self.tally()]

    def tally(self) -> str:
        """What the pairings come to, zeros included."""
        totals = ", ".join(f"{self.totals[outcome]} {outcome}" for outcome in _FILLS)
        return f"Pairings from the side of {self.names[0]}: {totals}."

    def min_width(self) -> float:
        return 260.0 + max(1, len(self.teams[1])) * 6.0

    def best_width(self) -> float:
        return self.min_width()

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        mine, theirs = self.teams
        y = self._lay_key(sheet, y, left, right)
        if not mine or not theirs:
            return sheet.lines(left, y, ["No pairing."])
        label = min(190.0, right - left - len(theirs) * 6.0 - 40)
        start = left + label + _MARGIN
        pitch = max(5.0, min(24.0, (right - start) / len(theirs), 560 / len(mine)))
        size = pitch * 0.86
        along = text_width.wrap(f"{self.names[1]} \u2192", right - start, sheets.HEAD, True)
        y = sheet.lines(start, y, along, size=sheets.HEAD, bold=True) + 4
        for number, grade in enumerate(theirs):
            sheet.square(start + number * pitch, y, size, grade, scale=self.scale, lettered=size >= 9)
        top = y + pitch + 5
        sheet.rule(start - 3, top - 4, start + len(theirs) * pitch, top - 4, width=1.2, colour=palette.INK)
        down = text_width.wrap(f"{self.names[0]} \u2193", label, sheets.HEAD, True)
        below = sheet.lines(left, top, down, size=sheets.HEAD, bold=True)
        for row, grade in enumerate(mine):
            at = top + row * pitch
            sheet.square(start - pitch - 6, at, size, grade, scale=self.scale, lettered=size >= 9)
            for column, other in enumerate(theirs):
                self._lay_pairing(sheet, start + column * pitch, at, size, self.result(grade, other))
        bottom = top + len(mine) * pitch
        sheet.rule(start - 4, top - 4, start - 4, bottom, width=1.2, colour=palette.INK)
        return max(bottom, below)

    def _lay_pairing(self, sheet: Sheet, x: float, y: float, size: float, outcome: str) -> None:
        sign, colour = _FILLS[outcome]
        sheet.squares.append(Polygon(sheets.box(x, y, size, size), colour, palette.INK))
        if size >= 9:
            sheet.glyph(sign, palette.letter(colour), x + size / 2, y + size / 2, size * 0.6)

    def _lay_key(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        x = left
        for outcome in _FILLS:
            words = f"{self.names[0]} {outcome} ({self.totals[outcome]})"
            lines = text_width.wrap(words, right - left - _KEY - 6, sheets.NOTE)
            wide = _KEY + 5 + text_width.fit(lines, sheets.NOTE) + 16
            if x > left and x + wide - 16 > right:
                x, y = left, y + _KEY * 1.5
            self._lay_pairing(sheet, x, y, _KEY, outcome)
            bottom = sheet.lines(x + _KEY + 5, y + 1, lines, size=sheets.NOTE)
            y = max(y, bottom - _KEY) if len(lines) > 1 else y
            x += wide
        return y + _KEY + 10
