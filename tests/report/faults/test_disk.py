"""Disks that are full, folders that may not be written, renames that fail: the last good page stays."""

import errno
import json
import os
import shutil
import subprocess

import pytest

from .conftest import Ground, sha256

needs_root = pytest.mark.skipif(
    not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root may mount, and act as another user"
)


@pytest.fixture(scope="module")
def every_step(forge, good, tmp_path_factory):
    """The steps on the disk of a run that shows new pages over old ones."""
    ground = Ground(forge, tmp_path_factory.mktemp("steps"))
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    ground.write("B")
    return ground.steps(good["B"])


def check_told(ground, judge, before, status):
    """What a run has to leave and to say that could not write something; every fault of it."""
    words, shown = ground.words(), ground.shown()
    found = judge.look(ground)
    if "Traceback" in words or "Error:" in words:
        found.append(f"said {words}")
    if status == 0:
        # nothing was lost: the step that failed was one that only clears up
        return found + ([] if shown in judge.good.values() else ["ended with 0, but pages are missing"])
    if status not in (2, 4):
        found.append(f"ended with {status}")
    if "No space left on device" not in words or "run it again" not in words:
        found.append(f"said {words!r}")
    for page, each in ground.statuses().items() if status == 4 else ():
        version = next((name for name, files in judge.good.items() if files[page] == shown.get(page)), None)
        if each == "failed" and shown.get(page) != before.get(page):
            found.append(f"{page} failed, and was changed to {version}")
    return found


@pytest.mark.parametrize("then", ["fail", "fail from there on"])
def test_a_disk_that_fails_at_any_step_loses_no_page(ground, judge, good, every_step, then):
    """Once, or for good from some step on: writing, flushing, renaming, taking away."""
    faults, standing, ended = [], "A", []
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    for number, step in enumerate(every_step, start=1):
        before = ground.shown()
        version = "B" if standing == "A" else "A"
        made = ("canned", str(good[version]))
        ground.write(version)
        status = ground.run("--quiet", faults=[made, ("meddle", str(ground.target), number, then)])
        ended.append(status)
        found = check_told(ground, judge, before, status)
        if ground.run("--quiet", "--if-changed", faults=[made]) != 0:
            found.append(f"the next run says {ground.words()}")
        found += judge.whole(ground, version)
        faults += [f"{then} at step {number} ({step}): {each}" for each in found]
        standing = version
    assert faults == []
    assert set(ended) == ({0, 2, 4} if then == "fail" else {0, 2})  # a disk full for good takes no manifest
    print(f"{len(ended)} failures; exit status: {sorted(ended)}")


@pytest.mark.parametrize("name", ["services/alpha.html", "services/alpha.cells.csv", "overview.html"])
def test_a_page_that_cannot_be_renamed_fails_alone_and_its_table_goes_back(ground, judge, good, name):
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    ground.write("B")
    refusal = ("refuse", "os.rename", f"tiny/{name}", errno.EACCES)
    assert ground.run("--quiet", faults=[("canned", str(good["B"])), refusal]) == 4
    page = name.replace(".cells.csv", ".html")
    assert {each for each, status in ground.statuses().items() if status == "failed"} == {page}
    shown = ground.shown()
    for path, data in shown.items():
        version = "A" if path.split(".")[0] == page.split(".")[0] else "B"
        assert data == judge.good[version][path], path
    said = (
        "cannot be written (Permission denied), so what stood there is unchanged; see that it may be written"
    )
    assert f"{page} was not made: {ground.target / name}: {said}" in ground.words()
    record = next(each for each in ground.manifest()["pages"] if each["page"] == page)
    assert (record["stale"], record["sha256"]) == (True, sha256(shown[page]))
    assert judge.look(ground) == []


@pytest.mark.parametrize("name", ["index.html", "summary.json", "manifest.json"])
def test_an_index_or_manifest_that_cannot_be_written_is_told_and_made_good(ground, judge, good, name):
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    before = (ground.target / name).read_bytes()
    ground.write("B")
    made = ("canned", str(good["B"]))
    status = ground.run("--quiet", faults=[made, ("refuse", "open", f".staged/{name}", errno.ENOSPC)])
    assert status == 2
    assert f"{name}: cannot be written (No space left on device)" in ground.words()
    assert (ground.target / name).read_bytes() == before
    assert judge.look(ground) == []
    assert ground.run("--quiet", "--if-changed", faults=[made]) == 0
    assert judge.whole(ground, "B") == []
    told = ground.manifest()["files"]
    assert {each: sha256((ground.target / each).read_bytes()) for each in told} == told
    assert set(told) == {"index.html", "methods.html", "summary.txt", "summary.json"}


