"""Separated values: comma, semicolon or tab, read strictly and with the row numbers a spreadsheet shows."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.document import Document, Grid
from improvement_analysis.sources.files import SourceFile, decode

__all__ = ["read_csv"]

SEPARATORS = (",", ";", "\t")

#: A longer line is no row of gradings, and a longer list of faults no help.
MOST_LETTERS, MOST_FAULTS = 1_000_000, 1_000

_TOLD_SEPARATOR = re.compile(r"sep=([,;\t])\r?\n?")


def read_csv(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The grid of a CSV or TSV file, and the warnings met on the way.

    The separator is the one that a first line such as ``sep=;`` tells, or that splits the header into most
    columns; rows are not asked. Blank rows are passed over and counted.

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
    rows, numbers, problems = _records(name, text, told[1] if told else _separator(text))
    if not rows:
        raise SourceError([*problems, Problem(name, "no row", "a header and rows")])
    lengths = set(map(len, rows))
    if lengths != {len(rows[0])}:
        problems += _ragged(name, rows, numbers)
    if problems:
        raise SourceError(problems)
    return Document(name, [Grid(rows, numbers, header_first=True)])


def _records(name: str, text: str, separator: str) -> tuple[list[list[str]], list[int], list[Problem]]:
    """All filled records with their numbers, up to the first whose quoting is broken."""
    rows: list[list[str]] = []
    numbers: list[int] = []
    number = 0
    try:
        for number, record in enumerate(_reader(name, text, separator), start=1):
            if any(map(str.strip, record)):
                rows.append(record)
                numbers.append(number)
    except csv.Error as fault:
        found, expected = (
            f"quoting that cannot be read ({fault})",
            "text in double quotes, a quote inside it doubled",
        )
        return rows, numbers, [Problem(name, found, expected, row=number + 1)]
    return rows, numbers, []


def _reader(name: str, text: str, separator: str) -> Iterable[list[str]]:
    stream = io.StringIO(text, newline="")
    lines: Iterable[str] = stream
    if len(text) > MOST_LETTERS:
        lines = _lines(name, stream)
    return csv.reader(lines, delimiter=separator, strict=True)


def _lines(name: str, stream: io.StringIO) -> Iterator[str]:
    for number, line in enumerate(stream, start=1):
        if len(line) > MOST_LETTERS:
            found = f"a line of {len(line):,} letters"
            raise SourceError([Problem(name, found, f"at most {MOST_LETTERS:,}", line=number)])
        yield line


def _ragged(name: str, rows: list[list[str]], numbers: list[int]) -> list[Problem]:
    wide = len(rows[0])
    problems = []
    for record, number in zip(rows, numbers, strict=True):
        if len(record) != wide:
            fields = f"{len(record)} field{'s' * (len(record) != 1)}"
            remedy = "put text that holds the separator in double quotes" if len(record) > wide else ""
            problems.append(Problem(name, fields, f"{wide} as in the header", remedy, row=number))
        if len(problems) == MOST_FAULTS:
            break
    return problems


def _separator(text: str) -> str:
    """The separator that splits the first filled line into most fields."""
    header = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    return max(SEPARATORS, key=lambda separator: _fields(header[:MOST_LETTERS], separator))


def _fields(header: str, separator: str) -> int:
    try:
        return len(next(csv.reader([header], delimiter=separator), []))
    except csv.Error:
        return 0
