"""Reads a ``source.toml``: what a dataset says of itself."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from improvement_analysis.about import FORMS, KINDS, About, DeclaredFile, Event
from improvement_analysis.errors import GradeError, Problem, SourceError
from improvement_analysis.notation import UNGRADED_WORDS
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.sources.formats.files import SourceFile, decode
from improvement_analysis.vocabulary import DOMAINS, Domain, Term, Vocabulary, fold, suggest

__all__ = ["clashes_of", "read_about"]

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
    "scale",
    "domains",
    "services",
    "areas",
    "programme",
    "files",
    "columns",
)

#: Columns that ``[columns]`` may map, beside the domains; a domain cannot have the name of one.
_MAPPED = (
    "authority",
    "round",
    "area",
    "service",
    "team",
    "visit_date",
    "domain",
    "grade",
    "grading",
    "grader",
    "teams",
    "comment",
    "page",
    *("number", "action", "role", "due", "measure", "closed_on", "quarter", "status", "outcome"),
)
_RESERVED = (*_MAPPED, "headline", "tally", "source", "ungraded_reason")


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
    about = reading.about(declared, name)
    if reading.problems:
        raise SourceError(reading.problems)
    return about


class _Reading:
    """Turns the declared tables into values and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def fault(self, found: str, expected: str, remedy: str = "") -> None:
        self.problems.append(Problem(self.file, found, expected, remedy))

    def about(self, declared: Mapping[str, Any], name: str) -> About:
        """Everything that is declared."""
        self.known(declared, "", _KEYS)
        for key in ("title", "authority", "round"):
            if not str(declared.get(key) or "").strip():
                self.fault(f"no {key}", f'{key} = "..."')
        visits = self.table(declared, "visits")
        self.known(visits, "visits.", ("first", "last"))
        domains = self.domains(self.tables(declared, "domains"))
        programme = self.tables(declared, "programme")
        return About(
            name=name,
            title=self.text(declared, "title"),
            publisher=self.text(declared, "publisher"),
            authority=self.text(declared, "authority"),
            round=self.text(declared, "round"),
            licence=self.text(declared, "licence"),
            citation=self.text(declared, "citation"),
            published=self.day(declared, "published"),
            illustrative=self.truth(declared, "illustrative"),
            notes=self.texts(declared, "notes"),
            first_visit=self.text(visits, "first", "visits."),
            last_visit=self.text(visits, "last", "visits."),
            scale=self.scale(self.table(declared, "scale")),
            domains=domains or DOMAINS,
            services=self.vocabulary("service", self.tables(declared, "services")),
            areas=self.vocabulary("area", self.tables(declared, "areas")),
            programme=tuple(
                Event(self.text(each, "date", "programme."), self.text(each, "event", "programme."))
                for each in programme
            ),
            files=self.files(self.tables(declared, "files"), domains or DOMAINS),
            columns=self.columns(declared, domains or DOMAINS, ""),
        )

    def known(self, declared: Mapping[str, Any], within: str, keys: Iterable[str]) -> None:
        """Tell every key that is not one of *keys*."""
        for key in sorted(declared.keys() - set(keys)):
            close = suggest(key, keys)
            remedy = f"did you mean {close!r}?" if close else "docs/data-dictionary.md lists them"
            self.fault(f"the key {within}{key}", "a key that is known", remedy)

    def text(self, declared: Mapping[str, Any], key: str, within: str = "") -> str:
        value = declared.get(key, "")
        if not isinstance(value, str):
            self.fault(f"{within}{key} = {value!r}", "text in double quotes")
            return ""
        return value.strip()

    def day(self, declared: Mapping[str, Any], key: str) -> date | None:
        value = declared.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault(f"{key} = {value!r}", "a date such as 2018-02-07, without quotes")
        return None

    def truth(self, declared: Mapping[str, Any], key: str) -> bool:
        value = declared.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{key} = {value!r}", "true or false, without quotes")
        return bool(value)

    def texts(self, declared: Mapping[str, Any], key: str, within: str = "") -> tuple[str, ...]:
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(f"{within}{key} = {value!r}", "a list of texts")
            return ()
        return tuple(value)

    def table(self, declared: Mapping[str, Any], key: str, within: str = "") -> Mapping[str, Any]:
        value = declared.get(key, {})
        if not isinstance(value, dict):
            self.fault(f"{within}{key} = {value!r}", f"a table [{within}{key}]")
            return {}
        return value

    def tables(self, declared: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(f"{key} = {value!r}", f"tables [[{key}]]")
            return []
        return value

    def scale(self, declared: Mapping[str, Any]) -> Scale:
        """The declared scale; Ofsted's, with further spellings, where no codes are declared."""
        self.known(declared, "scale.", ("codes", "names", "good", "title", "aliases"))
        aliases = self.table(declared, "aliases", "scale.")
        for spelling, code in aliases.items():
            if not isinstance(code, str):
                self.fault(f"scale.aliases.{spelling} = {code!r}", "a code in double quotes")
        if "codes" not in declared:
            usual = {"codes": list(OFSTED.codes), "names": list(OFSTED.names)}
            declared = {**usual, "good": OFSTED.good, "title": OFSTED.title, **declared}
            usual_aliases = OFSTED.aliases
        else:
            usual_aliases = ()
        try:
            scale = Scale(
                codes=self.texts(declared, "codes", "scale."),
                names=self.texts(declared, "names", "scale."),
                good=self.text(declared, "good", "scale."),
                title=self.text(declared, "title", "scale.") or "declared scale",
                aliases=(*usual_aliases, *((text, str(code)) for text, code in aliases.items())),
            )
        except GradeError as fault:
            self.fault(f"a [scale] that contradicts itself ({fault})", "a scale")
            return OFSTED
        for spelling in clashes_of(scale):
            self.fault(f"the grade spelling {spelling!r}", "one meaning for each spelling")
        return scale

    def domains(self, declared: list[Mapping[str, Any]]) -> tuple[Domain, ...]:
        found = []
        for each in declared:
            self.known(each, "domains.", ("key", "title", "short", "aliases", "headline"))
            key = self.text(each, "key", "domains.")
            headline = self.text(each, "headline", "domains.") or "code"
            if not key.isidentifier() or key in _RESERVED:
                self.fault(
                    f"domains.key = {key!r}", "a short name of letters and underscores, not that of a column"
                )
            if headline not in ("code", "words"):
                self.fault(f"domains.headline = {headline!r}", "'code' or 'words'")
            title = self.text(each, "title", "domains.") or key
            short = self.text(each, "short", "domains.") or title
            aliases = self.texts(each, "aliases", "domains.")
            found.append(Domain(key, title, short, aliases, "words" if headline == "words" else "code"))
        self.clashes(Vocabulary("domain", found))
        return tuple(found)

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
        self.clashes(found)
        return found

    def clashes(self, found: Vocabulary) -> None:
        for name in _twice(found.names):
            self.fault(f"the {found.kind} {name!r} twice", f"each {found.kind} once")
        for spelling in found.clashes:
            self.fault(f"the {found.kind} spelling {spelling!r} twice", f"one {found.kind} for each spelling")

    def files(
        self, declared: Iterable[Mapping[str, Any]], domains: Sequence[Domain]
    ) -> tuple[DeclaredFile, ...]:
        found = []
        for each in declared:
            self.known(each, "files.", ("name", "kind", "sha256", "origin", "columns"))
            name, kind = self.text(each, "name", "files."), self.text(each, "kind", "files.")
            if not name:
                self.fault("a file without a name", 'name = "..." for each file')
            if kind not in (*KINDS, FORMS):
                self.fault(f"files.kind = {kind!r}", f"one of {', '.join((*KINDS, FORMS))}")
            sha256 = self.text(each, "sha256", "files.") or None
            origin = self.text(each, "origin", "files.")
            found.append(DeclaredFile(name, kind, sha256, origin, self.columns(each, domains, "files.")))
        if not found:
            self.fault("no [[files]]", "at least one file with its name and kind")
        for name in _twice(file.name for file in found):
            self.fault(f"the file {name!r} twice", "each file once")
        return tuple(found)

    def columns(
        self, declared: Mapping[str, Any], domains: Sequence[Domain], within: str
    ) -> tuple[tuple[str, str], ...]:
        """What ``[columns]`` maps: our name of a column, or a domain's key, to a heading."""
        mapped = self.table(declared, "columns", within)
        self.known(mapped, f"{within}columns.", (*_MAPPED, *(domain.key for domain in domains)))
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


def _twice(names: Iterable[str]) -> list[str]:
    """The names that stand more than once."""
    return sorted(name for name, times in Counter(names).items() if name and times > 1)


def clashes_of(scale: Scale) -> list[str]:
    """Spellings that a scale gives two meanings, or that mean *no judgement*."""
    meanings: dict[str, str] = dict.fromkeys(map(fold, UNGRADED_WORDS), NO_JUDGEMENT)
    pairs = [(code, code) for code in scale.codes] + list(zip(scale.names, scale.codes, strict=True))
    return [text for text, code in (*pairs, *scale.aliases) if meanings.setdefault(fold(text), code) != code]
