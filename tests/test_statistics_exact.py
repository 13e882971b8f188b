"""Every exact test against plain enumeration, and what must not change a result."""

from collections import Counter
from fractions import Fraction
from itertools import combinations, pairwise, permutations, product
from math import comb, factorial, isnan, prod

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from scipy import stats

from improvement_analysis.scale import OFSTED
from improvement_analysis.statistics import (
    agreement,
    bounds,
    fisher_freeman_halton,
    jonckheere,
    kruskal_exact,
    min_attainable_p,
    pairs,
    prob_superiority,
    sign_test,
    signed_rank_exact,
    stratified_bounds,
    superiority_interval,
    van_elteren,
    wmw_exact,
)
from improvement_analysis.statistics.deals import NullDistribution, deal_sums, deal_tables
from improvement_analysis.statistics.permutation import rank_sum, rank_sums
from improvement_analysis.statistics.tails import judge_by_table

GRADE = st.sampled_from(OFSTED.categories)
FEW = st.sampled_from(["I", "RI", "RI", "G"])
TWO = st.tuples(st.lists(GRADE, min_size=1, max_size=5), st.lists(FEW, min_size=1, max_size=6))
SIDES = st.sampled_from(["two-sided", "greater", "less"])
TWO_SIDED = st.sampled_from(["distance", "doubled"])
SEVERAL = st.lists(st.lists(FEW, min_size=1, max_size=3), min_size=2, max_size=3)
MATCHED = st.lists(st.tuples(GRADE, GRADE), min_size=1, max_size=8)
brute = settings(max_examples=60, deadline=None)


def ranks(grades):
    """Mid-ranks as exact fractions, by comparing each with each."""
    found = [OFSTED.rank(grade) for grade in grades]
    return [sum(Fraction(2 * (x < y) + (x == y), 2) for x in found) + Fraction(1, 2) for y in found]


def fraction(statistics, seen, side, two_sided):
    """Share of equally likely deals at least as lopsided, from the list of their statistics."""
    upper = Fraction(sum(value >= seen for value in statistics), len(statistics))
    lower = Fraction(sum(value <= seen for value in statistics), len(statistics))
    if side != "two-sided":
        return upper if side == "greater" else lower
    if two_sided == "doubled":
        return min(Fraction(1), 2 * min(upper, lower))
    mean = Fraction(sum(statistics)) / len(statistics)
    return Fraction(sum(abs(v - mean) >= abs(seen - mean) for v in statistics), len(statistics))


def deals_of_two(a, b):
    pooled = ranks([*a, *b])
    return [sum(pooled[i] for i in drawn) for drawn in combinations(range(len(pooled)), len(a))]


@brute
@given(TWO, SIDES, TWO_SIDED)
def test_wmw_is_plain_enumeration(groups, side, two_sided):
    a, b = groups
    assume(len({*a, *b}) > 1)
    deals = deals_of_two(a, b)
    found = wmw_exact(a, b, alternative=side, two_sided=two_sided)
    assert found.fraction == fraction(deals, sum(ranks([*a, *b])[: len(a)]), side, two_sided)
    assert found.deals == len(deals) == comb(len(a) + len(b), len(a))
    assert found.p_min == float(min(fraction(deals, value, side, two_sided) for value in deals))


@brute
@given(
    st.lists(st.tuples(st.lists(FEW, max_size=3), st.lists(FEW, max_size=3)), max_size=3), SIDES, TWO_SIDED
)
def test_van_elteren_is_plain_enumeration(strata, side, two_sided):
    used = [(a, b) for a, b in strata if a and b]
    assume(any(len({*a, *b}) > 1 for a, b in used))
    weights = [Fraction(1, len(a) + len(b) + 1) for a, b in used]
    per_stratum = [[w * v for v in deals_of_two(a, b)] for w, (a, b) in zip(weights, used, strict=True)]
    seen = sum(w * sum(ranks([*a, *b])[: len(a)]) for w, (a, b) in zip(weights, used, strict=True))
    found = van_elteren(strata, alternative=side, two_sided=two_sided)
    assert found.fraction == fraction([sum(one) for one in product(*per_stratum)], seen, side, two_sided)
    weighed = [w * len(a) * len(b) for w, (a, b) in zip(weights, used, strict=True)]
    expected = sum(
        w * Fraction(prob_superiority(a, b)) for w, (a, b) in zip(weighed, used, strict=True)
    ) / sum(weighed)
    assert found.prob_superiority == pytest.approx(float(expected))
    assert len(found.strata_used) + len(found.strata_dropped) == len(strata)


def all_deals(groups):
    """Every distinct way to give the pooled grades to the groups' places."""
    pooled = [grade for group in groups for grade in group]
    places = [i for i, group in enumerate(groups) for _ in group]
    for labels in set(permutations(places)):
        yield [[g for g, label in zip(pooled, labels, strict=True) if label == i] for i in range(len(groups))]


