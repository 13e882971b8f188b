"""Known values, the traps of the usual tools, and what is undefined."""

import math
import warnings
from fractions import Fraction
from itertools import chain, combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from improvement_analysis.errors import GradeError, GradingsError
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.statistics import (
    adjust,
    agreement,
    bounds,
    fisher_freeman_halton,
    joint_bounds_from_margins,
    jonckheere,
    kruskal_exact,
    min_attainable_p,
    pairs,
    prob_superiority,
    proportion_interval,
    sign_test,
    signed_rank_exact,
    stratified_bounds,
    superiority_interval,
    tarone_family,
    van_elteren,
    wmw_exact,
)

# Published: allocation by service.
SAFEGUARDING = ["I"] * 3 + ["RI"] * 5 + ["G"]
OTHERS = ["RI"] * 10

# Published: joint working by service, as far as it was judged; three Safeguarding teams were not.
JOINT_WORKING = {
    "Contact and Referral and Assessment": ["RI"] * 3,
    "Safeguarding": ["RI"] * 6,
    "LAC Permanency": ["RI"] * 3,
    "Care Leaving": ["RI"] * 2,
    "Children with Disabilities": ["G"] * 2,
}

THREE = ["RI", "RI", "G"]
SIX = ["I"] * 3 + ["RI"] * 3


def test_safeguarding_against_the_rest_on_allocation():
    assert wmw_exact(SAFEGUARDING, OTHERS).fraction == Fraction(101, 646)


def test_three_against_six_by_distance_and_doubled():
    found = wmw_exact(THREE, SIX)
    assert (found.deals_at_least_as_lopsided, found.deals) == (11, 84)
    assert found.statistic == 15
    assert wmw_exact(THREE, SIX, two_sided="doubled").p == pytest.approx(0.238, abs=5e-4)
    assert wmw_exact(THREE, SIX, alternative="greater").fraction == Fraction(10, 84)
    assert (pairs(THREE, SIX).better, pairs(THREE, SIX).equal, pairs(THREE, SIX).worse) == (12, 6, 0)


def test_services_on_joint_working():
    assert round(fisher_freeman_halton(JOINT_WORKING).p, 4) == 0.0167
    found = bounds(JOINT_WORKING | {"Safeguarding": ["RI"] * 6 + [None] * 3})
    assert (round(found.p_low, 3), round(found.p_high, 3)) == (0.012, 0.346)
    assert found.completions == 20
    assert math.isnan(found.ps_low)


def test_three_against_six_can_reach_two_deals_of_84_without_ties():
    assert min_attainable_p([7, 8, 9], [1, 2, 3, 4, 5, 6]) == pytest.approx(2 / 84)
    assert wmw_exact([7, 8, 9], [1, 2, 3, 4, 5, 6]).deals_most_lopsided == 2


def test_ties_can_leave_one_deal_of_84_at_the_far_end_by_distance_but_not_doubled():
    assert min_attainable_p(["G"] * 3, ["I"] * 6) == pytest.approx(1 / 84)
    assert min_attainable_p(["G"] * 3, ["I"] * 6, two_sided="doubled") == pytest.approx(2 / 84)


def test_even_one_deal_of_84_never_survives_holm_over_five_domains():
    assert min(adjust([1 / 84] * 5)) > 0.05
    assert tarone_family([1 / 84] * 5) == []
    assert adjust([1 / 84] * 5, min_attainable=[1 / 84] * 5) == pytest.approx([math.nan] * 5, nan_ok=True)


def test_five_of_nine_at_good():
    share = proportion_interval(5, 9)
    assert (round(share.low, 3), round(share.high, 3)) == (0.267, 0.811)


def test_inadequate_in_some_domain_but_not_overall():
    safeguarding = {
        "allocation": {"I": 3, "RI": 5, "G": 1},
        "practice": {"RI": 9},
        "monitoring": {"I": 4, "RI": 5},
        "joint_working": {"RI": 6, "no judgement": 3},
        "overall": {"I": 2, "RI": 7},
    }

    def some_but_not_overall(team):
        return team["overall"] != "I" and "I" in team.values()

    found = joint_bounds_from_margins(safeguarding, some_but_not_overall)
    assert (found.low, found.high, found.identified) == (2, 7, False)


def test_an_event_left_open_counts_towards_the_upper_bound_only():
    found = joint_bounds_from_margins(
        {"monitoring": {"RI / I": 2, "RI": 1}}, lambda team: OFSTED.at_least(team["monitoring"], "RI")
    )
    assert (found.low, found.high) == (1, 3)


