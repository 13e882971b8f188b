"""run.py: set-up that is done once, told in plain words, and never half-done."""

import ast
import base64
import errno
import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

RUN = Path(__file__).parents[1] / "run.py"
#: A limit that holds on a slow machine with much else to do.
SECONDS = 600
POSIX_ONLY = pytest.mark.skipif(os.name == "nt", reason="signals as POSIX has them")


# ------------------------------------------------------- set-up with pip and venv played by a stand-in


@pytest.fixture
def folder(tmp_path):
    """A project of its own, in a place with spaces and letters beyond ASCII."""
    made = tmp_path / "Prüfstand für Teams"
    made.mkdir()
    shutil.copy(RUN, made)
    (made / "requirements.lock").write_text("one==1.0 \\\n    --hash=sha256:0\n", encoding="utf-8")
    (made / "pyproject.toml").write_text('[project]\nname = "p"\n[tool.ruff]\nline-length = 110\n', "utf-8")
    return made


@pytest.fixture
def run(folder, monkeypatch):
    """The folder's run.py as a module. Its ``steps`` lists what the set-up did; the child always succeeds."""
    spec = importlib.util.spec_from_file_location("run_under_test", folder / "run.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    module.steps, module.commands, module.children, module.fault = [], [], [], {}

    def capture(command):
        step = "venv" if "venv" in command else "project" if "-e" in command else "requirements"
        module.steps.append(step)
        module.commands.append(command)
        if step == "venv":
            module.python().parent.mkdir(parents=True)
            module.python().write_text("", encoding="utf-8")
        answer = module.fault.get(step, (0, ""))
        if isinstance(answer, BaseException):
            raise answer
        return answer

    def stream(command, where):
        module.children.append((command, where))
        return 0

    monkeypatch.setattr(module, "capture", capture)
    monkeypatch.setattr(module, "stream", stream)
    return module


def steps_of(run, *arguments):
    """What one call of run.py did to set itself up."""
    run.steps.clear()
    assert run.main(list(arguments) or ["report"]) == 0
    return list(run.steps)


ALL = ["venv", "requirements", "project"]


def test_first_call_sets_up_and_the_next_does_not(run, capsys):
    assert steps_of(run) == ALL
    assert capsys.readouterr().err == (
        "Setting up .venv from requirements.lock. This takes a few minutes and 1 GB of disk, this once.\n"
    )
    assert steps_of(run) == []
    assert capsys.readouterr() == ("", "")


def test_set_up_takes_only_what_the_lock_names_and_no_hash_on_trust(run):
    steps_of(run)
    quiet = ["--quiet", "--no-input", "--disable-pip-version-check"]
    pip = [str(run.python()), "-m", "pip", "install", *quiet]
    assert run.commands == [
        [sys._base_executable, "-m", "venv", str(run.VENV)],
        [*pip, "--require-hashes", "-r", "requirements.lock"],
        [*pip, "--no-deps", "--no-build-isolation", "-e", "."],
    ]


def test_changed_lock_is_installed_into_a_new_environment(run):
    steps_of(run)
    left = run.VENV / "left-over"
    left.mkdir()
    run.LOCK.write_text("two==2.0\n", encoding="utf-8")
    assert steps_of(run) == ALL
    assert not left.exists()
    assert steps_of(run) == []


def test_changed_metadata_installs_the_project_alone(run):
    steps_of(run)
    run.PROJECT.write_text('[project]\nname = "p"\n[project.scripts]\nq = "p:main"\n', encoding="utf-8")
    assert steps_of(run) == ["project"]
    assert steps_of(run) == []


def test_changed_settings_of_tools_install_nothing(run):
    steps_of(run)
    run.PROJECT.write_text('[project]\nname = "p"\n[tool.ruff]\nline-length = 99\n', encoding="utf-8")
    assert steps_of(run) == []


def test_another_python_makes_the_environment_anew(run, monkeypatch):
    steps_of(run)
    monkeypatch.setattr(run.platform, "python_version", lambda: "3.99.0")
    assert steps_of(run) == ALL


def test_moved_project_makes_the_environment_anew(run, monkeypatch):
    steps_of(run)
    monkeypatch.setattr(run, "ROOT", run.ROOT.with_name("elsewhere"))
    assert steps_of(run) == ALL


def test_environment_without_its_python_is_made_anew(run):
    steps_of(run)
    run.python().unlink()
    assert steps_of(run) == ALL


@pytest.mark.parametrize("stamp", ["", "half", "\x00\n\n", "\udcff"])
def test_damaged_stamp_is_no_stamp(run, stamp):
    steps_of(run)
    run.STAMP.write_bytes(stamp.encode("utf-8", "surrogateescape"))
    assert steps_of(run) == ALL


@pytest.mark.parametrize(
    ("interrupted", "again"), [("venv", ALL), ("requirements", ALL), ("project", ["project"])]
)
def test_interrupted_set_up_is_made_good(run, interrupted, again, capsys):
    run.fault[interrupted] = KeyboardInterrupt()
    assert run.main(["report"]) == 130
    assert "Traceback" not in capsys.readouterr().err
    assert run.children == []
    run.fault.clear()
    assert steps_of(run) == again
    assert steps_of(run) == []


def test_update_that_was_interrupted_is_not_taken_for_the_old_environment(run):
    steps_of(run)
    first = run.LOCK.read_text(encoding="utf-8")
    run.LOCK.write_text("two==2.0\n", encoding="utf-8")
    run.fault["requirements"] = KeyboardInterrupt()
    assert run.main(["report"]) == 130
    run.fault.clear()
    run.LOCK.write_text(first, encoding="utf-8")
    assert steps_of(run) == ALL


def test_environment_half_cleared_away_is_not_taken_for_whole(run, monkeypatch):
    steps_of(run)
    first = run.LOCK.read_text(encoding="utf-8")
    run.LOCK.write_text("two==2.0\n", encoding="utf-8")
    for number in range(20):
        (run.VENV / f"folder {number}").mkdir()

    def interrupt(folder):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(run.shutil, "rmtree", interrupt)
        assert run.main(["report"]) == 130
    run.LOCK.write_text(first, encoding="utf-8")
    assert steps_of(run) == ALL


def test_environment_of_somebody_else_is_put_aside_whole(run, capsys):
    for number in (1, 2):
        shutil.rmtree(run.VENV, ignore_errors=True)
        run.VENV.mkdir()
        (run.VENV / "pyvenv.cfg").write_text(f"mine {number}", encoding="utf-8")
        assert steps_of(run) == ALL
        said = capsys.readouterr().err.splitlines()[0]
        assert said == f".venv was not made by run.py: it is kept as .venv.{number}."
    kept = [(run.ROOT / f".venv.{number}" / "pyvenv.cfg").read_text("utf-8") for number in (1, 2)]
    assert kept == ["mine 1", "mine 2"]


@POSIX_ONLY
def test_second_run_waits_until_the_first_has_set_up(run, capsys, monkeypatch):
    import fcntl

    run.VENV.mkdir()
    with run.GUARD.open("a") as first:
        fcntl.flock(first, fcntl.LOCK_EX)
        pauses = []

        def pause(seconds):
            pauses.append(seconds)
            if len(pauses) == 2:  # the first has done: stamped and let go
                run.python().parent.mkdir()
                run.python().write_text("", encoding="utf-8")
                run.write_stamp(run.digest_requirements(), run.digest_project())
                fcntl.flock(first, fcntl.LOCK_UN)

        monkeypatch.setattr(run.time, "sleep", pause)
        assert steps_of(run) == []
    assert len(pauses) == 2
    assert capsys.readouterr().err == "Another run.py is setting up .venv: waiting for it.\n"


# ------------------------------------------------------------------------------- when it cannot be set up


def refusal_of(run, capsys, *arguments):
    """What run.py says when it stops before doing anything."""
    assert run.main(list(arguments) or ["report"]) == 2
    assert run.children == []
    out, err = capsys.readouterr()
    assert out == ""
    return err.removeprefix(
        "Setting up .venv from requirements.lock. This takes a few minutes and 1 GB of disk, this once.\n"
    )


def test_old_python_is_named_and_nothing_is_done(run, capsys, monkeypatch):
    monkeypatch.setattr(run.sys, "version_info", (3, 10, 13, "final", 0))
    assert refusal_of(run, capsys) == (
        "This project needs Python 3.11 or newer; this is Python 3.10.13.\n"
        "Install a newer Python and call it by its name, such as: python3.11 run.py report"
        " (on Windows: py -3.11 run.py report)\n"
    )
    assert not run.VENV.exists()


def test_missing_lock(run, capsys):
    run.LOCK.unlink()
    assert refusal_of(run, capsys) == (
        f"requirements.lock cannot be read: {os.strerror(errno.ENOENT)}.\nIt belongs beside run.py.\n"
    )
    assert not run.VENV.exists()


def test_missing_metadata(run, capsys):
    run.PROJECT.unlink()
    assert refusal_of(run, capsys) == (
        f"pyproject.toml cannot be read: {os.strerror(errno.ENOENT)}.\nIt belongs beside run.py.\n"
    )


def test_garbled_metadata(run, capsys):
    run.PROJECT.write_text("[project\n", encoding="utf-8")
    said = refusal_of(run, capsys)
    assert said.startswith("pyproject.toml is not what it should be: Expected ']' at the end of a table")


NO_VENV = (
    "This Python cannot make virtual environments: its module {} is missing.\n"
    "On Debian or Ubuntu install the package python3-venv (sudo apt install python3-venv); elsewhere install "
    "Python with venv and pip.\n"
)


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_missing_module_of_python(run, capsys, monkeypatch, module):
    find = importlib.util.find_spec
    monkeypatch.setattr(run.importlib.util, "find_spec", lambda name: None if name == module else find(name))
    assert refusal_of(run, capsys) == NO_VENV.format(module)


def test_ensurepip_that_is_found_but_does_not_work(run, capsys):
    run.fault["venv"] = (1, "The virtual environment was not created successfully because ensurepip is not")
    assert refusal_of(run, capsys) == NO_VENV.format("ensurepip")


DISK = "The disk is full: free about 2 GB, then try again."
HASH = (
    "A package is not the file that requirements.lock names, so it was not installed. Try again; if it "
    "stays so, tell the maintainers."
)
INDEX = (
    "The package index was not reached. Look to the network connection and, behind a proxy, to pip's "
    "settings; then try again."
)
RIGHTS = "Something there may not be written. Close what uses .venv, or put the project where you may write."


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", DISK),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", HASH),
        (
            "ERROR: Could not find a version that satisfies the requirement one==1 (from versions: none)",
            INDEX,
        ),
        ("ERROR: Could not install packages due to an OSError: HTTPSConnectionPool: Max retries", INDEX),
        (
            "ERROR: Exception:\nTraceback\npip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.",
            INDEX,
        ),
        ("ERROR: HTTP error 403 while getting a file", INDEX),
        ("ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'", RIGHTS),
        ("ERROR: Could not install packages due to an OSError: [WinError 5] Access is denied", RIGHTS),
        # a retried connection is not why it failed in the end
        ("WARNING: Retrying after connection broken\nERROR: [Errno 13] Permission denied: 'x'", RIGHTS),
    ],
)
def test_why_pip_failed_is_told_in_plain_words(run, capsys, output, words):
    run.fault["requirements"] = (1, output)
    lines = refusal_of(run, capsys).splitlines()
    assert lines[:3] == ["What requirements.lock names could not be installed.", words, "What it said:"]
    assert lines[3:] == [f"  {line}" for line in output.splitlines() if not line.startswith("WARNING")]


