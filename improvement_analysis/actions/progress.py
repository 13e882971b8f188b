"""How actions stand: last reported, overdue on a day, closed on time, and quarter by quarter.

Nothing here looks at the clock: a day to judge by is always given.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pandas as pd

from improvement_analysis.actions.plans import STATUSES
from improvement_analysis.actions.quarters import quarter_end, quarter_of, quarters_after
from improvement_analysis.marks import carry_marks
from improvement_analysis.teams import TEAM

__all__ = [
    "count_actions",
    "known_actions",
    "latest_actions",
    "list_closed",
    "list_overdue",
    "reported_until",
    "track_actions",
]

_ONE_ACTION = [*TEAM, "round", "number"]


def latest_actions(actions: pd.DataFrame, on: date | None = None) -> pd.DataFrame:
    """How every action stood last: one row per action, that of its last reported quarter.

    Parameters
    ----------
    on
        Leave out reports on quarters that were not over by this day, and closings after it. Without it
        everything reported counts.

    Returns
    -------
    DataFrame
        One row per action in order of first appearance. An action without a report by then has no quarter.
    """
    known = _known(actions, on)
    place = known.groupby(_ONE_ACTION, dropna=False, observed=True, sort=False).ngroup()
    order = known.assign(_place=place).sort_values(["_place", "quarter"], kind="stable", na_position="first")
    last = order.drop_duplicates("_place", keep="last")
    return last.drop(columns="_place").reset_index(drop=True)


def _known(actions: pd.DataFrame, on: date | None) -> pd.DataFrame:
    """The table with what was not known by a day left blank."""
    known = actions.copy()
    if on is not None:
        late = [isinstance(quarter, str) and quarter_end(quarter) > on for quarter in known["quarter"]]
        known.loc[late, ["quarter", "status", "outcome"]] = None
        known.loc[known["closed_on"] > pd.Timestamp(on), "closed_on"] = pd.NaT
    return known


def known_actions(actions: pd.DataFrame, on: date | None = None) -> pd.DataFrame:
    """The actions planned by a day with what was reported by then, and how each stood last.

    Returns
    -------
    DataFrame, one row per action and reported quarter
        With ``stands``: the status last reported, ``closed`` from the day of closing on, or ``not reported``.
        An action without a report by then has one row without a quarter.
    """
    if on is not None:
        actions = actions[~(actions["visit_date"] > pd.Timestamp(on))]
    known = _known(actions, on)
    last = latest_actions(actions, on)
    place = known.groupby(_ONE_ACTION, dropna=False, observed=True, sort=False).ngroup()
    status = last["status"].astype("object").mask(last["closed_on"].notna(), "closed").fillna("not reported")
    known["stands"] = status.to_numpy()[place] if len(known) else []
    silent = known["quarter"].isna() & (known["quarter"].notna().groupby(place).transform("any"))
    told = known.assign(_place=place)[~silent].drop_duplicates(["_place", "quarter"])
    return told.drop(columns="_place").reset_index(drop=True)


def list_overdue(actions: pd.DataFrame, on: date) -> pd.DataFrame:
    """The actions that were overdue on a day: due before it, and by then neither closed nor stopped.

    Parameters
    ----------
    actions : DataFrame, one row per action and reported quarter
    on
        The day to judge by. What is reported on a quarter is known from its last day, a closing from its
        own day.

    Returns
    -------
    DataFrame
        As :func:`latest_actions`, most overdue first, with ``days_overdue`` (whole days since it was due).
        An action without a day to be done by is never in it.

    Examples
    --------
    >>> from improvement_analysis.actions import as_actions
    >>> row = {"service": "Safeguarding", "number": 1, "action": "A", "source": "x",
    ...        "due": date(2018, 3, 31), "closed_on": date(2018, 5, 2)}
    >>> list_overdue(as_actions([row]), date(2018, 4, 10))["days_overdue"].tolist()
    [10]
    >>> len(list_overdue(as_actions([row]), date(2018, 5, 2)))
    0
    """
    known = latest_actions(actions, on)
    ended = known["closed_on"].notna() | known["status"].isin(STATUSES[2:])
    late = known[(known["due"] < pd.Timestamp(on)) & ~ended].copy()
    late["days_overdue"] = (pd.Timestamp(on) - late["due"]).dt.days.astype("int64")
    return late.sort_values("days_overdue", ascending=False, kind="stable", ignore_index=True)


def list_closed(actions: pd.DataFrame) -> pd.DataFrame:
    """The actions that were closed, each with whether that was on time.

    Returns
    -------
    DataFrame
        As :func:`latest_actions`, with ``on_time`` (boolean; missing where the day it was due or the day it
        was closed is not known). Stopped actions are not closed ones.
    """
    last = latest_actions(actions)
    closed = last[last["closed_on"].notna() | (last["status"] == "closed")].copy()
    on_time = (closed["closed_on"] <= closed["due"]).astype("boolean")
    closed["on_time"] = on_time.mask(closed["closed_on"].isna() | closed["due"].isna())
    return closed.reset_index(drop=True)


def count_actions(actions: pd.DataFrame, by: str | Sequence[str] = ("service", "quarter")) -> pd.DataFrame:
    """How many actions were reported at each status, in each group.

    Parameters
    ----------
    by
        Column or columns that name the groups.

    Returns
    -------
    DataFrame of int, groups x :data:`STATUSES` and ``not reported``
        An action counts in each quarter that was reported on, so rows of one quarter may be added up, rows
        of different quarters not.

    Examples
    --------
    >>> from improvement_analysis.actions import as_actions
    >>> rows = [{"service": "A", "number": n, "action": "x", "source": "s", "quarter": "2018-19 Q1",
    ...          "status": status} for n, status in enumerate(["closed", "closed", "in progress"])]
    >>> count_actions(as_actions(rows), "quarter").loc["2018-19 Q1", "closed"].item()
    2
    """
    keys = [by] if isinstance(by, str) else list(by)
    columns = [*STATUSES, "not reported"]
    status = actions["status"].astype("object").where(actions["status"].notna(), "not reported")
    told = actions.assign(status=pd.Categorical(status, categories=columns))
    grouped = told.groupby([*keys, "status"], observed=False, dropna=False, sort=True).size()
    counts = grouped.unstack("status").reindex(columns=columns).fillna(0).astype("int64")
    return carry_marks(counts[counts.sum(axis=1) > 0].rename_axis(columns="status"), actions)


def track_actions(actions: pd.DataFrame) -> pd.DataFrame:
    """How every action stood at the end of each quarter, as far as had been reported by then.

    Parameters
    ----------
    actions : DataFrame, one row per action and reported quarter

    Returns
    -------
    DataFrame of int, quarters x :data:`STATUSES` and ``not reported``
        Every quarter from that of the first visit to the last that was reported on; empty where nothing was
        reported. An action stands in a row from the quarter of its visit (where that day is not known, from
        its first report) and keeps what was last reported of it, so a row sums to the actions planned by
        its end. An action with a day of closing is closed from that day, whatever was reported.

    Examples
    --------
    >>> from improvement_analysis.actions import as_actions
    >>> row = {"service": "A", "number": 1, "action": "x", "source": "s", "visit_date": date(2018, 2, 1),
    ...        "quarter": "2018-19 Q1", "status": "in progress"}
    >>> track_actions(as_actions([row]))[["in progress", "not reported"]].to_dict("index")
    {'2017-18 Q4': {'in progress': 0, 'not reported': 1}, '2018-19 Q1': {'in progress': 1, 'not reported': 0}}
    """
    columns = pd.Index([*STATUSES, "not reported"], name="status")
    last = actions["quarter"].dropna().max()
    if not isinstance(last, str):
        return pd.DataFrame(columns=columns, index=pd.Index([], name="quarter"), dtype="int64")
    began = _beginnings(actions)
    quarters = [min(began.min(), last)]
    while quarters[-1] < last:
        quarters += quarters_after(quarter_end(quarters[-1]), 1)
    rows = []
    for quarter in quarters:
        known = latest_actions(actions, quarter_end(quarter))
        status = known["status"].astype("object").mask(known["closed_on"].notna(), "closed")
        planned = status[(began <= quarter).to_numpy()].fillna("not reported")
        rows.append([int((planned == name).sum()) for name in columns])
    return carry_marks(pd.DataFrame(rows, pd.Index(quarters, name="quarter"), columns), actions)


def _beginnings(actions: pd.DataFrame) -> pd.Series:
    """The quarter from which each action counts, in the order of :func:`latest_actions`."""
    place = actions.groupby(_ONE_ACTION, dropna=False, observed=True, sort=False).ngroup()
    visited = [None if pd.isna(day) else quarter_of(day) for day in actions["visit_date"]]
    first = pd.Series(visited, index=actions.index, dtype="str").fillna(actions["quarter"])
    return first.groupby(place).min().fillna(actions["quarter"].min())


def reported_until(actions: pd.DataFrame) -> date | None:
    """The day up to which a table of actions speaks, to judge by where none is given; None where it is empty.

    The last day of the last quarter that was reported on. Where nothing was reported, the latest day of a
    visit or of a closing.

    Examples
    --------
    >>> from improvement_analysis.actions import as_actions
    >>> row = {"service": "A", "number": 1, "action": "x", "source": "s", "quarter": "2018-19 Q1",
    ...        "status": "in progress"}
    >>> reported_until(as_actions([row]))
    datetime.date(2018, 6, 30)
    """
    last = actions["quarter"].dropna().max()
    if isinstance(last, str):
        return quarter_end(last)
    days = actions[["visit_date", "closed_on"]].max().max()
    return None if pd.isna(days) else pd.Timestamp(days).date()
