"""What the page of two rounds says."""

from dataclasses import replace

import pytest

import improvement_analysis as ia
from improvement_analysis import charts, pages
from improvement_analysis.errors import GradingsError


def test_rounds_tell_who_moved_and_who_is_in_one_only(two_areas):
    assert pages.brief_rounds(two_areas).items[:2] == (
        "From 2016-17 to 2017-18: 8 teams are new and 1 was not graded again.",
        "Overall conclusion: of 1 team graded twice, 1 moved up, none moved down and none stayed. "
        "One move does not show a direction.",
    )


def test_teams_in_one_round_only_go_to_the_chart_by_their_grade(two_areas, ds):
    apart = pages.count_apart(two_areas)
    assert {name: int(tally.sum()) for name, tally in apart.items()} == {"new": 8, "not_again": 1}
    chart = charts.change_grid(ia.transitions(*pages.match_rounds(two_areas), domain="overall"), **apart)
    assert "graded in Before only: 1 (1 inadequate)" in chart.alt_text
    assert pages.count_apart(ds) == {}


def test_without_an_overall_conclusion_the_first_domain_leads(two_areas):
    others = two_areas.gradings.assign(domain=two_areas.gradings["domain"].replace({"overall": "practice"}))
    without = replace(two_areas, gradings=others)
    assert pages.lead_domain(without) == "practice"
    assert pages.brief_rounds(without).items[1].startswith("Practice and direct work: of 1 team")


def test_a_round_is_not_compared_with_itself(two_areas):
    with pytest.raises(GradingsError, match="two rounds are compared; found '2017-18' for both"):
        pages.brief_rounds(two_areas, "2017-18", "2017-18")
