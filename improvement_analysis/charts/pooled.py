"""Pooled forms for twenty and more gradings a group, drawn by seaborn: shares and a heat map."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import frame, lettering
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts.columns import draw_key
from improvement_analysis.charts.sheet import Panel, Sheet
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.tables import grade_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from improvement_analysis.charts.chart import Chart

__all__ = ["LEAST", "grade_shares", "plot_grade_shares", "plot_share_heatmap", "share_heatmap"]

#: A share of fewer judged gradings than this says less than the counts themselves.
LEAST = 20
_LABEL = 190.0
_SIDE = 110.0
_ROW = 34.0
_TALLY = 8.5


def grade_shares(
    counts: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    subject: str | None = None,
    overall: Any = "overall",
    by: str | None = None,
    unit: str = "grading",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Bars of equal length, divided as the judged gradings of each group are; counts printed in them.

    A group of fewer than 20 judged gradings gets no bar: a footnote gives its counts instead.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        One index level; the columns of *scale*.

    The other parameters are those of :func:`~improvement_analysis.charts.grids.grade_grid`.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale*, or no group has 20 judged gradings.
    """
    pooled = _Shares(sentences.check_counts(counts, scale), labels, scale, unit)
    return _compose(pooled, title, subtitle, footnote, subject, overall, by, illustrative)


def share_heatmap(
    counts: pd.DataFrame,
    *,
    title: str | None = None,
    subtitle: str | None = None,
    footnote: str | None = None,
    labels: Mapping[Any, str] | None = None,
    subject: str | None = None,
    overall: Any = "overall",
    by: str | None = None,
    unit: str = "grading",
    illustrative: bool = False,
    scale: Scale = OFSTED,
) -> Chart:
    """Groups down, grades along; the darker a cell, the larger the share of the group's judged gradings.

    Parameters and errors are those of :func:`grade_shares`. Grey carries the share here, not the grade.
    """
    pooled = _Heat(sentences.check_counts(counts, scale), labels, scale, unit)
    return _compose(pooled, title, subtitle, footnote, subject, overall, by, illustrative)


