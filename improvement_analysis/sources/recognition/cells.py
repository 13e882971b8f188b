"""What a single cell may say: a name, a grade, a whole number. Days are read in :mod:`..days`."""

from __future__ import annotations

import re
from collections.abc import Callable

from improvement_analysis.about import LEFT_OUT, About
from improvement_analysis.days import month_of, read_day
from improvement_analysis.errors import GradeError, Reading
from improvement_analysis.notation import GradeReading, read_grade, shown
from improvement_analysis.scale import Scale
from improvement_analysis.spreadsheets import is_formula
from improvement_analysis.vocabulary import Vocabulary, clean, fold, tidied

__all__ = [
    "domain_reader",
    "grade_reader",
    "is_literal",
    "literal_spellings",
    "name_reader",
    "read_whole",
]

#: What to say of a cell without a text.
EMPTY = "an empty cell"

#: A longer text is no name.
MOST_LETTERS = 200

#: Most names: nothing of what is strange below can be in them.
_FORMULA = "which a spreadsheet would take for a formula"
_PLAIN_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9 /(),.'-]{{,{MOST_LETTERS - 1}}}")
_SPREADSHEET_ERROR = re.compile(r"#(N/A|[A-Z/0]+[!?])")
_WRONG_ENCODING = re.compile("[\u00c2\u00c3][\u0080-\u00bf]|\u00e2\u20ac|\ufffd")
_OF_A_PAGE = re.compile(r"&(#\d+|#x[0-9a-f]+|[a-z]{2,8});|</?[a-z][^<>]*>", re.IGNORECASE)

#: What stands in a cell where no one name is known. *NA* and *None* may be names of teams.
_NO_NAME = frozenset(
    [
        "n/a",
        "n.a.",
        "nan",
        "null",
        "#n/a",
        "not applicable",
        "not known",
        "not stated",
        "unknown",
        "tba",
        "tbc",
        "to be confirmed",
        "various",
        "total",
        "totals",
        "grand total",
        "all",
        "all teams",
        "all services",
        "all areas",
    ]
)
#: What stands in the place of a team where a row sums up others.
_SUMS = frozenset(["total", "totals", "grand total", "all", "all teams", "sum", "average", "mean", "mode"])
_SUMS_UP = "which sums up other rows"
_DASHES = frozenset(["-", "--", "---"])
_ROUND = re.compile(r"(19|20)\d\d([-/](19|20)?\d\d)?")

#: *01-Feb* and *Dec-11*, which a spreadsheet makes of *1-2* and *12-11*, and *1.00E+05*, made of *1E5*.
_DAY_AND_MONTH = re.compile(r"\d{1,2}-([a-z]{3})|([a-z]{3})-\d\d", re.ASCII | re.IGNORECASE)
_POWER = re.compile(r"\d(\.\d+)?E[+-]\d{2,3}", re.ASCII)


def name_reader(kind: str, known: Vocabulary, *, may_be_empty: bool = False) -> Callable[[str], Reading[str]]:
    """A reader of cells that hold a name of some kind: a declared one, where any are declared.

    It gives the declared name, or the cleaned text where none is declared. A name that begins with a dash has
    to be declared.
    """
    article = "an" if kind[0] in "aeiou" else "a"

    def read(text: str) -> Reading[str]:
        name = clean(text)
        if not name or (may_be_empty and name in _DASHES):
            return _no_name(text, f"{article} {kind}", may_be_empty=may_be_empty)
        fault = _strange(name) or (_SUMS_UP if kind == "team" and _folded(name) in _SUMS else "")
        if fault and not (fault == _FORMULA and name[0] == "-" and known.find(name)):
            return Reading(None, f"{shown(text)}, {fault}", f"{article} {kind}")
        if len(known):
            found = known.find(name)
            if found is None:
                return _unknown(text, article, known)
            name = found
        if note := tidied(text):
            return Reading(name, note, f"{article} {kind} in plain letters", severity="warning")
        looks = "" if len(known) else _unlikely(name, kind)
        if not looks:
            return Reading(name)
        remedy = "it was taken for a name" + ("; leave the cell empty where there is none" * may_be_empty)
        return Reading(name, f"{shown(text)}, {looks}", f"{article} {kind}", remedy, "warning")

    return read


def domain_reader(about: About, *, may_be_empty: bool = False) -> Callable[[str], Reading[str]]:
    """A reader of cells that hold a domain; a heading that only its framework knows is told."""
    labels = {domain.key: domain.short for domain in about.all_domains}
    read_name = name_reader("domain", Vocabulary("domain", about.all_domains), may_be_empty=may_be_empty)

    def read(text: str) -> Reading[str]:
        reading = read_name(text)
        if reading.found or reading.value is None or is_literal(text, reading.value, about):
            return reading
        found = f"{shown(text)}, which was read as {labels[reading.value]}"
        return Reading(reading.value, found, "the name of a domain", severity="warning", note=True)

    return read


