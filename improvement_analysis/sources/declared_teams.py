"""Teams in time: reads ``[[teams]]`` of a ``source.toml`` and finds the teams that it speaks of."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from improvement_analysis.about import DeclaredTeam
from improvement_analysis.errors import Problem
from improvement_analysis.rounds import has_order, list_rounds
from improvement_analysis.sources.declared_fields import Fields
from improvement_analysis.teams import Change, Lineage, Team, list_teams, select_team
from improvement_analysis.vocabulary import fold, suggest

__all__ = ["find_lineage", "find_lines", "read_teams"]

_PLACE = ("authority", "area", "service", "name")
_KEYS = ("name", "service", "area", "authority", "from", "to", "was")


def find_lines(text: str, table: str) -> list[int]:
    """The lines on which the tables of one name begin, counted from 1.

    Examples
    --------
    >>> find_lines('title = "x"\\n\\n[[teams]]\\nname = "Team A"', "teams")
    [3]
    """
    head = re.compile(rf"\s*\[\[\s*{table}\s*\]\]")
    return [number for number, line in enumerate(text.splitlines(), start=1) if head.match(line)]


def read_teams(
    fields: Fields, declared: Sequence[Mapping[str, Any]], lines: Sequence[int]
) -> tuple[DeclaredTeam, ...]:
    """The declared teams; *lines* says where each begins, if it tells of as many."""
    places = lines if len(lines) == len(declared) else [None] * len(declared)
    teams = []
    for each, line in zip(declared, places, strict=True):
        fields.known(each, "teams.", _KEYS, line)
        team = DeclaredTeam(
            _place(fields, each, line, "teams."),
            fields.day(each, "from", "teams."),
            fields.day(each, "to", "teams."),
            _earlier(fields, each, line),
            line,
        )
        if team.first and team.last and team.first > team.last:
            said = (f"the team {team.place[-1]!r} from {team.first} to {team.last}", "its first day first")
            fields.fault(*said, line=line)
        teams.append(team)
    return tuple(teams)


def _place(
    fields: Fields, declared: Mapping[str, Any], line: int | None, within: str
) -> tuple[str | None, ...]:
    place = tuple(fields.text(declared, key, within) or None for key in _PLACE)
    if place[-1] is None:
        fields.fault("a team without a name", f'name = "..." for each team of {within[:-1]}', line=line)
    return place


def _earlier(
    fields: Fields, declared: Mapping[str, Any], line: int | None
) -> tuple[tuple[str | None, ...], ...]:
    """The teams that a team was: names, or tables that say more of each."""
    value = declared.get("was", [])
    if not isinstance(value, list) or not all(isinstance(each, str | dict) and each for each in value):
        expected = 'a list of teams, such as was = ["Team A"] or was = [{name = "Team A", area = "North"}]'
        fields.fault(f"teams.was = {value!r}", expected, line=line)
        return ()
    tables = [{"name": each} if isinstance(each, str) else each for each in value]
    for each in tables:
        fields.known(each, "teams.was.", _PLACE, line)
    return tuple(_place(fields, each, line, "teams.was.") for each in tables)


def find_lineage(
    declared: Sequence[DeclaredTeam], gradings: pd.DataFrame, file: str
) -> tuple[Lineage, list[Problem]]:
    """What became of the teams of *gradings*, and what is wrong with what is declared of it."""
    finder = _Finder(declared, gradings, file)
    lineage = finder.lineage()
    return lineage, finder.problems


class _Finder:
    """Finds each declared team among those that are graded."""

    def __init__(self, declared: Sequence[DeclaredTeam], gradings: pd.DataFrame, file: str) -> None:
        self.declared, self.gradings, self.file = declared, gradings, file
        self.problems: list[Problem] = []
        self.graded = list_teams(gradings)
        self.lines: dict[Team, DeclaredTeam] = {}

    def lineage(self) -> Lineage:
        for each in self.declared:
            team = self.find(each, each.place, self.graded) or self.ungraded(each)
            if team in self.lines:
                there = self.lines[team].line
                remedy = f"tell all of it in one [[teams]]{f', that of line {there}' if there else ''}"
                self.fault(each, f"the team {team.name!r} again", "each team once", remedy)
            self.lines.setdefault(team, each)
        pairs = [pair for team, each in self.lines.items() for pair in self.pairs(team, each)]
        self.circles(pairs)
        if any(problem.severity == "error" for problem in self.problems):
            return Lineage()
        self.contradictions()
        closed = {team: each.last for team, each in self.lines.items() if each.last}
        return Lineage(tuple(self.changes(pairs)), closed)

    def fault(
        self, each: DeclaredTeam, found: str, expected: str, remedy: str = "", *, warn: bool = False
    ) -> None:
        severity = "warning" if warn else "error"
        self.problems.append(
            Problem(self.file, found, expected, remedy, line=each.line, severity=severity)  # type: ignore[arg-type]
        )

    def find(self, each: DeclaredTeam, place: tuple[str | None, ...], among: Sequence[Team]) -> Team | None:
        """The one team *among* several that a declared place names; None where there is none."""
        known = [
            team for team in among if all(_is(named, own) for named, own in zip(place, team, strict=True))
        ]
        if len(known) > 1:
            listed = "; ".join(_words(team) for team in known)
            remedy = 'say which, as in {name = "...", service = "...", area = "..."}'
            self.fault(
                each, f"{place[-1]!r}, which {len(known)} teams are called: {listed}", "one team", remedy
            )
        return known[0] if known else None

    def ungraded(self, each: DeclaredTeam) -> Team:
        """A team that no grading names: one that is still to be visited, or a slip of the pen."""
        authority, area, service, name = each.place
        remedy = "check its spelling; it was kept"
        self.fault(each, f"the team {name!r}, which no grading names", "a graded team", remedy, warn=True)
        return Team(authority, area, service or "", name or "")

    def pairs(self, team: Team, each: DeclaredTeam) -> Iterator[tuple[Team, Team]]:
        """Each earlier team of a team, with it."""
        among = [other for other in dict.fromkeys([*self.graded, *self.lines]) if other != team]
        for place, times in Counter(each.was).items():
            near = [other for other in among if other.service == team.service]
            before = self.find(each, place, near if any(_is(place[-1], o.name) for o in near) else among)
            if times > 1:
                self.fault(each, f"was = {place[-1]!r} {times} times", "each earlier team once")
            if before is None and all(_is(named, own) for named, own in zip(place, team, strict=True)):
                remedy = "leave it out, or say in which area or service it was"
                self.fault(each, f"{team.name!r} as what it was itself", "another team", remedy)
            elif before is None:
                close = suggest(place[-1] or "", [other.name for other in among])
                remedy = f"did you mean {close!r}?" if close else "a team that was graded or is declared"
                self.fault(each, f"was = {place[-1]!r}, which no grading names", "a known team", remedy)
            else:
                yield before, team

    def circles(self, pairs: Sequence[tuple[Team, Team]]) -> None:
        """Tell teams that would have been themselves before."""
        before: dict[Team, list[Team]] = {}
        for earlier, later in pairs:
            before.setdefault(later, []).append(earlier)
        for team, each in self.lines.items():
            reached, left = set(), list(before.get(team, ()))
            while left:
                reached.add(one := left.pop())
                left += [other for other in before.get(one, ()) if other not in reached]
            if team in reached:
                expected = "teams that lead from earlier to later ones"
                remedy = "take out the 'was' that points forward in time"
                self.fault(each, f"{team.name!r} among the teams that it was before", expected, remedy)

    def contradictions(self) -> None:
        """Warn of gradings outside a team's days: both are kept."""
        for team, each in self.lines.items():
            days = self.days(team)
            for day in days[(days < pd.Timestamp(each.first or "1900-01-01"))].unique()[:1]:
                found = f"a grading of {team.name!r} on {day.date()}, before its first day {each.first}"
                self.fault(each, found, "gradings in its days", "both are kept", warn=True)
            for day in days[(days > pd.Timestamp(each.last or "2200-01-01"))].unique()[:1]:
                found = f"a grading of {team.name!r} on {day.date()}, after its last day {each.last}"
                self.fault(each, found, "gradings in its days", "both are kept", warn=True)

    def days(self, team: Team) -> pd.Series:
        return select_team(self.gradings, team)["visit_date"].dropna()

    def changes(self, pairs: Sequence[tuple[Team, Team]]) -> Iterator[Change]:
        """Each pair with the first round after the change, and whether one team became one."""
        rounds = list_rounds(self.gradings) if has_order(self.gradings) else []
        graded = {team: self.rounds(team, rounds) for team in {team for pair in pairs for team in pair}}
        left, entered = Counter(one for one, _ in pairs), Counter(other for _, other in pairs)
        for before, after in pairs:
            alone = left[before] == entered[after] == 1
            whole = alone and not set(graded[before]) & set(graded[after])
            yield Change(before, after, self.begins(before, after, graded), whole)

    def rounds(self, team: Team, rounds: Sequence[str]) -> list[str]:
        named = set(select_team(self.gradings, team)["round"].dropna().astype(str))
        return [name for name in rounds if name in named]

    def begins(self, before: Team, after: Team, graded: Mapping[Team, list[str]]) -> str | None:
        """The first round that grades a team after the change.

        The day that is declared decides. Without one it is the first round of a new team; a team that was
        there before takes another in once that one is graded no longer.
        """
        first = self.lines[after].first
        own, earlier = graded[after], graded[before]
        order = list_rounds(self.gradings) if own else []
        is_new = bool(own) and (not earlier or order.index(own[0]) > order.index(earlier[0]))
        rows = select_team(self.gradings, after)
        for name in own:
            days = rows.loc[rows["round"] == name, "visit_date"].dropna()
            if first is not None and len(days):
                has_begun = days.max() >= pd.Timestamp(first)
            else:
                has_begun = is_new or order.index(name) > order.index(earlier[-1])
            if has_begun:
                return name
        return None


def _is(named: str | None, own: str | None) -> bool:
    """Whether a declared name, or none, is a team's own."""
    return named is None or (own is not None and fold(named) == fold(own))


def _words(team: Team) -> str:
    return ", ".join(part for part in (team.service, team.area, team.authority) if part)