def test_unknown_failure_is_told_in_its_own_words_without_a_guess(run, capsys):
    run.fault["requirements"] = (1, "ERROR: No matching distribution found for one==1 (from versions: 2)\n\n")
    assert refusal_of(run, capsys) == (
        "What requirements.lock names could not be installed.\n"
        "What it said:\n"
        "  ERROR: No matching distribution found for one==1 (from versions: 2)\n"
    )


def test_project_that_does_not_build(run, capsys):
    run.fault["project"] = (1, "ERROR: it broke")
    assert refusal_of(run, capsys) == (
        "The project itself could not be installed.\nWhat it said:\n  ERROR: it broke\n"
    )


@pytest.mark.parametrize(
    ("number", "words"), [(errno.ENOSPC, DISK), (errno.EACCES, RIGHTS), (errno.EROFS, RIGHTS)]
)
def test_system_that_refuses(run, capsys, number, words):
    fault = OSError(number, os.strerror(number), "somewhere")
    run.fault["venv"] = fault
    assert refusal_of(run, capsys) == (
        f"The environment in {run.VENV} could not be set up.\n{words}\nWhat it said:\n  {fault}\n"
    )


def test_unknown_command(run, capsys):
    assert refusal_of(run, capsys, "reprot") == (
        "There is no command 'reprot'. There are: report, test, check, lab.\n"
    )
    assert run.steps == []