@settings(max_examples=40, deadline=None)
@given(SEVERAL)
def test_fisher_freeman_halton_is_plain_enumeration(groups):
    assume(len({grade for group in groups for grade in group}) > 1 and sum(map(len, groups)) <= 7)
    tables = Counter(tuple(tuple(sorted(group)) for group in deal) for deal in all_deals(groups))
    seen = tables[tuple(tuple(sorted(group)) for group in groups)]
    found = fisher_freeman_halton(groups)
    assert found.deals_at_least_as_lopsided == sum(n for n in tables.values() if n <= seen)
    assert found.deals == sum(tables.values())
    assert found.statistic == seen / found.deals


@settings(max_examples=40, deadline=None)
@given(SEVERAL)
def test_kruskal_is_plain_enumeration(groups):
    pooled = [grade for group in groups for grade in group]
    assume(len(set(pooled)) > 1 and len(pooled) <= 7)
    rank = dict(zip(pooled, ranks(pooled), strict=True))

    def spread(deal):
        return sum(sum(rank[g] for g in group) ** 2 / len(group) for group in deal)

    found = kruskal_exact(groups)
    assert found.fraction == fraction([spread(d) for d in all_deals(groups)], spread(groups), "greater", "")
    numbers = [[OFSTED.rank(grade) for grade in group] for group in groups]
    assert found.statistic == pytest.approx(stats.kruskal(*numbers).statistic)


@settings(max_examples=40, deadline=None)
@given(SEVERAL, SIDES, TWO_SIDED)
def test_jonckheere_is_plain_enumeration(groups, side, two_sided):
    assume(len({grade for group in groups for grade in group}) > 1 and sum(map(len, groups)) <= 7)

    def later_higher(deal):
        found = [pairs(later, earlier) for earlier, later in combinations(deal, 2)]
        return sum(Fraction(2 * one.better + one.equal, 2) for one in found)

    found = jonckheere(groups, alternative=side, two_sided=two_sided)
    statistics = [later_higher(deal) for deal in all_deals(groups)]
    assert found.fraction == fraction(statistics, later_higher(groups), side, two_sided)
    assert found.statistic == later_higher(groups)


@brute
@given(MATCHED, SIDES, st.sampled_from(["wilcoxon", "pratt"]))
def test_signed_rank_is_plain_enumeration(teams, side, zeros):
    moves = [OFSTED.rank(after) - OFSTED.rank(before) for before, after in teams]
    assume(any(moves))
    kept = [move for move in moves if move or zeros == "pratt"]
    rank = [
        sum(Fraction(2 * (abs(x) < abs(y)) + (abs(x) == abs(y)), 2) for x in kept) + Fraction(1, 2)
        for y in kept
    ]
    weights = [r for r, move in zip(rank, kept, strict=True) if move]
    up = sum(r for r, move in zip(rank, kept, strict=True) if move > 0)
    flips = [
        sum(w for w, sign in zip(weights, s, strict=True) if sign)
        for s in product((0, 1), repeat=len(weights))
    ]
    found = signed_rank_exact(*zip(*teams, strict=True), zeros=zeros, alternative=side)
    assert found.fraction == fraction(flips, up, side, "distance")
    assert found.statistic == up


@brute
@given(MATCHED, SIDES)
def test_sign_test_is_the_binomial_test(teams, side):
    moves = [OFSTED.rank(after) - OFSTED.rank(before) for before, after in teams]
    assume(any(moves))
    up, moved = sum(move > 0 for move in moves), sum(move != 0 for move in moves)
    found = sign_test(*zip(*teams, strict=True), alternative=side)
    assert found.p == pytest.approx(stats.binomtest(up, moved, alternative=side).pvalue)


@settings(max_examples=25, deadline=None)
@given(TWO)
def test_wmw_doubled_is_scipys_exact_permutation_test(groups):
    a, b = ([OFSTED.rank(grade) for grade in group] for group in groups)
    assume(len({*a, *b}) > 1 and min(len(a), len(b)) > 1)

    def rank_sum(x, y):
        return stats.rankdata([*x, *y])[: len(x)].sum()

    theirs = stats.permutation_test((a, b), rank_sum, n_resamples=np.inf, alternative="two-sided")
    assert wmw_exact(a, b, two_sided="doubled").p == pytest.approx(theirs.pvalue)


@brute
@given(TWO)
def test_pairs_are_counted_one_by_one(groups):
    a, b = groups
    signs = Counter(np.sign(OFSTED.rank(x) - OFSTED.rank(y)) for x in a for y in b)
    found = pairs(a, b)
    assert (found.better, found.equal, found.worse) == (signs[1], signs[0], signs[-1])
    assert prob_superiority(a, b) == pytest.approx((signs[1] + signs[0] / 2) / (len(a) * len(b)))


