"""Who is set against whom: the teams of two sides, by domain and stratum, as plain lists."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import COLUMNS, list_repeated, select, select_standing
from improvement_analysis.sentences import NOT_STATED, join_words
from improvement_analysis.standing import settle_gradings
from improvement_analysis.teams import TEAM, HoldsGradings, no_column, take_gradings

__all__ = [
    "Grades",
    "Sides",
    "check_column",
    "check_once",
    "list_columns",
    "list_strata",
    "take_groups",
    "take_sides",
]

#: Teams that a message names.
_MOST_NAMED = 5

#: Grades of one group; None where there is no judgement.
Grades: TypeAlias = list[str | None]

#: Columns as lists; None where a value is missing.
_Lists: TypeAlias = Mapping[str, Sequence[str | None]]


@dataclass(frozen=True)
class Sides:
    """One domain's teams in their groups.

    Attributes
    ----------
    domain : str
    strata : mapping
        Stratum -> the grades of every group; strata in alphabetical order.
    teams : mapping
        Stratum -> what tells the teams of every group apart, in the order of their grades; None where the
        grading does not name its team.
    unplaced : int
        Gradings that do not say which group they are of.
    """

    domain: str
    strata: Mapping[str, tuple[Grades, ...]]
    teams: Mapping[str, tuple[list[str | None], ...]]
    unplaced: int

    def against_others(self, group: int) -> Mapping[str, tuple[Grades, Grades]]:
        """Stratum -> the grades of one group, and those of all others."""
        return {
            name: (groups[group], [grade for i, held in enumerate(groups) if i != group for grade in held])
            for name, groups in self.strata.items()
        }


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
    lists = _read(gradings, column, within)
    return _take(gradings, lists, column, _place(gradings, lists[column], column, focus, other), 2, within)


def take_groups(gradings: pd.DataFrame, column: str, within: Sequence[str]) -> tuple[list[str], list[Sides]]:
    """All groups there are, by name, and their teams, domain by domain.

    Raises
    ------
    GradingsError
        If there are fewer than two, a column is not there, or a team is graded twice.
    """
    lists = _read(gradings, column, within)
    names = sorted({name for name in lists[column] if name is not None})
    if not names:
        raise GradingsError(f"no grading names its {column}")
    if len(names) == 1:
        raise GradingsError(f"there is no {column} but {names[0]!r} to compare with")
    places = {name: place for place, name in enumerate(names)}
    group = [None if name is None else places[name] for name in lists[column]]
    return names, _take(gradings, lists, column, group, len(names), within)


def _read(gradings: pd.DataFrame, column: str, within: Sequence[str]) -> dict[str, list[str | None]]:
    if absent := [name for name in within if name not in gradings]:
        raise no_column(absent, gradings, " to stratify by")
    check_column(gradings, column)
    return list_columns(gradings, {*TEAM, "round", "domain", "grade", column, *within})


def _take(
    gradings: pd.DataFrame,
    lists: _Lists,
    column: str,
    group: Sequence[int | None],
    groups: int,
    within: Sequence[str],
) -> list[Sides]:
    placed = [at for at, place in enumerate(group) if place is not None]
    check_once(lists, placed)
    held: dict[str | None, dict[str, tuple[tuple[Grades, list[str | None]], ...]]] = {}
    for at, stratum in zip(placed, _name_strata(lists, within, placed), strict=True):
        by_stratum = held.setdefault(lists["domain"][at], {})
        if stratum not in by_stratum:
            by_stratum[stratum] = tuple(([], []) for _ in range(groups))
        grades, teams = by_stratum[stratum][group[at] or 0]
        grades.append(lists["grade"][at])
        named = lists["team"][at] is not None
        teams.append("\n".join(str(lists[name][at]) for name in TEAM) if named else None)
    unplaced = [lists["domain"][at] for at, name in enumerate(lists[column]) if name is None]
    domains = [str(domain) for domain in gradings["domain"].astype("category").cat.categories]
    return [
        Sides(
            domain,
            {name: tuple(grades for grades, _ in held[domain][name]) for name in sorted(held[domain])},
            {name: tuple(teams for _, teams in held[domain][name]) for name in sorted(held[domain])},
            unplaced.count(domain),
        )
        for domain in domains
        if domain in held
    ]


def list_columns(gradings: pd.DataFrame, columns: Iterable[str]) -> dict[str, list[str | None]]:
    """Columns as lists, None where a value is missing: a few rows are faster gone through so.

    Raises
    ------
    GradingsError
        If one is not there.
    """
    if absent := sorted(set(columns) - set(gradings.columns)):
        raise no_column(absent, gradings)
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
) -> list[int | None]:
    """Of each grading its side, 0 or 1; None for those left out or without a name."""
    known = dict.fromkeys(name for name in names if name is not None)
    if other is None:
        others = [name for name in known if name != focus]
    else:
        others = [other] if isinstance(other, str) else list(other)
    for asked in [[focus]] if other is None else [[focus], others]:
        if not asked or any(name not in known for name in asked):
            _refuse_unknown(gradings, column, asked, list(known))
    if focus in others:
        raise GradingsError(f"{column} {focus!r} cannot be compared with itself")
    if not others:
        raise GradingsError(f"there is no {column} but {focus!r} to compare with")
    sides = dict.fromkeys(others, 1) | {focus: 0}
    return [None if name is None else sides.get(name) for name in names]


def _refuse_unknown(gradings: pd.DataFrame, column: str, asked: list[str], known: list[str]) -> None:
    if column in TEAM:
        select(gradings, **{column: asked})
    absent = [name for name in asked if name not in known]
    named = ", ".join(map(repr, absent)) or "(none)"
    listed = f"known are {', '.join(map(repr, known))}" if known else f"none names its {column}"
    raise GradingsError(f"no gradings for {column} {named}; {listed}")


def _name_strata(lists: _Lists, within: Sequence[str], placed: Sequence[int]) -> list[str]:
    parts = [[lists[name][at] or NOT_STATED for name in within] for at in placed]
    return [" / ".join(names) for names in parts]


def stand_for_comparison(gradings: pd.DataFrame | HoldsGradings) -> pd.DataFrame:
    """The gradings that stand, of the latest round where an authority has several."""
    table = take_gradings(gradings)
    if table.empty or not set(COLUMNS).issubset(table.columns):
        return table
    if list_repeated(table):
        return table  # which is refused: nothing says which of such gradings stands
    several = table.groupby("authority", dropna=False)["round"].nunique().max() > 1
    return select_standing(table) if several else settle_gradings(table)


def list_strata(strata: str | Sequence[str] | None, column: str) -> list[str]:
    """The columns whose values make a stratum; the groups' own cannot be one."""
    within = [strata] if isinstance(strata, str) else list(strata or ())
    return [name for name in within if name != column]


