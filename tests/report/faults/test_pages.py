"""Pages that cannot be made: they fail alone, in a sentence, and the last good ones stay."""

import os

import pytest

LOUD = "Traceback (most recent call last)"

#: What a cell does, and what is said of it.
CELLS = {
    "an error": ("1 / 0", "code cell 3 stopped with ZeroDivisionError: division by zero"),
    "exit": ("import sys; sys.exit(0)", "code cell 3 stopped with SystemExit: 0"),
    "exit at once": ("import os; os._exit(0)", "the kernel died before the notebook's end"),
    "killed": ("import os; os.kill(os.getpid(), 9)", "the kernel died before the notebook's end"),
    "its group killed": ("import os; os.killpg(0, 9)", "the kernel died before the notebook's end"),
    "terminated": ("import os; os.kill(os.getpid(), 15)", "the kernel died before the notebook's end"),
    "crashed": ("import ctypes; ctypes.string_at(0)", "the kernel died before the notebook's end"),
    "aborted": ("import os; os.abort()", "the kernel died before the notebook's end"),
    "out of memory": (
        "import resource; resource.setrlimit(resource.RLIMIT_AS, (2 ** 28,) * 2)\nheld = bytearray(2 ** 30)",
        "code cell 3 stopped with MemoryError",
    ),
    "too many files": (
        "import resource; resource.setrlimit(resource.RLIMIT_NOFILE, (12, 12))\n"
        "held = [open('/dev/null') for _ in range(99)]",
        "code cell 3 stopped with OSError: [Errno 24] Too many open files",
    ),
    "no end": ("while True: pass", "a cell did not end within 5 seconds"),
    "asleep": ("import time; time.sleep(999)", "a cell did not end within 5 seconds"),
    "deaf to signals": (
        "import signal, time; [signal.signal(n, signal.SIG_IGN) for n in (2, 15)]; time.sleep(999)",
        "a cell did not end within 5 seconds",
    ),
    "a child that stays": (
        "import subprocess; subprocess.Popen(['sleep', '999']); 1 / 0",
        "ZeroDivisionError",
    ),
    "recursion without end": (
        "def again(depth):\n    return again(depth + 1)\nagain(0)",
        "code cell 3 stopped with RecursionError: maximum recursion depth exceeded",
    ),
    "not Python": ("this is no Python", "code cell 3 stopped with SyntaxError"),
    "a surrogate": ("raise ValueError('\\udcff')", "overview.html was not made: overview: "),
    "a picture without words": (
        "from IPython.display import Image\nImage(data=b'\\x89PNG\\r\\n\\x1a\\n', format='png')",
        "a picture has no alternative text",
    ),
    "sentinel guessed": (
        "from IPython.display import display\n"
        "display('improvement_analysis: the last cell was reached'); raise SystemExit",
        "code cell 3 stopped with SystemExit",
    ),
}


@pytest.mark.parametrize("fork", ["1", "0"])
def test_what_a_killed_cell_kept_for_a_while_goes_with_the_run(ground, fork):
    ground.notebooks.add(
        "overview",
        "import os, pathlib, tempfile\n"
        "place = tempfile.mkdtemp()\n"
        f"pathlib.Path({str(ground.home / 'kept')!r}).write_text(place)\n"
        "os.kill(os.getpid(), 9)",
    )
    env = {"IMPROVEMENT_ANALYSIS_FORK": fork}
    assert ground.run("--quiet", "--notebook", "overview", env=env) == 4
    kept = (ground.home / "kept").read_text(encoding="utf-8")
    assert kept.startswith(str(ground.temporary))
    assert list(ground.temporary.iterdir()) == []


@pytest.mark.parametrize("fork", ["1", "0"])
def test_a_page_whose_cell_fails_fails_alone(ground, judge, good, fork):
    """Every fault in turn, in a forked process and in a plain kernel."""
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    before, faults = ground.shown(), []
    overview = ground.notebooks.folder / "overview.ipynb"
    sound = overview.read_bytes()
    ground.write("B")
    chosen = (
        CELLS
        if fork == "1"
        else {
            name: CELLS[name]
            for name in ("an error", "exit at once", "killed", "no end", "recursion without end")
        }
    )
    for name, (source, said) in chosen.items():
        overview.write_bytes(sound)
        ground.notebooks.add("overview", source)
        options = [
            "--notebook",
            "overview",
            "--notebook",
            "data_quality",
            "--timeout",
            "5" if "did not end" in said else "60",
        ]
        status = ground.run("--quiet", *options, env={"IMPROVEMENT_ANALYSIS_FORK": fork})
        words, shown, found = ground.words(), ground.shown(), judge.look(ground)
        if status != 4 or said not in words or "overview.html was not made" not in words or LOUD in words:
            found.append(f"ended with {status}, said {words!r}")
        if any(shown[path] != before[path] for path in ("overview.html", "overview.cells.csv")):
            found.append("the last good page was changed")
        if shown["data-quality.html"] != judge.good["B"]["data-quality.html"]:
            found.append("the other page was not made")
        if ground.statuses()["overview.html"] != "failed" or ground.statuses()["data-quality.html"] != "made":
            found.append(f"statuses {ground.statuses()}")
        found += [f"process {left} is left" for left in ground.left()]
        found += [f"{left} is left" for left in ground.temporary.iterdir()]
        faults += [f"{name}: {each}" for each in found]
    assert faults == []


