"""Charts of counts: a file per form, each on an Axes (``plot_...``) or as a whole :class:`~chart.Chart`."""

from __future__ import annotations

from importlib import import_module
from typing import Any

_WHERE = {
    "Chart": "chart",
    "action_grid": "actions",
    "agreement_grid": "agreements",
    "area_comparison": "areas",
    "change_grid": "changes",
    "diverging_bars": "diverging",
    "event_timeline": "timeline",
    "grade_grid": "grids",
    "grade_shares": "shares",
    "plot_area_comparison": "areas",
    "plot_diverging_bars": "diverging",
    "plot_grade_grid": "grids",
    "plot_grade_shares": "shares",
    "plot_service_matrix": "matrices",
    "service_matrix": "matrices",
    "share_heatmap": "heatmaps",
    "share_ranges": "ranges",
    "team_matrix": "matrices",
    "trace_grid": "actions",
}
__all__ = list(_WHERE)


def __getattr__(name: str) -> Any:
    if name not in _WHERE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
