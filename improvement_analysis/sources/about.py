"""What a dataset says of itself in its ``source.toml``: origin, vocabulary, scale, files."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from improvement_analysis.errors import GradeError, Problem, SourceError
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.sources.files import SourceFile, decode
from improvement_analysis.vocabulary import DOMAINS, Domain, Term, Vocabulary

__all__ = ["About", "DeclaredFile", "Event", "read_about"]

#: The kinds of file a dataset may hold.
KINDS = ("published", "gradings", "statements", "findings", "deep_dives")

_TEXTS = ("title", "publisher", "authority", "round", "licence", "citation")


@dataclass(frozen=True)
class DeclaredFile:
    """A file of the dataset: its kind, its checksum when it was received, and how it came to be."""

    name: str
    kind: str
    sha256: str | None = None
    origin: str = ""


@dataclass(frozen=True)
class Event:
    """A date of the programme, as the source gives it, and what happened."""

    date: str
    event: str


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
    scale, domains, services, areas
        The vocabulary. Empty services or areas: any name is taken as it stands.
    programme
        Dates around the visits.
    files
        What the folder holds.
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
    scale: Scale = OFSTED
    domains: tuple[Domain, ...] = DOMAINS
    services: Vocabulary = field(default_factory=lambda: Vocabulary("service"))
    areas: Vocabulary = field(default_factory=lambda: Vocabulary("area"))
    programme: tuple[Event, ...] = ()
    files: tuple[DeclaredFile, ...] = ()

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
        when = f"{self.published.day} {self.published:%B %Y}" if self.published else ""
        return ", ".join(part for part in (self.publisher, self.title, when) if part)


def read_about(file: SourceFile, name: str) -> About:
    """Read a ``source.toml``.

    Raises
    ------
    SourceError
        If it is not TOML, lacks what is needed, or holds what is not known; with every fault found.
    """
    text, _ = decode(file)
    try:
        declared = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise SourceError([Problem(file.name, f"text that is not TOML ({fault})", "a source.toml")]) from None
    reading = _Reading(file.name)
    about = reading.about(declared, name)
    if reading.problems:
        raise SourceError(reading.problems)
    return about


class _Reading:
    """Turns the declared tables into values and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def fault(self, key: str, found: object, expected: str, remedy: str = "") -> None:
        self.problems.append(Problem(self.file, f"{key} = {found!r}", expected, remedy))

    def about(self, declared: Mapping[str, Any], name: str) -> About:
        known = {*_TEXTS, "published", "illustrative", "notes", "visits", "scale", "domains", "services"}
        for key in declared.keys() - known - {"areas", "programme", "files"}:
            self.fault(key, "...", "a key that is known", "docs/data-dictionary.md lists them")
        texts = {key: self.text(declared, key) for key in _TEXTS}
        for key in ("title", "authority", "round"):
            if not texts[key]:
                self.problems.append(Problem(self.file, f"no {key}", f'{key} = "..."'))
        published = declared.get("published")
        if published is not None and not isinstance(published, date):
            self.fault("published", published, "a date such as 2018-02-07, without quotes")
        illustrative = declared.get("illustrative", False)
        if not isinstance(illustrative, bool):
            self.fault("illustrative", illustrative, "true or false, without quotes")
        visits = self.table(declared, "visits")
        domains = self.domains(self.tables(declared, "domains"))
        return About(
            name=name,
            **texts,
            published=published,
            illustrative=bool(illustrative),
            notes=self.texts(declared, "notes"),
            first_visit=self.text(visits, "first"),
            last_visit=self.text(visits, "last"),
            scale=self.scale(self.table(declared, "scale")),
            domains=domains or DOMAINS,
            services=self.vocabulary("service", self.tables(declared, "services")),
            areas=self.vocabulary("area", self.tables(declared, "areas")),
            programme=tuple(
                Event(self.text(each, "date"), self.text(each, "event"))
                for each in self.tables(declared, "programme")
            ),
            files=self.files(self.tables(declared, "files")),
        )

    def text(self, declared: Mapping[str, Any], key: str) -> str:
        value = declared.get(key, "")
        if not isinstance(value, str):
            self.fault(key, value, "text in double quotes")
            return ""
        return value.strip()

    def texts(self, declared: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(key, value, "a list of texts")
            return ()
        return tuple(value)

    def table(self, declared: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        value = declared.get(key, {})
        if not isinstance(value, dict):
            self.fault(key, value, f"a table [{key}]")
            return {}
        return value

    def tables(self, declared: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(key, value, f"tables [[{key}]]")
            return []
        return value

    def scale(self, declared: Mapping[str, Any]) -> Scale:
        if not declared:
            return OFSTED
        aliases = self.table(declared, "aliases")
        base = {"codes": list(OFSTED.codes), "names": list(OFSTED.names), "good": OFSTED.good}
        if "codes" not in declared:
            declared = {**base, "title": OFSTED.title, **declared}
        try:
            return Scale(
                codes=self.texts(declared, "codes"),
                names=self.texts(declared, "names"),
                good=self.text(declared, "good"),
                title=self.text(declared, "title") or "declared scale",
                aliases=tuple((str(text), str(code)) for text, code in aliases.items()),
            )
        except GradeError as fault:
            self.problems.append(
                Problem(self.file, f"a [scale] that contradicts itself ({fault})", "a scale")
            )
            return OFSTED

    def domains(self, declared: list[Mapping[str, Any]]) -> tuple[Domain, ...]:
        found = []
        for each in declared:
            key, headline = self.text(each, "key"), self.text(each, "headline") or "code"
            if not key.isidentifier():
                self.fault("domains.key", key, "a short name of letters and underscores")
            if headline not in ("code", "words"):
                self.fault("domains.headline", headline, "'code' or 'words'")
            title = self.text(each, "title") or key
            short = self.text(each, "short") or title
            aliases = self.texts(each, "aliases")
            found.append(Domain(key, title, short, aliases, "words" if headline == "words" else "code"))
        self.clashes(Vocabulary("domain", found))
        return tuple(found)

    def vocabulary(self, kind: str, declared: list[Mapping[str, Any]]) -> Vocabulary:
        terms = [Term(self.text(each, "name"), self.texts(each, "aliases")) for each in declared]
        if any(not term.name for term in terms):
            self.problems.append(
                Problem(self.file, f"a {kind} without a name", f'name = "..." for each {kind}')
            )
        found = Vocabulary(kind, terms)
        self.clashes(found)
        return found

    def clashes(self, found: Vocabulary) -> None:
        for spelling in found.clashes:
            self.fault(f"{found.kind} spelling", spelling, f"one {found.kind} for each spelling")

    def files(self, declared: Iterable[Mapping[str, Any]]) -> tuple[DeclaredFile, ...]:
        found = []
        for each in declared:
            name, kind = self.text(each, "name"), self.text(each, "kind")
            if not name:
                self.problems.append(
                    Problem(self.file, "a file without a name", 'name = "..." for each file')
                )
            if kind not in KINDS:
                self.fault("files.kind", kind, f"one of {', '.join(KINDS)}")
            found.append(
                DeclaredFile(name, kind, self.text(each, "sha256") or None, self.text(each, "origin"))
            )
        if not found:
            self.problems.append(
                Problem(self.file, "no [[files]]", "at least one file with its name and kind")
            )
        return tuple(found)
