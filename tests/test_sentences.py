"""Sentences on counts: right in number, grammar and claim."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement_analysis import sentences
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import OFSTED, Scale

GRADES = list(OFSTED.columns)
THREE = Scale(("No", "Part", "Yes"), ("Not met", "Partly met", "Met"), good="Yes", title="standard")


def counts(*rows, keys=("allocation", "practice", "monitoring"), name="domain"):
    return pd.DataFrame(list(rows), pd.Index(keys[: len(rows)], name=name), GRADES)


@pytest.mark.parametrize(
    ("row", "title"),
    [
        ([0, 0, 0, 0, 0, 0, 0, 0], "No domain grading was given"),
        ([0, 0, 0, 0, 0, 0, 0, 1], "The one domain grading was not judged"),
        ([0, 0, 0, 0, 0, 0, 0, 9], "None of 9 domain gradings was judged"),
        ([0, 0, 1, 0, 0, 0, 0, 0], "The one domain grading was requires improvement"),
        ([0, 0, 2, 0, 0, 0, 0, 4], "Both domain gradings were requires improvement"),
        (
            [0, 3, 0, 0, 0, 0, 0, 0],
            "All 3 domain gradings were split between inadequate and requires improvement",
        ),
        ([1, 0, 2, 0, 0, 0, 0, 0], "None of 3 domain gradings was good or better, 1 was inadequate"),
        ([4, 2, 2, 0, 0, 0, 0, 0], "None of 8 domain gradings was good or better, 4 were inadequate"),
        ([0, 2, 2, 0, 0, 0, 0, 0], "None of 4 domain gradings was good or better"),
        ([7, 0, 25, 0, 1, 0, 0, 3], "1 of 33 domain gradings was good, none outstanding"),
        ([7, 0, 25, 0, 2, 0, 1, 3], "2 of 35 domain gradings were good, 1 outstanding"),
        ([0, 0, 2, 0, 0, 0, 1, 0], "None of 3 domain gradings was good, 1 outstanding"),
        (
            [0, 0, 2, 1, 3, 2, 0, 0],
            "3 of 8 domain gradings were good, 1 good / requires improvement, "
            "2 outstanding / good, none outstanding",
        ),
    ],
)
def test_the_title_states_the_finding(row, title):
    assert sentences.describe_counts(counts(row)) == title


def test_the_overall_conclusion_is_no_domain():
    both = counts([0, 0, 5, 0, 1, 0, 0, 0], [0, 0, 6, 0, 0, 0, 0, 0], keys=("practice", "overall"))
    assert sentences.describe_counts(both) == "1 of 6 domain gradings was good, none outstanding"
    assert (
        sentences.describe_counts(both.loc[["overall"]]) == "All 6 overall gradings were requires improvement"
    )
    other = both.rename(index={"overall": "summary"})
    assert sentences.describe_counts(other, overall="summary").startswith("1 of 6")


def test_rows_that_are_no_domains_are_gradings():
    areas = counts([0, 0, 5, 0, 1, 0, 0, 0], keys=("overall",), name="area")
    assert sentences.describe_counts(areas) == "1 of 6 gradings was good, none outstanding"


def test_a_subject_comes_first():
    title = sentences.describe_counts(counts([0, 0, 5, 0, 1, 0, 0, 0]), subject="LAC Permanency")
    assert title == "LAC Permanency: 1 of 6 domain gradings was good, none outstanding"


def test_another_scale_speaks_its_own_words():
    row = pd.DataFrame([[1, 0, 2, 1, 3, 1]], ["one"], list(THREE.columns))
    assert sentences.describe_counts(row, scale=THREE) == "3 of 7 gradings were met, 1 met / partly met"
    worst = pd.DataFrame([[2, 0, 2, 0, 0, 1]], ["one"], list(THREE.columns))
    assert sentences.describe_counts(worst, scale=THREE) == "None of 4 gradings was met, 2 were not met"


@pytest.mark.parametrize(
    ("row", "headline", "words"),
    [
        ([3, 0, 5, 0, 1, 0, 0, 0], "RI", None),
        ([4, 0, 4, 0, 1, 0, 0, 0], "I", None),
        ([4, 0, 4, 0, 1, 0, 0, 0], None, None),
        (
            [4, 0, 4, 0, 1, 0, 0, 0],
            "G",
            "published as good, most often graded inadequate or requires improvement (4 of 9 teams each)",
        ),
        ([0, 0, 0, 0, 0, 0, 0, 3], "RI", "published as requires improvement, no team was judged"),
        (
            [0, 2, 1, 0, 0, 0, 0, 5],
            "RI",
            "published as requires improvement, "
            "most often graded split between inadequate and requires improvement (2 of 3 teams)",
        ),
    ],
)
def test_a_headline_off_the_tally_is_said(row, headline, words):
    assert sentences.describe_disagreement(counts(row).iloc[0], headline) == words


@pytest.mark.parametrize(
    ("low", "high", "n", "words"),
    [(3, 3, 8, "3 of 8"), (0, 1, 4, "0 or 1 of 4"), (1, 4, 4, "1 to 4 of 4"), (0, 0, 0, "none judged")],
)
def test_a_share_is_k_of_n_or_its_bounds(low, high, n, words):
    assert sentences.describe_share(low, high, n) == words


row_of_counts = st.lists(st.integers(0, 40), min_size=8, max_size=8)


@given(row_of_counts)
def test_a_row_names_every_grade_once_with_its_count(row):
    words = sentences.describe_row(counts(row).iloc[0], grades=list(OFSTED.categories))
    expected = [f"{n} {sentences.grade_words(g)}" for n, g in zip(row, GRADES, strict=True)]
    assert words.split(", ") == expected


@given(row_of_counts, st.sampled_from(OFSTED.codes))
def test_bounds_below_and_from_a_grade_complete_each_other(row, grade):
    tally = counts(row).iloc[0]
    judged = sum(row[:-1])
    below = sentences.describe_share_below(tally, grade)
    upwards = sentences.describe_share_at_least(tally, grade)
    if not judged:
        assert below == upwards == sentences.NONE_JUDGED
        return
    low, high = (int(below.split(" ")[i]) for i in (0, -3))
    assert upwards == sentences.describe_share(judged - high, judged - low, judged)


def test_zero_and_one_take_the_right_number():
    assert [sentences.plural(n, "team") for n in (0, 1, 2)] == ["0 teams", "1 team", "2 teams"]
    assert sentences.describe_range(pd.Series([1, 1]), "team") == "1 team"
    assert sentences.join_words(["a"]) == "a"
    assert sentences.join_words([]) == ""


def test_no_judgement_is_counted_outside():
    said = sentences.describe_no_judgement(counts([0, 0, 1, 0, 0, 0, 0, 1]))
    assert said == "No judgement: 1 grading, outside the scale and outside the 1 that was judged."
    assert sentences.describe_no_judgement(counts([0, 0, 0, 0, 0, 0, 0, 2])) == "No judgement: 2 gradings."
    assert sentences.describe_no_judgement(counts([0, 0, 1, 0, 0, 0, 0, 0])) is None


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda c: c[c.columns[::-1]], "counts have the columns no judgement, O, O / G"),
        (lambda c: c.astype(float).replace(9.0, np.nan), "not a whole number from 0 upwards"),
        (lambda c: c - 1, "not a whole number from 0 upwards"),
        (lambda c: c / 2, "not a whole number from 0 upwards"),
        (lambda c: c.iloc[:0], "no row: there is nothing to show"),
        (lambda c: pd.concat([c, c]), "counts name 'allocation' twice"),
    ],
)
def test_what_is_no_table_of_counts_is_refused(spoil, words):
    with pytest.raises(GradingsError, match=words):
        sentences.check_counts(spoil(counts([0, 0, 9, 0, 1, 0, 0, 0])))


def test_missing_names_are_called_not_stated():
    index = pd.MultiIndex.from_tuples([("x", np.nan), ("x", "North")], names=["domain", "area"])
    checked = sentences.check_counts(pd.DataFrame([[0] * 8] * 2, index, GRADES))
    assert checked.index.to_list() == [("x", "not stated"), ("x", "North")]
    assert list(checked.index.names) == ["domain", "area"]


def test_headlines_may_be_missing():
    assert sentences.headline_of(None, "x") is None
    assert sentences.headline_of({"x": "RI"}, "y") is None
    assert sentences.headline_of(pd.Series({"x": np.nan, "y": "G"}), "x") is None
    typed = pd.Series(["RI", None], ["x", "y"], dtype=OFSTED.dtype)
    assert [sentences.headline_of(typed, key) for key in "xy"] == ["RI", None]