def test_a_kernel_that_never_answers_fails_its_page(ground, judge):
    silent = {"argv": ["sleep", "99"], "display_name": "silent", "language": "python", "env": {}}
    faults = [
        ("silent_kernel", silent),
        ("attribute", "improvement_analysis.report.making.execution", "START_TIMEOUT", 1),
    ]
    assert ground.run("--quiet", "--notebook", "overview", faults=faults) == 4
    assert "overview.html was not made: overview: could not be run" in ground.words()
    assert LOUD not in ground.words()
    assert ground.left() == []
    assert ground.shown() == {}


def test_a_template_that_never_answers_is_done_without(ground, judge):
    """A plain kernel gives the same bytes."""
    faults = [("deaf_kernel",), ("attribute", "improvement_analysis.report.warm.asking", "PATIENCE", 0.5)]
    assert ground.run("--quiet", faults=faults) == 0, ground.words()
    assert judge.whole(ground, "A") == []
    assert ground.left() == []


def test_a_kernel_that_is_declared_nowhere_fails_every_page(ground, judge):
    assert ground.run("--quiet", faults=[("no_kernel_spec",)]) == 4
    assert set(ground.statuses().values()) == {"failed"}
    assert "No such kernel named improvement-analysis" in ground.words()
    assert LOUD not in ground.words()


def test_a_kernel_that_is_no_program_fails_every_page(ground, judge):
    none = {"argv": ["no-such-program"], "display_name": "none", "language": "python", "env": {}}
    assert ground.run("--quiet", faults=[("silent_kernel", none)]) == 4
    assert set(ground.statuses().values()) == {"failed"}
    assert LOUD not in ground.words()


# -------------------------------------------------------------------------------------------------- notebooks


def spoil(path, text):
    path.unlink()
    if text is None:
        os.mkfifo(path)
    elif text == "a folder":
        path.mkdir()
    else:
        path.write_bytes(text)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"", "overview.ipynb: is not a notebook"),
        (b"\xff\xfe\x00", "overview.ipynb: is not a notebook (not UTF-8)"),
        (b"[]", "overview.ipynb: is not a notebook"),
        (b"null", "overview.ipynb: is not a notebook"),
        (b"{}", "overview.ipynb: is not a notebook"),
        (
            b'{"nbformat": 99, "nbformat_minor": 0, "cells": [], "metadata": {}}',
            "overview.ipynb: is not a notebook",
        ),
        (b"[" * 100_000, "overview.ipynb: is not a notebook"),
        (None, "overview.ipynb: cannot be read (not a regular file)"),
        ("a folder", "overview.ipynb: cannot be read (not a regular file)"),
    ],
    ids=["empty", "binary", "list", "null", "object", "of the future", "deep", "pipe", "folder"],
)
def test_a_notebook_that_is_none_is_refused_before_anything_is_run(ground, judge, good, text, said):
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    spoil(ground.notebooks.folder / "overview.ipynb", text)
    assert ground.run("--quiet", seconds=100) == 2
    assert ground.words().startswith(f"improvement-analysis: {said}")
    assert ground.words().count("\n") == 1
    assert judge.whole(ground, "A") == []


