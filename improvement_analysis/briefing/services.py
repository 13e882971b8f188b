"""What the pages of a service, of all services and of data quality say in words.

Every sentence is made from the data at hand. None claims more than a count.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from improvement_analysis.briefing.prose import Prose
from improvement_analysis.counts import count_grades, count_teams, rank_domains
from improvement_analysis.gradings import select
from improvement_analysis.notation import format_tally
from improvement_analysis.reconciliation import explain_difference, reconcile
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import describe_counts, grade_words, join_words, plural
from improvement_analysis.sources import Dataset
from improvement_analysis.vocabulary import day_in_words

__all__ = [
    "brief_overview",
    "brief_quality",
    "brief_service",
    "caveats",
    "reconcile_dataset",
    "source_note",
]


def brief_service(dataset: Dataset, service: str, round: str | None = None) -> Prose:  # noqa: A002
    """The main findings about one service's gradings, of one round, the latest by default.

    Raises
    ------
    GradingsError
        If no gradings are of this service.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_service(load("worcestershire-2018"), "Care Leaving"))
    - 2 teams were graded. Overall conclusion as published: Requires Improvement (2 x RI).
    - None of 8 domain gradings was good or better.
    - Performance monitoring has the most low gradings: 2 of 2 at RI / I.
    """
    gradings = select(dataset.standing(round), service=service)
    counts = count_grades(gradings, "domain", scale=dataset.about.scale)
    teams = count_teams(gradings)
    opening = f"{plural(teams, 'team')} {'was' if teams == 1 else 'were'} graded."
    return Prose(
        (
            f"{opening} {_overall(dataset, service, counts)}".strip(),
            f"{describe_counts(counts, scale=dataset.about.scale)}.",
            *_weakest(counts, dataset, "has the most low gradings"),
            *_unjudged(counts, dataset),
        )
    )


def brief_overview(dataset: Dataset, round: str | None = None) -> Prose:  # noqa: A002
    """The main findings over all services, of one round, the latest by default: the directors' page.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_overview(load("worcestershire-2018")).items[1])
    Performance monitoring is the weakest domain: 7 of 19 at inadequate or RI / I.
    """
    gradings = dataset.standing(round)
    counts = count_grades(gradings, "domain", scale=dataset.about.scale)
    teams, services = count_teams(gradings), gradings["service"].nunique()
    finding = describe_counts(counts, scale=dataset.about.scale)
    said = explain_difference(reconcile_dataset(dataset))
    return Prose(
        (
            f"{plural(teams, 'team')} in {plural(services, 'service')}: {finding[:1].lower()}{finding[1:]}.",
            *_weakest(counts, dataset, "is the weakest domain"),
            *_headlines(dataset),
            *_unjudged(counts, dataset),
            *([said] if said else []),
        )
    )


def brief_quality(dataset: Dataset) -> Prose:
    """Whether the source can be relied on, in a few sentences.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_quality(load("worcestershire-2018")).items[1])
    25 of 25 headlines are the most frequent grade of their tally.
    """
    rows = reconcile_dataset(dataset)
    modes = rows[rows["check"] == "headline and mode"]
    held, made = int(modes["agrees"].sum()), len(modes)
    said = explain_difference(rows)
    warned = plural(len(dataset.problems), "warning")
    disagreeing = plural(int((~rows["agrees"]).sum()), "check")
    does = "does" if disagreeing.startswith("1 ") else "do"
    items = [
        f"{int(rows['agrees'].sum())} of {len(rows)} checks of the source against itself hold; "
        f"{disagreeing} {does} not."
        if len(rows)
        else "Nothing is published beside the gradings, so there is nothing to check them against.",
        f"{held} of {made} headlines are the most frequent grade of their tally." if made else "",
        said,
        f"{warned} met while reading {plural(len(dataset.checksums), 'file')}.",
    ]
    return Prose(tuple(item for item in items if item))


def caveats(dataset: Dataset, service: str | None = None, *, notes: bool = False) -> Prose:
    """What a reader must know before using the figures, of one service or of all.

    Parameters
    ----------
    service
        Tell the source's contradictions about this one in full; without it they are only counted.
    notes
        Add what the dataset's makers noted of it.
    """
    checked = reconcile_dataset(dataset)
    rows = checked[~checked["agrees"]]
    if service is not None:
        told = [_contradiction(row) for row in rows[rows["service"] == service].to_dict("records")]
    else:
        told = [_count_contradictions(len(rows))] if len(checked) else []
    standing = []
    if not dataset.gradings["team"].notna().any():
        standing.append("No team is named: how one team fared across the domains cannot be known.")
    if not dataset.areas:
        standing.append("No grading names its area: nothing can be said of one area against another.")
    standing.append("All teams graded are shown. They are no sample, so no margin of error is given.")
    warnings = [str(problem) for problem in dataset.problems]
    return Prose((*told, *standing, *(dataset.about.notes if notes else ()), *warnings), kind="caveat")


def _count_contradictions(number: int) -> str:
    if not number:
        return "The source agrees with itself in everything that was checked."
    once = number == 1
    return (
        f"In {plural(number, 'place')} the source contradicts itself; {'it is' if once else 'they are'} "
        "listed under data quality. Nothing was mended."
    )


def source_note(dataset: Dataset) -> Prose:
    """Where the figures come from, what may be done with them, and which files were read."""
    about = dataset.about
    visits = " to ".join(part for part in (about.first_visit, about.last_visit) if part)
    published = day_in_words(about.published) if about.published else ""
    told = {
        "Source": about.title,
        "Publisher": about.publisher,
        "Date": published,
        "Visits": visits,
        "How to cite": about.citation,
        "Licence": about.licence,
    }
    files = {f"File {file.name}": file.origin for file in about.files}
    pairs = {term: item for term, item in {**told, **files}.items() if item}
    return Prose(tuple(pairs.values()), tuple(pairs), kind="source")


def reconcile_dataset(dataset: Dataset) -> pd.DataFrame:
    """The reconciliation of a dataset's published cells with its statements."""
    return reconcile(dataset.published, dataset.statements, scale=dataset.about.scale)


