"""Deals drawn at random, where they are too many to go through: always the same ones, and the error told."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

__all__ = ["DRAWN", "SEED", "draw_tables", "interval_of_share", "start"]

#: Every draw starts from here, so that running it again gives it again.
SEED = 20180207

#: Tables drawn; the one seen counts as one more.
DRAWN = 9_999

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


def draw_tables(sizes: Sequence[int], ties: Sequence[int], random: np.random.Generator) -> np.ndarray:
    """Tables of groups x grades with these margins, as often as deals make them: drawn x groups x grades."""
    from scipy import stats

    tables: np.ndarray = stats.random_table(list(sizes), list(ties)).rvs(DRAWN, random_state=random)
    return tables


def start() -> np.random.Generator:
    """Chance, from the beginning."""
    import numpy as np

    return np.random.default_rng(SEED)
