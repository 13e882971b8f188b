"""Rounds of visits, and which came first: never the alphabet's answer.

The order is the declared one; else that of the visit days; else that of names which state a time. Where
there are two rounds or more and none of these tells, there is no order, and what needs one is refused.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

from improvement_analysis.days import EARLIEST, read_day
from improvement_analysis.errors import GradingsError, Severity
from improvement_analysis.teams import TEAM
from improvement_analysis.times import comes_before, stated_time
from improvement_analysis.vocabulary import Term, fold

__all__ = [
    "MOST_NUMBERED",
    "Round",
    "RoundOrder",
    "as_rounds",
    "doubt_day",
    "earlier_rounds",
    "has_order",
    "latest_round",
    "list_rounds",
    "name_rounds",
    "no_order",
    "numbered_round",
    "order_rounds",
    "read_bound",
]

#: A visit further than this from its round is told.
FAR = timedelta(days=183)

#: So many rounds are numbered at most.
MOST_NUMBERED = 99

Remark = tuple[str, str, str]


@dataclass(frozen=True)
class Round(Term):
    """A declared round of visits, its other spellings, and its first and last day where they are known."""

    first: date | None = None
    last: date | None = None


def numbered_round(number: int) -> Round:
    """The round of a team's first inspection, its second, and so on."""
    return Round(f"Round {number}")


@dataclass(frozen=True)
class RoundOrder:
    """The rounds there are, and what is to be said of their order.

    Attributes
    ----------
    names
        Earliest first. Where there is no order, as they come.
    is_known
        Whether there is an order.
    remarks
        What contradicts it: what was found, what was expected, and a remedy.
    """

    names: tuple[str, ...]
    is_known: bool = True
    remarks: tuple[Remark, ...] = ()

    @property
    def dtype(self) -> pd.CategoricalDtype:
        """The type of a column of these rounds: ordered where there is an order."""
        return pd.CategoricalDtype(pd.Index(self.names, dtype="str"), ordered=self.is_known)


class _Visits(NamedTuple):
    """The days of a round's visits: the first, the middle and the last."""

    first: date
    middle: float
    last: date

    def __str__(self) -> str:
        return f"{self.first:%d/%m/%Y} to {self.last:%d/%m/%Y}"


def order_rounds(table: pd.DataFrame, declared: Iterable[Round] = ()) -> RoundOrder:
    """Which round came first.

    Parameters
    ----------
    table : DataFrame
        With ``round``; the columns ``visit_date`` (days) and those of a team are used where they are there.
    declared
        Rounds in their declared order. Where they hold every round of the table, nothing else decides.

    Returns
    -------
    RoundOrder

    Examples
    --------
    >>> visits = pd.DataFrame({"round": ["Autumn 2024", "Spring 2024"]})
    >>> order_rounds(visits).names
    ('Spring 2024', 'Autumn 2024')
    >>> order_rounds(pd.DataFrame({"round": ["Blue", "Green"]})).is_known
    False
    """
    names = [str(name) for name in table["round"].dropna().unique()]
    places = {each.name: place for place, each in enumerate(declared)}
    if len(names) < 2:
        return RoundOrder(tuple(names))
    evidence = _Evidence(table)
    if all(name in places for name in names):
        known = tuple(sorted(names, key=places.__getitem__))
        return RoundOrder(known, remarks=evidence.against(known))
    before = {pair for one, other in itertools.combinations(names, 2) for pair in evidence.pair(one, other)}
    ordered = _sorted(names, before)
    if ordered is None:
        return RoundOrder(tuple(names), is_known=False)
    return RoundOrder(ordered, remarks=evidence.remarks(ordered))


def _sorted(names: Sequence[str], before: set[tuple[str, str]]) -> tuple[str, ...] | None:
    """The one order that the pairs allow; None where they allow several or none."""
    left, ordered = list(names), []
    while left:
        first = [name for name in left if not any((other, name) in before for other in left)]
        if len(first) != 1:
            return None
        ordered.append(first[0])
        left.remove(first[0])
    return tuple(ordered)


