"""A report run: every planned page made, judged and published, one failing page notwithstanding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import nbformat

from improvement_analysis.errors import ReportError
from improvement_analysis.report.changes import count_for_manifest, describe_changes, summarise_run
from improvement_analysis.report.freshness import base_key, is_whole, page_key
from improvement_analysis.report.index_page import render_index
from improvement_analysis.report.lock import locked
from improvement_analysis.report.making import Made, Task
from improvement_analysis.report.manifest import (
    MANIFEST,
    PageRecord,
    Run,
    build_manifest,
    read_manifest,
    recorded_pages,
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
from improvement_analysis.report.plan import (
    Job,
    choose,
    file_name,
    plan_pages,
    plan_publication,
    report_folder,
)
from improvement_analysis.report.publication import keep_earlier, publish, publish_together, remove
from improvement_analysis.report.workers import Workers, local_workers
from improvement_analysis.sources import Dataset
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
    jobs
        Pages made at a time.
    if_changed
        Leave alone the pages that are up to date.
    only
        Only these pages, by their path in the output folder.
    publish
        Make the page for publication instead, in a folder of its own; *min_teams* is its threshold.
    keep
        How many earlier runs to keep, each in a folder of its own under ``earlier``.
    """

    folder: Path
    output: Path
    services: Sequence[str] = ()
    areas: Sequence[str] = ()
    notebooks: Sequence[str] = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    notebook_folder: Path | None = None
    timeout: int = 600
    jobs: int = 2
    if_changed: bool = False
    only: Sequence[str] = ()
    keep: int = 0
    publish: bool = False
    min_teams: int = 3


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


def run_report(
    dataset: Dataset, order: Order, progress: Progress | None = None, workers: Workers | None = None
) -> Outcome:
    """Make the pages of a dataset.

    Parameters
    ----------
    dataset
        As loaded from ``order.folder``.
    order
        What to make.
    progress
        Called with the number of pages done, the number in all and the record of the page just done.
    workers
        What makes the pages; by default threads of this process, each with a kernel of its own.

    Returns
    -------
    Outcome

    Raises
    ------
    ReportError
        If the order cannot be planned (an unknown service, notebook or parameter) or the output folder
        cannot be written. A page that fails does not raise: it is in the outcome.
    """
    planned, ready, base = _plan(dataset, order)
    target = report_folder(dataset.about.name, order.output, publish=order.publish)
    if order.publish:
        return _run_publication(ready, target, workers or local_workers(1))
    with locked(target):
        manifest, started = read_manifest(target), _now()
        earlier = recorded_pages(manifest)
        fresh = [each for each in ready if order.if_changed and _is_fresh(each, earlier, target)]
        records = {each.job.page: replace(earlier[each.job.page], status="up to date") for each in fresh}
        due = [each for each in ready if each.job.page not in records]
        if due and order.keep:
            keep_earlier(target, order.keep)
        for done, record in enumerate(
            _make(due, target, earlier, workers or local_workers(order.jobs)), start=1
        ):
            records[record.page] = record
            if progress:
                progress(done, len(due), record)
        pages = _all_pages(planned, records, earlier, target)
        counts = count_for_manifest(dataset)
        changes = describe_changes(
            manifest.get("counts"), counts, dataset.about.short_labels, dataset.about.scale
        )
        names = tuple(job.page for job in planned)
        run = Run(started, _now(), pages, base, names, counts, tuple(changes))
        _finish(dataset, run, target)
    return Outcome(target / "index.html", pages)


def _run_publication(ready: Sequence[_Ready], target: Path, workers: Workers) -> Outcome:
    """Only the page and its table: a manifest, a summary or a failed notebook could tell what is withheld."""
    with locked(target), workers as make:
        (each,) = ready
        ((_, made),) = make([each.task])
        record = _publish_page(each, replace(made, failed_notebook=None), target, None)
    return Outcome(target / "index.html", (record,))


def list_jobs(dataset: Dataset, order: Order) -> list[tuple[Job, bool]]:
    """The pages that a run would make, and whether each is up to date already."""
    _, ready, _ = _plan(dataset, order)
    target = report_folder(dataset.about.name, order.output)
    earlier = recorded_pages(read_manifest(target))
    return [(each.job, _is_fresh(each, earlier, target)) for each in ready]


def _plan(dataset: Dataset, order: Order) -> tuple[list[Job], list[_Ready], str]:
    base = base_key(order.folder)
    planned = plan_publication(order.min_teams) if order.publish else plan_pages(dataset)
    chosen = (order.services, order.areas, order.notebooks, order.only)
    jobs = choose(planned, *chosen)
    return planned, _prepare(jobs, dataset, order, base), base


