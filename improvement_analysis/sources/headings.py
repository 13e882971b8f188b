"""Headings of columns: how they are compared, and which usual ones mean a column of ours."""

from __future__ import annotations

from collections.abc import Iterable

from improvement_analysis.vocabulary import fold

__all__ = ["MAPPED", "RESERVED", "SYNONYMS", "USUAL_HEADINGS", "fold_heading", "fold_headings"]

#: Headings that mean a column of ours wherever they are found.
USUAL_HEADINGS = {
    "quality domain": "domain",
    "date of visit": "visit date",
    "team name": "team",
    "service name": "service",
    "area name": "area",
}

#: Headings that may mean a column of ours. Whoever reads them so, tells it. Underscores are spaces here.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "authority": ("la", "la name", "local authority", "local authority name", "council", "authority name"),
    "team": ("setting", "setting name", "provider", "provider name", "name of team", "name of setting"),
    "area": ("locality", "district", "region", "region code", "ofsted region", "locality name", "patch"),
    "service": ("service area", "service type", "service function", "provision type", "type of provision"),
    "visit_date": (
        *("visit", "date", "visited", "visited on", "day of visit", "date visited", "audit date"),
        *("date of audit", "inspection date", "date of inspection", "inspection end date"),
        *("latest full inspection date", "last inspection date", "date of last inspection"),
    ),
    "round": ("period", "quarter", "cycle", "round of visits", "financial year", "audit round"),
    "grader": ("auditor", "reviewer", "assessor", "moderator"),
    "domain": ("domain name", "judgement area", "area of judgement", "quality area"),
    "grade": ("grading", "judgement", "judgment", "grade given", "grade awarded", "rating"),
    "grading": ("grade", "grades", "judgement", "judgment", "overall judgements"),
}

#: Columns that ``[columns]`` may map, beside the domains; a domain cannot have the name of one.
MAPPED = (
    "authority",
    "round",
    "area",
    "service",
    "team",
    "visit_date",
    "domain",
    "grade",
    "grading",
    "grader",
    "stage",
    "reasons",
    "teams",
    "comment",
    "page",
    *("number", "action", "role", "due", "measure", "closed_on", "quarter", "status", "outcome"),
)

#: Names that no domain can have.
RESERVED = (*MAPPED, "headline", "tally", "source", "ungraded_reason")


def fold_headings(headings: Iterable[str]) -> list[str]:
    """*headings* as they are compared: without case, an underscore a space, usual ones under our name."""
    folded = [fold_heading(heading) for heading in headings]
    return [USUAL_HEADINGS.get(heading, heading) for heading in folded]


def fold_heading(heading: str) -> str:
    """A heading as it is compared: without case, an underscore a space, no colon at its end."""
    return " ".join(fold(heading).replace("_", " ").rstrip(":").split())
