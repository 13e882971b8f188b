"""The index: every service's published grades at a glance, a link to each page, and what went wrong."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette
from improvement_analysis.about import About
from improvement_analysis.counts import count_grades, count_teams
from improvement_analysis.dataset import Dataset
from improvement_analysis.notation import format_tally
from improvement_analysis.report.page import Page
from improvement_analysis.report.planning.plan import phrase_unasked
from improvement_analysis.report.publishing.manifest import Run
from improvement_analysis.scale import NO_JUDGEMENT, Scale

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["render_index"]

_TEMPLATES = Path(__file__).parents[1] / "template"

#: Services, or pages of a kind, beyond which they can be searched and sorted.
_MANY = 40
#: Kinds of page that stand under a heading of their own, after the services.
_GROUPS = {"area": "Areas", "authority": "Authorities", "workshop": "Learning workshops", "team": "Teams"}


def render_index(dataset: Dataset, run: Run, findings: Sequence[str] = ()) -> str:
    """The index page of a run as text; *findings* are what the page of all services answers first."""
    planned = [page for page in run.pages if page.status != "left over"]
    links = {page.title: page for page in planned if page.kind == "service"}
    groups = [_group(kind, words, planned) for kind, words in _GROUPS.items()]
    groups = [group for group in groups if group["number"]]
    about, standing = dataset.about, dataset.standing()
    return _template().render(
        about=about,
        run=run,
        style=(_TEMPLATES / "findings" / "page.css").read_text(encoding="utf-8"),
        domains=about.domains,
        services=_services(dataset, standing, links),
        groups=groups,
        large=len(links) > _MANY or any(len(group["parts"]) > 1 for group in groups),
        script=(_TEMPLATES / "index" / "finder.js").read_text(encoding="utf-8"),
        unasked=[phrase_unasked(*unasked) for unasked in run.unasked.items()],
        others=[page for page in planned if page.kind not in ("service", *_GROUPS) and page.sha256],
        failed=[page for page in planned if page.status == "failed"],
        left_over=[page for page in run.pages if page.status == "left over"],
        teams=count_teams(standing),
        gradings=len(standing),
        rounds=dataset.rounds,
        problems=dataset.problems,
        changes=run.changes,
        findings=findings,
        internal=bool(dataset.gradings["team"].notna().any()),
        fills=_fills(about),
    )


def _group(kind: str, words: str, planned: list[Page]) -> dict[str, Any]:
    """The pages of a kind under their heading; very many stand in parts, by the letter they begin with."""
    pages = [page for page in planned if page.kind == kind and page.sha256]
    parts: dict[str, list[Page]] = {"": pages}
    if len(pages) > _MANY:
        parts = {}
        for page in sorted(pages, key=lambda page: page.title.casefold()):
            parts.setdefault(page.title[:1].upper(), []).append(page)
    return {"id": kind, "words": words, "number": len(pages), "parts": list(parts.items())}


def _services(dataset: Dataset, standing: pd.DataFrame, links: Mapping[str, Page]) -> list[dict[str, Any]]:
    """A row for each service that has gradings; all are counted at once, however many there are."""
    cells, teams = _cells(dataset, standing), count_teams(standing, "service").to_dict()
    none = _cell("", "not graded", dataset.about.scale)
    rows = []
    for service in map(str, dataset.services):
        if service not in teams:
            continue
        page = links.get(service)
        link = page.path if page is not None and page.sha256 else ""
        row = [cells.get((service, domain.key), none) for domain in dataset.about.domains]
        rows.append({"name": service, "link": link, "page": page, "teams": teams[service], "cells": row})
    return rows


def _cells(dataset: Dataset, standing: pd.DataFrame) -> dict[tuple[str, str], dict[str, Any]]:
    """What is told of each service and domain: what is published, or else what is counted."""
    scale, counts = dataset.about.scale, count_grades(standing, ["service", "domain"])
    cells = {
        place: _cell("", format_tally(dict(zip(counts.columns, row, strict=True)), scale), scale)
        for place, row in zip(counts.index, counts.to_numpy().tolist(), strict=True)
    }
    for row in dataset.published.itertuples():
        headline = row.headline if isinstance(row.headline, str) else NO_JUDGEMENT
        cells[row.service, row.domain] = _cell(headline, f"({row.tally})", scale)
    return cells


def _cell(headline: str, tally: str, scale: Scale) -> dict[str, Any]:
    """A headline as chips (two for a split, the better half first, as printed) and its tally."""
    graded = bool(headline) and headline != NO_JUDGEMENT
    halves = list(dict.fromkeys(reversed(scale.ends(headline)))) if graded else []
    words = scale.name(headline) if headline else ""
    return {"halves": halves, "words": words, "tally": tally}


def _fills(about: About) -> dict[str, dict[str, str]]:
    """The background and the letter's colour of each grade's chip."""
    return {
        code: {"background": fill, "letter": palette.letter(fill)}
        for code, fill in palette.fills(about.scale).items()
    }


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    loader = FileSystemLoader(_TEMPLATES / "index")
    return Environment(
        loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True
    ).get_template("index.html.j2")
