"""What is known of one service, gathered once for its slides and its document."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from improvement_analysis.counts import count_grades, count_teams
from improvement_analysis.dataset import Dataset
from improvement_analysis.exports.marking import Marking, mark
from improvement_analysis.exports.packing import printable
from improvement_analysis.findings import KINDS
from improvement_analysis.gradings import select
from improvement_analysis.notation import format_tally
from improvement_analysis.pages import (
    FindingsList,
    brief_service,
    caveats,
    files_of,
    list_findings,
    source_note,
)
from improvement_analysis.rounds import name_rounds
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import describe_counts, headline_of, plural

__all__ = ["Finding", "GradeRow", "ServiceSummary", "explain_codes", "files_of", "gather_findings"]

#: Letters of a service's name that a title has room for.
_LINE = 70
#: More files than these are counted, not named, where there is little room.
_FEW = 2


@dataclass(frozen=True)
class GradeRow:
    """One domain of a service as it is published: what stands in a line of its table.

    ``headline`` is in words, or empty where none is published; ``printed`` is the source's own spelling, or
    the tally of the teams.
    """

    domain: str
    title: str
    short: str
    headline: str
    printed: str
    source: str


@dataclass(frozen=True)
class Finding:
    """A finding, once however many teams it is recorded for, and where it stands."""

    kind: str
    text: str
    theme: str
    times: int
    page: str
    source: str

    @property
    def repeated(self) -> str:
        """The text, and how often it is recorded where that is more than once."""
        return self.text if self.times == 1 else f"{self.text} (recorded {self.times} times)"


class ServiceSummary:
    """One service of a dataset in its latest round.

    Raises
    ------
    GradingsError
        If no gradings are of this service.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> summary = ServiceSummary(load("worcestershire-2018"), "Care Leaving")
    >>> summary.teams, summary.rows[2].headline, summary.rows[2].printed
    (2, 'Requires improvement / Inadequate', 'RI / I (2 x RI / I)')
    """

    def __init__(self, dataset: Dataset, service: str) -> None:
        self.dataset, self.service = dataset, service
        self.scale: Scale = dataset.about.scale
        self.gradings = select(dataset.standing(), service=service)
        self.counts = count_grades(self.gradings, "domain", scale=self.scale)
        self.teams = count_teams(self.gradings)
        self.marking: Marking = mark(dataset)

    @property
    def where(self) -> str:
        """Authority and round."""
        rounds = name_rounds(self.gradings) or [self.dataset.about.round or ""]
        return ", ".join(part for part in (self.dataset.about.authority or "", *rounds) if part)

    @property
    def name(self) -> str:
        """The service as it stands in a title: a name longer than a line is cut short."""
        return (
            textwrap.shorten(self.service, _LINE, placeholder="\u2026")
            if len(self.service) > _LINE
            else self.service
        )

    @property
    def finding(self) -> str:
        """The counts in about ten words, as a title."""
        return describe_counts(self.counts, subject=self.name, scale=self.scale)

    @property
    def main_findings(self) -> tuple[str, ...]:
        """What the page of the service opens with."""
        return brief_service(self.dataset, self.service).items

    @property
    def caveats(self) -> tuple[str, ...]:
        """What to know before using the figures."""
        return caveats(self.dataset, self.service).items

    @property
    def source_terms(self) -> list[tuple[str, str]]:
        """Where the figures come from, as terms and what they mean."""
        note = source_note(self.dataset)
        return list(zip(note.terms, note.items, strict=True))

    @cached_property
    def rows(self) -> list[GradeRow]:
        """A line for each domain, in order."""
        about = self.dataset.about
        headlines, printed = self.dataset.headlines(self.service), self.dataset.printed(self.service)
        rows = []
        for domain, row in self.counts.iterrows():
            key = str(domain)
            headline = headline_of(headlines, key)
            tally = format_tally(dict(zip(row.index, row.tolist(), strict=True)), self.scale)
            sources = self.gradings.loc[self.gradings["domain"] == key, "source"]
            rows.append(
                GradeRow(
                    key,
                    about.labels.get(key, key),
                    about.short_labels.get(key, key),
                    self.scale.name(headline) if headline else "",
                    headline_of(printed, key) or tally,
                    files_of(sources, _FEW),
                )
            )
        return rows

    @property
    def own_findings(self) -> list[Finding]:
        """What the report says of this service by name."""
        return _findings(list_findings(self.dataset, self.service))

    @property
    def crossing_findings(self) -> list[Finding]:
        """What it says of no service and no area in particular."""
        return _findings(list_findings(self.dataset))


def _findings(listed: object) -> list[Finding]:
    return gather_findings(listed.frame) if isinstance(listed, FindingsList) else []


def gather_findings(findings: pd.DataFrame) -> list[Finding]:
    """Findings in the order of :data:`KINDS`, one for each wording however many teams it is recorded for.

    Examples
    --------
    >>> rows = [("vulnerability", "Late.", "time", None, "a.xlsx, row 2"),
    ...         ("strength", "Kind.", "care", 4, "p. 4"),
    ...         ("vulnerability", "Late.", "time", None, "b.xlsx, row 2")]
    >>> frame = pd.DataFrame(rows, columns=["kind", "text", "theme", "page", "source"])
    >>> [(each.repeated, each.source) for each in gather_findings(frame)]
    [('Kind.', 'p. 4'), ('Late. (recorded 2 times)', 'a.xlsx; b.xlsx')]
    """
    found = []
    for kind in KINDS:
        for text, rows in findings[findings["kind"] == kind].groupby("text", sort=False):
            page = rows["page"].dropna()
            once = len(rows) == 1
            found.append(
                Finding(
                    kind,
                    printable(text),
                    "; ".join(dict.fromkeys(rows["theme"].dropna())),
                    len(rows),
                    f"page {page.iloc[0]}" if once and len(page) else "",
                    files_of(rows["source"], _FEW),
                )
            )
    return found


def explain_codes(counts: pd.DataFrame, scale: Scale) -> str:
    """What the codes in printed tallies mean, in a sentence; splits and *no judgement* where they occur.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> explain_codes(pd.DataFrame([[0, 0, 2, 0, 0, 0, 0, 0]], columns=OFSTED.columns), OFSTED)
    'I is inadequate, RI requires improvement, G good, O outstanding; "2 x RI" means 2 teams.'
    """
    first, *others = scale.codes
    told = [
        f"{first} is {scale.name(first).lower()}",
        *(f"{code} {scale.name(code).lower()}" for code in others),
    ]
    said = f'{", ".join(told)}; "2 x {scale.codes[1]}" means {plural(2, "team")}.'
    splits = [split for split in scale.splits if counts[split].sum()]
    if splits:
        said += f" A split such as {splits[0]} is a grade of its own between the two."
    if counts[NO_JUDGEMENT].sum():
        said += " No judgement stands outside the scale."
    return said