OPEN = st.sampled_from(["I", "RI", "RI", "G", "RI / I", "G / RI", None, "no judgement"])


@settings(max_examples=30, deadline=None)
@given(st.lists(OPEN, min_size=1, max_size=3), st.lists(OPEN, min_size=1, max_size=3))
def test_bounds_are_plain_enumeration(a, b):
    def ways(group):
        spans = [OFSTED.ends(grade) for grade in group]
        places = [(OFSTED.codes.index(low), OFSTED.codes.index(high)) for low, high in spans]
        return list(product(*(OFSTED.codes[low : high + 1] for low, high in places)))

    tried = [wmw_exact(x, y) for x in ways(a) for y in ways(b)]
    superiority = [prob_superiority(x, y) for x in ways(a) for y in ways(b)]
    found = bounds([a, b])
    assert (found.ps_low, found.ps_high) == pytest.approx((min(superiority), max(superiority)))
    if all(one.reason for one in tried):
        assert isnan(found.p_low)
        assert found.reason == "all grades are equal"
    else:
        p = [1 if one.reason else one.p for one in tried]
        assert (found.p_low, found.p_high) == (min(p), max(p))
    assert found.completions == len({(tuple(sorted(x)), tuple(sorted(y))) for x in ways(a) for y in ways(b)})


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.lists(OPEN, max_size=3), st.lists(OPEN, max_size=2)), max_size=3),
    TWO_SIDED,
)
def test_bounds_within_strata_are_van_elteren_of_every_completion(strata, two_sided):
    def ways(group):
        spans = [OFSTED.ends(grade) for grade in group]
        places = [(OFSTED.codes.index(low), OFSTED.codes.index(high)) for low, high in spans]
        whole = product(*(OFSTED.codes[low : high + 1] for low, high in places))
        return sorted({tuple(sorted(one)) for one in whole})

    each = [ways(group) for stratum in strata for group in stratum]
    assume(prod(map(len, each)) <= 300)
    tried = [
        van_elteren(zip(one[::2], one[1::2], strict=True), two_sided=two_sided) for one in product(*each)
    ]
    found = stratified_bounds(strata, two_sided=two_sided)
    assert found.completions == len(tried)
    if all(one.reason for one in tried):
        assert isnan(found.p_low)
        assert found.reason == tried[0].reason
    else:
        p = [1 if one.reason else one.p for one in tried]
        assert (found.p_low, found.p_high) == (min(p), max(p))
    if any(a and b for a, b in strata):
        superiority = [one.prob_superiority for one in tried]
        assert (found.ps_low, found.ps_high) == pytest.approx((min(superiority), max(superiority)))


# What must not change a result.


@brute
@given(TWO, st.randoms(), TWO_SIDED)
def test_row_order_changes_nothing(groups, random, two_sided):
    a, b = groups
    shuffled = [random.sample(group, len(group)) for group in groups]
    assert repr(wmw_exact(a, b, two_sided=two_sided)) == repr(wmw_exact(*shuffled, two_sided=two_sided))
    assert repr(superiority_interval(a, b)) == repr(superiority_interval(*shuffled))


@brute
@given(TWO, TWO_SIDED)
def test_swapping_groups_gives_one_less_and_equal_p(groups, two_sided):
    a, b = groups
    assert prob_superiority(b, a) == pytest.approx(1 - prob_superiority(a, b))
    assert wmw_exact(b, a, two_sided=two_sided).fraction == wmw_exact(a, b, two_sided=two_sided).fraction
    assert min_attainable_p(b, a) == pytest.approx(min_attainable_p(a, b), nan_ok=True)
    assert wmw_exact(b, a, alternative="less").fraction == wmw_exact(a, b, alternative="greater").fraction
    strata = [(a, b), (a[:2], b[:3])]
    there, back = van_elteren(strata), van_elteren([(y, x) for x, y in strata])
    assert back.fraction == there.fraction
    assert back.prob_superiority == pytest.approx(1 - there.prob_superiority)
    one, other = superiority_interval(a, b), superiority_interval(b, a)
    assert (1 - other.high, 1 - other.low) == pytest.approx((one.low, one.high), nan_ok=True)


def reverse(group):
    return [OFSTED.categories[-1 - OFSTED.rank(grade)] for grade in group]


