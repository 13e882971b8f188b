"""An order: what is set reaches every notebook that declares it, and what none declares is refused."""

from dataclasses import replace

import pytest

import improvement_analysis as ia
from improvement_analysis.errors import ReportError
from improvement_analysis.report.order import Order, prepare
from improvement_analysis.report.planning.plan import plan_pages

TWO_ROUNDS = """
    service | area  | team   | round | domain   | grade | source
    S       | North | Team A | 2017  | practice | RI    | 1
    S       | South | Team B | 2017  | practice | RI    | 2
    S       | North | Team A | 2018  | practice | G     | 3
    S       | South | Team B | 2018  | practice | G     | 4
    T       | South | Team C | 2018  | practice | G     | 5
"""


@pytest.fixture
def prepared(ds, table, tmp_path):
    """What is set on each page of a dataset of two rounds, by path, for an order of some settings."""
    dataset = replace(ds, gradings=ia.as_gradings(table(TWO_ROUNDS)), published=ds.published.iloc[:0])
    planned = plan_pages(dataset)

    def make(settings, **chosen):
        order = Order(tmp_path, tmp_path, settings=settings, **chosen)
        pages, edition = prepare(planned, dataset, order, base="")
        assert {page.notebook for page in pages} == set(edition.notebooks)
        return {page.path: dict(page.parameters) for page in pages}

    return make


def test_two_parameters_of_two_notebooks_are_each_set_where_they_are_declared(prepared):
    pages = prepared({"round": "2018", "before": "2017"})
    assert pages["rounds.html"] == {"before": "2017"}
    assert pages["overview.html"] == {"round": "2018"}
    assert pages["services/s.html"] == {"service": "S", "round": "2018"}
    assert "data-quality.html" not in pages


def test_a_service_that_is_set_chooses_its_page_and_the_rest_is_set_elsewhere(prepared):
    assert prepared({"service": "S", "round": "2018"}) == {
        "services/s.html": {"service": "S", "round": "2018"}
    }
    assert prepared({"service": "S", "before": "2017"}) == {
        "services/s.html": {"service": "S"},
        "rounds.html": {"before": "2017"},
    }


def test_a_team_that_is_set_leaves_out_other_teams(prepared):
    teams = [path for path in prepared({"team": "Team A", "as_of": "2018-01-01"}) if "teams/" in path]
    assert teams == ["teams/team-a.html"]


def test_all_is_made_where_nothing_is_set(prepared):
    assert "data-quality.html" in prepared({})


@pytest.mark.parametrize(
    ("settings", "chosen", "message"),
    [
        ({"round": "2018", "befor": "2017"}, {}, "unknown parameter 'befor'; did you mean 'before'?"),
        ({"nothing": "1"}, {}, "unknown parameter 'nothing'; area_comparison declares 'dataset'"),
        ({"before": "2017"}, {"services": ["S"]}, "unknown parameter 'before'; service_findings declares"),
        ({"before": "1"}, {"notebooks": ["overview"]}, "unknown parameter 'before'; overview declares"),
        ({"team": "Team X"}, {}, "unknown team 'Team X'; did you mean 'Team C'?"),
        ({"service": "X"}, {}, "unknown service 'X'; known are 'S', 'T'"),
    ],
)
def test_what_no_notebook_of_the_pages_declares_is_refused(prepared, settings, chosen, message):
    with pytest.raises(ReportError) as fault:
        prepared(settings, **chosen)
    assert str(fault.value).startswith(message)


def test_a_value_of_another_type_is_refused_wherever_it_is_declared(ds, tmp_path):
    from improvement_analysis.report.planning.plan import plan_publication

    order = Order(tmp_path, tmp_path, settings={"round": "2018", "min_teams": "two"}, publish=True)
    with pytest.raises(ReportError, match="parameter 'min_teams': found 'two', expected a whole number"):
        prepare(plan_publication(3), ds, order, base="")
