"""What a page says in words: the findings first, what to know of the figures, where they come from.

Every sentence is made from the data at hand. None claims more than a count or a comparison.
"""

from improvement_analysis.briefing.areas import brief_area, compare_area, identified
from improvement_analysis.briefing.graders import brief_moderation, cross_graders, match_graders
from improvement_analysis.briefing.prose import Prose
from improvement_analysis.briefing.publication import brief_publication, warn_before_publishing, withhold
from improvement_analysis.briefing.rounds import brief_rounds, match_rounds
from improvement_analysis.briefing.services import (
    brief_overview,
    brief_quality,
    brief_service,
    caveats,
    reconcile_dataset,
    source_note,
)

__all__ = [
    "Prose",
    "brief_area",
    "brief_moderation",
    "brief_overview",
    "brief_publication",
    "brief_quality",
    "brief_rounds",
    "brief_service",
    "caveats",
    "compare_area",
    "cross_graders",
    "identified",
    "match_graders",
    "match_rounds",
    "reconcile_dataset",
    "source_note",
    "warn_before_publishing",
    "withhold",
]
