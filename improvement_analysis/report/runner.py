"""A report run: every planned page made, judged and published, one failing page notwithstanding."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import ReportError
from improvement_analysis.report.interruption import held_back
from improvement_analysis.report.making.page import Edition, Made
from improvement_analysis.report.making.workers import Workers, local_workers
from improvement_analysis.report.order import Order, prepare
from improvement_analysis.report.page import Page
from improvement_analysis.report.places import leave_out_places
from improvement_analysis.report.planning.inputs import Seen, describe_change, observe
from improvement_analysis.report.planning.plan import (
    count_crowded,
    file_name,
    plan_pages,
    plan_publication,
    report_folder,
)
from improvement_analysis.report.publishing.beside import METHODS, read_findings, render_methods
from improvement_analysis.report.publishing.changes import count_for_manifest, describe_changes, summarise_run
from improvement_analysis.report.publishing.earlier import keep_earlier
from improvement_analysis.report.publishing.freshness import base_key, is_whole
from improvement_analysis.report.publishing.index_page import render_index
from improvement_analysis.report.publishing.lock import LOCK, locked
from improvement_analysis.report.publishing.manifest import (
    MANIFEST,
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
    """What came of a run: the index, each page as it came out, and the kinds that were too many to make."""

    index: Path
    pages: tuple[Page, ...]
    unasked: Mapping[str, int] = field(default_factory=dict)

    @property
    def failed(self) -> tuple[Page, ...]:
        """The pages that could not be made."""
        return tuple(page for page in self.pages if page.status == "failed")


#: Told the number of pages done, the number in all and the page just done; of many, also before the first.
Progress = Callable[[int, int, Page], None]
_MANY = 200


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
        Called with the number of pages done, the number in all and the page just done.
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
    plan = _plan(dataset, order)
    target = report_folder(dataset.about.name, order.output, publish=order.publish)
    if order.publish:
        return _run_publication(plan, order, target, workers or local_workers(1, order.folder))
    with locked(target, order.folder), staged(target, lambda told: amend_manifest(target, told)) as staging:
        manifest, started = read_manifest(target), _now()
        earlier = recorded_pages(manifest)
        asked = _recall(plan.asked, earlier, target) if order.if_changed else plan.asked
        due = [page for page in asked if page.status == "planned"]
        if due and order.keep:
            keep_earlier(target, order.keep, staging.place / "earlier")
        workers = workers or local_workers(order.jobs, order.folder, {page.notebook for page in due})
        made = _make(due, plan.edition, staging, progress, workers)
        with held_back():
            shown = {page.path: page for page in asked} | _show(made, staging, order, plan.seen, earlier)
            pages = _all_pages(plan.every, shown, earlier, target)
            counts = count_for_manifest(dataset)
            changes = describe_changes(
                manifest.get("counts"), counts, dataset.about.short_labels, dataset.about.scale
            )
            names, number = tuple(page.path for page in plan.expected), manifest.get("number", 0) + 1
            run = Run(started, _now(), pages, plan.base, names, counts, tuple(changes), number, plan.unasked)
            _finish(dataset, run, staging)
    return Outcome(target / "index.html", pages, plan.unasked)


def _run_publication(plan: _Plan, order: Order, target: Path, workers: Workers) -> Outcome:
    """Only the page and its table: a manifest, a summary or a failed notebook could tell what is withheld."""
    lock = target.with_name(f".{target.name}")  # beside it: a folder to be published names no other
    with locked(lock, order.folder):
        return _publish(plan, order, target, workers)


def _publish(plan: _Plan, order: Order, target: Path, workers: Workers) -> Outcome:
    try:
        target.mkdir(exist_ok=True)
        (target / LOCK).unlink(missing_ok=True)  # of an earlier version
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ReportError(f"{target}: cannot hold a report ({reason}); name another folder") from None
    with staged(target, lambda _: None) as staging:
        made = _make(plan.asked, plan.edition, staging, None, workers)
        with held_back():
            shown = _show(made, staging, order, plan.seen, {})
            staging.flush()
            staging.finish()
    return Outcome(target / "index.html", tuple(shown.values()))


def list_pages(dataset: Dataset, order: Order) -> list[Page]:
    """The pages that a run would make; those that are up to date already say so."""
    target = report_folder(dataset.about.name, order.output)
    return _recall(_plan(dataset, order).asked, recorded_pages(read_manifest(target)), target)


@dataclass(frozen=True)
class _Plan:
    """Every page there is to be, those asked for and what they share; what all are made from."""

    every: Sequence[Page]
    asked: Sequence[Page]
    edition: Edition
    base: str
    seen: Mapping[str, Seen]
    unasked: Mapping[str, int]

    @property
    def expected(self) -> list[Page]:
        """The pages that a whole report has."""
        return [page for page in self.every if page.kind not in self.unasked]


def _plan(dataset: Dataset, order: Order) -> _Plan:
    seen, base = observe(order.folder), base_key(order.folder)
    every = (
        plan_publication(order.min_teams, order.totals, order.previous)
        if order.publish
        else plan_pages(dataset)
    )
    asked, edition = prepare(every, dataset, order, base)
    made = Counter(page.kind for page in asked)
    unasked = {kind: number for kind, number in count_crowded(every).items() if made[kind] < number}
    return _Plan(every, asked, edition, base, seen, unasked)


def _recall(pages: Sequence[Page], earlier: Mapping[str, Page], target: Path) -> list[Page]:
    """The pages, in place of those that are up to date what is recorded of them."""
    recalled = []
    for page in pages:
        before = earlier.get(page.path)
        fresh = before is not None and before.key == page.key and is_whole(before, target)
        recalled.append(replace(before, status="up to date") if before is not None and fresh else page)
    return recalled


def _make(
    due: Sequence[Page], edition: Edition, staging: Staging, progress: Progress | None, workers: Workers
) -> list[Page]:
    """Every page that is due, laid aside as it is made."""
    waiting = {page.path: page for page in due}
    pages: list[Page] = []
    if not due:
        return pages
    if progress and len(due) > _MANY:
        progress(0, len(due), due[0])
    try:
        with workers as make:
            for path, made in make(due, edition):
                pages.append(_lay_aside(waiting.pop(path), made, staging))
                if progress:
                    progress(len(pages), len(due), pages[-1])
    except OSError as failure:
        place, reason = failure.filename or "the temporary folder", failure.strerror or str(failure)
        message = f"{place}: cannot be used ({reason}), so nothing was made; make room there or set TMPDIR"
        raise ReportError(message) from failure
    return pages + [page.fail("no result came") for page in waiting.values()]


def _lay_aside(page: Page, made: Made, staging: Staging) -> Page:
    page = replace(page, duration_seconds=round(made.seconds, 3))
    try:
        if made.data is not None:
            tables = {name: staging.add(name, data) for name, data in made.tables}
            return replace(page, status="made", sha256=staging.add(page.path, made.data), tables=tables)
    except ReportError as fault:
        return page.fail(str(fault))
    if made.failed_notebook is not None:
        with suppress(ReportError):  # what the page itself failed of is what has to be told
            staging.add(_failed(page), made.failed_notebook)
    return page.fail(made.error)


def _failed(page: Page) -> str:
    """Where the notebook of a page that failed is kept."""
    return f"failed/{file_name(page.path.removesuffix('.html'))}.ipynb"


def _show(
    made: Sequence[Page],
    staging: Staging,
    order: Order,
    seen: Mapping[str, Seen],
    earlier: Mapping[str, Page],
) -> dict[str, Page]:
    """Move the pages under their names; each page as it came out, by path, those that failed too."""
    change = _change(order, seen)
    if change:
        made = [page.fail(change) for page in made]
    groups = {page.path: _group(page, earlier) for page in made if page.status == "made"}
    try:
        if groups:
            staging.note(list(groups.values()))
    except ReportError as fault:
        made = [page.fail(str(fault)) for page in made]
    shown = {}
    for page in made:
        outcome = page
        if page.status == "made":
            try:
                staging.move(groups[page.path])
            except ReportError as fault:
                outcome = page.fail(str(fault))
        shown[page.path] = outcome if order.publish else _settle_failure(outcome, staging)
    return shown


def _change(order: Order, seen: Mapping[str, Seen]) -> str | None:
    try:
        return describe_change(seen, observe(order.folder))
    except ReportError as fault:
        return str(fault)


def _group(page: Page, earlier: Mapping[str, Page]) -> Group:
    """A page and its tables, and the tables of an earlier run that it no longer has."""
    files = {**page.tables, page.path: page.sha256 or ""}
    before = earlier[page.path].tables if page.path in earlier else ()
    return Group(files, tuple(sorted(set(before) - set(page.tables))), page.to_record())


def _settle_failure(page: Page, staging: Staging) -> Page:
    """The notebook of a page that failed is kept beside the pages; that of one that was made goes."""
    name = _failed(page)
    sha256 = None if page.status == "made" else staging.aside.get(name)
    try:
        if sha256 is None:
            (staging.target / name).unlink(missing_ok=True)
            return page
        staging.move(Group({name: sha256}))
        return replace(page, error=f"{page.error}; see {name}")
    except (ReportError, OSError):
        return page  # what the page itself failed of is what has to be told


def _finish(dataset: Dataset, run: Run, staging: Staging) -> None:
    """Index and summary, and last of all the manifest; one that cannot be written stops no other."""
    run = replace(run, pages=tuple(_without_places(page, staging.target.parent) for page in run.pages))
    findings = read_findings(staging.target / "overview.html")
    text, machine = summarise_run(dataset, run.pages, run.changes, findings)
    others = {"index.html": render_index(dataset, run, findings), METHODS: render_methods(dataset.about)}
    others |= {"summary.txt": text, "summary.json": machine}
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


def _without_places(page: Page, output: Path) -> Page:
    """The page as it is told in files, which may be handed on."""
    return replace(page, error=leave_out_places(page.error, output)) if page.error else page


def _all_pages(
    planned: Sequence[Page], shown: Mapping[str, Page], earlier: Mapping[str, Page], target: Path
) -> tuple[Page, ...]:
    """This run's pages, those it was not asked for, and those the dataset no longer has."""
    pages, left_over = [], dict(earlier)
    for plan in planned:
        before, page = earlier.get(plan.path), shown.get(plan.path)
        of_this = before is not None and (before.kind, before.title) == (plan.kind, plan.title)
        if before is None or of_this or (page is not None and page.status != "failed"):
            left_over.pop(plan.path, None)
        if page is not None:
            pages.append(page if page.status != "failed" else _as_it_stands(page, before, target, of_this))
        elif before is not None and of_this and (target / plan.path).is_file():
            kept = before if before.status == "failed" else replace(before, status="kept")
            pages.append(kept if is_whole(before, target) else _as_it_stands(kept, before, target, True))
    pages += [
        _as_it_stands(replace(page, status="left over"), page, target, True)
        for name, page in left_over.items()
        if (target / name).is_file()
    ]
    return tuple(pages)


def _as_it_stands(page: Page, earlier: Page | None, target: Path, of_this: bool) -> Page:
    """A page that tells what stands under its name, if it is this page, not what should."""
    there = _sha256(target / page.path) if of_this or earlier is None else None
    tables = {name: _sha256(target / name) for name in (earlier.tables if earlier and there else ())}
    standing = {name: sha256 for name, sha256 in tables.items() if sha256 is not None}
    return replace(page, key=None, sha256=there, tables=standing)


def _sha256(path: Path) -> str | None:
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else None


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
