"""The directors' quarterly performance review."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.comparison import compare_rounds
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.gradings import select
from improvement_analysis.pages.action_plans import choose_day, describe_overdue
from improvement_analysis.pages.grade_sentences import describe_tally
from improvement_analysis.pages.overview import brief_overview
from improvement_analysis.pages.round_comparison import brief_rounds, match_rounds
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.sentences import grade_words, plural
from improvement_analysis.tables import Table, frame_table

__all__ = ["brief_qprm", "list_low_gradings", "list_round_changes", "low_gradings"]


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
    >>> print(brief_qprm(load("worcestershire-2018")).items[-3])
    14 of 92 judged gradings are inadequate or split: 11 at inadequate, 3 at RI / I. Each is listed below.
    """
    change, on = brief_rounds(dataset).items, choose_day(dataset, as_of)
    default = " That is the last day that they are reported up to." if on and as_of is None else ""
    return Prose(
        (
            *brief_overview(dataset, round).items,
            _low(dataset, round),
            " ".join(change[:2]) if len(change) > 1 else change[0],
            describe_overdue(dataset, on) + default,
        )
    )


def low_gradings(dataset: Dataset, round: str | None = None) -> pd.DataFrame:  # noqa: A002
    """The gradings of a round, the latest by default, that are at the lowest grade or split."""
    standing, scale = dataset.standing(round), dataset.about.scale
    low = [scale.codes[0], *scale.splits]
    return standing[standing["grade"].isin(low)].reset_index(drop=True)


def _low(dataset: Dataset, round: str | None) -> str:  # noqa: A002
    found, scale = low_gradings(dataset, round), dataset.about.scale
    judged = int(dataset.standing(round)["grade"].notna().sum())
    lowest = grade_words(scale.codes[0], scale)
    if found.empty:
        return f"None of {plural(judged, 'judged grading')} is {lowest} or split."
    counts = found["grade"].astype("str").value_counts()
    parts = [
        f"{int(counts[grade])} at {lowest if grade == scale.codes[0] else grade}"
        for grade in (scale.codes[0], *scale.splits)
        if grade in counts
    ]
    are = "is" if len(found) == 1 else "are"
    listed = "It is listed below." if len(found) == 1 else "Each is listed below."
    said = f"{len(found)} of {plural(judged, 'judged grading')} {are} {lowest} or split"
    return f"{said}: {', '.join(parts)}. {listed}"


def list_low_gradings(dataset: Dataset, round: str | None = None) -> Table | Prose:  # noqa: A002
    """Every inadequate or split grading of a round, the latest by default, with where it stands.

    Gradings of a tally that name no team stand in one row for each cell of the source.
    """
    found, scale = low_gradings(dataset, round), dataset.about.scale
    if found.empty:
        return nothing("No grading is inadequate or split.")
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
        about=dataset.about,
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
        return nothing(brief_rounds(dataset, before, after).items[0])
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
                f"Teams in {name}": [describe_tally(counts, domain, dataset) for domain in moves.index]
                for name, counts in tallies.items()
            },
            "Graded in both": moves["n_matched"].to_numpy(),
            "Up": moves["up"].to_numpy(),
            "Not moved": moves["same"].to_numpy(),
            "Down": moves["down"].to_numpy(),
        }
    )
    caption = f"From {first} to {last}, in numbers of teams"
    return frame_table(frame, caption=caption, about=dataset.about)
