"""The tables of a page that list rather than count.

Each is a table or a list, or a sentence where there is nothing to list. All leave their cells as CSV too.
"""

from improvement_analysis.listings.actions import (
    list_closed_actions,
    list_followed,
    list_followed_domains,
    list_overdue_actions,
    list_team_actions,
)
from improvement_analysis.listings.comparisons import (
    list_agreement,
    list_comparison,
    list_moves,
    list_publication,
    list_unmatched_teams,
)
from improvement_analysis.listings.packs import (
    PromptList,
    list_low_gradings,
    list_prompts,
    list_round_changes,
    list_team_findings,
    list_team_grades,
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
    "PromptList",
    "list_agreement",
    "list_area_findings",
    "list_checks",
    "list_closed_actions",
    "list_comparison",
    "list_deep_dives",
    "list_disagreements",
    "list_findings",
    "list_followed",
    "list_followed_domains",
    "list_low_gradings",
    "list_moves",
    "list_overdue_actions",
    "list_problems",
    "list_programme",
    "list_prompts",
    "list_publication",
    "list_reconciliation",
    "list_round_changes",
    "list_team_actions",
    "list_team_findings",
    "list_team_grades",
    "list_unmatched_teams",
]
