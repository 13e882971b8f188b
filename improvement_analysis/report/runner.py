"""A report run: every planned page made, judged and published, one failing page notwithstanding."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import ReportError
from improvement_analysis.report.interruption import held_back
from improvement_analysis.report.making.page import Made
from improvement_analysis.report.making.workers import Workers, local_workers
from improvement_analysis.report.order import Order, Ready, prepare_jobs
from improvement_analysis.report.planning.inputs import Seen, describe_change, observe
from improvement_analysis.report.planning.plan import (
    Job,
    choose,
    file_name,
    plan_pages,
    plan_publication,
    report_folder,
)
from improvement_analysis.report.publishing.changes import count_for_manifest, describe_changes, summarise_run
from improvement_analysis.report.publishing.earlier import keep_earlier
from improvement_analysis.report.publishing.freshness import base_key, is_whole
from improvement_analysis.report.publishing.index_page import render_index
from improvement_analysis.report.publishing.lock import locked
from improvement_analysis.report.publishing.manifest import (
    MANIFEST,
    PageRecord,
    Run,
    amend_manifest,
    build_manifest,
    read_manifest,
    recorded_pages,
)
from improvement_analysis.report.publishing.publication import Group, Staging, staged

__all__ = ["Order", "Outcome", "run_report"]


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

    Pages are made aside. Only when all are made do they appear under their names, then the index, and the
    manifest last; so a run that is stopped before has changed nothing.

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
    planned, ready, base, seen = _plan(dataset, order)
    target = report_folder(dataset.about.name, order.output, publish=order.publish)
    if order.publish:
        return _run_publication(ready, order, target, seen, workers or local_workers(1, order.folder))
    with locked(target), staged(target, lambda told: amend_manifest(target, told)) as staging:
        manifest, started = read_manifest(target), _now()
        earlier = recorded_pages(manifest)
        fresh = [each for each in ready if order.if_changed and _is_fresh(each, earlier, target)]
        records = {each.job.page: replace(earlier[each.job.page], status="up to date") for each in fresh}
        due = [each for each in ready if each.job.page not in records]
        if due and order.keep:
            keep_earlier(target, order.keep, staging.place / "earlier")
        made = _make(due, staging, earlier, progress, workers or local_workers(order.jobs, order.folder))
        with held_back():
            records |= _show(made, staging, order, seen)
            pages = _all_pages(planned, records, earlier, target)
            counts = count_for_manifest(dataset)
            changes = describe_changes(
                manifest.get("counts"), counts, dataset.about.short_labels, dataset.about.scale
            )
            names, number = tuple(job.page for job in planned), manifest.get("number", 0) + 1
            run = Run(started, _now(), pages, base, names, counts, tuple(changes), number)
            _finish(dataset, run, staging)
    return Outcome(target / "index.html", pages)


def _run_publication(
    ready: Sequence[Ready], order: Order, target: Path, seen: Mapping[str, Seen], workers: Workers
) -> Outcome:
    """Only the page and its table: a manifest, a summary or a failed notebook could tell what is withheld."""
    with locked(target), staged(target, lambda _: None) as staging:
        made = [replace(page, failed_notebook=None) for page in _make(ready, staging, {}, None, workers)]
        with held_back():
            records = _show(made, staging, order, seen)
            staging.flush()
            staging.finish()
    return Outcome(target / "index.html", tuple(records.values()))


def list_jobs(dataset: Dataset, order: Order) -> list[tuple[Job, bool]]:
    """The pages that a run would make, and whether each is up to date already."""
    _, ready, _, _ = _plan(dataset, order)
    target = report_folder(dataset.about.name, order.output)
    earlier = recorded_pages(read_manifest(target))
    return [(each.job, _is_fresh(each, earlier, target)) for each in ready]


def _plan(dataset: Dataset, order: Order) -> tuple[list[Job], list[Ready], str, dict[str, Seen]]:
    seen = observe(order.folder)
    base = base_key(order.folder)
    planned = plan_publication(order.min_teams, order.totals) if order.publish else plan_pages(dataset)
    chosen = (order.services, order.areas, order.notebooks, order.only)
    jobs = choose(planned, *chosen)
    return planned, prepare_jobs(jobs, dataset, order, base), base, seen


def _is_fresh(each: Ready, earlier: Mapping[str, PageRecord], target: Path) -> bool:
    record = earlier.get(each.job.page)
    return record is not None and record.key == each.key and is_whole(record, target)


@dataclass(frozen=True)
class _Page:
    """A page that lies ready to be shown, or failed; what goes with it, and a failed notebook's sha256."""

    record: PageRecord
    gone: tuple[str, ...] = ()
    failed_notebook: str | None = None


