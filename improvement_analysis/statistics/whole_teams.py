"""Whole teams dealt anew among groups: every domain's deals from one shuffle of the teams.

A team keeps its grades in all domains when it changes places, so domains that go together stay together. That
is what step-down min-P needs (Westfall and Young 1993): how often, over all deals, the smallest p of several
tests is as small as one seen. Deals are gone through where they can be, otherwise drawn with a fixed seed;
which of the two is settled by the sizes alone, before any grade is looked at.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import TYPE_CHECKING, TypeAlias

from improvement_analysis.statistics.deals import NullDistribution, TwoSided, arrangements, convolved
from improvement_analysis.statistics.drawn import SEED, interval_of_share
from improvement_analysis.statistics.ranks import doubled_midranks

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "MOST_DEALS",
    "Dealt",
    "Linked",
    "Shuffle",
    "Tails",
    "TestName",
    "common_unit",
    "count_tails",
    "look_up_tails",
    "spread_of",
    "step_down",
    "worth_of",
]

#: The group that a test sets against the others, None where it sets all groups apart; and the domain's place.
TestName: TypeAlias = tuple[int | None, int]

#: Deals of whole teams that are gone through one by one; beyond, they are drawn.
MOST_DEALS = 100_000

#: Deals drawn where they are not gone through, and fewer where teams are many, so that no more than so many
#: teams are placed; the teams as they are count as one deal more.
DRAWN, LEAST_DRAWN, MOST_PLACED = 19_999, 1_999, 10_000_000

#: What a p of 1 is where deals are drawn, and what of it rounding may take.
UNIT, _SLACK = 2**30, 2

#: Numbers below which sums of floats are exact.
_EXACT = 2**52


@dataclass(frozen=True, eq=False)
class Dealt:
    """What every group's teams are worth in the deals of a shuffle; deals that agree in it stand once.

    Attributes
    ----------
    sums : dict
        Group -> an array, a value for each kind of deal.
    times : array of int
        How many deals are of each kind.
    places : array of int
        Of each deal its kind.
    """

    sums: dict[int, np.ndarray]
    times: np.ndarray
    places: np.ndarray


def _tell_apart(columns: Sequence[np.ndarray]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Of rows given by columns: where each kind stands first, the kind of each row, and how many are alike.

    The last column follows from the others, as all sums add up to nothing.
    """
    import numpy as np

    code = np.zeros(len(columns[0]), dtype=np.int64)
    for column in columns[:-1]:
        _, known = np.unique(column, return_inverse=True)
        _, code = np.unique(code * (int(known.max()) + 1) + known, return_inverse=True)
    _, first, place, alike = np.unique(code, return_index=True, return_inverse=True, return_counts=True)
    return first, place, alike