def test_margins_of_one_domain_identify_their_own_counts():
    found = joint_bounds_from_margins({"overall": {"I": 2, "RI": 7}}, lambda team: team["overall"] == "I")
    assert (found.low, found.high, found.identified) == (2, 2, True)


@pytest.mark.parametrize(
    ("margins", "said"),
    [
        (
            {"practice": {"RI": 9}, "overall": {"RI": 8}},
            "do not count equally many teams: practice 9, overall 8",
        ),
        ({}, "the margins hold no team"),
        ({"practice": {"RI": 4, "I": -1}}, "a negative count"),
        ({str(i): dict.fromkeys(OFSTED.codes, 1) for i in range(9)}, "262,144 ways"),
    ],
)
def test_margins_that_cannot_be_joined_are_refused(margins, said):
    with pytest.raises(GradingsError, match=said):
        joint_bounds_from_margins(margins, lambda team: True)


# The traps: where the usual tool is wrong or silent, ours is not. Each was seen with SciPy 1.17.


def test_scipy_mannwhitneyu_default_is_quietly_asymptotic():
    a, b = [2, 2, 3], [1, 1, 1, 2, 2, 2]
    assert stats.mannwhitneyu(a, b).pvalue == stats.mannwhitneyu(a, b, method="asymptotic").pvalue
    assert stats.mannwhitneyu(a, b).pvalue < wmw_exact(a, b).p


def test_scipy_mannwhitneyu_exact_ignores_ties():
    a, b = [2, 2, 3], [1, 1, 1, 2, 2, 2]
    untied = stats.mannwhitneyu(a, b, method="exact").pvalue
    assert untied == pytest.approx(14 / 84)
    assert wmw_exact(a, b).p == pytest.approx(11 / 84)


def test_scipy_fisher_exact_beyond_two_by_two_draws_at_random():
    """By default without a seed: five calls on one table, several answers."""
    groups = [["I"] * 3 + ["RI"], ["I"] + ["RI"] * 4, ["G"] * 2 + ["RI"], ["G", "RI", "I"]]
    table = [[group.count(grade) for grade in ("I", "RI", "G")] for group in groups]
    assert len({stats.fisher_exact(table).pvalue for _ in range(5)}) > 1

    def drawn(seed):
        return stats.fisher_exact(
            table, method=stats.MonteCarloMethod(n_resamples=999, rng=np.random.default_rng(seed))
        ).pvalue

    assert len({drawn(seed) for seed in range(5)}) > 1
    assert np.mean([drawn(seed) for seed in range(20)]) == pytest.approx(
        fisher_freeman_halton(groups).p, abs=0.01
    )


def test_scipy_wilcoxon_exact_is_wrong_with_ties():
    """One move down by two grades, two up by one: every way to swap is as lopsided as this one."""
    before, after = ["G", "RI", "O", "G"], ["G", "I", "G", "O"]
    moves = [OFSTED.rank(b) - OFSTED.rank(a) for a, b in zip(before, after, strict=True)]
    assert signed_rank_exact(before, after).fraction == 1
    assert stats.wilcoxon(moves, method="exact").pvalue == 0.75


def test_brunner_munzel_is_too_liberal_at_these_sizes():
    """Of the 84 deals of these nine grades into 3 and 6 it calls ten rarer than 1 in 20; one is."""
    grades = [1, 1, 1, 2, 2, 2, 2, 2, 3]
    dealt = [
        ([grades[i] for i in drawn], [grades[i] for i in range(9) if i not in drawn])
        for drawn in combinations(range(9), 3)
    ]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = sum(stats.brunnermunzel(a, b).pvalue <= 0.05 for a, b in dealt)
    ours = sum(wmw_exact(a, b).p <= 0.05 for a, b in dealt)
    assert (len(dealt), theirs, ours) == (84, 10, 1)


@pytest.mark.parametrize(
    ("a", "b", "exact"), [([3, 3, 3], [1, 1, 1, 2, 2, 2], 2 / 84), ([2, 3, 3], [1, 1, 1, 1, 2, 2], 3 / 84)]
)
def test_ordered_logit_returns_nonsense_and_says_it_converged(a, b, exact):
    """Grades fallen as far apart as they can have no odds ratio: it gives one in millions, and p near 1."""
    module = pytest.importorskip("statsmodels.miscmodels.ordinal_model")
    x = np.array([[1.0]] * len(a) + [[0.0]] * len(b))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fitted = module.OrderedModel(np.array([*a, *b]), x, distr="logit").fit(method="bfgs", disp=0)
    assert fitted.mle_retvals["converged"]
    assert fitted.params[0] > math.log(1e6)
    assert fitted.pvalues[0] > 0.9
    assert wmw_exact(a, b).p == min_attainable_p(a, b) == pytest.approx(exact)


