"""What a report is asked to be, and the tasks that come of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat

from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import ReportError
from improvement_analysis.report.making.page import Task
from improvement_analysis.report.planning.notebooks import read_notebook
from improvement_analysis.report.planning.parameters import (
    Parameter,
    Value,
    check_parameters,
    parse_value,
    read_parameters,
)
from improvement_analysis.report.planning.plan import Job, of_team
from improvement_analysis.report.publishing.freshness import page_key
from improvement_analysis.report.publishing.manifest import versions
from improvement_analysis.vocabulary import suggest

__all__ = ["Order", "Ready", "prepare_jobs"]


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
        Make the page for publication instead, in a folder of its own; *min_teams* is its threshold, and
        *totals* says whether totals over all services stand on it.
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
    totals: bool = True


@dataclass(frozen=True)
class Ready:
    """A job with its task and the key of what its page is made from."""

    job: Job
    task: Task
    key: str


def prepare_jobs(jobs: Sequence[Job], dataset: Dataset, order: Order, base: str) -> list[Ready]:
    """The jobs that can be run as ordered: those whose notebook declares every parameter that is set.

    Parameters
    ----------
    jobs
        Those that the order chooses.
    dataset, order
        What they are made from, and how.
    base
        The key of all that every page depends on.

    Raises
    ------
    ReportError
        If a notebook is no good or a parameter does not fit.
    """
    notebooks = {name: read_notebook(name, order.notebook_folder) for name in {job.notebook for job in jobs}}
    declared = {name: read_parameters(notebook, name) for name, notebook in notebooks.items()}
    fitting = [name for name in declared if set(order.settings) <= set(declared[name])]
    if not fitting:
        raise ReportError(_undeclared(order.settings, declared))
    sources = {name: nbformat.writes(notebooks[name]) for name in fitting}  # one text, however many pages
    ready = []
    for job in of_team(jobs, order.settings.get("team")):
        if job.notebook in fitting:
            lines = declared[job.notebook]
            given: dict[str, object] = {"dataset": str(order.folder.resolve()), **job.parameters}
            given |= {name: parse_value(text, lines[name]) for name, text in order.settings.items()}
            checked = check_parameters(given, lines, job.notebook)
            task = _task(job, dataset, sources[job.notebook], checked, order.timeout)
            set_here = {name: value for name, value in checked.items() if name != "dataset"}
            ready.append(Ready(job, task, page_key(base, task.source, set_here)))
    return ready


def _task(job: Job, dataset: Dataset, source: str, parameters: Mapping[str, Value], timeout: int) -> Task:
    about, made_with = dataset.about, versions()
    kinds = {"service": "Findings for one service", "area": "One area against the others"}
    kinds |= {"workshop": "Learning workshop", "team": "Team pack"}
    internal = job.kind != "publication" and bool(dataset.gradings["team"].notna().any())
    over = (*about.heading, kinds.get(job.kind, "Team diagnostics"))
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
