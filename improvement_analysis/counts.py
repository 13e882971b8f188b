"""The only counting: gradings in, counts of gradings at each grade out.

Nothing here weighs, averages or computes an overall conclusion. A split grade is a grade of its own between
its neighbours; *no judgement* is counted beside the scale, outside every "of n".
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Iterable, Sequence
from typing import overload

import numpy as np
import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

__all__ = ["count_grades", "count_teams", "rank_domains", "share_at_least", "summarise_grades"]

# Rows counted at a time: few enough for what is worked on to stay in the processor's cache.
_ROWS = 2**17
# Up to so many combinations of names and grades each has its own counter; beyond, only those that occur.
_COUNTERS = 2**21


def count_grades(
    gradings: pd.DataFrame, by: str | Sequence[str] = "service", *, scale: Scale | None = None
) -> pd.DataFrame:
    """Count gradings at each grade.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
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
        If a column is not there.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> cell = {"service": "LAC Permanency", "domain": "practice", "tally": "2 x I, 1 x RI", "source": "p. 7"}
    >>> counts = count_grades(as_gradings(pd.DataFrame([cell])), by=["service", "domain"])
    >>> counts.loc[("LAC Permanency", "practice"), ["I", "RI", "O"]].tolist()
    [2, 1, 0]
    """
    keys = [by] if isinstance(by, str) else list(by)
    _require(gradings, [*keys, "grade"])
    columns = [*_categories(gradings, scale), NO_JUDGEMENT]
    codes, names = zip(*(_code(gradings[key]) for key in keys), strict=True)
    grade, grades = _code(gradings["grade"])
    sizes = [len(values) for values in names]
    if math.prod(size + 1 for size in sizes) * len(columns) <= _COUNTERS:
        table = _count_codes([*codes, grade], [*sizes, len(grades)])
        places = np.nonzero(table.any(axis=-1))
        table = table[places]
    else:
        places, group = _number_groups(codes, sizes)
        table = _count_codes([group, grade], [len(places[0]), len(grades)])[:-1]
    return pd.DataFrame(table, index=_index(keys, names, places), columns=pd.Index(columns, name="grade"))


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


def _count_codes(codes: Sequence[np.ndarray], sizes: Sequence[int]) -> np.ndarray:
    """How many rows have each combination of codes: an axis for each code, on every one the missing last."""
    shape, rows = [size + 1 for size in sizes], len(codes[0])
    counters = math.prod(shape)
    step = min(max(_ROWS, counters), rows)
    counts = np.zeros(counters, dtype=np.int64)
    # Combined in the narrowest type that holds what was combined so far.
    kinds = [_narrowest(many) for many in itertools.accumulate(shape, operator.mul)]
    rooms = {kind: np.empty(step, dtype=kind) for kind in kinds}
    # A missing name is -1, so every code is one too low.
    lift = functools.reduce(lambda place, size: place * size + 1, shape, 0)
    for start in range(0, rows, max(step, 1)):
        many = min(step, rows - start)
        place = rooms[kinds[0]][:many]
        place[:] = codes[0][start : start + step]
        for code, size, kind in zip(codes[1:], shape[1:], kinds[1:], strict=True):
            if place.dtype != kind:
                narrow, place = place, rooms[kind][:many]
                place[:] = narrow
            place *= size
            place += code[start : start + step]
        place += lift
        counts += np.bincount(place, minlength=counters)
    return np.roll(counts.reshape(shape), -1, axis=tuple(range(len(shape))))


def _narrowest(counters: int) -> type[np.signedinteger]:
    kinds = (np.int8, np.int16, np.int32, np.int64)
    return next(kind for kind in kinds if counters <= np.iinfo(kind).max)


def _number_groups(
    codes: Sequence[np.ndarray], sizes: Sequence[int]
) -> tuple[tuple[np.ndarray, ...], np.ndarray]:
    """Where the groups that occur lie, key by key, and the number of each row's group."""
    group = np.zeros(len(codes[0]), dtype=np.int64)
    places: list[np.ndarray] = []
    for code, size in zip(codes, sizes, strict=True):
        pairs = group * (size + 1) + np.where(code < 0, size, code)
        group, found = pd.factorize(pairs, sort=True)
        before, here = np.divmod(found, size + 1)
        places = [*(place[before] for place in places), here]
    return tuple(places), group


