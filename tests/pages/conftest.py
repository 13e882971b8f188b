"""Small datasets for the tests of pages, drawn as on paper."""

from dataclasses import replace

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis.actions import as_actions

AREAS = """
    service      | area     | team   | round   | grader | stage  | domain   | grade | source
    Safeguarding | Redditch | Team A | 2017-18 | first  | agreed | overall  | RI    | 1
    Safeguarding | Redditch | Team B | 2017-18 | first  |        | overall  | RI    | 2
    Safeguarding | Redditch | Team C | 2017-18 | first  |        | overall  | G     | 3
    Safeguarding | Malvern  | Team D | 2017-18 | first  |        | overall  | I     | 4
    Safeguarding | Malvern  | Team E | 2017-18 | first  |        | overall  | I     | 5
    Safeguarding | Malvern  | Team F | 2017-18 | first  |        | overall  | I     | 6
    Safeguarding | Malvern  | Team G | 2017-18 | first  |        | overall  | RI    | 7
    Safeguarding | Malvern  | Team H | 2017-18 | first  |        | overall  | RI    | 8
    Safeguarding | Malvern  | Team J | 2017-18 | first  |        | overall  | RI    | 9
    Safeguarding | Redditch | Team A | 2017-18 | second | second | overall  | I     | 10
    Safeguarding | Redditch | Team A | 2016-17 | first  |        | overall  | I     | 11
    Safeguarding | Redditch | Team Z | 2016-17 | first  |        | overall  | I     | 12
"""
TEAMS = """
    service | area  | team   | round   | visit_date | domain     | grade  | source
    S       | North | Team A | 2018-19 | 2018-09-03 | practice   | I      | 1
    S       | North | Team B | 2018-19 | 2018-09-04 | practice   | G      | 2
    S       | South | Team C | 2018-19 | 2018-09-05 | practice   | G / RI | 3
    S       | North | Team A | 2018-19 | 2018-09-03 | monitoring | G      | 4
    S       | North | Team B | 2018-19 | 2018-09-04 | monitoring |        | 5
    S       | South | Team C | 2018-19 | 2018-09-05 | monitoring | I      | 6
    S       | North | Team A | 2018-19 | 2018-09-03 | overall    | RI     | 7
    S       | North | Team B | 2018-19 | 2018-09-04 | overall    | RI     | 8
    S       | South | Team C | 2018-19 | 2018-09-05 | overall    | RI     | 9
    S       | North | Team A | 2017-18 | 2017-09-03 | practice   | RI     | 10
    S       | North | Team A | 2017-18 | 2017-09-03 | monitoring | I      | 11
    T       | North | Team A | 2018-19 | 2018-09-06 | practice   | RI     | 12
"""
PLANS = """
    service | area  | team   | round   | visit_date | number | domain     | due        | closed_on  | quarter    | status
    S       | North | Team A | 2017-18 | 2017-09-03 | 1      | monitoring | 2018-01-31 | 2018-02-15 | 2017-18 Q4 | closed
    S       | North | Team A | 2017-18 | 2017-09-03 | 2      | practice   | 2018-02-28 |            | 2017-18 Q4 | in progress
    S       | North | Team A | 2017-18 | 2017-09-03 | 3      |            | 2018-06-30 |            | 2017-18 Q4 | not started
    S       | North | Team A | 2017-18 | 2017-09-03 | 4      |            |            |            |            |
    S       | North | Team A | 2018-19 | 2018-09-03 | 1      | practice   | 2018-12-31 |            | 2018-19 Q3 | stopped
"""  # noqa: E501 (drawn as on paper)
FINDINGS = """
    id | kind          | theme | domains    | services | areas | text                      | page | source | teams  | round
    1  | vulnerability | x     | practice   | S        | North | Files are late.           |      | a      | Team A | 2018-19
    2  | vulnerability | x     | monitoring | S        | South | Supervision is put off.   |      | b      | Team C | 2018-19
    3  | vulnerability | x     | practice   | S        | North | Files are late.           |      | c      | Team B | 2018-19
    4  | strength      | x     |            | S        | North | team a knows its figures. |      | d      | Team A | 2018-19
    5  | strength      | x     |            | S        | North | Long gone.                |      | e      | Team A | 2017-18
"""  # noqa: E501


@pytest.fixture
def two_areas(ds, table):
    """A dataset of named teams in two areas, with a second grader for one and an earlier round for two."""
    nothing = ds.published.iloc[:0]
    return replace(
        ds, gradings=ia.as_gradings(table(AREAS)), published=nothing, statements=ds.statements.iloc[:0]
    )


@pytest.fixture
def forms(ds, table):
    """A dataset of named teams with actions and findings."""
    plans = table(PLANS).assign(action="x", source="s")
    return replace(
        ds,
        gradings=ia.as_gradings(table(TEAMS)),
        actions=as_actions(plans.assign(number=plans["number"].astype(int))),
        findings=table(FINDINGS)
        .astype("str")
        .replace("None", None)
        .assign(page=pd.array([None] * 5, "Int64")),
        published=ds.published.iloc[:0],
        statements=ds.statements.iloc[:0],
    )


@pytest.fixture(scope="module")
def example(root):
    return ia.load(root / "data" / "raw" / "example-team-forms")
