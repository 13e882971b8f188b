"""Grades as ordered positions: who holds what, mid-ranks, and the pairs a reader understands."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from numbers import Real
from typing import TypeAlias

from improvement_analysis.errors import GradeError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

__all__ = [
    "Grades",
    "Pairs",
    "Table",
    "doubled_midranks",
    "pairs",
    "positions",
    "prob_superiority",
    "tabulate",
]

#: Grade codes of one scale, or plain numbers of which only the order counts.
Grades: TypeAlias = Iterable[str] | Iterable[float]

#: Groups x grades seen (worst to best): how many of each group hold each grade.
Table: TypeAlias = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class Pairs:
    """Every member of A set against every member of B.

    Attributes
    ----------
    better, equal, worse : int
        Pairings in which A's grade is higher than, equal to, lower than B's.
    """

    better: int
    equal: int
    worse: int

    @property
    def total(self) -> int:
        """All pairings: members of A times members of B."""
        return self.better + self.equal + self.worse

    @property
    def superiority(self) -> Fraction | None:
        """P(A > B) + P(A = B) / 2, exact; None where there is no pairing."""
        return Fraction(2 * self.better + self.equal, 2 * self.total) if self.total else None

    def __add__(self, other: Pairs) -> Pairs:
        return Pairs(self.better + other.better, self.equal + other.equal, self.worse + other.worse)


def positions(*groups: Grades, scale: Scale = OFSTED) -> list[list[float]]:
    """The place of every grade in the order, worst first, group by group.

    Parameters
    ----------
    groups
        Grade codes of *scale*, splits among them, or plain finite numbers; not both.

    Raises
    ------
    GradeError
        For a text that is not a grade, a missing value, or codes mixed with numbers.
    """
    if any(isinstance(group, str) for group in groups):
        raise GradeError("expected a sequence of grades, found a single text")
    listed = [list(group) for group in groups]
    found = [[_position(grade, scale) for grade in group] for group in listed]
    if len({isinstance(grade, str) for group in listed for grade in group}) > 1:
        raise GradeError("grade codes and plain numbers are mixed; give one or the other")
    return found


def _position(grade: object, scale: Scale) -> float:
    if isinstance(grade, str) and grade != NO_JUDGEMENT:
        return scale.rank(grade)
    if isinstance(grade, Real) and not isinstance(grade, bool) and math.isfinite(grade):
        return grade  # type: ignore[return-value]
    raise GradeError(
        f"{grade!r} is not a grade; leave out what was not judged, or ask bounds() what it could change"
    )


def tabulate(*groups: Grades, scale: Scale = OFSTED) -> Table:
    """Count every group at every grade that any group holds, worst to best.

    Examples
    --------
    >>> tabulate(["RI", "G"], ["I", "RI", "RI"])
    ((0, 1, 1), (1, 2, 0))
    """
    counted = [Counter(group) for group in positions(*groups, scale=scale)]
    levels = sorted(set().union(*counted))
    return tuple(tuple(counts[level] for level in levels) for counts in counted)


def pooled(table: Table) -> tuple[int, ...]:
    """How many hold each grade, over all groups."""
    return tuple(map(sum, zip(*table, strict=True)))


def why_untestable(table: Table) -> str:
    """Why groups cannot be told apart by their grades, whatever the test; empty where they might be."""
    if sum(any(row) for row in table) < 2:
        return "fewer than two groups hold a grade"
    return "all grades are equal" if len(table[0]) < 2 else ""


def doubled_midranks(ties: Sequence[int]) -> list[int]:
    """Twice the mid-rank of each group of ties, so that every rank is whole.

    Examples
    --------
    >>> doubled_midranks([3, 5, 1])
    [4, 12, 18]
    """
    return [2 * upto - tied + 1 for tied, upto in zip(ties, accumulate(ties), strict=True)]


def pairs_of(a: Sequence[int], b: Sequence[int]) -> Pairs:
    """:func:`pairs` for two rows of a table."""
    below = [0, *accumulate(b)]
    better = sum(held * lower for held, lower in zip(a, below, strict=False))
    equal = sum(x * y for x, y in zip(a, b, strict=True))
    return Pairs(better, equal, sum(a) * sum(b) - better - equal)


def pairs(a: Grades, b: Grades, *, scale: Scale = OFSTED) -> Pairs:
    """Set every grade of A against every grade of B.

    Parameters
    ----------
    a, b
        Grade codes of *scale* (a split lies between its neighbours), or plain numbers.

    Raises
    ------
    GradeError
        For anything that is not a grade, a missing one included.

    Examples
    --------
    >>> pairs(["RI", "RI", "G"], ["I", "I", "I", "RI", "RI", "RI"])
    Pairs(better=12, equal=6, worse=0)
    """
    return pairs_of(*tabulate(a, b, scale=scale))


def prob_superiority(a: Grades, b: Grades, *, scale: Scale = OFSTED) -> float:
    """Probability that a grade drawn from A beats one drawn from B, an equal pair counting half.

    P(A > B) + P(A = B) / 2, between 0 and 1; 0.5 where neither tends to be higher. Cliff's delta is twice
    this less 1. NaN where a group is empty.

    Notes
    -----
    Divine et al. (2018). Swapping A and B gives 1 less this.

    Examples
    --------
    >>> prob_superiority(["RI", "RI", "G"], ["I", "I", "I", "RI", "RI", "RI"])
    0.8333333333333334
    """
    superiority = pairs(a, b, scale=scale).superiority
    return math.nan if superiority is None else float(superiority)
