"""The one table: a row for every grading given.

Everything is counted, compared and drawn from *gradings*. This module says which columns it has, turns
published cells or a loose table into it, checks it, and takes parts of it.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from improvement_analysis.days import read_days
from improvement_analysis.errors import GradingsError, SourceWarning
from improvement_analysis.frameworks import DOMAINS
from improvement_analysis.notation import read_grade, read_tally
from improvement_analysis.rounds import as_rounds, latest_round
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.vocabulary import Domain, Vocabulary, suggest

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = [
    "COLUMNS",
    "as_gradings",
    "check_gradings",
    "gradings_schema",
    "require_gradings",
    "select",
    "select_standing",
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
    "source",
)

_MUST_BE_STATED = ("service", "domain", "source")
#: So many rows of one kind are told one by one.
_MOST_TOLD = 20
_GROUPS = ("authority", "round", "area", "service", "team", "domain", "grader")


def as_gradings(
    table: pd.DataFrame,
    *,
    scale: Scale = OFSTED,
    domains: Sequence[Domain] = DOMAINS,
    authority: str | None = None,
    round: str | None = None,  # noqa: A002 (the field's word)
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

    Returns
    -------
    gradings : DataFrame
        Columns :data:`COLUMNS`. Days are read day first; a time of day is left off and told as a
        :class:`SourceWarning`. ``round`` is an ordered category, earliest first: as given where it is one,
        else by visit days, else by names that state a time; a category without order where none tells.
        From published cells ``area`` and ``team`` are missing, because a tally names neither, and gradings
        of one cell share its ``source``.

    Raises
    ------
    GradingsError
        If a column that is needed is absent, a domain is unknown or a day is none; the message lists every
        fault.
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
    _require(table, (*_MUST_BE_STATED, "tally" if "tally" in table else "grade"))
    loose = _expand(table, scale) if "tally" in table else _read_grades(table, scale)
    for column, value in (("authority", authority), ("round", round)):
        if column not in loose:
            loose[column] = value
    return _typed(loose, scale, domains)


def _expand(cells: pd.DataFrame, scale: Scale) -> pd.DataFrame:
    rows = []
    kept = [column for column in COLUMNS if column in cells and column not in ("grade", "ungraded_reason")]
    for values, tally in zip(cells[kept].itertuples(index=False, name=None), cells["tally"], strict=True):
        items = sorted(read_tally(tally, scale), key=lambda item: _place(item.grade, scale))
        for n, grade, reason in items:
            rows += [(*values, grade, reason)] * n
    return pd.DataFrame(rows, columns=[*kept, "grade", "ungraded_reason"])


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
        raise GradingsError(f"unknown domain {_listed(unknown)}; known are {', '.join(known.names)}")
    frame = pd.DataFrame(index=range(len(loose)))
    for column in COLUMNS:
        given = loose[column].to_numpy() if column in loose else None
        if column == "domain":
            keys = [spelt[text] for text in loose["domain"]]
            frame[column] = pd.Categorical(keys, categories=list(known.names), ordered=True)
        elif column == "grade":
            frame[column] = pd.Categorical(loose["grade"], dtype=scale.dtype)
        elif column == "visit_date":
            frame[column] = pd.NaT if given is None else _days(loose[column])
        else:
            frame[column] = pd.Series(given, index=frame.index, dtype="str")
    if "round" in loose and isinstance(loose["round"].dtype, pd.CategoricalDtype):
        frame["round"] = loose["round"].reset_index(drop=True)
    frame["round"] = as_rounds(frame)
    return frame.astype({"visit_date": "datetime64[us]"})


def _days(column: pd.Series) -> pd.Series:
    """A column of days; what is wrong with any is raised all at once, what was taken off is told."""
    days, problems = read_days(column, str(column.name))
    wrong = [problem for problem in problems if problem.severity == "error"]
    if wrong:
        lines = [f"{problem.place}: {problem.message}" for problem in wrong[:_MOST_TOLD]]
        more = [f"and {len(wrong) - _MOST_TOLD} more"] if len(wrong) > _MOST_TOLD else []
        raise GradingsError("\n  ".join(["there are days that cannot be read", *lines, *more]))
    for problem in problems[:_MOST_TOLD]:
        warnings.warn(SourceWarning(problem), stacklevel=4)
    return days


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


@lru_cache(maxsize=16)
def _schema(scale: Scale, domains: tuple[str, ...]) -> pa.DataFrameSchema:
    import pandera.pandas as pa

    text = {column: pa.Column("str", nullable=column not in _MUST_BE_STATED) for column in COLUMNS}
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
        },
        checks=told,
        strict=True,
        ordered=True,
        name="gradings",
    )


def check_gradings(
    gradings: pd.DataFrame, *, scale: Scale = OFSTED, domains: Sequence[Domain] = DOMAINS
) -> pd.DataFrame:
    """Return *gradings* unchanged if they keep the contract.

    Raises
    ------
    GradingsError
        With every breach: column, rule, and the first rows that break it.
    """
    import pandera.errors

    try:
        gradings_schema(scale, domains).validate(gradings, lazy=True)
    except pandera.errors.SchemaErrors as breach:
        cases = breach.failure_cases
        of_column = cases["column"].where(cases["schema_context"] == "Column", "")
        said = [
            _breach(str(column), str(check), found)
            for (check, column), found in cases.groupby([cases["check"], of_column], sort=False)
        ]
        raise GradingsError("\n  ".join(["these are not gradings", *said])) from None
    return gradings


def _breach(column: str, check: str, found: pd.DataFrame) -> str:
    """One breach of the contract in words, with the first rows that make it."""
    cases = list(dict.fromkeys(str(case) for case in found["failure_case"]))
    if check == "column_in_dataframe":
        return f"no column {_listed(cases)}"
    if check == "column_in_schema":
        return f"a column that does not belong there: {_listed(cases)}"
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


def select(
    gradings: pd.DataFrame,
    *,
    authority: str | Iterable[str] | None = None,
    round: str | Iterable[str] | None = None,  # noqa: A002 (the field's word)
    area: str | Iterable[str] | None = None,
    service: str | Iterable[str] | None = None,
    team: str | Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    grader: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """The gradings of some services, areas, teams, domains or rounds.

    Works on any table that has the columns asked for, so on published cells too. Each filter is a name or
    several; None leaves that column alone.

    Returns
    -------
    DataFrame
        The matching rows in their order; never empty.

    Raises
    ------
    GradingsError
        If a name is not there. The message gives the names that are, so that a slip of the pen does not
        pass for an empty result.

    Examples
    --------
    >>> cells = pd.DataFrame({"service": ["Safeguarding", "Care Leaving"], "teams": [9, 2]})
    >>> select(cells, service="Safeguarding")
            service  teams
    0  Safeguarding      9
    """
    given = dict(zip(_GROUPS, (authority, round, area, service, team, domain, grader), strict=True))
    asked = {
        column: [names] if isinstance(names, str) else list(names)
        for column, names in given.items()
        if names is not None
    }
    chosen = np.ones(len(gradings), dtype=bool)
    for column, names in asked.items():
        _require(gradings, (column,))
        chosen &= _rows_of(gradings[column], column, names)
    if not chosen.any():
        filters = [f"{column} {', '.join(map(repr, names)) or '(none)'}" for column, names in asked.items()]
        raise GradingsError(
            f"no gradings for {' and '.join(filters)}" if filters else "there are no gradings"
        )
    return (gradings[chosen] if asked else gradings).reset_index(drop=True)


def select_standing(gradings: pd.DataFrame, round: str | None = None) -> pd.DataFrame:  # noqa: A002
    """The gradings that stand: of one round, and one for each team and domain.

    Where several graders graded a team in a domain, the one whose name comes first stands; the others are
    for moderation. A grading without a grader stands before any with one.

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
    chosen = round if round is not None else latest_round(gradings)
    kept = gradings if chosen is None else select(gradings, round=str(chosen))
    named = kept["team"].notna()
    place = ["authority", "area", "service", "team", "domain"]
    first = kept[named].sort_values("grader", kind="stable", na_position="first").drop_duplicates(place)
    return kept.loc[sorted([*first.index, *kept.index[~named]])].reset_index(drop=True)


