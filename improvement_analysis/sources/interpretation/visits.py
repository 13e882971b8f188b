"""What visits must agree on: each domain once, one home for a team, days within the round, one spelling."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from typing import Literal

import numpy as np
import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import MOST_PROBLEMS, Problem, condense
from improvement_analysis.rounds import doubt_day
from improvement_analysis.sources.recognition.raw_table import RawTable
from improvement_analysis.standing import SETTLING
from improvement_analysis.teams import TEAM
from improvement_analysis.vocabulary import near_duplicates

__all__ = ["Keys", "Places", "check_visits"]

_NUMBER = re.compile(r"\d[\d/]*")

# In this order, because groups of some columns are made from those of the first of them.
_NAMED = ("authority", "round", "team")
_VISIT = (*_NAMED, *(column for column in TEAM if column not in _NAMED), "grader", "stage")


class Places:
    """Where each row of gradings stands: its table and its position there."""

    def __init__(self) -> None:
        self.tables: list[RawTable] = []
        self._table = np.empty(0, dtype=int)
        self._row = np.empty(0, dtype=int)

    def add(self, table: RawTable, rows: np.ndarray) -> None:
        """Add the positions of a table's rows."""
        self._table = np.concatenate([self._table, np.full(len(rows), len(self.tables))])
        self._row = np.concatenate([self._row, rows])
        self.tables.append(table)

    def problem(self, row: int, column: str | None, *said: str, warning: bool = True) -> Problem:
        """A problem at a row of gradings."""
        table = self.tables[int(self._table[row])]
        position, remedy = int(self._row[row]), said[2] if len(said) > 2 else ""
        severity: Literal["error", "warning"] = "warning" if warning else "error"
        return table.problem(position, column, said[0], said[1], remedy, severity)

    def place(self, row: int, seen_from: int) -> str:
        """Where a row stands in words, for a message about another row."""
        table = self.tables[int(self._table[row])]
        words = table.place(int(self._row[row]))
        other = self.tables[int(self._table[seen_from])]
        if table.file != other.file:
            return f"{table.file}, {words}"
        return words if table.sheet == other.sheet else f"sheet {table.sheet!r}, {words}"


class Keys:
    """Gradings with a small number for each name of a column, so that rows are compared by numbers."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.names: dict[str, pd.Index] = {}
        self._codes: dict[str, np.ndarray] = {}
        self._groups: dict[tuple[str, ...], np.ndarray] = {}
        #: What makes a visit, or an audit of a case: of each a domain is graded once.
        self.visit = (*_VISIT, *(["case"] if "case" in frame else []))
        for column in (*self.visit, "domain", "visit_date"):
            values = frame[column]
            if isinstance(values.dtype, pd.CategoricalDtype):
                self._codes[column] = values.cat.codes.to_numpy().astype(np.int64)
                self.names[column] = values.cat.categories
            else:
                self._codes[column], self.names[column] = pd.factorize(values)

    def codes(self, column: str) -> np.ndarray:
        """The number of each row's name; -1 where it is missing."""
        return self._codes[column]

    def groups(self, *columns: str) -> np.ndarray:
        """The number of each row's combination of names, counted from 0 in order of appearance."""
        if not columns:
            return np.zeros(len(self.frame), dtype=np.int64)
        if columns not in self._groups:
            *before, last = columns
            combined = self.groups(*before) * (len(self.names[last]) + 1) + self._codes[last] + 1
            self._groups[columns] = pd.factorize(combined)[0]
        return self._groups[columns]

    def name(self, column: str, row: int) -> str | None:
        """The name in a column of a row; None where it is missing."""
        code = self._codes[column][row]
        return None if code < 0 else str(self.names[column][code])

    def team(self, row: int) -> str:
        """What a message calls the team of a row, or its authority where no team is named."""
        team = self.name("team", row)
        return f"team {team!r}" if team is not None else str(self.name("authority", row))


def check_visits(keys: Keys, places: Places, about: About, *, whole: bool) -> list[Problem]:
    """Every problem of gradings that takes more than one cell to see.

    Parameters
    ----------
    keys
        The gradings.
    places
        Where their rows stand.
    about
        The dataset's words; its date of publication is the last that a visit may have. Where it has none,
        the last is today: the only use of the clock.
    whole
        Whether no row was left out for a fault of its own. Only then can a missing domain be told.
    """
    days = list(itertools.islice(_days(keys, places, about), MOST_PROBLEMS))
    twice = list(itertools.islice(_twice(keys, places), MOST_PROBLEMS))
    checks = (
        twice,
        _two_homes(keys, places, "area"),
        _two_homes(keys, places, "service"),
        _gaps(keys, places, about) if whole else (),
        days,
        () if any(problem.severity == "error" for problem in (*days, *twice)) else _two_days(keys, places),
        _alike(keys, places, about),
    )
    return [
        problem for check in checks for problem in condense(itertools.islice(check, MOST_PROBLEMS), _kind)
    ]


def _kind(problem: Problem) -> tuple[object, ...]:
    """What many rows may have in common: all that a problem says but names, days and other places."""
    return problem.severity, problem.sheet, problem.column, _NUMBER.sub("", problem.expected)


