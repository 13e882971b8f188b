"""Small wrong files, one fault each and named by it: every one is refused, word for word as tests/data says.

The messages stand in ``tests/data/sources/messages.txt`` under the name of the fault.
"""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from datetime import date
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError
from improvement_analysis.sources import check_path

MESSAGES = Path(__file__).resolve().parents[1] / "data" / "sources" / "messages.txt"

DECLARED = """
[[services]]
name = "Safeguarding"
aliases = ["Safeguarding Teams"]
[[services]]
name = "Care Leaving"
aliases = ["Care Leaving Teams"]
[[areas]]
name = "Redditch/Wychavon"
"""
CELLS = [
    ("service", "domain", "grading", "teams"),
    ("Safeguarding", "allocation", "RI (5 x RI, 3 x I, 1 x G)", "9"),
    ("Safeguarding", "practice", "RI (9 x RI)", "9"),
    ("Safeguarding", "monitoring", "RI (5 x RI, 4 x I)", "9"),
    ("Safeguarding", "joint_working", "RI (6 x RI, 3 x no judgement)", "9"),
    ("Safeguarding", "overall", "Requires Improvement (7 x RI, 2 x I)", "9"),
]
UNDER = [("Quality domain", "Grading"), *[row[1:3] for row in CELLS[1:]]]
LINES = ["Safeguarding Teams", "Quality domain\tGrading", *["\t".join(row) for row in UNDER[1:]]]
COLUMNS = {
    name: place for place, name in enumerate(["area", "service", "team", "round", "visit_date", "domain"])
}
COLUMNS["grade"] = 6


def edited(rows, row, column, text):
    """A table with one cell changed; rows count as a spreadsheet shows them."""
    rows = [list(each) for each in rows]
    rows[row - 1][column] = text
    return rows


class Case:
    """A wrong file: what makes it, and who reads it."""

    def __init__(self, name, data, source=None, reader=ia.read_gradings):
        self.name, self.data, self.source, self.reader = name, data, source, reader


def team_cell(column, text, *, row=4, declared=""):
    return lambda make: Case(
        "teams.csv",
        make.csv(edited(make.team_rows(), row, COLUMNS[column], text)),
        make.source + FILE + declared,
    )


FILE = '[[files]]\nname = "teams.csv"\nkind = "gradings"\n'


def team_text(change, name="teams.csv"):
    return lambda make: Case(name, change(make.csv(make.team_rows())))


def team_table(change):
    return lambda make: Case("teams.csv", make.csv(change(make.team_rows())))


def cell(text, column=2, row=3):
    return lambda make: Case(
        "tables.csv",
        make.csv(edited(CELLS, row, column, text)),
        make.source + FILE.replace("teams", "tables").replace("gradings", "published") + DECLARED,
        ia.read_published,
    )


def cells(change):
    return lambda make: Case("tables.csv", make.csv(change(CELLS)), None, ia.read_published)


def book(change):
    def build(make):
        made = make.book({"Team A": make.team_rows(["Team A"]), "Team B": make.team_rows(["Team B"])})
        change(made)
        return Case("forms.xlsx", make.book_bytes(made), make.source + FILE)

    return build


def package(changes, name="forms.xlsx"):
    def build(make):
        data = make.book_bytes(make.book({"Team A": make.team_rows()}))
        return Case(name, make.rezip(data, changes))

    return build


def sheet_xml(change):
    return package({"xl/worksheets/sheet1.xml": change})


def after_data(xml):
    return lambda sheet: sheet.replace(b"</sheetData>", b"</sheetData>" + xml)


def put(sheet, place, value):
    def change(made):
        made[sheet][place] = value

    return book(change)


def merge(area):
    return book(lambda made: made["Team A"].merge_cells(area))


def word(body, extra=()):
    return lambda make: Case(
        "report.docx", make.docx(body(make), extra), make.source + FILE + DECLARED, ia.read_published
    )


def page(text):
    return lambda make: Case("page.html", text(make), make.source + FILE + DECLARED, ia.read_published)


