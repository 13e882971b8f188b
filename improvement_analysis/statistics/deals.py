"""Every way to deal the grades at hand into groups of the sizes at hand, counted exactly.

One idea carries every exact test: keep the grades as they are, deal them out anew, and count the deals at
least as lopsided as the one seen. All counts are whole numbers of any size, nothing is rounded or drawn.
"""

from __future__ import annotations

import math
import operator
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, lru_cache, reduce
from itertools import accumulate
from typing import Literal, TypeAlias

from improvement_analysis.statistics.drawn import interval_of_share

__all__ = ["Alternative", "ExactTest", "NullDistribution", "TooManyDealsError", "TwoSided"]

#: Which way lopsided: either way, or towards a higher or a lower statistic.
Alternative: TypeAlias = Literal["two-sided", "greater", "less"]

#: What "at least as lopsided, either way" means; see :meth:`NullDistribution.tail`.
TwoSided: TypeAlias = Literal["distance", "doubled"]

#: Steps of an enumeration after which it is given up: seconds, not minutes.
MOST_STEPS = 10_000_000

#: Sums of two statistics after which they are not joined: a second, and some hundred megabytes.
MOST_JOINED = 2_000_000

#: Values of a statistic after which the p that they have are not listed.
MOST_VALUES = 100_000


class TooManyDealsError(Exception):
    """The tables are too many to enumerate; the caller draws some, or gives a reason."""


@dataclass(frozen=True)
class ExactTest:
    """What an exact permutation test found.

    Attributes
    ----------
    statistic : float
        See the test.
    p : float
        ``deals_at_least_as_lopsided / deals``; NaN where undefined.
    deals_at_least_as_lopsided, deals : int
        Deals of the grades at hand at least as lopsided as the one seen, and all deals. Deals tell teams
        apart, so tables count as often as they can come about.
    deals_most_lopsided : int
        That count for the most lopsided deal there is: what these grades and sizes could show at best.
    reason : str
        Why p is undefined; empty where it is not.
    method : str
        How the deals were counted: ``"enumeration"``, ``"table"``, ``"convolution"``, or ``"monte carlo"``:
        then the deals are those drawn, and the one seen.
    """

    statistic: float
    p: float
    deals_at_least_as_lopsided: int
    deals: int
    deals_most_lopsided: int
    reason: str = ""
    method: str = "enumeration"

    @property
    def error(self) -> tuple[float, float]:
        """Between what and what p lies: itself where all deals were counted, else its 99 % interval."""
        if self.method != "monte carlo" or self.reason:
            return self.p, self.p
        return interval_of_share(self.deals_at_least_as_lopsided, self.deals)

    @property
    def fraction(self) -> Fraction | None:
        """p as an exact fraction; None where undefined."""
        return None if self.reason else Fraction(self.deals_at_least_as_lopsided, self.deals)

    @property
    def p_min(self) -> float:
        """The smallest p that these grades in groups of these sizes can give; NaN where undefined."""
        return math.nan if self.reason else self.deals_most_lopsided / self.deals


