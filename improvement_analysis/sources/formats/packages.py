"""The zip packages that workbooks and Word documents are: looked into before anything is unpacked."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from functools import cached_property

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.files import SourceFile

__all__ = ["Package"]

#: Unpacked bytes, parts, and marks (``<``) of all parts together: more is refused unread.
MOST_UNPACKED, MOST_PARTS, MOST_MARKS = 100_000_000, 2_000, 1_500_000

_CHUNK = 1 << 20
_LONG_TAG = re.compile(rb"<[^<>]{20000}")


class Package:
    """A zip package, small enough to be unpacked.

    Raises
    ------
    SourceError
        If it is no zip, is broken or encrypted, unpacks to too much, or one of its XML parts declares
        entities of its own.
    """

    def __init__(self, file: SourceFile, most_marks: int = MOST_MARKS) -> None:
        self.file, self.most_marks = file, most_marks
        try:
            self.zip = zipfile.ZipFile(io.BytesIO(file.data))
        except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as fault:
            raise self.refusal(
                f"a file that cannot be unpacked ({fault})", "a file as it was saved"
            ) from None
        self._inspect()

    def refusal(self, found: str, expected: str, remedy: str = "") -> SourceError:
        """The error that refuses the whole file."""
        return SourceError([Problem(self.file.name, found, expected, remedy)])

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of its parts."""
        return frozenset(self.zip.namelist())

    def read(self, name: str) -> bytes:
        """The bytes of a part; the whole package has been seen to be small enough."""
        return b"".join(self._chunks(name))

    @property
    def has_macros(self) -> bool:
        """Whether it holds a program."""
        return any(name.casefold().endswith("vbaproject.bin") for name in self.names)

    def _chunks(self, name: str) -> Iterator[bytes]:
        try:
            with self.zip.open(name) as stream:
                while chunk := stream.read(_CHUNK):
                    yield chunk
        except (
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            RuntimeError,
            NotImplementedError,
        ) as fault:
            what = "a password" if "password" in str(fault) or "encrypted" in str(fault) else "a damaged part"
            raise self.refusal(f"{what} ({name})", "a file that can be unpacked", "save it again") from None

    def _inspect(self) -> None:
        if len(self.zip.infolist()) > MOST_PARTS:
            found = f"{len(self.zip.infolist()):,} parts in one file"
            raise self.refusal(found, f"at most {MOST_PARTS:,}")
        if sum(part.file_size for part in self.zip.infolist()) > MOST_UNPACKED:
            raise self._too_much()
        if len(self.names) < len(self.zip.namelist()):
            raise self.refusal("two parts of one name", "each part once", "save it again")
        unpacked = marks = 0
        for part in self.zip.infolist():
            is_xml = part.filename.casefold().endswith((".xml", ".rels", ".vml"))
            tail = b""
            for chunk in self._chunks(part.filename):
                unpacked += len(chunk)
                marks += chunk.count(b"<") if is_xml else 0
                if unpacked > MOST_UNPACKED or marks > self.most_marks:
                    raise self._too_much()
                if is_xml:
                    self._look(part.filename, tail + chunk)
                tail = chunk[-32:]

    def _look(self, part: str, text: bytes) -> None:
        """Refuse XML that declares entities, or is written so that this could not be seen."""
        if re.search(rb"<!(DOCTYPE|ENTITY)", text):
            raise self.refusal(f"a declaration of entities ({part})", "a file without any", "save it again")
        if _LONG_TAG.search(text):
            raise self.refusal(
                f"an element with absurdly many attributes ({part})", "a file as Office saves it"
            )
        if b"\x00" in text:
            raise self.refusal(
                f"a part that is not in UTF-8 ({part})", "a file as Office saves it", "save it again"
            )

    def _too_much(self) -> SourceError:
        return self.refusal(
            "a file that unpacks to far more than a set of gradings",
            f"at most {MOST_UNPACKED // 1_000_000} MB and {self.most_marks:,} elements",
            "save the gradings alone, or as CSV",
        )
