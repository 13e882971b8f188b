"""Which gradings are of one team in one domain."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.teams import TEAM

__all__ = ["match"]


def match(
    gradings: pd.DataFrame, column: str, first: str, second: str, *, also: tuple[str, ...] = ()
) -> pd.DataFrame:
    """Every team and domain that is graded on either side, with its grade on both.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    column
        What tells the sides apart: ``"round"`` or ``"grader"``.
    first, second
        Its two values; gradings with another are left out.
    also
        Further columns that have to agree.

    Returns
    -------
    DataFrame, one row per team and domain
        The columns of :data:`TEAM`, *also* and ``domain``; ``in_first``, ``in_second`` (is there a grading,
        judged or not) and ``first``, ``second`` (the grade, missing where there is none).

    Raises
    ------
    GradingsError
        If a side is not there, names no team, or grades a team twice in a domain.
    """
    keys = [*TEAM, *also, "domain"]
    one, other = (_side(gradings, column, name, keys) for name in (first, second))
    joined = one.merge(other, on=keys, how="outer", suffixes=("_1", "_2"))
    return joined[keys].assign(
        in_first=joined["there_1"].eq(True),
        in_second=joined["there_2"].eq(True),
        first=joined["grade_1"],
        second=joined["grade_2"],
    )


def _side(gradings: pd.DataFrame, column: str, name: str, keys: list[str]) -> pd.DataFrame:
    side = gradings[gradings[column] == name]
    known = [repr(value) for value in gradings[column].dropna().unique()]
    if not known:
        raise GradingsError(f"no gradings for {column} {name!r}; none names its {column}")
    if side.empty:
        raise GradingsError(f"no gradings for {column} {name!r}; known are {', '.join(known)}")
    if side["team"].isna().any():
        some = "no grading" if side["team"].isna().all() else "not every grading"
        raise GradingsError(f"{some} of {column} {name!r} names its team, so teams cannot be matched")
    if (twice := side.duplicated(keys)).any():
        row = side[twice].iloc[0]
        raise GradingsError(
            f"{row['team']} ({row['service']}) is graded twice in {row['domain']} in {column} {name!r}"
        )
    return side[[*keys, "grade"]].assign(there=True)
