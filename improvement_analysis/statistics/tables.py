"""Several groups: exact tests over every table with the margins at hand."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, TypeAlias

from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.deals import (
    MOST_STEPS,
    Alternative,
    ExactTest,
    NullDistribution,
    TooManyDealsError,
    TwoSided,
    arrangements,
    count_deal_steps,
    deal_tables,
    judge_drawn,
    undefined,
)
from improvement_analysis.statistics.drawn import DRAWN, draw_tables, start
from improvement_analysis.statistics.permutation import count_beyond
from improvement_analysis.statistics.ranks import (
    Grades,
    Table,
    doubled_midranks,
    pairs_of,
    pooled,
    tabulate,
    why_untestable,
)

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Groups", "fisher_freeman_halton", "jonckheere", "kruskal_exact"]

#: By how much the steps are counted too many before they are taken.
_OVERCOUNTED = 5

#: Groups of grades; where they are named, only the order of the mapping is used.
Groups: TypeAlias = Sequence[Grades] | Mapping[str, Grades]


def fisher_freeman_halton(groups: Groups, *, scale: Scale = OFSTED) -> ExactTest:
    """Exact test of whether grades go with groups, in whatever way (Fisher-Freeman-Halton).

    A deal is at least as lopsided as the one seen if its table is no more probable. The order of the grades
    plays no part.

    Parameters
    ----------
    groups
        Two groups or more, each of grade codes of *scale* or of plain numbers. Empty ones say nothing.

    Returns
    -------
    ExactTest
        ``statistic`` is the probability of the table seen. p is NaN, with the reason, where fewer than two
        groups hold a grade or all grades are equal. Where the sizes say that the tables are too many to
        enumerate, they are drawn: ``method`` is ``"monte carlo"``, and ``error`` tells how far p is sure.

    Notes
    -----
    Freeman and Halton (1951); R's ``fisher.test``. SciPy's ``fisher_exact`` beyond 2 x 2 draws at random.

    Examples
    --------
    >>> found = fisher_freeman_halton([["I", "I"], ["RI", "RI"], ["I", "RI"]])
    >>> found.deals_at_least_as_lopsided, found.deals
    (54, 90)
    """
    table = _held(groups, scale)
    if reason := why_untestable(table):
        return undefined(reason)
    ties, sizes = sorted(pooled(table)), tuple(map(sum, table))
    seen = math.prod(arrangements(column) for column in zip(*table, strict=True))
    try:
        ways = _enumerate(
            ties, sizes, lambda _k, parts, _room: arrangements(parts), combine=operator.mul, begin=1
        )
    except TooManyDealsError:
        return _drawn(sorted(table), seen / arrangements(sizes), _improbability)
    return NullDistribution(ways).judge(seen, seen / arrangements(sizes), "less")


def kruskal_exact(groups: Groups, *, scale: Scale = OFSTED) -> ExactTest:
    """Exact Kruskal-Wallis test, conditional on the ties.

    A deal is at least as lopsided as the one seen if its H is at least as large.

    Parameters
    ----------
    groups
        As in :func:`fisher_freeman_halton`.

    Returns
    -------
    ExactTest
        ``statistic`` is H, corrected for ties. Undefined as in :func:`fisher_freeman_halton`.

    Notes
    -----
    Kruskal and Wallis (1952), mid-ranks; R's ``kSamples::qn.test(test="KW", method="exact")``.

    Examples
    --------
    >>> found = kruskal_exact([["I", "I"], ["RI", "RI"], ["I", "RI"]])
    >>> found.deals_at_least_as_lopsided, found.deals, round(found.statistic, 3)
    (54, 90, 3.333)
    """
    table = _held(groups, scale)
    if reason := why_untestable(table):
        return undefined(reason)
    ties, sizes = pooled(table), tuple(map(sum, table))
    ranks = doubled_midranks(ties)
    common = math.lcm(*sizes)
    rarest_first = sorted(range(len(ties)), key=ties.__getitem__)
    bits = (2 * sum(ties) ** 2).bit_length()

    def side_by_side(parts: Sequence[int]) -> int:
        return sum(part << (bits * i) for i, part in enumerate(parts))

    def gain(k: int, parts: tuple[int, ...], _room: object) -> int:
        return ranks[rarest_first[k]] * side_by_side(parts)

    def spread(sums: int) -> int:
        each = ((sums >> (bits * i)) & ((1 << bits) - 1) for i in range(len(sizes)))
        return sum(total**2 * (common // size) for total, size in zip(each, sizes, strict=True))

    columns = zip(ranks, zip(*table, strict=True), strict=True)
    seen = spread(sum(rank * side_by_side(column) for rank, column in columns))
    try:
        reached = _enumerate([ties[k] for k in rarest_first], sizes, gain)
    except TooManyDealsError:
        return _drawn(sorted(table), _h(Fraction(seen, common), ties), _spread_of_ranks)
    ways: dict[int, int] = {}
    for sums, deals in reached.items():
        ways[spread(sums)] = ways.get(spread(sums), 0) + deals
    return NullDistribution(ways).judge(seen, _h(Fraction(seen, common), ties), "greater")


def _h(spread: Fraction, ties: Sequence[int]) -> float:
    """Kruskal and Wallis's H from the sum of squared doubled rank sums over sizes, corrected for ties."""
    n = sum(ties)
    correction = 1 - Fraction(sum(tied**3 - tied for tied in ties), n**3 - n)
    return float((3 * spread / (n * (n + 1)) - 3 * (n + 1)) / correction)


