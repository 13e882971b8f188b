"""What a table of actions is, and taking parts of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from improvement_analysis.actions.quarters import quarter_end
from improvement_analysis.days import as_days
from improvement_analysis.errors import GradingsError
from improvement_analysis.rounds import as_rounds
from improvement_analysis.vocabulary import Term, Vocabulary, name_absent, suggest

__all__ = ["COLUMNS", "OPEN", "STATUSES", "STATUS_WORDS", "as_actions", "select_actions"]

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
    "answers",
    "closed_on",
    "quarter",
    "status",
    "outcome",
    "source",
)

#: What can be reported of an action, from its beginning to its end.
STATUSES = ("not started", "in progress", "closed", "stopped")

#: Statuses of an action, with the spellings that mean them.
STATUS_WORDS = Vocabulary(
    "status",
    [
        Term(status, aliases)
        for status, aliases in zip(
            STATUSES,
            (
                ("not yet started", "to do"),
                ("ongoing", "started", "under way", "underway"),
                ("complete", "completed", "done", "finished"),
                ("dropped", "cancelled", "withdrawn"),
            ),
            strict=True,
        )
    ],
)

#: The statuses of an action that is still to be done.
OPEN = STATUSES[:2]

_DAYS = ("visit_date", "due", "closed_on")
_MUST_BE_STATED = ("service", "number", "action", "source")


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
        day is not known. Rounds are put in order, and days read day first, as in
        :func:`~improvement_analysis.as_gradings`.

    Raises
    ------
    GradingsError
        If a column that is needed is absent, or a day, status or quarter is not one; every fault is named.

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
        raise GradingsError(f"the table has no column {name_absent(absent, loose.columns)}")
    frame = pd.DataFrame(index=range(len(loose)))
    for column in COLUMNS:
        given = loose[column].to_numpy() if column in loose else None
        if column in _DAYS:
            frame[column] = pd.NaT if given is None else as_days(loose[column])
        elif column == "number":
            frame[column] = pd.Series(given, index=frame.index, dtype="int64" if len(frame) else None)
        elif column == "status":
            frame[column] = _statuses(pd.Series(given, index=frame.index, dtype="object"))
        else:
            frame[column] = pd.Series(given, index=frame.index, dtype="str")
    _check_quarters(frame)
    if "round" in loose and isinstance(loose["round"].dtype, pd.CategoricalDtype):
        frame["round"] = loose["round"].reset_index(drop=True)
    frame["round"] = as_rounds(frame)
    return frame.astype({"number": "int64", **dict.fromkeys(_DAYS, "datetime64[us]")})


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


def _listed(names: Iterable[str]) -> str:
    return ", ".join(repr(str(name)) for name in names)
