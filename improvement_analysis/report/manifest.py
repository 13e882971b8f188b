"""What a run made, from what and with what: ``manifest.json``, written last."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from improvement_analysis.sources import Dataset

__all__ = ["MANIFEST", "PageRecord", "Run", "build_manifest", "read_manifest", "recorded_pages", "versions"]

MANIFEST = "manifest.json"
FORMAT = 2

_MADE_WITH = ("improvement-analysis", "pandas", "numpy", "matplotlib", "papermill", "nbconvert", "ipykernel")


@dataclass(frozen=True)
class PageRecord:
    """One page of a run.

    Attributes
    ----------
    status
        ``"made"``; ``"failed"``: this run could not make it; ``"up to date"``: nothing it is made from has
        changed; ``"kept"``: not asked for in this run; ``"left over"``: a page of an earlier run that the
        dataset no longer plans.
    key
        Of what the page was made from, see :mod:`.freshness`.
    sha256
        Of the page's file; None where there is none.
    tables
        The CSV files beside it, each with its sha256.
    error
        Why it failed, in a sentence.
    """

    page: str
    title: str
    kind: str
    notebook: str
    parameters: Mapping[str, Any]
    status: str
    key: str | None = None
    sha256: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    duration_seconds: float | None = None
    error: str | None = None

    @property
    def stale(self) -> bool:
        """Whether the page that stands there is of an earlier run than it should be."""
        return self.status in ("failed", "left over") and self.sha256 is not None


@dataclass(frozen=True)
class Run:
    """When a run started and ended, in UTC; its pages; what it was made from, counted, and what changed."""

    started: str
    finished: str
    pages: tuple[PageRecord, ...] = field(default=())
    base: str = ""
    planned: tuple[str, ...] = ()
    counts: Mapping[str, Any] = field(default_factory=dict)
    changes: tuple[str, ...] = ()


def build_manifest(dataset: Dataset, run: Run) -> dict[str, Any]:
    """The manifest as plain values."""
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
        "started": run.started,
        "finished": run.finished,
        "warnings": [str(problem) for problem in dataset.problems],
        "base": run.base,
        "planned": list(run.planned),
        "counts": run.counts,
        "changes": list(run.changes),
        "pages": [{**asdict(page), "stale": page.stale} for page in run.pages],
    }


def versions() -> dict[str, str]:
    """The versions of what makes a page."""
    found = {"python": platform.python_version()}
    for name in _MADE_WITH:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "not installed"
    return found


def read_manifest(folder: Path) -> dict[str, Any]:
    """The manifest of an earlier run; empty where there is none that can be read."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return told if isinstance(told, dict) and told.get("format") == FORMAT else {}


def recorded_pages(manifest: Mapping[str, Any]) -> dict[str, PageRecord]:
    """The pages that a manifest records, by path; those that cannot be understood are left out."""
    keys = PageRecord.__dataclass_fields__
    records = {}
    for page in manifest.get("pages", []):
        try:
            record = PageRecord(**{key: page[key] for key in keys})
        except (KeyError, TypeError):
            continue
        records[record.page] = record
    return records
