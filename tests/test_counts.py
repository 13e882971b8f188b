"""Counting: every grade a column, nothing lost, nothing averaged."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import improvement_analysis as ia
from improvement_analysis import OFSTED, GradingsError, as_gradings
from improvement_analysis.comparison import list_pairs, rater_agreement
from improvement_analysis.counts import count_grades, count_teams, summarise_grades
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.vocabulary import Domain

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


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from("AB"), st.sampled_from([*OFSTED.columns])), min_size=1, max_size=40)
)
def test_nothing_is_lost_and_rows_may_come_in_any_order(rows):
    frame = pd.DataFrame(
        [("S", "practice", area, None if grade == NO_JUDGEMENT else grade, "x") for area, grade in rows],
        columns=["service", "domain", "area", "grade", "source"],
    )
    counts = ia.count_grades(as_gradings(frame), "area")
    assert counts.to_numpy().sum() == len(rows)
    for (area, grade), n in pd.Series(rows).value_counts().items():
        assert counts.loc[area, grade] == n
    shuffled = ia.count_grades(as_gradings(frame.iloc[::-1].reset_index(drop=True)), "area")
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


def test_teams_are_counted_in_each_group(table):
    gradings = as_gradings(
        table("""
            area  | service | team   | round   | domain     | grade | source
            North | S       | Team A | 2017-18 | practice   | RI    | 1
            North | S       | Team A | 2018-19 | practice   | G     | 2
            South | S       | Team A | 2017-18 | practice   | RI    | 3
                  | T       | Team B | 2017-18 | practice   | RI    | 4
                  | U       |        | 2017-18 | practice   | RI    | 5
                  | U       |        | 2017-18 | practice   | I     | 6
                  | U       |        | 2017-18 | allocation | RI    | 7
                  | U       |        | 2018-19 | practice   | RI    | 8
                  | T       |        | 2018-19 | practice   | RI    | 9
        """)
    )
    assert ia.count_teams(gradings) == 6
    assert ia.count_teams(gradings, "service").to_dict() == {"S": 2, "T": 2, "U": 2}
    assert ia.count_teams(gradings, "round").to_dict() == {"2017-18": 5, "2018-19": 3}
    assert ia.count_teams(gradings, "domain").to_dict() == {"practice": 6, "allocation": 1}
    teams = ia.count_teams(gradings, "team")
    assert [teams["Team A"], teams["Team B"], teams[teams.index.isna()].item()] == [2, 1, 3]
    areas = ia.count_teams(gradings, "area")
    assert [areas["North"], areas["South"], areas[areas.index.isna()].item()] == [1, 1, 4]
    assert (areas.name, areas.index.name, areas.dtype) == ("teams", "area", "int64")


def test_a_column_to_count_teams_by_that_is_not_there_is_named(ds):
    with pytest.raises(GradingsError, match="the gradings have no column 'centre'"):
        ia.count_teams(ds.gradings, "centre")


def test_teams_of_no_gradings_are_none(ds):
    assert ia.count_teams(ds.gradings.iloc[:0]) == 0
    assert ia.count_teams(ds.gradings.iloc[:0], "service").to_dict() == {}


def test_each_groups_teams_are_those_of_its_gradings_alone(ds):
    teams = ia.count_teams(ds.gradings, "service")
    assert teams.sum() == 19
    for service in ds.services:
        assert teams[service] == ia.count_teams(ds.gradings[ds.gradings["service"] == service])


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
            "n_low_least": 4,
            "rank_low": 1,
            "rank_high": 2,
            "could_be_weakest": True,
        }
        assert ranked.loc[ranked["could_be_weakest"], "domain"].tolist() == ["monitoring", "allocation"]
        assert ranked["weakest"].sum() == 1

    def test_the_overall_conclusion_is_no_domain(self, ds):
        assert "overall" not in set(ia.rank_domains(ia.count_grades(ds.gradings, "domain"))["domain"])

    def test_no_domain_stands_out_where_nothing_is_low(self, ds):
        gradings = ia.select(ds.gradings, service="Children with Disabilities")
        assert not ia.rank_domains(ia.count_grades(gradings, "domain"))["weakest"].any()

    @pytest.mark.parametrize(
        ("low", "ranges"),
        [
            (
                {"a": (4, 0), "b": (3, 0), "c": (0, 0)},
                [("a", 1, 2, True), ("b", 1, 2, True), ("c", 3, 3, False)],
            ),
            ({"a": (5, 0), "b": (3, 0)}, [("a", 1, 1, True), ("b", 2, 2, False)]),
            ({"a": (2, 4), "b": (3, 0)}, [("a", 1, 2, True), ("b", 1, 2, True)]),
            ({"a": (1, 0), "b": (0, 0)}, [("a", 1, 2, True), ("b", 1, 2, False)]),
            ({"a": (0, 0), "b": (0, 0)}, [("a", 1, 2, False), ("b", 1, 2, False)]),
        ],
    )
    def test_a_rank_is_given_with_its_range(self, low, ranges):
        """Low gradings of each domain: at the lowest grade, and split with it."""
        rows = [[lowest, split, 9 - lowest - split, 0, 0, 0, 0, 0] for lowest, split in low.values()]
        ranked = ia.rank_domains(pd.DataFrame(rows, list(low), list(ia.OFSTED.columns)))
        columns = ["domain", "rank_low", "rank_high", "could_be_weakest"]
        assert list(ranked[columns].itertuples(index=False, name=None)) == ranges


# --- what mutation testing found untold -----------------------------------------------------------


@pytest.fixture
def teams(table):
    """Made up: three areas, one of them missing, and gradings that leave much open."""
    return as_gradings(
        table("""
            area  | service | team | domain     | grade        | visit_date | source
            North | S       | A    | practice   | I            | 2017-09-04 | 1
            North | S       | B    | practice   | RI / I       | 2017-09-04 | 2
            South | S       | C    | practice   | G / RI       |            | 3
            South | T       | D    | practice   | O            | 2017-09-05 | 4
            South | T       | E    | allocation | no judgement | 2017-09-05 | 5
                  | T       | F    | allocation | G            |            | 6
        """)
    )


def filled(counts):
    """Each group's counts that are not 0; a missing name is shown as a dot."""
    found = {}
    for key, row in counts.iterrows():
        parts = key if isinstance(key, tuple) else (key,)
        found[tuple("." if pd.isna(part) else str(part) for part in parts)] = row[row > 0].to_dict()
    return found


