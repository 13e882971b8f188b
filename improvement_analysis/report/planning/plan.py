"""Which pages a dataset gets: a notebook and parameters for each."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from improvement_analysis.errors import ReportError
from improvement_analysis.report.page import Page, Value
from improvement_analysis.vocabulary import suggest

if TYPE_CHECKING:
    import pandas as pd

    from improvement_analysis.dataset import Dataset

__all__ = ["file_name", "plan_pages"]

#: Pages of single teams, or of single authorities, beyond which they are made only when asked for.
MOST_OF_A_KIND = 60
_SINGLE = ("team", "authority")

_RESERVED = re.compile(r"con|prn|aux|nul|com\d|lpt\d|index|manifest", re.IGNORECASE)


def plan_pages(dataset: Dataset) -> list[Page]:
    """The pages of a dataset.

    An overview and the directors' review; for each service graded in the latest round a page and a workshop
    pack; one for each area, named by gradings or only declared, and one of all areas where two have teams;
    the same of several authorities; one for each team that is named; one for action plans and one for
    recommendations where there are any; one for rounds and one for moderation where there are two; a timeline
    where days are known; self-evaluation; data quality.
    """
    standing = dataset.standing()
    graded = set(standing["service"])
    services = [service for service in dataset.services if service in graded]
    areas = dataset.areas or list(dataset.about.areas.names)
    authorities = list(dict.fromkeys(standing["authority"].dropna()))
    compared = authorities if len(authorities) > 1 else []
    pages = [
        Page("overview.html", "All services", "overview", "overview"),
        Page("qprm.html", "Quality performance review", "qprm", "qprm_pack"),
        *_pages_of("service", services, "services", "service_findings"),
        *_workshops(services),
        *_all_of(standing, "area", "areas"),
        *_pages_of("area", areas, "areas", "area_comparison"),
        *_all_of(standing, "authority", "authorities"),
        *_pages_of("authority", compared, "authorities", "area_comparison"),
        *_teams(dataset),
    ]
    if len(dataset.actions):
        pages.append(Page("actions.html", "Action plans", "actions", "action_plans"))
    if (dataset.findings["kind"] == "recommendation").any():
        pages.append(Page("trace.html", "Recommendations and what became of them", "trace", "trace"))
    if len(dataset.rounds) > 1 and dataset.gradings["team"].notna().any():
        pages.append(Page("rounds.html", "One round after another", "rounds", "round_comparison"))
    if dataset.gradings["grader"].nunique() > 1:
        pages.append(Page("moderation.html", "Graders of one team", "moderation", "moderation"))
    if dataset.about.programme or dataset.gradings["visit_date"].notna().any():
        pages.append(Page("timeline.html", "Timeline", "timeline", "timeline"))
    pages.append(Page("self-evaluation.html", "Self-evaluation", "self-evaluation", "self_evaluation"))
    return [*pages, Page("data-quality.html", "Data quality", "data quality", "data_quality")]


def plan_publication(min_teams: int, totals: bool = True, previous: Sequence[Path] = ()) -> list[Page]:
    """The one page that may leave the house: counts by service, small ones withheld."""
    folders = "\n".join(str(folder.resolve()) for folder in previous)
    parameters: dict[str, Value] = {"min_teams": min_teams, "totals": totals, "previous": folders}
    return [Page("index.html", "Team diagnostics by service", "publication", "publication", parameters)]


def _all_of(standing: pd.DataFrame, column: str, stem: str) -> list[Page]:
    """The page of all areas, or all authorities; none where fewer than two have teams, or very many."""
    if not 2 <= standing[column].nunique() <= MOST_OF_A_KIND:
        return []
    return [Page(f"{stem}.html", f"All {stem} side by side", stem, "areas", {"by": column})]


def count_crowded(pages: Iterable[Page]) -> dict[str, int]:
    """The kinds of page that are too many to be made unasked, and how many they are.

    Examples
    --------
    >>> count_crowded(Page(f"teams/{n}.html", f"Team {n}", "team", "team_pack") for n in range(61))
    {'team': 61}
    """
    kinds = Counter(page.kind for page in pages if page.kind in _SINGLE)
    return {kind: number for kind, number in kinds.items() if number > MOST_OF_A_KIND}


def phrase_unasked(kind: str, number: int) -> str:
    """What a run says of pages that it did not make because they are many.

    Examples
    --------
    >>> phrase_unasked("team", 153)
    'no page for each of 153 teams: --every-page makes them all, --only PAGE one of them'
    """
    many = {"team": "teams", "authority": "authorities"}[kind]
    return f"no page for each of {number} {many}: --every-page makes them all, --only PAGE one of them"


def _pages_of(kind: str, names: list[str], folder: str, notebook: str) -> list[Page]:
    stems = file_names(names)
    return [Page(f"{folder}/{stems[name]}.html", name, kind, notebook, {kind: name}) for name in names]


def _workshops(services: list[str]) -> list[Page]:
    pages = _pages_of("service", services, "workshops", "workshop_pack")
    return [replace(page, title=f"{page.title}: workshop", kind="workshop") for page in pages]


def _teams(dataset: Dataset) -> list[Page]:
    """A page for each team of the latest round; its file bears its name, and more where two share that."""
    standing = dataset.standing()
    columns = ["service", "area", *(["authority"] if standing["authority"].nunique() > 1 else []), "team"]
    teams = standing.loc[standing["team"].notna(), columns].drop_duplicates().to_numpy().tolist()
    order = {service: number for number, service in enumerate(dataset.services)}
    given = [
        {name: value for name, value in zip(columns, team, strict=True) if isinstance(value, str)}
        for team in sorted(teams, key=lambda team: (order[team[0]], team[-1]))
    ]
    times = Counter(each["team"] for each in given)
    names = [each["team"] if times[each["team"]] == 1 else "\n".join(each.values()) for each in given]
    stems = file_names(names)
    return [
        Page(f"teams/{stems[name]}.html", _title(each, name != each["team"]), "team", "team_pack", each)
        for name, each in zip(names, given, strict=True)
    ]


def _title(team: Mapping[str, str], shared: bool) -> str:
    """A team's name and service, its area where another bears its name, and its authority if it is given."""
    area = [team["area"]] if shared and "area" in team else []
    authority = [team["authority"]] if "authority" in team else []
    return ", ".join([team["team"], team["service"], *area, *authority])


