"""Change grid: who moved between two rounds? One square is one team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from improvement_analysis import sentences
from improvement_analysis.charts import frame, text_width
from improvement_analysis.charts.cross_grid import Crossing, compose_crossing, square, titled
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import OFSTED, Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["change_grid", "plot_change_grid"]

Tally = Mapping[str, int] | pd.Series


def change_grid(
    transitions: pd.DataFrame,
    *,
    new: Tally | None = None,
    not_again: Tally | None = None,
    before: str = "Before",
    after: str = "After",
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    subject: str | None = None,
    unit: str = "team",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Who moved between two rounds: grade before down the side, grade after along the top, a square a team.

    Teams above the diagonal moved up, those below it down; those on it are drawn quietly. No judgement lies
    outside the scale: a move from or to it is neither up nor down.

    Parameters
    ----------
    transitions : DataFrame of int, from x to
        Index and columns name grades of *scale* or *no judgement*; a missing one counts as 0.
    new, not_again
        How many teams at each grade were graded in the later or in the earlier round only.
    before, after
        What the rounds are called.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If a row or a column is no grade of *scale*, or a count is no whole number from 0 upwards.

    Examples
    --------
    >>> change_grid(pd.DataFrame({"RI": [2, 1], "G": [0, 3]}, index=["I", "RI"])).title
    '5 of 6 teams moved up, none moved down, 1 unchanged'
    """
    _check_one_domain(transitions)
    before, after = text_width.in_sentence(before), text_width.in_sentence(after)
    crossing = Crossing(square(transitions, scale), before, after, unit, scale, quiet=True)
    apart = {
        f"New: graded in {after} only": _tally(new, scale),
        f"Not graded again: graded in {before} only": _tally(not_again, scale),
    }
    crossing = crossing.beside({words: tally for words, tally in apart.items() if tally is not None})
    subtitle = subtitle or f"One square is one {unit} graded both times: from its grade {before} to {after}."
    return compose_crossing(
        crossing, title or titled(subject, _describe_moves(crossing)), subtitle, footnote, illustrative
    )


def plot_change_grid(
    transitions: pd.DataFrame,
    *,
    ax: Axes,
    before: str = "Before",
    after: str = "After",
    unit: str = "team",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the grid of :func:`change_grid` on *ax*, and return *ax*.

    Examples
    --------
    >>> from matplotlib.figure import Figure
    >>> ax = Figure(figsize=(10, 4)).add_subplot()
    >>> counts = pd.DataFrame({"RI": [2, 1], "G": [0, 3]}, index=["I", "RI"])
    >>> plot_change_grid(counts, ax=ax) is ax
    True
    """
    _check_one_domain(transitions)
    return frame.plot(Crossing(square(transitions, scale), before, after, unit, scale, quiet=True), ax)


def _check_one_domain(transitions: pd.DataFrame) -> None:
    if transitions.index.nlevels != 1:
        raise GradingsError("a change grid shows one domain; the transitions hold several")


def _tally(given: Tally | None, scale: Scale) -> dict[str, int] | None:
    if given is None:
        return None
    tally = {str(grade): int(count) for grade, count in given.items()}
    strangers = [grade for grade in tally if grade not in scale.columns]
    if strangers:
        raise GradingsError(f"{strangers[0]!r} is not a grade of the {scale.title}")
    return tally


def _describe_moves(crossing: Crossing) -> str:
    n, up, down = crossing.total(), crossing.total(least=1), crossing.total(most=-1)
    if n == 0:
        return f"no {crossing.unit} was graded both times"
    unchanged = n - up - down
    words = [f"{up or 'none'} of {sentences.plural(n, crossing.unit)} moved up"]
    return ", ".join([*words, f"{down or 'none'} moved down", f"{unchanged or 'none'} unchanged"])
