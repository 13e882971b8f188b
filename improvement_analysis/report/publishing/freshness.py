"""What a page is made from, as a key: while it stands still, the page need not be made again.

Kept free of anything slow to import: a run that finds nothing to do is over in a moment.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from improvement_analysis.errors import ReportError
from improvement_analysis.report.page import Page
from improvement_analysis.report.planning.inputs import input_files
from improvement_analysis.report.publishing.manifest import read_manifest, recorded_pages, versions
from improvement_analysis.report.publishing.publication import is_pending

__all__ = ["all_fresh", "base_key", "is_whole", "page_key", "program_key"]

_PACKAGE = Path(__file__).resolve().parents[2]
_BESIDE_PAGES = ("index.html", "methods.html", "summary.txt", "summary.json")
_OURS = (".py", ".j2", ".css", ".js", ".html", ".json", ".mplstyle")


def base_key(folder: Path) -> str:
    """A key of all that every page of a dataset depends on.

    The bytes of every file of the dataset's folder, the package itself, and the versions of what draws.

    Raises
    ------
    ReportError
        If a file cannot be read.
    """
    found = _digest(folder, input_files(folder))
    return hashlib.sha256(f"{found} {program_key()}".encode()).hexdigest()


def page_key(base: str, notebook: str, parameters: Mapping[str, object]) -> str:
    """The key of a page: *base*, the notebook's cells, and what is set."""
    named = [base, _cells_key(notebook), sorted(parameters.items())]
    return hashlib.sha256(json.dumps(named).encode()).hexdigest()


@lru_cache(maxsize=64)
def _cells_key(notebook: str) -> str:
    cells = [
        [cell["cell_type"], "".join(cell["source"]), cell.get("metadata", {}).get("tags", [])]
        for cell in json.loads(notebook)["cells"]
    ]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def is_whole(page: Page, target: Path) -> bool:
    """Whether a recorded page and its tables stand in *target* just as they were made."""
    if page.status == "failed" or page.sha256 is None:
        return False
    return _all_stand({page.path: page.sha256, **page.tables}, target)


def _all_stand(files: Mapping[str, str], target: Path, named: Collection[str] = ()) -> bool:
    """Whether files are as they were made, and all that are named among them."""
    try:
        return set(named) <= set(files) and all(
            hashlib.sha256((target / name).read_bytes()).hexdigest() == sha256
            for name, sha256 in files.items()
        )
    except OSError:
        return False


def all_fresh(folder: Path, target: Path, notebooks: Path) -> bool:
    """Whether every page that a dataset plans stands in *target* and is up to date.

    Answered from the last run's manifest, without loading the dataset: where its files, the package and the
    notebooks are as they were, so is the plan.
    """
    manifest = read_manifest(target)
    pages = recorded_pages(manifest)
    planned = set(manifest.get("planned", []))
    unasked = {path for path, page in pages.items() if page.status == "kept" and path not in planned}
    if not pages or set(pages) - unasked != planned or is_pending(target):
        return False
    pages = {path: page for path, page in pages.items() if path in planned}
    if not _all_stand(manifest.get("files", {}), target, _BESIDE_PAGES):
        return False
    base = base_key(folder)
    if base != manifest.get("base"):
        return False
    try:
        sources = {
            page.notebook: (notebooks / f"{page.notebook}.ipynb").read_text("utf-8")
            for page in pages.values()
        }
        keys = {page.path: page_key(base, sources[page.notebook], page.parameters) for page in pages.values()}
    except (OSError, ValueError, KeyError):
        return False
    return all(page.key == keys[page.path] and is_whole(page, target) for page in pages.values())


@lru_cache(maxsize=1)
def program_key() -> str:
    """A key of the package's files and of the versions of what draws, as this process first found them."""
    ours = (path for path in _PACKAGE.rglob("*") if path.suffix in _OURS and "notebooks" not in path.parts)
    return f"{_digest(_PACKAGE, ours)} {json.dumps(versions())}"


def _digest(home: Path, paths: Iterable[Path]) -> str:
    whole = hashlib.sha256()
    try:
        for path in sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts):
            whole.update(f"{path.relative_to(home).as_posix()} {path.stat().st_size} ".encode())
            whole.update(hashlib.sha256(path.read_bytes()).digest())
    except OSError as failure:
        raise ReportError(f"{failure.filename}: cannot be read ({failure.strerror})") from None
    return whole.hexdigest()
