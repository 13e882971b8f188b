"""Which lines, titles and sheets may be named after a service or a team."""

from __future__ import annotations

import re
from collections.abc import Iterable

from improvement_analysis.vocabulary import clean, fold

__all__ = ["is_name", "service_above", "service_named"]

#: A title or a sheet with one of these words is named after what it holds, not after a service or a team.
_NO_NAME = frozenset(
    str.split(
        "sheet data grading gradings grade grades visit visits result results diagnostic "
        "diagnostics summary table tables audit audits round overview content contents "
        "inspection inspections list return returns form forms export report reports "
        "tabelle feuil blatt quarter domain domains judgement judgements cover notes "
        "findings conclusion lists words "
    )
)
_NUMBERED = re.compile(r"\d{2,}")
_TEAMS = re.compile(r"(.*\S)\s+teams?", re.IGNORECASE)

#: A title of more words is a sentence.
MOST_WORDS = 8


def service_named(text: str) -> str | None:
    """The service that a title may be named after, without *teams* behind it; None where it is no name.

    Examples
    --------
    >>> service_named("Care Leaving Teams"), service_named("Visits in autumn"), service_named("Sheet1")
    ('Care Leaving', None, None)
    """
    name = clean(text).strip(" :")
    match = _TEAMS.fullmatch(name)
    name = match[1] if match else name
    return name if is_name(name) else None


def service_above(texts: Iterable[str]) -> str | None:
    """The nearest of some texts above a table that may name a service; None where none may."""
    return next((text for text in reversed([*texts]) if service_named(text) is not None), None)


def is_name(text: str) -> bool:
    """Whether a text may be somebody's name: few words, none for what a table holds, no year, no brackets."""
    words = re.findall(r"[^\W\d_]+", fold(text))
    return (
        0 < len(words) <= MOST_WORDS
        and not _NO_NAME & set(words)
        and not set("()") & set(text)
        and not _NUMBERED.search(text)
        and text.rstrip()[-1] not in ".?!;"
    )
