"""An earlier publication read back: the table that stands beside its page."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import Problem, SourceError

__all__ = ["EarlierTable", "read_earlier_publication"]

_TABLE, _PAGE = "index.grades.csv", "index.html"
_ROUND = re.compile(r"<dt>Round</dt><dd>(.*?)</dd>", re.DOTALL)
_WITHHELD, _TOTALS = "c", "All services"
_FIRST = ["Service", "Quality domain", "Teams"]


@dataclass(frozen=True, eq=False)
class EarlierTable:
    """What an earlier publication shows: numbers by service and domain, missing where withheld."""

    counts: pd.DataFrame
    teams: pd.Series
    totals: pd.DataFrame
    round: str


def read_earlier_publication(folder: str | Path, about: About) -> EarlierTable:
    """The table of a folder that ``report --publish`` made, its headings as grades and domains of *about*.

    Raises
    ------
    SourceError
        If the folder holds no such table, or it names other domains, or grades of another scale.
    """
    folder = Path(folder)
    table = _read(folder)
    names = {about.scale.name(grade): grade for grade in about.scale.columns}
    keys = {short: key for key, short in about.short_labels.items()}
    held = [column for column in table.columns if column not in _FIRST]
    strangers = [repr(name) for name in held if name not in names]
    strangers += sorted({repr(name) for name in table["Quality domain"] if name not in keys})
    if strangers:
        wanted = "grades and quality domains of this dataset"
        raise SourceError([Problem(_TABLE, strangers[0], wanted, "name the folder of its own publication")])
    grades = table[held].rename(columns=names)
    numbers = grades.where(grades != _WITHHELD).apply(pd.to_numeric).astype("Int64")
    numbers = numbers.reindex(columns=list(about.scale.columns))
    seen = (grades != _WITHHELD).all(axis=1)  # a grade without a column is 0 where nothing is withheld
    numbers.loc[seen] = numbers.loc[seen].fillna(0)
    numbers.index = pd.MultiIndex.from_arrays(
        [table["Service"], table["Quality domain"].map(keys)], names=["service", "domain"]
    )
    every = numbers.index.get_level_values("service") == _TOTALS
    teams = pd.Series(pd.to_numeric(table["Teams"]).to_numpy(), numbers.index)
    return EarlierTable(
        numbers[~every], teams[~every], numbers[every].droplevel("service"), _round_of(folder)
    )


def _read(folder: Path) -> pd.DataFrame:
    path = folder / _TABLE
    try:
        table = pd.read_csv(path, dtype="str", keep_default_na=False)
    except (OSError, ValueError) as failure:
        why = getattr(failure, "strerror", None) or "it is not a table"
        remedy = "name a folder that report --publish made"
        raise SourceError([Problem(str(path), why, "the table of an earlier publication", remedy)]) from None
    if table.columns[:2].tolist() != _FIRST[:2] or "Teams" not in table:
        found = ", ".join(map(repr, table.columns[:3]))
        raise SourceError([Problem(str(path), found, "the columns 'Service', 'Quality domain' and 'Teams'")])
    return table[table["Service"] != ""]


def _round_of(folder: Path) -> str:
    """The round that the page beside the table names; empty where it names none."""
    page = folder / _PAGE
    match = _ROUND.search(page.read_text(encoding="utf-8")) if page.is_file() else None
    return html.unescape(match[1]).strip() if match else ""
