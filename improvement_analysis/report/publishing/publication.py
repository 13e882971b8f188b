"""Files made aside, then moved under their final names in one go: whole or not there, never half a run.

A run writes all it makes into ``.staged`` in the report's folder. When everything is made it notes in a
journal what it is about to move, and moves it. A run that is killed before that has changed nothing; one that
is killed after it is brought to its end by the next.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from improvement_analysis.errors import ReportError
from improvement_analysis.report.interruption import held_back
from improvement_analysis.report.publishing.manifest import is_inside

__all__ = ["Group", "Staging", "is_pending", "staged"]

STAGED = ".staged"
JOURNAL = "journal.json"
_BEFORE = ".before"

Amend = Callable[[Sequence[Mapping[str, Any]]], tuple[str, bytes] | None]

_REMEDIES = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), "make room on its disk and run it again"),
    **dict.fromkeys((errno.EACCES, errno.EPERM, errno.EROFS), "see that it may be written and run it again"),
    **dict.fromkeys(
        (errno.EISDIR, errno.ENOTDIR, errno.ENOTEMPTY), "move away what stands there and run it again"
    ),
}


@dataclass(frozen=True)
class Group:
    """Files that appear under their final names all or none.

    Attributes
    ----------
    files
        Path in the report's folder, with forward slashes, and sha256; moved in this order.
    gone
        Files of an earlier run that are taken away with it.
    told
        What the journal notes of the group for the run that may have to bring it to an end.
    """

    files: Mapping[str, str]
    gone: Sequence[str] = ()
    told: Mapping[str, Any] = field(default_factory=dict)


def is_pending(target: Path) -> bool:
    """Whether a run was killed while it moved its files."""
    return (target / STAGED / JOURNAL).exists()


@contextmanager
def staged(target: Path, amend: Amend) -> Iterator[Staging]:
    """A place for what a run makes, once what a killed run left is settled.

    It is taken away at the end, unless there is still something to settle.

    Parameters
    ----------
    target
        The report's folder.
    amend
        From what a killed run's journal told of the groups that are now in their places: the name and the
        bytes of the file that has to know of them, or None.

    Raises
    ------
    ReportError
        If it cannot be made ready, or a folder in *target* is a link that leads elsewhere.
    """
    refuse_links(target)
    staging = Staging(target)
    staging.settle_earlier(amend)
    try:
        yield staging
    finally:
        if not staging.unsettled:
            with held_back(heeding=False):
                staging.close()


def refuse_links(folder: Path) -> None:
    """Refuse to write through a link in *folder*: whoever laid it there would choose what is overwritten.

    Raises
    ------
    ReportError
        If a name in it is a link to anything but a file, which is replaced and not followed.
    """
    for path in folder.iterdir():
        if path.is_symlink() and (path.name == STAGED or not path.is_file()):
            raise ReportError(f"{path}: is a link, which is not followed; delete it and run it again")


class Staging:
    """The place aside, and the ways out of it.

    Attributes
    ----------
    aside
        The sha256 of each file that was written aside.
    unsettled
        Whether the next run has to bring something to an end: from the journal's writing to
        :meth:`finish`, and beyond it where something could not be put back.
    """

    def __init__(self, target: Path) -> None:
        self.target, self.place = target, target / STAGED
        self.unsettled = self._stuck = False
        self.aside: dict[str, str] = {}
        self._touched: set[Path] = set()

    def add(self, name: str, data: bytes) -> str:
        """Write a file aside and flush it to the disk; its sha256 is given.

        Raises
        ------
        ReportError
            If it cannot be written.
        """
        try:
            _write(self.place / name, data)
        except OSError as failure:
            raise ReportError(self._refusal(name, failure)) from None
        self.aside[name] = hashlib.sha256(data).hexdigest()
        return self.aside[name]

    def note(self, groups: Sequence[Group]) -> None:
        """Note in the journal what is about to be moved.

        Raises
        ------
        ReportError
            If it cannot be written; then nothing may be moved.
        """
        text = json.dumps([asdict(group) for group in groups])
        draft = self.place / f"{JOURNAL}.draft"
        self.unsettled = True
        try:
            _write(draft, text.encode("utf-8"))
            draft.replace(self.place / JOURNAL)
            for folder in {(self.place / name).parent for group in groups for name in group.files}:
                _flush_folder(folder)
            _flush_folder(self.place)
        except OSError as failure:
            self.unsettled = is_pending(self.target)
            raise ReportError(self._refusal(f"{STAGED}/{JOURNAL}", failure)) from None

    def move(self, group: Group) -> None:
        """Move a group's files under their final names.

        Raises
        ------
        ReportError
            If one cannot be moved. Those moved before it are put back.
        """
        name, moved = next(iter(group.files)), list[str]()
        try:
            for name in (*group.files, *group.gone):
                self._keep_before(name)
            for name in group.files:
                (self.target / name).parent.mkdir(parents=True, exist_ok=True)
                (self.place / name).replace(self.target / name)
                moved.append(name)
                self._touched.add((self.target / name).parent)
            for name in group.gone:
                (self.target / name).unlink(missing_ok=True)
        except OSError as failure:
            raise ReportError(self._put_back(group, moved, self._refusal(name, failure))) from None

    def put(self, name: str, data: bytes) -> str:
        """Write one file and move it under its final name at once; its sha256 is given.

        Raises
        ------
        ReportError
            If it cannot be written.
        """
        sha256 = self.add(name, data)
        self.move(Group({name: sha256}))
        return sha256

    def flush(self) -> None:
        """See to it that the names of what was moved outlast a loss of power.

        Raises
        ------
        ReportError
            If a folder cannot be flushed.
        """
        try:
            while self._touched:
                _flush_folder(self._touched.pop())
        except OSError as failure:
            raise ReportError(self._refusal(".", failure)) from None

    def finish(self) -> None:
        """Say that all is done and told: the journal is not needed any more."""
        self.unsettled = self._stuck

    def settle_earlier(self, amend: Amend) -> None:
        """Bring to an end what a killed run was about to move, and clear away what it left."""
        try:
            told = [group.told for group in _read_journal(self.place / JOURNAL) if self._settle(group)]
            amended = amend(told) if told else None
            if amended is not None:
                self.put(*amended)
            self._clear()
        except OSError as failure:
            reason = failure.strerror or str(failure)
            said = f"what a run that was stopped left there cannot be put right ({reason})"
            raise ReportError(f"{self.place}: {said}; see that it may be written and run it again") from None

    def close(self) -> None:
        """Take the place away. What cannot be taken away now is settled and taken away by the next run."""
        with suppress(OSError):
            self._clear()

    def _clear(self) -> None:
        """Take the journal away first, so that it never tells of what is gone."""
        if self.place.exists():
            (self.place / JOURNAL).unlink(missing_ok=True)
            shutil.rmtree(self.place, ignore_errors=True)  # what stays is taken away by the next run

    def _settle(self, group: Group) -> bool:
        """Move what is left of a group; where that cannot be, put back what was before."""
        if all(self._is_there(name, sha256) for name, sha256 in group.files.items()):
            for name in group.files:
                if _sha256(self.target / name) != group.files[name]:
                    (self.target / name).parent.mkdir(parents=True, exist_ok=True)
                    (self.place / name).replace(self.target / name)
            for name in group.gone:
                (self.target / name).unlink(missing_ok=True)
            return True
        self._restore(group, [*group.files, *group.gone])
        return False

    def _is_there(self, name: str, sha256: str) -> bool:
        return any(_sha256(home / name) == sha256 for home in (self.place, self.target))

    def _keep_before(self, name: str) -> None:
        """Keep what stands under a final name: by a second name for the same file, which needs no room."""
        there, before = self.target / name, self.place / _BEFORE / name
        if there.exists():
            before.parent.mkdir(parents=True, exist_ok=True)
            before.unlink(missing_ok=True)
            try:
                os.link(there, before)
            except OSError:  # a file system without second names
                shutil.copy2(there, before)

    def _put_back(self, group: Group, moved: Sequence[str], said: str) -> str:
        vanished = [name for name in group.gone if not (self.target / name).exists()]
        try:
            self._restore(group, [*moved, *vanished])
        except OSError:
            self._stuck = True
            return f"{said}; its tables are put right by the next run"
        return said

    def _restore(self, group: Group, names: Sequence[str]) -> None:
        """Put back what stood under these names, or nothing where nothing did."""
        for name in names:
            before = self.place / _BEFORE / name
            if before.exists():
                before.replace(self.target / name)
            elif name in group.files and _sha256(self.target / name) == group.files[name]:
                (self.target / name).unlink()

    def _refusal(self, name: str, failure: OSError) -> str:
        reason = failure.strerror or str(failure)
        remedy = _REMEDIES.get(failure.errno or 0, "run it again")
        return (
            f"{self.target / name}: cannot be written ({reason}), so what stood there is unchanged; {remedy}"
        )


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def _flush_folder(folder: Path) -> None:
    """Flush a folder's names to the disk, where a system lets a folder be opened."""
    if os.name == "posix":
        descriptor = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _read_journal(path: Path) -> list[Group]:
    """What a journal tells; nothing where there is none. One that is none of ours is not acted upon."""
    try:
        groups = [Group(**each) for each in json.loads(path.read_text(encoding="utf-8"))]
    except (FileNotFoundError, ValueError, TypeError):
        return []
    return [group for group in groups if all(is_inside(name) for name in (*group.files, *group.gone))]
