"""What one cell may say: days, whole numbers, names, grades, roles."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from improvement_analysis.days import day_reader, read_day
from improvement_analysis.scale import OFSTED
from improvement_analysis.sources.recognition.cells import (
    grade_reader,
    name_reader,
    read_whole,
)
from improvement_analysis.sources.recognition.roles import role_reader
from improvement_analysis.vocabulary import Term, Vocabulary

FOURTH = date(2017, 9, 4)


@pytest.mark.parametrize(
    "text",
    [
        "04/09/2017",
        "4/9/2017",
        "04-09-2017",
        "4.9.2017",
        "2017-09-04",
        "2017/9/4",
        "4 September 2017",
        "4th september 2017",
        "04 Sep 2017",
        "4-Sep-2017",
        " 04/09/2017\u00a0",
        "０４/０９/２０１７",
    ],
)
def test_a_day_is_read_day_first_or_year_first(text):
    assert read_day(text).value == FOURTH


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_in_each_form(day):
    forms = (f"{day.day}/{day.month}/{day.year}", day.isoformat(), f"{day.day} {day:%B} {day.year}")
    assert [read_day(form).value for form in forms] == [day] * 3


@pytest.mark.parametrize("text", ["", "  ", "\u00a0"])
def test_a_blank_is_no_day_and_no_fault(text):
    reading = read_day(text)
    assert (reading.value, reading.found) == (None, "")


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("09/25/2017", "it only makes sense month first: write 25/09/2017"),
        ("2017/25/09", "it only makes sense month first: write 25/09/2017"),
        ("04/09/17", "write the year with four digits"),
        ("42982", "a number of days says no date outside its workbook"),
        ("31/02/2017", ""),
        ("00/09/2017", ""),
        ("04/09-2017", ""),
        ("04/2017", ""),
        ("4 Sept 2017", ""),
        ("4 Nonsense 2017", ""),
        ("September 2017", ""),
        ("2017-09-2017", ""),
        ("٠٤/٠٩/٢٠١٧", ""),
    ],
)
def test_what_is_no_day_is_refused(text, remedy):
    reading = read_day(text)
    assert reading.is_error
    assert reading.value is None
    assert reading.found.startswith(repr(text))
    assert reading.expected == "a date, day first, such as 04/09/2017 or 2017-09-04"
    assert reading.remedy == remedy


@pytest.mark.parametrize(
    ("epoch", "day"), [(date(1899, 12, 30), FOURTH), (date(1904, 1, 1), FOURTH + timedelta(days=1462))]
)
def test_a_number_is_a_day_in_its_workbook_and_is_told(epoch, day):
    reading = day_reader(epoch)("42982")
    assert (reading.value, reading.severity) == (day, "warning")
    assert reading.found == "the number 42982, which the sheet shows without the form of a date"
    assert reading.expected == f"a date; it was read as {day}"
    assert day_reader(None)("42982").is_error
    assert day_reader(epoch)("429").is_error
    assert day_reader(epoch)("04/09/2017").value == FOURTH


@pytest.mark.parametrize(("text", "number"), [("9", 9), (" 12 ", 12), ("９", 9), ("0", 0), ("", None)])
def test_a_whole_number(text, number):
    assert (read_whole(text).value, read_whole(text).found) == (number, "")


@pytest.mark.parametrize("text", ["9.0", "-1", "nine", "1e3", "٩", "1234567890", "½", "2²"])
def test_what_is_no_whole_number_is_refused(text):
    assert (read_whole(text).is_error, read_whole(text).expected) == (True, "a whole number")


def test_a_name_is_cleaned_or_the_declared_one():
    known = Vocabulary("service", [Term("Care Leaving", ("Leaving Care",))])
    assert name_reader("team", Vocabulary("team"))("  Team\u00a0 A ").value == "Team A"
    assert name_reader("service", known)("leaving  care").value == "Care Leaving"
    assert name_reader("area", Vocabulary("area"), may_be_empty=True)(" ").found == ""


def test_a_name_that_begins_with_a_dash_is_one_only_where_it_is_declared():
    assert name_reader("team", Vocabulary("team"))("-p").is_error
    assert name_reader("service", Vocabulary("service", [Term("-p")]))("-p").value == "-p"
    assert name_reader("service", Vocabulary("service", [Term("=p")]))("=p").is_error


def test_a_mark_in_a_name_that_the_eye_misses_is_told():
    reading = name_reader("team", Vocabulary("team"))("Team\u200b A")
    assert (reading.value, reading.is_error) == ("Team A", False)
    assert (reading.found, reading.expected) == (
        "'Team\\u200b A' was read as 'Team A'",
        "a team in plain letters",
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("=1+1", "which a spreadsheet would take for a formula"),
        ("+44", "which a spreadsheet would take for a formula"),
        ("@SUM(A1)", "which a spreadsheet would take for a formula"),
        ("-A", "which a spreadsheet would take for a formula"),
        ("a\x07b", "which holds a letter that cannot be printed"),
        ("a\ud800b", "which holds a letter that cannot be printed"),
        ("a\ue000b", "which holds a letter that cannot be printed"),
        ("a@b.org", "which looks like an e-mail address"),
    ],
)
def test_what_cannot_be_a_name_is_refused(text, why):
    reading = name_reader("area", Vocabulary("area"))(text)
    assert reading.is_error
    assert reading.found.endswith(f", {why}")
    assert reading.expected == "an area"


def test_a_grade_with_a_mark_that_the_eye_misses_is_told():
    reading = grade_reader(OFSTED)("R\u200bI")
    assert (reading.value.grade, reading.severity) == ("RI", "warning")
    assert (reading.found, reading.expected) == ("'R\\u200bI' was read as 'RI'", "a grade in plain letters")


@pytest.mark.parametrize(
    "text",
    [
        "first grader",
        "Essex manager",
        "Managers of both authorities",
        "Worcestershire",
        "Grader 2",
        "A",
        "B1",
        "peer",
        "Agreed grade",
        "moderated",
        "panel",
        "IRO",
        "PSW",
        "Kent",
        "North Yorkshire",
        "both",
    ],
)
def test_a_grader_is_a_role(text):
    assert role_reader("Worcestershire Essex County Council")(text).value == text


@pytest.mark.parametrize(
    "text", ["Alex Example", "Example, A.", "AE Example", "Mx Example", "Alex", "Clark Kent"]
)
def test_a_grader_who_may_be_a_person_is_refused_and_not_repeated(text):
    reading = role_reader("Worcestershire")(text)
    assert reading.is_error
    assert text not in reading.found + reading.expected + reading.remedy


def test_no_grader_is_no_fault():
    assert (role_reader("")(" ").value, role_reader("")(" ").found) == (None, "")
    assert role_reader("")("=grader").is_error


@pytest.mark.parametrize(
    ("text", "day", "expected"),
    [
        (
            "2024-06-04 14:30:00",
            date(2024, 6, 4),
            "a date; it was read as 2024-06-04; the time of day was left out",
        ),
        (
            "04/06/2024 2:30 pm",
            date(2024, 6, 4),
            "a date; it was read as 2024-06-04; the time of day was left out",
        ),
        ("17/09/24", date(2024, 9, 17), "a date; it was read as 2024-09-17"),
        ("1.9.99", date(1999, 9, 1), "a date; it was read as 1999-09-01"),
        ("17-Sep-24", date(2024, 9, 17), "a date; it was read as 2024-09-17"),
        ("September 2017", None, "a date"),
    ],
)
def test_a_day_that_is_not_literal_is_read_and_told(text, day, expected):
    reading = day_reader(None)(text)
    assert (reading.value, reading.expected, reading.severity, reading.note) == (
        day,
        expected,
        "warning",
        True,
    )


@pytest.mark.parametrize("text", ["24-09-17", "31/02/24", "14:30", "Smarch 2017", "2024-06-04 noon"])
def test_a_day_is_never_guessed(text):
    assert day_reader(None)(text).is_error


@pytest.mark.parametrize(
    ("kind", "text", "looks"),
    [
        ("team", "01-Feb", "which looks like a day that a spreadsheet made of it"),
        ("round", "Dec-11", "which looks like a day that a spreadsheet made of it"),
        ("team", "1.00E+05", "which looks like a number that a spreadsheet shortened"),
        ("area", "nan", "a word for no name or for several"),
    ],
)
def test_what_a_spreadsheet_made_of_a_name_is_told_in_text_too(kind, text, looks):
    reading = name_reader(kind, Vocabulary(kind))(text)
    assert (reading.value, reading.found, reading.severity) == (text, f"{text!r}, {looks}", "warning")


def test_a_dash_is_no_area_and_told():
    reading = name_reader("area", Vocabulary("area"), may_be_empty=True)("-")
    assert (reading.value, reading.remedy, reading.note) == (None, "it was read as none", True)
