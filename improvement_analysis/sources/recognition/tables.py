"""From a document to its tables under our own names of columns."""

from __future__ import annotations

from collections.abc import Mapping

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.document import Document
from improvement_analysis.sources.recognition.extraction import extract_tables
from improvement_analysis.sources.recognition.headed import headed_domains
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable

__all__ = ["read_tables", "with_headed"]


def read_tables(
    document: Document, columns: Columns, about: About, mapping: Mapping[str, str]
) -> tuple[list[RawTable], list[Problem]]:
    """The tables of a document that hold the columns asked for, under their own names, and what was met.

    Parameters
    ----------
    document
        Of any format.
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
        If it holds no such table.
    """
    tables, problems = extract_tables(document, columns, mapping, about)
    return tables, _once(problems)


def with_headed(
    document: Document, columns: Columns, about: About, mapping: Mapping[str, str]
) -> tuple[About, list[Problem]]:
    """*about* with the domains that a document heads, where its framework takes them so; each is told."""
    headed = headed_domains(document, columns, about, mapping) if about.framework.as_headed else []
    if not headed:
        return about, []
    overall = [domain for domain in about.all_domains if domain.key == about.framework.overall]
    others = [domain for domain in about.all_domains if domain not in overall]
    listed = ", ".join(repr(domain.title) for domain in headed)
    message = (
        "headings of grades that are not declared",
        "domains",
        f"{listed} were taken for domains, as headed",
    )
    note = Problem(document.name, *message, severity="warning", note=True)
    return about.with_domains([*others, *headed, *overall]), [note]


def _once(problems: list[Problem]) -> list[Problem]:
    """Every problem, but what is told of a reading only once for all sheets that it is told of."""
    kept: dict[tuple[object, ...], Problem] = {}
    for problem in problems:
        key = (problem.message,) if problem.note else (problem, len(kept))
        kept.setdefault(key, problem)
    return list(kept.values())
