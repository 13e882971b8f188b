"""The scale: its order, its splits and what they may stand for; declarations that contradict themselves."""

from __future__ import annotations

import pytest

from improvement_analysis.errors import GradeError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

FIVE = Scale(("E", "D", "C", "B", "A"), ("Very poor", "Poor", "Fair", "Fine", "Best"), good="B", title="five")


def test_grades_run_from_worst_to_best_with_splits_between_neighbours():
    assert OFSTED.categories == ("I", "RI / I", "RI", "G / RI", "G", "O / G", "O")
    assert OFSTED.splits == ("RI / I", "G / RI", "O / G")
    assert OFSTED.columns == (*OFSTED.categories, "no judgement")
    assert FIVE.categories == ("E", "D / E", "D", "C / D", "C", "B / C", "B", "A / B", "A")


def test_the_pandas_type_is_ordered():
    assert OFSTED.dtype.ordered
    assert list(OFSTED.dtype.categories) == list(OFSTED.categories)


def test_ranks_are_even_for_whole_grades_and_odd_for_splits():
    assert [OFSTED.rank(grade) for grade in OFSTED.categories] == [0, 1, 2, 3, 4, 5, 6]
    assert [OFSTED.is_split(grade) for grade in OFSTED.categories] == [False, True] * 3 + [False]


@pytest.mark.parametrize("grade", ["R1", "", NO_JUDGEMENT, "I / RI", None])
def test_what_is_no_grade_has_no_rank(grade):
    with pytest.raises(GradeError) as caught:
        OFSTED.rank(grade)
    assert str(caught.value) == (
        f"{grade!r} is not a grade of the Ofsted scale: I, RI / I, RI, G / RI, G, O / G, O"
    )


def test_a_split_stands_for_either_half_and_a_missing_grade_for_any():
    assert OFSTED.ends("RI") == ("RI", "RI")
    assert OFSTED.ends("O / G") == ("G", "O")
    assert OFSTED.ends(None) == OFSTED.ends(NO_JUDGEMENT) == ("I", "O")


def test_names_are_words():
    assert [OFSTED.name(grade) for grade in ("I", "RI", "G / RI", NO_JUDGEMENT)] == [
        "Inadequate",
        "Requires improvement",
        "Good / Requires improvement",
        "No judgement",
    ]


def test_good_or_better_is_open_for_a_split_across_it():
    assert [OFSTED.at_least(grade, "G") for grade in OFSTED.categories] == [
        False,
        False,
        False,
        None,
        True,
        True,
        True,
    ]
    assert OFSTED.at_least(NO_JUDGEMENT, "G") is None
    assert OFSTED.at_least(NO_JUDGEMENT, "I") is True


def test_grades_are_sorted_worst_to_best():
    assert OFSTED.sorted(["G", "RI / I", "O", "I"]) == ["I", "RI / I", "G", "O"]


def test_equal_declarations_are_one_scale():
    again = Scale(OFSTED.codes, OFSTED.names, OFSTED.good, OFSTED.title, OFSTED.aliases)
    assert again == OFSTED
    assert hash(again) == hash(OFSTED)


@pytest.mark.parametrize(
    ("codes", "names", "good", "aliases", "fault"),
    [
        (("A",), ("Alpha",), "A", (), "a scale needs at least two grades"),
        (("A", "B"), ("Alpha",), "A", (), "2 codes but 1 names"),
        (("A", "a"), ("Alpha", "Beta"), "A", (), "a code stands twice"),
        (
            ("A/B", "C"),
            ("Alpha", "Beta"),
            "C",
            (),
            "a code or a name is empty, or holds '/', ',', '(' or ')'",
        ),
        (("A", "B"), ("Alpha", " "), "A", (), "a code or a name is empty, or holds '/', ',', '(' or ')'"),
        (("A", "B"), ("Alpha", "Beta"), "C", (), "'good' is 'C', which is not one of the codes"),
        (
            ("A", "B"),
            ("Alpha", "Beta"),
            "B",
            (("1", "C"),),
            "an alias names a code that the scale does not hold",
        ),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(codes, names, good, aliases, fault):
    with pytest.raises(GradeError) as caught:
        Scale(codes, names, good=good, title="my scale", aliases=aliases)
    assert str(caught.value) == f"scale 'my scale': {fault}"


def test_every_fault_of_a_declaration_is_said():
    with pytest.raises(GradeError) as caught:
        Scale((), (), good="G")
    assert str(caught.value) == (
        "scale 'grading scale': a scale needs at least two grades; "
        "'good' is 'G', which is not one of the codes"
    )
