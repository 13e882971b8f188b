"""What tallies that name no team still tell: bounds on statements about teams."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from improvement_analysis.comparison import joint_bounds
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.gradings import select
from improvement_analysis.prose import Prose
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import grade_words
from improvement_analysis.statistics import wmw_exact

__all__ = ["describe_bounds"]


def describe_bounds(dataset: Dataset, area: str) -> Prose:
    """What tallies without areas or teams do tell: bounds on statements about teams, and the best case.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(describe_bounds(load("worcestershire-2018"), "Redditch/Wychavon").items[0])
    Between 2 and 7 of the 9 Safeguarding teams were inadequate in some domain but not overall.
    """
    scale, told = dataset.about.scale, []
    gradings = dataset.standing()
    if gradings["team"].notna().any():
        return Prose(("The gradings name their teams, so nothing needs to be bounded.",))
    for service in gradings["service"].unique():
        counts = count_grades(select(gradings, service=str(service)), "domain", scale=scale)
        told += [
            *_low_but_not_overall(counts, str(service), scale),
            *_best_case(counts, str(service), area, scale),
        ]
    return Prose(tuple(told) or ("The tallies tell nothing further.",))


def _low_but_not_overall(counts: pd.DataFrame, service: str, scale: Scale) -> list[str]:
    """Between how many and how many teams have the lowest grade somewhere but not overall."""
    if "overall" not in counts.index or counts.sum(axis=1).nunique() != 1:
        return []
    lowest = scale.codes[0]

    def event(team: Mapping[str, str]) -> bool:
        return team["overall"] != lowest and lowest in team.values()

    found = joint_bounds(counts, event).iloc[0]
    low, high, teams = int(found["low"]), int(found["high"]), int(counts.sum(axis=1).iloc[0])
    if not high:
        return []
    of, were = f"{service} team{'s' * (teams > 1)}", "was" if high == 1 else "were"
    if teams == 1:
        who = f"The one {of} {were if low else 'may have been'}"
    elif low == high:
        every = "Both" if teams == 2 else f"All {teams}"
        who = f"{every if low == teams else f'{low} of the {teams}'} {of} {were}"
    else:
        who = f"{f'Between {low} and' if low else 'At most'} {high} of the {teams} {of} {were}"
    return [f"{who} {grade_words(lowest, scale)} in some domain but not overall."]


def _best_case(counts: pd.DataFrame, service: str, area: str, scale: Scale) -> list[str]:
    """How rare the split would be if the area had the best graded third of a service's teams."""
    rarest: tuple[int, int] | None = None
    third = int(counts.sum(axis=1).max()) // 3
    for _, row in counts.iterrows():
        grades = [str(grade) for grade in row.index if grade != NO_JUDGEMENT for _ in range(int(row[grade]))]
        if third < 2 or len(grades) <= third or len(set(grades)) == 1:
            continue
        test = wmw_exact(grades[-third:], grades[:-third], scale=scale)
        deals = (test.deals_at_least_as_lopsided, test.deals)
        rarest = min(rarest or deals, deals, key=lambda pair: pair[0] / pair[1])
    if rarest is None:
        return []
    common = rarest[0] * 20 >= rarest[1]
    return [
        f"Suppose {area} had the {third} best graded of the {service} teams in a domain. In any domain, at "
        f"least {rarest[0]} of the {rarest[1]} ways to shuffle the grades give a gap that large. "
        f"{'Even that is more common than' if common else 'That would be rarer than'} 1 in 20."
    ]
