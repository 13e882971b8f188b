# ruff: noqa: E501
"""Every verdict, in order, and its sentence word for word."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

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
        "depends_on_open",
        "too_few",
        "could_be_chance",
        "unlikely_chance",
    )


CASES = {
    "one grade throughout": (
        ["Redditch, A: RI RI RI", "Malvern, A: RI RI RI RI RI RI"],
        "no_variation",
        "Nothing to compare: all nine teams hold one grade, requires improvement.",
    ),
    "two teams": (
        ["Redditch, A: G", "Malvern, A: G"],
        "no_variation",
        "Nothing to compare: both teams hold one grade, good.",
    ),
    "one split grade throughout": (
        ["Redditch, A: RI/I", "Malvern, A: RI/I RI/I"],
        "no_variation",
        "Nothing to compare: all three teams hold one grade, split between inadequate and requires improvement.",
    ),
    "one grade as far as judged": (
        ["Redditch, A: RI -", "Malvern, A: RI -"],
        "no_variation",
        "Nothing to compare: both judged teams hold one grade, requires improvement. Two teams were not judged.",
    ),
    "one more not judged": (
        ["Redditch, A: RI RI", "Malvern, A: RI -"],
        "no_variation",
        "Nothing to compare: all three judged teams hold one grade, requires improvement. One team was not judged.",
    ),
    "one grade within each service": (
        ["Redditch, A: G G", "Malvern, A: G", "Redditch, B: RI", "Malvern, B: RI"],
        "no_variation",
        "Nothing to compare: within each service all teams hold one grade.",
    ),
    "one unjudged team decides": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI - RI I"],
        "depends_on_open",
        "The answer depends on one team that was not judged: whatever grade it would have had, p is between 0.028 and 0.19.",
    ),
    "two unjudged teams decide": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI - - I"],
        "depends_on_open",
        "The answer depends on two teams that were not judged: whatever grades they would have had, p is between 0.015 and 0.44.",
    ),
    "a split grade decides": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI RI/I RI I"],
        "depends_on_open",
        "The answer depends on one split grade: whichever half counts, p is between 0.028 and 0.081.",
    ),
    "both decide": (
        ["Redditch, A: RI RI RI RI RI", "Malvern, A: I I I RI RI/I - I"],
        "depends_on_open",
        "The answer depends on one team that was not judged and one split grade: "
        "whatever whole grades they had been given, p is between 0.015 and 0.19.",
    ),
    "one deal in ten at best": (
        ["Redditch, A: RI RI", "Malvern, A: I I RI"],
        "too_few",
        "Too few teams to tell: shuffling these five grades among the teams gives the largest gap there can be in 1 of 10 ways.",
    ),
    "one against one": (
        ["Redditch, A: RI", "Malvern, A: G"],
        "too_few",
        "Too few teams to tell: every way of shuffling these two grades among the teams gives an equal gap.",
    ),
    "no service in common": (
        ["Redditch, A: RI G", "Malvern, B: RI I"],
        "too_few",
        "Too few teams to tell: no service has judged teams of both sides.",
    ),
    "nobody judged on one side": (
        ["Redditch, A: -", "Malvern, A: G G"],
        "too_few",
        "Too few teams to tell: no service has judged teams of both sides. One team was not judged.",
    ),
    "one against two, one more unjudged": (
        ["Redditch, A: G", "Malvern, A: I I -"],
        "too_few",
        "Too few teams to tell: one team was not judged, and whatever grade it would have had, "
        "no p below 0.25 was possible.",
    ),
    "one against one in each of two services": (
        ["Redditch, A: G", "Malvern, A: G", "Redditch, B: RI", "Malvern, B: I"],
        "too_few",
        "Too few teams to tell: every way of shuffling these four grades within their services gives an equal gap.",
    ),
    "equal as far as compared": (
        ["Redditch, A: G G", "Malvern, A: G", "Redditch, B: RI"],
        "no_variation",
        "Nothing to compare: all three teams compared hold one grade, good. "
        "Not compared (no team on one side): B.",
    ),
    "a service that is not stated": (
        ["Redditch, : G G", "Redditch, A: G G G", "Malvern, A: I I I"],
        "too_few",
        "Too few teams to tell: shuffling these six grades among the teams gives the largest gap there can be in 1 of 10 ways. "
        "Not compared (no team on one side): teams whose service is not stated.",
    ),
    "several gradings without an area": (
        ["Redditch, A: G", "Malvern, A: I", ", A: G G", ", B: I"],
        "too_few",
        "Too few teams to tell: every way of shuffling these two grades among the teams gives an equal gap. "
        "Three gradings that name no area took no part.",
    ),
    "evenly spread": (
        ["Redditch, A: G RI G RI", "Malvern, A: RI G RI G"],
        "could_be_chance",
        "The Redditch team had the higher grade in 4 of 16 pairings, an equal one in 8 and the lower in 4. "
        "Every way of shuffling these eight grades among the teams gives a gap at least this large (p = 1). "
        "This does not show a difference, but there are too few teams to rule one out.",
    ),
    "chance whatever the open grades": (
        ["Redditch, A: G RI G RI I G -", "Malvern, A: RI G RI G I RI/I"],
        "could_be_chance",
        "The Redditch team had the higher grade in 16 of 36 pairings, an equal one in 11 and the lower in 9. "
        "One team was not judged and one grade is split; whatever whole grades they had been given, shuffling gives a gap "
        "at least this large with p between 0.39 and 1. "
        "This does not show a difference, but there are too few teams to rule one out.",
    ),
    "rare whatever the open grade": (
        ["Redditch, A: G G G G G -", "Malvern, A: I I I I I I"],
        "unlikely_chance",
        "Chance alone seldom does this (p between 0.002 and 0.015). The Redditch team had the higher grade in all 30 pairings. "
        "One team was not judged; whatever grade it would have had, p is at most 0.015.",
    ),
    "odds beyond following": (
        ["Redditch, A:" + " G RI" * 30, "Malvern, A:" + " RI I" * 30],
        "unlikely_chance",
        "Chance alone seldom does this (p below 0.001). The Redditch team had the higher grade in 2,700 of 3,600 "
        "pairings, an equal one in 900 and the lower in none. Shuffling these 120 grades among the teams "
        "gives a gap at least this large in fewer than 1 in 1,000,000,000 ways.",
    ),
    "within services": (
        ["Redditch, A: G RI", "Malvern, A: G I RI", "Redditch, B: RI G", "Malvern, B: RI RI"],
        "could_be_chance",
        "The Redditch team had the higher grade in 5 of 10 pairings within one service, an equal one in 4 and the "
        "lower in 1. Shuffling these nine grades within their services gives a gap at least this large in 24 of "
        "60 ways (p = 0.40). This does not show a difference, but there are too few teams to rule one out.",
    ),
    "three against six": (
        ["Redditch, A: RI RI G", "Malvern, A: I I I RI RI RI"],
        "could_be_chance",
        "The Redditch team had the higher grade in 12 of 18 pairings, an equal one in 6 and the lower in none. "
        "Shuffling these nine grades among the teams gives a gap at least this large in 11 of 84 ways (p = 0.13). "
        "This does not show a difference, but there are too few teams to rule one out.",
    ),
    "many teams": (
        ["Redditch, A:" + " G RI" * 6, "Malvern, A:" + " G RI RI" * 6],
        "could_be_chance",
        "The Redditch team had the higher grade in 72 of 216 pairings, an equal one in 108 and the lower in 36. "
        "Shuffling these 30 grades among the teams gives a gap at least this large in about 46 of every 100 ways "
        "(p = 0.46). This does not show a difference, and does not rule one out.",
    ),
    "all pairings one way": (
        ["Redditch, A: I I I I", "Malvern, A: G G G RI"],
        "unlikely_chance",
        "Chance alone seldom does this (p = 0.029). The Redditch team had the lower grade in all 16 pairings. "
        "Shuffling these eight grades among the teams gives a gap at least this large in 2 of 70 ways.",
    ),
    "a service with one side": (
        ["Redditch, A: G G G G", "Malvern, A: I I I RI", "Redditch, B: RI"],
        "unlikely_chance",
        "Chance alone seldom does this (p = 0.029). The Redditch team had the higher grade in all 16 pairings. "
        "Shuffling these eight grades among the teams gives a gap at least this large in 2 of 70 ways. "
        "Not compared (no team on one side): B.",
    ),
    "more left out": (
        ["Redditch, A: G G G G", "Malvern, A: I I I RI", "Redditch, B: RI", "Malvern, C: G", ", A: I"],
        "unlikely_chance",
        "Chance alone seldom does this (p = 0.029). The Redditch team had the higher grade in all 16 pairings. "
        "Shuffling these eight grades among the teams gives a gap at least this large in 2 of 70 ways. "
        "Not compared (no team on one side): B and C. "
        "One grading that names no area took no part.",
    ),
    "odds beyond a million": (
        ["Redditch, A:" + " G RI" * 12, "Malvern, A:" + " I RI RI" * 8],
        "unlikely_chance",
        "Chance alone seldom does this (p below 0.001). The Redditch team had the higher grade in 384 of 576 "
        "pairings, an equal one in 192 and the lower in none. Shuffling these 48 grades among the teams "
        "gives a gap at least this large in about 1 in 530,000 ways.",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_verdict_and_sentence(case):
    lines, verdict, sentence = CASES[case]
    found = compare(*lines)
    assert (found.verdict, found.sentence) == (verdict, sentence)


def test_five_domains_say_so():
    holm = {"domains": DOMAINS, "adjust": "holm"}
    found = compare("Redditch, A: G G G", "Malvern, A: I I I I I I", **holm)
    assert found.sentence == (
        "Too few teams to tell: shuffling these nine grades among the teams gives the largest gap there can be in 1 of 84 "
        "ways, which is not rare enough where five domains are compared."
    )
    found = compare("Redditch, A: G G G G G", "Malvern, A: I I I I I", **holm)
    assert found.sentence.startswith(
        "Chance alone seldom does this (p = 0.040 after allowing for five domains). "
    )
    found = compare("Redditch, A: G G RI RI RI I", "Malvern, A: I I RI RI RI I G G", **holm)
    assert "(p = 0.73; 1 after allowing for five domains)" in found.sentence


def test_open_grades_can_decide_once_several_domains_are_allowed_for():
    """No p of any completion is above .05, but doubled for two domains one is."""
    lines = ("Redditch, A: G G G G -", "Malvern, A: I I I I I")
    assert compare(*lines).verdict == "unlikely_chance"
    found = compare(*lines, domains=DOMAINS[:2], adjust="holm")
    assert (found.verdict, found.p_bound_high <= 0.05) == ("depends_on_open", True)
    assert found.sentence == (
        "The answer depends on one team that was not judged: whatever grade it would have had, p is "
        "between 0.008 and 0.048, and after allowing for two domains between 0.008 and 1."
    )


def test_domains_that_always_go_together_cost_nothing():
    """Whole teams change places: five domains in which every team has one grade are no more than one."""
    found = compare("Redditch, A: G G G", "Malvern, A: I I I I I I", domains=DOMAINS)
    assert (found.p_adjusted, found.family_size) == (pytest.approx(1 / 84), 5)
    assert found.sentence.startswith("Chance alone seldom does this (p = 0.012). ")


def test_other_strata_go_by_their_names():
    lines = ("Redditch, A: G G G", "Redditch, B: I I I", "Malvern, A: G", "Malvern, B: I")
    found = compare(*lines, column="service", focus="A", strata="area")
    assert (
        "in all 10 pairings within one area. Shuffling these eight grades within their areas gives"
        in found.sentence
    )
    lines = ("Redditch, A: G G G", "Malvern, A: I I I", "Redditch, B: G", "Malvern, B: I")
    found = compare(*lines, strata=["authority", "service"])
    assert (
        "in all 10 pairings within one group. Shuffling these eight grades within their groups gives"
        in found.sentence
    )


def test_a_line_drawn_elsewhere_is_named_instead_of_calling_it_seldom():
    found = compare("Redditch, A: G G", "Malvern, A: I I", alpha=0.4)
    assert found.verdict == "unlikely_chance"
    assert found.sentence.startswith("Within the line drawn at 0.4 (p = 0.33). The Redditch team had")


def test_without_strata_one_side_may_be_unjudged():
    found = compare("Redditch, A: - -", "Malvern, A: RI G", strata=None)
    assert (
        found.sentence
        == "Too few teams to tell: not both sides have a judged team. Two teams were not judged."
    )


def test_a_single_team_goes_by_its_name():
    found = compare("Redditch, A: G I I", "Malvern, A: RI G O", column="team", focus="Team 0.0")
    assert found.sentence == (
        "Too few teams to tell: shuffling these six grades among the teams gives the largest gap there can be in 1 of 6 ways."
    )
    found = compare(
        "Redditch, A: G", "Malvern, A:" + " RI" * 20, column="team", focus="Team 0.0", domains=["practice"]
    )
    assert "Team 0.0 had the higher grade in all 20 pairings." in found.sentence
    assert found.verdict == "unlikely_chance"


def test_open_grades_beyond_trying_claim_nothing_and_say_so():
    found = compare("Redditch, A: G I" + " -" * 12, "Malvern, A: RI I" + " -" * 12)
    assert pd.isna(found.verdict)
    assert pd.isna(found.p_bound_low)
    assert pd.isna(found.p_exact)
    assert (found.ps_bound_low, found.ps_bound_high) == pytest.approx((8.5 / 196, 188.5 / 196))
    assert found.sentence.endswith(
        "24 teams were not judged, which can be read in too many ways to try them all, so no difference is claimed."
    )


@pytest.mark.parametrize("alpha", [0, 1, -0.1, 5])
def test_alpha_lies_between_nought_and_one(alpha):
    with pytest.raises(ValueError, match="between 0 and 1"):
        compare("Redditch, A: G", "Malvern, A: RI", alpha=alpha)


GRADES = st.sampled_from(["I", "RI", "RI", "G", "G", "O", "RI/I", "-"])
HELD = st.lists(GRADES, max_size=6).map(" ".join)


@settings(max_examples=40, deadline=None)
@given(
    st.tuples(HELD, HELD, HELD, HELD, HELD).filter(
        lambda held: (held[0] or held[2]) and (held[1] or held[3])
    ),
    st.sampled_from([DOMAINS[:1], DOMAINS]),
    st.sampled_from(
        [{}, {"strata": None}, {"alpha": 0.2}, {"adjust": "none"}, {"strata": ["area", "service"]}]
    ),
)
def test_every_sentence_keeps_the_rules(held, domains, options):
    places = ("Redditch, A", "Malvern, A", "Redditch, B", "Malvern, B", ", A")
    lines = [f"{place}: {grades}" for place, grades in zip(places, held, strict=True)]
    assert broken_rules(compare(*lines, domains=domains, **options).sentence) == []


RULES = {
    "overclaims": r"signific|the same|equivalen|percent|%|\bmean\b|average|\bprove|confirm|because of",
    "singular": r"\b(1|[Oo]ne) (teams|grades|domains|gradings|pairings|services|split grades)\b",
    "plural": r"\b([02-9]|\d\d+|no|two|three|four|five) (team|grade|domain|grading|pairing|deal|split grade)\b(?! had| on one side)",
    "article": r"\ba [aeiou](?!ne\b)|\bof of\b|  ",
    "number": r"\bnan\b|\bNone\b|\be-\d",
}


def broken_rules(sentence):
    broken = [name for name, pattern in RULES.items() if re.search(pattern, sentence)]
    parts = re.split(r"(?<=[a-z)])\. ", sentence.removesuffix("."))
    shaped = sentence.endswith(".") and all(part[0].isupper() or part[0].isdigit() for part in parts)
    return broken if shaped else [*broken, "shape"]


@pytest.mark.parametrize("sentence", [CENSUS, *(sentence for _, _, sentence in CASES.values())])
def test_no_sentence_overclaims(sentence):
    assert broken_rules(sentence) == []


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("This is significant.", "overclaims"),
        ("1 grades were given.", "singular"),
        ("All 3 team agree.", "plural"),
        ("Within a area.", "article"),
        ("Chance p = nan.", "number"),
        ("they are left out.", "shape"),
    ],
)
def test_the_rules_can_be_broken(sentence, rule):
    assert broken_rules(sentence) == [rule]
