# ruff: noqa: E501
"""Every verdict, in order, and its sentence word for word."""

import re

import pandas as pd
import pytest

from improvement_analysis.comparison import CENSUS, VERDICTS, compare_groups
from improvement_analysis.gradings import as_gradings

DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]


def compare(*lines, domains=("overall",), column="area", **options):
    """Compare Redditch with the rest, from lines such as "Redditch, Safeguarding: RI RI -"."""
    rows = []
    for domain in domains:
        for number, line in enumerate(lines):
            place, grades = line.split(":")
            area, service = (part.strip() or None for part in place.split(","))
            rows += [
                {
                    "area": area,
                    "service": service,
                    "team": f"Team {number}.{i}",
                    "domain": domain,
                    "source": "form",
                }
                | {"grade": None if grade == "-" else grade.replace("/", " / ")}
                for i, grade in enumerate(grades.split())
            ]
    gradings = as_gradings(pd.DataFrame(rows), authority="Worcestershire", round="2017-18")
    found = compare_groups(gradings, column, options.pop("focus", "Redditch"), **options)
    return found.iloc[0]


def test_the_verdicts_are_five_in_this_order():
    assert VERDICTS == (
        "no_variation",
        "depends_on_unjudged",
        "too_few",
        "could_be_chance",
        "unlikely_chance",
    )


