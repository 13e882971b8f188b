"""The command ``export``: a dataset as a workbook, slides, a document or PDF."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from improvement_analysis.cli.options import (
    DONE,
    FAILED,
    add_datasets,
    add_manners,
    find_folders_apart,
    print_json,
    say,
    tell,
)
from improvement_analysis.errors import ReportError

if TYPE_CHECKING:
    from improvement_analysis.dataset import Dataset
    from improvement_analysis.report.page import Page

__all__ = ["add_export"]

#: The formats, and how the names of their files end.
ENDINGS = {"workbook": "xlsx", "slides": "pptx", "document": "docx", "pdf": "pdf"}

#: A file's place in the dataset's folder, and what makes its bytes.
Piece = tuple[str, Callable[[], bytes]]


@dataclass(frozen=True)
class _Asked:
    """One format of one dataset: the dataset and its folder, the pages chosen, and how it was asked for."""

    dataset: Dataset
    folder: Path
    format: str
    pages: list[Page]
    chosen: argparse.Namespace


def add_export(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``export``."""
    command = commands.add_parser(
        "export",
        help="write a workbook, slides, Word documents or PDF",
        description="Write a dataset as an accessible workbook, its services as slides, documents or PDF.",
    )
    add_datasets(command)
    words = "what to write; may be given more than once; default: all"
    command.add_argument("--format", action="append", choices=list(ENDINGS), help=words)
    words = "only this service; may be given more than once"
    command.add_argument("--service", action="append", default=[], metavar="NAME", help=words)
    command.add_argument(
        "-o", "--output", type=Path, default=Path("exports"), metavar="FOLDER", help="default: exports"
    )
    words = "for PDF: where the pages are, and are made if they are not up to date; default: reports"
    command.add_argument("--reports", type=Path, default=Path("reports"), metavar="FOLDER", help=words)
    words = "for PDF: the Chromium, Chrome or Edge to print with"
    command.add_argument("--chromium", metavar="PROGRAM", help=words)
    add_manners(command)
    command.set_defaults(command=_export)


def _export(chosen: argparse.Namespace) -> int:
    told: list[dict[str, object]] = []
    failed = False
    for folder in find_folders_apart(chosen.dataset):
        from improvement_analysis.exports import mark
        from improvement_analysis.sources import load

        dataset = load(folder)
        status = mark(dataset).status
        for format_ in dict.fromkeys(chosen.format or ENDINGS):
            for place, target, fault in _write(dataset, folder, format_, chosen):
                failed |= fault is not None
                told.append(
                    {
                        "dataset": dataset.about.name,
                        "format": format_,
                        "file": str(target),
                        "marking": status,
                        "error": fault,
                    }
                )
                if fault is None:
                    tell(chosen, str(target))
                else:
                    say(f"{place} was not made: {fault}")
        tell(chosen, f"{dataset.about.name} is marked: {status or 'published figures only'}")
    if chosen.json:
        print_json(told)
    return FAILED if failed else DONE


def _write(
    dataset: Dataset, folder: Path, format_: str, chosen: argparse.Namespace
) -> Iterator[tuple[str, Path, str | None]]:
    """Write the files of one format one after another; a page that fails does not stop the others."""
    from improvement_analysis.exports import write_whole
    from improvement_analysis.report.planning.plan import choose, plan_pages, report_folder
    from improvement_analysis.report.publishing.lock import locked

    asked = _Asked(dataset, folder, format_, choose(plan_pages(dataset), chosen.service), chosen)
    home = report_folder(dataset.about.name, chosen.output)
    is_held = False
    with ExitStack() as held:
        for place, make in _printed(asked) if format_ == "pdf" else _made(asked):
            try:
                data = make()
            except ReportError as fault:
                if format_ != "pdf":
                    raise
                yield place, home / place, str(fault)
                continue
            if not is_held:  # a folder that gets no file is not touched
                held.enter_context(locked(home, folder))
                is_held = True
            yield place, write_whole(home / place, data), None


def _made(asked: _Asked) -> Iterator[Piece]:
    """A workbook of everything, or a file for each service; as documents two more for each team."""
    from improvement_analysis import exports
    from improvement_analysis.report.planning.plan import file_name

    dataset = asked.dataset
    if asked.format == "workbook" and not asked.chosen.service:
        yield f"{file_name(dataset.about.name)}.xlsx", partial(exports.workbook_bytes, dataset)
        return
    makers: dict[str, Callable[[str], bytes]] = {
        "workbook": lambda service: exports.workbook_bytes(dataset, [service]),
        "slides": partial(exports.slides_bytes, dataset),
        "document": partial(exports.document_bytes, dataset),
    }
    for page in asked.pages:
        if page.kind == "service":
            yield _renamed(page.path, asked.format), partial(makers[asked.format], page.title)
        elif page.kind == "self-evaluation" and asked.format == "document":
            yield _renamed(page.path, asked.format), partial(exports.evaluation_bytes, dataset)
    if asked.format == "document":
        yield from _of_teams(asked)


def _of_teams(asked: _Asked) -> Iterator[Piece]:
    """The summary report of each team, and the note for the end of its day."""
    from improvement_analysis import exports
    from improvement_analysis.pages import choose_team
    from improvement_analysis.report.planning.plan import plan_pages

    dataset, services = asked.dataset, asked.chosen.service
    for page in plan_pages(dataset):
        given = {name: str(value) for name, value in page.parameters.items()}
        if page.kind != "team" or (services and given["service"] not in services):
            continue
        team, stem = choose_team(dataset, **given), PurePosixPath(page.path).with_suffix("")
        assert team is not None
        yield f"{stem}.docx", partial(exports.report_bytes, dataset, team)
        yield f"{stem}-feedback-note.docx", partial(exports.note_bytes, dataset, team)


def _printed(asked: _Asked) -> Iterator[Piece]:
    """The pages of the report, made first where they are not up to date."""
    from improvement_analysis.exports import find_chromium, pdf_bytes

    chosen = asked.chosen
    chromium = find_chromium(chosen.chromium)
    from improvement_analysis.report.order import Order
    from improvement_analysis.report.planning.plan import report_folder
    from improvement_analysis.report.runner import run_report

    order = Order(asked.folder, chosen.reports, services=chosen.service, if_changed=True)
    faults = {page.path: page.error for page in run_report(asked.dataset, order).failed}
    home = report_folder(asked.dataset.about.name, chosen.reports)

    def make(page: Page) -> bytes:
        if page.path in faults:
            raise ReportError(faults[page.path] or "its page was not made")
        return pdf_bytes(home / page.path, chromium)

    for page in asked.pages:
        yield _renamed(page.path, asked.format), partial(make, page)


def _renamed(page: str, format_: str) -> str:
    return str(PurePosixPath(page).with_suffix(f".{ENDINGS[format_]}"))
