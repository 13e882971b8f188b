"""One run at a time in an output folder; the lock goes with the process that holds it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from improvement_analysis.errors import ReportError

__all__ = ["locked"]


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold the folder for as long as the context lasts.

    The system releases the lock when the process ends, however that comes about: none is ever stale.

    Raises
    ------
    ReportError
        If another run holds it, or it cannot be written.
    """
    path = folder / ".lock"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ReportError(f"{folder}: cannot hold a report ({reason}); name another folder") from None
    try:
        try:
            _take(descriptor)
        except OSError as failure:
            raise ReportError(f"{folder}: {_reason(failure)}, or name another folder") from None
        yield
    finally:
        os.close(descriptor)


def _reason(failure: OSError) -> str:
    if failure.errno in (errno.EAGAIN, errno.EACCES, errno.EDEADLK):
        return "another run is writing into it; wait until it has ended"
    reason = failure.strerror or str(failure)
    return f"it cannot be locked ({reason}); see that its file system knows locks"


def _take(descriptor: int) -> None:
    if sys.platform == "win32":
        import msvcrt

        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
