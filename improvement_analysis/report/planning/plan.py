"""Which pages a dataset gets: a notebook and parameters for each."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from improvement_analysis.errors import ReportError
from improvement_analysis.report.planning.parameters import Value
from improvement_analysis.vocabulary import suggest

if TYPE_CHECKING:
    from improvement_analysis.dataset import Dataset

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
        ``"overview"``, ``"qprm"``, ``"service"``, ``"workshop"``, ``"area"``, ``"team"``, ``"actions"``,
        ``"rounds"``, ``"moderation"`` or ``"data quality"``.
    """

    page: str
    title: str
    notebook: str
    kind: str
    parameters: Mapping[str, Value] = field(default_factory=dict)


def plan_pages(dataset: Dataset) -> list[Job]:
    """The pages of a dataset.

    An overview and the directors' review; for each service graded in the latest round a page and a workshop
    pack; one for each area, named by gradings or only declared; one for each team that is named; one for
    action plans where there are any; one for rounds and one for moderation where there are two; data quality.
    """
    graded = set(dataset.standing()["service"])
    services = [service for service in dataset.services if service in graded]
    areas = dataset.areas or list(dataset.about.areas.names)
    jobs = [
        Job("overview.html", "All services", "overview", "overview"),
        Job("qprm.html", "Quality performance review", "qprm_pack", "qprm"),
        *_jobs("services", services, "service_findings", "service"),
        *_workshop_jobs(services),
        *_jobs("areas", areas, "area_comparison", "area"),
        *_team_jobs(dataset),
    ]
    if len(dataset.actions):
        jobs.append(Job("actions.html", "Action plans", "action_plans", "actions"))
    if len(dataset.rounds) > 1 and dataset.gradings["team"].notna().any():
        jobs.append(Job("rounds.html", "One round after another", "round_comparison", "rounds"))
    if dataset.gradings["grader"].nunique() > 1:
        jobs.append(Job("moderation.html", "Two graders of one team", "moderation", "moderation"))
    return [*jobs, Job("data-quality.html", "Data quality", "data_quality", "data quality")]


def _workshop_jobs(services: list[str]) -> list[Job]:
    stems = file_names(services)
    return [
        Job(
            f"workshops/{stems[name]}.html",
            f"{name}: workshop",
            "workshop_pack",
            "workshop",
            {"service": name},
        )
        for name in services
    ]


def _team_jobs(dataset: Dataset) -> list[Job]:
    """A page for each team of the latest round; its file bears its name, and more where two share that."""
    standing = dataset.standing()
    columns = ["service", "area", "team"]
    teams = standing.loc[standing["team"].notna(), columns].drop_duplicates().to_numpy().tolist()
    order = {service: number for number, service in enumerate(dataset.services)}
    given = [
        {name: value for name, value in zip(columns, team, strict=True) if isinstance(value, str)}
        for team in sorted(teams, key=lambda team: (order[team[0]], team[2]))
    ]
    times = Counter(each["team"] for each in given)
    names = [each["team"] if times[each["team"]] == 1 else "\n".join(each.values()) for each in given]
    stems = file_names(names)
    return [
        Job(f"teams/{stems[name]}.html", _title(each, name != each["team"]), "team_pack", "team", each)
        for name, each in zip(names, given, strict=True)
    ]


def _title(team: Mapping[str, str], shared: bool) -> str:
    """A team's name and service, and its area where another bears its name."""
    area = [team["area"]] if shared and "area" in team else []
    return ", ".join([team["team"], team["service"], *area])


def plan_publication(min_teams: int, totals: bool = True) -> list[Job]:
    """The one page that may leave the house: counts by service, small ones withheld."""
    parameters: dict[str, Value] = {"min_teams": min_teams, "totals": totals}
    return [Job("index.html", "Team diagnostics by service", "publication", "publication", parameters)]


def _jobs(folder: str, names: list[str], notebook: str, kind: str) -> list[Job]:
    stems = file_names(names)
    return [Job(f"{folder}/{stems[name]}.html", name, notebook, kind, {kind: name}) for name in names]


def choose(
    jobs: Iterable[Job],
    services: Collection[str] = (),
    areas: Collection[str] = (),
    notebooks: Collection[str] = (),
    pages: Collection[str] = (),
) -> list[Job]:
    """The jobs for some services, areas, notebooks or pages; all where none is named.

    Raises
    ------
    ReportError
        If a name is not there, with those that are.
    """
    jobs = list(jobs)
    known = {
        kind: [str(job.parameters[kind]) for job in jobs if job.kind == kind] for kind in ("service", "area")
    }
    known["notebook"] = list(dict.fromkeys(job.notebook for job in jobs))
    known["page"] = [job.page for job in jobs]
    asked = {"service": services, "area": areas, "notebook": notebooks, "page": pages}
    faults = [
        _unknown(kind, name, known[kind])
        for kind, names in asked.items()
        for name in names
        if name not in known[kind]
    ]
    if faults:
        raise ReportError("; ".join(faults))
    named = bool(services or areas)
    return [
        job
        for job in jobs
        if (not named or job.parameters.get(job.kind) in (*services, *areas))
        and (not notebooks or job.notebook in notebooks)
        and (not pages or job.page in pages)
    ]


def of_team(jobs: Sequence[Job], team: str | None) -> list[Job]:
    """The jobs without those of other teams than *team*; all where none is named.

    Raises
    ------
    ReportError
        If there are pages of teams and none is of this one, with those there are.
    """
    teams = [str(job.parameters["team"]) for job in jobs if job.kind == "team"]
    if team is not None and teams and team not in teams:
        raise ReportError(_unknown("team", team, list(dict.fromkeys(teams))))
    return [job for job in jobs if team is None or job.parameters.get("team", team) == team]


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


def report_folder(dataset: str, output: Path, *, publish: bool = False) -> Path:
    """The folder of a dataset's report, or of what of it is for publication."""
    return output / f"{file_name(dataset)}{'-for-publication' if publish else ''}"


def relative(page: str, target: str) -> str:
    """The link from one page to another of the same output folder.

    Examples
    --------
    >>> relative("services/x.html", "index.html")
    '../index.html'
    """
    return "../" * (len(PurePosixPath(page).parts) - 1) + target
