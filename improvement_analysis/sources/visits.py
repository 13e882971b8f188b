"""What visits must agree on: each domain once, one home for a team, days within the round, one spelling."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Literal

import numpy as np
import pandas as pd

from improvement_analysis.errors import Problem
from improvement_analysis.sources.about import About
from improvement_analysis.sources.cells import read_day
from improvement_analysis.sources.raw_table import MOST_PROBLEMS, RawTable
from improvement_analysis.vocabulary import near_duplicates

__all__ = ["Places", "check_visits"]

#: A visit further than this from its round is told.
FAR = timedelta(days=183)

_VISIT = ["authority", "round", "area", "service", "team", "grader"]


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


def check_visits(frame: pd.DataFrame, places: Places, about: About, *, whole: bool) -> list[Problem]:
    """Every problem of gradings that takes more than one cell to see.

    Parameters
    ----------
    frame : DataFrame, one row per grading
    places
        Where its rows stand.
    about
        The dataset's words; its date of publication is the last that a visit may have. Where it has none,
        the last is today: the only use of the clock.
    whole
        Whether no row was left out for a fault of its own. Only then can a missing domain be told.
    """
    checks = (
        _twice(frame, places),
        _two_homes(frame, places, "area"),
        _two_homes(frame, places, "service"),
        _gaps(frame, places, about) if whole else (),
        _days(frame, places, about),
        _alike(frame, places, about),
    )
    return [problem for check in checks for problem, _ in zip(check, range(MOST_PROBLEMS), strict=False)]


def _twice(frame: pd.DataFrame, places: Places) -> Iterator[Problem]:
    keys = [*_VISIT, "domain"]
    again = np.flatnonzero(frame.duplicated(keys)).tolist()
    if not again:
        return
    group = frame.groupby(keys, dropna=False, observed=True, sort=False).ngroup().to_numpy()
    first = _first_rows(group)
    for row in again:
        team, domain, before = frame["team"].iloc[row], frame["domain"].iloc[row], first[group[row]]
        named = f"team {team!r}" if isinstance(team, str) else f"{frame['authority'].iloc[row]}"
        yield places.problem(
            row,
            None,
            f"{named}, domain {domain} again",
            f"one grading of a domain in a round; it stands in {places.place(before, row)}",
            warning=False,
        )


def _first_rows(groups: np.ndarray) -> dict[int, int]:
    """The first row of each group."""
    values, rows = np.unique(groups, return_index=True)
    return dict(zip(values.tolist(), rows.tolist(), strict=True))


def _two_homes(frame: pd.DataFrame, places: Places, kind: str) -> Iterator[Problem]:
    """A team that stands in two areas or two services in one round."""
    team = ["authority", "round", "team"]
    homes = frame.loc[frame["team"].notna(), [*team, kind]].drop_duplicates()
    for _, rows in homes[homes.duplicated(team, keep=False)].groupby(team, dropna=False, sort=False):
        first = rows.index[0]
        for row in rows.index[1:]:
            here, there = (frame[kind].loc[each] for each in (row, first))
            here, there = (repr(name) if isinstance(name, str) else f"no {kind}" for name in (here, there))
            yield places.problem(
                row,
                kind if kind in places.tables[0].columns else None,
                f"team {frame['team'].loc[row]!r} in {kind} {here}, in {places.place(first, row)} in {there}",
                f"one {kind} for a team",
                "two teams of one name need a word that tells them apart",
            )


def _gaps(frame: pd.DataFrame, places: Places, about: About) -> Iterator[Problem]:
    """Visits without a grading of a domain that others have, and domains that none has."""
    keys = [domain.key for domain in about.domains]
    codes = frame["domain"].cat.codes.to_numpy()
    seen = np.unique(codes)
    if len(seen) < len(keys):
        absent = ", ".join(key for code, key in enumerate(keys) if code not in seen)
        table = places.tables[0]
        said = (f"no grading of {absent}", "every domain that is declared")
        yield table.problem(None, None, *said, severity="warning")
    visits = frame.groupby(_VISIT, dropna=False, sort=False).ngroup().to_numpy()
    there = np.zeros((visits.max() + 1, len(keys)), dtype=bool)
    there[visits, codes] = True
    short = ~there[:, seen].all(axis=1)
    first = _first_rows(visits) if short.any() else {}
    for visit in np.flatnonzero(short).tolist():
        row = first[visit]
        absent = ", ".join(keys[code] for code in seen if not there[visit, code])
        team = frame["team"].iloc[row]
        named = f"team {team!r}" if isinstance(team, str) else str(frame["authority"].iloc[row])
        yield places.problem(row, None, f"{named} without {absent}", "every domain of a visit")


def _days(frame: pd.DataFrame, places: Places, about: About) -> Iterator[Problem]:
    """Days after the last possible one, and days far from their round."""
    dated = frame.loc[frame["visit_date"].notna(), [*_VISIT, "visit_date"]].drop_duplicates()
    last = about.published or date.today()
    known = "the day of publication in source.toml" if about.published else "today"
    for row, round_, when in zip(dated.index, dated["round"], dated["visit_date"], strict=True):
        day = when.date()
        if day > last:
            said = (f"the day {day:%d/%m/%Y}", f"a day up to {last:%d/%m/%Y}, {known}")
            yield places.problem(row, "visit_date", *said, warning=False)
            continue
        begin, end = _span(round_ if isinstance(round_, str) else "", about)
        if begin and end and not begin - FAR <= day <= end + FAR:
            said = (
                f"the day {day:%d/%m/%Y}",
                f"a day near the round {round_}, {begin:%d/%m/%Y} to {end:%d/%m/%Y}",
            )
            yield places.problem(row, "visit_date", *said)


def _span(round_: str, about: About) -> tuple[date | None, date | None]:
    """First and last day of a round: as declared, or of the year or financial year it is named after."""
    if round_ == about.round and about.first_visit and about.last_visit:
        begin, end = _bound(about.first_visit), _bound(about.last_visit)
        if begin and end:
            return begin, end
    if match := re.search(r"\b(20\d\d)[-/](?:20)?(\d\d)\b", round_):
        year = int(match[1])
        if int(match[2]) == (year + 1) % 100:
            return date(year, 4, 1), date(year + 1, 3, 31)
    if match := re.search(r"\b(20\d\d)\b", round_):
        return date(int(match[1]), 1, 1), date(int(match[1]), 12, 31)
    return None, None


def _bound(text: str) -> date | None:
    """A day, or the middle of a month, that a text such as *August 2017* gives."""
    return read_day(text).value or read_day(f"15 {text}").value


def _alike(frame: pd.DataFrame, places: Places, about: About) -> Iterator[Problem]:
    """Names that may be one name spelt twice: told, never merged."""
    declared: dict[str, Sequence[object]] = {"area": about.areas.names, "service": about.services.names}
    for column in ("area", "service", "team"):
        if declared.get(column):
            continue
        names = frame[column].dropna().drop_duplicates()
        rows = dict(zip(names, names.index, strict=True))
        for one, other in near_duplicates(rows):
            remedy = "both are kept"
            if column != "team":
                remedy += "; if they are one, declare an alias in source.toml"
            said = (f"{one!r} and {other!r}", "one spelling of a name", remedy)
            yield places.problem(max(rows[one], rows[other]), column, *said)
