"""The timeline: visits, inspections, monitoring visits, workshops and reviews, as the source tells them."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.about import EVENT_KINDS
from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.meetings import describe_meeting, list_meetings
from improvement_analysis.pages.remarks import files_of
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.rounds import name_rounds
from improvement_analysis.sentences import join_words, plural
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.teams import TEAM
from improvement_analysis.times import stated_time
from improvement_analysis.vocabulary import day_in_words

__all__ = ["brief_timeline", "draw_events", "list_events", "list_timeline"]

#: Words by which an event of the programme is known where its kind is not declared.
_WORDS = {
    "monitoring visit": "monitoring visits",
    "inspection": "inspections",
    "workshop": "workshops",
    "review meeting": "reviews",
    "performance review": "reviews",
    "diagnostic visit": "visits",
}


def list_events(dataset: Dataset) -> pd.DataFrame:
    """Everything that happened, earliest first: visits by their days, meetings, and dates of the programme.

    Returns
    -------
    DataFrame, one row per event; visits of one day and round are one
        ``kind`` (ordered category of :data:`~improvement_analysis.about.EVENT_KINDS`), ``date`` (as the
        source gives it), ``first``, ``last`` (the days that means; missing where it states no time),
        ``event``, ``source``.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> list_events(load("worcestershire-2018"))[["kind", "date"]].iloc[0].tolist()
    ['inspections', '24 January 2017']
    """
    rows = [*_visits(dataset), *_programme(dataset), *_meetings(dataset)]
    frame = pd.DataFrame(rows, columns=["kind", "date", "first", "last", "event", "source"])
    frame["kind"] = pd.Categorical(frame["kind"], list(EVENT_KINDS), ordered=True)
    days = dict.fromkeys(("first", "last"), "datetime64[us]")
    frame = frame.astype({**days, **dict.fromkeys(("date", "event", "source"), "str")})
    return frame.sort_values(["first", "last"], kind="stable", ignore_index=True)


def _visits(dataset: Dataset) -> list[dict[str, object]]:
    known = dataset.gradings.dropna(subset=["visit_date"])
    rows: list[dict[str, object]] = []
    for name in name_rounds(known):
        here = known[known["round"] == name]
        for day, of in here.groupby("visit_date"):
            teams = len(of[list(TEAM)].drop_duplicates())
            when = pd.Timestamp(str(day))
            words = {"date": day_in_words(when), "event": f"{plural(teams, 'team')} visited in {name}"}
            rows.append({"kind": "visits", "first": when, "last": when, "source": "gradings", **words})
    return rows


def _programme(dataset: Dataset) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for each in dataset.about.programme:
        text = each.event.casefold()
        kind = each.kind or next((kind for words, kind in _WORDS.items() if words in text), EVENT_KINDS[-1])
        time = stated_time(each.date)
        days = {"first": time.first, "last": time.last} if time else {}
        rows.append({"kind": kind, "date": each.date, "event": each.event, "source": "source.toml", **days})
    return rows


def _rounds(dataset: Dataset) -> list[dict[str, object]]:
    """The visits of each round as one event."""
    known = dataset.gradings.dropna(subset=["visit_date"])
    rows: list[dict[str, object]] = []
    for name in name_rounds(known):
        days = known.loc[known["round"] == name, "visit_date"]
        when = " to ".join(dict.fromkeys(map(day_in_words, (days.min(), days.max()))))
        words = f"Visits of the round {name}, on {plural(days.nunique(), 'day')}"
        rows.append(
            {"kind": "visits", "date": when, "first": days.min(), "event": words, "source": "gradings"}
        )
    return rows


def _meetings(dataset: Dataset) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for meeting in list_meetings(dataset):
        first = meeting.iloc[0]
        who = f" of {first['service']}" if isinstance(first["service"], str) else ""
        words = f"{first['kind'].capitalize()}{who}, {describe_meeting(meeting)}"
        told = {"date": day_in_words(first["date"]), "event": words, "source": files_of(meeting["source"])}
        rows.append({"kind": f"{first['kind']}s", "first": first["date"], "last": first["date"], **told})
    return rows


def draw_events(dataset: Dataset) -> pd.DataFrame | None:
    """The events that have days, by kind, for the picture; None where there are none."""
    events = list_events(dataset).dropna(subset=["first", "last"])
    return None if events.empty else events.sort_values("kind", kind="stable", ignore_index=True)


def brief_timeline(dataset: Dataset) -> Prose:
    """How much happened, and what is known of no day.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_timeline(load("worcestershire-2018")).items[0])
    9 dates are recorded: 1 of visits, 1 of inspections, 2 of monitoring visits, 1 of workshops, 1 of reviews
    and 3 of other events.
    """
    events = list_events(dataset)
    if events.empty:
        return Prose(("This dataset records no date of a visit or of anything else.",))
    counts = events["kind"].value_counts()
    parts = join_words([f"{counts[kind]} of {kind}" for kind in EVENT_KINDS if counts[kind]])
    told = [f"{plural(len(events), 'date')} {'is' if len(events) == 1 else 'are'} recorded: {parts}."]
    if undated := int(events["first"].isna().sum()):
        told.append(f"{undated} of them cannot be placed in time: they stand in the table alone.")
    return Prose(tuple(told))


def list_timeline(dataset: Dataset) -> Table | Prose:
    """Every event with its date as the source gives it, earliest first; the visits of a round are one row."""
    events = list_events(dataset)
    if events.empty:
        return nothing("No date is recorded.")
    rows = events[events["source"] != "gradings"].astype({"kind": "str"})
    shown = pd.concat([rows, pd.DataFrame(_rounds(dataset), columns=list(rows))], ignore_index=True)
    return frame_table(
        shown.sort_values("first", kind="stable", ignore_index=True).rename(columns={"source": "place"}),
        caption="What happened when",
        headings={"date": "When", "kind": "What", "event": "In words", "place": "Where it stands"},
        about=dataset.about,
    )
