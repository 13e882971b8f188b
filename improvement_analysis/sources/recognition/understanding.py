"""What the headings of a table mean where they are not spelt as ours: synonyms, and columns of domains."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from improvement_analysis.about import About
from improvement_analysis.days import day_reader
from improvement_analysis.scale import Scale
from improvement_analysis.sources.headings import SYNONYMS, USUAL_HEADINGS, fold_heading
from improvement_analysis.sources.recognition.cells import grade_reader, is_literal
from improvement_analysis.sources.recognition.line_grammar import holds_tally
from improvement_analysis.sources.recognition.raw_table import Columns
from improvement_analysis.sources.recognition.roles import role_of
from improvement_analysis.vocabulary import Vocabulary, clean, fold

__all__ = ["MOST_LOOKED_AT", "Understanding", "meant_by", "understand"]

#: So many texts of a column are looked at to see what it holds.
MOST_LOOKED_AT = 200

#: What may stand behind a domain's name in the heading of its column.
_GRADED = (" grade", " grading", " judgement", " judgment", " graded")

_LITERAL, _USUAL, _SYNONYM = range(3)


class _Candidate(NamedTuple):
    """A heading that may mean a column of ours, and how far it is from its name."""

    rank: int
    heading: str
    position: int


@dataclass(frozen=True)
class Understanding:
    """What the headings of one header mean.

    Attributes
    ----------
    mapping
        Our name of each column, or the key of a domain, and its heading.
    domains
        The domains that have a column, in order; empty where a row is a grading.
    read_as
        Headings that are not literal, and what each was read as.
    open
        Names that two headings may mean, with these headings.
    """

    mapping: Mapping[str, str] = field(default_factory=dict)
    domains: tuple[str, ...] = ()
    read_as: Mapping[str, str] = field(default_factory=dict)
    open: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def is_table(self, value: str) -> bool:
        """Whether gradings can stand below: a column of domains with one of grades, or columns of domains."""
        return bool(self.domains) or {"domain", value} <= self.mapping.keys()


def understand(
    headings: Sequence[str],
    texts_of: Callable[[int], Sequence[str]],
    columns: Columns,
    mapping: Mapping[str, str],
    about: About,
) -> Understanding:
    """What *headings* mean.

    Parameters
    ----------
    headings
        As they stand.
    texts_of
        The texts below a heading, by its position.
    columns
        The columns asked for.
    mapping
        The headings that are declared. Nothing else is taken for a column that is declared.
    about
        The dataset's words.
    """
    found: dict[str, list[_Candidate]] = {}
    for position, heading in enumerate(headings):
        for name, rank in _meanings(heading, columns, mapping, about):
            candidate = _Candidate(rank, " ".join(heading.split()), position)
            if rank != _SYNONYM or _may_hold(name, texts_of(position), columns, about):
                found.setdefault(name, []).append(candidate)
                break
    best = {name: [each for each in all_ if each.rank == min(all_).rank] for name, all_ in found.items()}
    value = columns.value
    declared = {domain.key for domain in about.all_domains} & mapping.keys()
    domains = tuple(domain.key for domain in about.all_domains if domain.key in {*best, *declared})
    if {"domain", value} <= best.keys() and not declared:
        best = {name: all_ for name, all_ in best.items() if name not in domains}
        domains = ()
    elif domains:
        best = {name: all_ for name, all_ in best.items() if name not in ("domain", value)}
    return Understanding(
        {**mapping, **{name: all_[0].heading for name, all_ in best.items()}},
        domains,
        {
            all_[0].heading: _called(name, about)
            for name, all_ in best.items()
            if all_[0].rank == _SYNONYM and len(all_) == 1
        },
        {
            name: [each.heading for each in all_]
            for name, all_ in best.items()
            if len(all_) > 1 and all_[0].rank == _SYNONYM
        },
    )


def meant_by(headings: Sequence[str], columns: Columns, mapping: Mapping[str, str], about: About) -> set[str]:
    """The columns and domains that *headings* may mean, whatever stands below them."""
    return {
        name
        for heading in headings
        for name, _ in itertools.islice(_meanings(heading, columns, mapping, about), 1)
    }


def _meanings(
    heading: str, columns: Columns, mapping: Mapping[str, str], about: About
) -> Iterator[tuple[str, int]]:
    """The names that a heading may mean, the nearest first."""
    folded = fold_heading(heading)
    if not folded:
        return
    names = (*columns.needed, *columns.optional)
    keys = [domain.key for domain in about.all_domains] if columns.value else []
    for name in (*names, *(key for key in keys if key in mapping)):
        if folded == fold_heading(mapping.get(name, name)):
            yield name, _LITERAL
    own = [name for name, spelt in about.framework.headings if folded in map(fold_heading, spelt)]
    for name in own:
        if name in names and name not in mapping:
            yield name, _SYNONYM
    usual = None if own else USUAL_HEADINGS.get(folded)
    if usual and (name := usual.replace(" ", "_")) in names and name not in mapping:
        yield name, _USUAL
    if keys and (meant := _domain(heading, about)) is not None and meant[0] not in mapping:
        yield meant
    for name in names:
        if name not in mapping and folded in SYNONYMS.get(name, ()):
            yield name, _SYNONYM


def _domain(heading: str, about: About) -> tuple[str, int] | None:
    """The domain that a heading names, alone or with a word for its grade behind it."""
    known = Vocabulary("domain", about.all_domains)
    spelt = clean(heading.replace("_", " ")).rstrip(":").strip()
    plain = next((spelt[: -len(end)] for end in _GRADED if fold(spelt).endswith(end)), spelt)
    for text in (spelt, plain):
        if (key := known.find(text)) is not None:
            literal = text == spelt and is_literal(text, key, about)
            return key, _LITERAL if literal else _SYNONYM
    return None


def _called(name: str, about: About) -> str:
    """What a message calls a column of ours, or a domain."""
    short = {domain.key: domain.short for domain in about.all_domains}.get(name)
    return short or f"the column {name!r}"


def _may_hold(name: str, texts: Sequence[str], columns: Columns, about: About) -> bool:
    """Whether texts can be what a column of some name holds: at least half of those that are filled."""
    filled = [text for text in texts if text.strip()]
    test = _test_of(name, columns.value, about)
    return test is None or 2 * sum(map(test, filled)) >= max(len(filled), 1)


def _test_of(name: str, value: str, about: About) -> Callable[[str], bool] | None:
    """What tells whether a text belongs into a column; None where any text may."""
    domain = next((each for each in about.all_domains if each.key == name), None)
    if name == "visit_date":
        read_day = day_reader(None)
        return lambda text: not read_day(text).is_error or text.strip().isdecimal()
    if name == "grader":
        read_role = role_of(about)
        return lambda text: not read_role(text).is_error
    if name == "domain":
        known = Vocabulary("domain", about.all_domains)
        return lambda text: known.find(text) is not None
    if domain is None and name != value:
        return None
    return holds_tally if value == "grading" else _is_grade((domain and domain.scale) or about.scale)


def _is_grade(scale: Scale) -> Callable[[str], bool]:
    """Whether a text is a grade, or words for none."""
    read = grade_reader(scale)
    return lambda text: not read(text).is_error
