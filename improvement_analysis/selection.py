"""Taking the part of a table that is asked for by name: a name that is not there is refused, never empty."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.teams import HoldsGradings, take_gradings
from improvement_analysis.vocabulary import suggest

__all__ = ["quote_names", "require_columns", "select"]

_GROUPS = ("authority", "round", "area", "service", "team", "domain", "grader", "stage")


def select(
    gradings: pd.DataFrame | HoldsGradings,
    *,
    authority: str | Iterable[str] | None = None,
    round: str | Iterable[str] | None = None,  # noqa: A002 (the field's word)
    area: str | Iterable[str] | None = None,
    service: str | Iterable[str] | None = None,
    team: str | Iterable[str] | None = None,
    domain: str | Iterable[str] | None = None,
    grader: str | Iterable[str] | None = None,
    stage: str | Iterable[str] | None = None,
) -> pd.DataFrame:
    """The gradings of some services, areas, teams, domains or rounds.

    Works on any table that has the columns asked for, so on published cells too, and on a dataset, whose
    gradings of all rounds are meant. Each filter is a name or
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
    table = take_gradings(gradings)
    names = (authority, round, area, service, team, domain, grader, stage)
    given = dict(zip(_GROUPS, names, strict=True))
    asked = {
        column: [wanted] if isinstance(wanted, str) else list(wanted)
        for column, wanted in given.items()
        if wanted is not None
    }
    chosen = np.ones(len(table), dtype=bool)
    for column, wanted in asked.items():
        require_columns(table, (column,))
        chosen &= _rows_of(table[column], column, wanted)
    if not chosen.any():
        filters = [f"{column} {', '.join(map(repr, each)) or '(none)'}" for column, each in asked.items()]
        raise GradingsError(
            f"no gradings for {' and '.join(filters)}" if filters else "there are no gradings"
        )
    return (table[chosen] if asked else table).reset_index(drop=True)


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
    return GradingsError(f"no gradings for {kind} {name!r}; {hint} are {quote_names(known)}")


def require_columns(table: pd.DataFrame, columns: Iterable[str]) -> None:
    """Refuse a table that lacks any of some columns."""
    if absent := [column for column in columns if column not in table]:
        raise GradingsError(
            f"the table has no column {quote_names(absent)}; it has {quote_names(list(table.columns))}"
        )


def quote_names(names: Sequence[str]) -> str:
    """Names in quotes, for a message."""
    return ", ".join(repr(name) for name in names)
