"""The one table: a row for every grading given.

Everything is counted, compared and drawn from *gradings*. This module turns published cells or a loose table
into it, and takes parts of it; what it keeps to stands in :mod:`~improvement_analysis.contract`.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from improvement_analysis.contract import (
    COLUMNS,
    FURTHER_COLUMNS,
    GRADED_ONCE,
    MUST_BE_STATED,
    check_gradings,
    first_of,
    gradings_schema,
)
from improvement_analysis.days import as_days
from improvement_analysis.errors import GradingsError, Problem, SourceWarning
from improvement_analysis.frameworks import DOMAINS
from improvement_analysis.marks import carry_marks, mark_illustrative, mark_scale
from improvement_analysis.notation import read_grade, read_tally
from improvement_analysis.rounds import as_rounds, latest_round
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.selection import quote_names, require_columns, select
from improvement_analysis.standing import list_repeated, settle_gradings, type_stages
from improvement_analysis.teams import HoldsGradings, take_gradings
from improvement_analysis.vocabulary import Domain, Vocabulary, clean, suggest

if TYPE_CHECKING:
    pass

__all__ = [
    "COLUMNS",
    "FURTHER_COLUMNS",
    "as_gradings",
    "check_gradings",
    "columns_in",
    "gradings_schema",
    "list_repeated",
    "require_gradings",
    "select",
    "select_standing",
    "shape_gradings",
]

_FROM_TALLY = ("grade", "ungraded_reason")

#: Columns that may stand beside those of gradings, or of printed cells, and are not read.
_BESIDE = ("comment", "page")
_OF_CELLS = ("tally", "grading", "headline", "teams", "teams_declared")


def as_gradings(
    table: pd.DataFrame,
    *,
    scale: Scale = OFSTED,
    domains: Sequence[Domain] = DOMAINS,
    authority: str | None = None,
    round: str | None = None,  # noqa: A002 (the field's word)
    stages: Sequence[str] | None = None,
) -> pd.DataFrame:
    """Turn published cells or a loose table into gradings, one row per grading.

    Parameters
    ----------
    table : DataFrame
        Either a row per printed cell, with a column ``tally`` (see :func:`read_published`), or a row per
        grading with at least ``service``, ``domain``, ``grade`` and ``source``. A grade may be spelt in any
        way :func:`parse_grade` understands; a missing grade is *no judgement*.
    scale, domains
        What the grades and domains are.
    authority, round
        Taken where *table* has no such column.
    stages
        The names of stages, the weightiest last; by default the categories of the column ``stage``, or
        first, second, agreed and moderated.

    Returns
    -------
    gradings : DataFrame
        Columns :data:`COLUMNS`, and ``case`` and ``reasons`` before the last where they are given. Days are
        read day first; a time of day is left off and told as a :class:`SourceWarning`. ``round`` is an
        ordered category, earliest first: as given where it is one, else by visit days, else by names that
        state a time; a category without order where none tells. ``stage`` is an ordered category too. From
        published cells ``area`` and ``team`` are missing, because a tally names neither, and gradings of
        one cell share its ``source``.

    Raises
    ------
    GradingsError
        If a column that is needed is absent, a domain or a stage is unknown, a day is none, or a team is
        graded twice in a domain by one grader in one round and stage; the message lists every fault.
    GradeError
        If a text is not a grade.

    Examples
    --------
    >>> cell = {"service": "Care Leaving", "domain": "monitoring", "tally": "2 x RI / I", "source": "p. 7"}
    >>> as_gradings(pd.DataFrame([cell]))[["service", "domain", "grade"]]
            service      domain   grade
    0  Care Leaving  monitoring  RI / I
    1  Care Leaving  monitoring  RI / I
    """
    gradings = shape_gradings(
        table, scale=scale, domains=domains, authority=authority, round=round, stages=stages
    )
    _tell_unread(table)
    if repeated := list_repeated(gradings):
        raise GradingsError("\n  ".join([GRADED_ONCE, *first_of(repeated)]))
    return gradings


def shape_gradings(
    table: pd.DataFrame,
    *,
    scale: Scale = OFSTED,
    domains: Sequence[Domain] = DOMAINS,
    authority: str | None = None,
    round: str | None = None,  # noqa: A002 (the field's word)
    stages: Sequence[str] | None = None,
) -> pd.DataFrame:
    """As :func:`as_gradings`, for a reader that tells repeated gradings by their places itself."""
    require_columns(table, (*MUST_BE_STATED, "tally" if "tally" in table else "grade"))
    loose = _expand(table, scale) if "tally" in table else _read_grades(table, scale)
    for column, value in (("authority", authority), ("round", round)):
        if column not in loose:
            loose[column] = value
    loose["stage"] = type_stages(loose["stage"] if "stage" in loose else pd.Series(dtype=object), stages)
    shaped = _typed(loose, scale, domains)
    if not isinstance(table.get("grade", pd.Series(dtype=object)).dtype, pd.CategoricalDtype):
        mark_illustrative(shaped, False)  # loose rows are what they are given out for
    return mark_scale(carry_marks(shaped, table), scale)


def _expand(cells: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    rows = []
    kept = [column for column in columns_in(cells) if column in cells and column not in _FROM_TALLY]
    for values, tally in zip(cells[kept].itertuples(index=False, name=None), cells["tally"], strict=True):
        items = sorted(read_tally(tally, scale), key=lambda item: _place(item.grade, scale))
        for n, grade, reason in items:
            rows += [(*values, grade, reason)] * n
    return pd.DataFrame(rows, columns=[*kept, "grade", "ungraded_reason"])


def columns_in(table: pd.DataFrame) -> list[str]:
    """The columns of the gradings that are made of a table."""
    return [*COLUMNS[:-1], *(column for column in FURTHER_COLUMNS if column in table), COLUMNS[-1]]


def _place(grade: str | None, scale: Scale) -> int:
    return scale.columns.index(grade or NO_JUDGEMENT)


def _read_grades(table: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    codes, texts = pd.factorize(table["grade"].astype(object), use_na_sentinel=True)
    readings = [read_grade(text, scale) for text in texts]
    # The last of each is for a missing text, whose code is -1.
    grades = np.array([*(reading.grade for reading in readings), None], dtype=object)[codes]
    reasons = np.array([*(reading.reason for reading in readings), NO_JUDGEMENT], dtype=object)[codes]
    if "ungraded_reason" in table:
        told = table["ungraded_reason"].to_numpy(dtype=object)
        for row in np.flatnonzero([grade is None for grade in grades]):
            reasons[row] = told[row] if isinstance(told[row], str) else reasons[row]
    return table.assign(grade=grades, ungraded_reason=reasons)


def _typed(loose: pd.DataFrame, scale: Scale, domains: Sequence[Domain]) -> pd.DataFrame:
    known = Vocabulary("domain", domains)
    spelt = {text: known.find(str(text)) for text in loose["domain"].unique()}
    if unknown := [str(text) for text, key in spelt.items() if key is None]:
        raise GradingsError(f"unknown domain {quote_names(unknown)}; known are {', '.join(known.names)}")
    frame = pd.DataFrame(index=range(len(loose)))
    for column in columns_in(loose):
        given = loose[column].to_numpy() if column in loose else None
        if column == "domain":
            keys = [spelt[text] for text in loose["domain"]]
            frame[column] = pd.Categorical(keys, categories=list(known.names), ordered=True)
        elif column == "grade":
            frame[column] = pd.Categorical(loose["grade"], dtype=scale.dtype)
        elif column == "stage":
            frame[column] = loose["stage"].array
        elif column == "visit_date":
            frame[column] = pd.NaT if given is None else as_days(loose[column])
        else:
            texts = pd.Series(given, index=frame.index, dtype="str")
            frame[column] = texts if column == "reasons" else _cleaned(texts)  # reasons keep their lines
    if "round" in loose and isinstance(loose["round"].dtype, pd.CategoricalDtype):
        frame["round"] = loose["round"].reset_index(drop=True)
    frame["round"] = as_rounds(frame)
    return frame.astype({"visit_date": "datetime64[us]"})


def _cleaned(column: pd.Series) -> pd.Series:
    """Texts as the readers of files give them: without surplus spaces and marks; a blank one is missing."""
    cleaned = {text: clean(text) or None for text in column.dropna().unique()}
    apart = {text: name for text, name in cleaned.items() if text != name}
    return column.map(cleaned).astype("str") if apart else column


def _tell_unread(table: pd.DataFrame) -> None:
    """Tell of columns that are none of gradings, and what may have been meant."""
    known = {*COLUMNS, *FURTHER_COLUMNS, *_BESIDE, *(_OF_CELLS if "tally" in table else ())}
    absent = [column for column in (*COLUMNS, *FURTHER_COLUMNS) if column not in table]
    for column in table.columns:
        if column not in known:
            close = suggest(str(column), absent, cutoff=0.7)
            hint = f"did you mean {close!r}? It was not read" if close else "it was not read"
            expected = f"one of {quote_names([*COLUMNS, *FURTHER_COLUMNS])}"
            problem = Problem("the table", f"the column {column!r}", expected, hint, severity="warning")
            warnings.warn(SourceWarning(problem), stacklevel=3)


def require_gradings(table: object) -> None:
    """Nothing, if *table* holds gradings.

    Raises
    ------
    GradingsError
        If it is no table, lacks a column of gradings, or its grades are no grades of a scale.
    """
    if not isinstance(table, pd.DataFrame):
        raise GradingsError(f"found {type(table).__name__}, expected a dataset or a table of gradings")
    if absent := [column for column in COLUMNS if column not in table]:
        raise GradingsError(
            f"this table is not gradings: it has no column {', '.join(map(repr, absent))}; as_gradings makes "
            "gradings of a table with service, domain, grade and source"
        )
    if not isinstance(table["grade"].dtype, pd.CategoricalDtype) or not table["grade"].cat.ordered:
        raise GradingsError("the column 'grade' is not of a scale's type; as_gradings makes it so")
    if table.empty:
        raise GradingsError("there are no gradings")


def select_standing(
    gradings: pd.DataFrame | HoldsGradings,
    round: str | None = None,  # noqa: A002 (the field's word)
) -> pd.DataFrame:
    """The gradings that stand: of one round, and one for each team and domain.

    Where a team was graded more than once in a domain, what was moderated stands, else what was agreed, else
    what all graders gave. Graders who differ leave the grade open between theirs: see
    :mod:`improvement_analysis.standing`. Who graded makes no difference.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    round
        By default the latest: see :mod:`improvement_analysis.rounds`.

    Raises
    ------
    GradingsError
        If no grading is of this round, or none is given and nothing tells which of several is the latest.
    """
    table = take_gradings(gradings)
    chosen = round if round is not None else latest_round(table)
    kept = table if chosen is None else select(table, round=str(chosen))
    return settle_gradings(kept)
