"""The tables of a page that list rather than count.

Each is a table or a list, or a sentence where there is nothing to list. All leave their cells as CSV too.
"""

from improvement_analysis.listings.comparisons import (
    list_agreement,
    list_comparison,
    list_moves,
    list_publication,
    list_unmatched_teams,
)
from improvement_analysis.listings.sources import (
    FindingsList,
    list_area_findings,
    list_checks,
    list_deep_dives,
    list_disagreements,
    list_findings,
    list_problems,
    list_programme,
    list_reconciliation,
)

__all__ = [
    "FindingsList",
    "list_agreement",
    "list_area_findings",
    "list_checks",
    "list_comparison",
    "list_deep_dives",
    "list_disagreements",
    "list_findings",
    "list_moves",
    "list_problems",
    "list_programme",
    "list_publication",
    "list_reconciliation",
    "list_unmatched_teams",
]
