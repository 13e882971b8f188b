"""Deals drawn at random, where they are too many to go through: always the same ones, and the error told."""

from __future__ import annotations

from functools import lru_cache

__all__ = ["SEED", "interval_of_share"]

#: Every draw starts from here, so that running it again gives it again.
SEED = 20180207

#: How sure the interval of a share is that was drawn.
SURE = 0.99


@lru_cache(maxsize=4096)
def interval_of_share(many: int, drawn: int) -> tuple[float, float]:
    """Between what and what a share lies of which *many* of *drawn* were seen (Clopper and Pearson, 99 %).

    Examples
    --------
    >>> low, high = interval_of_share(500, 10_000)
    >>> round(low, 4), round(high, 4)
    (0.0446, 0.0559)
    """
    from scipy.special import betaincinv

    tail = (1 - SURE) / 2
    low = float(betaincinv(many, drawn - many + 1, tail)) if many else 0.0
    high = float(betaincinv(many + 1, drawn - many, 1 - tail)) if many < drawn else 1.0
    return low, high
