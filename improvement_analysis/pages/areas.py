"""The page of all areas, or of all authorities: one test of all of them, then each against the others."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.comparison import CENSUS, choose_lead
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.pages.area_comparison import verdict_words
from improvement_analysis.pages.group_results import (
    GroupResult,
    compare_once,
    frequency_range,
    good_or_better,
    part_of,
    shorten_alt,
)
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.palette import describe_marks
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.sentences import NONE_JUDGED, join_words, plural, plural_of
from improvement_analysis.tables import Table, frame_table

__all__ = [
    "GroupsResult",
    "brief_areas",
    "compare_areas",
    "list_areas",
    "list_areas_domains",
    "list_areas_numbers",
    "list_areas_shares",
]

#: Words of the opening sentence.
_MOST_WORDS = 25


@dataclass(frozen=True, eq=False)
class GroupsResult:
    """All groups of a report in one family, as the page of all shows them.

    Attributes
    ----------
    about : About
    column
        What the groups are, such as ``"area"``.
    strata
        The column within which teams are compared; None where all are compared with all.
    groups : dict of GroupResult
        Each against the others, by name; in the order of the data.
    together : DataFrame, indexed by domain
        The test of all groups: see :func:`~improvement_analysis.comparison.compare_each`.
    """

    about: About
    column: str
    strata: str | None
    groups: dict[str, GroupResult]
    together: pd.DataFrame

    @classmethod
    def of(cls, gradings: pd.DataFrame, column: str, strata: str | None, about: About) -> GroupsResult:
        """The result of every group that the gradings name."""
        named = gradings[gradings[column].notna()]
        result = compare_once(named, column, strata, about.scale)
        groups = {
            name: GroupResult(about, column, name, strata, named, part_of(result.each, column, name))
            for name in map(str, named[column].unique())
        }
        return cls(about, column, strata, groups, result.together)

    @cached_property
    def lead(self) -> str:
        """The domain that the first sentence is about."""
        return choose_lead(self.together)

    @property
    def plural(self) -> str:
        """What several of the groups are called."""
        return plural_of(self.column)

    @property
    def any(self) -> GroupResult:
        """Any one group: what it says of a domain as a whole holds of all."""
        return next(iter(self.groups.values()))

    def verdict(self, domain: str) -> str:
        """The verdict on all groups in one domain; empty where the open grades were too many to try."""
        verdict = self.row(domain)["verdict"]
        return "" if pd.isna(verdict) else str(verdict)

    def row(self, domain: str) -> pd.Series:
        """What the test of all groups gives for one domain."""
        return self.together.iloc[list(self.together.index).index(domain)]

    def phrase(self, domain: str) -> str:
        """That verdict in words."""
        verdict = self.verdict(domain)
        if verdict == "unlikely_chance":
            return f"the {self.plural} differ"
        if verdict == "depends_on_open":
            return f"whether the {self.plural} differ depends on open grades"
        return f"no difference between {self.plural} can be claimed"

    def title(self) -> str:
        """The finding, for the picture."""
        phrase = self.phrase(self.lead)
        return f"{phrase[:1].upper()}{phrase[1:]}"

    def compared(self, domain: str) -> list[str]:
        """The strata in which two groups or more have a judged team."""
        shared = set()
        for group in self.groups.values():
            shared |= set(group.compared(domain))
        return [name for name in self.strata_names(domain) if name in shared]

    def strata_names(self, domain: str) -> list[str]:
        """All strata of a domain."""
        return list(map(str, self.any.counts(domain).index.get_level_values("stratum").unique()))

    def share(self, domain: str, name: str) -> str:
        """How many of a group's judged teams are good or better, as k of n."""
        group = self.groups[name]
        return group.share(group.side(domain, "here"))

    def picture(self) -> pd.DataFrame:
        """The grades of the lead domain by stratum and group; strata not compared come last, and say so."""
        group = self.any
        held = group.gradings[group.gradings["domain"] == self.lead]
        stratum = group.strata_of(held).replace("", "All teams")
        if self.strata is not None:
            stratum = stratum.where(stratum.isin(self.compared(self.lead)), stratum + ", not compared")
        first = self.strata or "teams"
        counts = count_grades(held.assign(**{first: stratum}), [first, self.column], scale=self.about.scale)
        apart = [str(name).endswith(", not compared") for name in counts.index.get_level_values(0)]
        return pd.concat([counts[[not each for each in apart]], counts[apart]])

    def alt(self) -> str:
        """The picture in at most 100 words: the finding and the main counts; the table has every number."""
        counts, lines = self.picture(), []
        for stratum in counts.index.get_level_values(0).unique():
            held = counts[counts.index.get_level_values(0) == stratum].droplevel(0)
            shares = [f"{name} {self.any.share(row)}" for name, row in held.iterrows()]
            lines.append(f"{stratum}: {', '.join(shares)}.")
        return shorten_alt([self.title(), self.subtitle()], good_or_better(self.about.scale), lines)

    def subtitle(self) -> str:
        """What the picture counts."""
        label = self.about.short_labels.get(self.lead, self.lead)
        teams = int(self.row(self.lead)["n_teams"])
        marks = describe_marks(self.picture().sum(axis=1))
        return f"{label}. {marks} Compared: {plural(teams, 'team')}."


