"""Team gradings: a row a grading, with service, team, domain, grade and what else is known of the visit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from improvement_analysis.about import LEFT_OUT, About
from improvement_analysis.days import day_reader
from improvement_analysis.errors import Problem
from improvement_analysis.gradings import COLUMNS, FURTHER_COLUMNS, shape_gradings
from improvement_analysis.rounds import as_rounds
from improvement_analysis.sources.interpretation.round_order import number_rounds
from improvement_analysis.sources.interpretation.visits import Keys, Places, check_visits
from improvement_analysis.sources.recognition.cells import EMPTY, domain_reader, grade_reader, name_reader
from improvement_analysis.sources.recognition.raw_table import (
    ROUND_DAY,
    Columns,
    RawTable,
    Reading,
    read_column,
)
from improvement_analysis.sources.recognition.roles import role_reader
from improvement_analysis.vocabulary import Term, Vocabulary, clean, fold

__all__ = ["GRADING_COLUMNS", "read_team_gradings"]

#: The columns of team gradings in a file. What a comment says is not read.
GRADING_COLUMNS = Columns(
    ("service", "team", "domain", "grade"),
    ("authority", "round", "area", "visit_date", "grader", "stage", "case", "reasons", "comment", "page"),
)

_SORTED_BY = ("authority", "round", "area", "service", "team", "domain", "stage", "grader")

#: What the role of a grader says of the stage, where no column does.
_STAGE_OF_ROLE = {
    "agreed": ("agreed", "consensus", "both", "joint", "jointly"),
    "moderated": ("moderated", "moderator", "moderators", "moderation"),
}


def read_team_gradings(
    tables: Sequence[RawTable], about: About, *, whole: bool = True
) -> tuple[pd.DataFrame, list[Problem]]:
    """Gradings from tables with a row a grading, in declared order, and every problem met.

    If the tables are not *whole*, because something was left out before, no gap is told.
    """
    parts: list[pd.DataFrame] = []
    problems: list[Problem] = []
    places = Places()
    for table in tables:
        if not len(table):
            problems.append(table.header_problem(None, "no row below the header", "a row for each grading"))
            continue
        part, good, said = _part(table, about)
        parts.append(part)
        places.add(table, good)
        problems += said
    loose = pd.concat(parts, ignore_index=True) if len(parts) > 1 else (parts or [_no_gradings()])[0]
    loose = loose.reset_index(drop=True)
    if about.number_rounds_by and len(loose):
        loose["round"] = number_rounds(loose, ROUND_DAY)
    problems += _read_roles(loose, parts, places, about)
    frame = shape_gradings(loose, scale=about.scale, domains=about.domains, stages=about.stages)
    frame["round"] = as_rounds(frame, about.declared_rounds)
    if frame.empty:
        return frame, problems
    keys = Keys(frame)
    whole = whole and about.empty != LEFT_OUT and not any(problem.severity == "error" for problem in problems)
    problems += check_visits(keys, places, about, whole=whole)
    return frame.iloc[_order(keys, about)].reset_index(drop=True), list(dict.fromkeys(problems))


def _no_gradings() -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype=object) for column in COLUMNS})


_Reader = Callable[[str], Reading[Any]]


def _part(table: RawTable, about: About) -> tuple[pd.DataFrame, np.ndarray, list[Problem]]:
    """A table's good rows as loose gradings, their positions, and every problem of its cells."""
    left_out = about.empty == LEFT_OUT
    values: dict[str, Sequence[object]] = {}
    bad: set[int] = set()
    readers, problems = _readers(table, about)
    for column, reader in readers.items():
        values[column], wrong, said = read_column(table, column, reader)
        bad |= wrong
        problems += said
    grades, wrong, said = read_column(table, "grade", grade_reader(about.scale, about.empty))
    bad |= wrong | ({row for row, grade in enumerate(grades) if grade is None} if left_out else set())
    problems += said
    values["grade"] = [reading and reading.grade for reading in grades]
    values["ungraded_reason"] = [reading and reading.reason for reading in grades]
    values["source"] = table.sources()
    if months := [row for row, day in enumerate(values["visit_date"]) if day is None and row not in bad]:
        values["source"] = _with_months(table, months, values["source"])
    for column, default in (
        ("authority", about.authority),
        ("round", about.round),
        ("service", about.only_service),
    ):
        if default is not None:
            values[column] = [value or default for value in values[column]]
    columns = [
        *COLUMNS,
        *([ROUND_DAY] if about.number_rounds_by else []),
        *(column for column in FURTHER_COLUMNS if column in table.columns),
    ]
    frame = pd.DataFrame({column: pd.Series(list(values[column]), dtype=object) for column in columns})
    good = np.array(
        [row for row in range(len(table)) if row not in bad] if bad else range(len(table)), dtype=int
    )
    return frame.iloc[good] if bad else frame, good, problems


