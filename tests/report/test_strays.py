"""Nothing that lies in the folder a run is called from is executed."""

import os
import subprocess
import sys
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