def compare_areas(
    dataset: Dataset,
    by: str = "area",
    strata: str | None = "service",
    round: str | None = None,  # noqa: A002 (the field's word)
) -> GroupsResult | None:
    """All areas of a round in one family; None where fewer than two have teams.

    *by* may be ``"authority"``, where the dataset holds several, or any column that is one for each team.
    """
    standing = dataset.standing(round)
    return None if _refuse(standing, by) else GroupsResult.of(standing, by, strata, dataset.about)


def _refuse(standing: pd.DataFrame, by: str) -> str:
    """Why nothing is compared, in a sentence; empty where something is."""
    names = list(map(str, standing[by].dropna().unique())) if by in standing else []
    if len(names) > 1:
        return ""
    if names:
        return f"{names[0]} alone was graded: there is no {by} to compare it with."
    return f"No grading in this dataset names its {by}, so nothing can be compared."


def brief_areas(
    dataset: Dataset,
    by: str = "area",
    strata: str | None = "service",
    round: str | None = None,  # noqa: A002 (the field's word)
    *,
    comparison: GroupsResult | None = None,
) -> Prose:
    """The answer in at most 25 words, why in one more sentence, and what single areas add.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_areas(load("worcestershire-2018")))
    - No grading in this dataset names its area, so nothing can be compared.
    """
    comparison = comparison or compare_areas(dataset, by, strata, round)
    if comparison is None:
        return Prose((_refuse(dataset.standing(round), by),))
    return Prose((_answer(comparison), _reason(comparison), _singly(comparison)))


def _answer(comparison: GroupsResult) -> str:
    """The finding and its counts: of every group where these few words hold them, else from least to most."""
    domain, opening = comparison.lead, f"{comparison.title()}."
    if comparison.verdict(domain) == "depends_on_open":
        opening = "The answer depends on open grades."
    where = "Overall" if domain == "overall" else f"In {comparison.any.label(domain)}"
    good = good_or_better(comparison.about.scale)
    shares = {name: comparison.share(domain, name) for name in comparison.groups}
    judged = sorted(
        (name for name in shares if shares[name] != NONE_JUDGED), key=lambda n: _middle(shares[n])
    )
    each = join_words([f"{share} in {name}" for name, share in shares.items()])
    ends = [f"{shares[name]} ({name})" for name in (judged[:1] + judged[-1:])]
    bare = [shares[name] for name in (judged[:1] + judged[-1:])]
    tried = [f"{where}, {each} were {good}."]
    if len(judged) > 1:
        tried += [f"{where}, from {' to '.join(part)} were {good}." for part in (ends, bare)]
    fitting = [f"{opening} {each}" for each in tried if len(f"{opening} {each}".split()) <= _MOST_WORDS]
    return fitting[0] if fitting else opening


def _middle(share: str) -> float:
    """What part of a group "0 or 1 of 6" is, halfway."""
    numbers = [int(word.replace(",", "")) for word in share.split() if word.replace(",", "").isdigit()]
    return sum(numbers[:-1]) / max(1, len(numbers) - 1) / max(1, numbers[-1])


def _reason(comparison: GroupsResult) -> str:
    """Which teams are compared, and how often shuffling gives such a gap."""
    domain, row = comparison.lead, comparison.row(comparison.lead)
    used, every = comparison.compared(domain), comparison.strata_names(domain)
    if not used:
        if comparison.strata is None:
            return f"Only one {comparison.column} has judged teams."
        return f"No {comparison.strata} has judged teams of two {comparison.plural}."
    teams = plural(int(row["n_teams"]), "team")
    if comparison.strata is None:
        who = f"All {teams} are compared"
    else:
        some = len(used) < len(every)
        names = join_words(used) if len(used) < 3 else _many(len(used), plural(len(every), comparison.strata))
        have = "has" if len(used) == 1 else "have"
        who = f"{'Only ' if some else ''}{names} {have} teams of several {comparison.plural} ({teams})"
    verdict = comparison.verdict(domain)
    if verdict == "no_variation":
        return f"{who}; their grades do not differ within it." if comparison.strata else f"{who}, all alike."
    if not verdict:
        return f"{who}; their open grades can be read in too many ways to try them all."
    low, high = float(row["p_low"]), float(row["p_high"])
    often = frequency_range(low, high) + (", as open grades are read" if low != high else "")
    return f"{who}; shuffling their grades sets the {comparison.plural} this far apart {often}."


def _many(number: int, every: str) -> str:
    """So many of all, such as "4 of 5 services" or "All 3 services"."""
    return f"All {every}" if every.startswith(f"{number} ") else f"{number} of {every}"


