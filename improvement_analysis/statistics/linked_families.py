"""Step-down min-P over domains, and over areas, under every completion of the open grades.

Westfall and Young (1993); for discrete tests Westfall and Troendle (2008). Domains whose teams are the same
are dealt together, whole teams changing places; others are added up.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

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

__all__ = ["adjust_linked"]

#: Work after which completions are bounded instead of tried, in deals compared: a fifth of a second.
MOST_STEPS = 200_000_000

#: What it costs to deal a domain's grades once, in such steps for each deal.
_DEALING = 150

#: For each stratum the grade of each team.
_Grades = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class _Dealt:
    """One domain with whole grades: each of its tests' p, smallest p and tails."""

    p: Mapping[TestName, float]
    tails: Mapping[TestName, Tails]


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
    held = [_with_several(domain) for domain in domains]
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
    shuffles = {place: _shuffle(held[place]) for place in places}
    counts = {place: _count_options(held[place]) for place in places}
    tried = math.prod(counts.values())
    rows = max((shuffle.rows for shuffle in shuffles.values()), default=0)
    steps = rows * (2 * tried * len(tests) + _DEALING * sum(counts.values()) * (len(focuses) + together))
    if tried > 1 and (tried > MOST_TOGETHER or steps > MOST_STEPS):
        return _bounded(alone, [name for name in tests if name[0] is not None], together, alpha)
    return _tried(held, shuffles, alone, tests, two_sided, alpha)


def _with_several(domain: OpenDomain) -> OpenDomain:
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


def _bounded(
    alone: Mapping[TestName, Completed], tests: Sequence[TestName], together: bool, alpha: float
) -> dict[TestName, Outcome]:
    """Every domain's completions alone: whatever the others come to, the adjusted p lies between these.

    It is at least p, and at most the sum over the tests of the largest share of deals, under any of their
    completions, with a p as small (Bonferroni for discrete tests).
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


def _shuffle(domain: OpenDomain) -> Shuffle:
    return Shuffle(tuple(tuple(team.group for team in teams) for teams in domain))


def _count_options(domain: OpenDomain) -> int:
    return math.prod(team.best - team.worst + 1 for teams in domain for team in teams)


def _options(domain: OpenDomain) -> list[_Grades]:
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
    blocks = _blocks({place: held[place] for place in shuffles})
    method = "enumeration" if all(one.is_counted for one in shuffles.values()) else "monte carlo"
    if len(blocks) > 1 and method == "enumeration":
        method = "bounds"
    outcomes = {name: Outcome(method=method, is_settled=not one.is_unknown) for name, one in alone.items()}
    outcomes |= {name: Outcome(method=method) for name in tests if name[0] is None}
    dealt = [
        [
            _deal(shuffles[place], grades, [name for name in tests if name[1] == place], two_sided)
            for grades in _options(held[place])
        ]
        for place in shuffles
    ]
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


def _blocks(held: Mapping[int, OpenDomain]) -> list[list[int]]:
    """Domains with the very same teams, which are dealt together; unnamed ones are alone."""
    blocks: dict[object, list[int]] = {}
    for place, domain in held.items():
        named = all(team.key is not None for teams in domain for team in teams)
        same = tuple(tuple((team.group, team.key) for team in teams) for teams in domain)
        blocks.setdefault(same if named else place, []).append(place)
    return list(blocks.values())


def _deal(shuffle: Shuffle, grades: _Grades, tests: Sequence[TestName], two_sided: TwoSided) -> _Dealt:
    worth = worth_of(grades)
    sums = shuffle.sums(worth)
    p, every = {}, {}
    for name in tests:
        group = name[0]
        if group is None:
            tails = count_tails(*spread_of(shuffle, worth, sums), "distance")
        else:
            tails = count_tails(sums[group], shuffle.seen(worth, group), two_sided)
        p[name] = tails.seen / shuffle.rows
        every[name] = tails if shuffle.is_counted else tails.in_units(shuffle.rows)
        if group is not None and not shuffle.is_counted:
            tables = _tables(shuffle, grades, group)
            p[name] = _exact_p(tables, two_sided)
            if null := _whole_null(tables):
                unit = common_unit([sum(map(sum, table)) for table in tables])
                scale = unit / common_unit([len(here) for here in grades])
                every[name] = look_up_tails(sums[group], shuffle.seen(worth, group), null, two_sided, scale)
    return _Dealt(p, every)


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
