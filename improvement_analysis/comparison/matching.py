"""Which gradings are of one team in one domain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.sentences import join_words
from improvement_analysis.teams import TEAM, Change, Lineage, Team, current_teams, lineage_of

__all__ = ["match"]


def match(
    gradings: pd.DataFrame, column: str, first: str, second: str, *, also: Sequence[str] = ()
) -> pd.DataFrame:
    """Every team and domain that is graded on either side, with its grade on both.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    column
        What tells the sides apart: ``"round"`` or ``"grader"``.
    first, second
        Its two values; gradings with another are left out.
    also
        Further columns that have to agree.

    Returns
    -------
    DataFrame, one row per team and domain
        The columns of :data:`TEAM`, *also* and ``domain``; ``in_first``, ``in_second`` (is there a grading,
        judged or not) and ``first``, ``second`` (the grade, missing where there is none). Of rounds also
        ``was`` (what the team was called before, missing where that is no other name) and ``apart``: why a
        team that is declared to have split or merged is matched with none, missing for all others. A team
        that was renamed or moved stands under its later name.

    Raises
    ------
    GradingsError
        If a side is not there, names no team, or grades a team twice in a domain.
    """
    keys = [*TEAM, *also, "domain"]
    one, other = (_side(gradings, column, name, keys) for name in (first, second))
    named: list[str] = []
    if column == "round" and (lineage := lineage_of(gradings)).changes:
        rounds = gradings["round"]
        known = list(rounds.cat.categories) if isinstance(rounds.dtype, pd.CategoricalDtype) else []
        one, other = _follow(one, other, lineage, lineage.between(known, first, second))
        named = ["apart"]
    joined = one.merge(other, on=[*keys, *named], how="outer", suffixes=("_1", "_2"))
    nothing = pd.Series(None, joined.index, dtype="str")
    return joined[keys].assign(
        in_first=joined["there_1"].eq(True),
        in_second=joined["there_2"].eq(True),
        first=joined["grade_1"],
        second=joined["grade_2"],
        was=joined.get("was", nothing),
        apart=joined.get("apart", nothing),
    )


def _follow(
    one: pd.DataFrame, other: pd.DataFrame, lineage: Lineage, changes: Sequence[Change]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both sides under the latest names of their teams; those that split or merged are told on each."""
    before, after = current_teams(one, lineage), current_teams(other, lineage)
    on_both = set(before) & set(after)
    became: dict[Team, list[str]] = {}
    came: dict[Team, list[str]] = {}
    for change in changes:
        for team, parts in ((change.before, became), (change.after, came)):
            parts.setdefault(team, [team.name] if team in on_both else [])
        became[change.before].append(change.after.name)
        came[change.after].append(change.before.name)
    touched = {*became, *came}
    old = {team: _fate(team, became, "split into", "merged into") for team in touched}
    new = {team: _fate(team, came, "merged from", "split from") for team in touched}
    was = [_name_before(*pair) for pair in zip(current_teams(one, Lineage()), before, strict=True)]
    return _renamed(one, before, old).assign(was=pd.Series(was, one.index, dtype="str")), _renamed(
        other, after, new
    )


def _fate(team: Team, parts: Mapping[Team, list[str]], many: str, single: str) -> str:
    names = list(dict.fromkeys(parts.get(team) or [team.name]))
    return f"{many if len(names) > 1 else single} {join_words(sorted(names))}"


def _renamed(side: pd.DataFrame, teams: pd.Series, apart: Mapping[Team, str]) -> pd.DataFrame:
    told = pd.Series([apart.get(team) for team in teams], side.index, dtype="str")
    names = {name: pd.Series([team[at] for team in teams], side.index) for at, name in enumerate(TEAM)}
    return side.assign(apart=told, **{name: names[name].astype(side[name].dtype) for name in TEAM})


def _name_before(team: Team, now: Team) -> str | None:
    """What a team was called, where it has another name now; where it was, if that is what changed."""
    places = [here for here, there in ((team.service, now.service), (team.area, now.area)) if here != there]
    return None if team == now else ", ".join([team.name, *filter(None, places)])


def _side(gradings: pd.DataFrame, column: str, name: str, keys: list[str]) -> pd.DataFrame:
    side = gradings[gradings[column] == name]
    known = [repr(value) for value in gradings[column].dropna().unique()]
    if not known:
        raise GradingsError(f"no gradings for {column} {name!r}; none names its {column}")
    if side.empty:
        raise GradingsError(f"no gradings for {column} {name!r}; known are {', '.join(known)}")
    if side["team"].isna().any():
        some = "no grading" if side["team"].isna().all() else "not every grading"
        raise GradingsError(f"{some} of {column} {name!r} names its team, so teams cannot be matched")
    if (twice := side.duplicated(keys)).any():
        row = side[twice].iloc[0]
        raise GradingsError(
            f"{row['team']} ({row['service']}) is graded twice in {row['domain']} in {column} {name!r}"
        )
    return side[[*keys, "grade"]].assign(there=True)
