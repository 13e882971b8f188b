"""Rounds, graders and statements across domains, on tables drawn as on paper."""

import math

import pandas as pd
import pytest

from improvement_analysis.comparison import (
    compare_rounds,
    count_unmatched,
    joint_bounds,
    list_movers,
    list_unmatched,
    rater_agreement,
    transitions,
)
from improvement_analysis.counts import count_grades
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import as_gradings
from improvement_analysis.scale import OFSTED
from improvement_analysis.sources import load


@pytest.fixture(scope="module")
def two_rounds(table):
    return as_gradings(
        table("""
            service      | area     | team | round   | domain   | grade  | source
            Safeguarding | Redditch | A    | 2017-18 | overall  | I      | form
            Safeguarding | Redditch | B    | 2017-18 | overall  | RI / I | form
            Safeguarding | Redditch | C    | 2017-18 | overall  | RI     | form
            Safeguarding | Malvern  | A    | 2017-18 | overall  | G      | form
            Safeguarding | Malvern  | B    | 2017-18 | overall  | RI     | form
            Safeguarding | Malvern  | C    | 2017-18 | overall  |        | form
            Safeguarding | Redditch | A    | 2018-19 | overall  | G      | form
            Safeguarding | Redditch | B    | 2018-19 | overall  | RI     | form
            Safeguarding | Redditch | C    | 2018-19 | overall  | RI     | form
            Safeguarding | Malvern  | A    | 2018-19 | overall  | RI     | form
            Safeguarding | Malvern  | C    | 2018-19 | overall  | RI     | form
            Safeguarding | Malvern  | D    | 2018-19 | overall  | O      | form
            Safeguarding | Malvern  | E    | 2018-19 | overall  |        | form
            Safeguarding | Redditch | A    | 2017-18 | practice | RI     | form
            Safeguarding | Redditch | A    | 2018-19 | practice | RI     | form
        """)
    )


def test_rounds_match_teams_and_count_moves(two_rounds):
    found = compare_rounds(two_rounds, "2017-18", "2018-19")
    assert list(found.columns) == [
        "n_matched", "up", "same", "down", "p_sign", "p_signed_rank", "p_least", "zero_method",
        "n_new", "n_not_again", "n_closed", "n_split_merged", "p_adjusted", "verdict",
    ]  # fmt: skip
    assert list(found.index) == ["practice", "overall"]
    overall = found.loc["overall"]
    assert (overall.n_matched, overall.up, overall.same, overall.down) == (4, 2, 1, 1)
    assert (overall.n_new, overall.n_not_again) == (2, 1)
    assert overall.p_sign == 1
    assert overall.p_signed_rank == 0.75
    assert overall.zero_method == "wilcoxon"


def test_pratt_ranks_the_unmoved(two_rounds):
    found = compare_rounds(two_rounds, "2017-18", "2018-19", zeros="pratt").loc["overall"]
    assert found.zero_method == "pratt"
    assert found.p_signed_rank == 0.75


def test_nobody_moved_has_no_p(two_rounds):
    found = compare_rounds(two_rounds, "2017-18", "2018-19").loc["practice"]
    assert (found.n_matched, found.same) == (1, 1)
    assert math.isnan(found.p_sign)
    assert math.isnan(found.p_signed_rank)


def test_turning_time_round_swaps_up_and_down(two_rounds):
    there = compare_rounds(two_rounds, "2017-18", "2018-19").loc["overall"]
    back = compare_rounds(two_rounds, "2018-19", "2017-18").loc["overall"]
    assert (back.up, back.down, back.n_new, back.n_not_again) == (
        there.down,
        there.up,
        there.n_not_again,
        there.n_new,
    )
    assert back.p_signed_rank == there.p_signed_rank


def test_unmatched_teams_are_listed_with_the_reason(two_rounds):
    found = list_unmatched(two_rounds, "2017-18", "2018-19")
    assert list(found.columns) == ["domain", "authority", "area", "service", "team", "why"]
    assert found.set_index(["area", "team"])["why"].to_dict() == {
        ("Malvern", "B"): "in 2017-18 only",
        ("Malvern", "C"): "no judgement in 2017-18",
        ("Malvern", "D"): "in 2018-19 only",
        ("Malvern", "E"): "in 2018-19 only",
    }


def rounds_of(up, down, same=1, domains=("overall",)):
    """Two rounds in which so many teams moved up and down."""
    ends = [("RI", "G")] * up + [("G", "RI")] * down + [("RI", "RI")] * same
    rows = [
        {"service": "S", "team": f"Team {n}", "round": name, "domain": domain, "grade": grade}
        for domain in domains
        for n, pair in enumerate(ends)
        for name, grade in zip(("2017-18", "2018-19"), pair, strict=True)
    ]
    return as_gradings(pd.DataFrame(rows).assign(source="x"))


