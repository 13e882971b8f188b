"""Web pages: encodings, headings, spans, hidden and struck-out text."""

from __future__ import annotations

import warnings
from pathlib import Path

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

ROOT = Path(__file__).resolve().parents[2]
CELLS = [
    ("Quality domain", "Grading"),
    ("allocation", "RI (5 x RI, 3 x I, 1 x G)"),
    ("practice", "RI (9 x RI)"),
    ("monitoring", "RI (5 x RI, 4 x I)"),
    ("joint_working", "RI (6 x RI, 3 x no judgement)"),
    ("overall", "Requires Improvement (7 x RI, 2 x I)"),
]
META = "<meta charset=utf-8>"
HEADING = "<h2>Safeguarding Teams</h2>"


@pytest.fixture
def read(place):
    source = (ROOT / "data" / "raw" / "worcestershire-2018" / "source.toml").read_text("utf-8")

    def reader(page, source=source):
        path = place("t.html", page, source)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_published(path)
        return frame, [str(each.message) for each in caught]

    return reader


@pytest.fixture
def table(make):
    return make.html_table(CELLS)


@pytest.mark.parametrize(
    ("head", "encoding"),
    [
        ("", "utf-8"),
        ("", "utf-8-sig"),
        ("", "utf-16"),
        (META, "utf-8"),
        (META, "utf-8-sig"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=ISO-8859-1">', "cp1252"),
        ('<meta charset="windows-1252">', "cp1252"),
        ('<?xml version="1.0" encoding="iso-8859-1"?>' + META, "utf-8"),
    ],
)
def test_a_page_is_read_in_its_encoding(read, make, head, encoding):
    source = make.source + '[[files]]\nname = "t.html"\nkind = "published"\n'
    page = f"{head}<h2>Café – Zoë’s</h2>{make.html_table(CELLS)}"
    found, told = read(page.encode(encoding), source)
    assert (set(found["service"]), told) == ({"Café – Zoë’s"}, [])


def test_a_page_of_windows_1252_that_does_not_say_so_is_told(read, make):
    source = make.source + '[[files]]\nname = "t.html"\nkind = "published"\n'
    found, told = read(f"<h2>Café</h2>{make.html_table(CELLS)}".encode("cp1252"), source)
    assert set(found["service"]) == {"Café"}
    assert told[0].startswith("t.html: found letters that are not UTF-8, expected text in UTF-8")


def test_entities_and_spaces_are_those_of_the_web(read, table):
    spelt = table.replace("RI (9 x RI)", "\n  RI&nbsp;(9&#32;&times;\n <b>R</b>I)<br>")
    found, told = read(META + HEADING + spelt)
    assert found["grading"].tolist()[1] == "RI\u00a0(9 × RI)"
    assert found["headline"].astype(object).tolist()[1] == "RI"
    assert told == []


@pytest.mark.parametrize(
    "above",
    [
        "<h1>Findings</h1><h3>Safeguarding <i>Teams</i></h3><p>Prose of <b>a few</b> words.</p>",
        "<p>Safeguarding Teams</p>",
        "<div>Safeguarding Teams<div>The overall judgements</div></div>",
        "<ul><li>Safeguarding Teams</ul>",
        "Safeguarding Teams<br>and more",
        "<pre>Safeguarding Teams\n\nmore</pre>",
        "<h2>Care Leaving Teams</h2><table><tr><td>a</table><h2>Safeguarding Teams</h2>",
    ],
)
def test_the_service_is_the_line_above(read, table, above):
    found, _ = read(META + above + table)
    assert set(found["service"]) == {"Safeguarding"}


def test_a_caption_is_a_heading(read, table):
    found, told = read(META + table.replace("<table>", "<table><caption>Safeguarding Teams</caption>"))
    assert (set(found["service"]), told) == ({"Safeguarding"}, [])


def test_a_table_within_a_table_is_the_table(read, table):
    found, told = read(f"{META}<table><tr><td>{HEADING}<td>{table}</table>")
    assert (len(found), told) == (5, [])


def test_scripts_styles_and_remarks_are_no_text(read, table):
    noise = "<script>'Care Leaving Teams'</script><style>p{}</style><!-- G (1 x G) --><?php G (1 x G) ?>"
    found, told = read(f"{META}<head><title>Care Leaving Teams</title></head>{HEADING}{noise}{table}{noise}")
    assert (set(found["service"]), told) == ({"Safeguarding"}, [])


def test_text_that_is_struck_out_is_passed_over_and_told(read, table):
    found, told = read(META + HEADING + "<p><del>x</del></p>" + table.replace("RI (9", "<s>G </s>RI (9"))
    assert found["grading"].tolist()[1] == "RI (9 x RI)"
    assert told == [
        "t.html: found text that is struck out, 2 times, expected a final text; it was passed over"
    ]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("<tr><td>practice", "<tr hidden><td>practice"),
        ("<td>RI (9", '<td style="Display : none">RI (9'),
        ("<h2>", '<p style="visibility:hidden">x</p><h2>'),
    ],
)
def test_hidden_text_is_read_and_told(read, table, old, new):
    found, told = read(META + (HEADING + table).replace(old, new))
    assert len(found) == 5
    assert told == ["t.html: found hidden text, 1 time, expected a final text; it was read"]


def test_cells_that_span_rows_and_columns_keep_the_others_in_their_place(read):
    rows = "".join(f"<tr><td>{domain}<td>{grading}" for domain, grading in CELLS[2:])
    page = (
        f"{META}<table><tr><th colspan=3>Title<tr><th>service<th>Quality domain<th colspan='x'>Grading"
        f"<tr><td rowspan=5>Safeguarding<td>allocation<td>{CELLS[1][1]}{rows}<tr></table>"
    )
    found, told = read(page)
    assert set(found["service"]) == {"Safeguarding"}
    assert found["source"].tolist() == [f"t.html, table 1, row {row}" for row in range(3, 8)]
    assert told == [
        "t.html, table 1, row 4, column 'service': found the merged cells of column 1, expected "
        "a value in every "
        "cell; theirs was taken for each row"
    ]


def test_a_page_without_tables_is_read_line_by_line(read, ds):
    lines = "".join(f"<p>{domain}: {grading}</p>" for domain, grading in CELLS[1:])
    found, told = read(f"{META}<p>Safeguarding Teams</p>{lines}")
    expected = ds.published[ds.published["service"] == "Safeguarding"].reset_index(drop=True)
    pd.testing.assert_frame_equal(found.drop(columns="source"), expected.drop(columns="source"))
    assert told == []


def test_a_page_may_hold_team_gradings(place, make):
    rows = [[str(cell) for cell in row] for row in make.team_rows(["A"])]
    assert len(ia.read_gradings(place("t.htm", META + make.html_table(rows)))) == 5


@pytest.mark.parametrize("before", ["", "<td></p></x>" * 200])
def test_a_page_that_breaks_off_is_refused(read, table, before):
    with pytest.raises(SourceError, match=r"found a page that cannot be read to its end \(.*depth"):
        read(META + HEADING + table + before + "<div>" * 300 + HEADING + table)


def test_an_empty_heading_is_no_heading(read, table):
    found, told = read(META + HEADING + "<h3> <!-- --> </h3>" + table)
    assert (set(found["service"]), told) == ({"Safeguarding"}, [])
