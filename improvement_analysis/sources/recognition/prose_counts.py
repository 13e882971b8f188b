"""Counts that the prose of a document states: so many visits, so many teams. They are only proposed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from improvement_analysis.sources.formats.document import Line
from improvement_analysis.vocabulary import clean

__all__ = ["ProseCount", "find_counts"]

_UNITS = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
    *("thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen", "twenty"),
)
_NUMBERS = {word: number for number, word in enumerate(_UNITS, start=1)}

# A number, what is counted in at most six words, and the thing itself.
_COUNT = re.compile(
    rf"\b(?P<number>\d{{1,3}}|{'|'.join(_UNITS)}) (?P<named>(?:[A-Za-z][\w'&/-]* ){{1,6}}?)"
    r"(?P<thing>teams?|visits?|workshops?)\b",
    re.IGNORECASE,
)
_SENTENCE_WORDS = frozenset(
    [
        "and",
        "by",
        "each",
        "for",
        "from",
        "of",
        "on",
        "or",
        "that",
        "the",
        "their",
        "they",
        "this",
        "to",
        "were",
        "which",
    ]
)


@dataclass(frozen=True)
class ProseCount:
    """A count as the prose states it.

    Attributes
    ----------
    kind
        As the column ``kind`` of statements has it.
    number
        The count.
    named_as
        What is counted, in the source's words.
    line, page
        Where it stands; missing where the format counts neither.
    """

    kind: str
    number: int
    named_as: str
    line: int | None = None
    page: int | None = None


def find_counts(lines: Sequence[Line]) -> list[ProseCount]:
    """The counts of visits, teams and workshops in running text, each once, in order.

    Examples
    --------
    >>> text = "They made 23 team diagnostic visits, among them nine Safeguarding teams."
    >>> [(count.kind, count.number, count.named_as) for count in find_counts([Line(text)])]
    [('visits_total', 23, 'team diagnostic visits'), ('visits', 9, 'Safeguarding teams')]
    """
    texts = [clean(line.text) for line in lines]
    starts, length = [], 0
    for text in texts:
        starts.append(length)
        length += len(text) + 1
    counts: dict[tuple[str, str], ProseCount] = {}
    for match in _COUNT.finditer(" ".join(texts)):
        named = match["named"].split()
        kind = _kind(named, match["thing"].casefold())
        place = bisect_right(starts, match.start()) - 1
        # Digits at the end of a line are the number of a page as often as a count.
        if match["number"].isdigit() and place != bisect_right(starts, match.start("named")) - 1:
            continue
        if kind:
            line = lines[place]
            words = " ".join((*named, match["thing"]))
            digits = match["number"].casefold()
            number = _NUMBERS.get(digits) or int(digits)
            key = kind, "" if kind == "visits_total" else words.casefold()
            counts.setdefault(key, ProseCount(kind, number, words, line.number, line.page))
    return list(counts.values())


def _kind(named: Sequence[str], thing: str) -> str:
    """What is counted, as statements call it; empty where it is nothing that they know."""
    words = {word.casefold() for word in named}
    if words & _SENTENCE_WORDS - {"and"}:
        return ""
    if thing.startswith("workshop"):
        return "workshops"
    if thing.startswith("visit"):
        if {"deep", "dive"} <= words or "deep-dive" in words:
            return "deep_dives"
        return "visits_total" if "diagnostic" in words else ""
    return "visits" if any(word[0].isupper() for word in named) else ""
