"""Action plans from a file: what is read, what is refused, and everything that is wrong at once."""

from __future__ import annotations

from datetime import date

import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError
from improvement_analysis.actions import COLUMNS, count_actions, list_overdue
from improvement_analysis.sources import check_path, write_tables
from improvement_analysis.sources.interpretation.action_plans import read_quarter

HEAD = "service,team,visit_date,number,action,domain,role,due,closed_on,quarter,status,outcome\n"
PLAN = HEAD + (
    "Safeguarding,Team A,2017-09-04,1,Close old cases,allocation,lead,31/01/2018,,Q3 2017/18,started,\n"
    "Safeguarding,Team A,2017-09-04,1,Close old cases,allocation,lead,31/01/2018,,2017-18 Q4,"
    "in progress,half of them\n"
    "Safeguarding,Team A,2017-09-04,2,Audit files,,lead,30/11/2017,12/12/2017,2017-18 Q3,done,all read\n"
    "Leaving Care,Team B,,1,Plan moves,practice,team manager,28/02/2018,,,,\n"
)


@pytest.fixture
def planned(copy):
    """A writer of ``actions.csv`` into a copy of the published dataset, which declares it."""
    declared = copy / "source.toml"
    text = declared.read_text(encoding="utf-8")
    declared.write_text(
        text + '\n[[files]]\nname = "actions.csv"\nkind = "actions"\norigin = "The tracker."\n', "utf-8"
    )

    def write(plan):
        (copy / "actions.csv").write_text(plan, encoding="utf-8")
        return copy

    return write


def problems_of(folder):
    return [str(problem) for problem in check_path(folder)]


def test_a_plan_becomes_the_table_of_actions(planned):
    ds = ia.load(planned(PLAN))
    assert tuple(ds.actions.columns) == COLUMNS
    assert ds.actions["service"].unique().tolist() == ["Safeguarding", "Care Leaving"]
    assert ds.actions.loc[0, ["authority", "round", "quarter", "status", "source"]].tolist() == [
        "Worcestershire", "2017-18", "2017-18 Q3", "in progress", "actions.csv, row 2"
    ]  # fmt: skip
    assert ds.actions.loc[3, ["domain", "role"]].tolist() == ["practice", "team manager"]
    assert ds.actions.loc[3, ["quarter", "status", "visit_date", "closed_on"]].isna().all()
    assert count_actions(ds.actions, "quarter").loc["2017-18 Q3"].tolist() == [0, 1, 1, 0, 0]
    late = list_overdue(ds.actions, date(2018, 3, 31))
    assert late[["team", "number", "days_overdue"]].to_numpy().tolist() == [
        ["Team A", 1, 59],
        ["Team B", 1, 31],
    ]
    assert ds.problems == ()


def test_what_is_built_from_a_plan_is_a_plan(planned, tmp_path):
    first = ia.load(planned(PLAN)).actions
    (written,) = write_tables({"actions": first.drop(columns="source")}, tmp_path)
    again = ia.load(planned(written.read_text(encoding="utf-8"))).actions
    assert again.drop(columns="source").equals(first.drop(columns="source"))


def test_headings_of_a_council_s_own_are_mapped(planned):
    folder = planned(PLAN.replace("closed_on", "Signed off", 1).replace("action", "What we will do", 1))
    declared = folder / "source.toml"
    mapping = '\n[files.columns]\nclosed_on = "Signed off"\naction = "What we will do"\n'
    declared.write_text(declared.read_text("utf-8") + mapping, "utf-8")
    ds = ia.load(folder)
    assert ds.actions["action"].tolist()[0] == "Close old cases"
    assert ds.actions["closed_on"].notna().sum() == 1
    assert ds.problems == ()


def test_everything_that_is_wrong_is_told_at_once_with_row_and_column(planned):
    plan = HEAD + (
        "Safegarding,Team A,2017-09-04,1,Close old cases,allocation,lead,2018-01-31,,2017-18 Q3,amber,\n"
        "Safeguarding,,2017-09-04,0,,workings,Jane Doe,31.02.2018,,Q5 2017-18,,\n"
        "Safeguarding,Team C,2017-09-04,1,Audit files,,lead,2217-01-31,,,closed,\n"
        "Safeguarding,Team D,2017-09-04,1,Audit files,,lead,2018-01-31,,2017-18 Q3,,\n"
        "Safeguarding,Team D,2017-09-04,2,Audit files,,lead,2018-01-31,,,,much\n"
    )
    with pytest.raises(SourceError) as caught:
        ia.load(planned(plan))
    found = {(p.row, p.column) for p in caught.value.problems}
    assert found == {
        (2, "service"), (2, "status"), (3, "team"), (3, "number"), (3, "action"), (3, "domain"), (3, "role"),
        (3, "due"), (3, "quarter"), (4, "due"), (5, "status"), (6, "status"),
    }  # fmt: skip
    told = problems_of(planned(plan))
    assert (
        "actions.csv, row 2, column 'status': found 'amber', expected one of not started, in progress, "
        "closed, stopped"
    ) in told
    assert (
        "actions.csv, row 3, column 'quarter': found 'Q5 2017-18', expected a quarter of the financial year, "
        "such as '2018-19 Q1'"
    ) in told
    assert "Jane Doe" not in " ".join(told)


def test_rows_of_one_action_must_agree(planned):
    told = problems_of(planned(PLAN.replace("2017-18 Q4,in progress", "2017-18 Q3,in progress")))
    assert told == [
        "actions.csv, row 3, column 'quarter': found the quarter 2017-18 Q3 of this action again, after "
        "row 2, expected each quarter of an action once"
    ]
    told = problems_of(planned(PLAN.replace("1,Close old cases", "1,Open new ones", 1)))
    assert told == [
        "actions.csv, row 3, column 'action': found 'Close old cases', expected 'Open new ones', as in row "
        "2; a team's actions each have a number of their own"
    ]


def test_a_status_needs_its_quarter(planned):
    told = problems_of(planned(PLAN.replace("2017-18 Q4,in progress", ",in progress")))
    assert told == [
        "actions.csv, row 3, column 'quarter': found a status without a quarter, expected the "
        "quarter it is of"
    ]


def test_what_can_hardly_be_meant_is_a_warning_and_kept(planned):
    plan = HEAD + (
        "Safeguarding,Team A,2017-09-04,1,x,,lead,,,2017-18 Q3,closed,\n"
        "Safeguarding,Team A,2017-09-04,2,x,,lead,2018-01-31,2017-09-01,2017-18 Q3,stopped,\n"
    )
    ds = ia.load(planned(plan))
    assert [(p.row, p.column, p.found, p.severity) for p in ds.problems] == [
        (2, "closed_on", "no day", "warning"),
        (2, "due", "no day", "warning"),
        (3, "closed_on", "the day 2017-09-01", "warning"),
        (3, "closed_on", "the day 2017-09-01", "warning"),
    ]
    assert len(ds.actions) == 2


def test_a_column_that_is_needed_and_an_empty_table_are_told(planned):
    assert problems_of(planned("service,team,action\nSafeguarding,Team A,x\n"))[0].startswith(
        "actions.csv, row 1: found 'service', 'team', 'action', expected a column 'number'"
    )
    assert problems_of(planned(HEAD)) == [
        "actions.csv, row 1: found no row below the header, expected a row for each action"
    ]


@pytest.mark.parametrize("text", ["Q1", "2018 Q1", "2018-18 Q1", "2018-19 Q0", "1 2018-19", "0000-01 Q1"])
def test_a_quarter_is_never_guessed(text):
    assert read_quarter(text).value is None
    assert read_quarter(text).is_error
