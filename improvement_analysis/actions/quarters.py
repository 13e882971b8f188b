"""Quarters of the financial year, which begins in April: ``2018-19 Q1`` is April to June 2018."""

from __future__ import annotations

import re
from datetime import date, timedelta

from improvement_analysis.errors import GradingsError

__all__ = ["quarter_end", "quarter_of", "quarters_after"]

_QUARTER = re.compile(r"(\d{4})-(\d{2}) Q([1-4])", re.ASCII)


def quarter_of(day: date) -> str:
    """The quarter of the financial year that a day lies in.

    Examples
    --------
    >>> quarter_of(date(2017, 9, 4)), quarter_of(date(2018, 1, 31)), quarter_of(date(2018, 4, 1))
    ('2017-18 Q2', '2017-18 Q4', '2018-19 Q1')
    """
    year = day.year - (day.month < 4)
    return f"{year:04d}-{(year + 1) % 100:02d} Q{(day.month - 4) % 12 // 3 + 1}"


def quarter_end(quarter: str) -> date:
    """The last day of a quarter.

    Raises
    ------
    GradingsError
        If *quarter* is not one.

    Examples
    --------
    >>> quarter_end("2017-18 Q4")
    datetime.date(2018, 3, 31)
    """
    start = _quarter_start(quarter)
    after = start.month + 3
    return date(start.year + (after > 12), (after - 1) % 12 + 1, 1) - timedelta(days=1)


def _quarter_start(quarter: str) -> date:
    match = _QUARTER.fullmatch(quarter)
    if match is None or (int(match[1]) + 1) % 100 != int(match[2]) or match[1] in ("0000", "9999"):
        raise GradingsError(f"{quarter!r} is not a quarter; expected one such as '2018-19 Q1'")
    year, number = int(match[1]), int(match[3])
    return date(year + (number == 4), (number * 3) % 12 + 1, 1)


def quarters_after(day: date, number: int) -> tuple[str, ...]:
    """The quarters that follow the one a day lies in.

    Examples
    --------
    >>> quarters_after(date(2017, 12, 1), 3)
    ('2017-18 Q4', '2018-19 Q1', '2018-19 Q2')
    """
    found: list[str] = []
    for _ in range(number):
        day = quarter_end(quarter_of(day)) + timedelta(days=1)
        found.append(quarter_of(day))
    return tuple(found)
