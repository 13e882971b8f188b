"""Set up this project and run it. Needs nothing but Python 3.11 or newer; works from any folder.

    python run.py report [options]      make the reports; without options, of the data in data/ into reports/;
                                        with options, paths are read from the folder you are in
    python run.py test [options]        run the tests; options go to pytest
    python run.py check                 style, import floors and types: what a change must pass
    python run.py lab [options]         open the notebooks in JupyterLab

The first call makes the folder .venv beside this file and installs there what requirements.lock names;
later calls use it as it stands, until the lock, Python or the project's place changes.
"""

# Old Pythons must be able to read this file far enough to say what is wrong. Hence no syntax and no
# import newer than Python 3.6 outside functions, and annotations as text.

import hashlib
import importlib.util
import itertools
import os
import platform
import re
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

MINIMUM = (3, 11)
ROOT = Path(__file__).absolute().parent
VENV = ROOT / ".venv"
LOCK = ROOT / "requirements.lock"
PROJECT = ROOT / "pyproject.toml"
#: Written last, so that it vouches for the whole: digests of the requirements and of the project's metadata.
STAMP = VENV / "set-up.stamp"
#: Held during set-up; it also marks a .venv as made here.
GUARD = VENV / "set-up.guard"

CHECKS = (
    ("ruff check", ("-m", "ruff", "check", ".")),
    ("ruff format", ("-m", "ruff", "format", "--check", ".")),
    (
        "import floors",
        ("-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-logo"),
    ),
    ("types", ("-m", "mypy")),
)

# What a shell happens to hold must not change what is installed or imported. Of pip's settings those stay
# that say where packages come from, of Python's those that leave its modules alone.
KEPT = re.compile(
    r"PIP_(CACHE_DIR|CERT|CLIENT_CERT|CONFIG_FILE|DEFAULT_TIMEOUT|EXTRA_INDEX_URL|FIND_LINKS|INDEX_URL|"
    r"KEYRING_PROVIDER|NO_CACHE_DIR|NO_INDEX|PROXY|RETRIES|TIMEOUT|TRUSTED_HOST|USE_DEPRECATED|USE_FEATURE)|"
    r"PYTHON(BREAKPOINT|DEVMODE|DONTWRITEBYTECODE|FAULTHANDLER|HASHSEED|PYCACHEPREFIX|UNBUFFERED)|"
    r"(?!PIP_|PYTHON|__PYVENV).*",
    re.DOTALL,
)


class SetUpError(Exception):
    """Why the project cannot be set up, in words for whoever typed the command."""


def main(arguments: "list[str]") -> "int":
    """Do what the command line asks; return the exit status."""
    commands = {"report": report, "test": test, "check": check, "lab": lab}
    if not arguments or arguments[0] in ("-h", "--help", "help"):
        print(__doc__.strip())
        return 0
    try:
        require_python(sys.version_info)
        if arguments[0] not in commands:
            raise SetUpError(f"There is no command {arguments[0]!r}. There are: {', '.join(commands)}.")
        for number in heeded():
            signal.signal(number, lambda number, _: sys.exit(128 + number))
        prepare()
        return commands[arguments[0]](arguments[1:])
    except SetUpError as problem:
        say(str(problem))
        return 2
    except KeyboardInterrupt:
        return 130


def say(text: "str") -> "None":
    """Print to the error stream: what a command itself prints stays alone on the output."""
    print(text, file=sys.stderr, flush=True)


def require_python(version: "tuple") -> "None":
    """Stop unless this Python is new enough."""
    if tuple(version[:2]) < MINIMUM:
        wanted = ".".join(map(str, MINIMUM))
        found = ".".join(map(str, version[:3]))
        raise SetUpError(
            f"This project needs Python {wanted} or newer; this is Python {found}.\n"
            f"Install a newer Python and call it by its name, such as: python{wanted} run.py report"
            f" (on Windows: py -{wanted} run.py report)"
        )


# ---------------------------------------------------------------------------------------------- the commands


def report(options: "list[str]") -> "int":
    """Make the reports. Paths among the options are read from where the user stands."""
    where = None if options else ROOT
    return stream(["-P", "-m", "improvement_analysis", "report", *options], where)


def test(options: "list[str]") -> "int":
    """Run the tests."""
    return stream(["-m", "pytest", *options], ROOT)


def lab(options: "list[str]") -> "int":
    """Open the notebooks in JupyterLab."""
    notebooks = ROOT / "notebooks"
    if not notebooks.is_dir():
        raise SetUpError(f"The folder {notebooks} is missing: get the project anew.")
    return stream(["-m", "jupyterlab", *options], notebooks)


