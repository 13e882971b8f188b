"""What a run made, from what and with what: ``manifest.json``, written last."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from improvement_analysis.report.page import Page

if TYPE_CHECKING:
    from improvement_analysis.dataset import Dataset

__all__ = [
    "MANIFEST",
    "Run",
    "amend_manifest",
    "build_manifest",
    "is_inside",
    "read_manifest",
    "recorded_pages",
    "versions",
]

MANIFEST = "manifest.json"
FORMAT = 2

_MADE_WITH = ("improvement-analysis", "pandas", "numpy", "matplotlib", "papermill", "nbconvert", "ipykernel")


@dataclass(frozen=True)
class Run:
    """When a run started and ended, in UTC; its pages; what it was made from, counted, and what changed.

    *number* counts the runs into one folder, whatever the clock says; *unasked* are the
    kinds of page that were too many to be made unasked, and how many.
    """

    started: str
    finished: str
    pages: tuple[Page, ...] = field(default=())
    base: str = ""
    planned: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[str, ...] = ()
    number: int = 1
    unasked: Mapping[str, int] = field(default_factory=dict)


def build_manifest(dataset: Dataset, run: Run, files: Mapping[str, str]) -> dict[str, Any]:
    """The manifest as plain values; *files* are the sha256 of index and summary where they were written."""
    about = dataset.about
    return {
        "format": FORMAT,
        "dataset": {
            "name": about.name,
            "title": about.title,
            "authority": about.authority,
            "round": about.round,
            "illustrative": about.illustrative,
        },
        "inputs": [{"name": name, "sha256": sha256} for name, sha256 in sorted(dataset.checksums.items())],
        "versions": versions(),
        "number": run.number,
        "started": run.started,
        "finished": run.finished,
        "warnings": [str(problem) for problem in dataset.problems],
        "base": run.base,
        "planned": list(run.planned),
        "counts": run.counts,
        "changes": list(run.changes),
        "files": dict(files),
        "pages": [page.to_record() for page in run.pages],
    }


@lru_cache(maxsize=1)
def versions() -> Mapping[str, str]:
    """The versions of what makes a page, as this process first found them."""
    found = {"python": platform.python_version()}
    for name in _MADE_WITH:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an earlier run; empty where there is none that can be read and understood."""
    path = folder / MANIFEST
    try:
        told = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    except (OSError, ValueError, RecursionError):
        return {}
    if not isinstance(told, dict) or told.get("format") != FORMAT:
        return {}
    kinds = {"pages": list, "planned": list, "counts": dict, "files": dict, "number": int}
    return told if all(isinstance(told.get(key, kind()), kind) for key, kind in kinds.items()) else {}


def amend_manifest(folder: Path, told: Sequence[Mapping[str, Any]]) -> tuple[str, bytes]:
    """The manifest's name, and its bytes once it knows of the pages that a killed run's journal told of."""
    manifest = read_manifest(folder) or {"format": FORMAT, "pages": []}
    newer = {page.get("page"): page for page in told}
    kept = [page for page in manifest.get("pages", []) if page.get("page") not in newer]
    amended = {**manifest, "pages": [*kept, *newer.values()]}
    return MANIFEST, (json.dumps(amended, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def recorded_pages(manifest: Mapping[str, Any]) -> dict[str, Page]:
    """The pages that a manifest records, by path; those that cannot be understood are left out."""
    pages = {}
    for record in manifest.get("pages", []):
        try:
            page = Page.from_record(record)
            names = [page.path, *page.tables]
        except (KeyError, TypeError):
            continue
        if all(isinstance(name, str) and is_inside(name) for name in names):
            pages[page.path] = page
    return pages


def is_inside(name: str) -> bool:
    """Whether a path stays in the folder it is taken in.

    Examples
    --------
    >>> is_inside("services/a.html"), is_inside("../a.html"), is_inside("/a.html")
    (True, False, False)
    """
    path = PurePosixPath(name)
    return not path.is_absolute() and ".." not in path.parts and "\\" not in name and ":" not in name
