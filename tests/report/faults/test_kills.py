"""Runs that are killed: what stands is whole and of one run, and the next run finishes what was begun.

``IMPROVEMENT_ANALYSIS_KILLS=500`` asks for more random moments than the hundred of every test run, and
``IMPROVEMENT_ANALYSIS_SEED`` for others.
"""

import os
import random
import signal
import threading
import time

import pytest

from .conftest import Ground

BATCH = 10
KILLS = int(os.environ.get("IMPROVEMENT_ANALYSIS_KILLS", "100"))
SEED = os.environ.get("IMPROVEMENT_ANALYSIS_SEED", "2018")


def moments(batch):
    """Seeded choices for a batch of kills: when, of which version, and how the run is asked for."""
    chance = random.Random(f"{SEED} {batch}")
    for _ in range(BATCH):
        yield (
            chance.random() * 1.1,
            chance.choice("AB"),
            chance.choice([(), ("--if-changed",), ("--keep", "2")]),
        )


@pytest.mark.parametrize("batch", range(KILLS // BATCH))
def test_a_run_killed_at_a_random_moment_leaves_whole_pages_of_one_run(ground, judge, good, batch):
    print(f"IMPROVEMENT_ANALYSIS_SEED={SEED}, batch {batch}")
    began = time.monotonic()
    assert ground.run("--quiet") == 0, ground.words()
    whole = time.monotonic() - began
    faults = []
    for number, (share, version, options) in enumerate(moments(batch)):
        ground.write(version)
        pid = ground.start("--quiet", *options)
        time.sleep(share * whole)
        os.kill(pid, signal.SIGKILL)
        status = ground.wait(pid)
        found = [*judge.look(ground), *(f"process {left} is left" for left in ground.left())]
        shown = ground.shown()
        if (
            status == -signal.SIGKILL
            and not ground.pending()
            and shown not in (judge.good["A"], judge.good["B"])
        ):
            found.append("some pages are of one run and some of another")
        if status == 0 and shown != judge.good[version]:
            found.append("a run that ended well did not show its pages")
        faults += [
            f"kill {number} after {share:.3f} of {whole:.2f} s, {version}, {options}: {each}"
            for each in found
        ]
        if number % 3 == 2:  # otherwise the next run is killed too
            made = [("canned", str(good[version]))]
            assert ground.run("--quiet", "--if-changed", faults=made) == 0, ground.words()
            ground.clear_temporary()
            faults += [f"after kill {number}: {each}" for each in judge.whole(ground, version)]
    assert faults == []


@pytest.fixture(scope="module")
def every_step(forge, good, tmp_path_factory):
    """How many steps on the disk a run takes that shows new pages over old ones."""
    ground = Ground(forge, tmp_path_factory.mktemp("steps"))
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    ground.write("B")
    steps = ground.steps(good["B"])
    assert sorted({step.split()[0] for step in steps}) == [
        "open",
        "os.fsync",
        "os.link",
        "os.mkdir",
        "os.remove",
        "os.rename",
        "os.rmdir",
    ]
    return steps


def test_a_run_killed_at_any_step_of_showing_its_pages_is_brought_to_its_end(ground, judge, good, every_step):
    """Every single step: before it changes anything, between two renames, before and after the manifest."""
    faults, standing, made = [], "A", [("canned", str(good["A"]))]
    assert ground.run("--quiet", faults=made) == 0
    pending = 0
    for number, step in enumerate(every_step, start=1):
        before = ground.shown()
        version = "B" if standing == "A" else "A"
        made = [("canned", str(good[version]))]
        ground.write(version)
        status = ground.run("--quiet", faults=[*made, ("meddle", str(ground.target), number, "kill")])
        found = [] if status == -signal.SIGKILL else [f"ended with {status}"]
        found += judge.look(ground)
        pending += ground.pending()
        if not ground.pending() and ground.shown() not in (before, judge.good[version]):
            found.append("some pages are of one run and some of another")
        options = [("--if-changed",), ("--service", "Alpha"), ()][number % 3]
        if ground.run("--quiet", *options, faults=made) != 0:
            found.append(f"the next run says {ground.words()}")
        found += judge.look(ground)
        if options == ("--service", "Alpha"):
            ground.run("--quiet", faults=made)
        found += judge.whole(ground, version)
        faults += [f"killed before step {number} ({step}): {each}" for each in found]
        standing = version
    assert faults == []
    assert pending > len(every_step) // 4
    print(f"{len(every_step)} kills, {pending} of them with pages on their way")


def test_a_killed_run_that_is_finished_keeps_what_the_killed_one_made(ground, judge, good, every_step):
    """The next run need not make again what was only still to be moved."""
    first = next(
        number for number, step in enumerate(every_step, start=1) if step.startswith("os.rename /services")
    )
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    ground.write("B")
    made = [("canned", str(good["B"]))]
    assert ground.run("--quiet", faults=[*made, ("meddle", str(ground.target), first + 1, "kill")]) < 0
    assert ground.pending()
    assert ground.run("--quiet", "--if-changed", faults=made) == 0
    assert set(ground.statuses().values()) == {"up to date"}
    assert judge.whole(ground, "B") == []


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_run_asked_to_stop_leaves_all_as_it_was_and_nothing_behind(ground, judge, number):
    began = time.monotonic()
    assert ground.run("--quiet") == 0
    whole, faults = time.monotonic() - began, []
    chance = random.Random(f"{SEED} {number}")
    for _ in range(KILLS // BATCH):
        version, share = chance.choice("AB"), chance.random()
        ground.write(version)
        before = ground.shown()
        pid = ground.start("--quiet")
        time.sleep(0.02 + share * whole)
        ground.signal(pid, number)
        status = ground.wait(pid)
        found = judge.look(ground) + [f"process {left} is left" for left in ground.left()]
        shown = ground.shown()
        if status not in (0, 128 + number) or (status == 0 and shown != judge.good[version]):
            found.append(f"ended with {status}")
        if shown not in (before, judge.good[version]):
            found.append("some pages are of one run and some of another")
        if ground.pending() or (ground.target / ".staged").exists() or list(ground.temporary.iterdir()):
            left = [*ground.temporary.rglob("*"), *ground.target.rglob(".*")]
            found.append(f"left behind: {', '.join(str(path.relative_to(ground.home)) for path in left)}")
        if "Traceback" in ground.words():
            found.append(ground.words())
        faults += [f"{number!r} after {share:.3f} of {whole:.2f} s, {version}: {each}" for each in found]
    assert not faults, "\n".join(faults)


def test_whoever_reads_a_page_never_finds_it_partial_or_gone(ground, judge):
    """Someone reads all the time while runs show new pages over old ones, some of them killed."""
    assert ground.run("--quiet") == 0
    page, known = (
        ground.target / "services" / "alpha.html",
        {good["services/alpha.html"] for good in judge.good.values()},
    )
    seen, faults, over = 0, [], threading.Event()

    def read():
        nonlocal seen
        while not over.is_set():
            try:
                data = page.read_bytes()
                index = (ground.target / "index.html").read_bytes()
            except OSError as failure:
                faults.append(str(failure))
                continue
            seen += 1
            if data not in known or not index.rstrip().endswith(b"</html>"):
                faults.append("a page is partial")

    reader = threading.Thread(target=read)
    reader.start()
    for number, version in enumerate("BABABA"):
        ground.write(version)
        pid = ground.start("--quiet")
        if number % 2:
            time.sleep(0.3)
            ground.signal(pid, signal.SIGKILL)
        ground.wait(pid)
    over.set()
    reader.join()
    assert faults == []
    assert seen > 100
