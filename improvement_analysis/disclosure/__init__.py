"""Counts of teams fit to be published: no small service's tally, and none to be found by subtraction.

Everything this package makes is internal unless it went through here. What is published is counted by service
and domain only; a service with few teams is withheld, and so are as few other counts as keep it from being
worked out of the totals. What this does not protect against is in ``docs/disclosure.md``.
"""

from __future__ import annotations

from improvement_analysis.disclosure.successive import Earlier
from improvement_analysis.disclosure.suppression import (
    INTERNAL,
    WITHHELD,
    Suppressed,
    count_for_publication,
    recover_cells,
    suppress_counts,
)
from improvement_analysis.disclosure.warning_rows import WARNINGS, find_disclosures
from improvement_analysis.disclosure.wording import describe_withheld, mark_withheld

__all__ = [
    "INTERNAL",
    "WARNINGS",
    "WITHHELD",
    "Earlier",
    "Suppressed",
    "count_for_publication",
    "describe_withheld",
    "find_disclosures",
    "mark_withheld",
    "recover_cells",
    "suppress_counts",
]
