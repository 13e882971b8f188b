"""Evidence and visits from a file: what was looked at, and who visited."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.days import day_reader
from improvement_analysis.errors import Problem
from improvement_analysis.evidence import (
    EVIDENCE_COLUMNS,
    EVIDENCE_KINDS,
    VISIT_COLUMNS,
    as_evidence,
    as_visits,
)
from improvement_analysis.notation import shown
from improvement_analysis.sources.recognition.cells import EMPTY, name_reader, read_whole
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable, Reading, read_column
from improvement_analysis.sources.recognition.roles import role_of
from improvement_analysis.vocabulary import Term, Vocabulary, clean

__all__ = ["VISIT_TABLES", "read_kind", "read_rows", "read_visit_table", "visit_readers"]

Row = Mapping[str, object]
Reader = Callable[[str], Reading[object]]

_NEEDED = {"evidence": ("service", "team", "kind"), "visits": ("service", "team")}
_COLUMNS = {"evidence": EVIDENCE_COLUMNS, "visits": VISIT_COLUMNS}

#: The columns of each kind of table in a file.
VISIT_TABLES = {
    kind: Columns(needed, tuple(name for name in _COLUMNS[kind] if name not in (*needed, "source")))
    for kind, needed in _NEEDED.items()
}


def read_visit_table(
    tables: Sequence[RawTable], kind: str, about: About
) -> tuple[pd.DataFrame, list[Problem]]:
    """The evidence or the visits of some tables in file order, and every problem met."""
    rows: list[Row] = []
    problems: list[Problem] = []
    for table in tables:
        readers = {**visit_readers(table, about), **_own_readers(about)}
        read, faults = read_rows(table, {name: readers[name] for name in _COLUMNS[kind][:-1]}, about)
        rows += [row for row in read if row]
        problems += faults
    return (as_evidence if kind == "evidence" else as_visits)(rows), problems


def visit_readers(table: RawTable, about: About) -> dict[str, Reader]:
    """Readers of the columns that say which visit a row is of."""
    return {
        "authority": name_reader("authority", Vocabulary("authority"), may_be_empty=True),
        "round": name_reader("round", about.rounds, may_be_empty=True),
        "area": name_reader("area", about.areas, may_be_empty=True),
        "service": name_reader("service", about.services),
        "team": name_reader("team", Vocabulary("team")),
        "visit_date": day_reader(table.epoch, about.date_format),
    }


def _own_readers(about: About) -> dict[str, Reader]:
    stages = Vocabulary("stage", map(Term, about.stages))
    return {
        "stage": name_reader("stage", stages, may_be_empty=True),
        "kind": read_kind,
        "domain": name_reader("domain", Vocabulary("domain", about.domains), may_be_empty=True),
        "number": lambda text: read_whole(text) if text.strip() else Reading(),
        "text": lambda text: Reading(clean(text) or None),
        "graders": role_of(about),
        "partner_graders": role_of(about),
    }


def read_kind(text: str) -> Reading[str]:
    """The kind of evidence that a text means."""
    name = EVIDENCE_KINDS.find(text) if text.strip() else None
    if name is not None:
        return Reading(name)
    close = EVIDENCE_KINDS.suggest(text) if text.strip() else None
    remedy = f"did you mean {close!r}?" if close else ""
    expected = f"one of {', '.join(EVIDENCE_KINDS.names)}"
    return Reading(None, shown(text) if text.strip() else EMPTY, expected, remedy)


def read_rows(
    table: RawTable, readers: Mapping[str, Reader], about: About
) -> tuple[list[Row], list[Problem]]:
    """Every row's values, an empty one where a cell of it is wrong, and the problems of the cells."""
    values: dict[str, Sequence[object]] = {}
    bad: set[int] = set()
    problems: list[Problem] = []
    for column, reader in readers.items():
        values[column], wrong, faults = read_column(table, column, reader)
        bad |= wrong
        problems += faults
    for column, default in (("authority", about.authority), ("round", about.round)):
        values[column] = [value or default for value in values[column]]
    values["source"] = table.sources()
    rows = [dict(zip(values, cells, strict=True)) for cells in zip(*values.values(), strict=True)]
    return [{} if number in bad else row for number, row in enumerate(rows)], problems
