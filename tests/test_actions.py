"""Actions: the table, taking parts of it, and what is overdue on a given day."""

from __future__ import annotations

from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement_analysis.actions import (
    COLUMNS,
    STATUSES,
    as_actions,
    count_actions,
    latest_actions,
    list_closed,
    list_overdue,
    quarter_end,
    quarter_of,
    quarters_after,
    reported_until,
    select_actions,
    track_actions,
)
from improvement_analysis.errors import GradingsError
from improvement_analysis.sources import load


@pytest.fixture
def actions(table):
    """Five actions of three teams, some reported on in several quarters."""
    rows = table("""
        service      | team | number | action    | due        | closed_on  | quarter    | status      | source
        Safeguarding | A    | 1      | caseloads | 2018-01-31 | 2018-05-02 | 2017-18 Q4 | in progress | a
        Safeguarding | A    | 1      | caseloads | 2018-01-31 | 2018-05-02 | 2018-19 Q1 | closed      | a
        Safeguarding | A    | 2      | meetings  | 2018-03-31 |            | 2017-18 Q4 | not started | a
        Safeguarding | B    | 1      | meetings  | 2018-03-01 |            | 2017-18 Q4 | stopped     | b
        Care Leaving | C    | 1      | pathways  |            |            |            |             | c
        Care Leaving | C    | 2      | transfers | 2018-06-30 | 2018-06-30 | 2018-19 Q1 | closed      | c
    """)
    return as_actions(rows.assign(number=rows["number"].astype(int), round="2017-18", authority="Anyshire"))


def named(frame):
    """The actions of a frame as team and number."""
    return [f"{team}{number}" for team, number in zip(frame["team"], frame["number"], strict=True)]


def test_columns_stand_in_order_and_are_typed(actions):
    assert tuple(actions.columns) == COLUMNS
    assert actions["status"].cat.categories.tolist() == list(STATUSES)
    assert actions["status"].cat.ordered
    assert {str(actions[day].dtype) for day in ("due", "closed_on", "visit_date")} == {"datetime64[us]"}
    assert str(actions["number"].dtype) == "int64"


def test_no_action_is_a_table_too():
    empty = as_actions()
    assert tuple(empty.columns) == COLUMNS
    assert (empty.dtypes == as_actions([]).dtypes).all()
    assert len(list_overdue(empty, date(2018, 1, 1))) == len(latest_actions(empty)) == 0
    assert len(list_closed(empty)) == 0


def test_an_action_not_reported_on_has_no_quarter_and_no_status(actions):
    row = actions[(actions["team"] == "C") & (actions["number"] == 1)]
    assert row[["quarter", "status", "due"]].isna().all(axis=None)


ROW = {"service": "A", "number": 1, "action": "x", "source": "s"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"service": "A", "number": 1, "action": "x"}, "the table has no column 'source'"),
        (
            {**ROW, "quarter": "2018-19 Q1", "status": "amber"},
            "unknown status 'amber'; known are 'not started', 'in progress', 'closed', 'stopped'",
        ),
        (
            {**ROW, "quarter": "Q1 2018", "status": "closed"},
            "'Q1 2018' is not a quarter; expected one such as '2018-19 Q1'",
        ),
        (
            {**ROW, "status": "closed"},
            "a status needs its quarter, and a quarter its status",
        ),
        (
            {**ROW, "quarter": "2018-19 Q1"},
            "a status needs its quarter, and a quarter its status",
        ),
    ],
)  # fmt: skip
def test_what_are_no_actions_is_refused(row, said):
    with pytest.raises(GradingsError) as caught:
        as_actions([row])
    assert str(caught.value) == said


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"service": "Care Leaving"}, ["C1", "C2"]),
        ({"quarter": "2017-18 Q4"}, ["A1", "A2", "B1"]),
        ({"status": "closed"}, ["A1", "C2"]),
        ({"status": ["not started", "in progress"]}, ["A1", "A2"]),
        ({"service": "Safeguarding", "quarter": "2018-19 Q1"}, ["A1"]),
        ({"service": "Care Leaving", "status": "stopped"}, []),
        ({"round": "2017-18", "team": ["B", "C"]}, ["B1", "C1", "C2"]),
        ({}, ["A1", "A1", "A2", "B1", "C1", "C2"]),
    ],
)
def test_parts_are_taken_by_name(actions, wanted, found):
    assert named(select_actions(actions, **wanted)) == found


