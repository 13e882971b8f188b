"""The kinds of table a dataset holds: which columns a file of each has, and how it becomes a frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.sources.interpretation.action_plans import ACTION_COLUMNS, read_action_plans
from improvement_analysis.sources.interpretation.own_scales import apart_from
from improvement_analysis.sources.interpretation.published import CELL_COLUMNS, read_cells
from improvement_analysis.sources.interpretation.side_tables import (
    read_side_table,
    side_columns,
)
from improvement_analysis.sources.interpretation.team_gradings import GRADING_COLUMNS, read_team_gradings
from improvement_analysis.sources.interpretation.visit_tables import VISIT_TABLES, read_visit_table
from improvement_analysis.sources.recognition.raw_table import Columns, RawTable

__all__ = ["apart_of", "columns_of", "frame_of"]


def columns_of(kind: str) -> Columns:
    """The columns that a file of some kind has."""
    own = {"published": CELL_COLUMNS, "gradings": GRADING_COLUMNS, "actions": ACTION_COLUMNS, **VISIT_TABLES}
    return own.get(kind) or side_columns(kind)


def frame_of(
    kind: str, tables: Sequence[RawTable], about: About, problems: Iterable[Problem]
) -> tuple[pd.DataFrame, list[Problem]]:
    """The tidy frame of all tables of one kind, and every problem met beside those met before."""
    whole = not any(problem.severity == "error" for problem in problems)
    if kind == "published":
        return read_cells(tables, about, whole=whole)
    if kind == "gradings":
        return read_team_gradings(apart_from(tables, about)[0], about, whole=whole)
    if kind == "actions":
        return read_action_plans(tables, about)
    if kind in VISIT_TABLES:
        return read_visit_table(tables, kind, about)
    return read_side_table(tables, kind, about)


def apart_of(
    tables: Sequence[RawTable], about: About
) -> tuple[dict[str, pd.DataFrame], dict[str, list[RawTable]], list[Problem]]:
    """The gradings of each domain that has a scale of its own, their tables, and every problem met."""
    frames: dict[str, pd.DataFrame] = {}
    problems: list[Problem] = []
    apart = apart_from(tables, about)[1]
    for domain in about.domains_apart:
        if domain.key in apart:
            frame, met = read_team_gradings(apart[domain.key], about.on_scale_of(domain))
            frames[domain.key] = frame
            problems += met
    return frames, apart, problems
