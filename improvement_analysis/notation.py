"""How grades are written: ``RI (5 x RI, 3 x I, 1 x no judgement)`` into headline and tally, and back.

A text is understood or refused; a grade is never guessed. What a reader may tidy up (case, spaces, full-width
letters, the order of a split) is listed with the result, so that a source can be told about it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from numbers import Real
from typing import NamedTuple

from improvement_analysis.errors import GradeError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.vocabulary import clean, fold, suggest, tidied

__all__ = [
    "PublishedGrading",
    "format_grading",
    "format_tally",
    "is_headline_of",
    "is_not_applicable",
    "most_frequent",
    "parse_grade",
    "parse_grading",
    "parse_tally",
    "read_grade",
    "read_tally",
]

# Hyphens, dashes and the minus sign, which a hurried hand takes for one another.
_DASHES = ("-", "\u2010", "\u2011", "\u2012", "\u2013", "\u2014", "\u2015", "\u2212")

#: Words that say that there was nothing to grade. They are kept as the reason.
NOT_APPLICABLE_WORDS = ("n/a", "not applicable")

#: Words that say that a team was not graded. They are kept as the reason.
UNGRADED_WORDS = (
    NO_JUDGEMENT,
    "no judgment",
    "not judged",
    "no grade",
    "not graded",
    "ungraded",
    *NOT_APPLICABLE_WORDS,
    "insufficient evidence",
    "not inspected",
    *_DASHES,
)

_FORMER_WORDS = ("adequate", "satisfactory")
#: A larger number in a tally is a slip of the pen: no authority has as many teams.
MOST_TEAMS = 9_999
_ITEM = re.compile(r"(?P<n>[0-9]+)\s*[xX×]\s*(?P<grade>.*\S)")
_REMARK = re.compile(r"([^()]*\S)\s*\([^()0-9]*\)")
_BETWEEN = re.compile(r"\s*(?:,\s*and|,|\band)\s+(?=[0-9]+\s*[xX×])|,")
_EXPECTED_TALLY = "a tally such as '5 x RI, 3 x I, 1 x G'"
_CELL = re.compile(r"(?P<headline>[^()]*)\((?P<tally>[^()]*)\)")


@dataclass(frozen=True)
class GradeReading:
    """What a text says of a grade.

    Attributes
    ----------
    grade
        One of the scale's categories; None where the text says that no grade was given.
    reason
        The source's words for that; None where there is a grade. Words that only the dataset declares for
        *not applicable* stand behind these two, so that :func:`is_not_applicable` knows them anywhere.
    notes
        What was tidied and could mislead, in words.
    """

    grade: str | None
    reason: str | None = None
    notes: tuple[str, ...] = ()


class TallyItem(NamedTuple):
    """So many teams at one grade (None: without one, for the reason given)."""

    n: int
    grade: str | None
    reason: str | None


class PublishedGrading(NamedTuple):
    """A printed cell: the headline (None for *no judgement*, as of :func:`parse_grade`) and the tally."""

    headline: str | None
    tally: dict[str, int]


def read_grade(text: str, scale: Scale = OFSTED) -> GradeReading:
    """Read one grade, keeping the source's words where none was given.

    Raises
    ------
    GradeError
        If *text* is neither a grade, a split of two neighbouring grades, nor words for *no grade*.

    Examples
    --------
    >>> read_grade("I / RI")
    GradeReading(grade='RI / I', reason=None, notes=())
    >>> read_grade("Not inspected").reason
    'Not inspected'
    """
    if not isinstance(text, str):
        raise GradeError(repr(text), expected_grades(scale))
    cleaned, folded, note = clean(text), _folded(text), tidied(text)
    notes = () if note is None else (note,)
    if (word := _spellings(scale).get(folded)) is not None:
        return GradeReading(word, notes=notes)
    if (reason := _reason(cleaned, folded, scale)) is not None:
        return GradeReading(None, reason, notes)
    halves = [_spellings(scale).get(half) for half in folded.split("/")]
    if len(halves) == 2 and None not in halves:
        return GradeReading(_split(text, [half for half in halves if half], scale), notes=notes)
    raise GradeError(shown(text), expected_grades(scale), _remedy(cleaned, scale))


def is_not_applicable(reason: object) -> bool:
    """Whether the reason for a missing grade is that there was nothing to grade, not that none was given.

    Examples
    --------
    >>> is_not_applicable("N/A"), is_not_applicable("not judged"), is_not_applicable(None)
    (True, False, False)
    """
    return isinstance(reason, str) and fold(reason).partition(" (")[0] in NOT_APPLICABLE_WORDS


def parse_grade(text: str, scale: Scale = OFSTED) -> str | None:
    """Return the grade that *text* names, in the scale's spelling; None for *no judgement* and its kin.

    Case, spaces and the order of a split are free; anything else is refused, never guessed.

    Raises
    ------
    GradeError
        If *text* is not a grade. An empty text is not *no judgement*.

    Examples
    --------
    >>> parse_grade("requires improvement"), parse_grade("I/RI"), parse_grade("no judgement")
    ('RI', 'RI / I', None)
    """
    return read_grade(text, scale).grade


def read_tally(text: str, scale: Scale = OFSTED) -> list[TallyItem]:
    """Read a tally in its printed order, keeping the words of each item without a grade.

    Examples
    --------
    >>> read_tally("6 x RI, 3 x no judgement")[1]
    TallyItem(n=3, grade=None, reason='no judgement')
    """
    if not isinstance(text, str):
        raise GradeError(repr(text), _EXPECTED_TALLY)
    items, seen = [], set()
    for part in _BETWEEN.split(clean(text)):
        item = _read_item(part.strip(), text, scale)
        key = (item.grade, fold(item.reason or ""))
        if key in seen:
            said = item.grade or item.reason
            raise GradeError(shown(text), "each grade once", f"{said!r} stands twice")
        seen.add(key)
        items.append(item)
    return items


def _read_item(part: str, text: str, scale: Scale) -> TallyItem:
    """Read one item of the tally *text*, which messages quote."""
    match = _ITEM.fullmatch(part)
    if match is None:
        remedy = "parse_grading reads a headline and its tally together" if "(" in text else ""
        raise GradeError(shown(text), _EXPECTED_TALLY, remedy)
    digits = match["n"]
    if digits.startswith("0") or len(digits) > len(str(MOST_TEAMS)):
        raise GradeError(shown(text), f"a tally with numbers of teams from 1 to {MOST_TEAMS:,}")
    reading = read_grade(match["grade"], scale)
    return TallyItem(int(digits), reading.grade, reading.reason)


def parse_tally(text: str, scale: Scale = OFSTED) -> dict[str, int]:
    """Return the number of teams at each grade of a tally, worst to best, then *no judgement*.

    Parameters
    ----------
    text
        What stands inside the brackets: ``"5 x RI, 3 x I, 1 x G"``. Only the grades named are keys.

    Raises
    ------
    GradeError
        If *text* is not a tally, a grade stands twice, or a number is 0.

    Examples
    --------
    >>> parse_tally("5 x RI, 3 x I, 1 x G")
    {'I': 3, 'RI': 5, 'G': 1}
    """
    found: dict[str, int] = {}
    for n, grade, _ in read_tally(text, scale):
        found[grade or NO_JUDGEMENT] = found.get(grade or NO_JUDGEMENT, 0) + n
    return {grade: found[grade] for grade in scale.columns if grade in found}


def format_tally(tally: Mapping[str, int] | str, scale: Scale = OFSTED) -> str:
    """Write a tally as published: most teams first, worst first among equals, *no judgement* last.

    The exact inverse of :func:`parse_tally`. Grades with 0 teams are left out. The text of a tally, as the
    column ``tally`` of published cells holds it, is read first and written in this order.

    Examples
    --------
    >>> format_tally({"I": 3, "RI": 5, "G": 1})
    '5 x RI, 3 x I, 1 x G'
    """
    if isinstance(tally, str):
        tally = parse_tally(tally, scale)
    for grade, n in tally.items():
        whole = isinstance(n, Real) and not isinstance(n, bool) and float(n).is_integer()
        if grade not in scale.columns or not whole or n < 0:
            raise GradeError(f"{n!r} x {grade!r}", f"a whole number of teams at {expected_grades(scale)}")
    there = [grade for grade in scale.columns if tally.get(grade, 0) > 0]
    if not there:
        raise GradeError("no team", "a tally of at least one team")
    there.sort(key=lambda grade: (grade == NO_JUDGEMENT, -tally[grade]))
    return ", ".join(f"{int(tally[grade])} x {grade}" for grade in there)


def parse_grading(text: str, scale: Scale = OFSTED) -> PublishedGrading:
    """Read a printed cell: headline and tally.

    Raises
    ------
    GradeError
        If *text* is not a headline followed by a tally in brackets.

    Examples
    --------
    >>> parse_grading("RI (5 x RI, 3 x I, 1 x G)")
    PublishedGrading(headline='RI', tally={'I': 3, 'RI': 5, 'G': 1})
    """
    headline, tally = split_grading(text)
    return PublishedGrading(parse_grade(headline, scale), parse_tally(tally, scale))


def split_grading(text: str) -> tuple[str, str]:
    """The texts of the headline and of the tally in a printed cell.

    Examples
    --------
    >>> split_grading("RI / I (2 x RI / I)")
    ('RI / I', '2 x RI / I')
    """
    match = _CELL.fullmatch(clean(text)) if isinstance(text, str) else None
    if match is None:
        expected = "a headline and its tally, such as 'RI (5 x RI, 3 x I, 1 x G)'"
        raise GradeError(shown(text) if isinstance(text, str) else repr(text), expected)
    return match["headline"].strip(), match["tally"].strip()


def format_grading(
    headline: str | None, tally: Mapping[str, int], scale: Scale = OFSTED, *, words: bool = False
) -> str:
    """Write a printed cell; the exact inverse of :func:`parse_grading`.

    Parameters
    ----------
    headline
        A grade of the scale, or None for *no judgement*, which may be spelt out. It is written as given,
        never worked out from the tally.
    words
        Write the headline in words with capitals, as reports print an overall conclusion.

    Examples
    --------
    >>> format_grading("RI", {"RI": 7, "I": 2}, words=True)
    'Requires Improvement (7 x RI, 2 x I)'
    """
    if headline is None or headline == NO_JUDGEMENT:
        return f"{NO_JUDGEMENT} ({format_tally(tally, scale)})"
    scale.rank(headline)
    spelt = scale.name(headline).title() if words else headline
    return f"{spelt} ({format_tally(tally, scale)})"


def most_frequent(tally: Mapping[str, int]) -> list[str]:
    """The grades that most teams of a tally have: several where they tie, none where none was judged.

    Examples
    --------
    >>> most_frequent({"RI": 6, "no judgement": 7})
    ['RI']
    """
    judged = {grade: n for grade, n in tally.items() if grade != NO_JUDGEMENT and n}
    return [grade for grade, n in judged.items() if n == max(judged.values())]


def is_headline_of(headline: str, tally: Mapping[str, int], scale: Scale = OFSTED) -> bool:
    """Whether *headline* is the most frequent grade of *tally*: any of several, or the split between two.

    Examples
    --------
    >>> is_headline_of("RI / I", {"RI": 1, "I": 1}), is_headline_of("RI / I", {"RI": 2, "I": 1})
    (True, False)
    """
    modes = set(most_frequent(tally))
    if headline in modes or not modes:
        return bool(modes) or headline == NO_JUDGEMENT
    return headline in scale.splits and set(scale.ends(headline)) == modes


def expected_grades(scale: Scale) -> str:
    """What a cell of grades may hold, for a message."""
    return f"one of {', '.join(scale.codes)}, a split such as {scale.splits[0]!r}, or {NO_JUDGEMENT!r}"


@lru_cache(maxsize=16)
def _spellings(scale: Scale) -> dict[str, str]:
    named = [*zip(scale.codes, scale.codes, strict=True), *zip(scale.names, scale.codes, strict=True)]
    return {_folded(text): code for text, code in [*named, *scale.aliases]}


def _folded(text: str) -> str:
    """*text* as grades are compared: as names are, and an underscore is a space."""
    return " ".join(fold(text).replace("_", " ").split()) or fold(text)


@lru_cache(maxsize=16)
def _no_grades(scale: Scale) -> tuple[frozenset[str], frozenset[str]]:
    """The scale's own words for *not judged* and for *not applicable*."""
    return frozenset(map(_folded, scale.ungraded)), frozenset(map(_folded, scale.not_applicable))


