"""Separated values: encodings, separators, quoting, and the row numbers a spreadsheet shows."""

from __future__ import annotations

import warnings

import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

UTF8 = (
    "found letters that are not UTF-8, expected text in UTF-8; it was read as Windows-1252: check names with "
    "accents, or save it as 'CSV UTF-8'"
)


@pytest.fixture
def read(place):
    def reader(data, name="t.csv"):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_gradings(place(name, data))
        return frame, [str(each.message) for each in caught]

    return reader


@pytest.fixture
def text(make):
    return make.csv(make.team_rows(["Zoë"]))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_text_is_read_in_its_encoding(read, text, encoding):
    found, told = read(text.encode(encoding))
    assert set(found["team"]) == {"Zoë"}
    assert told == ([f"t.csv: {UTF8}"] if encoding == "cp1252" else [])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["csv", "tsv", "tab", "txt", "CSV"])
def test_the_separator_is_the_header_s_whatever_the_ending(read, make, separator, ending):
    rows = make.team_rows(["Team, North; and\tSouth"])
    found, told = read(make.csv(rows, separator), f"t.{ending}")
    assert (len(found), told) == (5, [])
    assert set(found["team"]) == {"Team, North; and South"}


def test_a_first_line_may_tell_the_separator_and_is_no_row(read, make):
    found, _ = read("sep=;\r\n" + make.csv(make.team_rows(["A, B, C, D, E, F, G, H"]), ";"))
    assert found["source"].tolist()[0] == "t.csv, row 2"
    assert set(found["team"]) == {"A, B, C, D, E, F, G, H"}


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_they_like(read, text, end):
    found, _ = read(text.replace("\r\n", end))
    assert found["source"].tolist() == [f"t.csv, row {row}" for row in range(2, 7)]


def test_blank_rows_are_passed_over_and_counted(read, text):
    lines = text.splitlines(keepends=True)
    found, told = read(
        "\r\n" + lines[0] + " ,,,,,,\r\n" + lines[1] + "\r\n\r\n" + "".join(lines[2:]) + ",,,,,,\r\n"
    )
    assert found["source"].tolist()[:2] == ["t.csv, row 4", "t.csv, row 7"]
    assert told == []


def test_a_row_over_several_lines_is_one_row(read, make):
    rows = [[*row, "two\nlines"] for row in make.team_rows(["A"])]
    rows[0][-1] = "comment"
    found, told = read(make.csv(rows))
    assert found["source"].tolist() == [f"t.csv, row {row}" for row in range(2, 7)]
    assert told == []


def test_columns_without_heading_and_text_are_no_columns(read, make):
    found, told = read(make.csv([[*row, "", ""] for row in make.team_rows(["A"])]))
    assert (len(found), told) == (5, [])


def test_a_long_text_is_read_line_by_line(read, make):
    found, _ = read(make.csv(make.team_rows([f"Team number {n}" for n in range(3_200)])))
    assert len(found) == 16_000
    assert set(found["grade"]) == {"RI"}


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_a_line_of_too_many_separators_is_refused_among_short_ones(read, make, end):
    lines = make.csv(make.team_rows([f"Team number {n}" for n in range(300)])).replace("\r\n", end)
    assert len(read(lines)[0]) == 1_500
    with pytest.raises(SourceError) as caught:
        read(lines + "," * 10_001 + end + lines)
    assert str(caught.value) == (
        "1 problem in t.csv\n  line 1502: found a line of "
        f"{10_001 + len(end):,} letters, 10,001 of them separators, expected at most 1,000,000 and 10,000"
    )


def test_a_header_whose_quoting_is_broken_under_one_separator_is_read_under_another(read, make):
    header = '"area";service;"team";round;visit_date;domain;grade'
    found, _ = read(
        make.csv(make.team_rows(["A"]), ";").replace(
            "area;service;team;round;visit_date;domain;grade", header
        )
    )
    assert len(found) == 5


def test_a_header_that_no_separator_can_split_is_refused(read):
    with pytest.raises(SourceError, match="quoting that cannot be read"):
        read("x" * 200_000 + "\n")