def lines(change):
    return lambda make: Case(
        "pasted.txt", "\n".join(change(list(LINES))), make.source + FILE + DECLARED, ia.read_published
    )


def pdf(build):
    return lambda make: Case("paper.pdf", build(make), make.source + FILE + DECLARED, ia.read_published)


def declaration(change):
    return lambda make: Case("teams.csv", make.csv(make.team_rows()), change(make.source + FILE))


def as_(ending, data):
    return lambda make: Case(f"teams{ending}", data)


def struck(made):
    made["Team A"]["G3"] = None
    made["Team B"]["G4"] = "R1"


def bomb(make):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/worksheets/sheet1.xml", b" " * 110_000_000)
    return Case("bomb.xlsx", stream.getvalue())


def lying_bomb(make):
    """A package whose directory says it is small."""
    data = make.zip({"xl/workbook.xml": "<workbook/>", "xl/worksheets/sheet1.xml": b" " * 10_000_000})
    return Case("bomb.xlsx", data.replace((10_000_000).to_bytes(4, "little"), (1_000).to_bytes(4, "little")))


def twice_in_zip(make):
    stream = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "w") as made:
        warnings.simplefilter("ignore")  # that a name stands twice
        made.writestr("xl/workbook.xml", "<workbook/>")
        made.writestr("xl/workbook.xml", "<workbook/>")
    return Case("forms.xlsx", stream.getvalue())


def table(rows):
    return lambda make: make.paragraph("Safeguarding Teams", "berschrift2") + make.docx_table(rows)


def html(rows, above="<h2>Safeguarding Teams</h2>"):
    return lambda make: f"<meta charset=utf-8>{above}{make.html_table(rows)}"


STRUCK = b"<is><r><rPr><strike/></rPr><t>RI</t></r><r><t>G</t></r></is>"
ENTITY = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;">]>'
ROW = "<w:tr><w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc><w:tc>{}</w:tc></w:tr>"

CELL = '<w:tc><w:p><w:r><w:t xml:space="preserve">'
MERGED = "<w:tcPr><w:vMerge{}/></w:tcPr>"


def with_row(xml):
    """A Word table whose last row holds a domain and some XML."""
    return lambda make: table(UNDER[:-1])(make).replace("</w:tbl>", ROW.format("overall", xml) + "</w:tbl>")


