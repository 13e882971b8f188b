"""Action plans from a file: a row for each action and each quarter that was reported on."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.actions import COLUMNS, STATUS_WORDS, as_actions, quarter_end
from improvement_analysis.days import check_range, day_reader
from improvement_analysis.errors import GradingsError, Problem
from improvement_analysis.findings import SEPARATOR
from improvement_analysis.notation import shown
from improvement_analysis.sources.interpretation.visit_tables import read_rows, visit_readers
from improvement_analysis.sources.recognition.cells import EMPTY, name_reader, read_whole
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable, Reading
from improvement_analysis.sources.recognition.roles import role_of
from improvement_analysis.vocabulary import Vocabulary, clean

__all__ = ["ACTION_COLUMNS", "read_action_plans", "read_ids"]

_NEEDED = ("service", "team", "number", "action")

#: The columns of action plans in a file.
ACTION_COLUMNS = Columns(_NEEDED, tuple(name for name in COLUMNS if name not in (*_NEEDED, "source")))

_ONE_ACTION = ("authority", "round", "area", "service", "team", "number")
#: What every row of one action says alike.
_ALIKE = ("visit_date", "action", "domain", "role", "due", "measure", "answers", "closed_on")
_YEAR_FIRST = re.compile(r"(\d{4})[-/](\d{2}),? ?Q([1-4])", re.ASCII | re.IGNORECASE)
_YEAR_LAST = re.compile(r"Q([1-4]),? ?(\d{4})[-/](\d{2})", re.ASCII | re.IGNORECASE)

Row = Mapping[str, object]


def read_action_plans(tables: Sequence[RawTable], about: About) -> tuple[pd.DataFrame, list[Problem]]:
    """The actions of some tables in file order, and every problem met."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for table in tables:
        if not len(table):
            problems.append(table.header_problem(None, "no row below the header", "a row for each action"))
        read, said = read_rows(table, _readers(table, about), about)
        problems += [*said, *_check_rows(table, read)]
        rows += [row for row in read if row]
    if any(problem.severity == "error" for problem in problems):
        return as_actions(), list(dict.fromkeys(problems))
    return as_actions(rows), list(dict.fromkeys(problems))


def _readers(table: RawTable, about: About) -> dict[str, Callable[[str], Reading[object]]]:
    day = _in_range(day_reader(table.epoch, about.date_format))
    return {
        **visit_readers(table, about),
        "visit_date": day,
        "number": _read_number,
        "action": _read_action,
        "domain": name_reader("domain", Vocabulary("domain", about.domains), may_be_empty=True),
        "role": role_of(about),
        "due": day,
        "measure": _read_text,
        "answers": read_ids,
        "closed_on": day,
        "quarter": read_quarter,
        "status": _read_status,
        "outcome": _read_text,
    }


def _in_range(read: Callable[[str], Reading[date]]) -> Callable[[str], Reading[date]]:
    def bounded(text: str) -> Reading[date]:
        reading = read(text)
        fault = reading.value and check_range(reading.value)
        return Reading(None, *fault) if fault else reading

    return bounded


def _read_number(text: str) -> Reading[int]:
    reading = read_whole(text)
    if reading.value is None or not 1 <= reading.value <= 999:
        said = shown(text) if text.strip() else EMPTY
        return Reading(None, said, "the action's number in its team's plan, from 1 to 999")
    return reading


def _read_action(text: str) -> Reading[str]:
    return Reading(clean(text)) if clean(text) else Reading(None, EMPTY, "what will be done")


def _read_text(text: str) -> Reading[str]:
    return Reading(clean(text) or None)


def read_ids(text: str) -> Reading[str]:
    """The ids of one or several findings, with one separator.

    Examples
    --------
    >>> read_ids(" r1;r2 ").value
    'r1; r2'
    """
    return Reading(SEPARATOR.join(filter(None, map(clean, text.split(SEPARATOR.strip())))) or None)


def _read_status(text: str) -> Reading[str]:
    name = STATUS_WORDS.find(text) if text.strip() else None
    if name is not None or not text.strip():
        return Reading(name)
    close = STATUS_WORDS.suggest(text)
    remedy = f"did you mean {close!r}?" if close else ""
    return Reading(None, shown(text), f"one of {', '.join(STATUS_WORDS.names)}", remedy)


