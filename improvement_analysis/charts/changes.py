"""Change grid: who moved between two rounds? One square is one team."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Unpack

import pandas as pd

from improvement_analysis import sentences
from improvement_analysis.about import about_of
from improvement_analysis.charts import text_width
from improvement_analysis.charts.cross_grid import Crossing, square
from improvement_analysis.charts.form import Words, compose, worded
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import Scale

if TYPE_CHECKING:
    from improvement_analysis.charts.chart import Chart

__all__ = ["change_grid"]

Tally = Mapping[str, int] | pd.Series


@worded
def change_grid(
    transitions: pd.DataFrame,
    *,
    new: Tally | None = None,
    not_again: Tally | None = None,
    closed: Tally | None = None,
    before: str = "Before",
    after: str = "After",
    unit: str = "team",
    **words: Unpack[Words],
) -> Chart:
    """Who moved between two rounds: grade before down the side, grade after along the top, a square a team.

    Teams above the diagonal moved up, those below it down; those on it are drawn quietly. No judgement lies
    outside the scale: a move from or to it is neither up nor down.

    Parameters
    ----------
    transitions : DataFrame of int, from x to
        Index and columns name grades of the scale or *no judgement*; a missing one counts as 0.
    new, not_again, closed
        How many teams at each grade were graded in the later or in the earlier round only; those that are
        declared to have closed apart from others.
    before, after
        What the rounds are called.
    unit
        What a square is.

    Raises
    ------
    GradingsError
        If a row or a column is no grade of the scale, or a count is no whole number from 0 upwards.

    Examples
    --------
    >>> change_grid(pd.DataFrame({"RI": [2, 1], "G": [0, 3]}, index=["I", "RI"])).title
    '5 of 6 teams moved up, none moved down, 1 unchanged'
    """
    before, after = text_width.in_sentence(before), text_width.in_sentence(after)
    scale = about_of(words.get("about"), transitions).scale
    given = {
        f"New: graded in {after} only": new,
        f"Not graded again: graded in {before} only": not_again,
        f"Closed: graded in {before} only": closed,
    }
    apart = tuple((name, _tally(tally, scale)) for name, tally in given.items() if tally is not None)
    return compose(_Moves.of(transitions, words, down=before, along=after, unit=unit, apart=apart), words)


class _Moves(Crossing):
    quiet = True

    @staticmethod
    def check(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
        if counts.index.nlevels != 1:
            raise GradingsError("a change grid shows one domain; the transitions hold several")
        return square(counts, scale)

    def title(self) -> str:
        n, up, down = self.total(), self.total(least=1), self.total(most=-1)
        if n == 0:
            return f"No {self.unit} was graded both times"
        unchanged = n - up - down
        words = [
            f"{up or 'none'} of {sentences.plural(n, self.unit)} moved up",
            f"{down or 'none'} moved down",
        ]
        finding = ", ".join([*words, f"{unchanged or 'none'} unchanged"])
        return finding[:1].upper() + finding[1:]

    def subtitle(self) -> str:
        return f"One square is one {self.unit} graded both times: from its grade {self.down} to {self.along}."


def _tally(given: Tally, scale: Scale) -> dict[str, int]:
    tally = {str(grade): int(count) for grade, count in given.items()}
    strangers = [grade for grade in tally if grade not in scale.columns]
    if strangers:
        raise GradingsError(f"{strangers[0]!r} is not a grade of the {scale.title}")
    return tally
