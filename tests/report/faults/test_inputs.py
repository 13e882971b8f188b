"""Data that vanish, change or grow while they are read, or cannot be read: no page of a mixture."""

import os
import sys

import pytest

CHANGES = {
    "changed": (
        "from pathlib import Path\np = Path(dataset, 'summary_tables.csv')\n"
        "p.write_text(p.read_text().replace('RI (2 x RI, 1 x I)', 'G (3 x G)'))",
        "summary_tables.csv changed while the run was under way; run it again",
    ),
    "changed back": (
        "from pathlib import Path\np = Path(dataset, 'summary_tables.csv')\ntext = p.read_text()\n"
        "p.write_text('nothing')\np.write_text(text)",
        "summary_tables.csv changed while the run was under way; run it again",
    ),
    "replaced by one of the same size and time": (
        "import os, shutil\nfrom pathlib import Path\np = Path(dataset, 'summary_tables.csv')\n"
        "q = shutil.copy2(p, dataset + '/.other')\nos.replace(q, p)",
        "summary_tables.csv changed while the run was under way; run it again",
    ),
    "grown": (
        "from pathlib import Path\nwith Path(dataset, 'summary_tables.csv').open('a') as s: s.write('Alpha')",
        "summary_tables.csv changed while the run was under way; run it again",
    ),
    "vanished": (
        "from pathlib import Path\nPath(dataset, 'summary_tables.csv').unlink()",
        "summary_tables.csv vanished while the run was under way; put it back and run it again",
    ),
    "joined by another": (
        "from pathlib import Path\nPath(dataset, 'more.csv').write_text('x')",
        "more.csv appeared while the run was under way; run it again",
    ),
    "gone altogether": (
        "import shutil; shutil.rmtree(dataset)",
        "vanished while the run was under way; put it back and run it again",
    ),
}


@pytest.mark.parametrize("name", CHANGES)
def test_data_that_do_not_hold_still_make_no_page(ground, judge, good, name):
    """A notebook stands for whoever meddles with the data at that moment."""
    source, said = CHANGES[name]
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    before = ground.shown()
    ground.notebooks.add("overview", source)
    assert ground.run("--quiet") == 4
    assert said in ground.words()
    assert "Traceback" not in ground.words()
    assert ground.shown() == before
    assert judge.look(ground) == []
    assert set(ground.statuses().values()) == {"failed"}
    ground.dataset.mkdir(exist_ok=True)
    ground.write("B")
    (ground.dataset / "more.csv").unlink(missing_ok=True)
    assert ground.run("--quiet", "--if-changed", faults=[("canned", str(good["B"]))]) == 0
    assert judge.whole(ground, "B") == []


def test_a_lock_file_that_excel_lays_beside_a_form_changes_nothing(ground, judge):
    ground.notebooks.add(
        "overview", "from pathlib import Path\n_ = Path(dataset, '~$form.xlsx').write_text('x')"
    )
    assert ground.run("--quiet") == 0, ground.words()
    assert judge.whole(ground, "A") == []


def make_pipe(path):
    path.unlink()
    os.mkfifo(path)


def make_folder(path):
    path.unlink()
    path.mkdir()


def make_circle(path):
    path.unlink()
    path.symlink_to(path)


def make_device(path):
    path.unlink()
    path.symlink_to("/dev/zero")


