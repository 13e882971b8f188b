"""The command line: plain sentences, the right exit status, never a traceback."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from improvement_analysis import cli


def run(capsys, *arguments):
    """Status, standard output and standard error of a command."""
    try:
        status = cli.main([str(argument) for argument in arguments])
    except SystemExit as stop:
        status = stop.code
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return status, told.out, told.err


@pytest.fixture(autouse=True)
def in_the_project(root, monkeypatch):
    monkeypatch.chdir(root)


def test_an_unknown_service_is_refused_with_the_known_ones(capsys, tmp_path):
    status, _, err = run(capsys, "report", "worcestershire-2018", "--service", "Safegarding", "-o", tmp_path)
    assert status == 2
    assert err.startswith(
        "improvement-analysis: unknown service 'Safegarding'; did you mean 'Safeguarding'? known are"
    )
    assert not list(tmp_path.iterdir())


def test_a_misspelt_parameter_is_refused_with_the_known_ones(capsys, tmp_path):
    status, _, err = run(capsys, "report", "worcestershire-2018", "-p", "servce=Safeguarding", "-o", tmp_path)
    assert status == 2
    assert err == (
        "improvement-analysis: unknown parameter 'servce'; did you mean 'service'? "
        "area_comparison declares 'dataset', 'area', 'authority', 'strata', 'round'; data_quality declares "
        "'dataset'; "
        "overview declares 'dataset', 'round'; qprm_pack declares 'dataset', 'as_of', 'round'; "
        "self_evaluation declares 'dataset', 'round', 'as_of'; "
        "service_findings declares 'dataset', 'service', 'round'; "
        "timeline declares 'dataset'; "
        "workshop_pack declares 'dataset', 'service', 'round'\n"
    )
    assert not list(tmp_path.iterdir())


def test_the_service_may_be_set_as_a_parameter(capsys, tmp_path):
    status, _, err = run(capsys, "report", "worcestershire-2018", "-p", "service=Safegarding", "-o", tmp_path)
    assert (status, "unknown service 'Safegarding'" in err) == (2, True)


def test_a_missing_dataset_is_named_with_those_there_are(capsys):
    status, _, err = run(capsys, "report", "worcestershire-2017")
    assert status == 3
    assert err.startswith(
        "improvement-analysis: 1 problem in worcestershire-2017\n"
        "  found no such dataset, expected a folder that holds a source.toml; "
        "did you mean 'worcestershire-2018'; known are "
    )


def test_a_wrong_grade_is_named_with_its_place_and_remedy(capsys, copy, tmp_path):
    tables = copy / "summary_tables.csv"
    tables.write_text(
        tables.read_text(encoding="utf-8").replace("RI (9 x RI)", "R1 (9 x RI)"),
        encoding="utf-8",
        newline="\n",
    )
    expected = (
        "row 8, column 'grading': found 'R1', expected one of I, RI, G, O, a split such as 'RI / I', "
        "or 'no judgement'; did you mean 'RI'?"
    )
    status, _, err = run(capsys, "report", copy, "-o", tmp_path / "out")
    assert (status, expected in err) == (3, True)
    status, out, _ = run(capsys, "check", copy)
    assert (status, expected in out) == (3, True)
    status, out, _ = run(capsys, "check", "--json", copy)
    problem = next(each for each in json.loads(out) if each["severity"] == "error")
    assert (problem["file"], problem["row"], problem["column"]) == ("summary_tables.csv", 8, "grading")


def test_a_folder_without_a_source_toml_is_told_so(capsys, tmp_path):
    status, _, err = run(capsys, "report", tmp_path)
    assert (status, "found a folder without a source.toml" in err) == (3, True)


def test_no_dataset_at_all(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, _, err = run(capsys, "report")
    assert status == 2
    assert err.endswith("; name a folder that holds a source.toml\n")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["frobnicate"], "invalid choice: 'frobnicate'"),
        (["report", "-p", "service"], "found 'service', expected NAME=VALUE"),
        (["report", "-p", "a b=c"], "found 'a b=c', expected NAME=VALUE"),
        (["report", "--timeout", "0"], "found '0', expected a whole number from 1 upwards"),
        (["report", "--colour"], "unrecognized arguments: --colour"),
    ],
)
def test_wrong_usage_exits_with_2(capsys, arguments, said):
    status, _, err = run(capsys, *arguments)
    assert (status, said in err) == (2, True)


def test_the_dataset_is_no_parameter(capsys):
    status, _, err = run(capsys, "report", "-p", "dataset=x")
    assert (status, "is set by naming the dataset" in err) == (2, True)


def test_without_a_command_help_is_shown(capsys):
    status, out, _ = run(capsys)
    assert (status, "report" in out) == (2, True)


@pytest.mark.parametrize("command", ["report", "check", "build", "list"])
def test_every_command_has_help_json_and_quiet(capsys, command):
    status, out, _ = run(capsys, command, "--help")
    assert status == 0
    assert "--json" in out
    assert "--quiet" in out


def test_check_of_a_clean_dataset(capsys):
    assert run(capsys, "check", "data/raw/worcestershire-2018") == (
        0,
        "no problem found\nNext: improvement-analysis report data/raw/worcestershire-2018\n",
        "",
    )
    assert run(capsys, "check", "--quiet", "data/raw/worcestershire-2018") == (0, "", "")
    assert run(capsys, "check", "--json", "data/raw/worcestershire-2018/summary_tables.csv") == (
        0,
        "[]\n",
        "",
    )


def test_list_tells_pages_and_their_parameters(capsys):
    status, out, _ = run(capsys, "list", "--json", "worcestershire-2018")
    told = json.loads(out)[0]
    assert (status, told["gradings"], told["areas"]) == (0, 95, [])
    assert {"page": "overview.html", "notebook": "overview", "parameters": {}} in told["pages"]
    status, out, _ = run(capsys, "list", "worcestershire-2018")
    assert "areas: none is named by a grading" in out


def test_a_failing_page_exits_with_4_and_the_others_are_made(capsys, tmp_path, root):
    import shutil

    notebooks = Path(shutil.copytree(root / "notebooks", tmp_path / "notebooks"))
    path = notebooks / "data_quality.ipynb"
    path.write_text(
        path.read_text(encoding="utf-8").replace("pages.brief_quality(ds)", "1 / 0"), encoding="utf-8"
    )
    options = [
        "--notebook",
        "data_quality",
        "--notebook",
        "overview",
        "--notebooks",
        notebooks,
        "-o",
        tmp_path / "out",
    ]
    status, out, err = run(capsys, "report", "worcestershire-2018", *options)
    assert status == 4
    assert "data-quality.html was not made: data_quality: code cell 3 stopped with ZeroDivisionError" in err
    assert "of 2  data-quality.html  failed" in err
    assert out.startswith("worcestershire-2018: 1 page made. Open ")
    assert Path(out.split("Open ")[1].strip()).is_file()


def test_build_gives_what_is_committed(capsys, tmp_path, root):
    status, out, _ = run(capsys, "build", "worcestershire-2018", "-o", tmp_path)
    assert status == 0
    kept = root / "data" / "processed" / "worcestershire-2018"
    built = tmp_path / "worcestershire-2018"
    tables = sorted(path for path in kept.iterdir() if path.name != ".lock")  # says whose folder it is
    assert [path.name for path in tables] == sorted(path.name for path in built.glob("*.csv"))
    assert {path.name for path in built.iterdir()} - {path.name for path in tables} == {".lock"}
    assert len(out.splitlines()) == len(tables)
    for path in tables:
        assert path.read_bytes() == (built / path.name).read_bytes(), (
            f"{path.name} differs: run build and commit"
        )


def fresh(*arguments, **options):
    return subprocess.run([sys.executable, *arguments], capture_output=True, text=True, timeout=60, **options)


def test_help_needs_nothing_heavy():
    told = fresh("-X", "importtime", "-m", "improvement_analysis", "--help")
    assert told.returncode == 0
    heavy = {"pandas", "numpy", "matplotlib", "papermill", "nbconvert", "seaborn", "scipy"}
    loaded = {line.split("|")[-1].strip() for line in told.stderr.splitlines() if "|" in line}
    assert heavy & loaded == set()


def test_importing_the_package_draws_and_runs_nothing():
    told = fresh("-c", "import sys, improvement_analysis as ia; ia.load; ia.OFSTED; print(*sys.modules)")
    assert told.returncode == 0, told.stderr
    heavy = {
        "matplotlib",
        "papermill",
        "nbconvert",
        "seaborn",
        "IPython",
        "openpyxl",
        "lxml",
        "pypdf",
        "pandera",
    }
    assert heavy & set(told.stdout.split()) == set()


def test_output_to_a_closed_pipe_is_no_error(root):
    command = f'"{sys.executable}" -m improvement_analysis list | head -c 1'
    told = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=root, timeout=60)
    assert "Traceback" not in told.stderr
    assert "BrokenPipe" not in told.stderr
