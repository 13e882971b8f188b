"""What pages say: sentences typed by hand for small tables."""

from dataclasses import replace

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import charts, pages
from improvement_analysis.errors import GradingsError

AREAS = """
    service      | area     | team   | round   | grader | domain   | grade | source
    Safeguarding | Redditch | Team A | 2017-18 | first  | overall  | RI    | 1
    Safeguarding | Redditch | Team B | 2017-18 | first  | overall  | RI    | 2
    Safeguarding | Redditch | Team C | 2017-18 | first  | overall  | G     | 3
    Safeguarding | Malvern  | Team D | 2017-18 | first  | overall  | I     | 4
    Safeguarding | Malvern  | Team E | 2017-18 | first  | overall  | I     | 5
    Safeguarding | Malvern  | Team F | 2017-18 | first  | overall  | I     | 6
    Safeguarding | Malvern  | Team G | 2017-18 | first  | overall  | RI    | 7
    Safeguarding | Malvern  | Team H | 2017-18 | first  | overall  | RI    | 8
    Safeguarding | Malvern  | Team J | 2017-18 | first  | overall  | RI    | 9
    Safeguarding | Redditch | Team A | 2017-18 | second | overall  | I     | 10
    Safeguarding | Redditch | Team A | 2016-17 | first  | overall  | I     | 11
    Safeguarding | Redditch | Team Z | 2016-17 | first  | overall  | I     | 12
"""


@pytest.fixture
def forms(ds, table):
    """A dataset of named teams in two areas, with a second grader for one and an earlier round for two."""
    nothing = ds.published.iloc[:0]
    return replace(
        ds, gradings=ia.as_gradings(table(AREAS)), published=nothing, statements=ds.statements.iloc[:0]
    )


def test_an_area_with_three_teams_against_six(forms):
    said = pages.brief_area(forms, "Redditch").items[0]
    assert said.startswith("Overall conclusion: ")
    assert "12 of 18 pairings" in said
    assert "11 of the 84" in said or "11 of 84" in said
    assert "p = 0.13" in said
    assert pages.brief_area(forms, "Redditch").items[-1] == pages.areas.CENSUS


@pytest.mark.parametrize(
    ("tally", "said"),
    [
        ("1 x I", "The one Care Leaving team was inadequate in some domain but not overall."),
        ("1 x RI", None),
        ("1 x I, 1 x RI", "1 of the 2 Care Leaving teams was inadequate in some domain but not overall."),
        ("2 x I", "Both Care Leaving teams were inadequate in some domain but not overall."),
        ("3 x I, 6 x RI", "3 of the 9 Care Leaving teams were inadequate in some domain but not overall."),
    ],
)
def test_how_many_teams_were_low_but_not_overall(ds, tally, said):
    n = sum(int(part.split()[0]) for part in tally.split(","))
    cells = [("practice", tally), ("overall", f"{n} x RI")]
    rows = [{"service": "Care Leaving", "domain": d, "tally": t, "source": "x"} for d, t in cells]
    told = pages.describe_bounds(replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows))), "Redditch").items
    assert [one for one in told if "some domain" in one] == ([said] if said else [])


def test_services_left_out_of_every_domain_stand_below_the_numbers(ds, table):
    """In one domain B has teams of both areas, so that domains differ."""
    rows = [("A", "Redditch", "RI"), ("A", "Malvern", "G"), ("B", "Redditch", "G")]
    lines = [
        {"service": s, "area": a, "team": f"{s}{a}", "domain": "practice", "grade": g, "source": "x"}
        for s, a, g in rows
    ]
    once = replace(ds, gradings=ia.as_gradings(pd.DataFrame(lines)))
    listed = pages.list_comparison(once, pages.compare_area(once, "Redditch"))
    assert "Left out: one side only" not in listed.csv.splitlines()[0]
    assert "no judged team there: B." in listed.html
    more = [line | {"domain": "overall"} for line in lines]
    more += [dict(more[2], area="Malvern", team="B2", grade="RI")]
    twice = replace(ds, gradings=ia.as_gradings(pd.DataFrame([*lines, *more])))
    listed = pages.list_comparison(twice, pages.compare_area(twice, "Redditch"))
    assert "Left out: one side only" in listed.csv.splitlines()[0]
    assert "no judged team there" not in listed.html


@pytest.mark.parametrize(
    ("grades", "last"), [(("RI", "RI", "RI"), "Why undefined"), (("RI", "G", "G"), "AC2")], ids=["one", "two"]
)
def test_why_a_coefficient_is_undefined_is_a_column_where_one_is(forms, grades, last):
    lines = [
        {"service": "A", "team": f"Team {n}", "grader": who, "domain": domain, "grade": g, "source": "x"}
        for domain, given in (("practice", ("RI", "G", "G")), ("overall", grades))
        for n, g in enumerate(given)
        for who in ("first", "second")
    ]
    twice = replace(forms, gradings=ia.as_gradings(pd.DataFrame(lines)))
    assert pages.list_agreement(twice).csv.splitlines()[0].split(",")[-1] == last