def _reason(cleaned: str, folded: str, scale: Scale) -> str | None:
    """The words for a missing grade, if *cleaned* is such; None where it is not."""
    ungraded, not_applicable = _no_grades(scale)
    if folded in not_applicable and not is_not_applicable(cleaned):
        return f"{NOT_APPLICABLE_WORDS[1]} ({cleaned})"
    return cleaned if folded in not_applicable | ungraded or folded in UNGRADED_WORDS else None


def _split(text: str, halves: list[str], scale: Scale) -> str:
    worse, better = scale.sorted(halves)
    if scale.rank(better) - scale.rank(worse) != 2:
        raise GradeError(
            shown(text),
            "a split of two neighbouring grades",
            f"{' and '.join(sorted(set(halves), key=scale.rank))} are not neighbours"
            if worse != better
            else f"write {worse} alone",
        )
    return f"{better} / {worse}"


def shown(text: str) -> str:
    """*text* as a message shows it: at most 80 letters of it, those that look like others named.

    Examples
    --------
    >>> print(shown("\\u0420I"))
    'РI' (Р is cyrillic capital letter er)
    """
    strange = sorted({letter for letter in text if not letter.isascii() and letter.isalnum()})
    named = ", ".join(f"{letter} is {unicodedata.name(letter, 'unnamed').lower()}" for letter in strange[:3])
    quoted = repr(text) if len(text) <= 80 else f"{text[:77]!r}... ({len(text):,} characters)"
    return f"{quoted} ({named})" if named else quoted


def _remedy(cleaned: str, scale: Scale) -> str:
    if not cleaned:
        return f"write {NO_JUDGEMENT!r} where the team was not graded"
    declare = "say what it means under [scale.aliases] in source.toml"
    if cleaned.isdigit():
        return f"a number has no direction of its own: {declare}"
    if (remark := _REMARK.fullmatch(cleaned)) and fold(remark[1]) in _spellings(scale):
        return f"a grade with a remark is not on the scale: write the grade alone, or {declare}"
    if fold(cleaned) in _FORMER_WORDS:
        return f"a word of a former scale: {declare}"
    if cleaned[-1] in ("+", *_DASHES) and fold(cleaned[:-1]) in _spellings(scale):
        return f"a grade with + or - is not on the scale: {declare}"
    words = (*scale.ungraded, *scale.not_applicable, *UNGRADED_WORDS[: -len(_DASHES)])
    close = suggest(cleaned, [*scale.codes, *scale.names, *scale.splits, *words])
    return f"did you mean {close!r}?" if close else ""
