"""What a table knows of itself wherever it goes: that it was made up, and a scale of its own.

pandas keeps ``attrs`` where rows or columns are taken, sorted or stacked, and writes them to files as plain
values. A table that is made anew out of others takes them over with :func:`carry_marks`.
"""

from __future__ import annotations

from dataclasses import asdict

import pandas as pd

from improvement_analysis.scale import OFSTED, Scale

__all__ = ["carry_marks", "is_illustrative", "mark_illustrative", "mark_scale", "scale_of"]

_MADE_UP, _SCALE = "illustrative", "scale"


def mark_illustrative(table: pd.DataFrame) -> pd.DataFrame:
    """*table* itself, marked as made up: every chart and table made from it says so."""
    table.attrs[_MADE_UP] = True
    return table


def mark_scale(table: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    """*table* itself, with the scale of its grades where that is not Ofsted's."""
    table.attrs.pop(_SCALE, None)
    if scale != OFSTED:
        table.attrs[_SCALE] = asdict(scale)
    return table


def is_illustrative(*tables: pd.DataFrame | pd.Series | None) -> bool:
    """Whether one of *tables* was made up, or made from what was.

    Examples
    --------
    >>> is_illustrative(pd.DataFrame(), mark_illustrative(pd.DataFrame()))
    True
    """
    return any(table is not None and bool(table.attrs.get(_MADE_UP)) for table in tables)


def scale_of(*tables: pd.DataFrame | pd.Series | None) -> Scale:
    """The scale that the first of *tables* that names one is on; Ofsted's where none does.

    Examples
    --------
    >>> stars = Scale(("1", "2"), ("One star", "Two stars"), good="2")
    >>> scale_of(mark_scale(pd.DataFrame(), stars)) == stars
    True
    """
    for table in tables:
        if table is not None and isinstance(declared := table.attrs.get(_SCALE), dict):
            return Scale(
                codes=tuple(declared["codes"]),
                names=tuple(declared["names"]),
                good=declared["good"],
                title=declared["title"],
                aliases=tuple((spelling, code) for spelling, code in declared["aliases"]),
            )
    return OFSTED


def carry_marks(result: pd.DataFrame, *tables: pd.DataFrame | pd.Series | None) -> pd.DataFrame:
    """*result* itself, with the marks of the tables that it was made from.

    Examples
    --------
    >>> gradings = mark_illustrative(pd.DataFrame({"grade": ["RI"]}))
    >>> is_illustrative(carry_marks(pd.DataFrame({"n": [1]}), gradings))
    True
    """
    if is_illustrative(*tables):
        mark_illustrative(result)
    return mark_scale(result, scale_of(*tables))
