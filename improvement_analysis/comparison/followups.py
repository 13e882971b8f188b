"""Actions closed between two visits, beside the grade before and after: what happened, never why."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from improvement_analysis.actions import latest_actions
from improvement_analysis.gradings import select_standing
from improvement_analysis.rounds import list_rounds
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.teams import TEAM, current_teams, lineage_of

__all__ = ["FOLLOWED", "MOVES", "follow_actions", "move_of", "pair_visits"]

#: What became, before the next visit, of the actions planned for a team's domain.
FOLLOWED = ("closed", "planned", "none", "not known")

#: Which way a grade went from one visit to the next.
MOVES = ("up", "not moved", "down")

_VISITED = [*TEAM, "domain", "round"]


def follow_actions(
    actions: pd.DataFrame,
    gradings: pd.DataFrame,
    *,
    leave_out: Iterable[str] = ("overall",),
    scale: Scale = OFSTED,
) -> pd.DataFrame:
    """Every team and domain visited twice: what had been planned, what was closed, and both grades.

    A low grade draws actions and has more room to rise, and much else happens between two visits. The rows
    say what came after what.

    Parameters
    ----------
    actions : DataFrame, one row per action and reported quarter
        Actions that name no domain belong to no row.
    gradings : DataFrame, one row per grading
        Of several rounds. In each round the grading that stands is taken, and only where it names its team.
    leave_out
        Domains left out: the overall conclusion, for which nobody plans.

    Returns
    -------
    DataFrame, one row per team, domain and pair of successive visits
        A team that was renamed or moved is one team; one that split or merged between has no such pair.
        ``authority, area, service, team, domain``; ``round``, ``next_round``; ``before``, ``after`` (the
        grades, missing without a judgement); ``moved`` (one of :data:`MOVES`; missing unless both are
        judged); ``planned`` (actions of the first visit for this domain), ``closed`` (those closed before
        the day of the next visit; missing where that day is not known) and ``followed``: ``"closed"`` where
        at least one was, ``"planned"`` where none of them was, ``"none"`` where none was planned, ``"not
        known"`` where actions were planned and the day of the next visit is not known.

    Examples
    --------
    >>> from improvement_analysis.actions import as_actions
    >>> from improvement_analysis.gradings import as_gradings
    >>> team = {"authority": "X", "service": "S", "team": "Team A", "domain": "practice", "source": "s"}
    >>> visits = [{**team, "round": "2017", "visit_date": "2017-09-01", "grade": "I"},
    ...           {**team, "round": "2018", "visit_date": "2018-09-01", "grade": "RI"}]
    >>> plan = {**team, "round": "2017", "number": 1, "action": "x", "closed_on": "2018-03-01"}
    >>> found = follow_actions(as_actions([plan]), as_gradings(pd.DataFrame(visits)))
    >>> found[["planned", "closed", "followed", "moved"]].to_numpy().tolist()
    [[1, 1, 'closed', 'up']]
    """
    pairs = pair_visits(gradings, leave_out)
    pairs = pairs[pairs["next_round"].notna()].reset_index(drop=True)
    last = latest_actions(actions)
    plans = last[last["domain"].notna()][[*_VISITED, "closed_on"]].copy()
    joined = pairs.reset_index(names="pair").merge(plans, on=_VISITED, how="left", indicator=True)
    joined["is_planned"] = joined["_merge"] == "both"
    joined["is_closed"] = joined["closed_on"] < joined["next_visit"]
    counted = joined.groupby("pair")[["is_planned", "is_closed"]].sum()
    found = pairs.assign(
        moved=_moves(pairs, scale),
        planned=counted["is_planned"].astype("int64"),
        closed=counted["is_closed"].astype("Int64").mask(pairs["next_visit"].isna()),
    )
    found["followed"] = [
        _followed(planned, closed) for planned, closed in zip(found["planned"], found["closed"], strict=True)
    ]
    return found.drop(columns="next_visit")


def pair_visits(gradings: pd.DataFrame, leave_out: Iterable[str] = ()) -> pd.DataFrame:
    """Each team's grading in a domain beside the one of its next visit, which is missing where there is none.

    Returns
    -------
    DataFrame, one row per team, domain and round
        ``authority, area, service, team, domain, round``; ``next_round``, ``before``, ``after``,
        ``next_visit``. A team that split or merged has no next visit.
    """
    kept = gradings[gradings["team"].notna() & ~gradings["domain"].isin(set(leave_out))]
    parts = [select_standing(kept, name) for name in list_rounds(kept)]
    standing = pd.concat(parts, ignore_index=True) if parts else kept.iloc[:0]
    standing = standing.assign(domain=standing["domain"].astype("str"))
    lineage = lineage_of(gradings)
    if lineage.changes:
        now = current_teams(standing, lineage)
        team = standing.groupby([now, "domain"], dropna=False, sort=False)
    else:
        team = standing.groupby([*TEAM, "domain"], dropna=False, sort=False)
    later = team[["round", "grade", "visit_date"]].shift(-1)
    pairs = standing[_VISITED].assign(
        next_round=later["round"],
        before=standing["grade"],
        after=later["grade"],
        next_visit=later["visit_date"],
    )
    if lineage.changes:
        rounds = list_rounds(kept)
        parted = [
            isinstance(last, str)
            and any(name in change[:2] for change in lineage.between(rounds, first, last))
            for name, first, last in zip(now, pairs["round"], pairs["next_round"], strict=True)
        ]
        pairs.loc[parted, ["next_round", "after", "next_visit"]] = None
    return pairs


def _moves(pairs: pd.DataFrame, scale: Scale) -> pd.Series:
    found = [move_of(*ends, scale) for ends in zip(pairs["before"], pairs["after"], strict=True)]
    return pd.Series(found, index=pairs.index, dtype="str")


def move_of(before: object, after: object, scale: Scale) -> str | None:
    """Which way a grade went; None unless both are grades."""
    if not (isinstance(before, str) and isinstance(after, str)):
        return None
    steps = scale.rank(after) - scale.rank(before)
    return MOVES[0] if steps > 0 else MOVES[2] if steps < 0 else MOVES[1]


def _followed(planned: int, closed: object) -> str:
    if not planned:
        return "none"
    if pd.isna(closed):  # type: ignore[call-overload]  # pandas-stubs knows no object here
        return "not known"
    return "closed" if closed else "planned"
