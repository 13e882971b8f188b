"""Grades as intervals: what split grades and missing judgements could still change."""

from __future__ import annotations

import math
import operator
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, product
from typing import TypeAlias

import pandas as pd

from improvement_analysis.errors import GradeError
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.deals import ExactTest, TwoSided, shares
from improvement_analysis.statistics.permutation import TOO_MANY, weighed_pairs
from improvement_analysis.statistics.strata_ranges import Completed, Row, range_of_p, try_completions
from improvement_analysis.statistics.tables import fisher_freeman_halton

__all__ = ["Bounds", "OpenGrades", "bounds", "stratified_bounds"]

#: Grades of which some are open: a split, a missing grade, or a (worst, best) pair of whole grades.
OpenGrades: TypeAlias = Iterable[str | tuple[str, str] | None]

#: How many of a group may stand for the grades from one place to another.
_Open: TypeAlias = Counter[tuple[int, int]]

#: Completions after which the range of p is given up.
MOST_COMPLETIONS = 10_000


@dataclass(frozen=True)
class Bounds:
    """What a comparison could have come to, had every grading been a whole grade.

    Attributes
    ----------
    ps_low, ps_high : float
        Least and greatest probability of superiority; NaN unless there are two groups.
    p_low, p_high : float
        Least and greatest p over all completions; equal where nothing is open. A completion in which all
        grades are equal counts as p = 1, every deal of it being as lopsided.
    completions : int
        Ways to complete the grades, told apart by how many of a group hold each grade.
    reason : str
        Why p is NaN; empty where it is not.
    """

    ps_low: float
    ps_high: float
    p_low: float
    p_high: float
    completions: int
    reason: str = ""


def bounds(
    groups: Sequence[OpenGrades] | Mapping[str, OpenGrades],
    *,
    test: Callable[[list[list[str]]], ExactTest] | None = None,
    two_sided: TwoSided = "distance",
    scale: Scale = OFSTED,
) -> Bounds:
    """Best and worst case of a comparison over everything its open grades may stand for.

    A split stands for either of its halves, a missing grade (or "no judgement") for any grade, a pair
    (worst, best) for the grades from one to the other.

    Parameters
    ----------
    groups
        Two groups or more.
    test
        From the completed groups to the test whose p is bounded. By default the exact
        Wilcoxon-Mann-Whitney test for two groups and Fisher-Freeman-Halton for more.
    two_sided
        As in :func:`wmw_exact`, for the default test of two groups.

    Raises
    ------
    GradeError
        For anything that is neither a grade nor an open one.

    Notes
    -----
    The probability of superiority is monotone in every grade, so its bounds are at the ends; p is not, so
    every completion is tried. Zeng, Adams and Bodenham (2024) bound the rank sum, and with it the p of the
    Wilcoxon-Mann-Whitney test, over all that missing values may stand for, on a bounded domain too.

    Examples
    --------
    >>> bounds([["RI", "RI"], ["I", "I", "RI", None]])
    Bounds(ps_low=0.625, ps_high=0.875, p_low=0.4, p_high=0.8666666666666667, completions=4, reason='')
    """
    listed = list(groups.values()) if isinstance(groups, Mapping) else list(groups)
    if len(listed) == 2:
        return stratified_bounds([listed], two_sided=two_sided, test=test, scale=scale)
    completed = [_completions(_open(group, scale), len(scale.codes)) for group in listed]
    tried = math.prod(map(len, completed))
    if tried > MOST_COMPLETIONS:
        return Bounds(math.nan, math.nan, math.nan, math.nan, tried, _too_many(tried))
    p_low, p_high, reason = _range_of(completed, test or _several(scale), scale)
    return Bounds(math.nan, math.nan, p_low, p_high, tried, reason)


def stratified_bounds(
    strata: Mapping[str, Sequence[OpenGrades]] | Iterable[Sequence[OpenGrades]],
    *,
    two_sided: TwoSided = "distance",
    test: Callable[[list[list[str]]], ExactTest] | None = None,
    scale: Scale = OFSTED,
) -> Bounds:
    """:func:`bounds` for two groups within strata, as :func:`van_elteren` compares them.

    Examples
    --------
    >>> strata = {"Safeguarding": (["G"], ["RI", None]), "Care Leaving": (["RI"], ["RI / I"])}
    >>> found = stratified_bounds(strata)
    >>> round(found.ps_low, 3), round(found.ps_high, 3), found.completions
    (0.5, 1.0, 8)
    """
    listed = strata.values() if isinstance(strata, Mapping) else strata
    pairs = [(_open(a, scale), _open(b, scale)) for a, b in listed]
    width = len(scale.codes)
    ps = _ends_of_superiority([pair for pair in pairs if all(pair)], width)
    each = [(_completions(a, width), _completions(b, width)) for a, b in pairs]
    tried = math.prod(len(ways) for pair in each for ways in pair)
    if tried > MOST_COMPLETIONS:
        p = math.nan, math.nan, _too_many(tried)
    elif test is not None:
        p = _range_of([ways for pair in each for ways in pair], test, scale)
    else:
        p = range_of_p([ways for ways, pair in zip(each, pairs, strict=True) if all(pair)], two_sided)
    return Bounds(ps[0], ps[1], p[0], p[1], tried, p[2])