def _overall(dataset: Dataset, service: str, counts: pd.DataFrame) -> str:
    printed = dataset.printed(service)
    if printed is not None and "overall" in printed.index:
        return f"Overall conclusion as published: {printed['overall']}."
    if "overall" in counts.index:
        tally = dict(zip(counts.columns, counts.loc[["overall"]].to_numpy()[0].tolist(), strict=True))
        return f"Overall conclusions of its teams: {format_tally(tally, dataset.about.scale)}."
    return ""


def _weakest(counts: pd.DataFrame, dataset: Dataset, claim: str) -> list[str]:
    ranked = rank_domains(counts)
    weakest = ranked[ranked["weakest"]]
    if weakest.empty:
        lowest = grade_words(dataset.about.scale.codes[0], dataset.about.scale)
        return [f"No grading in any domain is {lowest} or split with it, so no domain stands out as weakest."]
    names = [dataset.about.short_labels[domain] for domain in weakest["domain"]]
    shares = {
        _share(int(row["n_low"]), int(row["n_judged"]), counts.loc[row["domain"]], dataset.about.scale)
        for row in weakest.to_dict("records")
    }
    if len(names) == 1:
        return [f"{names[0]} {claim}: {shares.pop()}."]
    if len(shares) == 1:
        return [f"{join_words(names)} have equally many low gradings: each {shares.pop()}."]
    return [f"{join_words(names)} have equally many low gradings: {join_words(sorted(shares))}."]


def _share(k: int, n: int, row: pd.Series, scale: Scale) -> str:
    lowest, split = scale.categories[:2]
    words = [grade_words(lowest, scale)] * bool(row[lowest]) + [split] * bool(row[split])
    return f"{k} of {n} at {' or '.join(words)}"


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
    return [
        f"{common.max()} of {len(headlines)} published headlines are {grade_words(top[0], scale)}. "
        f"{'The other is' if len(others) == 1 else 'The others are'} {join_words(others)}."
    ]


def _unjudged(counts: pd.DataFrame, dataset: Dataset) -> list[str]:
    labels = dataset.about.short_labels
    return [
        f"{labels[str(domain)]}: {plural(int(row[NO_JUDGEMENT]), 'team')} of {int(row.sum())} "
        f"without a judgement, outside the {int(row.sum() - row[NO_JUDGEMENT])} that were judged."
        for domain, row in counts.iterrows()
        if row[NO_JUDGEMENT]
    ]


def _contradiction(row: Mapping[Any, Any]) -> str:
    service, domain = row["service"], row["domain"]
    where = ", ".join(part for part in (service, domain) if isinstance(part, str))
    said = {
        "visits in all": "the prose counts {expected} visits, the tables grade {found} teams",
        "visits by service": "the prose counts {expected} visits, the table grades {found} teams",
        "parts of the prose": "the prose counts {expected} visits but lists {found}",
        "service without a table": "the prose counts {expected} visits; no table grades the service",
        "two names": "the prose says {found}; that it is this service is our reading",
        "teams per domain": "{found} teams are counted where another domain counts {expected}",
        "tally and declared teams": "the tally holds {found} teams, the source declares {expected}",
        "headline and mode": "published as {found}, though the most frequent grade is {expected}",
    }[row["check"]].format(expected=row["expected"], found=row["found"])
    return f"{where or 'In all'}: {said} ({row['source']})." if row["source"] else f"{where}: {said}."


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
