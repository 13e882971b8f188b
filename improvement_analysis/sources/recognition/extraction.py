"""Tables in documents: which grid, which of its rows is the header, and under which heading it stands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from improvement_analysis.about import About
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.document import Document, Grid, Line
from improvement_analysis.sources.headings import fold_heading, fold_headings
from improvement_analysis.sources.recognition.cells import grade_reader, name_reader
from improvement_analysis.sources.recognition.headers import MOST_ABOVE, Wanted, look_at
from improvement_analysis.sources.recognition.line_grammar import holds_tally, read_lines
from improvement_analysis.sources.recognition.raw_table import ROUND_DAY, Columns, RawTable
from improvement_analysis.sources.recognition.service_names import service_above, service_named
from improvement_analysis.sources.recognition.stage_columns import by_stage
from improvement_analysis.vocabulary import Vocabulary, clean, fold

__all__ = ["extract_tables"]

#: So many lines above it are looked at for a heading that is not marked as one.
MOST_ABOVE_TABLE = 4

#: So many columns a table has at most.
MOST_COLUMNS = 1_000


def extract_tables(
    document: Document, columns: Columns, mapping: Mapping[str, str], about: About
) -> tuple[list[RawTable], list[Problem]]:
    """The tables of a document that hold the columns asked for, and what is wrong above their rows.

    Where a document has no such table, its text is read line by line, if that is what *columns* allows.

    Raises
    ------
    SourceError
        If there is nothing to read.
    """
    wanted = Wanted(columns, mapping, about, value=columns.value, file=about.file(document.name))
    tables: list[RawTable] = []
    problems: list[Problem] = []
    above: list[Line] = []
    for part in document.parts:
        if isinstance(part, Line):
            above.append(part)
            continue
        found, said = _tables_of(part, document, wanted, above)
        tables += found
        problems += said
        above = [] if found else above
    loose = [line for line in document.lines if holds_tally(line.text)]
    whole = " ".join(line.text for line in document.lines)  # a tally may run on over lines
    if not tables and columns.under_heading and holds_tally(whole):
        numbered = [
            line if line.number else Line(line.text, number, line.page, line.heading, line.running)
            for number, line in enumerate(document.lines, start=1)
        ]
        table, said = read_lines(document.name, numbered, about)
        return [table] if len(table) else [], [*problems, *said]
    if tables:
        problems += [_unread(document.name, line) for line in loose]
    elif not any(problem.severity == "error" for problem in problems):
        listed = ", ".join(repr(mapping.get(name, name)) for name in columns.needed)
        found_ = f"no {document.what} with gradings" if document.grids else "no gradings"
        raise SourceError([*problems, *document.faults, Problem(document.name, found_, f"columns {listed}")])
    return tables, problems


def _unread(name: str, line: Line) -> Problem:
    said = (repr(clean(line.text)[:80]), "gradings inside the tables", "it was not read")
    return Problem(name, *said, severity="warning", line=line.number, page=line.page)


def _tables_of(
    grid: Grid, document: Document, wanted: Wanted, above: Sequence[Line]
) -> tuple[list[RawTable], list[Problem]]:
    """The tables within one grid: one for each header in it."""
    sight = look_at(grid, document, wanted, above)
    grid, wanted = sight.grid, sight.wanted
    headers = _header_rows(grid, wanted, sight.header, alone=len(document.grids) == 1)
    if not headers:
        return [], [_passed_over(grid, document, wanted.about)]
    if grid.header_first and headers[0] > 0 and sight.header is None and wanted.header_row is None:
        return [], [_late_header(grid, document.name, headers[0])]
    tables: list[RawTable] = []
    problems: list[Problem] = [*sight.problems]
    first = 0
    for position, header in enumerate(headers):
        last = headers[position + 1] if position + 1 < len(headers) else len(grid.numbers)
        end = _title_start(grid, header + 1, last, wanted) if last < len(grid.numbers) else last
        titles = [Line(" ".join(filter(None, map(str.strip, grid.row(row))))) for row in range(first, header)]
        table, said = _table(grid, document, header, end)
        problems += said
        if table is not None and wanted.value:
            table, said = _without_headers(table, grid.row(header))
            problems += said
        if table is not None:
            table, said = _chosen(table, wanted)
            problems += said
        staged, said = by_stage(table, wanted) if table is not None else ([], [])
        problems += said
        for part in staged:
            kept, said = _kept(part, [*above, *titles], wanted)
            problems += said
            kept = kept and replace(
                kept,
                columns={**{name: [text] * len(kept) for name, text in sight.shared.items()}, **kept.columns},
            )
            if kept is not None:
                domains = wanted.domains
                tables += split_wide(kept, domains, wanted.value) if domains else [kept]
        first, above = end, ()
    return tables, problems


def _header_rows(grid: Grid, wanted: Wanted, understood: int | None, *, alone: bool) -> list[int]:
    """The header rows: the declared one, every one that holds all headings, or the first that holds some."""
    if wanted.header_row is not None:
        return [row for row, number in enumerate(grid.numbers) if number == wanted.header_row]
    sought = set(wanted.headings)
    folded = [set(fold_headings(row)) for row in (grid.rows[:MOST_ABOVE] if grid.header_first else grid.rows)]
    full = [row for row, headings in enumerate(folded) if sought <= headings]
    if not full and understood is not None:
        return [understood]
    if grid.header_first:
        return full[:1] or [0]
    if full and full[0] < MOST_ABOVE:
        return full if wanted.columns.under_heading else full[:1]
    needed = set(fold_headings(wanted.mapping.get(name, name) for name in wanted.columns.needed))
    enough = 1 if alone else 2
    return [row for row, headings in enumerate(folded[:MOST_ABOVE]) if len(needed & headings) >= enough][:1]


def _late_header(grid: Grid, name: str, header: int) -> Problem:
    said = ", ".join(repr(text) for text in grid.rows[0] if text.strip())
    expected = f"the header, which stands in row {grid.numbers[header]}"
    return Problem(name, said, expected, "delete what stands above it", row=grid.numbers[0])


def _title_start(grid: Grid, first: int, last: int, wanted: Wanted) -> int:
    """Where the titles of the next table begin: rows just above its header with text in one cell only."""
    domains = Vocabulary("domain", wanted.about.all_domains)
    start = last
    while start > first:
        filled = [text for text in grid.rows[start - 1] if text.strip()]
        if len(filled) > 1 or domains.find(filled[0]) is not None:
            break
        start -= 1
    return start


def _table(grid: Grid, document: Document, header: int, end: int) -> tuple[RawTable | None, list[Problem]]:
    """The rows below a header as a table; none, with problems, where a heading stands twice."""
    headings = [" ".join(text.split()) for text in grid.row(header)]
    if len(headings) > MOST_COLUMNS:
        said = (f"{len(headings):,} columns", f"at most {MOST_COLUMNS:,}")
        return None, [Problem(document.name, *said, sheet=grid.sheet, table=grid.table)]
    texts = [grid.texts(header + 1, end, column) for column in range(len(headings))]
    within = set(grid.numbers[header:end]) if grid.faults else set()
    blank = {i for i, heading in enumerate(headings) if not heading and not any(map(str.strip, texts[i]))}
    blank -= {column for row, column in grid.faults if row in within}
    kept = [i for i in range(len(headings)) if i not in blank]
    table = RawTable(
        document.name,
        {headings[i]: texts[i] for i in kept},
        grid.numbers[header + 1 : end],
        grid.sheet,
        grid.table,
        header_row=grid.numbers[header],
        spelt={headings[i]: grid.letters[i] for i in kept if i < len(grid.letters)},
        merged={
            (row, headings[column]): cells
            for (row, column), cells in grid.merged.items()
            if column in kept and row > grid.numbers[header]
        },
        faults={
            (row, headings[column]): fault
            for (row, column), fault in grid.faults.items()
            if column in kept and row in within
        },
        epoch=grid.epoch,
    )
    times = Counter(headings[i] for i in kept)
    twice = sorted(heading for heading in times if times[heading] > 1)
    problems = [
        table.header_problem(None, f"the heading {heading!r} twice", "each heading once") for heading in twice
    ]
    return (None if twice else table), problems


def _without_headers(table: RawTable, heads: Sequence[str]) -> tuple[RawTable, list[Problem]]:
    """A table without the rows that repeat its header, as pages and printed sheets do."""
    header = [text for text in fold_headings(heads) if text]
    filled = [heading for heading in table.columns if heading]
    if not filled:
        return table, []
    first = fold_heading(filled[0])
    texts = table.columns[filled[0]]
    alike = {text for text in set(texts) if fold_heading(text) == first}
    again = [
        row
        for row, text in enumerate(texts if alike else ())
        if text in alike
        and [each for each in fold_headings(column[row] for column in table.columns.values()) if each]
        == header
    ]
    if not again or len(header) < 2:
        return table, []
    repeated = set(again)
    found = f"the header again in row {table.numbers[again[0]]}"
    found += f" and {len(again) - 1} more" if len(again) > 1 else ""
    note = table.header_problem(None, found, "it once", "it was passed over", severity="warning")
    kept = table.of_rows([row for row in range(len(table)) if row not in repeated])
    return kept, [replace(note, note=True)]


def _chosen(table: RawTable, wanted: Wanted) -> tuple[RawTable | None, list[Problem]]:
    """The rows that ``where`` declares to be read: all, where it declares none."""
    headings = {fold_heading(heading): heading for heading in table.columns}
    for column, texts in wanted.file.where if wanted.file is not None else ():
        heading = headings.get(fold_heading(column))
        if heading is None:
            has = ", ".join(map(repr, table.columns))
            return None, [table.header_problem(None, has, f"the column {column!r} that 'where' names")]
        sought = set(map(fold, texts))
        rows = [row for row, text in enumerate(table.columns[heading]) if fold(text) in sought]
        if not rows:
            expected = f"a row with {' or '.join(map(repr, texts))}, as 'where' declares"
            return None, [table.header_problem(heading, "no such row", expected)]
        table = table.of_rows(rows)
    return table, []


def _kept(table: RawTable, above: Sequence[Line], wanted: Wanted) -> tuple[RawTable | None, list[Problem]]:
    """The columns asked for; no table where its header is at fault."""
    under = wanted.columns.under_heading
    columns = wanted.columns
    if under and not set(fold_headings([wanted.mapping.get(under, under)])) & set(
        fold_headings(table.columns)
    ):
        columns = replace(columns, needed=tuple(name for name in columns.needed if name != under))
    if wanted.value == "grade" and wanted.about.number_rounds_by:
        columns = replace(columns, optional=(*columns.optional, ROUND_DAY))
        table, problems = table.with_copy(wanted.about.number_rounds_by, ROUND_DAY, columns, wanted.mapping)
        if problems:
            return None, problems
    kept, problems = table.keep(columns, wanted.mapping)
    if len(columns.needed) < len(wanted.columns.needed):
        named, said = _under_heading(kept, above, wanted)
        problems += said
        kept = replace(
            kept,
            columns={under: [named] * len(kept), **kept.columns},
            spelt={under: "heading", **kept.spelt},
        )
    errors = any(problem.severity == "error" for problem in problems)
    return None if errors else kept, problems


def _under_heading(table: RawTable, above: Sequence[Line], wanted: Wanted) -> tuple[str, list[Problem]]:
    """What the heading above a table says, or what is wrong with it."""
    under = wanted.columns.under_heading
    known = wanted.about.services
    above = [line for line in above if clean(line.text)]
    named = next((line.text for line in reversed(above) if known.find(line.text) is not None), None)
    named = named or next((line.text for line in reversed(above) if line.heading), None)
    if named is None and len(above) == 1:
        named = above[0].text
    if named is None and not len(known):
        named = service_above(line.text for line in above[-MOST_ABOVE_TABLE:])
    if named is None:
        has = ", ".join(map(repr, table.spelt.values()))
        expected = f"a column {wanted.mapping.get(under, under)!r}, or a heading above that names the {under}"
        return "", [table.header_problem(None, has, expected)]
    service = named if len(known) else service_named(named) or named
    reading = name_reader(under, known)(service)
    if not reading.found and service != named:
        read_as = f"{named!r} was read as the service {service!r}"
        heading = ("a heading above gradings", "a service that is declared", read_as)
        return str(reading.value), [
            replace(table.problem(None, None, *heading, severity="warning"), note=True)
        ]
    if not reading.found:
        return str(reading.value), []
    said = (f"the heading {reading.found}", reading.expected, reading.remedy, reading.severity)
    return str(reading.value), [table.problem(None, None, *said)]


def _passed_over(grid: Grid, document: Document, about: About) -> Problem:
    """What to say of a grid without the columns: a warning, unless it looks as if it held gradings."""
    held = any(holds_tally(text) for row in grid.rows for text in row)
    held = held or any(_looks_graded(row, about) for row in grid.rows[:MOST_ABOVE])
    return Problem(
        document.name,
        "gradings without a header" if held else f"a {document.what} without gradings",
        "a header above them" if held else f"gradings in every {document.what}",
        "" if held else "it was not read",
        sheet=grid.sheet,
        row=grid.numbers[0] if held and grid.numbers else None,
        severity="error" if held else "warning",
        table=grid.table,
    )


def _looks_graded(row: Sequence[str], about: About) -> bool:
    """Whether a row without a header is a grading: names, a domain and a grade."""
    texts = [text for text in row if text.strip()]
    domains = Vocabulary("domain", about.all_domains)
    if len(texts) < 4 or all(domains.find(text) is None for text in texts):
        return False
    readings = map(grade_reader(about.scale), texts)
    return any(reading.value is not None and reading.value.grade is not None for reading in readings)


def split_wide(table: RawTable, domains: Sequence[str], value: str) -> Iterator[RawTable]:
    """A table with a column a domain as tables with a row a grading: one for each domain."""
    shared = {name: texts for name, texts in table.columns.items() if name not in domains}
    for domain in domains:
        columns = {**shared, "domain": [domain] * len(table), value: table.columns[domain]}
        merged = {
            (row, value if name == domain else name): cells for (row, name), cells in table.merged.items()
        }
        spelt = {**table.spelt, value: table.spelt.get(domain, domain)}
        yield replace(table, columns=columns, spelt=spelt, merged=merged)
