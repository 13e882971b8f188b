"""Workbooks: cells as the sheet shows them, and what a sheet hides said aloud."""

from __future__ import annotations

import io
import warnings
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.drawing.image import Image
from openpyxl.styles import Font
from openpyxl.utils.datetime import CALENDAR_MAC_1904

import improvement_analysis as ia
from improvement_analysis import SourceError

ROOT = Path(__file__).resolve().parents[2]

NOT_READ = "expected gradings in every sheet; it was not read"


@pytest.fixture
def read(place, make):
    """Change a good workbook of two sheets; give gradings and the warnings told."""

    def reader(change=lambda book: None, name="t.xlsx", rezipped=None):
        book = make.book({"Team A": make.team_rows(["Team A"]), "Team B": make.team_rows(["Team B"])})
        change(book)
        data = make.book_bytes(book)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_gradings(place(name, make.rezip(data, rezipped or {})))
        return frame, [str(each.message) for each in caught]

    return reader


def test_every_sheet_with_gradings_is_read(read):
    found, told = read()
    assert told == []
    assert found["team"].tolist() == ["Team A"] * 5 + ["Team B"] * 5
    assert found["source"].tolist()[5] == "t.xlsx, sheet 'Team B', row 2"


def test_sheets_without_gradings_are_told(read):
    def change(book):
        book.create_sheet("Notes")["A1"] = "Written in autumn"
        book.create_sheet("Empty")

    assert read(change)[1] == [f"t.xlsx, sheet 'Notes': found a sheet without gradings, {NOT_READ}"]


def test_titles_above_the_header_are_no_rows(read):
    def change(book):
        book["Team A"].insert_rows(1, 3)
        book["Team A"]["A1"] = "Gradings of autumn 2017"
        book["Team A"].merge_cells("A1:G1")

    found, told = read(change)
    assert len(found) == 10
    assert told == [
        "t.xlsx, sheet 'Team A': found 1 row above the header in row 4, expected the header first; nothing "
        "in them was read as a grading"
    ]
    assert found["source"].tolist()[0] == "t.xlsx, sheet 'Team A', row 5"


def test_hidden_rows_columns_and_sheets_are_read_and_told(read):
    def change(book):
        book["Team A"].row_dimensions[3].hidden = True
        book["Team A"].row_dimensions[30].hidden = True
        book["Team A"].column_dimensions["D"].hidden = True
        book["Team A"].column_dimensions["C"].width = 30
        book["Team B"].sheet_state = "veryHidden"

    found, told = read(change)
    assert len(found) == 10
    assert told == [
        "t.xlsx, sheet 'Team A', column 'D': found a hidden column, expected columns that can "
        "be seen; it was read",
        "t.xlsx, sheet 'Team A', row 3: found a hidden row, expected rows that can be seen; it was read",
        "t.xlsx, sheet 'Team B': found a hidden sheet, expected sheets that can be seen; it was read",
    ]


def test_names_merged_down_a_column_stand_in_each_row_and_are_told(read):
    def change(book):
        book["Team A"].merge_cells("C2:C6")
        book["Team A"].merge_cells("B3:B4")
        book["Team A"].merge_cells("J10:K12")

    found, told = read(change)
    assert found["team"].tolist() == ["Team A"] * 5 + ["Team B"] * 5
    said = "expected a value in every cell; theirs was taken for each row"
    assert told == [
        f"t.xlsx, sheet 'Team A', cell C3: found the merged cells C2:C6, {said}",
        f"t.xlsx, sheet 'Team A', cell B4: found the merged cells B3:B4, {said}",
    ]


def test_dates_are_those_of_the_sheet_also_in_the_system_of_1904(read):
    def change(book):
        book.epoch = CALENDAR_MAC_1904
        for row in range(2, 7):
            book["Team A"][f"E{row}"] = date(2017, 9, 4)
            book["Team B"][f"E{row}"] = 41520  # shown as a number

    found, told = read(change)
    assert set(found["visit_date"]) == {pd.Timestamp(2017, 9, 4)}
    assert told[0] == (
        "t.xlsx, sheet 'Team B', cell E2: found the number 41520, which the sheet shows without "
        "the form of a "
        "date, expected a date; it was read as 2017-09-04"
    )
    assert len(told) == 5


def test_a_number_is_a_name_as_it_is_shown(read):
    def change(book):
        for row in range(2, 7):
            book["Team A"][f"C{row}"] = 7
            book["Team A"][f"C{row}"].number_format = "000"
            book["Team B"][f"C{row}"] = 12.0
            book["Team A"][f"D{row}"] = 2017.5
            book["Team B"][f"A{row}"] = True

    stored = {"xl/worksheets/sheet2.xml": lambda xml: xml.replace(b"<v>12</v>", b"<v>1.2E1</v>")}
    found, _ = read(change, rezipped=stored)
    assert set(found["team"]) == {"007", "12"}
    assert set(found["round"]) == {"2017.5", "2017-18"}
    assert set(found["area"]) == {"Redditch/Wychavon", "TRUE"}


