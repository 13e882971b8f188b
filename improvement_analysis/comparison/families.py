"""Families of comparisons: every domain of one group, or of every group, judged together."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from improvement_analysis.comparison.sides import Grades, Sides
from improvement_analysis.comparison.verdicts import Comparison, settle
from improvement_analysis.scale import Scale
from improvement_analysis.statistics import superiority_interval, van_elteren
from improvement_analysis.statistics.completions import superiority_bounds
from improvement_analysis.statistics.deals import TwoSided, check_option
from improvement_analysis.statistics.linked_families import adjust_linked
from improvement_analysis.statistics.open_families import (
    OpenDomain,
    OpenTeam,
    Outcome,
    adjust_each,
    complete_alone,
)
from improvement_analysis.statistics.whole_teams import TestName

__all__ = ["check_alpha", "compare_family", "frame_of", "link", "outcomes_of"]

#: How p values may be adjusted.
ADJUST = ("min-p", "holm", "bh", "none")


def check_alpha(alpha: float) -> None:
    """Refuse what is no level."""
    if not 0 < alpha < 1:
        raise ValueError(f"alpha={alpha!r}; expected a number between 0 and 1")


def compare_family(
    sides: Sequence[Sides],
    focuses: Mapping[str, int],
    column: str,
    within: Sequence[str],
    *,
    two_sided: TwoSided,
    adjust: str,
    alpha: float,
    scale: Scale,
    outcomes: Mapping[TestName, Outcome] | None = None,
) -> dict[str, list[Comparison]]:
    """Every focus against the others in every domain; *focuses* gives the group of each."""
    stratum = None if not within else within[0] if len(within) == 1 else "group"
    if outcomes is None:
        outcomes = outcomes_of(
            sides, list(focuses.values()), two_sided=two_sided, adjust=adjust, alpha=alpha, scale=scale
        )
    tested = {name for name, one in outcomes.items() if not math.isnan(one.p_high) or not one.is_settled}
    family_size = 1 if adjust == "none" else sum(_counts(one, adjust, alpha) for one in outcomes.values())
    return {
        focus: [
            _compare(
                here,
                group,
                outcomes[group, place],
                focus=focus if column == "team" else f"the {focus} team",
                column=column,
                stratum=stratum,
                n_tests=len(tested),
                n_domains=len({domain for _, domain in tested}),
                family_size=family_size,
                two_sided=two_sided,
                scale=scale,
            )
            for place, here in enumerate(sides)
        ]
        for focus, group in focuses.items()
    }


def _counts(outcome: Outcome, adjust: str, alpha: float) -> bool:
    """Whether p is adjusted for this test: by min-P if it could have reached alpha; else it costs nothing."""
    if adjust == "min-p":
        return not outcome.p_min > alpha and not (outcome.is_settled and math.isnan(outcome.p_min))
    return not math.isnan(outcome.adjusted_high)


def outcomes_of(
    sides: Sequence[Sides],
    focuses: Sequence[int],
    *,
    two_sided: TwoSided,
    adjust: str,
    alpha: float,
    scale: Scale,
    together: bool = False,
) -> dict[TestName, Outcome]:
    """What every test of a family comes to, by group and place of the domain."""
    check_option("adjust", adjust, ADJUST)
    domains, places = link(sides, scale)
    if adjust == "min-p":
        linked = adjust_linked(
            domains, [places[group] for group in focuses], two_sided=two_sided, alpha=alpha, together=together
        )
        back = {place: group for group, place in places.items()}
        return {
            (None if group is None else back[group], place): one for (group, place), one in linked.items()
        }
    names = [(group, place) for group in focuses for place in range(len(sides))]
    each = [complete_alone(domains[place], places[group], two_sided, alpha) for group, place in names]
    return dict(zip(names, adjust_each(each, adjust, alpha), strict=True))


#: A team's group, name (missing where it has none), worst and best grade.
_Ends = tuple[int, str | None, int, int]


def link(sides: Sequence[Sides], scale: Scale) -> tuple[list[OpenDomain], dict[int, int]]:
    """The teams of every domain for :func:`adjust_linked`, and the number that each group has there.

    Groups, strata and teams come in an order that their grades decide, so that drawn deals depend on neither
    names nor the order of rows.
    """
    ends, profiles = _ends_of(sides, scale)
    strata = sorted({name for here in ends for name in here})
    shown: dict[tuple[str, int], list[Any]] = {}
    for place, by_name in enumerate(ends):
        for name, held in by_name.items():
            for group, team, worst, best in held:
                profile = [(place, worst, best)] if team is None else profiles[team]
                shown.setdefault((name, group), []).append(profile)
    size = 1 + max((group for _, group in shown), default=0)
    by_group = {
        group: sorted(sorted(shown.get((name, group), [])) for name in strata) for group in range(size)
    }
    order = sorted(by_group, key=by_group.__getitem__)
    places = {group: place for place, group in enumerate(order)}
    strata.sort(key=lambda name: [sorted(shown.get((name, group), [])) for group in order])

    def key(team: tuple[int, str | None, int, int]) -> Any:
        group, name, worst, best = team
        return places[group], [] if name is None else profiles[name], worst, best, name or ""

    domains = [
        tuple(
            tuple(
                OpenTeam(places[group], team, worst, best)
                for group, team, worst, best in sorted(by_name[name], key=key)
            )
            for name in strata
            if name in by_name
        )
        for by_name in ends
    ]
    return domains, places


def _ends_of(
    sides: Sequence[Sides], scale: Scale
) -> tuple[list[dict[str, list[_Ends]]], dict[str, list[tuple[int, int, int]]]]:
    """The teams of each domain by stratum, and the grades of each named team in all domains."""
    ends: list[dict[str, list[_Ends]]] = []
    profiles: dict[str, list[tuple[int, int, int]]] = {}
    for place, here in enumerate(sides):
        ends.append({})
        for name, groups in here.strata.items():
            for group, (grades, teams) in enumerate(zip(groups, here.teams[name], strict=True)):
                for grade, team in zip(grades, teams, strict=True):
                    worst, best = (scale.rank(end) // 2 for end in scale.ends(grade))
                    ends[-1].setdefault(name, []).append((group, team, worst, best))
                    if team is not None:
                        profiles.setdefault(team, []).append((place, worst, best))
    return ends, profiles


def _compare(
    sides: Sides, group: int, outcome: Outcome, *, two_sided: TwoSided, scale: Scale, **more: Any
) -> Comparison:
    strata = sides.against_others(group)
    judged = {name: (_judged(a), _judged(b)) for name, (a, b) in strata.items()}
    test = van_elteren(judged, two_sided=two_sided, scale=scale)
    used = [judged[name] for name in test.strata_used]
    a, b = ([grade for groups in used for grade in groups[i]] for i in (0, 1))
    interval = superiority_interval(a, b, scale=scale) if len(used) == 1 else None
    both_there = [groups for groups in strata.values() if all(groups)]
    held = [grade for groups in both_there for group in groups for grade in group]
    unjudged, split = held.count(None), sum(grade is not None and scale.is_split(grade) for grade in held)
    ps = test.prob_superiority
    return Comparison(
        domain=sides.domain,
        test=test,
        outcome=outcome,
        superiority=superiority_bounds(both_there, scale=scale) if unjudged or split else (ps, ps),
        interval=(math.nan, math.nan) if interval is None else (interval.low, interval.high),
        n_a=len(a),
        n_b=len(b),
        grades=tuple(scale.sorted({*a, *b})),
        n_unjudged=unjudged,
        n_split=split,
        n_unplaced=sides.unplaced,
        **more,
    )


def _judged(grades: Grades) -> list[str]:
    return [grade for grade in grades if grade is not None]


def frame_of(comparisons: Sequence[Comparison], alpha: float, scale: Scale) -> pd.DataFrame:
    """A row for each comparison, indexed by domain."""
    rows = [_row(one, alpha, scale) for one in comparisons]
    columns: dict[str, Any] = {name: [row[name] for row in rows] for name in rows[0]}
    columns["n_deals"] = pd.array(columns["n_deals"], dtype=object)
    return pd.DataFrame(columns, index=pd.Index([one.domain for one in comparisons], name="domain"))


def _row(one: Comparison, alpha: float, scale: Scale) -> dict[str, Any]:
    test, outcome = one.test, one.outcome
    verdict, sentence = settle(one, alpha, scale)
    return {
        "n_a": one.n_a,
        "n_b": one.n_b,
        "pairs_better": test.pairs.better,
        "pairs_equal": test.pairs.equal,
        "pairs_worse": test.pairs.worse,
        "prob_superiority": test.prob_superiority,
        "ci_low": one.interval[0],
        "ci_high": one.interval[1],
        "cliffs_delta": 2 * test.prob_superiority - 1,
        "n_deals": test.deals,
        "p_exact": outcome.p_high,
        "p_min_attainable": outcome.p_min,
        "p_adjusted": outcome.adjusted_high,
        "family_size": one.family_size,
        "strata_used": "; ".join(test.strata_used),
        "strata_dropped": "; ".join(test.strata_dropped),
        "ps_bound_low": one.superiority[0],
        "ps_bound_high": one.superiority[1],
        "p_bound_low": outcome.p_low,
        "p_bound_high": outcome.p_high,
        "p_adjusted_low": outcome.adjusted_low,
        "method": test.method,
        "method_adjusted": outcome.method,
        "verdict": verdict,
        "sentence": sentence,
    }
