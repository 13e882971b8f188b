"""What time a name states: a day, a month, a season, a term, a quarter, a half, a year, or a number."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from improvement_analysis.days import month_of, read_day
from improvement_analysis.vocabulary import MONTHS, fold

__all__ = ["Stated", "comes_before", "stated_time"]

_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS).casefold() + "|sept"
_YEAR = r"(?<!\d)(?P<year>(?:19|20)\d\d)(?:[-/](?P<next>(?:19|20)?\d\d))?(?!\d)"
_SHORT_YEARS = re.compile(r"(?<![\d/-])(\d\d)[-/](\d\d)(?![\d/-])", re.ASCII)
_DAYS = re.compile(
    r"(?<!\d)(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    rf"|\d{{1,2}}(?:st|nd|rd|th)? (?:{_MONTH}) \d{{4}})(?!\d)"
)
_IN_YEAR = (
    rf"(?P<month>\b(?:{_MONTH})\b)"
    r"|(?P<season>\b(?:spring|summer|autumn|winter)\b)(?P<term> term\b)?"
    r"|\b(?:q|quarter )(?P<quarter>[1-4])\b|(?P<nth>[1-4])(?:st|nd|rd|th) quarter\b"
    r"|\b(?:h|half )(?P<half>[12])\b|\b(?P<halves>first|second) half\b"
)
_BETWEEN = r"(?:[ ,:'-]|\b(?:of|in|the|visits?|round|cycle|wave|programme|diagnostics?)\b)*"
_UNIT = re.compile(_IN_YEAR)
_UNIT_THEN_YEAR = re.compile(rf"(?:{_IN_YEAR}){_BETWEEN}{_YEAR}")
_YEAR_THEN_UNIT = re.compile(rf"{_YEAR}{_BETWEEN}(?:{_IN_YEAR})")
_MONTH_SHORT_YEAR = re.compile(rf"\b({_MONTH})[-' ]+(\d\d)(?!\d)", re.ASCII)
_MONTH_ALONE = re.compile(rf"\b(?:{_MONTH})\b")
_ANY_YEAR = re.compile(_YEAR)

#: First and last month of a season and of a school term; a winter ends in the next year.
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 2)}
_TERMS = {"autumn": (9, 12), "spring": (1, 3), "summer": (4, 8)}

_WORDS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_NUMBERS = "one two three four five six seven eight nine ten eleven twelve"
_ROMAN = "i ii iii iv v vi vii viii ix x xi xii"
_COUNTED = {word: number for number, word in enumerate(_WORDS.split(), 1)}
_COUNTED |= {word: number for number, word in enumerate(re.findall(r"\w+", _NUMBERS), 1)}
_COUNTED |= {word: number for number, word in enumerate(re.findall(r"\w+", _ROMAN), 1)}


@dataclass(frozen=True)
class Stated:
    """The days that a name may mean, the kind of time that it states, and its other words.

    Where a name has two usual readings, as *Q1 2024* has, the days are those of both.
    """

    first: date
    last: date
    kind: str
    rest: str = ""

    @property
    def latest(self) -> date:
        """The last day that it may mean: *2017-18* is a financial year, and may be a school year."""
        return date(self.last.year, 8, 31) if self.kind == "years" else self.last


@lru_cache(maxsize=4096)
def stated_time(name: str) -> Stated | None:
    """The time that a name states; None where it states none.

    Examples
    --------
    >>> stated_time("2017/18").last, stated_time("Spring 2024").first, stated_time("Round 9")
    (datetime.date(2018, 3, 31), datetime.date(2024, 3, 1), None)
    """
    text = re.sub(r"\bfy(?=\d)", "fy ", re.sub(r"(?<=\d)(?=[qh]\d\b)", " ", fold(name)))
    text = re.sub(r"\b(q|h) (?=[1-4]\b)", r"\1", text)
    for read in (_of_days, _of_parts, _of_years):
        times, rest = read(text)
        if times and len({each.kind for each in times}) == 1:
            kind, words = times[0].kind, " ".join(re.findall(r"\w+", rest))
            first, last = min(each.first for each in times), max(each.last for each in times)
            return Stated(first, last, kind, words) if first <= last else None
        if times:
            return None
    return None


def comes_before(one: str, other: str) -> bool | None:
    """Whether one name states an earlier time, or a smaller number, than another; None where it is open.

    Examples
    --------
    >>> comes_before("Autumn 2024", "Spring 2024"), comes_before("Round 9", "Round 10")
    (False, True)
    >>> comes_before("Blue", "Green") is None
    True
    """
    first, second = stated_time(one), stated_time(other)
    if first and second:
        if first.latest < second.first or second.latest < first.first:
            return first.latest < second.first
        if first.kind == second.kind and first.first != second.first and first.last != second.last:
            earlier = first.first < second.first
            return earlier if earlier == (first.last < second.last) else None
        if (first.first, first.last) != (second.first, second.last):
            return None
        return _smaller_number(first.rest, second.rest)
    return None if first or second else _smaller_number(fold(one), fold(other))


def _smaller_number(one: str, other: str) -> bool | None:
    """Whether a text has the smaller number, where only one number tells the two apart."""
    first, second = _counted(one), _counted(other)
    if len(first) != len(second):
        return None
    apart = [pair for pair in zip(first, second, strict=True) if pair[0] != pair[1]]
    if len(apart) != 1 or not all(isinstance(part, int) for part in apart[0]):
        return None
    small, large = apart[0]
    return bool(small < large)  # type: ignore[operator]


def _counted(text: str) -> list[str | int]:
    parts = re.findall(r"\d+|[^\W\d_]+", re.sub(r"(?<=\d)(?:st|nd|rd|th)\b", "", text))
    return [int(part) if part.isdecimal() else _COUNTED.get(part, part) for part in parts]


def _of_days(text: str) -> tuple[list[Stated], str]:
    days = [read_day(match[0]).value for match in _DAYS.finditer(text)]
    return [Stated(day, day, "days") for day in days if day], _DAYS.sub(" ", text)


def _of_parts(text: str) -> tuple[list[Stated], str]:
    """The parts of years that a text names with their years; a month *to* another has the year of that."""
    times: list[Stated] = []
    for pattern in (_UNIT_THEN_YEAR, _YEAR_THEN_UNIT):
        for match in pattern.finditer(text):
            years = _years(match)
            part = years and _part(match, *years, school="term" in text.split())
            if not part:
                return [], text
            times.append(part)
        text = pattern.sub(" ", text)
    for match in _MONTH_SHORT_YEAR.finditer(text):
        number = month_of(match[1][:3])
        times.append(_months(2000 + int(match[2]), number, number, "month"))
    text = _MONTH_SHORT_YEAR.sub(" ", text)
    for match in _MONTH_ALONE.finditer(text) if times else ():
        number, then = month_of(match[0][:3]), min(each.first for each in times)
        times.append(_months(then.year - (number > then.month), number, number, "month"))
    return times, _UNIT.sub(" ", text)


def _years(match: re.Match[str]) -> tuple[int, bool] | None:
    """A label's first year, and whether it names the next one too; None where it is no label of years."""
    year, following = int(match["year"]), match["next"]
    if following is None:
        return year, False
    return (year, True) if int(following) in (year + 1, (year + 1) % 100) else None