def _is_fresh(each: _Ready, earlier: Mapping[str, PageRecord], target: Path) -> bool:
    record = earlier.get(each.job.page)
    return record is not None and record.key == each.key and is_whole(record, target)


def _make(
    due: Sequence[_Ready], target: Path, earlier: Mapping[str, PageRecord], workers: Workers
) -> Iterator[PageRecord]:
    """Every page that is due, published as it is made; the record of each as it is done."""
    if not due:
        return
    by_page = {each.job.page: each for each in due}
    with workers as make:
        for page, made in make([each.task for each in due]):
            yield _publish_page(by_page[page], made, target, earlier.get(page))


def _publish_page(each: _Ready, made: Made, target: Path, earlier: PageRecord | None) -> PageRecord:
    """Publish a page and its tables, or keep what stood there and say why."""
    job, error = each.job, made.error
    record = PageRecord(job.page, job.title, job.kind, job.notebook, dict(job.parameters), "made", each.key)
    record = replace(record, duration_seconds=round(made.seconds, 3))
    failed = target / "failed" / f"{file_name(job.page.removesuffix('.html'))}.ipynb"
    if made.data is not None:
        try:
            files = [*made.tables, (job.page, made.data)]
            publish_together([(target / name, data) for name, data in files])
            for name in set(earlier.tables if earlier else ()) - {name for name, _ in made.tables}:
                remove(target / name)
            remove(failed)
        except ReportError as fault:
            error = str(fault)
        else:
            tables = {name: hashlib.sha256(data).hexdigest() for name, data in made.tables}
            return replace(record, sha256=hashlib.sha256(made.data).hexdigest(), tables=tables)
    if made.failed_notebook is not None:
        publish(made.failed_notebook, failed)
    there = target / job.page
    kept = hashlib.sha256(there.read_bytes()).hexdigest() if there.is_file() else None
    tables = dict(earlier.tables) if earlier and kept else {}
    return replace(record, status="failed", key=None, sha256=kept, tables=tables, error=error)


def _finish(dataset: Dataset, run: Run, target: Path) -> None:
    """Index and summary, and last of all the manifest."""
    text, machine = summarise_run(dataset, run.pages, run.changes)
    told = json.dumps(build_manifest(dataset, run), indent=2, ensure_ascii=False) + "\n"
    publish(render_index(dataset, run).encode("utf-8"), target / "index.html")
    publish(text.encode("utf-8"), target / "summary.txt")
    publish(machine.encode("utf-8"), target / "summary.json")
    publish(told.encode("utf-8"), target / MANIFEST)


@dataclass(frozen=True)
class _Ready:
    """A job with its task and the key of what its page is made from."""

    job: Job
    task: Task
    key: str


def _prepare(jobs: Sequence[Job], dataset: Dataset, order: Order, base: str) -> list[_Ready]:
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
            task = _task(job, dataset, nbformat.writes(notebooks[job.notebook]), checked, order.timeout)
            set_here = {name: value for name, value in checked.items() if name != "dataset"}
            ready.append(_Ready(job, task, page_key(base, task.source, set_here)))
    return ready


def _task(job: Job, dataset: Dataset, source: str, parameters: Mapping[str, Value], timeout: int) -> Task:
    about, made_with = dataset.about, versions()
    kinds = {"service": "Findings for one service", "area": "One area against the others"}
    internal = job.kind != "publication" and bool(dataset.gradings["team"].notna().any())
    over = (about.authority, about.round, kinds.get(job.kind, "Team diagnostics"))
    listing = "".join(f"{name} {sha256}" for name, sha256 in sorted(dataset.checksums.items()))
    inputs = hashlib.sha256(listing.encode()).hexdigest()[:12]
    return Task(
        page=job.page,
        notebook=job.notebook,
        source=source,
        parameters=parameters,
        title=job.title,
        kicker=" \u00b7 ".join(part for part in over if part),
        run_lines=(
            f"Source: {about.source_line}.",
            f"Made by improvement_analysis {made_with['improvement-analysis']} from the notebook "
            f"{job.notebook} and the dataset {about.name} ({len(dataset.checksums)} files, {inputs}).",
        ),
        illustrative=about.illustrative,
        internal=internal,
        timeout=timeout,
    )


def _undeclared(settings: Mapping[str, str], declared: Mapping[str, Mapping[str, Parameter]]) -> str:
    every = list(dict.fromkeys(name for lines in declared.values() for name in lines))
    unknown = [name for name in settings if name not in every] or list(settings)
    close = suggest(unknown[0], every)
    hint = f"did you mean {close!r}? " if close else ""
    known = "; ".join(f"{name} declares {', '.join(map(repr, declared[name]))}" for name in sorted(declared))
    return f"unknown parameter {', '.join(map(repr, unknown))}; {hint}{known}"


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
