"""Grades of a later stage in a column of their own, beside the column of grades: *Moderated grade*."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypeVar

from improvement_analysis.errors import Problem
from improvement_analysis.sources.headings import fold_heading
from improvement_analysis.sources.recognition.headers import Wanted
from improvement_analysis.sources.recognition.raw_table import RawTable
from improvement_analysis.standing import STAGES

__all__ = ["by_stage"]

T = TypeVar("T")

_WORDS = {"moderated": "moderated", "moderation": "moderated", "agreed": "agreed", "consensus": "agreed"}
_GRADES = ("grade", "grading", "judgement", "judgment")


def by_stage(table: RawTable, wanted: Wanted) -> tuple[list[RawTable], list[Problem]]:
    """A table with a row a grading as one for each stage whose grades stand in a column of their own.

    The other grades are of the first stage. A row without a grade of the later stage was not looked at again.
    """
    spelt = {fold_heading(heading): heading for heading in table.columns}
    names = {fold_heading(wanted.mapping.get(name, name)): name for name in ("grade", "stage")}
    heads = {names[folded]: heading for folded, heading in spelt.items() if folded in names}
    later = {
        spelt[f"{word} {noun}"]: stage
        for word, stage in _WORDS.items()
        for noun in _GRADES
        if f"{word} {noun}" in spelt and stage in wanted.about.stages
    }
    if wanted.value != "grade" or wanted.domains or "grade" not in heads or "stage" in heads or not later:
        return [table], []
    first = {heading: texts for heading, texts in table.columns.items() if heading not in later}
    parts = [_of_stage(replace(table, columns=first), STAGES[0])]
    for heading, stage in later.items():
        columns = {**first, heads["grade"]: table.columns[heading]}
        part = replace(
            table,
            columns=columns,
            spelt={**table.spelt, heads["grade"]: table.spelt.get(heading, heading)},
            merged=_moved(table.merged, heading, heads["grade"]),
            faults=_moved(table.faults, heading, heads["grade"]),
        )
        faulty = {row for row, name in part.faults if name == heads["grade"]}
        texts = zip(table.columns[heading], table.numbers, strict=True)
        filled = [row for row, (text, number) in enumerate(texts) if text.strip() or number in faulty]
        parts.append(_of_stage(part.of_rows(filled), stage))
    read_as = [f"{heading!r} was read as grades of the stage {stage!r}" for heading, stage in later.items()]
    remedy = f"{', '.join(read_as)}, the others as {STAGES[0]!r}"
    message = ("two columns of grades", "one, with a column 'stage'", remedy)
    note = replace(table.header_problem(None, *message, severity="warning"), note=True)
    return [part for part in parts if len(part)], [note]


def _moved(places: Mapping[tuple[int, str], T], heading: str, target: str) -> dict[tuple[int, str], T]:
    """Places of cells, those below *heading* now below *target* in the place of its own."""
    kept = {(row, name): what for (row, name), what in places.items() if name != target}
    return {(row, target if name == heading else name): what for (row, name), what in kept.items()}


def _of_stage(table: RawTable, stage: str) -> RawTable:
    return replace(table, columns={**table.columns, "stage": [stage] * len(table)})