SPOILT = {
    "gone": (lambda path: path.unlink(), "1 problem in summary_tables.csv\n  found no such file"),
    "a pipe": (make_pipe, "1 problem in summary_tables.csv\n  found"),
    "a folder": (make_folder, "1 problem in summary_tables.csv\n  found"),
    "a circle of links": (make_circle, "1 problem in summary_tables.csv\n  found"),
    "a device": (make_device, "1 problem in summary_tables.csv\n  found"),
    "empty": (lambda path: path.write_bytes(b""), "summary_tables.csv"),
    "no text": (lambda path: path.write_bytes(b"\x00\xff" * 99), "1 problem in summary_tables.csv\n  found"),
    "cut off": (lambda path: path.write_text("service,domain\nAlpha"), "summary_tables.csv"),
    "a wrong grade": (
        lambda path: path.write_text(path.read_text().replace("RI (", "R1 (")),
        "summary_tables.csv",
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_data_that_cannot_be_read_stop_the_run_before_it_changes_anything(ground, judge, good, name):
    spoil, said = SPOILT[name]
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    spoil(ground.dataset / "summary_tables.csv")
    assert ground.run("--quiet", seconds=100) == 3
    assert said in ground.words()
    assert "Traceback" not in ground.words()
    assert judge.whole(ground, "A") == []


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root, to act as another user")
def test_data_that_may_not_be_read_stop_the_run(ground, judge, good):
    for place in (ground.home, *ground.home.parents[:3]):
        place.chmod(0o755)
    (ground.dataset / "summary_tables.csv").chmod(0o000)
    assert ground.run("--quiet", faults=[("as_nobody",)]) == 3
    assert (
        "1 problem in summary_tables.csv\n  found a file that cannot be read (Permission denied)"
        in ground.words()
    )
    assert not ground.out.exists()


@pytest.mark.skipif(sys.platform != "linux" or os.geteuid() != 0, reason="needs root, to act as another user")
def test_an_output_folder_that_may_not_be_written_is_told(ground, judge, good):
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    for place in (ground.home, *ground.home.parents[:3]):
        place.chmod(0o755)
    assert ground.run("--quiet", faults=[("as_nobody",)]) == 2
    assert "cannot be written to (Permission denied); name another folder" in ground.words()
    assert judge.whole(ground, "A") == []


@pytest.mark.parametrize("long", ["x" * 4000, "/".join(["x" * 200] * 20)])
def test_a_path_of_4000_characters_is_told(ground, good, long):
    made = [("canned", str(good["A"]))]
    assert ground.run("--quiet", out=ground.home / long, faults=made) == 2
    assert "(File name too long)" in ground.words()
    assert ground.words().count("\n") == 1
    assert ground.run("--quiet", dataset=long) in (2, 3)
    assert ground.words().startswith("improvement-analysis: ")
    assert "Traceback" not in ground.words()
    assert ground.run("--quiet", "--notebooks", long) == 2
    assert "Traceback" not in ground.words()


def test_a_long_temporary_folder_makes_the_same_pages(ground, judge):
    """A socket's name may have 107 bytes; a folder may have more."""
    ground.temporary = ground.temporary / ("x" * 120)
    ground.temporary.mkdir()
    assert ground.run("--quiet") == 0, ground.words()
    assert judge.whole(ground, "A") == []


# ------------------------------------------------------------------------------------------------------ names

NAMES = (
    *("CON", "..b", "a.", "a", "\u00e0.", "index", "nul", "COM1", "<script>alert(1)</script>", "$x_1$"),
    *("c \U0001f642", "\u05e9\u05dc\u05d5\u05dd", "a/b", "a\\b", "a:b", "-p", "{{ 7 * 7 }}", "x" * 200),
)


def test_names_that_are_no_file_names_get_pages_of_their_own(ground):
    ground.write("A", services=NAMES)
    assert ground.run("--quiet") == 0, ground.words()
    pages = [page for page in ground.manifest()["pages"] if page["kind"] == "service"]
    assert {page["title"] for page in pages} == set(NAMES)
    files = [page["page"] for page in pages]
    assert len({name.casefold() for name in files}) == len(NAMES)
    assert all(name.isascii() and ".." not in name and len(name) < 120 for name in files)
    index = (ground.target / "index.html").read_text(encoding="utf-8")
    assert "<script>" not in index
    assert all(f'href="{name}"' in index for name in files)
    shown = {path.relative_to(ground.target).as_posix() for path in ground.target.rglob("*.html")}
    assert shown == {*files, "index.html", "overview.html", "data-quality.html", "methods.html"}


def statuses_by_title(ground):
    return {page["title"]: page["status"] for page in ground.manifest()["pages"] if page["kind"] == "service"}


def test_a_service_with_no_rows_gets_no_page_and_its_old_one_is_left_over(ground):
    ground.write("A", services=("Alpha", "Beta"))
    assert ground.run("--quiet") == 0
    table = ground.dataset / "summary_tables.csv"
    table.write_text(
        "\n".join(line for line in table.read_text().splitlines() if "Beta" not in line), encoding="utf-8"
    )
    before = ground.shown()
    assert ground.run("--quiet") == 0
    assert statuses_by_title(ground) == {"Alpha": "made", "Beta": "left over"}
    assert ground.shown()["services/beta.html"] == before["services/beta.html"]
    assert "Left over from earlier runs" in (ground.target / "index.html").read_text(encoding="utf-8")


def test_a_service_renamed_leaves_its_old_page_listed_as_left_over(ground):
    ground.write("A", services=("Alpha", "Beta"))
    assert ground.run("--quiet") == 0
    ground.write("A", services=("Alpha", "Delta"))
    assert ground.run("--quiet") == 0
    assert statuses_by_title(ground) == {"Alpha": "made", "Delta": "made", "Beta": "left over"}


def test_a_service_renamed_to_a_like_name_never_shows_the_other_ones_page_as_its_own(ground):
    """Both names make one file name; the old page is not given out as that of the new name."""
    ground.write("A", services=("Alpha", "Be-ta"))
    assert ground.run("--quiet") == 0
    ground.write("A", services=("Alpha", "Be ta"))
    assert ground.run("--quiet", "--service", "Alpha") == 0
    assert statuses_by_title(ground) == {"Alpha": "made", "Be-ta": "left over"}
    ground.notebooks.add("service_findings", "assert service != 'Be ta'")
    assert ground.run("--quiet") == 4
    assert [page["sha256"] for page in ground.manifest()["pages"] if page["title"] == "Be ta"] == [None]
    index = (ground.target / "index.html").read_text(encoding="utf-8")
    assert '<th scope="row">Be ta' in index
    assert '<a href="services/be-ta.html">Be-ta</a>' in index