def _make(
    due: Sequence[Ready],
    staging: Staging,
    earlier: Mapping[str, PageRecord],
    progress: Progress | None,
    workers: Workers,
) -> list[_Page]:
    """Every page that is due, laid aside as it is made."""
    pages: list[_Page] = []
    if not due:
        return pages
    by_page = {each.job.page: each for each in due}
    try:
        with workers as make:
            for name, made in make([each.task for each in due]):
                pages.append(_lay_aside(by_page[name], made, staging, earlier.get(name)))
                if progress:
                    progress(len(pages), len(due), pages[-1].record)
    except OSError as failure:
        place, reason = failure.filename or "the temporary folder", failure.strerror or str(failure)
        said = f"{place}: cannot be used ({reason}), so nothing was made; make room there or set TMPDIR"
        raise ReportError(said) from failure
    answered = {page.record.page for page in pages}
    missing = [each for name, each in by_page.items() if name not in answered]
    return pages + [_lay_aside(each, Made(error="no result came"), staging, None) for each in missing]


def _lay_aside(each: Ready, made: Made, staging: Staging, earlier: PageRecord | None) -> _Page:
    job = each.job
    record = PageRecord(job.page, job.title, job.kind, job.notebook, dict(job.parameters), "made", each.key)
    record = replace(record, duration_seconds=round(made.seconds, 3))
    if made.data is None:
        return _lay_failure_aside(replace(record, status="failed", error=made.error), made, staging)
    try:
        tables = {name: staging.add(name, data) for name, data in made.tables}
        sha256 = staging.add(job.page, made.data)
    except ReportError as fault:
        return _Page(replace(record, status="failed", error=str(fault)))
    gone = tuple(sorted(set(earlier.tables if earlier else ()) - set(tables)))
    return _Page(replace(record, sha256=sha256, tables=tables), gone)


def _lay_failure_aside(record: PageRecord, made: Made, staging: Staging) -> _Page:
    if made.failed_notebook is None:
        return _Page(record)
    try:
        return _Page(record, (), staging.add(_failed(record), made.failed_notebook))
    except ReportError:
        return _Page(record)  # what the page itself failed of is what has to be told


def _failed(record: PageRecord) -> str:
    """Where the notebook of a page that failed is kept."""
    return f"failed/{file_name(record.page.removesuffix('.html'))}.ipynb"


def _show(
    made: Sequence[_Page], staging: Staging, order: Order, seen: Mapping[str, Seen]
) -> dict[str, PageRecord]:
    """Move the pages under their names; the record of each page, of those that failed too."""
    change = _change(order, seen)
    if change:
        made = [_fail(page, change) for page in made]
    groups = {page.record.page: _group(page) for page in made if page.record.status == "made"}
    records = {}
    try:
        if groups:
            staging.note(list(groups.values()))
    except ReportError as fault:
        made = [_fail(page, str(fault)) for page in made]
    for page in made:
        shown = page
        if page.record.status == "made":
            try:
                staging.move(groups[page.record.page])
            except ReportError as fault:
                shown = _fail(page, str(fault))
        records[page.record.page] = _settle_failure(shown, staging)
    return records


