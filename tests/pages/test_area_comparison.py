"""What the page of an area says: sentences typed by hand for small tables."""

from dataclasses import replace

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import pages
from improvement_analysis.errors import GradingsError


def test_an_area_with_three_teams_against_six(two_areas):
    said = pages.brief_area(two_areas, "Redditch").items[0]
    assert said.startswith("Overall conclusion: ")
    assert "12 of 18 pairings" in said
    assert "this large in 11 of 84 ways (p = 0.13)" in said
    assert pages.brief_area(two_areas, "Redditch").items[-1] == pages.area_comparison.CENSUS


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        ("1 x I", "The one Care Leaving team was inadequate in some domain but not overall."),
        ("1 x RI", None),
        ("1 x I, 1 x RI", "1 of the 2 Care Leaving teams was inadequate in some domain but not overall."),
        ("2 x I", "Both Care Leaving teams were inadequate in some domain but not overall."),
        ("3 x I, 6 x RI", "3 of the 9 Care Leaving teams were inadequate in some domain but not overall."),
    ],
)
def test_how_many_teams_were_low_but_not_overall(ds, tally, said):
    n = sum(int(part.split()[0]) for part in tally.split(","))
    cells = [("practice", tally), ("overall", f"{n} x RI")]
    rows = [{"service": "Care Leaving", "domain": d, "tally": t, "source": "x"} for d, t in cells]
    told = pages.describe_bounds(replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows))), "Redditch").items
    assert [one for one in told if "some domain" in one] == ([said] if said else [])


def test_services_left_out_of_every_domain_stand_below_the_numbers(ds, table):
    """In one domain B has teams of both areas, so that domains differ."""
    rows = [("A", "Redditch", "RI"), ("A", "Malvern", "G"), ("B", "Redditch", "G")]
    lines = [
        {"service": s, "area": a, "team": f"{s}{a}", "domain": "practice", "grade": g, "source": "x"}
        for s, a, g in rows
    ]
    once = replace(ds, gradings=ia.as_gradings(pd.DataFrame(lines)))
    listed = pages.list_comparison(once, pages.compare_area(once, "Redditch"))
    assert "Left out: one side only" not in listed.csv.splitlines()[0]
    assert "Not compared (no team on one side): B." in listed.html
    more = [line | {"domain": "overall"} for line in lines]
    more += [dict(more[2], area="Malvern", team="B2", grade="RI")]
    twice = replace(ds, gradings=ia.as_gradings(pd.DataFrame([*lines, *more])))
    listed = pages.list_comparison(twice, pages.compare_area(twice, "Redditch"))
    assert "Left out: one side only" in listed.csv.splitlines()[0]
    assert "Not compared" not in listed.html


def test_an_unknown_area_is_refused_with_the_known_ones(two_areas, ds):
    with pytest.raises(GradingsError, match="no gradings for area 'Reditch'; did you mean 'Redditch'"):
        pages.brief_area(two_areas, "Reditch")
    with pytest.raises(GradingsError, match="'Redditch/Wychavon', 'Worcester/Malvern'"):
        pages.brief_area(ds, "Bromsgrove")


def test_an_area_that_was_graded_alone_or_not_at_all_is_compared_with_none(two_areas):
    alone = replace(two_areas, gradings=ia.select(two_areas.gradings, area="Redditch"))
    latest = alone.standing()["round"].iloc[0]
    assert pages.compare_area(alone, "Redditch") is None
    assert str(pages.brief_area(alone, "Redditch")) == (
        f"- In the round {latest} Redditch alone was graded: there is no area to compare it with."
    )
    declared = "Worcester/Malvern"
    assert str(pages.brief_area(alone, declared)) == (
        f"- No grading of the round {latest} is of {declared}, so there is nothing to compare."
    )
    assert str(pages.list_comparison(alone, None)) == "- No numbers: nothing is compared."


def test_a_small_p_is_told_alike_in_sentence_table_and_csv(two_areas):
    """Ten teams of one area all below ten of another: 2 of 184,756 ways."""
    rows = [
        {"service": "S", "area": area, "team": f"{area} {n}", "round": "2017-18", "domain": "overall",
         "grade": grade, "source": "x"}
        for area, grade in (("Redditch", "I"), ("Malvern", "G"))
        for n in range(10)
    ]  # fmt: skip
    twenty = replace(two_areas, gradings=ia.as_gradings(pd.DataFrame(rows)))
    assert "p below 0.001" in pages.brief_area(twenty, "Redditch").items[0]
    table = pages.list_comparison(twenty, pages.compare_area(twenty, "Redditch"))
    for column in ("Exact p", "Adjusted p", "Smallest p possible"):
        assert table.frame[column].tolist() == ["below 0.001"], column
    assert "0.000" not in table.csv + table.html
