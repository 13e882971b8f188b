"""A dataset's files as bytes, for a worker on another machine; unpacked there only if all is as here."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from improvement_analysis.errors import ReportError
from improvement_analysis.report.planning.inputs import input_files
from improvement_analysis.report.publishing.freshness import program_key
from improvement_analysis.report.publishing.manifest import versions

__all__ = ["Bundle", "check_program", "pack", "unpack"]

#: A file's path in the dataset's folder, with forward slashes, and its bytes; None for a folder.
Files = tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True)
class Bundle:
    """What a worker needs besides a page.

    Attributes
    ----------
    name
        The name of the dataset's folder.
    files
        Everything in it.
    digest
        The sha256 of the files, by which the unpacked folder is known and verified.
    program, versions
        The key of the program that packed it, and the versions of what draws: a worker must have the same.
    """

    name: str
    files: Files
    digest: str
    program: str
    versions: Mapping[str, str]


def pack(folder: Path) -> Bundle:
    """The files of a dataset's folder.

    Raises
    ------
    ReportError
        If one cannot be read.
    """
    files = _read(folder)
    return Bundle(folder.resolve().name, files, _digest(files), program_key(), versions())


def unpack(bundle: Bundle, place: Path) -> Path:
    """Write the files into a new folder in *place*, an empty folder, and return it.

    Raises
    ------
    ReportError
        If this is not the program that packed them, or what was written is not what was packed.
    """
    check_program(bundle, program_key(), versions())
    folder = place / bundle.name
    try:
        folder.mkdir()
        for name, data in bundle.files:
            path = folder / name
            if data is None:
                path.mkdir(parents=True, exist_ok=True)
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(data)
    except OSError as failure:
        said = failure.strerror or str(failure)
        raise ReportError(f"a worker cannot keep the dataset's files ({said})") from None
    if _digest(_read(folder)) != bundle.digest:
        raise ReportError("the dataset's files did not reach a worker as they were sent")
    return folder


def check_program(
    bundle: Bundle, program: str, made_with: Mapping[str, str], worker: str = "a worker"
) -> None:
    """Refuse a worker whose pages might differ from those made here.

    Parameters
    ----------
    program, made_with
        The worker's own.
    worker
        What the message calls it.

    Raises
    ------
    ReportError
        In one sentence, naming what differs.
    """
    if program == bundle.program:
        return
    theirs = [f"{name} {made_with.get(name, 'not installed')}" for name in _differing(bundle, made_with)]
    ours = [f"{name} {bundle.versions[name]}" for name in _differing(bundle, made_with)]
    found = ", ".join(theirs) or "improvement-analysis with other source files"
    here = ", ".join(ours) or "those of this run"
    remedy = "install the same versions there and start it anew"
    raise ReportError(f"{worker} has {found}, expected {here}; {remedy}")


def _differing(bundle: Bundle, made_with: Mapping[str, str]) -> list[str]:
    return [name for name, number in bundle.versions.items() if made_with.get(name) != number]


def _read(folder: Path) -> Files:
    """The files a page may be made from, and all folders, in order."""
    try:
        folders = {path for path in folder.rglob("*") if path.is_dir() and not path.name.startswith(".")}
        paths = sorted({*folders, *input_files(folder)})
        return tuple(
            (path.relative_to(folder).as_posix(), None if path in folders else path.read_bytes())
            for path in paths
        )
    except OSError as failure:
        raise ReportError(f"{failure.filename}: cannot be read ({failure.strerror})") from None


def _digest(files: Files) -> str:
    whole = hashlib.sha256()
    for name, data in files:
        told = [name, None if data is None else hashlib.sha256(data).hexdigest()]
        whole.update(json.dumps(told).encode())
    return whole.hexdigest()