# -------------------------------------------------------------------------------------------- the commands


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-h"], ["help"]])
def test_help_names_every_command_and_sets_nothing_up(run, capsys, arguments):
    assert run.main(arguments) == 0
    out = capsys.readouterr().out
    assert [f"run.py {command}" in out for command in ("report", "test", "check", "lab")] == [True] * 4
    assert run.steps == []


def test_arguments_are_passed_on(run):
    (run.ROOT / "notebooks").mkdir()
    for arguments in (
        ["report"],
        ["report", "a b", "--x=é"],
        ["test", "-k", "x or y"],
        ["lab", "--no-browser"],
    ):
        assert run.main(arguments) == 0
    assert run.children == [
        (["-P", "-m", "improvement_analysis", "report"], run.ROOT),
        (["-P", "-m", "improvement_analysis", "report", "a b", "--x=é"], None),
        (["-m", "pytest", "-k", "x or y"], run.ROOT),
        (["-m", "jupyterlab", "--no-browser"], run.ROOT / "notebooks"),
    ]


def test_lab_without_notebooks(run, capsys):
    assert refusal_of(run, capsys, "lab") == (
        f"The folder {run.ROOT / 'notebooks'} is missing: get the project anew.\n"
    )


@pytest.mark.parametrize(
    ("statuses", "status", "summary"),
    [
        ([0, 0, 0, 0], 0, "--- passed: ruff check, ruff format, import floors, types; failed: none"),
        ([1, 0, 0, 2], 1, "--- passed: ruff format, import floors; failed: ruff check, types"),
        ([1, 1, 1, 1], 1, "--- passed: none; failed: ruff check, ruff format, import floors, types"),
    ],
)
def test_check_runs_every_check_and_sums_up(run, capsys, monkeypatch, statuses, status, summary):
    given = iter(statuses)
    monkeypatch.setattr(run, "stream", lambda command, where: next(given))
    assert run.main(["check"]) == status
    assert list(given) == []
    assert capsys.readouterr().out.splitlines()[-1] == summary


