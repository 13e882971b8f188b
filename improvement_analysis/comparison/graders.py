"""Graders of one team: who differs from whom, which way, and how far two agree, domain by domain."""

from __future__ import annotations

import itertools

import pandas as pd

from improvement_analysis.comparison.matching import match
from improvement_analysis.marks import carry_marks, scale_of
from improvement_analysis.scale import Scale
from improvement_analysis.standing import SETTLING, grading_keys, settle_gradings, stages_of
from improvement_analysis.statistics import agreement
from improvement_analysis.teams import HoldsGradings, take_gradings

#: The distance of two whole grades in ranks, whose splits lie between.
_WHOLE = 2

__all__ = ["count_settled", "list_pairs", "pair_gradings", "rater_agreement"]


def rater_agreement(
    gradings: pd.DataFrame | HoldsGradings, first: str, second: str, *, scale: Scale | None = None
) -> pd.DataFrame:
    """How far two graders agree on the teams that both graded.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
        With the column ``grader``; every grading of either names its team.
    first, second
        The two graders, as named there.

    Returns
    -------
    DataFrame, indexed by domain
        ``n_pairs``: teams graded by both, in one round; of these ``agree`` and ``within_one`` (at most one
        whole grade apart). ``kappa_linear``, ``kappa_quadratic``, ``alpha_ordinal``, ``ac2`` (ordinal
        weights): see :func:`agreement`; missing, with ``undefined_reason``, where only one grade was ever
        given or no team was graded by both.

    Raises
    ------
    GradingsError
        If a grader is not there (or no grading names its grader), or teams cannot be matched.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": f"Team {team}", "grader": grader, "domain": "practice",
    ...      "grade": grade, "source": "example"}
    ...     for grader, grades in {"first": ["I", "RI", "RI", "G"], "second": ["RI", "RI", "RI", "G"]}.items()
    ...     for team, grade in zip("ABCD", grades)
    ... ]
    >>> rater_agreement(as_gradings(pd.DataFrame(rows)), "first", "second").loc["practice", "agree"].item()
    3
    """
    held = take_gradings(gradings)
    scale = scale or scale_of(held)
    apart = ["case"] if "case" in held else []
    matched = match(_last_stages(held), "grader", first, second, also=[*apart, "round"])
    rows = {}
    for domain, here in matched.groupby("domain", observed=True):
        both = here[here["first"].notna() & here["second"].notna()]
        found = agreement(
            both["first"].astype(str).to_list(), both["second"].astype(str).to_list(), scale=scale
        )
        rows[str(domain)] = {
            "n_pairs": found.n_pairs,
            "agree": found.agree,
            "within_one": found.within_one,
            "kappa_linear": found.kappa_linear,
            "kappa_quadratic": found.kappa_quadratic,
            "alpha_ordinal": found.alpha_ordinal,
            "ac2": found.ac2,
            "undefined_reason": found.undefined_reason,
        }
    result = pd.DataFrame(rows.values(), index=pd.Index(list(rows), name="domain"))
    return carry_marks(result, held)


def list_pairs(gradings: pd.DataFrame | HoldsGradings, *, scale: Scale | None = None) -> pd.DataFrame:
    """Every pair of graders who graded a team in one domain and round.

    Parameters
    ----------
    gradings : DataFrame, one row per grading

    Returns
    -------
    DataFrame, one row per pair, those who share most gradings first
        ``first``, ``second`` (by stage, then as they come in the table), ``n_pairs`` (teams and domains that
        both graded); of those judged by both ``lower``, ``same`` and ``higher``, how the second grades beside
        the first, and ``wide``, more than one whole grade apart.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": "Team A", "grader": grader, "domain": "practice",
    ...      "grade": grade, "source": "example"}
    ...     for grader, grade in {"auditor": "G", "moderator": "RI", "peer": "G"}.items()
    ... ]
    >>> list_pairs(as_gradings(pd.DataFrame(rows)))[["first", "second", "lower"]].to_numpy().tolist()
    [['auditor', 'moderator', 1], ['auditor', 'peer', 0], ['moderator', 'peer', 0]]
    """
    held, rows = take_gradings(gradings), []
    scale = scale or scale_of(held)
    for first, second in itertools.combinations(_in_order(held), 2):
        both = pair_gradings(held, first, second)
        if both.empty:
            continue
        judged = both.dropna(subset=["first", "second"])
        steps = [
            scale.rank(b) - scale.rank(a) for a, b in zip(judged["first"], judged["second"], strict=True)
        ]
        rows.append(
            {
                "first": first,
                "second": second,
                "n_pairs": len(both),
                "lower": sum(step < 0 for step in steps),
                "same": steps.count(0),
                "higher": sum(step > 0 for step in steps),
                "wide": sum(abs(step) > _WHOLE for step in steps),
            }
        )
    columns = ["first", "second", "n_pairs", "lower", "same", "higher", "wide"]
    pairs = pd.DataFrame(rows, columns=columns)
    pairs = pairs.sort_values("n_pairs", ascending=False, kind="stable", ignore_index=True)
    return carry_marks(pairs, held)


