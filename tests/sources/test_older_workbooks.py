"""Workbooks of OpenDocument and of old Excel: read through python-calamine, refused by name without it."""

from __future__ import annotations

import sys

import pytest

import improvement_analysis as ia

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
NAMES = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
)
ROWS = [
    ["Service", "Team", "Date of visit", "Practice", "Overall"],
    ["Duty", "Team A", "04/09/2024", "G", "RI"],
    ["Duty", "Team B", "05/09/2024", "no judgement", "RI / I"],
]


def ods(make, rows=ROWS, times=1):
    kind = 'office:value-type="string" table:number-columns-repeated="{}"'
    cell = f"<table:table-cell {kind}><text:p>{{}}</text:p>"
    lines = (
        f'<table:table-row table:number-rows-repeated="{times}">'
        + "".join(cell.format(times, text) + "</table:table-cell>" for text in row)
        + "</table:table-row>"
        for row in rows
    )
    media = "application/vnd.oasis.opendocument.spreadsheet"
    sheet = f'<table:table table:name="Visits">{"".join(lines)}</table:table>'
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {NAMES}><office:body>'
        f"<office:spreadsheet>{sheet}</office:spreadsheet></office:body></office:document-content>"
    )
    names = 'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"'
    manifest = f'<?xml version="1.0"?><manifest:manifest {names}/>'
    return make.zip({"mimetype": media, "content.xml": content, "META-INF/manifest.xml": manifest})


@pytest.mark.parametrize(("ending", "data"), [(".ods", None), (".xls", OLD)])
def test_without_the_reader_the_extra_is_named(refused, make, monkeypatch, ending, data):
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert refused(f"visits{ending}", data or ods(make)) == (
        f"1 problem in visits{ending}\n  found a workbook ending in '{ending}', expected a reader of such "
        "workbooks; save it as .xlsx, or install improvement-analysis[spreadsheets]"
    )


def test_an_open_document_is_read_and_what_cannot_be_seen_in_it_is_told(place, make):
    pytest.importorskip("python_calamine")
    with pytest.warns(ia.SourceWarning) as caught:
        frame = ia.read_gradings(place("visits.ods", ods(make)))
    assert frame["grade"].astype(object).tolist()[:2] == ["G", "RI"]
    assert frame["source"].tolist()[0] == "visits.ods, sheet 'Visits', row 2"
    assert any("formulas cannot be seen in it" in str(each.message) for each in caught)


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("visits.ods", lambda make: ods(make, times=20_000), "a workbook of more than 300,000 cells"),
        ("visits.ods", lambda make: make.zip({"mimetype": "x"}), "a zip file without a workbook in it"),
        ("visits.ods", lambda make: make.zip({"content.xml": "<a>"}), "a damaged part"),
        ("visits.xls", lambda make: OLD, "a workbook that cannot be read"),
        ("visits.xls", lambda make: b"<table></table>", "bytes of another kind under the ending '.xls'"),
    ],
)
def test_a_workbook_that_is_none_is_refused(refused, make, name, data, message):
    pytest.importorskip("python_calamine")
    assert message in refused(name, data(make))
