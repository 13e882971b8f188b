"""From a file to its tables under our own names of columns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.formats.reading import read_document
from improvement_analysis.sources.recognition.extraction import extract_tables, split_wide
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
    domains = [domain.key for domain in about.domains if domain.key in mapping]
    value = next((name for name in ("grade", "grading") if name in columns.needed), "")
    if domains and value:
        asked = replace(columns, needed=_wide(columns.needed, domains, mapping, about), under_heading="")
        tables, said = extract_tables(document, asked, mapping, about)
        return [each for table in tables for each in split_wide(table, domains, value)], [*problems, *said]
    tables, said = extract_tables(document, columns, mapping, about)
    return tables, [*problems, *said]


def _wide(
    needed: tuple[str, ...], domains: list[str], mapping: Mapping[str, str], about: About
) -> tuple[str, ...]:
    """The columns a wide table needs: a team is not one where authorities are graded, nor an only service."""
    spared = {"domain", "grade", "grading"}
    spared |= {"team"} if "authority" in mapping and "team" not in mapping else set()
    spared |= {"service"} if len(about.services) == 1 and "service" not in mapping else set()
    return (*(name for name in needed if name not in spared), *domains)
