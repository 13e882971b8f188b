"""The files a run is made from, watched from its beginning to its end."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from improvement_analysis.errors import ReportError
from improvement_analysis.sources.folders import files_below

__all__ = ["Seen", "describe_change", "input_files", "observe"]

#: How names begin of files that no page is made from: hidden ones, and what Excel lays beside an open file.
_PASSED_OVER = (".", "~$")


@dataclass(frozen=True)
class Seen:
    """A file as it was at one moment: bytes, time of the last change in nanoseconds, and its inode."""

    size: int
    changed: int
    inode: int


def input_files(folder: Path) -> Iterator[Path]:
    """Every regular file of a dataset's folder that a page may be made from."""
    for path in files_below(folder):
        if path.is_file() and not path.name.startswith(_PASSED_OVER) and "__pycache__" not in path.parts:
            yield path


def observe(folder: Path) -> dict[str, Seen]:
    """The files of a dataset's folder as they are now, by their path in it.

    Raises
    ------
    ReportError
        If the folder or a file cannot be looked at.
    """
    found = {}
    try:
        for path in sorted(input_files(folder)):
            state = path.stat()
            found[path.relative_to(folder).as_posix()] = Seen(state.st_size, state.st_mtime_ns, state.st_ino)
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ReportError(f"{failure.filename}: cannot be read ({reason}); run it again") from None
    return found


def describe_change(before: Mapping[str, Seen], after: Mapping[str, Seen]) -> str | None:
    """What happened to the files between two moments, in a clause; None where nothing did.

    Examples
    --------
    >>> describe_change({"a.csv": Seen(10, 1, 1)}, {"a.csv": Seen(10, 1, 1)})
    >>> describe_change({"a.csv": Seen(10, 1, 1)}, {"a.csv": Seen(12, 2, 1)})
    'a.csv changed while the run was under way; run it again'
    >>> describe_change({"a.csv": Seen(10, 1, 1)}, {})
    'a.csv vanished while the run was under way; put it back and run it again'
    """
    for name in sorted({*before, *after}):
        if name not in after:
            return f"{name} vanished while the run was under way; put it back and run it again"
        if name not in before:
            return f"{name} appeared while the run was under way; run it again"
        if before[name] != after[name]:
            return f"{name} changed while the run was under way; run it again"
    return None