@pytest.mark.parametrize(
    ("wanted", "said"),
    [
        (
            {"service": "Safegarding"},
            "no actions for service 'Safegarding'; did you mean 'Safeguarding'?; known are 'Safeguarding', "
            "'Care Leaving'",
        ),
        (
            {"status": "amber"},
            "no actions for status 'amber'; known are 'not started', 'in progress', 'closed', 'stopped'",
        ),
        ({"quarter": "2019-20 Q1"}, "no actions for quarter '2019-20 Q1'; did you mean '2018-19 Q1'?"),
        ({"area": "Malvern"}, "no actions for area 'Malvern'; none names its area"),
    ],
)
def test_a_misspelt_name_is_no_empty_result(actions, wanted, said):
    with pytest.raises(GradingsError) as caught:
        select_actions(actions, **wanted)
    assert str(caught.value).startswith(said)


def test_the_last_report_of_each_action_stands(actions):
    last = latest_actions(actions)
    assert named(last) == ["A1", "A2", "B1", "C1", "C2"]
    assert last["status"].astype(object).where(last["status"].notna(), None).tolist() == [
        "closed", "not started", "stopped", None, "closed"
    ]  # fmt: skip


def test_what_was_reported_later_is_not_known_before(actions):
    last = latest_actions(actions, date(2018, 3, 31))
    assert last["status"].astype(object).where(last["status"].notna(), None).tolist() == [
        "in progress", "not started", "stopped", None, None
    ]  # fmt: skip
    assert last["closed_on"].isna().all()


@pytest.mark.parametrize(
    ("on", "found"),
    [
        (date(2018, 1, 31), []),
        (date(2018, 2, 1), ["A1"]),
        (date(2018, 3, 31), ["A1"]),
        (date(2018, 4, 1), ["A1", "A2"]),
        (date(2018, 5, 1), ["A1", "A2"]),
        (date(2018, 5, 2), ["A2"]),
        (date(2019, 1, 1), ["A2"]),
    ],
)
def test_overdue_is_due_before_the_day_and_not_ended_by_it(actions, on, found):
    """B1 was stopped, C1 has no day, C2 was closed on its day."""
    assert named(list_overdue(actions, on)) == found


def test_the_most_overdue_comes_first_with_its_days(actions):
    late = list_overdue(actions, date(2018, 4, 10))
    assert late["days_overdue"].tolist() == [69, 10]
    assert named(late) == ["A1", "A2"]


def test_closed_without_a_day_is_not_overdue(actions):
    undated = actions.assign(closed_on=pd.Series([pd.NaT] * len(actions), dtype="datetime64[us]"))
    assert named(list_overdue(undated, date(2018, 12, 31))) == ["A2"]


def test_closed_on_time_late_or_unknown(actions):
    closed = list_closed(actions)
    assert named(closed) == ["A1", "C2"]
    assert closed["on_time"].tolist() == [False, True]
    undated = list_closed(actions.assign(due=pd.Series([pd.NaT] * len(actions), dtype="datetime64[us]")))
    assert undated["on_time"].isna().all()


def test_statuses_are_counted_by_service_and_quarter(actions):
    counts = count_actions(actions)
    assert counts.columns.tolist() == [*STATUSES, "not reported"]
    assert counts.loc[("Safeguarding", "2017-18 Q4")].tolist() == [1, 1, 0, 1, 0]
    assert counts.loc[("Safeguarding", "2018-19 Q1")].tolist() == [0, 0, 1, 0, 0]
    assert counts.to_numpy().sum() == len(actions)
    assert count_actions(actions, "service").loc["Care Leaving"].tolist() == [0, 0, 1, 0, 1]


@pytest.mark.parametrize(
    ("day", "quarter", "end"),
    [
        (date(2017, 4, 1), "2017-18 Q1", date(2017, 6, 30)),
        (date(2017, 9, 30), "2017-18 Q2", date(2017, 9, 30)),
        (date(2017, 12, 31), "2017-18 Q3", date(2017, 12, 31)),
        (date(2018, 1, 1), "2017-18 Q4", date(2018, 3, 31)),
        (date(1999, 12, 31), "1999-00 Q3", date(1999, 12, 31)),
    ],
)
def test_quarters_are_those_of_the_financial_year(day, quarter, end):
    assert quarter_of(day) == quarter
    assert quarter_end(quarter) == end


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_lies_in_its_quarter_and_the_next_begins_after(day):
    end = quarter_end(quarter_of(day))
    assert day <= end < day + timedelta(days=92)
    assert quarter_of(end + timedelta(days=1)) == quarters_after(day, 1)[0] != quarter_of(day)


