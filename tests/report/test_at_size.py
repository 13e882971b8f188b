"""Very many units and authorities: which pages are made unasked, and what the index says."""

from collections import Counter
from dataclasses import replace

import pytest
from bs4 import BeautifulSoup
from many_units import AUTHORITIES, UNITS, make_report, many_units

from improvement_analysis.report.planning.plan import plan_pages
from improvement_analysis.report.progress import Ticker
from improvement_analysis.report.runner import Order, list_pages, run_report


@pytest.fixture(scope="module")
def many(ds):
    return many_units(ds)


@pytest.fixture(scope="module")
def made(many, root, tmp_path_factory):
    """The folder of two runs: a whole report, then the page of one unit."""
    folder, output = root / "data" / "raw" / "worcestershire-2018", tmp_path_factory.mktemp("many")
    whole = make_report(many, folder, output)
    one = make_report(many, folder, output, only=["teams/unit-7.html"])
    return whole, one


def kinds(pages):
    return Counter(page.kind for page in pages)


def test_pages_of_single_teams_are_planned_and_not_made_where_they_are_more_than_60(many, made):
    planned = kinds(plan_pages(many))
    assert (planned["team"], planned["authority"]) == (UNITS, AUTHORITIES)
    whole, _ = made
    assert whole.unasked == {"authority": AUTHORITIES, "team": UNITS}
    assert kinds(whole.pages) == planned - Counter(team=UNITS, authority=AUTHORITIES)


def test_60_teams_have_a_page_each(many, root, tmp_path):
    order = Order(root / "data" / "raw" / "worcestershire-2018", tmp_path)
    gradings = many.gradings.iloc[:60]
    few = replace(many, gradings=gradings)
    assert kinds(list_pages(few, order))["team"] == 60


@pytest.mark.parametrize(
    ("asked", "teams"),
    [
        ({"every": True}, UNITS),
        ({"notebooks": ["team_pack"]}, UNITS),
        ({"settings": {"team": "Unit 7"}}, 1),
        ({"settings": {"as_of": "2019-03-31"}}, 0),
        ({"only": ["teams/unit-7.html"]}, 1),
        ({"services": ["Service 07"]}, 0),
    ],
)
def test_they_are_made_when_asked_for(asked, teams, many, root, tmp_path):
    order = Order(root / "data" / "raw" / "worcestershire-2018", tmp_path, **asked)
    assert kinds(list_pages(many, order))["team"] == teams


def test_the_index_says_which_pages_there_are_not_and_how_to_ask(made):
    _, one = made
    page = BeautifulSoup(one.index.read_text(encoding="utf-8"), "html.parser")
    told = [line.get_text() for line in page.find_all("p") if "no page" in line.get_text()]
    rest = "--every-page makes them all, --only PAGE one of them."
    assert told == [
        f"There is no page for each of 150 authorities: {rest}",
        f"There is no page for each of 3000 teams: {rest}",
    ]
    teams = page.find(id="team")
    assert teams.find_next("p").get_text() == "Each as it was when it was last asked for."
    assert teams.find_next("a")["href"] == "teams/unit-7.html"


def test_the_index_groups_what_is_many_without_a_script(made):
    page = BeautifulSoup(made[0].index.read_text(encoding="utf-8"), "html.parser")
    parts = [part.find("summary").get_text() for part in page.find_all("details", class_="part")]
    assert parts == ["S (90)"]  # the workshops
    links = [link["href"] for link in page.find("nav").find_all("a")]
    assert links == ["#services", "#area", "#workshop", "#team"]
    assert all(page.find(id=link[1:]) for link in links)
    assert page.find(id="finder").has_attr("hidden")


def test_a_run_of_very_many_pages_says_so_before_it_starts(many, root, tmp_path, capsys):
    with Ticker("many") as ticker:
        folder = root / "data" / "raw" / "worcestershire-2018"
        order = Order(folder, tmp_path, notebooks=["team_pack"])

        def stop(done, total, page):
            ticker(done, total, page)
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            run_report(many, order, stop)
    assert capsys.readouterr().err.startswith("many: 3000 pages are to be made, which may take some ")
    assert not (tmp_path / "worcestershire-2018" / "index.html").exists()