CASES = {
    "one grade throughout": (
        ["Redditch, A: RI RI RI", "Malvern, A: RI RI RI RI RI RI"],
        "no_variation",
        "Nothing to compare: all 9 teams hold one grade, requires improvement.",
    ),
    "two teams": (
        ["Redditch, A: G", "Malvern, A: G"],
        "no_variation",
        "Nothing to compare: both teams hold one grade, good.",
    ),
    "one split grade throughout": (
        ["Redditch, A: RI/I", "Malvern, A: RI/I RI/I"],
        "no_variation",
        "Nothing to compare: all 3 teams hold one grade, split between inadequate and requires improvement.",
    ),
    "one grade as far as judged": (
        ["Redditch, A: RI -", "Malvern, A: RI -"],
        "no_variation",
        "Nothing to compare: both judged teams hold one grade, requires improvement. 2 more were not judged.",
    ),
    "one more not judged": (
        ["Redditch, A: RI RI", "Malvern, A: RI -"],
        "no_variation",
        "Nothing to compare: all 3 judged teams hold one grade, requires improvement. 1 more was not judged.",
    ),
    "one grade within each service": (
        ["Redditch, A: G G", "Malvern, A: G", "Redditch, B: RI", "Malvern, B: RI"],
        "no_variation",
        "Nothing to compare: within each service all teams hold one grade.",
    ),
    "one unjudged team decides": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI - RI I"],
        "depends_on_unjudged",
        "This hangs on one team without a judgement: with every grade it may stand for, p runs from 0.028 to 0.19.",
    ),
    "two unjudged teams decide": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI - - I"],
        "depends_on_unjudged",
        "This hangs on 2 teams without a judgement: with every grade they may stand for, p runs from 0.015 to 0.44.",
    ),
    "a split grade decides": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI RI/I RI I"],
        "depends_on_unjudged",
        "This hangs on one split grade: with every grade it may stand for, p runs from 0.028 to 0.081.",
    ),
    "both decide": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI RI/I - I"],
        "depends_on_unjudged",
        "This hangs on one team without a judgement and one split grade: "
        "with every grade they may stand for, p runs from 0.015 to 0.19.",
    ),
    "one deal in ten at best": (
        ["Redditch, A: RI RI", "Malvern, A: I I RI"],
        "too_few",
        "Too few teams to tell: dealt at random, these five grades fall as lopsidedly as they can in 1 of 10 deals.",
    ),
    "one against one": (
        ["Redditch, A: RI", "Malvern, A: G"],
        "too_few",
        "Too few teams to tell: any deal of these two grades is as lopsided as any other.",
    ),
    "no service in common": (
        ["Redditch, A: RI G", "Malvern, B: RI I"],
        "too_few",
        "Too few teams to tell: no service has judged teams of both sides.",
    ),
    "nobody judged on one side": (
        ["Redditch, A: -", "Malvern, A: G G"],
        "too_few",
        "Too few teams to tell: no service has judged teams of both sides.",
    ),
    "within services": (
        ["Redditch, A: G RI", "Malvern, A: G I RI", "Redditch, B: RI G", "Malvern, B: RI RI"],
        "could_be_chance",
        "The Redditch team had the higher grade in 5 of 10 pairings within a service, an equal one in 4 and the "
        "lower in 1. Dealt at random within their services, these nine grades fall at least as lopsidedly in 24 of "
        "60 deals (p = 0.40). That is no evidence of a difference, and with so few teams it is no evidence "
        "against one.",
    ),
    "three against six": (
        ["Redditch, A: RI RI G", "Malvern, A: I I I RI RI RI"],
        "could_be_chance",
        "The Redditch team had the higher grade in 12 of 18 pairings, an equal one in 6 and the lower in none. "
        "Dealt at random into 3 and 6, these nine grades fall at least as lopsidedly in 11 of 84 deals (p = 0.13). "
        "That is no evidence of a difference, and with so few teams it is no evidence against one.",
    ),
    "many teams": (
        ["Redditch, A:" + " G RI" * 6, "Malvern, A:" + " G RI RI" * 6],
        "could_be_chance",
        "The Redditch team had the higher grade in 72 of 216 pairings, an equal one in 108 and the lower in 36. "
        "Dealt at random into 12 and 18, these 30 grades fall at least as lopsidedly in about 46 of every 100 deals "
        "(p = 0.46). That is no evidence of a difference, and it is no evidence against one.",
    ),
    "all pairings one way": (
        ["Redditch, A: I I I I", "Malvern, A: G G G RI"],
        "unlikely_chance",
        "Chance alone seldom does this (p = 0.029). The Redditch team had the lower grade in all 16 pairings. "
        "Dealt at random into 4 and 4, these eight grades fall at least as lopsidedly in 2 of 70 deals.",
    ),
    "a service with one side": (
        ["Redditch, A: G G G G", "Malvern, A: I I I RI", "Redditch, B: RI"],
        "unlikely_chance",
        "Chance alone seldom does this (p = 0.029). The Redditch team had the higher grade in all 16 pairings. "
        "Dealt at random into 4 and 4, these eight grades fall at least as lopsidedly in 2 of 70 deals. "
        "B is left out: a service that holds no judged team of one side.",
    ),
    "more left out": (
        ["Redditch, A: G G G G", "Malvern, A: I I I RI", "Redditch, B: RI", "Malvern, C: G", ", A: I"],
        "unlikely_chance",
        "Chance alone seldom does this (p = 0.029). The Redditch team had the higher grade in all 16 pairings. "
        "Dealt at random into 4 and 4, these eight grades fall at least as lopsidedly in 2 of 70 deals. "
        "B and C are left out: services that hold no judged team of one side. "
        "1 grading that does not name a side took no part.",
    ),
    "odds beyond a million": (
        ["Redditch, A:" + " G RI" * 12, "Malvern, A:" + " I RI RI" * 8],
        "unlikely_chance",
        "Chance alone seldom does this (p below 0.001). The Redditch team had the higher grade in 384 of 576 "
        "pairings, an equal one in 192 and the lower in none. Dealt at random into 24 and 24, these 48 grades fall "
        "at least as lopsidedly in about 1 in 530,000 deals.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_verdict_and_sentence(case):
    lines, verdict, sentence = CASES[case]
    found = compare(*lines)
    assert (found.verdict, found.sentence) == (verdict, sentence)


def test_five_domains_say_so():
    found = compare("Redditch, A: G G G", "Malvern, A: I I I I I I", domains=DOMAINS)
    assert found.sentence == (
        "Too few teams to tell: dealt at random, these nine grades fall as lopsidedly as they can in 1 of 84 deals, "
        "which is not rare enough where five domains are compared."
    )
    found = compare("Redditch, A: G G G G G", "Malvern, A: I I I I I", domains=DOMAINS)
    assert found.sentence.startswith(
        "Chance alone seldom does this (p = 0.040 after allowing for five domains). "
    )
    found = compare("Redditch, A: G G RI RI RI I", "Malvern, A: I I RI RI RI I G G", domains=DOMAINS)
    assert "(p = 0.73; 1 after allowing for five domains)" in found.sentence


def test_without_strata_one_side_may_be_unjudged():
    found = compare("Redditch, A: - -", "Malvern, A: RI G", strata=None)
    assert found.sentence == "Too few teams to tell: one side has no judged team."


def test_a_single_team_goes_by_its_name():
    found = compare("Redditch, A: G I I", "Malvern, A: RI G O", column="team", focus="Team 0.0")
    assert found.sentence == (
        "Too few teams to tell: dealt at random, these six grades fall as lopsidedly as they can in 1 of 6 deals."
    )
    found = compare(
        "Redditch, A: G", "Malvern, A:" + " RI" * 20, column="team", focus="Team 0.0", domains=["practice"]
    )
    assert "Team 0.0 had the higher grade in all 20 pairings." in found.sentence
    assert found.verdict == "unlikely_chance"


def test_deals_beyond_counting_have_no_p_and_no_verdict(monkeypatch):
    monkeypatch.setattr("improvement_analysis.statistics.deals.MOST_STEPS", 1)
    found = compare("Redditch, A: G I", "Malvern, A: RI I", "Redditch, B: G", "Malvern, B: RI RI")
    assert pd.isna(found.verdict)
    assert pd.isna(found.p_exact)
    assert found.sentence.endswith("The deals are too many to count exactly, so no p is given.")


def test_open_grades_beyond_trying_are_mentioned():
    found = compare("Redditch, A: G I" + " -" * 12, "Malvern, A: RI I" + " -" * 12)
    assert pd.isna(found.p_bound_low)
    assert (found.ps_bound_low, found.ps_bound_high) == pytest.approx((8.5 / 196, 188.5 / 196))
    assert found.sentence.endswith("What the open grades could change was too much to work through.")


@pytest.mark.parametrize("alpha", [0, 1, -0.1, 5])
def test_alpha_lies_between_nought_and_one(alpha):
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare("Redditch, A: G", "Malvern, A: RI", alpha=alpha)


def test_no_sentence_overclaims():
    said = [CENSUS, *(sentence for _, _, sentence in CASES.values())]
    assert not [
        one for one in said if re.search(r"signific|the same|equivalen|percent|%|\bmean\b|average", one)
    ]
    assert not [one for one in said if re.search(r"\b1 (teams|grades|domains|gradings|pairings)\b", one)]
