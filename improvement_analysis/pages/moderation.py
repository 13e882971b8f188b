"""The page on how far graders agree."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.comparison import rater_agreement
from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import plural
from improvement_analysis.tables import Table

__all__ = ["brief_moderation", "cross_graders", "list_agreement", "match_graders"]


_TEAM = ["authority", "round", "area", "service", "team", "domain"]


def match_graders(dataset: Dataset) -> tuple[str, str] | None:
    """The first two graders by name; None where no team has two."""
    names = sorted(dataset.gradings["grader"].dropna().unique())
    return (str(names[0]), str(names[1])) if len(names) > 1 else None


def cross_graders(dataset: Dataset) -> pd.DataFrame | None:
    """Gradings by the first grader's grade and the second's, over all domains; None without two graders.

    Returns
    -------
    DataFrame of int, first x second
        Every grade on both sides, then *no judgement*.
    """
    graders = match_graders(dataset)
    if graders is None:
        return None
    first, second = (dataset.gradings[dataset.gradings["grader"] == name] for name in graders)
    keyed = [side.astype({"domain": "str"}).fillna({"area": ""}) for side in (first, second)]
    both = keyed[0].merge(keyed[1], on=_TEAM, suffixes=("_first", "_second"))
    grades = [both[f"grade_{side}"].astype(object).fillna(NO_JUDGEMENT) for side in ("first", "second")]
    columns = list(dataset.about.scale.columns)
    crossed: pd.DataFrame = pd.crosstab(grades[0], grades[1]).reindex(
        index=columns, columns=columns, fill_value=0
    )
    return crossed.rename_axis(index=graders[0], columns=graders[1])


def brief_moderation(dataset: Dataset) -> Prose:
    """How far the two graders agree, domain by domain.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_moderation(load("worcestershire-2018")))
    - No team was graded by two graders, so nothing can be said about their agreement.
    """
    graders = match_graders(dataset)
    if graders is None:
        return Prose(("No team was graded by two graders, so nothing can be said about their agreement.",))
    found = rater_agreement(dataset.gradings, *graders, scale=dataset.about.scale)
    labels = dataset.about.short_labels
    ordered = sorted(found.index, key=lambda domain: domain != "overall")
    return Prose(tuple(f"{labels[str(domain)]}: {_agreement(found.loc[domain])}" for domain in ordered))


def _agreement(row: pd.Series) -> str:
    pairs = int(row["n_pairs"])
    if not pairs:
        return "no pair of gradings."
    agree, within = int(row["agree"]), int(row["within_one"])
    said = (
        f"of {plural(pairs, 'pair')} of gradings {agree or 'none'} {'agree' if agree > 1 else 'agrees'} "
        f"and {within or 'none'} {'are' if within > 1 else 'is'} at most one grade apart"
    )
    reason = row["undefined_reason"]
    return (
        f"{said}. Coefficients are undefined: {reason}." if isinstance(reason, str) and reason else f"{said}."
    )


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


def list_agreement(dataset: Dataset) -> Table | Prose:
    """How far two graders agree, with coefficients."""
    graders = match_graders(dataset)
    if graders is None:
        return nothing("No numbers: no team was graded by two graders.")
    found = rater_agreement(dataset.gradings, *graders, scale=dataset.about.scale)
    headings = dict(_AGREEMENT)
    if found["undefined_reason"].fillna("").eq("").all():
        del headings["undefined_reason"]
    return result_table(dataset, found, "Agreement of two graders", headings, decimals=2)
