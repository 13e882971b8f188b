"""What can be chosen: a part of the gradings and a form, and only what leads somewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from functools import cached_property

import numpy as np
import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.explorer.subject import Subject
from improvement_analysis.gradings import select
from improvement_analysis.rounds import latest_round

__all__ = ["PARTS", "Choice", "Part", "chosen"]

#: The columns that choose a part of a round's gradings.
PARTS = ("service", "area", "domain")


@dataclass(frozen=True)
class Choice:
    """A part of the gradings and the form that shows it; None is everything, of *round* the latest."""

    service: str | None = None
    area: str | None = None
    domain: str | None = None
    round: str | None = None
    form: str = "grade_grid"

    def filters(self, *without: str) -> dict[str, str]:
        """The columns that are narrowed, and to what."""
        return {
            key: name for key, name in asdict(self).items() if key in PARTS and name and key not in without
        }

    def in_round(self, round: str | None) -> Choice:  # noqa: A002 (the field's word)
        """The same of another round."""
        return replace(self, round=round)


@dataclass(frozen=True, eq=False)
class Part:
    """A choice and the gradings that it leaves."""

    subject: Subject
    choice: Choice

    @cached_property
    def gradings(self) -> pd.DataFrame:
        """The gradings chosen, of one round, one for each team and domain."""
        return self.without()

    def without(self, *columns: str) -> pd.DataFrame:
        """The gradings that would be chosen without regard to some columns."""
        standing = self.subject.standing(self.choice.round)
        return standing[_rows(standing, self.choice.filters(*columns))]

    @cached_property
    def options(self) -> Mapping[str, list[str]]:
        """For each column the names that, beside what else is chosen, leave some gradings."""
        found = {column: self.subject.names(column, self.without(column)) for column in PARTS}
        filters = self.choice.filters()
        rounds = [each for each in self.subject.rounds if _rows(self.subject.standing(each), filters).any()]
        return {**found, "round": rounds}

    @cached_property
    def rows(self) -> str:
        """The column whose names become the rows of a picture."""
        if self.choice.domain is None:
            return "domain"
        for column in ("service", "area"):
            if self.choice.filters().get(column) is None and self.gradings[column].nunique() > 1:
                return column
        return "domain"

    def describe(self, *without: str) -> str:
        """Whose gradings they are, in words; empty where they are all there are."""
        names = self.choice.filters(*without)
        if "domain" in names:
            names["domain"] = self.subject.label(names["domain"])
        if self.choice.round and len(self.subject.rounds) > 1 and "round" not in without:
            names["round"] = self.choice.round
        return ", ".join(names.values())


def chosen(subject: Subject, choice: Choice) -> Part:
    """The part that a choice means.

    Raises
    ------
    GradingsError
        If a name is not there, or no gradings are left.
    """
    if choice.round is None:
        choice = replace(choice, round=latest_round(subject.gradings))
    else:
        select(subject.gradings, round=choice.round)
    if filters := choice.filters():
        select(subject.standing(choice.round), **filters)
    if subject.standing(choice.round).empty:
        raise GradingsError("there are no gradings")
    return Part(subject, choice)


def _rows(gradings: pd.DataFrame, filters: Mapping[str, str]) -> np.ndarray:
    rows = np.ones(len(gradings), dtype=bool)
    for column, name in filters.items():
        rows &= gradings[column].isin([name]).to_numpy()
    return rows
