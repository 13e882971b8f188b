"""Groups of teams side by side: an area against the others, services against each other."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from improvement_analysis.comparison.sides import (
    Grades,
    Sides,
    check_column,
    check_once,
    list_columns,
    list_strata,
    take_sides,
)
from improvement_analysis.comparison.verdicts import Comparison, settle
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import select
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics import (
    Bounds,
    fisher_freeman_halton,
    jonckheere,
    kruskal_exact,
    stratified_bounds,
    superiority_interval,
    van_elteren,
)
from improvement_analysis.statistics import adjust as adjust_p
from improvement_analysis.statistics.deals import TwoSided
from improvement_analysis.teams import TEAM

__all__ = ["compare_groups", "compare_many"]


def compare_groups(
    gradings: pd.DataFrame,
    column: str,
    focus: str,
    other: str | Iterable[str] | None = None,
    *,
    strata: str | Sequence[str] | None = "service",
    two_sided: TwoSided = "distance",
    adjust: str = "holm",
    alpha: float = 0.05,
    scale: Scale = OFSTED,
) -> pd.DataFrame:
    """Does one group of teams hold higher or lower grades than the others, domain by domain?

    Parameters
    ----------
    gradings : DataFrame, one row per grading
        Of one round, one grading per team and domain. What is declared to matter before looking, such as
        the overall conclusion alone, is selected before comparing: it then is a family of one.
    column, focus, other
        The groups: those whose *column* is *focus*, against those where it is *other* (a name or several),
        by default every other name.
    strata
        Column or columns within which teams are compared; None compares all with all. *column* itself is
        left out of it.
    two_sided
        ``"distance"`` or ``"doubled"``, see :func:`wmw_exact`.
    adjust
        ``"holm"`` over the domains that could matter (Tarone), ``"bh"`` or ``"none"``.
    alpha
        Where the verdicts draw the line.

    Returns
    -------
    DataFrame, indexed by domain
        ``n_a``, ``n_b``: judged teams in the strata used. ``pairs_better``, ``pairs_equal``, ``pairs_worse``:
        pairings within strata. ``prob_superiority`` and ``cliffs_delta``, stratified; ``ci_low``,
        ``ci_high``: Feng and Cliff's interval, missing where several strata are used, a side holds two or
        fewer, or all grades are equal. ``n_deals``: ways to deal the grades (an int of any size).
        ``p_exact``, ``p_min_attainable``, ``p_adjusted`` (missing outside the family), ``family_size``.
        ``strata_used``, ``strata_dropped``: names, separated by "; ". ``ps_bound_low``, ``ps_bound_high``,
        ``p_bound_low``, ``p_bound_high``: over everything that splits and missing judgements may stand for.
        ``verdict`` and ``sentence``: see :mod:`improvement_analysis.comparison.verdicts`; no verdict where
        the deals are too many to count.

    Raises
    ------
    GradingsError
        If a name is not there (or no grading names its area), a side is empty, or a team is graded twice.
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
    if not 0 < alpha < 1:
        raise ValueError(f"alpha={alpha!r}; expected a number between 0 and 1")
    within = list_strata(strata, column)
    stratum = None if not within else within[0] if len(within) == 1 else "group"
    found = [
        _compare(sides, column, focus, stratum, two_sided, scale)
        for sides in take_sides(gradings, column, focus, other, within)
    ]
    return _frame(_adjusted(found, adjust, alpha), alpha, scale)


@dataclass(frozen=True)
class _Domain:
    """One domain's comparison with what only the frame needs."""

    domain: str
    comparison: Comparison
    interval: tuple[float, float]


