"""The range of van Elteren's p over every completion of open grades, without testing each anew.

A completion matters in two ways only: how many grades are tied with one another in each stratum, which fixes
the deals, and the rank sum seen. Completions with equal ties share their deals, and the deals of a stratum
are joined with those of others once, not once for every completion of those.
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_right
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
    pack_bytes,
)
from improvement_analysis.statistics.permutation import TOO_MANY, stratified_test, whole_weights, why_untold
from improvement_analysis.statistics.ranks import doubled_midranks

__all__ = ["Completed", "Row", "range_of_p", "try_completions"]

#: Bytes of one stratum's deals after which open grades in it are not tried.
MOST_BYTES = 500_000_000

#: Steps of joining strata, over all completions, after which their range is given up: a second or two.
MOST_STEPS = 1_000_000

#: How many of a group hold each whole grade, worst to best.
Row: TypeAlias = tuple[int, ...]


@dataclass(frozen=True)
class _Dealt:
    """Deals that some completions share, and the sums that these show."""

    ways: Mapping[int, int]
    seen: frozenset[int]


@dataclass(frozen=True)
class Completed:
    """One test under every completion of its open grades.

    Attributes
    ----------
    seen : frozenset of (p, p_min)
        What the test gives under some completion: its p, and the smallest that it could have given. A
        completion in which all grades are equal has p = 1.
    attainable : tuple of float, or None
        In order, every p of at most the level asked for that some deal of some completion has; None where
        these are too many to list.
    reason : str
        Why nothing is known; empty where it is.
    """

    seen: frozenset[tuple[float, float]] = frozenset()
    attainable: tuple[float, ...] | None = None
    reason: str = ""

    @property
    def is_unknown(self) -> bool:
        """Whether the completions are too many to try."""
        return bool(self.reason) and not self.reason.startswith(("no stratum", "all grades are equal"))

    @property
    def p_low(self) -> float:
        """The least p; NaN where nothing is known."""
        return min((p for p, _ in self.seen), default=math.nan)

    @property
    def p_high(self) -> float:
        """The greatest p; NaN where nothing is known."""
        return max((p for p, _ in self.seen), default=math.nan)

    def most_at(self, p: float) -> float:
        """The largest share of deals, under any completion, whose p is *p* or less."""
        if self.attainable is None:
            return p
        place = bisect_right(self.attainable, p * (1 + 1e-12))
        return self.attainable[place - 1] if place else 0.0


def try_completions(
    strata: Sequence[tuple[Sequence[Row], Sequence[Row]]], two_sided: TwoSided, level: float = 0.0
) -> Completed:
    """Test two groups under every completion of both, in every stratum.

    Parameters
    ----------
    strata
        Every way in which either group may hold the whole grades.
    two_sided
        As in :func:`van_elteren`.
    level
        Up to which p the attainable ones are listed.
    """
    check_option("two_sided", two_sided, ("distance", "doubled"))
    held = [_by_ties(a, b) for a, b in strata]
    if reason := why_untold([max(map(len, ties)) for ties in held]):
        return Completed(reason=reason)
    sizes = [(sum(a[0]), sum(b[0])) for a, b in strata]
    if math.prod(len(a) * len(b) for a, b in strata) == 1:
        return _one_completion([(a[0], b[0]) for a, b in strata], two_sided)
    if any(pack_bytes([sum(size)], min(size)) > MOST_BYTES for size in sizes):
        return Completed(reason=TOO_MANY)
    each = [
        _weighed(ties, size[0], weight)
        for ties, size, weight in zip(held, sizes, whole_weights(map(sum, sizes)), strict=True)
    ]
    try:
        one, other = _halves(each)
    except TooManyDealsError:
        return Completed(reason=TOO_MANY)
    seen: set[tuple[float, float]] = set()
    attainable: set[float] | None = set()
    for x, y in product(one, other):
        more, fewer = sorted((x.ways, y.ways), key=len, reverse=True)
        dealt = NullDistribution(more, fewer)
        least = dealt.tail_at_ends("two-sided", two_sided) / dealt.deals
        sums = set(map(sum, product(x.seen, y.seen)))
        seen |= {(dealt.tail(value, "two-sided", two_sided) / dealt.deals, least) for value in sums}
        if level and attainable is not None:
            listed = dealt.attainable(two_sided, level)
            attainable = None if listed is None else attainable.union(listed)
    return Completed(frozenset(seen), None if attainable is None else tuple(sorted(attainable)))


def _one_completion(tables: Sequence[tuple[Row, Row]], two_sided: TwoSided) -> Completed:
    """Where nothing is open the test is the one there is."""
    held = [
        tuple(zip(*(pair for pair in zip(a, b, strict=True) if any(pair)), strict=True)) for a, b in tables
    ]
    test = stratified_test(held, 0.0, "two-sided", two_sided)
    return Completed(frozenset({(test.p, test.p_min)}))


def range_of_p(
    strata: Sequence[tuple[Sequence[Row], Sequence[Row]]], two_sided: TwoSided
) -> tuple[float, float, str]:
    """Least and greatest p over the completions of both groups in every stratum, and why p is NaN."""
    found = try_completions(strata, two_sided)
    return found.p_low, found.p_high, found.reason


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
    steps = 0
    for stratum in sorted(strata, key=size, reverse=True):
        halves.sort(key=size)
        steps += size(halves[0]) * size(stratum)
        if steps > MOST_STEPS:
            raise TooManyDealsError
        halves[0] = [
            _Dealt(convolved(x.ways, y.ways), frozenset(map(sum, product(x.seen, y.seen))))
            for x, y in product(halves[0], stratum)
        ]
    return halves