def check(options: "list[str]") -> "int":
    """Run every check, whatever the ones before it found, and sum up."""
    if options:
        raise SetUpError(f"check takes no options, but was given: {' '.join(options)}")
    failed = []
    for name, command in CHECKS:
        print(f"--- {name}", flush=True)
        status = stream(list(command), ROOT)
        if status == 130:
            return status
        if status:
            failed.append(name)
    passed = [name for name, _ in CHECKS if name not in failed]
    print(f"--- passed: {', '.join(passed) or 'none'}; failed: {', '.join(failed) or 'none'}", flush=True)
    return 1 if failed else 0


def stream(command: "list[str]", where: "Path | None") -> "int":
    """Run the environment's Python, its output going straight through; return its exit status."""
    asked = []
    child = None

    def stop(number: "int", _: "object") -> "None":
        asked.append(number)
        if child is not None and number != signal.SIGINT:  # at Ctrl-C the child was told too
            child.terminate()

    # A request that comes while the child is just being started must not raise: nobody would end the child.
    before = [(number, signal.signal(number, stop)) for number in (signal.SIGINT, *heeded())]
    try:
        child = subprocess.Popen([str(python()), *command], cwd=where, env=environment())
        if asked:
            child.terminate()
        status = child.wait()  # a child that was told to end does so in its own way
    finally:
        for number, handler in before:
            signal.signal(number, handler)
    if asked and asked[0] != signal.SIGINT:
        sys.exit(128 + asked[0])
    if asked:
        return 130
    return status if status >= 0 else 128 - status


def heeded() -> "list[int]":
    """List the signals that ask this process to end; one that it was started to ignore is none of them."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
    return [number for number in numbers if signal.getsignal(number) != signal.SIG_IGN]


# ------------------------------------------------------------------------------------------------ the set-up


def prepare() -> "None":
    """Make .venv what requirements.lock and pyproject.toml say, if it is not so already."""
    wanted = (digest_requirements(), digest_project())
    try:
        if stamped() == wanted:
            return
        claim_venv()
        with GUARD.open("a") as guard:
            take(guard)
            standing = stamped()  # another run.py may just have done it
            if standing[0] != wanted[0]:
                make_venv()
                install_requirements()
            if standing != wanted:
                write_stamp(wanted[0])
                install_project()
                write_stamp(*wanted)
    except OSError as problem:
        words = f"The environment in {VENV} could not be set up.\n{explain(str(problem))}"
        raise SetUpError(words) from problem


def digest_requirements() -> "str":
    """Digest of all that makes an environment stale: the lock, Python, the machine and the place."""
    try:
        lock = LOCK.read_bytes()
    except OSError as problem:
        raise SetUpError(
            f"requirements.lock cannot be read: {problem.strerror}.\nIt belongs beside run.py."
        ) from problem
    surroundings = [
        platform.python_implementation(),
        platform.python_version(),
        platform.machine(),
        str(ROOT),
    ]
    return hashlib.sha256(lock + repr(surroundings).encode()).hexdigest()


def digest_project() -> "str":
    """Digest of what an editable install takes from pyproject.toml: metadata, commands, how it is built."""
    import tomllib

    try:
        settings = tomllib.loads(PROJECT.read_text(encoding="utf-8"))
    except OSError as problem:
        raise SetUpError(
            f"pyproject.toml cannot be read: {problem.strerror}.\nIt belongs beside run.py."
        ) from problem
    except ValueError as problem:
        raise SetUpError(f"pyproject.toml is not what it should be: {problem}.") from problem
    part = [settings.get("project"), settings.get("build-system"), settings.get("tool", {}).get("hatch")]
    return hashlib.sha256(repr(part).encode()).hexdigest()


def stamped() -> "tuple":
    """Return the digests that .venv was made for, or two empty texts if it is not whole."""
    if not python().exists() or not STAMP.exists():
        return ("", "")
    lines = STAMP.read_text(encoding="utf-8", errors="replace").splitlines()
    return tuple([*lines, "", ""][:2])


def write_stamp(*digests: "str") -> "None":
    """Put the stamp in its place in one go."""
    draft = STAMP.with_suffix(".draft")
    draft.write_text("".join(digest + "\n" for digest in digests), encoding="utf-8")
    draft.replace(STAMP)


def claim_venv() -> "None":
    """See to it that .venv is a folder of ours; one that somebody else made is put aside, not deleted."""
    empty = VENV.is_dir() and not any(VENV.iterdir())
    if os.path.lexists(str(VENV)) and not empty and not GUARD.exists():
        free = (VENV.with_name(f".venv.{number}") for number in itertools.count(1))
        aside = next(path for path in free if not os.path.lexists(str(path)))
        VENV.replace(aside)
        say(f".venv was not made by run.py: it is kept as {aside.name}.")
    VENV.mkdir(exist_ok=True)


def take(guard: "object") -> "None":
    """Wait until no other run.py is at work in .venv. The system lets go when this process ends."""
    waiting = False
    while True:
        try:
            if os.name == "nt":
                import msvcrt

                msvcrt.locking(guard.fileno(), msvcrt.LK_NBLCK, 1)
            else:
                import fcntl

                fcntl.flock(guard, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except (BlockingIOError, PermissionError):
            if not waiting:
                say("Another run.py is setting up .venv: waiting for it.")
            waiting = True
            time.sleep(0.5)
        except OSError:
            return  # this file system has no locks, as some network drives have none
        else:
            return


def make_venv() -> "None":
    """Make .venv anew, with nothing in it but pip."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise SetUpError(VENV_IS_MISSING.format(module))
    say("Setting up .venv from requirements.lock. This takes a few minutes and 1 GB of disk, this once.")
    STAMP.unlink(missing_ok=True)
    for entry in VENV.iterdir():
        if entry != GUARD:
            shutil.rmtree(entry) if entry.is_dir() and not entry.is_symlink() else entry.unlink()
    # Asked from inside a virtual environment, even from inside .venv itself, Python knows where it came from.
    base = getattr(sys, "_base_executable", None) or sys.executable
    status, output = capture([base, "-m", "venv", str(VENV)])
    if status:
        if "ensurepip" in output:
            raise SetUpError(VENV_IS_MISSING.format("ensurepip"))
        raise SetUpError(f"The environment in {VENV} could not be made.\n{explain(output)}")


