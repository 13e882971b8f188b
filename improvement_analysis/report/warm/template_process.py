"""The process that others are forked from: everything imported, one thread, waiting on a socket.

Run as ``python -m improvement_analysis.report.warm.template_process SOCKET MODULE [DATASET [NOTEBOOK...]]``
it lives as long as its standard input is open, and takes with it what it forked. A request is a line of JSON
with ``env``, ``cwd`` and either ``opening``, for a shell that runs the cells it is told, or ``argv``, for a
kernel. The answer is a line with the process's id, and its end closes the connection.
"""

from __future__ import annotations

import ctypes
import gc
import json
import os
import select
import signal
import socket
import sys
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any

__all__ = ["serve"]

_DIE_WITH_PARENT, _TAKE_ORPHANS = 1, 36
#: Seconds that what is left may take to end.
_PATIENCE = 5
_MOST_BYTES = 1 << 20


def serve(path: str, module: str, *given: str) -> None:
    """Let *module* warm up with what is given, then fork for every request until standard input closes."""
    import_module("improvement_analysis.report.warm.shell").make_shell()
    import_module(module).prepare(*given)
    gc.collect()
    gc.freeze()
    _control(_TAKE_ORPHANS, 1)
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(path)
    listening.listen(64)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    children: set[int] = set()
    while True:
        ready, _, _ = select.select([listening, sys.stdin], [], [], 0.25)
        children -= _reap(children)
        if sys.stdin in ready and not os.read(sys.stdin.fileno(), 1):
            break
        if listening in ready:
            connection, _ = listening.accept()
            with connection:
                pid = _fork(connection, listening)
                children.add(pid)
    for child in children:
        _end(child)
    _end_strays()


def _reap(children: set[int]) -> set[int]:
    """The children that have ended; what they started and left behind is ended and reaped too."""
    ended = set()
    with suppress(ChildProcessError):
        # looked at before it is reaped: until then no other process can have its id
        while left := os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOHANG | os.WNOWAIT):
            if left.si_pid in children:
                _end(left.si_pid)
                ended.add(left.si_pid)
            os.waitpid(left.si_pid, 0)
    return ended


def _end(child: int) -> None:
    """End a child and its group, which it may not yet have opened."""
    for end in (os.killpg, os.kill):
        with suppress(ProcessLookupError, PermissionError):
            end(child, signal.SIGKILL)


def _end_strays() -> None:
    """End what cells left behind, in sessions of its own too: orphaned, it came to this process."""
    end = time.monotonic() + _PATIENCE
    while (strays := _children()) and time.monotonic() < end:
        for stray in strays:
            _end(stray)
            with suppress(ChildProcessError):
                os.waitpid(stray, os.WNOHANG)
        time.sleep(0.005)


def _children() -> list[int]:
    """The processes whose parent this one is."""
    children = []
    for place in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            parent = place.read_text("utf-8", "replace").rpartition(")")[2].split()[1]
            if int(parent) == os.getpid():
                children.append(int(place.parent.name))
    return children


def _fork(connection: socket.socket, listening: socket.socket) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        listening.close()
        _die_with_parent()
        request, files = _read(connection)
        _settle(request)
        connection.sendall(f"{os.getpid()}\n".encode())
        if "argv" in request:
            _become_kernel(request["argv"])
        else:
            sys.modules["improvement_analysis.report.warm.shell"].run_cells(
                connection, files, request["opening"]
            )
        status = 0
    finally:
        os._exit(status)


def _die_with_parent() -> None:
    """Ask Linux to end this process when the template ends, however that comes about."""
    _control(_DIE_WITH_PARENT, signal.SIGKILL)


def _control(option: int, value: int) -> None:
    """Ask Linux for something about this process; elsewhere nothing can be asked."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(option, value)


def _read(connection: socket.socket) -> tuple[Mapping[str, Any], Sequence[int]]:
    """The request, and the files that came with it."""
    data, files, _, _ = socket.recv_fds(connection, 65536, 2)
    while not data.endswith(b"\n") and len(data) < _MOST_BYTES:
        part = connection.recv(65536)
        if not part:
            break
        data += part
    return json.loads(data), files


def _settle(request: Mapping[str, Any]) -> None:
    """Take on the folder, the environment and the seeds of a process of its own."""
    import random
    import tempfile

    import numpy as np

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["env"])
    tempfile.tempdir = None  # else the place found before stays, whatever the environment says now
    os.chdir(request["cwd"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    random.seed()
    np.random.seed()


def _become_kernel(argv: Sequence[str]) -> None:
    from ipykernel.kernelapp import IPKernelApp

    from improvement_analysis.report.warm.shell import CellShell

    CellShell.clear_instance()
    sys.argv = list(argv)
    IPKernelApp.launch_instance(sys.argv)


if __name__ == "__main__":
    serve(*sys.argv[1:])
