"""One page made, as bytes: nothing is published here, so it can happen on another machine."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import nbformat

from improvement_analysis.errors import ReportError
from improvement_analysis.report.making.execution import execute
from improvement_analysis.report.making.exporter import FindingsExporter
from improvement_analysis.report.page import Page
from improvement_analysis.report.places import leave_out_places
from improvement_analysis.report.planning.plan import file_name, relative
from improvement_analysis.tables import TABLE_MIME

__all__ = ["TOGETHER", "Edition", "Made", "make_page"]


#: For pages of a kind, the kind of the page that shows all of them side by side.
TOGETHER = {"area": "areas", "authority": "authorities"}

_KINDS = {
    "service": "Findings for one service",
    "area": "One area against the others",
    "areas": "All areas",
    "authorities": "All authorities",
    "workshop": "Learning workshop",
    "team": "Team pack",
}


@dataclass(frozen=True)
class Edition:
    """What all pages of a run share, and what is needed to make one besides the :class:`~..page.Page`.

    Attributes
    ----------
    dataset
        The folder of the dataset.
    notebooks
        The text of each notebook, by name.
    together
        The pages that show all areas, and all authorities, by kind.
    heading, source, program, data
        What stands over and under the content: whose data of which round, where it is from, and what the
        page was made by and from; for publication *data* is empty.
    illustrative, internal
        Made-up data, and data from which single teams can be told, say so.
    timeout
        Seconds that one cell may take.
    pages
        Kind, title and path of every page that is or will be there: those that a page links to.
    """

    dataset: str
    notebooks: Mapping[str, str]
    together: Mapping[str, Page]
    heading: tuple[str, ...]
    source: str
    program: str
    data: str
    illustrative: bool
    internal: bool
    timeout: int
    pages: tuple[tuple[str, str, str], ...] = ()

    def print_on(self, page: Page) -> dict[str, Any]:
        """What the exporter is to know of a page, see :class:`~.exporter.FindingsExporter`."""
        return {
            "title": page.title,
            "kicker": " \u00b7 ".join((*self.heading, _KINDS.get(page.kind, "Team diagnostics"))),
            "home": "" if page.path == "index.html" else relative(page.path, "index.html"),
            "together": self._together(page),
            "methods": "" if page.path == "index.html" else relative(page.path, "methods.html"),
            "nav": self._neighbours(page),
            "illustrative": self.illustrative,
            "internal": self.internal,
            "run": self._run(page),
        }

    def _run(self, page: Page) -> list[str]:
        """What stands under a page; of one for publication nothing that its inputs could be found by."""
        source = [f"Source: {self.source}."] if self.source else []
        if not self.data:
            return [*source, f"Made by {self.program}."]
        return [*source, f"Made by {self.program} from the notebook {page.notebook} and {self.data}."]

    def _together(self, page: Page) -> dict[str, str]:
        """The link to the page that shows all of a page's kind; nothing where there is none."""
        every = self.together.get(TOGETHER.get(page.kind, ""))
        return {} if every is None else {"link": relative(page.path, every.path), "title": every.title}

    def _neighbours(self, page: Page) -> list[dict[str, str]]:
        """Links to the page of all services and to the pages before and after this one of its kind."""
        links = [
            {"words": title, "link": relative(page.path, path), "rel": "up"}
            for kind, title, path in self.pages
            if kind == "overview" and kind != page.kind
        ]
        alike = [(title, path) for kind, title, path in self.pages if kind == page.kind]
        here = next((number for number, (_, path) in enumerate(alike) if path == page.path), None)
        if here is None:
            return links
        for number, rel, words in ((here - 1, "prev", "Previous"), (here + 1, "next", "Next")):
            if 0 <= number < len(alike):
                title, path = alike[number]
                links.append({"words": f"{words}: {title}", "link": relative(page.path, path), "rel": rel})
        return links


