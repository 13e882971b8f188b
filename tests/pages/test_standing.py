"""Which grading of a team stands on a page."""

import pytest

from improvement_analysis.errors import GradingsError


def test_one_grading_of_a_team_stands_that_which_was_agreed_in_the_latest_round(two_areas):
    standing = two_areas.standing()
    assert len(standing) == 9
    assert set(standing["round"]) == {"2017-18"}
    assert set(standing["grader"]) == {"first"}
    assert len(two_areas.standing("2016-17")) == 2
    with pytest.raises(GradingsError, match="no gradings for round '2015-16'"):
        two_areas.standing("2015-16")


def test_published_tallies_stand_whole(ds):
    assert ds.standing().equals(ds.gradings)
