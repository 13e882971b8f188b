"""One group of teams against the others: the one result behind title, picture, sentences and tables."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.comparison import EachGroup, choose_lead, compare_each, phrase_verdict
from improvement_analysis.counts import count_grades
from improvement_analysis.palette import describe_marks
from improvement_analysis.scale import Scale
from improvement_analysis.sentences import NOT_STATED, describe_share_at_least, grade_words

__all__ = [
    "Direction",
    "GroupResult",
    "frequency",
    "frequency_range",
    "good_or_better",
    "part_of",
    "shorten_alt",
]

Direction = Literal["higher", "lower", ""]

_SIDES = ("here", "elsewhere")

#: Words of alternative text, beside what says that data is made up; how it ends.
_MOST_ALT, _FOLLOWS = 85, "The table follows."


def good_or_better(scale: Scale) -> str:
    """How a sentence names everything from good upwards."""
    good = grade_words(scale.threshold, scale)
    return good if scale.threshold == scale.codes[-1] else f"{good} or better"


def frequency(p: float) -> str:
    """How often something happens, in words.

    Examples
    --------
    >>> [frequency(p) for p in (0.0004, 0.17, 0.4, 0.62, 1)]
    ['less than 1 time in 1,000', '1 time in 6', '4 times in 10', '6 times in 10', 'every time']
    """
    if p >= 0.995:
        return "every time"
    if p < 0.001:
        return "less than 1 time in 1,000"
    if p >= 1 / 3:
        return f"{min(9, round(10 * p))} times in 10"
    return f"1 time in {round(1 / p):,}"


def frequency_range(low: float, high: float) -> str:
    """The frequencies between which something lies, or the one that it is.

    Examples
    --------
    >>> frequency_range(0.23, 1), frequency_range(0.17, 0.171), frequency_range(1, 1)
    ('between 1 time in 4 and every time', 'about 1 time in 6', 'every time')
    """
    least, most = frequency(low), frequency(high)
    if least != most:
        return f"between {least} and {most}"
    return least if least[0] in "el" else f"about {least}"


def shorten_alt(opening: list[str], good: str, lines: list[str]) -> str:
    """Alternative text for a picture of groups, of whole sentences and at most 85 words, banner apart."""
    said = [*(f"{text.rstrip('.')}." for text in opening), f"Teams that were {good}:"]
    for line in lines:
        if len(" ".join([*said, line, _FOLLOWS]).split()) > _MOST_ALT:
            said.append("And more.")
            break
        said.append(line)
    return " ".join([*said, _FOLLOWS])


def part_of(each: pd.DataFrame, column: str, name: str) -> pd.DataFrame:
    """One group's part of what :func:`~improvement_analysis.comparison.compare_each` gives."""
    return each[each.index.get_level_values(column) == name].droplevel(column)


#: Families compared by this process, or by the one it was forked from: every page of one shares it.
_COMPARED: dict[str, EachGroup] = {}
_MOST_COMPARED = 8


def compare_once(gradings: pd.DataFrame, column: str, strata: str | None, scale: Scale) -> EachGroup:
    """All groups in one family, as :func:`compare_each` gives it; the same gradings once only."""
    told = hashlib.sha256(gradings.drop(columns="source").to_csv().encode())
    told.update(repr((column, strata, scale)).encode())
    key = told.hexdigest()
    if key not in _COMPARED:
        while len(_COMPARED) >= _MOST_COMPARED:
            del _COMPARED[next(iter(_COMPARED))]
        _COMPARED[key] = compare_each(gradings, column, strata=strata, scale=scale)
    return _COMPARED[key]