def jonckheere(
    groups: Groups,
    *,
    alternative: Alternative = "two-sided",
    two_sided: TwoSided = "distance",
    scale: Scale = OFSTED,
) -> ExactTest:
    """Exact Jonckheere-Terpstra test for grades that rise or fall along a declared order of groups.

    Parameters
    ----------
    groups
        Two groups or more, in an order fixed before the grades were seen.
    alternative
        ``"greater"``: grades rise along the order; ``"less"``: they fall.
    two_sided
        As in :func:`wmw_exact`.

    Returns
    -------
    ExactTest
        ``statistic`` is J, the pairings in which the later group is higher, equal ones counting half.
        Undefined as in :func:`fisher_freeman_halton`.

    Notes
    -----
    Jonckheere (1954), Terpstra (1952), mid-ranks; one-sided it is R's
    ``kSamples::jt.test(method="exact")``. Of two groups it is :func:`wmw_exact` of the second against the
    first.

    Examples
    --------
    >>> found = jonckheere([["I", "I"], ["I", "RI"], ["RI", "G"]], alternative="greater")
    >>> found.statistic, found.deals_at_least_as_lopsided, found.deals
    (10.5, 6, 90)
    """
    table = _held(groups, scale)
    if reason := why_untestable(table):
        return undefined(reason)
    ties, sizes = pooled(table), tuple(map(sum, table))

    def gain(_k: int, parts: tuple[int, ...], room: tuple[int, ...]) -> int:
        twice = lower = equal = 0
        for part, left, size in zip(parts, room, sizes, strict=True):
            twice += part * (2 * lower + equal)
            lower, equal = lower + size - left, equal + part
        return twice

    later_first = [pairs_of(b, a) for i, a in enumerate(table) for b in table[i + 1 :]]
    seen = sum(2 * pair.better + pair.equal for pair in later_first)
    try:
        ways = _enumerate(ties, sizes, gain)
    except TooManyDealsError:
        return _drawn(table, seen / 2, _rise, alternative, two_sided)
    return NullDistribution(ways).judge(seen, seen / 2, alternative, two_sided)


def _enumerate(
    ties: Sequence[int],
    sizes: tuple[int, ...],
    gain: Callable[[int, tuple[int, ...], tuple[int, ...]], int],
    *,
    combine: Callable[[int, int], int] = operator.add,
    begin: int = 0,
) -> dict[int, int]:
    """:func:`deal_tables`, unless the sizes say beforehand that it would take too long."""
    if count_deal_steps(ties, sizes) > _OVERCOUNTED * MOST_STEPS:
        raise TooManyDealsError
    return deal_tables(ties, sizes, gain, combine=combine, start=begin)


def _drawn(
    table: Table | list[tuple[int, ...]],
    statistic: float,
    measure: Callable[[np.ndarray], np.ndarray],
    alternative: Alternative = "greater",
    two_sided: TwoSided = "distance",
) -> ExactTest:
    """Judge by tables that were drawn; *measure* says how lopsided each is, less its expectation."""
    import numpy as np

    here = np.array([table], dtype=float)
    drawn = draw_tables([sum(row) for row in table], pooled(tuple(table)), start())
    values = measure(np.concatenate([drawn, here]))
    values = np.round(values / (np.abs(values).max() or 1), 9)
    return judge_drawn(count_beyond(values[:-1], values[-1], alternative, two_sided), DRAWN, statistic)


def _improbability(tables: np.ndarray) -> np.ndarray:
    """Minus the logarithm of each table's probability, up to a constant."""
    from scipy.special import gammaln

    logarithms: np.ndarray = gammaln(tables + 1).sum(axis=(1, 2))
    return logarithms


def _spread_of_ranks(tables: np.ndarray) -> np.ndarray:
    """Kruskal and Wallis's statistic, up to a constant."""
    import numpy as np

    ties = tables[0].sum(axis=0).astype(int).tolist()
    ranks = np.array(doubled_midranks(ties)) - sum(ties) - 1
    squares: np.ndarray = ((tables @ ranks) ** 2 / tables[0].sum(axis=1)).sum(axis=1)
    return squares


def _rise(tables: np.ndarray) -> np.ndarray:
    """Jonckheere and Terpstra's statistic, doubled, less its expectation."""
    import numpy as np

    earlier = np.cumsum(tables, axis=1) - tables
    lower = np.cumsum(earlier, axis=2) - earlier
    sizes = tables[0].sum(axis=1)
    expected = (sizes.sum() ** 2 - (sizes**2).sum()) / 2
    risen: np.ndarray = (tables * (2 * lower + earlier)).sum(axis=(1, 2)) - expected
    return risen


def _held(groups: Groups, scale: Scale) -> Table:
    """The table of the groups that hold any grade."""
    listed = list(groups.values()) if isinstance(groups, Mapping) else list(groups)
    return tuple(row for row in tabulate(*listed, scale=scale) if any(row))
