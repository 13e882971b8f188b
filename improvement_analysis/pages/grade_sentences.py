"""Sentences on grades that several pages share."""

from __future__ import annotations

from typing import Any

import pandas as pd

from improvement_analysis.counts import rank_domains
from improvement_analysis.dataset import Dataset
from improvement_analysis.notation import format_tally
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import grade_words, join_words, plural

__all__ = ["describe_overall", "describe_tally", "describe_unjudged", "describe_weakest"]


def describe_overall(dataset: Dataset, service: str, counts: pd.DataFrame) -> str:
    """The overall conclusion as published, or else the tally of its teams' overall conclusions."""
    printed = dataset.printed(service)
    if printed is not None and "overall" in printed.index:
        return f"Overall conclusion as published: {printed['overall']}."
    if "overall" in counts.index:
        tally = dict(zip(counts.columns, counts.loc[["overall"]].to_numpy()[0].tolist(), strict=True))
        return f"Overall conclusions of its teams: {format_tally(tally, dataset.about.scale)}."
    return ""


def describe_weakest(counts: pd.DataFrame, dataset: Dataset) -> list[str]:
    """Every domain that could have the most gradings at the lowest grade or split with it."""
    ranked = rank_domains(counts)
    low = ranked[ranked["n_low"] > 0]
    if low.empty:
        lowest = grade_words(dataset.about.scale.codes[0], dataset.about.scale)
        return [f"No grading in any domain is {lowest} or split with it, so no domain stands out as weakest."]
    could_be = ranked[ranked["could_be_weakest"]]
    names = [dataset.about.short_labels[domain] for domain in could_be["domain"]]
    shares = [
        _share(int(row["n_low"]), int(row["n_judged"]), counts.loc[row["domain"]], dataset.about.scale)
        for row in could_be.to_dict("records")
    ]
    if len(names) == 1:
        if low["n_low"].sum() == 1:
            return [f"Only {names[0]} has a low grading: {shares[0]}."]
        return [f"{names[0]} has the most low gradings: {shares[0]}."]
    if could_be["n_low"].nunique() == 1:
        each = f"each {shares[0]}" if len(set(shares)) == 1 else join_words(shares)
        return [f"{join_words(names)} have equally many low gradings: {each}."]
    low_counts = counts.loc[could_be["domain"].tolist()].sum()
    listed = ", ".join(
        f"{name} {row['n_low']} of {row['n_judged']}"
        for name, row in zip(names, could_be.to_dict("records"), strict=True)
    )
    return [
        f"Most low gradings ({_low_words(low_counts, dataset.about.scale)}): {listed}. "
        "The difference is too small to call one of them the weakest."
    ]


def _share(k: int, n: int, row: pd.Series, scale: Scale) -> str:
    return f"{k} of {n} at {_low_words(row, scale)}"


def _low_words(row: pd.Series, scale: Scale) -> str:
    """Which of the low grades occur: the lowest, the split with it, or both."""
    lowest, split = scale.categories[:2]
    words = [grade_words(lowest, scale)] * bool(row[lowest]) + [split] * bool(row[split])
    return " or ".join(words)


def describe_unjudged(counts: pd.DataFrame, dataset: Dataset) -> list[str]:
    """How many teams were given no judgement, domain by domain."""
    labels = dataset.about.short_labels
    return [
        f"{labels[str(domain)]}: {int(row[NO_JUDGEMENT])} of {plural(int(row.sum()), 'team')} "
        f"{'was' if row[NO_JUDGEMENT] == 1 else 'were'} given no judgement."
        for domain, row in counts.iterrows()
        if row[NO_JUDGEMENT]
    ]


def describe_tally(counts: pd.DataFrame, domain: Any, dataset: Dataset) -> str:
    """A domain's tally as it is printed."""
    if domain not in counts.index:
        return "not graded"
    tally = dict(zip(counts.columns, counts.loc[[domain]].to_numpy()[0].tolist(), strict=True))
    return format_tally(tally, dataset.about.scale)
