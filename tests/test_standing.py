"""Which grading stands: by stage and never by who graded; what graders leave open stays open."""

from __future__ import annotations

import pandas as pd
import pytest

from improvement_analysis.gradings import as_gradings, check_gradings, select_standing
from improvement_analysis.scale import Scale
from improvement_analysis.standing import list_open

ROW = {"service": "Safeguarding", "team": "Team A", "round": "2024", "domain": "practice", "source": "f"}


def given(*grades, **more):
    """Gradings of one team: grade, grader and stage of each."""
    rows = [
        {**ROW, **more, "grade": grade, "grader": grader, "stage": stage, "source": f"row {place}"}
        for place, (grade, grader, stage) in enumerate(grades, 2)
    ]
    return as_gradings(pd.DataFrame(rows))


def standing(*grades):
    row = select_standing(given(*grades)).iloc[0]
    return None if pd.isna(row["grade"]) else row["grade"]


@pytest.mark.parametrize(
    ("grades", "stands"),
    [
        ([("I", "auditor", "first"), ("G", "chair", "moderated")], "G"),
        ([("I", "zoo", "first"), ("G", "auditor", "moderated")], "G"),
        ([("I", "a", "first"), ("G", "b", "second"), ("RI", None, "agreed")], "RI"),
        ([("RI", None, "agreed"), ("I", "panel", "moderated"), ("G", "b", "second")], "I"),
        ([("RI", "a", None), ("RI", "b", None)], "RI"),
        ([("I", "a", None), ("RI", "b", None)], "RI / I"),
        ([("RI / I", "a", None), ("RI", "b", None)], "RI / I"),
        ([("RI / I", "a", None), ("RI", "b", None), ("I", "c", None)], "RI / I"),
        ([("RI", "a", "first"), ("G", "b", "second")], "G / RI"),
        ([("I", "a", "first"), ("G", "b", "second")], None),
        ([("RI / I", "a", None), ("G / RI", "b", None)], None),
        ([("RI", "a", "moderated"), ("G", "b", "moderated"), ("O", "c", "first")], "G / RI"),
        ([("n/a", "a", None), ("G", "b", None)], "G"),
        ([("not judged", "a", None), ("n/a", "b", None)], None),
        ([("G", "a", "first"), ("n/a", "b", "moderated")], None),
    ],
)
def test_the_last_settling_stage_stands_and_differing_graders_leave_it_open(grades, stands):
    assert standing(*grades) == stands
    assert standing(*reversed(grades)) == stands
    renamed = [
        (grade, f"z{9 - place}" if who else who, stage) for place, (grade, who, stage) in enumerate(grades)
    ]
    assert standing(*renamed) == stands


def test_an_open_grade_says_what_the_graders_gave_and_where():
    gradings = given(("G", "peer", None), ("I", "auditor", None))
    row = check_gradings(select_standing(gradings)).iloc[0]
    assert row["ungraded_reason"] == "graders differ: I, G; not agreed"
    assert row["source"] == "row 2; row 3"
    assert row[["grader", "stage"]].isna().all()
    split = select_standing(given(("G", "peer", None), ("RI", "auditor", None))).iloc[0]
    assert (split["grade"], pd.isna(split["ungraded_reason"])) == ("G / RI", True)
    assert list_open(gradings)[["team", "domain", "grades"]].to_numpy().tolist() == [
        ["Team A", "practice", "I, G"]
    ]


def test_what_is_settled_or_equal_is_not_open():
    for gradings in (
        given(("G", "a", None), ("G", "b", None)),
        given(("G", "a", None), ("I", "b", "agreed")),
        given(("G", "a", None)),
    ):
        assert list_open(gradings).empty
        assert list(list_open(gradings).columns)[-1] == "grades"


def test_each_case_stands_by_itself():
    rows = [{**ROW, "case": case, "grade": grade} for case, grade in (("A-1", "I"), ("A-2", "G"))]
    assert select_standing(as_gradings(pd.DataFrame(rows)))["grade"].tolist() == ["I", "G"]


def test_a_declared_order_decides_which_stage_is_the_last():
    rows = [{**ROW, "grade": "I", "stage": "peer"}, {**ROW, "grade": "G", "stage": "own"}]
    for stages, stands in ((["peer", "own"], "G"), (["own", "peer"], "I")):
        gradings = as_gradings(pd.DataFrame(rows), stages=stages)
        assert select_standing(gradings)["grade"].tolist() == [stands]
    between = as_gradings(pd.DataFrame(rows), stages=["peer", "own", "signed off"])
    assert select_standing(between)["grade"].isna().all()


def test_any_scale_has_its_own_splits():
    scale = Scale(("low", "mid", "high"), ("Low", "Middling", "High"), good="mid")
    rows = [{**ROW, "grade": grade, "grader": grader} for grade, grader in (("mid", "a"), ("high", "b"))]
    assert select_standing(as_gradings(pd.DataFrame(rows), scale=scale))["grade"].tolist() == ["high / mid"]