@pytest.mark.parametrize(
    ("up", "down", "verdict", "least"),
    [
        (0, 0, "none moved", None),
        (5, 0, "too few", 1 / 16),
        (6, 0, "moved up", 1 / 32),
        (0, 7, "moved down", 1 / 64),
        (7, 2, "open", 1 / 256),
    ],
)
def test_the_verdict_goes_with_what_so_many_movers_could_have_shown(up, down, verdict, least):
    found = compare_rounds(rounds_of(up, down), "2017-18", "2018-19").loc["overall"]
    assert found.verdict == verdict
    assert (found.p_least == least) if least else math.isnan(found.p_least)


def test_the_verdict_allows_for_several_domains():
    found = compare_rounds(rounds_of(6, 0, domains=("overall", "practice")), "2017-18", "2018-19")
    assert found["p_sign"].to_list() == [1 / 32] * 2
    assert found["verdict"].to_list() == ["too few"] * 2


def test_movers_are_listed_by_name_with_where_from_and_where_to(two_rounds):
    found = list_movers(two_rounds, "2017-18", "2018-19")
    assert found[["area", "team", "domain", "from", "to", "way"]].to_numpy().tolist() == [
        ["Redditch", "A", "overall", "I", "G", "up"],
        ["Redditch", "B", "overall", "RI / I", "RI", "up"],
        ["Malvern", "A", "overall", "G", "RI", "down"],
    ]


def test_new_teams_and_those_not_graded_again_are_counted_by_their_one_grade(two_rounds):
    found = count_unmatched(two_rounds, "2017-18", "2018-19", domain="overall")
    assert list(found.columns) == list(OFSTED.columns)
    assert found.index.tolist() == ["new", "not again", "closed"]
    held = found.stack()
    assert held[held > 0].to_dict() == {
        ("new", "O"): 1,
        ("new", "no judgement"): 1,
        ("not again", "RI"): 1,
    }
    numbers = compare_rounds(two_rounds, "2017-18", "2018-19").loc["overall"]
    assert found.sum(axis=1).to_dict() == {
        "new": numbers.n_new,
        "not again": numbers.n_not_again,
        "closed": 0,
    }
    assert not count_unmatched(two_rounds, "2017-18", "2018-19", domain="practice").to_numpy().any()
    with pytest.raises(
        GradingsError, match="no gradings for domain 'allocation'; known are practice, overall"
    ):
        count_unmatched(two_rounds, "2017-18", "2018-19", domain="allocation")


def test_transitions_run_from_worst_to_best_and_hold_every_grade(two_rounds):
    found = transitions(two_rounds, "2017-18", "2018-19", domain="overall")
    assert list(found.index) == list(found.columns) == list(OFSTED.columns)
    assert (found.index.name, found.columns.name) == ("from", "to")
    moves = found.stack()
    assert moves[moves > 0].to_dict() == {
        ("I", "G"): 1,
        ("RI / I", "RI"): 1,
        ("RI", "RI"): 1,
        ("G", "RI"): 1,
        ("no judgement", "RI"): 1,
    }
    each = transitions(two_rounds, "2017-18", "2018-19")
    assert each.index.names == ["domain", "from"]
    pd.testing.assert_frame_equal(each.loc["overall"], found)
    assert each.loc["practice"].to_numpy().sum() == 1


@pytest.mark.parametrize(
    ("change", "rounds", "said"),
    [
        ({}, ("2016-17", "2018-19"), "no gradings for round '2016-17'; known are '2017-18', '2018-19'"),
        ({"round": None}, ("2017-18", "2018-19"), "none names its round"),
        ({"team": None}, ("2017-18", "2018-19"), "no grading of round '2017-18' names its team"),
        (
            {"area": "Redditch"},
            ("2017-18", "2018-19"),
            "A \\(Safeguarding\\) is graded twice in overall in round",
        ),
    ],
)
def test_rounds_that_cannot_be_matched_are_refused(two_rounds, change, rounds, said):
    gradings = two_rounds.copy()
    for column, value in change.items():
        gradings[column] = pd.Series([value] * len(gradings), dtype="str")
    with pytest.raises(GradingsError, match=said):
        compare_rounds(gradings, *rounds)


def test_some_teams_without_a_name_are_refused(two_rounds):
    gradings = two_rounds.copy()
    gradings.loc[0, "team"] = None
    with pytest.raises(GradingsError, match="not every grading of round '2017-18' names its team"):
        compare_rounds(gradings, "2017-18", "2018-19")


def test_an_unknown_domain_is_refused(two_rounds):
    with pytest.raises(
        GradingsError, match="no gradings for domain 'allocation'; known are practice, overall"
    ):
        transitions(two_rounds, "2017-18", "2018-19", domain="allocation")


