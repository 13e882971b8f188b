"""The commands on files as received: check says what to type next, init drafts, report makes pages."""

import json

import pytest

import improvement_analysis as ia
from improvement_analysis import cli

SHEET = (
    "service,area,team,visit_date,domain,grade\n"
    "Safeguarding,North,Team A,04/09/2024,practice,G\n"
    "Safeguarding,North,Team A,04/09/2024,overall,RI\n"
)


@pytest.fixture(autouse=True)
def visits(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "visits.csv").write_text(SHEET, encoding="utf-8")
    return tmp_path / "visits.csv"


def run(capsys, *arguments):
    status = cli.main(list(arguments))
    told = capsys.readouterr()
    assert "Traceback" not in told.err
    return status, told.out, told.err


def test_check_ends_with_the_next_command(capsys, visits):
    status, out, _ = run(capsys, "check", "visits.csv")
    assert (status, out.splitlines()[-1]) == (0, "Next: improvement-analysis report visits.csv")
    visits.write_text(SHEET.replace(",RI", ",perhaps"), encoding="utf-8")
    status, out, _ = run(capsys, "check", "visits.csv")
    assert (status, out.splitlines()[-1]) == (3, "Next: improvement-analysis init visits.csv")


def test_init_writes_a_dataset_that_loads_and_says_what_to_type(capsys, tmp_path):
    status, out, err = run(capsys, "init", "visits.csv")
    assert (status, err) == (0, "")
    assert out == (
        "data/raw/visits/source.toml was written.\nNext: improvement-analysis report data/raw/visits\n"
    )
    assert len(ia.load("data/raw/visits").gradings) == 2
    before = (tmp_path / "data" / "raw" / "visits" / "source.toml").read_bytes()
    status, _, err = run(capsys, "init", "visits.csv")
    assert (status, "nothing was written" in err) == (3, True)
    assert (tmp_path / "data" / "raw" / "visits" / "source.toml").read_bytes() == before


def test_a_dry_run_prints_and_writes_nothing(capsys, tmp_path):
    status, out, _ = run(capsys, "init", "visits.csv", "--dry-run")
    assert status == 0
    assert out.startswith("# Drafted by `improvement-analysis init`.")
    assert [path.name for path in tmp_path.iterdir()] == ["visits.csv"]


def test_init_tells_a_machine_what_it_did(capsys):
    status, out, _ = run(capsys, "init", "visits.csv", "--json", "-o", "mine")
    told = json.loads(out)
    assert (status, told["folder"], told["loads"], told["written"]) == (0, "mine", True, True)
    assert told["files"] == [{"name": "visits.csv", "kind": "gradings"}]


def test_init_of_a_file_with_an_open_choice_writes_it_and_says_so(capsys, visits):
    visits.write_text(SHEET.replace(",RI", ",perhaps"), encoding="utf-8")
    status, out, err = run(capsys, "init", "visits.csv")
    assert status == 3
    assert out == (
        "data/raw/visits/source.toml was written.\n"
        "It does not load yet: its lines with # hold the choices that are open.\n"
        "Next: improvement-analysis check data/raw/visits\n"
    )
    assert "found 'perhaps', expected one of I, RI, G, O" in err


def test_report_makes_the_pages_of_a_bare_file_twice(capsys, tmp_path):
    for _ in range(2):
        status, out, _ = run(capsys, "report", "visits.csv", "--notebook", "data_quality")
        assert (status, out) == (0, "visits: 1 page made. Open reports/visits/index.html\n")
    page = (tmp_path / "reports" / "visits" / "data-quality.html").read_text(encoding="utf-8")
    assert "visits.csv, read without a declaration" in page
    assert "Read without a declaration, as gradings of teams of a team diagnostic." in page
    assert "None" not in (tmp_path / "reports" / "visits" / "index.html").read_text(encoding="utf-8")
    assert not list(tmp_path.glob("improvement-analysis-*"))


def test_report_of_a_file_that_needs_a_choice_sends_to_init(capsys, visits):
    visits.write_text(SHEET.replace(",RI", ",perhaps"), encoding="utf-8")
    status, _, err = run(capsys, "report", "visits.csv")
    assert status == 3
    assert err.startswith(
        "improvement-analysis: visits.csv cannot be read without a declaration. "
        "Next: improvement-analysis init visits.csv\n"
    )


def test_report_of_a_declared_file_is_that_of_its_dataset(capsys):
    run(capsys, "init", "visits.csv")
    status, out, _ = run(
        capsys, "report", "data/raw/visits/visits.csv", "--dry-run", "--notebook", "overview"
    )
    assert (status, out) == (0, "visits: would make\n  overview.html\n")


def test_the_command_line_knows_the_meetings_of_findings():
    from improvement_analysis.cli import data
    from improvement_analysis.findings import MEETINGS

    assert data._MEETINGS == MEETINGS
