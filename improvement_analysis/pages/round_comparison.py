"""The page that compares two rounds."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.comparison import compare_rounds, count_unmatched, list_unmatched
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.sentences import plural
from improvement_analysis.tables import Table

__all__ = [
    "brief_rounds",
    "count_apart",
    "lead_domain",
    "list_moves",
    "list_unmatched_teams",
    "match_rounds",
]


def match_rounds(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> tuple[pd.DataFrame, str, str] | None:
    """The standing gradings of two rounds and their names; None where they cannot be compared.

    By default the last two rounds. They cannot be compared where there is one round only, or where the
    gradings name no team.
    """
    rounds = dataset.rounds
    if len(rounds) < 2 or not dataset.gradings["team"].notna().any():
        return None
    first, last = before or rounds[-2], after or rounds[-1]
    if first == last:
        raise GradingsError(f"two rounds are compared; found {first!r} for both")
    gradings = pd.concat([dataset.standing(first), dataset.standing(last)], ignore_index=True)
    return gradings, first, last


def lead_domain(dataset: Dataset) -> str:
    """The overall conclusion where any team has one, otherwise the first domain graded.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> lead_domain(load("worcestershire-2018"))
    'overall'
    """
    graded = set(dataset.gradings["domain"].dropna())
    known = ["overall", *map(str, dataset.gradings["domain"].cat.categories)]
    return next(domain for domain in known if domain in graded)


def count_apart(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> dict[str, pd.Series]:
    """How many teams at each grade are ``new`` or ``closed``, by :func:`lead_domain`; what there is none of
    is left out.

    The keys are parameters of :func:`~improvement_analysis.charts.change_grid`.
    """
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return {}
    counted = count_unmatched(*matched, domain=lead_domain(dataset), scale=dataset.about.scale)
    return {str(name): tally for name, tally in counted.iterrows() if tally.any()}


def brief_rounds(dataset: Dataset, before: str | None = None, after: str | None = None) -> Prose:
    """Which way the teams graded in both rounds moved, domain by domain.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_rounds(load("worcestershire-2018")))
    - This dataset holds the round 2017-18 only, so no change can be told.
    """
    matched = match_rounds(dataset, before, after)
    if matched is None:
        if len(dataset.rounds) > 1:
            return Prose(
                ("The gradings name no team, so no team can be followed from one round to the next.",)
            )
        only = ", ".join(dataset.rounds) or "unnamed"
        return Prose((f"This dataset holds the round {only} only, so no change can be told.",))
    gradings, first, last = matched
    found = compare_rounds(gradings, first, last, scale=dataset.about.scale)
    labels = dataset.about.short_labels
    lead = lead_domain(dataset)
    ordered = sorted(found.index, key=lambda domain: domain != lead)
    told = [f"{labels[str(domain)]}: {_moves(found.loc[domain])}" for domain in ordered]
    apart = [
        f"{plural(int(found[column].max()), 'team')} {words}"
        for column, words in (("n_new", f"in {last} only"), ("n_closed", f"in {first} only"))
        if found[column].any()
    ]
    opening = f"From {first} to {last}{': ' if apart else ''}{' and '.join(apart)}."
    reading = (
        "A team that moved may have been graded by others, on another day, with other cases. "
        "The counts tell what was given, and leave the reason open."
    )
    return Prose((opening, *told, reading))


def _moves(row: pd.Series) -> str:
    matched = int(row["n_matched"])
    if not matched:
        return "no team was graded in both rounds."
    up, same, down = (int(row[way]) or "none" for way in ("up", "same", "down"))
    return f"of {plural(matched, 'team')} graded in both, {up} moved up, {down} moved down and {same} stayed."


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


def list_moves(dataset: Dataset, before: str | None = None, after: str | None = None) -> Table | Prose:
    """Who moved between two rounds, domain by domain."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return nothing("No numbers: no two rounds can be compared.")
    gradings, first, last = matched
    found = compare_rounds(gradings, first, last, scale=dataset.about.scale)
    note = (
        f"p: swap {first} and {last} in each team by the toss of a coin; how often would the moves be at "
        "least as lopsided? Two-sided, exact, not adjusted for the number of domains. Docs: methods."
    )
    return result_table(
        dataset, found, f"Teams graded in {first} and in {last}", _MOVES, decimals=3, note=note
    )


def list_unmatched_teams(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> Table | Prose:
    """The teams that a comparison of rounds leaves out, and why."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return nothing("No team is left out: no two rounds are compared.")
    left_out = list_unmatched(*matched)
    if left_out.empty:
        return nothing("Every team was graded in both rounds.")
    headings = {
        "service": "Service",
        "area": "Area",
        "team": "Team",
        "domain": "Quality domain",
        "why": "Why",
    }
    return result_table(dataset, left_out, "Teams left out of the comparison", headings)