def is_literal(text: str, key: str, about: About) -> bool:
    """Whether a text is the key or a printed name of a domain, or a spelling that the dataset declares."""
    return fold(text) in map(fold, literal_spellings(key, about))


def literal_spellings(key: str, about: About) -> tuple[str, ...]:
    """The key and the printed names of a domain, and the spellings that the dataset declares."""
    domain = next(each for each in about.all_domains if each.key == key)
    known = next((each.aliases for each in about.framework.domains if each.key == key), ())
    return (domain.key, domain.title, domain.short, *(each for each in domain.aliases if each not in known))


def _folded(name: str) -> str:
    """A cleaned name as :func:`fold` has it; most are plain enough to be spared the work."""
    return name.casefold() if name.isascii() and "/" not in name else fold(name)


def _no_name(text: str, expected: str, *, may_be_empty: bool) -> Reading[str]:
    """A cell that is empty, or holds a dash where it may be."""
    if not may_be_empty:
        return Reading(None, EMPTY, expected)
    if not clean(text):
        return Reading()
    found = f"{shown(text)}, a word for no name"
    return Reading(None, found, expected, "it was read as none", "warning", note=True)


def _unlikely(name: str, kind: str) -> str:
    """What speaks against a name that may yet be one; empty where nothing does."""
    if _folded(name) in _NO_NAME:
        return "a word for no name or for several"
    if _OF_A_PAGE.search(name):
        return "which holds a mark of a web page"
    if not name[0].isdigit():
        return _made_by_spreadsheet(name)
    if kind != "round" and _ROUND.fullmatch(name):
        return "which looks like a round"
    return "which is a day" if read_day(name).value is not None else _made_by_spreadsheet(name)


def _made_by_spreadsheet(name: str) -> str:
    """What a spreadsheet may have made of *2-1* or *1E5*; empty where it made nothing."""
    if _POWER.fullmatch(name):
        return "which looks like a number that a spreadsheet shortened"
    if (match := _DAY_AND_MONTH.fullmatch(name)) and month_of(match[1] or match[2]):
        return "which looks like a day that a spreadsheet made of it"
    return ""


def _strange(name: str) -> str:
    """Why a text can be no name; empty where it can."""
    if _PLAIN_NAME.fullmatch(name):
        return ""
    reasons = {
        f"which has more than {MOST_LETTERS} letters": len(name) > MOST_LETTERS,
        "which is an error of a spreadsheet": name[0] == "#" and _SPREADSHEET_ERROR.fullmatch(name),
        "which was read in a wrong encoding before it came here": not name.isascii()
        and _WRONG_ENCODING.search(name),
        "which holds a letter that cannot be printed": not name.isprintable(),
        "which holds no letter or digit": not any(map(str.isalnum, name)),
        _FORMULA: is_formula(name),
        "which looks like an e-mail address": "@" in name and re.search(r"\S@\S+\.\S", name),
    }
    return next((reason for reason, holds in reasons.items() if holds), "")


def _unknown(text: str, article: str, known: Vocabulary) -> Reading[str]:
    close = known.suggest(text)
    expected = f"{article} {known.kind} that is declared: {', '.join(known.names)}"
    declare = "another spelling can be declared as an alias in source.toml"
    return Reading(
        None, shown(text), expected, f"did you mean {close!r}? If not, {declare}" if close else declare
    )


def grade_reader(scale: Scale, empty: str = "") -> Callable[[str], Reading[GradeReading]]:
    """A reader of cells that hold a grade of *scale*, or words for none.

    What an empty cell means is one of ``EMPTY_CELLS``: *left out* reads as nothing. It is refused where
    nothing is declared.
    """
    nothing = None if empty == LEFT_OUT else GradeReading(None, f"{empty} (empty)")

    def read(text: str) -> Reading[GradeReading]:
        if empty and not clean(text):
            return Reading(nothing)
        try:
            reading = read_grade(text, scale)
        except GradeError as fault:
            found = fault.found if clean(text) else EMPTY
            return Reading(None, found, fault.expected, fault.remedy)
        if reading.notes:
            return Reading(reading, reading.notes[0], "a grade in plain letters", severity="warning")
        return Reading(reading)

    return read


def read_whole(text: str) -> Reading[int]:
    """The whole number that a text is; nothing where it is blank."""
    digits = clean(text)
    if not digits:
        return Reading()
    if digits.isascii() and digits.isdecimal() and len(digits) <= 9:
        return Reading(int(digits))
    return Reading(None, shown(text), "a whole number")
