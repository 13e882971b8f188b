"""The command ``report``: a run of pages, and what is said of it."""

from __future__ import annotations

import argparse
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from improvement_analysis.cli.drafts import declared_for_now
from improvement_analysis.cli.options import (
    DONE,
    FAILED,
    add_datasets,
    add_manners,
    find_folders_apart,
    print_json,
    read_number,
    read_setting,
    say,
    tell,
)
from improvement_analysis.errors import ReportError
from improvement_analysis.machine import count_cores

if TYPE_CHECKING:
    from improvement_analysis.dataset import Dataset
    from improvement_analysis.report.cluster.client import Cluster
    from improvement_analysis.report.order import Order
    from improvement_analysis.report.page import Page
    from improvement_analysis.report.runner import Outcome

__all__ = ["add_report"]


def add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``report``."""
    command = commands.add_parser(
        "report",
        help="make the pages of a dataset",
        description="Run the notebooks for a dataset and publish their pages with an index.",
    )
    add_datasets(command)
    words = "every dataset under data/raw, as where none is named"
    command.add_argument("--all", action="store_true", help=words)
    command.add_argument("-o", "--output", type=Path, default=Path("reports"), help="default: reports")
    _add_choices(command)
    _add_manner_of_running(command)
    add_manners(command)
    command.set_defaults(command=_report)


def _add_choices(command: argparse.ArgumentParser) -> None:
    """Which pages, and with what set."""
    for option, metavar, words in (
        ("--service", "NAME", "only this service"),
        ("--area", "NAME", "only this area"),
        ("--notebook", "NAME", "only this notebook"),
        ("--only", "PAGE", "only this page"),
    ):
        command.add_argument(option, action="append", default=[], metavar=metavar, help=words)
    words = "a page for every team and every authority, though they are more than 60"
    command.add_argument("--every-page", action="store_true", help=words)
    command.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        type=read_setting,
        help="set a parameter, in the notebooks that declare it; no others are run",
    )
    command.add_argument("--notebooks", type=Path, metavar="FOLDER", help="take the notebooks from here")
    words = "make the page for publication: by service, small numbers withheld"
    command.add_argument("--publish", action="store_true", help=words)
    words = "with --publish: services with fewer teams are withheld; default 3"
    command.add_argument("--min-teams", type=read_number, default=3, metavar="N", help=words)
    words = "with --publish: no totals over all services, so that fewer services are withheld"
    command.add_argument("--no-totals", dest="totals", action="store_false", help=words)
    words = "with --publish: an earlier publication; what it and this tell together is withheld, too"
    command.add_argument("--previous", action="append", default=[], type=Path, metavar="FOLDER", help=words)


def _add_manner_of_running(command: argparse.ArgumentParser) -> None:
    """How the pages are made."""
    command.add_argument("--if-changed", action="store_true", help="leave alone what is up to date")
    command.add_argument("--dry-run", action="store_true", help="say which pages would be made")
    words = "pack each report into one file beside its folder, to send or to share"
    command.add_argument("--zip", action="store_true", help=words)
    for option, default, metavar, words in (
        ("--keep", 0, "N", "keep N earlier runs, under earlier/"),
        ("--jobs", None, "N", "pages at a time; default one a core, on a cluster two for each thread"),
        ("--timeout", 600, "SECONDS", "for one cell; default 600"),
    ):
        command.add_argument(option, type=read_number, default=default, metavar=metavar, help=words)
    words = "make the pages on a Dask cluster: its scheduler's address, or 'local'"
    command.add_argument("--cluster", metavar="ADDRESS", help=words)


def _report(chosen: argparse.Namespace) -> int:
    from improvement_analysis.report.interruption import stopping_when_asked
    from improvement_analysis.report.lean import import_lean

    import_lean()
    settings = dict(chosen.parameter)
    if "dataset" in settings:
        raise ReportError("the parameter 'dataset' is set by naming the dataset: report DATASET")
    if chosen.all and chosen.dataset:
        raise ReportError("--all takes every dataset under data/raw: leave it out, or the names")
    told: list[dict[str, object]] = []
    with (
        stopping_when_asked(),
        _cluster(chosen) as cluster,
        declared_for_now(chosen.dataset) as names,
    ):
        for folder in find_folders_apart(names):
            if _nothing_to_do(folder, chosen, settings):
                target = chosen.output / folder.resolve().name
                told.append({"index": str(target / "index.html"), "pages": [], "up_to_date": True})
                name = folder.resolve().name
                tell(chosen, f"{name}: every page is up to date. Open {target / 'index.html'}")
            else:
                told.append(_report_one(folder, chosen, settings, cluster))
    if not chosen.dry_run:
        _finish_output(told, chosen)
    if chosen.json:
        print_json(told)
    return FAILED if any(each.get("failed") for each in told) else DONE


def _finish_output(reports: list[dict[str, object]], chosen: argparse.Namespace) -> None:
    """The front page over all reports, and each report in one file where that is asked for."""
    from improvement_analysis.report.publishing.beside import write_front_page, zip_report

    write_front_page(chosen.output)
    if chosen.zip:
        for each in reports:
            packed = zip_report(Path(str(each["index"])).parent)
            each["zip"] = str(packed)
            tell(chosen, str(packed))


def _cluster(chosen: argparse.Namespace) -> AbstractContextManager[Cluster | None]:
    """The cluster that was asked for; it is joined when the first page is due."""
    if chosen.cluster is None:
        return nullcontext()
    from improvement_analysis.report.cluster.client import Cluster

    return Cluster(chosen.cluster, chosen.jobs)


def _nothing_to_do(folder: Path, chosen: argparse.Namespace, settings: dict[str, str]) -> bool:
    """Whether a whole report was asked for, if changed, and nothing has."""
    narrowed = (
        chosen.service,
        chosen.area,
        chosen.notebook,
        chosen.only,
        chosen.every_page,
        settings,
        chosen.dry_run,
        chosen.publish,
    )
    if not chosen.if_changed or any(narrowed):
        return False
    from improvement_analysis.report.planning.notebooks import notebook_folder
    from improvement_analysis.report.planning.plan import report_folder
    from improvement_analysis.report.publishing.freshness import all_fresh

    target = report_folder(folder.resolve().name, chosen.output)
    return all_fresh(folder, target, chosen.notebooks or notebook_folder())


def _report_one(
    folder: Path, chosen: argparse.Namespace, settings: dict[str, str], cluster: Cluster | None
) -> dict[str, object]:
    from improvement_analysis.report.progress import Ticker
    from improvement_analysis.report.runner import Order, list_pages, run_report
    from improvement_analysis.sources import load

    dataset = load(folder)
    order = Order(
        folder,
        chosen.output,
        services=chosen.service,
        areas=chosen.area,
        notebooks=chosen.notebook,
        settings=settings,
        notebook_folder=chosen.notebooks,
        timeout=chosen.timeout,
        jobs=chosen.jobs or count_cores(),
        if_changed=chosen.if_changed,
        only=chosen.only,
        every=chosen.every_page,
        keep=chosen.keep,
        publish=chosen.publish,
        min_teams=chosen.min_teams,
        totals=chosen.totals,
        previous=chosen.previous,
    )
    warned = _warn(dataset, order) if chosen.publish else {}
    if chosen.dry_run:
        pages = list_pages(dataset, order)
        lines = [f"{page.path}{' (up to date)' if page.status != 'planned' else ''}" for page in pages]
        tell(chosen, f"{dataset.about.name}: would make\n  " + "\n  ".join(lines))
        return {"dataset": dataset.about.name, "pages": [page.path for page in pages], **warned}
    with Ticker(dataset.about.name, quiet=chosen.quiet or chosen.json) as ticker:
        outcome = run_report(dataset, order, ticker, cluster.workers(folder) if cluster else None)
    _tell_outcome(dataset, outcome, chosen)
    rows, failed = _page_rows(outcome), bool(outcome.failed)
    return {"index": str(outcome.index), "pages": rows, "failed": failed, **warned}


def _warn(dataset: Dataset, order: Order) -> dict[str, object]:
    """Say what a page for publication still tells, on standard error, and hand it on for ``--json``."""
    from improvement_analysis.cli.publication import list_warnings, phrase_warnings

    if warnings := list_warnings(dataset, order):
        say(phrase_warnings(dataset, warnings))
    return {"warnings": warnings}


def _tell_outcome(dataset: Dataset, outcome: Outcome, chosen: argparse.Namespace) -> None:
    from improvement_analysis.report.planning.plan import phrase_unasked

    by_error: dict[str | None, list[Page]] = {}
    for page in outcome.failed:
        by_error.setdefault(page.error, []).append(page)
    for error, pages in by_error.items():
        if len(pages) == 1:
            kept = " (the page of an earlier run is kept)" if pages[0].sha256 else ""
            say(f"{pages[0].path} was not made: {error}{kept}")
        else:
            stale = sum(page.sha256 is not None for page in pages)
            kept = f" ({stale} of them are kept from an earlier run)" if stale else ""
            say(f"{len(pages)} pages were not made: {error}{kept}")
    made = sum(page.status == "made" for page in outcome.pages)
    tell(chosen, f"{dataset.about.name}: {made} page{'s' * (made != 1)} made. Open {outcome.index}")
    for kind, number in outcome.unasked.items():
        tell(chosen, f"{dataset.about.name}: {phrase_unasked(kind, number)}")


def _page_rows(outcome: Outcome) -> list[dict[str, object]]:
    return [
        {"page": page.path, "status": page.status, "error": page.error, "stale": page.stale}
        for page in outcome.pages
    ]
