"""The page that compares one area with the others."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from improvement_analysis.comparison import (
    CENSUS,
    compare_groups,
    joint_bounds,
)
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.gradings import select
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import grade_words
from improvement_analysis.statistics import wmw_exact
from improvement_analysis.tables import Table

__all__ = ["brief_area", "compare_area", "describe_bounds", "list_comparison"]


def compare_area(
    dataset: Dataset,
    area: str,
    strata: str | None = "service",
    round: str | None = None,  # noqa: A002 (the field's word)
    authority: str = "",
) -> pd.DataFrame | None:
    """The comparison of one area's teams with all others; None where there is nothing to compare.

    An *authority* is compared with the other authorities, in place of the area.

    Raises
    ------
    GradingsError
        If areas are named but not this one.
    """
    if authority:
        standing = dataset.standing(round)
        return compare_groups(standing, "authority", authority, strata=strata, scale=dataset.about.scale)
    known = [*dataset.areas, *dataset.about.areas.names]
    if known:
        select(pd.DataFrame({"area": known}), area=area)
    standing = dataset.standing(round)
    if _refuse(dataset, area, standing):
        return None
    return compare_groups(standing, "area", area, strata=strata, scale=dataset.about.scale)


def _refuse(dataset: Dataset, area: str, standing: pd.DataFrame) -> str:
    """Why an area cannot be compared with others in a round, in a sentence; empty where it can be."""
    if not dataset.areas:
        return f"No grading in this dataset names its area, so nothing can be computed about {area}."
    graded = standing["area"].dropna().unique()
    round_ = "".join(map(str, standing["round"].iloc[:1]))
    if area not in graded:
        return f"No grading of the round {round_} is of {area}, so there is nothing to compare."
    if len(graded) == 1:
        return f"In the round {round_} {area} alone was graded: there is no area to compare it with."
    return ""


def brief_area(
    dataset: Dataset,
    area: str,
    strata: str | None = "service",
    round: str | None = None,  # noqa: A002 (the field's word)
    authority: str = "",
) -> Prose:
    """The comparison of an area with the others: overall in full, each other domain in short.

    Where nothing can be compared, one sentence says why.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_area(load("worcestershire-2018"), "Redditch/Wychavon"))
    - No grading in this dataset names its area, so nothing can be computed about Redditch/Wychavon.
    """
    found = compare_area(dataset, area, strata, round, authority)
    if found is None:
        return Prose((_refuse(dataset, area, dataset.standing(round)),))
    labels = dataset.about.short_labels
    first = "overall" if "overall" in found.index else found.index[0]
    said = f"{labels[str(first)]}: {found['sentence'].loc[first]!s}"
    return Prose((said, *_other_domains(found.drop(index=first), labels), CENSUS))


#: What the other verdicts come to, in a few words; the sentence of each stands in the chart.
_IN_SHORT = {
    "no_variation": "All teams hold one grade",
    "depends_on_open": "Depends on grades left open",
    "too_few": "Too few teams to tell",
    "could_be_chance": "Could be chance",
    "unlikely_chance": "Chance alone would seldom do it",
}


def _other_domains(found: pd.DataFrame, labels: Mapping[str, str]) -> list[str]:
    """A line for each verdict and the domains that have it."""
    told = []
    for verdict, words in _IN_SHORT.items():
        names = [labels[str(domain)] for domain in found.index[found["verdict"] == verdict]]
        if names:
            told.append(f"{words}: {'; '.join(names)}.")
    return told


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
        f"Suppose {area} had the {third} best graded of the {service} teams in a domain. A split so lopsided "
        f"arises in {rarest[0]} or more of the {rarest[1]} ways to deal the grades, whichever the domain: "
        f"{'not even that would be as rare as' if common else 'that would be rarer than'} 1 in 20."
    ]


_COMPARISON = {
    "domain": "Quality domain",
    "n_a": "Teams here",
    "n_b": "Teams elsewhere",
    "pairs_better": "Pairings: here higher",
    "pairs_equal": "Equal",
    "pairs_worse": "Here lower",
    "prob_superiority": "Probability of superiority",
    "p_exact": "Exact p",
    "p_min_attainable": "Smallest p possible",
    "p_adjusted": "Adjusted p",
    "p_bound_low": "p, lowest over open grades",
    "p_bound_high": "p, highest",
    "strata_dropped": "Left out: one side only",
    "verdict": "Verdict",
}


def list_comparison(dataset: Dataset, comparison: pd.DataFrame | None) -> Table | Prose:
    """The numbers of a comparison of groups; a sentence where there is none."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    words = comparison.assign(verdict=comparison["verdict"].str.replace("_", " "))
    note = (
        "Missing numbers are undefined. Teams without a judgement are outside the counts; they and split "
        "grades are the open grades. Docs: methods."
    )
    headings, dropped = dict(_COMPARISON), comparison["strata_dropped"].unique()
    if len(dropped) == 1:
        del headings["strata_dropped"]
        note += f" Not compared (no team on one side): {dropped[0]}." if dropped[0] else ""
    return result_table(dataset, words, "The numbers behind the sentences", headings, decimals=3, note=note)