def test_a_failed_notebook_that_cannot_be_kept_does_not_stop_the_others(ground, judge):
    assert ground.run("--quiet") == 0
    ground.notebooks.add("overview", "1 / 0")
    assert ground.run("--quiet", faults=[("refuse", "open", "failed/overview.ipynb", errno.ENOSPC)]) == 4
    assert ground.statuses()["services/alpha.html"] == "made"
    assert "ZeroDivisionError" in ground.words()
    assert judge.look(ground) == []


# ----------------------------------------------------------------------------------- folders that are no good


def test_an_output_folder_that_is_missing_is_made(ground):
    assert ground.run("--quiet", faults=[], out=ground.home / "not" / "yet" / "there") == 0
    assert (ground.home / "not/yet/there/tiny/index.html").is_file()


def test_an_output_folder_that_is_a_file_is_told(ground):
    ground.out.write_text("a file", encoding="utf-8")
    assert ground.run("--quiet") == 2
    assert ground.words() == (
        f"improvement-analysis: {ground.target}: "
        "cannot be written to (Not a directory); name another folder\n"
    )
    assert ground.out.read_text(encoding="utf-8") == "a file"


def test_a_page_whose_place_is_taken_by_a_folder_fails_alone(ground, judge):
    (ground.target / "overview.html").mkdir(parents=True)
    assert ground.run("--quiet") == 4
    assert "overview.html: cannot be written (Is a directory)" in ground.words()
    assert "move away what stands there and run it again" in ground.words()
    assert not (ground.target / "overview.cells.csv").exists()
    assert set(ground.statuses().values()) == {"made", "failed"}


@needs_root
def test_a_read_only_output_folder_is_told(ground, judge):
    assert ground.run("--quiet") == 0
    before = ground.shown()
    subprocess.run(["mount", "--bind", ground.out, ground.out], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", ground.out], check=True)
        assert ground.run("--quiet") == 2
    finally:
        subprocess.run(["umount", ground.out], check=True)
    assert "cannot be written to (Read-only file system); name another folder" in ground.words()
    assert "Traceback" not in ground.words()
    assert ground.shown() == before


@needs_root
@pytest.mark.parametrize("kilobytes", [64, 128, 192, 256, 320, 384, 448])
def test_a_small_disk_that_runs_full_keeps_the_last_good_pages(ground, judge, good, kilobytes):
    """A real one: pages, tables or manifest have no room, whichever comes first."""
    ground.out.mkdir()
    room = sum(len(data) for data in judge.good["A"].values()) // 1024
    mount = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes + room}k", "none", ground.out]
    subprocess.run(mount, check=True)
    try:
        if ground.run("--quiet", faults=[("canned", str(good["A"]))]) != 0:
            pytest.skip("no room for one run")
        before = ground.shown()
        ground.write("B")
        status = ground.run("--quiet", faults=[("canned", str(good["B"]))])
        assert check_told(ground, judge, before, status) == []
        if status == 4:
            failed = {page for page, each in ground.statuses().items() if each == "failed"}
            assert failed
            assert all(ground.shown()[page] == before[page] for page in failed)
    finally:
        subprocess.run(["umount", ground.out], check=True)


def test_a_page_larger_than_files_may_be_is_not_half_written(ground, judge, good):
    """The limit that a shell sets with ``ulimit -f``: the write stops in the middle."""
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    before = ground.shown()
    ground.write("B")
    faults = [("canned", str(good["B"])), ("limit", "RLIMIT_FSIZE", 9_000)]
    assert ground.run("--quiet", faults=faults) in (2, 4)
    assert "cannot be written (File too large), so what stood there is unchanged" in ground.words()
    assert judge.look(ground) == []
    assert {name for name, data in ground.shown().items() if data != before[name]} <= set(judge.good["B"])