@dataclass(frozen=True)
class Shuffle:
    """Teams within strata and the group of each: what is dealt anew.

    Attributes
    ----------
    groups : tuple of tuple of int
        For each stratum the group of each team, from 0. Strata that hold one group only belong elsewhere.
    """

    groups: tuple[tuple[int, ...], ...]

    @cached_property
    def deals(self) -> int:
        """All deals."""
        return math.prod(arrangements(map(here.count, sorted(set(here)))) for here in self.groups)

    @property
    def is_counted(self) -> bool:
        """Whether the deals are gone through one by one; otherwise they are drawn."""
        return self.deals <= MOST_DEALS

    @property
    def rows(self) -> int:
        """How many deals are held: all, or those drawn and the teams as they are."""
        if self.is_counted:
            return self.deals
        return 1 + max(LEAST_DRAWN, min(DRAWN, MOST_PLACED // sum(map(len, self.groups))))

    @cached_property
    def _places(self) -> list[np.ndarray]:
        """For each stratum, a row per deal: the group of each team."""
        import numpy as np

        if self.is_counted:
            return [_places_counted(here) for here in self.groups]
        random = np.random.default_rng(SEED)
        drawn = []
        for here in self.groups:
            teams = np.arange(len(here), dtype=np.int16)
            rows = np.tile(teams, (self.rows - 1, 1))
            drawn.append(np.vstack([teams, random.permuted(rows, axis=1)]))
        return drawn

    def sums(self, worth: Sequence[Sequence[float]]) -> Dealt:
        """For every group, what its teams are worth together in each deal."""
        import numpy as np

        parts = [
            self._sums_of(here, places, np.asarray(values, dtype=float))
            for here, places, values in zip(self.groups, self._places, worth, strict=True)
        ]
        names = sorted(set().union(*parts))
        if not self.is_counted:
            totals = {name: np.add.reduce([part[name] for part in parts if name in part]) for name in names}
            return Dealt(totals, np.ones(self.rows, dtype=np.int64), np.arange(self.rows))
        totals = {name: np.zeros(1) for name in names}
        times, places = np.ones(1, dtype=np.int64), np.zeros(1, dtype=np.int64)
        for part in parts:
            first, place, alike = _tell_apart(list(part.values()))
            for name in names:
                more = part[name][first] if name in part else np.zeros(len(first))
                totals[name] = np.add.outer(totals[name], more).ravel()
            times = np.multiply.outer(times, alike).ravel()
            places = np.add.outer(places * len(first), place).ravel()
        return Dealt(totals, times, places)

    def _sums_of(self, here: Sequence[int], places: np.ndarray, worth: np.ndarray) -> dict[int, np.ndarray]:
        """In one stratum: counted deals hold the group of each team, drawn ones the team of each place."""
        import numpy as np

        names = sorted(set(here))
        if self.is_counted:
            return {name: (places == name) @ worth for name in names}
        order = np.argsort(here, kind="stable")
        starts = np.searchsorted(np.array(here)[order], names)
        step = max(1, 2_000_000 // len(here))
        dealt = [
            np.add.reduceat(worth[places[i : i + step][:, order]], starts, axis=1)
            for i in range(0, len(places), step)
        ]
        return dict(zip(names, np.concatenate(dealt).T, strict=True))

    def seen(self, worth: Sequence[Sequence[float]], group: int) -> float:
        """What the teams of a group are worth as they are."""
        return sum(
            value
            for here, values in zip(self.groups, worth, strict=True)
            for place, value in zip(here, values, strict=True)
            if place == group
        )


@lru_cache(maxsize=64)
def _places_counted(groups: tuple[int, ...]) -> np.ndarray:
    """Every way to deal the members of groups of these sizes over the places, a row each."""
    import numpy as np

    places = np.full((1, len(groups)), -1, dtype=np.int16)
    rest = np.arange(len(groups))[None, :]
    for group in sorted(set(groups)):
        size = groups.count(group)
        chosen = np.array(list(combinations(range(rest.shape[1]), size))).reshape(-1, size)
        taken = rest[:, chosen].reshape(-1, size)
        left = np.ones((len(chosen), rest.shape[1]), dtype=bool)
        np.put_along_axis(left, chosen, False, axis=1)
        places = np.repeat(places, len(chosen), axis=0)
        np.put_along_axis(places, taken, group, axis=1)
        keep = np.nonzero(left)[1].reshape(len(chosen), -1)
        rest = rest[:, keep].reshape(len(places), -1)
    return places


def common_unit(sizes: Sequence[int]) -> int:
    """By what weights 1 / (N_s + 1) are made whole; 1 where that would be too large for floats."""
    above = [size + 1 for size in sizes]
    common = math.lcm(*above)
    return common if common * max(above) * sum(above) < _EXACT else 1


def worth_of(grades: Sequence[Sequence[int]]) -> list[list[float]]:
    """Every team's weighted doubled mid-rank within its stratum, as van Elteren's test adds them up."""
    above = [len(here) + 1 for here in grades]
    common = common_unit([len(here) for here in grades])
    whole = common > 1
    every = []
    for here, size in zip(grades, above, strict=True):
        levels = sorted(set(here))
        ranks = dict(zip(levels, doubled_midranks([here.count(level) for level in levels]), strict=True))
        weight = common // size if whole else 1 / size
        every.append([float(weight * (ranks[grade] - size)) for grade in here])
    return every


def spread_of(
    shuffle: Shuffle, worth: Sequence[Sequence[float]], sums: Mapping[int, np.ndarray]
) -> tuple[np.ndarray, float]:
    """How far apart all groups lie, in every kind of deal and as they are.

    The groups' sums, less their expectation, weighed by the inverse of their covariance over all deals: the
    row mean scores statistic of Cochran, Mantel and Haenszel with van Elteren's scores. Of two groups it is
    the square of van Elteren's statistic, up to a factor.
    """
    import numpy as np

    names = sorted(set().union(*shuffle.groups))
    covariance = np.zeros((len(names), len(names)))
    for here, values in zip(shuffle.groups, worth, strict=True):
        sizes, n = np.array([here.count(name) for name in names], dtype=float), len(here)
        square = sum(value**2 for value in values) / (n * (n - 1))
        covariance += square * (n * np.diag(sizes) - np.outer(sizes, sizes))
    inverse = np.linalg.pinv(covariance, hermitian=True)
    dealt = np.stack([sums[name] for name in names])
    seen = np.array([shuffle.seen(worth, name) for name in names])
    return np.einsum("id,id->d", dealt, inverse @ dealt), float(seen @ inverse @ seen)


@dataclass(frozen=True, eq=False)
class Tails:
    """How far out every deal of a shuffle lies by one test.

    Attributes
    ----------
    tails : array of int
        For every deal, how many deals are at least as far out.
    seen : int
        That number for the teams as they are.
    """

    tails: np.ndarray
    seen: int

    def in_units(self, rows: int) -> Tails:
        """The same as shares of :data:`UNIT`, of so many deals."""
        return Tails(_in_units(self.tails / rows), round(self.seen / rows * UNIT))

    @cached_property
    def least(self) -> int:
        """That number for the deals furthest out."""
        return int(self.tails.min())


def count_tails(sums: np.ndarray, seen: float, two_sided: TwoSided, dealt: Dealt) -> Tails:
    """Of every deal, how many are at least as far out; *sums* are taken less their expectation.

    *sums* hold a value for each kind of deal that *dealt* tells apart. Of floats, nine digits are compared.
    """
    import numpy as np

    values = np.append(sums, seen)
    if not np.array_equal(values, np.rint(values)):
        most = np.abs(values).max()
        values = np.round(values / most, 9)
    if two_sided == "distance":
        values = np.abs(values)
    order = np.argsort(values[:-1], kind="stable")
    ordered, below = values[order], np.append(0, np.cumsum(dealt.times[order]))
    above = below[-1] - below[np.searchsorted(ordered, values, "left")]
    if two_sided == "doubled":
        lower = below[np.searchsorted(ordered, values, "right")]
        above = np.minimum(2 * np.minimum(above, lower), below[-1])
    return Tails(above[:-1].astype(np.int32)[dealt.places], int(above[-1]))


def look_up_tails(
    sums: np.ndarray, seen: float, null: NullDistribution, two_sided: TwoSided, scale: float
) -> Tails:
    """:func:`count_tails` for deals that were drawn, where the distribution of all of them is known.

    *scale* is how many of the units of *null* a unit of *sums* is.
    """
    import numpy as np

    ways = convolved(null.ways, null.also)
    middle = sum(value * n for value, n in ways.items()) // null.deals
    held = np.array([value - middle for value in sorted(ways)], dtype=float)
    share = np.array([ways[value] / null.deals for value in sorted(ways)])
    values = np.rint(np.append(sums, seen) * scale)
    above, below = np.append(np.cumsum(share[::-1])[::-1], 0.0), np.append(0.0, np.cumsum(share))
    far = np.abs(values) if two_sided == "distance" else values
    upper = above[np.searchsorted(held, far - 0.5)]
    lower = below[np.searchsorted(held, (-far if two_sided == "distance" else far) + 0.5)]
    p = upper + lower if two_sided == "distance" else 2 * np.minimum(upper, lower)
    units = _in_units(np.minimum(p, 1.0))
    return Tails(units[:-1], int(units[-1]))


def _in_units(share: np.ndarray) -> np.ndarray:
    import numpy as np

    units: np.ndarray = np.rint(share * UNIT).astype(np.int32)
    return units


@dataclass(frozen=True, eq=False)
class Linked:
    """Tests of one shuffle, by the name of each.

    Attributes
    ----------
    tests : mapping
        In deals, where all are held, else in units of :data:`UNIT`.
    rows : int
        Deals held.
    is_counted : bool
        Whether these are all deals there are.
    """

    tests: Mapping[TestName, Tails]
    rows: int
    is_counted: bool

    @property
    def unit(self) -> int:
        """What a p of 1 is."""
        return self.rows if self.is_counted else UNIT

    def reached(self, name: TestName, p: float) -> int:
        """How many deals have so small a p, or a smaller one, if every deal has another."""
        if self.is_counted:
            return math.floor(p * self.rows * (1 + 1e-12) + 1e-9)
        return _SLACK + (self.tests[name].seen if name in self.tests else round(p * UNIT))

    def share(self, many: int) -> tuple[float, float]:
        """Between what and what the share of deals lies of which *many* are held."""
        if self.is_counted:
            return many / self.rows, many / self.rows
        return interval_of_share(many, self.rows)


def step_down(blocks: Sequence[Linked], p: Mapping[TestName, float]) -> dict[TestName, tuple[float, float]]:
    """Adjusted p of every test by step-down min-P: the least and the greatest it can be.

    Parameters
    ----------
    blocks
        Tests that are dealt together. The shares of blocks are added up: whatever goes together between
        them, the chance that any holds so small a p is no more than that (Bonferroni).
    p
        Of each test the p seen.

    Returns
    -------
    dict
        Where there is one block and all its deals are held, the two are one number. Otherwise they tell the
        99 % interval of a share that was drawn, and what lies between the largest block and all added up.
    """
    import numpy as np

    order = sorted(p, key=lambda name: -p[name])
    smallest = [np.full(block.rows, UNIT, dtype=np.int32) for block in blocks]
    shares: dict[TestName, tuple[float, float]] = {}
    for name in order:
        ends = []
        for block, least in zip(blocks, smallest, strict=True):
            if name in block.tests:
                np.minimum(least, block.tests[name].tails, out=least)
            ends.append(block.share(int(np.count_nonzero(least <= block.reached(name, p[name])))))
        low = max(p[name], *(low for low, _ in ends))
        shares[name] = low, max(low, min(1.0, sum(high for _, high in ends)))
    low = high = 0.0
    adjusted = {}
    for name in reversed(order):
        low, high = max(low, shares[name][0]), max(high, shares[name][1])
        adjusted[name] = (low, high)
    return adjusted
