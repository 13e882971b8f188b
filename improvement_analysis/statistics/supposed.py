"""One domain with other grades than it has: what could have been claimed with these teams."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import product
from typing import NamedTuple

from improvement_analysis.statistics.bounded_families import Block, Node, try_further
from improvement_analysis.statistics.linked_families import (
    MOST_HELD,
    blocks_of,
    count_options,
    deal,
    options_of,
    shuffle_of,
    with_several,
)
from improvement_analysis.statistics.open_families import OpenDomain, OpenTeam
from improvement_analysis.statistics.permutation import stratified_test
from improvement_analysis.statistics.whole_teams import TestName

__all__ = ["LeastClaim", "Supposed"]

#: Placings of good grades that are tried, completions of teams that were not judged, outcomes, and
#: nodes of the search for each.
_MOST_PLACINGS, _MOST_OPTIONS, _MOST_TRIED, _MOST_NODES = 2_000, 64, 25, 3_000

#: Of how many teams each stratum's good ones are: in the group, and elsewhere.
_Placing = tuple[tuple[int, int], ...]


class LeastClaim(NamedTuple):
    """How many of a group's teams, and of the others, would be good in an outcome."""

    here: int
    there: int


def _is_judged(team: OpenTeam) -> bool:
    return team.best - team.worst <= 1


class Supposed:
    """A group in one domain of a family, whose judged teams are supposed to be good, or to be at the lowest.

    Parameters
    ----------
    domains, focuses
        As in :func:`adjust_linked`, with a test of all groups in every domain.
    name
        The group, and the place of the domain.
    grades
        The places of the lowest and of the good grade among the whole ones.
    """

    def __init__(
        self,
        domains: Sequence[OpenDomain],
        focuses: Sequence[int],
        name: tuple[int, int],
        grades: tuple[int, int],
        alpha: float = 0.05,
    ) -> None:
        self.held = [with_several(domain) for domain in domains]
        self.focuses, self.group, self.place = focuses, *name
        self.low, self.good = grades
        self.alpha, self.name = alpha, name
        self.shuffles = {place: shuffle_of(domain) for place, domain in enumerate(self.held) if domain}

    @cached_property
    def sizes(self) -> dict[int, tuple[int, int]]:
        """Judged teams of the group and of the others, in each stratum that holds both."""
        sizes = {}
        for stratum, teams in enumerate(self.held[self.place]):
            here = [team.group == self.group for team in teams if _is_judged(team)]
            if 0 < sum(here) < len(here):
                sizes[stratum] = (sum(here), len(here) - sum(here))
        return sizes

    def _tests(self, place: int) -> list[TestName]:
        groups = set().union(*self.shuffles[place].groups)
        return [(None, place), *((group, place) for group in self.focuses if group in groups)]

    @cached_property
    def _blocks(self) -> list[Block] | None:
        """The other domains as they are, those dealt together with this one first; None if these are many."""
        held = {place: self.held[place] for place in self.shuffles}
        rows = max(shuffle.rows for shuffle in self.shuffles.values())
        if rows * sum(count_options(each) for place, each in held.items() if place != self.place) > MOST_HELD:
            return None
        blocks = []
        for places in sorted(blocks_of(held), key=lambda places: self.place not in places):
            shuffle, others = self.shuffles[places[0]], [place for place in places if place != self.place]
            dealt = {
                place: [
                    deal(self.shuffles[place], grades, self._tests(place), "distance")
                    for grades in options_of(held[place])
                ]
                for place in others
            }
            blocks.append(Block(shuffle.rows, shuffle.is_counted, dealt))
        return blocks

    def is_claimed(self, placing: _Placing) -> bool | None:
        """Whether so many good teams are claimed to differ, whatever open grades come to; None if unknown."""
        domain = self._suppose(placing)
        if self._blocks is None or count_options(domain) > _MOST_OPTIONS:
            return None
        block, *others = self._blocks
        nodes = []
        for grades in options_of(domain):
            dealt = deal(self.shuffles[self.place], grades, self._tests(self.place), "distance")
            whole = Block(block.rows, block.is_counted, {**block.domains, self.place: [dealt]})
            nodes.append(Node(whole, others, self.name, {self.place: dealt}))
        for claimed in try_further(nodes, self.alpha, _MOST_NODES):
            if not claimed:
                return claimed
        return True

    def _suppose(self, placing: _Placing) -> OpenDomain:
        """The domain with so many good teams; those not judged stay open, and other strata as they are.

        A split grade of another stratum stands for its lower half.
        """
        good = dict(zip(self.sizes, placing, strict=True))
        supposed = []
        for stratum, teams in enumerate(self.held[self.place]):
            left, here = list(good.get(stratum, ())), []
            for team in teams:
                side, grade = int(team.group != self.group), team.worst
                if left:
                    grade = self.good if left[side] > 0 else self.low
                if _is_judged(team):
                    left = [number - (i == side) for i, number in enumerate(left)]
                    here.append(team._replace(worst=grade, best=grade))
                else:
                    here.append(team)
            supposed.append(tuple(here))
        return tuple(supposed)

    def least_claim(self, higher: bool) -> tuple[LeastClaim | None, bool]:
        """The least one-sided outcome that is claimed, and whether it is sure that none is."""
        tried, refused = 0, math.inf
        for outcome, (p, placing) in self._outcomes(higher):
            if p > self.alpha or p >= refused:
                continue
            tried += 1
            if tried > _MOST_TRIED:
                return None, False
            if self.is_claimed(placing):
                return outcome, False
            refused = p
        return None, self.is_claimed(self._extreme(higher)) is False

    def _extreme(self, higher: bool) -> _Placing:
        return tuple((a, 0) if higher else (0, b) for a, b in self.sizes.values())

    def _outcomes(self, higher: bool) -> Iterator[tuple[LeastClaim, tuple[float, _Placing]]]:
        """Outcomes from the least one-sided on: each with the placing that has the greatest p."""
        n, others = (sum(each) for each in zip(*self.sizes.values(), strict=True))
        hardest: dict[LeastClaim, tuple[float, _Placing]] = {}
        for placing in self._placings(higher):
            outcome = LeastClaim(*(sum(each) for each in zip(*placing, strict=True)))
            gap = outcome.here / n - outcome.there / others
            if (gap > 0) == higher and gap:
                p = self._p(placing)
                hardest[outcome] = max(hardest.get(outcome, (-1.0, placing)), (p, placing))
        yield from sorted(hardest.items(), key=lambda item: abs(item[0].here / n - item[0].there / others))

    def _placings(self, higher: bool) -> Iterator[_Placing]:
        """Every placing of good teams; where these are too many, those with one side all alike."""
        every = math.prod((a + 1) * (b + 1) for a, b in self.sizes.values())
        if every <= _MOST_PLACINGS:
            ranges = [product(range(a + 1), range(b + 1)) for a, b in self.sizes.values()]
        elif math.prod(b + 1 for _, b in self.sizes.values()) <= _MOST_PLACINGS:
            ranges = [product([a if higher else 0], range(b + 1)) for a, b in self.sizes.values()]
        else:
            return iter([self._extreme(higher)])
        return product(*ranges)

    def _p(self, placing: _Placing) -> float:
        tables = []
        for (a, b), (x, y) in zip(self.sizes.values(), placing, strict=True):
            levels = [each for each in ((a - x, b - y), (x, y)) if any(each)]
            tables.append(tuple(zip(*levels, strict=True)))
        p = stratified_test(tuple(tables), 0.0, "two-sided", "distance").p
        return 1.0 if math.isnan(p) else p
