"""A report run: every planned page made, judged and published, one failing page notwithstanding."""

from __future__ import annotations

import hashlib
import json
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from improvement_analysis.errors import ReportError
from improvement_analysis.report.execution import execute
from improvement_analysis.report.exporter import FindingsExporter
from improvement_analysis.report.index_page import render_index
from improvement_analysis.report.kernels import own_kernel
from improvement_analysis.report.lock import locked
from improvement_analysis.report.manifest import (
    MANIFEST,
    PageRecord,
    Run,
    build_manifest,
    read_manifest,
    versions,
)
from improvement_analysis.report.notebooks import read_notebook
from improvement_analysis.report.parameters import (
    Parameter,
    Value,
    check_parameters,
    parse_value,
    read_parameters,
)
from improvement_analysis.report.plan import Job, choose, file_name, plan_pages, relative
from improvement_analysis.report.publication import publish, remove
from improvement_analysis.sources import Dataset
from improvement_analysis.tables import TABLE_MIME
from improvement_analysis.vocabulary import suggest

__all__ = ["Order", "Outcome", "run_report"]


@dataclass(frozen=True)
class Order:
    """What a report is asked to be.

    Attributes
    ----------
    folder
        The dataset's folder.
    output
        The folder that holds a folder for each dataset's report.
    services, areas, notebooks
        Only these; all where empty.
    settings
        Texts for further parameters, by name; only notebooks that declare all of them are run.
    notebook_folder
        Where the notebooks are; by default the project's.
    timeout
        Seconds that one cell may take.
    workers
        Pages made at a time.
    """

    folder: Path
    output: Path
    services: Sequence[str] = ()
    areas: Sequence[str] = ()
    notebooks: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    notebook_folder: Path | None = None
    timeout: int = 600
    workers: int = 2


@dataclass(frozen=True)
class Outcome:
    """What came of a run: the index, and the record of each page."""

    index: Path
    pages: tuple[PageRecord, ...]

    @property
    def failed(self) -> tuple[PageRecord, ...]:
        """The pages that could not be made."""
        return tuple(page for page in self.pages if page.status == "failed")


Progress = Callable[[int, int, PageRecord], None]


def run_report(dataset: Dataset, order: Order, progress: Progress | None = None) -> Outcome:
    """Make the pages of a dataset.

    Parameters
    ----------
    dataset
        As loaded from ``order.folder``.
    order
        What to make.
    progress
        Called with the number of pages done, the number in all and the record of the page just done.

    Returns
    -------
    Outcome

    Raises
    ------
    ReportError
        If the order cannot be planned (an unknown service, notebook or parameter) or the output folder
        cannot be written. A page that fails does not raise: it is in the outcome.
    """
    planned = plan_pages(dataset)
    jobs = choose(planned, services=order.services, areas=order.areas, notebooks=order.notebooks)
    ready = _prepare(jobs, order)
    target = order.output / file_name(dataset.about.name)
    with locked(target):
        earlier, started = read_manifest(target), _now()
        records = _make_pages(ready, dataset, order, earlier, progress)
        pages = _all_pages(planned, records, earlier, target)
        run = Run(started, _now(), pages)
        publish(render_index(dataset, run).encode("utf-8"), target / "index.html")
        told = json.dumps(build_manifest(dataset, run), indent=2, ensure_ascii=False) + "\n"
        publish(told.encode("utf-8"), target / MANIFEST)
    return Outcome(target / "index.html", pages)


def _make_pages(
    ready: Sequence[_Ready],
    dataset: Dataset,
    order: Order,
    earlier: Mapping[str, PageRecord],
    progress: Progress | None,
) -> dict[str, PageRecord]:
    """Every page made, a few at a time; their records by page."""
    target = order.output / file_name(dataset.about.name)
    records: dict[str, PageRecord] = {}
    with tempfile.TemporaryDirectory(prefix="ia-", ignore_cleanup_errors=True) as place:
        work = Path(place)
        # The kernels end before the pool is waited for, so that an interrupt ends the pages under way too.
        pool = ThreadPoolExecutor(max_workers=order.workers)
        try:
            with own_kernel(work):
                pages = [
                    _Page(each.job, each.notebook, each.parameters, dataset, target, work / f"page-{number}")
                    for number, each in enumerate(ready)
                ]
                futures = [
                    pool.submit(page.make, order.timeout, earlier.get(page.job.page)) for page in pages
                ]
                for done, future in enumerate(as_completed(futures), start=1):
                    record = future.result()
                    records[record.page] = record
                    if progress:
                        progress(done, len(ready), record)
        finally:
            pool.shutdown(cancel_futures=True)
    return records


@dataclass(frozen=True)
class _Ready:
    """A job with its notebook and its checked parameters."""

    job: Job
    notebook: Any
    parameters: Mapping[str, Value]


def _prepare(jobs: Sequence[Job], order: Order) -> list[_Ready]:
    """The jobs that can be run as ordered: those whose notebook declares every parameter that is set."""
    notebooks = {name: read_notebook(name, order.notebook_folder) for name in {job.notebook for job in jobs}}
    declared = {name: read_parameters(notebook, name) for name, notebook in notebooks.items()}
    fitting = [name for name in declared if set(order.settings) <= set(declared[name])]
    if not fitting:
        raise ReportError(_undeclared(order.settings, declared))
    ready = []
    for job in jobs:
        if job.notebook in fitting:
            lines = declared[job.notebook]
            given: dict[str, object] = {"dataset": str(order.folder.resolve()), **job.parameters}
            given |= {name: parse_value(text, lines[name]) for name, text in order.settings.items()}
            checked = check_parameters(given, lines, job.notebook)
            ready.append(_Ready(job, notebooks[job.notebook], checked))
    return ready


