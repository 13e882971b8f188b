"""Earlier runs, each kept whole in a folder of its own."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from improvement_analysis.errors import ReportError
from improvement_analysis.report.publishing.manifest import read_manifest

__all__ = ["keep_earlier"]


def keep_earlier(target: Path, most: int, draft: Path) -> None:
    """Copy what stands in *target* to a folder of its own under ``earlier``, and keep the latest *most*.

    The copy is made as *draft* and then moved. Which runs are the latest is told by their number, not by a
    clock that may have been set back.

    Raises
    ------
    ReportError
        If it cannot be copied.
    """
    manifest = read_manifest(target)
    if not manifest:
        return
    home = target / "earlier"
    try:
        home.mkdir(exist_ok=True)
        place = _place(home, manifest)
        if place is not None:
            left_out = shutil.ignore_patterns("earlier", "failed", ".*")
            shutil.copytree(target, draft, ignore=left_out)
            draft.replace(place)
        kept = sorted((path for path in home.iterdir() if not path.name.startswith(".")), key=_number)
        for old in kept[:-most]:
            shutil.rmtree(old)
    except (OSError, shutil.Error) as failure:
        reason = getattr(failure, "strerror", None) or str(failure)
        said = f"the run before cannot be kept ({reason}), so nothing was made"
        raise ReportError(f"{home}: {said}; make room or leave out --keep") from None


def _place(home: Path, manifest: Mapping[str, Any]) -> Path | None:
    """A name in *home* for a run, after the moment it started; None where it is kept already."""
    stamp = "".join(sign for sign in str(manifest.get("started", "")) if sign.isalnum() or sign == "-")[:17]
    number = 1
    while True:
        place = home / (f"{stamp}-{number}" if number > 1 else stamp or "run")
        if not place.exists():
            return place
        if read_manifest(place) == manifest:
            return None
        number += 1


def _number(run: Path) -> tuple[int, str]:
    number = read_manifest(run).get("number", 0)
    return (number if isinstance(number, int) else 0), run.name
