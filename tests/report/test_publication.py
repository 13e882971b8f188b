"""What leaves the house: counts by service, small ones withheld, and nothing beside them."""

import csv
import json

import pytest
from bs4 import BeautifulSoup

import improvement_analysis as ia
from improvement_analysis import cli, pages
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
    kept = sorted(path.name for path in published.iterdir())
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
    suppressed = pages.withhold(example, 3)
    with (published / "index.grades.csv").open(encoding="utf-8", newline="") as stream:
        shown = sum(cell == "c" for row in csv.DictReader(stream) for cell in row.values())
    visible = [*example.about.scale.codes, "no judgement"]
    visible += [
        split
        for split in example.about.scale.splits
        if suppressed.totals[split].gt(0).any() or suppressed.counts[split].gt(0).any()
    ]
    hidden = (
        suppressed.counts[visible].isna().to_numpy().sum()
        + suppressed.totals[visible].isna().to_numpy().sum()
    )
    assert shown == hidden > 0


def rows_of(page):
    with page.with_name("index.grades.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.mark.parametrize("totals", [True, False])
def test_every_row_that_is_published_whole_sums_to_its_teams(ds, totals):
    """A split grade that only a count holds, no total, has its column too."""
    table = pages.list_publication(ds, pages.withhold(ds, totals=totals)).frame
    whole = table[~table.eq("c").any(axis=1)]
    judged = whole.drop(columns=["Service", "Quality domain", "Teams"]).astype(int)
    assert (judged.sum(axis=1) == whole["Teams"].astype(int)).all()
    assert "Requires improvement / Inadequate" in judged
    assert "Good / Requires improvement" not in judged
    assert ("All services" in set(table["Service"])) == totals


def test_what_the_counts_still_tell_is_said_to_who_publishes_and_not_on_the_page(root, tmp_path, capsys):
    folder = str(root / "data" / "raw" / "worcestershire-2018")
    assert cli.main(["report", folder, "--publish", "--no-totals", "--quiet", "-o", str(tmp_path)]) == 0
    told = capsys.readouterr()
    assert told.out == ""
    sentence = "Safeguarding, Practice and direct work: All 9 teams were graded requires improvement"
    assert told.err.startswith("improvement-analysis: worcestershire-2018: weigh before the page goes out")
    assert f"\n  {sentence}: the count tells the grade of each.\n" in told.err
    assert "can subtract." in told.err
    page = tmp_path / "worcestershire-2018-for-publication" / "index.html"
    text = BeautifulSoup(page.read_text(encoding="utf-8"), "html.parser").get_text(" ", strip=True)
    assert "tells the grade of each" not in text
    assert "can subtract" not in text
    assert "left out in all 5 domains, as asked" in text
    shown = {(row["Service"], row["Quality domain"]): row for row in rows_of(page)}
    assert shown["Safeguarding", "Overall conclusion"]["Inadequate"] == "2"


def test_a_machine_is_given_what_the_counts_still_tell(root, tmp_path, capsys):
    folder = str(root / "data" / "raw" / "worcestershire-2018")
    asked = ["report", folder, "--publish", "--dry-run", "--json", "-o", str(tmp_path)]
    assert cli.main(asked) == 0
    (told,) = json.loads(capsys.readouterr().out)
    assert len(told["warnings"]) == 9
    assert cli.main([*asked, "-p", "min_teams=2"]) == 0
    (more,) = json.loads(capsys.readouterr().out)
    assert any("Each of the 2 teams finds the other's grade" in one for one in more["warnings"])
    assert cli.main([each for each in asked if each != "--publish"]) == 0
    assert "warnings" not in json.loads(capsys.readouterr().out)[0]


def test_pages_of_named_teams_are_marked_internal(example, root, tmp_path):
    folder = root / "data" / "raw" / "example-team-forms"
    outcome = run_report(example, Order(folder, tmp_path, only=["services/care-leaving.html"]))
    for page in (outcome.index, outcome.index.parent / "services" / "care-leaving.html"):
        assert "Internal: not for publication." in page.read_text(encoding="utf-8")


def test_pages_of_published_tallies_are_not(report):
    assert "not for publication" not in (report / "services" / "safeguarding.html").read_text(
        encoding="utf-8"
    )
