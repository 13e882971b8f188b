"""What a report is asked to be, and the pages that come of it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import nbformat

from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import ReportError
from improvement_analysis.report.making.page import TOGETHER, Edition
from improvement_analysis.report.page import Page, Value
from improvement_analysis.report.planning.notebooks import read_notebook
from improvement_analysis.report.planning.parameters import (
    Parameter,
    check_parameters,
    parse_value,
    read_parameters,
)
from improvement_analysis.report.planning.plan import choose, count_crowded, of_team, report_folder
from improvement_analysis.report.publishing.freshness import page_key
from improvement_analysis.report.publishing.manifest import versions
from improvement_analysis.selection import find_names
from improvement_analysis.vocabulary import suggest

__all__ = ["Order", "prepare"]


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
        Texts for parameters, by name. Each is set in the notebooks that declare it, and no others are run;
        ``service`` and ``area`` choose among their pages.
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
    every
        Make the pages of single teams and authorities however many they are. Where they are not, those that
        are asked for by name are still made: by *notebooks*, *only*, or a ``team`` that is set.
    publish
        Make the page for publication instead, in a folder of its own; *min_teams* is its threshold, and
        *totals* says whether totals over all services stand on it, and *previous* are the folders of
        earlier ones, beside which nothing that is withheld may come to light.
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
    every: bool = False
    keep: int = 0
    publish: bool = False
    min_teams: int = 3
    totals: bool = True
    previous: Sequence[Path] = ()


def prepare(planned: Sequence[Page], dataset: Dataset, order: Order, base: str) -> tuple[list[Page], Edition]:
    """The pages that are asked for, each with all that is set and its key; and what they share.

    Parameters
    ----------
    planned
        Every page of the dataset.
    dataset, order
        What they are made from, and how.
    base
        The key of all that every page depends on.

    Raises
    ------
    ReportError
        If a name is unknown, a notebook is no good or a parameter does not fit.
    """
    notebooks = _Notebooks(order.notebook_folder)
    pages = _asked_for(planned, order, notebooks)
    texts = {name: nbformat.writes(notebooks[name]) for name in {page.notebook for page in pages}}
    ready = []
    for page in pages:
        parameters = _set(page, order, notebooks.lines(page))
        key = page_key(base, texts[page.notebook], parameters)
        ready.append(replace(page, parameters=parameters, key=key))
    paths, home = {page.path for page in pages}, report_folder(dataset.about.name, order.output)
    # A path that is too long for the system is no file; writing to it is told later, in a sentence.
    there = [page for page in planned if page.path in paths or os.path.isfile(home / page.path)]  # noqa: PTH113
    return ready, replace(
        _edition(dataset, order, texts, planned),
        pages=tuple((page.kind, page.title, page.path) for page in there),
    )


class _Notebooks(dict[str, Any]):
    """Notebooks by name, read when they are first asked for, and the parameters that they declare."""

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self.folder, self.declared = folder, dict[str, dict[str, Parameter]]()

    def __missing__(self, name: str) -> Any:
        notebook = self[name] = read_notebook(name, self.folder)
        self.declared[name] = read_parameters(notebook, name)
        return notebook

    def lines(self, page: Page) -> Mapping[str, Parameter]:
        """The parameters that a page's notebook declares."""
        return self.declared[page.notebook] if self[page.notebook] else {}

    def declare(self, pages: Sequence[Page]) -> set[str]:
        """Every name that the notebooks of some pages declare."""
        return {name for page in pages for name in self.lines(page)}


def _asked_for(planned: Sequence[Page], order: Order, notebooks: _Notebooks) -> list[Page]:
    """The pages chosen whose notebooks declare something of what is set; all that are chosen if nothing is.

    A service or an area that is set chooses its pages; what these do not declare is set in others.
    """
    chosen = choose(planned, order.services, order.areas, order.notebooks, order.only)
    paths, settings = set[str](), set(order.settings)
    if by_name := settings & {"service", "area"}:
        services = [*order.services, *(order.settings[name] for name in by_name & {"service"})]
        areas = [*order.areas, *(order.settings[name] for name in by_name & {"area"})]
        named = choose(planned, services, areas, order.notebooks, order.only)
        paths = {page.path for page in named}
        settings -= by_name | notebooks.declare(named)
    if settings or not by_name:
        paths |= {page.path for page in chosen if not settings or settings & notebooks.lines(page).keys()}
    if not (order.every or order.notebooks or order.only or "team" in settings):
        crowded = count_crowded(planned)
        paths -= {page.path for page in planned if page.kind in crowded}
    unknown = [name for name in order.settings if name in settings - notebooks.declare(chosen)]
    if unknown:
        raise ReportError(_undeclared(unknown, {page.notebook: notebooks.lines(page) for page in chosen}))
    return of_team([page for page in planned if page.path in paths], order.settings.get("team"))


def _set(page: Page, order: Order, lines: Mapping[str, Parameter]) -> dict[str, Value]:
    """The parameters of a page, those that are set among them."""
    given: dict[str, object] = {"dataset": str(order.folder.resolve()), **page.parameters}
    settings = {name: text for name, text in order.settings.items() if name not in ("service", "area")}
    given |= {name: parse_value(text, lines[name]) for name, text in settings.items() if name in lines}
    checked = check_parameters(given, lines, page.notebook)
    return {name: value for name, value in checked.items() if name != "dataset"}


def _edition(
    dataset: Dataset, order: Order, notebooks: Mapping[str, str], planned: Sequence[Page]
) -> Edition:
    about = dataset.about
    listing = "".join(f"{name} {sha256}" for name, sha256 in sorted(dataset.checksums.items()))
    inputs = hashlib.sha256(listing.encode()).hexdigest()[:12]

    def keep(text: str) -> str:
        """A text, unless it is to be published and names somebody."""
        return "" if order.publish and find_names(dataset.gradings, text, about.areas.names) else text

    source = ", ".join(filter(None, map(keep, (about.publisher, about.title))))
    return Edition(
        dataset=str(order.folder.resolve()),
        notebooks=notebooks,
        together={page.kind: page for page in planned if page.kind in TOGETHER.values()},
        heading=tuple(filter(None, map(keep, about.heading))),
        source=source if order.publish else about.source_line,
        program=f"improvement_analysis {versions()['improvement-analysis']}",
        data="" if order.publish else f"the dataset {about.name} ({len(dataset.checksums)} files, {inputs})",
        illustrative=about.illustrative,
        internal=not order.publish and bool(dataset.gradings["team"].notna().any()),
        timeout=order.timeout,
    )


def _undeclared(unknown: Sequence[str], declared: Mapping[str, Mapping[str, Parameter]]) -> str:
    close = suggest(unknown[0], [name for lines in declared.values() for name in lines])
    hint = f"did you mean {close!r}? " if close else ""
    known = "; ".join(f"{name} declares {', '.join(map(repr, declared[name]))}" for name in sorted(declared))
    return f"unknown parameter {', '.join(map(repr, unknown))}; {hint}{known}"