def test_what_was_calculated_last_is_read_and_nothing_is_calculated(read):
    def stored(xml):
        return xml.replace(
            b'<c r="G2"><f>1+1</f><v /></c>', b'<c r="G2" t="str"><f>1+1</f><v>G</v></c>'
        ).replace(b'<c r="G2"><f>1+1</f><v></v></c>', b'<c r="G2" t="str"><f>1+1</f><v>G</v></c>')

    def change(book):
        book["Team A"]["G2"] = "=1+1"

    found, told = read(change, rezipped={"xl/worksheets/sheet1.xml": stored})
    assert (found["grade"].iloc[0], told) == ("G", [])


def test_a_calculated_error_is_an_error(place, make, refused):
    book = make.book({"T": make.team_rows(["A"])})
    book["T"]["G2"] = "=NA()"
    data = make.rezip(
        make.book_bytes(book),
        {
            "xl/worksheets/sheet1.xml": lambda xml: xml.replace(
                b'<c r="G2"><f>NA()</f><v /></c>', b'<c r="G2" t="e"><f>NA()</f><v>#N/A</v></c>'
            ).replace(b'<c r="G2"><f>NA()</f><v></v></c>', b'<c r="G2" t="e"><f>NA()</f><v>#N/A</v></c>')
        },
    )
    assert refused("t.xlsx", data) == (
        "1 problem in t.xlsx\n  sheet 'T', cell G2: found the error #N/A, expected a value"
    )


def test_text_struck_out_is_read_and_told(read):
    def change(book):
        book["Team A"]["G2"].font = Font(strike=True)
        book["Team A"]["J9"].font = Font(strike=True)

    found, told = read(change)
    assert found["grade"].iloc[0] == "RI"
    assert told == [
        "t.xlsx, sheet 'Team A', cell G2: found text that is struck out, expected text that stands; "
        "it was read; delete what does not hold"
    ]


@pytest.mark.parametrize("name", ["t.xlsm", "t.xlsx", "T.XLSX"])
def test_macros_are_told_and_not_run(read, name):
    found, told = read(name=name, rezipped={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"})
    assert len(found) == 10
    assert told == [
        f"{name}: found a workbook with macros, expected one without; none was run; save it as .xlsx"
    ]


def test_links_pictures_and_notes_do_no_harm(read):
    def change(book):
        sheet = book["Team A"]
        sheet["C2"].hyperlink = "https://example.org"
        sheet["C3"].comment = openpyxl.comments.Comment("A remark", "Reviewer")
        picture = io.BytesIO()
        pytest.importorskip("PIL.Image").new("RGB", (2, 2)).save(picture, "PNG")
        sheet.add_image(Image(picture), "J2")

    assert read(change)[1] == []


def test_a_printed_table_may_be_in_several_parts_of_a_sheet(place, make, ds):
    rows, cells = [["Findings"], []], ds.published
    for service in ds.services:
        rows += [
            [f"{service} Teams".replace("Disabilities Teams", "Disabilities Team")],
            ["The overall judgements"],
        ]
        rows.append(["Quality domain", "Grading"])
        rows += cells.loc[cells["service"] == service, ["domain", "grading"]].astype(str).to_numpy().tolist()
    for blank in (True, False):
        kept = rows if blank else [row for row in rows if row]
        declared = (ds.about.name, "source.toml")
        path = place("t.xlsx", make.book_bytes(make.book({"All": kept})))
        source = path.parents[0] / declared[1]
        source.write_bytes((ROOT / "data" / "raw" / declared[0] / declared[1]).read_bytes())
        found = ia.read_published(path)
        pd.testing.assert_frame_equal(found.drop(columns="source"), cells.drop(columns="source"))


def test_a_time_of_midnight_is_a_day(read):
    def change(book):
        for row in range(2, 7):
            book["Team A"][f"E{row}"] = datetime(2017, 9, 4)

    assert set(read(change)[0]["visit_date"]) == {pd.Timestamp(2017, 9, 4)}


def test_several_formulas_are_looked_up_in_one_second_opening(read, monkeypatch):
    opened = []
    real = openpyxl.load_workbook
    monkeypatch.setattr(openpyxl, "load_workbook", lambda *a, **k: opened.append(k) or real(*a, **k))

    def change(book):
        book["Team A"]["G2"] = "=1+1"
        book["Team A"]["G3"] = "=2+2"

    with pytest.raises(SourceError) as caught:
        read(change)
    assert [problem.column for problem in caught.value.problems] == ["G", "G"]
    assert [kept.get("data_only", False) for kept in opened] == [False, True]


@pytest.mark.parametrize("fault", ["=SUM(A2:A3)", "#N/A"])
def test_a_cell_without_a_value_stops_nothing_where_nobody_reads_its_column(place, make, fault):
    rows = [[*row, "Risk" if number == 0 else ""] for number, row in enumerate(make.team_rows())]
    rows[1][-1] = fault
    rows.append([""] * 7 + [fault])
    book = make.book({"T": rows})
    path = place("t.xlsx", make.book_bytes(book))
    with pytest.warns(ia.SourceWarning) as caught:
        found = ia.read_gradings(path)
    assert len(found) == 10
    (problem,) = [each.message.problem for each in caught]
    assert (problem.found, problem.column, problem.note) == ("a column that is not known", "H", True)
    book["T"]["G2"] = fault
    path.write_bytes(make.book_bytes(book))
    with pytest.raises(SourceError) as refused:
        ia.read_gradings(path)
    assert [(each.place, each.severity) for each in refused.value.problems if not each.note] == [
        ("sheet 'T', cell G2", "error")
    ]
