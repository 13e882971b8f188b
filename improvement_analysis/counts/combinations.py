"""How many rows have each combination of codes: small integers, -1 where a name is missing.

The codes of a row are made into one number, its place, for a part of the rows at a time, in the narrowest
type that holds it.
"""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections import deque
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pandas as pd

from improvement_analysis.machine import count_cores

__all__ = ["MOST_COUNTERS", "count_combinations", "number_groups"]

#: Up to so many combinations each has its own counter; beyond, only those that occur.
MOST_COUNTERS = 2**21
# Rows counted at a time: few enough for what is worked on to stay in the processor's cache, and enough for
# threads not to get into each other's way.
_ROWS = 2**18


def count_combinations(codes: Sequence[np.ndarray], sizes: Sequence[int]) -> np.ndarray:
    """How many rows have each combination of codes.

    Parameters
    ----------
    codes
        Arrays of one length; each holds integers from -1 (missing) to its size less 1. That is trusted and
        not looked at: a code beyond it would be counted outside the memory of the counts.
    sizes
        The number of names of each.

    Returns
    -------
    ndarray of int64
        An axis for each of the *codes*, one longer than its size: on every one the missing are last.
    """
    shape = [size + 1 for size in sizes]
    counters, rows = math.prod(shape), len(codes[0])
    part = max(_ROWS, counters)
    if rows <= part:
        counts = np.bincount(_Places(codes, shape, rows).of(0, rows), minlength=counters)
    else:
        # Threads of a few parts each, unless the counters of each would take much memory.
        threads = max(1, min(count_cores(), rows // (2 * part))) if counters <= _ROWS else 1
        counts = _count_in_parts(codes, shape, part, threads)
    return np.roll(counts.reshape(shape), -1, axis=tuple(range(len(shape))))


def _count_in_parts(codes: Sequence[np.ndarray], shape: Sequence[int], part: int, threads: int) -> np.ndarray:
    """Count part after part: each thread, this one among them, takes the next that is left."""
    left = deque[int | None]([*range(0, len(codes[0]), part), *[None] * threads])
    count = functools.partial(_count_parts, codes, shape, np.ones(part, dtype=np.int32), left)
    if threads == 1:
        return count()
    with ThreadPoolExecutor(threads - 1) as pool:
        others = [pool.submit(count) for _ in range(threads - 1)]
        return functools.reduce(operator.add, (other.result() for other in others), count())


def _count_parts(
    codes: Sequence[np.ndarray], shape: Sequence[int], ones: np.ndarray, left: deque[int | None]
) -> np.ndarray:
    """Count the parts that are *left*, each of as many rows as there are *ones*, up to the first None.

    The matrix has one column, and in it a 1 for each row, at the row's place; ones at one place add up. So
    the matrix times 1 is what ``bincount`` gives, in two thirds of its time, and SciPy lets other threads
    of Python run meanwhile.
    """
    from scipy.sparse import csc_array

    part, counters, rows = len(ones), math.prod(shape), len(codes[0])
    column = csc_array((ones, np.zeros(part, np.int32), np.array([0, part], np.int32)), shape=(counters, 1))
    places = _Places(codes, shape, part)
    counts = np.zeros(counters, dtype=np.int64)
    for first in iter(left.popleft, None):
        many = min(part, rows - first)
        column.indices[:many] = places.of(first, first + many)
        column.indptr[1] = many
        counts += column @ ones[:1]
    return counts


class _Places:
    """The places of up to *most* rows at a time, in memory that is used again."""

    def __init__(self, codes: Sequence[np.ndarray], shape: Sequence[int], most: int) -> None:
        self.codes, self.shape = codes, shape
        # Combined in the narrowest type that holds what was combined so far.
        self.kinds = [_narrowest(many) for many in itertools.accumulate(shape, operator.mul)]
        self.rooms = {kind: np.empty(most, dtype=kind) for kind in self.kinds}
        # A missing name is -1, so every code is one too low.
        self.lift = functools.reduce(lambda place, size: place * size + 1, shape, 0)

    def of(self, start: int, stop: int) -> np.ndarray:
        """The places of the rows from *start* to *stop*; they stand until the next call."""
        place, many = self.codes[0][start:stop], stop - start
        for code, size, kind in zip(self.codes[1:], self.shape[1:], self.kinds[1:], strict=True):
            room = self.rooms[kind][:many]
            if place.dtype != kind:
                room[:] = place
                place = room
            place = np.multiply(place, size, out=room)
            place += code[start:stop]
        lifted = self.rooms[self.kinds[-1]][:many]
        np.add(place, self.lift, out=lifted)
        return lifted


def _narrowest(counters: int) -> type[np.signedinteger]:
    kinds = (np.int8, np.int16, np.int32, np.int64)
    return next(kind for kind in kinds if counters <= np.iinfo(kind).max)


def number_groups(
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