def test_ranks_over_all_strata_together_are_not_van_elterens():
    strata = [(["I", "I"], ["RI", "I", "I"]), (["G", "I"], ["I", "G", "G"])]
    ranks = stats.rankdata([OFSTED.rank(grade) for a, b in strata for grade in (*a, *b)])
    of_first, of_second = ranks[:5], ranks[5:]
    deals = [sum(x) + sum(y) for x in combinations(of_first, 2) for y in combinations(of_second, 2)]
    seen = sum(of_first[:2]) + sum(of_second[:2])
    over_all = np.mean(np.abs(np.array(deals) - np.mean(deals)) >= abs(seen - np.mean(deals)))
    assert over_all == pytest.approx(0.76)
    assert van_elteren(strata).fraction == Fraction(58, 100)


def test_kappa_without_the_full_scale_pulls_grades_together():
    """Nobody gave RI, so a tool that lists only the grades given takes I and G for neighbours."""
    first, second = ["I", "I", "G", "O"], ["I", "G", "G", "O"]
    gathered = {"I": "I", "G": "RI", "O": "G"}
    squeezed = agreement([gathered[g] for g in first], [gathered[g] for g in second])
    assert agreement(first, second).kappa_linear == pytest.approx(1 - 8 / 22)
    assert squeezed.kappa_linear == pytest.approx(1 - 4 / 14)


def test_p_is_not_monotone_over_completions():
    """Neither end of the unjudged team's range gives the least p; a grade between them does."""
    p = [wmw_exact(["I", "I"], ["RI", "G", code]).p for code in OFSTED.codes]
    assert p == [0.4, 0.1, 0.2, 0.2]
    found = bounds([["I", "I"], ["RI", "G", None]])
    assert (found.p_low, found.p_high) == (0.1, 0.4)


def test_nan_is_dropped_before_adjusting():
    with pytest.raises(ValueError):
        stats.false_discovery_control([0.01, math.nan, 0.04])
    assert adjust([0.01, math.nan, 0.04]) == pytest.approx([0.02, math.nan, 0.04], nan_ok=True)
    assert adjust([0.01, math.nan, 0.04], method="bh") == pytest.approx([0.02, math.nan, 0.04], nan_ok=True)


# Where there is no answer there is a reason.

UNDEFINED = {
    "all equal": (wmw_exact(["RI"] * 3, ["RI"] * 6), "all grades are equal"),
    "empty group": (wmw_exact([], ["RI", "G"]), "fewer than two groups hold a grade"),
    "nothing": (wmw_exact([], []), "fewer than two groups hold a grade"),
    "no stratum": (van_elteren({"a": (["RI"], []), "b": ([], ["G"])}), "no stratum holds both groups"),
    "no strata": (van_elteren([]), "no stratum holds both groups"),
    "equal in strata": (
        van_elteren([(["RI"], ["RI"]), (["G"], ["G", "G"])]),
        "all grades are equal in every stratum",
    ),
    "ffh": (fisher_freeman_halton([["RI"], ["RI"], []]), "all grades are equal"),
    "kruskal": (kruskal_exact([["RI", "G"], [], []]), "fewer than two groups hold a grade"),
    "jonckheere": (jonckheere({"a": ["G"], "b": ["G"]}), "all grades are equal"),
    "no group": (fisher_freeman_halton([]), "fewer than two groups hold a grade"),
    "sign": (sign_test(["RI", "G"], ["RI", "G"]), "no grade went up or down"),
    "signed rank": (signed_rank_exact([], []), "no grade went up or down"),
}


@pytest.mark.parametrize("case", UNDEFINED)
def test_undefined_is_nan_with_a_reason(case):
    found, reason = UNDEFINED[case]
    assert math.isnan(found.p)
    assert math.isnan(found.p_min)
    assert found.fraction is None
    assert found.reason == reason


def test_all_grades_equal_still_has_a_probability_of_superiority_but_no_interval():
    assert prob_superiority(["RI"] * 3, ["RI"] * 6) == 0.5
    found = superiority_interval(["RI"] * 3, ["RI"] * 6)
    assert (math.isnan(found.low), math.isnan(found.high), found.reason) == (
        True,
        True,
        "all grades are equal",
    )


