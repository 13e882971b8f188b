"""What a team is: authority, area, service and name. Two councils' "Team A" are two teams.

Teams change in time. A :class:`Lineage` says which team was renamed or moved, and which split or merged;
gradings carry it as a mark, so that whatever follows a team over rounds follows it under its names.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, Protocol, overload

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.marks import carry_marks
from improvement_analysis.vocabulary import suggest

__all__ = [
    "TEAM",
    "Change",
    "HoldsGradings",
    "Lineage",
    "Team",
    "count_teams",
    "current_teams",
    "find_repeated",
    "lineage_of",
    "list_changes",
    "list_teams",
    "mark_lineage",
    "no_column",
    "select_team",
    "take_gradings",
    "take_rounds",
    "take_standing",
]

#: The columns that tell teams apart.
TEAM = ("authority", "area", "service", "team")


class Team(NamedTuple):
    """One team; what the source does not say is None.

    Examples
    --------
    >>> Team("Anyshire", None, "Safeguarding", "Team A").name
    'Team A'
    """

    authority: str | None
    area: str | None
    service: str
    name: str


def list_teams(table: pd.DataFrame) -> list[Team]:
    """Every team that gradings or actions name, in order of first appearance."""
    named = table.loc[table["team"].notna(), list(TEAM)].drop_duplicates().astype(object)
    rows = named.where(named.notna(), None).to_numpy().tolist()
    return [Team(*row) for row in rows]


def select_team(table: pd.DataFrame, team: Team, lineage: Lineage | None = None) -> pd.DataFrame:
    """The rows of gradings or actions that are of one team, with a *lineage* under its earlier names too."""
    if lineage is not None and lineage.changes:
        own = [each == lineage.now(team) for each in current_teams(table, lineage)]
        return table[pd.Series(own, table.index, dtype=bool)].reset_index(drop=True)
    chosen = pd.Series(True, index=table.index)
    for column, name in zip(TEAM, team, strict=True):
        chosen &= table[column].isna() if name is None else table[column] == name
    return table[chosen].reset_index(drop=True)


class Change(NamedTuple):
    """One team that became another, wholly or in part.

    ``round`` is the first that grades it afterwards; None where nothing tells which round that is. ``whole``:
    one team became one, so it was renamed or moved. Otherwise teams split or merged.
    """

    before: Team
    after: Team
    round: str | None
    whole: bool


@dataclass(frozen=True)
class Lineage:
    """What became of teams, as a dataset declares it.

    Attributes
    ----------
    changes
        Every team that became another.
    closed
        The last day of teams that are declared to have one.

    Examples
    --------
    >>> old, new = Team("X", None, "S", "Team A"), Team("X", None, "S", "Team B")
    >>> Lineage((Change(old, new, "2018-19", whole=True),)).now(old).name
    'Team B'
    """

    changes: tuple[Change, ...] = ()
    closed: Mapping[Team, date] = field(default_factory=dict)

    def now(self, team: Team) -> Team:
        """What a team is called last: it was renamed and moved, but never split or merged, on the way."""
        after = {change.before: change.after for change in self.changes if change.whole}
        while team in after:
            team = after[team]
        return team

    def names(self, team: Team) -> list[Team]:
        """What a team was called before, latest first."""
        before = {change.after: change.before for change in self.changes if change.whole}
        names = []
        while team in before:
            names.append(team := before[team])
        return names

    def between(self, rounds: Sequence[str], first: str, last: str) -> list[Change]:
        """The splits and mergers from one of the ordered *rounds* to another, teams as they are called last.

        Where nothing tells the round of a change it may lie between any two.
        """
        place = {name: number for number, name in enumerate(rounds)}
        return [
            change._replace(before=self.now(change.before), after=self.now(change.after))
            for change in self.changes
            if not change.whole
            and (change.round not in place or place.get(first, -1) < place[change.round] <= place[last])
        ]


_LINEAGE = "lineage"


def mark_lineage(table: pd.DataFrame, lineage: Lineage) -> pd.DataFrame:
    """*table* itself, with what became of its teams; as plain values, see :mod:`.marks`."""
    if lineage.changes or lineage.closed:
        table.attrs[_LINEAGE] = {
            "changes": [
                [list(each.before), list(each.after), each.round, each.whole] for each in lineage.changes
            ],
            "closed": [[list(team), day.isoformat()] for team, day in lineage.closed.items()],
        }
    return table


def lineage_of(*tables: pd.DataFrame) -> Lineage:
    """What became of teams, as the first of *tables* that says so has it; nothing where none does.

    Examples
    --------
    >>> closed = Lineage(closed={Team("X", None, "S", "Team A"): date(2018, 3, 31)})
    >>> lineage_of(pd.DataFrame(), mark_lineage(pd.DataFrame(), closed)) == closed
    True
    """
    for table in tables:
        if isinstance(marks := table.attrs.get(_LINEAGE), dict):
            changes = [Change(Team(*a), Team(*b), name, whole) for a, b, name, whole in marks["changes"]]
            closed = {Team(*team): date.fromisoformat(day) for team, day in marks["closed"]}
            return Lineage(tuple(changes), closed)
    return Lineage()


def current_teams(table: pd.DataFrame, lineage: Lineage | None = None) -> pd.Series:
    """The team of each row as it is called last, a :class:`Team` each."""
    known = lineage_of(table) if lineage is None else lineage
    columns = table[list(TEAM)].astype(object)
    rows = map(Team._make, columns.where(columns.notna(), None).to_numpy().tolist())
    return pd.Series([known.now(team) for team in rows], table.index, dtype=object)


def list_changes(gradings: pd.DataFrame) -> pd.DataFrame:
    """What became of the teams of some gradings, as their dataset declares it.

    Returns
    -------
    DataFrame, one row per earlier team and what it became, or closed team
        ``authority``, ``service``; ``was``, ``became`` (names, with the area in brackets where that
        changed; ``became`` missing where the team closed); ``change``: *renamed*, *moved*, *split*, *merged*
        or *closed*; ``round``, the first that grades the later team; ``closed_on``.

    Examples
    --------
    >>> old, new = Team("X", None, "S", "Team A"), Team("X", None, "S", "Team B")
    >>> marked = mark_lineage(pd.DataFrame(), Lineage((Change(old, new, "2018-19", whole=True),)))
    >>> list_changes(marked)[["was", "became", "change"]].to_numpy().tolist()
    [['Team A', 'Team B', 'renamed']]
    """
    lineage = lineage_of(gradings)
    entered = [change.after for change in lineage.changes]
    rows: list[dict[str, object]] = []
    for old, new, round_, whole in lineage.changes:
        part = "merged" if entered.count(new) > 1 else "split"
        name = "renamed" if old.name != new.name else "moved"
        places = [f"{team.name} ({team.area})" if old.area != new.area else team.name for team in (old, new)]
        rows.append({"authority": new.authority, "service": new.service, "was": places[0],
                     "became": places[1], "change": name if whole else part, "round": round_})  # fmt: skip
    left = {change.before for change in lineage.changes}
    rows += [
        {"authority": team.authority, "service": team.service, "was": team.name, "change": "closed",
         "closed_on": pd.Timestamp(day)}
        for team, day in lineage.closed.items()
        if team not in left
    ]  # fmt: skip
    columns = ("authority", "service", "was", "became", "change", "round", "closed_on")
    frame = pd.DataFrame(rows, columns=list(columns))
    return frame.astype({**dict.fromkeys(columns[:-1], "str"), "closed_on": "datetime64[us]"})


class HoldsGradings(Protocol):
    """A dataset: its gradings, and which of them stand."""

    @property
    def gradings(self) -> pd.DataFrame:
        """Every grading."""

    def standing(self, round: str | None = None) -> pd.DataFrame:  # noqa: A002 (the field's word)
        """The gradings of one round that stand."""


def take_gradings(held: pd.DataFrame | HoldsGradings) -> pd.DataFrame:
    """Every grading of a dataset; a table is given back as it is."""
    # A table is asked first: it has an accessor of the name of a dataset's gradings.
    return held if isinstance(held, pd.DataFrame) else held.gradings


def take_standing(held: pd.DataFrame | HoldsGradings) -> pd.DataFrame:
    """The gradings of a dataset that stand, of its latest round; a table is given back as it is."""
    return held if isinstance(held, pd.DataFrame) else held.standing()


def take_rounds(held: pd.DataFrame | HoldsGradings, *rounds: str) -> pd.DataFrame:
    """The gradings of a dataset that stand, of some rounds; a table is given back as it is."""
    if isinstance(held, pd.DataFrame):
        return held
    parts = [held.standing(name) for name in dict.fromkeys(rounds)]
    return carry_marks(pd.concat(parts, ignore_index=True), *parts)


@overload
def count_teams(gradings: pd.DataFrame | HoldsGradings) -> int: ...


@overload
def count_teams(gradings: pd.DataFrame | HoldsGradings, by: str) -> pd.Series: ...


def count_teams(gradings: pd.DataFrame | HoldsGradings, by: str | None = None) -> int | pd.Series:
    """The number of teams graded, in all or in each group.

    Teams are told apart by authority, area, service and name. Where a source names none, as in a published
    tally, a service has as many teams as its most graded domain has gradings.

    Parameters
    ----------
    gradings : DataFrame, one row per grading; or a dataset, whose standing gradings are counted
    by
        Column that names the groups.

    Returns
    -------
    int, or Series of int by *by*
        A missing name is a group of its own. A team that is in several groups, as of several rounds, counts
        in each.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> cell = {"service": "Care Leaving", "domain": "practice", "tally": "2 x RI", "source": "p. 7"}
    >>> count_teams(as_gradings(pd.DataFrame([cell])))
    2
    >>> count_teams(as_gradings(pd.DataFrame([cell])), "service")["Care Leaving"].item()
    2
    """
    held = take_standing(gradings)
    place = list(dict.fromkeys([*TEAM[:-1], *([by] if by else [])]))
    if absent := [column for column in [*place, "round", "team", "domain"] if column not in held]:
        raise no_column(absent, held)
    named = held[held["team"].notna()][list(dict.fromkeys([*place, "team"]))].drop_duplicates()
    unnamed = held[held["team"].isna()]
    cells = list(dict.fromkeys([*place, "round", "domain"]))
    sizes = unnamed.groupby(cells, dropna=False, observed=True).size()
    at_most = sizes.groupby(place, dropna=False, observed=True).max()
    if by is None:
        return len(named) + int(at_most.sum())
    of_named = named.groupby(by, dropna=False, observed=True).size()
    teams = of_named.add(at_most.groupby(by, dropna=False, observed=True).sum(), fill_value=0)
    return teams.astype("int64").rename("teams")


def find_repeated(table: pd.DataFrame, columns: Sequence[str]) -> list[tuple[int, int]]:
    """Positions of rows of named teams that are equal in *columns* to a row before, each with that row."""
    named = table["team"].notna().to_numpy()
    kept = table.loc[named, list(columns)]
    if not kept.duplicated().any():
        return []
    positions = named.nonzero()[0]
    groups = kept.groupby(list(columns), dropna=False, observed=True, sort=False).ngroup().to_numpy()
    first: dict[int, int] = {}
    return [
        (int(position), first[group])
        for position, group in zip(positions, groups.tolist(), strict=True)
        if first.setdefault(group, int(position)) != position
    ]


def no_column(absent: Sequence[str], gradings: pd.DataFrame, use: str = "") -> GradingsError:
    """The error of columns that gradings lack, with the name that may have been meant.

    Examples
    --------
    >>> print(no_column(["aera"], pd.DataFrame(columns=["area", "team"])))
    the gradings have no column 'aera'; did you mean 'area'?
    """
    close = suggest(absent[0], map(str, gradings.columns))
    hint = f"; did you mean {close!r}?" if close else ""
    return GradingsError(f"the gradings have no column {', '.join(map(repr, absent))}{use}{hint}")
