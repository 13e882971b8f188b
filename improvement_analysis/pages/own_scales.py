"""Domains that are graded on a scale of their own: counted and shown beside the others, never with them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.gradings import select_standing

__all__ = ["OwnScale", "count_own_scales"]


class OwnScale(NamedTuple):
    """The counts of one domain on its own scale, whose they are, and what a chart of them is to know."""

    counts: pd.DataFrame
    subject: str
    about: About


def count_own_scales(
    dataset: Dataset,
    service: str | None = None,
    round: str | None = None,  # noqa: A002 (the field's word)
) -> Iterator[OwnScale]:
    """Each domain of the dataset that has a scale of its own: its gradings, counted; nothing where none has.

    Of one service or of all, a row each; of the latest round, where none is named.
    """
    for domain in dataset.about.domains_apart:
        gradings = dataset.apart.get(domain.key)
        if gradings is None:
            continue
        standing = select_standing(gradings, round if round is None else str(round))
        if service is not None:
            standing = standing[standing["service"] == service]
        if len(standing):
            about = dataset.about.on_scale_of(domain)
            by = "domain" if service else "service"
            yield OwnScale(count_grades(standing, by, scale=about.scale), service or domain.title, about)
