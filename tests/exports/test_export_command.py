"""The command export: files whole or not there, plain sentences, the right exit status."""

import json
import re
import sys
from pathlib import Path

import openpyxl
import pytest

from improvement_analysis import cli, exports
from improvement_analysis.errors import ReportError


def run(capsys, *arguments):
    """Status, standard output and standard error of the command."""
    try:
        status = cli.main(["export", *(str(argument) for argument in arguments)])
    except SystemExit as stop:
        status = stop.code
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return status, told.out, told.err


@pytest.fixture(autouse=True)
def in_the_project(root, monkeypatch):
    monkeypatch.chdir(root)


def files_in(folder):
    """The files in a folder; the note whose exports they are counts only where it stands alone."""
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    return sorted({name for name in files if Path(name).name != ".lock"} or files)


def test_one_service_in_three_formats(capsys, tmp_path, made):
    formats = ("--format", "workbook", "--format", "slides", "--format", "document")
    status, out, err = run(
        capsys, "worcestershire-2018", *formats, "--service", "Care Leaving", "-o", tmp_path
    )
    home = tmp_path / "worcestershire-2018"
    assert (status, err) == (0, "")
    assert files_in(home) == [
        "services/care-leaving.docx",
        "services/care-leaving.pptx",
        "services/care-leaving.xlsx",
    ]
    assert (home / "services/care-leaving.pptx").read_bytes() == made("slides", "published", "Care Leaving")
    assert out.splitlines()[-1] == "worcestershire-2018 is marked: published figures only"
    assert out.splitlines()[0] == str(home / "services" / "care-leaving.xlsx")


def test_a_workbook_of_all_services_for_a_machine(capsys, tmp_path, made):
    status, out, _ = run(capsys, "example-team-forms", "--format", "workbook", "-o", tmp_path, "--json")
    (told,) = json.loads(out)
    assert status == 0
    assert told["marking"].endswith("Internal: not for publication.")
    assert (told["dataset"], told["format"], told["error"]) == ("example-team-forms", "workbook", None)
    assert Path(told["file"]).read_bytes() == made("workbook", "forms")
    assert openpyxl.load_workbook(told["file"]).sheetnames[0] == "Cover"


def test_quiet_says_nothing(capsys, tmp_path):
    arguments = ("worcestershire-2018", "--format", "slides", "--service", "Care Leaving", "--quiet")
    assert run(capsys, *arguments, "-o", tmp_path) == (0, "", "")


def test_every_service_gets_its_slides(capsys, tmp_path):
    status, _, _ = run(capsys, "worcestershire-2018", "--format", "slides", "-o", tmp_path)
    assert status == 0
    assert files_in(tmp_path) == [
        f"worcestershire-2018/services/{name}.pptx"
        for name in (
            "care-leaving",
            "children-with-disabilities",
            "contact-and-referral-and-assessment",
            "lac-permanency",
            "safeguarding",
        )
    ]


@pytest.mark.parametrize("format_", ["workbook", "slides", "document", "pdf"])
def test_an_unknown_service_is_refused_with_a_suggestion(capsys, tmp_path, format_):
    status, _, err = run(
        capsys, "worcestershire-2018", "--format", format_, "--service", "Safegarding", "-o", tmp_path
    )
    assert status == 2
    assert err.startswith(
        "improvement-analysis: unknown service 'Safegarding'; did you mean 'Safeguarding'? known are "
    )
    assert files_in(tmp_path) == []


def test_a_missing_dataset_is_invalid_data(capsys, tmp_path):
    status, _, err = run(capsys, "worcestershire-2017", "--format", "slides", "-o", tmp_path)
    assert (status, "did you mean 'worcestershire-2018'" in err) == (3, True)


def test_a_format_must_be_known(capsys):
    status, _, err = run(capsys, "worcestershire-2018", "--format", "slide")
    assert (status, "invalid choice: 'slide'" in err) == (2, True)


@pytest.mark.parametrize(
    ("format_", "module", "package"),
    [
        ("workbook", "gptables", "an accessible workbook needs gptables"),
        ("slides", "pptx", "a set of slides needs python-pptx"),
        ("document", "docx", "a Word document needs python-docx"),
    ],
)
def test_a_library_that_is_not_installed_is_named_with_what_to_install(
    capsys, tmp_path, monkeypatch, format_, module, package
):
    monkeypatch.setitem(sys.modules, module, None)
    status, _, err = run(capsys, "worcestershire-2018", "--format", format_, "-o", tmp_path)
    said = f'{package}, which is not installed; install it with: pip install "improvement-analysis[office]"\n'
    assert (status, err) == (2, f"improvement-analysis: {said}")
    assert files_in(tmp_path) == []


