"""Step-down min-P over domains, and over areas, under every completion of the open grades.

Westfall and Young (1993); for discrete tests Westfall and Troendle (2008). Domains whose teams are the same
are dealt together, whole teams changing places; others are added up.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product

from improvement_analysis.statistics.bounded_families import Block, DealtDomain, bound_alone, bound_joined
from improvement_analysis.statistics.deals import MOST_VALUES, NullDistribution, TwoSided
from improvement_analysis.statistics.open_families import (
    MOST_TOGETHER,
    OpenDomain,
    Outcome,
    complete_alone,
)
from improvement_analysis.statistics.permutation import null_of, stratified_test
from improvement_analysis.statistics.ranks import Table
from improvement_analysis.statistics.strata_ranges import Completed
from improvement_analysis.statistics.whole_teams import (
    Linked,
    Shuffle,
    Tails,
    TestName,
    common_unit,
    count_tails,
    look_up_tails,
    spread_of,
    step_down,
    worth_of,
)

__all__ = [
    "MOST_HELD",
    "adjust_linked",
    "blocks_of",
    "count_options",
    "deal",
    "options_of",
    "shuffle_of",
    "with_several",
]

#: Work after which completions are bounded instead of tried together, in deals compared: a fifth of a second.
MOST_STEPS = 200_000_000

#: Deals held for the completions of every domain by itself, after which its domains are not joined.
MOST_HELD = 40_000_000

#: What it costs to deal a domain's grades once, in such steps for each deal: counted ones, and drawn ones.
_DEALING, _DRAWING = 30, 150

#: For each stratum the grade of each team.
_Grades = tuple[tuple[int, ...], ...]


def adjust_linked(
    domains: Sequence[OpenDomain],
    focuses: Sequence[int],
    *,
    two_sided: TwoSided = "distance",
    alpha: float = 0.05,
    together: bool = False,
) -> dict[TestName, Outcome]:
    """Each focus against the others in each domain, one family, under every completion.

    Parameters
    ----------
    domains
        The teams of each, by stratum, in one order; the order decides which deals are drawn.
    focuses
        The groups that are set against all others.
    together
        Whether a test that sets all groups apart is in the family for each domain, too.

    Returns
    -------
    dict
        By (focus, place of the domain), and (None, place) for all groups together.
    """
    held = [with_several(domain) for domain in domains]
    alone: dict[TestName, Completed] = {
        (group, place): complete_alone(domain, group, two_sided, alpha)
        for place, domain in enumerate(held)
        for group in focuses
    }
    tests = [name for name, one in alone.items() if one.seen or one.is_unknown]
    if together:
        tests += [(None, place) for place in sorted({place for _, place in tests})]
    if len(tests) == 1 and not together:
        return _alone(alone, alpha)
    places = sorted({place for _, place in tests})
    shuffles = {place: shuffle_of(held[place]) for place in places}
    counts = {place: count_options(held[place]) for place in places}
    tried = math.prod(counts.values())
    rows = max((shuffle.rows for shuffle in shuffles.values()), default=0)
    each = _DEALING if all(shuffle.is_counted for shuffle in shuffles.values()) else _DRAWING
    steps = rows * (2 * tried * len(tests) + each * sum(counts.values()) * (len(focuses) + together))
    if tried == 1 or (tried <= MOST_TOGETHER and steps <= MOST_STEPS):
        return _tried(held, shuffles, alone, tests, two_sided, alpha)
    if rows * sum(counts.values()) > MOST_HELD:
        return bound_alone(alone, [name for name in tests if name[0] is not None], together, alpha)
    blocks = [
        Block(
            shuffles[block[0]].rows,
            shuffles[block[0]].is_counted,
            {place: _deal_options(held, shuffles, place, tests, two_sided) for place in block},
        )
        for block in blocks_of({place: held[place] for place in places})
    ]
    return bound_joined(alone, blocks, alpha)


def with_several(domain: OpenDomain) -> OpenDomain:
    """The strata in which there is anything to deal."""
    return tuple(teams for teams in domain if len({team.group for team in teams}) > 1)


def _alone(alone: Mapping[TestName, Completed], alpha: float) -> dict[TestName, Outcome]:
    outcomes = {}
    for name, one in alone.items():
        outcomes[name] = Outcome(is_settled=not one.is_unknown)
        for p, least in one.seen:
            verdict = "claimed" if p <= alpha else "chance" if least <= alpha else "too_few"
            outcomes[name].widen(p, least, (p, p), verdict)
    return outcomes


def shuffle_of(domain: OpenDomain) -> Shuffle:
    """What is dealt anew: the teams of a domain."""
    return Shuffle(tuple(tuple(team.group for team in teams) for teams in domain))


def count_options(domain: OpenDomain) -> int:
    """In how many ways the teams of a domain may hold whole grades."""
    return math.prod(team.best - team.worst + 1 for teams in domain for team in teams)


def options_of(domain: OpenDomain) -> list[_Grades]:
    """Every way to give the teams of a domain whole grades."""
    ranges = (range(team.worst, team.best + 1) for teams in domain for team in teams)
    sizes = [len(teams) for teams in domain]
    options = []
    for choice in product(*ranges):
        rest = iter(choice)
        options.append(tuple(tuple(next(rest) for _ in range(size)) for size in sizes))
    return options


def _tried(
    held: Sequence[OpenDomain],
    shuffles: Mapping[int, Shuffle],
    alone: Mapping[TestName, Completed],
    tests: Sequence[TestName],
    two_sided: TwoSided,
    alpha: float,
) -> dict[TestName, Outcome]:
    """Every completion of all domains together."""
    blocks = blocks_of({place: held[place] for place in shuffles})
    method = "enumeration" if all(one.is_counted for one in shuffles.values()) else "monte carlo"
    if len(blocks) > 1 and method == "enumeration":
        method = "bounds"
    outcomes = {name: Outcome(method=method, is_settled=not one.is_unknown) for name, one in alone.items()}
    outcomes |= {name: Outcome(method=method) for name in tests if name[0] is None}
    dealt = [_deal_options(held, shuffles, place, tests, two_sided) for place in shuffles]
    for choice in product(*dealt):
        chosen = dict(zip(shuffles, choice, strict=True))
        p = {name: value for one in choice for name, value in one.p.items()}
        linked = [
            Linked(
                {name: tails for place in block for name, tails in chosen[place].tails.items()},
                shuffles[block[0]].rows,
                shuffles[block[0]].is_counted,
            )
            for block in blocks
        ]
        _take_in(outcomes, linked, p, alpha)
    return outcomes


def _take_in(
    outcomes: Mapping[TestName, Outcome], linked: Sequence[Linked], p: Mapping[TestName, float], alpha: float
) -> None:
    """One completion of all domains: its adjusted p and verdicts."""
    least = {name: tails.least / block.unit for block in linked for name, tails in block.tests.items()}
    for name, ends in step_down(linked, p).items():
        known = outcomes[name].verdicts
        if ends[1] <= alpha:
            verdict = "claimed"
        elif least[name] > alpha:
            verdict = "too_few"
        elif known >= {"chance", "too_few"} or step_down(linked, {**p, name: least[name]})[name][0] <= alpha:
            verdict = "chance"
        else:
            verdict = "too_few"
        outcomes[name].widen(p[name], least[name], ends, verdict)


def blocks_of(held: Mapping[int, OpenDomain]) -> list[list[int]]:
    """Domains with the very same teams, which are dealt together; unnamed ones are alone."""
    blocks: dict[object, list[int]] = {}
    for place, domain in held.items():
        named = all(team.key is not None for teams in domain for team in teams)
        same = tuple(tuple((team.group, team.key) for team in teams) for teams in domain)
        blocks.setdefault(same if named else place, []).append(place)
    return list(blocks.values())


def _deal_options(
    held: Sequence[OpenDomain],
    shuffles: Mapping[int, Shuffle],
    place: int,
    tests: Sequence[TestName],
    two_sided: TwoSided,
) -> list[DealtDomain]:
    """One domain's tests, under each of its completions."""
    names = [name for name in tests if name[1] == place]
    return [deal(shuffles[place], grades, names, two_sided) for grades in options_of(held[place])]


