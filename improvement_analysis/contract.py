"""What every table of gradings keeps to: its columns, their types, and one grading of each thing."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.frameworks import DOMAINS
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.selection import quote_names
from improvement_analysis.standing import grading_keys, list_repeated
from improvement_analysis.teams import HoldsGradings, take_gradings
from improvement_analysis.vocabulary import Domain

if TYPE_CHECKING:
    import pandera.pandas as pa

__all__ = [
    "COLUMNS",
    "FURTHER_COLUMNS",
    "GRADED_ONCE",
    "MUST_BE_STATED",
    "check_gradings",
    "first_of",
    "gradings_schema",
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

#: Columns without gaps.
MUST_BE_STATED = ("service", "domain", "source")

#: The rule that a repeated grading breaks.
GRADED_ONCE = "a team has one grading in a domain, unless round, grader or stage differ; keep one of these"


def first_of(problems: list[str], most: int = 20) -> list[str]:
    """The first of many problems, and how many more there are."""
    more = [f"and {len(problems) - most} more"] if len(problems) > most else []
    return [*problems[:most], *more]


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
            "str", nullable=column not in MUST_BE_STATED, required=column not in FURTHER_COLUMNS
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
        checks=[told, pa.Check(_is_once, name=GRADED_ONCE)],
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
            repeated = first_of(list_repeated(table)) if check == GRADED_ONCE else []
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
        table[["domain", *MUST_BE_STATED]].notna().all(axis=None)
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
