"""A page's work done once on a made-up grading, so that a process forked afterwards has it behind it.

Whoever forks kernels names this module; nothing imports it otherwise.
"""

from __future__ import annotations

from contextlib import suppress
from importlib import import_module

import pandas as pd

import improvement_analysis as ia
from improvement_analysis import charts, pages
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError, SourceError
from improvement_analysis.gradings import as_gradings, check_gradings
from improvement_analysis.reconciliation import reconcile
from improvement_analysis.sources.cache import remember

__all__ = ["prepare"]


def prepare(dataset: str | None = None, *notebooks: str) -> None:
    """Load what every page loads, draw a chart with its table, and remember the dataset in that folder.

    Where pages of *notebooks* compare areas, these are compared here, once for all.
    """
    cell = {"service": "S", "domain": "practice", "tally": "2 x RI", "source": "warm-up"}
    gradings = check_gradings(as_gradings(pd.DataFrame([cell])))
    chart = charts.grade_grid(count_grades(gradings, "domain"))
    shown = (chart.html, chart.table.html, chart.table.csv, pages.Prose(("x",)).html)
    if not all((*shown, ia.load, gradings.to_dict("records"), pages.FindingsList)):
        raise RuntimeError("the warm-up drew nothing")
    if dataset is not None:
        with suppress(SourceError):  # a page will say what is wrong with it
            known = remember(dataset)
            known.found_before["reconciled"] = reconcile(known)
            if {"area_comparison", "areas"} & set(notebooks):
                _compare(known)


def _compare(dataset: Dataset) -> None:
    """Compare the areas as their pages do by default, of which every page keeps its own part."""
    import_module("scipy.stats")
    areas = dataset.standing()["area"].dropna()
    if areas.nunique() > 1:
        with suppress(GradingsError):  # a page will say why they cannot be compared
            pages.compare_area(dataset, areas.iloc[0])