@brute
@given(TWO, SEVERAL, MATCHED)
def test_reversing_the_scale_swaps_the_sides(groups, several, teams):
    a, b = groups
    assert wmw_exact(reverse(a), reverse(b)).fraction == wmw_exact(a, b).fraction
    assert prob_superiority(reverse(a), reverse(b)) == pytest.approx(1 - prob_superiority(a, b))
    turned = [reverse(group) for group in several]
    assert fisher_freeman_halton(turned).fraction == fisher_freeman_halton(several).fraction
    assert kruskal_exact(turned).fraction == kruskal_exact(several).fraction
    assert jonckheere(turned).fraction == jonckheere(several).fraction
    first, second = (list(one) for one in zip(*teams, strict=True))
    strata = list(pairwise(several))
    upside_down = [(reverse(x), reverse(y)) for x, y in strata]
    assert van_elteren(upside_down).fraction == van_elteren(strata).fraction
    assert sign_test(reverse(first), reverse(second)).fraction == sign_test(first, second).fraction
    assert (
        signed_rank_exact(reverse(first), reverse(second)).fraction
        == signed_rank_exact(first, second).fraction
    )
    there, back = agreement(first, second), agreement(reverse(first), reverse(second))
    assert there.kappa_linear == pytest.approx(back.kappa_linear, nan_ok=True)
    assert there.alpha_ordinal == pytest.approx(back.alpha_ordinal, nan_ok=True)
    assert there.ac2 == pytest.approx(back.ac2, nan_ok=True)


@brute
@given(SEVERAL, st.randoms())
def test_names_and_order_of_groups_change_nothing(groups, random):
    shuffled = random.sample(groups, len(groups))
    named = {f"Team {i}": group for i, group in enumerate(shuffled)}
    assert fisher_freeman_halton(named).fraction == fisher_freeman_halton(groups).fraction
    assert kruskal_exact(named).fraction == kruskal_exact(groups).fraction
    backwards = jonckheere(groups[::-1], alternative="less")
    assert backwards.fraction == jonckheere(groups, alternative="greater").fraction


@brute
@given(TWO, st.lists(GRADE, max_size=4))
def test_a_stratum_of_one_group_changes_nothing_but_the_list(groups, lone):
    alone = van_elteren({"Safeguarding": groups})
    joined = van_elteren({"Safeguarding": groups, "Care Leaving": (lone, [])})
    assert joined.fraction == alone.fraction == wmw_exact(*groups).fraction
    assert joined.prob_superiority == alone.prob_superiority
    assert joined.strata_dropped == ("Care Leaving",)
    assert joined.strata_used == ("Safeguarding",)


@brute
@given(MATCHED)
def test_swapping_graders_changes_nothing(teams):
    first, second = zip(*teams, strict=True)
    assert repr(agreement(first, second)) == repr(agreement(second, first))


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.lists(FEW, min_size=1, max_size=3), st.lists(FEW, min_size=1, max_size=3)),
        min_size=1,
        max_size=2,
    )
)
def test_bounds_of_what_is_not_open_are_the_result(strata):
    found, test = stratified_bounds(strata), van_elteren(strata)
    assert found.completions == 1
    assert found.p_low == found.p_high or test.reason
    assert found.p_low == pytest.approx(test.p, nan_ok=True)
    assert found.ps_low == found.ps_high == test.prob_superiority


@brute
@given(st.lists(st.integers(0, 5), min_size=2, max_size=5), st.integers(0, 6))
def test_deals_are_all_the_deals(ties, size):
    sizes = (size, sum(ties) - size)
    assume(sizes[1] >= 0)
    assert deal_sums(tuple(range(len(ties))), tuple(ties), size).deals == comb(sum(ties), size)
    told_apart = deal_tables(ties, sizes, lambda k, parts, room: 0)
    assert told_apart == {0: factorial(sum(ties)) // prod(map(factorial, sizes))}


@brute
@given(
    st.dictionaries(st.integers(-5, 9), st.integers(1, 4), min_size=1, max_size=5),
    st.dictionaries(st.integers(-3, 3), st.integers(1, 3), min_size=1, max_size=3),
    SIDES,
    TWO_SIDED,
)
def test_tails_of_any_distribution_are_plain_counts(ways, also, side, two_sided):
    """Means need not be whole, nor the distribution of either part lie evenly."""
    both = [x + y for x, n in ways.items() for y, m in also.items() for _ in range(n * m)]
    found = NullDistribution(ways, also)
    assert found.deals == len(both)
    for seen in {*both}:
        expected = fraction(both, seen, side, two_sided)
        assert Fraction(found.tail(seen, side, two_sided), found.deals) == expected


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)).filter(sum), min_size=2, max_size=5),
    st.sampled_from(["two-sided", "greater", "less"]),
    st.sampled_from(["distance", "doubled"]),
)
def test_tables_count_what_the_distribution_of_all_deals_counts(columns, alternative, two_sided):
    table = tuple(zip(*columns, strict=True))
    by_table = judge_by_table(table, 0.0, alternative, two_sided)
    by_deals = rank_sums(table).judge(rank_sum(table), 0.0, alternative, two_sided)
    for one in ("deals_at_least_as_lopsided", "deals", "deals_most_lopsided"):
        assert getattr(by_table, one) == getattr(by_deals, one)