def choose(
    pages: Iterable[Page],
    services: Collection[str] = (),
    areas: Collection[str] = (),
    notebooks: Collection[str] = (),
    paths: Collection[str] = (),
) -> list[Page]:
    """The pages for some services, areas or notebooks, or of some paths; all where none is named.

    Raises
    ------
    ReportError
        If a name is not there, with those that are.
    """
    pages = list(pages)
    known = {
        kind: [str(page.parameters[kind]) for page in pages if page.kind == kind]
        for kind in ("service", "area")
    }
    known["notebook"] = list(dict.fromkeys(page.notebook for page in pages))
    known["page"] = [page.path for page in pages]
    asked = {"service": services, "area": areas, "notebook": notebooks, "page": paths}
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
        page
        for page in pages
        if (not named or page.parameters.get(page.kind) in (*services, *areas))
        and (not notebooks or page.notebook in notebooks)
        and (not paths or page.path in paths)
    ]


def of_team(pages: Sequence[Page], team: str | None) -> list[Page]:
    """The pages without those of other teams than *team*; all where none is named.

    Raises
    ------
    ReportError
        If there are pages of teams and none is of this one, with those there are.
    """
    teams = [str(page.parameters["team"]) for page in pages if page.kind == "team"]
    if team is not None and teams and team not in teams:
        raise ReportError(_unknown("team", team, list(dict.fromkeys(teams))))
    return [page for page in pages if team is None or page.parameters.get("team", team) == team]


def _unknown(kind: str, name: str, known: list[str]) -> str:
    close = suggest(name, known)
    hint = f"did you mean {close!r}? " if close else ""
    return f"unknown {kind} {name!r}; {hint}known are {', '.join(repr(each) for each in known)}"


def file_names(names: Iterable[str]) -> dict[str, str]:
    """A file name without ending for each name: safe on every system and no two alike."""
    stems, taken, numbers = dict[str, str](), set[str](), Counter[str]()
    for name in names:
        first = stem = file_name(name)
        while stem in taken:
            numbers[first] += 1
            stem = f"{first}-{numbers[first] + 1}"
        taken.add(stem)
        stems[name] = stem
    return stems


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