@pytest.mark.parametrize(
    ("parameters", "said"),
    [
        ("", "found 0 cells tagged 'parameters'"),
        ("dataset = 'x'", "expected 'name: type = value'"),
        ("dataset: list = []", "found the type of"),
        ("dataset: str = 3", "whose value is not of its type"),
        ("dataset: str = open('x').read()", "expected a plain value after '='"),
        ("dataset: str = {[]: 1}", "expected a plain value after '='"),
        ("dataset: str = 'x'\nimport os; os.remove('x')", "expected 'name: type = value'"),
        ("dataset: str = (", "the parameters cell is not Python"),
        ("dataset: str = " + "(" * 300 + "1" + ")" * 300, "the parameters cell is not Python"),
        ("dataset: str = " + "-" * 9000 + "1", "overview: "),
        ("dataset: str = 'x\x00'", "overview: the parameters cell is not Python"),
    ],
)
def test_a_parameters_cell_that_is_more_or_less_is_refused(ground, judge, good, parameters, said):
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    if parameters:
        ground.notebooks.write("overview", "1", parameters=parameters)
    else:
        path = ground.notebooks.folder / "overview.ipynb"
        path.write_text(path.read_text(encoding="utf-8").replace('"parameters"', '"other"'), encoding="utf-8")
    assert ground.run("--quiet") == 2, ground.words()
    assert ground.words().startswith("improvement-analysis: overview: ")
    assert said in ground.words()
    assert LOUD not in ground.words()
    assert judge.whole(ground, "A") == []


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("servce=Alpha", "unknown parameter 'servce'; did you mean 'service'?"),
        ("min_teams=three", "unknown parameter 'min_teams'"),
        ("service=\udcff", "unknown service '\\udcff'"),
        ("service=Alpha'); import os; os.abort(); ('", "unknown service"),
        ("dataset=/etc", "the parameter 'dataset' is set by naming the dataset"),
        ("note=\udcff", "parameter 'note': found '\\udcff', expected text that can be written as UTF-8"),
        ("count=1e3", "parameter 'count': found '1e3', expected a whole number"),
        ("count=", "parameter 'count': found '', expected a whole number"),
        ("count=" + "9" * 5000, "parameter 'count'"),
        ("share=much", "parameter 'share': found 'much', expected a number"),
        ("yes=1", "parameter 'yes': found '1', expected true or false"),
    ],
)
def test_a_parameter_that_does_not_fit_is_refused(ground, judge, good, setting, said):
    assert ground.run("--quiet", faults=[("canned", str(good["A"]))]) == 0
    more = 'dataset: str = "x"\nnote: str = "n"\ncount: int = 1\nshare: float = 0.5\nyes: bool = True\n'
    ground.notebooks.write("overview", "1", parameters=more)
    assert ground.run("--quiet", "-p", setting) == 2
    assert said in ground.words()
    assert ground.words().count("\n") == 1
    assert judge.whole(ground, "A") == []


@pytest.mark.parametrize("setting", ["a b=1", "=1", "x;import os=1", "note", "import os\nos.abort()=1"])
def test_a_parameters_name_that_holds_code_is_refused(ground, setting):
    assert ground.run("--quiet", "-p", setting) == 2
    assert "expected NAME=VALUE" in ground.words()
    assert LOUD not in ground.words()


NASTY = "'\"\\\n\t{}%s$x_1$<script>alert(1)</script>\r\u2028\U0001f642\u05d0 #"


def test_a_parameters_text_arrives_as_it_was_given(ground):
    ground.notebooks.write(
        "overview",
        f"assert note == {NASTY!r}, ascii(note)",
        parameters='dataset: str = "x"\nnote: str = "n"\n',
    )
    assert ground.run("--quiet", "--notebook", "overview", "-p", f"note={NASTY}") == 0, ground.words()


def test_nothing_of_one_page_reaches_the_next(ground, judge):
    """Options, style, environment, folder and modules that one notebook sets are gone for the next."""
    setting = (
        "import os, sys, locale, warnings, builtins; import pandas as pd; import matplotlib as mpl\n"
        "pd.set_option('display.max_rows', 3); mpl.rcParams['font.size'] = 99; os.environ['LEAK'] = '1'\n"
        "os.chdir('/'); sys.path.append('/leak'); builtins.LEAK = 1; pd.LEAK = 1; sys.modules['leak'] = pd\n"
        "_ = os.umask(0o777)"
    )
    asking = (
        "import os, sys, builtins; import pandas as pd; import matplotlib as mpl\n"
        "assert pd.get_option('display.max_rows') == 60; assert 'leak' not in sys.modules\n"
        "assert '/leak' not in sys.path\n"
        "assert not hasattr(builtins, 'LEAK') and not hasattr(pd, 'LEAK') and 'LEAK' not in os.environ\n"
        "assert mpl.rcParams['font.size'] != 99 and os.getcwd() != '/' and os.umask(0o22) != 0o777"
    )
    for name in ("overview", "service_findings", "data_quality"):
        ground.notebooks.add(name, asking, place=1)
        ground.notebooks.add(name, setting)
    assert ground.run("--quiet", "--jobs", "1") == 0, ground.words()
    assert judge.whole(ground, "A") == []