CASES = {
    # a grade in a table of team gradings
    "grade with a digit for a letter": team_cell("grade", "R1"),
    "grade left empty": team_cell("grade", ""),
    "grade of spaces": team_cell("grade", "  "),
    "grade as a number": team_cell("grade", "3"),
    "grade in a word of a former scale": team_cell("grade", "Adequate"),
    "grade with a plus": team_cell("grade", "RI+"),
    "grade with a question mark": team_cell("grade", "RI?"),
    "split of grades that are not neighbours": team_cell("grade", "I / G"),
    "split of one grade": team_cell("grade", "RI / RI"),
    "split of three grades": team_cell("grade", "I / RI / G"),
    "split with a backslash": team_cell("grade", "RI\\I"),
    "grade in a letter of another alphabet": team_cell("grade", "О"),
    "grade as a tally": team_cell("grade", "3 x RI"),
    "grade as an error of a spreadsheet": team_cell("grade", "#REF!"),
    "grade as a tick": team_cell("grade", "✓"),
    "grade as a colour": team_cell("grade", "amber"),
    "grade as a percentage": team_cell("grade", "75%"),
    "grade as a formula": team_cell("grade", "=G3"),
    "grade with a reason beside it": team_cell("grade", "RI (borderline)"),
    "grade of 100 letters": team_cell("grade", "x" * 100),
    "two grades in a cell": team_cell("grade", "RI\nG"),
    "grade with the mark of a footnote": team_cell("grade", "RI¹"),
    "grade with how many teams have it": team_cell("grade", "RI 5/9"),
    "grade with the word majority": team_cell("grade", "RI (majority)"),
    "grade with a letter of another alphabet": team_cell("grade", "R\u0406"),
    "grade with a Roman numeral in one sign": team_cell("grade", "R\u2160"),
    "grade with a word for doubt": team_cell("grade", "RI, to be confirmed"),
    "two grades with an ampersand": team_cell("grade", "RI & I"),
    # other cells of a table of team gradings
    "service left empty": team_cell("service", ""),
    "service that is not declared": team_cell("service", "Fostering", declared=DECLARED),
    "service misspelt": team_cell("service", "Safegaurding", declared=DECLARED),
    "area that is not declared": team_cell("area", "Malvern", declared=DECLARED),
    "team left empty": team_cell("team", ""),
    "team as a formula": team_cell("team", '=HYPERLINK("x")'),
    "team as an e-mail address": team_cell("team", "someone@example.org"),
    "team with a letter that cannot be printed": team_cell("team", "Team\x07A"),
    "team as an error of a spreadsheet": team_cell("team", "#N/A"),
    "team read in a wrong encoding before": team_cell("team", "Zoë".encode().decode("cp1252")),
    "team with a letter that was lost": team_cell("team", "Zo\ufffd"),
    "team of 201 letters": team_cell("team", "x" * 201),
    "team of a dash": team_cell("team", "\u2013"),
    "area as a ditto mark": team_cell("area", '"'),
    "domain left empty": team_cell("domain", ""),
    "domain misspelt": team_cell("domain", "practise"),
    "domain that is not declared": team_cell("domain", "leadership"),
    "day month first": team_cell("visit_date", "09/25/2017"),
    "day that does not exist": team_cell("visit_date", "31/02/2017"),
    "day as a serial number": team_cell("visit_date", "42982"),
    "day with the month first in words": team_cell("visit_date", "September 4, 2017"),
    "day as words": team_cell("visit_date", "last autumn"),
    "day of the year 217": team_cell("visit_date", "04/09/0217"),
    "day of another century": team_cell("visit_date", "04/09/1917"),
    "days from one to another": team_cell("visit_date", "04/09/2017 - 05/09/2017"),
    "day after publication": team_cell("visit_date", "04/09/2018"),
    "several faults": lambda make: Case(
        "teams.csv", make.csv(edited(edited(make.team_rows(), 3, 6, "R1"), 3, 5, "practise"))
    ),
    "grader by name": lambda make: Case(
        "teams.csv",
        make.csv([[*make.team_header, "grader"], *([*r, "Alex Example"] for r in make.team_rows(["A"])[1:])]),
    ),
    "grader by initials and role": lambda make: Case(
        "teams.csv",
        make.csv([[*make.team_header, "grader"], [*make.team_rows()[1], "A. Example (manager)"]]),
    ),
    "domain of a team twice": team_table(lambda rows: [*rows, rows[3]]),
    # the table itself
    "column left out": team_table(lambda rows: [row[:-1] for row in rows]),
    "columns left out": team_table(lambda rows: [row[:2] for row in rows]),
    "column twice": team_table(lambda rows: [[*row, row[-1]] for row in rows]),
    "column twice by two names": lambda make: Case(
        "tables.csv",
        make.csv([(*CELLS[0], "Quality domain"), *((*row, row[1]) for row in CELLS[1:])]),
        None,
        ia.read_published,
    ),
    "heading misspelt": team_table(lambda rows: edited(rows, 1, 1, "srevice")),
    "header alone": team_table(lambda rows: rows[:1]),
    "no header": team_table(lambda rows: rows[1:]),
    "units below the header": team_table(
        lambda rows: [rows[0], ["name", "name", "name", "years", "day", "", "code"], *rows[1:]]
    ),
    "totals below the rows": team_table(lambda rows: [*rows, ["Total", *[""] * 5, "10"]]),
    "note below the rows": team_table(lambda rows: [*rows, ["Source: visit notes", *[""] * 6]]),
    "names given once for five rows": team_table(
        lambda rows: [row if n % 5 == 1 or n == 0 else ["", "", "", *row[3:]] for n, row in enumerate(rows)]
    ),
    "two columns with their contents swapped": team_table(
        lambda rows: [rows[0], *([*row[:5], row[6], row[5]] for row in rows[1:3])]
    ),
    "row too long": team_text(lambda text: text.replace("04/09/2017,allocation", "4,9,2017,allocation", 1)),
    "row too short": team_text(lambda text: text.replace("2017-18,04/09/2017,overall", "overall", 1)),
    "quote that does not end": team_text(lambda text: text.replace("Team A", '"Team A', 1)),
    "quote inside a field": team_text(lambda text: text.replace("Team A", '"Team" A', 1)),
    "bars between fields": team_text(lambda text: text.replace(",", "|")),
    "empty file": team_text(lambda text: ""),
    "blank lines alone": team_text(lambda text: "\n \n,,\n"),
    "line of a million letters": team_text(lambda text: text + "x" * 1_000_001),
    "field of 200,000 letters": team_text(lambda text: text.replace("Team A", "x" * 200_000, 1)),
    "UTF-16 without its mark": team_text(lambda text: text.encode("utf-16-le")),
    "bytes that are no text": team_text(lambda text: text.encode() + b"\x81\x8d"),
    "bytes in two encodings": team_text(lambda text: f"{text}Zoë\n".encode() + b"Zo\xeb\n"),
    "NUL in a text": team_text(lambda text: text + "\x00"),
    # what a file pretends to be
    "picture as CSV": as_(".csv", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "workbook as CSV": lambda make: Case("teams.csv", make.book_bytes(make.book({"A": make.team_rows()}))),
    "PDF as text": as_(".txt", b"%PDF-1.4\n"),
    "CSV as workbook": team_text(lambda text: text, "teams.xlsx"),
    "web page as workbook": as_(".xlsx", b"<html><table></table></html>"),
    "workbook as Word": lambda make: Case("teams.docx", make.book_bytes(make.book({"A": make.team_rows()}))),
    "old or protected workbook": as_(".xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
    "ending of old Word": as_(".doc", b"x"),
    "ending that is not known": as_(".json", b"[]"),
    "no ending": as_("", b"x"),
    # published cells
    "tally without its end": cell("RI (9 x RI"),
    "tally in square brackets": cell("RI [9 x RI]"),
    "tally left out": cell("RI"),
    "tally without numbers": cell("RI (RI)"),
    "tally the wrong way round": cell("RI (RI x 9)"),
    "tally with nought teams": cell("RI (9 x RI, 0 x I)"),
    "tally with a grade twice": cell("RI (5 x RI, 4 x RI)"),
    "tally with semicolons": cell("RI (5 x RI; 4 x I)"),
    "tally with a grade that is none": cell("RI (9 x R1)"),
    "tally of a million teams": cell("RI (1000000 x RI)"),
    "headline that is none": cell("R1 (9 x RI)"),
    "headline left out": cell("(9 x RI)"),
    "printed cell left empty": cell(""),
    "printed cell with a note": cell("RI (9 x RI) *"),
    "number of teams in words": cell("nine", 3),
    "number of teams with a point": cell("9.5", 3),
    "printed cell twice": cells(lambda rows: [*rows, rows[2]]),
    "printed domain that is not declared": cell("leadership", 1),
    "printed service that is not declared": cell("Fostering", 0),
    "printed service left empty": cell(" ", 0),
    "tally with the word teams": cell("RI (9 teams)"),
    "tally without the sign for times": cell("RI (5 RI, 4 I)"),
    "tally as k of n": cell("RI 9/9"),
    "tally in brackets within brackets": cell("RI (9 x RI (provisional))"),
    "printed headline with the mark of a footnote": cell("RI¹ (9 x RI)"),
    "totals below the printed cells": cells(lambda rows: [*rows, ("Total", "", "", "45")]),
    "commas of a tally without quotes": lambda make: Case(
        "tables.csv", "service,domain,grading\nS,practice,RI (5 x RI, 4 x I)\n", None, ia.read_published
    ),
    "headline and tally in two columns": cells(
        lambda rows: [("service", "domain", "headline", "tally"), ("S", "practice", "RI", "9 x RI")]
    ),
    "published table read as team gradings": lambda make: Case("tables.csv", make.csv(CELLS)),
    # workbooks
    "cell with a grade that is none": put("Team B", "G4", "R1"),
    "faults in two sheets": book(struck),
    "cell with an error": put("Team B", "G4", "#N/A"),
    "formula never calculated": put("Team B", "G4", "=G3"),
    "cell with a number for a grade": put("Team B", "G4", 3),
    "cell with a truth for a grade": put("Team B", "G4", True),
    "cell with a day for a grade": put("Team B", "G4", date(2017, 9, 4)),
    "cell with a day month first": put("Team B", "E4", "09/25/2017"),
    "cell with a day after publication": put("Team B", "E4", date(2071, 9, 4)),
    "grades merged": merge("G3:G4"),
    "cells of a row merged": merge("F3:G3"),
    "heading misspelt in a sheet": put("Team B", "G1", "grde"),
    "column twice in a sheet": put("Team B", "H1", "grade"),
    "workbook without gradings": lambda make: Case(
        "b.xlsx", make.book_bytes(make.book({"N": [["Notes"]], "M": [["x"]]}))
    ),
    "workbook without a filled cell": lambda make: Case("b.xlsx", make.book_bytes(make.book({"N": []}))),
    "sheet with a header alone": lambda make: Case(
        "b.xlsx", make.book_bytes(make.book({"N": [make.team_header]}))
    ),
    "sheet of team gradings without a header": lambda make: Case(
        "b.xlsx", make.book_bytes(make.book({"A": make.team_rows(["A"]), "B": make.team_rows(["B"])[1:]}))
    ),
    "sheet with two tables side by side": lambda make: Case(
        "b.xlsx",
        make.book_bytes(make.book({"A": [[*row, None, *row] for row in make.team_rows(["A"])]})),
    ),
    "sheet with totals below the rows": lambda make: Case(
        "b.xlsx", make.book_bytes(make.book({"A": [*make.team_rows(["A"]), ["Total", *[None] * 5, 5]]}))
    ),
    "sheet with a cell twice": sheet_xml(
        lambda xml: xml.replace(b'<c r="F2"', b'<c r="G2" t="inlineStr"><is><t>G</t></is></c><c r="F2"')
    ),
    "cell with a grade struck out beside another": sheet_xml(
        lambda xml: re.sub(rb'(<c r="G2"[^>]*>).*?</c>', rb"\1" + STRUCK + b"</c>", xml)
    ),
    "heading merged over two columns": merge("F1:G1"),
    "cell with a part of a day": put("Team B", "E4", 42982.4375),
    "sheet that reaches too far down": put("Team B", "A200001", "x"),
    "sheet that reaches too far right": put("Team B", "XFD1", "x"),
    "sheet with an absurd used range": put("Team B", "AAA100000", "x"),
    "gradings without a header in a sheet": lambda make: Case(
        "b.xlsx", make.book_bytes(make.book({"A": CELLS, "B": CELLS[1:]})), None, ia.read_published
    ),
    "workbook cut short": lambda make: Case(
        "b.xlsx", make.book_bytes(make.book({"A": make.team_rows()}))[:3000]
    ),
    "zip without a workbook": lambda make: Case("b.xlsx", make.zip({"a.txt": "a"})),
    "sheet that is not XML": sheet_xml(lambda xml: xml[:200]),
    "sheet that declares entities": sheet_xml(lambda xml: ENTITY.encode() + xml),
    "sheet in UTF-16": sheet_xml(lambda xml: xml.decode().encode("utf-16")),
    "merge over a million rows": sheet_xml(
        after_data(b'<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>')
    ),
    "link over a million rows": sheet_xml(
        after_data(b"<hyperlinks><hyperlink ref='A1:Z99999' location='A1'/></hyperlinks>")
    ),
    "merge that hides its range": sheet_xml(
        after_data(b'<mergeCells><mergeCell ref="A1&#58;XFD1048576"/></mergeCells>')
    ),
    "sheet of two million elements": sheet_xml(
        lambda xml: xml.replace(b"<sheetData>", b"<sheetData>" + b"<a/>" * 2_000_000)
    ),
    "zip bomb": bomb,
    "zip bomb that lies about its size": lying_bomb,
    "package of 3,000 parts": package({f"xl/{n}.txt": b"" for n in range(3_000)}),
    "package with a part twice": twice_in_zip,
    # Word documents
    "Word table with a grading that is none": word(table(edited(UNDER, 3, 1, "R1 (9 x RI)"))),
    "Word table without a header": word(table(UNDER[1:])),
    "Word table under no heading": word(lambda make: make.docx_table(UNDER)),
    "Word table under a heading that is not declared": word(
        lambda make: make.paragraph("Fostering Teams", "berschrift2") + make.docx_table(UNDER)
    ),
    "Word document without gradings": word(lambda make: make.paragraph("Nothing to see")),
    "Word table with an empty grading": word(table(edited(UNDER, 3, 1, ""))),
    "Word grading deleted with changes tracked": word(
        with_row("<w:p><w:del><w:r><w:delText>RI (9 x RI)</w:delText></w:r></w:del></w:p>")
    ),
    "Word list left unchosen": word(
        with_row(
            "<w:sdt><w:sdtPr/><w:sdtContent><w:p><w:r>"
            "<w:t>Choose an item.</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        )
    ),
    "Word gradings merged": word(
        lambda make: (
            table(UNDER)(make)
            .replace(
                CELL + "RI (9 x RI)",
                "<w:tc>" + MERGED.format(' w:val="restart"') + "<w:p><w:r><w:t>RI (9 x RI)",
            )
            .replace(CELL + "RI (5 x RI, 4 x I)", "<w:tc>" + MERGED.format("") + "<w:p><w:r><w:t>")
        )
    ),
    "Word document that declares entities": word(
        table(UNDER), {"word/document.xml": f'<?xml version="1.0"?>{ENTITY}<w:document/>'}.items()
    ),
    "Word document that is not XML": word(table(UNDER), {"word/document.xml": "<w:document"}.items()),
    "Word table under the heading of another": word(
        lambda make: table(UNDER)(make) + make.paragraph("") + make.docx_table(UNDER)
    ),
    "Word grading with a footnote's number": word(
        lambda make: table(UNDER)(make).replace("RI (9 x RI)<", "RI (9 x RI)</w:t></w:r><w:r><w:t>1<")
    ),
    "Word table with the service in a sentence": word(
        lambda make: (
            make.paragraph("Safeguarding teams were seen.") + make.paragraph("") + make.docx_table(UNDER)
        )
    ),
    "zip without a Word document": lambda make: Case(
        "r.docx", make.zip({"a.txt": "a"}), None, ia.read_published
    ),
    # web pages
    "page with a grading that is none": page(html(edited(UNDER, 3, 1, "R1 (9 x RI)"))),
    "page without gradings": page(lambda make: "<meta charset=utf-8><p>Nothing</p>"),
    "page with a table of something else": page(html([("a", "b"), ("1", "2")])),
    "page under no heading": page(html(UNDER, "")),
    "page under a heading misspelt": page(html(UNDER, "<h2>Safegarding Teams</h2><p>One day.</p>")),
    "page with a grading over two rows": page(
        lambda make: (
            "<meta charset=utf-8><h2>Safeguarding Teams</h2><table><tr><th>Quality domain<th>Grading"
            "<tr><td>allocation<td rowspan=2>RI (9 x RI)<tr><td>practice</table>"
        )
    ),
    "page with a cell of a million rows and columns": page(
        lambda make: "<meta charset=utf-8><table>" + "<tr><td colspan=1000 rowspan=1000>x" * 600 + "</table>"
    ),
    "page with a grading struck out": page(
        lambda make: html(UNDER)(make).replace("RI (9 x RI)", "<s>RI (9 x RI)</s>")
    ),
    "page with a grading struck out by its style": page(
        lambda make: html(UNDER)(make).replace(
            "<td>RI (9 x RI)", "<td style='text-decoration: line-through'>RI (9 x RI)"
        )
    ),
    "page with a row struck out by its style": page(
        lambda make: (
            html(UNDER)(make)
            .replace(
                "<tr><td>allocation</td>", "<tr style='text-decoration:line-through'><td>allocation</td>"
            )
            .replace("9 x RI", "9 x R1")
        )
    ),
    "page with a grading to be chosen": page(
        lambda make: html(UNDER)(make).replace("RI (9 x RI)", "<select><option>RI (9 x RI)</select>")
    ),
    "page in an encoding that is not known": page(lambda make: "<meta charset=utf-7><p>x"),
    "page that is not in its encoding": page(lambda make: b"<meta charset=utf-8><p>\xff"),
    "page with a NUL": page(lambda make: b"<meta charset=utf-8><p>\x00"),
    "page of blanks": page(lambda make: "<meta charset=utf-8>  "),
    "page without an element": page(lambda make: "<!-- -->"),
    "page of a million elements": page(lambda make: "<br>" * 600_000),
    # text
    "text with a domain misspelt": lines(
        lambda text: [line.replace("practice", "practise") for line in text]
    ),
    "text with a service misspelt": lines(lambda text: ["Safegarding Teams", *text[1:]]),
    "text without a service": lines(lambda text: text[1:]),
    "text with a grading left out": lines(lambda text: [*text[:-1], "Overall conclusion"]),
    "text with a grading without its tally": lines(lambda text: [*text[:-1], "Overall conclusion RI"]),
    "text with a grading that is none": lines(lambda text: [*text[:-1], "Overall conclusion R1 (9 x RI)"]),
    "text with something after a grading": lines(lambda text: [*text[:-1], text[-1] + " see note"]),
    "text with a table twice": lines(lambda text: text * 2),
    "text with a tally without brackets": lines(
        lambda text: [line.replace("RI (9 x RI)", "RI 9 x RI") for line in text]
    ),
    "text with a tally in square brackets": lines(
        lambda text: [line.replace("RI (9 x RI)", "RI [9 x RI]") for line in text]
    ),
    "text with a number for a tally": lines(
        lambda text: [line.replace("RI (9 x RI)", "RI (9)") for line in text]
    ),
    "text with a domain not declared and a grade alone": lines(lambda text: [*text, "leadership\tRI"]),
    "text with a heading not declared between": lines(
        lambda text: [*text, "Fostering", "Overall conclusion Good (1 x G)"]
    ),
    "text of prose": lines(lambda text: ["Most teams require improvement."]),
    "text read as team gradings": lambda make: Case("pasted.txt", "\n".join(LINES)),
    # PDF
    "PDF with a grading that is none": pdf(lambda make: make.pdf([[*LINES[:3], "practice R1 (9 x RI)"]])),
    "PDF without text": pdf(lambda make: make.pdf([[]])),
    "PDF cut short": pdf(lambda make: make.pdf([LINES])[:200]),
    "PDF that is none": pdf(lambda make: b"%PDF-1.7\nnothing"),
    "PDF of 501 pages": pdf(lambda make: make.pdf([[]] * 501)),
    "text as PDF": pdf(lambda make: "\n".join(LINES)),
    # what a source.toml declares
    "declaration that is not TOML": declaration(lambda text: text + "title ="),
    "declaration nested without end": declaration(lambda text: text + "notes = " + "[" * 100_000),
    "declaration not in UTF-8": declaration(lambda text: text.encode() + b"# \xe9\n"),
    "declaration without what is needed": declaration(lambda text: FILE),
    "key that is not known": declaration(lambda text: "titel = 'x'\n" + text),
    "keys that are not known": declaration(
        lambda text: text + 'colour = "red"\n[visits]\nbegin = "x"\n[[services]]\nname = "A"\nalias = []\n'
    ),
    "title that is not text": declaration(lambda text: text.replace('"A test"', "3")),
    "date in quotes": declaration(lambda text: text.replace("2018-02-07", '"2018-02-07"')),
    "date with a time": declaration(lambda text: text.replace("2018-02-07", "2018-02-07T10:00:00")),
    "illustrative in quotes": declaration(lambda text: 'illustrative = "no"\n' + text),
    "notes that are no list": declaration(lambda text: 'notes = "one"\n' + text),
    "table that is none": declaration(lambda text: 'visits = "one"\nservices = "two"\n' + text),
    "kind that is not known": declaration(lambda text: text.replace('"gradings"', '"grades"')),
    "no file declared": declaration(lambda text: text.replace(FILE, "")),
    "file declared without a name": declaration(lambda text: text.replace('name = "teams.csv"', "")),
    "file declared twice": declaration(lambda text: text + FILE),
    "domain with a key of two words": declaration(lambda text: text + '[[domains]]\nkey = "two words"\n'),
    "domain with the name of a column": declaration(lambda text: text + '[[domains]]\nkey = "team"\n'),
    "domain twice": declaration(lambda text: text + '[[domains]]\nkey = "a"\n' * 2),
    "domain printed as neither": declaration(
        lambda text: text + '[[domains]]\nkey = "a"\nheadline = "letters"\n'
    ),
    "service without a name": declaration(lambda text: text + "[[services]]\naliases = []\n"),
    "one spelling for two services": declaration(
        lambda text: text + '[[services]]\nname = "A"\naliases = ["c"]\n[[services]]\nname = "C"\n'
    ),
    "scale that contradicts itself": declaration(
        lambda text: text + '[scale]\ncodes = ["A"]\nnames = ["Alpha"]\ngood = "B"\n'
    ),
    "grade spelling with two meanings": declaration(
        lambda text: text + '[scale.aliases]\ngood = "O"\n"n/a" = "I"\n'
    ),
    "grade spelling that means no code": declaration(lambda text: text + "[scale.aliases]\n3 = 2\n"),
    "mapped column that is not known": declaration(lambda text: text + '[columns]\nteams_name = "Team"\n'),
    "mapped column without a heading": declaration(lambda text: text + '[columns]\nteam = ""\n'),
    "two columns of one heading": declaration(lambda text: text + '[columns]\nteam = "T"\nservice = "t"\n'),
    "mapped column that is not there": declaration(lambda text: text + '[columns]\nteam = "Name of team"\n'),
    "mapped domain that is not there": declaration(
        lambda text: text + '[columns]\npractice = "Direct work"\n'
    ),
}


def expected():
    """The messages by the name of their fault."""
    parts = MESSAGES.read_text("utf-8").split("## ")[1:]
    return {name: text.strip("\n") for name, _, text in (part.partition("\n") for part in parts)}


@pytest.fixture(scope="module")
def messages():
    return expected()


def test_every_fault_has_its_message(messages):
    assert list(messages) == list(CASES)
    assert len(CASES) >= 120


@pytest.mark.parametrize("fault", CASES)
def test_a_wrong_file_is_refused_in_these_words(fault, make, place, messages):
    case = CASES[fault](make)
    path = place(case.name, case.data)
    if case.source is not None:
        data = case.source if isinstance(case.source, bytes) else case.source.encode()
        (path.parent / "source.toml").write_bytes(data)
    with pytest.raises(SourceError) as caught:
        case.reader(path)
    said = re.escape(messages[fault]).replace("…", ".+?")  # where a library gives its reason
    assert re.fullmatch(said, str(caught.value)), str(caught.value)
    if case.reader is ia.read_gradings and not fault.endswith("read as team gradings"):
        assert any(problem.severity == "error" for problem in check_path(path))
