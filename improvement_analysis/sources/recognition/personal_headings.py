"""Headings that sound as if people's names stood below them."""

from __future__ import annotations

from improvement_analysis.sources.headings import fold_heading

__all__ = ["may_name_a_person"]

_PERSONAL = frozenset(
    [
        "child",
        "children",
        "worker",
        "email",
        "e-mail",
        "forename",
        "forenames",
        "surname",
        "surnames",
        "initials",
        "manager",
        "inspector",
        "author",
        "person",
        "carer",
        "parent",
        "telephone",
        "phone",
        "mobile",
        "dob",
    ]
)
_PERSONAL_PHRASES = ("completed by", "graded by", "visited by", "written by", "date of birth", "nhs number")
_NAMED_THINGS = ("team", "service", "area", "authority", "domain", "round", "file", "sheet")


def may_name_a_person(heading: str) -> bool:
    """Whether a column's heading sounds as if people's names, or how to reach them, stood below it.

    Examples
    --------
    >>> [may_name_a_person(heading) for heading in ("Team manager", "Child's name", "Team name", "Notes")]
    [True, True, False, False]
    """
    folded = fold_heading(heading)
    words = {word.removesuffix("'s").removesuffix("s") for word in folded.replace("\u2019", "'").split()}
    known = {word.removesuffix("s") for word in _PERSONAL}
    if words & known or any(phrase in folded for phrase in _PERSONAL_PHRASES):
        return True
    return "name" in words and not words & set(_NAMED_THINGS)
