"""Actions as tables: overdue, closed, followed by a grade, and the plan of one team."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.actions import list_closed
from improvement_analysis.briefing import (
    Prose,
    Team,
    choose_day,
    follow_until,
    select_team,
    stand_actions,
)
from improvement_analysis.comparison import FOLLOWED, MOVES
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sources import Dataset
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.vocabulary import day_in_words

__all__ = [
    "list_closed_actions",
    "list_followed",
    "list_followed_domains",
    "list_overdue_actions",
    "list_team_actions",
]

_NONE = "This dataset holds no action plan."
_ACTION = {
    "number": "No.",
    "action": "What will be done",
    "for_domain": "Quality domain",
    "role": "Who (role)",
    "due": "By when",
}
_FOLLOWED = {
    "closed": "An action was closed before the next visit",
    "planned": "Actions were planned, none closed by then",
    "none": "No action was planned for the domain",
    "not known": "Planned; the day of the next visit is not known",
}


def list_overdue_actions(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """The actions that were overdue on a day, most overdue first."""
    on = choose_day(dataset, as_of)
    if dataset.actions.empty or on is None:
        return _nothing(_NONE if dataset.actions.empty else "No action has a quarter or a day.")
    known = _told(dataset, stand_actions(dataset, on))
    late = known[known["days_overdue"].notna()]
    if late.empty:
        return _nothing(f"No action was overdue on {day_in_words(on)}.")
    late = late.sort_values("days_overdue", ascending=False, kind="stable")
    headings = {"service": "Service", "team": "Team", **_ACTION, "days_overdue": "Days overdue"}
    headings |= {"stands": "Last reported"}
    caption = f"Actions overdue on {day_in_words(on)}"
    return frame_table(late, caption=caption, headings=headings, illustrative=dataset.about.illustrative)


def list_closed_actions(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """How many actions were closed in each service, by the day set for them or after it."""
    if dataset.actions.empty:
        return _nothing(_NONE)
    known = stand_actions(dataset, choose_day(dataset, as_of))
    closed = list_closed(known.drop(columns=["stands", "days_overdue"]))
    if closed.empty:
        return _nothing("No action was closed.")
    kept = [service for service in dataset.services if service in set(known["service"])]
    rows = []
    for service in kept:
        here = closed.loc[closed["service"] == service, "on_time"]
        planned = int((known["service"] == service).sum())
        timely, late = int((here == True).sum()), int((here == False).sum())  # noqa: E712 (missing is neither)
        rows.append((service, planned, len(here), timely, late, len(here) - timely - late))
    columns = ["Service", "Actions", "Closed", "By the day set", "After it", "Not known: a day is missing"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame_table(frame, caption="Actions closed, by service", illustrative=dataset.about.illustrative)


def list_followed(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """Which way grades went from one visit to the next, by what became of the actions between.

    Counts of a team and a domain each; the rows differ in more than their actions.
    """
    found = follow_until(dataset, choose_day(dataset, as_of))
    if dataset.actions.empty or found.empty:
        return _nothing(_NONE if dataset.actions.empty else "No team had been visited twice by then.")
    rows = []
    for key in FOLLOWED:
        here = found[found["followed"] == key]
        if len(here):
            ways = [int((here["moved"] == move).sum()) for move in MOVES]
            rows.append((_FOLLOWED[key], *ways, int(here["moved"].isna().sum()), len(here)))
    columns = ["Between two visits", "Up", "Not moved", "Down", "No grade on one side", "Domains of teams"]
    note = "The rows differ in more than their actions: plans are made where grades are low."
    return frame_table(
        pd.DataFrame(rows, columns=columns),
        caption="Grades before and after, by what became of the actions between",
        note=note,
        illustrative=dataset.about.illustrative,
    )


def list_followed_domains(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """Every team and domain with a planned action and two visits: what was closed, and both grades."""
    found = follow_until(dataset, choose_day(dataset, as_of))
    found = found[found["planned"] > 0]
    if found.empty:
        return _nothing("No action for a domain lies between two visits to its team.")
    words = _told(dataset, found).assign(
        closed_of=[
            "not known" if pd.isna(closed) else f"{closed} of {planned}"
            for closed, planned in zip(found["closed"], found["planned"], strict=True)
        ],
        before=_grades(dataset, found["before"]),
        after=_grades(dataset, found["after"]),
    )
    headings = {
        "service": "Service",
        "team": "Team",
        "for_domain": "Quality domain",
        "closed_of": "Actions closed before the next visit",
        "round": "Visit",
        "before": "Grade",
        "next_round": "Next visit",
        "after": "Grade then",
    }
    caption = "Domains with actions, and their grades at both visits"
    return frame_table(words, caption=caption, headings=headings, illustrative=dataset.about.illustrative)


def list_team_actions(dataset: Dataset, team: Team | None, as_of: str | None = None) -> Table | Prose:
    """The action plan of one team, of every round, as it stood on a day."""
    on = choose_day(dataset, as_of)
    if team is None or dataset.actions.empty:
        return _nothing(_NONE)
    own = select_team(_told(dataset, stand_actions(dataset, on)), team)
    if own.empty:
        return _nothing("The team's forms hold no action.")
    headings = {"round": "Visit", **_ACTION, "stands": "Last reported"}
    headings |= {"closed_on": "Closed on", "days_overdue": "Days overdue", "outcome": "What came of it"}
    caption = f"Actions of {team[2]}{f', as they stood on {day_in_words(on)}' if on else ''}"
    return frame_table(own, caption=caption, headings=headings, illustrative=dataset.about.illustrative)


def _grades(dataset: Dataset, grades: pd.Series) -> list[str]:
    scale = dataset.about.scale
    return [scale.name(grade) if isinstance(grade, str) else NO_JUDGEMENT for grade in grades]


def _told(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with their domain in words; empty where they name none."""
    labels = dataset.about.short_labels
    return frame.assign(for_domain=[labels.get(str(domain), "") for domain in frame["domain"]])


def _nothing(sentence: str) -> Prose:
    return Prose((sentence,), kind="nothing")
