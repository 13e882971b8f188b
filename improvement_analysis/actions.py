"""The table of actions: what a team set out to do after its visit, and how that stands quarter by quarter.

A row is one action in one quarter that was reported on; an action not yet reported on has one row without
a quarter. Quarters are those of the financial year, which begins in April: ``2018-19 Q1`` is April to June
2018. Nothing here looks at the clock: a day to judge by is always given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.vocabulary import suggest

__all__ = [
    "COLUMNS",
    "OPEN",
    "STATUSES",
    "as_actions",
    "count_actions",
    "latest_actions",
    "list_closed",
    "list_overdue",
    "quarter_end",
    "quarter_of",
    "quarters_after",
    "select_actions",
]

#: The columns of actions, in order. The data dictionary says what each means.
COLUMNS = (
    "authority",
    "round",
    "area",
    "service",
    "team",
    "visit_date",
    "number",
    "action",
    "domain",
    "role",
    "due",
    "measure",
    "closed_on",
    "quarter",
    "status",
    "outcome",
    "source",
)

#: What can be reported of an action, from its beginning to its end.
STATUSES = ("not started", "in progress", "closed", "stopped")

#: The statuses of an action that is still to be done.
OPEN = STATUSES[:2]

_DAYS = ("visit_date", "due", "closed_on")
_MUST_BE_STATED = ("service", "number", "action", "source")
_ONE_ACTION = ["authority", "round", "area", "service", "team", "number"]
_QUARTER = re.compile(r"(\d{4})-(\d{2}) Q([1-4])", re.ASCII)


def as_actions(rows: pd.DataFrame | Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Turn loose rows into actions, one row per action and reported quarter.

    Parameters
    ----------
    rows
        A row per action and quarter, with at least ``service``, ``number``, ``action`` and ``source``. A
        column that is absent is missing throughout.

    Returns
    -------
    actions : DataFrame
        Columns :data:`COLUMNS`. ``quarter`` is missing where nothing was reported yet, and then ``status``
        and ``outcome`` are too; ``due`` where no day was set, ``closed_on`` where the action is open or its
        day is not known.

    Raises
    ------
    GradingsError
        If a column that is needed is absent, or a status or quarter is not one; every fault is named.

    Examples
    --------
    >>> row = {"service": "Safeguarding", "number": 1, "action": "Close old cases", "source": "a.xlsx",
    ...        "quarter": "2018-19 Q1", "status": "in progress"}
    >>> as_actions([row])[["service", "quarter", "status"]]
            service     quarter       status
    0  Safeguarding  2018-19 Q1  in progress
    """
    loose = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
    if absent := [column for column in _MUST_BE_STATED if len(loose) and column not in loose]:
        raise GradingsError(f"the table has no column {_listed(absent)}")
    frame = pd.DataFrame(index=range(len(loose)))
    for column in COLUMNS:
        given = loose[column].to_numpy() if column in loose else None
        if column in _DAYS:
            frame[column] = pd.to_datetime(pd.Series(given, index=frame.index, dtype="datetime64[us]"))
        elif column == "number":
            frame[column] = pd.Series(given, index=frame.index, dtype="int64" if len(frame) else None)
        elif column == "status":
            frame[column] = _statuses(pd.Series(given, index=frame.index, dtype="object"))
        else:
            frame[column] = pd.Series(given, index=frame.index, dtype="str")
    _check_quarters(frame)
    return frame.astype({"number": "int64"})


def _statuses(given: pd.Series) -> pd.Categorical:
    if strange := [str(status) for status in given.dropna().unique() if status not in STATUSES]:
        raise GradingsError(f"unknown status {_listed(strange)}; known are {_listed(STATUSES)}")
    return pd.Categorical(given, categories=list(STATUSES), ordered=True)


def _check_quarters(frame: pd.DataFrame) -> None:
    for quarter in frame["quarter"].dropna().unique():
        quarter_end(quarter)
    if (frame["quarter"].isna() != frame["status"].isna()).any():
        raise GradingsError("a status needs its quarter, and a quarter its status")


