"""The only counting: gradings in, counts of gradings at each grade out.

Nothing here weighs, averages or computes an overall conclusion. A split grade is a grade of its own between
its neighbours; *no judgement* is counted beside the scale, outside every "of n".
"""

from improvement_analysis.counts.grades import count_grades
from improvement_analysis.counts.summaries import rank_domains, share_at_least, summarise_grades
from improvement_analysis.teams import count_teams

__all__ = ["count_grades", "count_teams", "rank_domains", "share_at_least", "summarise_grades"]
