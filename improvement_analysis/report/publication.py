"""Files under their final names: whole or not there."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Sequence
from pathlib import Path

from improvement_analysis.errors import ReportError

__all__ = ["keep_earlier", "publish", "publish_together", "remove"]


def publish(data: bytes, target: Path) -> None:
    """Write *data* beside *target*, flush it to the disk, and move it there in one step.

    Raises
    ------
    ReportError
        If it cannot be written. What stood under the name before still stands there.
    """
    publish_together([(target, data)])


def publish_together(files: Sequence[tuple[Path, bytes]]) -> None:
    """Write several files beside their places and only then move them there, one after another.

    Raises
    ------
    ReportError
        If one cannot be written; then none was moved.
    """
    beside = [(target.with_name(f".{target.name}.{os.getpid()}"), target, data) for target, data in files]
    try:
        for draft, target, data in beside:
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(draft, data)
        for draft, target, _ in beside:
            draft.replace(target)
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ReportError(f"{target}: cannot be written ({reason}); what stood there is unchanged") from None
    finally:
        for draft, _, _ in beside:
            remove(draft)


def _write(path: Path, data: bytes) -> None:
    with path.open("wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())


def keep_earlier(target: Path, most: int) -> None:
    """Copy what stands in *target* to a folder of its own under ``earlier``, and keep the latest *most*."""
    manifest = target / "manifest.json"
    if not manifest.is_file():
        return
    home = target / "earlier"
    try:
        stamp = json.loads(manifest.read_text(encoding="utf-8"))["started"].replace(":", "")[:17]
        place, draft = home / stamp, home / f".{stamp}.{os.getpid()}"
        if not place.exists():
            left_out = shutil.ignore_patterns("earlier", "failed", ".*")
            shutil.copytree(target, draft, ignore=left_out)
            draft.replace(place)
        for old in sorted(path for path in home.iterdir() if not path.name.startswith("."))[:-most]:
            shutil.rmtree(old)
    except (OSError, ValueError, KeyError) as failure:
        raise ReportError(f"{home}: the run before cannot be kept ({failure}); nothing was made") from None


def remove(path: Path) -> None:
    """Take a file away if it is there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as failure:
        raise ReportError(f"{path}: cannot be removed ({failure.strerror or failure})") from None
