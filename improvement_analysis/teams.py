"""What a team is: authority, area, service and name. Two councils' "Team A" are two teams."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol, overload

import pandas as pd

from improvement_analysis.errors import GradingsError

__all__ = [
    "TEAM",
    "HoldsGradings",
    "Team",
    "count_teams",
    "find_repeated",
    "list_teams",
    "select_team",
    "take_gradings",
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


def select_team(table: pd.DataFrame, team: Team) -> pd.DataFrame:
    """The rows of gradings or actions that are of one team."""
    chosen = pd.Series(True, index=table.index)
    for column, name in zip(TEAM, team, strict=True):
        chosen &= table[column].isna() if name is None else table[column] == name
    return table[chosen].reset_index(drop=True)


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
        raise GradingsError(f"the gradings have no column {', '.join(map(repr, absent))}")
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
