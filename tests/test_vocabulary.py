"""Names and their spellings: found where declared, suggested where close, merged never."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement_analysis.frameworks import DOMAINS
from improvement_analysis.vocabulary import (
    Domain,
    Term,
    Vocabulary,
    clean,
    fold,
    near_duplicates,
    suggest,
    tidied,
)


@pytest.fixture
def services():
    return Vocabulary(
        "service",
        [
            Term("Safeguarding", ("Safeguarding Teams",)),
            Term("LAC Permanency", ("Children in Care Permanency",)),
            Term("Care Leaving"),
        ],
    )


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("  Care   Leaving\t", "Care Leaving"),
        ("Care\u00a0Leaving", "Care Leaving"),
        ("Care\u2028Leaving", "Care Leaving"),
        ("Ca\u00adre", "Care"),
        ("\ufeffCare\u200b", "Care"),
        ("Ｃａｒｅ", "Care"),
        ("Cafe\u0301", "Caf\u00e9"),
        ("\u202eCare", "Care"),
        ("Care\ufe0f", "Care"),
        ("E\ufb00ective o\ufb03ce", "Effective office"),
        ("Care\U000e0041", "Care"),
    ],
)
def test_cleaning_takes_spaces_and_invisible_marks(text, cleaned):
    assert clean(text) == cleaned


@given(st.text(max_size=20))
def test_cleaning_twice_is_cleaning_once(text):
    assert clean(clean(text)) == clean(text)
    assert fold(clean(text)) == fold(text)


@given(st.text(alphabet=st.characters(max_codepoint=127), max_size=20))
def test_the_short_way_for_plain_letters_is_no_other_way(text):
    assert clean(text) == clean(text + "\u200b")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Worcester /Malvern", "worcester/ malvern"),
        ("Worcester\u2044Malvern", "Worcester/Malvern"),
        ("STRASSE", "straße"),
        ("Children\u2019s teams \u2013 north", "Children's teams - north"),
    ],
)
def test_case_and_spaces_about_a_slash_are_not_compared(one, other):
    assert fold(one) == fold(other)


@pytest.mark.parametrize(("one", "other"), [("Team A", "TeamA"), ("Team A", "Team-A"), ("Team A", "Tеam A")])
def test_all_else_is(one, other):
    assert fold(one) != fold(other)


def test_only_what_the_eye_misses_is_told():
    assert tidied("Team \u200bA") == "'Team \\u200bA' was read as 'Team A'"
    assert tidied("Ｔeam A") == "'\\uff34eam A' was read as 'Team A'"
    assert [tidied(text) for text in ("Team A", " Team  A ", "Team\u00a0A", "Cafe\u0301", "Café")] == [
        None
    ] * 5


def test_a_name_is_found_by_any_declared_spelling(services):
    assert services.find("safeguarding  teams") == "Safeguarding"
    assert services.find("Children in Care Permanency") == "LAC Permanency"
    assert services.find("Safegarding") is None
    assert services.find("") is None


def test_a_close_spelling_is_suggested(services):
    assert services.suggest("Safegarding") == "Safeguarding"
    assert services.suggest("Fostering") is None
    assert suggest("R1", ["I", "RI", "G"]) == "RI"
    assert suggest("x", ["I", "RI", "G"]) is None
    assert suggest("Q1", []) is None


def test_a_vocabulary_is_a_row_of_names(services):
    assert services.names == ("Safeguarding", "LAC Permanency", "Care Leaving")
    assert (len(services), "Care Leaving" in services, "care leaving" in services) == (3, True, False)
    assert [term.name for term in services] == list(services.names)
    assert repr(services) == "Vocabulary('service', ['Safeguarding', 'LAC Permanency', 'Care Leaving'])"
    assert not Vocabulary("area")


def test_a_spelling_of_two_names_is_a_clash():
    pair = [Term("Care Leaving", ("Leaving Care",)), Term("Aftercare", ("leaving  care", "Aftercare"))]
    assert Vocabulary("service", pair).clashes == ["leaving  care"]


def test_a_domain_answers_to_key_title_short_name_and_aliases():
    domain = Domain("practice", "Quality of practice", "Practice", ("Direct work",))
    known = Vocabulary("domain", [domain])
    assert [known.find(text) for text in ("practice", "quality of practice", "Practice", "direct work")] == [
        "practice"
    ] * 4
    assert domain.headline == "code"


def test_the_domains_are_the_four_and_the_overall_conclusion():
    assert [domain.key for domain in DOMAINS] == [
        "allocation",
        "practice",
        "monitoring",
        "joint_working",
        "overall",
    ]
    assert [domain.headline for domain in DOMAINS] == ["code"] * 4 + ["words"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Redditch/Wychavon", "Redditch / Wychavon"),
        ("Redditch/Wychavon", "Redditch / Wychaven"),
        ("Safeguarding", "safeguarding"),
        ("Safeguarding", "Safegaurding"),
        ("Safeguarding", "Safegurding"),
        ("Safeguarding", "Safeguardingg"),
        ("North Team", "North-Team"),
        ("Team A", "TeamA"),
    ],
)
def test_near_duplicates_are_shown(one, other):
    assert near_duplicates([one, other, "Care Leaving"]) == [tuple(sorted((one, other)))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Team A", "Team B"),
        ("Team 1", "Team 2"),
        ("Team 1", "Team 11"),
        ("Safeguarding N", "Safeguarding S"),
        ("North", "South"),
        ("East", "West"),
        ("Kent", "Gent"),
        ("Safeguarding", "Safeguarders"),
        ("Assessment", "Assessment North"),
        ("Safeguarding", "Sefaguarding Teams"),
    ],
)
def test_names_that_differ_on_purpose_are_not(one, other):
    assert near_duplicates([one, other]) == []


def test_many_names_are_compared_quickly():
    names = [f"{kind} team {n}" for kind in ("Duty", "Court") for n in range(1000)]
    assert near_duplicates([*names, "Safeguarding", "Safegaurding"]) == [("Safegaurding", "Safeguarding")]


def test_among_very_many_names_only_case_and_spaces_are_compared():
    names = [f"Duty team {n}" for n in range(6_000)]
    assert near_duplicates([*names, "Safeguarding", "Safegaurding", "safe guarding"]) == [
        ("Safeguarding", "safe guarding")
    ]


def test_names_of_which_fifty_are_alike_are_not_paired():
    assert near_duplicates([f"{chr(letter)}afeguarding" for letter in range(0x4E00, 0x4E00 + 60)]) == []