def test_an_output_that_cannot_be_written_is_named(capsys, tmp_path):
    (tmp_path / "taken").write_text("a file", encoding="utf-8")
    status, _, err = run(
        capsys,
        "worcestershire-2018",
        "--format",
        "slides",
        "--service",
        "Care Leaving",
        "-o",
        tmp_path / "taken",
    )
    assert status == 2
    said = r"\S+worcestershire-2018: cannot be written to \(.+\); name another folder"
    assert re.fullmatch(rf"improvement-analysis: {said}\n", err)


def test_a_file_is_replaced_whole_or_not_at_all(tmp_path, monkeypatch):
    target = tmp_path / "a" / "x.docx"
    exports.write_whole(target, b"first")
    exports.write_whole(target, b"second")
    assert target.read_bytes() == b"second"

    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(ReportError, match="cannot be written \\(No space left on device\\)"):
        exports.write_whole(target, b"third")
    assert target.read_bytes() == b"second"
    assert files_in(tmp_path) == ["a/x.docx"]


def test_without_chromium_nothing_is_made(capsys, tmp_path):
    arguments = ("worcestershire-2018", "--format", "pdf", "--chromium", "nobrowser", "--reports", tmp_path)
    status, _, err = run(capsys, *arguments, "-o", tmp_path)
    assert status == 2
    assert err.startswith("improvement-analysis: 'nobrowser' is no program: it is what prints pages as PDF")
    assert files_in(tmp_path) == []


def test_a_page_that_fails_does_not_keep_the_others_from_being_printed(capsys, tmp_path, monkeypatch):
    class Outcome:
        failed = ()

    def print_page(page, chromium):
        if page.stem == "overview":
            raise ReportError(f"{page.name}: Chromium did not print it (no display)")
        return f"printed {page.name}".encode()

    asked = []
    monkeypatch.setattr(
        "improvement_analysis.report.runner.run_report", lambda _, order: asked.append(order) or Outcome
    )
    monkeypatch.setattr(exports, "pdf_bytes", print_page)
    monkeypatch.setattr(exports, "find_chromium", lambda named: "chromium")
    status, out, err = run(
        capsys,
        "worcestershire-2018",
        "--format",
        "pdf",
        "-o",
        tmp_path,
        "--reports",
        tmp_path / "r",
        "--json",
    )
    assert (status, asked[0].if_changed, asked[0].output) == (4, True, tmp_path / "r")
    said = "overview.pdf was not made: overview.html: Chromium did not print it (no display)"
    assert err == f"improvement-analysis: {said}\n"
    errors = {Path(each["file"]).name: each["error"] for each in json.loads(out)}
    assert errors.pop("overview.pdf") is not None
    assert set(errors.values()) == {None}
    home = tmp_path / "worcestershire-2018"
    assert (home / "services/safeguarding.pdf").read_bytes() == b"printed safeguarding.html"
    assert not (home / "overview.pdf").exists()


def test_a_page_that_was_not_made_is_not_printed(capsys, tmp_path, monkeypatch):
    class Page:
        path, error = "services/care-leaving.html", "a cell failed"

    class Outcome:
        failed = (Page,)

    monkeypatch.setattr("improvement_analysis.report.runner.run_report", lambda *_: Outcome)
    monkeypatch.setattr(exports, "find_chromium", lambda named: "chromium")
    arguments = ("--format", "pdf", "--service", "Care Leaving", "--reports", tmp_path)
    status, _, err = run(capsys, "worcestershire-2018", *arguments, "-o", tmp_path)
    assert (status, err) == (
        4,
        "improvement-analysis: services/care-leaving.pdf was not made: a cell failed\n",
    )


def test_every_option_is_documented_and_the_example_runs(capsys, root, monkeypatch):
    text = (root / "docs" / "exports.md").read_text(encoding="utf-8")
    _, out, _ = run(capsys, "--help")
    options = set(re.findall(r"--[a-z-]+", out)) - {"--help"}
    assert len(options) == 7
    assert sorted(option for option in options if f"`{option}`" not in text) == []
    assert sorted(name for name in exports.__all__ if f"`exports.{name}(" not in text) == []
    (block,) = re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)
    names = {}
    exec(compile(block, "exports.md", "exec"), names)
    assert names["data"].startswith(b"PK")
