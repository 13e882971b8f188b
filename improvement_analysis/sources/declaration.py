"""Reads a ``source.toml``: what a dataset says of itself."""

from __future__ import annotations

import itertools
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from improvement_analysis.about import (
    DATE_FORMATS,
    EMPTY_CELLS,
    EVENT_KINDS,
    FORMS,
    KINDS,
    STATEMENT_KEYS,
    About,
    DeclaredFile,
    Event,
)
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.rounds import Round
from improvement_analysis.sources.declared_fields import Fields
from improvement_analysis.sources.declared_framework import (
    FRAMEWORK_KEYS,
    read_domains,
    read_framework,
    read_scale,
)
from improvement_analysis.sources.declared_teams import find_lines, read_teams
from improvement_analysis.sources.formats.files import SourceFile, decode
from improvement_analysis.sources.headings import MAPPED
from improvement_analysis.standing import STAGES
from improvement_analysis.vocabulary import Domain, Term, Vocabulary, fold

__all__ = ["read_about"]

#: Bytes of a longer declaration are not looked at.
MOST_BYTES = 1_000_000

_KEYS = (
    "title",
    "publisher",
    "authority",
    "round",
    "licence",
    "citation",
    "published",
    "illustrative",
    "notes",
    "visits",
    *FRAMEWORK_KEYS,
    *("empty", "date_format"),
    "stages",
    "number_rounds_by",
    "services",
    "areas",
    "rounds",
    "teams",
    "programme",
    "files",
    "statements",
    "columns",
)


def read_about(file: SourceFile, name: str) -> About:
    """Read a ``source.toml``.

    Raises
    ------
    SourceError
        If it is not TOML in UTF-8, lacks what is needed, or holds what is not known; with every fault found.
    """
    if len(file.data) > MOST_BYTES:
        raise SourceError([Problem(file.name, f"{len(file.data):,} bytes", f"at most {MOST_BYTES:,}")])
    text, warnings = decode(file)
    if warnings:
        raise SourceError([Problem(file.name, "letters that are not UTF-8", "a source.toml in UTF-8")])
    try:
        declared = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as fault:
        found = f"text that is not TOML ({str(fault).partition(chr(10))[0]})"
        raise SourceError([Problem(file.name, found, "a source.toml")]) from None
    reading = _Reading(file.name)
    reading.team_lines = find_lines(text, "teams")
    about = reading.about(declared, name)
    if reading.problems:
        raise SourceError(reading.problems)
    return about


