"""The settings under which a chart is made, whatever a notebook has set: same data, same bytes."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import lru_cache
from typing import Any

__all__ = ["steady_settings"]

_FAMILIES = {
    *("axes", "figure", "font", "grid", "hatch", "lines", "patch", "path", "pdf"),
    *("savefig", "svg", "text", "xtick", "ytick"),
}
_OURS = {
    "axes.unicode_minus": True,
    "font.family": ["DejaVu Sans"],
    "pdf.fonttype": 42,
    "svg.fonttype": "none",
    "svg.hashsalt": "improvement_analysis",
    "text.hinting": "no_hinting",
    "text.parse_math": False,
}


def steady_settings() -> AbstractContextManager[None]:
    """A context in which matplotlib has its own defaults and ours; after it the user has his own again."""
    from matplotlib import rc_context

    return rc_context(_settings())


@lru_cache(maxsize=1)
def _settings() -> dict[Any, Any]:
    from matplotlib import rcParamsDefault

    plain = {key: value for key, value in rcParamsDefault.items() if key.split(".")[0] in _FAMILIES}
    return {**plain, **_OURS}
