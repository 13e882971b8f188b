"""Statements about teams across domains, from tables that print each domain apart."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.marks import carry_marks
from improvement_analysis.statistics import joint_bounds_from_margins

__all__ = ["joint_bounds"]


def joint_bounds(counts: pd.DataFrame, event: Callable[[Mapping[str, str]], bool | None]) -> pd.DataFrame:
    """Between how many and how many teams a statement is true of, group by group.

    Published tables give the tally of each domain, not which team got what, so most statements about teams
    across domains are known between two bounds only.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        As :func:`count_grades` gives them, by ``"domain"`` or by ``["service", "domain"]`` or more; the
        index level ``domain`` holds the domains of one group.
    event
        From one team's grades (domain -> grade, or "no judgement") to whether the statement is true of it;
        None where its grades leave that open, which counts towards *high* only.

    Returns
    -------
    DataFrame, one row per group
        ``low``, ``high`` (teams), ``identified`` (whether they are one number). Without another index
        level there is one row.

    Raises
    ------
    GradingsError
        If there is no level ``domain``, or a group's domains do not count equally many teams.

    Examples
    --------
    >>> from improvement_analysis.counts import count_grades
    >>> from improvement_analysis.gradings import as_gradings
    >>> tallies = {
    ...     "allocation": "3 x I, 5 x RI, 1 x G",
    ...     "monitoring": "4 x I, 5 x RI",
    ...     "overall": "2 x I, 7 x RI",
    ... }
    >>> cells = [
    ...     {"service": "Safeguarding", "domain": domain, "tally": tally, "source": "p. 7"}
    ...     for domain, tally in tallies.items()
    ... ]
    >>> counts = count_grades(as_gradings(pd.DataFrame(cells)), ["service", "domain"])
    >>> joint_bounds(counts, lambda team: team["overall"] != "I" and "I" in team.values())
                  low  high  identified
    service
    Safeguarding    2     7       False
    """
    if "domain" not in counts.index.names:
        raise GradingsError("the counts are not by domain; count_grades(gradings, ['service', 'domain']) is")
    others = [name for name in counts.index.names if name != "domain"]
    if not others:
        return carry_marks(pd.DataFrame([_row(counts, "", event)]), counts)
    groups = list(counts.groupby(others, sort=False, dropna=False))
    rows = [_row(here, f" of {' / '.join(map(str, name))}", event) for name, here in groups]
    index = pd.MultiIndex.from_tuples([name for name, _ in groups], names=others)
    bounds = pd.DataFrame(rows, index=index if len(others) > 1 else index.get_level_values(0))
    return carry_marks(bounds, counts)


def _row(
    counts: pd.DataFrame, of: str, event: Callable[[Mapping[str, str]], bool | None]
) -> dict[str, int | bool]:
    try:
        found = joint_bounds_from_margins(_margins(counts), event)
    except GradingsError as error:
        raise GradingsError(f"the counts{of}: {error}") from None
    return {"low": found.low, "high": found.high, "identified": found.identified}


def _margins(counts: pd.DataFrame) -> dict[str, dict[str, int]]:
    domains = counts.index.get_level_values("domain")
    return {
        str(domain): {str(grade): int(teams) for grade, teams in row.items()}
        for domain, (_, row) in zip(domains, counts.iterrows(), strict=True)
    }
