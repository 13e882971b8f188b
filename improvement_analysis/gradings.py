"""The one table: a row for every grading given.

Everything is counted, compared and drawn from *gradings*. This module says which columns it has, turns
published cells or a loose table into it, checks it, and takes parts of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from improvement_analysis.days import as_days
from improvement_analysis.errors import GradingsError, Problem, SourceWarning
from improvement_analysis.frameworks import DOMAINS
from improvement_analysis.marks import carry_marks, mark_illustrative, mark_scale
from improvement_analysis.notation import read_grade, read_tally
from improvement_analysis.rounds import as_rounds, latest_round
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.selection import quote_names, require_columns, select
from improvement_analysis.standing import grading_keys, list_repeated, settle_gradings, type_stages
from improvement_analysis.teams import HoldsGradings, take_gradings
from improvement_analysis.vocabulary import Domain, Vocabulary, clean, suggest

if TYPE_CHECKING:
    import pandera.pandas as pa

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

#: The columns of gradings, in order. The data dictionary says what each means.
COLUMNS = (
    "authority",
    "round",
    "area",
    "service",
    "team",
    "visit_date",
    "domain",
    "grade",
    "ungraded_reason",
    "grader",
    "stage",
    "source",
)

#: Columns that gradings may have besides, before ``source``: only where they are given.
FURTHER_COLUMNS = ("case", "reasons")

_MUST_BE_STATED = ("service", "domain", "source")

_FROM_TALLY = ("grade", "ungraded_reason")

#: Columns that may stand beside those of gradings, or of printed cells, and are not read.
_BESIDE = ("comment", "page")
_OF_CELLS = ("tally", "grading", "headline", "teams", "teams_declared")

_ONCE = "a team has one grading in a domain, unless round, grader or stage differ; keep one of these"


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
        raise GradingsError("\n  ".join([_ONCE, *_first_of(repeated)]))
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
    require_columns(table, (*_MUST_BE_STATED, "tally" if "tally" in table else "grade"))
    loose = _expand(table, scale) if "tally" in table else _read_grades(table, scale)
    for column, value in (("authority", authority), ("round", round)):
        if column not in loose:
            loose[column] = value
    loose["stage"] = type_stages(loose["stage"] if "stage" in loose else pd.Series(dtype=object), stages)
    shaped = _typed(loose, scale, domains)
    if not _is_category(table.get("grade", pd.Series(dtype=object))):
        mark_illustrative(shaped, False)  # loose rows are what they are given out for
    return mark_scale(carry_marks(shaped, table), scale)


def _first_of(problems: list[str], most: int = 20) -> list[str]:
    more = [f"and {len(problems) - most} more"] if len(problems) > most else []
    return [*problems[:most], *more]


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
            frame[column] = _cleaned(pd.Series(given, index=frame.index, dtype="str"))
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


def gradings_schema(scale: Scale = OFSTED, domains: Sequence[Domain] = DOMAINS) -> pa.DataFrameSchema:
    """The contract of gradings as a pandera schema.

    It can be used on one's own frames: ``gradings_schema().validate(frame, lazy=True)``.
    """
    return _schema(scale, tuple(domain.key for domain in domains))


_NO_TIME = "a visit_date is a day, without a time"


def _is_category(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype)


def _is_midnight(days: pd.Series) -> pd.Series:
    midnight: pd.Series = days == days.dt.normalize()
    return midnight


def _is_ordered(column: pd.Series) -> bool:
    return isinstance(column.dtype, pd.CategoricalDtype) and bool(column.dtype.ordered)


def _is_once(frame: pd.DataFrame) -> pd.Series:
    """Whether each row grades something anew; true where a column is missing, which is told by itself."""
    columns = [*grading_keys(frame), "grader", "stage"]
    once = pd.Series(True, index=frame.index)
    if set(columns) <= set(frame.columns):
        named = frame[frame["team"].notna()]
        once[named.index] = ~named.duplicated(columns)
    return once


@lru_cache(maxsize=16)
def _schema(scale: Scale, domains: tuple[str, ...]) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    columns = [*COLUMNS[:-1], *FURTHER_COLUMNS, COLUMNS[-1]]
    text = {
        column: pa.Column(
            "str", nullable=column not in _MUST_BE_STATED, required=column not in FURTHER_COLUMNS
        )
        for column in columns
    }
    told = pa.Check(
        lambda frame: frame["grade"].isna() == frame["ungraded_reason"].notna(),
        name="a missing grade has its reason, and only a missing grade has one",
    )
    return pa.DataFrameSchema(
        text
        | {
            "round": pa.Column(None, pa.Check(_is_category, name="dtype category"), nullable=True),
            "visit_date": pa.Column("datetime64[us]", pa.Check(_is_midnight, name=_NO_TIME), nullable=True),
            "domain": pa.Column(pd.CategoricalDtype(list(domains), ordered=True)),
            "grade": pa.Column(scale.dtype, nullable=True),
            "stage": pa.Column(None, pa.Check(_is_ordered, name="dtype ordered"), nullable=True),
        },
        checks=[told, pa.Check(_is_once, name=_ONCE)],
        strict=True,
        ordered=True,
        name="gradings",
    )


def check_gradings(
    gradings: pd.DataFrame | HoldsGradings, *, scale: Scale = OFSTED, domains: Sequence[Domain] = DOMAINS
) -> pd.DataFrame:
    """Return *gradings* (a dataset's, where one is given) unchanged if they keep the contract.

    Raises
    ------
    GradingsError
        With every breach: column, rule, and the first rows that break it.
    """
    table = take_gradings(gradings)
    if _is_sound(table, scale, [domain.key for domain in domains]):
        return table
    import pandera.errors

    try:
        gradings_schema(scale, domains).validate(table, lazy=True)
    except pandera.errors.SchemaErrors as breach:
        cases = breach.failure_cases
        of_column = cases["column"].where(cases["schema_context"] == "Column", "")
        problems = []
        for (check, column), failing in cases.groupby([cases["check"], of_column], sort=False):
            repeated = _first_of(list_repeated(table)) if check == _ONCE else []
            problems += repeated or [_breach(str(column), str(check), failing)]
        raise GradingsError("\n  ".join(["these are not gradings", *problems])) from None
    return table


def _is_sound(table: pd.DataFrame, scale: Scale, domains: Sequence[str]) -> bool:
    """Whether the contract is kept, without pandera; what is in doubt is left to :func:`_schema`."""
    every = [*COLUMNS[:-1], *FURTHER_COLUMNS, COLUMNS[-1]]
    if list(table) != [name for name in every if name in table or name not in FURTHER_COLUMNS]:
        return False
    kinds: dict[str, object] = dict.fromkeys(map(str, table), pd.Series(dtype="str").dtype)
    kinds |= {"grade": scale.dtype, "domain": pd.CategoricalDtype(list(domains), ordered=True)}
    kinds |= {"visit_date": "datetime64[us]"}
    loose = {"round": _is_category, "stage": _is_ordered}
    typed = all(table[name].dtype == kind for name, kind in kinds.items() if name not in loose)
    if not typed or not all(holds(table[name]) for name, holds in loose.items()):
        return False
    days = table["visit_date"].dropna()
    return bool(
        table[["domain", *_MUST_BE_STATED]].notna().all(axis=None)
        and (table["grade"].isna() == table["ungraded_reason"].notna()).all()
        and _is_midnight(days).all()
        and _is_once(table).all()
    )


def _breach(column: str, check: str, found: pd.DataFrame) -> str:
    """One breach of the contract in words, with the first rows that make it."""
    cases = list(dict.fromkeys(str(case) for case in found["failure_case"]))
    if check == "column_in_dataframe":
        return f"no column {quote_names(cases)}"
    if check == "column_in_schema":
        return f"a column that does not belong there: {quote_names(cases)}"
    if check == "column_ordered":
        return f"the columns are not in order, from {cases[0]!r} on"
    if check.startswith("dtype"):
        return f"the column {column!r} is not of its type; as_gradings makes it so"
    rows = [str(row) for row in dict.fromkeys(found["index"].sort_values())]
    shown = ", ".join(rows[:3]) + (f" and {len(rows) - 3} more" if len(rows) > 3 else "")
    rule = f"the column {column!r} has gaps" if check == "not_nullable" else check
    return f"{rule} (row {shown})"


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
