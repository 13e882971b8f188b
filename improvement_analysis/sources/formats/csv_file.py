"""Separated values: comma, semicolon or tab, read strictly and with the row numbers a spreadsheet shows."""

from __future__ import annotations

import contextlib
import csv
import io
import itertools
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.document import Document, Grid
from improvement_analysis.sources.formats.files import SourceFile, decode
from improvement_analysis.spreadsheets import unguard

__all__ = ["read_csv"]

SEPARATORS = (",", ";", "\t")

#: More is no table of gradings; a longer list of faults is no help.
MOST_LETTERS, MOST_SEPARATORS = 1_000_000, 10_000
MOST_ROWS, MOST_COLUMNS, MOST_FAULTS = 2_000_000, 1_000, 1_000

#: So many rows are kept as rows, to look for the header in.
FIRST_ROWS = 20

#: So many letters are looked at to see how wide the table is.
MOST_LOOKED_AT = 200_000

_BATCH = 256

_LINE = re.compile(r"[^\r\n]+")
_TOLD_SEPARATOR = re.compile(r"sep=([,;\t])\r?\n?")


def read_csv(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The grid of a CSV or TSV file, and the warnings met on the way.

    The separator is the one that a first line such as ``sep=;`` tells, or that splits the header into most
    columns; rows are not asked. Blank rows are passed over and counted. An apostrophe that our files have
    before what looks like a formula is taken away.

    Raises
    ------
    SourceError
        If the file has no header, its quoting is broken, or a row has more or fewer fields than the header.
    """
    text, warnings = decode(file)
    return split_text(file.name, text), warnings


def split_text(name: str, text: str) -> Document:
    """The grid of a text of separated values; errors as :func:`read_csv`."""
    told = _TOLD_SEPARATOR.match(text)  # a line for the spreadsheet, which does not show it
    text = text[told.end() :] if told else text
    separator = told[1] if told else _separator(text)
    reading = _Reading(name, _width(name, text, separator))
    records = iter(_records(name, text, separator))
    try:
        while batch := list(itertools.islice(records, _BATCH)):
            reading.add(batch)
    except csv.Error as fault:
        reading.break_off(_last_whole(_records(name, text, separator)) + 1, str(fault))
    return Document(name, [reading.grid()])


class _Reading:
    """Gathers records by columns, a few at a time: a million rows kept as rows would slow everything."""

    def __init__(self, name: str, width: int) -> None:
        self.name, self.width = name, width
        self._below_titles = False
        self.first: list[list[str]] = []
        self.columns: list[list[str]] = []
        self.numbers: list[int] = []
        self.problems: list[Problem] = []
        self._read = 0
        self._known: list[dict[str, str]] = []  # each different text of a column is kept once

    def add(self, batch: list[list[str]]) -> None:
        """Take records over, save those that are blank or of another length than the header."""
        numbers: Sequence[int] = range(self._read + 1, self._read + len(batch) + 1)
        self._read += len(batch)
        self._pad_titles(batch)
        if self._read > MOST_ROWS:
            raise SourceError([Problem(self.name, f"more than {MOST_ROWS:,} rows", "a table of gradings")])
        if set(map(len, batch)) != {len(self.columns)} or not all(record[0].strip() for record in batch):
            kept = [
                (number, record)
                for number, record in zip(numbers, batch, strict=True)
                if any(map(str.strip, record)) and self._fits(number, record)
            ]
            numbers, batch = [number for number, _ in kept], [record for _, record in kept]
        self.first += batch[: FIRST_ROWS - len(self.first)]
        self.numbers += numbers
        for column, known, texts in zip(self.columns, self._known, zip(*batch, strict=True), strict=False):
            column.extend(map(known.setdefault, texts, texts))

    def _pad_titles(self, batch: list[list[str]]) -> None:
        """Make lines of title above the header as long as it is."""
        for record in batch if not self._below_titles else ():
            filled = sum(map(bool, map(str.strip, record)))
            self._below_titles = filled > 1 and 2 * len(record) > self.width
            if self._below_titles:
                break
            if filled:
                record += [""] * (self.width - len(record))

    def _fits(self, number: int, record: list[str]) -> bool:
        """Whether a filled record is as long as the header, which is the first."""
        if not self.columns:
            if len(record) > MOST_COLUMNS:
                raise SourceError(
                    [Problem(self.name, f"{len(record):,} columns", f"at most {MOST_COLUMNS:,}")]
                )
            self.columns = [[] for _ in record]
            self._known = [{} for _ in record]
        wide, found = len(self.columns), len(record)
        if found != wide and len(self.problems) < MOST_FAULTS:
            remedy = "put text that holds the separator in double quotes" if found > wide else ""
            said = (f"{found} field{'s' * (found != 1)}", f"{wide} as in the header", remedy)
            self.problems.append(Problem(self.name, *said, row=number))
        return found == wide

    def break_off(self, number: int, reason: str) -> None:
        """Tell that the quoting of a record cannot be read."""
        found = f"quoting that cannot be read ({reason})"
        expected = "text in double quotes, a quote inside it doubled"
        self.problems.append(Problem(self.name, found, expected, row=number))

    def grid(self) -> Grid:
        """What was gathered, if nothing was wrong with it."""
        if not self.numbers and not self.problems:
            self.problems.append(Problem(self.name, "no row", "a header and rows"))
        if self.problems:
            raise SourceError(self.problems)
        for column, known in zip(self.columns, self._known, strict=True):
            plain = {text: unguard(text) for text in known if text[:1] == "'"}
            if plain:
                column[:] = [plain.get(text, text) for text in column]
        self.first = [[unguard(text) for text in record] for record in self.first]
        return Grid(self.first, self.numbers, header_first=True, columns=self.columns)


def _records(name: str, text: str, separator: str) -> Iterable[list[str]]:
    stream = io.TextIOWrapper(io.BytesIO(text.encode("utf-8")), encoding="utf-8", newline="")
    lines = _lines(name, stream, separator) if _has_long_line(text) else stream
    return csv.reader(lines, delimiter=separator, strict=True)


def _has_long_line(text: str) -> bool:
    """Whether a line may be long enough to hold too much: looked for in steps, not line by line."""
    place, step = 0, min(MOST_LETTERS, MOST_SEPARATORS)
    while place + step < len(text):
        end = max(text.rfind(sign, place, place + step) for sign in "\n\r")
        if end < 0:
            return True
        place = end + 1
    return False


def _last_whole(records: Iterable[list[str]]) -> int:
    """The number of the last record before the one whose quoting is broken."""
    whole = 0
    with contextlib.suppress(csv.Error):
        for _ in records:
            whole += 1
    return whole


def _lines(name: str, stream: Iterable[str], separator: str) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        if len(line) > MOST_LETTERS or line.count(separator) > MOST_SEPARATORS:
            found = f"a line of {len(line):,} letters, {line.count(separator):,} of them separators"
            expected = f"at most {MOST_LETTERS:,} and {MOST_SEPARATORS:,}"
            raise SourceError([Problem(name, found, expected, line=number)])
        yield line


def _separator(text: str) -> str:
    """The separator that splits the first filled line into most fields; below a title, most lines alike."""
    lines = itertools.islice((line[0] for line in _LINE.finditer(text) if line[0].strip()), FIRST_ROWS)
    first, *others = [line[:MOST_LETTERS] for line in lines] or [""]
    best = max(SEPARATORS, key=lambda separator: _fields(first, separator))
    if _fields(first, best) > 2 or not others:
        return best
    return max((best, *SEPARATORS), key=lambda separator: _alike([first, *others], separator))


def _alike(lines: Sequence[str], separator: str) -> int:
    """How many lines a separator splits into the number of fields that most have; 0 where that is one."""
    ((fields, times),) = Counter(_fields(line, separator) for line in lines).most_common(1)
    return times if fields > 1 else 0


def _width(name: str, text: str, separator: str) -> int:
    """The number of fields that most of the first filled records have, the larger of equals."""
    records: list[list[str]] = []
    with contextlib.suppress(csv.Error, SourceError):  # reading all of it says what is wrong, and where
        records.extend(itertools.islice(_records(name, text[:MOST_LOOKED_AT], separator), FIRST_ROWS))
    lengths = Counter(len(record) for record in records if any(map(str.strip, record)))
    return max(lengths, key=lambda length: (lengths[length], length), default=0)


def _fields(header: str, separator: str) -> int:
    try:
        return len(next(csv.reader([header], delimiter=separator), []))
    except csv.Error:
        return 0
