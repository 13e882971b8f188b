"""Groups side by side: the numbers, the strata, the family and what is refused."""

import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement_analysis.comparison import compare_groups, compare_many
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import as_gradings, select
from improvement_analysis.statistics import van_elteren

COLUMNS = [
    "n_a", "n_b", "pairs_better", "pairs_equal", "pairs_worse", "prob_superiority", "ci_low", "ci_high",
    "cliffs_delta", "n_deals", "p_exact", "p_min_attainable", "p_adjusted", "family_size", "strata_used",
    "strata_dropped", "ps_bound_low", "ps_bound_high", "p_bound_low", "p_bound_high", "p_adjusted_low",
    "method", "method_adjusted", "verdict", "sentence",
]  # fmt: skip

DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]


@pytest.fixture(scope="module")
def published(ds):
    return ds.gradings


def forms(*lines, domain="overall", **more):
    """Gradings from lines such as "Redditch, Safeguarding: RI RI -", teams lettered in order."""
    rows = []
    for line in lines:
        place, grades = line.split(":")
        area, service = (part.strip() or None for part in place.split(","))
        rows += [
            {
                "area": area,
                "service": service,
                "team": f"Team {len(rows)}{i}",
                "domain": domain,
                "grade": None if grade == "-" else grade.replace("/", " / "),
                "source": "form",
            }
            | more
            for i, grade in enumerate(grades.split())
        ]
    return as_gradings(pd.DataFrame(rows), authority="Worcestershire", round="2017-18")


def joined(*parts):
    return pd.concat(parts, ignore_index=True)


THREE_AND_SIX = ("Redditch, Safeguarding: RI RI G", "Malvern, Safeguarding: I I I RI RI RI")


def test_columns_are_fixed(published):
    found = compare_groups(published, "service", "Safeguarding")
    assert list(found.columns) == COLUMNS
    assert list(found.index) == DOMAINS
    assert found.index.name == "domain"
    assert compare_groups(forms(*THREE_AND_SIX), "area", "Redditch").dtypes.equals(found.dtypes)


def test_safeguarding_against_all_other_services_on_allocation(published):
    found = compare_groups(published, "service", "Safeguarding").loc["allocation"]
    assert (found.n_a, found.n_b) == (9, 10)
    assert (found.pairs_better, found.pairs_equal, found.pairs_worse) == (10, 50, 30)
    assert found.p_exact == pytest.approx(101 / 646)
    assert found.n_deals == math.comb(19, 9)
    assert found.cliffs_delta == pytest.approx(-20 / 90)
    assert found.strata_used == found.strata_dropped == ""


def test_three_teams_against_six():
    found = compare_groups(forms(*THREE_AND_SIX), "area", "Redditch").loc["overall"]
    assert (found.pairs_better, found.pairs_equal, found.pairs_worse) == (12, 6, 0)
    assert found.p_exact == pytest.approx(11 / 84)
    assert found.p_min_attainable == pytest.approx(1 / 84)
    assert found.p_adjusted == found.p_exact
    assert found.family_size == 1
    assert found.strata_used == "Safeguarding"
    assert (found.p_bound_low, found.p_bound_high) == (found.p_exact, found.p_exact)
    assert found.verdict == "could_be_chance"
    doubled = compare_groups(forms(*THREE_AND_SIX), "area", "Redditch", two_sided="doubled").loc["overall"]
    assert doubled.p_exact == pytest.approx(20 / 84)


def test_strata_are_used_or_dropped_and_listed():
    gradings = forms(
        "Redditch, Safeguarding: RI G",
        "Malvern, Safeguarding: I RI",
        "Redditch, Care Leaving: RI",
        "Malvern, Care Leaving: RI",
        "Malvern, LAC Permanency: I RI RI",
        "Redditch, Children with Disabilities: G",
    )
    found = compare_groups(gradings, "area", "Redditch").loc["overall"]
    assert found.strata_used == "Care Leaving; Safeguarding"
    assert found.strata_dropped == "Children with Disabilities; LAC Permanency"
    assert (found.n_a, found.n_b) == (3, 3)
    test = van_elteren({"s": (["RI", "G"], ["I", "RI"]), "c": (["RI"], ["RI"])})
    assert (found.p_exact, found.prob_superiority, found.n_deals) == (test.p, test.prob_superiority, 12)
    assert math.isnan(found.ci_low)


def test_without_strata_all_are_compared_with_all():
    gradings = forms("Redditch, Safeguarding: RI G", "Malvern, Care Leaving: I RI")
    assert compare_groups(gradings, "area", "Redditch").loc["overall"].n_deals == 0
    found = compare_groups(gradings, "area", "Redditch", strata=None).loc["overall"]
    assert (found.n_deals, found.strata_used) == (6, "")