def test_check_stops_at_ctrl_c(run, monkeypatch):
    given = iter([0, 130, 0, 0])
    monkeypatch.setattr(run, "stream", lambda command, where: next(given))
    assert run.main(["check"]) == 130
    assert list(given) == [0, 0]


def test_check_takes_no_options(run, capsys):
    assert refusal_of(run, capsys, "check", "--fix") == "check takes no options, but was given: --fix\n"


def test_children_get_no_variables_that_lead_astray(run, monkeypatch):
    astray = [
        "PYTHONPATH",
        "PYTHONHOME",
        "PYTHONOPTIMIZE",
        "PYTHONWARNINGS",
        "PIP_TARGET",
        "PIP_REQUIRE_HASHES",
    ]
    kept = ["PIP_INDEX_URL", "PIP_PROXY", "PIP_CERT", "PYTHONHASHSEED", "PIPELINE", "OTHER"]
    for name in (*astray, *kept, "VIRTUAL_ENV", "PIP_USER", "PYTHONUTF8"):
        monkeypatch.setenv(name, "odd")
    found = run.environment()
    assert [name for name in astray if name in found] == []
    assert {name: found.get(name) for name in kept} == dict.fromkeys(kept, "odd")
    assert (found["VIRTUAL_ENV"], found["PIP_USER"], found["PYTHONUTF8"]) == (str(run.VENV), "0", "1")
    assert found["PATH"].split(os.pathsep)[0] == str(run.python().parent)


def test_file_can_be_read_by_python_3_6():
    tree = ast.parse(RUN.read_text(encoding="utf-8"), feature_version=(3, 6))
    imported = {name.name for node in tree.body if isinstance(node, ast.Import) for name in node.names}
    imported |= {node.module for node in tree.body if isinstance(node, ast.ImportFrom)}
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names - {
        "__future__",
        "tomllib",
    }
    for node in ast.walk(tree):
        hints = [node.returns] if isinstance(node, ast.FunctionDef) else []
        hints += [node.annotation] if isinstance(node, ast.arg | ast.AnnAssign) else []
        assert all(hint is None or isinstance(hint, ast.Constant) for hint in hints), ast.unparse(node)


# ----------------------------------------------- a real environment and real pip, with nothing from outside