def test_a_temporary_folder_that_cannot_be_used_is_told(ground, judge):
    assert ground.run("--quiet") == 0
    before = ground.shown()
    ground.temporary.rmdir()
    ground.temporary.write_text("", encoding="utf-8")
    unfit = [("attribute", "tempfile", "tempdir", str(ground.temporary))]
    assert ground.run("--quiet", faults=unfit) == 2
    assert (
        "cannot be used (Not a directory), so nothing was made; make room there or set TMPDIR"
        in ground.words()
    )
    assert ground.shown() == before
    assert judge.look(ground) == []


@needs_root
def test_a_temporary_folder_that_is_full_fails_pages_and_keeps_the_good_ones(ground, judge):
    assert ground.run("--quiet") == 0
    before = ground.shown()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "none", ground.temporary], check=True)
    try:
        status = ground.run("--quiet")
    finally:
        subprocess.run(["umount", ground.temporary], check=True)
    assert status in (2, 4)
    assert "No space left on device" in ground.words()
    assert "Traceback" not in ground.words()
    assert ground.shown() == before
    assert judge.look(ground) == []


def test_an_earlier_run_that_cannot_be_kept_stops_the_run_before_it_changes_anything(ground, judge, good):
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    before = ground.shown()
    ground.write("B")
    faults = [("canned", str(good["B"])), ("refuse", "open", "earlier/index.html", errno.ENOSPC)]
    assert ground.run("--quiet", "--keep", "2", faults=faults) == 2
    assert "the run before cannot be kept" in ground.words()
    assert "so nothing was made; make room or leave out --keep" in ground.words()
    assert ground.shown() == before
    assert judge.look(ground) == []
    assert not list((ground.target / "earlier").iterdir())


# --------------------------------------------------------------------------------------- manifests made wrong


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        '"x"',
        '{"format": 2}',
        '{"format": 2, "pages": 3}',
        '{"format": 2, "pages": [1, {}]}',
        "\x00",
    ],
)
def test_a_manifest_that_cannot_be_understood_is_made_anew(ground, judge, good, text):
    made = [("canned", str(good["A"]))]
    assert ground.run("--quiet", faults=made) == 0
    (ground.target / "manifest.json").write_text(text, encoding="utf-8")
    assert ground.run("--quiet", "--if-changed", faults=made) == 0, ground.words()
    assert judge.whole(ground, "A") == []


def test_a_manifest_or_journal_that_names_files_elsewhere_touches_none(ground, judge, good):
    made = [("canned", str(good["A"]))]
    assert ground.run("--quiet", faults=made) == 0
    precious = ground.home / "precious.csv"
    precious.write_text("mine", encoding="utf-8")
    told = ground.manifest()
    told["pages"][0]["tables"] = {"../../precious.csv": "0"}
    (ground.target / "manifest.json").write_text(json.dumps(told), encoding="utf-8")
    (ground.target / ".staged").mkdir()
    group = {"files": {"overview.html": "0"}, "gone": ["../../precious.csv"], "told": {}}
    (ground.target / ".staged" / "journal.json").write_text(json.dumps([group]), encoding="utf-8")
    assert ground.run("--quiet", faults=made) == 0, ground.words()
    assert precious.read_text(encoding="utf-8") == "mine"
    assert judge.whole(ground, "A") == []


def test_a_page_altered_by_hand_is_told_as_it_stands_and_made_again(ground, judge, good):
    made = [("canned", str(good["A"]))]
    assert ground.run("--quiet", faults=made) == 0
    page = ground.target / "overview.html"
    page.write_text("altered", encoding="utf-8")
    assert ground.run("--quiet", "--service", "Alpha", faults=made) == 0
    record = next(each for each in ground.manifest()["pages"] if each["page"] == "overview.html")
    assert (record["status"], record["sha256"]) == ("kept", sha256(b"altered"))
    assert ground.run("--quiet", "--if-changed", faults=made) == 0
    assert judge.whole(ground, "A") == []


def test_a_lost_folder_of_pages_is_made_again(ground, judge, good):
    made = [("canned", str(good["A"]))]
    assert ground.run("--quiet", faults=made) == 0
    shutil.rmtree(ground.target / "services")
    assert ground.run("--quiet", "--if-changed", faults=made) == 0
    assert judge.whole(ground, "A") == []