def read_quarter(text: str) -> Reading[str]:
    """The quarter of the financial year that a text gives; nothing where it is blank.

    Examples
    --------
    >>> read_quarter("Q1 2018/19").value, read_quarter("2018-19 Q1").value
    ('2018-19 Q1', '2018-19 Q1')
    >>> read_quarter("2018-20 Q1").expected
    "a quarter of the financial year, such as '2018-19 Q1'"
    """
    cleaned = clean(text)
    if not cleaned:
        return Reading()
    first, last = _YEAR_FIRST.fullmatch(cleaned), _YEAR_LAST.fullmatch(cleaned)
    if first:
        written = f"{first[1]}-{first[2]} Q{first[3]}"
    else:
        written = f"{last[2]}-{last[3]} Q{last[1]}" if last else ""
    try:
        quarter_end(written)
    except GradingsError:
        return Reading(None, shown(text), "a quarter of the financial year, such as '2018-19 Q1'")
    return Reading(written)


def _check_rows(table: RawTable, rows: Sequence[Row]) -> Iterator[Problem]:
    """What is wrong between the cells of a row, or between the rows of one action."""
    of_one: dict[tuple[object, ...], list[int]] = {}
    for number, row in enumerate(rows):
        if not row:
            continue
        of_one.setdefault(tuple(row[column] for column in _ONE_ACTION), []).append(number)
        if row["status"] and not row["quarter"]:
            yield table.problem(number, "quarter", "a status without a quarter", "the quarter it is of")
        if (row["quarter"] or row["outcome"]) and not row["status"]:
            said = "a quarter" if row["quarter"] else "an outcome"
            expected = f"one of {', '.join(STATUS_WORDS.names)}"
            yield table.problem(number, "status", f"{said} without a status", expected)
    for numbers in of_one.values():
        yield from _check_action(table, rows, numbers)


def _check_action(table: RawTable, rows: Sequence[Row], numbers: Sequence[int]) -> Iterator[Problem]:
    """What is wrong between the rows of one action; what can hardly be meant is a warning."""
    first = rows[numbers[0]]
    seen: dict[object, int] = {}
    for number in numbers:
        quarter = rows[number]["quarter"]
        if quarter in seen:
            what = f"the quarter {quarter}" if quarter else "a row without a quarter"
            said = f"{what} of this action again, after {table.place(seen[quarter])}"
            yield table.problem(number, "quarter", said, "each quarter of an action once")
        seen.setdefault(quarter, number)
        for column in _ALIKE:
            if rows[number][column] != first[column]:
                here, there = (rows[at][column] for at in (number, numbers[0]))
                expected = f"{_said(there)}, as in {table.place(numbers[0])}"
                remedy = "a team's actions each have a number of their own"
                yield table.problem(number, column, _said(here), expected, remedy)
    yield from _doubts(table, [rows[number] for number in numbers], numbers)


def _doubts(table: RawTable, rows: Sequence[Row], numbers: Sequence[int]) -> Iterator[Problem]:
    at, first = numbers[0], rows[0]
    last = max((row for row in rows if row["quarter"]), key=lambda row: str(row["quarter"]), default=None)
    status, closed_on, visited = last and last["status"], first["closed_on"], first["visit_date"]

    def doubt(column: str, found: str, expected: str, remedy: str = "") -> Problem:
        return table.problem(at, column, found, expected, remedy, "warning")

    if first["due"] is None:
        remedy = "without one it is never overdue"
        yield doubt("due", "no day", "the day by which it is to be done", remedy)
    if status == "closed" and closed_on is None:
        remedy = "without one nobody can tell whether it was on time"
        yield doubt("closed_on", "no day", "the day it was closed", remedy)
    if closed_on is not None and status not in (None, "closed"):
        expected = f"no day: the status last reported is {status!r}; both are kept"
        yield doubt("closed_on", f"the day {closed_on}", expected)
    if isinstance(closed_on, date) and isinstance(visited, date) and closed_on < visited:
        expected = f"a day after the visit of {visited}; it was kept"
        yield doubt("closed_on", f"the day {closed_on}", expected)


def _said(value: object) -> str:
    return EMPTY if value is None else shown(str(value))
