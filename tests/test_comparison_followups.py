"""Actions closed between two visits, and the grades on both sides of them."""

from __future__ import annotations

import pandas as pd
import pytest

from improvement_analysis.actions import as_actions
from improvement_analysis.comparison import FOLLOWED, follow_actions
from improvement_analysis.gradings import as_gradings

VISITS = """
    authority | service | team   | round | visit_date | domain     | grade  | grader | stage  | source
    X         | S       | Team A | 2017  | 2017-09-01 | practice   | I      | first  | agreed | 1
    X         | S       | Team A | 2017  | 2017-09-01 | practice   | G      | second | second | 2
    X         | S       | Team A | 2017  | 2017-09-01 | monitoring | RI     | first  | agreed | 3
    X         | S       | Team A | 2017  | 2017-09-01 | allocation | RI     | first  | agreed | 4
    X         | S       | Team A | 2017  | 2017-09-01 | overall    | RI     | first  | agreed | 5
    X         | S       | Team B | 2017  | 2017-09-01 | practice   | G      | first  | agreed | 6
    X         | S       | Team A | 2018  | 2018-09-01 | practice   | RI / I | first  | agreed | 7
    X         | S       | Team A | 2018  | 2018-09-01 | monitoring | RI     | first  | agreed | 8
    X         | S       | Team A | 2018  | 2018-09-01 | allocation |        | first  | agreed | 9
    X         | S       | Team A | 2018  | 2018-09-01 | overall    | G      | first  | agreed | 10
    X         | S       | Team A | 2019  | 2019-09-01 | practice   | I      | first  | agreed | 11
"""
PLANS = """
    authority | service | team   | round | number | domain     | action | closed_on  | source
    X         | S       | Team A | 2017  | 1      | practice   | x      | 2018-08-31 | 1
    X         | S       | Team A | 2017  | 2      | practice   | x      | 2018-09-01 | 2
    X         | S       | Team A | 2017  | 3      | monitoring | x      | 2018-09-01 | 3
    X         | S       | Team A | 2017  | 4      |            | x      | 2017-10-01 | 4
    X         | S       | Team A | 2018  | 1      | practice   | x      |            | 5
    X         | S       | Team B | 2017  | 1      | practice   | x      | 2017-10-01 | 6
"""


@pytest.fixture
def visits(table):
    return as_gradings(table(VISITS))


@pytest.fixture
def plans(table):
    rows = table(PLANS)
    return as_actions(rows.assign(number=rows["number"].astype(int)))


def told(found):
    columns = ["team", "domain", "round", "next_round", "planned", "closed", "followed", "moved"]
    return sorted(found[columns].astype(object).where(found[columns].notna(), None).to_numpy().tolist())


def test_only_what_was_closed_before_the_day_of_the_next_visit_counts(plans, visits):
    """Team B has one visit; an action without a domain has no row; the overall conclusion is left out."""
    assert told(follow_actions(plans, visits)) == [
        ["Team A", "allocation", "2017", "2018", 0, 0, "none", None],
        ["Team A", "monitoring", "2017", "2018", 1, 0, "planned", "not moved"],
        ["Team A", "practice", "2017", "2018", 2, 1, "closed", "up"],
        ["Team A", "practice", "2018", "2019", 1, 0, "planned", "down"],
    ]


def test_without_the_day_of_the_next_visit_nobody_knows(plans, visits):
    undated = visits.assign(visit_date=visits["visit_date"].where(visits["round"] != "2018"))
    found = follow_actions(plans, undated)
    first = found[found["round"] == "2017"]
    assert sorted(first["followed"]) == ["none", "not known", "not known"]
    assert first["closed"].isna().all()


def test_the_overall_conclusion_is_there_if_asked_for(plans, visits):
    assert "overall" in set(follow_actions(plans, visits, leave_out=())["domain"])


def test_a_team_of_another_service_or_area_is_another_team(plans, visits):
    elsewhere = plans.assign(service="T")
    assert set(follow_actions(elsewhere, visits)["followed"]) == {"none"}
    assert set(follow_actions(plans.assign(area="North"), visits)["followed"]) == {"none"}


def test_no_actions_and_no_second_visit_are_tables_too(plans, visits, ds):
    assert set(follow_actions(as_actions(), visits)["followed"]) == {"none"}
    assert follow_actions(plans, visits[visits["round"] == "2017"]).empty
    assert follow_actions(plans, ds.gradings).empty
    assert set(follow_actions(plans, visits)["followed"]) <= set(FOLLOWED)


def test_each_pair_of_visits_is_one_row_however_many_actions(plans, visits):
    found = follow_actions(pd.concat([plans, plans.assign(number=plans["number"] + 100)]), visits)
    assert len(found) == 4
    assert found.loc[found["followed"] == "closed", ["planned", "closed"]].to_numpy().tolist() == [[4, 2]]
