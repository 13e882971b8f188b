"""No text that names a team goes on a slide; no other is lost."""

from dataclasses import replace

import pytest

from improvement_analysis.pages.team_names import Discretion


@pytest.mark.parametrize(
    "text",
    [
        "Team D is late.",
        "said of team d",
        "forms/2018-19-safeguarding-team-d.xlsx",
        "TEAM_D's files",
        "(Team  D)",
    ],
)
def test_a_name_is_found_however_it_is_spelt(forms, text):
    assert Discretion(forms).names_team(text)


@pytest.mark.parametrize(
    "text",
    [
        "Team Delta is new.",
        "No team does this.",
        "teamd",
        "Safeguarding teams carry too many cases.",
        "",
        "Steam D",
    ],
)
def test_other_words_stay(forms, text):
    assert not Discretion(forms).names_team(text)


def named(forms, *names):
    gradings = forms.gradings.head(len(names)).assign(team=list(names))
    return replace(forms, gradings=gradings, findings=forms.findings.head(0), actions=forms.actions.head(0))


def test_a_team_named_by_one_letter_is_looked_for_beside_the_word_team(forms):
    discretion = Discretion(named(forms, "A"))
    assert discretion.keep(["A plan is kept.", "In team A nobody does.", "The A team does."]) == [
        "A plan is kept."
    ]


def test_a_team_named_as_its_service_hides_nothing(forms):
    assert not Discretion(named(forms, "Safeguarding")).names_team("Safeguarding teams carry too many cases.")


def test_a_name_of_signs_is_looked_for_as_it_is(forms):
    discretion = Discretion(named(forms, "(?", "\N{FOX FACE}"))
    assert discretion.keep(["Why (?)", "Why not?", "\N{FOX FACE} is late"]) == ["Why not?"]


def test_what_is_left_out_is_counted(forms):
    discretion = Discretion(forms)
    assert (discretion.keep(["Team D", "b"]), discretion.note) == (
        ["b"],
        "1 text is left out here because it names a team.",
    )
    assert Discretion(forms).note == ""


def test_nobody_is_named_in_the_published_data(ds):
    assert Discretion(ds).keep(["Team D", "anything"]) == ["Team D", "anything"]