@pytest.mark.parametrize("word", ["significant", "the same", "percent", "%", "mean grade", "average"])
def test_no_page_overclaims(forms, ds, word):
    told = [
        pages.brief_area(forms, "Redditch"),
        pages.brief_rounds(forms),
        pages.brief_moderation(forms),
    ]
    told += [pages.brief_overview(ds), pages.describe_bounds(ds, "Redditch/Wychavon"), pages.caveats(ds)]
    told += [pages.brief_service(ds, service) for service in ds.services]
    assert word not in " ".join(map(str, told)).casefold()


def test_an_unknown_area_is_refused_with_the_known_ones(forms, ds):
    with pytest.raises(GradingsError, match="no gradings for area 'Reditch'; did you mean 'Redditch'"):
        pages.brief_area(forms, "Reditch")
    with pytest.raises(GradingsError, match="'Redditch/Wychavon', 'Worcester/Malvern'"):
        pages.brief_area(ds, "Bromsgrove")


def test_an_area_without_another_is_refused(forms):
    alone = replace(forms, gradings=ia.select(forms.gradings, area="Redditch"))
    with pytest.raises(GradingsError, match="area 'Redditch' has no other area to be compared with"):
        pages.brief_area(alone, "Redditch")


def test_one_grading_of_a_team_stands_that_of_the_first_grader_in_the_latest_round(forms):
    standing = forms.standing()
    assert len(standing) == 9
    assert set(standing["round"]) == {"2017-18"}
    assert set(standing["grader"]) == {"first"}
    assert len(forms.standing("2016-17")) == 2
    with pytest.raises(GradingsError, match="no gradings for round '2015-16'"):
        forms.standing("2015-16")


def test_published_tallies_stand_whole(ds):
    assert ds.standing().equals(ds.gradings)


def test_rounds_tell_who_moved_and_who_is_in_one_only(forms):
    assert pages.brief_rounds(forms).items[:2] == (
        "From 2016-17 to 2017-18: 8 teams in 2017-18 only and 1 team in 2016-17 only.",
        "Overall conclusion: of 1 team graded in both, 1 moved up, none moved down and none stayed.",
    )


def test_teams_in_one_round_only_go_to_the_chart_by_their_grade(forms, ds):
    apart = pages.count_apart(forms)
    assert {name: int(tally.sum()) for name, tally in apart.items()} == {"new": 8, "closed": 1}
    chart = charts.change_grid(ia.transitions(*pages.match_rounds(forms), domain="overall"), **apart)
    assert "graded in Before only: 1 (1 inadequate)" in chart.alt_text
    assert pages.count_apart(ds) == {}


def test_without_an_overall_conclusion_the_first_domain_leads(forms):
    others = forms.gradings.assign(domain=forms.gradings["domain"].replace({"overall": "practice"}))
    without = replace(forms, gradings=others)
    assert pages.lead_domain(without) == "practice"
    assert pages.brief_rounds(without).items[1].startswith("Practice and direct work: of 1 team")


def test_a_round_is_not_compared_with_itself(forms):
    with pytest.raises(GradingsError, match="two rounds are compared; found '2017-18' for both"):
        pages.brief_rounds(forms, "2017-18", "2017-18")


def test_two_graders(forms):
    said = "of 1 pair of gradings none agrees and 1 is at most one grade apart"
    assert said in str(pages.brief_moderation(forms))
    crossed = pages.cross_graders(forms)
    assert crossed.loc["RI", "I"] == crossed.to_numpy().sum() == 1


def test_every_sentence_is_escaped():
    prose = pages.Prose(("<b>&",), ("<i>",))
    assert prose.html == '<dl class="brief"><dt>&lt;i&gt;</dt><dd>&lt;b&gt;&amp;</dd></dl>'
    assert "<b>" not in pages.Prose(("<b>",)).html


def test_equally_weak_domains_are_all_named(ds, table):
    rows = """
        service | domain     | tally        | source
        S       | allocation | 1 x I, 1 x G | 1
        S       | practice   | 1 x I, 1 x G | 2
        S       | monitoring | 2 x G        | 3
    """
    cells = table(rows)
    one = replace(ds, gradings=ia.as_gradings(cells), published=ds.published.iloc[:0])
    said = "Case allocation and workload and Practice and direct work have equally many low gradings"
    assert f"{said}: each 1 of 2 at inadequate." in pages.brief_service(one, "S").items