VENV_IS_MISSING = (
    "This Python cannot make virtual environments: its module {} is missing.\n"
    "On Debian or Ubuntu install the package python3-venv (sudo apt install python3-venv); elsewhere install "
    "Python with venv and pip."
)


def install_requirements() -> "None":
    """Install what the lock names, each file checked against its hash."""
    status, output = capture([*pip("install"), "--require-hashes", "-r", LOCK.name])
    if status:
        raise SetUpError(f"What requirements.lock names could not be installed.\n{explain(output)}")


def install_project() -> "None":
    """Install the project itself so that an edit counts at once."""
    status, output = capture([*pip("install"), "--no-deps", "--no-build-isolation", "-e", "."])
    if status:
        raise SetUpError(f"The project itself could not be installed.\n{explain(output)}")


def pip(verb: "str") -> "list[str]":
    """Begin a command line of the environment's pip."""
    return [str(python()), "-m", "pip", verb, "--quiet", "--no-input", "--disable-pip-version-check"]


def python() -> "Path":
    """Tell where the environment's Python is."""
    return VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def environment() -> "dict[str, str]":
    """Return the variables for a child: ours, less those that would turn pip or Python elsewhere."""
    found = {name: value for name, value in os.environ.items() if KEPT.fullmatch(name)}
    found.update(PIP_USER="0", PYTHONUTF8="1", VIRTUAL_ENV=str(VENV))
    found["PATH"] = os.pathsep.join([str(python().parent), *filter(None, [os.environ.get("PATH")])])
    return found


def capture(command: "list[str]") -> "tuple[int, str]":
    """Run a step of the set-up out of sight; return its exit status and all it said."""
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    return done.returncode, done.stdout.decode("utf-8", "replace")


#: What a failed step says of itself, and what that means; the first that fits is told.
CAUSES = (
    (
        r"No space left on device|Errno 28|WinError 112|Disk quota exceeded",
        "The disk is full: free about 2 GB, then try again.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A package is not the file that requirements.lock names, so it was not installed. Try again; if it "
        "stays so, tell the maintainers.",
    ),
    (
        r"\(from versions: none\)|[Cc]onnection ?(broken|Error)|Max retries|[Tt]imed ?out|Proxy ?Error|SSL|"
        r"HTTP ?[Ee]rror",
        "The package index was not reached. Look to the network connection and, behind a proxy, to pip's "
        "settings; then try again.",
    ),
    (
        r"Permission denied|Read-only file system|Errno 13\b|WinError (5|32)\b",
        "Something there may not be written. Close what uses .venv, or put the project where you may write.",
    ),
)


def explain(output: "str") -> "str":
    """Tell in plain words why a step failed, then its own last words."""
    said = output[max(output.find("ERROR:"), 0) :]
    causes = [words for marks, words in CAUSES if re.search(marks, said)][:1]
    lines = [line.strip()[:300] for line in said.splitlines() if line.strip()][-5:]
    return "\n".join([*causes, *(["What it said:"] if lines else []), *(f"  {line}" for line in lines)])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
