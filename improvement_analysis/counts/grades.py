"""Gradings at each grade, and teams, group by group."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from improvement_analysis.counts import combinations
from improvement_analysis.counts.combinations import count_combinations, number_groups
from improvement_analysis.errors import GradingsError
from improvement_analysis.marks import carry_marks
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.standing import grading_keys
from improvement_analysis.teams import TEAM, HoldsGradings, no_column, take_standing

__all__ = ["count_grades"]

#: What tells several gradings of one team and domain apart.
_APART = ("round", "grader", "stage")


def count_grades(
    gradings: pd.DataFrame | HoldsGradings, by: str | Sequence[str] = "service", *, scale: Scale | None = None
) -> pd.DataFrame:
    """Count gradings at each grade.

    Parameters
    ----------
    gradings : DataFrame, one row per grading; or a dataset, whose standing gradings are counted
        See :func:`as_gradings`.
    by
        Column or columns that name the groups.
    scale
        The scale whose grades are the columns; by default that of the column ``grade``.

    Returns
    -------
    counts : DataFrame of int, groups x grades
        Columns run worst to best, then *no judgement*; every grade is present even when nobody has it. A
        row sums to the number of gradings in its group. Groups of an ordered column come in its order,
        others in order of first appearance; a missing name is a group of its own, the last.

    Raises
    ------
    GradingsError
        If a column is not there, or a team would be counted more than once in a domain: for several rounds
        or graders that *by* does not name.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> cell = {"service": "LAC Permanency", "domain": "practice", "tally": "2 x I, 1 x RI", "source": "p. 7"}
    >>> counts = count_grades(as_gradings(pd.DataFrame([cell])), by=["service", "domain"])
    >>> counts.loc[("LAC Permanency", "practice"), ["I", "RI", "O"]].tolist()
    [2, 1, 0]
    """
    keys = [by] if isinstance(by, str) else list(by)
    gradings = take_standing(gradings)
    _require(gradings, [*keys, "grade"])
    _refuse_repeats(gradings, keys)
    columns = [*_categories(gradings, scale), NO_JUDGEMENT]
    codes, names = zip(*(_code(gradings[key]) for key in keys), strict=True)
    grade, grades = _code(gradings["grade"])
    sizes = [len(values) for values in names]
    if math.prod(size + 1 for size in sizes) * len(columns) <= combinations.MOST_COUNTERS:
        table = count_combinations([*codes, grade], [*sizes, len(grades)])
        places = np.nonzero(table.any(axis=-1))
        table = table[places]
    else:
        places, group = number_groups(codes, sizes)
        table = count_combinations([group, grade], [len(places[0]), len(grades)])[:-1]
    counts = pd.DataFrame(table, index=_index(keys, names, places), columns=pd.Index(columns, name="grade"))
    return carry_marks(counts, gradings)


def _refuse_repeats(gradings: pd.DataFrame, keys: Sequence[str]) -> None:
    """Refuse to count a team more than once in a domain: counts of gradings are read as counts of teams."""
    apart = [column for column in _APART if column in gradings and column not in keys]
    apart = [column for column in apart if gradings[column].nunique() > 1]
    if not apart or not {*TEAM, "domain"}.issubset(gradings.columns):
        return
    named = gradings[gradings["team"].notna()]
    columns = [*dict.fromkeys([*(name for name in grading_keys(gradings) if name != "round"), *keys])]
    again = named.duplicated(columns)
    if not again.any():
        return
    row = named[again].iloc[0]
    team = named[(named[["team", "service", "domain"]] == row[["team", "service", "domain"]]).all(axis=1)]
    kinds = [f"{column}s" for column in apart if team[column].nunique() > 1] or ["gradings"]
    raise GradingsError(
        f"{row['team']} ({row['service']}) would be counted more than once in {row['domain']}, for several "
        f"{' and '.join(kinds)}; count what stands, as ds.standing() or df.gradings.standing() give it, or "
        f"name {' or '.join(map(repr, apart))} in by"
    )


def _categories(gradings: pd.DataFrame, scale: Scale | None) -> list[str]:
    column = gradings["grade"]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        raise GradingsError("the column 'grade' is not of a scale's type; as_gradings makes it so")
    if scale is not None and tuple(column.cat.categories) != scale.categories:
        raise GradingsError(f"the gradings are not on the {scale.title}")
    return list(column.cat.categories)


def _code(column: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """A small integer per row and what it stands for; -1 where it is missing."""
    values = column.array
    if isinstance(values, pd.Categorical):
        return values.codes, values.categories
    if isinstance(values, pd.arrays.StringArray):
        codes, names = pd.factorize(values.to_numpy(dtype=object), use_na_sentinel=True)
        return codes, pd.Index(names, dtype=column.dtype)
    return pd.factorize(column, use_na_sentinel=True)


def _index(keys: list[str], names: Sequence[pd.Index], places: Sequence[np.ndarray]) -> pd.Index:
    levels = []
    for values, place in zip(names, places, strict=True):
        gap = len(values) in place
        levels.append((values.append(pd.Index([np.nan], dtype=object)) if gap else values).take(place))
    if len(keys) == 1:
        return levels[0].rename(keys[0])
    return pd.MultiIndex.from_arrays(levels, names=keys)


def _require(table: pd.DataFrame, columns: Iterable[str]) -> None:
    if absent := [column for column in columns if column not in table]:
        raise no_column(absent, table)
