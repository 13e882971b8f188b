"""The page that compares one area with the others."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.comparison import CENSUS, find_least_claim, phrase_verdict
from improvement_analysis.dataset import Dataset
from improvement_analysis.gradings import select
from improvement_analysis.pages.group_results import GroupResult, frequency_range, good_or_better
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.scale import Scale
from improvement_analysis.sentences import join_words, plural
from improvement_analysis.statistics import van_elteren
from improvement_analysis.tables import Table, frame_table

__all__ = [
    "brief_area",
    "brief_group",
    "compare_area",
    "list_area_domains",
    "list_area_services",
    "list_comparison",
    "verdict_words",
]

#: Words of the opening sentence.
_MOST_WORDS = 25
#: Teams beyond which no least result is looked for: with so many, few teams are not the matter.
_MOST_TEAMS = 60


def compare_area(
    dataset: Dataset,
    area: str,
    strata: str | None = "service",
    round: str | None = None,  # noqa: A002 (the field's word)
    authority: str = "",
) -> GroupResult | None:
    """One area's teams against all others, in the family of all areas; None where nothing is compared.

    An *authority* is compared with the other authorities, in place of the area.

    Raises
    ------
    GradingsError
        If areas are named but not this one.
    """
    if authority:
        select(dataset.gradings, authority=authority)
        return GroupResult.of(dataset.standing(round), "authority", authority, strata, dataset.about)
    known = [*dataset.areas, *dataset.about.areas.names]
    if known:
        select(pd.DataFrame({"area": known}), area=area)
    standing = dataset.standing(round)
    if _refuse(dataset, area, standing):
        return None
    return GroupResult.of(standing, "area", area, strata, dataset.about)


def _refuse(dataset: Dataset, area: str, standing: pd.DataFrame) -> str:
    """Why an area cannot be compared with others in a round, in a sentence; empty where it can be."""
    if not dataset.areas:
        return f"No grading in this dataset names its area, so nothing can be computed about {area}."
    graded = standing["area"].dropna().unique()
    round_ = "".join(map(str, standing["round"].iloc[:1]))
    if area not in graded:
        return f"No grading of the round {round_} is of {area}, so there is nothing to compare."
    if len(graded) == 1:
        return f"In the round {round_} {area} alone was graded: there is no area to compare it with."
    return ""


def brief_area(
    dataset: Dataset,
    area: str,
    strata: str | None = "service",
    round: str | None = None,  # noqa: A002 (the field's word)
    authority: str = "",
    *,
    comparison: GroupResult | None = None,
) -> Prose:
    """The answer, why, and what could have shown; one sentence where there is nothing to compare.

    *comparison* is what :func:`compare_area` gave, where it is at hand.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_area(load("worcestershire-2018"), "Redditch/Wychavon"))
    - No grading in this dataset names its area, so nothing can be computed about Redditch/Wychavon.
    """
    comparison = comparison or compare_area(dataset, area, strata, round, authority)
    if comparison is None:
        return Prose((_refuse(dataset, area, dataset.standing(round)),))
    return brief_group(comparison)


def brief_group(comparison: GroupResult) -> Prose:
    """The answer in at most 25 words, why in one more sentence, and what could have shown."""
    items = [_answer(comparison), _reason(comparison), *_least_claim(comparison)]
    return Prose(tuple(items))


def _answer(comparison: GroupResult) -> str:
    """The finding, and the counts behind it; pairings where the counts would point another way."""
    domain = comparison.lead
    superiority = float(comparison.row(domain)["prob_superiority"])
    verdict = phrase_verdict(comparison.verdict(domain), superiority)
    opening = f"{verdict[:1].upper()}{verdict[1:]}."
    where = "Overall" if domain == "overall" else f"In {comparison.label(domain)}"
    direction, points = comparison.direction(domain), comparison.points(domain)
    claimed = comparison.verdict(domain) == "unlikely_chance"
    misled = (points and points != direction) or (claimed and points != direction)
    if misled and comparison.compared(domain):
        return f"{opening} {where}, {_pairings(comparison, domain)}."
    here, there = (comparison.side(domain, side) for side in ("here", "elsewhere"))
    n, good = comparison.judged(here), good_or_better(comparison.about.scale)
    team = "team was" if n == 1 else "teams were"
    rest = f"{good}, against {comparison.share(there)} elsewhere."
    full = f"{opening} {where}, {comparison.share(here)} {comparison.name} {team} {rest}"
    if len(full.split()) <= _MOST_WORDS:
        return full
    return f"{opening} {where}, {comparison.share(here)} {team.replace(' ', ' here ')} {rest}"


def _pairings(comparison: GroupResult, domain: str) -> str:
    row = comparison.row(domain)
    total = int(row["pairs_better"] + row["pairs_equal"] + row["pairs_worse"])
    within = f" within one {comparison.strata}" if len(comparison.compared(domain)) > 1 else ""
    return (
        f"teams here had the higher grade in {int(row['pairs_better'])} of {total} pairings{within}, "
        f"the lower in {int(row['pairs_worse'])}"
    )


def _reason(comparison: GroupResult) -> str:
    """Which teams are compared, and how often shuffling gives such a gap."""
    domain = comparison.lead
    used, apart = comparison.compared(domain), comparison.apart()[domain]
    row = comparison.row(domain)
    if not used:
        if comparison.strata is None:
            return "Only one side has judged teams."
        return f"No {comparison.strata} has judged teams on both sides."
    against = f"({int(row['n_a'])} against {int(row['n_b'])})"
    if comparison.strata is None:
        who = f"All teams are compared {against}"
    else:
        every = plural(len(used) + len(apart), comparison.strata)
        names = join_words(used) if len(used) < 3 else f"{len(used)} of {every}" if apart else f"All {every}"
        have = "has" if len(used) == 1 else "have"
        who = f"{'Only ' if apart else ''}{names} {have} teams on both sides {against}"
    frequency = _frequency(comparison, domain)
    return f"{who}. {frequency[:1].upper()}{frequency[1:]}."


def _frequency(comparison: GroupResult, domain: str) -> str:
    row, verdict = comparison.row(domain), comparison.verdict(domain)
    if verdict == "no_variation":
        return "their grades do not differ within it" if comparison.strata else "their grades do not differ"
    if not verdict:
        return "their open grades can be read in too many ways to try them all"
    low, high = float(row["p_bound_low"]), float(row["p_bound_high"])
    often = frequency_range(low, high)
    return (
        f"shuffling their grades gives a gap this large {often}{', as open grades are read' * (low != high)}"
    )


def _least_claim(comparison: GroupResult) -> list[str]:
    """The least one-sided result that would have been claimed with these teams; nothing where one is."""
    domain, about = comparison.lead, comparison.about
    row, higher = comparison.row(domain), comparison.direction(domain) != "lower"
    many = int(row["n_a"]) + int(row["n_b"]) > _MOST_TEAMS
    if comparison.verdict(domain) == "unlikely_chance" or not comparison.compared(domain) or many:
        return []
    could = find_least_claim(
        comparison.gradings,
        comparison.column,
        comparison.name,
        domain,
        higher=higher,
        strata=comparison.strata,
        scale=about.scale,
    )
    here = could.here if could.here is not None else could.n if higher else 0
    there = could.there if could.there is not None else 0 if higher else could.others
    outcome = (
        f"{_of(here, could.n)} compared here {good_or_better(about.scale)} and {_of(there, could.others)}"
    )
    if could.here is not None:
        return [f"A difference could be claimed, for instance, with {outcome} elsewhere."]
    if not could.never:
        return []
    return [f"With these teams no difference could be claimed, even with {outcome} elsewhere."]


def _of(number: int, n: int) -> str:
    """So many of the teams, in words.

    Examples
    --------
    >>> _of(3, 4), _of(4, 4), _of(0, 8), _of(1, 1)
    ('3 of 4 teams', 'all 4 teams', 'none of 8 teams', 'the one team')
    """
    if n == 1:
        return "the one team" if number else "not the one team"
    return {0: f"none of {n} teams", n: f"all {n} teams"}.get(number, f"{number} of {n} teams")


def verdict_words(comparison: GroupResult, domain: str) -> str:
    """The verdict of one domain for a cell of a table."""
    superiority = float(comparison.row(domain)["prob_superiority"])
    verdict = comparison.verdict(domain)
    words = {
        "no_variation": "Grades do not differ",
        "too_few": "Too few teams to tell",
        "could_be_chance": "No difference shown",
        "": "Too many open grades to tell",
    }
    phrase = phrase_verdict(verdict, superiority)
    return words.get(verdict, f"{phrase[:1].upper()}{phrase[1:]}")


def list_area_domains(comparison: GroupResult | None) -> Table | Prose:
    """A row for each domain: good or better here and elsewhere, pairings, verdict."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    good, about = good_or_better(comparison.about.scale), comparison.about
    good = good[:1].upper() + good[1:]
    rows = [
        {
            "Quality domain": about.short_labels.get(domain, domain),
            f"{good} here": comparison.share(comparison.side(domain, "here")),
            f"{good} elsewhere": comparison.share(comparison.side(domain, "elsewhere")),
            "Pairings: here higher, equal, lower": _three(comparison.row(domain)),
            "Verdict": verdict_words(comparison, domain),
        }
        for domain in map(str, comparison.frame.index)
    ]
    note = "Pairings set each team here against each elsewhere"
    note += f" in the same {comparison.strata}." if comparison.strata else "."
    return frame_table(
        pd.DataFrame(rows),
        caption="Domain by domain",
        note=[note, *_not_compared(comparison)],
        about=about,
    )