def _compare(
    sides: Sides, column: str, focus: str, stratum: str | None, two_sided: TwoSided, scale: Scale
) -> _Domain:
    judged = {name: (_judged(a), _judged(b)) for name, (a, b) in sides.strata.items()}
    test = van_elteren(judged, two_sided=two_sided, scale=scale)
    used = [judged[name] for name in test.strata_used]
    a, b = ([grade for groups in used for grade in groups[i]] for i in (0, 1))
    interval = superiority_interval(a, b, scale=scale) if len(used) == 1 else None
    both_there = {name: groups for name, groups in sides.strata.items() if all(groups)}
    held = [grade for groups in both_there.values() for group in groups for grade in group]
    unjudged, split = held.count(None), sum(grade is not None and scale.is_split(grade) for grade in held)
    if unjudged or split:
        bounds = stratified_bounds(both_there, two_sided=two_sided, scale=scale)
    else:
        bounds = Bounds(test.prob_superiority, test.prob_superiority, test.p, test.p, 1, test.reason)
    return _Domain(
        sides.domain,
        Comparison(
            focus=focus if column == "team" else f"the {focus} team",
            test=test,
            bounds=bounds,
            n_a=len(a),
            n_b=len(b),
            grades=tuple(scale.sorted({*a, *b})),
            n_unjudged=unjudged,
            n_split=split,
            n_unplaced=sides.unplaced,
            stratum=stratum,
            column=column,
        ),
        (math.nan, math.nan) if interval is None else (interval.low, interval.high),
    )


def _judged(grades: Grades) -> list[str]:
    return [grade for grade in grades if grade is not None]


def _adjusted(found: list[_Domain], method: str, alpha: float) -> list[_Domain]:
    """Every domain's adjusted p, and the best it could have had, the others as they are."""
    p = [one.comparison.test.p for one in found]
    least = [one.comparison.test.p_min for one in found]

    def adjusted(values: Sequence[float]) -> list[float]:
        return adjust_p(
            values, method=method, min_attainable=least if method == "holm" else None, alpha=alpha
        )

    def adjusted_ends(ends: Sequence[float]) -> list[float]:
        return adjusted([seen if math.isnan(end) else end for seen, end in zip(p, ends, strict=True)])

    seen = adjusted(p)
    low = adjusted_ends([one.comparison.bounds.p_low for one in found])
    high = adjusted_ends([one.comparison.bounds.p_high for one in found])
    tested = sum(not math.isnan(value) for value in p)
    size = 1 if method == "none" else sum(not math.isnan(value) for value in seen)
    return [
        replace(
            one,
            comparison=replace(
                one.comparison,
                adjusted=seen[i],
                best_adjusted=adjusted([*p[:i], least[i], *p[i + 1 :]])[i],
                adjusted_low=low[i],
                adjusted_high=high[i],
                n_domains=tested,
                family_size=size,
            ),
        )
        for i, one in enumerate(found)
    ]


def _frame(found: list[_Domain], alpha: float, scale: Scale) -> pd.DataFrame:
    rows = [_row(one, alpha, scale) for one in found]
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    columns["n_deals"] = pd.array(columns["n_deals"], dtype=object)
    return pd.DataFrame(columns, index=pd.Index([one.domain for one in found], name="domain"))


def _row(one: _Domain, alpha: float, scale: Scale) -> dict[str, Any]:
    found, test, bounds = one.comparison, one.comparison.test, one.comparison.bounds
    verdict, sentence = settle(found, alpha, scale)
    return {
        "n_a": found.n_a,
        "n_b": found.n_b,
        "pairs_better": test.pairs.better,
        "pairs_equal": test.pairs.equal,
        "pairs_worse": test.pairs.worse,
        "prob_superiority": test.prob_superiority,
        "ci_low": one.interval[0],
        "ci_high": one.interval[1],
        "cliffs_delta": 2 * test.prob_superiority - 1,
        "n_deals": test.deals,
        "p_exact": test.p,
        "p_min_attainable": test.p_min,
        "p_adjusted": found.adjusted,
        "family_size": found.family_size,
        "strata_used": "; ".join(test.strata_used),
        "strata_dropped": "; ".join(test.strata_dropped),
        "ps_bound_low": bounds.ps_low,
        "ps_bound_high": bounds.ps_high,
        "p_bound_low": bounds.p_low,
        "p_bound_high": bounds.p_high,
        "verdict": verdict,
        "sentence": sentence,
    }


def compare_many(
    gradings: pd.DataFrame, column: str, *, order: Sequence[str] | None = None, scale: Scale = OFSTED
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
    check_column(column)
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
    return pd.DataFrame.from_dict(rows, orient="index").rename_axis("domain")