def test_an_empty_group_has_no_probability_of_superiority():
    assert math.isnan(prob_superiority([], ["RI"]))


def test_one_against_one_is_defined_and_says_nothing():
    assert wmw_exact(["G"], ["I"]).fraction == 1
    assert kruskal_exact([["G"], ["I"]]).fraction == 1
    assert fisher_freeman_halton([["G"], ["I"]]).fraction == 1


def test_one_grade_throughout_leaves_agreement_uncorrected():
    found = agreement(["RI"] * 4, ["RI"] * 4)
    assert (found.n_pairs, found.agree, found.within_one) == (4, 4, 4)
    assert found.undefined_reason == "both graders gave every team one grade, RI"
    coefficients = [
        found.kappa_linear, found.kappa_quadratic, found.alpha_ordinal,
        found.ac2, found.ac2_linear, found.ac2_quadratic,
    ]  # fmt: skip
    assert all(map(math.isnan, coefficients))
    assert agreement([], []).undefined_reason == "no team has two grades"


def test_no_interval_where_nothing_was_counted():
    found = proportion_interval(0, 0)
    assert (math.isnan(found.low), found.reason) == (True, "nothing was counted")


def test_too_many_tables_are_drawn_and_the_error_is_told(monkeypatch):
    groups = [["I", "I", "RI", "G"], ["RI", "RI", "G", "O"], ["I", "RI", "G", "G", "O"]]
    tests = {
        "kruskal": lambda: kruskal_exact(groups),
        "fisher": lambda: fisher_freeman_halton(groups),
        "trend": lambda: jonckheere(groups),
        "rise": lambda: jonckheere(groups, alternative="greater"),
        "fall": lambda: jonckheere(groups, alternative="less"),
        "doubled": lambda: jonckheere(groups, two_sided="doubled"),
        "strata": lambda: van_elteren([groups[:2], groups[1:]]),
        "strata doubled": lambda: van_elteren([groups[:2], groups[1:]], two_sided="doubled"),
        "strata, less": lambda: van_elteren([groups[:2], groups[1:]], alternative="less"),
    }
    exact = {name: test() for name, test in tests.items()}
    monkeypatch.setattr("improvement_analysis.statistics.tables.MOST_STEPS", 0)
    monkeypatch.setattr("improvement_analysis.statistics.permutation.MOST_JOINED", 0)
    for name, test in tests.items():
        drawn = test()
        assert (exact[name].method == "monte carlo", drawn.method, drawn.deals) == (
            False,
            "monte carlo",
            10_000,
        )
        assert exact[name].error == (exact[name].p, exact[name].p)
        low, high = drawn.error
        assert low < drawn.p < high < drawn.p + 0.02
        assert drawn.statistic == pytest.approx(exact[name].statistic)
        assert abs(drawn.p - exact[name].p) < 0.02
        assert test() == drawn


def test_drawn_strata_depend_on_neither_sides_nor_order(monkeypatch):
    strata = [(["I", "RI", "G"], ["RI", "G", "O"]), (["I", "I"], ["G", "RI", "I"])]
    monkeypatch.setattr("improvement_analysis.statistics.permutation.MOST_JOINED", 0)
    found = van_elteren(strata)
    assert found.p == van_elteren(strata[::-1]).p == van_elteren([(b, a) for a, b in strata]).p
    low, high = (van_elteren(strata, alternative=way) for way in ("less", "greater"))
    turned = van_elteren([(b, a) for a, b in strata], alternative="greater")
    assert low.p == turned.p != high.p


def test_hundreds_of_teams_are_counted_by_table():
    """100 v 200 and 1,000 v 2,000: the same whole numbers, where both ways can be gone."""
    small = [*["I"] * 20, *["RI"] * 60, *["G"] * 20], [*["I"] * 50, *["RI"] * 110, *["G"] * 38, *["O"] * 2]
    found = wmw_exact(*small)
    assert (found.method, found.deals) == ("table", math.comb(300, 100))
    assert 0.5 < found.p < 0.6
    assert wmw_exact(small[1], small[0]).fraction == found.fraction
    large = [grade for grade in small[0] for _ in range(10)], [grade for grade in small[1] for _ in range(10)]
    assert wmw_exact(*large).method == "table"