def _readers(table: RawTable, about: About) -> tuple[dict[str, _Reader], list[Problem]]:
    """What reads each column but that of grades, and what is told of a column that is not read."""
    readers: dict[str, _Reader] = {
        "authority": name_reader("authority", Vocabulary("authority"), may_be_empty=True),
        "round": name_reader("round", about.rounds, may_be_empty=True),
        "area": name_reader("area", about.areas, may_be_empty=True),
        "service": name_reader("service", about.services),
        "team": name_reader("team", Vocabulary("team")),
        "domain": domain_reader(about),
        "grader": role_reader(f"{about.authority or ''} {about.publisher}"),
        "stage": name_reader("stage", Vocabulary("stage", map(Term, about.stages)), may_be_empty=True),
        "visit_date": day_reader(table.epoch, about.date_format),
        "case": _read_text,
        "reasons": _read_text,
    }
    if not about.number_rounds_by:
        return readers, []
    readers[ROUND_DAY] = _day_that_numbers(table, about)
    if "round" not in table.columns:
        return readers, []
    readers["round"] = lambda _: Reading()
    message = ("a column of rounds", "none, because 'number_rounds_by' numbers them", "it was not read")
    return readers, [replace(table.header_problem("round", *message, severity="warning"), note=True)]


def _day_that_numbers(table: RawTable, about: About) -> Callable[[str], Reading[date]]:
    """A reader of days that number rounds: one that is not there is an error."""
    read_day = day_reader(table.epoch, about.date_format)

    def read(text: str) -> Reading[date]:
        reading = read_day(text)
        if reading.value is not None or reading.is_error:
            return reading
        remedy = "rounds are numbered by it: leave the row out with 'where', or name another column"
        return Reading(None, reading.found or EMPTY, "a day", remedy)

    return read


def _with_months(table: RawTable, rows: Sequence[int], sources: Sequence[object]) -> list[object]:
    """The places of all rows; of those whose visit is dated by its month alone, with that month."""
    texts = table.columns.get("visit_date")
    kept = list(sources)
    for row in rows if texts is not None else ():
        if texts is not None and (month := clean(texts[row])):
            kept[row] = f"{kept[row]} (visited in {month})"
    return kept


def _read_text(text: str) -> Reading[str]:
    return Reading(text.strip() or None)


def _read_roles(
    loose: pd.DataFrame, parts: Sequence[pd.DataFrame], places: Places, about: About
) -> list[Problem]:
    """Write the stage that a grader's role tells where there is no column for it; tell each such reading."""
    if loose["grader"].nunique() < 2:
        return []
    tables = zip(places.tables, parts, strict=True)
    without = np.concatenate([np.full(len(part), "stage" not in table.columns) for table, part in tables])
    problems = []
    for role in loose.loc[without, "grader"].dropna().unique():
        words = set(fold(role).split())
        stages = [stage for stage, known in _STAGE_OF_ROLE.items() if words & set(known)]
        if len(stages) != 1 or stages[0] not in about.stages:
            continue
        rows = without & (loose["grader"] == role).to_numpy()
        loose.loc[rows, "stage"] = stages[0]
        message = (
            f"the grader {role!r} and no column 'stage'",
            f"a column 'stage' that says {', '.join(map(repr, about.stages[:-1]))} or {about.stages[-1]!r}",
            f"taken for the stage {stages[0]!r}, which settles a grade",
        )
        problems.append(places.problem(int(rows.argmax()), "grader", *message))
    return problems


def _order(keys: Keys, about: About) -> np.ndarray:
    """The order of rows: declared names in declared order, others by alphabet, missing ones last."""
    declared = {"service": about.services.names, "area": about.areas.names}
    ranks = [_ranks(keys, column, declared.get(column, ())) for column in reversed(_SORTED_BY)]
    return np.lexsort(ranks)


def _ranks(keys: Keys, column: str, declared: Sequence[str]) -> np.ndarray:
    """A number for each row by which its column is sorted."""
    if column in ("domain", "stage") or (column == "round" and keys.frame["round"].cat.ordered):
        codes = keys.codes(column)
        return np.where(codes < 0, len(keys.names[column]), codes)
    names = [str(name) for name in keys.names[column]]
    place = {name: (rank, "", "") for rank, name in enumerate(declared)}
    by = [place.get(name, (len(declared), name.casefold(), name)) for name in names]
    rank = np.empty(len(names) + 1, dtype=np.int64)
    rank[sorted(range(len(names)), key=by.__getitem__)] = np.arange(len(names))
    rank[-1] = len(names)  # the code of a missing name is -1
    ranked: np.ndarray = rank[keys.codes(column)]
    return ranked
