"""One page made from a task, as bytes: nothing is published here, so it can happen on another machine."""

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
from improvement_analysis.report.planning.parameters import Value
from improvement_analysis.report.planning.plan import file_name, relative
from improvement_analysis.tables import TABLE_MIME

__all__ = ["Made", "Task", "make_page"]


@dataclass(frozen=True)
class Task:
    """All that is needed to make a page.

    Attributes
    ----------
    page
        Its path in the output folder, with forward slashes.
    notebook, source
        The notebook's name, and its text.
    parameters
        Already checked; ``dataset`` among them.
    title, kicker, run_lines, illustrative, internal
        What stands over and under the content; an internal page says that it is not for publication.
    timeout
        Seconds that one cell may take.
    """

    page: str
    notebook: str
    source: str
    parameters: Mapping[str, Value]
    title: str
    kicker: str
    run_lines: tuple[str, ...]
    illustrative: bool
    internal: bool
    timeout: int


@dataclass(frozen=True)
class Made:
    """What came of a task.

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


def make_page(task: Task, home: Path | None = None) -> Made:
    """Run, judge and export; a failure is told, never raised.

    A kernel of the name that :func:`~.kernels.own_kernel` gives must be declared. What is needed for a while
    is kept in a private folder in *home*, by default where the system keeps such folders.
    """
    clock = time.perf_counter()
    try:
        with tempfile.TemporaryDirectory(prefix="ia-page-", dir=home, ignore_cleanup_errors=True) as place:
            made = _make_in(Path(place), task)
    except OSError as failure:
        where, reason = failure.filename or "the temporary folder", failure.strerror or str(failure)
        made = Made(
            error=f"{task.notebook}: {where} cannot be used ({reason}); make room there or set TMPDIR"
        )
    return replace(made, seconds=time.perf_counter() - clock)


def _make_in(folder: Path, task: Task) -> Made:
    left, executed = folder / "executed.ipynb", None
    try:
        notebook = nbformat.from_dict(json.loads(task.source))
        executed = execute(notebook, task.parameters, folder, name=task.notebook, timeout=task.timeout)
        return Made(*_page_of(task, executed))
    except ReportError as fault:
        if executed is not None:
            nbformat.write(executed, left)
        return Made(error=str(fault), failed_notebook=left.read_bytes() if left.is_file() else None)


def _page_of(task: Task, executed: Any) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    """The page and its tables; whatever the export throws is one page's failure."""
    try:
        return _export(task, executed)
    except (ReportError, OSError):
        raise
    except Exception as fault:
        said = f"{type(fault).__name__}: {' '.join(str(fault).split())[:300]}"
        raise ReportError(f"{task.notebook}: could not be made into a page ({said})") from fault


def _export(task: Task, executed: Any) -> tuple[bytes, tuple[tuple[str, bytes], ...]]:
    stem = task.page.removesuffix(".html")
    tables = [(f"{stem}.{name}.csv", caption, text) for name, caption, text in _tables(executed)]
    executed.metadata["improvement_analysis"] = {
        "title": task.title,
        "kicker": task.kicker,
        "home": "" if task.page == "index.html" else relative(task.page, "index.html"),
        "illustrative": task.illustrative,
        "internal": task.internal,
        "run": list(task.run_lines),
        "downloads": {
            str(number): {"file": name.rsplit("/", 1)[-1], "caption": caption}
            for number, (name, caption, _) in enumerate(tables, start=1)
        },
    }
    text, _ = _exporter().from_notebook_node(executed)
    return text.encode("utf-8"), tuple((name, cells.encode("utf-8")) for name, _, cells in tables)


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
