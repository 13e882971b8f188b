"""The page of action plans: how actions stand, what is overdue, what was closed and graded again."""

from __future__ import annotations

from datetime import date

import pandas as pd

from improvement_analysis.actions import OPEN, latest_actions, list_closed, quarter_end, reported_until
from improvement_analysis.comparison import FOLLOWED, MOVES, follow_actions
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import plural
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.teams import Team, lineage_of, list_teams, select_team
from improvement_analysis.vocabulary import day_in_words

__all__ = [
    "NO_CAUSE",
    "brief_actions",
    "choose_day",
    "describe_overdue",
    "follow_until",
    "list_closed_actions",
    "list_followed",
    "list_followed_domains",
    "list_overdue_actions",
    "list_team_actions",
    "stand_actions",
]


_NO_PLAN = "This dataset holds no action plan, so nothing can be said of actions."


#: Why counts of what came after what are no more than that.
NO_CAUSE = (
    "This shows what came after what, not why. A low grade draws actions and has more room to rise, and much "
    "else changes between two visits."
)


def choose_day(dataset: Dataset, as_of: str | None = None) -> date | None:
    """The day that actions are judged by: *as_of*, or the day up to which they are reported.

    The clock is never asked, so the same data gives the same page. None where there are no actions.

    Raises
    ------
    GradingsError
        If *as_of* is no day.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> choose_day(load("worcestershire-2018"), "2018-06-30")
    datetime.date(2018, 6, 30)
    """
    if as_of is None:
        return reported_until(dataset.actions)
    try:
        return date.fromisoformat(as_of)
    except ValueError:
        raise GradingsError(f"as_of: {as_of!r} is no day; write it as 2019-03-31") from None


def stand_actions(dataset: Dataset, on: date | None) -> pd.DataFrame:
    """Every action planned by a day, as it stood on it: one row per action.

    Returns
    -------
    DataFrame
        As :func:`~improvement_analysis.actions.latest_actions`, with ``days_overdue`` (missing unless the
        action was overdue) and ``stands``: the status, ``closed`` from the day of closing on, or ``not
        reported``.
    """
    actions = dataset.actions
    if on is not None:
        actions = actions[~(actions["visit_date"] > pd.Timestamp(on))]
    known = latest_actions(actions, on)
    status = known["status"].astype("object").mask(known["closed_on"].notna(), "closed")
    known["stands"] = status.fillna("not reported").astype("str")
    days = (pd.Timestamp(on) - known["due"]).dt.days if on else pd.Series(0, index=known.index)
    late = (days > 0) & ~known["stands"].isin(["closed", "stopped"])
    return known.assign(days_overdue=days.astype("Int64").where(late))


def brief_actions(dataset: Dataset, as_of: str | None = None) -> Prose:
    """How the action plans stand on a day, and which way the grades went that they were for.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_actions(load("worcestershire-2018")))
    - This dataset holds no action plan, so nothing can be said of actions.
    """
    on = choose_day(dataset, as_of)
    if dataset.actions.empty:
        return Prose((_NO_PLAN,))
    known = stand_actions(dataset, on)
    teams = len(list_teams(known))
    default = "" if as_of is not None else ", the last day with reports"
    when = f", as they stood on {day_in_words(on)}{default}" if on else ""
    opening = f"{plural(len(known), 'action')} of {plural(teams, 'team')}{when}."
    told = (_statuses(known), describe_overdue(dataset, on), *_closed(known), *_followed(dataset, on))
    return Prose((opening, *told))


def describe_overdue(dataset: Dataset, on: date | None) -> str:
    """How many of the actions still open on a day were overdue, in a sentence.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> describe_overdue(load("worcestershire-2018"), None)
    'This dataset holds no action plan, so nothing can be said of actions.'
    """
    if dataset.actions.empty:
        return _NO_PLAN
    if on is None:
        return "No action has a quarter or a day, so none can be called overdue."
    known = stand_actions(dataset, on)
    open_ = known[known["stands"].isin([*OPEN, "not reported"])]
    late = int(open_["days_overdue"].notna().sum())
    undated = int(open_["due"].isna().sum())
    left = f" {plural(undated, 'action')} had no day to be done by." if undated else ""
    if open_.empty:
        return f"No action was open on {day_in_words(on)}."
    were = "was" if late == 1 else "were"
    return (
        f"{late or 'None'} of {plural(len(open_), 'open action')} {were} overdue on {day_in_words(on)}.{left}"
    )


def _statuses(known: pd.DataFrame) -> str:
    counts = known["stands"].value_counts()
    words = {"closed": "closed", "stopped": "stopped", "in progress": "in progress"}
    words |= {"not started": "not started", "not reported": "not reported on yet"}
    parts = [f"{int(counts[status])} {said}" for status, said in words.items() if status in counts]
    return f"Of these: {', '.join(parts)}."


def _closed(known: pd.DataFrame) -> list[str]:
    closed = list_closed(known.drop(columns=["stands", "days_overdue"]))
    if closed.empty:
        return []
    timely, judged = int(closed["on_time"].fillna(False).sum()), int(closed["on_time"].notna().sum())
    unknown = len(closed) - judged
    left = f" A day is missing for {plural(unknown, 'other')}." if unknown else ""
    were = "were" if timely > 1 else "was"
    return [f"{timely or 'None'} of {plural(judged, 'closed action')} {were} done by the day set.{left}"]


def follow_until(dataset: Dataset, on: date | None) -> pd.DataFrame:
    """What :func:`~improvement_analysis.comparison.follow_actions` gives of what had happened by a day."""
    actions, gradings = dataset.actions, dataset.gradings
    if on is not None:
        actions = latest_actions(actions, on)
        gradings = gradings[~(gradings["visit_date"] > pd.Timestamp(on))]
    return follow_actions(actions, gradings, scale=dataset.about.scale)