def _undeclared(settings: Mapping[str, str], declared: Mapping[str, Mapping[str, Parameter]]) -> str:
    every = list(dict.fromkeys(name for lines in declared.values() for name in lines))
    unknown = [name for name in settings if name not in every] or list(settings)
    close = suggest(unknown[0], every)
    hint = f"did you mean {close!r}? " if close else ""
    known = "; ".join(f"{name} declares {', '.join(map(repr, declared[name]))}" for name in sorted(declared))
    return f"unknown parameter {', '.join(map(repr, unknown))}; {hint}{known}"


@dataclass
class _Page:
    """The making of one page."""

    job: Job
    notebook: Any
    parameters: Mapping[str, Value]
    dataset: Dataset
    target: Path
    work: Path

    def make(self, timeout: int, earlier: PageRecord | None) -> PageRecord:
        """Run, judge, export and publish; on failure keep what stood there and say why."""
        record = PageRecord(
            self.job.page, self.job.title, self.job.kind, self.job.notebook, dict(self.job.parameters), "made"
        )
        clock = time.perf_counter()
        self.work.mkdir()
        try:
            executed = execute(
                self.notebook, self.parameters, self.work, name=self.job.notebook, timeout=timeout
            )
            made = self.publish(executed)
        except ReportError as fault:
            self.keep_failed()
            there = self.target / self.job.page
            kept = hashlib.sha256(there.read_bytes()).hexdigest() if there.is_file() else None
            tables = earlier.tables if earlier and kept else ()
            record = replace(record, status="failed", sha256=kept, tables=tables, error=str(fault))
        else:
            for name in set(earlier.tables if earlier else ()) - set(made.tables):
                remove(self.target / name)
            remove(self.failed_notebook)
            record = replace(record, sha256=made.sha256, tables=made.tables)
        return replace(record, duration_seconds=round(time.perf_counter() - clock, 3))

    def publish(self, executed: Any) -> PageRecord:
        stem = self.job.page.removesuffix(".html")
        tables = {
            str(number): (f"{stem}.{name}.csv", caption, text)
            for number, (name, caption, text) in enumerate(_tables(executed), start=1)
        }
        executed.metadata["improvement_analysis"] = {
            "title": self.job.title,
            "kicker": self.kicker,
            "home": relative(self.job.page, "index.html"),
            "illustrative": self.dataset.about.illustrative,
            "run": self.run_lines,
            "downloads": {
                number: {"file": name.rsplit("/", 1)[-1], "caption": caption}
                for number, (name, caption, _) in tables.items()
            },
        }
        text, _ = _exporter().from_notebook_node(executed)
        data = text.encode("utf-8")
        for name, _, cells in tables.values():
            publish(cells.encode("utf-8"), self.target / name)
        publish(data, self.target / self.job.page)
        names = tuple(name for name, _, _ in tables.values())
        return PageRecord(
            self.job.page,
            self.job.title,
            self.job.kind,
            self.job.notebook,
            {},
            "made",
            hashlib.sha256(data).hexdigest(),
            names,
        )

    @property
    def kicker(self) -> str:
        about = self.dataset.about
        kinds = {"service": "Findings for one service", "area": "One area against the others"}
        return " · ".join(
            part
            for part in (about.authority, about.round, kinds.get(self.job.kind, "Team diagnostics"))
            if part
        )

    @property
    def run_lines(self) -> list[str]:
        about, made_with = self.dataset.about, versions()
        inputs = ", ".join(f"{name} {sha256[:12]}" for name, sha256 in sorted(self.dataset.checksums.items()))
        return [
            f"Source: {about.source_line}.",
            f"Made by improvement_analysis {made_with['improvement-analysis']} from the notebook "
            f"{self.job.notebook} and the dataset {about.name} ({inputs}).",
        ]

    @property
    def failed_notebook(self) -> Path:
        return self.target / "failed" / f"{file_name(self.job.page.removesuffix('.html'))}.ipynb"

    def keep_failed(self) -> None:
        """The notebook of a failed page, with what it had done, for whoever looks into it."""
        executed = self.work / "executed.ipynb"
        if executed.is_file():
            publish(executed.read_bytes(), self.failed_notebook)


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


def _all_pages(
    planned: Sequence[Job],
    records: Mapping[str, PageRecord],
    earlier: Mapping[str, PageRecord],
    target: Path,
) -> tuple[PageRecord, ...]:
    """This run's pages, those it was not asked for, and those the dataset no longer has."""
    pages = []
    for job in planned:
        if job.page in records:
            pages.append(records[job.page])
        elif job.page in earlier and (target / job.page).is_file():
            before = earlier[job.page]
            pages.append(before if before.status == "failed" else replace(before, status="kept"))
    names = {job.page for job in planned}
    pages += [
        replace(record, status="left over")
        for name, record in earlier.items()
        if name not in names and (target / name).is_file()
    ]
    return tuple(pages)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