def test_strata_point_the_other_way_than_pooling():
    gradings = forms(
        "Redditch, Safeguarding: RI RI RI/I RI/I",
        "Malvern, Safeguarding: I",
        "Redditch, Care Leaving: O",
        "Malvern, Care Leaving: G G G G",
    )
    assert compare_groups(gradings, "area", "Redditch").loc["overall", "prob_superiority"] == 1
    pooled = compare_groups(gradings, "area", "Redditch", strata=None)
    assert pooled.loc["overall", "prob_superiority"] == pytest.approx(0.36)


def test_others_may_be_named():
    gradings = forms("Redditch, A: RI G", "Malvern, A: I RI", "Evesham, A: O O")
    assert compare_groups(gradings, "area", "Redditch").loc["overall", "n_b"] == 4
    assert compare_groups(gradings, "area", "Redditch", "Evesham").loc["overall", "pairs_worse"] == 4
    both = compare_groups(gradings, "area", "Redditch", ["Evesham", "Malvern"])
    assert both.loc["overall", "n_b"] == 4


def test_row_order_and_names_change_nothing_and_swapping_gives_one_less():
    gradings = forms("Redditch, A: RI G -", "Malvern, A: I RI RI", "Redditch, B: I", "Malvern, B: RI/I G")
    one = compare_groups(gradings, "area", "Redditch")
    shuffled = compare_groups(gradings.sample(frac=1, random_state=1), "area", "Redditch")
    pd.testing.assert_frame_equal(one, shuffled)
    renamed = gradings.assign(area=gradings["area"].replace({"Redditch": "Zeal", "Malvern": "Ash"}))
    numbers = [column for column in COLUMNS if column != "sentence"]
    pd.testing.assert_frame_equal(one[numbers], compare_groups(renamed, "area", "Zeal")[numbers])
    swapped = compare_groups(gradings, "area", "Malvern").loc["overall"]
    was = one.loc["overall"]
    assert swapped.prob_superiority == pytest.approx(1 - was.prob_superiority)
    assert (swapped.p_exact, swapped.p_bound_low, swapped.p_bound_high) == (
        was.p_exact, was.p_bound_low, was.p_bound_high,
    )  # fmt: skip
    assert (swapped.pairs_better, swapped.pairs_worse) == (was.pairs_worse, was.pairs_better)


HELD = st.lists(st.sampled_from(["I", "RI", "RI", "G", "RI/I", "-"]), min_size=1, max_size=4).map(" ".join)
AREAS = st.tuples(HELD, HELD, HELD, HELD)
NUMBERS = [column for column in COLUMNS if column not in ("sentence", "strata_dropped")]
NOT_TURNED = [
    "p_exact",
    "p_min_attainable",
    "p_adjusted",
    "p_bound_low",
    "p_bound_high",
    "n_deals",
    "verdict",
]
brute = settings(max_examples=15, deadline=None)


def two_services(held, domains=DOMAINS[:2], more=()):
    places = ("Redditch, A", "Malvern, A", "Redditch, B", "Malvern, B")
    lines = [f"{place}: {grades}" for place, grades in zip(places, held, strict=True)]
    return joined(*(forms(*lines, *more, domain=domain) for domain in domains))


@brute
@given(AREAS, st.integers(0, 2**32 - 1))
def test_row_order_and_index_change_nothing(held, seed):
    gradings = two_services(held)
    shuffled = gradings.sample(frac=1, random_state=seed)
    pd.testing.assert_frame_equal(
        compare_groups(shuffled, "area", "Redditch"), compare_groups(gradings, "area", "Redditch")
    )


@brute
@given(AREAS)
def test_names_of_areas_services_and_teams_change_nothing(held):
    gradings = two_services(held)
    renamed = gradings.assign(
        area=gradings["area"].replace({"Redditch": "Ash", "Malvern": "Zeal"}),
        service=gradings["service"].replace({"A": "Y", "B": "X"}),
        team="New " + gradings["team"],
    )
    numbers = [column for column in NUMBERS if column != "strata_used"]
    pd.testing.assert_frame_equal(
        compare_groups(renamed, "area", "Ash")[numbers],
        compare_groups(gradings, "area", "Redditch")[numbers],
    )


