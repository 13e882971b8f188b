"""What could have been claimed: the least one-sided result of a group, with the teams that there are."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from improvement_analysis.comparison.families import link
from improvement_analysis.comparison.sides import list_strata, take_groups
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.supposed import Supposed

__all__ = ["CouldClaim", "find_least_claim"]


@dataclass(frozen=True)
class CouldClaim:
    """How many teams of a group and elsewhere would have to be good for a difference to be claimed.

    Attributes
    ----------
    here, there
        Good teams of the group, and elsewhere; None where no result is known that would be claimed.
    n, others
        Judged teams that are compared.
    never
        Whether it is sure that even the most one-sided result would not be claimed.
    """

    here: int | None
    there: int | None
    n: int
    others: int
    never: bool


def find_least_claim(
    gradings: pd.DataFrame,
    column: str,
    focus: str,
    domain: str,
    *,
    higher: bool = True,
    strata: str | None = "service",
    alpha: float = 0.05,
    scale: Scale = OFSTED,
) -> CouldClaim:
    """The least one-sided result in one domain that :func:`compare_each` would claim for a group.

    The judged teams are supposed to be good or at the lowest grade; all other domains stay as they are. Of
    the ways to spread the good ones over the strata the one with the greatest p has to be claimed.
    """
    within = list_strata(strata, column)
    names, sides = take_groups(gradings, column, within)
    domains, places = link(sides, scale)
    group, place = places[names.index(focus)], [each.domain for each in sides].index(domain)
    grades = scale.rank(scale.codes[0]) // 2, scale.rank(scale.threshold) // 2
    supposed = Supposed(domains, list(places.values()), (group, place), grades, alpha)
    shared = list(supposed.sizes.values())
    n, others = sum(a for a, _ in shared), sum(b for _, b in shared)
    if not shared:
        return CouldClaim(None, None, n, others, never=True)
    outcome, never = supposed.least_claim(higher)
    here, there = (None, None) if outcome is None else outcome
    return CouldClaim(here, there, n, others, never)
