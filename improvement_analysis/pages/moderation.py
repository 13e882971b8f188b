"""The page on how far graders agree."""

from __future__ import annotations

from typing import Any

import pandas as pd

from improvement_analysis.comparison import count_settled, list_pairs, pair_gradings, rater_agreement
from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import plural
from improvement_analysis.standing import list_open
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.teams import TEAM

__all__ = [
    "brief_moderation",
    "cross_graders",
    "list_agreement",
    "list_grader_pairs",
    "list_open_grades",
    "list_settled",
    "match_graders",
]

_NONE = "No team was graded by two graders, so nothing can be said about their agreement."


def match_graders(dataset: Dataset) -> list[tuple[str, str]]:
    """Every pair of graders who graded a team in one domain, most gradings first; empty where none did."""
    pairs = list_pairs(dataset.gradings)
    return list(zip(pairs["first"], pairs["second"], strict=True))


def cross_graders(dataset: Dataset, pair: tuple[str, str] | None = None) -> pd.DataFrame | None:
    """Gradings by the first grader's grade and the second's, over all domains; None without two graders.

    Parameters
    ----------
    pair
        By default the two who share most gradings.

    Returns
    -------
    DataFrame of int, first x second
        Every grade on both sides, then *no judgement*.
    """
    pairs = match_graders(dataset)
    if not pairs:
        return None
    first, second = pair or pairs[0]
    both = pair_gradings(dataset.gradings, first, second)
    grades = [both[side].astype(object).fillna(NO_JUDGEMENT) for side in ("first", "second")]
    columns = list(dataset.about.scale.columns)
    crossed: pd.DataFrame = pd.crosstab(grades[0], grades[1]).reindex(
        index=columns, columns=columns, fill_value=0
    )
    return crossed.rename_axis(index=first, columns=second)


def brief_moderation(dataset: Dataset) -> Prose:
    """Which way graders of one team differ, pair by pair, and how many gradings are left out.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_moderation(load("worcestershire-2018")))
    - No team was graded by two graders, so nothing can be said about their agreement.
    """
    pairs = list_pairs(dataset.gradings, scale=dataset.about.scale)
    if pairs.empty:
        return Prose((_NONE,))
    ways = [_direction(row) for row in pairs.to_dict("records")]
    lead = (str(pairs["first"].iloc[0]), str(pairs["second"].iloc[0]))
    agreed = rater_agreement(dataset.gradings, *lead, scale=dataset.about.scale)
    labels = dataset.about.short_labels
    ordered = sorted(agreed.index, key=lambda domain: domain != "overall")
    between = f" ({' and '.join(lead)})" if len(pairs) > 1 else ""
    lead_first = [f"{labels[str(domain)]}{between}: {_agreement(agreed.loc[domain])}" for domain in ordered]
    return Prose((*ways, *_changed(dataset), *lead_first[:1]), more=(*lead_first[1:], *_left_out(dataset)))


def _changed(dataset: Dataset) -> list[str]:
    """What agreeing and moderating changed; nothing where nothing was agreed or moderated."""
    counts = count_settled(dataset.gradings).sum()
    settled, left = int(counts["n_settled"]), int(counts["n_open"])
    if not settled:
        return []
    lowered, raised = (int(counts[way]) or "none" for way in ("lowered", "raised"))
    still = f" Not moderated: {plural(left, 'grading')}." if left else ""
    return [
        f"Agreeing or moderating lowered {lowered} and raised {raised} of {plural(settled, 'grading')}."
        f"{still}"
    ]


def _agreement(row: pd.Series) -> str:
    """How far two graders agree in a domain."""
    number = int(row["n_pairs"])
    if not number:
        return "no pair of gradings."
    agree, within = int(row["agree"]), int(row["within_one"])
    return (
        f"of {plural(number, 'pair')} of gradings, {agree or 'none'} {'agree' if agree > 1 else 'agrees'} "
        f"and {within or 'none'} {'are' if within > 1 else 'is'} at most one grade apart."
    )


def _direction(row: dict[Any, Any]) -> str:
    """Which way the second grader of a pair differs from the first."""
    judged = row["lower"] + row["same"] + row["higher"]
    if not judged:
        return f"{row['second']} and {row['first']} judged no team in the same domain."
    apart = f"{row['wide']} {'was' if row['wide'] == 1 else 'were'} more than one whole grade apart"
    wide = f"; {apart}" if row["wide"] else ""
    sentence = (
        f"{row['second']} graded lower than {row['first']} in {row['lower']} of "
        f"{plural(judged, 'grading')}, higher in {row['higher']} and equal in {row['same']}{wide}."
    )
    missing = row["n_pairs"] - judged
    more = f" In {missing} more, at least one of the two made no judgement." if missing else ""
    return f"{sentence[:1].upper()}{sentence[1:]}{more}"


