"""Names and their other spellings: which words of a source mean which service, area or domain.

The project keeps a source's own spelling where it prints the source and one declared name where it counts.
Which spelling means which name is declared with the data; nothing is merged because it looks alike.
"""

from __future__ import annotations

import difflib
import itertools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

from improvement_analysis.scale import Scale

__all__ = [
    "MONTHS",
    "Domain",
    "Term",
    "Vocabulary",
    "clean",
    "day_in_words",
    "fold",
    "name_absent",
    "near_duplicates",
    "suggest",
    "tidied",
]

# Soft hyphens, joiners, marks of direction, variation selectors, tags: marks without a shape of their own.
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff"
    "\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f]"
)

# Full-width letters, and the ligatures that come with the text of a PDF.
_PLAIN: dict[int, int | str] = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_PLAIN |= dict(zip(range(0xFB00, 0xFB07), ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))

# Signs that a word processor puts in place of the typed ones.
_TYPED = str.maketrans(
    "\u2018\u2019\u02bc\u201c\u201d\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "'''\"\"-------"
)
_NO_WORD = re.compile(r"[\W_]+")
_AND = re.compile(r"\band\b")

#: So many names are compared letter by letter.
MOST_COMPARED = 5_000

_SLASH = re.compile("\\s*[/\u2044\u2215]\\s*")


#: As English has them, whatever language the machine is set to.
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def day_in_words(day: date) -> str:
    """A day as pages write it.

    Examples
    --------
    >>> day_in_words(date(2018, 2, 7))
    '7 February 2018'
    """
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def clean(text: str) -> str:
    """*text* without invisible marks, full-width forms, ligatures and surplus spaces; its case stays.

    Examples
    --------
    >>> clean(" Ｒ\u200bＩ\u00a0 ")
    'RI'
    """
    if text.isascii():
        return " ".join(text.split())
    return " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text).translate(_PLAIN)).split())


def tidied(text: str) -> str | None:
    """What :func:`clean` took away that the eye may have missed, in words; None where that is only spaces.

    Examples
    --------
    >>> tidied("R\\u200bI")
    "'R\\\\u200bI' was read as 'RI'"
    >>> tidied(" RI ") is None
    True
    """
    if text.isascii():
        return None
    cleaned = clean(text)
    same = " ".join(unicodedata.normalize("NFC", text).split()) == cleaned
    return None if same else f"{text!a} was read as {cleaned!r}"


def fold(text: str) -> str:
    """*text* as it is compared: cleaned, without case and spaces around a slash, quotes and dashes as typed.

    Examples
    --------
    >>> fold("Worcester /Malvern") == fold("worcester/ malvern")
    True
    """
    return _SLASH.sub("/", clean(text)).translate(_TYPED).casefold()


def suggest(text: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """The one of *known* that *text* most resembles; None where none is close.

    Where much is known, a higher *cutoff* keeps a word from being mistaken for another that rhymes with it.
    """
    folded = {fold(name): name for name in known}
    close = difflib.get_close_matches(fold(text), folded, n=1, cutoff=cutoff)
    if not close and (short := {key for key in folded if len(key) <= 3 and _one_edit(fold(text), key)}):
        close = [min(short)]
    return folded[close[0]] if close else None


def name_absent(absent: Iterable[str], known: Iterable[object]) -> str:
    """Names that are not there, in quotes, with what may have been meant: the end of a message.

    Examples
    --------
    >>> print(name_absent(["aera"], ["area", "team"]))
    'aera'; did you mean 'area'?
    """
    names, there = list(absent), [str(name) for name in known]
    close = dict.fromkeys(near for name in names if (near := suggest(name, there, cutoff=0.7)))
    hint = f"; did you mean {', '.join(map(repr, close))}?" if close else ""
    return f"{', '.join(map(repr, names))}{hint}"


def _one_edit(text: str, key: str) -> bool:
    return len(text) == len(key) > 1 and sum(a != b for a, b in zip(text, key, strict=True)) == 1


def near_duplicates(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that may be one name spelt twice: for a reader to look at, never to merge.

    A pair differs by case, spaces and punctuation only, or by one slip: a letter more, fewer, other, or two
    that changed places. Names told apart by a number or by a short word (*Team A*, *Team B*) are no pair.
    Among more than 5,000 names no slips are looked for.

    Examples
    --------
    >>> near_duplicates(["Redditch / Wychaven", "Redditch/Wychavon", "Team A", "Team B"])
    [('Redditch / Wychaven', 'Redditch/Wychavon')]
    """
    different = sorted(set(names))
    if len(different) > MOST_COMPARED:
        joined = [_joined(name) for name in different]
        often = {letters for letters, times in Counter(joined).items() if times > 1}
        different = [name for name, letters in zip(different, joined, strict=True) if letters in often]
    slips = len(different) <= MOST_COMPARED
    alike: dict[tuple[object, ...], list[_Letters]] = {}
    for name in map(_Letters, different):
        alike.setdefault((name.joined, name.numbers), []).append(name)
        for variant in _variants(name.joined) if slips else ():
            alike.setdefault((variant, name.marks), []).append(name)
    pairs = {pair for names in alike.values() if len(names) < 50 for pair in itertools.combinations(names, 2)}
    return sorted((one.name, other.name) for one, other in pairs if _one_slip(one.joined, other.joined))


def _joined(name: str) -> str:
    """A name's letters and digits, without case and without what stands between them."""
    return "".join(_words_of(name))


def _words_of(name: str) -> list[str]:
    """A name's words without case; *and* may be written as a sign, so it is none."""
    return _NO_WORD.sub(" ", _AND.sub(" ", clean(name).casefold())).split()


class _Letters:
    """A name's letters, and the words that tell it from its like: those with numbers, and short ones."""

    def __init__(self, name: str) -> None:
        words = _words_of(name)
        self.name = name
        self.joined = "".join(words)
        self.numbers = tuple(word for word in words if any(map(str.isdigit, word)))
        self.marks = ("marks", *(word for word in words if len(word) <= 2 or word in self.numbers))


def _variants(letters: str) -> set[str]:
    """*letters*, and it with each one left out where enough are left to tell."""
    shorter = {letters[:i] + letters[i + 1 :] for i in range(len(letters))} if len(letters) > 4 else set()
    return {letters, *shorter}


def _one_slip(one: str, other: str) -> bool:
    """Whether letters that share a variant are equal or differ by one slip."""
    if len(one) != len(other):
        return True
    differing = [i for i, (a, b) in enumerate(zip(one, other, strict=True)) if a != b]
    if len(differing) < 2:
        return True
    first, last = differing[0], differing[-1]
    return last == first + 1 and (one[first], one[last]) == (other[last], other[first])


@dataclass(frozen=True)
class Term:
    """A name and the other spellings that a source uses for it."""

    name: str
    aliases: tuple[str, ...] = ()

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that means this term."""
        return (self.name, *self.aliases)


@dataclass(frozen=True)
class Domain:
    """A quality domain, or the overall conclusion.

    Attributes
    ----------
    key
        As in data (``"practice"``).
    title, short
        As the source prints it, and as a chart has room for it.
    aliases
        Further spellings.
    headline
        How the source prints this domain's headline: as a ``"code"`` or in ``"words"``.
    scale
        Its own scale; None where it is graded on that of its dataset.
    """

    key: str
    title: str
    short: str
    aliases: tuple[str, ...] = ()
    headline: Literal["code", "words"] = "code"
    scale: Scale | None = None

    @property
    def name(self) -> str:
        """The key, so that a domain can stand in a :class:`Vocabulary`."""
        return self.key

    @property
    def spellings(self) -> tuple[str, ...]:
        """Everything that means this domain."""
        return (self.key, self.title, self.short, *self.aliases)


class Vocabulary:
    """The declared names of one kind of thing, in their declared order.

    Examples
    --------
    >>> services = Vocabulary("service", [Term("LAC Permanency", ("Children in Care Permanency",))])
    >>> services.find("children in care  permanency")
    'LAC Permanency'
    >>> services.find("Fostering") is None
    True
    """

    def __init__(self, kind: str, terms: Iterable[Term | Domain] = ()) -> None:
        self.kind = kind
        self.terms = tuple(terms)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The declared names, in order."""
        return tuple(term.name for term in self.terms)

    @cached_property
    def _by_spelling(self) -> dict[str, str]:
        return {fold(spelling): term.name for term in self.terms for spelling in term.spellings}

    @property
    def clashes(self) -> list[str]:
        """Spellings that are declared for two different names."""
        seen: dict[str, str] = {}
        pairs = [(spelling, term.name) for term in self.terms for spelling in term.spellings]
        return [text for text, name in pairs if seen.setdefault(fold(text), name) != name]

    def find(self, text: str) -> str | None:
        """The name that *text* is declared to mean; None where it is not declared."""
        return self._by_spelling.get(fold(text))

    def suggest(self, text: str) -> str | None:
        """The spelling that *text* most resembles; None where none is close."""
        return suggest(text, [spelling for term in self.terms for spelling in term.spellings], 0.7)

    def __iter__(self) -> Iterator[Term | Domain]:
        return iter(self.terms)

    def __len__(self) -> int:
        return len(self.terms)

    def __contains__(self, name: object) -> bool:
        return name in self.names

    def __repr__(self) -> str:
        return f"Vocabulary({self.kind!r}, {list(self.names)})"