def count_settled(
    gradings: pd.DataFrame | HoldsGradings, by: str = "domain", *, scale: Scale | None = None
) -> pd.DataFrame:
    """What became of gradings that were agreed or moderated afterwards: how many were changed, and which way.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    by
        Column that names the groups, such as ``"domain"`` or ``"grader"``.

    Returns
    -------
    DataFrame of int, indexed by *by*
        ``n_settled``: gradings of an earlier stage with an agreed or moderated grade beside them. Of those
        ``lowered``, ``same`` and ``raised`` by it, ``wide`` (by more than one whole grade) and ``unjudged``
        (one of the two is no grade). ``n_open``: gradings of teams and domains that nothing settled.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": "Team A", "grader": stage, "stage": stage,
    ...      "domain": "practice", "grade": grade, "source": "example"}
    ...     for stage, grade in {"first": "G", "second": "RI", "moderated": "RI"}.items()
    ... ]
    >>> count_settled(as_gradings(pd.DataFrame(rows)), "grader")[["lowered", "same"]].to_numpy().tolist()
    [[1, 0], [0, 1]]
    """
    held = take_gradings(gradings)
    scale = scale or scale_of(held)
    named = held[held["team"].notna()].astype({"round": "object", "domain": "object"})
    settles = named["stage"].astype(object).isin(SETTLING)
    keys = grading_keys(held)
    last = settle_gradings(named[settles])
    both = named[~settles].merge(
        last[[*keys, "grade"]].assign(settled=True), "left", keys, suffixes=("", "_2")
    )
    pairs = zip(both["grade"].astype(object), both["grade_2"].astype(object), strict=True)
    steps = pd.Series(
        [
            scale.rank(b) - scale.rank(a) if isinstance(a, str) and isinstance(b, str) else None
            for a, b in pairs
        ],
        index=both.index,
        dtype="Float64",
    )
    settled = both["settled"].notna()
    flags = {"n_settled": settled, "lowered": steps < 0, "same": steps == 0, "raised": steps > 0}
    flags |= {"wide": steps.abs() > _WHOLE, "unjudged": settled & steps.isna(), "n_open": ~settled}
    counted = pd.DataFrame({name: flag.fillna(False).astype("int64") for name, flag in flags.items()})
    result = counted.groupby(both[by], sort=False).sum()
    if by == "domain":
        order = [key for key in held["domain"].cat.categories if key in result.index]
        result = result.loc[order]
    return carry_marks(result, held)


def pair_gradings(gradings: pd.DataFrame | HoldsGradings, first: str, second: str) -> pd.DataFrame:
    """The teams, rounds and domains that two graders graded, with the grade of each.

    Where a grader graded in several stages, the last stage counts.
    """
    gradings = take_gradings(gradings)
    keys = grading_keys(gradings)
    last = _last_stages(gradings[gradings["team"].notna()])
    last = last.astype({"round": "object", "domain": "object"})
    sides = [last.loc[last["grader"] == name, [*keys, "grade"]] for name in (first, second)]
    joined = sides[0].merge(sides[1], on=keys, suffixes=("_1", "_2"))
    return joined.rename(columns={"grade_1": "first", "grade_2": "second"})


def _last_stages(gradings: pd.DataFrame) -> pd.DataFrame:
    """What each grader came to in the end: of each team, round and domain the grading of the last stage."""
    if "stage" not in gradings or not gradings["stage"].notna().any():
        return gradings
    keys = [*grading_keys(gradings), "grader"]
    ordered = gradings.assign(stage=stages_of(gradings))
    ordered = ordered.sort_values("stage", kind="stable", na_position="first")
    again = ordered.duplicated(keys, keep="last") & ordered["team"].notna()
    return gradings.drop(index=ordered.index[again])


def _in_order(gradings: pd.DataFrame) -> list[str]:
    """The graders of named teams, by their earliest stage, then by how much they graded, then by name."""
    named = gradings[gradings["team"].notna() & gradings["grader"].notna()]
    stages = stages_of(named).cat.codes.groupby(named["grader"]).min()
    sizes = named.groupby("grader").size()
    return sorted(map(str, sizes.index), key=lambda name: (stages[name], -sizes[name], name))