def _three(row: pd.Series) -> str:
    return ", ".join(str(int(row[f"pairs_{which}"])) for which in ("better", "equal", "worse"))


def _not_compared(comparison: GroupResult) -> list[str]:
    """What is not compared; where that differs by domain, for each."""
    apart = comparison.apart()
    if comparison.strata is None or not any(apart.values()):
        return []
    if len({tuple(names) for names in apart.values()}) == 1:
        return [f"Not compared (no team on one side): {join_words(apart[comparison.lead])}."]
    by_domain = "; ".join(
        f"{comparison.label(domain)}: {join_words(names)}" for domain, names in apart.items() if names
    )
    return [f"Not compared (no team on one side): {by_domain}."]


def list_area_services(comparison: GroupResult | None) -> Table | Prose:
    """A row for each domain and service that is compared: teams, good or better, pairings."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    good, about = good_or_better(comparison.about.scale), comparison.about
    good, rows = good[:1].upper() + good[1:], []
    for domain in map(str, comparison.frame.index):
        counts = comparison.counts(domain)
        for stratum in comparison.compared(domain):
            here, there = (comparison.cell(counts, stratum, side) for side in ("here", "elsewhere"))
            judged = {stratum: [_held_grades(row, about.scale) for row in (here, there)]}
            pairs = van_elteren({name: (a, b) for name, (a, b) in judged.items()}, scale=about.scale).pairs
            rows.append(
                {
                    "Quality domain": about.short_labels.get(domain, domain),
                    (comparison.strata or "teams").capitalize(): stratum or "All",
                    f"{good} here": comparison.share(here),
                    f"{good} elsewhere": comparison.share(there),
                    "Pairings: here higher, equal, lower": f"{pairs.better}, {pairs.equal}, {pairs.worse}",
                }
            )
    if not rows:
        return nothing("No team is compared.")
    return frame_table(pd.DataFrame(rows), caption="The teams compared", row_headings=2, about=about)


def _held_grades(row: pd.Series, scale: Scale) -> list[str]:
    """The grades of a row of counts, one for each team judged."""
    return [grade for grade in scale.categories for _ in range(int(row[grade]))]


_COMPARISON = {
    "domain": "Quality domain",
    "n_a": "Teams compared here",
    "n_b": "Teams compared elsewhere",
    "pairs_better": "Pairings: here higher",
    "pairs_equal": "Equal",
    "pairs_worse": "Here lower",
    "prob_superiority": "Probability of superiority, weighted",
    "p_exact": "Exact p",
    "p_min_attainable": "Smallest p possible",
    "p_adjusted": "Adjusted p",
    "p_bound_low": "p, lowest over open grades",
    "p_bound_high": "p, highest",
    "method": "Method",
    "method_adjusted": "Method of the adjustment",
    "verdict": "Verdict",
}


def list_comparison(dataset: Dataset, comparison: GroupResult | None) -> Table | Prose:
    """The numbers of a comparison of groups; a sentence where there is none."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    domains = map(str, comparison.frame.index)
    frame = comparison.frame.assign(verdict=[verdict_words(comparison, domain) for domain in domains])
    note = [
        "Missing numbers are undefined. Teams without a judgement are outside the counts; they and split "
        "grades are the open grades. Probability of superiority is weighted by "
        f"{comparison.strata or 'team'}. Adjusted p allows for all groups and domains of this report. "
        "Docs: methods.",
        CENSUS,
    ]
    return result_table(
        dataset, frame, "The numbers behind the sentences", _COMPARISON, decimals=3, note=note
    )
