"""From a file to its tables under our own names of columns."""

from __future__ import annotations

from collections.abc import Mapping

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.formats.reading import read_document
from improvement_analysis.sources.recognition.extraction import extract_tables
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable

__all__ = ["read_tables"]


def read_tables(
    file: SourceFile, columns: Columns, about: About, mapping: Mapping[str, str]
) -> tuple[list[RawTable], list[Problem]]:
    """The tables of a file that hold the columns asked for, under their own names, and what was met.

    Parameters
    ----------
    file
        Any of :data:`ENDINGS`.
    columns
        What is asked for.
    about
        The dataset's words.
    mapping
        Headings that a column has in the file instead of its name. A mapped domain makes the table wide: a
        row a team, a column a domain.

    Raises
    ------
    SourceError
        If the file cannot be read, whatever the reason.
    """
    document, problems = read_document(file)
    tables, said = extract_tables(document, columns, mapping, about)
    return tables, [*problems, *_once(said)]


def _once(problems: list[Problem]) -> list[Problem]:
    """Every problem, but what is told of a reading only once for all sheets that it is told of."""
    kept: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        key = (problem.message,) if problem.note else (problem, len(kept))
        kept.setdefault(key, problem)
    return list(kept.values())
