"""What a dataset says of itself, as values: its origin, its words, its scale, its files."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

import pandas as pd

from improvement_analysis.days import DATE_FORMATS
from improvement_analysis.frameworks import TEAM_DIAGNOSTIC, Framework
from improvement_analysis.marks import is_illustrative, scale_of, tell_unmarked
from improvement_analysis.rounds import MOST_NUMBERED, Round, numbered_round, read_bound
from improvement_analysis.scale import Scale
from improvement_analysis.standing import STAGES
from improvement_analysis.vocabulary import Domain, Vocabulary, day_in_words

__all__ = [
    "DATE_FORMATS",
    "EMPTY_CELLS",
    "EVENT_KINDS",
    "FORMS",
    "KINDS",
    "LEFT_OUT",
    "STATEMENT_KEYS",
    "About",
    "DeclaredFile",
    "DeclaredTeam",
    "Event",
    "about_of",
]

#: The kinds of file a dataset may hold.
KINDS = (
    *("published", "gradings", "statements", "findings", "deep_dives", "meetings"),
    *("actions", "evidence", "visits"),
)

#: The kind of a set of team diagnostic forms: many files under one name such as ``forms/*.xlsx``.
FORMS = "forms"

#: What an empty cell of a grade may be declared to mean; where nothing is declared it is refused.
LEFT_OUT = "left out"
EMPTY_CELLS = ("no judgement", "not applicable", LEFT_OUT)

#: What is declared of a count that the prose states: the columns of statements.
STATEMENT_KEYS = ("kind", "service", "named_as", "number", "page", "statement")


#: The kinds of event that a timeline tells apart.
EVENT_KINDS = ("visits", "inspections", "monitoring visits", "workshops", "reviews", "other events")


@dataclass(frozen=True)
class DeclaredFile:
    """A file of the dataset (of kind *forms*: several), its checksum when received, and how it came to be.

    ``columns`` pairs our name of a column, or a domain's key, with its heading in this file. The header
    stands in ``header_row`` where that is declared. ``where`` pairs a heading with the texts of the rows
    that are read; all others are left out.
    """

    name: str
    kind: str
    sha256: str | None = None
    origin: str = ""
    columns: tuple[tuple[str, str], ...] = ()
    header_row: int | None = None
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()


@dataclass(frozen=True)
class DeclaredTeam:
    """A team of ``[[teams]]``: its first and last day, and the teams that it was before.

    ``place`` is its authority, area, service and name; what is not declared is None, and any will do.
    ``was`` holds the same of each earlier team. ``line`` is where it stands.
    """

    place: tuple[str | None, ...]
    first: date | None = None
    last: date | None = None
    was: tuple[tuple[str | None, ...], ...] = ()
    line: int | None = None


@dataclass(frozen=True)
class Event:
    """A date of the programme, as the source gives it, and what happened; of which kind, if that is said."""

    date: str
    event: str
    kind: str = ""


@dataclass(frozen=True)
class About:
    """Where a dataset comes from and which words it uses.

    Attributes
    ----------
    name
        The dataset's short name: that of its folder.
    title, publisher, authority, round, published, licence, citation
        Of the source. *published* is missing where the source is not dated.
    illustrative
        True for made-up data: every page and chart made from it says so.
    notes
        What a reader must know before using it.
    first_visit, last_visit
        As the source puts them; empty where it does not say.
    framework
        What was known beforehand of who grades what.
    scale, domains, services, areas, rounds
        The vocabulary: the framework's, and what the dataset adds to it; rounds earliest first. Empty
        services, areas or rounds: any name is taken as it stands.
    domains_apart
        Domains that are graded on a scale of their own: read, and kept apart from the gradings of *scale*.
    stages
        The stages of gradings, the weightiest last; see :mod:`improvement_analysis.standing`.
    number_rounds_by
        The heading of the days that number the inspections of each team as its rounds; empty where rounds
        have names of their own.
    empty
        What an empty cell of a grade means: one of :data:`EMPTY_CELLS`; empty where it is refused.
    date_format
        How days are written in figures: one of :data:`DATE_FORMATS`.
    teams
        The teams that were renamed, moved, split, merged or closed.
    programme
        Dates around the visits.
    files
        What the folder holds.
    columns
        Pairs of our name of a column, or a domain's key, and its heading in the files.
    statements
        Counts that the prose states, beside those of a file: texts in the order of :data:`STATEMENT_KEYS`.
    """

    name: str
    title: str = ""
    publisher: str = ""
    authority: str | None = None
    round: str | None = None
    published: date | None = None
    licence: str = ""
    citation: str = ""
    illustrative: bool = False
    notes: tuple[str, ...] = ()
    first_visit: str = ""
    last_visit: str = ""
    framework: Framework = TEAM_DIAGNOSTIC
    scale: Scale = TEAM_DIAGNOSTIC.scale
    domains: tuple[Domain, ...] = TEAM_DIAGNOSTIC.domains
    domains_apart: tuple[Domain, ...] = ()
    services: Vocabulary = field(default_factory=lambda: Vocabulary("service"))
    areas: Vocabulary = field(default_factory=lambda: Vocabulary("area"))
    rounds: Vocabulary = field(default_factory=lambda: Vocabulary("round"))
    stages: tuple[str, ...] = STAGES
    number_rounds_by: str = ""
    empty: str = ""
    date_format: str = DATE_FORMATS[0]
    teams: tuple[DeclaredTeam, ...] = ()
    programme: tuple[Event, ...] = ()
    files: tuple[DeclaredFile, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()
    statements: tuple[tuple[str, ...], ...] = ()

    def file(self, name: str) -> DeclaredFile | None:
        """The declared file of that name; None where it is not declared by name."""
        return next((file for file in self.files if file.name == name), None)

    @property
    def all_domains(self) -> tuple[Domain, ...]:
        """The domains, and behind them those on a scale of their own."""
        return (*self.domains, *self.domains_apart)

    def with_domains(self, domains: Iterable[Domain]) -> About:
        """The same with these domains, those on a scale of their own apart."""
        known = tuple(domains)
        return replace(
            self,
            domains=tuple(domain for domain in known if domain.scale is None),
            domains_apart=tuple(domain for domain in known if domain.scale is not None),
        )

    def on_scale_of(self, domain: Domain) -> About:
        """The same for the gradings of one domain that has a scale of its own."""
        return replace(self, scale=domain.scale or self.scale, domains=(domain,), domains_apart=())

    @property
    def declared_rounds(self) -> tuple[Round, ...]:
        """The rounds of ``[[rounds]]``, or those that days number, earliest first."""
        if self.number_rounds_by:
            return tuple(map(numbered_round, range(1, MOST_NUMBERED + 1)))
        return tuple(each for each in self.rounds if isinstance(each, Round))

    @property
    def dated_rounds(self) -> tuple[Round, ...]:
        """The rounds whose days are declared: in ``[[rounds]]``, or for *round* in ``[visits]``."""
        dated = tuple(each for each in self.declared_rounds if each.first or each.last)
        first, last = read_bound(self.first_visit), read_bound(self.last_visit)
        if self.round and first and last and self.round not in [each.name for each in dated]:
            return (*dated, Round(self.round, first=first, last=last))
        return dated

    @property
    def only_service(self) -> str | None:
        """The service of a table that names none: the only one declared, or the only one of its framework."""
        if len(self.services):
            return self.services.names[0] if len(self.services) == 1 else None
        return self.framework.service

    @property
    def heading(self) -> tuple[str, ...]:
        """What stands over its pages: authority and round, or the title where neither is known."""
        return tuple(filter(None, (self.authority, self.round))) or (self.title,)

    @property
    def scope(self) -> str:
        """The heading in one line."""
        return ", ".join(self.heading)

    @property
    def short_labels(self) -> dict[str, str]:
        """Each domain's key and its short name, for charts."""
        return {domain.key: domain.short for domain in self.domains}

    @property
    def labels(self) -> dict[str, str]:
        """Each domain's key and its title as the source prints it, for tables."""
        return {domain.key: domain.title for domain in self.domains}

    @property
    def source_line(self) -> str:
        """Publisher, title and date in one line, for a footnote."""
        when = day_in_words(self.published) if self.published else ""
        return ", ".join(part for part in (self.publisher, self.title, when) if part)


def about_of(about: About | None, *tables: pd.DataFrame | pd.Series | None) -> About:
    """*about*, or without one what *tables* know of themselves; made up where either says so.

    Examples
    --------
    >>> table = pd.DataFrame()
    >>> table.attrs["illustrative"] = True
    >>> about_of(None, table).illustrative, about_of(About("my-data"), table).illustrative
    (True, True)
    """
    if about is None:
        about = About("", scale=scale_of(*tables))
    for table in tables if not about.illustrative else ():
        if isinstance(table, pd.DataFrame):
            tell_unmarked(table)
    if about.illustrative or not is_illustrative(*tables):
        return about
    return replace(about, illustrative=True)