@dataclass(frozen=True)
class NullDistribution:
    """How many deals give each value of a whole-number statistic.

    The statistic is the sum of two independent parts, of which *also* may be nothing: held apart, they take
    far less room than all their sums.
    """

    ways: Mapping[int, int]
    also: Mapping[int, int] = field(default_factory=lambda: {0: 1})

    @cached_property
    def deals(self) -> int:
        """All deals."""
        return sum(self.ways.values()) * sum(self.also.values())

    @cached_property
    def _total(self) -> int:
        """The statistic added up over all deals."""
        one, other = (sum(value * n for value, n in part.items()) for part in (self.ways, self.also))
        return one * sum(self.also.values()) + other * sum(self.ways.values())

    @cached_property
    def _values(self) -> list[int]:
        return sorted(self.ways)

    @cached_property
    def _upwards(self) -> list[int]:
        """For each of the values, and past the last, the deals of the first part from there upwards."""
        return [*accumulate(reversed([self.ways[v] for v in self._values]), initial=0)][::-1]

    def at_least(self, value: int) -> int:
        """Deals that give *value* or more."""
        return sum(n * self._upwards[bisect_left(self._values, value - x)] for x, n in self.also.items())

    def at_most(self, value: int) -> int:
        """Deals that give *value* or less."""
        return self.deals - self.at_least(value + 1)

    def tail(self, observed: int, alternative: Alternative, two_sided: TwoSided) -> int:
        """Deals at least as lopsided as *observed*.

        Two-sided by ``"distance"``: deals whose statistic lies at least as far from its mean over all deals,
        on either side. ``"doubled"``: twice the smaller one-sided count, at most all deals.
        """
        if alternative != "two-sided":
            return self.at_least(observed) if alternative == "greater" else self.at_most(observed)
        if two_sided == "doubled":
            return min(self.deals, 2 * min(self.at_least(observed), self.at_most(observed)))
        above = observed * self.deals - self._total
        mirrored = self._total - above
        if above > 0:
            return self.at_least(observed) + self.at_most(mirrored // self.deals)
        if above < 0:
            return self.at_most(observed) + self.at_least(-(-mirrored // self.deals))
        return self.deals

    def judge(
        self,
        observed: int,
        statistic: float,
        alternative: Alternative = "two-sided",
        two_sided: TwoSided = "distance",
    ) -> ExactTest:
        """Judge *observed* against all deals; *statistic* is what the reader is shown for it."""
        check_option("alternative", alternative, ("two-sided", "greater", "less"))
        check_option("two_sided", two_sided, ("distance", "doubled"))
        lopsided = self.tail(observed, alternative, two_sided)
        most = self.tail_at_ends(alternative, two_sided)
        return ExactTest(statistic, lopsided / self.deals, lopsided, self.deals, most)

    def tail_at_ends(self, alternative: Alternative, two_sided: TwoSided) -> int:
        """Deals at least as lopsided as the most lopsided of all."""
        ends = (min(self.ways) + min(self.also), max(self.ways) + max(self.also))
        return min(self.tail(end, alternative, two_sided) for end in ends)

    def attainable(self, two_sided: TwoSided, level: float) -> list[float] | None:
        """Every two-sided p of at most *level* that a deal has, rarest first; None if they are too many."""
        if len(self.ways) * len(self.also) > MOST_VALUES:
            return None
        values = sorted({x + y for x in self.ways for y in self.also})
        found: set[float] = set()
        for inwards in (values, reversed(values)):
            for value in inwards:
                p = self.tail(value, "two-sided", two_sided) / self.deals
                if p > level:
                    break
                found.add(p)
        return sorted(found)


def judge_drawn(beyond: int, drawn: int, statistic: float) -> ExactTest:
    """Judge by deals that were drawn, of which so many are at least as lopsided; the one seen is one more."""
    return ExactTest(statistic, (beyond + 1) / (drawn + 1), beyond + 1, drawn + 1, 1, method="monte carlo")


def undefined(reason: str) -> ExactTest:
    """A test without a p, and why."""
    return ExactTest(math.nan, math.nan, 0, 0, 0, reason)


def check_option(option: str, given: str, known: tuple[str, ...]) -> None:
    """Refuse an option's value that is not known, and say which are."""
    if given not in known:
        raise ValueError(f"{option}={given!r}; expected one of {', '.join(map(repr, known))}")


def count_deal_steps(ties: Sequence[int], sizes: Sequence[int]) -> float:
    """About how many steps :func:`deal_tables` takes, from the sizes alone; it counts too many, not too few.

    Before each grade there are as many states as there are ways to fill the groups so far, and each leads to
    at most as many as there are ways to share the grade.
    """
    import numpy as np

    filled = np.ones(1)
    for size in sizes:
        filled = np.convolve(filled, np.ones(size + 1))
        if not np.isfinite(filled).all():
            return math.inf
    before = np.cumsum([0, *ties])
    states = [float(filled[at]) for at in before]
    return sum(
        20 * states[k] * min(states[k + 1], math.comb(tied + len(sizes) - 1, tied))
        for k, tied in enumerate(ties)
    )


def pack_bytes(ties: Sequence[int], size: int) -> float:
    """About how many bytes :func:`deal_sums` goes through, from the sizes alone."""
    members = sum(ties)
    return size * sum(min(tied, size) for tied in ties) * size * 2 * members * (_width(members) / 8) / 2


@lru_cache(maxsize=1024)
def deal_sums(scores: tuple[int, ...], ties: tuple[int, ...], size: int) -> NullDistribution:
    """Draw *size* of the pooled members in every way; add up the scores drawn.

    ``scores[k]`` is held by ``ties[k]`` members. The generating function is the product of
    ``(1 + x z**score)**tied``; the coefficient of ``x**size`` is a polynomial in z. It is held as one whole
    number, a fixed number of bytes to a coefficient, so that its arithmetic is the interpreter's own.
    """
    width = _width(sum(ties))
    drawn = [1] + [0] * size
    for level, (score, tied) in enumerate(zip(scores, ties, strict=True), start=1):
        shift, wanted = score * width, range(size + 1) if level < len(ties) else (size,)
        drawn = [
            sum((drawn[n - j] * math.comb(tied, j)) << (j * shift) for j in range(min(n, tied) + 1))
            for n in wanted
        ]
    return _unpack(drawn[-1], width)


def flip_sums(scores: Sequence[int], ties: Sequence[int]) -> NullDistribution:
    """Keep or leave each of the pooled members; add up the scores kept."""
    width = _width(sum(ties))
    factors = (
        sum(math.comb(tied, j) << (j * score * width) for j in range(tied + 1))
        for score, tied in zip(scores, ties, strict=True)
    )
    return _unpack(math.prod(factors), width)


def _width(members: int) -> int:
    """Bits for one coefficient: whole bytes that hold 2**members."""
    return 8 * (members // 8 + 1)


def _unpack(packed: int, width: int) -> NullDistribution:
    step = width // 8
    data = packed.to_bytes(-(-packed.bit_length() // width) * step, "little")
    slots = (int.from_bytes(data[i : i + step], "little") for i in range(0, len(data), step))
    return NullDistribution({value: ways for value, ways in enumerate(slots) if ways})


def convolve(distributions: Iterable[NullDistribution], weights: Iterable[int]) -> NullDistribution:
    """The weighted sum of independent statistics, deals multiplied."""
    parts: list[Mapping[int, int]] = [{0: 1}, {0: 1}]
    for distribution, weight in sorted(
        zip(distributions, weights, strict=True), key=lambda d: -len(d[0].ways)
    ):
        parts.sort(key=len)
        parts[0] = convolved(parts[0], distribution.ways, weight)
    parts.sort(key=len)
    return NullDistribution(parts[1], parts[0])


def convolved(one: Mapping[int, int], other: Mapping[int, int], weight: int = 1) -> dict[int, int]:
    """The sum of two independent statistics, the second weighted, deals multiplied."""
    if len(one) * len(other) > MOST_JOINED:
        raise TooManyDealsError
    found: dict[int, int] = {}
    for x, n in one.items():
        for y, m in other.items():
            at = x + weight * y
            found[at] = found.get(at, 0) + n * m
    return found


def deal_tables(
    ties: Sequence[int],
    sizes: Sequence[int],
    gain: Callable[[int, tuple[int, ...], tuple[int, ...]], int],
    *,
    combine: Callable[[int, int], int] = operator.add,
    start: int = 0,
) -> dict[int, int]:
    """Deal every grade in turn to groups of the given sizes; count the deals that reach each total.

    ``gain(k, parts, room)`` is what *combine* adds to the total when *parts* of grade k go to the groups,
    which still had *room*.

    Raises
    ------
    TooManyDealsError
        If the enumeration would take too long.
    """
    states: dict[tuple[int, ...], dict[int, int]] = {tuple(sizes): {start: 1}}
    steps = 0
    for k, tied in enumerate(ties):
        found: dict[tuple[int, ...], dict[int, int]] = {}
        for room, totals in states.items():
            for parts in shares(tied, room):
                steps += 20 + len(totals)
                if steps > MOST_STEPS:
                    raise TooManyDealsError
                left = tuple(r - part for r, part in zip(room, parts, strict=True))
                deals, gained, after = arrangements(parts), gain(k, parts, room), found.setdefault(left, {})
                for total, ways in totals.items():
                    reached = combine(total, gained)
                    after[reached] = after.get(reached, 0) + ways * deals
        states = found
    return states[(0,) * len(sizes)]


def shares(tied: int, room: tuple[int, ...]) -> Iterator[tuple[int, ...]]:
    """Every way to share *tied* equal things among groups with *room*, as counts."""
    if len(room) == 1:
        yield (tied,)
        return
    for part in range(max(0, tied - sum(room[1:])), min(tied, room[0]) + 1):
        for rest in shares(tied - part, room[1:]):
            yield (part, *rest)


def arrangements(parts: Iterable[int]) -> int:
    """The multinomial coefficient: ways to tell apart who is in which part."""
    return reduce(
        lambda sofar, part: (sofar[0] + part, sofar[1] * math.comb(sofar[0] + part, part)), parts, (0, 1)
    )[1]
