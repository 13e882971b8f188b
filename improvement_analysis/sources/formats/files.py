"""Bytes of a source file, read once and only if it is a regular file that holds still."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

from improvement_analysis.errors import Problem, SourceError

__all__ = ["SourceFile", "decode", "explain", "read_file"]

#: Larger files are refused: no set of gradings comes near it.
MOST_BYTES = 120_000_000


@dataclass(frozen=True)
class SourceFile:
    """The bytes of a file and the name by which messages call it."""

    name: str
    data: bytes

    @property
    def sha256(self) -> str:
        """The checksum of the bytes."""
        return hashlib.sha256(self.data).hexdigest()


def read_file(path: Path, *, name: str | None = None, inside: Path | None = None) -> SourceFile:
    """Read a regular file whole.

    Parameters
    ----------
    path
        The file.
    name
        What messages call it; by default its last part.
    inside
        A folder it may not lead out of, by a link or by ``..``.

    Raises
    ------
    SourceError
        If it is absent, not a regular file, too large, unreadable, outside *inside*, or changed meanwhile.
    """
    called = name or path.name or str(path)
    try:
        if inside is not None and not path.resolve().is_relative_to(inside.resolve()):
            _refuse(called, "a path that leads out of the folder", "a file inside the dataset's folder")
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        try:
            before = os.fstat(descriptor)
            if not stat.S_ISREG(before.st_mode):
                _refuse(called, "something that is not a regular file", "a file")
            if before.st_size > MOST_BYTES:
                _refuse(called, f"{before.st_size:,} bytes", f"at most {MOST_BYTES:,} bytes")
            with os.fdopen(descriptor, "rb", closefd=False) as stream:
                data = stream.read(MOST_BYTES + 1)
            after = os.fstat(descriptor)
        finally:
            os.close(descriptor)
    except FileNotFoundError:
        _refuse(called, "no such file", "a file that can be read", "check the name and the folder")
    except (OSError, ValueError, RuntimeError) as failure:  # RuntimeError: a circle of links
        reason, remedy = explain(failure)
        _refuse(called, f"a file that cannot be read ({reason})", "a file that can be read", remedy)
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns) or len(
        data
    ) != after.st_size:
        _refuse(called, "a file that changed while it was read", "one that holds still", "try again")
    return SourceFile(called, data)


def explain(failure: Exception) -> tuple[str, str]:
    """Why a path cannot be followed, in words that name no folder, and how to mend it."""
    if isinstance(failure, RuntimeError) or getattr(failure, "errno", None) == errno.ELOOP:
        return "a link that leads back to itself", "put what is meant in the link's place"
    return getattr(failure, "strerror", None) or str(failure), ""


def _refuse(name: str, found: str, expected: str, remedy: str = "") -> NoReturn:
    raise SourceError([Problem(name, found, expected, remedy)])


def decode(file: SourceFile) -> tuple[str, list[Problem]]:
    """The text of a file: UTF-8, UTF-16 with its mark, or Windows-1252 with a warning.

    Raises
    ------
    SourceError
        If it is none of these, or holds a NUL.
    """
    warnings: list[Problem] = []
    text = None
    if _is_mixed(file.data):
        found = "letters in UTF-8 beside letters that are not"
        _refuse(file.name, found, "one encoding", "save it as 'CSV UTF-8' where its names are right")
    marked = file.data.startswith((b"\xff\xfe", b"\xfe\xff"))
    encodings = ["utf-16"] if marked else ["utf-8-sig", "cp1252"]
    for encoding in encodings:
        try:
            text = file.data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    if text is None or "\x00" in text:
        _refuse(file.name, "bytes that are not text", "text in UTF-8", "save it as 'CSV UTF-8'")
    if encoding == "cp1252":
        problem = Problem(
            file.name,
            "letters that are not UTF-8",
            "text in UTF-8",
            "it was read as Windows-1252: check names with accents, or save it as 'CSV UTF-8'",
            severity="warning",
        )
        warnings.append(problem)
    return text, warnings


def _is_mixed(data: bytes) -> bool:
    """Whether bytes beyond ASCII are partly UTF-8 and partly not."""
    if data.isascii() or data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        left = data.decode("utf-8", "ignore")
        return not left.isascii()
    return False
