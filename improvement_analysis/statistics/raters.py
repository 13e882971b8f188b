"""Two graders, one team: how far they agree."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from improvement_analysis.errors import GradeError
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics.ranks import positions

__all__ = ["Agreement", "agreement"]

_Apart: TypeAlias = Callable[[int, int], Fraction]


@dataclass(frozen=True)
class Agreement:
    """How far two graders agree, counted first, then weighed against chance.

    Attributes
    ----------
    n_pairs, agree, within_one : int
        Teams graded by both; given equal grades; given grades at most one whole grade apart.
    kappa_linear, kappa_quadratic : float
        Cohen's weighted kappa.
    alpha_ordinal : float
        Krippendorff's alpha with his ordinal metric.
    ac2, ac2_linear, ac2_quadratic : float
        Gwet's AC2 with ordinal, linear and quadratic weights.
    undefined_reason : str
        Why the coefficients are NaN; empty where they are not.
    """

    n_pairs: int
    agree: int
    within_one: int
    kappa_linear: float = math.nan
    kappa_quadratic: float = math.nan
    alpha_ordinal: float = math.nan
    ac2: float = math.nan
    ac2_linear: float = math.nan
    ac2_quadratic: float = math.nan
    undefined_reason: str = ""


def agreement(first: Sequence[str], second: Sequence[str], *, scale: Scale = OFSTED) -> Agreement:
    """Compare the grades that two graders gave each team, team by team.

    The categories are all grades of the scale, used or not: its whole grades, or with the splits between
    them once either grader gives one. Each coefficient is 1 for full agreement and about 0 for what chance
    would bring.

    Raises
    ------
    GradeError
        For anything that is not a grade, a missing one included, or sequences of unequal length.

    Returns
    -------
    Agreement
        The coefficients are NaN, with the reason, where only one grade was ever given or no team
        has two grades. No adjective is put to them.

    Notes
    -----
    Cohen (1968) and R's ``irr::kappa2`` where every grade is used; Krippendorff (2011) and
    ``irr::kripp.alpha(method="ordinal")``; Gwet (2008) and ``irrCAC::gwet.ac1.table`` with
    ``ordinal.weights``, ``linear.weights``, ``quadratic.weights``. Tran, Dolgun and Demirhan (2018) compare
    them on ordinal tables.

    Examples
    --------
    >>> found = agreement(["I", "RI", "RI", "G"], ["RI", "RI", "RI", "G"])
    >>> found.n_pairs, found.agree, found.within_one, round(found.kappa_linear, 3)
    (4, 3, 4, 0.6)
    >>> agreement(["RI", "RI"], ["RI", "RI"]).undefined_reason
    'both graders gave every team one grade, RI'
    """
    positions(first, second, scale=scale)
    if len(first) != len(second):
        raise GradeError(
            f"{len(first)} first grades but {len(second)} second; give a grade from each for every team"
        )
    ranks = [(scale.rank(a), scale.rank(b)) for a, b in zip(first, second, strict=True)]
    counted = Agreement(
        n_pairs=len(ranks),
        agree=sum(a == b for a, b in ranks),
        within_one=sum(abs(a - b) <= 2 for a, b in ranks),
    )
    given = {grade for pair in zip(first, second, strict=True) for grade in pair}
    if len(given) < 2:
        reason = (
            f"both graders gave every team one grade, {given.pop()}" if given else "no team has two grades"
        )
        return Agreement(counted.n_pairs, counted.agree, counted.within_one, undefined_reason=reason)
    step = 1 if any(map(scale.is_split, given)) else 2
    return _coefficients(counted, Counter((a // step, b // step) for a, b in ranks), _last(scale, step))


def _last(scale: Scale, step: int) -> int:
    return (len(scale.categories) - 1) // step


def _coefficients(counted: Agreement, table: Counter[tuple[int, int]], last: int) -> Agreement:
    """Every coefficient from the pairs of category numbers 0 to *last*."""

    def linear(a: int, b: int) -> Fraction:
        return Fraction(abs(a - b), last)

    def quadratic(a: int, b: int) -> Fraction:
        return linear(a, b) ** 2

    def ordinal(a: int, b: int) -> Fraction:
        return Fraction(math.comb(abs(a - b) + 1, 2), math.comb(last + 1, 2))

    return Agreement(
        counted.n_pairs,
        counted.agree,
        counted.within_one,
        kappa_linear=_kappa(table, linear),
        kappa_quadratic=_kappa(table, quadratic),
        alpha_ordinal=_alpha(table),
        ac2=_ac2(table, ordinal, last),
        ac2_linear=_ac2(table, linear, last),
        ac2_quadratic=_ac2(table, quadratic, last),
    )


def _observed(table: Counter[tuple[int, int]], apart: _Apart) -> Fraction:
    """Mean disagreement of the pairs."""
    return sum((times * apart(a, b) for (a, b), times in table.items()), Fraction(0)) / table.total()


def _margins(table: Counter[tuple[int, int]]) -> tuple[Counter[int], Counter[int]]:
    first: Counter[int] = Counter()
    second: Counter[int] = Counter()
    for (a, b), times in table.items():
        first[a] += times
        second[b] += times
    return first, second


def _kappa(table: Counter[tuple[int, int]], apart: _Apart) -> float:
    """1 less the disagreement seen over that of independent graders with these margins."""
    first, second = _margins(table)
    independent = Counter({(a, b): m * n for a, m in first.items() for b, n in second.items()})
    return float(1 - _observed(table, apart) / _observed(independent, apart))


def _alpha(table: Counter[tuple[int, int]]) -> float:
    """1 less the disagreement seen over that of grades paired at random, all graders' grades pooled."""
    first, second = _margins(table)
    held = first + second

    def apart(a: int, b: int) -> Fraction:
        between = sum(n for grade, n in held.items() if min(a, b) <= grade <= max(a, b))
        return (between - Fraction(held[a] + held[b], 2)) ** 2

    shuffled = Counter({(a, b): m * (n - (a == b)) for a, m in held.items() for b, n in held.items()})
    return float(1 - _observed(table, apart) / _observed(shuffled, apart))


def _ac2(table: Counter[tuple[int, int]], apart: _Apart, last: int) -> float:
    """Gwet's coefficient: chance agreement from how evenly the grades are used."""
    first, second = _margins(table)
    shares = [Fraction(n, 2 * table.total()) for n in (first + second).values()]
    categories = range(last + 1)
    weights = sum(1 - apart(a, b) for a in categories for b in categories)
    chance = weights * sum(share * (1 - share) for share in shares) / (last * (last + 1))
    return float((1 - _observed(table, apart) - chance) / (1 - chance))
