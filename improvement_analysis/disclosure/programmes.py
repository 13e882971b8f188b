"""One domain's table, services x grades: what can be found out of it, and which services to withhold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["bound_sum", "choose_services"]


def bound_sum(
    shown: np.ndarray,
    teams: np.ndarray,
    totals: np.ndarray,
    cells: np.ndarray,
    capped: np.ndarray | None = None,
    cap: int = 0,
) -> tuple[int, int] | None:
    """Least and greatest sum of some withheld cells, by integer programming, given what else is known.

    Parameters
    ----------
    shown : array of float, services x grades
        NaN where withheld.
    teams : array of int
        Of each service.
    totals : array of float
        Of each grade over all services, NaN where withheld.
    cells : array of bool, services x grades
        Which of the withheld cells are summed.
    capped : array of bool, any number x services x grades, optional
        Sums of cells known to be at most *cap*.

    Returns
    -------
    tuple of int, or None where no counts from 0 upwards agree with what is known

    Examples
    --------
    >>> import numpy as np
    >>> hidden = np.full((2, 2), np.nan)
    >>> bound_sum(hidden, np.array([3, 2]), np.array([1.0, 4.0]), np.array([[True, False], [False, False]]))
    (0, 1)
    """
    import numpy as np
    from scipy import optimize

    row, column = np.nonzero(np.isnan(shown))
    known = np.flatnonzero(~np.isnan(totals))
    tied = np.vstack([row == np.arange(len(teams))[:, None], column == known[:, None]])
    left = np.append(teams - np.nansum(shown, axis=1), totals[known] - np.nansum(shown, axis=0)[known])
    agreeing = [optimize.LinearConstraint(tied, left, left)]
    if capped is not None:
        beside = (capped * np.nan_to_num(shown)).sum(axis=(1, 2))
        agreeing.append(optimize.LinearConstraint(capped[:, row, column], ub=cap - beside))
    ends = []
    for sign in (1, -1):
        solved = optimize.milp(sign * cells[row, column], constraints=agreeing, integrality=1)
        if not solved.success:
            return None
        ends.append(sign * round(float(solved.fun)))
    return ends[0], ends[1]


def choose_services(table: np.ndarray, small: np.ndarray, min_teams: int, width: int) -> np.ndarray | None:
    """Which services to withhold so that the small ones stay uncertain although all totals are published.

    Parameters
    ----------
    table : array of int, services x grades
    small : array of bool
        Services that are withheld in any case.
    min_teams, width
        See :func:`suppress_counts`.

    Returns
    -------
    array of bool, or None where withholding every service would not be enough

    Notes
    -----
    Candidates come in an order that only the numbers of teams decide, and the first that is safe is taken.
    Of withheld services with N teams, R of them at some grade, a service of n teams has at that grade between
    max(0, n + R - N) and min(n, R). That is not all: who has this programme knows that every earlier
    candidate was refused. So a candidate must also leave two values for each count among tables that refuse
    every earlier one. Such are those in which the earlier candidates all have too few teams at one grade, or
    too few at others; an integer programme bounds the count among them.
    """
    import numpy as np

    if not small.any():
        return small
    teams, totals = table.sum(axis=1), table.sum(axis=0)
    used, every = totals > 0, table.sum()
    groups = [np.arange(len(small)) == place for place in np.flatnonzero(small)]
    if len(groups) > 1 and teams[small].sum() < min_teams:
        groups.append(small)
    sizes = np.array([teams[group].sum() for group in groups])
    grades = np.minimum(totals, every - totals)[used]
    need = np.minimum.outer(np.minimum(sizes, every - sizes), grades).clip(1, width)
    refused: list[np.ndarray] = []
    for hidden in _candidates(teams, small):
        n = teams[hidden].sum()
        if (n - sizes < need.max(axis=1)).any():
            continue  # Whatever the grades are: that it was refused tells nothing.
        here = table[hidden].sum(axis=0)[used]
        spread = np.minimum.outer(np.minimum(sizes, n - sizes), np.minimum(here, n - here))
        if (spread >= need).all():
            shown = np.where(hidden[:, None] & used, np.nan, table)
            if _is_safe(shown, teams, totals, groups, refused, need.max(axis=0)):
                return hidden
        refused.append(hidden)
    return None


def _candidates(teams: np.ndarray, small: np.ndarray) -> Iterator[np.ndarray]:
    """Sets of services that hold the small ones, fewest teams first: with up to two more or the smallest."""
    import numpy as np

    others = sorted(np.flatnonzero(~small & (teams > 0)).tolist(), key=lambda place: (teams[place], place))
    more = [
        *((), *combinations(others, 1), *combinations(others, 2)),
        *accumulate([each] for each in others),
    ]
    for added in sorted(
        {tuple(sorted(each)) for each in more}, key=lambda each: (teams[list(each)].sum(), len(each), each)
    ):
        hidden = small.copy()
        hidden[list(added)] = True
        yield hidden


def _is_safe(
    shown: np.ndarray,
    teams: np.ndarray,
    totals: np.ndarray,
    groups: list[np.ndarray],
    refused: list[np.ndarray],
    need: np.ndarray,
) -> bool:
    """Whether every group keeps two values at every grade among tables that refuse what was refused."""
    import numpy as np

    if not refused:
        return True
    used = np.flatnonzero(totals)
    at = np.arange(len(totals)) == used[:, None]
    few = [(cells, int(cap) - 1) for here, cap in zip(at, need, strict=True) for cells in (here, ~here)]
    earlier = np.array(refused)[:, :, None]
    for group in groups:
        for grade in at:
            cells = group[:, None] & grade
            found: set[int] = set()
            for capped, cap in few:
                found.update(bound_sum(shown, teams, totals, cells, earlier & capped, cap) or ())
                if len(found) > 1:
                    break
            if len(found) < 2:
                return False
    return True