def test_the_published_tables_name_no_team(ds):
    twice = pd.concat([ds.gradings, ds.gradings.assign(round="2018-19")], ignore_index=True)
    with pytest.raises(GradingsError, match=r"no grading of round .* names its team"):
        compare_rounds(twice, str(ds.gradings["round"].iloc[0]), "2018-19")


@pytest.fixture(scope="module")
def two_graders(table):
    return as_gradings(
        table("""
            service      | team | round   | grader | domain   | grade | source
            Safeguarding | A    | 2017-18 | first  | practice | I     | form
            Safeguarding | B    | 2017-18 | first  | practice | RI    | form
            Safeguarding | C    | 2017-18 | first  | practice | RI    | form
            Safeguarding | D    | 2017-18 | first  | practice | G     | form
            Safeguarding | E    | 2017-18 | first  | practice |       | form
            Safeguarding | F    | 2017-18 | first  | practice | O     | form
            Safeguarding | A    | 2017-18 | second | practice | RI    | form
            Safeguarding | B    | 2017-18 | second | practice | RI    | form
            Safeguarding | C    | 2017-18 | second | practice | RI    | form
            Safeguarding | D    | 2017-18 | second | practice | G     | form
            Safeguarding | E    | 2017-18 | second | practice | RI    | form
            Safeguarding | F    | 2018-19 | second | practice | O     | form
            Safeguarding | A    | 2017-18 | first  | overall  | RI    | form
            Safeguarding | A    | 2017-18 | second | overall  | RI    | form
        """)
    )


def test_graders_are_compared_on_teams_both_judged_in_one_round(two_graders):
    found = rater_agreement(two_graders, "first", "second")
    assert list(found.columns) == [
        "n_pairs", "agree", "within_one", "kappa_linear", "kappa_quadratic", "alpha_ordinal", "ac2",
        "undefined_reason",
    ]  # fmt: skip
    practice = found.loc["practice"]
    assert (practice.n_pairs, practice.agree, practice.within_one) == (4, 3, 4)
    assert practice.kappa_linear == pytest.approx(0.6)
    assert practice.alpha_ordinal == pytest.approx(0.75)
    assert practice.undefined_reason == ""
    overall = found.loc["overall"]
    assert math.isnan(overall.ac2)
    assert overall.undefined_reason == "both graders gave every team one grade, RI"


def test_graders_nobody_names_are_refused(ds, two_graders):
    with pytest.raises(GradingsError, match="none names its grader"):
        rater_agreement(ds.gradings, "first", "second")
    with pytest.raises(GradingsError, match="no gradings for grader 'third'"):
        rater_agreement(two_graders, "first", "third")


def some_but_not_overall(team):
    return team["overall"] != "I" and "I" in team.values()


def test_inadequate_in_some_domain_but_not_overall_by_service(ds):
    found = joint_bounds(count_grades(ds.gradings, ["service", "domain"]), some_but_not_overall)
    assert list(found.columns) == ["low", "high", "identified"]
    assert found.loc["Safeguarding"].to_list() == [2, 7, False]
    assert found.loc["LAC Permanency"].to_list() == [2, 2, True]
    assert found.loc["Children with Disabilities"].to_list() == [0, 0, True]


def test_one_service_alone_has_one_row(ds):
    one = ds.gradings[ds.gradings["service"] == "Safeguarding"]
    found = joint_bounds(count_grades(one, "domain"), some_but_not_overall)
    assert found.to_numpy().tolist() == [[2, 7, False]]


def test_more_levels_make_more_rows(ds):
    counts = count_grades(ds.gradings, ["authority", "service", "domain"])
    found = joint_bounds(counts, some_but_not_overall)
    assert found.index.names == ["authority", "service"]
    assert found["high"].sum() == 9


def test_counts_that_cannot_be_joined_are_refused(ds):
    with pytest.raises(GradingsError, match="not by domain"):
        joint_bounds(count_grades(ds.gradings, "service"), some_but_not_overall)
    fewer = ds.gradings.drop(ds.gradings.index[ds.gradings["domain"] == "practice"][-1:])
    with pytest.raises(GradingsError, match=r"the counts of .*: the domains do not count equally many teams"):
        joint_bounds(count_grades(fewer, ["service", "domain"]), some_but_not_overall)


def test_a_dataset_is_taken_with_the_gradings_that_stand():
    made_up = load("example-team-forms")
    standing = pd.concat([made_up.standing("2017-18"), made_up.standing("2018-19")], ignore_index=True)
    for compare in (compare_rounds, transitions, list_movers, list_unmatched):
        pd.testing.assert_frame_equal(
            compare(made_up, "2017-18", "2018-19"), compare(standing, "2017-18", "2018-19")
        )
        assert compare(made_up, "2017-18", "2018-19").attrs["illustrative"]
