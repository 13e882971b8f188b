"""What is explored: a dataset, or gradings of one's own, with what a chart must know of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from improvement_analysis.about import About, about_of
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError
from improvement_analysis.explorer.scripts import TAKEN, Named, Script
from improvement_analysis.gradings import require_gradings, select_standing
from improvement_analysis.rounds import name_rounds

__all__ = ["Subject", "subject_of"]


@dataclass(frozen=True, eq=False)
class Subject:
    """Gradings, and how a line of code gets at them and at their labels.

    Attributes
    ----------
    gradings : DataFrame, one row per grading
    dataset
        Where they come from; None for a table of one's own.
    name
        What the code calls the table of one's own.
    about
        What is known of the gradings: made up or not, labels, scale, source.
    told
        Whether that was given with the table; the code then calls it ``about``.
    standing
        The gradings of one round, one for each team and domain.
    """

    gradings: pd.DataFrame
    dataset: Dataset | None
    name: str
    about: About
    told: bool
    standing: Callable[[str | None], pd.DataFrame]

    @property
    def rounds(self) -> list[str]:
        """The rounds there are, earliest first where an order is known; empty where none is named."""
        return name_rounds(self.gradings)

    def names(self, column: str, found: pd.DataFrame) -> list[str]:
        """The names in a column, in the order that the dataset declares."""
        if isinstance(found[column].dtype, pd.CategoricalDtype):
            return [str(name) for name in found[column].cat.categories if (found[column] == name).any()]
        here = [str(name) for name in found[column].dropna().unique()]
        declared = getattr(self.dataset, f"{column}s", ()) if self.dataset else ()
        return [
            *(name for name in declared if name in here),
            *(name for name in here if name not in declared),
        ]

    def label(self, domain: str) -> str:
        """A domain in words."""
        return self.about.short_labels.get(domain, domain)

    def variable(self, word: str) -> str:
        """What the code calls something it makes, so that it does not take the name of the table."""
        return f"{word}_" if self.name.split(".")[0] == word else word

    def begin(self, script: Script) -> Named:
        """Write how the dataset or the table is come by."""
        if self.dataset is None:
            return script.given(self.name, self.gradings)
        return script.given("ds", self.dataset, f"ia.load({Named.of(self.dataset.loaded_from).spelling})")

    def stand(
        self,
        script: Script,
        round: str | None,  # noqa: A002 (the field's word)
        into: str | None = None,
    ) -> Named:
        """Write how the gradings of a round are come by."""
        given = [] if round is None or len(self.rounds) < 2 else [round]
        if self.dataset is not None:
            return script.run("ds.standing", lambda *_: self.standing(round), *given, into=into)
        own = Named(self.gradings, self.name)
        return script.run("select_standing", lambda *_: self.standing(round), own, *given, into=into)

    def options(self) -> dict[str, Named]:
        """What every chart is told of the gradings."""
        if self.dataset is not None:
            return {"about": Named(self.dataset, "ds").part("about")}
        return {"about": Named(self.about, "about")} if self.told else {}


def subject_of(
    source: Dataset | pd.DataFrame, *, about: About | None = None, name: str | None = None
) -> Subject:
    """What is to be explored, checked.

    Raises
    ------
    GradingsError
        If *source* holds no gradings, or is a dataset that says itself what it is told here.
    """
    if isinstance(source, Dataset):
        if about is not None or name is not None:
            raise GradingsError("a dataset says itself what it is about; only a table is told")
        standing = _remember(source.gradings)
        return Subject(source.gradings, source, "ds", source.about, told=False, standing=standing)
    require_gradings(source)
    if name is not None and (not all(map(str.isidentifier, name.split("."))) or name.split(".")[0] in TAKEN):
        raise GradingsError(f"{name!r} cannot be what the code calls the table; expected a name such as 'df'")
    return Subject(
        source,
        None,
        name or "gradings",
        about_of(about, source),
        told=about is not None,
        standing=_remember(source),
    )


def _remember(gradings: pd.DataFrame) -> Callable[[str | None], pd.DataFrame]:
    """:func:`select_standing` of these gradings, once for each round."""

    @lru_cache(maxsize=8)
    def standing(round: str | None) -> pd.DataFrame:  # noqa: A002 (the field's word)
        return select_standing(gradings, round)

    return standing
