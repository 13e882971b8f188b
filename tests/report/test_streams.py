"""Standard streams that are closed or full, and a terminal that hangs up."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DATASET = str(ROOT / "data" / "raw" / "worcestershire-2018")
FORMS = str(ROOT / "data" / "raw" / "example-forms")
COMMAND = [sys.executable, "-m", "improvement_analysis"]

pytestmark = pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full here")


def shell(line, *arguments, where):
    """What a shell makes of a line in which the command is "$@"."""
    return subprocess.run(
        ["sh", "-c", line, "sh", *COMMAND, *arguments],
        cwd=where,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_a_run_with_closed_streams_makes_its_pages(closed, tmp_path):
    given = ("report", DATASET, "-o", "out", "--notebook", "data_quality")
    assert shell(f'"$@" {closed}', *given, where=tmp_path).returncode == 0
    page = tmp_path / "out" / "worcestershire-2018" / "data-quality.html"
    assert page.read_text(encoding="utf-8").rstrip().endswith("</html>")
    assert (tmp_path / "out" / "worcestershire-2018" / ".lock").read_text(encoding="utf-8").count("\n") == 1


@pytest.mark.parametrize(
    "given",
    [
        ("check", DATASET),
        ("list", DATASET),
        ("list", DATASET, "--json"),
        ("build", DATASET, "-o", "out"),
        ("form", "--dataset", DATASET, "--team", "Team A", "--service", "Safeguarding", "-o", "out"),
        ("export", DATASET, "--format", "workbook", "--format", "document", "-o", "out"),
    ],
    ids=lambda given: " ".join(given[:1]),
)
def test_a_full_output_is_told_in_a_sentence_and_stops_no_work(given, tmp_path):
    done = shell('"$@" > /dev/full', *given, where=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == (
        "improvement-analysis: what is to be told cannot be printed (No space left on device)"
    )
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr
    if given[0] == "export":
        made = [path for path in (tmp_path / "out").rglob("*") if path.suffix in (".xlsx", ".docx")]
        assert len(made) == 7  # a workbook, a document of each service, and the self-evaluation


def test_a_terminal_that_hangs_up_ends_a_run_tidily(tmp_path):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    process = subprocess.Popen(
        [*COMMAND, "report", DATASET, "-o", str(tmp_path / "out")],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary)},
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )
    while not list(temporary.glob("ia-*")):
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(signal.SIGHUP)
    _, said = process.communicate(timeout=600)
    assert process.returncode == 129, said
    assert "Traceback" not in said
    assert list(temporary.iterdir()) == []
    assert [path.name for path in (tmp_path / "out" / "worcestershire-2018").iterdir()] == [".lock"]