def check_column(gradings: pd.DataFrame, column: str) -> None:
    """Refuse what does not group teams: a column that is not there, or not the same throughout a team.

    Raises
    ------
    GradingsError
        Naming the teams that hold several values.
    """
    if column in COLUMNS and column not in (*TEAM, "visit_date"):
        instead = {"round": "; see compare_rounds", "grader": "; see rater_agreement"}.get(column, "")
        known = ", ".join(map(repr, TEAM))
        raise GradingsError(
            f"teams are not grouped by {column!r}; expected one of {known} or a column of one's own{instead}"
        )
    lists = list_columns(gradings, {*TEAM, "round", "domain", column})
    if column in TEAM:
        return
    held: dict[tuple[str | None, ...], set[str | None]] = {}
    for at, team in enumerate(lists["team"]):
        if team is not None:
            held.setdefault(tuple(lists[name][at] for name in TEAM), set()).add(lists[column][at])
    several = [(team, values) for team, values in held.items() if len(values) > 1]
    if several or not held:
        named = []
        for place, values in several[:_MOST_NAMED]:
            listed = sorted("none" if value is None else repr(value) for value in values)
            named.append(f"{place[3]} ({place[2]}) with {join_words(listed)}")
        more = [f"{len(several) - _MOST_NAMED} more"] if len(several) > _MOST_NAMED else []
        why = f": found {'; '.join([*named, *more])}" if named else ": no grading names its team"
        raise GradingsError(f"teams are not grouped by {column!r}; expected one value for each team{why}")


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
