"""The plain kernels that run in this process, so that those of a run that is to stop can be ended."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Protocol

__all__ = ["end_kernels", "forget_kernel", "watch_kernel"]


class _Process(Protocol):
    def kill(self) -> None:
        """End at once."""


_LOCK = threading.Lock()
#: Each process that runs, with the folder that its kernel is declared in.
_RUNNING: dict[_Process, Path] = {}


def watch_kernel(process: _Process, declared: Path) -> None:
    """Remember a kernel that was started; it ends at once if its declaration is gone meanwhile."""
    with _LOCK:
        _RUNNING[process] = declared
        if not declared.exists():
            process.kill()


def forget_kernel(process: _Process) -> None:
    """A kernel that has ended needs no ending."""
    with _LOCK:
        _RUNNING.pop(process, None)


def end_kernels(declared: Path) -> None:
    """End every kernel declared in that folder, which no longer exists: so none can begin after it."""
    with _LOCK:
        for process, folder in _RUNNING.items():
            if folder == declared:
                process.kill()
