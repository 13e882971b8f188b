"""From a finding to the next grade: what was recommended, what was done about it, and what came after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

import pandas as pd

from improvement_analysis.actions import STATUSES, known_actions
from improvement_analysis.comparison.followups import MOVES, move_of, pair_visits
from improvement_analysis.dataset import Dataset
from improvement_analysis.findings import KINDS, SEPARATOR
from improvement_analysis.marks import carry_marks

__all__ = ["NEXT", "TRACE_COLUMNS", "UNANSWERED", "count_trace", "trace"]

#: The columns of a trace, in order.
TRACE_COLUMNS = (
    *("authority", "round", "area", "service", "team", "domain"),
    *("finding", "finding_text", "recommendation", "recommendation_text"),
    *("number", "action", "role", "due", "measure"),
    *("quarter", "status", "outcome", "closed_on", "stands"),
    *("grade", "next_round", "next_grade", "moved", "source"),
)

#: What stands for a recommendation that no action answers.
UNANSWERED = "no action"

#: What came after, from the next grade of the domain.
NEXT = (*MOVES, "not known yet")

RECOMMENDATION = KINDS[-1]
_VISIT = ("authority", "round", "area", "service", "team")
_DONE = ("number", "action", "role", "due", "measure", "quarter", "status", "outcome", "closed_on", "stands")


def trace(dataset: Dataset, on: date | None = None) -> pd.DataFrame:
    """Every recommendation with the actions that answer it, their reports, and the next grade of its domain.

    It says what came after what, and nothing of why.

    Parameters
    ----------
    dataset
        Its findings have an ``id``; ``answers`` of an action names those that it answers.
    on
        A day: leave out what was not known by then. By default everything counts.

    Returns
    -------
    DataFrame, one row per recommendation, action and reported quarter
        Columns :data:`TRACE_COLUMNS`. ``stands`` is how the action stood last, ``"no action"`` where none
        answers the recommendation: those come first. An action that answers a finding directly has no
        ``recommendation``, one that answers none has no ``finding`` either, and they come last. ``grade`` is
        the one given in the domain at that visit and ``next_grade`` the one after, each missing without one.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> len(trace(load("worcestershire-2018")))
    0
    """
    graded = _Graded(dataset, on)
    rows = [_row(link, done, graded) for link, done in _links(dataset, on, graded)]
    frame = pd.DataFrame(rows, columns=list(TRACE_COLUMNS))
    days = dict.fromkeys(("due", "closed_on"), "datetime64[us]")
    texts = dict.fromkeys(TRACE_COLUMNS, "str")
    frame = frame.astype({**texts, "number": "Int64", "domain": "str", **days})
    loose = frame["finding"].isna() & frame["recommendation"].isna()
    order = frame["stands"].ne(UNANSWERED).astype(int) + loose.astype(int)
    return carry_marks(frame.iloc[order.argsort(kind="stable")].reset_index(drop=True), dataset.gradings)


def _links(
    dataset: Dataset, on: date | None, graded: _Graded
) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Each recommendation or finding beside each row of an action that answers it, or beside nothing."""
    items = {row["id"]: row for row in _plain(dataset.findings)}
    answered: dict[str, list[dict[str, Any]]] = {}
    loose = []
    for done in _plain(known_actions(dataset.actions, on)):
        known = [key for key in _ids(done) if key in items]
        for key in known:
            answered.setdefault(key, []).append(done)
        loose += [] if known else [done]
    for key, item in items.items():
        if key in answered or (item["kind"] == RECOMMENDATION and graded.knows(item)):
            yield from ((_link(item, items), done) for done in answered.get(key, [{}]))
    yield from (({}, done) for done in loose)


def _link(item: dict[str, Any], items: Mapping[str, dict[str, Any]]) -> dict[str, Any]:
    """What a finding is in a trace: a recommendation with the finding that it answers, or a finding alone."""
    place = {"area": item["areas"], "service": item["services"], "team": item.get("teams")}
    place |= {"round": item.get("round"), "domain": item["domains"], "source": item["source"]}
    if item["kind"] != RECOMMENDATION:
        return {**place, "finding": item["id"], "finding_text": item["text"]}
    found = next((items[key] for key in _ids(item) if key in items), {})
    return {
        **place,
        "finding": found.get("id"),
        "finding_text": found.get("text"),
        "recommendation": item["id"],
        "recommendation_text": item["text"],
    }


