"""What the page of two graders says."""

from dataclasses import replace

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import pages
from improvement_analysis.comparison import count_settled


@pytest.mark.parametrize(
    ("grades", "last"), [(("RI", "RI", "RI"), "Why undefined"), (("RI", "G", "G"), "AC2")], ids=["one", "two"]
)
def test_why_a_coefficient_is_undefined_is_a_column_where_one_is(two_areas, grades, last):
    lines = [
        {"service": "A", "team": f"Team {n}", "grader": who, "domain": domain, "grade": g, "source": "x"}
        for domain, given in (("practice", ("RI", "G", "G")), ("overall", grades))
        for n, g in enumerate(given)
        for who in ("first", "second")
    ]
    twice = replace(two_areas, gradings=ia.as_gradings(pd.DataFrame(lines)))
    assert pages.list_agreement(twice).csv.splitlines()[0].split(",")[-1] == last


def test_two_graders(two_areas):
    told = pages.brief_moderation(two_areas).items
    assert told[0] == "Second graded lower than first in 1 of 1 grading, higher in 0 and equal in 0."
    assert pages.brief_moderation(two_areas).more == (
        "10 gradings are left out: nobody else graded that team in that domain.",
    )
    said = "of 1 pair of gradings, none agrees and 1 is at most one grade apart"
    assert said in str(pages.brief_moderation(two_areas))
    crossed = pages.cross_graders(two_areas)
    assert crossed.loc["RI", "I"] == crossed.to_numpy().sum() == 1


def test_every_pair_of_three_graders_is_told(two_areas):
    lines = [
        {"service": "A", "team": f"Team {n}", "grader": who, "stage": stage, "domain": "practice", "grade": g,
         "source": "x"}
        for who, stage, grades in (("chair", "moderated", ("I", "RI")), ("auditor", "first", ("G", "RI")),
                                   ("peer", "second", ("RI",)))
        for n, g in enumerate(grades)
    ]  # fmt: skip
    three = replace(two_areas, gradings=ia.as_gradings(pd.DataFrame(lines)))
    assert pages.match_graders(three) == [("auditor", "chair"), ("auditor", "peer"), ("peer", "chair")]
    assert pages.brief_moderation(three).items[:3] == (
        "Chair graded lower than auditor in 1 of 2 gradings, higher in 0 and equal in 1; 1 was more than "
        "one whole grade apart.",
        "Peer graded lower than auditor in 1 of 1 grading, higher in 0 and equal in 0.",
        "Chair graded lower than peer in 1 of 1 grading, higher in 0 and equal in 0.",
    )
    assert pages.brief_moderation(three).more[-1] == "No grading is left out."


def test_what_moderation_changed_is_told_by_domain_and_by_role(two_areas):
    given = {
        ("Team A", "practice"): [
            ("auditor", "first", "G"),
            ("peer", "second", "RI"),
            ("chair", "moderated", "RI"),
        ],
        ("Team B", "practice"): [("auditor", "first", "I"), ("chair", "moderated", "G")],
        ("Team A", "overall"): [("auditor", "first", "RI"), ("chair", "moderated", None)],
        ("Team B", "overall"): [("auditor", "first", "RI")],
    }
    lines = [
        {
            "service": "A",
            "team": team,
            "grader": who,
            "stage": stage,
            "domain": domain,
            "grade": g,
            "source": "x",
        }
        for (team, domain), three in given.items()
        for who, stage, g in three
    ]
    moderated = replace(two_areas, gradings=ia.as_gradings(pd.DataFrame(lines)))
    assert pages.list_settled(moderated).frame.to_numpy().tolist() == [
        ["Practice and direct work", "3", "1", "1", "1", "1", "0", "0"],
        ["Overall conclusion", "1", "0", "0", "0", "0", "1", "1"],
    ]
    assert pages.list_settled(moderated, "grader").frame.to_numpy().tolist() == [
        ["auditor", "3", "1", "0", "1", "1", "1", "1"],
        ["peer", "1", "0", "1", "0", "0", "0", "0"],
    ]
    said = "Agreeing or moderating lowered 1 and raised 1 of 4 gradings. Not moderated: 1 grading."
    assert said in pages.brief_moderation(moderated).items
    caveat = "3 of 4 grades that stand were agreed or moderated; the others are as they were given."
    assert caveat in pages.caveats(moderated).items
    assert "No grading was agreed or moderated" in str(
        pages.list_settled(
            replace(two_areas, gradings=ia.as_gradings(pd.DataFrame(lines).query("stage != 'moderated'")))
        )
    )


@pytest.mark.parametrize("turned", [False, True])
def test_of_two_moderators_who_differ_the_order_of_rows_decides_nothing(turned):
    """Inadequate and good leave the grade open, so nothing can be said of what moderation changed."""
    given = [("auditor", "first", "RI"), ("chair", "moderated", "I"), ("panel", "moderated", "G")]
    lines = [
        {
            "service": "A",
            "team": "Team A",
            "grader": who,
            "stage": stage,
            "domain": "practice",
            "grade": grade,
        }
        for who, stage, grade in (reversed(given) if turned else given)
    ]
    gradings = ia.as_gradings(pd.DataFrame(lines).assign(source="x"))
    counts = count_settled(gradings)[["n_settled", "lowered", "same", "raised", "unjudged"]]
    assert counts.to_numpy().tolist() == [[1, 0, 0, 0, 1]]
