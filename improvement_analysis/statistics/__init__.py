"""Exact statistics for few, ordinal, tied grades, on plain sequences of grades.

Every function takes grade codes of a scale (a split lies between its neighbours) or plain numbers of which
only the order counts, and never drops what it cannot use: a missing grade is an error here, except in
:func:`bounds`, which asks what it could change. What is undefined is NaN with a reason. Formulas, sources
and when not to use what: ``docs/methods.md``.
"""

from improvement_analysis.statistics.completions import Bounds, bounds, stratified_bounds
from improvement_analysis.statistics.deals import ExactTest
from improvement_analysis.statistics.families import adjust, tarone_family
from improvement_analysis.statistics.intervals import Interval, proportion_interval, superiority_interval
from improvement_analysis.statistics.joint import JointBounds, joint_bounds_from_margins
from improvement_analysis.statistics.matched import sign_test, signed_rank_exact
from improvement_analysis.statistics.permutation import VanElteren, min_attainable_p, van_elteren, wmw_exact
from improvement_analysis.statistics.ranks import Pairs, pairs, prob_superiority
from improvement_analysis.statistics.raters import Agreement, agreement
from improvement_analysis.statistics.tables import fisher_freeman_halton, jonckheere, kruskal_exact

__all__ = [
    "Agreement",
    "Bounds",
    "ExactTest",
    "Interval",
    "JointBounds",
    "Pairs",
    "VanElteren",
    "adjust",
    "agreement",
    "bounds",
    "fisher_freeman_halton",
    "joint_bounds_from_margins",
    "jonckheere",
    "kruskal_exact",
    "min_attainable_p",
    "pairs",
    "prob_superiority",
    "proportion_interval",
    "sign_test",
    "signed_rank_exact",
    "stratified_bounds",
    "superiority_interval",
    "tarone_family",
    "van_elteren",
    "wmw_exact",
]
