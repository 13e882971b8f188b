"""The one grammar of running text: a service on a line of its own, then domains, each with its grading.

    Safeguarding Teams
    Quality domain                Grading
    Overall conclusion            Requires Improvement (7 x RI, 2 x I)

Domains and services are those that are declared. A title or a grading may run on over the next lines. Prose
is passed over; what looks like a grading and cannot be placed is an error.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import NamedTuple

from improvement_analysis.about import About
from improvement_analysis.errors import MOST_PROBLEMS, Problem, SourceError
from improvement_analysis.notation import shown
from improvement_analysis.sources.formats.document import Line
from improvement_analysis.sources.recognition.cells import grade_reader, literal_spellings
from improvement_analysis.sources.recognition.raw_table import RawTable
from improvement_analysis.sources.recognition.service_names import service_above, service_named
from improvement_analysis.vocabulary import Domain, Term, Vocabulary, clean, fold

__all__ = ["holds_tally", "read_lines"]

#: Lines that a title with its grading may take, words that a grading may have, and lines of prose that may
#: stand between a service's name and its first grading.
MOST_LINES, MOST_WORDS, MOST_PROSE = 6, 60, 12

#: So many lines above its gradings the name of a service is looked for.
MOST_ABOVE = 4

#: A longer text is no summary of gradings.
MOST_LETTERS = 2_000_000

_TALLY = re.compile(r"\(\s*[0-9]+\s*[x×]", re.IGNORECASE)
_PAGE = re.compile(r"(page )?\d{1,4}( (of|/) \d{1,4})?", re.IGNORECASE)
_BULLET = re.compile(r"[-•*·–—▪●o]|\d{1,2}[.)]|#{1,6}")
_RULE = re.compile(r"[-=_:|+ ]{3,}")


def holds_tally(text: str) -> bool:
    """Whether a text looks as if it held a grading with its tally.

    Examples
    --------
    >>> holds_tally("Overall conclusion: RI (3 x RI)"), holds_tally("three visits (2017)")
    (True, False)
    """
    return _TALLY.search(text) is not None


class _Word(NamedTuple):
    text: str
    folded: str
    line: int
    first: bool


@dataclass(frozen=True)
class _Match:
    name: str
    end: int
    words: int


class _Names:
    """The declared spellings, found at the beginning of a run of words whatever the spaces between them."""

    def __init__(self, terms: Sequence[Term | Domain]) -> None:
        self._by_spelling: Mapping[str, str] = {
            _compact(spelling): term.name for term in terms for spelling in term.spellings
        }
        self._beginnings = {text[:i] for text in self._by_spelling for i in range(1, len(text) + 1)}

    def match(self, words: Sequence[_Word], start: int, *, whole_line: bool = False) -> _Match | None:
        """The longest spelling that the words from *start* give; with *whole_line*, one that ends a line."""
        found, text = None, ""
        for end in range(start, len(words)):
            if words[end].line - words[start].line >= MOST_LINES:
                break
            text += words[end].folded
            name = self._by_spelling.get(text) or self._by_spelling.get(text.rstrip(":"))
            ends_line = end + 1 == len(words) or words[end + 1].first
            if name is not None and (ends_line or not whole_line):
                found = _Match(name, end + 1, end + 1 - start)
            if text not in self._beginnings:
                break
        return found


def read_lines(name: str, lines: Sequence[Line], about: About) -> tuple[RawTable, list[Problem]]:
    """The printed cells of a text as a table ``service, domain, grading``, and what could not be placed.

    Raises
    ------
    SourceError
        If the text is absurdly long.
    """
    if (letters := sum(len(line.text) for line in lines)) > MOST_LETTERS:
        raise SourceError([Problem(name, f"a text of {letters:,} letters", f"at most {MOST_LETTERS:,}")])
    problems: list[Problem] = []
    if not len(about.services):
        about, problems = _with_services(name, lines, about)
    reading = _TextReading(name, lines, about)
    position = 0
    while position < len(reading.words) and len(reading.problems) < MOST_PROBLEMS:
        position = reading.step(position)
    found = reading.found
    headings = ("service", "domain", "grading")
    columns = {column: [str(cell[i]) for cell in found] for i, column in enumerate(headings)}
    where = [lines[cell[3]] for cell in found]
    pages = [line.page for line in where if line.page is not None]
    numbers = [line.number or 0 for line in where]
    table = RawTable(name, columns, numbers, pages=pages, counts_lines=True, header_row=None)
    problems += _parted(name, found, lines, about) if problems else []
    return table, [*problems, *reading.spelt_otherwise(), *reading.problems]


def _parted(
    name: str, found: Sequence[tuple[str, str, str, int]], lines: Sequence[Line], about: About
) -> Iterator[Problem]:
    """Services next to each other, each with just the domains that the other lacks: may they be one?"""
    domains: dict[str, set[str]] = {}
    first: dict[str, int] = {}
    for service, domain, _, line in found:
        domains.setdefault(service, set()).add(domain)
        first.setdefault(service, line)
    every = {domain.key for domain in about.domains}
    for one, other in itertools.pairwise(domains):
        if not domains[one] & domains[other] and domains[one] | domains[other] == every:
            said = f"{other!r} between the gradings of {one!r} and others that {one!r} lacks"
            remedy = f"declare [[services]] in source.toml: {one!r} alone, or {other!r} too"
            place = lines[first[other]]
            yield Problem(
                name,
                said,
                "one reading: a service, or a line of the page",
                remedy,
                page=place.page,
                line=place.number,
            )


def _with_services(name: str, lines: Sequence[Line], about: About) -> tuple[About, list[Problem]]:
    """The dataset with the services that the lines just above gradings name, where none are declared."""
    named: dict[str, str] = {}
    for above in _TextReading(name, lines, about).above_gradings():
        text = service_above(above)
        if text is not None and (service := service_named(text)) is not None:
            named.setdefault(service, clean(text))
    if not named:
        return about, []
    terms = [Term(service, (text,)) for service, text in named.items()]
    read_as = ", ".join(f"{text!r} was read as the service {service!r}" for service, text in named.items())
    said = ("headings above gradings", "services that are declared", read_as)
    known = replace(about, services=Vocabulary("service", terms))
    return known, [Problem(name, *said, severity="warning", note=True)]


class _TextReading:
    """Walks the words line by line and gathers cells and problems."""

    def __init__(self, name: str, lines: Sequence[Line], about: About) -> None:
        self.name, self.lines, self.about = name, lines, about
        folded = lru_cache(maxsize=10_000)(fold)
        self.words = [
            _Word(word, folded(word), number, first == 0)
            for number, line in enumerate(lines)
            for first, word in enumerate(clean(line.text.replace("|", " ")).split())
        ]
        self.services, self.domains = _Names(about.services.terms), _Names(about.domains)
        self.known_services = about.services
        self._read_grade = grade_reader(about.scale)
        self.known_domains = Vocabulary("domain", about.domains)
        self.found: list[tuple[str, str, str, int]] = []
        self.problems: list[Problem] = []
        self.service: str | None = None
        self.refused = False  # a missing service was told; its other gradings need not be
        self.prose: list[int] = []  # lines of other text since the service's name or its last grading
        self.spelt: dict[str, str] = {}  # domains by a heading that is not literal
        self.graded = False  # a grading of the service was read

    def step(self, start: int) -> int:
        """Read what begins with the line at *start*; return where to go on."""
        position = self._after_bullet(start)
        heading = self.services.match(self.words, position, whole_line=True)
        if heading is not None:
            self.service, self.prose, self.graded, self.refused = heading.name, [], False, False
            return heading.end
        begun = self.services.match(self.words, position)
        domain = self.domains.match(self.words, begun.end if begun else position)
        if domain is not None:
            end = self._grading_end(domain)
            if end is not None:
                self._spelling(domain, begun.end if begun else position)
                self._cell(begun.name if begun else None, domain, end, start)
                return end
        return self._other(start)

    def _after_bullet(self, start: int) -> int:
        """Where the text of a line begins, if it begins with a bullet and goes on."""
        follows = start + 1 < len(self.words) and not self.words[start + 1].first
        return start + bool(follows and _BULLET.fullmatch(self.words[start].text))

    def _spelling(self, domain: _Match, start: int) -> None:
        """Keep how a domain is spelt where only its framework knows that spelling."""
        text = " ".join(word.text for word in self.words[start : domain.end]).rstrip(":")
        if _compact(text) not in map(_compact, literal_spellings(domain.name, self.about)):
            self.spelt[text] = self.about.short_labels[domain.name]

    def spelt_otherwise(self) -> Iterator[Problem]:
        """What is told of spellings that are not literal, once."""
        if self.spelt:
            read_as = ", ".join(f"{text!r} was read as {label}" for text, label in self.spelt.items())
            message = ("words that are not ours", "the names of domains", read_as)
            yield Problem(self.name, *message, severity="warning", note=True)

    def above_gradings(self) -> Iterator[list[str]]:
        """The last lines before each run of gradings."""
        position = begun = 0
        while position < len(self.words):
            line = self.words[position].line
            domain = self.domains.match(self.words, self._after_bullet(position))
            end = self._grading_end(domain) if domain is not None else None
            if end is None:
                position = self._line_end(position)
                continue
            between = [each.text for each in self.lines[begun:line] if not each.running]
            if between:
                yield between[-MOST_ABOVE:]
            position, begun = end, self.words[end - 1].line + 1

    def _grading_end(self, domain: _Match) -> int | None:
        """Where the grading after a domain ends; None where none follows."""
        first_line = self.words[domain.end - 1].line
        for end in range(domain.end, min(domain.end + MOST_WORDS, len(self.words))):
            word = self.words[end]
            if word.line - first_line >= MOST_LINES or (word.first and self._begins_something(end)):
                break
            if ")" in word.text:
                said = " ".join(each.text for each in self.words[domain.end : end + 1])
                before = said.partition("(")[0].split()
                brief = len(before) <= 4 if domain.words > 1 else self._is_grade(" ".join(before))
                return self._line_end(end) if holds_tally(said) or brief else None
        same_line = [word for word in self.words[domain.end : domain.end + 9] if word.line == first_line]
        brief = domain.words > 1 and len(same_line) <= 3
        if self.service is not None and (brief or self._tries_a_tally(same_line)):
            return domain.end + len(same_line)
        return None

    def _tries_a_tally(self, words: Sequence[_Word]) -> bool:
        """Whether the rest of a line is a grade, alone or with a tally that is none."""
        said = " ".join(word.text for word in words)
        if len(words) > 8 or not words:
            return False
        return self._is_grade(said) or (self._is_grade(words[0].text) and re.search(r"\d", said) is not None)

    def _is_grade(self, text: str) -> bool:
        reading = self._read_grade(text).value
        return reading is not None and reading.grade is not None

    def _begins_something(self, start: int) -> bool:
        return bool(
            self.services.match(self.words, start, whole_line=True) or self.domains.match(self.words, start)
        )

    def _line_end(self, position: int) -> int:
        line = self.words[position].line
        while position < len(self.words) and self.words[position].line == line:
            position += 1
        return position

    def _cell(self, service: str | None, domain: _Match, end: int, start: int) -> None:
        line = self.words[start].line
        service = service or self._current_service(line)
        if service is None:
            return
        text = " ".join(word.text for word in self.words[domain.end : end])
        self.found.append((service, domain.name, text, line))
        self.graded, self.prose = True, []

    def _current_service(self, line: int) -> str | None:
        """The service that a grading on *line* belongs to; None, told once, where that is not certain."""
        apart = len(self.prose) > (0 if self.graded else MOST_PROSE)
        if self.service is not None and not apart:
            return self.service
        if not self.refused:
            said = [clean(self.lines[each].text) for each in self.prose]
            close = next(
                (close for text in said if len(text) <= 80 and (close := self.known_services.suggest(text))),
                None,
            )
            declared = ", ".join(self.known_services.names) or "none is declared in source.toml"
            self._problem(
                line,
                "a grading with no service above it",
                f"a line with the service's name: {declared}",
                f"did you mean {close!r}?" if close else "",
            )
        self.service, self.refused = None, True
        return None

    def _other(self, start: int) -> int:
        """Pass over a line that is no cell, unless it holds a grading."""
        end = self._line_end(start)
        number = self.words[start].line
        text = clean(self.lines[number].text)
        if holds_tally(self._to_bracket(number)) or self._ends_in_grade(number):
            close = self.known_domains.suggest(text.partition("(")[0].strip())
            declared = "the title of a domain before the grading"
            self._problem(number, shown(text), declared, f"did you mean {close!r}?" if close else "")
            self.prose = []
        elif self._is_header(text) or _RULE.fullmatch(text):
            pass
        elif not (self.lines[number].running or _PAGE.fullmatch(text)):
            self.prose.append(number)
        return end

    def _ends_in_grade(self, number: int) -> bool:
        """Whether a line below a service has a grade in the last of its columns."""
        columns = [part for part in re.split(r"\t|\|", self.lines[number].text) if part.strip()]
        return self.service is not None and len(columns) > 1 and self._is_grade(columns[-1])

    def _to_bracket(self, number: int) -> str:
        """A line's text; with the two lines after it where a bracket is left open."""
        text = self.lines[number].text
        is_open = text.rfind("(") > text.rfind(")")
        return " ".join(line.text for line in self.lines[number : number + (3 if is_open else 1)])

    @staticmethod
    def _is_header(text: str) -> bool:
        words = set(re.findall(r"\w+", text.casefold()))
        return len(words) <= 4 and "domain" in words and bool(words & {"grading", "grade", "judgement"})

    def _problem(self, line: int, found: str, expected: str, remedy: str) -> None:
        place = self.lines[line]
        self.problems.append(Problem(self.name, found, expected, remedy, page=place.page, line=place.number))


def _compact(text: str) -> str:
    return "".join(fold(word) for word in clean(text).split()).rstrip(":")
