"""Which pages a dataset gets: a notebook and parameters for each."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from improvement_analysis.errors import ReportError
from improvement_analysis.report.parameters import Value
from improvement_analysis.sources import Dataset
from improvement_analysis.vocabulary import suggest

__all__ = ["Job", "file_name", "plan_pages"]

_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|index|manifest", re.IGNORECASE)


@dataclass(frozen=True)
class Job:
    """A page to make.

    Attributes
    ----------
    page
        Its path in the output folder, with forward slashes.
    title
        Its heading.
    notebook
        The notebook's name, without its ending.
    parameters
        What is set, besides ``dataset``.
    kind
        ``"service"``, ``"overview"`` or ``"data quality"``.
    """

    page: str
    title: str
    notebook: str
    kind: str
    parameters: Mapping[str, Value] = field(default_factory=dict)


def plan_pages(dataset: Dataset) -> list[Job]:
    """The pages of a dataset: overview, one for each service that has gradings, data quality."""
    names = file_names(dataset.services)
    services = [
        Job(f"services/{names[service]}.html", service, "service_findings", "service", {"service": service})
        for service in dataset.services
    ]
    return [
        Job("overview.html", "All services", "overview", "overview"),
        *services,
        Job("data-quality.html", "Data quality", "data_quality", "data quality"),
    ]


def choose(
    jobs: Iterable[Job], *, services: Collection[str] = (), notebooks: Collection[str] = ()
) -> list[Job]:
    """The jobs for some services or notebooks; all where neither is named.

    Raises
    ------
    ReportError
        If a name is not there, with those that are.
    """
    jobs = list(jobs)
    known_services = [str(job.parameters["service"]) for job in jobs if job.kind == "service"]
    known_notebooks = list(dict.fromkeys(job.notebook for job in jobs))
    faults = [
        *(_unknown("service", name, known_services) for name in services if name not in known_services),
        *(_unknown("notebook", name, known_notebooks) for name in notebooks if name not in known_notebooks),
    ]
    if faults:
        raise ReportError("; ".join(faults))
    return [
        job
        for job in jobs
        if (not services or job.parameters.get("service") in services)
        and (not notebooks or job.notebook in notebooks)
    ]


def _unknown(kind: str, name: str, known: list[str]) -> str:
    close = suggest(name, known)
    hint = f"did you mean {close!r}? " if close else ""
    return f"unknown {kind} {name!r}; {hint}known are {', '.join(repr(each) for each in known)}"


def file_names(names: Iterable[str]) -> dict[str, str]:
    """A file name without ending for each name: safe on every system and no two alike."""
    found: dict[str, str] = {}
    for name in names:
        stem = file_name(name)
        number = 2
        while stem in found.values():
            stem, number = f"{file_name(name)}-{number}", number + 1
        found[name] = stem
    return found


def file_name(name: str) -> str:
    """*name* in lower-case letters, digits and hyphens.

    Examples
    --------
    >>> file_name("LAC Permanency"), file_name("Redditch/Wychavon"), file_name("..")
    ('lac-permanency', 'redditch-wychavon', 'page')
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:80].rstrip("-") or "page"
    return f"{stem}-page" if _RESERVED.fullmatch(stem) else stem


def relative(page: str, target: str) -> str:
    """The link from one page to another of the same output folder.

    Examples
    --------
    >>> relative("services/x.html", "index.html")
    '../index.html'
    """
    return "../" * (len(PurePosixPath(page).parts) - 1) + target
