"""The page of all areas: its answer, its picture and its tables are one result."""

import re
from dataclasses import replace

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import charts, pages
from improvement_analysis.report.planning.plan import plan_pages


def dataset_of(ds, held, by="area"):
    """A dataset of teams in one service and domain from {area: grades}."""
    rows = [
        {by: name, "service": "S", "team": f"{name} {n}", "round": "2018", "domain": "overall",
         "grade": grade, "source": "x"}
        for name, grades in held.items()
        for n, grade in enumerate(grades.split(","))
    ]  # fmt: skip
    return replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows)), published=ds.published.iloc[:0])


def test_the_answer_comes_first_with_the_counts_of_every_area(ds):
    held = dataset_of(ds, {"North": "G,RI,RI", "South": "I,RI,RI", "West": "G / RI,RI"})
    assert pages.brief_areas(held).items == (
        "No difference between areas can be claimed. Overall, from 0 of 3 (South) to 1 of 3 (North) were "
        "good or better.",
        "S has teams of several areas (8 teams); shuffling their grades sets the areas this far apart "
        "between 4 times in 10 and 8 times in 10, as open grades are read.",
        "No area by itself is shown to differ.",
    )


def test_a_claim_is_told_of_all_and_of_those_that_differ(ds):
    held = dataset_of(ds, {"North": ",".join("G" * 8), "South": ",".join("I" * 8), "West": ",".join("I" * 8)})
    result = pages.compare_areas(held)
    answer, _, singly = pages.brief_areas(held, comparison=result).items
    assert answer.startswith("The areas differ. Overall, 8 of 8 in North, 0 of 8 in South")
    assert singly == (
        "Graded higher than elsewhere: North overall. Graded lower than elsewhere: South overall and West "
        "overall."
    )
    chart = charts.area_comparison(result.picture(), title=result.title(), subtitle=result.subtitle())
    assert chart.title == "The areas differ"
    assert chart.table.frame[["Area", "Good"]].to_numpy().tolist() == [
        ["North", "8"], ["South", "0"], ["West", "0"]
    ]  # fmt: skip


@pytest.mark.parametrize("many", [2, 9])
def test_however_many_areas_there_are_the_answer_is_short(ds, many):
    held = dataset_of(ds, {f"Area with a long name {n}": "RI,G" if n else "RI,RI" for n in range(many)})
    answer = pages.brief_areas(held).items[0]
    assert len(answer.split()) <= 25
    assert re.search(r"0 of 2 .*1 of 2 .*were good or better\.$", answer)
    assert len(pages.list_areas_shares(pages.compare_areas(held)).frame) == many


def test_where_fewer_than_two_have_teams_a_sentence_says_so_and_no_page_is_planned(ds):
    alone = dataset_of(ds, {"North": "G,RI"})
    assert str(pages.brief_areas(alone)) == ("- North alone was graded: there is no area to compare it with.")
    assert pages.compare_areas(alone) is None
    assert str(pages.list_areas(None)) == "- No numbers: nothing is compared."
    assert not {"areas", "authorities"} & {page.kind for page in plan_pages(alone)}


def test_several_councils_are_compared_by_authority(ds):
    held = dataset_of(ds, {"Anyshire": "G,G,RI", "Otherton": "RI,I,RI"}, by="authority")
    planned = {page.path: page for page in plan_pages(held)}
    assert planned["authorities.html"].parameters == {"by": "authority"}
    assert "areas.html" not in planned
    first = pages.brief_areas(held, by="authority").items[0]
    assert first == (
        "No difference between authorities can be claimed. Overall, 2 of 3 in Anyshire and 0 of 3 in "
        "Otherton were good or better."
    )


def test_the_example_is_settled_and_every_table_holds_the_result(example):
    result = pages.compare_areas(example)
    assert result.together["verdict"].notna().all()
    assert result.together["n_teams"].loc["overall"] == 17
    domains = pages.list_areas_domains(result).frame
    assert domains["Teams compared"].tolist() == ["17", "17", "17", "16", "17"]
    assert domains["Verdict"].iloc[-1] == "Whether the areas differ depends on open grades"
    assert len(result.alt().split()) <= 85
    assert "Safeguarding: Redditch/Wychavon 0 of 3, Worcester/Malvern 1 of 3" in result.alt()
    drawn = result.picture()
    assert drawn.loc[~drawn.index.get_level_values(0).str.endswith("not compared")].to_numpy().sum() == 17
    for name, group in result.groups.items():
        page = pages.compare_area(example, name)
        assert page.frame["verdict"].equals(group.frame["verdict"])
