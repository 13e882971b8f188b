"""Comparisons as tables: areas, rounds, graders, with the numbers behind the sentences."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.briefing import Prose, match_graders, match_rounds
from improvement_analysis.comparison import compare_rounds, list_unmatched, rater_agreement
from improvement_analysis.disclosure import Suppressed, mark_withheld
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sources import Dataset
from improvement_analysis.tables import Table, frame_table

__all__ = ["list_agreement", "list_comparison", "list_moves", "list_publication", "list_unmatched_teams"]

_COMPARISON = {
    "domain": "Quality domain",
    "n_a": "Teams here",
    "n_b": "Teams elsewhere",
    "pairs_better": "Pairings: here higher",
    "pairs_equal": "Equal",
    "pairs_worse": "Here lower",
    "prob_superiority": "Probability of superiority",
    "p_exact": "Exact p",
    "p_min_attainable": "Smallest p possible",
    "p_adjusted": "Adjusted p",
    "p_bound_low": "p, lowest over open grades",
    "p_bound_high": "p, highest",
    "strata_dropped": "Left out: one side only",
    "verdict": "Verdict",
}
_MOVES = {
    "domain": "Quality domain",
    "n_matched": "Teams in both",
    "up": "Up",
    "same": "Not moved",
    "down": "Down",
    "n_new": "New",
    "n_closed": "No longer there",
    "p_sign": "Sign test p",
    "p_signed_rank": "Signed rank p",
}
_AGREEMENT = {
    "domain": "Quality domain",
    "n_pairs": "Pairs of gradings",
    "agree": "Agree",
    "within_one": "At most one apart",
    "kappa_linear": "Kappa, linear",
    "kappa_quadratic": "Kappa, quadratic",
    "alpha_ordinal": "Alpha, ordinal",
    "ac2": "AC2",
    "undefined_reason": "Why undefined",
}


def list_comparison(dataset: Dataset, comparison: pd.DataFrame | None) -> Table | Prose:
    """The numbers of a comparison of groups; a sentence where there is none."""
    if comparison is None:
        return _nothing("No numbers: no grading names its area.")
    words = comparison.assign(verdict=comparison["verdict"].str.replace("_", " "))
    note = (
        "Missing numbers are undefined. Teams without a judgement are outside the counts; they and split "
        "grades are the open grades. Docs: methods."
    )
    headings, dropped = dict(_COMPARISON), comparison["strata_dropped"].unique()
    if len(dropped) == 1:
        del headings["strata_dropped"]
        note += f" Left out, as one side has no judged team there: {dropped[0]}." if dropped[0] else ""
    return _table(dataset, words, "The numbers behind the sentences", headings, decimals=3, note=note)


def list_moves(dataset: Dataset, before: str | None = None, after: str | None = None) -> Table | Prose:
    """Who moved between two rounds, domain by domain."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return _nothing("No numbers: no two rounds can be compared.")
    gradings, first, last = matched
    found = compare_rounds(gradings, first, last, scale=dataset.about.scale)
    note = (
        f"p: swap {first} and {last} in each team by the toss of a coin; how often would the moves be at "
        "least as lopsided? Two-sided, exact, not adjusted for the number of domains. Docs: methods."
    )
    return _table(dataset, found, f"Teams graded in {first} and in {last}", _MOVES, decimals=3, note=note)


def list_unmatched_teams(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> Table | Prose:
    """The teams that a comparison of rounds leaves out, and why."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return _nothing("No team is left out: no two rounds are compared.")
    left_out = list_unmatched(*matched)
    if left_out.empty:
        return _nothing("Every team was graded in both rounds.")
    headings = {
        "service": "Service",
        "area": "Area",
        "team": "Team",
        "domain": "Quality domain",
        "why": "Why",
    }
    return _table(dataset, left_out, "Teams left out of the comparison", headings)


def list_agreement(dataset: Dataset) -> Table | Prose:
    """How far two graders agree, with coefficients."""
    graders = match_graders(dataset)
    if graders is None:
        return _nothing("No numbers: no team was graded by two graders.")
    found = rater_agreement(dataset.gradings, *graders, scale=dataset.about.scale)
    headings = dict(_AGREEMENT)
    if found["undefined_reason"].fillna("").eq("").all():
        del headings["undefined_reason"]
    return _table(dataset, found, "Agreement of two graders", headings, decimals=2)


def list_publication(dataset: Dataset, suppressed: Suppressed) -> Table:
    """The counts for publication, ``c`` where one is withheld.

    Every whole grade has a column; a split grade has one where any number that is published is above 0.
    """
    scale = dataset.about.scale
    above = suppressed.counts.gt(0).any() | suppressed.totals.gt(0).any()
    shown = [grade for grade in scale.categories if not scale.is_split(grade) or above[grade]]
    headings = {"service": "Service", "domain": "Quality domain", "teams": "Teams"}
    headings |= {grade: scale.name(grade) for grade in scale.columns if grade in (*shown, NO_JUDGEMENT)}
    marked = mark_withheld(suppressed)
    return _table(
        dataset, marked, "Teams at each grade, by service and quality domain", headings, note=suppressed.note
    )


def _table(
    dataset: Dataset,
    found: pd.DataFrame,
    caption: str,
    headings: dict[str, str],
    *,
    decimals: int = 2,
    note: str | None = None,
) -> Table:
    frame = found.reset_index() if "domain" not in found else found
    frame = frame.assign(domain=[dataset.about.short_labels[str(domain)] for domain in frame["domain"]])
    return frame_table(
        frame,
        caption=caption,
        headings=headings,
        decimals=decimals,
        note=note,
        missing="undefined",
        illustrative=dataset.about.illustrative,
    )


def _nothing(sentence: str) -> Prose:
    return Prose((sentence,), kind="nothing")
