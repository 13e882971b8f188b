"""What is up to date is left alone, what changed is made again, and the difference is told."""

import json
import os
import subprocess
import sys

import pytest

import improvement_analysis as ia
from improvement_analysis.report.publishing.changes import describe_changes
from improvement_analysis.report.publishing.freshness import all_fresh
from improvement_analysis.report.runner import Order, list_pages, run_report
from improvement_analysis.scale import OFSTED


def statuses(outcome):
    return {page.path: page.status for page in outcome.pages}


@pytest.fixture
def made(copy, tmp_path, notebooks):
    """A small report that stands, and a way to order it again."""

    def order(**changes):
        chosen = {"notebooks": ["data_quality", "overview"], "notebook_folder": notebooks.folder}
        return Order(copy, tmp_path / "out", **{**chosen, "if_changed": True, **changes})

    run_report(ia.load(copy), order())
    return order


def test_what_is_up_to_date_is_left_alone(copy, made, tmp_path):
    page = tmp_path / "out" / "copy" / "overview.html"
    before = page.stat()
    again = run_report(ia.load(copy), made())
    assert set(statuses(again).values()) == {"up to date"}
    assert (page.stat().st_ino, page.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)
    assert [page.status for page in list_pages(ia.load(copy), made())] == ["up to date", "up to date"]


def test_a_changed_notebook_makes_its_page_again_and_no_other(copy, made, notebooks):
    notebooks.add("overview", "1 + 1")
    assert statuses(run_report(ia.load(copy), made())) == {
        "overview.html": "made",
        "data-quality.html": "up to date",
    }


def test_a_page_that_was_spoilt_is_made_again(copy, made, tmp_path):
    (tmp_path / "out" / "copy" / "overview.html").write_text("spoilt", encoding="utf-8")
    (tmp_path / "out" / "copy" / "data-quality.checks.csv").unlink()
    assert statuses(run_report(ia.load(copy), made())) == {
        "overview.html": "made",
        "data-quality.html": "made",
    }


def test_changed_data_makes_every_page_again_and_is_told(copy, made, tmp_path):
    tables = copy / "summary_tables.csv"
    text = tables.read_text(encoding="utf-8").replace("RI (5 x RI, 4 x I)", "RI (6 x RI, 3 x I)")
    tables.write_text(text, encoding="utf-8")
    outcome = run_report(ia.load(copy), made())
    assert set(statuses(outcome).values()) == {"made"}
    said = "Safeguarding, Performance monitoring: 1 team fewer at inadequate, 1 more at requires improvement."
    assert said in outcome.index.read_text(encoding="utf-8")
    folder = outcome.index.parent
    assert said in (folder / "summary.txt").read_text(encoding="utf-8")
    told = json.loads((folder / "summary.json").read_text(encoding="utf-8"))
    assert (told["changes"], told["pages"]) == ([said], {"made": ["overview.html", "data-quality.html"]})


def test_changes_are_counted_and_never_guessed():
    before = {"A": {"overall": {"I": 2, "RI": 1}}, "Gone": {"overall": {"G": 1}}}
    after = {"A": {"overall": {"RI": 1, "G": 1}}, "New": {"overall": {"G": 1}}}
    assert describe_changes(before, after, {"overall": "Overall conclusion"}, OFSTED) == [
        "Gone: no longer graded.",
        "A, Overall conclusion: 2 teams fewer at inadequate, 1 more at good.",
        "New: graded for the first time.",
    ]
    assert describe_changes(before, before, {}, OFSTED) == ["No count changed since the last run."]
    assert describe_changes(None, after, {}, OFSTED) == []


def test_earlier_runs_are_kept_and_no_more_than_asked(copy, made, tmp_path):
    home = tmp_path / "out" / "copy"
    first = (home / "overview.html").read_bytes()
    for started in ("2020-01-01T00:00:00+00:00", "2021-01-01T00:00:00+00:00", "2022-01-01T00:00:00+00:00"):
        manifest = json.loads((home / "manifest.json").read_text(encoding="utf-8"))
        (home / "manifest.json").write_text(json.dumps({**manifest, "started": started}), encoding="utf-8")
        run_report(ia.load(copy), made(if_changed=False, keep=2))
    kept = sorted(path.name for path in (home / "earlier").iterdir())
    assert kept == ["2021-01-01T000000", "2022-01-01T000000"]
    assert (home / "earlier" / kept[0] / "overview.html").read_bytes() == first


def test_a_whole_report_is_found_up_to_date_without_pandas(report, root, tmp_path):
    code = (
        "import sys; from pathlib import Path\n"
        "from improvement_analysis.report.publishing.freshness import all_fresh\n"
        f"fresh = all_fresh(Path({str(root / 'data/raw/worcestershire-2018')!r}), Path({str(report)!r}), "
        f"Path({str(root / 'notebooks')!r}))\n"
        "print(fresh, 'pandas' in sys.modules, 'papermill' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert told.stdout.split() == ["True", "False", "False"], told.stderr


def test_a_part_of_a_report_is_no_whole(copy, made, tmp_path, notebooks):
    assert not all_fresh(copy, tmp_path / "out" / "copy", notebooks.folder)


@pytest.mark.parametrize(
    "odd", [{"PYTHONHASHSEED": "7", "TZ": "Pacific/Kiritimati"}, {"LC_ALL": "tr_TR.UTF-8"}, {"LC_ALL": "C"}]
)
def test_pages_do_not_depend_on_where_and_when_they_are_made(odd, report, root, tmp_path):
    environment = {**os.environ, "MPLBACKEND": "TkAgg", "IMPROVEMENT_ANALYSIS_FORK": str(len(odd) % 2), **odd}
    command = [
        sys.executable,
        "-m",
        "improvement_analysis",
        "report",
        str(root / "data/raw/worcestershire-2018"),
    ]
    options = ["--only", "overview.html", "--jobs", "1", "-o", str(tmp_path)]
    told = subprocess.run([*command, *options], capture_output=True, text=True, env=environment, timeout=600)
    assert told.returncode == 0, told.stderr
    made = tmp_path / "worcestershire-2018"
    assert [path.name for path in made.glob("overview*")]
    for path in made.glob("overview*"):
        assert path.read_bytes() == (report / path.name).read_bytes()
