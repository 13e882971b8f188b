"""The command line: ``improvement-analysis report | check | build | form | list``.

Exit status: 0 done (warnings allowed), 1 unexpected, 2 usage, 3 invalid data, 4 some page of a report failed.
Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import argparse
import json
import os
import signal
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from improvement_analysis.errors import ImprovementAnalysisError, ReportError, describe

if TYPE_CHECKING:
    from improvement_analysis.report.runner import Outcome
    from improvement_analysis.sources import Dataset

__all__ = ["main"]

DONE, UNEXPECTED, USAGE, INVALID, FAILED = range(5)
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if not hasattr(chosen, "command"):
        parser.print_help()
        return USAGE
    try:
        status: int = chosen.command(chosen)
    except ImprovementAnalysisError as fault:
        _say(str(fault))
        status = USAGE if isinstance(fault, ReportError) else INVALID
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    except KeyboardInterrupt:
        _say("stopped")
        status = INTERRUPTED
    return status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="improvement-analysis",
        description="Load, check and report on team diagnostic gradings of children's social care.",
        epilog="Exit status: 0 done, 1 unexpected, 2 usage, 3 invalid data, 4 some page of a report failed.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    _add_report(commands)
    _add_check(commands)
    _add_build(commands)
    _add_form(commands)
    _add_list(commands)
    return parser


def _version() -> str:
    from improvement_analysis import __version__

    return f"improvement-analysis {__version__}"


def _add_report(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "report",
        help="make the pages of a dataset",
        description="Run the notebooks for a dataset and publish their pages with an index.",
    )
    _add_datasets(command)
    command.add_argument("-o", "--output", type=Path, default=Path("reports"), help="default: reports")
    command.add_argument("--service", action="append", default=[], metavar="NAME", help="only this service")
    command.add_argument("--area", action="append", default=[], metavar="NAME", help="only this area")
    command.add_argument("--notebook", action="append", default=[], metavar="NAME", help="only this notebook")
    command.add_argument(
        "-p",
        "--parameter",
        action="append",
        default=[],
        metavar="NAME=VALUE",
        type=_setting,
        help="set a parameter; only notebooks that declare it are run",
    )
    command.add_argument("--notebooks", type=Path, metavar="FOLDER", help="take the notebooks from here")
    command.add_argument("--only", action="append", default=[], metavar="PAGE", help="only this page")
    command.add_argument("--if-changed", action="store_true", help="leave alone what is up to date")
    command.add_argument("--dry-run", action="store_true", help="say which pages would be made")
    command.add_argument(
        "--keep", type=_number, default=0, metavar="N", help="keep N earlier runs, under earlier/"
    )
    command.add_argument(
        "--jobs",
        type=_number,
        default=os.cpu_count() or 1,
        metavar="N",
        help="pages at a time; default one a core",
    )
    command.add_argument(
        "--timeout", type=_number, default=600, metavar="SECONDS", help="for one cell; default 600"
    )
    _add_manners(command)
    command.set_defaults(command=_report)


def _add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "check", help="say what is wrong with a file or dataset", description="Read and report every problem."
    )
    command.add_argument("path", nargs="+", help="a file or a dataset folder")
    _add_manners(command)
    command.set_defaults(command=_check)


def _add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "build",
        help="write the tidy tables of a dataset",
        description="Write gradings, published cells, counts and reconciliation as CSV.",
    )
    _add_datasets(command)
    command.add_argument(
        "-o", "--output", type=Path, default=Path("data") / "processed", help="default: data/processed"
    )
    _add_manners(command)
    command.set_defaults(command=_build)


def _add_form(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "form",
        help="write team diagnostic forms to be filled in",
        description="Write a workbook for each team of a dataset, or for one team, to fill in at a visit.",
    )
    command.add_argument(
        "--dataset", required=True, help="a folder with a source.toml, or its name under data/raw"
    )
    command.add_argument("--team", metavar="NAME", help="only this team; it may be new")
    command.add_argument("--service", metavar="NAME", help="only this service")
    command.add_argument("--area", metavar="NAME", help="only this area")
    command.add_argument("--round", metavar="NAME", help="the round of visits; default: the dataset's")
    command.add_argument("-o", "--output", type=Path, default=Path("forms"), help="a folder; default: forms")
    _add_manners(command)
    command.set_defaults(command=_form)


def _add_list(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    command = commands.add_parser(
        "list",
        help="show datasets, services, pages and parameters",
        description="Show what a dataset holds and which pages a report would make.",
    )
    _add_datasets(command)
    _add_manners(command)
    command.set_defaults(command=_list)


def _add_datasets(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "dataset",
        nargs="*",
        help="a folder with a source.toml, or its name under data/raw; default: every one under data/raw",
    )


def _add_manners(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print the result for a machine to read")
    command.add_argument("--quiet", action="store_true", help="print nothing but problems")


def _setting(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"found {text!r}, expected NAME=VALUE")
    return name, value


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number from 1 upwards")
    return int(text)


def _folders(names: Iterable[str]) -> list[Path]:
    from improvement_analysis.sources import find_dataset, find_datasets

    named = list(names)
    if named:
        return [find_dataset(name) for name in named]
    home = Path("data") / "raw"
    found = find_datasets(home)
    if not found:
        raise ReportError(f"no dataset under {home}; name a folder that holds a source.toml")
    return found


def _report(chosen: argparse.Namespace) -> int:
    _leave_tidily()
    _skip_what_is_slow_to_import()
    settings = dict(chosen.parameter)
    if "dataset" in settings:
        raise ReportError("the parameter 'dataset' is set by naming the dataset: report DATASET")
    told: list[dict[str, object]] = []
    for folder in _folders(chosen.dataset):
        if _nothing_to_do(folder, chosen, settings):
            target = chosen.output / folder.resolve().name
            told.append({"index": str(target / "index.html"), "pages": [], "up_to_date": True})
            _tell(chosen, f"{folder.resolve().name}: every page is up to date. Open {target / 'index.html'}")
        else:
            told.append(_report_one(folder, chosen, settings))
    if chosen.json:
        _print_json(told)
    return FAILED if any(each.get("failed") for each in told) else DONE


def _nothing_to_do(folder: Path, chosen: argparse.Namespace, settings: dict[str, str]) -> bool:
    """Whether a whole report was asked for, if changed, and nothing has."""
    narrowed = (chosen.service, chosen.area, chosen.notebook, chosen.only, settings, chosen.dry_run)
    if not chosen.if_changed or any(narrowed):
        return False
    from improvement_analysis.report.freshness import all_fresh
    from improvement_analysis.report.notebooks import notebook_folder
    from improvement_analysis.report.plan import report_folder

    target = report_folder(folder.resolve().name, chosen.output)
    return all_fresh(folder, target, chosen.notebooks or notebook_folder())


def _report_one(folder: Path, chosen: argparse.Namespace, settings: dict[str, str]) -> dict[str, object]:
    from improvement_analysis.report.progress import Ticker
    from improvement_analysis.report.runner import Order, list_jobs, run_report
    from improvement_analysis.sources import load

    dataset = load(folder)
    order = Order(
        folder,
        chosen.output,
        services=[*chosen.service, *_taken(settings, "service")],
        areas=[*chosen.area, *_taken(settings, "area")],
        notebooks=chosen.notebook,
        settings={name: text for name, text in settings.items() if name not in ("service", "area")},
        notebook_folder=chosen.notebooks,
        timeout=chosen.timeout,
        jobs=chosen.jobs,
        if_changed=chosen.if_changed,
        only=chosen.only,
        keep=chosen.keep,
    )
    if chosen.dry_run:
        jobs = list_jobs(dataset, order)
        lines = [f"{job.page}{' (up to date)' if fresh else ''}" for job, fresh in jobs]
        _tell(chosen, f"{dataset.about.name}: would make\n  " + "\n  ".join(lines))
        return {"dataset": dataset.about.name, "pages": [job.page for job, _ in jobs]}
    with Ticker(dataset.about.name, quiet=chosen.quiet or chosen.json) as ticker:
        outcome = run_report(dataset, order, ticker)
    _tell_outcome(dataset, outcome, chosen)
    return {"index": str(outcome.index), "pages": _page_rows(outcome), "failed": bool(outcome.failed)}


def _taken(settings: dict[str, str], name: str) -> list[str]:
    return [settings[name]] if name in settings else []


def _leave_tidily() -> None:
    """A scheduler's request to stop ends kernels and temporary files as an interrupt from a keyboard does."""

    def stop(signum: int, _: object) -> None:
        raise SystemExit(128 + signum)

    signal.signal(signal.SIGTERM, stop)


