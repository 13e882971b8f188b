"""What a run made, from what and with what: ``manifest.json``, written last."""

from __future__ import annotations

import json
import platform
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from improvement_analysis.sources import Dataset

__all__ = ["MANIFEST", "PageRecord", "build_manifest", "read_manifest", "versions"]

MANIFEST = "manifest.json"
FORMAT = 1

_MADE_WITH = ("improvement-analysis", "pandas", "numpy", "matplotlib", "papermill", "nbconvert", "ipykernel")


@dataclass(frozen=True)
class PageRecord:
    """One page of a run.

    Attributes
    ----------
    status
        ``"made"``; ``"failed"``: this run could not make it; ``"kept"``: not asked for in this run;
        ``"left over"``: a page of an earlier run that the dataset no longer plans.
    sha256
        Of the page's file; None where there is none.
    tables
        The CSV files beside it.
    error
        Why it failed, in a sentence.
    """

    page: str
    title: str
    kind: str
    notebook: str
    parameters: Mapping[str, Any]
    status: str
    sha256: str | None = None
    tables: tuple[str, ...] = ()
    duration_seconds: float | None = None
    error: str | None = None

    @property
    def stale(self) -> bool:
        """Whether the page that stands there is of an earlier run than it should be."""
        return self.status in ("failed", "left over") and self.sha256 is not None


@dataclass(frozen=True)
class Run:
    """When a run started and ended, in UTC."""

    started: str
    finished: str
    pages: tuple[PageRecord, ...] = field(default=())


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
        "pages": [{**asdict(page), "tables": list(page.tables), "stale": page.stale} for page in run.pages],
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


def read_manifest(folder: Path) -> dict[str, PageRecord]:
    """The pages that an earlier run recorded, by path; none where there is no manifest that can be read."""
    try:
        told = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        keys = PageRecord.__dataclass_fields__
        records = [PageRecord(**{key: page[key] for key in keys}) for page in told["pages"]]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {record.page: record for record in records}
