"""Team diagnostic gradings of children's social care: loaded, counted, compared and charted honestly.

Names are imported when they are first used, so that importing the package stays fast.

>>> import improvement_analysis as ia
>>> ia.parse_grading("RI (5 x RI, 3 x I, 1 x G)").tally
{'I': 3, 'RI': 5, 'G': 1}
"""

from __future__ import annotations

import sys
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from improvement_analysis import palette
    from improvement_analysis.about import About
    from improvement_analysis.comparison import (
        compare_groups,
        compare_many,
        compare_rounds,
        joint_bounds,
        list_moves,
        rater_agreement,
        trace,
        transitions,
    )
    from improvement_analysis.counts import (
        count_grades,
        count_teams,
        rank_domains,
        share_at_least,
        summarise_grades,
    )
    from improvement_analysis.errors import (
        GradeError,
        GradingsError,
        Problem,
        SourceError,
        SourceWarning,
    )
    from improvement_analysis.explorer import explore, show_view
    from improvement_analysis.gradings import as_gradings, check_gradings, select
    from improvement_analysis.notation import (
        format_grading,
        format_tally,
        parse_grade,
        parse_grading,
        parse_tally,
    )
    from improvement_analysis.reconciliation import reconcile
    from improvement_analysis.scale import OFSTED, Scale
    from improvement_analysis.sources import load, read_gradings, read_published

__version__ = "1.0.0"

_HOMES = {
    "about": ("About",),
    "comparison": (
        "compare_groups",
        "compare_many",
        "compare_rounds",
        "joint_bounds",
        "list_moves",
        "rater_agreement",
        "trace",
        "transitions",
    ),
    "counts": ("count_grades", "count_teams", "rank_domains", "share_at_least", "summarise_grades"),
    "errors": ("GradeError", "GradingsError", "Problem", "SourceError", "SourceWarning"),
    "explorer": ("explore", "show_view"),
    "gradings": ("as_gradings", "check_gradings", "select"),
    "notation": ("format_grading", "format_tally", "parse_grade", "parse_grading", "parse_tally"),
    "reconciliation": ("reconcile",),
    "scale": ("OFSTED", "Scale"),
    "sources": ("load", "read_gradings", "read_published"),
}
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "OFSTED",
    "About",
    "GradeError",
    "GradingsError",
    "Problem",
    "Scale",
    "SourceError",
    "SourceWarning",
    "as_gradings",
    "check_gradings",
    "compare_groups",
    "compare_many",
    "compare_rounds",
    "count_grades",
    "count_teams",
    "explore",
    "format_grading",
    "format_tally",
    "joint_bounds",
    "list_moves",
    "load",
    "palette",
    "parse_grade",
    "parse_grading",
    "parse_tally",
    "rank_domains",
    "rater_agreement",
    "read_gradings",
    "read_published",
    "reconcile",
    "select",
    "share_at_least",
    "show_view",
    "summarise_grades",
    "trace",
    "transitions",
]


def __getattr__(name: str) -> object:
    if name == "palette":  # the module, which can be called
        return import_module(f"{__name__}.palette")
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
    globals()[name] = value
    if "pandas" in sys.modules:
        # Who takes a name that needs pandas gets ``df.gradings`` with it.
        import_module(f"{__name__}.accessor").register()
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