class _Evidence:
    """What days and names say of the order of two rounds."""

    def __init__(self, table: pd.DataFrame) -> None:
        days = table["visit_date"] if "visit_date" in table else pd.Series(pd.NaT, table.index)
        keys = [column for column in TEAM if column in table]
        visits = table[keys].assign(round=table["round"].astype("object"), day=days)
        self._table = visits[visits["day"].notna() & visits["round"].notna()].drop_duplicates()
        self._firsts: pd.DataFrame | None = None
        self.visits: dict[str, _Visits] = {
            str(name): _Visits(of.min().date(), float(of.astype("int64").median()), of.max().date())
            for name, of in self._table.groupby("round", sort=False)["day"]
        }

    def pair(self, one: str, other: str) -> list[tuple[str, str]]:
        """The two in their order; nothing where neither days nor names tell it."""
        earlier = self.by_days(one, other)
        if earlier is None:
            earlier = comes_before(one, other)
        if earlier is None:
            earlier = self._day_and_name(one, other)
        return [] if earlier is None else [(one, other) if earlier else (other, one)]

    def by_days(self, one: str, other: str) -> bool | None:
        """Whether a round's visits are the earlier; where they overlap, teams visited in both tell."""
        if one not in self.visits or other not in self.visits:
            return None
        first, second = self.visits[one], self.visits[other]
        if first.last < second.first or second.last < first.first:
            return first.last < second.first
        earlier, later = self.votes(one, other)
        if earlier != later:
            return earlier > later
        return None if first.middle == second.middle else first.middle < second.middle

    def votes(self, one: str, other: str) -> tuple[int, int]:
        """How many teams visited in both rounds were visited earlier, and later, in the first."""
        if self._firsts is None:
            teams = self._table.dropna(subset="team") if "team" in self._table else self._table[:0]
            keys = [column for column in TEAM if column in teams]
            grouped = teams.groupby([*keys, "round"], dropna=False, observed=True)["day"].min()
            self._firsts = grouped.unstack("round") if len(teams) else pd.DataFrame()
        if not {one, other} <= set(self._firsts.columns):
            return 0, 0
        first, second = self._firsts[one], self._firsts[other]
        return int((first < second).sum()), int((first > second).sum())

    def _day_and_name(self, one: str, other: str) -> bool | None:
        """Where only one round has days: whether they lie before or after what the other's name states."""
        if (one in self.visits) == (other in self.visits):
            return None
        if other in self.visits:
            turned = self._day_and_name(other, one)
            return None if turned is None else not turned
        visits, stated = self.visits[one], stated_time(other)
        if stated is None or (stated.first <= visits.last and visits.first <= stated.latest):
            return None
        return visits.last < stated.first

    def remarks(self, ordered: Sequence[str]) -> tuple[Remark, ...]:
        """Names that contradict the order of the days, and visits of two rounds that overlap."""
        remarks = []
        for one, other in itertools.combinations(ordered, 2):
            if one not in self.visits or other not in self.visits:
                continue
            first, second = self.visits[one], self.visits[other]
            both = f"the round {one!r} (visits {first}) and the round {other!r} (visits {second})"
            if comes_before(other, one):
                remedy = "correct the names or the days, or declare [[rounds]] in source.toml"
                remarks.append((both, "names and visit days of one order; the days were followed", remedy))
            elif second.first <= first.last:
                earlier, later = self.votes(one, other)
                teams = f"{earlier} of the {earlier + later} teams visited in both were visited in it first"
                why = teams if earlier > later else "the middle of its visits is the earlier"
                expected = f"one round after another; {one!r} was taken for the earlier: {why}"
                remarks.append((both, expected, "if that is wrong, declare [[rounds]] in source.toml"))
        return tuple(remarks)

    def against(self, ordered: Sequence[str]) -> tuple[Remark, ...]:
        """Neighbours in a declared order that their days put the other way."""
        remarks = []
        for one, other in itertools.pairwise(ordered):
            if self.by_days(one, other) is False:
                found = (
                    f"the round {one!r} (visits {self.visits[one]}) and the round {other!r} "
                    f"(visits {self.visits[other]})"
                )
                expected = f"visits in the order of [[rounds]], which puts {one!r} first; it was followed"
                remarks.append((found, expected, "correct the days or the declaration"))
        return tuple(remarks)


def as_rounds(table: pd.DataFrame, declared: Iterable[Round] = ()) -> pd.Series:
    """The column ``round`` as a category: ordered, earliest first, or without order where none is known.

    An ordered category stays as it is, unless rounds are declared.
    """
    column, declared = table["round"], tuple(declared)
    if _is_ordered(column) and not declared:
        return column
    return column.astype("str").astype(order_rounds(table, declared).dtype)


def _is_ordered(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype) and bool(column.cat.ordered)


def name_rounds(table: pd.DataFrame) -> list[str]:
    """The rounds that a table holds: earliest first, or as they come where no order is known."""
    return list(_order_of(table).names)


