"""Days in tables of one's own: day first, as files are read, and nothing left off in silence."""

from datetime import date, datetime

import numpy as np
import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis.actions import as_actions
from improvement_analysis.days import read_days
from improvement_analysis.errors import GradingsError, SourceWarning
from improvement_analysis.gradings import check_gradings

JUNE = pd.Timestamp("2024-06-01")
ROW = {"service": "Safeguarding", "team": "Team A", "domain": "practice", "grade": "RI", "source": "x"}


def graded(*days):
    return pd.DataFrame([{**ROW, "team": f"Team {n}", "visit_date": day} for n, day in enumerate(days)])


SPELT = ["01/06/2024", "1/6/2024", "2024-06-01", "1 June 2024", "1 Jun 2024", date(2024, 6, 1), JUNE]


@pytest.mark.parametrize("day", [*SPELT, np.datetime64("2024-06-01")])
def test_a_day_is_read_day_first_whatever_it_comes_as(day):
    assert ia.as_gradings(graded(day))["visit_date"].to_list() == [JUNE]
    assert ia.as_gradings(graded(day, None, "05/06/2024"))["visit_date"].isna().to_list() == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("table", [graded(None), graded(), graded(None).drop(columns="visit_date")])
def test_no_day_is_no_fault(table):
    table = table if len(table.columns) else pd.DataFrame(columns=list(ROW))
    gradings = check_gradings(ia.as_gradings(table))
    assert gradings["visit_date"].isna().all()
    assert str(gradings["visit_date"].dtype) == "datetime64[us]"


def test_months_first_and_other_slips_are_refused_together():
    with pytest.raises(GradingsError) as refused:
        ia.as_gradings(graded("06/25/2024", "01/06/2024", "soon", "31/02/2024"))
    expected = "expected a date, day first, such as 04/09/2017 or 2017-09-04"
    remedy = "it only makes sense month first: write 25/06/2024"
    assert str(refused.value).splitlines() == [
        "there are days that cannot be read",
        f"  row 0, column 'visit_date': found '06/25/2024', {expected}; {remedy}",
        f"  row 2, column 'visit_date': found 'soon', {expected}",
        f"  row 3, column 'visit_date': found '31/02/2024', {expected}",
    ]


LEFT_OUT = "expected a date; it was read as 2024-06-01; the time of day was left out"
COUNTED = "expected a date; it was read as 2024-06-01, as workbooks count their days"


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("01/06/2024 14:30", f"'01/06/2024 14:30', {LEFT_OUT}"),
        (pd.Timestamp("2024-06-01 14:30"), f"'2024-06-01 14:30:00', {LEFT_OUT}"),
        (45444, f"the number 45444, {COUNTED}"),
        (45444.6, f"the number 45444.6, {COUNTED}"),
        ("45444", f"the number 45444, {COUNTED}"),
    ],
)
def test_what_is_left_off_a_day_is_told(day, told):
    with pytest.warns(SourceWarning) as warned:
        gradings = ia.as_gradings(graded(None, day))
    assert gradings["visit_date"].to_list()[1] == JUNE
    assert [str(each.message) for each in warned] == [f"the table, row 1, column 'visit_date': found {told}"]


def test_a_column_of_moments_is_told_too():
    with pytest.warns(SourceWarning, match="the time of day was left out"):
        gradings = ia.as_gradings(graded(JUNE + pd.Timedelta(hours=9), JUNE))
    assert gradings["visit_date"].to_list() == [JUNE, JUNE]


def test_a_zone_changes_no_day():
    days, problems = read_days(pd.Series([JUNE.tz_localize("Europe/London")]), "visit_date")
    assert (days.to_list(), problems) == ([JUNE], [])


def test_a_grading_with_a_time_of_day_breaks_the_contract():
    gradings = ia.as_gradings(graded("01/06/2024"))
    late = gradings.assign(visit_date=gradings["visit_date"] + pd.Timedelta(hours=9))
    with pytest.raises(GradingsError, match="a visit_date is a day, without a time \\(row 0\\)"):
        check_gradings(late)


def test_actions_have_their_days_day_first_too():
    row = {"service": "Safeguarding", "number": 1, "action": "A", "source": "x"}
    actions = as_actions([{**row, "due": "01/06/2024", "visit_date": date(2024, 3, 4)}])
    assert actions["due"].to_list() == [JUNE]
    assert actions["closed_on"].isna().all()
    with pytest.raises(GradingsError, match=r"row 0, column 'due': found '06/25/2024'.*month first"):
        as_actions([{**row, "due": "06/25/2024"}])


def test_the_index_of_a_column_of_days_means_nothing():
    given = pd.Series(pd.to_datetime(["2024-06-01", "2024-06-02", "2024-06-03"]), index=[2, 0, 0])
    days, problems = read_days(given, "visit_date")
    assert (days.dt.day.to_list(), days.index.to_list(), problems) == ([1, 2, 3], [0, 1, 2], [])


@pytest.mark.parametrize("day", ["01/06/1024", pd.Timestamp("2101-01-01"), datetime(1989, 12, 31)])
def test_a_day_in_no_possible_year_is_refused(day):
    days, problems = read_days([day, "01/01/1990", "31/12/2100"], "visit_date")
    assert [problem.expected for problem in problems] == ["a day from 1990 to 2100"]
    assert days.isna().to_list() == [True, False, False]
