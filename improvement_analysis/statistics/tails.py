"""Two groups by table: the deals at least as lopsided, without the distribution of all of them.

A deal is a table: how many of each grade go to the first group. Given all but two of the numbers, the rank
sum rises with one of them, so the tables beyond a line are a run of them, and sums over runs are kept ready.
That leaves a grade less to go through than there are tables: hundreds of teams take well under a second.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Sequence
from itertools import accumulate

from improvement_analysis.statistics.deals import Alternative, ExactTest, TwoSided
from improvement_analysis.statistics.ranks import doubled_midranks

__all__ = ["count_steps", "judge_by_table"]


def count_steps(ties: Sequence[int], size: int) -> int:
    """How many steps :func:`judge_by_table` takes at the most, so that another way may be chosen before."""
    one, _, rest = _split(ties)
    return math.prod(min(ties[k], size) + 1 for k in rest) + (size + 1) * (min(ties[one], size) + 1)


def _split(ties: Sequence[int]) -> tuple[int, int, list[int]]:
    """The two grades that most hold, the lower first, and the others."""
    most = sorted(sorted(range(len(ties)), key=lambda k: -ties[k])[:2])
    return most[0], most[1], [k for k in range(len(ties)) if k not in most]


def judge_by_table(
    table: Sequence[Sequence[int]], statistic: float, alternative: Alternative, two_sided: TwoSided
) -> ExactTest:
    """The test of :func:`wmw_exact` for two rows of a table; at least two grades are held."""
    ties = [sum(column) for column in zip(*table, strict=True)]
    ranks, size = doubled_midranks(ties), sum(table[0])
    seen = sum(rank * held for rank, held in zip(ranks, table[0], strict=True))
    middle = size * (sum(ties) + 1)
    deals = math.comb(sum(ties), size)
    low, high = (seen, seen)
    if alternative == "two-sided" and two_sided == "distance":
        low, high = middle - abs(seen - middle), middle + abs(seen - middle)
    at_most, at_least = _count_beyond(ties, ranks, size, low, high)
    if alternative == "greater":
        lopsided = at_least
    elif alternative == "less":
        lopsided = at_most
    elif two_sided == "doubled":
        lopsided = min(deals, 2 * min(at_most, at_least))
    else:
        lopsided = deals if seen == middle else at_most + at_least
    most = _most_lopsided(ties, ranks, size, alternative, two_sided)
    return ExactTest(statistic, lopsided / deals, lopsided, deals, min(most, deals), method="table")


def _most_lopsided(
    ties: Sequence[int], ranks: Sequence[int], size: int, alternative: Alternative, two_sided: TwoSided
) -> int:
    """Deals at least as lopsided as the most lopsided one: all the lowest grades, or all the highest."""
    (lowest, ways_low), (highest, ways_high) = (
        _fill(ties, ranks, size, order) for order in (range(len(ties)), range(len(ties) - 1, -1, -1))
    )
    if alternative != "two-sided":
        return ways_high if alternative == "greater" else ways_low
    if two_sided == "doubled":
        return 2 * min(ways_low, ways_high)
    below, above = size * (sum(ties) + 1) - lowest, highest - size * (sum(ties) + 1)
    return ways_low * (below >= above) + ways_high * (above >= below)


def _fill(ties: Sequence[int], ranks: Sequence[int], size: int, order: Sequence[int]) -> tuple[int, int]:
    """Rank sum and deals of the table that takes the grades in this order until the group is full."""
    total, ways = 0, 1
    for k in order:
        part = min(size, ties[k])
        total, ways, size = total + part * ranks[k], ways * math.comb(ties[k], part), size - part
    return total, ways


def _count_beyond(
    ties: Sequence[int], ranks: Sequence[int], size: int, low: int, high: int
) -> tuple[int, int]:
    """Deals with a rank sum of *low* or less, and those with *high* or more."""
    one, other, rest = _split(ties)
    choices = [_choose(tied, size) for tied in ties]
    step, at_most, at_least = ranks[other] - ranks[one], 0, 0
    for used, totals in _begin(rest, ranks, choices, size).items():
        left = size - used
        first, last = max(0, left - ties[one]), min(ties[other], left)
        if first > last:
            continue
        lower = choices[one][left - last : left - first + 1]
        runs = [0, *accumulate(map(operator.mul, choices[other][first : last + 1], reversed(lower)))]
        most = last - first + 1
        for total, ways in totals.items():
            base = total + left * ranks[one]
            below = min(max((low - base) // step - first + 1, 0), most)
            above = min(max(-((base - high) // step) - first, 0), most)
            at_most += ways * runs[below]
            at_least += ways * (runs[-1] - runs[above])
    return at_most, at_least


def _choose(tied: int, most: int) -> list[int]:
    """The ways to choose 0, 1, 2 and so on of so many."""
    ways = [1]
    for part in range(min(tied, most)):
        ways.append(ways[-1] * (tied - part) // (part + 1))
    return ways


def _begin(
    grades: Sequence[int], ranks: Sequence[int], choices: Sequence[Sequence[int]], size: int
) -> dict[int, dict[int, int]]:
    """Deal some of the grades: members used -> rank sum -> deals."""
    begun: dict[int, dict[int, int]] = {0: {0: 1}}
    for k in grades:
        after: dict[int, dict[int, int]] = {}
        for used, totals in begun.items():
            for part, ways in enumerate(choices[k][: size - used + 1]):
                reached = after.setdefault(used + part, {})
                for total, n in totals.items():
                    at = total + part * ranks[k]
                    reached[at] = reached.get(at, 0) + n * ways
        begun = after
    return begun
