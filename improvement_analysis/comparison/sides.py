"""Who is set against whom: the teams of two sides, by domain and stratum, as plain lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import select
from improvement_analysis.sentences import NOT_STATED
from improvement_analysis.teams import TEAM

__all__ = [
    "Grades",
    "Sides",
    "check_column",
    "check_once",
    "list_columns",
    "list_strata",
    "take_sides",
]

#: Grades of one side; None where there is no judgement.
Grades: TypeAlias = list[str | None]

#: Columns as lists; None where a value is missing.
_Lists: TypeAlias = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Sides:
    """One domain's teams on two sides.

    Attributes
    ----------
    domain : str
    strata : mapping
        Stratum -> the grades of either side; strata in alphabetical order.
    unplaced : int
        Gradings that do not say which side they are on.
    """

    domain: str
    strata: Mapping[str, tuple[Grades, Grades]]
    unplaced: int


def take_sides(
    gradings: pd.DataFrame,
    column: str,
    focus: str,
    other: str | Iterable[str] | None,
    within: Sequence[str],
) -> list[Sides]:
    """The two sides of a comparison, domain by domain, in the domains' own order.

    Raises
    ------
    GradingsError
        If a name or column is not there, a side is empty, or a team is graded twice.
    """
    check_column(column)
    if absent := [name for name in within if name not in gradings]:
        raise GradingsError(f"the gradings have no column {', '.join(map(repr, absent))} to stratify by")
    lists = list_columns(gradings, {*TEAM, "round", "domain", "grade", column, *within})
    side = _place(gradings, lists[column], column, focus, other)
    placed = [at for at, where in enumerate(side) if where is not None]
    check_once(lists, placed)
    found: dict[str | None, dict[str, tuple[Grades, Grades]]] = {}
    for at, stratum in zip(placed, _name_strata(lists, within, placed), strict=True):
        held = found.setdefault(lists["domain"][at], {}).setdefault(stratum, ([], []))
        held[side[at] == "b"].append(lists["grade"][at])
    unplaced = [lists["domain"][at] for at, name in enumerate(lists[column]) if name is None]
    domains = [str(domain) for domain in gradings["domain"].astype("category").cat.categories]
    return [
        Sides(domain, dict(sorted(found[domain].items())), unplaced.count(domain))
        for domain in domains
        if domain in found
    ]


def list_columns(gradings: pd.DataFrame, columns: Iterable[str]) -> dict[str, list[str | None]]:
    """Columns as lists, None where a value is missing: a few rows are faster gone through so.

    Raises
    ------
    GradingsError
        If one is not there.
    """
    if absent := sorted(set(columns) - set(gradings.columns)):
        raise GradingsError(f"the gradings have no column {', '.join(map(repr, absent))}")
    return {
        name: [
            None if gap else str(value)
            for value, gap in zip(gradings[name].tolist(), gradings[name].isna().tolist(), strict=True)
        ]
        for name in columns
    }


def _place(
    gradings: pd.DataFrame,
    names: Sequence[str | None],
    column: str,
    focus: str,
    other: str | Iterable[str] | None,
) -> list[str | None]:
    """Of each grading its side, "a" or "b"; None for those left out or without a name."""
    known = dict.fromkeys(name for name in names if name is not None)
    if other is None:
        others = [name for name in known if name != focus]
    else:
        others = [other] if isinstance(other, str) else list(other)
    for asked in [[focus]] if other is None else [[focus], others]:
        if not asked or any(name not in known for name in asked):
            select(gradings, **{column: asked})
    if focus in others:
        raise GradingsError(f"{column} {focus!r} cannot be compared with itself")
    if not others:
        raise GradingsError(f"there is no {column} but {focus!r} to compare with")
    sides = dict.fromkeys(others, "b") | {focus: "a"}
    return [None if name is None else sides.get(name) for name in names]


def _name_strata(lists: _Lists, within: Sequence[str], placed: Sequence[int]) -> list[str]:
    parts = [[lists[name][at] or NOT_STATED for name in within] for at in placed]
    return [" / ".join(names) for names in parts]


def list_strata(strata: str | Sequence[str] | None, column: str) -> list[str]:
    """The columns whose values make a stratum; the groups' own cannot be one."""
    within = [strata] if isinstance(strata, str) else list(strata or ())
    return [name for name in within if name != column]


def check_column(column: str) -> None:
    """Refuse what does not group teams."""
    if column not in TEAM:
        instead = {"round": "; see compare_rounds", "grader": "; see rater_agreement"}.get(column, "")
        known = ", ".join(map(repr, TEAM))
        raise GradingsError(f"teams are not grouped by {column!r}; expected one of {known}{instead}")


def check_once(lists: _Lists, rows: Iterable[int]) -> None:
    """Refuse two rounds, and a team graded twice in a domain: it would be dealt twice."""
    rounds: dict[str | None, set[str | None]] = {}
    seen = set()
    twice = None
    for at in rows:
        rounds.setdefault(lists["authority"][at], set()).add(lists["round"][at])
        graded = tuple(lists[name][at] for name in (*TEAM, "domain"))
        if lists["team"][at] is not None and graded in seen and twice is None:
            twice = at
        seen.add(graded)
    if (most := max((len(each - {None}) for each in rounds.values()), default=0)) > 1:
        raise GradingsError(f"the gradings hold {most} rounds; select one, or use compare_rounds")
    if twice is not None:
        team, service, domain = (lists[name][twice] for name in ("team", "service", "domain"))
        raise GradingsError(
            f"{team} ({service}) is graded twice in {domain}; select one grader, or use rater_agreement"
        )
