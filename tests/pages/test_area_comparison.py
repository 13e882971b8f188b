"""What the page of an area says: sentences typed by hand for small tables."""

import random
from dataclasses import replace

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import charts, pages
from improvement_analysis.errors import GradingsError


def test_an_area_with_three_teams_against_six(two_areas):
    assert pages.brief_area(two_areas, "Redditch").items[:2] == (
        "No difference can be claimed. Overall, 1 of 3 Redditch teams were good or better, against 0 of 6 "
        "elsewhere.",
        "Safeguarding has teams on both sides (3 against 6). Shuffling their grades gives a gap this large "
        "about 1 time in 8.",
    )


def world(seed):
    """Teams of three areas in three services and two domains, some split, some unjudged."""
    rng = random.Random(seed)
    grades = ["I", "RI / I", "RI", "G / RI", "G", None]
    rows = []
    for n in range(rng.randint(8, 14)):
        service, area = rng.choice("STU"), rng.choice(["North", "South", "West"])
        weights = [4, 1, 4, 1, 4, 1] if area != "North" or seed % 2 else [0, 0, 0, 0, 9, 0]
        rows += [
            {"service": service, "area": area, "team": f"Team {n}", "round": "2018", "domain": domain,
             "grade": rng.choices(grades, weights)[0], "source": "x"}
            for domain in ("practice", "overall")
        ]  # fmt: skip
    return ia.as_gradings(pd.DataFrame(rows))


@pytest.mark.parametrize("seed", range(8))
def test_title_alt_text_sentence_table_and_verdict_agree(ds, seed):
    dataset = replace(ds, gradings=world(seed), published=ds.published.iloc[:0])
    for area in dataset.areas:
        hold_together(dataset, area)


def test_a_claim_agrees_in_title_sentence_table_and_verdict(ds):
    """Ten teams all good against ten all inadequate."""
    rows = [
        {"service": "S", "area": area, "team": f"{area}{n}", "round": "2018", "domain": "overall",
         "grade": grade, "source": "x"}
        for area, grade in (("North", "G"), ("South", "I"))
        for n in range(10)
    ]  # fmt: skip
    dataset = replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows)), published=ds.published.iloc[:0])
    for area, direction in (("North", "higher"), ("South", "lower")):
        hold_together(dataset, area)
        title = pages.compare_area(dataset, area).title()
        assert title == f"{area}: graded {direction} than elsewhere"


def hold_together(dataset, area):
    """Title, alt text, sentence, table and verdict of one area: one result in numbers and direction."""
    result = pages.compare_area(dataset, area)
    answer, lead = pages.brief_area(dataset, area, comparison=result).items[0], result.lead
    chart = charts.area_comparison(
        result.picture(),
        focus=area,
        title=result.title(),
        subtitle=result.subtitle(),
        alt=result.alt(),
        about=dataset.about,
    )
    assert len(chart.alt_text.split()) <= 100
    for stratum in result.compared(lead):
        cells = [
            result.share(result.cell(result.counts(lead), stratum, side)) for side in ("here", "elsewhere")
        ]
        assert (
            "And more." in chart.alt_text or f"{stratum}: {cells[0]} here, {cells[1]} else" in chart.alt_text
        )
    phrase = result.title().removeprefix(f"{area}: ")
    assert len(answer.split()) <= 25
    assert chart.title == result.title()
    assert result.title() in chart.alt_text
    assert answer.casefold().startswith(phrase)
    row = result.frame.loc[lead]
    listed = pages.list_area_domains(result).frame.iloc[list(result.frame.index).index(lead)]
    claimed = row["verdict"] == "unlikely_chance"
    assert ("than elsewhere" in phrase) == claimed
    if claimed:
        assert ("higher than" in phrase) == (row["prob_superiority"] > 0.5)
        assert listed["Verdict"].casefold() == phrase
    counted = result.picture()
    ours = counted.index.get_level_values(1) == area
    here, there = result.share(counted[ours].sum()), result.share(counted[~ours].sum())
    assert [listed["Good or better here"], listed["Good or better elsewhere"]] == [here, there]
    assert "pairings" in answer or (f"{here} " in answer and f"against {there} elsewhere" in answer)
    compared = ~counted.index.get_level_values(0).str.endswith(", not compared")
    sides = [result.judged(counted[compared & mask].sum()) for mask in (ours, ~ours)]
    assert sides == [row["n_a"], row["n_b"]]
    assert f"Compared: {sides[0]} here, {sides[1]} elsewhere" in chart.alt_text


