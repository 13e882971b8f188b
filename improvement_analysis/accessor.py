"""``df.gradings``: the library from the table's side, for those who know pandas.

The accessor is there once a name that needs pandas was taken from the shop window, such as
``improvement_analysis.load``; importing this module alone changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from improvement_analysis import gradings as tables
from improvement_analysis.counts import count_grades, summarise_grades
from improvement_analysis.marks import carry_marks, is_illustrative, scale_of

if TYPE_CHECKING:
    from improvement_analysis.about import About
    from improvement_analysis.charts import Chart
    from improvement_analysis.charts.form import Words
    from improvement_analysis.explorer import Explorer

__all__ = ["GradingsAccessor", "register"]

NAME = "gradings"


class GradingsAccessor:
    """Gradings as what they are: ``df.gradings.counts("domain")``.

    Every method checks first that the table holds gradings (see :func:`improvement_analysis.as_gradings`),
    and tells the columns it lacks where it does not.

    Examples
    --------
    >>> from improvement_analysis import as_gradings
    >>> cell = {"service": "LAC Permanency", "domain": "practice", "tally": "2 x I, 1 x RI", "source": "p. 7"}
    >>> df = as_gradings(pd.DataFrame([cell]))
    >>> df.gradings
    <gradings: 3 of 1 service, in 1 domain>
    >>> df.gradings.counts().loc["practice", ["I", "RI"]].tolist()
    [2, 1]
    """

    def __init__(self, frame: pd.DataFrame) -> None:
        # Nothing is checked here: pandas makes one of any table whose attributes are listed.
        self._frame = frame

    def __repr__(self) -> str:
        held = self._checked()
        services, domains = held["service"].nunique(), held["domain"].nunique()
        words = [
            f"{n} {noun}{'' if n == 1 else 's'}" for n, noun in ((services, "service"), (domains, "domain"))
        ]
        return f"<gradings: {len(held)} of {words[0]}, in {words[1]}>"

    def _checked(self) -> pd.DataFrame:
        tables.require_gradings(self._frame)
        return self._frame

    def counts(self, by: str | Sequence[str] = "domain") -> pd.DataFrame:
        """Count the gradings at each grade: groups x grades, every grade a column, whole numbers.

        Parameters
        ----------
        by
            Column or columns that name the groups.

        Raises
        ------
        GradingsError
            If the table is not gradings, or a column is not there.
        """
        return count_grades(self._checked(), by)

    def select(
        self,
        *,
        round: str | Iterable[str] | None = None,  # noqa: A002 (the field's word)
        area: str | Iterable[str] | None = None,
        service: str | Iterable[str] | None = None,
        team: str | Iterable[str] | None = None,
        domain: str | Iterable[str] | None = None,
        grader: str | Iterable[str] | None = None,
        authority: str | Iterable[str] | None = None,
        stage: str | Iterable[str] | None = None,
    ) -> pd.DataFrame:
        """The gradings of some services, areas, teams, domains or rounds; never an empty table.

        Raises
        ------
        GradingsError
            If a name is not there; the message gives those that are.
        """
        return tables.select(
            self._checked(),
            authority=authority,
            round=round,
            area=area,
            service=service,
            team=team,
            domain=domain,
            grader=grader,
            stage=stage,
        )

    def standing(self, round: str | None = None) -> pd.DataFrame:  # noqa: A002 (the field's word)
        """The gradings of one round, by default the latest, one for each team and domain."""
        return tables.select_standing(self._checked(), round)

    def summary(self, by: str | Sequence[str] = "domain") -> pd.DataFrame:
        """Teams, judged, split, most frequent grade and medians of each group, without a mean.

        See :func:`improvement_analysis.summarise_grades`.
        """
        return summarise_grades(self._checked(), by)

    def grid(
        self,
        by: str = "domain",
        *,
        round: str | None = None,  # noqa: A002 (the field's word)
        **words: Unpack[Words],
    ) -> Chart:
        """A square for every grading at its grade, a row for each group of *by*.

        Of one round, by default the latest, with one grading for each team and domain.

        Parameters
        ----------
        by
            The column whose names become rows.
        words
            What every chart takes: ``about``, ``subject``, ``title``, ``labels`` and others.
        """
        from improvement_analysis.charts import grade_grid

        return grade_grid(count_grades(self.standing(round), by), **words)

    def compare(
        self,
        column: str,
        focus: str,
        other: str | Iterable[str] | None = None,
        *,
        round: str | None = None,  # noqa: A002 (the field's word)
        strata: str | Sequence[str] | None = "service",
    ) -> pd.DataFrame:
        """Does one group hold higher or lower grades than another (or all others), domain by domain?

        Of one round, by default the latest, with one grading for each team and domain.

        Parameters
        ----------
        column, focus, other
            The groups, such as ``"area", "North", "South"``.
        strata
            Column or columns within which teams are compared; None compares all with all.

        Returns
        -------
        DataFrame, indexed by domain
            See :func:`improvement_analysis.compare_groups`. Column ``sentence`` says it in words.

        Examples
        --------
        >>> from improvement_analysis import load
        >>> made_up = load("example-team-forms").gradings
        >>> found = made_up.gradings.compare("area", "Redditch/Wychavon", "Worcester/Malvern")
        >>> found.loc["overall", ["n_a", "n_b"]].tolist()
        [3, 3]
        """
        from improvement_analysis.comparison import compare_groups

        standing = self.standing(round)
        found = compare_groups(standing, column, focus, other, strata=strata, scale=scale_of(standing))
        return carry_marks(found, standing)

    def explore(self, *, about: About | None = None, name: str | None = None) -> Explorer:
        """Look around: see :func:`improvement_analysis.explore`."""
        from improvement_analysis.explorer import explore

        return explore(self._checked(), about=about, name=name)

    @property
    def illustrative(self) -> bool:
        """Whether the table knows that its gradings are made up."""
        return is_illustrative(self._frame)


def register() -> None:
    """Give every DataFrame the accessor, once."""
    if not isinstance(getattr(pd.DataFrame, NAME, None), type):
        pd.api.extensions.register_dataframe_accessor(NAME)(GradingsAccessor)