BACKEND = """
import base64, hashlib, pathlib, zipfile

def build_editable(folder, config_settings=None, metadata_directory=None):
    info = "improvement_analysis-1.dist-info"
    files = {
        "improvement_analysis.pth": str(pathlib.Path.cwd()),
        f"{info}/METADATA": "Metadata-Version: 2.1\\nName: improvement-analysis\\nVersion: 1\\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\\nGenerator: t\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
    }
    name = "improvement_analysis-1-py3-none-any.whl"
    with zipfile.ZipFile(pathlib.Path(folder, name), "w") as wheel:
        for path, text in files.items():
            wheel.writestr(path, text)
        wheel.writestr(f"{info}/RECORD", "".join(f"{path},,\\n" for path in [*files, f"{info}/RECORD"]))
    return name
"""

COMMAND = """
import json, os, sys, time, tiny

seen = {"arguments": sys.argv[1:], "folder": os.getcwd(), "path": sys.path, "utf8": sys.flags.utf8_mode}
seen |= {"tiny": tiny.__file__, "prefix": sys.prefix, "say": "é"}
try:
    print(json.dumps(seen, ensure_ascii=False), flush=True)
    if "wait" in sys.argv:
        time.sleep(3600)
except KeyboardInterrupt:
    sys.exit(5)
sys.exit(3)
"""