def _singly(comparison: GroupsResult) -> str:
    """Which group, against the others, is found to differ."""
    claims: dict[str, list[str]] = {"higher": [], "lower": []}
    unsure = []
    for name, group in comparison.groups.items():
        for domain in map(str, group.frame.index):
            label = "overall" if domain == "overall" else f"in {group.label(domain)}"
            if group.verdict(domain) == "unlikely_chance":
                claims[group.direction(domain) or "lower"].append(f"{name} {label}")
            elif group.verdict(domain) == "depends_on_open":
                unsure.append(f"{name} {label}")
    told = [f"Graded {way} than elsewhere: {join_words(held)}." for way, held in claims.items() if held]
    told = told or [f"No {comparison.column} by itself is shown to differ."]
    told += [f"It depends on open grades for {join_words(unsure)}."] if unsure else []
    return " ".join(told)


def list_areas_shares(comparison: GroupsResult | None) -> Table | Prose:
    """A row for each group: its teams that are good or better, domain by domain."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    about, good = comparison.about, good_or_better(comparison.about.scale)
    domains = list(map(str, comparison.together.index))
    rows = [
        {
            comparison.column.capitalize(): name,
            **{about.short_labels.get(each, each): comparison.share(each, name) for each in domains},
        }
        for name in comparison.groups
    ]
    caption = f"Teams that were {good}, by {comparison.column}"
    return frame_table(
        pd.DataFrame(rows), caption=caption, note="All teams judged. This is not a ranking.", about=about
    )


def list_areas_domains(comparison: GroupsResult | None) -> Table | Prose:
    """A row for each domain: the teams compared, how often shuffling sets them as far apart, the verdict."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    rows = []
    for domain in map(str, comparison.together.index):
        row = comparison.row(domain)
        phrase = comparison.phrase(domain)
        tested = not pd.isna(row["p_high"])
        rows.append(
            {
                "Quality domain": comparison.about.short_labels.get(domain, domain),
                "Teams compared": int(row["n_teams"]),
                "Shuffling sets them as far apart": _often(row) if tested else "not tried",
                "Verdict": f"{phrase[:1].upper()}{phrase[1:]}",
            }
        )
    lead, used = comparison.lead, comparison.compared(comparison.lead)
    apart = [name for name in comparison.strata_names(lead) if name not in used]
    note = [f"Not compared (teams of one {comparison.column} only): {join_words(apart)}."] if apart else []
    return frame_table(
        pd.DataFrame(rows), caption=f"Do the {comparison.plural} differ?", note=note, about=comparison.about
    )


def _often(row: pd.Series) -> str:
    return frequency_range(float(row["p_low"]), float(row["p_high"]))


def list_areas(comparison: GroupsResult | None) -> Table | Prose:
    """A row for each group and domain: good or better there and elsewhere, pairings, verdict."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    good, about = good_or_better(comparison.about.scale), comparison.about
    rows = []
    for name, group in comparison.groups.items():
        for domain in map(str, group.frame.index):
            row = group.row(domain)
            pairs = (int(row[f"pairs_{which}"]) for which in ("better", "equal", "worse"))
            rows.append(
                {
                    comparison.column.capitalize(): name,
                    "Quality domain": about.short_labels.get(domain, domain),
                    f"{good[:1].upper()}{good[1:]} there": group.share(group.side(domain, "here")),
                    "Elsewhere": group.share(group.side(domain, "elsewhere")),
                    "Pairings: there higher, equal, lower": ", ".join(map(str, pairs)),
                    "Verdict": verdict_words(group, domain),
                }
            )
    caption = f"Each {comparison.column} against the others"
    return frame_table(pd.DataFrame(rows), caption=caption, row_headings=2, about=about)


_NUMBERS = {
    "domain": "Quality domain",
    "n_groups": "Compared",
    "n_teams": "Teams compared",
    "p_low": "p, lowest over open grades",
    "p_high": "p, highest",
    "p_adjusted_low": "Adjusted p, lowest",
    "p_adjusted": "Adjusted p, highest",
    "method_adjusted": "Method of the adjustment",
    "family_size": "Comparisons allowed for",
    "verdict": "Verdict",
}


def list_areas_numbers(dataset: Dataset, comparison: GroupsResult | None) -> Table | Prose:
    """The numbers behind the page; a sentence where there are none."""
    if comparison is None:
        return nothing("No numbers: nothing is compared.")
    frame = comparison.together.assign(
        verdict=[comparison.phrase(domain) for domain in map(str, comparison.together.index)]
    )
    note = [
        f"One test of all {comparison.plural} in each domain. Whole teams are shuffled within their "
        f"{comparison.strata or 'group'}; adjusted p allows for these tests and for each {comparison.column} "
        "against the others, in every domain. Docs: methods.",
        CENSUS,
    ]
    return result_table(dataset, frame, "The numbers behind the answer", _NUMBERS, decimals=3, note=note)
