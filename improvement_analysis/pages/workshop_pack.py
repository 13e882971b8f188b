"""A service's learning workshop: what it starts from and what to ask. No team is named."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from improvement_analysis.about import About, about_of
from improvement_analysis.counts import count_grades, count_teams, rank_domains
from improvement_analysis.dataset import Dataset
from improvement_analysis.findings import KIND_TITLES, KINDS, QUESTIONS, SEPARATOR, select_findings
from improvement_analysis.gradings import select
from improvement_analysis.pages.finding_lists import MADE_UP, SHOWN, list_items
from improvement_analysis.pages.service_findings import brief_service
from improvement_analysis.pages.team_names import Discretion
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.rounds import latest_round
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import grade_words, join_words, plural
from improvement_analysis.tables import Table, frame_table

__all__ = ["PromptList", "brief_workshop", "list_prompts"]


def brief_workshop(dataset: Dataset, service: str, round: str | None = None) -> Prose:  # noqa: A002
    """What a service's learning workshop starts from: its distribution, weakest and strongest domain.

    No team is named.

    Raises
    ------
    GradingsError
        If no gradings are of this service.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_workshop(load("worcestershire-2018"), "Children with Disabilities"))
    - 2 teams were graded. Overall conclusion as published: Requires Improvement (2 x RI).
    - 2 of 8 domain gradings were good, none outstanding.
    - No grading in any domain is inadequate or split with it, so no domain stands out as weakest.
    - Joint working has the most gradings at good or better: 2 of 2.
    - No team is named. In 4 of 4 domains all teams hold one grade, so each team's grade can be worked out.
    Each of the two teams can work out the other's grades.
    """
    scale = dataset.about.scale
    gradings = select(dataset.standing(round), service=service)
    counts = count_grades(gradings, "domain", scale=scale)
    grades = brief_service(dataset, service, round).items
    return Prose((*grades, _strongest(counts, dataset), _unnamed(counts, count_teams(gradings), scale)))


def _strongest(counts: pd.DataFrame, dataset: Dataset) -> str:
    """The domain with most gradings at good or better; ties are said."""
    scale = dataset.about.scale
    good = [grade for grade in scale.categories if scale.at_least(grade, scale.threshold)]
    kept = counts.drop(index="overall", errors="ignore")
    high, judged = kept[good].sum(axis=1), kept.drop(columns=NO_JUDGEMENT).sum(axis=1)
    words = grade_words(scale.threshold, scale)
    words = words if scale.threshold == scale.codes[-1] else f"{words} or better"
    if not high.max():
        return f"No grading in any domain is {words}, so no domain stands out as strongest."
    top = high.index[high == high.max()]
    names = [dataset.about.short_labels[str(domain)] for domain in top]
    shares = list(dict.fromkeys(f"{int(high[domain])} of {int(judged[domain])}" for domain in top))
    if len(names) == 1:
        return f"{names[0]} has the most gradings at {words}: {shares[0]}."
    each = f"each {shares[0]}" if len(shares) == 1 else join_words(shares)
    return f"{join_words(names)} have equally many gradings at {words}: {each}."


def _unnamed(counts: pd.DataFrame, teams: int, scale: Scale) -> str:
    """What leaving out the teams' names does and does not hide."""
    if teams == 1:
        return "One team was graded, so these are its grades."
    kept = counts.drop(index="overall", errors="ignore")
    told = int((kept[list(scale.columns)] == kept.sum(axis=1).to_numpy()[:, None]).any(axis=1).sum())
    said = "No team is named."
    if told:
        hold = f"In {told} of {plural(len(kept), 'domain')} all teams hold one grade"
        said += f" {hold}, so each team's grade can be worked out."
    if teams == 2:
        said += " Each of the two teams can work out the other's grades."
    return said


