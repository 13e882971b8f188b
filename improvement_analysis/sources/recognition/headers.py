"""Which row of a grid is the header, what it means, and what is told of a reading that is not literal."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from improvement_analysis.about import About, DeclaredFile
from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.document import Document, Grid, Line
from improvement_analysis.sources.headings import fold_headings
from improvement_analysis.sources.recognition.raw_table import Columns
from improvement_analysis.sources.recognition.surroundings import Surroundings, as_rows, surroundings_of
from improvement_analysis.sources.recognition.understanding import (
    MOST_LOOKED_AT,
    Understanding,
    meant_by,
    understand,
)

__all__ = ["MOST_ABOVE", "Sight", "Wanted", "look_at"]

#: So many rows from the top the header is looked for.
MOST_ABOVE = 20

#: Columns that say whose gradings stand in a row. A sheet of several without any is a list of words.
_WHOSE = {"authority", "area", "service", "team", "round", "visit_date"}


@dataclass(frozen=True)
class Wanted:
    """What is looked for: columns, under which headings they may stand, and the dataset's words.

    Of a table with a column a domain, *domains* are those that have one. *value* is the column of grades.
    """

    columns: Columns
    mapping: Mapping[str, str]
    about: About
    domains: tuple[str, ...] = ()
    value: str = ""
    file: DeclaredFile | None = None

    @property
    def header_row(self) -> int | None:
        """The row that is declared to be the header."""
        return self.file.header_row if self.file is not None else None

    @property
    def headings(self) -> list[str]:
        """The headings of the columns that only the table itself can give."""
        needed = [name for name in self.columns.needed if name != self.columns.under_heading]
        return fold_headings(self.mapping.get(name, name) for name in needed)

    def as_understood(self, understanding: Understanding, given: Collection[str]) -> Wanted:
        """The same, as far as a header was understood; the columns that are *given* need not stand in it."""
        mapping, domains = understanding.mapping, understanding.domains
        spared = {*given, *(("domain", self.value) if domains else ())}
        spared |= {"team"} if "authority" in mapping and "team" not in mapping else set()
        spared |= {"service"} if self.about.only_service and "service" not in mapping else set()
        needed = (*(name for name in self.columns.needed if name not in spared), *domains)
        under = self.columns.under_heading if not domains and "service" in needed else ""
        columns = replace(self.columns, needed=needed, under_heading=under)
        return replace(self, columns=columns, mapping=mapping, domains=domains)


@dataclass(frozen=True)
class Sight:
    """A grid as it is understood.

    Attributes
    ----------
    grid
        As it stands, or laid out anew where it is a sheet of labels and entries.
    wanted
        What is looked for in it.
    header
        The position of the header's row; missing where none was understood.
    shared
        Texts that hold for all rows, by column.
    problems
        What was not literal, and what two readings are possible of.
    """

    grid: Grid
    wanted: Wanted
    header: int | None = None
    shared: Mapping[str, str] = field(default_factory=dict)
    problems: Sequence[Problem] = ()


def look_at(grid: Grid, document: Document, wanted: Wanted, above: Sequence[Line]) -> Sight:
    """Find the header of a grid and say what it means; as *wanted* has it where there is none."""
    whole = grid
    found = _header(grid, wanted) if wanted.value else None
    if found is None or not found[1].mapping.keys() & _WHOSE:
        laid_out = as_rows(grid, wanted.value, wanted.about)
        if laid_out is not None:
            grid, header = laid_out
            found = header, _understood(grid, header, wanted)
    if found is None:
        return Sight(grid, wanted)
    header, understanding = found
    around = surroundings_of(
        grid, header, [line.text for line in above], _lacking(wanted, understanding), wanted.about
    )
    asked = (*wanted.columns.needed, *wanted.columns.optional)
    shared = {
        name: text
        for name, text in around.shared.items()
        if name in asked and name not in understanding.mapping
    }
    if len(document.grids) > 1 and not {*shared, *understanding.mapping} & _WHOSE:
        return Sight(whole, wanted)
    return Sight(
        grid,
        wanted.as_understood(understanding, shared),
        header,
        shared,
        [*_told(grid, document.name, header, understanding, around, shared, wanted.value)],
    )


def _header(grid: Grid, wanted: Wanted) -> tuple[int, Understanding] | None:
    """The row that means most, among the first, and what it means; None where none makes a table."""
    rows = list(range(min(len(grid.rows), MOST_ABOVE)))
    if wanted.header_row is not None:
        rows = [row for row, number in enumerate(grid.numbers) if number == wanted.header_row]
    meant = {row: meant_by(grid.row(row), wanted.columns, wanted.mapping, wanted.about) for row in rows}
    for row in sorted((row for row in rows if len(meant[row]) > 1), key=lambda row: -len(meant[row])):
        understanding = _understood(grid, row, wanted)
        if understanding.is_table(wanted.value):
            return row, understanding
    return None


def _understood(grid: Grid, header: int, wanted: Wanted) -> Understanding:
    return understand(
        grid.row(header),
        lambda column: grid.texts(header + 1, header + 1 + MOST_LOOKED_AT, column),
        wanted.columns,
        wanted.mapping,
        wanted.about,
    )


def _lacking(wanted: Wanted, understanding: Understanding) -> list[str]:
    """The columns that are needed, do not stand in the header, and may be given by what is about it."""
    has = understanding.mapping
    known = {"service"} if wanted.about.only_service or wanted.columns.under_heading else set()
    known |= {"team"} if "authority" in has else set()
    return [
        name for name in ("service", "team") if name in wanted.columns.needed and name not in {*has, *known}
    ]


def _told(
    grid: Grid,
    file: str,
    header: int,
    understanding: Understanding,
    around: Surroundings,
    shared: Collection[str],
    value: str,
) -> Iterable[Problem]:
    """What is to be known of a reading: everything that is not literal, once."""
    place = {"sheet": grid.sheet, "table": grid.table, "row": grid.numbers[header] or None}
    for name, texts in {**understanding.open, **around.open}.items():
        listed = " or ".join(map(repr, texts))
        key = f"[columns] {name}" if name in understanding.open else "[[services]] name"
        remedy = f'say which in source.toml, such as {key} = "{texts[0]}"'
        yield Problem(file, f"{listed} for {name!r}", "one reading", remedy, **place)  # type: ignore[arg-type]
    given = {text: what for name, (text, what) in around.read_as.items() if name in shared}
    for read_as in filter(None, (understanding.read_as, given)):
        readings = ", ".join(f"{text!r} was read as {what}" for text, what in read_as.items())
        said = ("words that are not ours", "the names of columns and domains", readings)
        yield Problem(file, *said, severity="warning", note=True, **place)  # type: ignore[arg-type]
    rows = 0 if around.labels else header
    if value == "grade" and grid.table is None and rows:
        found = f"{rows} row{'s' * (rows != 1)} above the header in row {grid.numbers[header]}"
        said = (found, "the header first", "nothing in them was read as a grading")
        yield Problem(file, *said, severity="warning", note=True, sheet=grid.sheet)
