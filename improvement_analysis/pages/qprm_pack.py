"""The directors' quarterly performance review."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.comparison import compare_rounds
from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.action_plans import choose_day, describe_overdue, stand_actions
from improvement_analysis.pages.overview import brief_overview
from improvement_analysis.pages.round_comparison import brief_rounds, match_rounds
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.reconciliation import reconcile
from improvement_analysis.sentences import grade_words, plural
from improvement_analysis.standing import list_open
from improvement_analysis.tables import Table, frame_table

__all__ = ["brief_qprm", "list_decisions", "list_low_gradings", "list_round_changes", "low_gradings"]


def brief_qprm(dataset: Dataset, as_of: str | None = None, round: str | None = None) -> Prose:  # noqa: A002
    """The quarterly review on one page: grades, what is inadequate or split, change, overdue actions.

    Parameters
    ----------
    as_of
        The day that actions are judged by, such as ``"2019-03-31"``; by default the day up to which they are
        reported.
    round
        By default the latest.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_qprm(load("worcestershire-2018")).items[1])
    14 of 92 judged gradings are inadequate or split: 11 at inadequate, 3 at RI / I.
    """
    grades, change, on = (
        brief_overview(dataset, round),
        brief_rounds(dataset).items,
        choose_day(dataset, as_of),
    )
    default = " That is the last day with reports on actions." if on and as_of is None else ""
    return Prose(
        (
            grades.items[0],
            _low(dataset, round),
            " ".join(change[:2]) if len(change) > 1 else change[0],
            describe_overdue(dataset, on) + default,
        ),
        more=(*grades.items[1:], *grades.more),
    )


def low_gradings(dataset: Dataset, round: str | None = None) -> pd.DataFrame:  # noqa: A002
    """The gradings of a round, the latest by default, that are at the lowest grade or split."""
    standing, scale = dataset.standing(round), dataset.about.scale
    low = [scale.codes[0], *scale.splits]
    return standing[standing["grade"].isin(low)].reset_index(drop=True)


def _low(dataset: Dataset, round: str | None) -> str:  # noqa: A002
    low, scale = low_gradings(dataset, round), dataset.about.scale
    judged = int(dataset.standing(round)["grade"].notna().sum())
    lowest = grade_words(scale.codes[0], scale)
    if low.empty:
        return f"None of {plural(judged, 'judged grading')} is {lowest} or split."
    counts = low["grade"].astype("str").value_counts()
    parts = [
        f"{int(counts[grade])} at {lowest if grade == scale.codes[0] else grade}"
        for grade in (scale.codes[0], *scale.splits)
        if grade in counts
    ]
    are = "is" if len(low) == 1 else "are"
    return f"{len(low)} of {plural(judged, 'judged grading')} {are} {lowest} or split: {', '.join(parts)}."


def list_low_gradings(
    dataset: Dataset,
    round: str | None = None,  # noqa: A002
    *,
    lowest_only: bool = False,
) -> Table | Prose:
    """Every inadequate or split grading of a round, the latest by default, with where it stands.

    Gradings of a tally that name no team stand in one row for each cell of the source.

    Parameters
    ----------
    lowest_only
        List the gradings at the lowest grade alone, without where they stand.
    """
    scale, listed = dataset.about.scale, low_gradings(dataset, round)
    lowest = scale.codes[0]
    if lowest_only:
        listed = listed[listed["grade"] == lowest]
    kind = grade_words(lowest, scale) if lowest_only else f"{grade_words(lowest, scale)} or split"
    if listed.empty:
        return nothing(f"No grading is {kind}.")
    keys = ["service", "area", "team", "domain", "grade", "source"]
    plain = listed[keys].astype({"domain": "str", "grade": "str"})
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
        "named": lowest_only,
        "area": rows["area"].isna().all(),
        "team": rows["team"].isna().all(),
        "teams": rows["team"].notna().all(),
        "headline": headlines is None,
    }
    headings = {name: words for name, words in headings.items() if not nothing_to_say.get(name)}
    return frame_table(
        rows,
        caption=f"{kind[:1].upper()}{kind[1:]} gradings".replace(" or ", " and "),
        headings=headings if lowest_only else {**headings, "place": "Where it stands"},
        about=dataset.about,
    )


def list_decisions(
    dataset: Dataset,
    as_of: str | None = None,
    round: str | None = None,  # noqa: A002
) -> Prose:
    """What a meeting has to decide, as far as the data shows: nothing is proposed that no count asks for.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(list_decisions(load("worcestershire-2018")))
    - Inadequate gradings: agree what support the teams need for each of the 11.
    - Contradictions in the source: ask its publisher about each of the 8 on the page on data quality.
    """
    low, scale, checks = low_gradings(dataset, round), dataset.about.scale, reconcile(dataset)
    lowest = grade_words(scale.codes[0], scale)
    on = choose_day(dataset, as_of)
    late = 0 if on is None else int(stand_actions(dataset, on)["days_overdue"].notna().sum())
    asked = {
        f"{lowest[:1].upper()}{lowest[1:]} gradings: agree what support the teams need for": int(
            (low["grade"] == scale.codes[0]).sum()
        ),
        "Overdue actions: set a new day, or stop the action, for": late,
        "Grades open between graders: agree": len(list_open(dataset.gradings)),
        "Contradictions in the source: ask its publisher about": int((~checks["agrees"]).sum()),
    }
    ends = {"Contradictions": " on the page on data quality"}
    decisions = tuple(
        f"{words} {'it' if number == 1 else f'each of the {number}'}{ends.get(words.split()[0], '')}."
        for words, number in asked.items()
        if number
    )
    return Prose(decisions) if decisions else nothing("No count in the data asks for a decision.")


def _headline(headlines: pd.Series | None, key: tuple[str, str], dataset: Dataset) -> str:
    grade = None if headlines is None else headlines.get(key)
    return dataset.about.scale.name(grade) if isinstance(grade, str) else "none"


def list_round_changes(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> Table | Prose:
    """What changed from one round to the next, in numbers of teams; a sentence where nothing can be told."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return nothing(brief_rounds(dataset, before, after).items[0])
    gradings, first, last = matched
    moves = compare_rounds(gradings, first, last, scale=dataset.about.scale)
    frame = pd.DataFrame(
        {
            "Quality domain": [dataset.about.short_labels[str(domain)] for domain in moves.index],
            "Graded in both": moves["n_matched"].to_numpy(),
            "Up": moves["up"].to_numpy(),
            "Not moved": moves["same"].to_numpy(),
            "Down": moves["down"].to_numpy(),
        }
    )
    caption = f"From {first} to {last}, in numbers of teams"
    return frame_table(frame, caption=caption, about=dataset.about)