@dataclass(frozen=True)
class PromptList:
    """Findings as prompts for a talk: under each kind one question, then what was found, teams unnamed.

    Attributes
    ----------
    caption
        What they are about.
    frame : DataFrame, one row per different finding
        ``kind``, ``text``, ``theme`` and ``said``: of how many teams it was said, or on which page.
    left_out
        How many findings were left out because they name a team.
    about
        What the dataset says of itself: prompts of made-up findings say so.
    """

    caption: str
    frame: pd.DataFrame
    left_out: int = 0
    about: About | None = None

    @property
    def table(self) -> Table:
        """The same prompts as a table."""
        asked = self.frame.assign(question=self.frame["kind"].map(QUESTIONS))
        headings = {
            "kind": "Kind",
            "text": "Finding",
            "theme": "Theme",
            "said": "Said of",
            "question": "To ask",
        }
        return frame_table(asked, caption=self.caption, headings=headings, about=self.about)

    @property
    def html(self) -> str:
        """The prompts as HTML, everything escaped."""
        parts = [MADE_UP] if about_of(self.about, self.frame).illustrative else []
        for kind in KINDS:
            rows = self.frame[self.frame["kind"] == kind].to_dict("records")
            if rows:
                items = list_items([_prompt(row) for row in rows], SHOWN)
                question = f"<p><strong>{escape(QUESTIONS[kind])}</strong></p>"
                parts.append(f"<h4>{KIND_TITLES[kind]}</h4>{question}{items}")
        if self.left_out:
            names = "names a team and is" if self.left_out == 1 else "name a team and are"
            parts.append(f"<p>{plural(self.left_out, 'finding')} {names} left out.</p>")
        return f'<section class="findings"><h3>{escape(self.caption)}</h3>{"".join(parts)}</section>'

    def __str__(self) -> str:
        lines = [f"{row['kind']}: {row['text']}" for row in self.frame.to_dict("records")]
        return "\n".join([self.caption, *lines])

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, object]:
        made = {**self.table._repr_mimebundle_(), "text/html": self.html, "text/plain": str(self)}
        return {
            kind: value
            for kind, value in made.items()
            if (include is None or kind in include) and kind not in (exclude or ())
        }


def _prompt(row: Mapping[Any, Any]) -> str:
    said = f"{row['theme']}, {row['said']}" if row["said"] else row["theme"]
    return f"{escape(row['text'])} <small>{escape(said)}</small>"


def list_prompts(
    dataset: Dataset,
    service: str,
    round: str | None = None,  # noqa: A002
    *,
    crossing: bool = False,
) -> PromptList | Prose:
    """Prompts for a service's workshop, drawn from the findings about it.

    A finding made in several teams stands once, with their number. Those about a domain that could be
    the service's weakest come first. With *crossing*, the findings that name no service and no area instead.

    Raises
    ------
    GradingsError
        If no gradings are of this service.
    """
    gradings = select(dataset.standing(round), service=service)
    latest = round or latest_round(dataset.gradings)
    found = select_findings(
        dataset.findings, service=None if crossing else service, crossing=crossing, round=latest
    )
    discretion = Discretion(dataset)
    telling = pd.Series([discretion.names_team(text) for text in found["text"]], found.index, dtype=bool)
    kept = found[~telling]
    if kept.empty:
        about = "all services together" if crossing else f"{service} by name"
        left = " that names no team" if len(found) else ""
        return nothing(f"The report holds no finding about {about}{left}, so there are no prompts from it.")
    ranked = rank_domains(count_grades(gradings, "domain", scale=dataset.about.scale))
    weakest = set(ranked.loc[ranked["could_be_weakest"], "domain"])
    frame = _distinct(kept, weakest, count_teams(gradings))
    caption = "Across services" if crossing else f"About {service}"
    return PromptList(caption, frame, int(telling.sum()), dataset.about)


def _distinct(found: pd.DataFrame, weakest: set[str], teams: int) -> pd.DataFrame:
    """Each different finding once, those about a domain that could be the weakest first within their kind."""
    of_teams = found["teams"] if "teams" in found else pd.Series(pd.NA, index=found.index)
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for row, team in zip(found.to_dict("records"), of_teams, strict=True):
        domains = row["domains"].split(SEPARATOR) if isinstance(row["domains"], str) else []
        new = {"kind": row["kind"], "text": row["text"], "theme": row["theme"], "page": row["page"]}
        new |= {"first": not weakest & set(domains), "teams": set()}
        kept = rows.setdefault((row["kind"], row["text"]), new)
        kept["teams"] |= set() if pd.isna(team) else {team}
    frame = pd.DataFrame(rows.values())
    said = [
        f"{len(names)} of {plural(teams, 'team')}" if names else "" if pd.isna(page) else f"page {page}"
        for names, page in zip(frame["teams"], frame["page"], strict=True)
    ]
    ordered = frame.assign(said=said).sort_values("first", kind="stable", ignore_index=True)
    return ordered[["kind", "text", "theme", "said"]]