def plot_grade_shares(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    labels: Mapping[Any, str] | None = None,
    unit: str = "grading",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the bars of :func:`grade_shares` on *ax*, and return *ax*.

    The names of the groups stand to the left of *ax*, what was judged to the right of it.
    """
    pooled = _Shares(sentences.check_counts(counts, scale), labels, scale, unit)
    pooled.draw(ax)
    return ax


def plot_share_heatmap(
    counts: pd.DataFrame,
    *,
    ax: Axes,
    labels: Mapping[Any, str] | None = None,
    unit: str = "grading",
    scale: Scale = OFSTED,
) -> Axes:
    """Draw the cells of :func:`share_heatmap` on *ax*, and return *ax*."""
    pooled = _Heat(sentences.check_counts(counts, scale), labels, scale, unit)
    pooled.draw(ax)
    return ax


@dataclass(frozen=True)
class _Pooled:
    counts: pd.DataFrame
    labels: Mapping[Any, str] | None
    scale: Scale
    unit: str
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
        return sentences.shown_grades(self.counts, self.scale)

    def label(self, key: Any) -> str:
        return lettering.in_sentence(label_of(self.labels, key))

    def subtitle(self, by: str) -> str:
        return (
            f"How the judged {self.unit}s of each group divide between the grades, by {by.lower()}; "
            "the numbers are counts."
        )

    def notes(self) -> list[str]:
        small = self.counts[~self.counts.index.isin(self.large.index)]
        return [
            f"{self.label(key)}: fewer than {LEAST} judged, so no share is drawn: "
            f"{sentences.describe_row(row, scale=self.scale)}."
            for key, row in small.iterrows()
        ]

    def sentences(self) -> list[str]:
        return [
            f"{self.label(key)}: {sentences.describe_row(row, grades=self.grades, scale=self.scale)}; "
            f"{self.judged(row)}."
            for key, row in self.large.iterrows()
        ]

    def judged(self, row: pd.Series) -> str:
        """What stands beside the row."""
        return f"{int(row[list(self.scale.categories)].sum())} of {int(row.sum())} judged"

    def min_width(self) -> float:
        return 560.0

    def best_width(self) -> float:
        return self.min_width()

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
        return lettering.wrap_parts(parts, _LABEL - 12, _TALLY)

    def wrapped(self, key: Any) -> list[str]:
        """The name of a group in lines."""
        return lettering.wrap(self.label(key), _LABEL - 12, sheets.BODY)

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
                    shift = (-8.0, top - size * (0.93 + line * lettering.LEADING))
                    at = (0.0, self.middle(number))
                    write(axes, text, at, shift=shift, size=size, colour=colour, align="right", beside=True)
                top -= sheets.text_height(len(lines), size)
            place = (1.0, self.middle(number))
            write(axes, self.judged(row), place, shift=(8.0, -3.5), size=sheets.NOTE, beside=True)

    def middle(self, number: int) -> float:
        """Height of a row in the units of the axes."""
        return float(number)


class _Shares(_Pooled):
    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        y = draw_key(sheet, y, left, right, self.grades, scale=self.scale) + 4
        height = self.row_height() * len(self.large)
        sheet.panels.append(Panel(left + _LABEL, y, right - left - _LABEL - _SIDE, height, self.draw))
        return y + height + 18

    def draw(self, axes: Axes) -> None:
        import seaborn as sns

        long = pd.DataFrame(
            [
                (str(number), grade, int(row[grade]))
                for number, (_, row) in enumerate(self.large.iterrows())
                for grade in self.grades
            ],
            columns=["group", "grade", "count"],
        )
        groups = [str(number) for number in range(len(self.large))]
        long["group"] = pd.Categorical(long["group"], categories=groups, ordered=True)
        fills = {grade: palette.fill(grade, self.scale)[0] for grade in self.grades}
        sns.histplot(
            long,
            y="group",
            hue="grade",
            hue_order=self.grades[::-1],
            weights="count",
            multiple="fill",
            discrete=True,
            shrink=0.72,
            palette=fills,
            alpha=1.0,
            edgecolor=palette.INK,
            linewidth=0.8,
            legend=False,
            ax=axes,
        )
        for grade, bars in zip(self.grades, axes.containers, strict=True):
            self._finish(axes, grade, list(bars))
        _quiet(axes)
        axes.set(xlim=(0, 1), ylim=(len(groups) - 0.5, -0.5))
        axes.set_xticks([])
        self._axis(axes)
        self.label_rows(axes)

    def _axis(self, axes: Axes) -> None:
        from improvement_analysis.charts.drawing import write

        low = len(self.large) - 0.5
        places: tuple[tuple[float, str, sheets.Align], ...] = (
            (0.0, "none", "left"),
            (0.5, "half", "center"),
            (1.0, "all", "right"),
        )
        for at, words, align in places:
            axes.axvline(at, color=palette.RULE, linewidth=0.8, zorder=0.5)
            write(axes, words, (at, low), shift=(0.0, -11.0), size=8.5, colour=palette.SECONDARY, align=align)

    def _finish(self, axes: Axes, grade: str, bars: list[Any]) -> None:
        """Print the counts that fit, and give split grades their second colour."""
        from improvement_analysis.charts.drawing import room_of, shade_split, write

        worse, better = palette.fill(grade, self.scale)
        room = room_of(axes)[0]
        for bar, count in zip(bars, self.large[grade], strict=True):
            x, y, width, height = bar.get_x(), bar.get_y(), bar.get_width(), bar.get_height()
            if not count:
                bar.set_visible(False)
                continue
            if worse != better:
                shade_split(axes, (x, y, width, height), better)
                continue
            if lettering.measure(str(count), sheets.HEAD, True) + 4 <= width * room:
                place, colour = (x + width / 2, y + height / 2), palette.letter(worse)
                words = str(int(count))
                write(
                    axes,
                    words,
                    place,
                    shift=(0.0, -3.5),
                    size=sheets.HEAD,
                    bold=True,
                    colour=colour,
                    align="center",
                )


class _Heat(_Pooled):
    tallied: ClassVar[bool] = False

    def middle(self, number: int) -> float:
        return number + 0.5

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        y = draw_key(sheet, y, left, right, self.grades, scale=self.scale)
        width = right - left - _LABEL - _SIDE
        pitch = width / len(self.grades)
        bottom = y + sheets.HEAD + 6
        for number, grade in enumerate(self.grades):
            place = left + _LABEL + (number + 0.5) * pitch, bottom - 5
            sheet.text(*place, grade, size=sheets.HEAD, bold=True, align="center")
        height = self.row_height() * len(self.large)
        sheet.panels.append(Panel(left + _LABEL, bottom, width, height, self.draw))
        return bottom + height + 4

    def notes(self) -> list[str]:
        return [*super().notes(), "The darker a cell, the larger the share of its row."]

    def draw(self, axes: Axes) -> None:
        import seaborn as sns
        from matplotlib import colormaps
        from matplotlib.colors import to_hex

        from improvement_analysis.charts.drawing import write

        tallies = self.large[self.grades]
        shares = tallies.div(tallies.sum(axis=1), axis=0).reset_index(drop=True)
        sns.heatmap(
            shares,
            vmin=0,
            vmax=1,
            cmap="Greys",
            cbar=False,
            linewidths=0.8,
            linecolor=palette.RULE,
            xticklabels=False,
            yticklabels=False,
            ax=axes,
        )
        for row, (_, tally) in enumerate(tallies.iterrows()):
            for column, count in enumerate(tally):
                ground = to_hex(colormaps["Greys"](int(count) / int(tally.sum())))
                write(
                    axes,
                    str(int(count)),
                    (column + 0.5, row + 0.5),
                    shift=(0.0, -3.8),
                    bold=bool(count),
                    colour=palette.letter(ground),
                    align="center",
                )
        _quiet(axes)
        self.label_rows(axes)


def _quiet(axes: Axes) -> None:
    axes.set(xlabel="", ylabel="")
    axes.set_yticks([])
    for spine in axes.spines.values():
        spine.set_visible(False)


def _compose(
    pooled: _Shares | _Heat,
    title: str | None,
    subtitle: str | None,
    footnote: str | None,
    subject: str | None,
    overall: Any,
    by: str | None,
    illustrative: bool,
) -> Chart:
    by = by or heading_of(pooled.counts.index.name)
    finding = frame.finding(pooled.counts, overall, subject, pooled.scale)
    heading = frame.Heading(title or finding, subtitle or pooled.subtitle(by), illustrative)
    rows = pooled.counts.drop(index=overall, errors="ignore")
    outside = sentences.describe_no_judgement(pooled.counts if rows.empty else rows, scale=pooled.scale)
    notes = [*pooled.notes(), *([outside] if outside else []), *([footnote] if footnote else [])]
    table = grade_table(
        pooled.counts,
        caption=heading.title,
        subtitle=heading.subtitle,
        note=notes,
        labels=pooled.labels,
        overall=overall,
        by=by,
        unit=pooled.unit,
        illustrative=illustrative,
        scale=pooled.scale,
    )
    return frame.compose(pooled, heading, notes, table, rows=pooled.sentences())
