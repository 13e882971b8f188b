"""A page's work done once on a made-up grading, so that a process forked afterwards has it behind it.

Whoever forks kernels names this module; nothing imports it otherwise.
"""

from __future__ import annotations

import pandas as pd

from improvement_analysis import briefing, charts, listings
from improvement_analysis.counts import count_grades
from improvement_analysis.gradings import as_gradings, check_gradings

__all__ = ["rehearse"]


def rehearse() -> None:
    """Load what every page loads, and draw a chart with its table."""
    cell = {"service": "S", "domain": "practice", "tally": "2 x RI", "source": "rehearsal"}
    gradings = check_gradings(as_gradings(pd.DataFrame([cell])))
    chart = charts.grade_grid(count_grades(gradings, "domain"))
    shown = (chart.html, chart.table.html, briefing.Prose(("x",)).html, listings.FindingsList.__name__)
    if not all(shown):
        raise RuntimeError("the rehearsal drew nothing")