def list_rounds(table: pd.DataFrame) -> list[str]:
    """The rounds that a table holds, earliest first.

    Raises
    ------
    GradingsError
        If there are two or more and nothing tells their order; with the line that declares it.

    Examples
    --------
    >>> list_rounds(pd.DataFrame({"round": ["Round 10", "Round 9", None]}))
    ['Round 9', 'Round 10']
    """
    order = _order_of(table)
    if not order.is_known:
        found, expected, remedy = no_order(order.names)
        raise GradingsError(f"found {found}, expected {expected}; {remedy}")
    return list(order.names)


def _order_of(table: pd.DataFrame) -> RoundOrder:
    column = table["round"]
    if not _is_ordered(column):
        return order_rounds(table)
    here = np.zeros(len(column.cat.categories) + 1, dtype=bool)
    here[column.cat.codes.to_numpy()] = True  # the code of a missing round is -1
    return RoundOrder(tuple(str(name) for name in column.cat.categories[here[:-1]]))


def no_order(names: Sequence[str]) -> Remark:
    """What is to be said of rounds without an order: found, expected, and the line that declares it."""
    for one, other in itertools.combinations(names, 2):
        if fold(one) == fold(other) or (stated_time(one) and stated_time(one) == stated_time(other)):
            line = f"rounds = [{{name = {_quoted(one)}, aliases = [{_quoted(other)}]}}]"
            remedy = f"write both alike, or add a line at the top of source.toml: {line}"
            return f"the rounds {one!r} and {other!r}, which say the same", "one spelling of a round", remedy
    shown = [*map(repr, names[:6]), *([f"{len(names) - 6} more"] if len(names) > 6 else [])]
    line = f"rounds = [{', '.join(f'{{name = {_quoted(name)}}}' for name in names)}]"
    return (
        f"the rounds {', '.join(shown[:-1])} and {shown[-1]} without an order",
        "visit days, or names that state a time, by which it is plain which came first",
        f"add a line at the top of source.toml, earliest first: {line}",
    )


def _quoted(name: str) -> str:
    return json.dumps(name, ensure_ascii=False)


def has_order(table: pd.DataFrame) -> bool:
    """Whether it is known which of a table's rounds came first; so it is where there is one."""
    return _order_of(table).is_known


def latest_round(table: pd.DataFrame) -> str | None:
    """The latest round that a table holds; None where no row names its round.

    Raises
    ------
    GradingsError
        As :func:`list_rounds` does.
    """
    return next(reversed(list_rounds(table)), None)


def earlier_rounds(table: pd.DataFrame, round: str | None) -> list[str]:  # noqa: A002 (the field's word)
    """The rounds before one, earliest first; none where the table does not hold it."""
    rounds = list_rounds(table)
    return rounds[: rounds.index(round)] if round in rounds else []


def read_bound(text: str) -> date | None:
    """A day, or the middle of a month, that a text such as *August 2017* gives; None where it gives none."""
    return read_day(text).value or read_day(f"15 {text}").value


def doubt_day(
    day: date, name: str, dated: Iterable[Round], published: date | None
) -> tuple[Severity, str, str] | None:
    """What is to be said of the day of a visit: the severity, what was found, what was expected.

    Parameters
    ----------
    day, name
        Of the visit, and its round.
    dated
        Rounds whose first and last day are declared; another's are those that its name states.
    published
        The last day that a visit may have. Where it is not known, that is today: the only use of the clock.

    Returns
    -------
    tuple or None
        None where nothing is to be said.

    Examples
    --------
    >>> doubt_day(date(2015, 6, 1), "2017-18", (), date(2018, 6, 30))
    ('warning', 'the day 01/06/2015', 'a day near the round 2017-18, 01/04/2017 to 31/03/2018')
    """
    last = published or date.today()
    if day > last:
        known = "the day of publication in source.toml" if published else "today"
        return "error", f"the day {day:%d/%m/%Y}", f"a day up to {last:%d/%m/%Y}, {known}"
    if day.year < EARLIEST:
        return "error", f"the day {day}", f"a day from {EARLIEST} on"
    span = _span(name, dated)
    if span is None or span[0] - FAR <= day <= span[1] + FAR:
        return None
    near = f"a day near the round {name}, {span[0]:%d/%m/%Y} to {span[1]:%d/%m/%Y}"
    return "warning", f"the day {day:%d/%m/%Y}", near


def _span(name: str, dated: Iterable[Round]) -> tuple[date, date] | None:
    """First and last day of a round: as declared, else those that its name states."""
    stated = stated_time(name)
    for each in dated:
        if fold(each.name) == fold(name):
            first = each.first or (stated.first if stated else each.last)
            last = each.last or (stated.last if stated else each.first)
            return (first, last) if first and last else None
    return (stated.first, stated.last) if stated else None
