"""What workshops and reviews decided and agreed, to be shown first when they meet again."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.team_names import Discretion
from improvement_analysis.sentences import plural
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.vocabulary import day_in_words

__all__ = ["describe_meeting", "last_meeting", "list_last_time", "list_meetings"]


def last_meeting(dataset: Dataset, kind: str, service: str | None = None) -> pd.DataFrame:
    """The rows of the latest meeting of a kind, of one service or of all; empty where none is recorded."""
    meetings = dataset.meetings
    if meetings.empty:
        return meetings
    of_service = meetings["service"].isna() if service is None else meetings["service"] == service
    own: pd.DataFrame = meetings[(meetings["kind"] == kind) & of_service]
    latest: pd.DataFrame = own[own["date"] == own["date"].max()]
    return latest.reset_index(drop=True)


def list_meetings(dataset: Dataset) -> list[pd.DataFrame]:
    """The rows of each meeting, in the order of the sheets."""
    if dataset.meetings.empty:
        return []
    grouped = dataset.meetings.groupby(["kind", "date", "service"], dropna=False, sort=False)
    return [rows.reset_index(drop=True) for _, rows in grouped]


def describe_meeting(rows: pd.DataFrame) -> str:
    """When a meeting was and how many came, in a clause."""
    first = rows.iloc[0]
    came = ""
    if pd.notna(first["attended"]):
        invited = f" of {first['invited']} invited" if pd.notna(first["invited"]) else ""
        came = f": {first['attended']}{invited} came"
    return f"{day_in_words(first['date'])}{came}"


def list_last_time(dataset: Dataset, kind: str, service: str | None = None) -> Table | None:
    """What the last meeting decided and agreed, decisions first; None where none is recorded.

    A row in which a team is named stands on the page of a review alone.
    """
    rows = last_meeting(dataset, kind, service)
    if rows.empty:
        return None
    left_out = pd.Series(False, rows.index)
    if kind == "workshop":
        names_team = Discretion(dataset).names_team
        left_out = pd.Series(
            [isinstance(text, str) and names_team(text) for text in rows["text"]], rows.index
        )
    shown = rows[rows["text"].notna() & ~left_out].sort_values(
        "item", key=lambda items: items.map({"decision": 0, "action": 1}).fillna(2), kind="stable"
    )
    headings = {
        "item": "What",
        "text": "In words",
        "role": "Who (role)",
        "due": "By when",
        "answers": "Answers",
    }
    many = int(left_out.sum())
    names = "names a team and is" if many == 1 else "name a team and are"
    note = f"{plural(many, 'row')} {names} left out." if many else None
    if shown.empty:
        shown = pd.DataFrame([{"item": "note", "text": "Nothing decided is recorded."}])
    return frame_table(
        shown,
        caption=f"Last time, {describe_meeting(rows)}",
        headings={
            name: words for name, words in headings.items() if name in shown and shown[name].notna().any()
        },
        note=note,
        about=dataset.about,
    )
