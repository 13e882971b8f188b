"""Which grading stands: by stage and never by who graded; what graders leave open stays open."""

from __future__ import annotations

import itertools
import random
from collections import Counter

import pandas as pd
import pytest

from improvement_analysis.counts import count_grades, count_teams
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


# ------------------------------------------------------------------ counted again by hand

STAGES = (None, "first", "second", "agreed", "moderated")
SCALE = ("I", "RI / I", "RI", "G / RI", "G", "O / G", "O")


def drawn(seed):
    """Gradings of two councils with teams of the same names; up to three of a team and domain."""
    draw = random.Random(seed)
    rows = []
    places = itertools.product(("North", "South"), ("Hills", None), ("Duty", "Care"), ("Team A", "Team B"))
    for (council, area, service, team), domain in itertools.product(places, ("practice", "overall")):
        if draw.random() < 0.3:
            continue
        for grader in draw.sample(("auditor", "peer", "panel"), draw.choice((1, 1, 2, 3))):
            grade = draw.choice((*SCALE, None))
            rows.append((council, area, service, team, "2024", domain, grade, grader, draw.choice(STAGES)))
    columns = ["authority", "area", "service", "team", "round", "domain", "grade", "grader", "stage"]
    frame = pd.DataFrame(rows, columns=columns, dtype=object)
    return frame.assign(source=[f"row {row}" for row in range(len(frame))])


def stands_by_hand(frame):
    """What stands of each team and domain, worked out from the rows one by one."""
    held = {}
    for row in frame.astype(object).where(frame.notna(), None).to_dict("records"):
        place = tuple(row[name] for name in ("authority", "area", "service", "team", "domain"))
        held.setdefault(place, []).append((row["stage"], row["grade"]))
    stands = {}
    for place, given in held.items():
        for stage in ("moderated", "agreed"):
            if any(each == stage for each, _ in given):
                given = [(each, grade) for each, grade in given if each == stage]
                break
        grades = {grade for _, grade in given if grade}
        halves = {half for grade in grades for half in grade.split(" / ")}
        pair = [split for split in SCALE[1::2] if set(split.split(" / ")) == halves]
        stands[place] = grades.pop() if len(grades) == 1 else (pair or [None])[0]
    return stands


def stands_here(frame):
    standing = select_standing(as_gradings(frame)).astype(object)
    columns = ["authority", "area", "service", "team", "domain", "grade"]
    rows = standing[columns].where(standing[columns].notna(), None).to_numpy().tolist()
    return {tuple(row[:5]): row[5] for row in rows}


@pytest.mark.parametrize("seed", range(25))
def test_what_stands_and_how_many_teams_equal_a_count_by_hand_in_any_order_and_under_any_name(seed):
    frame = drawn(seed)
    by_hand = stands_by_hand(frame)
    assert stands_here(frame) == by_hand
    assert stands_here(frame.sample(frac=1, random_state=seed, ignore_index=True)) == by_hand
    graders = {"auditor": "zone lead", "peer": "auditor", "panel": "a panel"}
    assert stands_here(frame.assign(grader=frame["grader"].map(graders))) == by_hand
    other = {"Team A": "Team Z", "Team B": "Team A"}
    renamed = stands_here(frame.assign(team=frame["team"].map(other)))
    assert renamed == {(*place[:3], other[place[3]], place[4]): grade for place, grade in by_hand.items()}
    gradings = as_gradings(frame)
    teams = {place[:4] for place in by_hand}
    assert count_teams(gradings) == count_teams(select_standing(gradings)) == len(teams)
    for council, number in count_teams(gradings, "authority").items():
        assert number == sum(team[0] == council for team in teams)
    counts = count_grades(select_standing(gradings), "domain")
    for domain in counts.index:
        held = Counter(grade or "no judgement" for place, grade in by_hand.items() if place[4] == domain)
        assert {grade: n for grade, n in counts.loc[domain].items() if n} == held
