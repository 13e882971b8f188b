"""Several tests at once, whatever their open grades stand for: what is claimed under every completion.

A completion gives every open grade of every domain a whole grade. Each has its own p, its own smallest
attainable p and its own adjustment, so the completions of all domains are tried together. Where that is too
much, every domain's completions are tried alone, and the adjustment is bounded.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import product
from typing import NamedTuple, TypeAlias

from improvement_analysis.statistics.completions import try_counted
from improvement_analysis.statistics.deals import TwoSided
from improvement_analysis.statistics.families import adjust
from improvement_analysis.statistics.strata_ranges import Completed

__all__ = ["MOST_TOGETHER", "OpenDomain", "OpenTeam", "Outcome", "adjust_each", "complete_alone"]

#: Completions of all domains together after which the adjustment is bounded instead.
MOST_TOGETHER = 10_000


class OpenTeam(NamedTuple):
    """A team in one domain: its group, what tells it apart (None: nothing does), and its grade's ends."""

    group: int
    key: str | None
    worst: int
    best: int


#: For each stratum its teams.
OpenDomain: TypeAlias = tuple[tuple[OpenTeam, ...], ...]


@dataclass
class Outcome:
    """What one test of a family comes to over all completions.

    Attributes
    ----------
    p_low, p_high, p_min : float
        Least and greatest p; the smallest that any completion could have given.
    adjusted_low, adjusted_high : float
        Least and greatest adjusted p; NaN where no completion has one, and 1 counts where it has none.
    verdicts : set of str
        ``"claimed"`` (adjusted p at most alpha), ``"chance"`` (above) and ``"too_few"`` (it could not have
        been at most alpha): those that some completion has.
    is_settled : bool
        Whether these are known.
    method : str
        Of the adjustment: ``"none"``, ``"enumeration"``, ``"monte carlo"``, ``"bounds"``, or what
        :func:`adjust` calls it.
    """

    p_low: float = math.nan
    p_high: float = math.nan
    p_min: float = math.nan
    adjusted_low: float = math.nan
    adjusted_high: float = math.nan
    verdicts: set[str] = field(default_factory=set)
    is_settled: bool = True
    method: str = "none"

    def widen(self, p: float, p_min: float, adjusted: tuple[float, float], verdict: str | None) -> None:
        """Take in one more completion."""
        self.p_low, self.p_high = _least(self.p_low, p), _most(self.p_high, p)
        self.p_min = _least(self.p_min, p_min)
        self.adjusted_low = _least(self.adjusted_low, adjusted[0])
        self.adjusted_high = _most(self.adjusted_high, adjusted[1])
        if verdict is not None:
            self.verdicts.add(verdict)


def _least(one: float, other: float) -> float:
    return other if math.isnan(one) else min(one, other)


def _most(one: float, other: float) -> float:
    return other if math.isnan(one) else max(one, other)


def complete_alone(domain: OpenDomain, group: int, two_sided: TwoSided, level: float) -> Completed:
    """One group against the others in one domain, under every completion of that domain."""
    sides = [
        tuple(
            Counter((team.worst, team.best) for team in teams if (team.group == group) is here)
            for here in (True, False)
        )
        for teams in domain
    ]
    return try_counted([(a, b) for a, b in sides if a and b], two_sided, level)


def adjust_each(each: Sequence[Completed], method: str, alpha: float) -> list[Outcome]:
    """A family whose tests adjust each other by their p alone: Holm and Tarone, Benjamini-Hochberg, or none.

    What a test's completions do to the others goes through its p and its smallest attainable p, so it is
    enough to try the distinct pairs of the two.
    """
    outcomes = [Outcome(method=method) for _ in each]
    known = [place for place, one in enumerate(each) if one.seen]
    pairs = [sorted(each[place].seen) for place in known]
    together = math.prod(map(len, pairs))
    inside: set[int] = set()
    outside: set[int] = set()
    if method == "none":
        for place, here in zip(known, pairs, strict=True):
            for p, least in here:
                outcomes[place].widen(p, least, (p, p), _verdict(p, least, alpha))
    elif together <= MOST_TOGETHER:
        for choice in product(*pairs):
            for place, (p, least), (value, best) in zip(
                known, choice, _adjusted(choice, method, alpha), strict=True
            ):
                outside |= {place} if math.isnan(value) else set()
                inside |= set() if math.isnan(value) else {place}
                end = 1.0 if math.isnan(value) else value
                outcomes[place].widen(p, least, (end, end), _verdict(value, best, alpha))
    else:
        for place, here in zip(known, pairs, strict=True):
            for p, least in here:
                sure = "too_few" if least > alpha else "chance" if p > alpha else None
                outcomes[place].widen(p, least, (p, min(1.0, p * len(known))), sure)
                outcomes[place].is_settled &= sure is not None
            outcomes[place].method = "bounds"
    for place in outside - inside:
        outcomes[place].adjusted_low = outcomes[place].adjusted_high = math.nan
    for outcome, one in zip(outcomes, each, strict=True):
        outcome.is_settled &= not one.is_unknown
    return outcomes


def _verdict(adjusted: float, best: float, alpha: float) -> str:
    return "claimed" if adjusted <= alpha else "chance" if best <= alpha else "too_few"


def _adjusted(
    choice: Sequence[tuple[float, float]], method: str, alpha: float
) -> Iterator[tuple[float, float]]:
    """Adjusted p, and the smallest that the test could have had, the others as they are."""
    p, least = [one for one, _ in choice], [other for _, other in choice]

    def adjusted(values: list[float]) -> list[float]:
        return adjust(values, method=method, min_attainable=least if method == "holm" else None, alpha=alpha)

    for i, value in enumerate(adjusted(p)):
        yield value, adjusted([*p[:i], least[i], *p[i + 1 :]])[i]
