"""What a single cell may say: a name, a whole number, a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

from improvement_analysis.about import DATE_FORMATS, LEFT_OUT
from improvement_analysis.errors import GradeError
from improvement_analysis.notation import GradeReading, read_grade, shown
from improvement_analysis.scale import Scale
from improvement_analysis.sources.recognition.raw_table import Reading
from improvement_analysis.vocabulary import MONTHS, Vocabulary, clean, fold, tidied

__all__ = ["day_reader", "grade_reader", "name_reader", "read_day", "read_whole"]

#: What to say of a cell without a text.
EMPTY = "an empty cell"

#: A longer text is no name.
MOST_LETTERS = 200

#: Most names: nothing of what is strange below can be in them.
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
_DASHES = frozenset(["-", "--", "---"])
_ROUND = re.compile(r"(19|20)\d\d([-/](19|20)?\d\d)?")

_DAY = re.compile(r"(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})", re.ASCII)
_DAY_IN_WORDS = re.compile(r"(\d{1,2})(?:st|nd|rd|th)?[ -]([a-z]{3,9})[ -](\d{4})", re.ASCII | re.IGNORECASE)
#: *01-Feb* and *Dec-11*, which a spreadsheet makes of *1-2* and *12-11*, and *1.00E+05*, made of *1E5*.
_DAY_AND_MONTH = re.compile(r"\d{1,2}-([a-z]{3})|([a-z]{3})-\d\d", re.ASCII | re.IGNORECASE)
_POWER = re.compile(r"\d(\.\d+)?E[+-]\d{2,3}", re.ASCII)

#: A time of day after a day; a year of two digits, by its century's turn; a month alone.
_TIME = re.compile(
    r"(.*\d)(?:T| +)\d{1,2}:\d\d(:\d\d([.,]\d+)?)?( ?[ap]m)?(Z|[+-]\d\d:?\d\d)?", re.IGNORECASE
)
_SHORT_YEAR = re.compile(
    r"(\d{1,2}[/.]\d{1,2}[/.]|\d{1,2}[ -][a-z]{3,9}[ -])(\d\d)", re.ASCII | re.IGNORECASE
)
_MONTH_ALONE = re.compile(r"([a-z]{3,9})[ -](\d{4})", re.ASCII | re.IGNORECASE)
_LATEST_SHORT_YEAR = 49

#: What is said of a day in figures that makes no sense in the declared order.
_OTHER_ORDER = {"day first": "month first", "month first": "day first", "year first": "month first"}
_FIGURES = {"day first": "%d/%m/%Y", "month first": "%m/%d/%Y", "year first": "%Y-%m-%d"}
_EXPECTED_DAY = {
    "day first": "a date, day first, such as 04/09/2017 or 2017-09-04",
    "month first": "a date, month first as declared, such as 09/04/2017 or 2017-09-04",
    "year first": "a date, year first as declared, such as 2017-09-04",
}

_SERIAL = re.compile(r"[1-9]\d{4}", re.ASCII)


def name_reader(kind: str, known: Vocabulary, *, may_be_empty: bool = False) -> Callable[[str], Reading[str]]:
    """A reader of cells that hold a name of some kind: a declared one, where any are declared.

    It gives the declared name, or the cleaned text where none is declared.
    """
    article = "an" if kind[0] in "aeiou" else "a"

    def read(text: str) -> Reading[str]:
        name = clean(text)
        if not name or (may_be_empty and name in _DASHES):
            return _no_name(text, f"{article} {kind}", may_be_empty=may_be_empty)
        if fault := _strange(name):
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
    if fold(name) in _NO_NAME:
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
    if (match := _DAY_AND_MONTH.fullmatch(name)) and _month(match[1] or match[2]):
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
        "which a spreadsheet would take for a formula": name[0] in "=+@",
        "which holds no letter or digit": not any(map(str.isalnum, name)),
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


def day_reader(epoch: date | None, order: str = DATE_FORMATS[0]) -> Callable[[str], Reading[date]]:
    """A reader of cells that hold a day, for a sheet that counts its days from *epoch* or a file without."""

    def read(text: str) -> Reading[date]:
        if epoch is not None and _SERIAL.fullmatch(text):
            day = epoch + timedelta(days=int(text))
            found = f"the number {text}, which the sheet shows without the form of a date"
            return Reading(day, found, f"a date; it was read as {day}", severity="warning")
        return _read_loosely(text, order)

    return read


def _read_loosely(text: str, order: str) -> Reading[date]:
    """A day as files give it: with a time of day, or with a year of two digits; a month alone is no day."""
    cleaned = clean(text)
    if (match := _MONTH_ALONE.fullmatch(cleaned)) and _month(match[1]):
        found = f"{shown(text)}, which is a month"
        return Reading(None, found, "a date", "the day was left open", "warning", note=True)
    plain, dropped = cleaned, ""
    if match := _TIME.fullmatch(plain):
        plain, dropped = match[1], "; the time of day was left out"
    if match := _SHORT_YEAR.fullmatch(plain):
        plain = f"{match[1]}{20 if int(match[2]) <= _LATEST_SHORT_YEAR else 19}{match[2]}"
    reading = read_day(plain, order)
    if plain == cleaned or reading.value is None:
        return reading if reading.value is not None or not cleaned else read_day(text, order)
    expected = f"a date; it was read as {reading.value}{dropped}"
    return Reading(reading.value, shown(text), expected, severity="warning", note=True)


def read_day(text: str, order: str = DATE_FORMATS[0]) -> Reading[date]:
    """The day that a text gives: year first, the month in words, or in *order*; nothing where it is blank.

    Examples
    --------
    >>> read_day("04/09/2017").value, read_day("4 September 2017").value == read_day("2017-09-04").value
    (datetime.date(2017, 9, 4), True)
    >>> read_day("09/25/2017").remedy
    'it only makes sense month first: write 25/09/2017'
    """
    cleaned = clean(text)
    if not cleaned:
        return Reading()
    year, month, day = _parts(cleaned, order)
    try:
        return Reading(date(year, month, day))
    except ValueError:
        remedy = ""
    try:
        swapped = date(year, day, month)
        remedy = f"it only makes sense {_OTHER_ORDER[order]}: write {swapped:{_FIGURES[order]}}"
    except ValueError:
        if _SERIAL.fullmatch(cleaned):
            remedy = "a number of days says no date outside its workbook"
        elif re.fullmatch(r"\d{1,2}([-/.])\d{1,2}\1\d{2}", cleaned, re.ASCII):
            remedy = "write the year with four digits"
    return Reading(None, shown(text), _EXPECTED_DAY[order], remedy)


def _parts(text: str, order: str) -> tuple[int, int, int]:
    """Year, month and day as a text puts them; zeros where it puts none."""
    if match := _DAY.fullmatch(text):
        first, _, month, last = match.groups()
        if len(first) == 4 and len(last) <= 2:
            return int(first), int(month), int(last)
        if len(first) <= 2 and len(last) == 4:
            day, number = (month, first) if order == "month first" else (first, month)
            return int(last), int(number), int(day)
    if match := _DAY_IN_WORDS.fullmatch(text):
        day, word, year = match.groups()
        return int(year), _month(word), int(day)
    return 0, 0, 0


def _month(word: str) -> int:
    """The number of a month that is named in full or by three letters; 0 of any other word."""
    named = (
        n for n, month in enumerate(map(str.casefold, MONTHS), 1) if word.casefold() in (month, month[:3])
    )
    return next(named, 0)