class _Reading(Fields):
    """Turns the declared tables into values and gathers what is wrong with them."""

    team_lines: Sequence[int] = ()

    def about(self, declared: Mapping[str, Any], name: str) -> About:
        """Everything that is declared."""
        self.known(declared, "", _KEYS)
        if not str(declared.get("title") or "").strip():
            self.fault("no title", 'title = "..."')
        visits = self.table(declared, "visits")
        self.known(visits, "visits.", ("first", "last"))
        framework = read_framework(self, declared)
        domains = read_domains(
            self, self.tables(declared, "domains"), framework, adds="framework" in declared
        )
        rounds = self.rounds(self.tables(declared, "rounds"), self.text(declared, "round"))
        about = About(
            name=name,
            title=self.text(declared, "title"),
            publisher=self.text(declared, "publisher"),
            authority=self.text(declared, "authority") or None,
            round=rounds.find(self.text(declared, "round")) or self.text(declared, "round") or None,
            licence=self.text(declared, "licence"),
            citation=self.text(declared, "citation"),
            published=self.day(declared, "published"),
            illustrative=self.truth(declared, "illustrative"),
            notes=(*self.texts(declared, "notes"), *filter(None, [framework.note])),
            first_visit=self.text(visits, "first", "visits."),
            last_visit=self.text(visits, "last", "visits."),
            framework=framework,
            scale=read_scale(self, declared, framework),
            stages=self.stages(declared),
            number_rounds_by=self.numbering(declared),
            empty=self.choice(declared, "empty", EMPTY_CELLS),
            date_format=self.choice(declared, "date_format", DATE_FORMATS) or DATE_FORMATS[0],
            services=self.vocabulary("service", self.tables(declared, "services")),
            areas=self.vocabulary("area", self.tables(declared, "areas")),
            rounds=rounds,
            teams=read_teams(self, self.tables(declared, "teams"), self.team_lines),
            programme=self.programme(self.tables(declared, "programme")),
            files=self.files(self.tables(declared, "files"), domains),
            statements=self.statements(self.tables(declared, "statements")),
            columns=self.columns(declared, domains, ""),
        )
        return about.with_domains(domains)

    def numbering(self, declared: Mapping[str, Any]) -> str:
        """The heading of the days that number rounds: where it is declared, no round has a name."""
        heading = self.text(declared, "number_rounds_by")
        for key, written in (("round", "round"), ("rounds", "[[rounds]]")):
            if heading and key in declared:
                self.fault(
                    f"number_rounds_by beside {written}", "rounds that are numbered, or rounds with names"
                )
        return heading

    def programme(self, declared: Iterable[Mapping[str, Any]]) -> tuple[Event, ...]:
        events = []
        for each in declared:
            self.known(each, "programme.", ("date", "event", "kind"))
            date, event = (self.text(each, key, "programme.") for key in ("date", "event"))
            events.append(Event(date, event, self.choice(each, "kind", EVENT_KINDS, "programme.")))
        return tuple(events)

    def stages(self, declared: Mapping[str, Any]) -> tuple[str, ...]:
        """The stages of gradings, the weightiest last: a list of names, or tables with a name each."""
        value = declared.get("stages", [])
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            names = self.texts(declared, "stages")
        else:
            names = self.vocabulary("stage", self.tables(declared, "stages")).names
        if any(not name.strip() for name in names):
            self.fault("a stage without a name", "the name of each stage in double quotes")
        self.once("stage", names)
        forms = any(file.get("kind") == FORMS for file in self.tables(declared, "files"))
        if names and forms and (absent := [stage for stage in STAGES[:2] if stage not in names]):
            listed = " and ".join(map(repr, absent))
            self.fault(
                f"stages without {listed}", "the stages of the two grades on a form, 'first' and 'second'"
            )
        return tuple(names) or STAGES

    def vocabulary(self, kind: str, declared: list[Mapping[str, Any]]) -> Vocabulary:
        for each in declared:
            self.known(each, f"{kind}s.", ("name", "aliases"))
        terms = [
            Term(self.text(each, "name", f"{kind}s."), self.texts(each, "aliases", f"{kind}s."))
            for each in declared
        ]
        if any(not term.name for term in terms):
            self.fault(f"a {kind} without a name", f'name = "..." for each {kind}')
        found = Vocabulary(kind, terms)
        self.once(kind, found.names)
        self.clashes(found)
        return found

    def rounds(self, declared: list[Mapping[str, Any]], own: str) -> Vocabulary:
        """The declared rounds, earliest first; the dataset's *own* round is one of them."""
        for each in declared:
            self.known(each, "rounds.", ("name", "aliases", "first", "last"))
        rounds = [
            Round(
                self.text(each, "name", "rounds."),
                self.texts(each, "aliases", "rounds."),
                self.day(each, "first", "rounds."),
                self.day(each, "last", "rounds."),
            )
            for each in declared
        ]
        if any(not each.name for each in rounds):
            self.fault("a round without a name", 'name = "..." for each round')
        self.span_faults(rounds)
        found = Vocabulary("round", rounds)
        self.once("round", found.names)
        self.clashes(found)
        if rounds and own and found.find(own) is None:
            known = ", ".join(map(repr, found.names))
            self.fault(f"round = {own!r}", f"one of the rounds of [[rounds]]: {known}")
        return found

    def span_faults(self, rounds: Sequence[Round]) -> None:
        """Tell days of rounds that contradict each other or the order in which the rounds stand."""
        for each in rounds:
            if each.first and each.last and each.first > each.last:
                self.fault(f"the round {each.name!r} from {each.first} to {each.last}", "its first day first")
        dated = [each for each in rounds if each.first or each.last]
        for one, other in itertools.pairwise(dated):
            if (one.first or one.last) > (other.first or other.last):  # type: ignore[operator]
                found = f"the round {other.name!r} after {one.name!r}, whose days are later"
                self.fault(found, "rounds in their order, earliest first")

    def files(
        self, declared: Iterable[Mapping[str, Any]], domains: Sequence[Domain]
    ) -> tuple[DeclaredFile, ...]:
        found = []
        for each in declared:
            self.known(each, "files.", ("name", "kind", "sha256", "origin", "columns", "header_row", "where"))
            name, kind = self.text(each, "name", "files."), self.text(each, "kind", "files.")
            if not name:
                self.fault("a file without a name", 'name = "..." for each file')
            if kind not in (*KINDS, FORMS):
                self.fault(f"files.kind = {kind!r}", f"one of {', '.join((*KINDS, FORMS))}")
            sha256 = self.text(each, "sha256", "files.") or None
            origin = self.text(each, "origin", "files.")
            columns = self.columns(each, domains, "files.")
            header_row = self.whole(each, "header_row", "files.")
            found.append(DeclaredFile(name, kind, sha256, origin, columns, header_row, self.where(each)))
        if not found:
            self.fault("no [[files]]", "at least one file with its name and kind")
        self.once("file", (file.name for file in found))
        return tuple(found)

    def statements(self, declared: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, ...], ...]:
        """Counts that the prose states, as the texts of a row each in the order of ``STATEMENT_KEYS``."""
        rows = []
        for each in declared:
            self.known(each, "statements.", STATEMENT_KEYS)
            numbers = {key: self.whole(each, key, "statements.") for key in ("number", "page")}
            texts = {key: self.text(each, key, "statements.") for key in STATEMENT_KEYS if key not in numbers}
            texts |= {key: "" if number is None else str(number) for key, number in numbers.items()}
            rows.append(tuple(texts[key] for key in STATEMENT_KEYS))
        return tuple(rows)

    def where(self, declared: Mapping[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Which rows of a file are read: those with one of these texts in that column."""
        chosen = []
        for heading, value in self.table(declared, "where", "files.").items():
            texts = value if isinstance(value, list) else [value]
            if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
                expected = "a text in double quotes, or a list of them"
                self.fault(f"files.where.{heading} = {value!r}", expected)
            else:
                chosen.append((heading, tuple(texts)))
        return tuple(chosen)

    def columns(
        self, declared: Mapping[str, Any], domains: Sequence[Domain], within: str
    ) -> tuple[tuple[str, str], ...]:
        """What ``[columns]`` maps: our name of a column, or a domain's key, to a heading."""
        mapped = self.table(declared, "columns", within)
        self.known(mapped, f"{within}columns.", (*MAPPED, *(domain.key for domain in domains)))
        found = tuple((key, self.text(mapped, key, f"{within}columns.")) for key in mapped)
        headings = [fold(heading) for _, heading in found if heading]
        for key, heading in found:
            if not heading:
                self.fault(f"{within}columns.{key} = ''", "the heading of the column in the file")
            elif headings.count(fold(heading)) > 1:
                self.fault(
                    f"{within}columns.{key} = {heading!r}, which stands for another column too",
                    "each heading once",
                )
        return found