AREAS = {
    ("North",): {"I": 1, "RI / I": 1},
    ("South",): {"G / RI": 1, "O": 1, NO_JUDGEMENT: 1},
    (".",): {"G": 1},
}


def test_gradings_are_counted_by_service_unless_told_otherwise(teams):
    counts = ia.count_grades(teams)
    assert filled(counts) == {
        ("S",): {"I": 1, "RI / I": 1, "G / RI": 1},
        ("T",): {"G": 1, "O": 1, NO_JUDGEMENT: 1},
    }
    assert (counts.index.name, counts.columns.name) == ("service", "grade")
    assert counts.index.dtype == teams["service"].dtype == "str"


def test_the_groups_of_an_ordered_column_come_in_its_order_as_plain_names(teams):
    counts = ia.count_grades(teams, "domain")
    assert counts.index.tolist() == ["allocation", "practice"]
    assert (counts.index.name, counts.index.dtype) == ("domain", "str")


@pytest.mark.parametrize("rows", [1, 2, 5, 6])
def test_areas_are_counted_whatever_is_counted_at_a_time(teams, monkeypatch, rows):
    monkeypatch.setattr("improvement_analysis.counts.combinations._ROWS", rows)
    assert filled(ia.count_grades(teams, "area")) == AREAS


def test_as_many_rows_as_counters_are_counted_at_a_time(teams, monkeypatch):
    monkeypatch.setattr("improvement_analysis.counts.combinations._ROWS", 1)
    many = pd.concat([teams] * 12, ignore_index=True)
    assert filled(ia.count_grades(many, "area")) == {
        group: {grade: 12 * n for grade, n in counts.items()} for group, counts in AREAS.items()
    }


