"""Headings of columns: how they are compared, and which usual ones mean a column of ours."""

from __future__ import annotations

from collections.abc import Iterable

from improvement_analysis.vocabulary import fold

__all__ = ["USUAL_HEADINGS", "fold_heading", "fold_headings"]

#: Headings that mean a column of ours wherever they are found.
USUAL_HEADINGS = {
    "quality domain": "domain",
    "date of visit": "visit date",
    "team name": "team",
    "service name": "service",
    "area name": "area",
}


def fold_headings(headings: Iterable[str]) -> list[str]:
    """*headings* as they are compared: without case, an underscore a space, usual ones under our name."""
    folded = [fold_heading(heading) for heading in headings]
    return [USUAL_HEADINGS.get(heading, heading) for heading in folded]


def fold_heading(heading: str) -> str:
    """A heading as it is compared: without case, an underscore a space, no colon at its end."""
    return " ".join(fold(heading).replace("_", " ").rstrip(":").split())
