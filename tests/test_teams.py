"""Teams: told apart by authority, area, service and name, on every page and in every count."""

from __future__ import annotations

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import GradingsError, pages
from improvement_analysis.report.planning.plan import plan_pages
from improvement_analysis.teams import Team, list_teams, select_team

TOML = """
title = "Made up"
authority = "Northshire"
round = "2018-19"
illustrative = true
[[files]]
name = "gradings.csv"
kind = "gradings"
"""


@pytest.fixture(scope="module")
def councils(tmp_path_factory):
    """A dataset of two councils, each with a Team A and a Team B."""
    home = tmp_path_factory.mktemp("councils")
    lines = ["authority,area,service,team,round,domain,grade"]
    for council, grades in {"Northshire": ("I", "RI"), "Southshire": ("G", "O")}.items():
        for team, grade in zip(("Team A", "Team B"), grades, strict=True):
            for domain in ("allocation", "practice", "monitoring", "joint_working", "overall"):
                lines.append(f"{council},Hills,Safeguarding,{team},2018-19,{domain},{grade}")
    (home / "source.toml").write_text(TOML, encoding="utf-8")
    (home / "gradings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return ia.load(home)


def test_teams_of_one_name_in_two_councils_are_two(councils):
    names = [(team.authority, team.name) for team in list_teams(councils.gradings)]
    assert names == [
        ("Northshire", "Team A"),
        ("Northshire", "Team B"),
        ("Southshire", "Team A"),
        ("Southshire", "Team B"),
    ]
    assert ia.count_teams(councils) == ia.count_teams(councils.gradings) == 4
    assert ia.count_teams(councils.gradings, "authority").to_dict() == {"Northshire": 2, "Southshire": 2}
    own = select_team(councils.gradings, Team("Southshire", "Hills", "Safeguarding", "Team A"))
    assert set(own["grade"]) == {"G"}


def test_each_has_a_page_that_names_its_authority(councils):
    planned = [page for page in plan_pages(councils) if page.kind == "team"]
    assert len(planned) == len({page.title for page in planned}) == 4
    assert planned[0].title == "Team A, Safeguarding, Hills, Northshire"
    assert planned[0].parameters["authority"] == "Northshire"
    own = pages.choose_team(councils, "Team A", authority="Southshire")
    assert pages.brief_team(councils, own).items[0].startswith("Team A, Safeguarding, Hills, Southshire: ")
    assert "the service's 2 teams" in pages.brief_team(councils, own).more[-1]
    with pytest.raises(GradingsError) as caught:
        pages.choose_team(councils, "Team A")
    assert str(caught.value) == (
        "several teams are called 'Team A': Safeguarding in Hills in Northshire; Safeguarding in Hills in "
        "Southshire; name the authority, the service and the area too"
    )


def test_councils_are_compared_and_have_a_page(councils):
    planned = [page.title for page in plan_pages(councils) if page.kind == "authority"]
    assert planned == ["Northshire", "Southshire"]
    here = pages.compare_area(councils, "", authority="Southshire")
    assert here.frame.loc["overall", ["n_a", "pairs_better"]].tolist() == [2, 4]
    alone = ia.compare_groups(councils, "authority", "Southshire")
    columns = ["n_a", "n_b", "pairs_better", "pairs_worse", "p_exact"]
    pd.testing.assert_frame_equal(here.frame[columns], alone[columns])
    assert "Northshire and Southshire" in " ".join(pages.caveats(councils).items)


def test_one_council_is_not_named_on_its_teams_pages(ds):
    assert not [page for page in plan_pages(ds) if page.kind == "authority"]
    assert "authority" not in " ".join(pages.caveats(ds).items)