def _row(link: dict[str, Any], done: dict[str, Any], graded: _Graded) -> dict[str, Any]:
    place = {name: done.get(name) or link.get(name) for name in _VISIT}
    domain = link.get("domain")
    place["domain"] = done.get("domain") if domain is None or SEPARATOR in domain else domain
    if not done:
        place["authority"] = graded.authority(place)
    place["source"] = link.get("source") or done.get("source")
    stands = {"stands": done.get("stands", UNANSWERED)}
    return {**link, **{name: done.get(name) for name in _DONE}, **place, **graded.of(place), **stands}


class _Graded:
    """The grades of every visit known by a day, each with the one of the next visit."""

    def __init__(self, dataset: Dataset, on: date | None) -> None:
        gradings = dataset.gradings
        if on is not None:
            gradings = gradings[~(gradings["visit_date"] > pd.Timestamp(on))]
        self.grades: dict[tuple[object, ...], dict[str, Any]] = {}
        for row in _plain(pair_visits(gradings)):
            ends = row["before"], row["after"]
            self.grades[tuple(row[name] for name in (*_VISIT, "domain"))] = {
                "grade": ends[0],
                "next_round": row["next_round"],
                "next_grade": ends[1],
                "moved": move_of(*ends, dataset.about.scale),
            }
        self.authorities: dict[tuple[object, ...], set[object]] = {}
        for authority, *visit in dict.fromkeys(key[:-1] for key in self.grades):
            self.authorities.setdefault(tuple(visit), set()).add(authority)
        self.all_visits = set(
            dataset.gradings[["team", "round"]].astype(object).itertuples(index=False, name=None)
        )
        self.visits = {(key[4], key[1]) for key in self.grades}

    def of(self, place: Mapping[str, Any]) -> dict[str, Any]:
        return self.grades.get(tuple(place[name] for name in (*_VISIT, "domain")), {})

    def authority(self, place: Mapping[str, Any]) -> object:
        """The authority of a team of which a finding names all the rest; None where two councils have one."""
        names = self.authorities.get(tuple(place[name] for name in _VISIT[1:]), set())
        return next(iter(names)) if len(names) == 1 else None

    def knows(self, item: Mapping[str, Any]) -> bool:
        """Whether a recommendation had been made by the day: only one of a later visit had not."""
        visit = (item.get("teams"), item.get("round"))
        return visit not in self.all_visits or visit in self.visits


def count_trace(traced: pd.DataFrame) -> pd.DataFrame:
    """How many recommendations had come to what, by which way the next grade of their domain went.

    A recommendation with several actions is closed once all have ended and one of them is closed; before
    that it stands as the one that is furthest behind.

    Returns
    -------
    DataFrame of int, :data:`NEXT` x ``"no action"``, the statuses and ``"not reported"``

    Examples
    --------
    >>> from improvement_analysis import load
    >>> int(count_trace(trace(load("worcestershire-2018"))).to_numpy().sum())
    0
    """
    columns = [UNANSWERED, *STATUSES, "not reported"]
    behind = ["not reported", "not started", "in progress", "closed", "stopped", UNANSWERED]
    counts = pd.DataFrame(0, pd.Index(NEXT, name="next grade"), pd.Index(columns, name="status"))
    for _, rows in traced[traced["recommendation"].notna()].groupby("recommendation", sort=False):
        moved = rows["moved"].dropna()
        status = min(rows["stands"], key=behind.index)
        counts.loc[moved.iloc[0] if len(moved) else NEXT[-1], status] += 1
    return carry_marks(counts, traced)


def _plain(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a frame as plain values, None where one is missing."""
    loose = frame.astype(object)
    rows = loose.where(loose.notna(), None).to_numpy().tolist()
    return [dict(zip(map(str, frame.columns), row, strict=True)) for row in rows]


def _ids(row: Mapping[str, Any]) -> list[str]:
    text = row.get("answers")
    return text.split(SEPARATOR) if isinstance(text, str) else []
