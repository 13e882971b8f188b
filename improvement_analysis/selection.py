"""Taking the part of a table that is asked for by name: a name that is not there is refused, never empty."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.teams import HoldsGradings, take_gradings
from improvement_analysis.vocabulary import name_absent, suggest

__all__ = ["find_names", "quote_names", "require_columns", "select"]

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
        named = name_absent(absent, table.columns)
        there = "{} has " + quote_names(list(map(str, table.columns)))
        end = there.format(" It" if named.endswith("?") else "; it")
        raise GradingsError(f"the table has no column {named}{end}")


def quote_names(names: Sequence[str]) -> str:
    """Names in quotes, for a message."""
    return ", ".join(repr(name) for name in names)


def find_names(gradings: pd.DataFrame, text: str, areas: Iterable[str] = ()) -> list[str]:
    """The teams, areas and graders that a text names, as whole words; what is a service may be named.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> row = {"service": "S", "area": "North", "team": "Team A", "domain": "overall", "grade": "G"}
    >>> find_names(as_gradings(pd.DataFrame([{**row, "source": "x"}])), "Form of TEAM-A, 12 March")
    ['Team A']
    """
    services = {_plain(str(name)) for name in gradings["service"].dropna().unique()}
    columns = [gradings[column].dropna().unique() for column in ("team", "area", "grader")]
    named = {str(name) for column in columns for name in column}
    held = _plain(text)
    return sorted(
        name
        for name in {*named, *areas}
        if _plain(name).strip() and _plain(name) in held and _plain(name) not in services
    )


def _plain(text: str) -> str:
    """The words of a text in small letters, with a blank on either side."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return f" {' '.join(words)} "
