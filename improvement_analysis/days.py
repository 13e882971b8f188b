"""Days as texts, workbooks and tables give them: always day first."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime, time, timedelta

import numpy as np
import pandas as pd

from improvement_analysis.errors import GradingsError, Problem, Reading, SourceWarning
from improvement_analysis.notation import shown
from improvement_analysis.vocabulary import MONTHS, clean

__all__ = ["DATE_FORMATS", "as_days", "check_range", "day_reader", "month_of", "read_day", "read_days"]

#: No visit and no action was before this year or after that one: another is a slip of the pen.
EARLIEST, LATEST = 1990, 2100

#: How days are written in figures, where a dataset says so.
DATE_FORMATS = ("day first", "month first", "year first")

#: So many rows are told one by one.
MOST_TOLD = 20

#: The day from which workbooks count, unless they say 1904.
EPOCH = date(1899, 12, 30)

_DAY = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", re.ASCII)
_DAY_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -](\d{4})", re.ASCII | re.IGNORECASE)
#: A time of day after a day; a year of two digits, by its century's turn; a month alone.
_TIME = re.compile(
    r"(.*\d)(?:T| +)\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[ap]m)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_SHORT_YEAR = re.compile(
    r"(\d{1,2}[/.]\d{1,2}[/.]|\d{1,2}[ -][a-z]{3,9}[ -])(\d\d)", re.ASCII | re.IGNORECASE
)
_MONTH_ALONE = re.compile(r"([a-z]{3,9})[ -](\d{4})", re.ASCII | re.IGNORECASE)
_LATEST_SHORT_YEAR = 49

#: What is said of a day in figures that makes no sense in the declared order.
_OTHER_ORDER = {"day first": "month first", "month first": "day first", "year first": "month first"}
_FIGURES = {"day first": "%d/%m/%Y", "month first": "%m/%d/%Y", "year first": "%Y-%m-%d"}
_EXPECTED_DAY = {
    "day first": "a date, day first, such as 04/09/2017 or 2017-09-04",
    "month first": "a date, month first as declared, such as 09/04/2017 or 2017-09-04",
    "year first": "a date, year first as declared, such as 2017-09-04",
}

_SERIAL = re.compile(r"[1-9]\d{4}", re.ASCII)


def month_of(word: str) -> int:
    """The number of a month that is named in full or by three letters; 0 of any other word.

    Examples
    --------
    >>> month_of("September"), month_of("sep"), month_of("sept")
    (9, 9, 0)
    """
    named = (
        n for n, month in enumerate(map(str.casefold, MONTHS), 1) if word.casefold() in (month, month[:3])
    )
    return next(named, 0)


def day_reader(epoch: date | None, order: str = DATE_FORMATS[0]) -> Callable[[str], Reading[date]]:
    """A reader of cells that hold a day, for a sheet that counts its days from *epoch* or a file without."""

    def read(text: str) -> Reading[date]:
        if epoch is not None and _SERIAL.fullmatch(text):
            day = epoch + timedelta(days=int(text))
            found = f"the number {text}, which the sheet shows without the form of a date"
            return Reading(day, found, f"a date; it was read as {day}", severity="warning")
        return _read_loosely(text, order)

    return read


def _read_loosely(text: str, order: str) -> Reading[date]:
    """A day as files give it: with a time of day, or with a year of two digits; a month alone is no day."""
    cleaned = clean(text)
    if (match := _MONTH_ALONE.fullmatch(cleaned)) and month_of(match[1]):
        found = f"{shown(text)}, which is a month"
        return Reading(None, found, "a date", "the day was left open", "warning", note=True)
    plain, dropped = cleaned, ""
    if match := _TIME.fullmatch(plain):
        plain, dropped = match[1], "; the time of day was left out"
    if match := _SHORT_YEAR.fullmatch(plain):
        plain = f"{match[1]}{20 if int(match[2]) <= _LATEST_SHORT_YEAR else 19}{match[2]}"
    reading = read_day(plain, order)
    if plain == cleaned or reading.value is None:
        return reading if reading.value is not None or not cleaned else read_day(text, order)
    expected = f"a date; it was read as {reading.value}{dropped}"
    return Reading(reading.value, shown(text), expected, severity="warning", note=True)


def read_day(text: str, order: str = DATE_FORMATS[0]) -> Reading[date]:
    """The day that a text gives: year first, the month in words, or in *order*; nothing where it is blank.

    Examples
    --------
    >>> read_day("04/09/2017").value, read_day("4 September 2017").value == read_day("2017-09-04").value
    (datetime.date(2017, 9, 4), True)
    >>> read_day("09/25/2017").remedy
    'it only makes sense month first: write 25/09/2017'
    """
    cleaned = clean(text)
    if not cleaned:
        return Reading()
    year, month, day = _parts(cleaned, order)
    try:
        return Reading(date(year, month, day))
    except ValueError:
        remedy = ""
    try:
        swapped = date(year, day, month)
        remedy = f"it only makes sense {_OTHER_ORDER[order]}: write {swapped:{_FIGURES[order]}}"
    except ValueError:
        if _SERIAL.fullmatch(cleaned):
            remedy = "a number of days says no date outside its workbook"
        elif re.fullmatch(r"\d{1,2}([-/.])\d{1,2}\1\d{2}", cleaned, re.ASCII):
            remedy = "write the year with four digits"
    return Reading(None, shown(text), _EXPECTED_DAY[order], remedy)


def _parts(text: str, order: str) -> tuple[int, int, int]:
    """Year, month and day as a text puts them; zeros where it puts none."""
    if match := _DAY.fullmatch(text):
        first, _, month, last = match.groups()
        if len(first) == 4 and len(last) <= 2:
            return int(first), int(month), int(last)
        if len(first) <= 2 and len(last) == 4:
            day, number = (month, first) if order == "month first" else (first, month)
            return int(last), int(number), int(day)
    if match := _DAY_IN_WORDS.fullmatch(text):
        day, word, year = match.groups()
        return int(year), month_of(word), int(day)
    return 0, 0, 0


def check_range(day: date) -> tuple[str, str] | None:
    """What was found and expected where a day is in no possible year; None where it may be.

    Examples
    --------
    >>> check_range(date(217, 9, 4))
    ('the day 0217-09-04', 'a day from 1990 to 2100')
    """
    possible = EARLIEST <= day.year <= LATEST
    return None if possible else (f"the day {day}", f"a day from {EARLIEST} to {LATEST}")


def read_days(values: Iterable[object], column: str) -> tuple[pd.Series, list[Problem]]:
    """The days in a column of a table that is no file, and what is wrong with them, by row.

    Parameters
    ----------
    values
        Texts, read as :func:`read_day` does; days and moments, whose time of day is left off and told;
        numbers as a workbook counts its days, which are told; missing ones.
    column
        Its name, for the problems.

    Returns
    -------
    days : Series of datetime64
        Missing where nothing could be read.
    problems : list of Problem
        Rows are counted from 0, as the table's own.

    Examples
    --------
    >>> days, problems = read_days(["01/06/2024", None, "06/25/2024"], "visit_date")
    >>> days.dt.date.to_list()[0]
    datetime.date(2024, 6, 1)
    >>> problems[0].place, problems[0].found, problems[0].remedy
    ("row 2, column 'visit_date'", "'06/25/2024'", 'it only makes sense month first: write 25/06/2024')
    """
    given = pd.Series(values).reset_index(drop=True)
    if pd.api.types.is_datetime64_any_dtype(given.dtype) and (plain := _plain_days(given)) is not None:
        return plain, []
    codes, texts = pd.factorize(given.astype(object), use_na_sentinel=True)
    readings = [_read_value(value) for value in texts]
    days = pd.Series([reading.value for reading in readings], dtype="datetime64[us]")
    taken = days.reindex(codes).reset_index(drop=True) if len(days) else pd.Series(pd.NaT, range(len(codes)))
    return taken.astype("datetime64[us]"), list(_problems(codes, readings, column))


def as_days(column: pd.Series) -> pd.Series:
    """A column of days, read as :func:`read_days` does.

    Raises
    ------
    GradingsError
        With every row that holds no day. What was left off a day is told as a :class:`SourceWarning`.
    """
    days, problems = read_days(column, str(column.name))
    wrong = [problem for problem in problems if problem.severity == "error"]
    if wrong:
        lines = [f"{problem.place}: {problem.message}" for problem in wrong[:MOST_TOLD]]
        more = [f"and {len(wrong) - MOST_TOLD} more"] if len(wrong) > MOST_TOLD else []
        raise GradingsError("\n  ".join(["there are days that cannot be read", *lines, *more]))
    for problem in problems[:MOST_TOLD]:
        warnings.warn(SourceWarning(problem), stacklevel=5)
    return days


def _plain_days(given: pd.Series) -> pd.Series | None:
    """A column of moments that are all midnights, as days; None where one is not."""
    here = given.dt.tz_localize(None) if given.dt.tz is not None else given
    days = here.dt.normalize()
    possible = (days == here) & here.dt.year.between(EARLIEST, LATEST)
    return days.astype("datetime64[us]") if (days.isna() | possible).all() else None


def _in_range(reading: Reading[date]) -> Reading[date]:
    """A day that may be, or the error that it is in no possible year."""
    impossible = check_range(reading.value) if reading.value else None
    return Reading(None, *impossible) if impossible else reading


def _read_value(value: object) -> Reading[date]:
    if isinstance(value, datetime):  # a pandas Timestamp is one
        if value.time() == time():
            return _in_range(Reading(value.date()))
        value = value.replace(tzinfo=None).isoformat(" ", "seconds")
    if isinstance(value, date):
        return Reading(value)  # of a reader of files, which looks itself whether a day may be
    text = f"{value:.10g}" if isinstance(value, (int, float, np.number)) else str(value)
    whole, point, _ = text.partition(".")
    if _SERIAL.fullmatch(whole) and (not point or isinstance(value, (float, np.number))):
        day = EPOCH + timedelta(days=int(whole))
        expected = f"a date; it was read as {day}, as workbooks count their days"
        return Reading(day, f"the number {text}", expected, severity="warning")
    return _in_range(day_reader(None)(text))


def _problems(codes: np.ndarray, readings: list[Reading[date]], column: str) -> Iterator[Problem]:
    """The errors of every row, and each warning for the first row that has it."""
    first = np.unique(codes, return_index=True)
    firsts = dict(zip(first[0].tolist(), first[1].tolist(), strict=True))
    wrong = [reading.is_error for reading in readings]
    warned = [firsts[code] for code, reading in enumerate(readings) if reading.found and not reading.is_error]
    for row in sorted([*np.flatnonzero(np.array([*wrong, False])[codes]).tolist(), *warned]):
        reading = readings[codes[row]]
        message = (reading.found, reading.expected, reading.remedy)
        yield Problem("the table", *message, row=row, column=column, severity=reading.severity)