def _rows_of(column: pd.Series, kind: str, names: Sequence[str]) -> np.ndarray:
    """Which rows hold one of *names*, each of which must be there."""
    values = column.array
    if isinstance(values, pd.Categorical):
        wanted = values.categories.isin(names)
        if wanted.sum() == 1:
            rows: np.ndarray = values.codes == int(wanted.argmax())
        else:
            rows = np.take(np.append(wanted, False), values.codes)
    else:
        rows = np.asarray(column.isin(names))
    found = set(names) if len(names) == 1 and rows.any() else set(column[rows].unique())
    for name in names:
        if name not in found:
            raise _not_there(column, kind, name)
    return rows


def _not_there(column: pd.Series, kind: str, name: str) -> GradingsError:
    known = [str(value) for value in column.dropna().unique()]
    if not known:
        return GradingsError(f"no gradings for {kind} {name!r}; none names its {kind}")
    close = suggest(str(name), known)
    hint = f"did you mean {close!r}? Known" if close else "known"
    return GradingsError(f"no gradings for {kind} {name!r}; {hint} are {_listed(known)}")


def _require(table: pd.DataFrame, columns: Iterable[str]) -> None:
    if absent := [column for column in columns if column not in table]:
        raise GradingsError(
            f"the table has no column {_listed(absent)}; it has {_listed(list(table.columns))}"
        )


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names)