def make_wheel(folder, text="x = 1\n"):
    """A package of one module, and the hash of its file."""
    path = folder / "tiny-1.0-py3-none-any.whl"
    record = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
    with zipfile.ZipFile(path, "w") as wheel:
        wheel.writestr("tiny.py", text)
        wheel.writestr("tiny-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: tiny\nVersion: 1.0\n")
        wheel.writestr(
            "tiny-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr("tiny-1.0.dist-info/RECORD", f"tiny.py,sha256={record},{len(text)}\n")
    return hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.fixture(scope="module")
def real(tmp_path_factory):
    """A small project that run.py can truly set up without a network."""
    top = tmp_path_factory.mktemp("real")
    folder, wheels = top / "Prüf stand", top / "wheels"
    (folder / "improvement_analysis").mkdir(parents=True)
    wheels.mkdir()
    shutil.copy(RUN, folder)
    (folder / "requirements.lock").write_text(f"tiny==1.0 --hash=sha256:{make_wheel(wheels)}\n", "utf-8")
    (folder / "pyproject.toml").write_text(
        '[build-system]\nrequires = []\nbuild-backend = "backend"\nbackend-path = ["."]\n'
        '[project]\nname = "improvement-analysis"\nversion = "1"\n',
        encoding="utf-8",
    )
    (folder / "backend.py").write_text(BACKEND, encoding="utf-8")
    (folder / "improvement_analysis" / "__init__.py").write_text("", encoding="utf-8")
    (folder / "improvement_analysis" / "__main__.py").write_text(COMMAND, encoding="utf-8")
    return folder


def surroundings(folder, **more):
    """Variables that hide the network from pip, and some odd ones that a shell may hold."""
    found = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    found |= {
        "PIP_NO_INDEX": "1",
        "PIP_FIND_LINKS": str(folder.parent / "wheels"),
        "PIP_CONFIG_FILE": os.devnull,
    }
    odd = folder.parent / "odd"
    odd.mkdir(exist_ok=True)
    for stray in ("tiny", "json", "pip"):
        (odd / f"{stray}.py").write_text("raise SystemExit('taken from the wrong place')\n", encoding="utf-8")
    found |= {
        "PYTHONPATH": "",
        "VIRTUAL_ENV": str(odd),
        "PIP_TARGET": str(odd),
        "PIP_REQUIRE_VIRTUALENV": "1",
    }
    return found | more


def call(folder, *arguments, where=None, **more):
    """One call of run.py as a person makes it."""
    return subprocess.run(
        [sys.executable, str(folder / "run.py"), *arguments],
        cwd=where or folder.parent,
        env=surroundings(folder, **more),
        capture_output=True,
        encoding="utf-8",
        timeout=SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def set_up(real):
    """The same, set up; with what the first call gave."""
    return real, call(real, "report", "first", "é b")


def test_real_set_up_runs_the_command_and_passes_its_status_on(set_up):
    folder, first = set_up
    assert first.stderr == (
        "Setting up .venv from requirements.lock. This takes a few minutes and 1 GB of disk, this once.\n"
    )
    said = json.loads(first.stdout)
    assert said["arguments"] == ["report", "first", "é b"]
    assert said["say"] == "é"
    assert said["utf8"] == 1
    assert Path(said["prefix"]) == folder / ".venv"
    assert folder / ".venv" in Path(said["tiny"]).parents
    assert Path(said["folder"]) == folder.parent
    assert first.returncode == 3


def test_real_second_call_sets_up_nothing_and_ignores_strays(set_up):
    folder, _ = set_up
    stamp = (folder / ".venv" / "set-up.stamp").stat().st_mtime_ns
    odd = folder.parent / "odd"
    again = call(folder, "report", "x", where=odd)
    assert (again.stderr, again.returncode) == ("", 3)
    said = json.loads(again.stdout)
    assert Path(said["folder"]) == odd
    assert str(odd) not in said["path"]
    assert (folder / ".venv" / "set-up.stamp").stat().st_mtime_ns == stamp
    assert json.loads(call(folder, "report").stdout)["folder"] == str(folder)


def test_real_python_path_does_not_leak(set_up):
    folder, _ = set_up
    stray = folder.parent / "stray"
    stray.mkdir()
    (stray / "tiny.py").write_text("raise SystemExit('taken from the wrong place')\n", encoding="utf-8")
    again = call(folder, "report", PYTHONPATH=str(stray))
    assert (again.stderr, again.returncode) == ("", 3)


def test_real_run_by_the_environments_own_python(set_up):
    folder, _ = set_up
    inside = folder / ".venv" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    again = subprocess.run(
        [inside, folder / "run.py", "report"],
        env=surroundings(folder),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert (again.stderr, again.returncode) == (b"", 3)


@POSIX_ONLY
@pytest.mark.parametrize(
    ("number", "status", "whole_group"),
    [(signal.SIGINT, 130, True), (signal.SIGTERM, 143, False), (signal.SIGHUP, 129, False)],
)
def test_real_signal_ends_the_child_too(set_up, number, status, whole_group):
    folder, _ = set_up
    with subprocess.Popen(
        [sys.executable, folder / "run.py", "report", "wait"],
        env=surroundings(folder),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as started:
        started.stdout.readline()  # the child is at its work
        os.killpg(started.pid, number) if whole_group else started.send_signal(number)
        _, err = started.communicate(timeout=SECONDS)  # ends only when the child, too, has closed its output
    assert (started.returncode, err) == (status, b"")


@POSIX_ONLY
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_signal_that_comes_while_the_child_is_started_ends_it(run, monkeypatch, number, status):
    """On a busy machine the child may be at its work before run.py has been told of it."""
    stream = importlib.util.spec_from_file_location("another", run.ROOT / "run.py")
    module = importlib.util.module_from_spec(stream)
    stream.loader.exec_module(module)
    started, real = [], subprocess.Popen

    def slow(*given, **named):
        started.append(real(*given, **named))
        os.kill(os.getpid(), number)
        return started[0]

    monkeypatch.setattr(module, "python", lambda: Path(sys.executable))
    monkeypatch.setattr(module.subprocess, "Popen", slow)
    before = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    for each in before:
        signal.signal(each, lambda number, _: sys.exit(128 + number))
    try:
        try:
            found = module.stream(["-c", "import time; time.sleep(3600)"], None)
        except SystemExit as stopped:
            found = stopped.code
        assert found == status
        assert started[0].wait(60) != 0
    finally:
        started[0].kill()
        for each, handler in before.items():
            signal.signal(each, handler)


def test_real_index_out_of_reach(set_up, tmp_path):
    folder = tmp_path / "other place"
    folder.mkdir()
    (tmp_path / "wheels").mkdir()
    for name in ("run.py", "pyproject.toml", "requirements.lock"):
        shutil.copy(set_up[0] / name, folder)
    refused = call(folder, "test")
    assert (refused.stdout, refused.returncode) == ("", 2)
    assert refused.stderr.splitlines()[1:4] == [
        "What requirements.lock names could not be installed.",
        INDEX,
        "What it said:",
    ]
    assert not (folder / ".venv" / "set-up.stamp").exists()

    make_wheel(
        tmp_path / "wheels", "x = 2\n"
    )  # now there is a file of that name, but not the one in the lock
    refused = call(folder, "test")
    assert refused.stderr.splitlines()[1:3] == ["What requirements.lock names could not be installed.", HASH]
    assert refused.returncode == 2
