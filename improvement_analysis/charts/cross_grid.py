"""Two gradings of one team set against each other, in a square grid of grades: what both its forms share."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.columns import column_heading
from improvement_analysis.charts.form import Form, Heading
from improvement_analysis.charts.sheet import Polygon, Sheet
from improvement_analysis.charts.stacked import Strip
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.tables import Table, frame_table

__all__ = ["Crossing", "square"]

_LABEL = 110.0
_GAP = 12.0
_PAD = 8.0


def square(counts: pd.DataFrame, scale: Scale = OFSTED) -> pd.DataFrame:
    """*counts* with every grade of *scale* and *no judgement* on both sides, worst to best.

    Examples
    --------
    >>> square(pd.DataFrame({"G": [1]}, index=["RI"])).shape
    (8, 8)
    """
    strangers = [key for key in [*counts.index, *counts.columns] if key not in scale.columns]
    if strangers:
        raise GradingsError(f"{strangers[0]!r} is not a grade of the {scale.title}")
    full = counts.reindex(index=scale.columns, columns=scale.columns, fill_value=0)
    if not sentences.are_counts(full):
        raise GradingsError("a count is not a whole number from 0 upwards")
    return full.astype("int64")


@dataclass(frozen=True, kw_only=True)
class Crossing(Form):
    """Counts of gradings by two grades each; *apart* are tallies with one grade only."""

    down: str
    along: str
    apart: tuple[tuple[str, dict[str, int]], ...] = ()
    quiet: ClassVar[bool] = False

    @staticmethod
    def check(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
        """The counts with every grade on both sides."""
        return square(counts, scale)

    @cached_property
    def cells(self) -> dict[tuple[str, str], int]:
        """The counts by both grades."""
        return {
            (str(down), str(along)): int(count)
            for down, row in self.counts.iterrows()
            for along, count in row.items()
        }

    @cached_property
    def grades(self) -> list[str]:
        """The grades shown: the whole ones, splits that occur, and *no judgement* where it occurs."""
        occur = self.counts.sum(axis=0) + self.counts.sum(axis=1)
        shown = [g for g in self.scale.categories if not self.scale.is_split(g) or occur[g] > 0]
        return [*shown, NO_JUDGEMENT] if occur[NO_JUDGEMENT] else shown

    def steps(self, down: str, along: str) -> int | None:
        """How far *along* lies above *down*, two to a whole grade; None where either is no judgement."""
        if NO_JUDGEMENT in (down, along):
            return None
        return self.scale.rank(along) - self.scale.rank(down)

    def total(self, *, least: int | None = None, most: int | None = None) -> int:
        """The gradings whose steps lie between *least* and *most*."""
        total = 0
        for down in self.scale.categories:
            for along in self.scale.categories:
                steps = self.scale.rank(along) - self.scale.rank(down)
                if (least is None or steps >= least) and (most is None or steps <= most):
                    total += self.cells[down, along]
        return total

    def notes(self) -> list[str]:
        """What stands beneath the grid."""
        outside = sum(self.cells.values()) - self.total()
        notes = self.placing()
        if outside:
            many = sentences.plural(outside, self.unit)
            notes.append(f"No judgement on one side or both: {many}, outside the {self.total()} compared.")
        return notes

    def placing(self) -> list[str]:
        """What the grey of the grid means."""
        if self.quiet:
            return ["Right of the grey diagonal: moved up. Left of it: moved down. Hollow: unchanged."]
        return ["The grey band holds gradings at most one whole grade apart."]

    def sentences(self) -> list[str]:
        """The grid row by row."""
        rows = []
        for down in self.grades:
            parts = [
                f"{self.cells[down, along]} {sentences.grade_words(along, self.scale)}"
                for along in self.grades
            ]
            words = sentences.grade_words(down, self.scale)
            rows.append(f"{self.down} {words}, {self.along}: {', '.join(parts)}.")
        return [*rows, *self.table_notes()]

    def in_words(self, tally: dict[str, int]) -> str:
        """A tally in words."""
        given = [grade for grade in self.scale.columns if tally.get(grade)]
        parts = [f"{tally[grade]} {sentences.grade_words(grade, self.scale)}" for grade in given]
        return f"{sum(tally.values())} ({', '.join(parts)})" if parts else "0"

    def table_notes(self) -> list[str]:
        """The tallies that stand apart."""
        return [f"{words}: {self.in_words(tally)}." for words, tally in self.apart]

    def table(self, heading: Heading, notes: list[str]) -> Table:
        """The grid in words."""
        shown = self.counts.loc[self.grades, self.grades]
        shown.index = pd.Index([self.scale.name(g) for g in self.grades], name=f"{self.down} (down)")
        shown.columns = pd.Index([f"{self.along}: {self.scale.name(g).lower()}" for g in self.grades])
        return frame_table(
            shown,
            caption=heading.title,
            subtitle=heading.subtitle,
            note=[*self.table_notes(), *notes],
            about=self.about,
        )

    @cached_property
    def squares(self) -> tuple[float, int]:
        """Size of a square, and squares in a line."""
        most = int(self.counts.to_numpy().max())
        return (13.0, 5) if most <= 10 else (10.0, 6) if most <= 30 else (7.0, 9)

    def strips(self) -> list[Strip]:
        """A strip for each grade on one side: the grades on the other."""
        rows = []
        for down in self.grades:
            tally = {along: self.cells[down, along] for along in self.scale.columns}
            name = f"{self.down}: {column_heading(down, self.scale)}"
            rows.append(Strip(name, self._drawn(tally), f"{self.along}: {self.in_words(tally)}", True))
        apart = [Strip(words, self._drawn(tally), self.in_words(tally), True) for words, tally in self.apart]
        return rows + apart

    def _drawn(self, tally: dict[str, int]) -> tuple[str, ...]:
        return tuple(grade for grade in self.scale.columns for _ in range(tally.get(grade, 0)))

    def min_width(self) -> float:
        """Least width in points."""
        return _LABEL + len(self.grades) * (self._column + _GAP)

    @cached_property
    def _column(self) -> float:
        size, wrap = self.squares
        most = int(self.counts.to_numpy().max())
        count = text_width.measure(str(most), sheets.COUNT, True)
        words = [word for grade in self.grades for word in column_heading(grade, self.scale).split()]
        return max(min(most, wrap) * size * 1.2 + 5 + count, text_width.fit(words, sheets.HEAD, True))

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        """Lay the grid out."""
        label = min(180.0, max(_LABEL, right - left - len(self.grades) * 130))
        pitch = min(150.0, (right - left - label) / len(self.grades))
        places = {grade: left + label + pitch * i for i, grade in enumerate(self.grades)}
        end = left + label + pitch * len(self.grades)
        room = end - left - label
        axis = text_width.wrap(f"{self.along} \u2192", room, sheets.HEAD, True)
        y = sheet.lines(left + label, y + 2, axis, size=sheets.HEAD, bold=True) + 3
        head = self._lay_headings(sheet, y, places, left, label - _GAP, pitch - _GAP)
        sheet.rule(left, head, end, head, width=1.2, colour=palette.INK)
        bottom = head
        for number, grade in enumerate(self.grades):
            strong = grade == NO_JUDGEMENT
            if number:
                colour = palette.INK if strong else palette.RULE
                sheet.rule(left, bottom, end, bottom, width=1.2 if strong else 0.8, colour=colour)
            bottom = self._lay_row(sheet, grade, bottom, places, (left, label - _GAP, pitch))
        sheet.rule(left, bottom, end, bottom, width=1.2, colour=palette.INK)
        if NO_JUDGEMENT in places:
            x = places[NO_JUDGEMENT] - _GAP / 2
            sheet.rule(x, y, x, bottom, width=1.2, colour=palette.INK)
        return self._lay_apart(sheet, bottom, left, right)

    def _lay_headings(
        self, sheet: Sheet, y: float, places: dict[str, float], left: float, label: float, room: float
    ) -> float:
        corner = text_width.wrap(f"{self.down} \u2193", label, sheets.HEAD, True)
        heads = [(left, corner)]
        heads += [
            (x, text_width.wrap(column_heading(g, self.scale), room, sheets.HEAD, True))
            for g, x in places.items()
        ]
        bottom = y + sheets.text_height(max(len(lines) for _, lines in heads), sheets.HEAD)
        for x, lines in heads:
            bold = x == left
            top = bottom - sheets.text_height(len(lines), sheets.HEAD)
            sheet.lines(x, top, lines, size=sheets.HEAD, bold=bold)
        return bottom + 5

    def _lay_row(
        self,
        sheet: Sheet,
        down: str,
        y: float,
        places: dict[str, float],
        widths: tuple[float, float, float],
    ) -> float:
        left, label, pitch = widths
        size, wrap = self.squares
        words = text_width.wrap(column_heading(down, self.scale), label, sheets.BODY)
        deepest = max(-(-self.cells[down, along] // wrap) for along in self.grades)
        height = (
            max(sheets.text_height(len(words), sheets.BODY), deepest * size * 1.2 - size * 0.2, 15) + 2 * _PAD
        )
        middle = y + height / 2
        sheet.lines(left, middle - sheets.text_height(len(words), sheets.BODY) / 2, words)
        for along, x in places.items():
            steps = self.steps(down, along)
            if steps == 0 or (not self.quiet and steps is not None and abs(steps) <= 2):
                sheet.band(x - _GAP / 2, y, pitch, height)
            self._lay_cell(sheet, x, middle, self.cells[down, along], along, steps)
        return y + height

    def _lay_cell(
        self, sheet: Sheet, x: float, middle: float, count: int, along: str, steps: int | None
    ) -> None:
        if not count:
            sheet.text(x, middle + 3.6, "0", size=10, colour=palette.SECONDARY)
            return
        size, wrap = self.squares
        pitch = size * 1.2
        top = middle - (-(-count // wrap) * pitch - size * 0.2) / 2
        hollow = (steps == 0) == self.quiet and steps is not None
        edge = palette.SECONDARY if self.quiet else palette.INK
        for number in range(count):
            at = x + number % wrap * pitch, top + number // wrap * pitch
            if hollow:
                sheet.squares.append(Polygon(sheets.box(*at, size, size), palette.WHITE, edge))
            else:
                sheet.square(*at, size, along if steps is not None else NO_JUDGEMENT, scale=self.scale)
        width = min(count, wrap) * pitch - size * 0.2
        bold = not (self.quiet and hollow)
        sheet.text(x + width + 5, middle + 4, str(count), size=sheets.COUNT, bold=bold)

    def _lay_apart(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        for words, tally in self.apart:
            lines = text_width.wrap(f"{words}: {self.in_words(tally)}", right - left, sheets.BODY)
            y = sheet.lines(left, y + 8, lines) + 3
            teams = [grade for grade in self.scale.columns for _ in range(tally.get(grade, 0))]
            across = max(1, int((right - left) // 20))
            for number, grade in enumerate(teams):
                at = left + number % across * 20, y + number // across * 20
                sheet.square(*at, 17.0, grade, scale=self.scale, lettered=True)
            y += -(-len(teams) // across) * 20
        return y
