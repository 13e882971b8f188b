"""Groups of teams side by side: an area against the others, services against each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import pandas as pd

from improvement_analysis.comparison.families import check_alpha, compare_family, frame_of
from improvement_analysis.comparison.sides import (
    check_column,
    check_once,
    list_columns,
    list_strata,
    stand_for_comparison,
    take_sides,
)
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import select
from improvement_analysis.marks import carry_marks, scale_of
from improvement_analysis.scale import Scale
from improvement_analysis.statistics import fisher_freeman_halton, jonckheere, kruskal_exact
from improvement_analysis.statistics.deals import TwoSided
from improvement_analysis.teams import TEAM, HoldsGradings

__all__ = ["compare_groups", "compare_many"]


def compare_groups(
    gradings: pd.DataFrame | HoldsGradings,
    column: str,
    focus: str,
    other: str | Iterable[str] | None = None,
    *,
    strata: str | Sequence[str] | None = "service",
    two_sided: TwoSided = "distance",
    adjust: str = "min-p",
    alpha: float = 0.05,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Does one group of teams hold higher or lower grades than the others, domain by domain?

    Parameters
    ----------
    gradings : DataFrame, one row per grading; or a dataset
        What stands is compared: of the latest round where there are several, one grading of each team and
        domain, as ``df.gradings.standing()`` gives it. What is declared to matter before looking, such as
        the overall conclusion alone, is selected before comparing: it then is a family of one.
    column, focus, other
        The groups: those whose *column* is *focus*, against those where it is *other* (a name or several),
        by default every other name. *column* is ``"area"``, ``"service"``, ``"authority"``, ``"team"``, or
        one of your own that says the same of a team throughout, such as a caseload band.
    strata
        Column or columns within which teams are compared; None compares all with all. *column* itself is
        left out of it.
    two_sided
        ``"distance"`` or ``"doubled"``, see :func:`wmw_exact`.
    adjust
        ``"min-p"``: whole teams change places within their strata, and the domains are judged together by how
        often the smallest of their p is as small (Westfall and Young). ``"holm"`` over the domains that could
        matter (Tarone), ``"bh"`` or ``"none"``. The family is the domains compared here.
    alpha
        Where the verdicts draw the line.

    Returns
    -------
    DataFrame, indexed by domain
        ``n_a``, ``n_b``: judged teams in the strata used. ``pairs_better``, ``pairs_equal``, ``pairs_worse``:
        pairings within strata. ``prob_superiority`` and ``cliffs_delta``, stratified; ``ci_low``,
        ``ci_high``: Feng and Cliff's interval, missing where several strata are used, a side holds two or
        fewer, or all grades are equal. ``n_deals``: ways to deal the grades (an int of any size).
        ``p_exact``; with open grades it is the greatest over everything that splits and missing judgements
        may stand for, and ``p_bound_low``, ``p_bound_high`` are the least and the greatest.
        ``p_min_attainable``, ``p_adjusted`` (likewise the greatest; missing outside the family),
        ``p_adjusted_low``, ``family_size``. ``strata_used``, ``strata_dropped``: names, separated by "; ".
        ``ps_bound_low``, ``ps_bound_high``: PS over all open grades. ``method``, ``method_adjusted``: how
        p and its adjustment were come to, see ``docs/methods.md``.
        ``verdict`` and ``sentence``: see :mod:`improvement_analysis.comparison.verdicts`; no verdict where
        the open grades can be completed in too many ways.

    Raises
    ------
    GradingsError
        If a name is not there (or no grading names its area), a side is empty, a team is graded twice, or
        *column* is not one value for each team.
    ValueError
        If *alpha*, *two_sided* or *adjust* is none of those named.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> grades = {"Redditch": ["RI", "RI", "G"], "Malvern": ["I", "I", "I", "RI", "RI", "RI"]}
    >>> rows = [
    ...     {"area": area, "service": "Safeguarding", "team": f"Team {area[0]}{i}", "domain": "overall",
    ...      "grade": grade, "source": "example"}
    ...     for area, held in grades.items() for i, grade in enumerate(held)
    ... ]
    >>> found = compare_groups(as_gradings(pd.DataFrame(rows)), "area", "Redditch").loc["overall"]
    >>> found.verdict, found.n_deals, found.p_exact.round(3).item()
    ('could_be_chance', 84, 0.131)
    """
    check_alpha(alpha)
    gradings = stand_for_comparison(gradings)
    scale = scale or scale_of(gradings)
    within = list_strata(strata, column)
    sides = take_sides(gradings, column, str(focus), other, within)
    compared = compare_family(
        sides,
        {str(focus): 0},
        column,
        within,
        two_sided=two_sided,
        adjust=adjust,
        alpha=alpha,
        scale=scale,
    )
    return carry_marks(frame_of(compared[str(focus)], alpha, scale), gradings)


def compare_many(
    gradings: pd.DataFrame | HoldsGradings,
    column: str,
    *,
    order: Sequence[str] | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Do grades go with groups at all, domain by domain?

    Parameters
    ----------
    gradings : DataFrame, one row per grading
        Of one round, one grading per team and domain. Unjudged ones and those without a group are left out.
    column
        The groups.
    order
        The groups in an order declared before looking; a trend is tested only then, and only over them.

    Returns
    -------
    DataFrame, indexed by domain
        ``n_groups`` (holding a judged team), ``p_ffh`` (Fisher-Freeman-Halton), ``p_kruskal_exact``,
        ``p_trend`` (Jonckheere-Terpstra, two-sided; missing without *order*). Not adjusted for the number
        of domains. Missing where all grades are equal or one group holds them all.

    Raises
    ------
    GradingsError
        If no grading names its group, a name in *order* is not there, or a team is graded twice.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> cells = {"Safeguarding": "6 x RI", "Care Leaving": "2 x RI", "Children with Disabilities": "2 x G"}
    >>> rows = [
    ...     {"service": service, "tally": tally, "domain": "joint_working", "source": "p. 7"}
    ...     for service, tally in cells.items()
    ... ]
    >>> compare_many(as_gradings(pd.DataFrame(rows)), "service").round(3)
                   n_groups  p_ffh  p_kruskal_exact  p_trend
    domain
    joint_working         3  0.044            0.044      NaN
    """
    gradings = stand_for_comparison(gradings)
    scale = scale or scale_of(gradings)
    check_column(gradings, column)
    named = gradings[gradings[column].notna()]
    if named.empty:
        raise GradingsError(f"no grading names its {column}")
    if order is not None:
        select(gradings, **{column: list(order)})
    check_once(list_columns(named, {*TEAM, "round", "domain"}), range(len(named)))
    judged = named[named["grade"].notna()]
    rows = {}
    for domain, here in judged.groupby("domain", observed=True):
        by_name = here.groupby(column)["grade"]
        groups = {str(name): held.dropna().astype(str).tolist() for name, held in by_name}
        trend = [groups.get(name, []) for name in order or ()]
        rows[str(domain)] = {
            "n_groups": len(groups),
            "p_ffh": fisher_freeman_halton(groups, scale=scale).p,
            "p_kruskal_exact": kruskal_exact(groups, scale=scale).p,
            "p_trend": jonckheere(trend, scale=scale).p if trend else math.nan,
        }
    return carry_marks(pd.DataFrame.from_dict(rows, orient="index").rename_axis("domain"), gradings)