def _skip_what_is_slow_to_import() -> None:
    """Keep jsonschema from building the grammar of an address format no notebook uses: a second saved."""
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]


def _tell(chosen: argparse.Namespace, text: str) -> None:
    if not (chosen.quiet or chosen.json):
        print(text)


def _tell_outcome(dataset: Dataset, outcome: Outcome, chosen: argparse.Namespace) -> None:
    for page in outcome.failed:
        kept = " (the page of an earlier run is kept)" if page.sha256 else ""
        _say(f"{page.page} was not made: {page.error}{kept}")
    made = sum(page.status == "made" for page in outcome.pages)
    _tell(chosen, f"{dataset.about.name}: {made} page{'s' * (made != 1)} made. Open {outcome.index}")


def _page_rows(outcome: Outcome) -> list[dict[str, object]]:
    return [
        {"page": page.page, "status": page.status, "error": page.error, "stale": page.stale}
        for page in outcome.pages
    ]


def _check(chosen: argparse.Namespace) -> int:
    from improvement_analysis.sources import check_path

    problems = [problem for path in chosen.path for problem in check_path(Path(path))]
    errors = sum(problem.severity == "error" for problem in problems)
    if chosen.json:
        from dataclasses import asdict

        _print_json([asdict(problem) for problem in problems])
    elif problems:
        print(describe(problems))
    elif not chosen.quiet:
        print("no problem found")
    return INVALID if errors else DONE


