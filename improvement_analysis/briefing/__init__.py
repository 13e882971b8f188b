"""What a page says in words: the findings first, what to know of the figures, where they come from.

Every sentence is made from the data at hand. None claims more than a count or a comparison.
"""

from improvement_analysis.briefing.actions import (
    brief_actions,
    choose_day,
    describe_overdue,
    follow_until,
    stand_actions,
)
from improvement_analysis.briefing.areas import brief_area, compare_area, identified
from improvement_analysis.briefing.discretion import Discretion
from improvement_analysis.briefing.graders import brief_moderation, cross_graders, match_graders
from improvement_analysis.briefing.packs import brief_qprm, brief_workshop, low_gradings
from improvement_analysis.briefing.prose import Prose
from improvement_analysis.briefing.publication import brief_publication, warn_before_publishing, withhold
from improvement_analysis.briefing.rounds import brief_rounds, count_apart, lead_domain, match_rounds
from improvement_analysis.briefing.services import (
    brief_overview,
    brief_quality,
    brief_service,
    caveats,
    reconcile_dataset,
    source_note,
)
from improvement_analysis.briefing.teams import (
    Team,
    brief_team,
    choose_team,
    describe_team_chart,
    label_own_grades,
    select_team,
)

__all__ = [
    "Discretion",
    "Prose",
    "Team",
    "brief_actions",
    "brief_area",
    "brief_moderation",
    "brief_overview",
    "brief_publication",
    "brief_qprm",
    "brief_quality",
    "brief_rounds",
    "brief_service",
    "brief_team",
    "brief_workshop",
    "caveats",
    "choose_day",
    "choose_team",
    "compare_area",
    "count_apart",
    "cross_graders",
    "describe_overdue",
    "describe_team_chart",
    "follow_until",
    "identified",
    "label_own_grades",
    "lead_domain",
    "low_gradings",
    "match_graders",
    "match_rounds",
    "reconcile_dataset",
    "select_team",
    "source_note",
    "stand_actions",
    "warn_before_publishing",
    "withhold",
]