@dataclass(frozen=True)
class Made:
    """What came of making a page.

    Attributes
    ----------
    data
        The page; None where it failed.
    tables
        The CSV files beside it: path in the output folder, and bytes.
    error
        Why it failed, in a sentence.
    failed_notebook
        The notebook of a page that failed, as far as it came.
    seconds
        How long it took.
    """

    data: bytes | None = None
    tables: tuple[tuple[str, bytes], ...] = ()
    error: str | None = None
    failed_notebook: bytes | None = None
    seconds: float = 0.0


def make_page(page: Page, edition: Edition, home: Path | None = None) -> Made:
    """Run, judge and export; a failure is told, never raised.

    A kernel of the name that :func:`~.kernels.own_kernel` gives must be declared. What is needed for a while
    is kept in a private folder in *home*, by default where the system keeps such folders.
    """
    clock = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="ia-page-", dir=home, ignore_cleanup_errors=True) as place:
            made = _make_in(Path(place), page, edition)
    except OSError as failure:
        where, reason = failure.filename or "the temporary folder", failure.strerror or str(failure)
        made = Made(
            error=f"{page.notebook}: {where} cannot be used ({reason}); make room there or set TMPDIR"
        )
    return replace(made, seconds=time.perf_counter() - clock)


def _make_in(folder: Path, page: Page, edition: Edition) -> Made:
    left, executed = folder / "executed.ipynb", None
    parameters = {"dataset": edition.dataset, **page.parameters}
    try:
        notebook = nbformat.from_dict(json.loads(edition.notebooks[page.notebook]))
        executed = execute(notebook, parameters, folder, name=page.notebook, timeout=edition.timeout)
        return _export(page, edition, executed)
    except ReportError as fault:
        if executed is not None:
            nbformat.write(executed, left)
        return Made(error=str(fault), failed_notebook=_kept(left, folder, Path(edition.dataset).parent))


def _kept(left: Path, *folders: Path) -> bytes | None:
    """The notebook of a page that failed, if there is one, without the places of this machine."""
    if not left.is_file():
        return None
    return leave_out_places(left.read_text(encoding="utf-8"), *folders).encode("utf-8")


def _export(page: Page, edition: Edition, executed: Any) -> Made:
    """The page and its tables; whatever the export throws is one page's failure."""
    stem = page.path.removesuffix(".html")
    try:
        tables = [(f"{stem}.{name}.csv", caption, text) for name, caption, text in _tables(executed)]
        downloads = {
            str(number): {"file": name.rsplit("/", 1)[-1], "caption": caption}
            for number, (name, caption, _) in enumerate(tables, start=1)
        }
        executed.metadata["improvement_analysis"] = {**edition.print_on(page), "downloads": downloads}
        text, _ = _exporter().from_notebook_node(executed)
        return Made(text.encode("utf-8"), tuple((name, cells.encode("utf-8")) for name, _, cells in tables))
    except (ReportError, OSError):
        raise
    except Exception as fault:
        message = f"{type(fault).__name__}: {' '.join(str(fault).split())[:300]}"
        raise ReportError(f"{page.notebook}: could not be made into a page ({message})") from fault


_OF_THREAD = threading.local()


def _exporter() -> FindingsExporter:
    """This thread's exporter: its template is compiled once."""
    if not hasattr(_OF_THREAD, "exporter"):
        _OF_THREAD.exporter = FindingsExporter()
    exporter: FindingsExporter = _OF_THREAD.exporter
    return exporter


def _tables(executed: Any) -> list[tuple[str, str, str]]:
    """Name, caption and CSV of each table that a notebook shows, in order.

    A table's name is that of its cell's tag ``table:<name>``, otherwise its number.
    """
    found: list[tuple[str, str, str]] = []
    for cell in executed.cells:
        tags = [tag for tag in cell.metadata.get("tags", []) if tag.startswith("table:")]
        for output in cell.get("outputs", []):
            told = output.get("data", {}).get(TABLE_MIME)
            if told is not None:
                name = file_name(tags.pop(0).removeprefix("table:")) if tags else f"table-{len(found) + 1}"
                found.append((name, str(told["caption"]), str(told["csv"])))
    names = [name for name, _, _ in found]
    return [
        (name if names.count(name) == 1 else f"{name}-{number}", caption, text)
        for number, (name, caption, text) in enumerate(found, start=1)
    ]
