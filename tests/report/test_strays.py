"""Nothing that lies in the folder a run is called from is executed."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis.report.runner import run_report

ROOT = Path(__file__).resolve().parents[2]
STRAYS = (
    "numpy",
    "pandas",
    "random",
    "nbformat",
    "papermill",
    "ipykernel_launcher",
    "multiprocessing",
    "pickle",
    "site",
)


@pytest.mark.parametrize("options", [(), ("--cluster", "local", "--jobs", "1")], ids=["here", "cluster"])
@pytest.mark.parametrize("fork", ["1", "0"])
def test_modules_in_the_working_folder_are_not_run(fork, options, tmp_path):
    if options and fork == "0":
        pytest.skip("workers start as those with forked kernels do")
    if options:
        pytest.importorskip("distributed", reason="Dask is not installed")
    here = tmp_path / "here"
    here.mkdir()
    for name in STRAYS:
        text = f"open({str(tmp_path / 'executed')!r}, 'a').write({name!r})\nraise SystemExit(9)\n"
        (here / f"{name}.py").write_text(text, encoding="utf-8")
    dataset = str(ROOT / "data" / "raw" / "worcestershire-2018")
    command = ["report", dataset, "-o", str(tmp_path / "out"), "--notebook", "data_quality", *options]
    done = subprocess.run(
        [sys.executable, "-m", "improvement_analysis", *command],
        cwd=here,
        env={**os.environ, "PYTHONPATH": str(ROOT), "IMPROVEMENT_ANALYSIS_FORK": fork},
        capture_output=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    executed = tmp_path / "executed"
    assert (done.returncode, executed.read_text() if executed.exists() else "") == (0, ""), done.stderr


@pytest.mark.parametrize("fork", ["1", "0"])
def test_a_notebook_imports_what_it_wrote_beside_itself(fork, order, notebooks, monkeypatch):
    monkeypatch.setenv("IMPROVEMENT_ANALYSIS_FORK", fork)
    notebooks.add(
        "data_quality", "open('beside.py', 'w').write('x = 1')\nimport beside\nassert beside.x == 1"
    )
    assert run_report(ia.load(order().folder), order()).failed == ()


LEAVING = """
import os, subprocess, sys, tempfile
stray = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(500)"], start_new_session=True)
print("left", stray.pid, tempfile.mkdtemp(), os.getcwd(), os.path.expanduser("~"), sys.executable)
pandas.read_csv(os.path.abspath("missing.csv"))
"""


@pytest.mark.parametrize("fork", ["1", "0"])
def test_a_cell_leaves_no_process_no_folder_and_no_place_of_this_machine(fork, order, notebooks, monkeypatch):
    """Of a program in a session of its own only what is forked is known; elsewhere the documents say so."""
    monkeypatch.setenv("IMPROVEMENT_ANALYSIS_FORK", fork)
    notebooks.add("data_quality", LEAVING.replace("pandas", "import pandas; pandas"))
    (failed,) = run_report(ia.load(order().folder), order()).failed
    home = order().output / order().folder.name
    (kept,) = (home / "failed").iterdir()
    (pid, temporary), *_ = re.findall(r"left (\d+) (\S+)", kept.read_text("utf-8"))
    assert Path(temporary).parts[0] == "temporary"
    assert not Path(failed.error.partition("'")[2]).parent.exists()
    if fork == "1" and sys.platform == "linux":
        assert not Path("/proc", pid).exists()
    else:
        os.kill(int(pid), signal.SIGKILL)
    places = {
        str(order().folder.parent),
        f"{tempfile.gettempdir()}/ia-",
        str(Path.home()),
        sys.prefix,
        str(ROOT),
    }
    for path in (kept, *home.glob("manifest.json"), *home.glob("summary.*")):
        text = path.read_text("utf-8")
        assert "missing.csv" in text
        assert [place for place in places if place in text] == []
