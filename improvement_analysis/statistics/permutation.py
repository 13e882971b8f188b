"""Two groups: the exact Wilcoxon-Mann-Whitney test, alone and within strata."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.deals import (
    MOST_JOINED,
    Alternative,
    ExactTest,
    NullDistribution,
    TooManyDealsError,
    TwoSided,
    check_option,
    convolve,
    deal_sums,
    judge_drawn,
    pack_bytes,
    undefined,
)
from improvement_analysis.statistics.drawn import DRAWN, draw_tables, start
from improvement_analysis.statistics.ranks import (
    Grades,
    Pairs,
    Table,
    doubled_midranks,
    pairs_of,
    pooled,
    tabulate,
    why_untestable,
)
from improvement_analysis.statistics.tails import count_steps, judge_by_table

if TYPE_CHECKING:
    import numpy as np

__all__ = ["VanElteren", "min_attainable_p", "van_elteren", "wmw_exact"]

#: Said of an enumeration that was given up.
TOO_MANY = "too many deals to enumerate exactly"

NO_PAIRS = Pairs(0, 0, 0)

#: Seconds after which deals are drawn, so far as the sizes tell them.
MOST_SECONDS = 5.0

#: Tables after which they are, as they would take up too much memory.
MOST_TABLES = 3_000_000

#: Bytes of an enumeration in a second; seconds of a step through tables, and more of it for each member.
_BYTES, _STEP, _STEP_OF_MEMBER = 6e9, 1e-6, 0.7e-9


def wmw_exact(
    a: Grades,
    b: Grades,
    *,
    alternative: Alternative = "two-sided",
    two_sided: TwoSided = "distance",
    scale: Scale = OFSTED,
) -> ExactTest:
    """Exact Wilcoxon-Mann-Whitney test, conditional on the ties.

    Of all ways to deal these grades into two groups of these sizes, how many are at least as lopsided as
    the one seen?

    Parameters
    ----------
    a, b
        Grade codes of *scale* (a split lies between its neighbours), or plain numbers.
    alternative
        ``"greater"``: only deals that favour A as much count; ``"less"``: only those that favour B.
    two_sided
        ``"distance"``: rank sums at least as far from their expectation, on either side. ``"doubled"``:
        twice the smaller one-sided p, at most 1. With ties the two differ.

    Returns
    -------
    ExactTest
        ``statistic`` is U: pairings in which A is higher, equal ones counting half. p is NaN, with the
        reason, where a group is empty or all grades are equal.

    Raises
    ------
    GradeError
        For anything that is not a grade, a missing one included.

    Notes
    -----
    Bergmann, Ludbrook and Spooren (2000) show how packages differ here. By distance it is R's
    ``coin::wilcox_test(distribution="exact")`` and ``exactRankTests::wilcox.exact``.

    Examples
    --------
    >>> found = wmw_exact(["RI", "RI", "G"], ["I", "I", "I", "RI", "RI", "RI"])
    >>> found.deals_at_least_as_lopsided, found.deals, round(found.p, 3)
    (11, 84, 0.131)
    >>> wmw_exact(["RI", "RI"], ["RI"]).reason
    'all grades are equal'
    """
    check_option("alternative", alternative, ("two-sided", "greater", "less"))
    check_option("two_sided", two_sided, ("distance", "doubled"))
    table = tabulate(a, b, scale=scale)
    if reason := why_untestable(table):
        return undefined(reason)
    return replace(_judge_two(table, alternative, two_sided), statistic=_u(table))


@lru_cache(maxsize=512)
def _judge_two(table: Table, alternative: Alternative, two_sided: TwoSided) -> ExactTest:
    """Two groups by whichever way the sizes alone say is the quickest."""
    if sum(table[0]) > sum(table[1]):
        turned: Mapping[Alternative, Alternative] = {"greater": "less", "less": "greater"}
        return _judge_two((table[1], table[0]), turned.get(alternative, alternative), two_sided)
    ties, size = pooled(table), sum(table[0])
    enumerated = pack_bytes(ties, size) / _BYTES
    steps = count_steps(ties, size)
    by_table = steps * (_STEP + _STEP_OF_MEMBER * sum(ties)) if steps <= MOST_TABLES else math.inf
    if min(enumerated, by_table) > MOST_SECONDS:
        return _draw([table], alternative, two_sided)
    if by_table < enumerated:
        return judge_by_table(table, 0.0, alternative, two_sided)
    return rank_sums(table).judge(rank_sum(table), 0.0, alternative, two_sided)


def _draw(tables: Sequence[Table], alternative: Alternative, two_sided: TwoSided) -> ExactTest:
    """Strata dealt at random, in an order, and with a first group, that only the grades decide."""
    import numpy as np

    swapped = sorted(table[::-1] for table in tables)
    turn = -1 if swapped < sorted(tables) else 1
    random = start()
    drawn, seen = np.zeros(DRAWN), 0.0
    for table in min(swapped, sorted(tables)):
        ties, n = pooled(table), sum(map(sum, table))
        worth = np.array([(rank - n - 1) / (n + 1) for rank in doubled_midranks(ties)])
        drawn += draw_tables([sum(row) for row in table], ties, random)[:, 0, :] @ worth
        seen += float(np.array(table[0]) @ worth)
    values = turn * np.round(np.append(drawn, seen), 9)
    return judge_drawn(count_beyond(values[:-1], values[-1], alternative, two_sided), DRAWN, 0.0)


def count_beyond(values: np.ndarray, seen: float, alternative: Alternative, two_sided: TwoSided) -> int:
    """How many drawn values, less their expectation, are at least as lopsided."""
    import numpy as np

    above, below = int(np.count_nonzero(values >= seen)), int(np.count_nonzero(values <= seen))
    if alternative != "two-sided":
        return above if alternative == "greater" else below
    if two_sided == "doubled":
        return min(len(values), 2 * min(above, below) + 1)
    return int(np.count_nonzero(np.abs(values) >= abs(seen)))


def rank_sums(table: Table) -> NullDistribution:
    """Twice the rank sum of the first row over all deals."""
    ties = pooled(table)
    return deal_sums(tuple(doubled_midranks(ties)), ties, sum(table[0]))


def rank_sum(table: Table) -> int:
    """Twice the rank sum of the first row."""
    return sum(rank * held for rank, held in zip(doubled_midranks(pooled(table)), table[0], strict=True))


def _u(table: Table) -> float:
    seen = pairs_of(*table)
    return seen.better + seen.equal / 2


def min_attainable_p(
    a: Grades,
    b: Grades,
    *,
    alternative: Alternative = "two-sided",
    two_sided: TwoSided = "distance",
    scale: Scale = OFSTED,
) -> float:
    """The smallest p that :func:`wmw_exact` could give for these grades in groups of these sizes.

    It depends on the pooled grades and the sizes alone, not on who holds what. NaN where the test is
    undefined.

    Examples
    --------
    Three against six without ties reach 2 of 84 at best; with many ties less is in reach:

    >>> round(min_attainable_p([7, 8, 9], [1, 2, 3, 4, 5, 6]), 3)
    0.024
    >>> round(min_attainable_p(["I", "RI", "RI"], ["RI"] * 6), 3)
    0.333
    """
    return wmw_exact(a, b, alternative=alternative, two_sided=two_sided, scale=scale).p_min


@dataclass(frozen=True)
class VanElteren(ExactTest):
    """What a stratified comparison of two groups found.

    Attributes
    ----------
    prob_superiority : float
        Mean of the strata's probabilities of superiority, weighted by a_s b_s / (N_s + 1); NaN where no
        stratum holds both groups.
    pairs : Pairs
        Pairings within strata, added up.
    superiority_by_stratum : tuple of (name, float)
        That probability within each stratum used.
    strata_used, strata_dropped : tuple of str
        Strata that hold both groups, and those that do not and so say nothing.
    """

    prob_superiority: float = math.nan
    pairs: Pairs = NO_PAIRS
    superiority_by_stratum: tuple[tuple[str, float], ...] = ()
    strata_used: tuple[str, ...] = ()
    strata_dropped: tuple[str, ...] = ()


def van_elteren(
    strata: Mapping[str, Sequence[Grades]] | Iterable[Sequence[Grades]],
    *,
    alternative: Alternative = "two-sided",
    two_sided: TwoSided = "distance",
    scale: Scale = OFSTED,
) -> VanElteren:
    """Exact stratified Wilcoxon-Mann-Whitney test after van Elteren.

    Grades are ranked within their stratum and dealt anew within their stratum; the statistic is the sum of
    the strata's rank sums, each weighted by 1 / (N_s + 1).

    Parameters
    ----------
    strata
        Stratum -> (grades of A, grades of B); a plain sequence of such pairs is numbered from 1.
    alternative, two_sided
        As in :func:`wmw_exact`.

    Returns
    -------
    VanElteren
        ``statistic`` is the weighted sum of the strata's U. A stratum that holds one group only, or none,
        drops out and is listed; with none left, or no variation in any, p is NaN with the reason.

    Notes
    -----
    van Elteren (1960). Not R's ``coin::wilcox_test(y ~ group | block)``, which ranks over all blocks
    together. With one stratum it is :func:`wmw_exact`.

    Examples
    --------
    >>> found = van_elteren({"Safeguarding": (["RI", "G"], ["I", "RI"]), "Care Leaving": (["RI"], ["RI"])})
    >>> found.deals_at_least_as_lopsided, found.deals, found.prob_superiority
    (8, 12, 0.7647058823529412)
    """
    named = strata if isinstance(strata, Mapping) else {str(i): s for i, s in enumerate(strata, 1)}
    tables = {name: tabulate(*groups, scale=scale) for name, groups in named.items()}
    used = {name: table for name, table in tables.items() if all(map(any, table))}
    seen = {name: pairs_of(*table) for name, table in used.items()}
    u, most = weighed_pairs(used.values())
    test = stratified_test(list(used.values()), u, alternative, two_sided)
    return VanElteren(
        **vars(test),
        prob_superiority=u / most if used else math.nan,
        pairs=sum(seen.values(), NO_PAIRS),
        superiority_by_stratum=tuple((name, float(p.superiority or 0)) for name, p in seen.items()),
        strata_used=tuple(used),
        strata_dropped=tuple(name for name in tables if name not in used),
    )


def weighed_pairs(tables: Iterable[Table]) -> tuple[float, float]:
    """Pairings in which A is higher, and all pairings, each stratum's weighted by 1 / (N_s + 1)."""
    u = most = 0.0
    for table in tables:
        seen, weight = pairs_of(*table), 1 / (sum(map(sum, table)) + 1)
        u += weight * (seen.better + seen.equal / 2)
        most += weight * seen.total
    return u, most