def test_the_answer_points_as_the_services_do_and_not_as_the_pool(ds):
    """North is higher in both services; added up it looks lower."""
    held = {("S", "North"): ["RI"] * 4 + ["G"], ("S", "South"): ["I"] * 2}
    held |= {("T", "North"): ["O"] * 2, ("T", "South"): ["G"] * 7}
    rows = [
        {"service": s, "area": a, "team": f"{s}{a}{n}", "domain": "overall", "grade": g, "source": "x"}
        for (s, a), grades in held.items()
        for n, g in enumerate(grades)
    ]
    dataset = replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows)), published=ds.published.iloc[:0])
    answer = pages.brief_area(dataset, "North").items[0]
    assert "teams here had the higher grade in 24 of 24 pairings within one service" in answer
    assert "good or better" not in answer
    counts = ia.count_grades(dataset.gradings, ["domain", "area"])
    result = ia.compare_groups(dataset.gradings, "area", "North")
    chart = charts.area_comparison(counts, focus="North", comparison=result)
    assert chart.title == "North: graded higher than elsewhere"


def test_where_no_service_has_teams_on_both_sides_the_counts_are_told_and_no_pairings(ds):
    rows = [
        {
            "service": area,
            "area": area,
            "team": f"{area}{n}",
            "domain": "overall",
            "grade": grade,
            "source": "x",
        }
        for area, grade in (("North", "G"), ("South", "RI"))
        for n in range(3)
    ]
    dataset = replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows)), published=ds.published.iloc[:0])
    assert pages.brief_area(dataset, "North").items == (
        "No difference can be claimed. Overall, 3 of 3 North teams were good or better, against 0 of 3 "
        "elsewhere.",
        "No service has judged teams on both sides.",
    )


@pytest.mark.parametrize("grade", ["G", "RI"])
def test_too_few_teams_are_told_by_the_most_one_sided_result(ds, grade):
    """2 against 3: 1 of 10 ways at best, whichever side is higher."""
    held = {"North": [grade, "RI"], "South": ["RI", "RI", "G"]}
    rows = [
        {"service": "S", "area": area, "team": f"{area}{n}", "domain": "overall", "grade": g, "source": "x"}
        for area, grades in held.items()
        for n, g in enumerate(grades)
    ]
    dataset = replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows)), published=ds.published.iloc[:0])
    sides = {"G": "all 2 teams compared here good or better and none of 3 teams",
             "RI": "none of 2 teams compared here good or better and all 3 teams"}  # fmt: skip
    assert pages.brief_area(dataset, "North").items[-1] == (
        f"With these teams no difference could be claimed, even with {sides[grade]} elsewhere."
    )


def test_what_is_not_compared_is_said_once(example):
    result = pages.compare_area(example, "Redditch/Wychavon")
    assert pages.list_area_domains(result).html.count("Not compared (no team on one side):") == 1
    assert "Not compared" not in str(pages.brief_area(example, "Redditch/Wychavon", comparison=result))


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


def test_an_unknown_area_is_refused_with_the_known_ones(two_areas, ds):
    with pytest.raises(GradingsError, match="no gradings for area 'Reditch'; did you mean 'Redditch'"):
        pages.brief_area(two_areas, "Reditch")
    with pytest.raises(GradingsError, match="'Redditch/Wychavon', 'Worcester/Malvern'"):
        pages.brief_area(ds, "Bromsgrove")


def test_an_area_that_was_graded_alone_or_not_at_all_is_compared_with_none(two_areas):
    alone = replace(two_areas, gradings=ia.select(two_areas.gradings, area="Redditch"))
    latest = alone.standing()["round"].iloc[0]
    assert pages.compare_area(alone, "Redditch") is None
    assert str(pages.brief_area(alone, "Redditch")) == (
        f"- In the round {latest} Redditch alone was graded: there is no area to compare it with."
    )
    declared = "Worcester/Malvern"
    assert str(pages.brief_area(alone, declared)) == (
        f"- No grading of the round {latest} is of {declared}, so there is nothing to compare."
    )
    assert str(pages.list_comparison(alone, None)) == "- No numbers: nothing is compared."


def test_a_small_p_is_told_alike_in_sentence_table_and_csv(two_areas):
    """Ten teams of one area all below ten of another: 2 of 184,756 ways."""
    rows = [
        {"service": "S", "area": area, "team": f"{area} {n}", "round": "2017-18", "domain": "overall",
         "grade": grade, "source": "x"}
        for area, grade in (("Redditch", "I"), ("Malvern", "G"))
        for n in range(10)
    ]  # fmt: skip
    twenty = replace(two_areas, gradings=ia.as_gradings(pd.DataFrame(rows)))
    assert "less than 1 time in 1,000" in pages.brief_area(twenty, "Redditch").items[1]
    table = pages.list_comparison(twenty, pages.compare_area(twenty, "Redditch"))
    for column in ("Exact p", "Adjusted p", "Smallest p possible"):
        assert table.frame[column].tolist() == ["below 0.001"], column
    assert "0.000" not in table.csv + table.html