@pytest.mark.parametrize("counters", [0, 2**21])
def test_groups_of_several_columns_are_found_with_few_counters_too(teams, monkeypatch, counters):
    monkeypatch.setattr("improvement_analysis.counts.combinations.MOST_COUNTERS", counters)
    assert filled(ia.count_grades(teams, "area")) == AREAS
    found = filled(ia.count_grades(teams, ["domain", "area", "service"]))
    assert list(found.items()) == [
        (("allocation", "South", "T"), {NO_JUDGEMENT: 1}),
        (("allocation", ".", "T"), {"G": 1}),
        (("practice", "North", "S"), {"I": 1, "RI / I": 1}),
        (("practice", "South", "S"), {"G / RI": 1}),
        (("practice", "South", "T"), {"O": 1}),
    ]


def test_days_are_groups_too(teams):
    counts = ia.count_grades(teams, "visit_date")
    assert counts.index[:2].tolist() == [pd.Timestamp(2017, 9, 4), pd.Timestamp(2017, 9, 5)]
    assert pd.isna(counts.index[2])
    assert counts.sum(axis=1).tolist() == [2, 2, 2]


def test_every_column_that_is_not_there_is_named(teams):
    with pytest.raises(GradingsError) as caught:
        ia.count_grades(teams, ["place", "area", "when"])
    assert str(caught.value) == "the gradings have no column 'place', 'when'"


def test_text_is_no_grade_until_it_is_read(teams):
    with pytest.raises(GradingsError) as caught:
        ia.count_grades(teams.astype({"grade": "str"}))
    assert str(caught.value) == "the column 'grade' is not of a scale's type; as_gradings makes it so"


def test_a_summary_by_area_leaves_open_what_is_open(teams):
    summary = ia.summarise_grades(teams, "area")
    assert summary.columns.tolist() == [
        "n_teams", "n_judged", "n_split", "n_no_judgement", "mode", "lower_median", "upper_median", "headline"
    ]  # fmt: skip
    assert summary.iloc[:, :4].to_numpy().tolist() == [[2, 2, 1, 0], [3, 2, 1, 1], [1, 1, 0, 0]]
    found = summary[["mode", "lower_median", "upper_median"]].astype(object)
    # North: I and I to RI. South: RI to G, O, and one that may be anything. The last: G alone.
    assert found.where(found.notna(), ".").to_numpy().tolist() == [
        [".", "I", "RI"],
        [".", "RI", "O"],
        ["G", "G", "G"],
    ]
    for column in ("mode", "lower_median", "upper_median", "headline"):
        assert summary[column].dtype == OFSTED.dtype


@pytest.mark.parametrize(
    ("grades", "lower", "upper"),
    [
        (["I", "RI", "G"], "RI", "RI"),
        (["I", "I", "RI", "G", "O"], "RI", "RI"),
        (["I", "RI", "G", "O"], "RI", "G"),
        (["RI / I", "RI / I", "G"], "I", "RI"),
        (["G", NO_JUDGEMENT], "I", "O"),
        (["RI", "RI", NO_JUDGEMENT], "RI", "RI"),
        (["G", "RI", NO_JUDGEMENT], "RI", "G"),
        (["G", "O", "O / G", NO_JUDGEMENT], "G", "O"),
        (["RI", "G", NO_JUDGEMENT, NO_JUDGEMENT], "I", "O"),
    ],
)
def test_medians_worked_out_by_hand(grades, lower, upper):
    rows = [{"service": "S", "domain": "practice", "grade": grade, "source": "x"} for grade in grades]
    row = ia.summarise_grades(as_gradings(pd.DataFrame(rows))).iloc[0]
    assert (row["lower_median"], row["upper_median"]) == (lower, upper)


def test_only_a_cell_that_is_published_has_a_headline(teams, ds):
    published = ds.published[ds.published["domain"] == "practice"].replace({"service": {"Safeguarding": "S"}})
    summary = ia.summarise_grades(teams, ["domain", "service"], published=published)
    assert summary["headline"].astype(object).where(summary["headline"].notna(), ".").to_dict() == {
        ("allocation", "T"): ".",
        ("practice", "S"): "RI",
        ("practice", "T"): ".",
    }


def test_shares_worked_out_by_hand(teams):
    shares = ia.share_at_least(teams, "G", "area")
    assert shares.columns.tolist() == ["k", "n", "share", "ci_low", "ci_high", "bound_low", "bound_high"]
    # South: O is, G / RI may be, no judgement may be; North: RI / I cannot be.
    assert shares.drop(columns=["ci_low", "ci_high"]).to_numpy().tolist() == [
        [0, 2, 0, 0, 0],
        [1, 2, 0.5, 1 / 3, 1],
        [1, 1, 1, 1, 1],
    ]
    assert shares[["ci_low", "ci_high"]].isna().all(axis=None)