def _ends_of_superiority(held: Sequence[tuple[_Open, _Open]], width: int) -> tuple[float, float]:
    ends = []
    for end in (0, 1):
        u, most = weighed_pairs((_at_end(a, end, width), _at_end(b, 1 - end, width)) for a, b in held)
        ends.append(u / most if held else math.nan)
    return ends[0], ends[1]


def superiority_bounds(
    strata: Iterable[Sequence[OpenGrades]], *, scale: Scale = OFSTED
) -> tuple[float, float]:
    """Least and greatest stratified probability of superiority over all that open grades may stand for."""
    pairs = [(_open(a, scale), _open(b, scale)) for a, b in strata]
    return _ends_of_superiority([pair for pair in pairs if all(pair)], len(scale.codes))


def try_counted(strata: Sequence[tuple[_Open, _Open]], two_sided: TwoSided, level: float) -> Completed:
    """:func:`try_completions` for both groups of every stratum, given how many stand for which grades."""
    width = 1 + max((best for pair in strata for side in pair for _, best in side), default=0)
    each = [(_completions(a, width), _completions(b, width)) for a, b in strata]
    tried = math.prod(len(ways) for pair in each for ways in pair)
    if tried > MOST_COMPLETIONS:
        return Completed(reason=_too_many(tried))
    return try_completions(each, two_sided, level)


def _several(scale: Scale) -> Callable[[list[list[str]]], ExactTest]:
    return lambda groups: fisher_freeman_halton(groups, scale=scale)


def _range_of(
    completed: Sequence[Sequence[Row]], test: Callable[[list[list[str]]], ExactTest], scale: Scale
) -> tuple[float, float, str]:
    """Least and greatest p over the completions of every group, tried one by one, and why p is NaN."""
    found = [test([_spelt(counts, scale) for counts in choice]) for choice in product(*completed)]
    if any(one.reason == TOO_MANY for one in found):
        return math.nan, math.nan, TOO_MANY
    if all(one.reason for one in found):
        return math.nan, math.nan, found[0].reason
    p = [1.0 if one.reason else one.p for one in found]
    return min(p), max(p), ""


def _too_many(completions: int) -> str:
    return f"{completions:,} ways to complete the open grades are too many to try"


def _open(group: OpenGrades, scale: Scale) -> _Open:
    return Counter(_ends(grade, scale) for grade in group)


def _ends(grade: object, scale: Scale) -> tuple[int, int]:
    """Places among the whole grades of the worst and the best that *grade* may stand for."""
    pair = tuple(grade) if isinstance(grade, (tuple, list)) else None
    if pair is None:
        pair = scale.ends(grade if isinstance(grade, str) else None)
        if not isinstance(grade, str) and not pd.isna(grade):  # type: ignore[call-overload]
            raise GradeError(f"{grade!r} is neither a grade nor a missing one")
    places = [scale.rank(end) for end in pair]
    if len(places) != 2 or places[0] > places[1] or any(place % 2 for place in places):
        raise GradeError(f"{grade!r} is not an interval of grades: expected (worst, best), whole grades both")
    return places[0] // 2, places[1] // 2


def _at_end(group: _Open, end: int, width: int) -> Row:
    """The group's counts with every open grade at its worst (0) or at its best (1)."""
    counts = [0] * width
    for places, alike in group.items():
        counts[places[end]] += alike
    return tuple(counts)


def _completions(group: _Open, width: int) -> list[Row]:
    """Every way the group may hold the whole grades, as counts."""
    found = {(0,) * width}
    for (worst, best), alike in group.items():
        before, after = (0,) * worst, (0,) * (width - 1 - best)
        placed = [(*before, *parts, *after) for parts in shares(alike, (alike,) * (best - worst + 1))]
        found = {tuple(map(operator.add, held, more)) for held in found for more in placed}
    return sorted(found)


def _spelt(counts: Row, scale: Scale) -> list[str]:
    return list(chain.from_iterable([code] * n for code, n in zip(scale.codes, counts, strict=True)))
