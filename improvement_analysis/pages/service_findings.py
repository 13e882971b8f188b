"""The page of one service."""

from __future__ import annotations

from improvement_analysis.counts import count_grades, count_teams
from improvement_analysis.dataset import Dataset
from improvement_analysis.gradings import select
from improvement_analysis.pages.grade_sentences import describe_overall, describe_unjudged, describe_weakest
from improvement_analysis.prose import Prose
from improvement_analysis.sentences import describe_counts, plural

__all__ = ["brief_service"]


def brief_service(dataset: Dataset, service: str, round: str | None = None) -> Prose:  # noqa: A002
    """The main findings about one service's gradings, of one round, the latest by default.

    Raises
    ------
    GradingsError
        If no gradings are of this service.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_service(load("worcestershire-2018"), "Care Leaving"))
    - 2 teams were graded. Overall conclusion as published: Requires Improvement (2 x RI).
    - None of 8 domain gradings was good or better.
    - Performance monitoring has the most low gradings: 2 of 2 at RI / I.
    """
    gradings = select(dataset.standing(round), service=service)
    counts = count_grades(gradings, "domain", scale=dataset.about.scale)
    teams = count_teams(gradings)
    opening = f"{plural(teams, 'team')} {'was' if teams == 1 else 'were'} graded."
    return Prose(
        (
            f"{opening} {describe_overall(dataset, service, counts)}".strip(),
            f"{describe_counts(counts, scale=dataset.about.scale)}.",
            *describe_weakest(counts, dataset),
            *describe_unjudged(counts, dataset),
        )
    )
