"""Comparisons of gradings: groups of teams, rounds, graders, and what margins say of teams.

Gradings (or counts) go in, a DataFrame with fixed columns comes out. What the numbers mean and when not to
use them: ``docs/methods.md``.
"""

from improvement_analysis.comparison.each import EachGroup, compare_each
from improvement_analysis.comparison.followups import FOLLOWED, MOVES, follow_actions
from improvement_analysis.comparison.graders import count_settled, list_pairs, pair_gradings, rater_agreement
from improvement_analysis.comparison.groups import compare_groups, compare_many
from improvement_analysis.comparison.joint import joint_bounds
from improvement_analysis.comparison.leads import choose_lead, phrase_verdict
from improvement_analysis.comparison.rounds import (
    compare_rounds,
    count_unmatched,
    list_movers,
    list_moves,
    list_unmatched,
    transitions,
)
from improvement_analysis.comparison.supposed import CouldClaim, find_least_claim
from improvement_analysis.comparison.tracing import NEXT, UNANSWERED, count_trace, trace
from improvement_analysis.comparison.verdicts import CENSUS, VERDICTS

__all__ = [
    "CENSUS",
    "FOLLOWED",
    "MOVES",
    "NEXT",
    "UNANSWERED",
    "VERDICTS",
    "CouldClaim",
    "EachGroup",
    "choose_lead",
    "compare_each",
    "compare_groups",
    "compare_many",
    "compare_rounds",
    "count_settled",
    "count_trace",
    "count_unmatched",
    "find_least_claim",
    "follow_actions",
    "joint_bounds",
    "list_movers",
    "list_moves",
    "list_pairs",
    "list_unmatched",
    "pair_gradings",
    "phrase_verdict",
    "rater_agreement",
    "trace",
    "transitions",
]