def _part(match: re.Match[str], year: int, double: bool, *, school: bool) -> Stated | None:
    if match["month"]:
        number = month_of(match["month"][:3])
        if double and 4 <= number <= 8:
            return None  # of the first year in a financial one, of the second in a school year
        return _months(year + (double and number < 4), number, number, "month")
    if match["season"]:
        return _season(match["season"], year, double, school)
    if quarter := match["quarter"] or match["nth"]:
        return _third_or_more(year, double, int(quarter), 3, "quarter")
    number = int(match["half"] or 1 + (match["halves"] == "second"))
    return _third_or_more(year, double, number, 6, "half")


def _season(name: str, year: int, double: bool, school: bool) -> Stated | None:
    begin, end = _TERMS.get(name, (0, 0)) if school else _SEASONS[name]
    if not begin:
        return None
    if school:
        return _months(year + (double and name != "autumn"), begin, end, "term")
    if name == "winter":
        first = date(year, 12 if double else 1, 1)
        return Stated(first, _last_of(year + 1, 2), "season")
    after = int(double and name != "autumn")  # in a financial year the first, in a school year the second
    return Stated(date(year, begin + (after and name == "spring"), 1), _last_of(year + after, end), "season")


def _third_or_more(year: int, double: bool, number: int, length: int, kind: str) -> Stated:
    """A quarter or a half: of a financial year, or of a year that may be either."""
    begin = 1 + (number - 1) * length
    last = begin + length + 2  # three months later in a financial year
    first = date(year + (begin + 3 > 12), (begin + 2) % 12 + 1, 1) if double else date(year, begin, 1)
    return Stated(first, _last_of(year + (last > 12), (last - 1) % 12 + 1), kind)


def _of_years(text: str) -> tuple[list[Stated], str]:
    times: list[Stated] = []
    school = bool(re.search(r"\b(?:school|academic|term)\b", text))
    for match in _ANY_YEAR.finditer(text):
        if years := _years(match):
            times.append(_year(*years, school))
        elif match["next"] and 1 <= int(match["next"]) <= 12:
            times.append(_months(int(match["year"]), int(match["next"]), int(match["next"]), "month"))
        elif match["next"] and (last := int(match["year"][:2] + match["next"][-2:])) > int(match["year"]):
            times.append(Stated(date(int(match["year"]), 1, 1), date(last, 12, 31), "year"))
        else:
            return [], text
    rest = _ANY_YEAR.sub(" ", text)
    for match in _SHORT_YEARS.finditer(rest) if not times else ():
        if int(match[2]) == (int(match[1]) + 1) % 100:
            times.append(_year(2000 + int(match[1]), True, school))
            rest = rest.replace(match[0], " ")
    return times, rest


def _year(year: int, double: bool, school: bool) -> Stated:
    if not double:
        return _months(year, 1, 12, "year")
    if school:
        return Stated(date(year, 9, 1), date(year + 1, 8, 31), "school year")
    return Stated(date(year, 4, 1), date(year + 1, 3, 31), "years")


def _months(year: int, begin: int, end: int, kind: str) -> Stated:
    return Stated(date(year, begin, 1), _last_of(year, end), kind)


def _last_of(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])
