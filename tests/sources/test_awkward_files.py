"""Files that can be read but should not pass unremarked: what is told, word for word, and what comes out."""

from __future__ import annotations

import re
import warnings

import pandas as pd
import pytest
from openpyxl.chart import BarChart, Reference

import improvement_analysis as ia
from improvement_analysis.sources import check_path

DECLARED = '[[services]]\nname = "Safeguarding"\n[[services]]\nname = "Care Leaving"\n'
CELLS = [
    ("service", "domain", "grading"),
    ("Safeguarding", "allocation", "RI (9 x RI)"),
    ("Safeguarding", "practice", "RI (9 x RI)"),
    ("Safeguarding", "monitoring", "RI (5 x RI, 4 x I)"),
    ("Safeguarding", "joint_working", "RI (6 x RI, 3 x no judgement)"),
    ("Safeguarding", "overall", "RI (9 x RI)"),
]


@pytest.fixture
def told(place, make):
    """What is told of a file, without its name, and its frame."""

    def read(name, data, kind="gradings", declared=""):
        source = make.source + f'[[files]]\nname = "{name}"\nkind = "{kind}"\n' + declared
        path = place(name, data, source)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = {"gradings": ia.read_gradings, "published": ia.read_published}[kind](path)
        said = [str(each.message).removeprefix(f"{name}, ").removeprefix(f"{name}: ") for each in caught]
        assert [problem.severity for problem in check_path(path)] == ["warning"] * len(said)
        return said, frame

    return read


def edited(rows, change):
    """The rows below the header with some columns changed; *change* is by row as a spreadsheet counts."""
    rows = [list(row) for row in rows]
    for row, column, text in change:
        rows[row - 1][rows[0].index(column)] = text
    return rows


def every(rows, column, text):
    return edited(rows, [(row, column, text) for row in range(2, len(rows) + 1)])


UNLIKELY = {
    ("team", "N/A"): "a word for no name or for several, expected a team; it was taken for a name",
    ("team", "Various"): "a word for no name or for several, expected a team; it was taken for a name",
    ("team", "Team A<br>"): "which holds a mark of a web page, expected a team; it was taken for a name",
    ("service", "Children &amp; Families"): (
        "which holds a mark of a web page, expected a service; it was taken for a name"
    ),
    ("team", "2017-18"): "which looks like a round, expected a team; it was taken for a name",
    ("team", "04/09/2017"): "which is a day, expected a team; it was taken for a name",
    ("service", "All services"): (
        "a word for no name or for several, expected a service; it was taken for a name"
    ),
    ("area", "Unknown"): (
        "a word for no name or for several, expected an area; it was taken for a name; "
        "leave the cell empty where there is none"
    ),
    ("round", "2017-04-01"): (
        "which is a day, expected a round; it was taken for a name; leave the cell empty where there is none"
    ),
}


@pytest.mark.parametrize(("column", "text"), UNLIKELY)
def test_a_name_that_may_be_none_is_kept_and_told(told, make, column, text):
    said, found = told("t.csv", make.csv(every(make.team_rows(["A"]), column, text)))
    assert said == [
        f"row {row}, column {column!r}: found {text!r}, {UNLIKELY[column, text]}" for row in range(2, 7)
    ]
    assert set(found[column]) == {text}


def test_a_declared_name_is_never_unlikely(told, make):
    declared = '[[services]]\nname = "Various"\n'
    said, found = told("t.csv", make.csv(make.team_rows(service="various")), declared=declared)
    assert (said, set(found["service"])) == ([], {"Various"})


def test_a_team_may_be_numbered_like_a_year_of_nothing(told, make):
    said, found = told("t.csv", make.csv(make.team_rows(["Team 2017", "12", "1899"])))
    assert (said, set(found["team"])) == ([], {"Team 2017", "12", "1899"})


def test_columns_of_team_and_round_with_their_contents_swapped_are_told(told, make):
    rows = [[*row[:2], row[3], row[2], *row[4:]] for row in make.team_rows(["Team A"])]
    rows[0] = make.team_header
    said, _ = told("t.csv", make.csv(rows))
    assert said[0] == (
        "row 2, column 'team': found '2017-18', which looks like a round, expected a team; "
        "it was taken for a name"
    )


def test_a_visit_of_two_days_is_told(told, make):
    rows = edited(make.team_rows(), [(4, "visit_date", "05/09/2017"), (9, "visit_date", "")])
    said, found = told("t.csv", make.csv(rows))
    assert said == [
        "row 4, column 'visit_date': found team 'Team A' on 05/09/2017, in row 2 on 04/09/2017, "
        "expected one day for a visit; both are kept",
        "row 9, column 'visit_date': found team 'Team B' on no day, in row 7 on 04/09/2017, "
        "expected one day for a visit; both are kept",
    ]
    assert found["visit_date"].nunique() == 2