def _build(chosen: argparse.Namespace) -> int:
    from improvement_analysis.counts import count_grades
    from improvement_analysis.reconciliation import reconcile
    from improvement_analysis.sources import build_tables, load, write_tables

    written: list[Path] = []
    for folder in _folders(chosen.dataset):
        dataset = load(folder)
        tables = build_tables(dataset)
        tables["counts"] = count_grades(dataset.gradings, ["service", "domain"]).reset_index()
        if not dataset.published.empty:
            scale = dataset.about.scale
            tables["reconciliation"] = reconcile(dataset.published, dataset.statements, scale=scale)
        written += write_tables(tables, chosen.output / dataset.about.name)
        for problem in dataset.problems:
            _say(str(problem))
    if chosen.json:
        _print_json([str(path) for path in written])
    elif not chosen.quiet:
        print("\n".join(str(path) for path in written))
    return DONE


def _form(chosen: argparse.Namespace) -> int:
    from improvement_analysis.sources import find_dataset, load
    from improvement_analysis.sources.forms import blank_forms, write_forms

    dataset = load(find_dataset(chosen.dataset))
    wanted = {name: getattr(chosen, name) for name in ("team", "service", "area", "round")}
    written = write_forms(chosen.output, dataset.about, blank_forms(dataset, **wanted))
    if chosen.json:
        _print_json([str(path) for path in written])
    elif not chosen.quiet:
        print("\n".join(str(path) for path in written))
        if chosen.team and not (dataset.gradings["team"] == chosen.team).any():
            print(f"No grading names {chosen.team}: the form is for a new team.")
    return DONE


def _list(chosen: argparse.Namespace) -> int:
    from improvement_analysis.report.plan import plan_pages
    from improvement_analysis.sources import load

    told = []
    for folder in _folders(chosen.dataset):
        dataset = load(folder)
        pages = [
            {"page": job.page, "notebook": job.notebook, "parameters": dict(job.parameters)}
            for job in plan_pages(dataset)
        ]
        told.append(
            {
                "dataset": dataset.about.name,
                "folder": str(folder),
                "title": dataset.about.title,
                "illustrative": dataset.about.illustrative,
                "services": dataset.services,
                "areas": dataset.areas,
                "gradings": len(dataset.gradings),
                "pages": pages,
            }
        )
        if not chosen.json:
            print(dataset)
            print(f"  services: {', '.join(dataset.services)}")
            print(f"  areas: {', '.join(dataset.areas) or 'none is named by a grading'}")
            print("  pages:")
            print("\n".join(f"    {page['page']} from {page['notebook']}" for page in pages))
    if chosen.json:
        _print_json(told)
    return DONE


def _print_json(value: object) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False))


def _say(message: str) -> None:
    print(f"improvement-analysis: {message}", file=sys.stderr)
