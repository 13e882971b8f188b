"""One domain's table, services x grades: what can be found out of it, and which services to withhold."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import accumulate, combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from scipy.optimize import LinearConstraint

__all__ = ["bound_sum", "choose_services"]

#: Refusals stated at a time.
_STATED = 16


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
    from scipy import optimize

    constraints, most = _state_published(shown, teams, totals, refused, need)
    cost = np.append(cells[np.isnan(shown)].astype(float), np.zeros(len(most) - np.isnan(shown).sum()))
    ends = []
    for sign in (1, -1):
        solved = optimize.milp(
            sign * cost, constraints=constraints, integrality=1, bounds=optimize.Bounds(0, most)
        )
        if not solved.success:
            return None
        ends.append(sign * round(float(solved.fun)))
    return ends[0], ends[1]


def _state_published(
    shown: np.ndarray,
    teams: np.ndarray,
    totals: np.ndarray,
    refused: np.ndarray | None,
    need: np.ndarray | None,
) -> tuple[list[LinearConstraint], np.ndarray]:
    """What is known of the withheld cells, and of the switches after them; and the most that each can be."""
    import numpy as np
    from scipy import optimize, sparse

    row, column = np.nonzero(np.isnan(shown))
    known = np.flatnonzero(~np.isnan(totals))
    tied = np.vstack([row == np.arange(len(teams))[:, None], column == known[:, None]]).astype(float)
    of_services, of_grades = teams - np.nansum(shown, axis=1), totals - np.nansum(shown, axis=0)
    left = np.append(of_services, of_grades[known])
    most = np.fmin(of_services[row], of_grades[column]).clip(0)
    constraints: list[LinearConstraint] = []
    switches = np.zeros(0)
    if refused is not None and need is not None:
        constraints, switches = _state_refusals(shown, of_services, of_grades, refused, need)
    wide = sparse.hstack([sparse.csr_array(tied), sparse.csr_array((len(tied), len(switches)))])
    return [*constraints, optimize.LinearConstraint(wide, left, left)], np.append(most, switches)


def _state_refusals(
    shown: np.ndarray, teams: np.ndarray, totals: np.ndarray, refused: np.ndarray, need: np.ndarray
) -> tuple[list[LinearConstraint], np.ndarray]:
    """That every refused set lacks teams at some grade: a switch for each grade, one of them on.

    *teams* and *totals* are those of the withheld cells: no set reaches further, which keeps the slack of a
    switch that is off small. Where the published cells alone are enough, a switch cannot be on.
    """
    import numpy as np
    from scipy import optimize, sparse

    row, column = np.nonzero(np.isnan(shown))
    grades = np.flatnonzero(need)
    here = np.arange(len(need)) == grades[:, None]
    summed = (refused[:, None, row] & here[:, column]).reshape(-1, len(row)).astype(float)
    spare = need[grades] - 1 - (refused @ np.nan_to_num(shown))[:, grades]
    slack = np.maximum(np.minimum((refused @ teams)[:, None], totals[grades]) - spare, 0)
    some = sparse.kron(sparse.eye_array(len(refused)), np.ones((1, len(grades))))
    constraints = [
        optimize.LinearConstraint(
            sparse.hstack([sparse.csr_array(summed), sparse.diags_array(slack.ravel())]),
            ub=(spare + slack).ravel(),
        ),
        optimize.LinearConstraint(sparse.hstack([sparse.csr_array((len(refused), len(row))), some]), lb=1),
    ]
    return constraints, (spare >= 0).ravel().astype(float)


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
    refused = _Refusals(len(small))
    for hidden in _candidates(teams, small):
        n = teams[hidden].sum()
        if (n - sizes < need.max(axis=1)).any():
            continue  # Whatever the grades are: that it was refused tells nothing.
        here = table[hidden].sum(axis=0)
        spread = np.minimum.outer(np.minimum(sizes, n - sizes), np.minimum(here, n - here))
        if (spread >= need)[:, used].all():
            shown = np.where(hidden[:, None] & used, np.nan, table)
            if _is_safe(table, shown, groups, refused.largest, need.max(axis=0)):
                return hidden
        refused.add(hidden)
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
    table: np.ndarray, shown: np.ndarray, groups: list[np.ndarray], refused: np.ndarray, need: np.ndarray
) -> bool:
    """Whether every group keeps two values at every grade among tables that refuse what was refused.

    The table itself is one of them. Another, with another value, is looked for close by first; only where
    there is none is it asked of an integer programme.
    """
    import numpy as np

    if not len(refused):
        return True
    hidden = np.isnan(shown).any(axis=1)
    for group in groups:
        unsure = set(np.flatnonzero(need).tolist()) - _differ_nearby(table, hidden, group, refused, need)
        for grade in sorted(unsure):
            cells = group[:, None] & (np.arange(len(need)) == grade)
            if not _can_differ(table, shown, cells, refused, need):
                return False
    return True


def _can_differ(
    table: np.ndarray, shown: np.ndarray, cells: np.ndarray, refused: np.ndarray, need: np.ndarray
) -> bool:
    """Whether any table that agrees with what is published and refused has another sum of some cells."""
    import numpy as np

    seen = table[cells].sum()
    return any(
        _has_other(table, shown, cells, refused, need, ends)
        for ends in ((seen + 1, np.inf), (-np.inf, seen - 1))
    )


def _has_other(
    table: np.ndarray,
    shown: np.ndarray,
    cells: np.ndarray,
    refused: np.ndarray,
    need: np.ndarray,
    ends: tuple[float, float],
) -> bool:
    """Whether some table has a sum of the cells between these ends.

    Only the refusals that a table met on the way breaks are stated, a few at a time: where even those cannot
    be kept, all cannot.
    """
    import numpy as np
    from scipy import optimize

    hidden, needed, stated = np.isnan(shown), need > 0, list[int]()
    while True:
        constraints, most = _state_published(
            shown, table.sum(axis=1), table.sum(axis=0), refused[stated] if stated else None, need
        )
        switches = np.zeros(len(most) - hidden.sum())
        picked = np.append(cells[hidden].astype(float), switches)
        solved = optimize.milp(
            np.append(table[hidden] == 0, switches),
            constraints=[*constraints, optimize.LinearConstraint(picked[None, :], *ends)],
            integrality=1,
            bounds=optimize.Bounds(0, most),
        )
        if not solved.success:
            return False
        other = table.copy()
        other[hidden] = np.rint(solved.x[: hidden.sum()])
        broken = np.flatnonzero(((refused @ other >= need) | ~needed).all(axis=1))
        if not len(broken):
            return True
        stated += broken[:_STATED].tolist()


def _differ_nearby(
    table: np.ndarray, hidden: np.ndarray, group: np.ndarray, refused: np.ndarray, need: np.ndarray
) -> set[int]:
    """Grades at which a table that differs by one swap of two teams gives the group another count.

    A team of the group and one of another withheld service take each other's grade: the numbers of teams and
    all totals stay, so the table agrees with what is published if it refuses what was refused, too.
    """
    import numpy as np

    sums, needed = refused @ table, need > 0
    lacks = (sums < need) & needed
    differ: set[int] = set()
    for own in np.flatnonzero(group):
        for other in np.flatnonzero(hidden & ~group):
            pull = refused[:, own].astype(int) - refused[:, other]
            rows = np.flatnonzero(pull)
            pulled, here, lacking = pull[rows], sums[rows], lacks[rows]
            many = lacking.sum(axis=1)
            for lost in np.flatnonzero(table[own]):
                left = many - lacking[:, lost]
                left += (here[:, lost] - pulled < need[lost]) & needed[lost]
                for won in np.flatnonzero(table[other]):
                    if lost == won or {lost, won} <= differ:
                        continue
                    now = (here[:, won] + pulled < need[won]) & needed[won]
                    if (left - lacking[:, won] + now > 0).all():
                        differ |= {int(lost), int(won)}
            if differ >= set(np.flatnonzero(need).tolist()):
                return differ
    return differ


class _Refusals:
    """Sets of services that were refused, of which those within others are left out.

    A set that is refused takes the sets that it holds with it. Sets come with no fewer teams each time, so a
    later one may hold earlier ones and is held by none.
    """

    def __init__(self, services: int) -> None:
        import numpy as np

        self._services, self._many = services, 0
        self._packed = np.zeros((64, -(-services // 8)), dtype=np.uint8)

    def add(self, hidden: np.ndarray) -> None:
        """One more set."""
        import numpy as np

        packed = np.packbits(hidden)
        held = self._packed[: self._many]
        outside = (held & ~packed).any(axis=1)
        if not outside.all():
            kept = held[outside]
            self._many = len(kept)
            self._packed[: len(kept)] = kept
        if self._many == len(self._packed):
            self._packed = np.concatenate([self._packed, np.zeros_like(self._packed)])
        self._packed[self._many] = packed
        self._many += 1

    @property
    def largest(self) -> np.ndarray:
        """Sets x services."""
        import numpy as np

        return np.unpackbits(self._packed[: self._many], axis=1, count=self._services).astype(bool)