def test_two_rounds_of_a_team_have_each_a_day(told, make):
    later = every(every(make.team_rows(), "round", "2018-19"), "visit_date", "01/02/2018")
    rows = [*make.team_rows(), *later[1:]]
    said, _ = told("t.csv", make.csv(every(rows, "area", "")))
    assert said == []


def test_tallies_of_another_number_of_teams_are_told(told, make):
    cells = [*CELLS[:2], ("Safeguarding", "practice", "RI (8 x RI)"), *CELLS[3:]]
    said, found = told("t.csv", make.csv(cells), "published")
    assert said == [
        "row 3, column 'grading': found a tally of 8 teams, expected 9, as most tallies of Safeguarding "
        "have; both are kept"
    ]
    assert found["teams"].tolist() == [9, 8, 9, 9, 9]


def test_a_tally_that_was_told_against_its_own_column_is_not_told_again(told, make):
    cells = [(*row, "teams" if number == 0 else "9") for number, row in enumerate(CELLS)]
    cells[2] = ("Safeguarding", "practice", "RI (1 x RI)", "9")
    said, _ = told("t.csv", make.csv(cells), "published")
    assert said == [
        "row 3, column 'grading': found a tally of 1 team, expected 9, as the column 'teams' says; "
        "both are kept"
    ]
    cells[2] = ("Safeguarding", "practice", "RI (1 x RI)", "1")
    said, _ = told("t.csv", make.csv(cells), "published")
    assert said == [
        "row 3, column 'grading': found a tally of 1 team, expected 9, as most tallies of Safeguarding "
        "have; both are kept"
    ]


def test_an_ampersand_and_the_word_are_one_name_spelt_twice(told, make):
    rows = make.team_rows(["A"], service="Contact & Referral")
    said, _ = told("t.csv", make.csv([*rows, *make.team_rows(["B"], service="Contact and Referral")[1:]]))
    assert said == [
        "row 7, column 'service': found 'Contact & Referral' and 'Contact and Referral', expected one "
        "spelling of a name; both are kept; if they are one, declare an alias in source.toml"
    ]


def put(text):
    """A change of a sheet: other XML in G2."""
    cell = b'<c r="G2" t="inlineStr">' + text + b"</c>"
    return lambda xml: re.sub(rb'<c r="G2"[^>]*>.*?</c>', cell, xml)


@pytest.mark.parametrize(
    "text",
    [
        b"<is><r><rPr><strike/></rPr><t>RI</t></r></is>",
        b'<is><r><t>RI</t></r><r><rPr><strike val="1"/></rPr><t xml:space="preserve"> / I</t></r></is>',
    ],
)
def test_a_part_of_a_cell_that_is_struck_out_is_told(told, make, text):
    data = make.book_bytes(make.book({"T": make.team_rows()}))
    said, found = told("t.xlsx", make.rezip(data, {"xl/worksheets/sheet1.xml": put(text)}))
    assert said == [
        "sheet 'T', cell G2: found text that is struck out, expected text that stands; it was read; "
        "delete what does not hold"
    ]
    assert str(found["grade"].iloc[0]) in ("RI", "RI / I")


def test_looks_within_a_cell_that_strike_nothing_out_are_not_told(told, make):
    data = make.book_bytes(make.book({"T": make.team_rows()}))
    bold = b"<is><r><rPr><b/><strike val='0'/></rPr><t>R</t></r><r><t>I</t></r></is>"
    said, found = told("t.xlsx", make.rezip(data, {"xl/worksheets/sheet1.xml": put(bold)}))
    assert said == []
    assert str(found["grade"].iloc[0]) == "RI"


def test_a_sheet_of_lists_beside_the_gradings_is_told_and_not_refused(told, make):
    lists = [["domains", "grades"], ["allocation", "I"], ["practice", "RI"], ["monitoring", "G"]]
    said, found = told("t.xlsx", make.book_bytes(make.book({"T": make.team_rows(), "Lists": lists})))
    assert said == [
        "sheet 'Lists': found a sheet without gradings, expected gradings in every sheet; it was not read"
    ]
    assert len(found) == 10


def test_a_sheet_that_is_a_chart_is_passed_over(told, make):
    book = make.book({"T": make.team_rows()})
    chart = BarChart()
    chart.add_data(Reference(book["T"], min_col=4, min_row=2, max_row=6))
    book.create_chartsheet("C").add_chart(chart)
    said, found = told("t.xlsx", make.book_bytes(book))
    assert (said, len(found)) == ([], 10)


