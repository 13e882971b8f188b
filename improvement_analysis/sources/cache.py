"""A dataset kept in memory by the process that a report forks from; no other keeps any."""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterator
from copy import copy
from dataclasses import fields, replace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from improvement_analysis.dataset import Dataset

__all__ = ["recall", "remember"]

_KEPT: dict[Path, tuple[str, Dataset]] = {}


def remember(folder: str | Path) -> Dataset:
    """Load a dataset, and let this process and those forked from it load it from memory afterwards.

    They do so only while every file of its folder has the bytes that it had.

    Raises
    ------
    SourceError
        As :func:`~.dataset.load` does; then nothing is kept.
    """
    from improvement_analysis.sources.folders import find_dataset
    from improvement_analysis.sources.loading import load

    place = find_dataset(folder).resolve()
    _KEPT.pop(place, None)
    before = _digest(place)
    dataset = load(place)
    if before is not None and before == _digest(place):
        _KEPT[place] = before, dataset
    return dataset


def recall(folder: Path, loaded_from: str = "") -> Dataset | None:
    """The dataset as it was remembered, and what was found out of it; None where a file is not as it was."""
    if not _KEPT or (place := folder.resolve()) not in _KEPT:
        return None
    digest, dataset = _KEPT[place]
    if _digest(place) != digest:
        return None
    parts = {part.name: getattr(dataset, part.name) for part in fields(dataset) if part.init}
    copies = {name: copy(part) for name, part in parts.items()} | {"loaded_from": loaded_from}
    recalled = replace(dataset, **copies)
    recalled.found_before.update(dataset.found_before)
    return recalled


def _digest(place: Path) -> str | None:
    """Of all that stands in the folder: names, links and bytes; None where it cannot be looked at."""
    whole = hashlib.sha256()
    try:
        for line in _describe(place):
            whole.update(line.encode("utf-8", "surrogateescape") + b"\0")
    except (OSError, ValueError, RuntimeError):
        return None
    return whole.hexdigest()


def _describe(place: Path) -> Iterator[str]:
    for path in sorted(place.rglob("*")):
        told = path.lstat()
        yield f"{path.relative_to(place).as_posix()} {stat.S_IFMT(told.st_mode)}"
        if stat.S_ISLNK(told.st_mode):
            yield f"{path.readlink()} {path.resolve()}"
            told = path.stat()
        if stat.S_ISREG(told.st_mode):
            descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
            with os.fdopen(descriptor, "rb") as stream:
                yield hashlib.file_digest(stream, "sha256").hexdigest()
