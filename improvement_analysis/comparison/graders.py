"""Two graders of one team: how far they agree, domain by domain."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.comparison.matching import match
from improvement_analysis.marks import carry_marks, scale_of
from improvement_analysis.scale import Scale
from improvement_analysis.statistics import agreement

__all__ = ["rater_agreement"]


def rater_agreement(
    gradings: pd.DataFrame, first: str, second: str, *, scale: Scale | None = None
) -> pd.DataFrame:
    """How far two graders agree on the teams that both graded.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
        With the column ``grader``; every grading of either names its team.
    first, second
        The two graders, as named there.

    Returns
    -------
    DataFrame, indexed by domain
        ``n_pairs``: teams graded by both, in one round; of these ``agree`` and ``within_one`` (at most one
        whole grade apart). ``kappa_linear``, ``kappa_quadratic``, ``alpha_ordinal``, ``ac2`` (ordinal
        weights): see :func:`agreement`; missing, with ``undefined_reason``, where only one grade was ever
        given or no team was graded by both.

    Raises
    ------
    GradingsError
        If a grader is not there (or no grading names its grader), or teams cannot be matched.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> rows = [
    ...     {"service": "Safeguarding", "team": f"Team {team}", "grader": grader, "domain": "practice",
    ...      "grade": grade, "source": "example"}
    ...     for grader, grades in {"first": ["I", "RI", "RI", "G"], "second": ["RI", "RI", "RI", "G"]}.items()
    ...     for team, grade in zip("ABCD", grades)
    ... ]
    >>> rater_agreement(as_gradings(pd.DataFrame(rows)), "first", "second").loc["practice", "agree"].item()
    3
    """
    scale = scale or scale_of(gradings)
    matched = match(gradings, "grader", first, second, also=("round",))
    rows = {}
    for domain, here in matched.groupby("domain", observed=True):
        both = here[here["first"].notna() & here["second"].notna()]
        found = agreement(
            both["first"].astype(str).to_list(), both["second"].astype(str).to_list(), scale=scale
        )
        rows[str(domain)] = {
            "n_pairs": found.n_pairs,
            "agree": found.agree,
            "within_one": found.within_one,
            "kappa_linear": found.kappa_linear,
            "kappa_quadratic": found.kappa_quadratic,
            "alpha_ordinal": found.alpha_ordinal,
            "ac2": found.ac2,
            "undefined_reason": found.undefined_reason,
        }
    result = pd.DataFrame(rows.values(), index=pd.Index(list(rows), name="domain"))
    return carry_marks(result, gradings)
