"""One round after another: which teams moved, and which way."""

from __future__ import annotations

from typing import Literal

import pandas as pd

from improvement_analysis.comparison.matching import match
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import select_standing
from improvement_analysis.marks import carry_marks, scale_of
from improvement_analysis.rounds import list_rounds
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.statistics import adjust, sign_test, signed_rank_exact
from improvement_analysis.teams import (
    TEAM,
    HoldsGradings,
    current_teams,
    lineage_of,
    take_gradings,
    take_rounds,
)
from improvement_analysis.vocabulary import day_in_words

__all__ = ["compare_rounds", "count_unmatched", "list_movers", "list_moves", "list_unmatched", "transitions"]


def compare_rounds(
    gradings: pd.DataFrame | HoldsGradings,
    before: str | None = None,
    after: str | None = None,
    *,
    zeros: Literal["wilcoxon", "pratt"] = "wilcoxon",
    alpha: float = 0.05,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Did the teams graded in both rounds go up or down, domain by domain?

    Parameters
    ----------
    gradings : DataFrame, one row per grading
        Of both rounds, one grading per team, domain and round; of a dataset, those that stand. Every grading
        names its team; teams are told apart by authority, area, service and name.
    before, after
        The two rounds; of a dataset by default the last two.
    zeros
        What the signed-rank test does with teams that did not move; see :func:`signed_rank_exact`.
    alpha
        The level of the verdict.

    Returns
    -------
    DataFrame, indexed by domain
        ``n_matched``: teams with a grade in both rounds; of these ``up``, ``same`` (not moved), ``down``.
        ``p_sign`` and ``p_signed_rank``, exact and two-sided, not adjusted for the number of domains;
        missing where none moved. ``p_least``: the smallest that ``p_sign`` can be with so many movers.
        ``p_adjusted``: ``p_sign`` by Holm over the domains in which anything could be claimed, missing in
        the others; see :func:`~improvement_analysis.statistics.tarone_family`. ``verdict``: *moved up* or
        *moved down* where ``p_adjusted`` is at most *alpha*, else *open*; *too few*; *none moved*.
        ``zero_method``. ``n_new``, ``n_not_again``: teams in the later or the earlier round only.
        ``n_closed``: those of the earlier round that are declared to have closed by the later one.
        ``n_split_merged``: teams of the earlier round that are declared to have split or merged since; they
        are neither matched nor new nor gone, and a team renamed or moved is one team. A team without a
        judgement in a round is in none of these; :func:`list_unmatched` names it, and nothing is filled in
        for it.

    Raises
    ------
    GradingsError
        If a round is not there, names no team, or grades a team twice in a domain.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": f"Team {team}", "round": year, "domain": "overall",
    ...      "grade": grade, "source": "example"}
    ...     for year, grades in {"2017": ["I", "I", "RI", "G"], "2018": ["RI", "G", "RI"]}.items()
    ...     for team, grade in zip("ABCD", grades)
    ... ]
    >>> found = compare_rounds(as_gradings(pd.DataFrame(rows)), "2017", "2018").loc["overall"]
    >>> found[["n_matched", "up", "same", "down", "n_new", "n_not_again"]].astype(int).to_list()
    [3, 2, 1, 0, 0, 1]
    """
    if not isinstance(gradings, pd.DataFrame):
        gradings, before, after = _standing_of_both(take_gradings(gradings), before, after)
    elif before is None or after is None:
        raise GradingsError("name the two rounds: before and after; only a dataset has a last two")
    scale = scale or scale_of(gradings)
    matched = with_fates(gradings, before, after)
    rows = {
        str(domain): _compare_domain(here, zeros, scale)
        for domain, here in matched.groupby("domain", observed=True)
    }
    frame = pd.DataFrame(rows.values(), index=pd.Index(list(rows), name="domain"))
    least = frame["p_least"].to_list()
    frame["p_adjusted"] = adjust(frame["p_sign"].to_list(), min_attainable=least, alpha=alpha)
    frame["verdict"] = [_verdict(row, alpha) for _, row in frame.iterrows()]
    return carry_marks(frame, gradings)


def _compare_domain(
    here: pd.DataFrame, zeros: Literal["wilcoxon", "pratt"], scale: Scale
) -> dict[str, int | float | str]:
    both = here[here["first"].notna() & here["second"].notna()]
    first, second = both["first"].astype(str).to_list(), both["second"].astype(str).to_list()
    moves = [scale.rank(b) - scale.rank(a) for a, b in zip(first, second, strict=True)]
    moved = len(moves) - moves.count(0)
    return {
        "n_matched": len(both),
        "up": sum(move > 0 for move in moves),
        "same": moves.count(0),
        "down": sum(move < 0 for move in moves),
        "p_sign": sign_test(first, second, scale=scale).p,
        "p_signed_rank": signed_rank_exact(first, second, zeros=zeros, scale=scale).p,
        "p_least": 2.0 ** (1 - moved) if moved else float("nan"),  # all of them one way
        "zero_method": zeros,
        "n_new": int((here["fate"] == "new").sum()),
        "n_not_again": int((here["fate"] == "not again").sum()),
        "n_closed": int((here["fate"] == "closed").sum()),
        "n_split_merged": int((here["apart"].notna() & here["in_first"]).sum()),
    }


def with_fates(gradings: pd.DataFrame, before: str, after: str) -> pd.DataFrame:
    """The matched teams of two rounds with ``fate``: what a team of one round only is, missing for others.

    ``"new"``, ``"not again"``, ``"closed"`` where that is declared, or ``"split or merged"``; ``closed_on``
    is the declared day.
    """
    matched = match(gradings, "round", before, after)
    closed = lineage_of(gradings).closed
    days = gradings.loc[gradings["round"] == after, "visit_date"]
    until = days.max() if "visit_date" in gradings else pd.NaT
    ended = pd.Series([closed.get(team) for team in current_teams(matched)], matched.index, dtype="object")
    gone = pd.to_datetime(ended) <= until if pd.notna(until) else ended.notna()
    fate = pd.Series(None, matched.index, dtype="str")
    fate[~matched["in_first"]] = "new"
    fate[~matched["in_second"]] = "not again"
    fate[~matched["in_second"] & gone] = "closed"
    fate[matched["apart"].notna()] = "split or merged"
    return matched.assign(fate=fate, closed_on=ended.where(fate == "closed"))


def _verdict(row: pd.Series, alpha: float) -> str:
    if pd.isna(row["p_least"]):
        return "none moved"
    if pd.isna(row["p_adjusted"]):
        return "too few"
    if row["p_adjusted"] > alpha:
        return "open"
    return "moved up" if row["up"] > row["down"] else "moved down"


def list_movers(
    gradings: pd.DataFrame | HoldsGradings, before: str, after: str, *, scale: Scale | None = None
) -> pd.DataFrame:
    """The teams whose grade is another in the later round, by name: for internal pages only.

    Parameters
    ----------
    gradings, before, after
        As in :func:`compare_rounds`.

    Returns
    -------
    DataFrame, one row per team and domain that moved
        ``domain``, ``authority``, ``area``, ``service``, ``team``, ``from``, ``to``, ``way`` (*up*, *down*)
        and ``was``: what the team was called before, missing where that is no other name.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": "Team A", "round": year, "domain": "overall", "grade": grade,
    ...      "source": "example"}
    ...     for year, grade in {"2017": "I", "2018": "RI"}.items()
    ... ]
    >>> list_movers(as_gradings(pd.DataFrame(rows)), "2017", "2018")[["team", "from", "to", "way"]]
         team from  to way
    0  Team A    I  RI  up
    """
    gradings = take_rounds(gradings, before, after)
    scale = scale or scale_of(gradings)
    matched = match(gradings, "round", before, after).dropna(subset=["first", "second"])
    ends = zip(matched["first"].astype(str), matched["second"].astype(str), strict=True)
    steps = pd.Series([scale.rank(b) - scale.rank(a) for a, b in ends], matched.index, dtype="int64")
    moved = matched.assign(way=steps.gt(0).map({True: "up", False: "down"}))[steps != 0]
    named = moved.rename(columns={"first": "from", "second": "to"})
    ordered = named.sort_values(["domain", "way"], kind="stable", ascending=[True, False], ignore_index=True)
    return carry_marks(ordered[["domain", *TEAM, "from", "to", "way", "was"]], gradings)


def list_moves(
    gradings: pd.DataFrame | HoldsGradings, before: str | None = None, after: str | None = None
) -> pd.DataFrame:
    """Which teams got better and which worse, by name: :func:`list_movers` of what stands in two rounds.

    Parameters
    ----------
    gradings
        A dataset, or its gradings.
    before, after
        By default the last two rounds.

    Raises
    ------
    GradingsError
        If there are no two rounds, or one is not there.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> moves = list_moves(load("example-team-forms"))
    >>> moves.loc[moves["way"] == "down", ["domain", "team", "from", "to"]].head(2)
           domain    team from      to
    4  allocation  Team Q   RI  RI / I
    5  allocation  Team D    G      RI
    """
    both, *rounds = _standing_of_both(take_gradings(gradings), before, after)
    return list_movers(both, *rounds)


def _standing_of_both(
    gradings: pd.DataFrame, before: str | None, after: str | None
) -> tuple[pd.DataFrame, str, str]:
    """What stands in two rounds, the last two where none is named, and their names."""
    if before is None or after is None:
        rounds = list_rounds(gradings)
        if len(rounds) < 2:
            raise GradingsError(f"two rounds are needed; found {', '.join(rounds) or 'none'}")
        before, after = before or rounds[-2], after or rounds[-1]
    both = pd.concat([select_standing(gradings, name) for name in (before, after)], ignore_index=True)
    return carry_marks(both, gradings), before, after


def transitions(
    gradings: pd.DataFrame | HoldsGradings,
    before: str,
    after: str,
    *,
    domain: str | None = None,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Count the teams graded in both rounds by where they came from and where they went.

    Parameters
    ----------
    gradings, before, after
        As in :func:`compare_rounds`.
    domain
        The domain to count; by default each, one below the other.

    Returns
    -------
    DataFrame of int, from x to
        Rows ``from`` (or ``domain``, ``from``) and columns ``to`` run worst to best, then *no judgement*;
        every grade is there even where nobody has it. A row sums to the matched teams that came from it.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": "Team A", "round": year, "domain": "overall", "grade": grade,
    ...      "source": "example"}
    ...     for year, grade in {"2017": "I", "2018": "RI"}.items()
    ... ]
    >>> int(transitions(as_gradings(pd.DataFrame(rows)), "2017", "2018", domain="overall").loc["I", "RI"])
    1
    """
    gradings = take_rounds(gradings, before, after)
    scale = scale or scale_of(gradings)
    matched = match(gradings, "round", before, after)
    both = matched[matched["in_first"] & matched["in_second"]]
    domains = [str(name) for name, here in matched.groupby("domain", observed=True) if len(here)]
    if domain is not None:
        if domain not in domains:
            raise _no_domain(domain, matched)
        return carry_marks(_from_to(both[both["domain"] == domain], scale), gradings)
    each = {d: _from_to(both[both["domain"] == d], scale) for d in domains}
    stacked: pd.DataFrame = pd.concat(each, names=["domain"])
    return carry_marks(stacked, gradings)


