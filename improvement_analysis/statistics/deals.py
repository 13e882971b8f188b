"""Every way to deal the grades at hand into groups of the sizes at hand, counted exactly.

One idea carries every exact test: keep the grades as they are, deal them out anew, and count the deals at
least as lopsided as the one seen. All counts are whole numbers of any size, nothing is rounded or drawn.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property, lru_cache, reduce
from typing import Literal, TypeAlias

__all__ = ["Alternative", "ExactTest", "NullDistribution", "TooManyDealsError", "TwoSided"]

#: Which way lopsided: either way, or towards a higher or a lower statistic.
Alternative: TypeAlias = Literal["two-sided", "greater", "less"]

#: What "at least as lopsided, either way" means; see :meth:`NullDistribution.tail`.
TwoSided: TypeAlias = Literal["distance", "doubled"]

#: Steps of an enumeration after which it is given up: seconds, not minutes.
MOST_STEPS = 10_000_000


class TooManyDealsError(Exception):
    """The tables are too many to enumerate; the caller turns this into a reason."""


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
    """

    statistic: float
    p: float
    deals_at_least_as_lopsided: int
    deals: int
    deals_most_lopsided: int
    reason: str = ""

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
    """How many deals give each value of a whole-number statistic."""

    ways: Mapping[int, int]

    @cached_property
    def deals(self) -> int:
        """All deals."""
        return sum(self.ways.values())

    @cached_property
    def _total(self) -> int:
        return sum(value * ways for value, ways in self.ways.items())

    def tail(self, observed: int, alternative: Alternative, two_sided: TwoSided) -> int:
        """Deals at least as lopsided as *observed*.

        Two-sided by ``"distance"``: deals whose statistic lies at least as far from its mean over all deals,
        on either side. ``"doubled"``: twice the smaller one-sided count, at most all deals.
        """
        upper = sum(ways for value, ways in self.ways.items() if value >= observed)
        lower = self.deals - upper + self.ways.get(observed, 0)
        if alternative != "two-sided":
            return upper if alternative == "greater" else lower
        if two_sided == "doubled":
            return min(self.deals, 2 * min(upper, lower))
        reach = abs(observed * self.deals - self._total)
        return sum(
            ways for value, ways in self.ways.items() if abs(value * self.deals - self._total) >= reach
        )

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
        most = min(self.tail(end, alternative, two_sided) for end in (min(self.ways), max(self.ways)))
        return ExactTest(statistic, lopsided / self.deals, lopsided, self.deals, most)


def undefined(reason: str) -> ExactTest:
    """A test without a p, and why."""
    return ExactTest(math.nan, math.nan, 0, 0, 0, reason)


def check_option(option: str, given: str, known: tuple[str, ...]) -> None:
    """Refuse an option's value that is not known, and say which are."""
    if given not in known:
        raise ValueError(f"{option}={given!r}; expected one of {', '.join(map(repr, known))}")


@lru_cache(maxsize=1024)
def deal_sums(scores: tuple[int, ...], ties: tuple[int, ...], size: int) -> NullDistribution:
    """Draw *size* of the pooled members in every way; add up the scores drawn.

    ``scores[k]`` is held by ``ties[k]`` members. The generating function is the product of
    ``(1 + x z**score)**tied``; the coefficient of ``x**size`` is a polynomial in z. It is held as one whole
    number, a fixed number of bytes to a coefficient, so that its arithmetic is the interpreter's own.
    """
    width = _width(sum(ties))
    drawn = [1] + [0] * size
    for score, tied in zip(scores, ties, strict=True):
        shift = score * width
        drawn = [
            sum((drawn[n - j] * math.comb(tied, j)) << (j * shift) for j in range(min(n, tied) + 1))
            for n in range(size + 1)
        ]
    return _unpack(drawn[size], width)


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
    ways = {0: 1}
    for distribution, weight in zip(distributions, weights, strict=True):
        if len(ways) * len(distribution.ways) > MOST_STEPS:
            raise TooManyDealsError
        found: dict[int, int] = {}
        for sofar, a in ways.items():
            for value, b in distribution.ways.items():
                at = sofar + weight * value
                found[at] = found.get(at, 0) + a * b
        ways = found
    return NullDistribution(ways)


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