@brute
@given(AREAS)
def test_the_other_area_has_one_less_and_equal_p(held):
    gradings = two_services(held)
    one, other = (compare_groups(gradings, "area", name) for name in ("Redditch", "Malvern"))
    pd.testing.assert_frame_equal(one[NOT_TURNED], other[NOT_TURNED])
    assert (1 - other["prob_superiority"]).tolist() == pytest.approx(
        one["prob_superiority"].tolist(), nan_ok=True
    )
    assert (1 - other["ps_bound_high"]).tolist() == pytest.approx(one["ps_bound_low"].tolist(), nan_ok=True)
    assert other["pairs_better"].tolist() == one["pairs_worse"].tolist()


@brute
@given(AREAS)
def test_reversing_the_scale_turns_the_comparison_round(held):
    turned = {"I": "O", "RI": "G", "G": "RI", "RI/I": "O/G", "-": "-"}
    upside_down = [" ".join(turned[grade] for grade in grades.split()) for grades in held]
    one, other = (compare_groups(two_services(each), "area", "Redditch") for each in (held, upside_down))
    pd.testing.assert_frame_equal(one[NOT_TURNED], other[NOT_TURNED])
    assert other["pairs_better"].tolist() == one["pairs_worse"].tolist()


@brute
@given(AREAS, HELD)
def test_a_service_of_one_area_changes_nothing_but_what_is_left_out(held, lone):
    alone = compare_groups(two_services(held), "area", "Redditch")
    beside = compare_groups(two_services(held, more=[f"Malvern, C: {lone}"]), "area", "Redditch")
    pd.testing.assert_frame_equal(beside[NUMBERS], alone[NUMBERS])
    assert all("C" in dropped.split("; ") for dropped in beside["strata_dropped"])


def test_bounds_complete_splits_and_missing_judgements():
    found = compare_groups(forms("Redditch, A: RI RI", "Malvern, A: I I RI -"), "area", "Redditch")
    one = found.loc["overall"]
    assert (one.ps_bound_low, one.ps_bound_high) == (0.625, 0.875)
    assert (one.p_bound_low, one.p_bound_high) == pytest.approx((0.4, 13 / 15))
    assert (one.n_a, one.n_b) == (2, 3)


def five_domains(a, b):
    lines = (f"Redditch, A: {a}", f"Malvern, A: {b}")
    return joined(*(forms(*lines, domain=domain) for domain in DOMAINS))


def test_three_against_six_never_survives_five_domains():
    found = compare_groups(five_domains("G G G", "I I I I RI RI"), "area", "Redditch", adjust="holm")
    assert (found["p_exact"] <= 0.05).all()
    assert found["p_adjusted"].isna().all()
    assert (found["family_size"] == 0).all()
    assert (found["verdict"] == "too_few").all()
    alone = compare_groups(
        select(five_domains("G G G", "I I I I RI RI"), domain="overall"), "area", "Redditch"
    )
    assert alone.loc["overall", "verdict"] == "unlikely_chance"


def test_domains_that_could_not_matter_cost_nothing():
    gradings = joined(
        forms("Redditch, A: G G G G", "Malvern, A: I I I I", domain="allocation"),
        forms("Redditch, A: RI RI RI RI", "Malvern, A: RI RI RI I", domain="practice"),
        forms("Redditch, A: RI RI RI RI", "Malvern, A: RI RI RI RI", domain="monitoring"),
    )
    found = compare_groups(gradings, "area", "Redditch")
    assert found["verdict"].to_list() == ["unlikely_chance", "too_few", "no_variation"]
    assert (
        found.loc["allocation", "p_adjusted"] == found.loc["allocation", "p_exact"] == pytest.approx(2 / 70)
    )
    assert (found["family_size"] == 1).all()


def test_other_adjustments():
    gradings = five_domains("G G G G G", "I I I I I")
    none = compare_groups(gradings, "area", "Redditch", adjust="none")
    assert (none["p_adjusted"] == none["p_exact"]).all()
    assert (none["family_size"] == 1).all()
    assert (compare_groups(gradings, "area", "Redditch")["p_adjusted"] == none["p_exact"]).all()
    holm = compare_groups(gradings, "area", "Redditch", adjust="holm")
    assert holm["p_adjusted"].to_list() == pytest.approx([5 * 2 / 252] * 5)
    assert (holm["family_size"] == 5).all()
    bh = compare_groups(gradings, "area", "Redditch", adjust="bh")
    assert bh["p_adjusted"].to_list() == pytest.approx([2 / 252] * 5)
    with pytest.raises(ValueError, match="expected one of 'min-p', 'holm', 'bh', 'none'"):
        compare_groups(gradings, "area", "Redditch", adjust="sidak")


