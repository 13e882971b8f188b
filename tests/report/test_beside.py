"""What stands beside the pages: methods, summary, the front page over all reports, a report in one file."""

import zipfile

import pytest
from bs4 import BeautifulSoup

from improvement_analysis.report.publishing.beside import write_front_page, zip_report


def links(path):
    page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
    return {link.get_text(" ", strip=True): link["href"] for link in page.select("header a, footer a")}


def test_a_page_links_to_its_neighbours_and_to_the_methods(report):
    assert links(report / "services" / "lac-permanency.html") == {
        "All pages of this report": "../index.html",
        "All services": "../overview.html",
        "Previous: Safeguarding": "../services/safeguarding.html",
        "Next: Care Leaving": "../services/care-leaving.html",
        "Methods: how the numbers are made": "../methods.html",
    }


def test_the_methods_stand_beside_the_report(report):
    text = (report / "methods.html").read_text(encoding="utf-8")
    assert "Comparing areas" in text
    assert not {"lopsided", "deals", "completion"} & set(text.split())


def test_the_summary_says_the_findings_that_the_index_opens_with(report):
    summary = (report / "summary.txt").read_text(encoding="utf-8")
    finding = "19 teams in 5 services: 3 of 73 domain gradings were good, none outstanding."
    assert f"Main findings:\n- {finding}" in summary
    assert finding in (report / "index.html").read_text(encoding="utf-8")


def test_the_front_page_lists_every_report_of_a_folder(report, tmp_path):
    (tmp_path / "one").mkdir()
    (tmp_path / "one" / "manifest.json").write_bytes((report / "manifest.json").read_bytes())
    front = write_front_page(tmp_path)
    page = BeautifulSoup(front.read_text(encoding="utf-8"), "html.parser")
    assert [link["href"] for link in page.select("main a")] == ["one/index.html"]
    assert "Worcestershire, 2017-18" in page.get_text()


@pytest.mark.parametrize("there", [None, "<html>mine</html>"])
def test_a_front_page_replaces_nothing_of_others_and_lists_no_empty_folder(report, tmp_path, there):
    if there:
        (tmp_path / "one").mkdir()
        (tmp_path / "one" / "manifest.json").write_bytes((report / "manifest.json").read_bytes())
        (tmp_path / "index.html").write_text(there, encoding="utf-8")
    assert write_front_page(tmp_path) is None
    assert [path.read_text() for path in tmp_path.glob("*.html")] == ([there] if there else [])


def test_a_report_in_one_file_is_whole_and_the_same_each_time(tmp_path):
    folder = tmp_path / "report"
    for name in ("index.html", "services/a.html", ".lock", "earlier/1/index.html"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name, encoding="utf-8")
    first = zip_report(folder).read_bytes()
    assert zip_report(folder).read_bytes() == first
    with zipfile.ZipFile(tmp_path / "report.zip") as packed:
        assert packed.namelist() == ["report/index.html", "report/services/a.html"]
