"""Word documents: their order, their tracked changes, their content controls and merges."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd
import pytest

import improvement_analysis as ia

ROOT = Path(__file__).resolve().parents[2]
CELLS = [
    ("Quality domain", "Grading"),
    ("allocation", "RI (5 x RI, 3 x I, 1 x G)"),
    ("practice", "RI (9 x RI)"),
    ("monitoring", "RI (5 x RI, 4 x I)"),
    ("joint_working", "RI (6 x RI, 3 x no judgement)"),
    ("overall", "Requires Improvement (7 x RI, 2 x I)"),
]


@pytest.fixture
def read(place, make):
    source = (ROOT / "data" / "raw" / "worcestershire-2018" / "source.toml").read_text("utf-8")

    def reader(body, extra=(), name="t.docx", source=source):
        path = place(name, make.docx(body, extra), source)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_published(path)
        return frame, [str(each.message) for each in caught]

    return reader


@pytest.fixture
def body(make):
    return make.paragraph("Safeguarding Teams", "berschrift2") + make.docx_table(CELLS)


def run(text):
    return f'<w:r><w:t xml:space="preserve">{text}</w:t></w:r>'


NINE = run("RI (9 x RI)")
RUN_9 = '<w:r><w:t xml:space="preserve">RI (9 x RI)</w:t></w:r>'


def test_the_service_is_a_paragraph_above_whether_it_is_a_heading_or_not(read, make):
    table = make.docx_table(CELLS)
    body = make.paragraph("Safeguarding Teams") + make.paragraph("Prose.") + table
    body += make.paragraph("The Care Leaving Teams") + make.paragraph("Care Leaving Teams", "Own") + table
    found, told = read(body)
    assert list(dict.fromkeys(found["service"])) == ["Safeguarding", "Care Leaving"]
    assert told == []


def test_without_declared_services_the_heading_is_the_service(read, make):
    source = make.source + '[[files]]\nname = "t.docx"\nkind = "published"\n'
    table = make.docx_table(CELLS)
    outline = '<w:p><w:pPr><w:outlineLvl w:val="1"/></w:pPr><w:r><w:t>Second service</w:t></w:r></w:p>'
    body = make.paragraph("First service", "Own") + make.paragraph("Prose.") + table + outline + table
    found, _ = read(body, source=source)
    assert list(dict.fromkeys(found["service"])) == ["First service", "Second service"]
    alone, _ = read(make.paragraph("Only service") + table, {"word/styles.xml": None}.items(), source=source)
    assert set(alone["service"]) == {"Only service"}


def test_a_table_with_a_service_column_needs_no_heading(read, make):
    rows = [("service", *CELLS[0]), *(("Safeguarding", *row) for row in CELLS[1:])]
    found, told = read(make.paragraph("Care Leaving Teams", "Own") + make.docx_table(rows))
    assert (set(found["service"]), told) == ({"Safeguarding"}, [])


def test_titles_in_a_table_are_above_its_header(read, make):
    found, _ = read(make.docx_table([("Safeguarding Teams", ""), *CELLS]))
    assert set(found["service"]) == {"Safeguarding"}


def test_tracked_insertions_are_read_and_deletions_passed_over_and_both_told(read, body):
    changed = (
        "<w:del w:id='1'><w:r><w:delText>G (9 x G)</w:delText></w:r></w:del>"
        f"<w:ins w:id='2'>{NINE}</w:ins>"
        "<w:moveFrom w:id='3'><w:r><w:t>O</w:t></w:r></w:moveFrom>"
    )
    mark = "<w:pPr><w:rPr><w:ins w:id='4'/></w:rPr></w:pPr>"
    assert RUN_9 in body
    found, told = read(body.replace(RUN_9, mark + changed))
    assert found["grading"].tolist()[1] == "RI (9 x RI)"
    assert told == [
        "t.docx: found text tracked as moved away, 1 time, expected a final text; it was passed over",
        "t.docx: found tracked deletions, 1 time, expected a final text; it was passed over",
        "t.docx: found tracked insertions, 1 time, expected a final text; it was read",
    ]


def test_a_deleted_row_is_no_row(read, make, body):
    row = make.docx_table([("overall", "G (9 x G)")]).removeprefix("<w:tbl>").removesuffix("</w:tbl>")
    deleted = row.replace("<w:tr>", "<w:tr><w:trPr><w:del w:id='1'/></w:trPr>")
    found, told = read(body.replace("</w:tbl>", deleted + deleted + "</w:tbl>"))
    assert found["grading"].tolist()[4] == "Requires Improvement (7 x RI, 2 x I)"
    assert told == ["t.docx: found tracked deletions, 2 times, expected a final text; it was passed over"]


@pytest.mark.parametrize(
    "about_run",
    [
        "<w:sdt><w:sdtPr><w:alias w:val='Grade'/></w:sdtPr><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:fldSimple w:instr='DOCPROPERTY Grade'>{}</w:fldSimple>",
        "<w:hyperlink>{}</w:hyperlink>",
        "<w:smartTag>{}</w:smartTag>",
        "<w:r><w:fldChar/></w:r><w:r><w:instrText>DOCPROPERTY</w:instrText></w:r>{}",
        "{}<w:r><w:rPr><w:strike w:val='0'/></w:rPr></w:r>",
        "{}<!-- a remark -->",
    ],
)
def test_controls_and_fields_are_looked_through(read, body, about_run):
    found, told = read(body.replace(RUN_9, about_run.format(NINE)))
    assert (found["grading"].tolist()[1], told) == ("RI (9 x RI)", [])


def test_controls_about_cells_rows_and_tables_are_looked_through(read, make, body):
    head, _, rest = body.partition("<w:tbl>")
    control = "<w:sdt><w:sdtPr/><w:sdtContent>{}</w:sdtContent></w:sdt>"
    row = rest[: rest.index("</w:tr>") + 7]
    cell = f"<w:tc>{make.paragraph('RI (9 x RI)')}</w:tc>"
    spoilt = rest.replace(row, control.format(row)).replace(cell, control.format(cell))
    found, told = read(head + control.format("<w:tbl>" + spoilt))
    assert (len(found), told) == (5, [])


@pytest.mark.parametrize(
    ("text", "signs"),
    [
        ("RI (9 x RI)", "<w:r><w:t>RI</w:t><w:tab/><w:t>(9</w:t><w:br/><w:t>x RI)</w:t></w:r>"),
        ("RI (9 x RI)", "<w:r><w:t xml:space='preserve'>RI </w:t></w:r><w:r><w:t>(9 x RI)</w:t></w:r>"),
        ("no judgement (9 x -)", "<w:r><w:t>no judgement (9 x </w:t><w:noBreakHyphen/><w:t>)</w:t></w:r>"),
    ],
)
def test_tabs_and_breaks_part_words_and_runs_do_not(read, body, text, signs):
    found, _ = read(body.replace(RUN_9, signs))
    assert " ".join(found["grading"].tolist()[1].split()) == text.replace("x -", "x -")


@pytest.mark.parametrize(
    ("properties", "said"),
    [
        ("<w:rPr><w:strike/></w:rPr>", "text that is struck out"),
        ("<w:rPr><w:dstrike w:val='true'/></w:rPr>", "text that is struck out"),
        ("<w:rPr><w:vanish/></w:rPr>", "hidden text"),
    ],
)
def test_text_that_a_reader_may_not_see_is_told(read, body, properties, said):
    found, told = read(body.replace(RUN_9, RUN_9.replace("<w:r>", f"<w:r>{properties}")))
    assert found["grading"].tolist()[1] == "RI (9 x RI)"
    assert told == [f"t.docx: found {said}, 1 time, expected a final text; it was read"]


def test_a_text_box_is_passed_over_and_told(read, make, body):
    box = "<w:p><w:r><w:drawing><w:txbxContent>{}</w:txbxContent></w:drawing></w:r></w:p>"
    _, told = read(box.format(make.paragraph("Overall conclusion RI (3 x RI)")) + body)
    assert told == ["t.docx: found text in a text box, 1 time, expected a final text; it was passed over"]


def test_domains_merged_down_stand_in_each_row_and_are_told(read, make):
    rows = [
        ("service", *CELLS[0]),
        *(("Safeguarding" if n == 1 else "", *row) for n, row in enumerate(CELLS[1:], 1)),
    ]
    merge = "<w:tcPr><w:vMerge{}/></w:tcPr>"
    table = make.docx_table(rows)
    first = f"<w:tc>{make.paragraph('Safeguarding')}"
    table = table.replace(first, first.replace("<w:tc>", "<w:tc>" + merge.format(" w:val='restart'")))
    other = f"<w:tr><w:tc>{make.paragraph('')}"
    table = table.replace(other, other.replace("<w:tc>", "<w:tc>" + merge.format("")))
    found, told = read(table)
    assert (len(found), set(found["service"])) == (5, {"Safeguarding"})
    assert told == [
        "t.docx, table 1, row 3, column 'service': found the merged cells of column 1, expected "
        "a value in every "
        "cell; theirs was taken for each row"
    ]


def test_cells_across_columns_keep_the_others_in_their_place(read, make):
    rows = [("note", *CELLS[0], "more"), *(("", *row, "") for row in CELLS[1:])]
    table = make.docx_table(rows)
    title = (
        "<w:tr><w:tc><w:tcPr><w:gridSpan w:val='4'/></w:tcPr>"
        + make.paragraph("Safeguarding Teams")
        + "</w:tc></w:tr>"
    )
    short = "<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>"
    table = table.replace("<w:tbl>", "<w:tbl>" + title)
    empty = f"<w:tc>{make.paragraph('')}</w:tc>"
    table = table.replace("<w:tr>" + empty, short)
    found, told = read(table)
    assert (len(found), set(found["service"])) == (5, {"Safeguarding"})
    assert [text.partition(", expected")[0] for text in told] == [
        "t.docx, table 1, row 2: found 2 columns that are not known: 'note', 'more'"
    ]


def test_a_table_within_a_table_is_the_table(read, make, body):
    outer = f"<w:tbl><w:tr><w:tc>{body}</w:tc><w:tc>{make.paragraph('aside')}</w:tc></w:tr></w:tbl>"
    found, told = read(outer)
    assert (len(found), told) == (5, [])
    assert found["source"].tolist()[0] == "t.docx, table 1, row 2"


def test_other_tables_and_gradings_in_prose_are_told(read, make, body):
    other = make.docx_table([("Visit", "Day"), ("A", "1")])
    found, told = read(other + body + make.paragraph("Fostering was graded G (1 x G) later."))
    assert len(found) == 5
    assert told == [
        "t.docx: found 'Fostering was graded G (1 x G) later.', expected gradings inside the "
        "tables; it was not read",
        "t.docx, table 1: found a table without gradings, expected gradings in every table; it was not read",
    ]


def test_a_document_without_tables_is_read_line_by_line(read, make, ds):
    lines = ["Safeguarding Teams", *("\t".join(row) for row in CELLS)]
    found, told = read("".join(map(make.paragraph, lines)) + "<w:p/>")
    expected = ds.published[ds.published["service"] == "Safeguarding"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.drop(columns="source"), expected.drop(columns="source"))
    assert (found["source"].tolist()[0], told) == ("t.docx, line 3", [])


def test_macros_are_told_and_not_run(read, body):
    found, told = read(body, {"word/vbaProject.bin": b"\xd0\xcf"}.items(), "t.docm")
    assert len(found) == 5
    assert told == [
        "t.docm: found a document with macros, expected one without; none was run; save it as .docx"
    ]


@pytest.mark.parametrize(
    "style",
    [
        '<w:style w:styleId="Own"><w:name w:val="my own"/><w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>',
        '<w:style w:styleId="Own"><w:name w:val="Heading 1"/></w:style>',
        '<w:style w:styleId="T"><w:name w:val="Title"/></w:style>'
        '<w:style w:styleId="Own"><w:name w:val="x"/><w:basedOn w:val="T"/></w:style>',
    ],
)
def test_a_style_is_a_heading_by_name_level_or_what_it_rests_on(read, make, style):
    source = make.source + '[[files]]\nname = "t.docx"\nkind = "published"\n'
    styles = (
        f'<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">{style}</w:styles>'
    )
    body = make.paragraph("A service", "Own") + make.paragraph("Prose.") + make.docx_table(CELLS)
    found, _ = read(body, {"word/styles.xml": styles}.items(), source=source)
    assert set(found["service"]) == {"A service"}


def test_marks_of_changes_alone_are_not_told(read, body):
    mark = "<w:pPr><w:rPr><w:ins w:id='4'/><w:del w:id='5'/></w:rPr></w:pPr>"
    assert read(body.replace(RUN_9, mark + RUN_9))[1] == []