@pytest.mark.parametrize(
    "text", ["", "2018 Q1", "2018-20 Q1", "2018-19 Q5", "2018-19 q1", "0000-01 Q1", "9999-00 Q4"]
)
def test_what_is_no_quarter_is_refused(text):
    with pytest.raises(GradingsError, match="is not a quarter"):
        quarter_end(text)


def test_the_dictionary_describes_every_column_and_status(root):
    text = (root / "docs" / "data-dictionary.md").read_text("utf-8")
    section = text[text.index("### actions\n") :]
    assert [column for column in COLUMNS if f"`{column}`" not in section] == []
    assert [status for status in STATUSES if f"`{status}`" not in section] == []


def test_every_quarter_tells_how_all_actions_planned_by_then_stood(actions, table):
    """By hand: A1 and A2, B1 from the fourth quarter; C1 was never reported; C2 comes with its report."""
    tracked = track_actions(actions)
    assert tracked.columns.tolist() == [*STATUSES, "not reported"]
    assert tracked.to_dict("split")["index"] == ["2017-18 Q4", "2018-19 Q1"]
    assert tracked.to_numpy().tolist() == [[1, 1, 0, 1, 1], [1, 0, 2, 1, 1]]


def test_an_action_counts_from_the_quarter_of_its_visit_and_quarters_without_a_report_are_there(table):
    rows = table("""
        service | team | number | action | visit_date | closed_on  | quarter    | status      | source
        S       | A    | 1      | x      | 2017-09-04 |            | 2018-19 Q1 | in progress | a
        S       | B    | 1      | x      | 2018-01-31 | 2018-02-01 |            |             | b
        S       | C    | 1      | x      | 2018-08-01 |            |            |             | c
    """)
    tracked = track_actions(as_actions(rows.assign(number=rows["number"].astype(int))))
    assert tracked.reset_index().to_numpy().tolist() == [
        ["2017-18 Q2", 0, 0, 0, 0, 1],
        ["2017-18 Q3", 0, 0, 0, 0, 1],
        ["2017-18 Q4", 0, 0, 1, 0, 1],
        ["2018-19 Q1", 0, 1, 1, 0, 0],
    ]


def test_actions_never_reported_on_have_no_quarters(actions):
    silent = actions[actions["quarter"].isna()].reset_index(drop=True)
    assert track_actions(silent).empty
    assert reported_until(silent) is None
    assert reported_until(silent.assign(visit_date=pd.Timestamp(2018, 1, 4))) == date(2018, 1, 4)
    assert reported_until(actions) == date(2018, 6, 30)


def test_what_is_tracked_is_what_overdue_calls_ended(actions):
    """At the end of a quarter an action is closed or stopped just where it cannot be overdue."""
    always_due = actions.assign(due=pd.Timestamp(2000, 1, 1))
    for quarter, row in track_actions(actions).iterrows():
        late = list_overdue(always_due, quarter_end(quarter))
        assert len(late) == row.sum() - row["closed"] - row["stopped"] + (quarter == "2017-18 Q4")


def test_rounds_are_in_order_and_those_of_a_dataset_are_those_of_its_gradings():
    plan = {"service": "S", "team": "A", "number": 1, "action": "x", "source": "s"}
    rows = [{**plan, "round": name} for name in ("Autumn 2024", "Spring 2024", None)]
    rounds = as_actions(rows)["round"]
    assert (rounds.cat.ordered, rounds.cat.categories.tolist()) == (True, ["Spring 2024", "Autumn 2024"])
    declared = pd.CategoricalDtype(["Blue", "Amber"], ordered=True)
    table = pd.DataFrame([{**plan, "round": "Amber"}]).astype({"round": declared})
    assert as_actions(table)["round"].dtype == declared
    made_up = load("example-team-forms")
    for held in (made_up.actions, made_up.findings):
        assert held["round"].dtype == made_up.gradings["round"].dtype
