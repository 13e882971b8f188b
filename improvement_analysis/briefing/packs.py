"""What the packs for meetings say: the directors' quarterly review, and a service's learning workshop."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.briefing.actions import choose_day, describe_overdue
from improvement_analysis.briefing.prose import Prose
from improvement_analysis.briefing.rounds import brief_rounds
from improvement_analysis.briefing.services import brief_overview, brief_service
from improvement_analysis.counts import count_grades, count_teams
from improvement_analysis.gradings import select
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import grade_words, join_words, plural
from improvement_analysis.sources import Dataset

__all__ = ["brief_qprm", "brief_workshop", "low_gradings"]


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
    - No team is named. In 4 of 4 domains all teams hold one grade, so each team's is told all the same.
    Of two teams, each can work out the other's grades.
    """
    scale = dataset.about.scale
    gradings = select(dataset.standing(round), service=service)
    counts = count_grades(gradings, "domain", scale=scale)
    told = brief_service(dataset, service, round).items
    return Prose((*told, _strongest(counts, dataset), _unnamed(counts, count_teams(gradings), scale)))


def _strongest(counts: pd.DataFrame, dataset: Dataset) -> str:
    """The domain with most gradings at good or better; ties are said."""
    scale = dataset.about.scale
    good = [grade for grade in scale.categories if scale.at_least(grade, scale.good)]
    kept = counts.drop(index="overall", errors="ignore")
    high, judged = kept[good].sum(axis=1), kept.drop(columns=NO_JUDGEMENT).sum(axis=1)
    words = grade_words(scale.good, scale)
    words = words if scale.good == scale.codes[-1] else f"{words} or better"
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
        said += f" {hold}, so each team's is told all the same."
    if teams == 2:
        said += " Of two teams, each can work out the other's grades."
    return said
