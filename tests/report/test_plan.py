"""The plan: a page for everything, and a file name for every page."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

import improvement_analysis as ia
from improvement_analysis.actions import as_actions
from improvement_analysis.errors import ReportError
from improvement_analysis.report.planning.inputs import observe
from improvement_analysis.report.planning.plan import choose, file_name, file_names, of_team, plan_pages
from improvement_analysis.report.publishing.lock import locked


def test_a_page_for_each_service_and_area_an_overview_and_data_quality(ds):
    assert [page.path for page in plan_pages(ds)] == [
        "overview.html",
        "qprm.html",
        "services/contact-and-referral-and-assessment.html",
        "services/safeguarding.html",
        "services/lac-permanency.html",
        "services/care-leaving.html",
        "services/children-with-disabilities.html",
        "workshops/contact-and-referral-and-assessment.html",
        "workshops/safeguarding.html",
        "workshops/lac-permanency.html",
        "workshops/care-leaving.html",
        "workshops/children-with-disabilities.html",
        "areas/redditch-wychavon.html",
        "areas/worcester-malvern.html",
        "timeline.html",
        "self-evaluation.html",
        "data-quality.html",
    ]


TEAMS = """
    service | area  | team   | round | domain   | grade | source
    S       | North | Team A | 2018  | practice | RI    | 1
    S       | South | Team A | 2018  | practice | RI    | 2
    S       |       | Team B | 2018  | practice | RI    | 3
    S       | North | Team C | 2017  | practice | RI    | 4
    T       | North | Team D | 2018  | practice | RI    | 5
"""


@pytest.fixture
def forms(ds, table):
    return replace(ds, gradings=ia.as_gradings(table(TEAMS)), published=ds.published.iloc[:0])


def test_a_pack_for_each_team_of_the_latest_round_told_apart_where_two_share_a_name(forms):
    packs = [page for page in plan_pages(forms) if page.kind == "team"]
    assert [(page.path, page.title) for page in packs] == [
        ("teams/s-north-team-a.html", "Team A, S, North"),
        ("teams/s-south-team-a.html", "Team A, S, South"),
        ("teams/team-b.html", "Team B, S"),
        ("teams/team-d.html", "Team D, T"),
    ]
    assert packs[0].parameters == {"service": "S", "area": "North", "team": "Team A"}
    assert packs[2].parameters == {"service": "S", "team": "Team B"}


def test_a_team_that_is_set_leaves_the_packs_of_others_out(ds, forms):
    left = [page.path for page in of_team(plan_pages(forms), "Team B") if page.kind == "team"]
    assert left == ["teams/team-b.html"]
    assert of_team(plan_pages(forms), None) == plan_pages(forms)
    with pytest.raises(ReportError, match=r"unknown team 'Team X'; .*known are 'Team A', 'Team B', 'Team D'"):
        of_team(plan_pages(forms), "Team X")
    assert of_team(plan_pages(ds), "Team X") == plan_pages(ds)


def test_a_page_for_actions_only_where_there_are_any(ds, forms):
    row = {"service": "S", "number": 1, "action": "x", "source": "s"}
    planned = replace(forms, actions=as_actions([row]))
    assert "actions.html" in [page.path for page in plan_pages(planned)]
    assert "actions.html" not in [page.path for page in [*plan_pages(ds), *plan_pages(forms)]]


def test_tallies_that_name_no_team_get_no_pack_for_one(ds):
    assert {page.kind for page in plan_pages(ds)} == {
        "overview", "qprm", "service", "workshop", "area", "timeline", "self-evaluation", "data quality"
    }  # fmt: skip


def test_an_unknown_service_is_refused_with_the_known_ones(ds):
    with pytest.raises(ReportError) as fault:
        choose(plan_pages(ds), services=["Safegarding"])
    assert str(fault.value) == (
        "unknown service 'Safegarding'; did you mean 'Safeguarding'? known are "
        "'Contact and Referral and Assessment', 'Safeguarding', 'LAC Permanency', 'Care Leaving', "
        "'Children with Disabilities'"
    )


def test_areas_and_services_are_chosen_by_name(ds):
    chosen = choose(plan_pages(ds), services=["Care Leaving"], areas=["Redditch/Wychavon"])
    assert [page.path for page in chosen] == ["services/care-leaving.html", "areas/redditch-wychavon.html"]
    with pytest.raises(
        ReportError, match="unknown area 'Reditch/Wychavon'; did you mean 'Redditch/Wychavon'"
    ):
        choose(plan_pages(ds), areas=["Reditch/Wychavon"])


def test_an_unknown_notebook_is_refused_with_the_known_ones(ds):
    with pytest.raises(ReportError, match=r"unknown notebook 'overveiw'; did you mean 'overview'\?"):
        choose(plan_pages(ds), notebooks=["overveiw"])


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("CON", "con-page"),
        ("..", "page"),
        ("Index", "index-page"),
        ("a.b.", "a-b"),
        ("<script>alert(1)</script>", "script-alert-1-script"),
        ("$x_1$", "x-1"),
        ("خدمات", "page"),
        ("Équipe 🙂", "equipe"),
        ("a" * 300, "a" * 80),
    ],
)
def test_file_names_are_safe_on_every_system(name, expected):
    assert file_name(name) == expected


@given(st.lists(st.text(max_size=12), unique=True, max_size=12))
def test_no_two_names_share_a_file(names):
    found = file_names(names)
    assert list(found) == names
    assert len({stem.casefold() for stem in found.values()}) == len(names)


def test_what_was_made_of_a_dataset_is_none_of_its_files(copy):
    before = observe(copy)
    made = copy / "out" / "copy"
    with locked(made, copy):
        (made / "data").mkdir()
        (made / "data" / "overview.grades.csv").write_text("a,b\n", encoding="utf-8")
        (copy / ".kept").mkdir()
        (copy / ".kept" / "old.csv").write_text("a\n", encoding="utf-8")
        assert observe(copy) == before
        assert [problem.file for problem in ia.load(copy).problems if "not declare" in problem.found] == []
    (made / ".lock").unlink()
    assert sorted({*observe(copy)} - {*before}) == ["out/copy/data/overview.grades.csv"]
