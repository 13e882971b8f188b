"""Agreement grid: do two graders agree? One square is one grading by both."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from improvement_analysis import sentences
from improvement_analysis.charts import frame, text_width
from improvement_analysis.charts.cross_grid import Crossing, compose_crossing, square, titled
from improvement_analysis.scale import OFSTED, Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["agreement_grid", "plot_agreement_grid"]


def agreement_grid(
    pairs: pd.DataFrame,
    *,
    first: str = "First grader",
    second: str = "Second grader",
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    subject: str | None = None,
    unit: str = "grading",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Whether two graders agree: the first's grade down the side, the second's along the top.

    Filled squares on the diagonal are gradings on which both agree, hollow ones those on which they do not;
    the band holds everything at most one whole grade apart.

    Parameters
    ----------
    pairs : DataFrame of int, first x second
        Index and columns name grades of *scale* or *no judgement*; a missing one counts as 0.
    first, second
        What the graders are called.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If a row or a column is no grade of *scale*, or a count is no whole number from 0 upwards.

    Examples
    --------
    >>> agreement_grid(pd.DataFrame({"RI": [2, 5], "G": [1, 0]}, index=["I", "RI"])).title
    'The graders agree on 5 of 8 gradings, and on 7 within one grade'
    """
    first, second = text_width.in_sentence(first), text_width.in_sentence(second)
    crossing = Crossing(square(pairs, scale), first, second, unit, scale, quiet=False)
    subtitle = subtitle or f"One square is one {unit} by both graders: filled where they agree, else hollow."
    return compose_crossing(
        crossing, title or titled(subject, _describe_agreement(crossing)), subtitle, footnote, illustrative
    )


def plot_agreement_grid(
    pairs: pd.DataFrame,
    *,
    ax: Axes,
    first: str = "First grader",
    second: str = "Second grader",
    unit: str = "grading",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the grid of :func:`agreement_grid` on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> counts = pd.DataFrame({"RI": [2, 1], "G": [0, 3]}, index=["I", "RI"])
    >>> plot_agreement_grid(counts, ax=ax) is ax
    True
    """
    return frame.plot(Crossing(square(pairs, scale), first, second, unit, scale, quiet=False), ax)


def _describe_agreement(crossing: Crossing) -> str:
    n, exact, near = crossing.total(), crossing.total(least=0, most=0), crossing.total(least=-2, most=2)
    if n == 0:
        return f"no {crossing.unit} was given by both graders"
    many = sentences.plural(n, crossing.unit)
    return f"the graders agree on {exact} of {many}, and on {near} within one grade"
