"""The page that follows recommendations: which nobody answers, what was done, and the next grade."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from improvement_analysis.about import About, about_of
from improvement_analysis.comparison import MOVES, NEXT, UNANSWERED, count_trace, trace
from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.action_plans import NO_CAUSE, choose_day
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import plural
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.teams import Team, lineage_of, select_team
from improvement_analysis.vocabulary import day_in_words

__all__ = ["TraceList", "brief_trace", "count_traced", "follow_trace", "list_trace", "list_unanswered"]

_NONE = "This dataset holds no recommendation, so none can be followed."
_TEAM_LEVEL = "the team as a whole"


def count_traced(dataset: Dataset, as_of: str | None = None) -> pd.DataFrame | None:
    """What became of the recommendations by a day, counted; None where there are none."""
    traced = _recommended(dataset, as_of)
    return None if traced.empty else count_trace(traced)


def brief_trace(dataset: Dataset, as_of: str | None = None) -> Prose:
    """How many recommendations nobody answers, and which way grades went where all was closed.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_trace(load("worcestershire-2018")))
    - This dataset holds no recommendation, so none can be followed.
    """
    counts = count_traced(dataset, as_of)
    if counts is None:
        return Prose((_NONE,))
    n, left = int(counts.to_numpy().sum()), int(counts[UNANSWERED].sum())
    on = choose_day(dataset, as_of)
    when = f" on {day_in_words(on)}" if on else ""
    are = "is" if left == 1 else "are"
    told = [f"{left or 'None'} of {plural(n, 'recommendation')} {are} answered by no action{when}."]
    if left == n and len(dataset.actions):
        told.append("No action says which recommendation it answers: its column 'answers' takes the id.")
    rest = counts.drop(columns=UNANSWERED).sum()
    if n > left:
        parts = [f"{int(number)} {status}" for status, number in rest.items() if number]
        told.append(f"Of the {n - left} that are answered: {', '.join(parts)}.")
    closed = counts["closed"]
    if again := int(closed[list(MOVES)].sum()):
        ways = zip(MOVES, ("went up", "did not move", "went down"), strict=True)
        moves = ", ".join(f"{int(closed[way]) or 'none'} {words}" for way, words in ways)
        told.append(f"Closed, and the domain graded again: {again}. Of these {moves}. {NO_CAUSE}")
    elif n > left:
        told.append("No recommendation was closed and its domain graded again.")
    return Prose(tuple(told))


def list_unanswered(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """The recommendations that no action answers, with the grade that they followed and the next."""
    traced = _recommended(dataset, as_of)
    left = traced[traced["stands"] == UNANSWERED]
    if left.empty:
        return nothing(_NONE if traced.empty else "Every recommendation is answered by an action.")
    headings = {"recommendation": "Id", "service": "Service", "team": "Team", "for_domain": "Quality domain"}
    headings |= {
        "recommendation_text": "Recommendation",
        "round": "Visit",
        "graded": "Grade",
        "then": "Next grade",
    }
    return frame_table(
        _worded(dataset, left),
        caption="Recommendations that no action answers",
        headings=_held(headings, left),
        about=dataset.about,
    )


def list_trace(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """Every recommendation with its actions, their reports and the next grade: a row for each action."""
    traced = trace(dataset, choose_day(dataset, as_of))
    if traced.empty:
        return nothing(_NONE)
    rows = _by_action(_worded(dataset, traced))
    headings = {"recommendation": "Id", "team": "Team", "for_domain": "Quality domain", "number": "Action"}
    headings |= {"action": "What will be done", "measure": "How it will be known", "reports": "Reported"}
    headings |= {"outcome": "What came of it", "graded": "Grade", "then": "Next grade"}
    return frame_table(
        rows,
        caption="From recommendation to next grade",
        headings=_held(headings, rows),
        note="What came after what, as reported. It does not say why.",
        about=dataset.about,
    )


@dataclass(frozen=True)
class TraceList:
    """Recommendations one after another, each with links to its actions, its next grade, and back.

    Attributes
    ----------
    caption
        What they are about.
    frame : DataFrame
        As :func:`~improvement_analysis.comparison.trace` gives it, in words.
    home
        The page that holds all of them, where this one shows a part; empty where it is that page.
    about
        What the dataset says of itself: a list of made-up recommendations says so.
    """

    caption: str
    frame: pd.DataFrame
    home: str = ""
    about: About | None = None

    @property
    def html(self) -> str:
        """The list as HTML, everything escaped."""
        made_up = about_of(self.about, self.frame).illustrative
        banner = ["<p><strong>Illustrative recommendations, made up.</strong></p>"] if made_up else []
        parts = [*banner, *self._articles()]
        return f'<section class="findings"><h3>{escape(self.caption)}</h3>{"".join(parts)}</section>'

    def _articles(self) -> Iterator[str]:
        for key, rows in self.frame.groupby("key", sort=False):
            first, name = rows.iloc[0], _anchor(str(key))
            back = f'<a href="#{name}">Back to the recommendation</a>'
            after = f'<a href="#{name}-next">Next grade</a>'
            actions = "".join(
                f'<li id="{name}-action-{row["number"]}">{_action(row)} {after}</li>'
                for _, row in rows.iterrows()
                if row["stands"] != UNANSWERED
            )
            links = " ".join(
                f'<a href="#{name}-action-{number}">Action {number}</a>' for number in rows["number"].dropna()
            )
            home = f' <a href="{escape(self.home)}#{name}">Among all recommendations</a>' if self.home else ""
            where = escape(
                ", ".join(str(first[part]) for part in ("team", "service", "round") if first[part])
            )
            then = f"{first['graded'] or 'No domain'} in {first['round']}; next grade: {first['then']}."
            yield (
                f'<h4 id="{name}" tabindex="-1">{escape(str(key))}: {where}</h4>'
                f"<p>{escape(first['words'])} <small>{escape(first['for_domain'])}</small> {links}{home}</p>"
                f"{f'<ul>{actions}</ul>' if actions else '<p>No action answers it.</p>'}"
                f'<p id="{name}-next" tabindex="-1">{escape(then)} {back}</p>'
            )

    def __str__(self) -> str:
        lines = [f"{row['key']}: {row['words']} ({row['stands']})" for row in self.frame.to_dict("records")]
        return "\n".join([self.caption, *lines])

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, object]:
        made = {"text/html": self.html, "text/plain": str(self)}
        return {
            kind: value
            for kind, value in made.items()
            if (include is None or kind in include) and kind not in (exclude or ())
        }


def follow_trace(dataset: Dataset, as_of: str | None = None, team: Team | None = None) -> TraceList | Prose:
    """Every recommendation, of one team or of all, with links to its actions, the next grade, and back."""
    traced = trace(dataset, choose_day(dataset, as_of))
    traced = traced[traced["recommendation"].notna() | traced["finding"].notna()]
    if team is not None:
        traced = select_team(traced, team, lineage_of(dataset.gradings))
    if traced.empty:
        return nothing("No recommendation of this team is recorded." if team else _NONE)
    rows = _by_action(_worded(dataset, traced)).fillna({"team": "", "service": "", "round": ""})
    rows["key"] = rows["recommendation"].fillna(rows["finding"])
    rows["words"] = rows["recommendation_text"].fillna(rows["finding_text"])
    caption = "Recommendations, what was done, and the next grade"
    if team is not None:
        return TraceList(f"{caption}: {team.name}", rows, "../trace.html", dataset.about)
    return TraceList(caption, rows, about=dataset.about)


def _recommended(dataset: Dataset, as_of: str | None) -> pd.DataFrame:
    traced = trace(dataset, choose_day(dataset, as_of))
    return traced[traced["recommendation"].notna()].reset_index(drop=True)


def _by_action(rows: pd.DataFrame) -> pd.DataFrame:
    """One row for each recommendation and action, its reports by quarter in one cell."""
    keys = ["authority", "round", "area", "service", "team", "finding", "recommendation", "number"]
    told = rows["quarter"].str.cat(rows["status"], sep=": ")
    place = rows.groupby(keys, dropna=False, sort=False).ngroup()
    reports = told.groupby(place).agg(lambda texts: "; ".join(texts.dropna()))
    last = rows.assign(outcome=rows.groupby(place)["outcome"].ffill()).drop_duplicates(keys, keep="last")
    return last.assign(reports=place.loc[last.index].map(reports)).reset_index(drop=True)


def _worded(dataset: Dataset, traced: pd.DataFrame) -> pd.DataFrame:
    labels = dataset.about.short_labels

    def grade(text: object) -> str:
        return dataset.about.scale.name(text) if isinstance(text, str) else NO_JUDGEMENT

    then = [
        f"{grade(grade_)} in {name} ({moved if isinstance(moved, str) else 'no move can be told'})"
        if isinstance(name, str)
        else NEXT[-1]
        for grade_, name, moved in zip(
            traced["next_grade"], traced["next_round"], traced["moved"], strict=True
        )
    ]
    return traced.assign(
        for_domain=[labels.get(str(domain), _TEAM_LEVEL) for domain in traced["domain"]],
        graded=[
            grade(text) if str(domain) in labels else ""
            for text, domain in zip(traced["grade"], traced["domain"], strict=True)
        ],
        then=then,
    )


def _held(headings: dict[str, str], rows: pd.DataFrame) -> dict[str, str]:
    """The headings without those of columns in which nothing stands."""
    return {name: words for name, words in headings.items() if name not in rows or rows[name].notna().any()}


def _action(row: Any) -> str:
    """One action in words, escaped."""
    parts = [f"Action {row['number']}: {row['action']}"]
    parts += [f"by {day_in_words(row['due'])}"] if pd.notna(row["due"]) else []
    parts += [str(row["role"])] if isinstance(row["role"], str) else []
    closed = f" on {day_in_words(row['closed_on'])}" if pd.notna(row["closed_on"]) else ""
    measure = (
        f"To know that it worked: {row['measure']}"
        if isinstance(row["measure"], str)
        else "No measure is named"
    )
    outcome = f" What came of it: {row['outcome']}." if isinstance(row["outcome"], str) else ""
    reports = f" ({row['reports']})" if row["reports"] else ""
    return escape(
        f"{', '.join(parts)}. {measure.rstrip('.')}. Now {row['stands']}{closed}{reports}.{outcome}"
    )


def _anchor(key: str) -> str:
    """A name for a place on the page, of letters that a link may hold."""
    return "rec-" + re.sub(r"[^A-Za-z0-9]+", "-", key).strip("-")
