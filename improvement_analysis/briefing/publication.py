"""What the page for publication says: what was withheld and why, and what its counts still tell."""

from __future__ import annotations

from improvement_analysis.briefing.prose import Prose
from improvement_analysis.disclosure import (
    Suppressed,
    count_for_publication,
    describe_withheld,
    suppress_counts,
)
from improvement_analysis.sources import Dataset

__all__ = ["brief_publication", "warn_before_publishing", "withhold"]


def withhold(dataset: Dataset, min_teams: int = 3, round: str | None = None) -> Suppressed:  # noqa: A002
    """The counts of a dataset fit for publication: by service and domain, small services withheld."""
    counts = count_for_publication(dataset.gradings, round=round)
    return suppress_counts(counts, min_teams=min_teams, scale=dataset.about.scale)


def brief_publication(dataset: Dataset, suppressed: Suppressed) -> Prose:
    """What the page shows, and what it withholds.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> ds = load("worcestershire-2018")
    >>> print(brief_publication(ds, withhold(ds, min_teams=2)).items[-1])
    Nothing is withheld: no service has fewer than 2 teams.
    """
    opening = (
        "Counts of teams by service and quality domain. No team, area, grader or day of a visit is named."
    )
    return Prose((opening, *describe_withheld(suppressed, labels=dataset.about.short_labels)))


def warn_before_publishing(dataset: Dataset, suppressed: Suppressed) -> Prose:
    """What the published counts still tell about single teams: to be weighed before the page goes out."""
    labels, rows = dataset.about.short_labels, suppressed.warnings.to_dict("records")
    if not rows:
        return Prose(("No warning was found.",), kind="nothing")
    told = [
        f"{row['service'] if isinstance(row['service'], str) else 'All services'}, "
        f"{labels[str(row['domain'])]}: {row['sentence']}"
        for row in rows
    ]
    return Prose(tuple(told), kind="caveat")
