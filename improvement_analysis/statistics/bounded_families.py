"""Step-down min-P where the completions of all domains together are too many to try: bounded, never guessed.

Every domain's completions are tried by themselves, so each p is known. What the other domains add lies, deal
by deal, between their least and their greatest p over all their completions.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from improvement_analysis.statistics.open_families import Outcome
from improvement_analysis.statistics.strata_ranges import Completed
from improvement_analysis.statistics.whole_teams import Linked, Tails, TestName, step_down

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Block", "DealtDomain", "Node", "bound_alone", "bound_joined", "try_further"]


#: Nodes of the search through the completions of several domains, after which a test stays unsettled.
MOST_NODES = 200

_NO_TEST: TestName = (None, -1)


@dataclass(frozen=True, eq=False)
class DealtDomain:
    """One domain with whole grades: each of its tests' p, and the tails of all deals."""

    p: Mapping[TestName, float]
    tails: Mapping[TestName, Tails]

    @cached_property
    def smallest(self) -> np.ndarray:
        """Of every deal the least tail of all tests."""
        import numpy as np

        least: np.ndarray = np.minimum.reduce([each.tails for each in self.tails.values()])
        return least

    def smallest_from(self, p: float) -> np.ndarray | None:
        """The same of the tests whose p is *p* or more; None where there are none."""
        import numpy as np

        held = [self.tails[name].tails for name, other in self.p.items() if other >= p]
        if len(held) == len(self.p):
            return self.smallest
        return np.minimum.reduce(held) if held else None


@dataclass(frozen=True, eq=False)
class Block:
    """Domains that are dealt together, and every completion of each.

    Attributes
    ----------
    rows : int
        Deals held.
    is_counted : bool
        Whether these are all deals.
    domains : mapping
        Place of a domain -> its tests under each of its completions.
    """

    rows: int
    is_counted: bool
    domains: Mapping[int, Sequence[DealtDomain]]

    @cached_property
    def ends(self) -> dict[int, tuple[np.ndarray, np.ndarray]]:
        """Of every domain the least and the greatest smallest tail of each deal, over its completions."""
        import numpy as np

        each = {place: [one.smallest for one in dealt] for place, dealt in self.domains.items()}
        return {place: (np.minimum.reduce(held), np.maximum.reduce(held)) for place, held in each.items()}

    @cached_property
    def least_p(self) -> dict[int, float]:
        """Of every domain the least p of any of its tests, under any completion."""
        return {place: min(min(one.p.values()) for one in dealt) for place, dealt in self.domains.items()}

    def reached(self, p: float) -> int:
        """How many deals have so small a p, if every deal has another."""
        return Linked({}, self.rows, self.is_counted).reached(_NO_TEST, p)

    def share(self, least: np.ndarray | None, reached: int) -> tuple[float, float]:
        """Between what and what the share of deals lies whose least tail is so small."""
        import numpy as np

        if least is None:
            return 0.0, 0.0
        return Linked({}, self.rows, self.is_counted).share(int(np.count_nonzero(least <= reached)))

    def lowest(self, without: Sequence[int] = ()) -> np.ndarray | None:
        """What the domains may come to at the least."""
        return _least_of(*(low for place, (low, _) in self.ends.items() if place not in without))


def _least_of(*arrays: np.ndarray | None) -> np.ndarray | None:
    """Of every deal the least of several tails; None where there are none."""
    import numpy as np

    held = [each for each in arrays if each is not None]
    return np.minimum.reduce(held) if len(held) > 1 else held[0] if held else None


def bound_joined(
    alone: Mapping[TestName, Completed], blocks: Sequence[Block], alpha: float
) -> dict[TestName, Outcome]:
    """Each test under every completion of its domain; its adjusted p lies between the two that are given.

    At most it is the share of deals in which any test of any domain, under whichever completion suits it
    best, has so small a p; blocks are added up. At least it is that share of the tests known to have no
    smaller p, under whichever completion suits worst. Where alpha lies between, the completions of further
    domains are tried one after another, as far as :data:`MOST_NODES` go.
    """
    outcomes = {name: Outcome(method="bounds", is_settled=not one.is_unknown) for name, one in alone.items()}
    for block in blocks:
        others = [other for other in blocks if other is not block]
        for place, each in block.domains.items():
            unsure: dict[TestName, list[DealtDomain]] = {}
            beside = block.lowest([place])
            for dealt in each:
                joined = _least_of(dealt.smallest, beside)
                for name in dealt.p:
                    outcome = outcomes.setdefault(name, Outcome(method="bounds"))
                    node = Node(block, others, name, {place: dealt})
                    if not _take_in(outcome, node, joined, alpha):
                        unsure.setdefault(name, []).append(dealt)
            for name, left in unsure.items():
                _search(outcomes[name], [Node(block, others, name, {place: one}) for one in left], alpha)
    return outcomes


