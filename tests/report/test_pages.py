"""The pages as a reader and a browser find them."""

import csv
import re
from html import unescape
from itertools import pairwise

import pytest
from bs4 import BeautifulSoup

import improvement_analysis as ia
from improvement_analysis.report.runner import Order, run_report

SERVICES = {
    "Contact and Referral and Assessment": "contact-and-referral-and-assessment",
    "Safeguarding": "safeguarding",
    "LAC Permanency": "lac-permanency",
    "Care Leaving": "care-leaving",
    "Children with Disabilities": "children-with-disabilities",
}
ALL = [
    "index",
    "overview",
    "data-quality",
    "areas/redditch-wychavon",
    *(f"services/{stem}" for stem in SERVICES.values()),
]
WORDS = {
    "Inadequate": "I",
    "Requires improvement / Inadequate": "RI / I",
    "Requires improvement": "RI",
    "Good": "G",
    "Outstanding": "O",
    "No judgement": "no judgement",
}


@pytest.fixture(params=ALL)
def page(request, report):
    return BeautifulSoup((report / f"{request.param}.html").read_text(encoding="utf-8"), "html.parser")


def test_has_a_language_a_title_and_one_h1(page):
    assert page.html["lang"] == "en-GB"
    assert page.title.get_text().strip()
    assert len(page.find_all("h1")) == 1


def test_headings_go_down_by_one(page):
    levels = [int(heading.name[1]) for heading in page.find_all(re.compile("^h[1-6]$"))]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_every_table_has_a_caption_and_every_heading_a_scope(page):
    for table in page.find_all("table"):
        assert table.caption.get_text().strip()
        assert all(cell.get("scope") in ("row", "col") for cell in table.find_all("th"))


def test_every_picture_is_described(page):
    for picture in page.find_all("svg"):
        assert picture["role"] == "img"
        assert page.find(id=picture["aria-labelledby"].split()[0]).get_text().strip()
        assert len(picture.find("desc").get_text()) > 40
    assert all(image["alt"].strip() for image in page.find_all("img"))


def test_asks_nothing_of_the_network(page):
    wanted = [
        tag.get("src") or tag.get("href") for tag in page.find_all(["script", "link", "img", "iframe", "use"])
    ]
    assert [address for address in wanted if address and not address.startswith(("data:", "#"))] == []
    assert not page.find_all("script")
    assert not re.search(r"url\((?!#)|@import", str(page))


def test_ids_are_unique_and_links_lead_somewhere(page, report, request):
    ids = [tag["id"] for tag in page.find_all(id=True)]
    assert len(ids) == len(set(ids))
    name = request.node.callspec.params["page"]
    here = (report / f"{name}.html").parent
    for link in page.find_all("a", href=True):
        address = unescape(link["href"])
        assert address[1:] in ids if address.startswith("#") else (here / address).resolve().is_file()


def test_code_is_hidden(page):
    assert "import improvement_analysis" not in page.get_text()
    assert not page.find_all("script")


