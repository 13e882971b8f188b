"""Roles of people: who graded, who sees to an action. No person is named."""

from __future__ import annotations

import re
from collections.abc import Callable

from improvement_analysis.about import About
from improvement_analysis.sources.recognition.cells import name_reader
from improvement_analysis.sources.recognition.raw_table import Reading
from improvement_analysis.vocabulary import Vocabulary, clean, fold

__all__ = ["role_of", "role_reader"]

#: Words by which a text is known for a role, beside those that every source may use.
_FURTHER_ROLES = (
    "administrator advanced assistant board business chair champion children's commissioner consultant "
    "coordinator council deputy group head hub independent lecturer nurse officer partnership performance "
    "police practitioner principal quality reviewing safeguarding school senior service social staff "
    "supervisor trainer worker workforce assurance services teams"
)

_PERSON = re.compile(r"\b(mr|mrs|ms|miss|dr|prof)\b\.?|\b[a-z]\.", re.IGNORECASE)

_ROLES = frozenset(
    [
        "grader",
        "manager",
        "lead",
        "leader",
        "head",
        "reviewer",
        "moderator",
        "assessor",
        "auditor",
        "peer",
        "partner",
        "host",
        "authority",
        "director",
        "principal",
        "officer",
        "first",
        "second",
        "third",
        "own",
        "visiting",
        "external",
        "internal",
        "team",
        "practice",
        "service",
        "area",
        "joint",
        "agreed",
        "consensus",
    ]
)


def role_of(about: About) -> Callable[[str], Reading[str]]:
    """A reader of cells that hold roles: of graders, or of whoever sees to an action."""
    return role_reader(f"{about.authority or ''} {_FURTHER_ROLES}")


def role_reader(authorities: str) -> Callable[[str], Reading[str]]:
    """A reader of cells that say who graded: a role, such as *Essex manager* or *second grader*, or nothing.

    What may be a person's name is refused and not repeated. The words of *authorities* are taken for roles.
    """
    roles = _ROLES | set(fold(authorities).split())

    def read(text: str) -> Reading[str]:
        role = clean(text)
        if not role:
            return Reading()
        words = re.findall(r"\w+", role.casefold())
        known = any(word.removesuffix("s") in roles or word.isdigit() for word in words)
        if len(role) <= 2 or (known and not _PERSON.search(role)):
            return name_reader("role", Vocabulary("role"))(text)
        said = ("what may be a person's name", "a role, such as 'Essex manager' or 'second grader'")
        return Reading(None, *said, "write the role; no names are kept")

    return read
