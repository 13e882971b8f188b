"""One team, two rounds: exact tests on what went up and what went down."""

from __future__ import annotations

from collections import Counter
from typing import Literal

from improvement_analysis.errors import GradeError
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.deals import (
    Alternative,
    ExactTest,
    check_option,
    flip_sums,
    undefined,
)
from improvement_analysis.statistics.ranks import Grades, doubled_midranks, positions

__all__ = ["sign_test", "signed_rank_exact"]


def sign_test(
    before: Grades, after: Grades, *, alternative: Alternative = "two-sided", scale: Scale = OFSTED
) -> ExactTest:
    """Exact sign test: of the teams that moved, did as many go up as down?

    Parameters
    ----------
    before, after
        One grade per team, the teams in one order.
    alternative
        ``"greater"``: higher after than before.

    Returns
    -------
    ExactTest
        ``statistic`` is the number that went up. A deal swaps before and after within teams; teams that did
        not move drop out. p is NaN, with the reason, where none moved.

    Notes
    -----
    R's ``binom.test(up, up + down)``. It uses the direction of a move only, so it suits an ordinal scale.

    Examples
    --------
    >>> found = sign_test(["I", "I", "RI", "RI"], ["RI", "RI", "RI", "G"])
    >>> found.statistic, found.deals_at_least_as_lopsided, found.deals
    (3.0, 2, 8)
    """
    moves = [(move > 0) - (move < 0) for move in _moves(before, after, scale)]
    moved = len(moves) - moves.count(0)
    if not moved:
        return undefined(NONE_MOVED)
    up = moves.count(1)
    return flip_sums([1], [moved]).judge(up, float(up), alternative)


def signed_rank_exact(
    before: Grades,
    after: Grades,
    *,
    zeros: Literal["wilcoxon", "pratt"] = "wilcoxon",
    alternative: Alternative = "two-sided",
    scale: Scale = OFSTED,
) -> ExactTest:
    """Exact Wilcoxon signed-rank test, conditional on the ties.

    Parameters
    ----------
    before, after
        One grade per team, the teams in one order.
    zeros
        Teams that did not move: ``"wilcoxon"`` drops them before ranking, ``"pratt"`` ranks them with the
        others and drops their ranks.
    alternative
        ``"greater"``: higher after than before.

    Returns
    -------
    ExactTest
        ``statistic`` is the rank sum of the moves up. A deal swaps before and after within teams. p is NaN,
        with the reason, where none moved.

    Notes
    -----
    Wilcoxon (1945), Pratt (1959); R's ``coin::wilcoxsign_test(distribution="exact")``. It takes a move of
    two grades as larger than a move of one, wherever on the scale: more than an ordinal scale says. Where
    that is in doubt, use :func:`sign_test`.

    Examples
    --------
    >>> found = signed_rank_exact(["I", "I", "RI", "G"], ["RI", "G", "RI", "RI"], zeros="pratt")
    >>> found.statistic, found.deals_at_least_as_lopsided, found.deals
    (6.5, 6, 8)
    """
    check_option("zeros", zeros, ("wilcoxon", "pratt"))
    moves = _moves(before, after, scale)
    sizes = Counter(abs(move) for move in moves if move or zeros == "pratt")
    ranks = dict(zip(sorted(sizes), doubled_midranks([sizes[s] for s in sorted(sizes)]), strict=True))
    moved = sorted(size for size in sizes if size)
    if not moved:
        return undefined(NONE_MOVED)
    up = sum(ranks[move] for move in moves if move > 0)
    distribution = flip_sums([ranks[size] for size in moved], [sizes[size] for size in moved])
    return distribution.judge(up, up / 2, alternative)


NONE_MOVED = "no grade went up or down"


def _moves(before: Grades, after: Grades, scale: Scale) -> list[float]:
    first, second = positions(before, after, scale=scale)
    if len(first) != len(second):
        raise GradeError(f"{len(first)} grades before but {len(second)} after; give every team one of each")
    return [b - a for a, b in zip(first, second, strict=True)]
