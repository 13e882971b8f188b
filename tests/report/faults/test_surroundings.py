"""Odd surroundings: no page depends on them, and runs do not get in each other's way."""

import itertools
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from improvement_analysis.report.making.kernels import can_fork

ODD = {
    "no home": ({"HOME": None}, 0),
    "a home that is no folder": ({"HOME": "/dev/null"}, 0),
    "a screen to draw on": ({"MPLBACKEND": "TkAgg", "DISPLAY": ":9"}, 0),
    "the C locale": ({"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0"}, 0),
    "Turkish": ({"LC_ALL": "tr_TR.UTF-8"}, 0),
    "Kiritimati": ({"TZ": "Pacific/Kiritimati"}, 0),
    "a time zone that is none": ({"TZ": "Nowhere/At_All"}, 0),
    "a narrow terminal": ({"COLUMNS": "20", "TERM": "dumb"}, 0),
    "ASCII to print": ({"PYTHONIOENCODING": "ascii"}, 0),
    "a pager and colours": ({"PAGER": "false", "FORCE_COLOR": "1", "CLICOLOR_FORCE": "1"}, 0),
    "no path": ({"PATH": ""}, 0),
    "a proxy": ({"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}, 0),
}


def environment(odd, ground):
    changed = {**os.environ, "TMPDIR": str(ground.temporary), **odd}
    return {name: value for name, value in changed.items() if value is not None}


def command(ground, *options, out=None):
    chosen = [
        part for name in ("overview", "service_findings", "data_quality") for part in ("--notebook", name)
    ]
    folders = ["-o", str(out or ground.out), "--notebooks", str(ground.notebooks.folder)]
    return [
        sys.executable,
        "-m",
        "improvement_analysis",
        "report",
        str(ground.dataset),
        *folders,
        *chosen,
        *options,
    ]


def start_anew(ground, *options, odd=None, **how):
    """A run as a process of its own, started as a scheduler would; what it printed."""
    return subprocess.run(
        command(ground, *options),
        env=environment(odd or {}, ground),
        capture_output=True,
        text=True,
        timeout=600,
        **how,
    )


@pytest.fixture(scope="module")
def turkish(tmp_path_factory):
    """A Turkish locale, in which i and I are no pair, where it can be compiled."""
    place = tmp_path_factory.mktemp("locales")
    made = subprocess.run(
        ["localedef", "-i", "tr_TR", "-f", "UTF-8", str(place / "tr_TR.UTF-8")],
        capture_output=True,
        check=False,
    )
    return str(place) if made.returncode == 0 else None


@pytest.mark.parametrize("name", ODD)
def test_pages_do_not_depend_on_the_surroundings(ground, judge, turkish, name):
    """Forked from one process, whose C library is told of locale and time zone as a new process would be."""
    odd, status = ODD[name]
    if name == "Turkish" and turkish:
        odd = {**odd, "LOCPATH": turkish}
    told = ground.run("--quiet", env=odd, faults=[("surroundings",)])
    assert told == status, ground.words()
    assert judge.whole(ground, "A") == []
    assert ground.words() == ""


def test_pages_of_a_process_of_its_own_are_the_same(ground, judge):
    """All oddities at once that only tell at the start of a process: hash seed, locale, home, no network."""
    odd = {"PYTHONHASHSEED": "1", "LC_ALL": "C", "HOME": None, "TZ": "Asia/Kathmandu", "MPLBACKEND": "QtAgg"}
    told = start_anew(ground, "--jobs", "1", odd=odd)
    assert (told.returncode, told.stdout.count("\n")) == (0, 1), told.stderr
    assert judge.whole(ground, "A") == []


@pytest.mark.skipif(sys.platform != "linux", reason="networks are taken away on Linux only")
def test_pages_need_no_network(ground, judge):
    """Not even the machine's own: another hash seed, and plain kernels."""
    cut = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    if subprocess.run([*cut, "true"], capture_output=True, check=False).returncode:
        pytest.skip("no network can be taken away here")
    odd = {"PYTHONHASHSEED": "2", "IMPROVEMENT_ANALYSIS_FORK": "0"}
    told = subprocess.run(
        [*cut, *command(ground, "--quiet")],
        env=environment(odd, ground),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert (told.returncode, told.stdout) == (0, ""), told.stderr
    assert judge.whole(ground, "A") == []


@pytest.mark.parametrize("fork", ["1", "0"])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3)))[1::2], ids=str)
def test_pages_do_not_depend_on_the_order_or_number_of_jobs(ground, judge, order, fork):
    if fork == "0" and order != (0, 2, 1):
        pytest.skip("plain kernels: one order is enough")
    faults = [("in_order", list(order))]
    for jobs in ("1", "4"):
        env = {"IMPROVEMENT_ANALYSIS_FORK": fork}
        assert ground.run("--quiet", "--jobs", jobs, faults=faults, env=env) == 0, ground.words()
        assert judge.whole(ground, "A") == []


def test_a_clock_set_back_changes_no_page_and_loses_no_earlier_run(ground, judge, good):
    assert ground.run("--quiet") == 0
    first = (ground.target / "manifest.json").read_bytes()
    ground.write("B")
    back = [("clock_set_back", 10**8)]
    assert ground.run("--quiet", "--keep", "1", faults=back) == 0
    second = (ground.target / "manifest.json").read_bytes()
    assert judge.whole(ground, "B") == []
    kept = [path / "manifest.json" for path in (ground.target / "earlier").iterdir()]
    assert [path.read_bytes() for path in kept] == [first]
    ground.write("A")
    assert ground.run("--quiet", "--keep", "1") == 0
    kept = [path / "manifest.json" for path in (ground.target / "earlier").iterdir()]
    assert [path.read_bytes() for path in kept] == [second]
    assert ground.run("--quiet", "--if-changed", faults=back) == 0
    assert set(ground.statuses().values()) == {"up to date"}


