"""The table of actions: what a team set out to do after its visit, and how that stands quarter by quarter.

A row is one action in one quarter that was reported on; an action not yet reported on has one row without
a quarter. Quarters are those of the financial year, which begins in April.
"""

from improvement_analysis.actions.plans import (
    COLUMNS,
    OPEN,
    STATUS_WORDS,
    STATUSES,
    as_actions,
    select_actions,
)
from improvement_analysis.actions.progress import (
    count_actions,
    known_actions,
    latest_actions,
    list_closed,
    list_overdue,
    reported_until,
    track_actions,
)
from improvement_analysis.actions.quarters import quarter_end, quarter_of, quarters_after

__all__ = [
    "COLUMNS",
    "OPEN",
    "STATUSES",
    "STATUS_WORDS",
    "as_actions",
    "count_actions",
    "known_actions",
    "latest_actions",
    "list_closed",
    "list_overdue",
    "quarter_end",
    "quarter_of",
    "quarters_after",
    "reported_until",
    "select_actions",
    "track_actions",
]