def test_many_strata_of_unequal_sizes_are_still_exact():
    """Seven services, 37 teams against 40: twenty-odd digits of deals, counted one by one."""
    sizes = [(8, 4), (2, 5), (4, 6), (7, 8), (4, 7), (6, 4), (6, 6)]
    strata = [([4, 3] * (m // 2) + [2] * (m % 2), [3, 2] * (n // 2) + [1] * (n % 2)) for m, n in sizes]
    found = van_elteren(strata)
    assert found.deals == math.prod(math.comb(m + n, m) for m, n in sizes)
    assert 0 < found.p < 1e-4
    assert found.fraction == van_elteren([(b, a) for a, b in strata]).fraction


def test_too_many_completions_is_a_reason_not_a_guess():
    found = bounds([[None] * 12, [None] * 12])
    assert found.completions == math.comb(15, 3) ** 2
    assert found.reason == "207,025 ways to complete the open grades are too many to try"
    assert math.isnan(found.p_low)
    assert (found.ps_low, found.ps_high) == (0, 1)


# What is refused.


@pytest.mark.parametrize(
    "bad", [None, float("nan"), math.inf, pd.NA, "no judgement", "R1", "", True, ("I", "RI")]
)
def test_what_is_not_a_grade_is_refused(bad):
    with pytest.raises(GradeError, match="is not a grade"):
        wmw_exact(["RI", bad], ["G"])


def test_the_message_says_what_to_do_about_the_unjudged():
    with pytest.raises(GradeError) as caught:
        pairs(["RI"], [None])
    assert str(caught.value) == (
        "None is not a grade; leave out what was not judged, or ask bounds() what it could change"
    )


def test_a_single_text_is_not_a_group():
    with pytest.raises(GradeError, match="a single text"):
        pairs("GG", ["G"])
    with pytest.raises(GradeError, match="a single text"):
        agreement("G", "G")


def test_codes_and_numbers_do_not_mix():
    with pytest.raises(GradeError, match="mixed"):
        wmw_exact(["RI"], [1])


def test_unequal_lengths_are_refused():
    with pytest.raises(GradeError, match="2 grades before but 1 after"):
        sign_test(["RI", "G"], ["RI"])
    with pytest.raises(GradeError, match="2 first grades but 1 second"):
        agreement(["RI", "G"], ["RI"])


@pytest.mark.parametrize(
    "call",
    [
        lambda: wmw_exact(THREE, SIX, alternative="higher"),
        lambda: wmw_exact(THREE, SIX, two_sided="half"),
        lambda: signed_rank_exact(THREE, THREE, zeros="drop"),
        lambda: proportion_interval(1, 2, method="wald"),
        lambda: superiority_interval(THREE, SIX, df="welch"),
        lambda: adjust([0.1], method="bonferroni"),
    ],
)
def test_an_unknown_option_names_the_known_ones(call):
    with pytest.raises(ValueError, match="expected one of '"):
        call()


@pytest.mark.parametrize(("k", "n"), [(3, 2), (-1, 2), (1.5, 2)])
def test_a_share_needs_whole_counts(k, n):
    with pytest.raises(ValueError, match="expected whole numbers"):
        proportion_interval(k, n)


@pytest.mark.parametrize("bad", [[1.2], [-0.1]])
def test_a_p_is_from_nought_to_one(bad):
    with pytest.raises(ValueError, match="from 0 to 1"):
        adjust(bad)


def test_every_p_needs_its_smallest_attainable():
    with pytest.raises(ValueError, match="2 p values but 1"):
        adjust([0.1, 0.2], min_attainable=[0.1])


@pytest.mark.parametrize("bad", [("RI", "I"), ("RI / I", "RI"), ("I", "RI", "G"), 3])
def test_what_is_not_an_interval_of_grades_is_refused(bad):
    with pytest.raises(GradeError):
        bounds([[bad], ["G"]])


# Forms of input.


def test_any_sequence_will_do():
    series = pd.Series(THREE, dtype=OFSTED.dtype)
    assert wmw_exact(series, np.array(SIX)).fraction == Fraction(11, 84)
    assert wmw_exact(np.array([2, 2, 3]), (1.0, 1.0, 1.0, 2.0, 2.0, 2.0)).fraction == Fraction(11, 84)


def test_methods_go_by_the_names_other_programs_give_them():
    assert proportion_interval(1, 4, method="Clopper-Pearson") == proportion_interval(
        1, 4, method="clopper_pearson"
    )
    assert adjust([0.01, 0.04], method="BH") == adjust([0.01, 0.04], method="bh")


EDGES = {
    "wmw": lambda: wmw_exact(["RI"], []),
    "wmw greater": lambda: wmw_exact([], [], alternative="greater"),
    "wmw tied, less": lambda: wmw_exact(["G"], ["G", "G"], alternative="less"),
    "van elteren, tied": lambda: van_elteren([(["G"], ["G"])], alternative="less"),
    "van elteren, one side": lambda: van_elteren({"a": ([], ["G", "RI"])}),
    "ffh, one group": lambda: fisher_freeman_halton([["RI", "G"]]),
    "ffh, empty groups": lambda: fisher_freeman_halton([[], [], []]),
    "kruskal, tied": lambda: kruskal_exact([["G"], ["G"], ["G"]]),
    "kruskal, empty": lambda: kruskal_exact([]),
    "jonckheere, one group": lambda: jonckheere([[], ["RI", "G"]], alternative="greater"),
    "signed rank, none moved": lambda: signed_rank_exact(["G"], ["G"], zeros="pratt"),
    "signed rank, none moved, less": lambda: signed_rank_exact(["G"] * 3, ["G"] * 3, alternative="less"),
    "sign, nobody": lambda: sign_test([], [], alternative="greater"),
}


@pytest.mark.parametrize("case", EDGES)
def test_what_is_undefined_has_neither_0_nor_1(case):
    found = EDGES[case]()
    assert math.isnan(found.p)
    assert math.isnan(found.statistic)
    assert found.reason


def test_an_empty_group_beside_others_changes_nothing():
    groups = [["I", "RI"], ["RI", "G"], ["G", "I", "RI"]]
    for test in (fisher_freeman_halton, kruskal_exact, jonckheere):
        assert test([groups[0], [], *groups[1:]]) == test(groups)
    assert van_elteren([(groups[0], groups[1]), ([], [])]).fraction == van_elteren([groups[:2]]).fraction


@pytest.mark.parametrize("method", ["wilson", "clopper_pearson", "jeffreys"])
def test_none_and_all_reach_the_ends(method):
    none, every = (proportion_interval(k, 7, method=method) for k in (0, 7))
    assert (none.low, every.high) == pytest.approx((0, 1), abs=1e-12)
    assert every.low == pytest.approx(1 - none.high)


def test_one_grader_of_one_grade_is_defined_by_the_other():
    """By hand: pairs 2 * 3.5^2 / 4 apart; pooled, 2 * (6 + 6) * 3.5^2 + 2 * 7^2 over 56."""
    found = agreement(["RI"] * 4, ["RI", "RI", "G", "I"])
    assert found.undefined_reason == ""
    assert found.kappa_linear == found.kappa_quadratic == 0
    assert found.alpha_ordinal == pytest.approx(1 - 6.125 / 7)


def test_an_open_grade_may_be_written_as_what_it_may_be():
    spelt = bounds([["RI / I", "G"], [None, "RI"]])
    assert bounds([[("I", "RI"), ("G", "G")], [("I", "O"), "RI"]]) == spelt
    assert bounds([[["I", "RI"], "G"], [["I", "O"], "RI"]]) == spelt


def test_a_series_of_p_goes_by_place_not_by_label():
    p = pd.Series([0.01, 0.04, math.nan], index=["a", "b", "c"])
    assert adjust(p) == pytest.approx([0.02, 0.04, math.nan], nan_ok=True)
    assert adjust(p, min_attainable=pd.Series([0.01, 0.2, math.nan], index=["a", "b", "c"]))[0] == 0.01


@pytest.mark.parametrize("bad", [None, math.nan, pd.NA, "no judgement", 2])
def test_graders_give_grades(bad):
    with pytest.raises(GradeError):
        agreement(["RI", bad], ["RI", "G"])


def test_a_split_lies_between_its_neighbours():
    assert pairs(["RI / I"], ["I", "RI / I", "RI"]) == pairs([2], [1, 2, 3])


def test_another_scale_is_a_declaration():
    scale = Scale(codes=("1", "2", "3"), names=("Low", "Middle", "High"), good="2")
    assert wmw_exact(["3", "2"], ["1", "1", "2"], scale=scale).p == wmw_exact([3, 2], [1, 1, 2]).p
    assert agreement(["1", "3"], ["2", "3"], scale=scale).n_pairs == 2
    assert bounds([["3"], [None]], scale=scale).completions == 3
    with pytest.raises(GradeError):
        wmw_exact(["RI"], ["1"], scale=scale)


def test_strata_may_be_named_or_not():
    named = van_elteren({"Safeguarding": (THREE, SIX), "Care Leaving": (["RI"], ["I"])})
    numbered = van_elteren([(THREE, SIX), (["RI"], ["I"])])
    assert named.fraction == numbered.fraction
    assert named.strata_used == ("Safeguarding", "Care Leaving")
    assert numbered.strata_used == ("1", "2")
    assert dict(named.superiority_by_stratum) == {"Safeguarding": 15 / 18, "Care Leaving": 1.0}


def test_pooling_can_point_the_wrong_way():
    """Within each service A is higher; pooled, B is, because A's teams are in the weaker service."""
    strata = {
        "Safeguarding": (["RI", "RI", "RI / I", "RI / I"], ["I"]),
        "Care Leaving": (["O"], ["G", "G", "G", "G"]),
    }
    pooled = [list(chain.from_iterable(groups[i] for groups in strata.values())) for i in (0, 1)]
    assert prob_superiority(*pooled) < 0.5
    assert van_elteren(strata).prob_superiority == 1


# The interval for the probability of superiority.


def dominance_interval(a, b, t):
    """Feng and Cliff's interval for delta from the whole dominance matrix, written as in their paper."""
    d = np.sign(np.subtract.outer(a, b)).astype(float)
    m, n = d.shape
    delta = d.mean()
    rows = m * np.sum((d.mean(axis=0) - delta) ** 2) * m
    columns = n * np.sum((d.mean(axis=1) - delta) ** 2) * n
    unbiased = (rows + columns - np.sum((d - delta) ** 2)) / (m * n * (m - 1) * (n - 1))
    s2 = max(unbiased, (1 - delta**2) / (m * n - 1))
    reach = t * np.sqrt(s2) * np.sqrt((1 - delta**2) ** 2 + t**2 * s2)
    ends = [(delta - delta**3 + sign * reach) / (1 - delta**2 + t**2 * s2) for sign in (-1, 1)]
    return [(1 + end) / 2 for end in np.clip(ends, -1, 1)]


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize(("df", "freedom"), [("smaller", 3), ("pooled", 9)])
def test_the_interval_is_feng_and_cliffs(seed, df, freedom):
    random = np.random.default_rng(seed)
    a, b = random.integers(1, 5, size=4), random.integers(1, 5, size=7)
    found = superiority_interval(a, b, df=df)
    assert (found.low, found.high) == pytest.approx(dominance_interval(a, b, stats.t.ppf(0.975, freedom)))


def test_the_variance_has_a_floor():
    """One team of nine differs: the unbiased variance is half of what is allowed."""
    a, b = np.array([1, 1, 1]), np.array([1, 1, 1, 1, 1, 2])
    found = superiority_interval(a, b)
    assert (found.low, found.high) == pytest.approx(dominance_interval(a, b, stats.t.ppf(0.975, 2)))
    t2, delta = stats.t.ppf(0.975, 2) ** 2, -1 / 6
    s2 = (1 - delta**2) / 17
    reach = math.sqrt(t2 * s2 * ((1 - delta**2) ** 2 + t2 * s2))
    assert found.low == pytest.approx((1 + (delta - delta**3 - reach) / (1 - delta**2 + t2 * s2)) / 2)


def test_at_the_boundary_the_smaller_group_gives_the_other_end():
    t2 = stats.t.ppf(0.975, 3) ** 2
    found = superiority_interval([3, 3, 4, 4], [1, 2, 2, 1, 1, 2])
    assert (found.low, found.high) == pytest.approx(((1 + (4 - t2) / (4 + t2)) / 2, 1))
    other = superiority_interval([1, 2, 2, 1, 1, 2], [3, 3, 4, 4])
    assert (other.low, other.high) == pytest.approx((0, 1 - found.low))


def test_a_group_of_two_has_no_interval():
    assert superiority_interval(["RI", "G"], SIX).reason == "a group of two or fewer"


def test_the_interval_covers_at_three_against_six():
    """Every table of 3 v 6 over four grades, weighed by its probability: no simulation."""
    random = np.random.default_rng(7)
    tables = {n: [c for c in np.ndindex((n + 1,) * 4) if sum(c) == n] for n in (3, 6)}
    spelt = {counts: np.repeat([1, 2, 3, 4], counts) for n in (3, 6) for counts in tables[n]}
    found = {(a, b): superiority_interval(spelt[a], spelt[b]) for a in tables[3] for b in tables[6]}
    low = np.array([[found[a, b].low for b in tables[6]] for a in tables[3]])
    high = np.array([[found[a, b].high for b in tables[6]] for a in tables[3]])
    order = np.sign(np.subtract.outer(range(4), range(4)))
    for _ in range(20):
        p, q = random.dirichlet([1] * 4, size=2)
        truth = (1 + p @ order @ q) / 2
        weight = np.outer(stats.multinomial.pmf(tables[3], 3, p), stats.multinomial.pmf(tables[6], 6, q))
        covers = (np.nan_to_num(low, nan=0) <= truth) & (truth <= np.nan_to_num(high, nan=1))
        assert weight[covers].sum() >= 0.95


# Agreement, by hand.


def test_agreement_counts_come_first():
    found = agreement(["I", "RI", "RI / I", "G", "RI"], ["RI", "RI", "RI", "I", "RI"])
    assert (found.n_pairs, found.agree, found.within_one) == (5, 2, 4)


def test_kappa_by_hand():
    """Seen: 1 of 4 pairs one step apart. By chance, from margins 1 2 1 and 0 3 1: 10 steps over 16 pairs."""
    found = agreement(["I", "RI", "RI", "G"], ["RI", "RI", "RI", "G"])
    assert found.kappa_linear == pytest.approx(1 - (1 / 4) / (10 / 16))


def test_alpha_by_hand():
    """Held: I once, RI five times, G twice. Between I and RI lie 3, RI and G 3.5, I and G 6.5 grades."""
    found = agreement(["I", "RI", "RI", "G"], ["RI", "RI", "RI", "G"])
    seen = 1 / 4 * 3**2
    expected = 2 * (1 * 5 * 3**2 + 5 * 2 * 3.5**2 + 1 * 2 * 6.5**2) / (8 * 7)
    assert found.alpha_ordinal == pytest.approx(1 - seen / expected)


def test_ac2_by_hand():
    """Ordinal weights of four grades: 1, 5/6, 1/2, 0; their sum 4 + 6 * 5/6 + 4 * 1/2 = 11."""
    found = agreement(["I", "RI", "RI", "G"], ["RI", "RI", "RI", "G"])
    seen = 1 - 1 / 4 * 1 / 6
    chance = 11 * (1 / 8 * 7 / 8 + 5 / 8 * 3 / 8 + 2 / 8 * 6 / 8) / (4 * 3)
    assert found.ac2 == pytest.approx((seen - chance) / (1 - chance))


def test_splits_widen_the_categories_to_seven():
    """Seven categories once a split is given: AC2 depends on how many there are, kappa does not."""
    whole = agreement(["I", "RI", "G"], ["RI", "RI", "G"])
    split = agreement(["I", "RI", "G", "RI / I"], ["RI", "RI", "G", "RI / I"])
    ten = 21 + 2 * sum((7 - d) * (1 - d * (d + 1) / 42) for d in range(1, 7)) - 14
    shares = [1 / 8, 2 / 8, 3 / 8, 2 / 8]
    chance = ten * sum(s * (1 - s) for s in shares) / 42
    seen = 1 - 1 / 4 * 3 / 21
    assert split.ac2 == pytest.approx((seen - chance) / (1 - chance))
    assert whole.kappa_linear != split.kappa_linear


# Several tests at once.


def test_tarone_leaves_out_what_could_never_be_found():
    """With .3 and .2 out of reach the family is one, and .024 stands as it is."""
    assert tarone_family([0.024, 0.3, 0.2]) == [0]
    assert adjust([0.024, 0.3, 0.5], min_attainable=[0.024, 0.3, 0.2])[0] == 0.024


def test_tarone_keeps_a_family_no_larger_than_its_divisor():
    """Four could reach .05, three .05 / 2, two .05 / 3: the family is those two."""
    assert tarone_family([0.001, 0.01, 0.02, 0.04]) == [0, 1]
    adjusted = adjust([0.01] * 4, min_attainable=[0.001, 0.01, 0.02, 0.04])
    assert adjusted == pytest.approx([0.02, 0.02, math.nan, math.nan], nan_ok=True)


def test_a_test_without_a_p_takes_no_part_in_the_family():
    assert adjust([math.nan, 0.03], min_attainable=[math.nan, 0.02]) == pytest.approx(
        [math.nan, 0.03], nan_ok=True
    )
    assert adjust([]) == []
    assert adjust([math.nan], method="bh") == pytest.approx([math.nan], nan_ok=True)


def test_no_adjustment_is_an_option():
    assert adjust([0.03, 0.04], method="none") == [0.03, 0.04]


def test_stratified_bounds_count_an_unjudged_team_in_its_stratum():
    """The stratum drops out of the judged grades, but not of what they might have been."""
    assert van_elteren({"Safeguarding": ([], ["RI"])}).strata_used == ()
    found = stratified_bounds({"Safeguarding": ([None], ["RI"])})
    assert (found.ps_low, found.ps_high, found.completions) == (0, 1, 4)
