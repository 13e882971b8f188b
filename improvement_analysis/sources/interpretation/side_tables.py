"""The tables beside the gradings: statements of the prose, findings, deep dives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.findings import KINDS, SEPARATOR
from improvement_analysis.notation import shown
from improvement_analysis.sources.recognition.cells import EMPTY, name_reader, read_whole
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable, Reading, read_column
from improvement_analysis.vocabulary import Vocabulary

__all__ = ["SIDE_TABLES", "empty_side_table", "read_side_table", "side_columns"]


@dataclass(frozen=True)
class _Column:
    """What a column of a side table holds.

    ``holds`` is ``"text"``, ``"whole"`` (a whole number), ``"one"`` or ``"many"`` names of ``names``. A file
    may lack an optional column; where every file does, so does the table.
    """

    name: str
    holds: str = "text"
    names: str = ""
    allowed: tuple[str, ...] = ()
    may_be_empty: bool = False
    optional: bool = False


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
        _Column("teams", may_be_empty=True, optional=True),
        _Column("round", "one", "round", may_be_empty=True, optional=True),
        _Column("answers", "many", may_be_empty=True, optional=True),
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
    return _frame([], _needed(SIDE_TABLES[kind]))


def side_columns(kind: str) -> Columns:
    """The columns of a kind of side table in a file."""
    columns = SIDE_TABLES[kind]
    optional = tuple(column.name for column in columns if column.optional)
    return Columns(tuple(column.name for column in _needed(columns)), optional)


def _needed(columns: Sequence[_Column]) -> tuple[_Column, ...]:
    return tuple(column for column in columns if not column.optional)


def read_side_table(
    tables: Sequence[RawTable], kind: str, about: About
) -> tuple[pd.DataFrame, list[Problem]]:
    """The rows of some side tables in file order, and every problem met."""
    columns = tuple(
        column
        for column in SIDE_TABLES[kind]
        if not column.optional or any(column.name in table.columns for table in tables)
    )
    vocabularies = {
        "service": about.services,
        "area": about.areas,
        "domain": Vocabulary("domain", about.domains),
        "round": about.rounds,
    }
    rows: list[tuple[object, ...]] = []
    problems: list[Problem] = []
    for table in tables:
        values = []
        for column in columns:
            read, _, said = read_column(table, column.name, _reader(column, vocabularies))
            values.append(read)
            problems += said
        rows += zip(*values, table.sources(), strict=True)
    return _frame(rows, columns), problems


def _reader(column: _Column, vocabularies: Mapping[str, Vocabulary]) -> Callable[[str], Reading[object]]:
    def read(text: str) -> Reading[object]:
        text = text.strip()
        if not text:
            return Reading() if column.may_be_empty else Reading(None, EMPTY, f"a {column.name}")
        if column.allowed and text not in column.allowed:
            return Reading(None, shown(text), f"one of {', '.join(column.allowed)}")
        if column.holds == "whole":
            return read_whole(text)
        if column.holds in ("one", "many"):
            named = vocabularies.get(column.names)
            name = Reading if named is None else name_reader(column.name, named)
            parts = (
                [part.strip() for part in text.split(SEPARATOR.strip())] if column.holds == "many" else [text]
            )
            readings = [name(part) for part in parts]
            wrong = next((reading for reading in readings if reading.found), None)
            return wrong or Reading(SEPARATOR.join(str(reading.value) for reading in readings))
        return Reading(text)

    return read


def _frame(rows: list[tuple[object, ...]], columns: tuple[_Column, ...]) -> pd.DataFrame:
    names = [column.name for column in columns]
    types = {column.name: "Int64" if column.holds == "whole" else "str" for column in columns}
    return pd.DataFrame(rows, columns=[*names, "source"], dtype=object).astype({**types, "source": "str"})