def _from_to(teams: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    columns = list(scale.columns)
    moves = pd.DataFrame(
        {
            end: teams[side].astype(object).fillna(NO_JUDGEMENT)
            for end, side in {"from": "first", "to": "second"}.items()
        }
    )
    counted = moves.groupby(["from", "to"]).size().unstack(fill_value=0)
    found = pd.DataFrame(counted.reindex(index=columns, columns=columns, fill_value=0)).astype("int64")
    found.index.name, found.columns.name = "from", "to"
    return found


def count_unmatched(
    gradings: pd.DataFrame | HoldsGradings,
    before: str,
    after: str,
    *,
    domain: str,
    scale: Scale | None = None,
) -> pd.DataFrame:
    """Count the teams graded in one of two rounds only, by their grade in it.

    Parameters
    ----------
    gradings, before, after
        As in :func:`compare_rounds`.
    domain
        The domain to count.

    Returns
    -------
    DataFrame of int, three rows x grades
        ``new``: in the later round only; ``not again``: in the earlier only; ``closed``: those of them that
        are declared to have closed. Teams that split or merged are in none. Columns run worst to best, then
        *no judgement*.

    Raises
    ------
    GradingsError
        If neither round has a grading in this domain.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": team, "round": year, "domain": "overall", "grade": grade,
    ...      "source": "example"}
    ...     for year, team, grade in [("2017", "A", "I"), ("2017", "B", "RI"), ("2018", "A", "RI")]
    ... ]
    >>> found = count_unmatched(as_gradings(pd.DataFrame(rows)), "2017", "2018", domain="overall")
    >>> int(found.loc["not again", "RI"]), int(found.loc["new"].sum())
    (1, 0)
    """
    gradings = take_rounds(gradings, before, after)
    scale = scale or scale_of(gradings)
    matched = with_fates(gradings, before, after)
    here = matched[matched["domain"] == domain]
    if here.empty:
        raise _no_domain(domain, matched)
    sides = {"new": "second", "not again": "first", "closed": "first"}
    only = {fate: here.loc[here["fate"] == fate, side] for fate, side in sides.items()}
    tallies = {
        name: grades.astype(object).fillna(NO_JUDGEMENT).value_counts() for name, grades in only.items()
    }
    counted = pd.DataFrame(tallies).T.reindex(columns=list(scale.columns)).fillna(0).astype("int64")
    return carry_marks(counted.rename_axis(columns="grade"), gradings)


def _no_domain(domain: str, matched: pd.DataFrame) -> GradingsError:
    known = [str(name) for name, here in matched.groupby("domain", observed=True) if len(here)]
    return GradingsError(f"no gradings for domain {domain!r}; known are {', '.join(known)}")


def list_unmatched(gradings: pd.DataFrame | HoldsGradings, before: str, after: str) -> pd.DataFrame:
    """The teams that a comparison of two rounds leaves out, and why.

    Returns
    -------
    DataFrame, one row per team and domain left out
        ``domain``, ``authority``, ``area``, ``service``, ``team`` and ``why``: graded in one round only, or
        without a judgement in one; closed, split or merged where that is declared. Empty where every team
        is matched.
    """
    gradings = take_rounds(gradings, before, after)
    matched = with_fates(gradings, before, after)
    why = pd.Series("", index=matched.index)
    why[matched["second"].isna()] = f"no judgement in {after}"
    why[matched["first"].isna()] = f"no judgement in {before}"
    why[matched["first"].isna() & matched["second"].isna()] = f"no judgement in {before} nor in {after}"
    why[~matched["in_second"]] = f"in {before} only"
    why[~matched["in_first"]] = f"in {after} only"
    closed = matched["closed_on"].dropna().map(day_in_words)
    why.update(f"in {before} only; closed on " + closed)
    for side, name in (("in_first", before), ("in_second", after)):
        told = matched["apart"].notna() & matched[side]
        why[told] = f"in {name}: " + matched.loc[told, "apart"]
    left_out = matched.assign(why=why)[why != ""]
    listed = left_out[["domain", *TEAM, "why"]].sort_values("domain", kind="stable")
    return carry_marks(listed.reset_index(drop=True), gradings)
