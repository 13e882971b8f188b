"""What counts tell of a group without a mean: most frequent grade, medians, shares, weakest domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from improvement_analysis.counts.grades import count_grades
from improvement_analysis.errors import GradingsError
from improvement_analysis.marks import carry_marks, scale_of
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.teams import HoldsGradings, count_teams, take_standing

__all__ = ["rank_domains", "share_at_least", "summarise_grades"]


def summarise_grades(
    gradings: pd.DataFrame | HoldsGradings,
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
        ``n_teams`` (see :func:`count_teams`), ``n_judged``, ``n_split``, ``n_no_judgement``, ``mode`` (the
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
    gradings = take_standing(gradings)
    counts = count_grades(gradings, keys)
    grades = [column for column in counts.columns if column != NO_JUDGEMENT]
    judged = counts[grades]
    dtype = gradings["grade"].dtype
    summary = pd.DataFrame(
        {
            "n_teams": _teams(gradings, keys, counts.index),
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
    return carry_marks(summary.rename_axis(columns=None), gradings, published)


def _teams(gradings: pd.DataFrame, keys: list[str], index: pd.Index) -> list[int]:
    """The teams of each group, in the order of *index*."""
    number = gradings.groupby(keys, dropna=False, observed=True, sort=False).ngroup().rename("group")
    teams = count_teams(gradings.assign(group=number), "group")
    first = gradings[keys].assign(group=number).drop_duplicates("group").set_index("group")
    names = [tuple(None if pd.isna(part) else part for part in row) for row in first.itertuples(index=False)]
    of_group = dict(zip(names, teams.reindex(first.index), strict=True))
    places = [place if isinstance(place, tuple) else (place,) for place in index]
    return [int(of_group[tuple(None if pd.isna(part) else part for part in place)]) for place in places]


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
    gradings: pd.DataFrame | HoldsGradings,
    grade: str,
    by: str | Sequence[str] = ("service", "domain"),
    *,
    method: str | None = None,
    scale: Scale | None = None,
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
    gradings = take_standing(gradings)
    scale = scale or scale_of(gradings)
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
    return carry_marks(result, gradings)


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
        ``domain``, ``n_low`` (gradings at the lowest grade or at its split), ``n_judged``, ``n_teams``,
        ``weakest``: whether no other domain has more of them. All False where no grading is that low:
        then no domain stands out. A rank is given with its range: ``n_low_least`` (splits read upwards),
        ``rank_low`` and ``rank_high`` (1 is weakest), and ``could_be_weakest``. A domain is surely before
        another one only where it has at least two low gradings more however splits are read, so that no
        single team decides.

    References
    ----------
    Goldstein and Spiegelhalter (1996), League tables and their limitations: a rank without its range
    misleads. Journal of the Royal Statistical Society A 159: 385-443.

    Examples
    --------
    >>> counts = pd.DataFrame([[4, 0, 5], [3, 0, 6], [0, 0, 9]], ["a", "b", "c"], ["I", "RI / I", "RI"])
    >>> ranked = rank_domains(counts.assign(**{NO_JUDGEMENT: 0}))
    >>> ranked[["domain", "n_low", "rank_low", "rank_high", "could_be_weakest"]].to_numpy().tolist()
    [['a', 4, 1, 2, True], ['b', 3, 1, 2, True], ['c', 0, 3, 3, False]]
    """
    left_out = list(leave_out)
    kept = counts[[domain not in left_out for domain in counts.index]]
    most = kept[list(kept.columns[:2])].sum(axis=1).to_numpy()
    least = kept[kept.columns[0]].to_numpy()
    surely_before = least[:, None] - most[None, :] > 1
    ranked = pd.DataFrame(
        {
            "domain": [str(domain) for domain in kept.index],
            "n_low": most,
            "n_judged": kept.drop(columns=NO_JUDGEMENT).sum(axis=1).to_numpy(),
            "n_teams": kept.sum(axis=1).to_numpy(),
            "weakest": (most == most.max(initial=0)) & (most > 0),
            "n_low_least": least,
            "rank_low": 1 + surely_before.sum(axis=0),
            "rank_high": len(kept) - surely_before.sum(axis=1),
        }
    ).sort_values("n_low", ascending=False, kind="stable", ignore_index=True)
    ranked = ranked.assign(could_be_weakest=(ranked["rank_low"] == 1) & (ranked["n_low"] > 0))
    return carry_marks(ranked, counts)
