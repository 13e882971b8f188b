"""The tables of the packs for meetings: what is low, what changed, what to talk about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from improvement_analysis.briefing import (
    Discretion,
    Prose,
    Team,
    brief_rounds,
    low_gradings,
    match_rounds,
    select_team,
)
from improvement_analysis.comparison import compare_rounds
from improvement_analysis.counts import count_grades, count_teams, rank_domains
from improvement_analysis.findings import KINDS, SEPARATOR, select_findings
from improvement_analysis.gradings import select
from improvement_analysis.listings.sources import FindingsList
from improvement_analysis.notation import format_tally
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import plural
from improvement_analysis.sources import Dataset
from improvement_analysis.tables import Table, frame_table

__all__ = [
    "PromptList",
    "list_low_gradings",
    "list_prompts",
    "list_round_changes",
    "list_team_findings",
    "list_team_grades",
]

#: What to ask of each kind of finding.
_QUESTIONS = {
    "strength": "What makes this work here, and what would put it at risk?",
    "vulnerability": "Where do we see this in our own work, and what would we change first?",
    "recommendation": "What would it take, who would see to it, and by when?",
}
_HEADINGS = dict(zip(KINDS, ("Strengths", "Vulnerabilities", "Recommendations"), strict=True))


def list_low_gradings(dataset: Dataset, round: str | None = None) -> Table | Prose:  # noqa: A002
    """Every inadequate or split grading of a round, the latest by default, with where it stands.

    Gradings of a tally that name no team stand in one row for each cell of the source.
    """
    found, scale = low_gradings(dataset, round), dataset.about.scale
    if found.empty:
        return _nothing("No grading is inadequate or split.")
    keys = ["service", "area", "team", "domain", "grade", "source"]
    plain = found[keys].astype({"domain": "str", "grade": "str"})
    rows = plain.groupby(keys, dropna=False, sort=False).size().rename("teams").reset_index()
    headlines, labels = dataset.headlines(), dataset.about.short_labels
    cells = list(zip(rows["service"], rows["domain"], strict=True))
    rows = rows.assign(
        place=rows["source"],
        named=[scale.name(grade) for grade in rows["grade"]],
        for_domain=[labels[domain] for domain in rows["domain"]],
        headline=[_headline(headlines, cell, dataset) for cell in cells],
        by_grade=[scale.rank(grade) for grade in rows["grade"]],
        by_service=[dataset.services.index(service) for service in rows["service"]],
    ).sort_values(["by_grade", "by_service"], kind="stable")
    headings = {"named": "Grade", "service": "Service", "area": "Area", "team": "Team"}
    headings |= {"for_domain": "Quality domain", "teams": "Teams", "headline": "Published headline"}
    nothing_to_say = {
        "area": rows["area"].isna().all(),
        "team": rows["team"].isna().all(),
        "teams": rows["team"].notna().all(),
        "headline": headlines is None,
    }
    headings = {name: words for name, words in headings.items() if not nothing_to_say.get(name)}
    return frame_table(
        rows,
        caption="Inadequate and split gradings",
        headings={**headings, "place": "Where it stands"},
        illustrative=dataset.about.illustrative,
    )


def _headline(headlines: pd.Series | None, key: tuple[str, str], dataset: Dataset) -> str:
    grade = None if headlines is None else headlines.get(key)
    return dataset.about.scale.name(grade) if isinstance(grade, str) else "none"


def list_round_changes(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> Table | Prose:
    """What changed from one round to the next, in numbers of teams; a sentence where nothing can be told."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return _nothing(brief_rounds(dataset, before, after).items[0])
    gradings, first, last = matched
    scale = dataset.about.scale
    moves = compare_rounds(gradings, first, last, scale=scale)
    tallies = {
        name: count_grades(select(gradings, round=name), "domain", scale=scale) for name in (first, last)
    }
    frame = pd.DataFrame(
        {
            "Quality domain": [dataset.about.short_labels[str(domain)] for domain in moves.index],
            **{
                f"Teams in {name}": [_tally(counts, domain, dataset) for domain in moves.index]
                for name, counts in tallies.items()
            },
            "Graded in both": moves["n_matched"].to_numpy(),
            "Up": moves["up"].to_numpy(),
            "Not moved": moves["same"].to_numpy(),
            "Down": moves["down"].to_numpy(),
        }
    )
    caption = f"From {first} to {last}, in numbers of teams"
    return frame_table(frame, caption=caption, illustrative=dataset.about.illustrative)


