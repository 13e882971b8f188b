"""What the margins of a table say about its cells: statements about teams from counts by domain."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from itertools import product

from improvement_analysis.errors import GradingsError

__all__ = ["JointBounds", "joint_bounds_from_margins"]

#: Combinations of grades after which the programme is not set up.
MOST_COMBINATIONS = 100_000


@dataclass(frozen=True)
class JointBounds:
    """Between how many and how many teams a statement is true of.

    Attributes
    ----------
    low, high : int
    identified : bool
        Whether the margins leave one answer only.
    """

    low: int
    high: int

    @property
    def identified(self) -> bool:
        """Whether the two are one number."""
        return self.low == self.high


def joint_bounds_from_margins(
    margins: Mapping[str, Mapping[str, int]], event: Callable[[Mapping[str, str]], bool | None]
) -> JointBounds:
    """Least and greatest number of teams an event can be true of, given the counts in each domain.

    Parameters
    ----------
    margins
        Domain -> grade -> teams. Every domain counts every team, so the totals are equal.
    event
        From one team's grades (domain -> grade) to whether the event is true of it; None where the grades
        leave it open, which counts towards *high* only.

    Raises
    ------
    GradingsError
        If the totals differ, a count is negative, or the grades combine in too many ways.

    Notes
    -----
    Fréchet bounds by integer programming: the unknowns are the teams with each combination of grades, tied
    by the margins.

    Examples
    --------
    >>> margins = {
    ...     "allocation": {"I": 3, "RI": 5, "G": 1},
    ...     "monitoring": {"I": 4, "RI": 5},
    ...     "overall": {"I": 2, "RI": 7},
    ... }
    >>> joint_bounds_from_margins(
    ...     margins, lambda team: "I" in (team["allocation"], team["monitoring"]) and team["overall"] != "I"
    ... )
    JointBounds(low=2, high=7)
    """
    import numpy as np
    from scipy import optimize, sparse

    domains = _checked(margins)
    held = [[(domain, grade) for grade, teams in margins[domain].items() if teams] for domain in domains]
    combinations = list(product(*held))
    truths = [event(dict(combination)) for combination in combinations]
    rows = [cell for cells in held for cell in cells]
    place = {cell: row for row, cell in enumerate(rows)}
    at = [(place[cell], column) for column, cells in enumerate(combinations) for cell in cells]
    matrix = sparse.csr_array(
        (np.ones(len(at)), ([row for row, _ in at], [column for _, column in at])),
        shape=(len(rows), len(combinations)),
    )
    teams = [margins[domain][grade] for domain, grade in rows]
    tied = optimize.LinearConstraint(matrix, teams, teams)

    def least(cost: list[int]) -> int:
        solved = optimize.milp(cost, constraints=tied, integrality=1)
        if not solved.success:
            raise GradingsError(f"no way was found to combine these margins: {solved.message}")
        return round(float(solved.fun))

    return JointBounds(
        least([truth is not None and bool(truth) for truth in truths]),
        -least([-(truth is None or bool(truth)) for truth in truths]),
    )


def _checked(margins: Mapping[str, Mapping[str, int]]) -> list[str]:
    totals = {domain: sum(counts.values()) for domain, counts in margins.items()}
    if not any(totals.values()):
        raise GradingsError("the margins hold no team")
    if len(set(totals.values())) > 1:
        listed = ", ".join(f"{domain} {total}" for domain, total in totals.items())
        raise GradingsError(f"the domains do not count equally many teams: {listed}")
    if any(teams < 0 for counts in margins.values() for teams in counts.values()):
        raise GradingsError("the margins hold a negative count")
    combinations = math.prod(sum(1 for n in counts.values() if n) for counts in margins.values())
    if combinations > MOST_COMBINATIONS:
        raise GradingsError(
            f"the grades combine in {combinations:,} ways, too many to work through; name fewer domains"
        )
    return list(margins)