def test_nothing_is_shared_where_nothing_was_judged(teams):
    shares = ia.share_at_least(ia.select(teams, team=["E", "D"]), "G", "team", method="clopper_pearson")
    judged, unjudged = shares.loc["D"], shares.loc["E"]
    assert (unjudged["k"], unjudged["n"], unjudged["bound_low"], unjudged["bound_high"]) == (0, 0, 0, 1)
    assert unjudged[["share", "ci_low", "ci_high"]].isna().all()
    # Clopper and Pearson, 1 of 1: the lower end is the 40th part of 1.
    assert (round(judged["ci_low"], 9), judged["ci_high"]) == (0.025, 1)


def test_shares_are_of_the_scale_of_the_gradings():
    three = Scale(("low", "mid", "high"), ("Low", "Middling", "High"), good="mid", title="three-point scale")
    rows = [{"service": "S", "domain": "practice", "grade": grade, "source": "x"} for grade in ("mid", "low")]
    gradings = as_gradings(pd.DataFrame(rows), scale=three)
    for told in ({}, {"scale": three}):
        assert ia.share_at_least(gradings, "mid", **told)[["k", "n"]].to_numpy().tolist() == [[1, 2]]
    with pytest.raises(GradingsError) as caught:
        ia.share_at_least(gradings, "RI", scale=OFSTED)
    assert str(caught.value) == "the gradings are not on the Ofsted scale"


def test_domains_that_tie_keep_their_order_and_one_low_grading_is_enough():
    grades = {"allocation": ["G"], "practice": ["I", "G"], "monitoring": ["RI / I"], "joint_working": ["RI"]}
    rows = [
        {"service": "S", "domain": domain, "grade": grade, "source": "x"}
        for domain, given in grades.items()
        for grade in given
    ]
    ranked = ia.rank_domains(ia.count_grades(as_gradings(pd.DataFrame(rows)), "domain"))
    assert ranked.index.tolist() == [0, 1, 2, 3]
    assert ranked.iloc[:, :5].to_numpy().tolist() == [
        ["practice", 1, 2, 2, True],
        ["monitoring", 1, 1, 1, True],
        ["allocation", 0, 1, 1, False],
        ["joint_working", 0, 1, 1, False],
    ]


def test_many_domains_that_tie_keep_their_order():
    domains = [Domain(f"d{n:02}", f"Domain {n}", f"D{n}") for n in range(60)]
    rows = [
        {"service": "S", "domain": each.key, "grade": "G" if n % 3 else "I", "source": "x"}
        for n, each in enumerate(domains)
    ]
    gradings = as_gradings(pd.DataFrame(rows), domains=domains)
    ranked = ia.rank_domains(ia.count_grades(gradings, "domain"))
    low = [each.key for each in domains[::3]]
    assert ranked["domain"].tolist() == [*low, *(each.key for each in domains if each.key not in low)]


def test_a_column_that_is_nearly_there_is_named(ds):
    for count in (count_grades, summarise_grades, count_teams):
        with pytest.raises(GradingsError) as caught:
            count(ds, "aera")
        assert str(caught.value) == "the gradings have no column 'aera'; did you mean 'area'?"


def test_two_cases_of_a_team_are_counted_and_one_case_twice_is_not(table):
    rows = table("""
        case | service | team | domain   | grade | grader | stage | source
        A-1  | X       | A    | practice | RI    | panel  | first | s
        A-2  | X       | A    | practice | G     | panel  | first | s
    """)
    both = as_gradings(rows)
    assert count_grades(both, "domain")[["RI", "G"]].to_numpy().tolist() == [[1, 1]]
    again = as_gradings(pd.concat([rows, rows.assign(grader="peer")]))
    assert rater_agreement(again, "panel", "peer").loc["practice", "n_pairs"] == 2
    assert list_pairs(again)[["n_pairs", "same"]].to_numpy().tolist() == [[2, 2]]
    with pytest.raises(GradingsError, match="counted more than once in practice, for several graders"):
        count_grades(again, "domain")
