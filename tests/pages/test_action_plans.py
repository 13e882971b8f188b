"""The page of the action plans, typed by hand for small tables."""

from datetime import date

import pytest

from improvement_analysis import pages
from improvement_analysis.actions import list_overdue
from improvement_analysis.errors import GradingsError


def cells(table):
    return table.frame.to_numpy().tolist()


def test_how_they_stand_on_a_day(forms):
    assert pages.brief_actions(forms, "2018-04-01").items == (
        "4 actions of 1 team, as they stood on 1 April 2018.",
        "Of these: 1 closed, 1 in progress, 1 not started, 1 not reported on yet.",
        "1 of 3 open actions was overdue on 1 April 2018. 1 action had no day to be done by.",
        "None of 1 closed action was done by the day set.",
        "No team had been visited twice by then, so no grades stand on both sides of an action.",
    )


def test_the_day_is_by_default_the_last_that_is_reported_up_to(forms):
    said = pages.brief_actions(forms).items
    assert said[0] == ("5 actions of 1 team, as they stood on 31 December 2018, the last day with reports.")
    assert said[-1].startswith(
        "In 1 domain of a team, an action was closed between two visits that both gave a grade. After it, 1 "
        "of 1 went up, 0 did not move and 0 went down. This shows what came after what, not why. "
    )


def test_what_is_no_day_is_refused(forms):
    with pytest.raises(GradingsError, match=r"as_of: '31\.3\.19' is no day; write it as 2019-03-31"):
        pages.choose_day(forms, "31.3.19")


def test_overdue_actions_are_listed_most_overdue_first(forms):
    table = pages.list_overdue_actions(forms, "2018-07-10")
    assert table.caption == "Actions overdue on 10 July 2018"
    assert table.frame[["No.", "Days overdue"]].to_numpy().tolist() == [["2", "132"], ["3", "10"]]
    assert str(pages.list_overdue_actions(forms, "2018-01-10")) == (
        "- No action was overdue on 10 January 2018."
    )


@pytest.mark.parametrize("on", ["2018-01-31", "2018-02-01", "2018-02-28", "2018-03-01", "2019-03-31"])
def test_overdue_is_what_the_table_of_actions_calls_so(forms, on):
    """On the day that an action is due it is not overdue yet."""
    day = date.fromisoformat(on)
    late = pages.stand_actions(forms, day).dropna(subset="days_overdue")
    expected = list_overdue(forms.actions, day)
    assert sorted(late["number"]) == sorted(expected["number"])
    assert sorted(late["days_overdue"]) == sorted(expected["days_overdue"])


def test_closed_is_told_on_time_or_late(forms):
    assert cells(pages.list_closed_actions(forms)) == [["S", "5", "1", "0", "1", "0"]]


def test_grades_before_and_after_stand_beside_what_was_closed(forms):
    assert cells(pages.list_followed(forms)) == [
        ["An action was closed before the next visit", "1", "0", "0", "0", "1"],
        ["Actions were planned, none closed by then", "0", "0", "1", "0", "1"],
    ]
    assert cells(pages.list_followed_domains(forms)) == [
        ["S", "Team A", "Practice and direct work", "0 of 1", "2017-18", "Requires improvement",
         "2018-19", "Inadequate"],
        ["S", "Team A", "Performance monitoring", "1 of 1", "2017-18", "Inadequate", "2018-19", "Good"],
    ]  # fmt: skip


def test_without_actions_every_table_says_so(ds):
    shown = [pages.list_overdue_actions, pages.list_closed_actions, pages.list_followed]
    assert {str(each(ds)) for each in shown} == {"- This dataset holds no action plan."}