def _index(keys: list[str], names: Sequence[pd.Index], places: Sequence[np.ndarray]) -> pd.Index:
    levels = []
    for values, place in zip(names, places, strict=True):
        gap = len(values) in place
        levels.append((values.append(pd.Index([np.nan], dtype=object)) if gap else values).take(place))
    if len(keys) == 1:
        return levels[0].rename(keys[0])
    return pd.MultiIndex.from_arrays(levels, names=keys)


@overload
def count_teams(gradings: pd.DataFrame) -> int: ...


@overload
def count_teams(gradings: pd.DataFrame, by: str) -> pd.Series: ...


def count_teams(gradings: pd.DataFrame, by: str | None = None) -> int | pd.Series:
    """The number of teams graded, in all or in each group.

    Teams are told apart by authority, area, service and name. Where a source names none, as in a published
    tally, a service has as many teams as its most graded domain has gradings.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    by
        Column that names the groups.

    Returns
    -------
    int, or Series of int by *by*
        A missing name is a group of its own. A team that is in several groups, as of several rounds, counts
        in each.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> cell = {"service": "Care Leaving", "domain": "practice", "tally": "2 x RI", "source": "p. 7"}
    >>> count_teams(as_gradings(pd.DataFrame([cell])))
    2
    >>> count_teams(as_gradings(pd.DataFrame([cell])), "service")["Care Leaving"].item()
    2
    """
    place = ["authority", "area", "service"]
    _require(gradings, [*place, "round", "team", "domain", *([by] if by else ())])
    place += [by] if by and by not in place else []
    named = gradings[gradings["team"].notna()][[*place, "team"]].drop_duplicates()
    unnamed = gradings[gradings["team"].isna()]
    cells = list(dict.fromkeys([*place, "round", "domain"]))
    at_most = unnamed.groupby(cells, dropna=False, observed=True).size().groupby(place, dropna=False).max()
    if by is None:
        return len(named) + int(at_most.sum())
    of_named = named.groupby(by, dropna=False, observed=True).size()
    teams = of_named.add(at_most.groupby(by, dropna=False).sum(), fill_value=0)
    return teams.astype("int64").rename("teams")


