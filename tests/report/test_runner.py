"""A run: every fault is one page's failure, said in a sentence, and the last good page stays."""

import hashlib
import json
import os

import pytest

from improvement_analysis.errors import ReportError
from improvement_analysis.report.publishing.manifest import read_manifest, recorded_pages
from improvement_analysis.report.runner import Order, run_report

PAGES = [
    "areas/redditch-wychavon.html",
    "areas/worcester-malvern.html",
    "data-quality.html",
    "index.html",
    "methods.html",
    "overview.html",
    "qprm.html",
    "self-evaluation.html",
    "services/care-leaving.html",
    "services/children-with-disabilities.html",
    "services/contact-and-referral-and-assessment.html",
    "services/lac-permanency.html",
    "services/safeguarding.html",
    "timeline.html",
    "workshops/care-leaving.html",
    "workshops/children-with-disabilities.html",
    "workshops/contact-and-referral-and-assessment.html",
    "workshops/lac-permanency.html",
    "workshops/safeguarding.html",
]


def pages(folder):
    return sorted(str(path.relative_to(folder).as_posix()) for path in folder.rglob("*.html"))


def test_makes_every_page_and_nothing_else_under_a_page_name(report):
    assert pages(report) == PAGES
    assert [path.name for path in report.rglob(".*") if path.is_file()] == [".lock"]


def test_manifest_tells_inputs_versions_parameters_and_each_page(report, ds):
    told = json.loads((report / "manifest.json").read_text(encoding="utf-8"))
    assert {each["name"]: each["sha256"] for each in told["inputs"]} == ds.checksums
    assert {"python", "pandas", "matplotlib", "papermill", "nbconvert"} <= set(told["versions"])
    assert len(told["pages"]) == 17
    for page in told["pages"]:
        made = (report / page["page"]).read_bytes()
        assert page["sha256"] == hashlib.sha256(made).hexdigest()
        assert page["status"] == "made"
        assert page["duration_seconds"] > 0
        assert all((report / name).is_file() for name in page["tables"])
    safeguarding = next(page for page in told["pages"] if page["title"] == "Safeguarding")
    assert safeguarding["parameters"] == {"service": "Safeguarding"}


def test_a_second_run_gives_the_same_bytes(report, ds, others, tmp_path, root):
    others("services/safeguarding.html")
    folder = root / "data" / "raw" / "worcestershire-2018"
    outcome = run_report(ds, Order(folder, tmp_path, services=["Safeguarding"]))
    for name in ("services/safeguarding.html", "services/safeguarding.grades.csv"):
        assert (outcome.index.parent / name).read_bytes() == (report / name).read_bytes()


def test_pages_that_were_not_asked_for_stay(ds, order):
    run_report(ds, order())
    outcome = run_report(ds, order(notebooks=[], services=["Care Leaving"]))
    assert [(page.path, page.status) for page in outcome.pages] == [
        ("services/care-leaving.html", "made"),
        ("data-quality.html", "kept"),
    ]
    index = outcome.index.read_text(encoding="utf-8")
    assert 'href="data-quality.html"' in index
    assert 'href="services/care-leaving.html"' in index
    assert 'href="services/safeguarding.html"' not in index


FAULTS = {
    "raise ValueError('no such thing')": "code cell 9 stopped with ValueError: no such thing",
    "import sys; sys.exit(0)": "code cell 9 stopped with SystemExit: 0",
    "import os; os._exit(0)": "the kernel died before the notebook's end",
    "import os, signal; os.kill(os.getpid(), signal.SIGKILL)": "the kernel died before the notebook's end",
    "while True: pass": "a cell did not end within 10 seconds",
}