def _tally(counts: pd.DataFrame, domain: Any, dataset: Dataset) -> str:
    if domain not in counts.index:
        return "not graded"
    tally = dict(zip(counts.columns, counts.loc[[domain]].to_numpy()[0].tolist(), strict=True))
    return format_tally(tally, dataset.about.scale)


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
    illustrative
        Whether they are made up; the list then says so.
    """

    caption: str
    frame: pd.DataFrame
    left_out: int = 0
    illustrative: bool = False

    @property
    def table(self) -> Table:
        """The same prompts as a table."""
        asked = self.frame.assign(question=self.frame["kind"].map(_QUESTIONS))
        headings = {
            "kind": "Kind",
            "text": "Finding",
            "theme": "Theme",
            "said": "Said of",
            "question": "To ask",
        }
        return frame_table(asked, caption=self.caption, headings=headings, illustrative=self.illustrative)

    @property
    def html(self) -> str:
        """The prompts as HTML, everything escaped."""
        parts = ["<p><strong>Illustrative findings, made up.</strong></p>"] if self.illustrative else []
        for kind in KINDS:
            rows = self.frame[self.frame["kind"] == kind].to_dict("records")
            if rows:
                items = "".join(f"<li>{_prompt(row)}</li>" for row in rows)
                question = f"<p><strong>{escape(_QUESTIONS[kind])}</strong></p>"
                parts.append(f'<h4>{_HEADINGS[kind]}</h4>{question}<ul class="findings">{items}</ul>')
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

    A finding made in several teams stands once, with their number. Those about the service's weakest domain
    come first. With *crossing*, the findings that name no service and no area instead.

    Raises
    ------
    GradingsError
        If no gradings are of this service.
    """
    gradings = select(dataset.standing(round), service=service)
    latest = round or max(dataset.rounds, default=None)
    found = select_findings(
        dataset.findings, service=None if crossing else service, crossing=crossing, round=latest
    )
    discretion = Discretion(dataset)
    telling = pd.Series([discretion.names_team(text) for text in found["text"]], found.index, dtype=bool)
    kept = found[~telling]
    if kept.empty:
        about = "all services together" if crossing else f"{service} by name"
        left = " that names no team" if len(found) else ""
        return _nothing(f"The report holds no finding about {about}{left}, so there are no prompts from it.")
    ranked = rank_domains(count_grades(gradings, "domain", scale=dataset.about.scale))
    weakest = set(ranked.loc[ranked["weakest"], "domain"])
    frame = _distinct(kept, weakest, count_teams(gradings))
    caption = "Across services" if crossing else f"About {service}"
    return PromptList(caption, frame, int(telling.sum()), dataset.about.illustrative)


def _distinct(found: pd.DataFrame, weakest: set[str], teams: int) -> pd.DataFrame:
    """Each different finding once, those about a weakest domain first within their kind."""
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


def list_team_grades(dataset: Dataset, team: Team | None) -> Table | Prose:
    """One team's grades, of its earlier rounds too, beside the tally of its service: not a ranking."""
    if team is None:
        return _nothing("No table: the gradings name no team.")
    scale, labels = dataset.about.scale, dataset.about.short_labels
    by_round = {name: select_team(dataset.standing(name), team) for name in dataset.rounds}
    own = {name: part.set_index("domain")["grade"] for name, part in by_round.items() if len(part)}
    standing = select(dataset.standing(), service=team[1])
    counts = count_grades(standing, "domain", scale=scale)
    frame = pd.DataFrame({"Quality domain": [labels[str(domain)] for domain in counts.index]})
    for name, grades in own.items():
        frame[f"This team in {name}"] = [_grade(grades, domain, dataset) for domain in counts.index]
    of_service = f"Teams of the service in {dataset.rounds[-1]}"
    frame[of_service] = [_tally(counts, domain, dataset) for domain in counts.index]
    frame["Judged"] = (counts.sum(axis=1) - counts[NO_JUDGEMENT]).to_numpy()
    return frame_table(
        frame,
        caption=f"{team[2]} beside the teams of {team[1]}",
        note="Not for publication. The tally counts this team too and puts none in a place.",
        illustrative=dataset.about.illustrative,
    )


def _grade(grades: pd.Series, domain: Any, dataset: Dataset) -> str:
    if domain not in grades.index:
        return "not graded"
    grade = grades[domain]
    return dataset.about.scale.name(grade) if isinstance(grade, str) else NO_JUDGEMENT


def list_team_findings(dataset: Dataset, team: Team | None) -> FindingsList | Prose:
    """What the team's own form of the latest round found: strengths, vulnerabilities, recommendations."""
    if team is None or "teams" not in dataset.findings:
        return _nothing("No finding names a team.")
    area, service, name = team
    found = select_findings(dataset.findings, service=service, area=area, round=dataset.rounds[-1])
    own = found[found["teams"] == name].reset_index(drop=True)
    if own.empty:
        return _nothing("The team's form holds no finding.")
    return FindingsList(f"What was found in {name}", own, dataset.about.illustrative)


def _nothing(sentence: str) -> Prose:
    return Prose((sentence,), kind="nothing")
