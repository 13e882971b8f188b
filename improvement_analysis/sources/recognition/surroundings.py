"""What stands about a table and holds for all its rows: labels with entries, titles, its sheet's name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from improvement_analysis.about import About
from improvement_analysis.sources.formats.document import Grid
from improvement_analysis.sources.headings import SYNONYMS, USUAL_HEADINGS, fold_heading
from improvement_analysis.sources.recognition.cells import grade_reader
from improvement_analysis.sources.recognition.service_names import is_name, service_named
from improvement_analysis.vocabulary import Vocabulary, clean, fold

__all__ = ["Surroundings", "as_rows", "surroundings_of"]

#: What the entry beside a label, or a title, may say of every row of a table.
_SHARED = ("authority", "round", "area", "service", "team", "visit_date", "grader")

_LABELLED = re.compile(r"([^:]{2,40}):\s+(\S.*)")


@dataclass(frozen=True)
class Surroundings:
    """What holds for all rows of a table.

    Attributes
    ----------
    shared
        The text of each column that the surroundings give.
    read_as
        For each of these columns the text that gave it, and as what it was read.
    labels
        The rows that hold a label with its entry.
    open
        Columns for which two texts stand, with them.
    """

    shared: Mapping[str, str] = field(default_factory=dict)
    read_as: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    labels: Sequence[int] = ()
    open: Mapping[str, Sequence[str]] = field(default_factory=dict)


def surroundings_of(
    grid: Grid, header: int, above: Iterable[str], lacking: Sequence[str], about: About
) -> Surroundings:
    """What stands about the table below *header*: of the columns it is *lacking*, and of others.

    An entry beside a label stands before all else. A sheet without teams is named after its team; otherwise
    its name, or a title above the table, names the service. Where two differ, none is taken.
    """
    shared: dict[str, str] = {}
    read_as: dict[str, tuple[str, str]] = {}
    titles, labels = [*above], []
    for position, row in enumerate(grid.rows[:header]):
        filled = list(dict.fromkeys(text for text in row if text.strip()))
        pair = _pair(filled)
        if pair is not None and (name := _label(pair[0])) is not None:
            shared.setdefault(name, pair[1])
            read_as.setdefault(name, (pair[0], f"the {name.replace('_', ' ')} of every row below"))
            labels.append(position)
        elif len(filled) == 1:
            titles.append(filled[0])
    lacking = [name for name in lacking if name not in shared]
    sheet = grid.sheet or ""
    if "team" in lacking and is_name(sheet):
        shared["team"], read_as["team"], sheet = sheet, (sheet, "the team of every row of its sheet"), ""
    if "service" not in lacking:
        return Surroundings(shared, read_as, labels)
    named = _services([*titles, *([sheet] if sheet else [])], about)
    if len(named) != 1:
        return Surroundings(shared, read_as, labels, {"service": list(named.values())} if named else {})
    ((service, text),) = named.items()
    told = {**read_as, "service": (text, f"the service {service!r}")}
    return Surroundings({**shared, "service": service}, told, labels)


def _pair(filled: Sequence[str]) -> tuple[str, str] | None:
    """A label and its entry: side by side, or in one cell with a colon between."""
    if len(filled) == 2:
        return filled[0], filled[1]
    match = _LABELLED.fullmatch(clean(filled[0])) if len(filled) == 1 else None
    return (match[1], match[2]) if match else None


def _label(text: str) -> str | None:
    """The column of ours that a label means; None where it means none."""
    folded = fold_heading(text)
    usual = USUAL_HEADINGS.get(folded, folded).replace(" ", "_")
    if usual in _SHARED:
        return usual
    return next((name for name in _SHARED if folded in SYNONYMS.get(name, ())), None)


def _services(texts: Iterable[str], about: About) -> dict[str, str]:
    """The services that texts name, each with the text: declared ones only, where any are declared."""
    found: dict[str, str] = {}
    for text in texts:
        name = about.services.find(text) if len(about.services) else service_named(text)
        if name is not None and fold(name) not in map(fold, found):
            found[name] = clean(text)
    return found


def as_rows(grid: Grid, value: str, about: About) -> tuple[Grid, int] | None:
    """A sheet of labels and entries as a grid with a header above its domains, and the header's row.

    None where fewer than two domains stand beside a grade. What stands between them, and what is graded, is
    taken for a domain too: it may be one that is misspelt.
    """
    if not value or grid.columns:
        return None
    known = Vocabulary("domain", about.all_domains)
    places: dict[int, list[int]] = {}
    for position, row in enumerate(grid.rows):
        for column, text in enumerate(row[:-1]):
            if any(map(str.strip, row[:column])):
                break
            if text.strip() and known.find(text.rstrip(" :")) and row[column + 1].strip():
                places.setdefault(column, []).append(position)
    column, rows = max(places.items(), key=lambda place: len(place[1]), default=(0, []))
    read = grade_reader(about.scale)
    graded = {
        position
        for position, row in enumerate(grid.rows)
        if row[column].strip() and len(row) > column + 1 and not read(row[column + 1]).is_error
    }
    if len(rows) < 2 or 2 * len(graded & set(rows)) < len(rows):
        return None
    meant = [
        position
        for position, row in enumerate(grid.rows)
        if (position in graded or rows[0] <= position <= rows[-1])
        and row[column].strip()
        and _label(row[column]) is None
    ]
    return _laid_out(grid, column, meant, value)


def _laid_out(grid: Grid, column: int, rows: Sequence[int], value: str) -> tuple[Grid, int]:
    """A grid with *rows* below a header for the label in *column* and the entry beside it, others above."""
    heads = [{column: "domain", column + 1: value}.get(each, "") for each in range(len(grid.rows[0]))]
    cells = [
        [
            text.rstrip(" :") if each in (column, column + 1) else ""
            for each, text in enumerate(grid.rows[row])
        ]
        for row in rows
    ]
    headings = ("domain", "quality domain", *SYNONYMS["domain"])
    others = [
        row
        for row, texts in enumerate(grid.rows)
        if row not in rows and fold_heading(texts[column]) not in headings
    ]
    numbers = [grid.numbers[row] for row in (*others, rows[0], *rows)]
    laid_out = [*(grid.rows[row] for row in others), heads, *cells]
    return replace(grid, rows=laid_out, numbers=numbers), len(others)
