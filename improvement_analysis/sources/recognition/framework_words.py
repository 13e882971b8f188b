"""The framework whose words files use, before anyone has declared one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.frameworks import FRAMEWORKS, PRACTICE_AUDIT, TEAM_DIAGNOSTIC, Framework
from improvement_analysis.sources.formats.document import Document
from improvement_analysis.vocabulary import fold

__all__ = ["recognise_framework"]

#: So many rows from the top are looked at for the words of a framework.
_MOST_ROWS = 200

#: What may stand behind a domain's name in a heading.
_GRADED = (" grade", " grading", " judgement", " judgment", " rating")


def recognise_framework(documents: Iterable[Document]) -> Framework:
    """The framework whose domains the headings and cells of documents name; the team diagnostic's in doubt.

    Raises
    ------
    SourceError
        If two others fit equally well: the message names both.
    """
    documents = list(documents)
    texts = {_plain(text) for document in documents for grid in document.grids for text in _cells(grid.rows)}
    texts |= {text for document in documents for grid in document.grids for text in _by_column(grid.columns)}
    named = {
        framework: len({framework.vocabulary.find(text) for text in texts} - {None, framework.overall})
        for framework in FRAMEWORKS.values()
    }
    most = max(named.values())
    best = [framework for framework, number in named.items() if number == most]
    if most == 0 and any("audit" in fold(text).split() for text in texts):
        return PRACTICE_AUDIT
    if most == 0 or TEAM_DIAGNOSTIC in best:
        return TEAM_DIAGNOSTIC
    if len(best) > 1:
        lines = " or ".join(f'framework = "{framework.key}"' for framework in best)
        name = documents[0].name
        remedy = f"write {lines} in source.toml, or [scale] and [[domains]] where it is neither"
        raise SourceError([Problem(name, "headings that two frameworks have", "those of one", remedy)])
    return best[0]


def _cells(rows: Sequence[Sequence[str]]) -> Iterable[str]:
    return (text for row in rows[:_MOST_ROWS] for text in row if text)


def _by_column(columns: Sequence[Sequence[str]]) -> Iterable[str]:
    return (_plain(text) for column in columns for text in column[:_MOST_ROWS] if text)


def _plain(text: str) -> str:
    """A heading without underscores and without a word for its grade behind it."""
    spelt = " ".join(text.replace("_", " ").split())
    ending = next((end for end in _GRADED if spelt.casefold().endswith(end)), "")
    return spelt.removesuffix(spelt[len(spelt) - len(ending) :]) if ending else spelt
