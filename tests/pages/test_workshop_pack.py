"""The workshop's page, typed by hand from the published page and small tables."""

import re

import pytest

from improvement_analysis import pages
from improvement_analysis.errors import GradingsError


def test_weakest_and_strongest_are_named(ds):
    said = pages.brief_workshop(ds, "Safeguarding").items
    assert (
        "Most low gradings (inadequate): Performance monitoring 4 of 9, Case allocation and workload 3 of 9. "
        "The difference is too small to call one of them "
        "the weakest."
    ) in said
    assert "Case allocation and workload has the most gradings at good or better: 1 of 9." in said
    assert said[-1] == (
        "No team is named. In 1 of 4 domains all teams hold one grade, so each team's grade can be "
        "worked out."
    )


def test_ties_are_said(forms):
    said = pages.brief_workshop(forms, "S").items
    names = "Practice and direct work and Performance monitoring have equally many"
    assert f"{names} low gradings: 1 of 3 at inadequate and 1 of 2 at inadequate." in said
    assert f"{names} gradings at good or better: 1 of 3 and 1 of 2." in said


def test_where_nothing_is_good_no_domain_is_strongest(ds):
    said = pages.brief_workshop(ds, "Care Leaving").items
    assert "No grading in any domain is good or better, so no domain stands out as strongest." in said
    assert said[-1].endswith("Each of the two teams can work out the other's grades.")


def test_one_team_is_told_to_be_known(forms):
    assert pages.brief_workshop(forms, "T").items[-1] == "One team was graded, so these are its grades."


def test_prompts_come_from_the_findings_with_the_domains_that_could_be_weakest_first(ds):
    prompts = pages.list_prompts(ds, "Safeguarding", crossing=True)
    first = prompts.frame[prompts.frame["kind"] == "vulnerability"].iloc[0]
    assert first["text"] == "The volume of work in hand holds practice back."
    assert first["said"] == "page 4"
    assert set(prompts.frame["text"]) <= set(ds.findings["text"])
    assert len(pages.list_prompts(ds, "Safeguarding").frame) == 3
    assert "no finding about Children with Disabilities by name" in str(
        pages.list_prompts(ds, "Children with Disabilities")
    )


def test_a_finding_of_several_teams_stands_once_and_names_none(forms):
    prompts = pages.list_prompts(forms, "S")
    assert prompts.frame.to_numpy().tolist() == [
        ["vulnerability", "Files are late.", "x", "2 of 3 teams"],
        ["vulnerability", "Supervision is put off.", "x", "1 of 3 teams"],
    ]
    assert prompts.left_out == 1
    assert "1 finding names a team and is left out." in prompts.html
    assert "Long gone" not in prompts.html


@pytest.mark.parametrize("kind", ["html", "csv"])
def test_no_team_and_no_form_is_named_in_a_workshop(example, kind):
    for service in example.services:
        shown = pages.list_prompts(example, service)
        told = shown.html if kind == "html" else shown.table.csv
        assert not re.search(r"\bteam [a-z]\b|xlsx", told + str(pages.brief_workshop(example, service)), re.I)


def test_made_up_prompts_say_so(example):
    shown = pages.list_prompts(example, "Safeguarding")
    assert "Illustrative findings, made up." in shown.html
    assert "ILLUSTRATIVE DATA" in shown.table.html


def test_an_unknown_service_is_refused(ds):
    with pytest.raises(GradingsError, match="did you mean 'Safeguarding'"):
        pages.list_prompts(ds, "Safegarding")
