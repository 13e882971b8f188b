"""What leaves the house: counts by service, small ones withheld, and nothing beside them."""

import csv

import pytest
from bs4 import BeautifulSoup

import improvement_analysis as ia
from improvement_analysis import briefing
from improvement_analysis.report.runner import Order, run_report


@pytest.fixture(scope="module")
def example(root):
    return ia.load(root / "data" / "raw" / "example-team-forms")


@pytest.fixture(scope="module")
def published(example, root, tmp_path_factory):
    folder = root / "data" / "raw" / "example-team-forms"
    outcome = run_report(example, Order(folder, tmp_path_factory.mktemp("out"), publish=True, min_teams=3))
    assert [page.error for page in outcome.failed] == []
    return outcome.index.parent


def test_only_the_page_and_its_table_are_written(published):
    assert published.name == "example-team-forms-for-publication"
    kept = sorted(path.name for path in published.iterdir() if path.is_file() and path.name != ".lock")
    assert kept == ["index.grades.csv", "index.html"]


def test_no_team_area_grader_or_form_is_named(published, example):
    told = (published / "index.html").read_text(encoding="utf-8")
    told += (published / "index.grades.csv").read_text(encoding="utf-8")
    gradings = example.gradings
    names = {*gradings["team"], *gradings["area"], *gradings["grader"].dropna(), *gradings["source"]}
    assert [name for name in sorted(names) if name in told] == []
    assert not [file for file in example.checksums if file.startswith("forms/") and file in told]


def test_small_services_are_withheld_in_page_and_csv(published, example):
    with (published / "index.grades.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    small = {row["Service"] for row in rows if int(row["Teams"]) < 3}
    assert small == {"LAC Permanency", "Care Leaving", "Children with Disabilities"}
    for row in rows:
        if row["Service"] in small:
            assert "c" in (row["Inadequate"], row["Requires improvement"], row["Good"])
    page = BeautifulSoup((published / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert "fewer than 3" in page.get_text()
    assert "not for publication" not in page.get_text()


def test_what_is_withheld_is_what_the_audited_suppression_withholds(published, example):
    suppressed = briefing.withhold(example, 3)
    with (published / "index.grades.csv").open(encoding="utf-8", newline="") as stream:
        shown = sum(cell == "c" for row in csv.DictReader(stream) for cell in row.values())
    visible = [*example.about.scale.codes, "no judgement"]
    visible += [split for split in example.about.scale.splits if suppressed.totals[split].ne(0).any()]
    hidden = (
        suppressed.counts[visible].isna().to_numpy().sum()
        + suppressed.totals[visible].isna().to_numpy().sum()
    )
    assert shown == hidden > 0


def test_pages_of_named_teams_are_marked_internal(example, root, tmp_path):
    folder = root / "data" / "raw" / "example-team-forms"
    outcome = run_report(example, Order(folder, tmp_path, only=["services/care-leaving.html"]))
    for page in (outcome.index, outcome.index.parent / "services" / "care-leaving.html"):
        assert "Internal: not for publication." in page.read_text(encoding="utf-8")


def test_pages_of_published_tallies_are_not(report):
    assert "not for publication" not in (report / "services" / "safeguarding.html").read_text(
        encoding="utf-8"
    )
