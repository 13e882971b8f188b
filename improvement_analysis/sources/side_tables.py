"""The tables beside the gradings: statements of the prose, findings, deep dives."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from improvement_analysis.errors import Problem
from improvement_analysis.findings import KINDS, SEPARATOR
from improvement_analysis.sources.about import About
from improvement_analysis.sources.published import read_name, read_whole
from improvement_analysis.sources.raw_table import RawRow, RawTable
from improvement_analysis.vocabulary import Vocabulary

__all__ = ["SIDE_TABLES", "empty_side_table", "read_side_table"]


@dataclass(frozen=True)
class _Column:
    """What a column of a side table holds.

    ``holds`` is ``"text"``, ``"whole"`` (a whole number), ``"one"`` or ``"many"`` names of ``names``.
    """

    name: str
    holds: str = "text"
    names: str = ""
    allowed: tuple[str, ...] = ()
    may_be_empty: bool = False


#: The columns of each kind of side table, in order; ``source`` is added.
SIDE_TABLES: Mapping[str, tuple[_Column, ...]] = {
    "statements": (
        _Column("kind", allowed=("visits_total", "visits", "deep_dives", "workshops")),
        _Column("service", "one", "service", may_be_empty=True),
        _Column("named_as"),
        _Column("number", "whole"),
        _Column("page", "whole", may_be_empty=True),
        _Column("statement"),
    ),
    "findings": (
        _Column("id"),
        _Column("kind", allowed=KINDS),
        _Column("theme"),
        _Column("domains", "many", "domain", may_be_empty=True),
        _Column("services", "many", "service", may_be_empty=True),
        _Column("areas", "many", "area", may_be_empty=True),
        _Column("text"),
        _Column("page", "whole", may_be_empty=True),
    ),
    "deep_dives": (
        _Column("subject"),
        _Column("visited", allowed=("yes", "no")),
        _Column("graded", allowed=("yes", "no")),
        _Column("page", "whole", may_be_empty=True),
        _Column("note", may_be_empty=True),
    ),
}


def empty_side_table(kind: str) -> pd.DataFrame:
    """A side table without rows, for a dataset that has none."""
    return _frame([], SIDE_TABLES[kind])


def read_side_table(raw: RawTable, kind: str, about: About) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows of a side table in file order, and every problem met."""
    columns = SIDE_TABLES[kind]
    table, problems = raw.keep([column.name for column in columns])
    if len(table.headings) < len(columns):
        return empty_side_table(kind), problems
    vocabularies = {
        "service": about.services,
        "area": about.areas,
        "domain": Vocabulary("domain", about.domains),
    }
    rows = []
    for row in table.rows:
        values = [_value(table, row, column, vocabularies, problems) for column in columns]
        rows.append((*values, table.source(row)))
    return _frame(rows, columns), problems


def _value(
    table: RawTable,
    row: RawRow,
    column: _Column,
    vocabularies: Mapping[str, Vocabulary],
    problems: list[Problem],
) -> object:
    text = row.texts[column.name].strip()
    if not text:
        if not column.may_be_empty:
            problems.append(table.problem(row.number, column.name, "an empty cell", f"a {column.name}"))
        return None
    if column.allowed and text not in column.allowed:
        expected = f"one of {', '.join(column.allowed)}"
        problems.append(table.problem(row.number, column.name, repr(text), expected))
    if column.holds == "whole":
        number = read_whole(text)
        if number is None:
            problems.append(table.problem(row.number, column.name, repr(text), "a whole number"))
        return number
    if column.holds in ("one", "many"):
        parts = text.split(SEPARATOR.strip()) if column.holds == "many" else [text]
        single = [RawRow(row.number, {column.name: part}) for part in parts]
        known = vocabularies[column.names]
        return SEPARATOR.join(read_name(table, part, column.name, known, problems) for part in single)
    return text


def _frame(rows: list[tuple[object, ...]], columns: tuple[_Column, ...]) -> pd.DataFrame:
    names = [column.name for column in columns]
    types = {column.name: "Int64" if column.holds == "whole" else "str" for column in columns}
    return pd.DataFrame(rows, columns=[*names, "source"], dtype=object).astype({**types, "source": "str"})
