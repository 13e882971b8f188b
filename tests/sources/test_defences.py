"""Files made to do harm: refused or inert, each within 5 seconds of work, all within 500 MB of memory."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

SECONDS, MEGABYTES = 5, 500

#: Reads each file of a folder and says how long it took, and how much memory all took at most.
READ_ALL = """
import json, pathlib, sys, time
import improvement_analysis as ia
told = {}
for path in sorted(pathlib.Path(sys.argv[1]).iterdir()):
    began = time.process_time()
    try:
        (ia.read_gradings if path.suffix == ".csv" else ia.read_published)(path)
        said = "accepted"
    except ia.SourceError as fault:
        said = str(fault)[:300]
    told[path.name] = (said, time.process_time() - began)
status = pathlib.Path("/proc/self/status")
lines = status.read_text().splitlines() if status.exists() else []
most = next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)
print(json.dumps({"told": told, "megabytes": most}))
"""

SHEET = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>%s</sheetData>%s</worksheet>'


def hostile(make):
    """Files by name; small on disk or nearly so."""
    good = make.book_bytes(make.book({"A": [["service", "domain", "grading"]]}))

    def sheet(data, after=b""):
        return make.rezip(good, {"xl/worksheets/sheet1.xml": SHEET % (data, after)})

    many = make.book({f"S{n}": [["x"]] for n in range(60)})
    for tab in many.worksheets:
        tab.cell(900, 900, "x")
    deep = b"<w:sdt><w:sdtContent>" * 120
    header = "service,team,domain,grade\n"
    return {
        "cells.xlsx": sheet(b"<row>" + b"<c/>" * 1_400_000 + b"</row>"),
        "rows.xlsx": sheet(b'<row hidden="1"/>' * 1_400_000),
        "cells_allowed.xlsx": sheet(
            b"".join(b"<row>%s</row>" % (b"<c><v>1</v></c>" * 10) for _ in range(4_000))
        ),
        "merges.xlsx": sheet(b"", b"<mergeCells>" + b'<mergeCell ref="A1:CV1000"/>' * 60 + b"</mergeCells>"),
        "corners.xlsx": make.book_bytes(many),
        "strings.xlsx": make.rezip(
            good, {"xl/sharedStrings.xml": b"<sst>" + b"<si><t>x</t></si>" * 700_000 + b"</sst>"}
        ),
        "bomb.docx": make.docx("<w:p/>" * 17_000_000),
        "paragraphs.docx": make.docx("<w:p><w:r><w:t>RI (3 x RI)</w:t></w:r></w:p>" * 40_000),
        "columns.docx": make.docx(
            "<w:tbl><w:tr>"
            + "<w:tc><w:p><w:r><w:t>domain</w:t></w:r></w:p></w:tc>" * 30_000
            + "</w:tr></w:tbl>"
        ),
        "deep.docx": make.docx(deep.decode() + "<w:p/>" + "</w:sdtContent></w:sdt>" * 120),
        "wide.html": "<table><tr>" + "<td>grading" * 100_000,
        "spans.html": "<table>" + "<tr><td colspan=1000 rowspan=65534>x" * 50_000,
        "elements.html": "<p><b>(1 x" * 70_000,
        "attributes.html": "<p " + " ".join(f"a{n}=1" for n in range(200_000)) + ">x",
        "brackets.txt": "Overall conclusion (1 x\n" * 40_000,
        "title.txt": ("Quality of practice and direct work with children and families including " * 20_000),
        "spaces.txt": "(" + " " * 1_900_000 + "1 x",
        "digits.txt": "(" + "1" * 1_900_000,
        "commas.csv": header + ("," * 999_999 + "\n") * 100,
        "columns.csv": ",".join(["a"] * 400_000) + "\n",
        "short.csv": "a\n" * 2_100_000,
        "names.csv": header + "".join(f"S{n},=T{n},D{n},R{n}\n" for n in range(50_000)),
        "quotes.csv": header + '"' * 900_000,
        "bytes.pdf": b"%PDF-1.4\n" + b"1 0 obj << /Length 9999999999 >> stream\n" * 20_000,
        "bomb.pdf": make.pdf([["x" * 100_000] * 3_000]),
        "loop.pdf": make.pdf([["x"]]).replace(b"/Kids [5 0 R]", b"/Kids [2 0 R]"),
    }


@pytest.fixture(scope="module")
def outcome(make, tmp_path_factory):
    folder = tmp_path_factory.mktemp("hostile")
    for name, data in hostile(make).items():
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    done = subprocess.run(
        [sys.executable, "-c", READ_ALL, folder], capture_output=True, timeout=300, check=True
    )
    assert done.stderr == b""
    return json.loads(done.stdout)


def test_every_one_is_refused(outcome):
    assert len(outcome["told"]) == 26
    assert [name for name, (said, _) in outcome["told"].items() if said == "accepted"] == []


def test_none_takes_over_five_seconds(outcome):
    assert {name: took for name, (_, took) in outcome["told"].items() if took > SECONDS} == {}


def test_all_stay_within_the_memory(outcome):
    assert outcome["megabytes"] < MEGABYTES


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("cells.xlsx", "found a workbook of more than 200,000 rows or 300,000 cells"),
        ("rows.xlsx", "found a workbook of more than 200,000 rows or 300,000 cells"),
        ("merges.xlsx", "expected at most 100,000 merged or linked cells"),
        ("corners.xlsx", "and 400,000 places in all"),
        ("columns.docx", "found 30,000 columns, expected at most 1,000"),
        ("wide.html", "found 100,000 columns, expected at most 1,000"),
        ("brackets.txt", "expected the title of a domain before the grading"),
        ("columns.csv", "found a line of 800,000 letters, 399,999 of them separators"),
        ("short.csv", "found more than 2,000,000 rows, expected a table of gradings"),
        ("quotes.csv", "found quoting that cannot be read"),
    ],
)
def test_the_reason_is_told(outcome, name, reason):
    assert reason in outcome["told"][name][0]


def test_a_formula_that_calls_out_is_inert(place, make):
    book = make.book({"A": make.team_rows(["A"])})
    book["A"]["G2"] = '=HYPERLINK("http://example.org","RI")'
    book["A"]["C2"] = "=cmd|'/c calc'!A0"
    with pytest.raises(SourceError) as caught:
        ia.read_gradings(place("t.xlsx", make.book_bytes(book)))
    assert [problem.found for problem in caught.value.problems] == ["a formula that was never calculated"] * 2


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml"])
def test_entities_are_refused_before_they_unfold(place, make, part):
    laughs = b'<!DOCTYPE l [<!ENTITY a "ha">' + b"".join(
        b'<!ENTITY %c "%s">' % (98 + n, (b"&%c;" % (97 + n)) * 10) for n in range(9)
    )
    data = make.rezip(
        make.book_bytes(make.book({"A": make.team_rows()})), {part: lambda xml: laughs + b"]>" + xml}
    )
    began = time.process_time()
    with pytest.raises(SourceError, match="found a declaration of entities"):
        ia.read_gradings(place("t.xlsx", data))
    assert time.process_time() - began < 1


def test_an_entity_that_names_a_file_reads_nothing(place, make, tmp_path):
    (tmp_path / "secret.txt").write_text("RI (9 x RI)", "utf-8")
    page = f'<!DOCTYPE html [<!ENTITY s SYSTEM "file://{tmp_path}/secret.txt">]><h2>S</h2>'
    page += make.html_table([("Quality domain", "Grading"), ("practice", "&s;")]).replace("&amp;s;", "&s;")
    with pytest.raises(SourceError) as caught:
        ia.read_published(place("t.html", page))
    assert "9 x RI" not in str(caught.value)


LOWERED = {
    "formats.csv_file.MOST_ROWS": ("t.csv", 5, "found more than 5 rows, expected a table of gradings"),
    "formats.csv_file.MOST_COLUMNS": ("t.csv", 2, "found 3 columns, expected at most 2"),
    "recognition.extraction.MOST_COLUMNS": ("t.csv", 2, "found 3 columns, expected at most 2"),
    "interpretation.published.MOST_CELLS": ("t.csv", 4, "found 5 rows, expected at most 4 printed cells"),
    "recognition.line_grammar.MOST_LETTERS": ("t.txt", 20, "found a text of 58 letters, expected at most 20"),
    "declaration.MOST_BYTES": ("t.csv", 20, "expected at most 20"),
    "formats.xlsx_file.MOST_FILLED": ("t.xlsx", 17, "found a workbook of more than 200,000 rows or 17 cells"),
    "formats.xlsx_file.MOST_ROWS": ("t.xlsx", 5, "found a workbook of more than 5 rows or 300,000 cells"),
    "formats.packages.MOST_UNPACKED": ("t.xlsx", 50, "expected at most 0 MB"),
    "formats.html_file.MOST_BYTES": ("t.html", 20, "expected at most 20 and 300,000"),
    "formats.html_file.MOST_ATTRIBUTES": ("long.html", 9, "found an element with absurdly many attributes"),
}


@pytest.mark.parametrize("limit", LOWERED)
def test_every_limit_is_kept(place, make, monkeypatch, limit):
    name, value, reason = LOWERED[limit]
    rows = [("service", "domain", "grading")]
    rows += [
        ("Safeguarding", key, "RI (1 x RI)") for key in ("allocation", "practice", "monitoring", "overall")
    ]
    rows.append(("Safeguarding", "joint_working", "RI (1 x RI)"))
    made = {
        "t.csv": make.csv(rows),
        "t.txt": "Safeguarding Teams\nOverall conclusion RI\n(1 x RI)\n.......\n",
        "t.xlsx": make.book_bytes(make.book({"A": rows})),
        "t.html": make.html_table(rows),
        "long.html": f"<p {'a=1 ' * 10 + 'b' * 20_000}>" + make.html_table(rows),
    }
    source = (
        make.source + f'[[files]]\nname = "{name}"\nkind = "published"\n[[services]]\nname = "Safeguarding"\n'
    )
    path = place(name, made[name], source)
    if name != "t.txt":
        assert len(ia.read_published(path)) == 5
    monkeypatch.setattr(f"improvement_analysis.sources.{limit}", value)
    with pytest.raises(SourceError) as caught:
        ia.read_published(path)
    assert reason in str(caught.value)


def test_an_element_of_a_workbook_with_a_thousand_attributes_is_refused(place, make):
    many = b"<a " + b" ".join(b"a%d='1'" % n for n in range(3_000)) + b"/>"
    data = make.rezip(make.book_bytes(make.book({"A": make.team_rows()})), {"xl/extra.xml": many})
    with pytest.raises(SourceError, match=r"an element with absurdly many attributes \(xl/extra.xml\)"):
        ia.read_gradings(place("t.xlsx", data))


def test_a_picture_in_a_page_is_no_harm(place, make):
    rows = [("service", "domain", "grading"), ("S", "practice", "RI (1 x RI)")]
    page = f"<img src='data:image/png;base64,{'A' * 30_000}=='>" + make.html_table(rows)
    with pytest.warns(ia.SourceWarning):
        assert len(ia.read_published(place("t.html", page))) == 1
