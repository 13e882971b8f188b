"""What each page says and lists: a module for each notebook, of the notebook's name.

Every sentence is made from the data at hand. None claims more than a count or a comparison. Lists and tables
leave their cells as CSV too; where there is nothing to list, a sentence says so.
"""

from improvement_analysis.pages.action_plans import (
    brief_actions,
    choose_day,
    describe_overdue,
    follow_until,
    list_closed_actions,
    list_followed,
    list_followed_domains,
    list_overdue_actions,
    list_team_actions,
    stand_actions,
)
from improvement_analysis.pages.area_comparison import (
    brief_area,
    compare_area,
    list_area_domains,
    list_area_services,
    list_comparison,
)
from improvement_analysis.pages.areas import (
    brief_areas,
    compare_areas,
    list_areas,
    list_areas_domains,
    list_areas_numbers,
    list_areas_shares,
)
from improvement_analysis.pages.data_quality import (
    brief_quality,
    list_checks,
    list_disagreements,
    list_problems,
    list_reconciliation,
)
from improvement_analysis.pages.finding_lists import FindingsList, list_area_findings, list_findings
from improvement_analysis.pages.meetings import last_meeting, list_last_time
from improvement_analysis.pages.moderation import (
    brief_moderation,
    cross_graders,
    list_agreement,
    list_grader_pairs,
    list_open_grades,
    list_settled,
    match_graders,
)
from improvement_analysis.pages.overview import brief_overview, list_deep_dives, list_programme
from improvement_analysis.pages.own_scales import count_own_scales
from improvement_analysis.pages.publication import (
    brief_publication,
    list_publication,
    warn_before_publishing,
    withhold,
)
from improvement_analysis.pages.qprm_pack import (
    brief_qprm,
    list_decisions,
    list_low_gradings,
    list_round_changes,
    low_gradings,
)
from improvement_analysis.pages.remarks import caveats, files_of, source_note
from improvement_analysis.pages.round_comparison import (
    brief_rounds,
    count_apart,
    lead_domain,
    list_changed_teams,
    list_moved_teams,
    list_moves,
    list_run,
    list_unmatched_teams,
    match_rounds,
)
from improvement_analysis.pages.self_evaluation import Statement, brief_evaluation, evaluate, list_statements
from improvement_analysis.pages.service_findings import brief_service
from improvement_analysis.pages.tally_bounds import describe_bounds
from improvement_analysis.pages.team_names import Discretion
from improvement_analysis.pages.team_pack import (
    brief_team,
    choose_team,
    describe_team_chart,
    label_own_grades,
    list_team_grades,
)
from improvement_analysis.pages.team_report import (
    FILLED_IN_BY,
    TITLES,
    find_own,
    list_grounds,
    list_reasons,
    list_team_findings,
    name_graders,
)
from improvement_analysis.pages.timeline import brief_timeline, draw_events, list_events, list_timeline
from improvement_analysis.pages.trace import (
    TraceList,
    brief_trace,
    count_traced,
    follow_trace,
    list_trace,
    list_unanswered,
)
from improvement_analysis.pages.workshop_pack import PromptList, brief_workshop, list_prompts
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.teams import Team, select_team

__all__ = [
    "FILLED_IN_BY",
    "TITLES",
    "Discretion",
    "FindingsList",
    "PromptList",
    "Prose",
    "Statement",
    "Team",
    "TraceList",
    "brief_actions",
    "brief_area",
    "brief_areas",
    "brief_evaluation",
    "brief_moderation",
    "brief_overview",
    "brief_publication",
    "brief_qprm",
    "brief_quality",
    "brief_rounds",
    "brief_service",
    "brief_team",
    "brief_timeline",
    "brief_trace",
    "brief_workshop",
    "caveats",
    "choose_day",
    "choose_team",
    "compare_area",
    "compare_areas",
    "count_apart",
    "count_own_scales",
    "count_traced",
    "cross_graders",
    "describe_bounds",
    "describe_overdue",
    "describe_team_chart",
    "draw_events",
    "evaluate",
    "files_of",
    "find_own",
    "follow_trace",
    "follow_until",
    "label_own_grades",
    "last_meeting",
    "lead_domain",
    "list_agreement",
    "list_area_domains",
    "list_area_findings",
    "list_area_services",
    "list_areas",
    "list_areas_domains",
    "list_areas_numbers",
    "list_areas_shares",
    "list_changed_teams",
    "list_checks",
    "list_closed_actions",
    "list_comparison",
    "list_decisions",
    "list_deep_dives",
    "list_disagreements",
    "list_events",
    "list_findings",
    "list_followed",
    "list_followed_domains",
    "list_grader_pairs",
    "list_grounds",
    "list_last_time",
    "list_low_gradings",
    "list_moved_teams",
    "list_moves",
    "list_open_grades",
    "list_overdue_actions",
    "list_problems",
    "list_programme",
    "list_prompts",
    "list_publication",
    "list_reasons",
    "list_reconciliation",
    "list_round_changes",
    "list_run",
    "list_settled",
    "list_statements",
    "list_team_actions",
    "list_team_findings",
    "list_team_grades",
    "list_timeline",
    "list_trace",
    "list_unanswered",
    "list_unmatched_teams",
    "low_gradings",
    "match_graders",
    "match_rounds",
    "name_graders",
    "nothing",
    "select_team",
    "source_note",
    "stand_actions",
    "warn_before_publishing",
    "withhold",
]
