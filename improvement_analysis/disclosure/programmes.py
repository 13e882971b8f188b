"""One domain's table, services x grades: what can be found out of it, and which services to withhold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy.optimize import LinearConstraint

__all__ = ["bound_sum", "choose_services"]


def bound_sum(
    shown: np.ndarray,
    teams: np.ndarray,
    totals: np.ndarray,
    cells: np.ndarray,
    refused: np.ndarray | None = None,
    need: np.ndarray | None = None,
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
    refused : array of bool, any number x services, optional
        Sets of services each of which is known to have fewer teams than *need* at some grade.
    need : array of int
        Of each grade; 0 where nobody has it.

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
    from scipy import optimize, sparse

    row, column = np.nonzero(np.isnan(shown))
    known = np.flatnonzero(~np.isnan(totals))
    tied = np.vstack([row == np.arange(len(teams))[:, None], column == known[:, None]]).astype(float)
    left = np.append(teams - np.nansum(shown, axis=1), totals[known] - np.nansum(shown, axis=0)[known])
    switches = 0
    constraints = []
    if refused is not None and need is not None:
        constraints = _state_refusals(shown, teams, refused, need)
        switches = constraints[0].A.shape[1] - len(row)
    tied = sparse.hstack([sparse.csr_array(tied), sparse.csr_array((len(tied), switches))])
    constraints.append(optimize.LinearConstraint(tied, left, left))
    most = np.append(np.full(len(row), np.inf), np.ones(switches))
    ends = []
    for sign in (1, -1):
        cost = np.append(sign * cells[row, column], np.zeros(switches))
        solved = optimize.milp(cost, constraints=constraints, integrality=1, bounds=optimize.Bounds(0, most))
        if not solved.success:
            return None
        ends.append(sign * round(float(solved.fun)))
    return ends[0], ends[1]


def _state_refusals(
    shown: np.ndarray, teams: np.ndarray, refused: np.ndarray, need: np.ndarray
) -> list[LinearConstraint]:
    """That every refused set lacks teams at some grade: a switch for each grade, one of them on."""
    import numpy as np
    from scipy import optimize, sparse

    row, column = np.nonzero(np.isnan(shown))
    here = np.arange(len(need)) == np.flatnonzero(need)[:, None]
    summed = (refused[:, None, row] & here[:, column]).reshape(-1, len(row)).astype(float)
    beside = (refused @ np.nan_to_num(shown) @ here.T).ravel()
    slack = np.repeat(refused @ teams, len(here)).astype(float)
    most = np.tile(need[need > 0] - 1, len(refused)) - beside
    some = sparse.kron(sparse.eye_array(len(refused)), np.ones((1, len(here))))
    return [
        optimize.LinearConstraint(
            sparse.hstack([sparse.csr_array(summed), sparse.diags_array(slack)]), ub=most + slack
        ),
        optimize.LinearConstraint(sparse.hstack([sparse.csr_array((len(refused), len(row))), some]), lb=1),
    ]


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
    candidate was refused. So a candidate must also leave two values for each count among the tables in which
    every earlier one has too few teams at some grade; an integer programme bounds the count among them.
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
    grades = np.minimum(totals, every - totals)
    need = np.minimum.outer(np.minimum(sizes, every - sizes), grades).clip(1, width) * used
    refused: list[np.ndarray] = []
    for hidden in _candidates(teams, small):
        n = teams[hidden].sum()
        if (n - sizes < need.max(axis=1)).any():
            continue  # Whatever the grades are: that it was refused tells nothing.
        here = table[hidden].sum(axis=0)
        spread = np.minimum.outer(np.minimum(sizes, n - sizes), np.minimum(here, n - here))
        if (spread >= need)[:, used].all():
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
    # A set that is refused takes the sets it holds with it.
    largest = [
        one for one in refused if not any((one <= other).all() for other in refused if other is not one)
    ]
    for group in groups:
        for grade in np.flatnonzero(need):
            cells = group[:, None] & (np.arange(len(need)) == grade)
            found = bound_sum(shown, teams, totals, cells, np.array(largest), need)
            if found is None or found[0] == found[1]:
                return False
    return True
