"""Separated values: comma, semicolon or tab, read strictly and with the row numbers a spreadsheet shows."""

from __future__ import annotations

import csv
import io

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.files import SourceFile, decode
from improvement_analysis.sources.raw_table import RawRow, RawTable

__all__ = ["read_csv"]

_SEPARATORS = (",", ";", "\t")


def read_csv(file: SourceFile) -> tuple[RawTable, list[Problem]]:
    """The table of a CSV or TSV file, and the warnings met on the way.

    The separator is the one that splits the header into most columns; rows are not asked. Blank rows are
    passed over and counted.

    Raises
    ------
    SourceError
        If the file has no header, its quoting is broken, or a row has more or fewer fields than the header.
    """
    text, warnings = decode(file)
    records, broken = _records(file.name, text)
    filled = [(number, record) for number, record in records if any(cell.strip() for cell in record)]
    if not filled:
        raise SourceError([*broken, Problem(file.name, "no row", "a header and rows")])
    header_row, header = filled[0]
    headings = [cell.strip() for cell in header]
    table = RawTable(file.name, headings, [], header_row=header_row)
    problems = list(broken)
    for number, record in filled[1:]:
        if len(record) != len(headings):
            fields = f"{len(record)} field{'s' * (len(record) != 1)}"
            remedy = (
                "put text that holds the separator in double quotes" if len(record) > len(headings) else ""
            )
            problems.append(table.problem(number, None, fields, f"{len(headings)} as in the header", remedy))
        else:
            table.rows.append(RawRow(number, dict(zip(headings, record, strict=True))))
    if len(set(headings)) < len(headings):
        twice = next(name for name in headings if headings.count(name) > 1)
        problems.append(table.problem(header_row, None, f"the heading {twice!r} twice", "each heading once"))
    if problems:
        raise SourceError([*problems, *warnings])
    return table, warnings


def _records(name: str, text: str) -> tuple[list[tuple[int, list[str]]], list[Problem]]:
    """All records with their numbers, up to the first whose quoting is broken."""
    records: list[tuple[int, list[str]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
    try:
        for number, record in enumerate(reader, start=1):
            records.append((number, record))
    except csv.Error as fault:
        place = Problem(
            name,
            f"quoting that cannot be read ({fault})",
            "text in double quotes, a quote inside it doubled",
            row=len(records) + 1,
        )
        return records, [place]
    return records, []


def _separator(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_SEPARATORS, key=lambda separator: _fields(header, separator))


def _fields(header: str, separator: str) -> int:
    try:
        return len(next(csv.reader([header], delimiter=separator), []))
    except csv.Error:
        return 0
