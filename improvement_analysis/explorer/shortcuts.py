"""What :class:`~improvement_analysis.dataset.Dataset` offers in one call: counts, a grid, a comparison."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Unpack

import pandas as pd

from improvement_analysis import charts
from improvement_analysis.charts.form import Words
from improvement_analysis.comparison import compare_groups
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.explorer.choices import Choice, Part, chosen
from improvement_analysis.explorer.subject import subject_of
from improvement_analysis.marks import carry_marks

__all__ = ["compare_part", "count_part", "draw_grid", "draw_part", "published_cells"]


def count_part(dataset: Dataset, by: str | Sequence[str], choice: Choice) -> pd.DataFrame:
    """The counts of a part of the dataset, of one grading for each team and domain.

    Of one round; of every one where *by* names ``round`` and the choice does not.
    """
    each_round = "round" in ([by] if isinstance(by, str) else by) and choice.round is None
    subject = subject_of(dataset)
    rounds = dataset.rounds if each_round else [choice.round]
    parts = [chosen(subject, choice.in_round(name)).gradings for name in rounds]
    gradings = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    return count_grades(carry_marks(gradings, dataset.gradings), by)


def draw_grid(dataset: Dataset, by: str | None, choice: Choice, **words: Unpack[Words]) -> charts.Chart:
    """The grade grid of a part of the dataset, with its name, headlines, labels, source and mark."""
    return draw_part(chosen(subject_of(dataset), choice), by, **words)


def draw_part(part: Part, by: str | None = None, **words: Unpack[Words]) -> charts.Chart:
    """The grade grid of a part of a dataset or a table."""
    rows = by or part.rows
    told: Words = {"about": part.subject.about, "subject": part.describe() or None, **words}
    return charts.grade_grid(
        carry_marks(count_grades(part.gradings, rows), part.subject.gradings),
        headlines=published_cells(part) if rows == "domain" and part.choice.service else None,
        unit="team",
        **told,
    )


def compare_part(
    dataset: Dataset,
    column: str,
    focus: str,
    other: str | Iterable[str] | None,
    strata: str | Sequence[str] | None,
    choice: Choice,
) -> pd.DataFrame:
    """One group of a part of the dataset against the others, domain by domain."""
    part = chosen(subject_of(dataset), choice)
    found = compare_groups(part.gradings, column, focus, other, strata=strata, scale=dataset.about.scale)
    return carry_marks(found, dataset.gradings)


def published_cells(part: Part) -> pd.DataFrame | None:
    """The published cells of what a part shows; None where they are not those of the part."""
    dataset, choice = part.subject.dataset, part.choice
    if dataset is None or choice.area or choice.round != dataset.about.round:
        return None
    return dataset.cells(choice.service)