@pytest.mark.parametrize("service", SERVICES)
def test_table_gradings_counts_page_and_csv_agree(service, report, ds):
    """What is printed in the paper is what every later shape of it says."""
    stem = SERVICES[service]
    page = BeautifulSoup((report / "services" / f"{stem}.html").read_text(encoding="utf-8"), "html.parser")
    with (report / "services" / f"{stem}.grades.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    table = page.find("table")
    headings = [cell.get_text(" ", strip=True) for cell in table.thead.find_all("th")]
    counts = ia.count_grades(ia.select(ds.gradings, service=service), "domain")
    cells = ia.select(ds.published, service=service)
    shown = table.tbody.find_all("tr")
    assert len(shown) == len(rows) == len(cells) == 5
    for line, row, cell in zip(shown, rows, cells.to_dict("records"), strict=True):
        on_page = dict(
            zip(
                headings,
                [each.get_text(" ", strip=True) for each in line.find_all(["th", "td"])],
                strict=True,
            )
        )
        on_page_counts = {code: int(on_page[words]) for words, code in WORDS.items() if words in on_page}
        in_csv = {code: int(row[words]) for words, code in WORDS.items() if words in row}
        counted = counts.loc[cell["domain"]]
        tally = ia.parse_tally(cell["tally"])
        assert {grade: n for grade, n in on_page_counts.items() if n} == tally
        assert in_csv == on_page_counts
        assert counted[counted > 0].to_dict() == tally
        assert cell["grading"] in on_page["Published headline"]


def test_the_weakest_domain_is_named_with_its_count(report):
    text = BeautifulSoup((report / "overview.html").read_text(encoding="utf-8"), "html.parser").get_text(" ")
    assert (
        "Most low gradings (inadequate or RI / I): Performance monitoring 7 of 19, Case allocation and "
        "workload 3 of 19."
    ) in text


def test_findings_of_a_service_stand_on_its_page_and_those_that_cross_on_the_overview_alone(report, ds):
    def words_of(page):
        soup = BeautifulSoup((report / page).read_text(encoding="utf-8"), "html.parser")
        return " ".join(soup.get_text(" ").split())

    service, overview = words_of("services/safeguarding.html"), words_of("overview.html")
    own = ds.findings[ds.findings["services"].fillna("").str.contains("Safeguarding")]
    crossing = ds.findings[ds.findings["services"].isna() & ds.findings["areas"].isna()]
    assert len(own) > 0
    assert len(crossing) > 0
    assert [text for text in own["text"] if text not in service] == []
    assert [text for text in crossing["text"] if text not in overview] == []
    assert [text for text in crossing["text"] if text in service] == []


def test_what_an_answer_rests_on_is_folded_and_its_table_beside_the_chart(report):
    soup = BeautifulSoup(
        (report / "services" / "safeguarding.html").read_text(encoding="utf-8"), "html.parser"
    )
    folded = [each.summary.get_text(strip=True) for each in soup.select("main details")]
    assert folded == ["Show as a table", "What to know about these figures", "Source"]
    assert soup.select_one("details.as-table table caption") is not None
    assert not [each for each in soup.select("details") if each.has_attr("open")]
    assert soup.select_one("figure").find_parent("details") is None


def test_contents_stand_only_where_there_are_five_sections(report):
    for page in ("services/safeguarding.html", "overview.html"):
        soup = BeautifulSoup((report / page).read_text(encoding="utf-8"), "html.parser")
        linked = [link["href"].lstrip("#") for link in soup.select("nav.contents a")]
        headings = [each["id"] for each in soup.select("main h2[id]") if each["id"] != "contents"]
        assert linked == (headings if len(headings) > 4 else [])


def test_data_quality_explains_23_against_19(report):
    text = BeautifulSoup((report / "data-quality.html").read_text(encoding="utf-8"), "html.parser").get_text(
        " "
    )
    assert "The prose counts 23 visits, the tables grade 19 teams." in text
    assert "25 of 25 headlines are the most frequent grade of their tally." in text


def test_an_area_page_of_tallies_computes_nothing_and_says_why(report):
    page = BeautifulSoup(
        (report / "areas" / "redditch-wychavon.html").read_text(encoding="utf-8"), "html.parser"
    )
    text = " ".join(page.get_text(" ").split())
    assert (
        "No grading in this dataset names its area, so nothing can be computed about Redditch/Wychavon."
        in text
    )
    assert not page.find("svg")
    assert not page.find("table")
    assert (
        "Between 2 and 7 of the 9 Safeguarding teams were inadequate in some domain but not overall." in text
    )
    assert "at least 11 of the 84 ways to shuffle the grades give a gap that large" in text
    assert "Management is steadier in Redditch/Wychavon and in Worcester/Malvern." in text


def test_a_page_is_light(report):
    assert (report / "services" / "safeguarding.html").stat().st_size < 100_000


AWKWARD = "<script>alert(1)</script> $x_1$ & 'Tеam' 🙂"


def test_names_are_printed_as_they_are(copy, tmp_path):
    for name in ("source.toml", "summary_tables.csv"):
        path = copy / name
        spelt = AWKWARD if name.endswith("toml") else f'"{AWKWARD}"'
        text = path.read_text(encoding="utf-8").replace("Children with Disabilities Team,", f"{spelt},")
        text = text.replace('name = "Children with Disabilities"', f'name = "{AWKWARD}"')
        path.write_text(text, encoding="utf-8")
    for name in ("statements.csv", "findings.csv"):
        path = copy / name
        path.write_text(
            path.read_text(encoding="utf-8").replace(",Children with Disabilities,", f',"{AWKWARD}",'),
            encoding="utf-8",
        )
    ds = ia.load(copy)
    outcome = run_report(ds, Order(copy, tmp_path / "out", services=[AWKWARD]))
    assert [record.error for record in outcome.failed] == []
    made = next(record for record in outcome.pages if record.title == AWKWARD)
    for path in (outcome.index, outcome.index.parent / made.path):
        text = path.read_text(encoding="utf-8")
        assert "<script" not in text
        assert AWKWARD in BeautifulSoup(text, "html.parser").get_text()


def test_illustrative_data_says_so_on_every_page(copy, tmp_path):
    path = copy / "source.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("illustrative = false", "illustrative = true"),
        encoding="utf-8",
    )
    ds = ia.load(copy)
    outcome = run_report(ds, Order(copy, tmp_path / "out", services=["Care Leaving"]))
    for path in outcome.index.parent.rglob("*.html"):
        page = BeautifulSoup(path.read_text(encoding="utf-8"), "html.parser")
        assert "Illustrative data." in page.find(class_="banner").get_text()
    page = BeautifulSoup(
        (outcome.index.parent / "services" / "care-leaving.html").read_text(encoding="utf-8"), "html.parser"
    )
    assert "illustrative" in page.find("svg").get_text().casefold()