@pytest.mark.parametrize("source", FAULTS)
def test_a_failing_page_keeps_the_last_good_one(ds, order, notebooks, source):
    if "SIGKILL" in source and os.name == "nt":
        pytest.skip("no such signal on Windows")
    good = run_report(ds, order())
    page = good.index.parent / "data-quality.html"
    before = page.read_bytes()
    notebooks.add("data_quality", source)
    outcome = run_report(ds, order(notebooks=["data_quality", "overview"], timeout=10))
    by_page = {record.path: record for record in outcome.pages}
    assert by_page["overview.html"].status == "made"
    failed = by_page["data-quality.html"]
    assert (failed.status, failed.stale) == ("failed", True)
    assert FAULTS[source] in failed.error
    assert page.read_bytes() == before
    index = outcome.index.read_text(encoding="utf-8")
    assert "Pages that could not be made" in index
    assert "(page of an earlier run)" in index
    recorded = recorded_pages(read_manifest(outcome.index.parent))["data-quality.html"]
    assert (recorded.status, recorded.sha256) == ("failed", hashlib.sha256(before).hexdigest())


def test_a_failed_page_that_never_was_leaves_no_page(ds, order, notebooks):
    notebooks.add("data_quality", "1 / 0")
    outcome = run_report(ds, order())
    assert not (outcome.index.parent / "data-quality.html").exists()
    assert (outcome.index.parent / "failed" / "data-quality.ipynb").is_file()
    assert outcome.failed[0].sha256 is None


def test_a_page_that_is_mended_leaves_no_trace_of_its_failure(ds, order, notebooks, tmp_path):
    notebooks.add("data_quality", "1 / 0")
    failed = run_report(ds, order())
    mended = run_report(ds, order(notebook_folder=None))
    assert (failed.failed, mended.failed)[1] == ()
    assert not list((mended.index.parent / "failed").iterdir())


def test_a_picture_without_alternative_text_is_no_page(ds, order, notebooks):
    source = (
        "import base64\nfrom IPython.display import Image, display\n"
        "display(Image(base64.b64decode('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
        "+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=='), format='png'))"
    )
    notebooks.add("data_quality", source)
    outcome = run_report(ds, order())
    assert "a picture has no alternative text" in outcome.failed[0].error


def test_a_notebook_without_parameters_is_refused_before_anything_runs(ds, order, notebooks):
    path = notebooks.folder / "data_quality.ipynb"
    path.write_text(path.read_text(encoding="utf-8").replace('"parameters"', '"other"'), encoding="utf-8")
    with pytest.raises(ReportError, match="data_quality: found 0 cells tagged 'parameters'"):
        run_report(ds, order())


def test_a_notebook_that_is_not_there_is_named(ds, order, notebooks):
    (notebooks.folder / "data_quality.ipynb").unlink()
    with pytest.raises(
        ReportError, match=r"data_quality\.ipynb: cannot be read \(No such file or directory\)"
    ):
        run_report(ds, order())


def test_a_notebook_that_is_none_is_named(ds, order, notebooks):
    (notebooks.folder / "data_quality.ipynb").write_text("{}", encoding="utf-8")
    with pytest.raises(ReportError, match=r"data_quality\.ipynb: is not a notebook"):
        run_report(ds, order())


def test_an_output_folder_that_is_a_file_is_named(ds, order, tmp_path):
    (tmp_path / "out").write_text("", encoding="utf-8")
    with pytest.raises(ReportError, match=r"cannot be written to .*; name another folder"):
        run_report(ds, order())


def test_two_runs_do_not_write_into_one_folder(ds, order):
    from improvement_analysis.report.publishing.lock import locked

    with (
        locked(order().output / "worcestershire-2018", order().folder),
        pytest.raises(ReportError, match="another run is writing"),
    ):
        run_report(ds, order())
    assert run_report(ds, order()).failed == ()


def test_a_page_of_a_service_that_is_gone_is_left_over(ds, order, copy):
    run_report(ds, order())
    folder = order().output / "worcestershire-2018"
    told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    old = {**told["pages"][0], "page": "services/fostering.html", "title": "Fostering", "kind": "service"}
    (folder / "services").mkdir(exist_ok=True)
    (folder / "services" / "fostering.html").write_text("old", encoding="utf-8")
    (folder / "manifest.json").write_text(
        json.dumps({**told, "pages": [*told["pages"], old]}), encoding="utf-8"
    )
    outcome = run_report(ds, order())
    assert [page.title for page in outcome.pages if page.status == "left over"] == ["Fostering"]
    assert "Left over from earlier runs" in outcome.index.read_text(encoding="utf-8")
