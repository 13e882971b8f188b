"""Agreement grid: do two graders agree? One square is one grading by both."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import pandas as pd

from improvement_analysis import sentences
from improvement_analysis.charts import text_width
from improvement_analysis.charts.cross_grid import Crossing
from improvement_analysis.charts.form import Words, compose, worded

if TYPE_CHECKING:
    from improvement_analysis.charts.chart import Chart

__all__ = ["agreement_grid"]


@worded
def agreement_grid(
    pairs: pd.DataFrame,
    *,
    first: str = "First grader",
    second: str = "Second grader",
    unit: str = "grading",
    **words: Unpack[Words],
) -> Chart:
    """Whether two graders agree: the first's grade down the side, the second's along the top.

    Filled squares on the diagonal are gradings on which both agree, hollow ones those on which they do not;
    the band holds everything at most one whole grade apart.

    Parameters
    ----------
    pairs : DataFrame of int, first x second
        Index and columns name grades of the scale or *no judgement*; a missing one counts as 0.
    first, second
        What the graders are called.
    unit
        What a square is.

    Raises
    ------
    GradingsError
        If a row or a column is no grade of the scale, or a count is no whole number from 0 upwards.

    Examples
    --------
    >>> agreement_grid(pd.DataFrame({"RI": [2, 5], "G": [1, 0]}, index=["I", "RI"])).title
    'The graders agree on 5 of 8 gradings, and on 7 within one grade'
    """
    first, second = text_width.in_sentence(first), text_width.in_sentence(second)
    return compose(_Agreement.of(pairs, words, down=first, along=second, unit=unit), words)


class _Agreement(Crossing):
    def title(self) -> str:
        n, exact, near = self.total(), self.total(least=0, most=0), self.total(least=-2, most=2)
        if n == 0:
            return f"No {self.unit} was given by both graders"
        many = sentences.plural(n, self.unit)
        return f"The graders agree on {exact} of {many}, and on {near} within one grade"

    def subtitle(self) -> str:
        return f"One square is one {self.unit} by both graders: filled where they agree, else hollow."
