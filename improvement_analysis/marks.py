"""What a table knows of itself wherever it goes: whether it was made up, and a scale of its own.

pandas keeps ``attrs`` where rows or columns are taken or sorted, and writes them to files as plain values. A
table that is made anew out of others takes them over with :func:`carry_marks`. Where tables are stacked whose
marks differ, pandas keeps none: gradings and counts say both yes and no, so that a missing mark is noticed.
"""

from __future__ import annotations

import warnings
from dataclasses import asdict

import pandas as pd

from improvement_analysis.errors import Problem, SourceWarning
from improvement_analysis.scale import OFSTED, Scale

__all__ = ["carry_marks", "is_illustrative", "mark_illustrative", "mark_scale", "scale_of", "tell_unmarked"]

_MADE_UP, _SCALE = "illustrative", "scale"
_CATEGORY = pd.CategoricalDtype


def mark_illustrative(table: pd.DataFrame, made_up: bool = True) -> pd.DataFrame:
    """*table* itself, marked as made up, which every chart and table made from it says; or as real."""
    table.attrs[_MADE_UP] = made_up
    return table


def tell_unmarked(table: pd.DataFrame) -> pd.DataFrame:
    """*table* itself; gradings and counts that do not say whether they were made up are told of.

    Warns
    -----
    SourceWarning
        With how to say it.
    """
    is_grading = "source" in table and "grade" in table and isinstance(table["grade"].dtype, _CATEGORY)
    if _MADE_UP not in table.attrs and (is_grading or table.columns.name == "grade"):
        expected = "tables that do: stacking made-up and real ones takes the mark away"
        remedy = "keep them apart, or set .attrs['illustrative'] of the table to True or to False"
        found = "gradings or counts that do not say whether they were made up"
        problem = Problem("the table", found, expected, remedy, severity="warning")
        warnings.warn(SourceWarning(problem), stacklevel=4)
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
    marks = [table.attrs[_MADE_UP] for table in tables if table is not None and _MADE_UP in table.attrs]
    if marks:
        mark_illustrative(result, any(marks))
    return mark_scale(result, scale_of(*tables))
