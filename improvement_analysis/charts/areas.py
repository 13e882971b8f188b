"""Area comparison: do one area's teams differ from the others? Two rows of the grid for each domain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Self, Unpack

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.about import about_of
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import GradeColumns, Placed, good_words
from improvement_analysis.charts.form import Form, OnAxes, Words, compose, plot, worded
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.charts.stacked import Strip
from improvement_analysis.comparison import choose_lead, phrase_verdict
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.tables import heading_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["area_comparison", "plot_area_comparison"]

_INDENT = 12.0
_ROW_PAD = 4.0


@worded
def area_comparison(
    counts: pd.DataFrame,
    *,
    focus: Any = None,
    other: Any = None,
    comparison: pd.DataFrame | None = None,
    overall: Any = "overall",
    **words: Unpack[Words],
) -> Chart:
    """Two rows of squares for each domain, *focus* and the others, with k of n and a sentence on chance.

    Without *focus*, a row for every group there is.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Two index levels, ``domain`` and what is compared (such as ``area``).
    focus, other
        Keys of the second level; without *focus* every group stands by itself. *other* may be several, in a
        list; they are added up, as are all other groups without it. What is not stated belongs to neither
        side; a footnote counts it.
    comparison
        Result of ``compare_groups``, a row per domain (as index or as column ``domain``): its ``sentence`` is
        printed beneath the domain. Without sentences, its ``strata_used`` and ``strata_dropped`` make a
        footnote.
    overall
        Key of the overall conclusion.

    Raises
    ------
    GradingsError
        If *counts* are no such counts, or do not hold *focus* or *other*.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.MultiIndex.from_product([["practice"], ["North", "South"]], names=["domain", "area"])
    >>> counts = pd.DataFrame([[0, 0, 2, 0, 1, 0, 0, 0], [1, 0, 4, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> area_comparison(counts, focus="North").title
    'Good or better: 1 of 3 domain gradings in North, 0 of 5 elsewhere'
    """
    return compose(_Pairs.between(counts, focus, other, words, comparison=comparison, overall=overall), words)


@worded
def plot_area_comparison(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    focus: Any,
    other: Any = None,
    comparison: pd.DataFrame | None = None,
    overall: Any = "overall",
    **words: Unpack[OnAxes],
) -> Axes:
    """Draw the rows of :func:`area_comparison` on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> from improvement_analysis.scale import OFSTED
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> index = pd.MultiIndex.from_product([["practice"], ["North", "South"]], names=["domain", "area"])
    >>> counts = pd.DataFrame([[0, 0, 2, 0, 1, 0, 0, 0], [1, 0, 4, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> plot_area_comparison(counts, ax=ax, focus="North") is ax
    True
    """
    return plot(_Pairs.between(counts, focus, other, words, comparison=comparison, overall=overall), ax)


def _two_rows(checked: pd.DataFrame, focus: Any, other: Any) -> pd.DataFrame:
    groups = checked.index.get_level_values(1)
    others = [other] if isinstance(other, str) or not isinstance(other, Iterable) else list(other)
    for key in [focus] if other is None else [focus, *others]:
        if key not in groups:
            known = ", ".join(str(group) for group in groups.unique())
            raise GradingsError(f"no gradings for {key!r}; the counts hold {known}")
    groups_of = heading_of(checked.index.names[1]).lower()
    every_other = f"All other {sentences.plural_of(groups_of)}"
    elsewhere = every_other if other is None else sentences.join_words([str(key) for key in others])
    kept = checked[groups != sentences.NOT_STATED if other is None else groups.isin([focus, *others])]
    side = [focus if group == focus else elsewhere for group in kept.index.get_level_values(1)]
    domains = kept.index.get_level_values(0)
    summed = kept.groupby([domains, pd.Index(side)], sort=False).sum()
    every = pd.MultiIndex.from_product([domains.unique(), [focus, elsewhere]], names=checked.index.names)
    return summed.reindex(every, fill_value=0)


def _count_unstated(checked: pd.DataFrame, focus: Any) -> tuple[str, ...]:
    """The gradings that are on neither side because their group is not known."""
    name = heading_of(checked.index.names[1]).lower()
    here = checked.index.get_level_values(1) == sentences.NOT_STATED
    many = int(checked[here].to_numpy().sum()) if focus != sentences.NOT_STATED else 0
    return (f"Left out: {sentences.plural(many, 'grading')} whose {name} is not stated.",) if many else ()


@dataclass(frozen=True, kw_only=True)
class _Pairs(Form):
    comparison: pd.DataFrame | None = None
    elsewhere: bool = True
    every: bool = False
    unstated: tuple[str, ...] = ()
    share_from: ClassVar[bool] = True

    @classmethod
    def between(cls, counts: pd.DataFrame, focus: Any, other: Any, words: OnAxes, **own: Any) -> Self:
        """The rows of *focus* and of the others."""
        if counts.index.nlevels != 2:
            raise GradingsError("a comparison needs counts by two columns, such as domain and area")
        about = about_of(words.get("about"), counts, own.get("comparison"))
        checked = sentences.check_counts(counts, about.scale)
        words = {**words, "about": about}
        unstated = _count_unstated(checked, focus)
        named = checked[checked.index.get_level_values(1) != sentences.NOT_STATED]
        rows = named if focus is None else _two_rows(checked, focus, other)
        return cls.of(rows, words, elsewhere=other is None, every=focus is None, unstated=unstated, **own)

    @cached_property
    def columns(self) -> GradeColumns:
        first = " and ".join(heading_of(name) for name in self.counts.index.names)
        first = first[:1] + first[1:].lower()
        last = good_words(self.scale)
        shares = [self.share(row) for _, row in self.counts.iterrows()]
        width = max(60.0, text_width.fit(shares, sheets.BODY, True))
        return GradeColumns(self.counts, first, last[:1].upper() + last[1:], width, self.scale)

    @cached_property
    def domains(self) -> list[Any]:
        return list(self.counts.index.get_level_values(0).unique())

    @cached_property
    def groups(self) -> list[Any]:
        return list(self.counts.index.get_level_values(1).unique())

    def groups_in(self, domain: Any) -> list[Any]:
        """The groups that have a row in a domain."""
        return list(self.counts.loc[[domain]].index.get_level_values(1))

    @cached_property
    def verdicts(self) -> dict[Any, str]:
        """The sentence on chance of each domain that has one."""
        results = self._results()
        if results is None or "sentence" not in results:
            return {}
        return {key: str(text) for key, text in results["sentence"].items() if not pd.isna(text)}

    def _results(self) -> pd.DataFrame | None:
        if self.comparison is None or "domain" not in self.comparison:
            return self.comparison
        return self.comparison.set_index("domain")

    def share(self, row: pd.Series) -> str:
        return sentences.describe_share_at_least(row, self.scale.threshold, scale=self.scale)

    def title(self) -> str:
        results = self._results()
        if not self.every and results is not None and {"verdict", "prob_superiority"} <= set(results):
            lead = choose_lead(results)
            phrase = phrase_verdict(results["verdict"].loc[lead], results["prob_superiority"].loc[lead])
            return f"{self.label(self.groups[0])}: {phrase}"
        graded = self.counts[self.counts.index.get_level_values(0) != self.overall]
        noun = "overall" if graded.empty else "domain"
        sums = (self.counts if graded.empty else graded).groupby(level=1, sort=False).sum()
        mine, *others = (self.share(sums.loc[group]) for group in self.groups)
        mine = mine if mine == sentences.NONE_JUDGED else f"{mine} {noun} gradings"
        words = good_words(self.scale)
        names = [f"in {self.label(group)}" for group in self.groups[1:]]
        if self.elsewhere and not self.every:
            names = ["elsewhere"]
        rest = "".join(f", {share} {name}" for share, name in zip(others, names, strict=True))
        return f"{words[:1].upper()}{words[1:]}: {mine} in {self.label(self.groups[0])}{rest}"

    def subtitle(self) -> str:
        named = " and ".join(heading_of(name).lower() for name in self.counts.index.names)
        return f"Number of teams at each grade, by {named}. {palette.describe_marks(self.counts.sum(axis=1))}"

    def notes(self) -> list[str]:
        notes = []
        boundary = [g for g in self.scale.splits if self.scale.at_least(g, self.scale.threshold) is None]
        if self.counts[boundary].to_numpy().any():
            notes.append(f"A grading split {boundary[0]} is counted both ways, hence bounds such as 0 or 1.")
        if self.counts[NO_JUDGEMENT].any():
            notes.append("Teams with no judgement are left out of the number after “of”.")
        return [*notes, *self._strata(), *self.unstated]

    def table_notes(self) -> list[str]:
        return [f"{self.label(domain)}: {sentence}" for domain, sentence in self.verdicts.items()]

    def _strata(self) -> list[str]:
        results = self._results()
        if results is None or self.verdicts:
            return []
        used, dropped = (_collect(results, name) for name in ("strata_used", "strata_dropped"))
        notes = [f"Compared within {sentences.join_words(used)}."] if used else []
        if dropped:
            words = sentences.join_words(dropped)
            notes.append(f"Left out of the comparison, because one side has no team there: {words}.")
        return notes

    def sentences(self) -> list[str]:
        rows = []
        for domain in self.domains:
            parts = []
            for group in self.groups_in(domain):
                row = self.counts.loc[(domain, group)]
                words = sentences.describe_row(row, grades=self.columns.grades[:-1], scale=self.scale)
                parts.append(f"{self.label(group)} {words}, {good_words(self.scale)} {self.share(row)}")
            verdict = f" {self.verdicts[domain]}" if domain in self.verdicts else ""
            rows.append(f"{self.label(domain)}: {'; '.join(parts)}.{verdict}")
        return rows

    def min_width(self) -> float:
        return self.columns.min_width()

    def best_width(self) -> float:
        return self.columns.best_width()

    def strips(self) -> list[Strip]:
        strips = []
        for domain in self.domains:
            strips.append(Strip(self.label(domain), heading=True, words=self.verdicts.get(domain, "")))
            for group in self.groups_in(domain):
                row = self.counts.loc[(domain, group)]
                counted = sentences.describe_row(row, grades=self.columns.grades[:-1], scale=self.scale)
                words = f"{good_words(self.scale)}: {self.share(row)}; {counted}"
                strips.append(Strip(self.label(group), self.squares_of(row), words))
        return strips

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        placed = self.columns.place(sheet, left, right)
        bottom = placed.headings(y)
        spans = []
        for number, domain in enumerate(self.domains):
            if number:
                placed.rule(bottom, strong=bool(domain == self.overall))
            start, end = bottom, self._lay_rows(placed, domain, bottom)
            spans.append((start, end))
            bottom = self._lay_verdict(placed, domain, end)
        placed.rule(bottom, strong=True)
        placed.mark_good(y + 2, spans)
        return bottom

    def _lay_rows(self, placed: Placed, domain: Any, y: float) -> float:
        words = text_width.wrap(self.label(domain), placed.label_width, sheets.BODY, True)
        y = placed.sheet.lines(placed.left, y + 7, words, bold=True)
        for group in self.groups_in(domain):
            row = self.counts.loc[(domain, group)]
            names = text_width.wrap(self.label(group), placed.label_width - _INDENT, sheets.BODY)
            tall = sheets.text_height(len(names), sheets.BODY)
            height = max(tall, placed.depth(row)) + 2 * _ROW_PAD
            middle = y + height / 2
            placed.sheet.lines(placed.left + _INDENT, middle - tall / 2, names)
            placed.draw_row(row, middle)
            placed.sheet.text(placed.last_x, middle + 3.8, self.share(row), bold=True)
            y += height
        return y + 4

    def _lay_verdict(self, placed: Placed, domain: Any, y: float) -> float:
        if domain not in self.verdicts:
            return y
        start = placed.left + _INDENT
        lines = text_width.wrap(self.verdicts[domain], placed.right - start, sheets.NOTE)
        return placed.sheet.lines(start, y + 2, lines, size=sheets.NOTE) + 6


def _collect(found: pd.DataFrame, column: str) -> list[str]:
    """The strata named in any row of *column* ("; " between two), in order of first appearance."""
    if column not in found:
        return []
    named = [name.strip() for value in found[column].dropna() for name in str(value).split(";")]
    return list(dict.fromkeys(name for name in named if name))