def select_actions(
    actions: pd.DataFrame,
    *,
    round: str | Iterable[str] | None = None,  # noqa: A002 (the field's word)
    area: str | Iterable[str] | None = None,
    service: str | Iterable[str] | None = None,
    team: str | Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    quarter: str | Iterable[str] | None = None,
    status: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """The actions of some services, teams, quarters or statuses.

    Each filter is a name or several; None leaves that column alone.

    Returns
    -------
    DataFrame
        The matching rows in their order. Empty where every name is known and none has such an action: no
        action with a status is an answer, a misspelt name is not.

    Raises
    ------
    GradingsError
        If a name is not there, with the names that are.

    Examples
    --------
    >>> table = as_actions([{"service": "Safeguarding", "number": 1, "action": "A", "source": "x"}])
    >>> len(select_actions(table, service="Safeguarding")), len(select_actions(table, status="closed"))
    (1, 0)
    """
    asked = {
        "round": round,
        "area": area,
        "service": service,
        "team": team,
        "domain": domain,
        "quarter": quarter,
        "status": status,
    }
    kept = actions
    for column, names in asked.items():
        if names is None:
            continue
        wanted = [names] if isinstance(names, str) else list(names)
        known = list(STATUSES) if column == "status" else list(actions[column].dropna().unique())
        for name in wanted:
            _must_be_known(column, name, known)
        kept = kept[kept[column].isin(wanted)]
    return kept.reset_index(drop=True)


def _must_be_known(column: str, name: str, known: Sequence[str]) -> None:
    if name in known:
        return
    if not known:
        raise GradingsError(f"no actions for {column} {name!r}; none names its {column}")
    close = suggest(str(name), known)
    hint = f"; did you mean {close!r}?" if close else ""
    raise GradingsError(f"no actions for {column} {name!r}{hint}; known are {_listed(known)}")


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
    known = actions.copy()
    if on is not None:
        late = [isinstance(quarter, str) and quarter_end(quarter) > on for quarter in known["quarter"]]
        known.loc[late, ["quarter", "status", "outcome"]] = None
        known.loc[known["closed_on"] > pd.Timestamp(on), "closed_on"] = pd.NaT
    place = known.groupby(_ONE_ACTION, dropna=False, sort=False).ngroup()
    order = known.assign(_place=place).sort_values(["_place", "quarter"], kind="stable", na_position="first")
    last = order.drop_duplicates("_place", keep="last")
    return last.drop(columns="_place").reset_index(drop=True)


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
    return counts[counts.sum(axis=1) > 0].rename_axis(columns="status")


def quarter_of(day: date) -> str:
    """The quarter of the financial year that a day lies in.

    Examples
    --------
    >>> quarter_of(date(2017, 9, 4)), quarter_of(date(2018, 1, 31)), quarter_of(date(2018, 4, 1))
    ('2017-18 Q2', '2017-18 Q4', '2018-19 Q1')
    """
    year = day.year - (day.month < 4)
    return f"{year:04d}-{(year + 1) % 100:02d} Q{(day.month - 4) % 12 // 3 + 1}"


def quarter_end(quarter: str) -> date:
    """The last day of a quarter.

    Raises
    ------
    GradingsError
        If *quarter* is not one.

    Examples
    --------
    >>> quarter_end("2017-18 Q4")
    datetime.date(2018, 3, 31)
    """
    start = _quarter_start(quarter)
    after = start.month + 3
    return date(start.year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)


def _quarter_start(quarter: str) -> date:
    match = _QUARTER.fullmatch(quarter)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or match[1] in ("0000", "9999"):
        raise GradingsError(f"{quarter!r} is not a quarter; expected one such as '2018-19 Q1'")
    year, number = int(match[1]), int(match[3])
    return date(year + (number == 4), (number * 3) % 12 + 1, 1)


def quarters_after(day: date, number: int) -> tuple[str, ...]:
    """The quarters that follow the one a day lies in.

    Examples
    --------
    >>> quarters_after(date(2017, 12, 1), 3)
    ('2017-18 Q4', '2018-19 Q1', '2018-19 Q2')
    """
    found: list[str] = []
    for _ in range(number):
        day = quarter_end(quarter_of(day)) + timedelta(days=1)
        found.append(quarter_of(day))
    return tuple(found)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(str(name)) for name in names)
