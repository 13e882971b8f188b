"""Texts that a spreadsheet would run as a formula: known, marked in CSV files, and read back as they were."""

from __future__ import annotations

import csv
import re
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["guard", "is_formula", "unguard", "write_csv"]

#: What the eye does not see before a sign, the signs in all their widths, and something for them to act on.
_FORMULA = re.compile(
    "[\\s\x00-\x1f\x7f\xad\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff]*"
    "[=+@\\-\uff1d\uff0b\uff20\uff0d\ufe66\ufe62\ufe6b\ufe63\u2212]\\s*\\S|[\t\r\n]"
)
_NUMBER = re.compile(r"[+\-\u2212]\d+(\.\d+)?%?", re.ASCII)


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take a text for a formula or a command.

    Examples
    --------
    >>> is_formula("=1+1"), is_formula("-A"), is_formula("A-1"), is_formula("-")
    (True, True, False, False)
    """
    return _FORMULA.match(text) is not None


def guard(text: str) -> str:
    """The text with an apostrophe before it, where a spreadsheet might run it; a number stays as it is.

    Apostrophes that stand there already are kept, so that :func:`unguard` gives back every text.

    Examples
    --------
    >>> guard("=1+1"), guard("'=1+1"), guard("+2"), guard("plain")
    ("'=1+1", "''=1+1", '+2', 'plain')
    """
    bare = text.lstrip("'")
    return f"'{text}" if is_formula(bare) and not _NUMBER.fullmatch(bare) else text


def unguard(text: str) -> str:
    """The text that :func:`guard` was given.

    Examples
    --------
    >>> unguard("'=1+1"), unguard("'tis")
    ('=1+1', "'tis")
    """
    return text[1:] if text[:1] == "'" and guard(text[1:]) == text else text


def write_csv(table: pd.DataFrame) -> str:
    """A table as comma-separated text, its headings and texts guarded; days are written year first.

    Examples
    --------
    >>> import pandas as pd
    >>> write_csv(pd.DataFrame({"team": ["Team A", "-Team B"], "change": [-1, 2]}))
    "team,change\\nTeam A,-1\\n'-Team B,2\\n"
    """
    guarded = table.copy(deep=False)
    for place, dtype in enumerate(table.dtypes):
        if dtype.kind == "O":
            guarded.isetitem(place, table.iloc[:, place].map(_guarded).array)
    guarded.columns = [guard(str(name)) for name in table.columns]
    text = _csv_of(guarded, csv.QUOTE_MINIMAL)
    # a lone CR ends a row, and Python does not quote it of itself
    return _csv_of(guarded, csv.QUOTE_ALL) if "\r" in text else text


def _csv_of(table: pd.DataFrame, quoting: Literal[0, 1]) -> str:
    return table.to_csv(index=False, lineterminator="\n", date_format="%Y-%m-%d", quoting=quoting)


def _guarded(value: object) -> object:
    return guard(value) if isinstance(value, str) else value