def summarise_grades(
    gradings: pd.DataFrame,
    by: str | Sequence[str] = ("service", "domain"),
    *,
    published: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """What each group's gradings look like, without a mean.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    by
        Column or columns that name the groups; by default a printed cell.
    published : DataFrame, optional
        A row per printed cell. Its headlines are shown where *by* is service and domain.

    Returns
    -------
    summary : DataFrame, groups x
        ``n_teams`` (gradings in the group), ``n_judged``, ``n_split``, ``n_no_judgement``, ``mode`` (the
        one most frequent grade; missing where several tie or none was judged), ``lower_median`` and
        ``upper_median`` (the lowest and the highest median that the splits and the unjudged leave open;
        missing where none was judged), ``headline`` (as published; missing where none is).

    Notes
    -----
    A split stands for either of its halves and *no judgement* for any grade. The lower median is the lower
    middle grade with each standing for its worst, the upper median the upper middle one with each standing
    for its best.
    """
    keys = [by] if isinstance(by, str) else list(by)
    counts = count_grades(gradings, keys)
    grades = [column for column in counts.columns if column != NO_JUDGEMENT]
    judged = counts[grades]
    dtype = gradings["grade"].dtype
    summary = pd.DataFrame(
        {
            "n_teams": counts.sum(axis=1),
            "n_judged": judged.sum(axis=1),
            "n_split": judged[grades[1::2]].sum(axis=1),
            "n_no_judgement": counts[NO_JUDGEMENT],
        }
    )
    for column, values in {
        "mode": [_mode(row, grades) for row in judged.to_numpy()],
        "lower_median": [_median(row, grades, best=False) for row in counts.to_numpy()],
        "upper_median": [_median(row, grades, best=True) for row in counts.to_numpy()],
        "headline": _headlines(counts.index, keys, published),
    }.items():
        summary[column] = pd.Series(values, index=summary.index, dtype=dtype)
    return summary.rename_axis(columns=None)


def _mode(row: np.ndarray, grades: list[str]) -> str | None:
    top = np.flatnonzero(row == row.max())
    return grades[top[0]] if row.max() > 0 and len(top) == 1 else None


def _median(row: np.ndarray, grades: list[str], *, best: bool) -> str | None:
    *judged, unjudged = row
    if not sum(judged):
        return None
    ends = [position + (position % 2 if best else -(position % 2)) for position in range(len(grades))]
    placed = sorted(
        [end for end, n in zip(ends, judged, strict=True) for _ in range(n)]
        + [len(grades) - 1 if best else 0] * int(unjudged)
    )
    return grades[placed[len(placed) // 2 if best else (len(placed) - 1) // 2]]


def _headlines(index: pd.Index, keys: list[str], published: pd.DataFrame | None) -> list[str | None]:
    if published is None or sorted(keys) != ["domain", "service"]:
        return [None] * len(index)
    headlines = published.set_index(keys)["headline"].astype(object)
    return [value if isinstance(value := headlines.get(key), str) else None for key in index]


def share_at_least(
    gradings: pd.DataFrame,
    grade: str,
    by: str | Sequence[str] = ("service", "domain"),
    *,
    method: str | None = None,
    scale: Scale = OFSTED,
) -> pd.DataFrame:
    """How many of the judged gradings are *grade* or better.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    grade
        A whole grade of the scale.
    by
        Column or columns that name the groups.
    method
        Ask for an interval only where the teams are a sample of more: ``"wilson"``,
        ``"clopper_pearson"`` or ``"jeffreys"``. All teams shown means no interval, hence the default None.

    Returns
    -------
    DataFrame, groups x
        ``k`` (gradings certainly at *grade* or better), ``n`` (judged gradings), ``share`` (k of n; missing
        where n is 0), ``ci_low``, ``ci_high`` (missing unless asked for), ``bound_low``, ``bound_high`` (the
        lowest and highest share of *all* the group's gradings once each split and each unjudged team is
        given every grade it might stand for).

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> cell = {"service": "X", "domain": "practice", "tally": "2 x RI, 1 x G", "source": "p. 1"}
    >>> share_at_least(as_gradings(pd.DataFrame([cell])), "G")[["k", "n"]].to_numpy().tolist()
    [[1, 3]]
    """
    if grade not in scale.codes:
        raise GradingsError(f"a share needs a whole grade, one of {', '.join(scale.codes)}; found {grade!r}")
    counts = count_grades(gradings, by, scale=scale)
    certain = [category for category in scale.categories if scale.at_least(category, grade)]
    either = [category for category in scale.splits if scale.at_least(category, grade) is None]
    k, open_ = counts[certain].sum(axis=1), counts[either].sum(axis=1) + counts[NO_JUDGEMENT]
    n_all = counts.sum(axis=1)
    n = n_all - counts[NO_JUDGEMENT]
    result = pd.DataFrame({"k": k, "n": n, "share": k / n.where(n > 0), "ci_low": np.nan, "ci_high": np.nan})
    if method is not None:
        from improvement_analysis.statistics import proportion_interval

        found = [
            proportion_interval(int(hits), int(total), method=method) if total else None
            for hits, total in zip(k, n, strict=True)
        ]
        result["ci_low"] = [np.nan if interval is None else interval.low for interval in found]
        result["ci_high"] = [np.nan if interval is None else interval.high for interval in found]
    result["bound_low"], result["bound_high"] = k / n_all, (k + open_) / n_all
    return result


def rank_domains(counts: pd.DataFrame, *, leave_out: Iterable[str] = ("overall",)) -> pd.DataFrame:
    """Which domains hold the most gradings at the lowest grade, or at a split with it.

    Parameters
    ----------
    counts : DataFrame, domains x grades
        As :func:`count_grades` gives them by ``"domain"``.
    leave_out
        Domains that are not a quality domain: the overall conclusion.

    Returns
    -------
    DataFrame, one row per domain, most first
        ``domain``, ``n_low`` (gradings at the lowest grade or at its split), ``n_judged``, ``n_teams``, and
        ``weakest``: whether no other domain has more of them. All False where no grading is that low:
        then no domain stands out.
    """
    left_out = list(leave_out)
    kept = counts[[domain not in left_out for domain in counts.index]]
    lowest = list(kept.columns[:2])
    ranked = pd.DataFrame(
        {
            "domain": [str(domain) for domain in kept.index],
            "n_low": kept[lowest].sum(axis=1).to_numpy(),
            "n_judged": kept.drop(columns=NO_JUDGEMENT).sum(axis=1).to_numpy(),
            "n_teams": kept.sum(axis=1).to_numpy(),
        }
    ).sort_values("n_low", ascending=False, kind="stable", ignore_index=True)
    ranked["weakest"] = (ranked["n_low"] == ranked["n_low"].max()) & (ranked["n_low"] > 0)
    return ranked


def _require(table: pd.DataFrame, columns: Iterable[str]) -> None:
    if absent := [column for column in columns if column not in table]:
        raise GradingsError(f"the gradings have no column {', '.join(map(repr, absent))}")
