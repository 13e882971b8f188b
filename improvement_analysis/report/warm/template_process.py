"""The process that kernels are forked from: everything imported, one thread, waiting on a socket.

Run as ``python -m improvement_analysis.report.warm.template_process SOCKET MODULE``. It lives as long as its
standard input is open, and takes its kernels with it. A request is a line of JSON with ``argv``, ``env`` and
``cwd``; the answer is the process id of the kernel, whose end closes the connection.
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
from collections.abc import Mapping
from contextlib import suppress
from importlib import import_module
from typing import Any

__all__ = ["serve"]

_DIE_WITH_PARENT = 1
_MOST_BYTES = 1 << 20


def rehearse(module: str) -> None:
    """Load what kernels load, and let *module* do once what every page does."""
    for kernel in ("ipykernel.ipkernel", "ipykernel.kernelapp"):
        import_module(kernel)
    import_module(module).rehearse()


def serve(path: str, module: str) -> None:
    """Rehearse, then fork a kernel for every request until standard input closes."""
    rehearse(module)
    gc.collect()
    gc.freeze()
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
        with suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)


def _reap(children: set[int]) -> set[int]:
    """The children that have ended."""
    ended = set()
    for child in children:
        with suppress(ChildProcessError):
            if os.waitpid(child, os.WNOHANG)[0] == 0:
                continue
        ended.add(child)
    return ended


def _fork(connection: socket.socket, listening: socket.socket) -> int:
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        listening.close()
        _die_with_parent()
        request = _read(connection)
        connection.sendall(f"{os.getpid()}\n".encode())
        _become_kernel(request)
        status = 0
    finally:
        os._exit(status)


def _die_with_parent() -> None:
    """Ask Linux to end this process when the template ends, however that comes about."""
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)


def _read(connection: socket.socket) -> Mapping[str, Any]:
    data = b""
    while not data.endswith(b"\n") and len(data) < _MOST_BYTES:
        part = connection.recv(65536)
        if not part:
            break
        data += part
    request: Mapping[str, Any] = json.loads(data)
    return request


def _become_kernel(request: Mapping[str, Any]) -> None:
    import random

    import numpy as np
    from ipykernel.kernelapp import IPKernelApp

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["env"])
    os.chdir(request["cwd"])
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    random.seed()
    np.random.seed()
    sys.argv = list(request["argv"])
    sys.path[0] = ""
    IPKernelApp.launch_instance(request["argv"])


if __name__ == "__main__":
    serve(sys.argv[1], sys.argv[2])