def _change(order: Order, seen: Mapping[str, Seen]) -> str | None:
    try:
        return describe_change(seen, observe(order.folder))
    except ReportError as fault:
        return str(fault)


def _fail(page: _Page, error: str) -> _Page:
    """The page as failed; what failed already keeps its reason."""
    if page.record.status == "failed":
        return page
    return _Page(replace(page.record, status="failed", sha256=None, tables={}, error=error))


def _group(page: _Page) -> Group:
    files = {**page.record.tables, page.record.page: page.record.sha256 or ""}
    return Group(files, page.gone, asdict(page.record))


def _settle_failure(page: _Page, staging: Staging) -> PageRecord:
    """The notebook of a page that failed is kept beside the pages; that of one that was made goes."""
    record, name = page.record, _failed(page.record)
    try:
        if record.status == "made" or page.failed_notebook is None:
            (staging.target / name).unlink(missing_ok=True)
            return record if record.status == "made" else replace(record, key=None)
        staging.move(Group({name: page.failed_notebook}))
        return replace(record, key=None, error=f"{record.error}; see {name}")
    except (ReportError, OSError):
        # what the page itself failed of is what has to be told
        return record if record.status == "made" else replace(record, key=None)


def _finish(dataset: Dataset, run: Run, staging: Staging) -> None:
    """Index and summary, and last of all the manifest; one that cannot be written stops no other."""
    text, machine = summarise_run(dataset, run.pages, run.changes)
    others = {"index.html": render_index(dataset, run), "summary.txt": text, "summary.json": machine}
    written, faults = {}, []
    for name, content in others.items():
        try:
            written[name] = staging.put(name, content.encode("utf-8"))
        except ReportError as fault:
            faults.append(str(fault))
    told = json.dumps(build_manifest(dataset, run, written), indent=2, ensure_ascii=False) + "\n"
    try:
        staging.flush()
        staging.put(MANIFEST, told.encode("utf-8"))
        staging.finish()
        staging.flush()
    except ReportError as fault:
        faults.append(str(fault))
    if faults:
        raise ReportError("; ".join(faults))


def _all_pages(
    planned: Sequence[Job],
    records: Mapping[str, PageRecord],
    earlier: Mapping[str, PageRecord],
    target: Path,
) -> tuple[PageRecord, ...]:
    """This run's pages, those it was not asked for, and those the dataset no longer has."""
    pages, left_over = [], dict(earlier)
    for job in planned:
        before = earlier.get(job.page)
        of_this = before is not None and (before.kind, before.title) == (job.kind, job.title)
        if before is None or of_this or _is_made(records.get(job.page)):
            left_over.pop(job.page, None)
        if job.page in records:
            record = records[job.page]
            pages.append(
                record if record.status != "failed" else _as_it_stands(record, before, target, of_this)
            )
        elif before is not None and of_this and (target / job.page).is_file():
            kept = before if before.status == "failed" else replace(before, status="kept")
            pages.append(kept if is_whole(before, target) else _as_it_stands(kept, before, target, True))
    pages += [
        _as_it_stands(replace(record, status="left over"), record, target, True)
        for name, record in left_over.items()
        if (target / name).is_file()
    ]
    return tuple(pages)


def _is_made(record: PageRecord | None) -> bool:
    return record is not None and record.status != "failed"


def _as_it_stands(record: PageRecord, earlier: PageRecord | None, target: Path, of_this: bool) -> PageRecord:
    """A record that tells what stands under the page's name, if it is this page, not what should."""
    there = _sha256(target / record.page) if of_this or earlier is None else None
    tables = {name: _sha256(target / name) for name in (earlier.tables if earlier and there else ())}
    return replace(
        record,
        key=None,
        sha256=there,
        tables={name: each for name, each in tables.items() if each is not None},
    )


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
