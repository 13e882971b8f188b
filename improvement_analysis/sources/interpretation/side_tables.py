"""The tables beside the gradings: statements of the prose, findings, deep dives."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.days import day_reader
from improvement_analysis.errors import Problem
from improvement_analysis.findings import KINDS, MEETING_ITEMS, MEETINGS, SEPARATOR
from improvement_analysis.notation import shown
from improvement_analysis.sources.recognition.cells import EMPTY, name_reader, read_whole
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable, Reading, read_column
from improvement_analysis.sources.recognition.roles import role_of
from improvement_analysis.vocabulary import Vocabulary

__all__ = ["SIDE_TABLES", "empty_side_table", "read_side_table", "side_columns"]


@dataclass(frozen=True)
class _Column:
    """What a column of a side table holds.

    ``holds`` is ``"text"``, ``"whole"`` (a whole number), ``"day"``, ``"role"`` (of nobody's name), ``"one"``
    or ``"many"`` names of ``names``. A file
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
    "meetings": (
        _Column("kind", allowed=MEETINGS),
        _Column("date", "day"),
        _Column("service", "one", "service", may_be_empty=True),
        _Column("round", "one", "round", may_be_empty=True),
        _Column("attended", "whole", may_be_empty=True),
        _Column("invited", "whole", may_be_empty=True),
        _Column("item", allowed=MEETING_ITEMS, may_be_empty=True),
        _Column("text", may_be_empty=True),
        _Column("domains", "many", "domain", may_be_empty=True),
        _Column("role", "role", may_be_empty=True),
        _Column("due", "day", may_be_empty=True),
        _Column("answers", "many", may_be_empty=True),
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
        if kind == "meetings":
            table = _carry_down(table)
            problems += _check_items(table)
        values = []
        for column in columns:
            read, _, said = read_column(table, column.name, _reader(column, vocabularies, table, about))
            values.append(read)
            problems += said
        rows += zip(*values, table.sources(), strict=True)
    return _frame(rows, columns), problems


#: What stands in the first row of a meeting for all of its rows.
_OF_MEETING = ("kind", "date", "service", "round", "attended", "invited")


def _carry_down(table: RawTable) -> RawTable:
    """The table with what stands once for a meeting in each of its rows: those up to the next ``kind``."""
    begins = [bool(text.strip()) for text in table.columns["kind"]]
    carried = dict(table.columns)
    for name in _OF_MEETING:
        texts = list(table.columns[name])
        for row, is_first in enumerate(begins):
            if row and not is_first and not texts[row].strip():
                texts[row] = texts[row - 1]
        carried[name] = texts
    return replace(table, columns=carried)


def _check_items(table: RawTable) -> list[Problem]:
    """Rows that say what they are without words, or words without what they are."""
    pairs = zip(table.columns["item"], table.columns["text"], strict=True)
    filled = [(bool(item.strip()), bool(text.strip())) for item, text in pairs]
    return [
        table.problem(row, "text", "an item without words", "what was decided or agreed")
        if item
        else table.problem(row, "item", "words without an item", f"one of {', '.join(MEETING_ITEMS)}")
        for row, (item, text) in enumerate(filled)
        if item != text
    ]


def _reader(
    column: _Column, vocabularies: Mapping[str, Vocabulary], table: RawTable, about: About
) -> Callable[[str], Reading[object]]:
    own: dict[str, Callable[[str], Reading[object]]] = {
        "whole": read_whole,
        "day": day_reader(table.epoch, about.date_format),
        "role": role_of(about),
    }

    def read(text: str) -> Reading[object]:
        text = text.strip()
        if not text:
            return Reading() if column.may_be_empty else Reading(None, EMPTY, f"a {column.name}")
        if column.allowed and text not in column.allowed:
            return Reading(None, shown(text), f"one of {', '.join(column.allowed)}")
        if column.holds in own:
            return own[column.holds](text)
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
    held = {"whole": "Int64", "day": "datetime64[us]"}
    types = {column.name: held.get(column.holds, "str") for column in columns}
    return pd.DataFrame(rows, columns=[*names, "source"], dtype=object).astype({**types, "source": "str"})