@dataclass(frozen=True, eq=False)
class Node:
    """One test, with the grades of some domains of its block settled: its own first."""

    block: Block
    others: Sequence[Block]
    name: TestName
    settled: Mapping[int, DealtDomain]

    @cached_property
    def own(self) -> DealtDomain:
        """The test's own domain."""
        return self.settled[self.name[1]]

    @property
    def p(self) -> float:
        """Of the test, not adjusted."""
        return self.own.p[self.name]

    @property
    def least(self) -> float:
        """The smallest p that the test could have had."""
        return self.own.tails[self.name].least / Linked({}, self.block.rows, self.block.is_counted).unit

    def highest(self, p: float, joined: np.ndarray | None) -> float:
        """What *p* is adjusted to at the most; *joined* is the least tail of all tests."""
        high = self.block.share(joined, self._reached(p))[1]
        high += sum(other.share(other.lowest(), other.reached(p))[1] for other in self.others)
        return max(p, min(1.0, high))

    def lowest(self, p: float) -> float:
        """What *p* is adjusted to at the least, by tests and domains whose p is surely not smaller."""
        block = self.block
        held = [one.smallest_from(self.p) for one in self.settled.values()]
        rest = [place for place in block.domains if place not in self.settled and block.least_p[place] >= p]
        low = block.share(_least_of(*held, *(block.ends[place][1] for place in rest)), self._reached(p))[0]
        return max(p, low)

    def joined(self) -> np.ndarray | None:
        """The least tail of all tests there may be."""
        own = (one.smallest for one in self.settled.values())
        return _least_of(*own, self.block.lowest(list(self.settled)))

    def is_claimed(self, alpha: float) -> bool | None:
        """Whether a difference is claimed whatever the other domains come to; None where that depends."""
        if self.highest(self.p, self.joined()) <= alpha:
            return True
        if len(self.settled) == len(self.block.domains):
            return self._adjusted() <= alpha
        return False if self.lowest(self.p) > alpha else None

    def _adjusted(self) -> float:
        """The adjusted p at the most, where the whole block is settled."""
        tails = {name: each for one in self.settled.values() for name, each in one.tails.items()}
        p = {name: each for one in self.settled.values() for name, each in one.p.items()}
        ends = step_down([Linked(tails, self.block.rows, self.block.is_counted)], p)
        beside = sum(other.share(other.lowest(), other.reached(self.p))[1] for other in self.others)
        return min(1.0, ends[self.name][1] + beside)

    def _reached(self, p: float) -> int:
        linked = Linked(self.own.tails, self.block.rows, self.block.is_counted)
        return linked.reached(self.name if p == self.p else _NO_TEST, p)

    def branches(self) -> list[Node]:
        """The same with one more domain settled, in each way: that with the fewest ways first."""
        domains = self.block.domains
        place = min(
            (place for place in domains if place not in self.settled), key=lambda at: len(domains[at])
        )
        return [
            Node(self.block, self.others, self.name, {**self.settled, place: one}) for one in domains[place]
        ]


def _take_in(outcome: Outcome, node: Node, joined: np.ndarray | None, alpha: float) -> bool:
    """One completion of the test's own domain; whether its verdict is known."""
    p, least = node.p, node.least
    low, high = node.lowest(p), node.highest(p, joined)
    verdict = None
    if high <= alpha:
        verdict = "claimed"
    elif low > alpha:
        verdict = "too_few" if least > alpha or node.lowest(least) > alpha else "chance"
    outcome.widen(p, least, (low, max(low, high)), verdict)
    return verdict is not None


def _search(outcome: Outcome, nodes: list[Node], alpha: float) -> None:
    """Settle what is unsure by going through the completions of further domains, until none can change it."""
    for claimed in try_further(nodes, alpha, MOST_NODES):
        outcome.is_settled &= claimed is not None
        outcome.verdicts |= {"claimed" if claimed else "chance"} if claimed is not None else set()
        if "claimed" in outcome.verdicts and len(outcome.verdicts) > 1:
            break


def try_further(nodes: Sequence[Node], alpha: float, most: int) -> Iterator[bool | None]:
    """Whether each of the nodes, with further domains settled as far as need be, claims a difference.

    None comes last where more than *most* nodes would have to be looked at.
    """
    left, steps = list(nodes), 0
    while left:
        node, steps = left.pop(), steps + 1
        if steps > most:
            yield None
            return
        claimed = node.is_claimed(alpha)
        if claimed is None:
            left += node.branches()
        else:
            yield claimed


def bound_alone(
    alone: Mapping[TestName, Completed], tests: Sequence[TestName], together: bool, alpha: float
) -> dict[TestName, Outcome]:
    """The same from each test's own p values, where the deals of all completions would be too many to hold.

    The adjusted p is at least p, and at most the sum over the tests of the largest share of deals, under any
    of their completions, with a p as small (Bonferroni for discrete tests).
    """
    outcomes = {name: Outcome(method="bounds", is_settled=not one.is_unknown) for name, one in alone.items()}
    more = len({place for _, place in tests}) if together else 0
    for name in tests:
        unsure = False
        for p, least in alone[name].seen:
            others = (alone[other].most_at(p) if p <= alpha else p for other in tests if other != name)
            most = min(1.0, p + sum(others) + more * p)
            verdict = (
                "too_few"
                if least > alpha
                else "chance"
                if p > alpha
                else "claimed"
                if most <= alpha
                else None
            )
            unsure |= verdict is None
            outcomes[name].widen(p, least, (p, most), verdict)
        known = outcomes[name].verdicts
        outcomes[name].is_settled &= not unsure or ("claimed" in known and len(known) > 1)
    for place in {place for _, place in tests} if together else ():
        outcomes[None, place] = Outcome(method="bounds", is_settled=False)
    return outcomes
