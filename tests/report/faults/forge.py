"""A process that forks report runs, each with a fault of its own: all is imported, so a run costs its work.

Run as ``python forge.py DATASET ...``, with datasets to warm up with. It reads requests as lines of JSON and
answers each with one. It adopts what a killed run leaves behind, so that no process can get lost unseen.
"""

import atexit
import ctypes
import errno
import gc
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import traceback
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import MagicMock

# As the command itself does; a debugger is not what these runs are about.
sys.modules.update(dict.fromkeys(("rfc3987_syntax", "debugpy")))
# ruff: noqa: E402

import nbformat

from improvement_analysis import cli, sources
from improvement_analysis.report import runner
from improvement_analysis.report.making import kernels, workers
from improvement_analysis.report.making.page import Made
from improvement_analysis.report.publishing import freshness, index_page
from improvement_analysis.report.warm import template_process

WARM = (
    *(
        "papermill",
        "nbclient",
        "nbconvert",
        "bs4",
        "jinja2",
        "sqlite3",
        "resource",
        "tornado.platform.asyncio",
    ),
    *("improvement_analysis.report.warm.forked", "improvement_analysis.report.warm.prompt"),
    *(
        "improvement_analysis.report.progress",
        "ipykernel.debugger",
        "IPython.core.completerlib",
        "IPython.core.oinspect",
        "IPython.extensions.storemagic",
    ),
)
ADOPT_ORPHANS = 36
#: The datasets to warm up with, by the bytes of their table.
LOADED = {}


class ForkedTemplate:
    """Stands for ``subprocess.Popen``: the template process forked from this one instead of started anew."""

    def __init__(self, command, stdin=None, env=None, start_new_session=False, **_):
        assert command[1:4] == ["-P", "-m", template_process.__name__], command
        read, write = os.pipe()
        self.returncode = None
        # os.fork runs handlers in Python, in which an interrupt is lost and a lock kept; Popen runs none
        before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGINT, signal.SIGTERM))
        self.pid = os.fork()
        if not self.pid:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            become_template(command, read, env)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(read)
        self.stdin = os.fdopen(write, "wb")

    def poll(self):
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if pid else None
        return self.returncode

    def wait(self, timeout=None):
        while self.poll() is None:
            time.sleep(0.002)
        return self.returncode


def become_template(command, read, env):
    status = 1
    try:
        os.setsid()
        os.dup2(read, 0)
        os.closerange(3, 256)
        os.environ.clear()
        os.environ.update(env)
        sys.stdin = os.fdopen(0, "rb", buffering=0, closefd=False)
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        template_process.import_module = lambda _: MagicMock()  # this process is warm
        template_process.serve(*command[4:])
        status = 0
    except BaseException:  # noqa: BLE001 (told, and the process ends)
        traceback.print_exc()
    finally:
        os._exit(status)


# --------------------------------------------------------------------------------------- faults, set in a run


def path_of(event, given):
    """The path that a step on the disk is about; None for what is no step."""
    if event == "open":
        path, mode, flags = given
        writes = (mode and set(str(mode)) & set("wax+")) or (flags or 0) & (os.O_WRONLY | os.O_RDWR)
        return str(path) if writes and not isinstance(path, int) else None
    if event in ("os.rename", "os.link"):
        return str(given[1])
    if event in ("os.remove", "os.mkdir", "os.rmdir"):
        return str(given[0])
    return None


class Steps:
    """Counts the steps that a run takes on the disk below a folder, and meddles with one of them."""

    def __init__(self, folder, at, then, log=None):
        self.folder, self.at, self.then, self.log = str(folder), at, then, log
        self.count = 0
        flush = os.fsync

        def fsync(descriptor):
            self.take("os.fsync", f"{self.folder}/descriptor")
            flush(descriptor)

        os.fsync = fsync
        sys.addaudithook(self.hear)

    def hear(self, event, given):
        path = path_of(event, given)
        if path is not None and path.startswith(self.folder) and not path.endswith("/.lock"):
            self.take(event, path)

    def take(self, event, path):
        self.count += 1
        if self.log:
            descriptor = os.open(self.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
            os.write(descriptor, f"{event} {path.removeprefix(self.folder)}\n".encode())
            os.close(descriptor)
        if self.then == "kill" and self.count == self.at:
            os.kill(os.getpid(), signal.SIGKILL)
        reached = self.count == self.at or (self.then == "fail from there on" and self.count > self.at)
        if self.then.startswith("fail") and reached:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), path)


def meddle(folder, at, then, log=None):
    Steps(folder, at, then, log)


def refuse(event_wanted, name, number):
    """Every step of a kind on one file fails with an error number, again and again."""

    def hear(event, given):
        path = path_of(event, given)
        if event == event_wanted and path is not None and path.endswith(name):
            raise OSError(number, os.strerror(number), path)

    sys.addaudithook(hear)