def test_alpha_draws_the_line():
    gradings = forms("Redditch, A: G G G G", "Malvern, A: I I I I")
    assert compare_groups(gradings, "area", "Redditch").loc["overall", "verdict"] == "unlikely_chance"
    strict = compare_groups(gradings, "area", "Redditch", alpha=0.01).loc["overall"]
    assert strict.verdict == "too_few"


@pytest.mark.parametrize(
    ("change", "arguments", "said"),
    [
        ({}, ("area", "Pershore"), "no gradings for area 'Pershore'; known are 'Redditch', 'Malvern'"),
        ({}, ("area", "Redditch", "Evesham"), "no gradings for area 'Evesham'"),
        ({"area": None}, ("area", "Redditch"), "no gradings for area 'Redditch'; none names its area"),
        ({"area": "Redditch"}, ("area", "Redditch"), "there is no area but 'Redditch' to compare with"),
        ({}, ("area", "Redditch", "Redditch"), "area 'Redditch' cannot be compared with itself"),
        ({}, ("grade", "RI"), "teams are not grouped by 'grade'"),
        ({}, ("round", "2017-18"), "see compare_rounds"),
        ({}, ("grader", "first"), "see rater_agreement"),
        ({"team": "Team A"}, ("area", "Redditch"), "Team A \\(Safeguarding\\) is graded twice in overall"),
    ],
)
def test_what_cannot_be_compared_is_refused(change, arguments, said):
    gradings = forms(*THREE_AND_SIX)
    for column, value in change.items():
        gradings[column] = pd.Series([value] * len(gradings), dtype="str")
    with pytest.raises(GradingsError, match=said):
        compare_groups(gradings, *arguments)


def test_of_two_rounds_the_latest_is_compared():
    gradings = forms(*THREE_AND_SIX)
    rows = gradings.astype(object)
    rounds = [rows.assign(round="2018-19"), rows.assign(grade="I", round="2016-17")]
    both = as_gradings(pd.concat(rounds, ignore_index=True))
    found = compare_groups(both, "area", "Redditch")
    pd.testing.assert_frame_equal(found, compare_groups(gradings, "area", "Redditch"))


def test_an_unknown_stratum_column_is_refused():
    with pytest.raises(GradingsError, match="no column 'borough' to stratify by"):
        compare_groups(forms(*THREE_AND_SIX), "area", "Redditch", strata="borough")


def test_a_table_without_its_columns_is_refused():
    for call in (lambda table: compare_groups(table, "area", "Redditch"), lambda t: compare_many(t, "area")):
        with pytest.raises(GradingsError, match="have no column 'round', 'team'"):
            call(forms(*THREE_AND_SIX).drop(columns=["team", "round"]))


def test_several_strata_columns_are_crossed():
    gradings = joined(
        forms("Redditch, A: RI G", "Malvern, A: I RI"), forms("Redditch, B: I", "Malvern, B: G")
    )
    found = compare_groups(gradings, "area", "Redditch", strata=["authority", "service"]).loc["overall"]
    assert found.strata_used == "Worcestershire / A; Worcestershire / B"


def test_services_on_joint_working(published):
    found = compare_many(published, "service")
    assert list(found.columns) == ["n_groups", "p_ffh", "p_kruskal_exact", "p_trend"]
    assert list(found.index) == DOMAINS
    assert round(found.loc["joint_working", "p_ffh"], 4) == 0.0167
    assert found["p_trend"].isna().all()
    assert (found["n_groups"] == 5).all()


def test_a_trend_needs_a_declared_order(published):
    order = ["Care Leaving", "LAC Permanency", "Safeguarding", "Children with Disabilities"]
    found = compare_many(published, "service", order=order)
    assert 0 < found.loc["joint_working", "p_trend"] < 1
    with pytest.raises(GradingsError, match="no gradings for service 'Fostering'"):
        compare_many(published, "service", order=["Fostering", "Safeguarding"])


def test_groups_without_a_name_cannot_be_compared(published):
    with pytest.raises(GradingsError, match="no grading names its area"):
        compare_many(published, "area")
    with pytest.raises(GradingsError, match="none names its area"):
        compare_groups(published, "area", "Redditch/Wychavon")


def test_all_equal_or_one_group_has_no_p():
    found = compare_many(forms("Redditch, A: RI RI", "Malvern, A: RI"), "area").loc["overall"]
    assert found.n_groups == 2
    assert math.isnan(found.p_ffh)
    assert math.isnan(found.p_kruskal_exact)
    lone = compare_many(forms("Redditch, A: RI G", ", A: I"), "area").loc["overall"]
    assert (lone.n_groups, math.isnan(lone.p_ffh)) == (1, True)
