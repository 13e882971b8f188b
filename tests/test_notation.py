"""The notation of grades: what is understood, what is refused, and in which words."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement_analysis.errors import GradeError
from improvement_analysis.notation import (
    GradeReading,
    PublishedGrading,
    TallyItem,
    format_grading,
    format_tally,
    most_frequent,
    parse_grade,
    parse_grading,
    parse_tally,
    read_grade,
    read_tally,
    shown,
    split_grading,
)
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

GRADES = "one of I, RI, G, O, a split such as 'RI / I', or 'no judgement'"
TALLY = "a tally such as '5 x RI, 3 x I, 1 x G'"
DECLARE = "say what it means under [scale.aliases] in source.toml"
CELL = "a headline and its tally, such as 'RI (5 x RI, 3 x I, 1 x G)'"
THREE = Scale(("low", "mid", "high"), ("Weak", "Fair", "Strong"), good="high", title="three-point scale")


def tallies(columns, most):
    """Every multiset of 1 to *most* teams over *columns*."""
    for n in range(1, most + 1):
        for picked in itertools.combinations_with_replacement(range(len(columns)), n):
            yield {columns[i]: picked.count(i) for i in sorted(set(picked))}


# --- there and back ------------------------------------------------------------------------------


def test_every_tally_of_one_to_nine_teams_comes_back():
    number = 0
    for tally in tallies(OFSTED.columns, 9):
        number += 1
        text = format_tally(tally)
        back = parse_tally(text)
        assert back == tally, text
        assert list(back) == list(tally), text
    assert number == 24_309


@pytest.mark.parametrize("words", [False, True])
def test_every_headline_comes_back_with_every_tally_of_two_teams(words):
    for headline in (*OFSTED.categories, None):
        for tally in tallies(OFSTED.columns, 2):
            text = format_grading(headline, tally, words=words)
            assert parse_grading(text) == (headline, tally)


def test_another_scale_comes_back_too():
    for tally in tallies(THREE.columns, 4):
        assert parse_tally(format_tally(tally, THREE), THREE) == tally


@given(st.text(max_size=12))
def test_any_text_is_a_grade_or_a_grade_error(text):
    try:
        reading = read_grade(text)
    except GradeError:
        return
    assert (reading.grade in OFSTED.categories) is (reading.reason is None)


@given(st.text(alphabet="RIGOx×, /()123 -n", max_size=24))
def test_what_is_understood_is_written_and_understood_again(text):
    try:
        headline, tally = parse_grading(text)
    except GradeError:
        return
    assert parse_grading(format_grading(headline, tally)) == (headline, tally)


# --- grades --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "grade"),
    [
        ("RI", "RI"),
        ("ri", "RI"),
        (" RI ", "RI"),
        ("R\u200bI", "RI"),
        ("ＲＩ", "RI"),
        ("\u00a0RI\t", "RI"),
        ("Requires improvement", "RI"),
        ("REQUIRES  IMPROVEMENT", "RI"),
        ("Requires improvement to be good", "RI"),
        ("inadequate", "I"),
        ("Good", "G"),
        ("outstanding", "O"),
        ("RI / I", "RI / I"),
        ("RI/I", "RI / I"),
        ("I / RI", "RI / I"),
        ("RI /I", "RI / I"),
        ("I∕RI", "RI / I"),
        ("I ⁄ RI", "RI / I"),
        ("RI／I", "RI / I"),
        ("Good/RI", "G / RI"),
        ("g / ri", "G / RI"),
        ("Outstanding / Good", "O / G"),
        ("Requires Improvement / Inadequate", "RI / I"),
    ],
)
def test_spellings_of_a_grade(text, grade):
    assert parse_grade(text) == grade
    assert read_grade(text).reason is None


@pytest.mark.parametrize(
    "text",
    [
        "no judgement",
        "No Judgment",
        "not judged",
        "no grade",
        "Not graded",
        "ungraded",
        "N/A",
        "n / a",
        "not applicable",
        "insufficient evidence",
        "Not inspected",
        "-",
        "–",
        "—",
        "\u2212",
        "\u2011",
    ],
)
def test_words_for_no_grade_are_kept(text):
    assert read_grade(text) == GradeReading(None, text)
    assert parse_grade(text) is None


@pytest.mark.parametrize(
    ("text", "found", "remedy"),
    [
        ("", "''", "write 'no judgement' where the team was not graded"),
        ("  ", "'  '", "write 'no judgement' where the team was not graded"),
        ("R1", "'R1'", "did you mean 'RI'?"),
        ("RI?", "'RI?'", "did you mean 'RI'?"),
        ("Goood", "'Goood'", "did you mean 'Good'?"),
        ("no judgemnt", "'no judgemnt'", "did you mean 'no judgement'?"),
        ("NA", "'NA'", "did you mean 'n/a'?"),
        ("RI \\ I", "'RI \\\\ I'", "did you mean 'RI / I'?"),
        ("3", "'3'", "a number has no direction of its own: " + DECLARE),
        ("Adequate", "'Adequate'", "a word of a former scale: " + DECLARE),
        (
            "satisfactory",
            "'satisfactory'",
            "a word of a former scale: " + DECLARE,
        ),
        (
            "RI+",
            "'RI+'",
            "a grade with + or - is not on the scale: " + DECLARE,
        ),
        (
            "G\u2212",
            "'G\u2212'",
            "a grade with + or - is not on the scale: " + DECLARE,
        ),
        ("X", "'X'", ""),
        ("RI (3 x RI)", "'RI (3 x RI)'", ""),
        ("RI / I / G", "'RI / I / G'", "did you mean 'RI / I'?"),
        ("RI / no judgement", "'RI / no judgement'", "did you mean 'no judgement'?"),
        ("О", "'О' (О is cyrillic capital letter o)", ""),
        ("RІ", "'RІ' (І is cyrillic capital letter byelorussian-ukrainian i)", "did you mean 'RI'?"),
        ("Ⅰ", "'Ⅰ' (Ⅰ is roman numeral one)", ""),
        ("#N/A", "'#N/A'", "did you mean 'n/a'?"),
    ],
)
def test_never_guesses(text, found, remedy):
    with pytest.raises(GradeError) as caught:
        parse_grade(text)
    fault = caught.value
    assert (fault.found, fault.expected, fault.remedy) == (found, GRADES, remedy)
    assert str(fault) == f"found {found}, expected {GRADES}" + (f"; {remedy}" if remedy else "")


@pytest.mark.parametrize("value", [None, 3, 2.5, float("nan"), ["RI"], b"RI"])
def test_what_is_not_text_is_no_grade(value):
    with pytest.raises(GradeError) as caught:
        parse_grade(value)
    assert str(caught.value) == f"found {value!r}, expected {GRADES}"


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("I / G", "I and G are not neighbours"),
        ("O/I", "I and O are not neighbours"),
        ("O / RI", "RI and O are not neighbours"),
        ("RI / RI", "write RI alone"),
        ("Good / G", "write G alone"),
    ],
)
def test_a_split_is_of_two_neighbours(text, remedy):
    with pytest.raises(GradeError) as caught:
        parse_grade(text)
    assert str(caught.value) == f"found {text!r}, expected a split of two neighbouring grades; {remedy}"


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("R\u200bI", "'R\\u200bI' was read as 'RI'"),
        ("ＲＩ", "'\\uff32\\uff29' was read as 'RI'"),
        ("no\u00adjudgement", None),
        ("\ufeffnot judged", "'\\ufeffnot judged' was read as 'not judged'"),
        ("RI\u2060/I", "'RI\\u2060/I' was read as 'RI/I'"),
    ],
)
def test_marks_that_the_eye_misses_are_noted(text, note):
    if note is None:
        with pytest.raises(GradeError):
            read_grade(text)
    else:
        assert read_grade(text).notes == (note,)


@pytest.mark.parametrize("text", ["RI", " RI", "RI\u00a0", "I / RI", "ri"])
def test_spaces_and_case_are_not_worth_a_note(text):
    assert read_grade(text).notes == ()


def test_a_declared_alias_gives_digits_a_direction():
    numbered = Scale(
        OFSTED.codes,
        OFSTED.names,
        good="G",
        aliases=(("1", "O"), ("2", "G"), ("3", "RI"), ("4", "I"), ("Adequate", "RI")),
    )
    assert [parse_grade(text, numbered) for text in ("1", "2", "3", "4", "3/4", "adequate")] == [
        "O",
        "G",
        "RI",
        "I",
        "RI / I",
        "RI",
    ]
    with pytest.raises(GradeError):
        parse_grade("5", numbered)


def test_a_message_quotes_80_letters_and_no_more():
    assert shown("a" * 80) == repr("a" * 80)
    assert shown("a" * 81) == repr("a" * 77) + "... (81 characters)"
    assert shown("\ue000") == "'\\ue000'"


# --- tallies -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "tally"),
    [
        ("5 x RI, 3 x I, 1 x G", {"I": 3, "RI": 5, "G": 1}),
        ("3x RI", {"RI": 3}),
        ("3xRI,1xI", {"I": 1, "RI": 3}),
        ("3 × RI", {"RI": 3}),
        ("3 X ri", {"RI": 3}),
        ("３ x RI", {"RI": 3}),
        ("2 x RI / I, 1 x RI", {"RI / I": 2, "RI": 1}),
        ("1 x I/RI", {"RI / I": 1}),
        ("6 x RI, 3 x no judgement", {"RI": 6, NO_JUDGEMENT: 3}),
        ("2 x n/a, 1 x not inspected", {NO_JUDGEMENT: 3}),
        ("9999 x G", {"G": 9999}),
        ("3 x requires improvement", {"RI": 3}),
    ],
)
def test_spellings_of_a_tally(text, tally):
    found = parse_tally(text)
    assert found == tally
    assert list(found) == list(tally)


def test_a_tally_keeps_its_order_and_the_words_for_no_grade():
    assert read_tally("3 x Not judged, 2 x RI, 1 x n/a") == [
        TallyItem(3, None, "Not judged"),
        TallyItem(2, "RI", None),
        TallyItem(1, None, "n/a"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", f"found '', expected {TALLY}"),
        ("RI", f"found 'RI', expected {TALLY}"),
        ("RI x 3", f"found 'RI x 3', expected {TALLY}"),
        ("3 RI", f"found '3 RI', expected {TALLY}"),
        ("3 x RI,", f"found '3 x RI,', expected {TALLY}"),
        ("3 x", f"found '3 x', expected {TALLY}"),
        ("-3 x RI", f"found '-3 x RI', expected {TALLY}"),
        ("1.5 x RI", f"found '1.5 x RI', expected {TALLY}"),
        ("٣ x RI", f"found '٣ x RI' (٣ is arabic-indic digit three), expected {TALLY}"),
        ("3 х RI", f"found '3 х RI' (х is cyrillic small letter ha), expected {TALLY}"),
        ("three x RI", f"found 'three x RI', expected {TALLY}"),
        (
            "RI (3 x RI)",
            f"found 'RI (3 x RI)', expected {TALLY}; parse_grading reads a headline and its tally together",
        ),
        ("0 x RI", "found '0 x RI', expected a tally with numbers of teams from 1 to 9,999"),
        ("03 x RI", "found '03 x RI', expected a tally with numbers of teams from 1 to 9,999"),
        ("10000 x RI", "found '10000 x RI', expected a tally with numbers of teams from 1 to 9,999"),
        ("3 x RI, 2 x RI", "found '3 x RI, 2 x RI', expected each grade once; 'RI' stands twice"),
        ("1 x RI/I, 1 x I/RI", "found '1 x RI/I, 1 x I/RI', expected each grade once; 'RI / I' stands twice"),
        ("1 x n/a, 1 x N/A", "found '1 x n/a, 1 x N/A', expected each grade once; 'N/A' stands twice"),
        ("3 x R1", f"found 'R1', expected {GRADES}; did you mean 'RI'?"),
        ("3 x RI; 2 x I", f"found 'RI; 2 x I', expected {GRADES}"),
        (
            "3 x I / G",
            "found 'I / G', expected a split of two neighbouring grades; I and G are not neighbours",
        ),
    ],
)
def test_a_tally_that_is_none_is_refused(text, message):
    with pytest.raises(GradeError) as caught:
        parse_tally(text)
    assert str(caught.value) == message


def test_a_number_too_long_for_python_is_refused_like_any_other():
    with pytest.raises(GradeError, match="numbers of teams from 1 to 9,999"):
        parse_tally("9" * 10_000 + " x RI")


@pytest.mark.parametrize("value", [None, 3, float("nan")])
def test_a_tally_is_text(value):
    with pytest.raises(GradeError) as caught:
        parse_tally(value)
    assert str(caught.value) == f"found {value!r}, expected {TALLY}"


def test_a_tally_is_written_as_published():
    assert format_tally({"G": 1, "I": 3, "RI": 5}) == "5 x RI, 3 x I, 1 x G"
    assert format_tally({NO_JUDGEMENT: 7, "RI": 2, "I": 2, "O": 0}) == "2 x I, 2 x RI, 7 x no judgement"
    assert format_tally({"RI": np.int64(3), "I": 2.0}) == "3 x RI, 2 x I"


@pytest.mark.parametrize(
    ("tally", "message"),
    [
        ({}, "found no team, expected a tally of at least one team"),
        ({"RI": 0}, "found no team, expected a tally of at least one team"),
        ({"R1": 1}, f"found 1 x 'R1', expected a whole number of teams at {GRADES}"),
        ({"RI": -1}, f"found -1 x 'RI', expected a whole number of teams at {GRADES}"),
        ({"RI": 1.5}, f"found 1.5 x 'RI', expected a whole number of teams at {GRADES}"),
        ({"RI": True}, f"found True x 'RI', expected a whole number of teams at {GRADES}"),
        ({"RI": "3"}, f"found '3' x 'RI', expected a whole number of teams at {GRADES}"),
        ({"RI": float("nan")}, f"found nan x 'RI', expected a whole number of teams at {GRADES}"),
    ],
)
def test_a_tally_that_cannot_be_written_is_refused(tally, message):
    with pytest.raises(GradeError) as caught:
        format_tally(tally)
    assert str(caught.value) == message


def test_most_frequent_says_all_that_tie_and_leaves_out_the_unjudged():
    assert most_frequent({"RI": 6, NO_JUDGEMENT: 7}) == ["RI"]
    assert most_frequent({"I": 2, "RI": 2, "G": 1}) == ["I", "RI"]
    assert most_frequent({NO_JUDGEMENT: 3}) == []
    assert most_frequent({"RI": 0}) == []


# --- printed cells -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "headline", "tally"),
    [
        ("RI (5 x RI, 3 x I, 1 x G)", "RI", {"I": 3, "RI": 5, "G": 1}),
        ("RI / I (2 x RI / I)", "RI / I", {"RI / I": 2}),
        ("Requires Improvement (7 x RI, 2 x I)", "RI", {"I": 2, "RI": 7}),
        ("RI(3xRI)", "RI", {"RI": 3}),
        ("  RI  ( 3 x RI ) ", "RI", {"RI": 3}),
        ("no judgement (3 x no judgement)", None, {NO_JUDGEMENT: 3}),
        ("ＲＩ （３ × ＲＩ）", "RI", {"RI": 3}),
    ],
)
def test_a_printed_cell(text, headline, tally):
    assert parse_grading(text) == PublishedGrading(headline, tally)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "RI",
        "RI (3 x RI",
        "RI 3 x RI)",
        "RI [3 x RI]",
        "RI (3 x RI) (1 x I)",
        "RI ((3 x RI))",
        "RI (3 x RI).",
    ],
)
def test_a_cell_is_a_headline_and_one_pair_of_brackets(text):
    with pytest.raises(GradeError) as caught:
        parse_grading(text)
    assert str(caught.value) == f"found {text!r}, expected {CELL}"


def test_a_cell_is_text():
    with pytest.raises(GradeError) as caught:
        split_grading(None)
    assert str(caught.value) == f"found None, expected {CELL}"


@pytest.mark.parametrize(
    ("text", "found"), [("(3 x RI)", "''"), ("R1 (3 x RI)", "'R1'"), ("RI (3 x R1)", "'R1'"), ("RI ()", "''")]
)
def test_both_halves_of_a_cell_are_read(text, found):
    with pytest.raises(GradeError) as caught:
        parse_grading(text)
    assert caught.value.found == found


def test_a_headline_is_written_as_given_and_never_worked_out():
    assert format_grading("O", {"I": 3}) == "O (3 x I)"
    assert (
        format_grading("RI / I", {"RI / I": 2}, words=True)
        == "Requires Improvement / Inadequate (2 x RI / I)"
    )
    assert format_grading(NO_JUDGEMENT, {NO_JUDGEMENT: 1}, words=True) == "no judgement (1 x no judgement)"
    with pytest.raises(GradeError) as caught:
        format_grading("R1", {"RI": 1})
    assert str(caught.value) == (
        "'R1' is not a grade of the Ofsted scale: I, RI / I, RI, G / RI, G, O / G, O"
    )


# --- what mutation testing found untold -----------------------------------------------------------


def test_a_cell_is_read_and_written_on_the_scale_that_is_given():
    assert parse_grading("mid / low (2 x mid / low, 1 x high)", THREE) == PublishedGrading(
        "mid / low", {"mid / low": 2, "high": 1}
    )
    assert format_grading("high", {"high": 2, "low": 1}, THREE, words=True) == "Strong (2 x high, 1 x low)"


def test_a_long_cell_is_quoted_in_part():
    with pytest.raises(GradeError) as caught:
        split_grading("RI " * 40)
    assert caught.value.found == f"{'RI ' * 25 + 'RI'!r}... (120 characters)"
    with pytest.raises(GradeError) as caught:
        split_grading(5)
    assert caught.value.found == "5"


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (
            "ÄÖ",
            "'ÄÖ' (Ä is latin capital letter a with diaeresis, Ö is latin capital letter o with diaeresis)",
        ),
        (
            "\u0391\u0392\u0393\u0394",
            "'\u0391\u0392\u0393\u0394' (\u0391 is greek capital letter alpha, "
            "\u0392 is greek capital letter beta, \u0393 is greek capital letter gamma)",
        ),
        ("\U00017000", "'\U00017000' (\U00017000 is unnamed)"),
    ],
)
def test_at_most_three_letters_of_another_alphabet_are_named(text, named):
    assert shown(text) == named


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("not inspcted", "not inspected"),
        ("insufficent evidence", "insufficient evidence"),
        ("not aplicable", "not applicable"),
    ],
)
def test_every_word_for_no_grade_is_suggested(text, meant):
    with pytest.raises(GradeError) as caught:
        parse_grade(text)
    assert caught.value.remedy == f"did you mean {meant!r}?"