def _followed(dataset: Dataset, on: date | None) -> list[str]:
    found = follow_until(dataset, on)
    if found.empty:
        return ["No team had been visited twice by then, so no grades stand on both sides of an action."]
    closed = found[found["followed"] == "closed"]
    judged = closed[closed["moved"].notna()]
    if judged.empty:
        return ["No action for a domain was closed between two visits that both graded it."]
    up, still, down = (int((judged["moved"] == move).sum()) for move in MOVES)
    many = "1 domain of a team" if len(judged) == 1 else f"{len(judged)} domains of teams"
    return [
        f"In {many}, an action was closed between two visits that both gave a grade. "
        f"After it, {up} of {len(judged)} went up, {still} did not move and {down} went down. {NO_CAUSE}"
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
        return nothing(_NONE if dataset.actions.empty else "No action has a quarter or a day.")
    known = _told(dataset, stand_actions(dataset, on))
    late = known[known["days_overdue"].notna()]
    if late.empty:
        return nothing(f"No action was overdue on {day_in_words(on)}.")
    late = late.sort_values("days_overdue", ascending=False, kind="stable")
    headings = {"service": "Service", "team": "Team", **_ACTION, "days_overdue": "Days overdue"}
    headings |= {"stands": "Last reported"}
    caption = f"Actions overdue on {day_in_words(on)}"
    return frame_table(late, caption=caption, headings=headings, about=dataset.about)


def list_closed_actions(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """How many actions were closed in each service, by the day set for them or after it."""
    if dataset.actions.empty:
        return nothing(_NONE)
    known = stand_actions(dataset, choose_day(dataset, as_of))
    closed = list_closed(known.drop(columns=["stands", "days_overdue"]))
    if closed.empty:
        return nothing("No action was closed.")
    kept = [service for service in dataset.services if service in set(known["service"])]
    rows = []
    for service in kept:
        here = closed.loc[closed["service"] == service, "on_time"]
        planned = int((known["service"] == service).sum())
        timely, late = int((here == True).sum()), int((here == False).sum())  # noqa: E712 (missing is neither)
        rows.append((service, planned, len(here), timely, late, len(here) - timely - late))
    columns = ["Service", "Actions", "Closed", "By the day set", "After it", "Not known: a day is missing"]
    frame = pd.DataFrame(rows, columns=columns)
    return frame_table(frame, caption="Actions closed, by service", about=dataset.about)


def list_followed(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """Which way grades went from one visit to the next, by what became of the actions between.

    Counts of a team and a domain each; the rows differ in more than their actions.
    """
    found = follow_until(dataset, choose_day(dataset, as_of))
    if dataset.actions.empty or found.empty:
        return nothing(_NONE if dataset.actions.empty else "No team had been visited twice by then.")
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
        about=dataset.about,
    )


def list_followed_domains(dataset: Dataset, as_of: str | None = None) -> Table | Prose:
    """Every team and domain with a planned action and two visits: what was closed, and both grades."""
    found = follow_until(dataset, choose_day(dataset, as_of))
    found = found[found["planned"] > 0]
    if found.empty:
        return nothing("No action for a domain lies between two visits to its team.")
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
    return frame_table(words, caption=caption, headings=headings, about=dataset.about)


def list_team_actions(dataset: Dataset, team: Team | None, as_of: str | None = None) -> Table | Prose:
    """The action plan of one team, of every round, as it stood on a day."""
    on = choose_day(dataset, as_of)
    if team is None:
        return nothing(_NONE)
    known = dataset.actions if dataset.actions.empty else _told(dataset, stand_actions(dataset, on))
    own = select_team(known, team, lineage_of(dataset.gradings))
    if own.empty:
        sentence = "No action is planned yet: the team's manager fills in the action plan."
        return Prose((sentence,), kind="blank")
    reports = select_team(dataset.actions, team, lineage_of(dataset.gradings))
    own = own.assign(reported=_reported(reports, own, on))
    headings = {"round": "Visit", **_ACTION, "measure": "How we will know it worked"}
    headings |= {"reported": "Reported", "closed_on": "Closed on", "days_overdue": "Days overdue"}
    caption = f"Actions of {team.name}{f', as they stood on {day_in_words(on)}' if on else ''}"
    return frame_table(own, caption=caption, headings=headings, about=dataset.about)


def _reported(reports: pd.DataFrame, own: pd.DataFrame, on: date | None) -> list[str]:
    """What was reported of each action by a day, quarter by quarter."""
    texts: dict[tuple[object, object], list[str]] = {}
    kept = reports[reports["quarter"].notna()].astype(object)
    for row in kept.to_dict("records"):
        if on is not None and quarter_end(row["quarter"]) > on:
            continue
        words = [row["status"], *([row["outcome"]] if isinstance(row["outcome"], str) else [])]
        texts.setdefault((row["round"], row["number"]), []).append(f"{row['quarter']} {': '.join(words)}")
    keys = own[["round", "number"]].astype(object).itertuples(index=False, name=None)
    return [". ".join(text.rstrip(".") for text in texts.get(key, ["nothing yet"])) for key in keys]


def _grades(dataset: Dataset, grades: pd.Series) -> list[str]:
    scale = dataset.about.scale
    return [scale.name(grade) if isinstance(grade, str) else NO_JUDGEMENT for grade in grades]


def _told(dataset: Dataset, frame: pd.DataFrame) -> pd.DataFrame:
    """Rows with their domain in words; empty where they name none."""
    labels = dataset.about.short_labels
    return frame.assign(for_domain=[labels.get(str(domain), "") for domain in frame["domain"]])
