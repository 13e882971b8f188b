"""One run at a time in an output folder, and of one dataset; the lock goes with the process that holds it."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from improvement_analysis.errors import ReportError
from improvement_analysis.sources.folders import NOTE

__all__ = ["LOCK", "locked"]

LOCK = NOTE
#: How the note begins of whose folder it is.
_DATASET = "dataset "
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)


@contextmanager
def locked(folder: Path, dataset: Path) -> Iterator[None]:
    """Hold the folder for as long as the context lasts, and note that it is that of *dataset*.

    The system releases the lock when the process ends, however that comes about: none is ever stale.

    Raises
    ------
    ReportError
        If another run holds it, it is another dataset's, or it cannot be written.
    """
    path = folder / LOCK
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            raise ReportError(f"{path}: is a link, which is not followed; delete it and run it again")
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINK, 0o644)
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ReportError(f"{folder}: cannot be written to ({reason}); name another folder") from None
    try:
        try:
            _take(descriptor)
            _claim(descriptor, folder, dataset)
        except OSError as failure:
            raise ReportError(f"{folder}: {_reason(failure)}, or name another folder") from None
        yield
    finally:
        os.close(descriptor)


def _claim(descriptor: int, folder: Path, dataset: Path) -> None:
    """Note the dataset's place, seen from the folder; what else stands in the lock is of no account."""
    try:
        place = Path(os.path.relpath(dataset.resolve(), folder.resolve())).as_posix()
    except ValueError:  # on another drive
        place = dataset.resolve().as_posix()
    ours, noted = f"{_DATASET}{place}\n", os.read(descriptor, 1 << 16).decode("utf-8", "surrogateescape")
    if noted == ours:
        return
    if noted.startswith(_DATASET):
        other = os.path.normpath(folder / noted.removeprefix(_DATASET).rstrip("\n"))
        raise ReportError(
            f"{folder}: holds what was made of another dataset, {other}; name another folder with --output. "
            f"If the dataset was moved from there, delete {folder / LOCK}"
        )
    os.lseek(descriptor, 0, os.SEEK_SET)
    os.ftruncate(descriptor, 0)
    os.write(descriptor, ours.encode("utf-8", "surrogateescape"))


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
