"""The page of all services: the directors' page."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.counts import count_grades, count_teams
from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.grade_sentences import describe_unjudged, describe_weakest
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.reconciliation import explain_difference, reconcile
from improvement_analysis.sentences import describe_counts, grade_words, join_words, plural
from improvement_analysis.tables import Table, frame_table

__all__ = ["brief_overview", "list_deep_dives", "list_programme"]

#: Headlines that a sentence lists one by one.
_LISTED = 3


def brief_overview(dataset: Dataset, round: str | None = None) -> Prose:  # noqa: A002
    """The main findings over all services, of one round, the latest by default: the directors' page.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_overview(load("worcestershire-2018")).items[1])
    Most low gradings (inadequate or RI / I): Performance monitoring 7 of 19, Case allocation and workload
    3 of 19. The difference is too small to call one of them the weakest.
    """
    gradings = dataset.standing(round)
    counts = count_grades(gradings, "domain", scale=dataset.about.scale)
    teams, services = count_teams(gradings), gradings["service"].nunique()
    finding = describe_counts(counts, scale=dataset.about.scale)
    difference = explain_difference(reconcile(dataset))
    return Prose(
        (
            f"{plural(teams, 'team')} in {plural(services, 'service')}: {finding[:1].lower()}{finding[1:]}.",
            *describe_weakest(counts, dataset),
            *_headlines(dataset),
        ),
        more=(*describe_unjudged(counts, dataset), *([difference] if difference else [])),
    )


def _headlines(dataset: Dataset) -> list[str]:
    """The cells published at other than the most common headline."""
    headlines = dataset.headlines()
    if headlines is None:
        return []
    common = headlines.value_counts()
    top = common[common == common.max()].index
    if len(top) > 1 or len(common) == 1:
        return []
    labels, scale = dataset.about.short_labels, dataset.about.scale
    others = [
        f"{service} in {_lower(labels[str(domain)])} ({grade_words(headline, scale)})"
        for service, domain, headline in headlines.reset_index().itertuples(index=False, name=None)
        if headline != top[0]
    ]
    most = f"{common.max()} of {len(headlines)} published headlines are {grade_words(top[0], scale)}."
    if len(others) > _LISTED:
        return [f"{most} The chart shows the other {len(others)}."]
    return [f"{most} {'The other is' if len(others) == 1 else 'The others are'} {join_words(others)}."]


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]


def list_deep_dives(dataset: Dataset) -> Table | Prose:
    """The visits that looked at a subject: visited and ungraded, never a missing grade."""
    if dataset.deep_dives.empty:
        return nothing("No visit to a subject is recorded.")
    headings = {"subject": "Subject", "visited": "Visited", "graded": "Graded", "note": "Note"}
    return frame_table(
        dataset.deep_dives.rename(columns={"source": "place"}),
        caption="Deep dive visits",
        headings={**headings, "place": "Where it stands"},
        about=dataset.about,
    )


def list_programme(dataset: Dataset) -> Table | Prose:
    """The dates around the visits, as the source gives them."""
    events = [(event.date, event.event) for event in dataset.about.programme]
    if not events:
        return nothing("No dates of the programme are recorded.")
    frame = pd.DataFrame(events, columns=["date", "event"])
    return frame_table(frame, caption="Dates of the programme", headings={"date": "Date", "event": "Event"})