def canned(folder):
    """Pages come ready from a folder, data and index without ado: for faults of what follows the making."""

    @contextmanager
    def ready(*_):
        yield lambda pages, _: [(page.path, bring(page.path)) for page in pages]

    def bring(page):
        stem = page.removesuffix(".html")
        tables = sorted(Path(folder).glob(f"{stem}.*.csv"))
        found = tuple((path.relative_to(folder).as_posix(), path.read_bytes()) for path in tables)
        return Made((Path(folder) / page).read_bytes(), found, seconds=0.001)

    runner.local_workers = ready
    runner.count_for_manifest = lambda dataset: {}
    runner.render_index = lambda dataset, run, findings=(): (
        f"<html>{[(page.title, page.status) for page in run.pages]}</html>"
    )
    reading = sources.load
    sources.load = lambda place: LOADED.get((place / "summary_tables.csv").read_bytes()) or reading(place)


def attribute(module, name, value):
    """Set an attribute of a module."""
    setattr(import_module(module), name, value)


def limit(kind, most):
    import resource

    resource.setrlimit(getattr(resource, kind), (most, most))


def no_kernel_spec():
    """The kernel is declared nowhere."""

    @contextmanager
    def nothing(*_):
        yield kernels.KERNEL

    workers.own_kernel = nothing


def silent_kernel(declared):
    """A kernel declared in another way."""
    kernels._spec = lambda *_: declared


def deaf_kernel():
    """What is forked never answers."""
    template_process._settle = lambda request: time.sleep(60)


def clock_set_back(seconds):
    """The clock goes back while the run is under way."""
    import datetime

    real, began = time.time, time.monotonic()

    class Earlier(datetime.datetime):
        @classmethod
        def now(cls, tz=None):
            return super().now(tz) - datetime.timedelta(seconds=seconds)

    runner.datetime = Earlier
    time.time = lambda: real() - (seconds if time.monotonic() - began > 0.1 else 0)


def as_nobody():
    """Root may do anything; this user may not."""
    os.setgid(65534)
    os.setuid(65534)


def surroundings():
    """Let the C library look at locale and time zone anew, as it does at the start of a process."""
    import locale

    time.tzset()
    try:
        locale.setlocale(locale.LC_ALL, "")
    except locale.Error:
        locale.setlocale(locale.LC_ALL, "C")


def in_order(places):
    """The pages are given out in another order."""
    make = workers._in_turn
    workers._in_turn = lambda pool, pages, *given: make(
        pool, [pages[place] for place in [*places, *range(len(places), len(pages))]], *given
    )


ALL = (meddle, refuse, canned, attribute, limit, no_kernel_spec, silent_kernel, deaf_kernel, clock_set_back)
FAULTS = {each.__name__: each for each in (*ALL, as_nobody, surroundings, in_order)}


# ---------------------------------------------------------------------------------------------- forking a run


def run(request):
    pid = os.fork()
    if pid:
        return {"pid": pid}
    status = 1
    try:
        os.setsid()
        for number, path in ((0, os.devnull), (1, request["out"]), (2, request["err"])):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
            os.dup2(os.open(path, flags, 0o644), number)
        sys.stdin, sys.stdout, sys.stderr = (
            os.fdopen(number, "r" if number == 0 else "w", closefd=False) for number in range(3)
        )
        for name, value in request["env"].items():
            os.environ.pop(name, None) if value is None else os.environ.update({name: value})
        tempfile.tempdir = None
        os.chdir(request["cwd"])
        signal.signal(signal.SIGINT, signal.default_int_handler)
        for name, *given in request["faults"]:
            FAULTS[name](*given)
        kernels.subprocess = SimpleNamespace(Popen=ForkedTemplate, PIPE=subprocess.PIPE)
        status = cli.main(request["arguments"])
    except SystemExit as stop:
        status = stop.code
    except BaseException:  # noqa: BLE001 (told, and the process ends)
        traceback.print_exc()
    finally:
        atexit._run_exitfuncs()  # as at the end of a process that was started
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)
    return {}


def wait(request):
    """The exit status of a run, negative for a signal; None if it does not end in time."""
    end = time.monotonic() + request["seconds"]
    while time.monotonic() < end:
        pid, status = os.waitpid(request["pid"], os.WNOHANG)
        if pid:
            return {"status": os.waitstatus_to_exitcode(status)}
        time.sleep(0.003)
    return {"status": None}


def left(request):
    """What still runs of all that was started here, once it has had some time to end."""
    end = time.monotonic() + request["seconds"]
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return {"left": []}
        if not pid:
            if time.monotonic() > end:
                return {"left": descendants(os.getpid())}
            time.sleep(0.002)


def descendants(of):
    parents = {}
    for place in Path("/proc").glob("[0-9]*"):
        try:
            parents[int(place.name)] = int((place / "stat").read_text().rsplit(") ", 1)[1].split()[1])
        except OSError:
            continue
    found = [of]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


def main():
    import_module("improvement_analysis.report.warm.shell").make_shell()
    import_module(kernels._WARM_UP).prepare()
    for module in WARM:
        import_module(module)
    for place in sys.argv[1:]:
        LOADED[(Path(place) / "summary_tables.csv").read_bytes()] = sources.load(place)
    index_page._template()
    freshness.program_key()
    nbformat.validate(nbformat.v4.new_notebook())
    ctypes.CDLL(None).prctl(ADOPT_ORPHANS, 1)
    gc.collect()
    gc.freeze()
    answers = {"run": run, "wait": wait, "left": left}
    print(json.dumps({"threads": len(list(Path("/proc/self/task").iterdir()))}), flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        print(json.dumps(answers[request["do"]](request)), flush=True)


if __name__ == "__main__":
    main()