def deal(shuffle: Shuffle, grades: _Grades, tests: Sequence[TestName], two_sided: TwoSided) -> DealtDomain:
    """The tests of one domain, its teams holding these grades."""
    worth = worth_of(grades)
    dealt = shuffle.sums(worth)
    sums, p, every = dealt.sums, dict[TestName, float](), dict[TestName, Tails]()
    for name in tests:
        group = name[0]
        if group is None:
            tails = count_tails(*spread_of(shuffle, worth, sums), "distance", dealt)
        else:
            tails = count_tails(sums[group], shuffle.seen(worth, group), two_sided, dealt)
        p[name] = tails.seen / shuffle.rows
        every[name] = tails if shuffle.is_counted else tails.in_units(shuffle.rows)
        if group is not None and not shuffle.is_counted:
            tables = _tables(shuffle, grades, group)
            p[name] = _exact_p(tables, two_sided)
            if null := _whole_null(tables):
                unit = common_unit([sum(map(sum, table)) for table in tables])
                scale = unit / common_unit([len(here) for here in grades])
                every[name] = look_up_tails(sums[group], shuffle.seen(worth, group), null, two_sided, scale)
    return DealtDomain(p, every)


def _whole_null(tables: Sequence[Table]) -> NullDistribution | None:
    """The distribution of all deals, where it can be had and its units are whole in floats."""
    if common_unit([sum(map(sum, table)) for table in tables]) == 1:
        return None
    null = null_of(tables)
    return null if null is not None and len(null.ways) * len(null.also) <= MOST_VALUES else None


def _tables(shuffle: Shuffle, grades: _Grades, group: int) -> tuple[Table, ...]:
    """For each stratum that holds the group and others: how many of either hold each grade there is."""
    tables = []
    for here, held in zip(shuffle.groups, grades, strict=True):
        pairs = Counter(zip((one == group for one in here), held, strict=True))
        levels = sorted(set(held))
        table = tuple(tuple(pairs[side, level] for level in levels) for side in (True, False))
        if all(map(any, table)):
            tables.append(table)
    return tuple(tables)


@lru_cache(maxsize=4096)
def _exact_p(tables: tuple[Table, ...], two_sided: TwoSided) -> float:
    test = stratified_test(tables, 0.0, "two-sided", two_sided)
    return 1.0 if math.isnan(test.p) else test.p
