"""The commands about data: ``check``, ``build``, ``form`` and ``list``."""

from __future__ import annotations

import argparse
from pathlib import Path

from improvement_analysis.cli.drafts import next_command
from improvement_analysis.cli.options import (
    DONE,
    INVALID,
    add_datasets,
    add_manners,
    find_folders,
    find_folders_apart,
    print_json,
    say,
    show,
    tell,
)
from improvement_analysis.errors import condense, describe

__all__ = ["add_build", "add_check", "add_form", "add_list"]

#: As :data:`~improvement_analysis.findings.MEETINGS` has them, which takes pandas to ask.
_MEETINGS = ("workshop", "review")


def add_check(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``check``."""
    command = commands.add_parser(
        "check", help="say what is wrong with a file or dataset", description="Read and report every problem."
    )
    command.add_argument("path", nargs="+", help="a file or a dataset folder")
    add_manners(command)
    command.set_defaults(command=_check)


def add_build(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``build``."""
    command = commands.add_parser(
        "build",
        help="write the tidy tables of a dataset",
        description="Write gradings, published cells, counts and reconciliation as CSV.",
    )
    add_datasets(command)
    command.add_argument(
        "-o", "--output", type=Path, default=Path("data") / "processed", help="default: data/processed"
    )
    add_manners(command)
    command.set_defaults(command=_build)


def add_form(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``form``."""
    command = commands.add_parser(
        "form",
        help="write team diagnostic forms to be filled in",
        description="Write a workbook for each team of a dataset, or for one team, to fill in at a visit.",
    )
    command.add_argument(
        "--dataset", required=True, help="a folder with a source.toml, or its name under data/raw"
    )
    words = "a visit to a team (default), or the sheet of a workshop or review"
    command.add_argument("--kind", choices=["visit", *_MEETINGS], default="visit", help=words)
    command.add_argument("--team", metavar="NAME", help="only this team; it may be new")
    command.add_argument("--service", metavar="NAME", help="only this service")
    command.add_argument("--area", metavar="NAME", help="only this area")
    command.add_argument("--round", metavar="NAME", help="the round of visits; default: the dataset's")
    words = "when the grades are given: second, agreed, moderated ...; default: first"
    command.add_argument("--stage", metavar="NAME", help=words)
    command.add_argument("-o", "--output", type=Path, default=Path("forms"), help="a folder; default: forms")
    add_manners(command)
    command.set_defaults(command=_form)


def add_list(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``list``."""
    command = commands.add_parser(
        "list",
        help="show datasets, services, pages and parameters",
        description="Show what a dataset holds and which pages a report would make.",
    )
    add_datasets(command)
    add_manners(command)
    command.set_defaults(command=_list)


def _check(chosen: argparse.Namespace) -> int:
    from improvement_analysis.sources import check_path
    from improvement_analysis.sources.folders import declares

    problems = [problem for path in chosen.path for problem in check_path(Path(path))]
    errors = sum(problem.severity == "error" for problem in problems)
    if chosen.json:
        from dataclasses import asdict

        print_json([asdict(problem) for problem in problems])
    elif problems:
        show(describe(condense(problems)))
    else:
        tell(chosen, "no problem found")
    if not (chosen.json or chosen.quiet):
        bare = [path for path in map(Path, chosen.path) if path.is_file() and not declares(path.parent)]
        following = "init" if errors and bare else "report"
        if bare or not errors:
            show(next_command(following, bare or chosen.path))
    return INVALID if errors else DONE


def _build(chosen: argparse.Namespace) -> int:
    from improvement_analysis.counts import count_grades
    from improvement_analysis.reconciliation import reconcile
    from improvement_analysis.report.publishing.lock import locked
    from improvement_analysis.sources import build_tables, load, write_tables

    written: list[Path] = []
    for folder in find_folders_apart(chosen.dataset):
        dataset = load(folder)
        tables = build_tables(dataset)
        tables["counts"] = count_grades(dataset.gradings, ["service", "domain"]).reset_index()
        if not dataset.published.empty:
            tables["reconciliation"] = reconcile(dataset)
        target = chosen.output / dataset.about.name
        with locked(target, folder):
            written += write_tables(tables, target)
        for problem in dataset.problems:
            say(str(problem))
    if chosen.json:
        print_json([str(path) for path in written])
    else:
        tell(chosen, "\n".join(str(path) for path in written))
    return DONE


def _form(chosen: argparse.Namespace) -> int:
    from improvement_analysis.sources import find_dataset, load
    from improvement_analysis.sources.forms import blank_forms, write_forms, write_meetings

    dataset = load(find_dataset(chosen.dataset))
    if chosen.kind != "visit":
        services = {"review": [None], "workshop": [chosen.service] if chosen.service else dataset.services}
        round_ = chosen.round or dataset.about.round
        written = write_meetings(chosen.output, dataset.about, chosen.kind, services[chosen.kind], round_)
    else:
        wanted = {name: getattr(chosen, name) for name in ("team", "service", "area", "round", "stage")}
        written = write_forms(chosen.output, dataset.about, blank_forms(dataset, **wanted))
    if chosen.json:
        print_json([str(path) for path in written])
    else:
        tell(chosen, "\n".join(str(path) for path in written))
        if chosen.team and not (dataset.gradings["team"] == chosen.team).any():
            tell(chosen, f"No grading names {chosen.team}: the form is for a new team.")
    return DONE


def _list(chosen: argparse.Namespace) -> int:
    from improvement_analysis.report.planning.plan import plan_pages
    from improvement_analysis.sources import load

    told = []
    for folder in find_folders(chosen.dataset):
        dataset = load(folder)
        pages = [
            {"page": page.path, "notebook": page.notebook, "parameters": dict(page.parameters)}
            for page in plan_pages(dataset)
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
            show(dataset)
            show(f"  services: {', '.join(dataset.services)}")
            show(f"  areas: {', '.join(dataset.areas) or 'none is named by a grading'}")
            show("  pages:")
            show("\n".join(f"    {page['page']} from {page['notebook']}" for page in pages))
    if chosen.json:
        print_json(told)
    return DONE
