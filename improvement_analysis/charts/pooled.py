"""Groups of twenty and more gradings: what the forms that show shares have in common."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.form import Form
from improvement_analysis.errors import GradingsError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["LABEL", "LEAST", "SIDE", "Pooled", "quieten"]

#: A share of fewer judged gradings than this says less than the counts themselves.
LEAST = 20
LABEL = 190.0
SIDE = 110.0
_ROW = 34.0
_TALLY = 8.5


class Pooled(Form):
    """Counts of which only the large groups are drawn."""

    tallied: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if self.counts.index.nlevels != 1:
            raise GradingsError("pooled counts have one index level")
        if self.large.empty:
            most = int(self.counts[list(self.scale.categories)].sum(axis=1).max())
            raise GradingsError(
                f"no group has {LEAST} judged {self.unit}s (the largest has {most}); a grade grid shows them"
            )

    @cached_property
    def large(self) -> pd.DataFrame:
        """The groups large enough for shares."""
        return self.counts[self.counts[list(self.scale.categories)].sum(axis=1) >= LEAST]

    @cached_property
    def grades(self) -> list[str]:
        """The grades shown."""
        return sentences.shown_grades(self.counts, self.scale)

    def subtitle(self) -> str:
        """What is counted."""
        return (
            f"How the judged {self.unit}s of each group divide between the grades, by {self.by.lower()}; "
            "the numbers are counts."
        )

    def notes(self) -> list[str]:
        """The groups too small to be drawn, with their counts."""
        small = self.counts[~self.counts.index.isin(self.large.index)]
        groups = [
            f"{self.label(key)}: fewer than {LEAST} judged, so no share is drawn: "
            f"{sentences.describe_row(row, scale=self.scale)}."
            for key, row in small.iterrows()
        ]
        return [*groups, *self.key_notes(), *self.outside()]

    def key_notes(self) -> list[str]:
        """What a mark means that does not say so itself."""
        return []

    def sentences(self) -> list[str]:
        """The groups that are drawn, one by one."""
        return [
            f"{self.label(key)}: {sentences.describe_row(row, grades=self.grades, scale=self.scale)}; "
            f"{self.judged(row)}."
            for key, row in self.large.iterrows()
        ]

    def judged(self, row: pd.Series) -> str:
        """What stands beside the row."""
        return f"{int(row[list(self.scale.categories)].sum())} of {int(row.sum())} judged"

    def min_width(self) -> float:
        """Least width in points."""
        return 560.0

    def row_height(self) -> float:
        """Height of a row in points: enough for the longest name."""
        return max(_ROW, *(self.label_height(key, row) + 10 for key, row in self.large.iterrows()))

    def label_height(self, key: Any, row: pd.Series) -> float:
        """Height of a name with its counts beneath."""
        names, tally = self.wrapped(key), self.tally(row)
        return sheets.text_height(len(names), sheets.BODY) + sheets.text_height(len(tally), _TALLY)

    def tally(self, row: pd.Series) -> list[str]:
        """The counts of a row in lines, zeros included."""
        parts = [f"{int(row[grade])} {grade}" for grade in self.grades if self.tallied]
        return text_width.wrap_parts(parts, LABEL - 12, _TALLY)

    def wrapped(self, key: Any) -> list[str]:
        """The name of a group in lines."""
        return text_width.wrap(self.label(key), LABEL - 12, sheets.BODY)

    def draw(self, axes: Axes) -> None:
        """Draw on *axes*."""
        raise NotImplementedError

    def label_rows(self, axes: Axes) -> None:
        """Names to the left of the rows, what was judged to the right."""
        from improvement_analysis.charts.drawing import write

        for number, (key, row) in enumerate(self.large.iterrows()):
            top = self.label_height(key, row) / 2
            for size, lines in ((sheets.BODY, self.wrapped(key)), (_TALLY, self.tally(row))):
                colour = palette.INK if size == sheets.BODY else palette.SECONDARY
                for line, text in enumerate(lines):
                    shift = (-8.0, top - size * (0.93 + line * text_width.LEADING))
                    at = (0.0, self.middle(number))
                    write(axes, text, at, shift=shift, size=size, colour=colour, align="right", beside=True)
                top -= sheets.text_height(len(lines), size)
            place = (1.0, self.middle(number))
            write(axes, self.judged(row), place, shift=(8.0, -3.5), size=sheets.NOTE, beside=True)

    def middle(self, number: int) -> float:
        """Height of a row in the units of the axes."""
        return float(number)


def quieten(axes: Axes) -> None:
    """Take away everything around the marks."""
    axes.set(xlabel="", ylabel="")
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)
