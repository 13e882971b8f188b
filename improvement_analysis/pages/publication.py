"""The page of counts that are fit to be published."""

from __future__ import annotations

from improvement_analysis.dataset import Dataset
from improvement_analysis.disclosure import (
    Earlier,
    Suppressed,
    count_for_publication,
    describe_withheld,
    mark_withheld,
    suppress_counts,
)
from improvement_analysis.pages.remarks import names_in, round_published
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.prose import Prose
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import join_words, plural
from improvement_analysis.sources.earlier_publication import read_earlier_publication
from improvement_analysis.tables import Table

__all__ = [
    "brief_publication",
    "list_publication",
    "warn_before_publishing",
    "withhold",
]


def withhold(
    dataset: Dataset,
    min_teams: int = 3,
    round: str | None = None,  # noqa: A002 (the field's word)
    totals: bool = True,
    previous: str = "",
) -> Suppressed:
    """The counts of a dataset fit for publication: by service and domain, small services withheld.

    Without *totals* over all services only the small services are withheld; see :func:`suppress_counts`.
    *previous* are folders of earlier publications, one a line: what they and this tell together is withheld.
    """
    counts = count_for_publication(dataset.gradings, round=round)
    earlier = [_earlier(dataset, folder, round_published(dataset, round)) for folder in previous.splitlines()]
    return suppress_counts(
        counts, min_teams=min_teams, totals=totals, earlier=earlier, scale=dataset.about.scale
    )


def _earlier(dataset: Dataset, folder: str, round_: str) -> Earlier:
    told = read_earlier_publication(folder, dataset.about)
    same = told.round in ("", round_)  # one that names no round is taken for this one: more is withheld
    return Earlier(told.counts, told.teams, told.totals, same)


def _named_in_source(dataset: Dataset) -> list[str]:
    """What is left off the page, since it names somebody."""
    about = dataset.about
    texts = {"title": about.title, "publisher": about.publisher, "citation": about.citation}
    texts |= {"authority": about.authority or "", "round": about.round or ""}
    return [
        f"The {what} names {join_words(names)}, so it is left off the page."
        for what, text in texts.items()
        if (names := names_in(dataset, text))
    ]


def brief_publication(dataset: Dataset, suppressed: Suppressed) -> Prose:
    """What the page shows, and what it withholds.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> ds = load("worcestershire-2018")
    >>> print(brief_publication(ds, withhold(ds, min_teams=2)).items[-1])
    Nothing is withheld: no service has fewer than 2 teams.
    """
    opening = (
        "Counts of teams by service and quality domain. No team, area, grader or day of a visit is named."
    )
    withheld = describe_withheld(suppressed, labels=dataset.about.short_labels)
    return Prose((opening, *withheld, *_offer_coarser(suppressed)))


def _offer_coarser(suppressed: Suppressed) -> list[str]:
    """Where no service is published in any domain: whether all services together are."""
    if suppressed.counts.notna().all(axis=1).any():
        return []
    if suppressed.totals.notna().any(axis=None):
        return ["No service can be shown by itself. The rows of all services together can."]
    return ["Every number is withheld: with so few teams, no table of this round is safe to publish."]


def warn_before_publishing(dataset: Dataset, suppressed: Suppressed) -> Prose:
    """What the published counts still tell about single teams: to be weighed before the page goes out.

    For whoever publishes; never on the page itself.
    """
    labels, rows = dataset.about.short_labels, suppressed.warnings.to_dict("records")
    told = [
        f"{row['service'] if isinstance(row['service'], str) else 'All services'}, "
        f"{labels[str(row['domain'])]}: {row['sentence']}"
        for row in rows
    ]
    told += _named_in_source(dataset)
    told += [*_every_service_withheld(dataset, suppressed), *_one_or_the_other(suppressed)]
    return Prose(tuple(told), kind="caveat") if told else Prose(("No warning was found.",), kind="nothing")


def _every_service_withheld(dataset: Dataset, suppressed: Suppressed) -> list[str]:
    """The domains of which no service is published, though without totals one could be."""
    large = suppressed.teams.groupby("domain", sort=False).max() >= suppressed.min_teams
    shown = suppressed.counts.notna().all(axis=1).groupby("domain", sort=False).any()
    emptied = [dataset.about.short_labels[str(domain)] for domain in large.index[large & ~shown]]
    if not emptied:
        return []
    least = plural(suppressed.min_teams, "team")
    return [
        f"Every service is withheld in {join_words(emptied)}. Without totals over all services (--no-totals) "
        f"those with {least} or more would not be."
    ]


def _one_or_the_other(suppressed: Suppressed) -> list[str]:
    if suppressed.totals_asked:
        return []
    return [
        "The totals over all services are left out. Keep to that: "
        "whoever also has a page of this round with totals can subtract."
    ]


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
    return result_table(
        dataset, marked, "Teams at each grade, by service and quality domain", headings, note=suppressed.note
    )
