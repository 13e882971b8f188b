"""The range of van Elteren's p over every completion of open grades, without testing each anew.

A completion matters in two ways only: how many grades are tied with one another in each stratum, which fixes
the deals, and the rank sum seen. Completions with equal ties share their deals, and the deals of a stratum
are joined with those of others once, not once for every completion of those.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TypeAlias

from improvement_analysis.statistics.deals import (
    NullDistribution,
    TooManyDealsError,
    TwoSided,
    check_option,
    convolved,
    deal_sums,
)
from improvement_analysis.statistics.permutation import TOO_MANY, whole_weights, why_untold
from improvement_analysis.statistics.ranks import doubled_midranks

__all__ = ["Row", "range_of_p"]

#: How many of a group hold each whole grade, worst to best.
Row: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class _Dealt:
    """Deals that some completions share, and the sums that these show."""

    ways: Mapping[int, int]
    seen: frozenset[int]


def range_of_p(
    strata: Sequence[tuple[Sequence[Row], Sequence[Row]]], two_sided: TwoSided
) -> tuple[float, float, str]:
    """Least and greatest p over the completions of both groups in every stratum, and why p is NaN.

    A completion in which all grades are equal has p = 1.
    """
    check_option("two_sided", two_sided, ("distance", "doubled"))
    found = [_by_ties(a, b) for a, b in strata]
    if reason := why_untold([max(map(len, ties)) for ties in found]):
        return math.nan, math.nan, reason
    sizes = [(sum(a[0]), sum(b[0])) for a, b in strata]
    each = [
        _weighed(ties, size[0], weight)
        for ties, size, weight in zip(found, sizes, whole_weights(map(sum, sizes)), strict=True)
    ]
    try:
        one, other = _halves(each)
    except TooManyDealsError:
        return math.nan, math.nan, TOO_MANY
    ends = [_ends_of_p(x, y, two_sided) for x, y in product(one, other)]
    return min(low for low, _ in ends), max(high for _, high in ends), ""


def _by_ties(a: Sequence[Row], b: Sequence[Row]) -> dict[tuple[int, ...], set[int]]:
    """Ties, worst to best, -> twice the rank sums of the first group in the completions that have them."""
    found: dict[tuple[int, ...], set[int]] = {}
    for x, y in product(a, b):
        pooled = tuple(map(operator.add, x, y))
        ties = tuple(filter(None, pooled))
        held = [here for here, all_ in zip(x, pooled, strict=True) if all_]
        rank_sum = sum(map(operator.mul, doubled_midranks(ties), held))
        found.setdefault(ties, set()).add(rank_sum)
    return found


def _weighed(by_ties: Mapping[tuple[int, ...], set[int]], size: int, weight: int) -> list[_Dealt]:
    return [
        _Dealt(
            {
                weight * value: n
                for value, n in deal_sums(tuple(doubled_midranks(ties)), ties, size).ways.items()
            },
            frozenset(weight * value for value in seen),
        )
        for ties, seen in by_ties.items()
    ]


def _halves(strata: list[list[_Dealt]]) -> list[list[_Dealt]]:
    """The strata joined into two halves, largest first and each to the smaller half."""

    def size(half: list[_Dealt]) -> int:
        return sum(len(one.ways) for one in half)

    nothing = _Dealt({0: 1}, frozenset([0]))
    halves = [[nothing], [nothing]]
    for stratum in sorted(strata, key=size, reverse=True):
        halves.sort(key=size)
        halves[0] = [
            _Dealt(convolved(x.ways, y.ways), frozenset(map(sum, product(x.seen, y.seen))))
            for x, y in product(halves[0], stratum)
        ]
    return halves


def _ends_of_p(one: _Dealt, other: _Dealt, two_sided: TwoSided) -> tuple[float, float]:
    """The least and the greatest p that completions with these deals show."""
    more, fewer = sorted((one.ways, other.ways), key=len, reverse=True)
    dealt = NullDistribution(more, fewer)
    lopsided = [dealt.tail(sum(seen), "two-sided", two_sided) for seen in product(one.seen, other.seen)]
    return min(lopsided) / dealt.deals, max(lopsided) / dealt.deals