def test_a_workbook_without_the_names_of_its_cells_is_read_in_order(told, make):
    data = make.book_bytes(make.book({"T": make.team_rows()}))
    bare = make.rezip(data, {"xl/worksheets/sheet1.xml": lambda xml: re.sub(rb' r="[A-Z]*[0-9]+"', b"", xml)})
    said, found = told("t.xlsx", bare)
    assert (said, len(found)) == ([], 10)


INTO_WORD = {
    "<w:altChunk/>": "text from another file, 1 time, expected a final text; it was passed over",
    "<w:p><w:r><w:object/></w:r></w:p>": (
        "an embedded object, such as a sheet, 1 time, expected a final text; it was passed over"
    ),
}


@pytest.mark.parametrize("element", INTO_WORD)
def test_what_a_word_document_shows_but_does_not_hold_as_text_is_told(told, make, element):
    body = make.docx_table(CELLS) + element
    said, found = told("t.docx", make.docx(body), "published", DECLARED)
    assert said == [f"found {INTO_WORD[element]}"]
    assert len(found) == 5


def test_text_in_a_page_that_is_struck_out_by_its_style_is_passed_over_and_told(told, make):
    page = "<meta charset=utf-8>" + make.html_table(CELLS)
    changed = page.replace(
        "RI (5 x RI", "<span style='text-decoration: Line-Through'>G (9 x G)</span>RI (5 x RI"
    )
    before = "<p style='text-decoration:line-through'>RI (3 x RI)</p>"
    said, found = told("t.html", before + changed, "published")
    assert said == ["found text that is struck out, 2 times, expected a final text; it was passed over"]
    assert found["grading"].iloc[2] == "RI (5 x RI, 4 x I)"


@pytest.mark.parametrize(
    "text",
    [
        "## Safeguarding\n\n| Quality domain | Grading |\n|---|:--|\n{cells}",
        "# Safeguarding\n-----------\n{cells}",
        "Safeguarding\n=====\n\n{cells}",
    ],
)
@pytest.mark.parametrize("ending", ["md", "txt"])
def test_a_table_in_markdown_is_read(told, text, ending):
    cells = "\n".join(f"| {domain} | {grading} |" for _, domain, grading in CELLS[1:])
    said, found = told(f"t.{ending}", text.format(cells=cells), "published", DECLARED)
    assert said == []
    assert found["grading"].tolist() == [grading for _, _, grading in CELLS[1:]]


@pytest.mark.parametrize(
    "prose",
    [
        "Practice I saw in 2017 was mixed and there was much to be done about it.",
        "Practice is good.",
        "Monitoring\tand supervision",
        "Team leaders | managers",
    ],
)
def test_prose_that_begins_like_a_domain_is_prose(told, prose):
    cells = "\n".join(f"{domain}\t{grading}" for _, domain, grading in CELLS[1:])
    said, found = told("t.txt", f"Safeguarding\n{prose}\n{cells}", "published", DECLARED)
    assert (said, len(found)) == ([], 5)


@pytest.mark.parametrize(
    ("text", "day"),
    [("4 Sep 2017", "2017-09-04"), ("4-Sep-2017", "2017-09-04"), ("2017/09/04", "2017-09-04")],
)
def test_a_day_in_another_form_is_no_second_day(told, make, text, day):
    said, found = told("t.csv", make.csv(edited(make.team_rows(), [(3, "visit_date", text)])))
    assert said == []
    assert set(found["visit_date"]) == {pd.Timestamp(day)}


def test_a_long_comment_is_no_harm(told, make):
    rows = [[*row, "comment" if not n else "words " * 4_000] for n, row in enumerate(make.team_rows())]
    said, found = told("t.csv", make.csv(rows))
    assert (said, len(found)) == ([], 10)


def test_of_one_fault_in_many_rows_a_thousand_are_told(place, make):
    rows = make.team_rows([f"Team number {n}" for n in range(220)], grade="R1")
    with pytest.raises(ia.SourceError) as caught:
        ia.read_gradings(place("t.csv", make.csv(rows)))
    assert [problem.row for problem in caught.value.problems] == list(range(2, 1_002))


def test_a_printed_table_of_titles_alone_is_refused(place, make):
    sheet = [CELLS[0][1:], ["Safeguarding"], CELLS[0][1:], *(cell[1:] for cell in CELLS[1:])]
    with pytest.raises(ia.SourceError) as caught:
        ia.read_published(place("t.xlsx", make.book_bytes(make.book({"T": [["Care Leaving"], *sheet]}))))
    assert str(caught.value) == (
        "1 problem in t.xlsx\n  sheet 'T', row 2: found no row below the header, expected a row for each "
        "printed cell"
    )
