"""Warm kernels: the same pages as plain ones, and no process left behind."""

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from improvement_analysis.report.making.kernels import can_fork, own_kernel
from improvement_analysis.report.runner import Order, run_report
from improvement_analysis.report.warm.running import end_kernels, forget_kernel, watch_kernel

needs_fork = pytest.mark.skipif(not can_fork(), reason="kernels are forked on Linux only")
ENTRY_POINTS = {
    "papermill.engine": "improvement_analysis",
    "jupyter_client.kernel_provisioners": "improvement-analysis",
    "nbconvert.exporters": "findings",
}


def processes(mark):
    """The ids of running processes whose command line holds *mark*."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "cmdline").read_bytes():
                found.append(int(place.name))
        except OSError:
            continue
    return found


@needs_fork
def test_a_forked_kernel_gives_the_bytes_of_a_plain_one(ds, root, tmp_path, monkeypatch):
    folder = root / "data" / "raw" / "worcestershire-2018"
    made = {}
    for fork in ("1", "0"):
        monkeypatch.setenv("IMPROVEMENT_ANALYSIS_FORK", fork)
        assert can_fork() == (fork == "1")
        outcome = run_report(ds, Order(folder, tmp_path / fork, services=["Safeguarding"]))
        assert outcome.failed == ()
        place = outcome.index.parent
        made[fork] = {str(p.relative_to(place)): p.read_bytes() for p in place.glob("services/*")}
    assert made["0"] == made["1"]
    assert len(made["1"]) == 3


@needs_fork
def test_the_kernel_is_forked_and_not_started_anew(ds, order, notebooks):
    notebooks.add(
        "data_quality", "import sys, os; print(sys.modules['pandas'] is not None, os.getppid())", place=2
    )
    notebooks.add(
        "data_quality", "open('/proc/%d/cmdline' % os.getppid()).read().count('template_process')", place=3
    )
    outcome = run_report(ds, order())
    assert outcome.failed == ()
    text = (outcome.index.parent / "data-quality.html").read_text(encoding="utf-8")
    assert "<pre>1</pre>" in text


@needs_fork
def test_nothing_of_one_page_leaks_into_the_next(ds, order, notebooks):
    notebooks.add(
        "data_quality", "import pandas as pd; pd.set_option('display.max_rows', 3); pd.LEAKED = True", place=2
    )
    notebooks.add(
        "overview", "import pandas as pd; print(hasattr(pd, 'LEAKED'), pd.get_option('display.max_rows'))"
    )
    outcome = run_report(ds, order(notebooks=["data_quality", "overview"]))
    assert outcome.failed == ()
    text = (outcome.index.parent / "overview.html").read_text(encoding="utf-8")
    assert "<pre>False 60" in text


@needs_fork
def test_no_process_is_left_behind(tmp_path):
    with own_kernel(tmp_path):
        assert len(processes(str(tmp_path))) == 1
    assert processes(str(tmp_path)) == []


@needs_fork
def test_killing_the_runner_takes_template_and_kernels_with_it(tmp_path, root, notebooks):
    notebooks.add("data_quality", "import time; time.sleep(60)")
    command = [
        sys.executable,
        "-m",
        "improvement_analysis",
        "report",
        str(root / "data/raw/worcestershire-2018"),
    ]
    options = [
        "--notebook",
        "data_quality",
        "--notebooks",
        str(notebooks.folder),
        "-o",
        str(tmp_path / "out"),
    ]
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    runner = subprocess.Popen([*command, *options], env=environment, stderr=subprocess.DEVNULL)
    end = time.monotonic() + 300
    while len(processes(str(tmp_path))) < 3 and time.monotonic() < end:
        time.sleep(0.05)
    assert len(processes(str(tmp_path))) >= 3
    runner.kill()
    runner.wait()
    end = time.monotonic() + 60
    while processes(str(tmp_path)) and time.monotonic() < end:
        time.sleep(0.05)
    assert processes(str(tmp_path)) == []
    assert not list((tmp_path / "out").rglob("data-quality.html"))


@needs_fork
def test_without_the_template_process_a_plain_kernel_is_started(ds, order, monkeypatch):
    from improvement_analysis.report.making import kernels

    monkeypatch.setattr(kernels, "_is_ready", lambda process, socket: True)
    monkeypatch.setattr(kernels, "_TEMPLATE", "improvement_analysis.no_such_module")
    outcome = run_report(ds, order())
    assert outcome.failed == ()


def test_the_engine_works_without_a_report_run(tmp_path, root):
    command = [sys.executable, "-m", "papermill", "--engine", "improvement_analysis", "--log-level", "ERROR"]
    given = root / "notebooks" / "data_quality.ipynb"
    dataset = str(root / "data" / "raw" / "worcestershire-2018")
    told = subprocess.run(
        [*command, str(given), str(tmp_path / "out.ipynb"), "-k", "python3", "-p", "dataset", dataset],
        capture_output=True,
        text=True,
        cwd=tmp_path,
        timeout=600,
    )
    assert told.returncode == 0, told.stderr[-1500:]
    assert "checks of the source" in (tmp_path / "out.ipynb").read_text(encoding="utf-8")


@pytest.mark.parametrize("group", ENTRY_POINTS)
def test_every_entry_point_loads_in_a_fresh_process(group):
    code = (
        "from importlib.metadata import entry_points\n"
        f"(found,) = [e for e in entry_points(group={group!r}) if e.name == {ENTRY_POINTS[group]!r}]\n"
        "print(found.load().__name__)"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert told.returncode == 0, told.stderr


class Process:
    """What a kernel is to those who may end it."""

    killed = False

    def kill(self):
        self.killed = True


def test_only_the_kernels_of_a_declaration_that_is_gone_are_ended(tmp_path):
    ours, others = tmp_path / "ours", tmp_path / "others"
    others.mkdir()
    kernels = {name: Process() for name in ("ours", "others", "ended", "late")}
    ours.mkdir()
    watch_kernel(kernels["ours"], ours)
    watch_kernel(kernels["ended"], ours)
    watch_kernel(kernels["others"], others)
    forget_kernel(kernels["ended"])
    ours.rmdir()
    end_kernels(ours)
    watch_kernel(kernels["late"], ours)  # started while the run was asked to stop
    assert [name for name, kernel in kernels.items() if kernel.killed] == ["ours", "late"]
    for kernel in kernels.values():
        forget_kernel(kernel)