@dataclass(frozen=True, eq=False)
class GroupResult:
    """One group against all others, as its page shows it.

    Attributes
    ----------
    about : About
    column, name
        What the groups are, such as ``"area"``, and which one is looked at.
    strata
        The column within which teams are compared; None where all are compared with all.
    gradings : DataFrame, one row per grading
        Those that name their group.
    frame : DataFrame, indexed by domain
        The group's part of :func:`~improvement_analysis.comparison.compare_each`.
    """

    about: About
    column: str
    name: str
    strata: str | None
    gradings: pd.DataFrame
    frame: pd.DataFrame

    @classmethod
    def of(
        cls, gradings: pd.DataFrame, column: str, name: str, strata: str | None, about: About
    ) -> GroupResult:
        """The result of one group, judged in the family of all groups of the report."""
        named = gradings[gradings[column].notna()]
        each = compare_once(named, column, strata, about.scale).each
        return cls(about, column, name, strata, named, part_of(each, column, name))

    @cached_property
    def lead(self) -> str:
        """The domain that the first sentence is about."""
        return choose_lead(self.frame)

    def row(self, domain: str) -> pd.Series:
        """What the comparison gives for one domain."""
        return self.frame.iloc[list(self.frame.index).index(domain)]

    def label(self, domain: str) -> str:
        """A domain as it stands in a sentence."""
        words = self.about.short_labels.get(domain, domain)
        return words if words[1:] != words[1:].lower() else words[:1].lower() + words[1:]

    @cached_property
    def _sides(self) -> pd.DataFrame:
        """Counts by domain, stratum and side."""
        side = (self.gradings[self.column] == self.name).map({True: "here", False: "elsewhere"})
        held = self.gradings.assign(side=side.astype("str"))
        held["stratum"] = self.strata_of(held)
        return count_grades(held, ["domain", "stratum", "side"], scale=self.about.scale)

    def strata_of(self, gradings: pd.DataFrame) -> pd.Series:
        """Of each grading the stratum; empty where all teams are compared with all."""
        if self.strata is None:
            return pd.Series("", gradings.index, dtype="str")
        return gradings[self.strata].astype("object").fillna(NOT_STATED).astype("str")

    def counts(self, domain: str) -> pd.DataFrame:
        """The grades of one domain: a row for each stratum and side, zeros where a side has no team."""
        sides = self._sides
        held = sides[sides.index.get_level_values("domain") == domain].droplevel("domain")
        strata = held.index.get_level_values("stratum").unique()
        every = pd.MultiIndex.from_product([strata, _SIDES], names=["stratum", "side"])
        return held.reindex(every, fill_value=0)

    def share(self, row: pd.Series) -> str:
        """How many of the judged are good or better, as k of n."""
        return describe_share_at_least(row, self.about.scale.threshold, scale=self.about.scale)

    def side(self, domain: str, side: str, *, compared: bool = False) -> pd.Series:
        """The grades of one side, over all strata or over those compared."""
        counts = self.counts(domain)
        counts = counts[counts.index.get_level_values("side") == side].droplevel("side")
        return (counts[counts.index.isin(self.compared(domain))] if compared else counts).sum()

    @staticmethod
    def cell(counts: pd.DataFrame, stratum: str, side: str) -> pd.Series:
        """The row of one side in one stratum."""
        return counts.iloc[list(counts.index).index((stratum, side))]

    def judged(self, row: pd.Series) -> int:
        """How many of a row were judged."""
        return int(row[list(self.about.scale.categories)].sum())

    def compared(self, domain: str) -> list[str]:
        """The strata in which both sides have a judged team."""
        counts = self.counts(domain)[list(self.about.scale.categories)].sum(axis=1).unstack("side")
        return [str(name) for name in counts.index[(counts[list(_SIDES)] > 0).all(axis=1)]]

    def apart(self) -> dict[str, list[str]]:
        """For each domain the strata that are not compared."""
        apart = {}
        for domain in map(str, self.frame.index):
            used = self.compared(domain)
            names = self.counts(domain).index.get_level_values("stratum").unique()
            apart[domain] = [str(name) for name in names if name not in used]
        return apart

    def verdict(self, domain: str) -> str:
        """The verdict of one domain; empty where the open grades could not all be tried."""
        verdict = self.row(domain)["verdict"]
        return "" if pd.isna(verdict) else str(verdict)

    def title(self) -> str:
        """The finding, for title and alt text."""
        superiority = float(self.row(self.lead)["prob_superiority"])
        return f"{self.name}: {phrase_verdict(self.verdict(self.lead), superiority)}"

    def subtitle(self) -> str:
        """What the picture counts."""
        here, there = (self.judged(self.side(self.lead, side, compared=True)) for side in _SIDES)
        label = self.about.short_labels.get(self.lead, self.lead)
        picture = self.picture()
        side = picture.index.get_level_values(1) == self.name
        marks = describe_marks(picture.groupby([picture.index.get_level_values(0), side]).sum().sum(axis=1))
        return f"{label}. {marks} Compared: {here} here, {there} elsewhere."

    def alt(self) -> str:
        """The picture in at most 100 words: the finding and the main counts; the table has every number."""
        counts, lines = self.counts(self.lead), []
        for name in self.compared(self.lead):
            here, there = (self.share(self.cell(counts, name, side)) for side in _SIDES)
            lines.append(f"{name or 'All teams'}: {here} here, {there} elsewhere.")
        return shorten_alt([self.title(), self.subtitle()], good_or_better(self.about.scale), lines)

    def picture(self) -> pd.DataFrame:
        """The grades of the lead domain by stratum and group; strata not compared come last, and say so."""
        held = self.gradings[self.gradings["domain"] == self.lead]
        stratum = self.strata_of(held).replace("", "All teams")
        if self.strata is not None:
            used = self.compared(self.lead)
            stratum = stratum.where(stratum.isin(used), stratum + ", not compared")
        first = self.strata or "teams"
        counts = count_grades(held.assign(**{first: stratum}), [first, self.column], scale=self.about.scale)
        apart = [str(name).endswith(", not compared") for name in counts.index.get_level_values(0)]
        return pd.concat([counts[[not each for each in apart]], counts[apart]])

    def direction(self, domain: str) -> Direction:
        """Which way the compared teams differ within their strata."""
        superiority = self.row(domain)["prob_superiority"]
        if pd.isna(superiority) or abs(superiority - 0.5) < 1e-9:
            return ""
        return "higher" if superiority > 0.5 else "lower"

    def points(self, domain: str) -> Direction:
        """Which way the counts of good or better point to a reader; nothing where splits leave it open."""
        ends = []
        for side in _SIDES:
            row, scale = self.side(domain, side), self.about.scale
            sure = sum(int(row[g]) for g in scale.categories if scale.at_least(g, scale.threshold))
            either = sum(int(row[g]) for g in scale.categories if scale.at_least(g, scale.threshold) is None)
            ends.append((sure, sure + either, max(1, self.judged(row))))
        (low, high, n), (low_there, high_there, n_there) = ends
        if low * n_there > high_there * n:
            return "higher"
        return "lower" if high * n_there < low_there * n else ""
