"""Intervals for a share and for the probability of superiority, where a sample is declared."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.deals import check_option
from improvement_analysis.statistics.ranks import Grades, pairs_of, tabulate, why_untestable

__all__ = ["Interval", "proportion_interval", "superiority_interval"]


@dataclass(frozen=True)
class Interval:
    """Two ends, or NaN with the reason.

    Attributes
    ----------
    low, high : float
    reason : str
        Why there is no interval; empty where there is.
    """

    low: float
    high: float
    reason: str = ""


def no_interval(reason: str) -> Interval:
    """An interval that is not there, and why."""
    return Interval(math.nan, math.nan, reason)


def proportion_interval(
    k: int,
    n: int,
    *,
    method: str = "wilson",
    confidence: float = 0.95,
) -> Interval:
    """Interval for a share, k of n drawn from something larger.

    Only where the n are a sample: all teams on one day are not, and k of n says it all.

    Parameters
    ----------
    k, n
        Whole numbers, 0 <= k <= n.
    method
        ``"wilson"`` (without continuity correction), ``"clopper_pearson"`` (exact, never too narrow), or
        ``"jeffreys"`` (equal tails of Beta(k + 1/2, n - k + 1/2), from 0 at k = 0 and up to 1 at k = n). A
        hyphen or a capital letter makes no difference.

    Returns
    -------
    Interval
        NaN with the reason where n is 0.

    Raises
    ------
    ValueError
        If k is not between 0 and n, or the method is unknown.

    Notes
    -----
    Wilson (1927); Clopper and Pearson (1934); Brown, Cai and DasGupta (2001).

    Examples
    --------
    >>> share = proportion_interval(5, 9)
    >>> round(share.low, 3), round(share.high, 3)
    (0.267, 0.811)
    """
    from scipy import stats

    if k != int(k) or n != int(n) or not 0 <= k <= n:
        raise ValueError(f"k={k!r} of n={n!r}: expected whole numbers, 0 <= k <= n")
    method = method.lower().replace("-", "_")
    check_option("method", method, ("wilson", "clopper_pearson", "jeffreys"))
    if n == 0:
        return no_interval("nothing was counted")
    if method == "jeffreys":
        tails = stats.beta.interval(confidence, k + 0.5, n - k + 0.5)
        return Interval(0.0 if k == 0 else float(tails[0]), 1.0 if k == n else float(tails[1]))
    scipy_name = {"wilson": "wilson", "clopper_pearson": "exact"}[method]
    found = stats.binomtest(int(k), int(n)).proportion_ci(confidence, scipy_name)
    return Interval(float(found.low), float(found.high))


def superiority_interval(
    a: Grades,
    b: Grades,
    *,
    confidence: float = 0.95,
    df: Literal["smaller", "pooled"] = "smaller",
    scale: Scale = OFSTED,
) -> Interval:
    """Feng and Cliff's interval for the probability of superiority.

    Parameters
    ----------
    a, b
        Grade codes of *scale* (a split lies between its neighbours), or plain numbers.
    df
        Degrees of freedom of the t quantile: ``"smaller"`` group's size less 1, or ``"pooled"``, both sizes
        less 2, which falls short of its confidence in small groups.

    Returns
    -------
    Interval
        On the scale of :func:`prob_superiority`, within 0 and 1. NaN with the reason where a group holds
        two or fewer, or all grades are equal.

    Notes
    -----
    Feng and Cliff (2004): the asymmetric interval for delta, the unbiased variance with its floor
    (1 - delta^2) / (ab - 1), and where delta is 1 the lower end (n - t^2) / (n + t^2) with n the smaller
    group's size.

    Examples
    --------
    >>> found = superiority_interval(["RI", "RI", "G"], ["I", "I", "I", "RI", "RI", "RI"])
    >>> round(found.low, 2), round(found.high, 2)
    (0.28, 0.98)
    >>> superiority_interval(["RI", "G"], ["I", "I", "RI"]).reason
    'a group of two or fewer'
    """
    from scipy import stats

    check_option("df", df, ("smaller", "pooled"))
    table = tabulate(a, b, scale=scale)
    sizes = sum(table[0]), sum(table[1])
    if min(sizes) <= 2:
        return no_interval("a group of two or fewer")
    if reason := why_untestable(table):
        return no_interval(reason)
    freedom = {"smaller": min(sizes) - 1, "pooled": sum(sizes) - 2}[df]
    t2 = float(stats.t.ppf((1 + confidence) / 2, freedom)) ** 2
    low, high = _delta_interval(table[0], table[1], t2)
    return Interval((1 + max(low, -1.0)) / 2, (1 + min(high, 1.0)) / 2)


def _delta_interval(a: Sequence[int], b: Sequence[int], t2: float) -> tuple[float, float]:
    seen = pairs_of(a, b)
    d = (seen.better - seen.worse) / seen.total
    if abs(d) == 1:
        n = min(sum(a), sum(b))
        inner = (n - t2) / (n + t2)
        return (inner, 1.0) if d > 0 else (-1.0, -inner)
    variance = max(_delta_variance(a, b, d), (1 - d**2) / (seen.total - 1))
    half = math.sqrt(t2 * variance * ((1 - d**2) ** 2 + t2 * variance))
    scale = 1 - d**2 + t2 * variance
    return (d - d**3 - half) / scale, (d - d**3 + half) / scale


def _delta_variance(a: Sequence[int], b: Sequence[int], d: float) -> float:
    """Cliff's unbiased estimate of the variance of delta, from the dominance of each member."""
    import numpy as np

    held, others = np.array(a, dtype=float), np.array(b, dtype=float)
    m, n = held.sum(), others.sum()
    dominance = np.sign(np.subtract.outer(np.arange(len(a)), np.arange(len(b))))
    of_a = held @ (dominance @ others / n - d) ** 2
    of_b = others @ (held @ dominance / m - d) ** 2
    of_pairs = held @ (dominance - d) ** 2 @ others
    return float((n**2 * of_a + m**2 * of_b - of_pairs) / (m * n * (m - 1) * (n - 1)))