def _firsts(groups: np.ndarray) -> np.ndarray:
    """The first row of each group; groups are counted in order of appearance."""
    first = np.empty(groups.max() + 1, dtype=np.int64)
    first[groups[::-1]] = np.arange(len(groups) - 1, -1, -1)
    return first


def _twice(keys: Keys, places: Places) -> Iterator[Problem]:
    groups = keys.groups(*keys.visit, "domain")
    first = _firsts(groups)
    for row in np.flatnonzero(first[groups] != np.arange(len(groups))).tolist():
        yield places.problem(
            row,
            None,
            f"{keys.team(row)}, domain {keys.name('domain', row)} again",
            f"one grading of a domain in a round; it stands in {places.place(first[groups[row]], row)}",
            warning=False,
        )


def _two_homes(keys: Keys, places: Places, kind: str) -> Iterator[Problem]:
    """A team that stands in two areas or two services in one round."""
    teams = keys.groups(*_NAMED)
    homes = keys.groups(*_NAMED, kind)
    first, first_of_home = _firsts(teams), _firsts(homes)
    for row in first_of_home.tolist():
        before = first[teams[row]]
        if before == row or keys.name("team", row) is None:
            continue
        names = (keys.name(kind, row), keys.name(kind, before))
        here, there = (f"no {kind}" if name is None else repr(name) for name in names)
        yield places.problem(
            row,
            kind,
            f"{keys.team(row)} in {kind} {here}, in {places.place(before, row)} in {there}",
            f"one {kind} for a team",
            "two teams of one name need a word that tells them apart",
        )


def _gaps(keys: Keys, places: Places, about: About) -> Iterator[Problem]:
    """Visits without a grading of a domain that others have, and domains that none has."""
    domains = [domain.key for domain in about.domains]
    codes = keys.codes("domain")
    seen = np.unique(codes)
    if len(seen) < len(domains):
        absent = ", ".join(key for code, key in enumerate(domains) if code not in seen)
        said = (f"no grading of {absent}", "every domain that is declared")
        yield places.tables[0].problem(None, None, *said, severity="warning")
    visits = keys.groups(*keys.visit)
    there = np.zeros((visits.max() + 1, len(domains)), dtype=bool)
    there[visits, codes] = True
    first = _firsts(visits)
    for visit in np.flatnonzero(~there[:, seen].all(axis=1)).tolist():
        absent = ", ".join(domains[code] for code in seen if not there[visit, code])
        row = int(first[visit])
        if keys.name("stage", row) in SETTLING:
            continue  # only what was in question is agreed or moderated
        yield places.problem(row, None, f"{keys.team(row)} without {absent}", "every domain of a visit")


def _days(keys: Keys, places: Places, about: About) -> Iterator[Problem]:
    """Days after the last possible one, and days far from their round, once for a visit."""
    rounds_and_days = keys.groups("round", "visit_date")
    first = _firsts(rounds_and_days)
    doubts = {}
    for group, row in enumerate(first.tolist()):
        code = keys.codes("visit_date")[row]
        if code >= 0:
            day = pd.Timestamp(keys.names["visit_date"][code]).date()
            doubt = doubt_day(day, keys.name("round", row) or "", about.dated_rounds, about.published)
            if doubt is not None:
                doubts[group] = doubt
    visits = _firsts(keys.groups(*keys.visit, "visit_date")) if doubts else np.empty(0, dtype=np.int64)
    for row in visits.tolist():
        if (doubt := doubts.get(int(rounds_and_days[row]))) is not None:
            severity, *message = doubt
            yield places.problem(row, "visit_date", *message, warning=severity == "warning")


def _two_days(keys: Keys, places: Places) -> Iterator[Problem]:
    """A visit with gradings of two days."""
    visits = keys.groups(*keys.visit)
    first, first_of_day = _firsts(visits), _firsts(keys.groups(*keys.visit, "visit_date"))
    for row in first_of_day.tolist():
        before = first[visits[row]]
        if before != row:
            here, there = (_day_of(keys, each) for each in (row, before))
            found = f"{keys.team(row)} on {here}, in {places.place(before, row)} on {there}"
            yield places.problem(row, "visit_date", found, "one day for a visit; both are kept")


def _day_of(keys: Keys, row: int) -> str:
    code = keys.codes("visit_date")[row]
    return "no day" if code < 0 else f"{pd.Timestamp(keys.names['visit_date'][code]):%d/%m/%Y}"


def _alike(keys: Keys, places: Places, about: About) -> Iterator[Problem]:
    """Names that may be one name spelt twice: told, never merged."""
    declared = {"area": about.areas.names, "service": about.services.names, "round": about.rounds.names}
    for column in ("authority", "round", "area", "service", "team", "grader"):
        pairs = () if declared.get(column) else near_duplicates(map(str, keys.names[column]))
        for pair in pairs:
            rows = [int(np.argmax(keys.codes(column) == keys.names[column].get_loc(name))) for name in pair]
            remedy = "both are kept"
            if column in declared:
                remedy += "; if they are one, declare an alias in source.toml"
            said = (f"{pair[0]!r} and {pair[1]!r}", "one spelling of a name", remedy)
            yield places.problem(max(rows), column, *said)
