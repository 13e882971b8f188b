"""Several tests at once: adjusted p values, and which tests could matter at all."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

from improvement_analysis.statistics.deals import check_option

__all__ = ["adjust", "tarone_family"]


def adjust(
    p: Sequence[float],
    *,
    method: str = "holm",
    min_attainable: Sequence[float] | None = None,
    alpha: float = 0.05,
) -> list[float]:
    """Adjust p values for being several.

    Parameters
    ----------
    p
        One for each test; NaN where the test was undefined, which then takes no part.
    method
        ``"holm"`` (the chance of any false finding), ``"bh"`` (Benjamini-Hochberg, the share of false
        findings), or ``"none"``; in small or capital letters, as R spells them.
    min_attainable
        The smallest p each test could give. With it, the family is Tarone's: see :func:`tarone_family`.
    alpha
        The level that Tarone's family is drawn up for; without *min_attainable* it plays no part.

    Returns
    -------
    list of float
        In the order of *p*; NaN where p is NaN or the test is outside the family. What is not NaN is the
        family.

    Raises
    ------
    ValueError
        For a p outside 0 to 1, lists of unequal length, or an unknown method.

    Notes
    -----
    Holm (1979), Benjamini and Hochberg (1995); R's ``p.adjust``. Tarone (1990).

    Examples
    --------
    >>> adjust([0.01, 0.04, math.nan, 0.03])
    [0.03, 0.06, nan, 0.06]
    >>> adjust([0.024, 0.3, 0.024], min_attainable=[0.024, 0.3, 0.2])
    [0.024, nan, nan]
    """
    method = method.lower()
    check_option("method", method, ("holm", "bh", "none"))
    p = [float(value) for value in p]
    if any(not (math.isnan(value) or 0 <= value <= 1) for value in p):
        raise ValueError(f"p={p!r}; expected values from 0 to 1, or NaN")
    if min_attainable is not None and len(min_attainable) != len(p):
        raise ValueError(f"{len(p)} p values but {len(min_attainable)} smallest attainable ones")
    family = [i for i, value in enumerate(p) if not math.isnan(value)]
    if min_attainable is not None:
        least = [float(value) for value in min_attainable]
        could = tarone_family([least[i] for i in family], alpha=alpha)
        family = [family[i] for i in could]
    adjusted = [math.nan] * len(p)
    steps: dict[str, Callable[[list[float]], list[float]]]
    steps = {"holm": _holm, "bh": _benjamini_hochberg, "none": list}
    for i, value in zip(family, steps[method]([p[i] for i in family]), strict=True):
        adjusted[i] = value
    return adjusted


def tarone_family(min_attainable: Sequence[float], *, alpha: float = 0.05) -> list[int]:
    """Which tests could reach *alpha* at all once adjusted (Tarone).

    Take the smallest k for which at most k tests could reach alpha / k; those tests are the family. The
    others could not have been found whatever the grades, so they cost the family nothing.

    Returns
    -------
    list of int
        Places in *min_attainable*; empty where no test could.

    Examples
    --------
    Five comparisons of 3 v 6 without ties, each 2 of 84 at best:

    >>> tarone_family([2 / 84] * 5)
    []
    """
    for k in range(1, len(min_attainable) + 1):
        could = [i for i, least in enumerate(min_attainable) if least <= alpha / k]
        if len(could) <= k:
            return could
    return []


def _holm(p: Sequence[float]) -> list[float]:
    adjusted, reached = [0.0] * len(p), 0.0
    for place, i in enumerate(sorted(range(len(p)), key=p.__getitem__)):
        reached = max(reached, min(1.0, (len(p) - place) * p[i]))
        adjusted[i] = reached
    return adjusted


def _benjamini_hochberg(p: Sequence[float]) -> list[float]:
    from scipy import stats

    return [float(value) for value in stats.false_discovery_control(p)] if p else []
