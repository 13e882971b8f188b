"""Counting: every grade a column, nothing lost, nothing averaged."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import improvement_analysis as ia
from improvement_analysis import OFSTED, GradingsError, as_gradings
from improvement_analysis.scale import NO_JUDGEMENT, Scale

# Counted by hand over the five published tables.
BY_DOMAIN = {
    "allocation": {"I": 3, "RI": 15, "G": 1},
    "practice": {"I": 2, "RI": 17},
    "monitoring": {"I": 4, "RI / I": 3, "RI": 12},
    "joint_working": {"RI": 14, "G": 2, NO_JUDGEMENT: 3},
    "overall": {"I": 2, "RI": 17},
}


def test_published_gradings_by_domain_are_those_counted_by_hand(ds):
    counts = ia.count_grades(ds.gradings, "domain")
    found = {str(domain): row[row > 0].to_dict() for domain, row in counts.iterrows()}
    assert found == BY_DOMAIN


def test_totals_of_the_published_tables(ds):
    totals = ia.count_grades(ds.gradings, "authority").loc["Worcestershire"]
    assert totals[totals > 0].to_dict() == {"I": 11, "RI / I": 3, "RI": 75, "G": 3, NO_JUDGEMENT: 3}
    assert ia.count_teams(ds.gradings) == 19


def test_every_grade_is_a_column_even_when_nobody_has_it(ds):
    counts = ia.count_grades(ds.gradings, "service")
    assert list(counts.columns) == ["I", "RI / I", "RI", "G / RI", "G", "O / G", "O", "no judgement"]
    assert (counts["O"] == 0).all()
    assert (counts.dtypes == "int64").all()


def test_groups_come_in_the_published_order(ds):
    counts = ia.count_grades(ds.gradings, ["service", "domain"])
    assert counts.index.names == ["service", "domain"]
    assert list(counts.index[:5]) == [("Contact and Referral and Assessment", domain) for domain in BY_DOMAIN]
    assert list(dict.fromkeys(counts.index.get_level_values("service")))[1] == "Safeguarding"


def test_not_judged_is_counted_apart(table):
    gradings = as_gradings(
        table("""
            service      | area     | team   | domain   | grade  | source
            Safeguarding | Redditch | Team A | practice | RI     | form-a
            Safeguarding | Redditch | Team B | practice | RI / I | form-b
            Safeguarding | Redditch | Team C | practice |        | form-c
        """)
    )
    counts = ia.count_grades(gradings, "area").loc["Redditch"]
    assert counts[counts > 0].to_dict() == {"RI / I": 1, "RI": 1, "no judgement": 1}


def test_a_missing_name_is_a_group_of_its_own(table):
    gradings = as_gradings(
        table("""
            service      | area     | team   | domain   | grade | source
            Safeguarding |          | Team A | practice | G     | form-a
            Safeguarding | Redditch | Team B | practice | I     | form-b
        """)
    )
    counts = ia.count_grades(gradings, "area")
    assert counts.index[0] == "Redditch"
    assert pd.isna(counts.index[1])
    assert counts["G"].tolist() == [0, 1]


@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from([*OFSTED.columns])), min_size=1, max_size=40)
)
def test_nothing_is_lost_and_rows_may_come_in_any_order(rows):
    frame = pd.DataFrame(
        [("S", "practice", team, None if grade == NO_JUDGEMENT else grade, "x") for team, grade in rows],
        columns=["service", "domain", "team", "grade", "source"],
    )
    counts = ia.count_grades(as_gradings(frame), "team")
    assert counts.to_numpy().sum() == len(rows)
    for (team, grade), n in pd.Series(rows).value_counts().items():
        assert counts.loc[team, grade] == n
    shuffled = ia.count_grades(as_gradings(frame.iloc[::-1].reset_index(drop=True)), "team")
    pd.testing.assert_frame_equal(shuffled.loc[counts.index], counts)


def test_a_column_that_is_not_there_is_named(ds):
    with pytest.raises(GradingsError, match="the gradings have no column 'region'"):
        ia.count_grades(ds.gradings, "region")


def test_grades_of_another_scale_are_refused(ds):
    three = Scale(
        ("low", "middle", "high"), ("Low", "Middle", "High"), good="middle", title="three-point scale"
    )
    with pytest.raises(GradingsError, match="the gradings are not on the three-point scale"):
        ia.count_grades(ds.gradings, "domain", scale=three)


def test_plain_text_grades_are_refused(ds):
    with pytest.raises(GradingsError, match="as_gradings makes it so"):
        ia.count_grades(ds.gradings.astype({"grade": "str"}), "domain")


def test_teams_are_told_apart_by_name_where_they_are_named(table):
    gradings = as_gradings(
        table("""
            service      | team   | domain     | grade | source
            Safeguarding | Team A | practice   | RI    | 1
            Safeguarding | Team A | allocation | RI    | 2
            Safeguarding | Team B | practice   | RI    | 3
            Care Leaving | Team A | practice   | RI    | 4
        """)
    )
    assert ia.count_teams(gradings) == 3


class TestSummary:
    def test_of_a_published_cell(self, ds):
        summary = ia.summarise_grades(ds.gradings, published=ds.published)
        row = summary.loc[("Safeguarding", "joint_working")]
        assert row.to_dict() == {
            "n_teams": 9,
            "n_judged": 6,
            "n_split": 0,
            "n_no_judgement": 3,
            "mode": "RI",
            "lower_median": "RI",
            "upper_median": "RI",
            "headline": "RI",
        }

    def test_splits_leave_the_median_open(self, ds):
        row = ia.summarise_grades(ds.gradings).loc[("Care Leaving", "monitoring")]
        assert (row["n_split"], row["mode"], row["lower_median"], row["upper_median"]) == (
            2,
            "RI / I",
            "I",
            "RI",
        )

    def test_a_tie_has_no_mode_and_two_medians(self, table):
        gradings = as_gradings(
            table("""
                service | domain   | grade | source
                S       | practice | I     | 1
                S       | practice | G     | 2
            """)
        )
        row = ia.summarise_grades(gradings).iloc[0]
        assert pd.isna(row["mode"])
        assert (row["lower_median"], row["upper_median"]) == ("I", "G")

    def test_nothing_is_said_of_a_group_that_was_not_judged(self, table):
        gradings = as_gradings(
            table("""
                service | domain   | grade        | source
                S       | practice | no judgement | 1
            """)
        )
        row = ia.summarise_grades(gradings).iloc[0]
        assert row[["mode", "lower_median", "upper_median", "headline"]].isna().all()

    def test_has_no_mean(self, ds):
        assert not [column for column in ia.summarise_grades(ds.gradings) if "mean" in column]


class TestShare:
    def test_counts_what_is_certain_and_bounds_the_rest(self, ds):
        row = ia.share_at_least(ds.gradings, "RI", "domain").loc["monitoring"]
        assert (row["k"], row["n"]) == (12, 19)
        assert (row["bound_low"], row["bound_high"]) == (12 / 19, 15 / 19)
        assert np.isnan(row["ci_low"])

    def test_the_unjudged_are_outside_n_and_inside_the_bounds(self, ds):
        row = ia.share_at_least(ds.gradings, "G", ["service", "domain"]).loc[
            ("Safeguarding", "joint_working")
        ]
        assert (row["k"], row["n"], row["bound_low"], row["bound_high"]) == (0, 6, 0, 3 / 9)

    def test_an_interval_is_given_only_where_it_is_asked_for(self, table):
        rows = "\n".join(f"S | practice | {grade} | {n}" for n, grade in enumerate(["G"] * 5 + ["RI"] * 4))
        gradings = as_gradings(table("service | domain | grade | source\n" + rows))
        row = ia.share_at_least(gradings, "G", method="wilson").iloc[0]
        assert (round(row["ci_low"], 3), round(row["ci_high"], 3)) == (0.267, 0.811)

    def test_needs_a_whole_grade(self, ds):
        with pytest.raises(
            GradingsError, match="a share needs a whole grade, one of I, RI, G, O; found 'RI / I'"
        ):
            ia.share_at_least(ds.gradings, "RI / I")


class TestRanking:
    def test_monitoring_is_weakest_with_7_of_19(self, ds):
        ranked = ia.rank_domains(ia.count_grades(ds.gradings, "domain"))
        assert ranked.iloc[0].to_dict() == {
            "domain": "monitoring",
            "n_low": 7,
            "n_judged": 19,
            "n_teams": 19,
            "weakest": True,
        }
        assert ranked["weakest"].sum() == 1

    def test_the_overall_conclusion_is_no_domain(self, ds):
        assert "overall" not in set(ia.rank_domains(ia.count_grades(ds.gradings, "domain"))["domain"])

    def test_no_domain_stands_out_where_nothing_is_low(self, ds):
        gradings = ia.select(ds.gradings, service="Children with Disabilities")
        assert not ia.rank_domains(ia.count_grades(gradings, "domain"))["weakest"].any()