def _left_out(dataset: Dataset) -> list[str]:
    """How many gradings are in no pair, and why."""
    gradings = dataset.gradings
    nameless = int(gradings["grader"].isna().sum())
    named = gradings[gradings["grader"].notna()]
    keys = ["authority", "area", "service", "team", "round", "domain"]
    alone = int((named.groupby(keys, dropna=False, observed=True)["grader"].transform("nunique") < 2).sum())
    reasons = [
        f"{plural(number, 'grading')} {'is' if number == 1 else 'are'} left out: {why}."
        for number, why in (
            (alone, "nobody else graded that team in that domain"),
            (nameless, "the source does not say who graded"),
        )
        if number
    ]
    return reasons or ["No grading is left out."]


_AGREEMENT = {
    "pair": "Graders",
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

_PAIRS = {
    "first": "Grader",
    "second": "Beside",
    "n_pairs": "Graded by both",
    "lower": "Second lower",
    "same": "Same",
    "higher": "Second higher",
    "wide": "More than one grade apart",
}


def list_grader_pairs(dataset: Dataset) -> Table | Prose:
    """Every pair of graders, and which way the second differs from the first."""
    pairs = list_pairs(dataset.gradings, scale=dataset.about.scale)
    if pairs.empty:
        return nothing("No table: no team was graded by two graders.")
    return frame_table(
        pairs[list(_PAIRS)],
        caption="Every pair of graders of one team, over all domains",
        headings=_PAIRS,
        about=dataset.about,
    )


_SETTLED = {
    "n_settled": "Agreed or moderated",
    "lowered": "Came out lower",
    "same": "Same",
    "raised": "Came out higher",
    "wide": "By more than one grade",
    "unjudged": "No judgement on one side",
    "n_open": "Not moderated",
}


def list_settled(dataset: Dataset, by: str = "domain") -> Table | Prose:
    """What agreeing and moderating changed, by domain or by the grader's role."""
    counts = count_settled(dataset.gradings, by, scale=dataset.about.scale)
    if counts.empty or not counts["n_settled"].any():
        return nothing("No grading was agreed or moderated, so nothing can be said of what that changed.")
    labels = dataset.about.short_labels
    group, words = ("Quality domain", "domain") if by == "domain" else ("Grader", "grader")
    frame = counts.rename(columns=_SETTLED)
    frame.insert(0, group, [labels.get(str(key), str(key)) for key in frame.index])
    return frame_table(
        frame.reset_index(drop=True),
        caption=f"What agreeing and moderating changed, by {words}",
        note="Gradings of earlier stages beside the grade that stands.",
        about=dataset.about,
    )


def list_open_grades(dataset: Dataset) -> Table | Prose:
    """Where graders differ and nothing was agreed: the grade is open between theirs."""
    differing = list_open(dataset.gradings)
    if differing.empty:
        return nothing("No grade is open between graders.")
    domains = differing["domain"].astype(str).map(dataset.about.short_labels)
    headings = {name: name.capitalize() for name in ("round", *TEAM)}
    headings |= {"domain": "Quality domain", "grades": "Grades given"}
    shown = {name: words for name, words in headings.items() if differing[name].notna().any()}
    frame = differing.assign(domain=domains)[list(shown)].astype(object)
    return frame_table(
        frame.where(frame.notna(), ""),
        caption="Grades that are open between graders",
        headings=shown,
        note="Nothing was agreed or moderated. Neighbouring grades make a split; others no judgement.",
        about=dataset.about,
    )


def list_agreement(dataset: Dataset) -> Table | Prose:
    """How far each pair of graders agrees, domain by domain, with coefficients."""
    pairs = match_graders(dataset)
    if not pairs:
        return nothing("No numbers: no team was graded by two graders.")
    scale = dataset.about.scale
    frames = [
        rater_agreement(dataset.gradings, *pair, scale=scale).assign(pair=" / ".join(pair)) for pair in pairs
    ]
    agreement = pd.concat(frames)
    headings = dict(_AGREEMENT)
    if agreement["undefined_reason"].fillna("").eq("").all():
        del headings["undefined_reason"]
    if len(pairs) == 1:
        del headings["pair"]
    note = (
        "Gradings of one team in several domains are not independent of each other. AC2 stays high where "
        "nearly all grades are the same, so it does not prove agreement beyond that."
    )
    return result_table(dataset, agreement, "Agreement of two graders", headings, decimals=2, note=note)