# ------------------------------------------------------------------------------------------- two runs at once


def test_of_two_runs_at_once_one_is_refused_and_mixes_nothing(ground, judge):
    assert ground.run("--quiet") == 0
    ended = []
    for version in "BABA":
        ground.write(version)
        first, second = ground.start("--quiet"), ground.start("--quiet")
        ended += [sorted((ground.wait(first), ground.wait(second)))]
        assert judge.whole(ground, version) == []
    assert all(each in ([0, 2], [0, 0]) for each in ended)
    assert [0, 2] in ended


def test_a_second_run_is_told_why_it_is_refused(ground, judge):
    ground.notebooks.add("overview", "import time; time.sleep(3)")
    first = ground.start("--quiet", "--notebook", "overview")
    end = time.monotonic() + 200
    while not (ground.target / ".lock").exists() and time.monotonic() < end:
        time.sleep(0.01)
    assert ground.run("--quiet", "--notebook", "overview") == 2
    said = "another run is writing into it; wait until it has ended, or name another folder"
    assert ground.words() == f"improvement-analysis: {ground.target}: {said}\n"
    assert ground.wait(first) == 0


@pytest.mark.parametrize("content", ["", "4194304", "not a number"])
def test_a_stale_lock_is_none(ground, judge, content):
    """The lock is the system's, not the file: what a file of that name holds says nothing."""
    ground.target.mkdir(parents=True)
    (ground.target / ".lock").write_text(content, encoding="utf-8")
    assert ground.run("--quiet") == 0, ground.words()
    assert judge.whole(ground, "A") == []


def test_the_lock_of_a_killed_run_is_gone_at_once(ground, judge, good):
    pid = ground.start("--quiet")
    end = time.monotonic() + 200
    while not (ground.target / ".lock").exists() and time.monotonic() < end:
        time.sleep(0.005)
    ground.signal(pid, signal.SIGKILL)
    ground.wait(pid)
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0, ground.words()


def test_a_lock_that_cannot_be_had_for_other_reasons_says_so(ground):
    ground.target.mkdir(parents=True)
    (ground.target / ".lock").mkdir()
    assert ground.run("--quiet") == 2
    assert "cannot be written to (Is a directory); name another folder" in ground.words()


# -------------------------------------------------------------------------------------- nobody reads any more


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_a_reader_that_goes_away_neither_stops_a_run_nor_hides_its_failure(ground, judge, options):
    ground.notebooks.add("overview", "1 / 0")
    read, write = os.pipe()
    os.close(read)
    told = subprocess.run(
        command(ground, *options),
        env=environment({}, ground),
        stdout=write,
        stderr=write,
        timeout=600,
        check=False,
    )
    os.close(write)
    assert told.returncode == 4
    assert set(ground.statuses().values()) == {"made", "failed"}


def test_a_name_that_no_terminal_can_show_stops_no_run(ground):
    out = os.fsdecode(bytes(ground.out) + b"-\xff")
    told = subprocess.run(
        command(ground, out=out),
        env=environment({"PYTHONIOENCODING": "ascii:strict"}, ground),
        capture_output=True,
        timeout=600,
    )
    assert told.returncode == 0, told.stderr
    assert b"Open " in told.stdout


# ------------------------------------------------------------------------------------- processes of their own


@pytest.mark.skipif(not can_fork(), reason="processes are looked for in /proc")
@pytest.mark.parametrize("fork", ["1", "0"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
def test_a_run_that_is_ended_takes_all_its_processes_with_it(ground, number, fork):
    """A run as a process of its own, in the middle of a long cell."""
    ground.notebooks.add("overview", "import time; time.sleep(99)")
    mark = f"IMPROVEMENT_ANALYSIS_TEST={ground.home}"
    name, value = mark.split("=", 1)
    odd = {name: value, "IMPROVEMENT_ANALYSIS_FORK": fork}
    runner = subprocess.Popen(
        command(ground, "--quiet"), env=environment(odd, ground), stderr=subprocess.PIPE, text=True
    )
    end = time.monotonic() + 300
    wanted = 3 if fork == "1" else 2
    while len(marked(mark)) < wanted and time.monotonic() < end:
        time.sleep(0.05)
    assert len(marked(mark)) >= wanted
    time.sleep(0.5)
    runner.send_signal(number)
    _, said = runner.communicate(timeout=300)
    assert runner.returncode == {signal.SIGTERM: 143, signal.SIGINT: 130}.get(number, -number)
    assert "Traceback" not in said
    end = time.monotonic() + 10
    while marked(mark) and time.monotonic() < end:
        time.sleep(0.05)
    assert marked(mark) == []
    assert not ground.shown()
    if number != signal.SIGKILL:
        assert list(ground.temporary.iterdir()) == []
        assert [path.name for path in ground.target.iterdir()] == [".lock"]


def marked(mark):
    """The ids of running processes whose environment holds *mark*."""
    found = []
    for place in Path("/proc").glob("[0-9]*"):
        try:
            if mark.encode() in (place / "environ").read_bytes().split(b"\0"):
                found.append(int(place.name))
        except OSError:
            continue
    return found