def why_untold(distinct: Sequence[int]) -> str:
    """Why strata of both groups, with so many distinct grades each, tell nothing; empty if they might."""
    if not distinct:
        return "no stratum holds both groups"
    if max(distinct) > 1:
        return ""
    return "all grades are equal" if len(distinct) == 1 else "all grades are equal in every stratum"


def whole_weights(sizes: Iterable[int]) -> list[int]:
    """The strata's weights 1 / (N_s + 1), over their common denominator."""
    above = [size + 1 for size in sizes]
    return [math.lcm(*above) // each for each in above]


def stratified_test(
    tables: Sequence[Table], statistic: float, alternative: Alternative, two_sided: TwoSided
) -> ExactTest:
    """Convolve the strata's rank sums, over the common denominator of their weights."""
    if reason := why_untold([len(table[0]) for table in tables]):
        return undefined(reason)
    if len(tables) == 1:
        return replace(_judge_two(tables[0], alternative, two_sided), statistic=statistic)
    if not can_convolve([(pooled(table), sum(table[0])) for table in tables]):
        return replace(_draw(tables, alternative, two_sided), statistic=statistic)
    weights = whole_weights(sum(pooled(table)) for table in tables)
    observed = sum(w * rank_sum(table) for w, table in zip(weights, tables, strict=True))
    try:
        distribution = convolve(map(rank_sums, tables), weights)
    except TooManyDealsError:
        return replace(_draw(tables, alternative, two_sided), statistic=statistic)
    test = distribution.judge(observed, statistic, alternative, two_sided)
    return replace(test, method="convolution")


def null_of(tables: Sequence[Table]) -> NullDistribution | None:
    """The distribution of the weighted rank sums, in whole units; None where sizes say it is too large."""
    if not can_convolve([(pooled(table), sum(table[0])) for table in tables]):
        return None
    try:
        return convolve(map(rank_sums, tables), whole_weights(sum(pooled(table)) for table in tables))
    except TooManyDealsError:
        return None


def can_convolve(strata: Sequence[tuple[Sequence[int], int]]) -> bool:
    """Whether the strata's distributions can be had and joined in seconds; from ties and sizes alone."""
    if sum(pack_bytes(ties, min(size, sum(ties) - size)) for ties, size in strata) / _BYTES > MOST_SECONDS:
        return False
    weights = whole_weights(sum(ties) for ties, _ in strata)
    halves = [(1, 0), (1, 0)]
    steps = 0
    values = []
    for (ties, size), weight in zip(strata, weights, strict=True):
        width = 2 * size * (sum(ties) - size)
        tables = math.prod(min(tied, size) + 1 for tied in sorted(ties)[:-1])
        values.append((min(width + 1, tables), width * weight))
    for many, width in sorted(values, reverse=True):
        halves.sort()
        steps += halves[0][0] * many
        reach = halves[0][1] + width
        halves[0] = min(halves[0][0] * many, reach + 1), reach
    return steps <= MOST_JOINED
