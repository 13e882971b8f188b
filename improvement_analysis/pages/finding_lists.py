"""Findings in words, as lists: strengths, vulnerabilities, recommendations."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from improvement_analysis.about import About, about_of
from improvement_analysis.dataset import Dataset
from improvement_analysis.findings import KIND_TITLES, select_findings
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.rounds import latest_round
from improvement_analysis.tables import Table, frame_table

__all__ = ["MADE_UP", "SHOWN", "FindingsList", "list_area_findings", "list_findings", "list_items"]


#: What stands above a list of made-up findings; a page that says so at its top hides it.
MADE_UP = '<p class="illustrative"><strong>Illustrative findings, made up.</strong></p>'

#: Findings of a kind that stand open on the page of one service.
SHOWN = 3

_FINDING = {
    "kind": "Kind",
    "text": "Finding",
    "theme": "Theme",
    "areas": "Areas",
    "source": "Where it stands",
}


_NONE = "None is named."


@dataclass(frozen=True)
class FindingsList:
    """Findings as lists: strengths, vulnerabilities and, where there are any, recommendations.

    Attributes
    ----------
    caption
        What they are about.
    frame : DataFrame, one row per finding
    about
        What the dataset says of itself: a list of made-up findings says so, as does one made of a frame that
        knows it.
    shown
        How many of a kind stand open; the others are folded. By default all do.
    titles
        The kinds that are listed, each with what stands over it (nothing where empty).
    blanks
        What is said of a kind that has none; recommendations are otherwise passed over.
    """

    caption: str
    frame: pd.DataFrame
    about: About | None = None
    shown: int | None = None
    titles: Mapping[str, str] = field(default_factory=lambda: KIND_TITLES)
    blanks: Mapping[str, str] = field(default_factory=dict)

    @property
    def illustrative(self) -> bool:
        """Whether they are made up."""
        return about_of(self.about, self.frame).illustrative

    @property
    def table(self) -> Table:
        """The same findings as a table."""
        return frame_table(self.frame, caption=self.caption, headings=_FINDING, about=self.about)

    @property
    def html(self) -> str:
        """The lists as HTML, everything escaped."""
        parts = [MADE_UP] if self.illustrative else []
        for kind, title in self.titles.items():
            rows = self.frame[self.frame["kind"] == kind].to_dict("records")
            if kind == "recommendation" and not (rows or self.blanks):
                continue
            repeats = Counter(_finding(row) for row in rows)
            items = [f"{words}{_times(number)}" for words, number in repeats.most_common()]
            blank = self.blanks.get(kind, _NONE)
            listed = list_items(items, self.shown) if rows else f"<p>{blank}</p>"
            parts.append(f"<h4>{title}</h4>{listed}" if title else listed)
        return f'<section class="findings"><h3>{escape(self.caption)}</h3>{"".join(parts)}</section>'

    def __str__(self) -> str:
        lines = [f"{row['kind']}: {row['text']}" for row in self.frame.to_dict("records")]
        return "\n".join([self.caption, *lines])

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, object]:
        shown = {"text/html": self.html, "text/plain": str(self)}
        made = {**self.table._repr_mimebundle_(), **shown}
        return {
            kind: value
            for kind, value in made.items()
            if (include is None or kind in include) and kind not in (exclude or ())
        }


def list_findings(
    dataset: Dataset,
    service: str | None = None,
    round: str | None = None,  # noqa: A002
) -> FindingsList | Prose:
    """The findings about one service; without one, those that name no service and no area.

    Of one round, the latest by default; findings that carry no round are of every one.
    """
    latest = latest_round(dataset.gradings)
    found = select_findings(
        dataset.findings, service=service, crossing=service is None, round=round or latest
    )
    if found.empty:
        about = f"{service} by name" if service else "all services together"
        return nothing(f"The report holds no finding about {about}.")
    caption = f"About {service}" if service else "Across services"
    return FindingsList(caption, found, dataset.about, shown=SHOWN if service else None)


def list_area_findings(
    dataset: Dataset,
    area: str | None = None,
    round: str | None = None,  # noqa: A002
    authority: str = "",
) -> FindingsList | Prose:
    """The findings that name *area*, or any area: what the report says in words, without grades."""
    if authority:
        return nothing("No finding names an authority.")
    named = dataset.findings[dataset.findings["areas"].notna()]
    found = select_findings(named, area=area, round=round or latest_round(dataset.gradings))
    if found.empty:
        return nothing(f"The report holds no finding that names {area or 'an area'}.")
    return FindingsList(f"About {area or 'areas, in words only'}", found, dataset.about)


def list_items(items: list[str], shown: int | None = None) -> str:
    """*items*, HTML, as a list of which the first *shown* stand open and the others are folded.

    Examples
    --------
    >>> list_items(["a", "b"], 1)[-85:]
    '</ul><details><summary>1 more</summary><ul class="findings"><li>b</li></ul></details>'
    """
    opened, folded = (
        "".join(f"<li>{item}</li>" for item in part)
        for part in (items[:shown], items[shown:] if shown else [])
    )
    words = f"{len(items) - (shown or 0)} more"
    rest = f'<details><summary>{words}</summary><ul class="findings">{folded}</ul></details>'
    return f'<ul class="findings">{opened}</ul>{rest if folded else ""}'


def _times(number: int) -> str:
    """How often a finding was made in the same words, where that is more than once."""
    return f" <small>({number} times)</small>" if number > 1 else ""


def _finding(row: Mapping[Any, Any]) -> str:
    page = "" if pd.isna(row["page"]) else f", page {row['page']}"
    return f"{escape(row['text'])} <small>{escape(row['theme'])}{page}</small>"
