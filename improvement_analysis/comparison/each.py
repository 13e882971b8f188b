"""All groups at once: each against the others, and all together, in one family."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from improvement_analysis.comparison.families import check_alpha, compare_family, frame_of, outcomes_of
from improvement_analysis.comparison.sides import Sides, list_strata, take_groups
from improvement_analysis.comparison.verdicts import settle_together
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.deals import TwoSided
from improvement_analysis.statistics.open_families import Outcome

__all__ = ["EachGroup", "compare_each"]


@dataclass(frozen=True, eq=False)
class EachGroup:
    """All groups of a report in one family.

    Attributes
    ----------
    together : DataFrame, indexed by domain
        One test of all groups. ``n_groups``: groups that are compared somewhere; ``n_teams``: their judged
        teams; ``p_low``, ``p_high``, ``p_adjusted_low``, ``p_adjusted``, ``family_size``,
        ``method_adjusted``, ``verdict``, ``sentence``.
    each : DataFrame, indexed by group and domain
        Each group against all others: the columns of :func:`compare_groups`. ``each.loc[name]`` is what a
        page of one group shows.
    """

    together: pd.DataFrame
    each: pd.DataFrame


def compare_each(
    gradings: pd.DataFrame,
    column: str,
    *,
    strata: str | Sequence[str] | None = "service",
    two_sided: TwoSided = "distance",
    alpha: float = 0.05,
    scale: Scale = OFSTED,
) -> EachGroup:
    """Do the groups differ, and which of them from the others? All pages of a report as one family.

    The chance that any group's page, in any domain, claims a difference where there is none is at most
    *alpha*. :func:`compare_groups` promises that for the domains of a single page.

    Parameters
    ----------
    gradings, column, strata, two_sided, alpha
        As in :func:`compare_groups`.

    Raises
    ------
    GradingsError
        As :func:`compare_groups`.

    Notes
    -----
    Step-down min-P (Westfall and Young 1993) over groups x domains and the tests of all groups. Whole teams
    change places within their strata, so one set of deals gives every test's.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> grades = {"North": "G G G G", "South": "I I I RI", "West": "RI RI I G"}
    >>> rows = [
    ...     {"area": area, "service": "Safeguarding", "team": f"Team {area[0]}{i}", "domain": "overall",
    ...      "grade": grade, "source": "example"}
    ...     for area, held in grades.items() for i, grade in enumerate(held.split())
    ... ]
    >>> found = compare_each(as_gradings(pd.DataFrame(rows)), "area")
    >>> found.together[["p_high", "p_adjusted", "verdict"]].round(3).to_numpy().tolist()
    [[0.016, 0.035, 'unlikely_chance']]
    >>> found.each["p_adjusted"].round(3).to_dict()
    {('North', 'overall'): 0.035, ('South', 'overall'): 0.069, ('West', 'overall'): 0.879}
    """
    check_alpha(alpha)
    within = list_strata(strata, column)
    names, sides = take_groups(gradings, column, within)
    places = {name: place for place, name in enumerate(names)}
    outcomes = outcomes_of(
        sides,
        list(places.values()),
        two_sided=two_sided,
        adjust="min-p",
        alpha=alpha,
        scale=scale,
        together=True,
    )
    compared = compare_family(
        sides,
        places,
        column,
        within,
        two_sided=two_sided,
        adjust="min-p",
        alpha=alpha,
        scale=scale,
        outcomes=outcomes,
    )
    each = {name: frame_of(compared[name], alpha, scale) for name in names}
    size = compared[names[0]][0].family_size
    rows = [
        _together(here, outcomes.get((None, place), Outcome()), column, size)
        for place, here in enumerate(sides)
    ]
    together = pd.DataFrame(rows, index=pd.Index([here.domain for here in sides], name="domain"))
    return EachGroup(together, pd.concat(each, names=[column]))


def _together(sides: Sides, outcome: Outcome, column: str, size: int) -> dict[str, object]:
    held = {
        group: [grade for grade in grades if grade is not None]
        for groups in sides.strata.values()
        if sum(map(bool, groups)) > 1
        for group, grades in enumerate(groups)
        if grades
    }
    n_groups = len(held)
    n_teams = sum(
        grade is not None
        for groups in sides.strata.values()
        if sum(map(bool, groups)) > 1
        for grades in groups
        for grade in grades
    )
    verdict, sentence = settle_together(outcome, column, n_groups, size)
    return {
        "n_groups": n_groups,
        "n_teams": n_teams,
        "p_low": outcome.p_low,
        "p_high": outcome.p_high,
        "p_adjusted_low": outcome.adjusted_low,
        "p_adjusted": outcome.adjusted_high,
        "family_size": size if not math.isnan(outcome.p_high) else 0,
        "method_adjusted": outcome.method,
        "verdict": verdict,
        "sentence": sentence,
    }
