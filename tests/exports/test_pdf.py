"""PDF by a real Chromium: tagged, the same bytes, no column lost; and what is said where there is none."""

import io
import shutil
import subprocess

import pypdf
import pytest

import improvement_analysis as ia
from improvement_analysis import charts, exports
from improvement_analysis.errors import ReportError
from improvement_analysis.exports import pdf


def program():
    try:
        return exports.find_chromium()
    except ReportError as fault:
        pytest.skip(str(fault))


@pytest.fixture(scope="module")
def page(ds, root, tmp_path_factory):
    """A page with the report's own style, a chart and the widest of its tables."""
    style = (root / "improvement_analysis/report/template/findings/page.css").read_text(encoding="utf-8")
    counts = ia.count_grades(ds.gradings, ["service", "domain"])
    chart = charts.service_matrix(
        counts, labels=ds.about.short_labels, headlines=ds.headlines(), published=ds.printed()
    )
    body = f"<main><h1>All services</h1><h2>Grades</h2>{chart.html}{chart.table.html}</main>"
    path = tmp_path_factory.mktemp("page") / "a page.html"
    head = f'<meta charset="utf-8"><title>All services</title><style>{style}</style>'
    path.write_text(
        f'<!doctype html><html lang="en-GB"><head>{head}</head><body>{body}</body></html>', encoding="utf-8"
    )
    return path


@pytest.fixture(scope="module")
def printed(page):
    return exports.pdf_bytes(page, program())


@pytest.fixture(scope="module")
def reader(printed):
    return pypdf.PdfReader(io.BytesIO(printed))


@pytest.mark.browser
def test_the_same_page_gives_the_same_bytes(printed, page):
    assert exports.pdf_bytes(page, program()) == printed


@pytest.mark.browser
def test_it_is_tagged_titled_and_has_an_outline(reader, printed):
    assert printed.startswith(b"%PDF-1.4")
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB"
    assert reader.metadata.title == "All services"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.outline[0].title == "All services"
    for stamp in (b"/CreationDate", b"/ModDate"):
        assert stamp not in printed
    assert "/ID" not in reader.trailer


@pytest.mark.browser
def test_every_column_of_a_wide_table_lies_on_the_page(reader):
    """A table in a box that scrolls was cut off at the edge of the paper."""
    lasts = []

    def visit(text, matrix, transformed, *_):
        if text.strip() in ("Outstanding", "Published headline", "of 19", "Inadequate"):
            lasts.append((text.strip(), matrix[0] * transformed[4] + matrix[4]))

    for each in reader.pages:
        each.extract_text(visitor_text=visit)
    assert {"Published headline", "Outstanding"} <= {text for text, _ in lasts}
    assert all(0 < x < float(reader.pages[0].mediabox.width) - 20 for _, x in lasts)
    words = " ".join("\n".join(each.extract_text() for each in reader.pages).split())
    # Two Worcestershire cells of the last column, one at each end of the table.
    assert words.count("printed as") == 25


@pytest.mark.browser
@pytest.mark.parametrize("told", [{"illustrative": True, "internal": True}, {}])
def test_a_mark_stands_on_every_printed_page(tmp_path, told):
    import nbformat

    from improvement_analysis.report.making.exporter import FindingsExporter

    cells = [nbformat.v4.new_markdown_cell("# Long\n\n" + "A paragraph.\n\n" * 90)]
    notebook = nbformat.v4.new_notebook(cells=cells, metadata={"improvement_analysis": told})
    path = tmp_path / "long.html"
    path.write_text(FindingsExporter().from_notebook_node(notebook)[0], encoding="utf-8")
    pages = pypdf.PdfReader(io.BytesIO(exports.pdf_bytes(path, program()))).pages
    words = ["Illustrative data. "] * ("illustrative" in told) + ["Internal: not for publication."] * (
        "internal" in told
    )
    assert len(pages) >= 2
    for each in list(pages)[1:]:
        text = each.extract_text().strip()
        assert text.startswith("".join(words) or "A paragraph.")
        assert ("Illustrative" in text, "Internal" in text) == ("illustrative" in told, "internal" in told)


def test_without_a_browser_one_sentence_says_what_to_do(monkeypatch):
    monkeypatch.delenv("CHROMIUM", raising=False)
    monkeypatch.setattr(pdf.shutil, "which", lambda name: None)
    with pytest.raises(ReportError) as fault:
        exports.find_chromium()
    assert str(fault.value) == (
        "no Chromium, Chrome or Edge is installed: it is what prints pages as PDF; install one, or open the "
        "page and print it"
    )


def test_a_program_that_is_named_is_the_one_that_is_asked_for(monkeypatch):
    with pytest.raises(ReportError, match=r"^'nobrowser' is no program: "):
        exports.find_chromium("nobrowser")
    monkeypatch.setenv("CHROMIUM", "noother")
    with pytest.raises(ReportError, match=r"^'noother' is no program: "):
        exports.find_chromium()


def test_a_page_that_is_not_there_is_named(tmp_path):
    with pytest.raises(ReportError, match=r"x\.html: no such page to print$"):
        exports.pdf_bytes(tmp_path / "x.html", shutil.which("true") or "python")


@pytest.mark.parametrize(
    ("ending", "said"),
    [
        ((1, b"first\nno display\n"), "Chromium did not print it (no display)"),
        ((0, b""), "Chromium did not print it (it ended with status 0)"),
        (subprocess.TimeoutExpired("chromium", 120), "Chromium did not print it within 120 seconds"),
        (PermissionError(13, "Permission denied"), "cannot be run (Permission denied)"),
    ],
)
def test_a_browser_that_fails_is_told_in_a_sentence(monkeypatch, tmp_path, ending, said):
    page = tmp_path / "page.html"
    page.write_text("<p>x</p>", encoding="utf-8")

    def run(order, **_):
        if isinstance(ending, Exception):
            raise ending
        return subprocess.CompletedProcess(order, ending[0], b"", ending[1])

    monkeypatch.setattr(pdf, "find_chromium", lambda named: "chromium")
    monkeypatch.setattr(pdf.subprocess, "run", run)
    with pytest.raises(ReportError) as fault:
        exports.pdf_bytes(page)
    assert str(fault.value).endswith(said)
    assert "\n" not in str(fault.value)
