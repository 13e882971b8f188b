"""A table as it stands in a file: texts by column, each with its place. Every format is read into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import repeat
from typing import Literal, TypeVar

from improvement_analysis.errors import MOST_PROBLEMS, Problem, Reading
from improvement_analysis.sources.headings import USUAL_HEADINGS, fold_heading
from improvement_analysis.sources.recognition.personal_headings import may_name_a_person
from improvement_analysis.vocabulary import suggest

__all__ = ["ROUND_DAY", "Columns", "RawTable", "Reading", "read_column"]

T = TypeVar("T")

#: So many different texts that were read as others are listed.
MOST_LISTED = 12

#: The column of the days that number rounds, where a dataset declares that they do.
ROUND_DAY = "round day"


@dataclass(frozen=True)
class Columns:
    """Which columns a kind of table has.

    Attributes
    ----------
    needed, optional
        Their names.
    under_heading
        The needed column that a heading above the table may stand for; empty where none may.
    """

    needed: tuple[str, ...]
    optional: tuple[str, ...] = ()
    under_heading: str = ""

    @property
    def value(self) -> str:
        """The column that holds what was graded: ``"grade"`` or ``"grading"``; empty where there is none."""
        return next((name for name in ("grade", "grading") if name in self.needed), "")


@dataclass
class RawTable:
    """Columns of texts under headings, with what is needed to name a place.

    Attributes
    ----------
    file, sheet, table
        Where the table stands.
    columns
        Heading and texts, in their order. Headings are as spelt in the file until :meth:`keep` renames them.
    numbers
        The row of each text as a spreadsheet shows it, or its line where *counts_lines*.
    pages
        The page of each text; empty where the format has none.
    spelt
        How a message calls a column: the letter of a sheet's, otherwise the heading as spelt in the file.
    merged
        Places that belong to merged cells but are not their first: row number and column, with the cells.
    faults
        What is wrong with cells that hold an error instead of a text, by row number and column.
    epoch
        The day from which a sheet counts its dates; missing elsewhere.
    """

    file: str
    columns: Mapping[str, Sequence[str]]
    numbers: Sequence[int]
    sheet: str | None = None
    table: int | None = None
    pages: Sequence[int] = ()
    counts_lines: bool = False
    header_row: int | None = 1
    spelt: Mapping[str, str] = field(default_factory=dict)
    merged: Mapping[tuple[int, str], str] = field(default_factory=dict)
    faults: Mapping[tuple[int, str], Problem] = field(default_factory=dict)
    epoch: date | None = None

    def __len__(self) -> int:
        return len(self.numbers)

    def problem(
        self,
        row: int | None,
        column: str | None,
        found: str,
        expected: str,
        remedy: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A problem of this table; *row* is a position in it, not the number that the file shows."""
        number = None if row is None else self.numbers[row]
        return Problem(
            self.file,
            found,
            expected,
            remedy,
            self.sheet,
            None if self.counts_lines else number,
            self.spelt.get(column, column) if column is not None and not self.counts_lines else None,
            severity,
            self.table,
            self.pages[row] if self.pages and row is not None else None,
            number if self.counts_lines else None,
        )

    def header_problem(
        self,
        column: str | None,
        found: str,
        expected: str,
        remedy: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A problem of the header."""
        return replace(
            self.problem(None, column, found, expected, remedy, severity), row=self.header_row or None
        )

    def of_rows(self, rows: Sequence[int]) -> RawTable:
        """This table with these of its rows only, by position."""
        return replace(
            self,
            columns={heading: [texts[row] for row in rows] for heading, texts in self.columns.items()},
            numbers=[self.numbers[row] for row in rows],
            pages=[self.pages[row] for row in rows] if self.pages else (),
        )

    def place(self, row: int) -> str:
        """Where a row stands within its file, in words."""
        number = f"{'line' if self.counts_lines else 'row'} {self.numbers[row]}"
        return f"page {self.pages[row]}, {number}" if self.pages else number

    def sources(self) -> list[str]:
        """The place of each row, as gradings carry it; with the page where the table gives one."""
        before = f"{self.file}, sheet {self.sheet!r}" if self.sheet is not None else self.file
        before += f", table {self.table}" if self.table is not None else ""
        what = "line" if self.counts_lines else "row"
        if self.pages:
            numbered = zip(self.pages, self.numbers, strict=True)
            return [f"{before}, page {page}, {what} {number}" for page, number in numbered]
        if "page" not in self.columns:
            return [f"{before}, {what} {number}" for number in self.numbers]
        paged = zip(self.numbers, map(str.strip, self.columns["page"]), strict=True)
        return [
            f"{before}, {what} {n} (page {page})" if page else f"{before}, {what} {n}" for n, page in paged
        ]

    def with_copy(
        self, heading: str, name: str, columns: Columns, mapping: Mapping[str, str]
    ) -> tuple[RawTable, list[Problem]]:
        """This table with what stands under *heading* under a name of ours too, or what is wrong with that.

        It stands under that name alone where no column of ours is read from it.
        """
        spelt = next((each for each in self.columns if fold_heading(each) == fold_heading(heading)), None)
        if spelt is None:
            has = ", ".join(map(repr, self.columns))
            return self, [
                self.header_problem(None, has, f"the column {heading!r} that 'number_rounds_by' names")
            ]
        read = {fold_heading(mapping.get(each, each)) for each in (*columns.needed, *columns.optional)}
        used = fold_heading(spelt) in read or USUAL_HEADINGS.get(fold_heading(spelt)) in read
        texts = {each: each for each in self.columns if used or each != spelt} | {name: spelt}
        renamed = {source: each for each, source in texts.items()}
        copied = replace(
            self,
            columns={each: self.columns[source] for each, source in texts.items()},
            spelt={each: self.spelt.get(source, source) for each, source in texts.items()},
            merged={**(self.merged if used else {}), **_renamed(self.merged, renamed)},
            faults={**(self.faults if used else {}), **_renamed(self.faults, renamed)},
        )
        return copied, []

    def keep(self, columns: Columns, mapping: Mapping[str, str]) -> tuple[RawTable, list[Problem]]:
        """This table with just the columns asked for, under their names, and what is wrong with the header.

        An unknown column is a warning, a column that looks like people's names is dropped by name.

        Parameters
        ----------
        columns
            What is asked for.
        mapping
            The heading in the file of a column, where it is declared to have another than its name.
        """
        names = (*columns.needed, *columns.optional)
        by_heading = {fold_heading(mapping.get(name, name)): name for name in names}
        by_heading |= {
            usual: by_heading[heading]
            for usual, heading in USUAL_HEADINGS.items()
            if heading in by_heading and usual not in by_heading
        }
        found: dict[str, str] = {}
        problems: list[Problem] = []
        strangers: list[str] = []
        for heading in self.columns:
            name = by_heading.get(fold_heading(heading))
            if name is None:
                strangers.append(heading)
            elif name in found:
                said = (f"a second column for {name!r}, beside {found[name]!r}", "each column once")
                problems.append(self.header_problem(heading, *said))
            else:
                found[name] = heading
        called = [mapping.get(name, name) for name in names if name != ROUND_DAY]
        lacking = [mapping.get(name, name) for name in columns.needed if name not in found]
        problems += self._missing(lacking, strangers, any(name in found for name in columns.needed))
        absent = [mapping.get(name, name) for name in names if name not in found]
        problems += self._strangers(strangers, called, absent)
        renamed = {heading: name for name, heading in found.items()}
        kept = replace(
            self,
            columns={name: self.columns[heading] for name, heading in found.items()},
            spelt={name: self.spelt.get(heading, heading) for name, heading in found.items()},
            merged=_renamed(self.merged, renamed),
            faults=_renamed(self.faults, renamed),
        )
        problems += [fault for (row, _), fault in self.faults.items() if row == self.header_row and lacking]
        return (kept._filled() if strangers else kept), [*problems, *kept.faults.values()]

    def _filled(self) -> RawTable:
        """This table without rows that hold nothing in any of its columns."""
        faulty = {row for row, _ in self.faults}
        held = [
            number in faulty or any(map(str.strip, texts))
            for number, *texts in zip(self.numbers, *self.columns.values(), strict=True)
        ]
        return self if all(held) else self.of_rows([row for row, there in enumerate(held) if there])

    def _missing(self, lacking: Sequence[str], strangers: list[str], is_header: bool) -> Iterable[Problem]:
        """What to say of columns that are needed and not there; strangers named with them are taken out."""
        has = ", ".join(repr(heading) for heading in self.columns)
        if lacking and not is_header:
            strangers.clear()
            listed = ", ".join(map(repr, lacking))
            yield self.header_problem(None, has or "no heading", f"a header with the columns {listed}")
            return
        for name in lacking:
            close = suggest(name, strangers)
            if close:
                strangers.remove(close)
            remedy = f"is {close!r} meant for it?" if close else ""
            yield self.header_problem(None, has, f"a column {name!r}", remedy)

    def _strangers(
        self, headings: Sequence[str], known: Sequence[str], absent: Sequence[str]
    ) -> Iterable[Problem]:
        """What to say of columns that nobody asked for: people's names each, all others together."""
        expected = "one of " + ", ".join(repr(name) for name in known)
        others = []
        for heading in headings:
            if may_name_a_person(heading):
                remedy = "it was not read; take it out of the file"
                person = ("what may be names of people", "no personal data", remedy)
                yield self.header_problem(heading, *person, severity="warning")
            elif close := suggest(heading, absent):
                said = ("a column that is not known", expected, f"did you mean {close!r}? It was not read")
                yield replace(self.header_problem(heading, *said, severity="warning"), note=True)
            else:
                others.append(heading or "(no heading)")
        if len(others) == 1:
            said = ("a column that is not known", expected, "it was not read")
            yield replace(self.header_problem(others[0], *said, severity="warning"), note=True)
        elif others:
            found = f"{len(others)} columns that are not known: {', '.join(map(repr, others))}"
            said = (found, expected, "they were not read")
            yield replace(self.header_problem(None, *said, severity="warning"), note=True)


def _renamed(places: Mapping[tuple[int, str], T], renamed: Mapping[str, str]) -> dict[tuple[int, str], T]:
    """*places* of the columns that are kept, under their names."""
    return {(row, renamed[heading]): what for (row, heading), what in places.items() if heading in renamed}


def read_column(
    table: RawTable, column: str, read: Callable[[str], Reading[T]]
) -> tuple[list[T | None], set[int], list[Problem]]:
    """Read a column; each different text is read once.

    Returns
    -------
    values
        What *read* made of each text; None where it made nothing of it, and everywhere where there is no
        such column.
    bad
        Positions of the rows whose text is an error.
    problems
        Errors and warnings, at most :data:`MOST_PROBLEMS`.
    """
    texts = table.columns.get(column)
    if texts is None:
        return list(repeat(None, len(table))), set(), []
    values, told = _readings(texts, read)
    bad, problems = _merges(table, column)
    if len(told) >= MOST_PROBLEMS:
        bad |= {row for row, text in enumerate(texts) if text not in values}
    noted: dict[int, str] = {}
    for row in [row for row, text in enumerate(texts) if text in told] if told else ():
        if row in bad:
            continue  # of a merge, which was told
        reading = told[texts[row]]
        if reading.note:
            noted[row] = texts[row]
            continue
        if reading.is_error:
            bad.add(row)
        if len(problems) < MOST_PROBLEMS:
            said = (reading.found, reading.expected, reading.remedy, reading.severity)
            problems.append(table.problem(row, column, *said))
    if noted:
        problems.append(_note(table, column, noted, told))
    return list(map(values.get, texts)), bad, problems


def _note(table: RawTable, column: str, noted: Mapping[int, str], told: Mapping[str, Reading[T]]) -> Problem:
    """One warning for all texts of a column that were not read as they stand: each of few, one of many."""
    row, first = next((row, told[text]) for row, text in noted.items())
    different = list(dict.fromkeys(told[text].found for text in noted.values()))
    if {told[text].expected for text in noted.values()} == {first.expected} and len(different) <= MOST_LISTED:
        found = ", ".join(different)
    else:
        found = first.found + f" and {len(noted) - 1} more of its kind" * (len(noted) > 1)
    said = (found, first.expected, first.remedy, first.severity)
    return replace(table.problem(row, column, *said), note=True)


def _readings(
    texts: Sequence[str], read: Callable[[str], Reading[T]]
) -> tuple[dict[str, T | None], dict[str, Reading[T]]]:
    """The value of each different text, and the readings with something to tell.

    Once so many are wrong that no more will be told, the rest is not read: the table is refused anyway.
    """
    values: dict[str, T | None] = {}
    told: dict[str, Reading[T]] = {}
    wrong = 0
    for text in dict.fromkeys(texts):
        reading = read(text)
        values[text] = reading.value
        if reading.found:
            told[text] = reading
            wrong += reading.is_error
            if wrong == MOST_PROBLEMS:
                break
    return values, told


def _merges(table: RawTable, column: str) -> tuple[set[int], list[Problem]]:
    """Rows of *column* that are part of a merge: names may be merged down a column, grades may not."""
    rows = {number: row for row, number in enumerate(table.numbers)} if table.merged else {}
    bad: set[int] = set()
    problems: dict[str, Problem] = {}
    for (number, name), cells in table.merged.items():
        if name != column or number not in rows:
            continue
        row = rows[number]
        if table.columns[column][row].strip() and column not in ("grade", "grading"):
            said = (f"the merged cells {cells}", "a value in every cell", "theirs was taken for each row")
            problems.setdefault(cells, table.problem(row, column, *said, severity="warning"))
        else:
            bad.add(row)
            said = (f"part of the merged cells {cells}", "a value in every cell", "take the merge apart")
            problems.setdefault(cells, table.problem(row, column, *said))
    return bad, list(problems.values())
