"""Columns of grades under headings that no framework knows: domains under the names of their headings."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from improvement_analysis.about import About
from improvement_analysis.sources.formats.document import Document, Grid
from improvement_analysis.sources.headings import RESERVED, fold_heading
from improvement_analysis.sources.recognition.cells import grade_reader
from improvement_analysis.sources.recognition.headers import MOST_ABOVE
from improvement_analysis.sources.recognition.raw_table import Columns
from improvement_analysis.sources.recognition.understanding import MOST_LOOKED_AT, meant_by
from improvement_analysis.vocabulary import Domain, Vocabulary, clean

__all__ = ["headed_domains"]

#: A column of grades with one of these words in its heading is another grading of the same, not a domain.
_NO_DOMAIN = frozenset(
    str.split(
        "grade grades graded grading gradings judgement judgment rating moderated moderation agreed previous "
        "last first second before after current target score"
    )
)


def headed_domains(
    document: Document, columns: Columns, about: About, mapping: Mapping[str, str]
) -> list[Domain]:
    """The domains that a file heads and the dataset does not know: its columns of grades, or its names."""
    known = Vocabulary("domain", about.all_domains)
    headed: dict[str, Domain] = {}
    for grid in document.grids:
        for title in _titles(grid, columns, about, mapping):
            key = re.sub(r"\W+", "_", title.casefold()).strip("_")
            key = f"domain_{key}" if key in RESERVED or not key.isidentifier() else key
            if known.find(title) is None and key not in known:
                headed.setdefault(key, Domain(key, title, title))
    return list(headed.values())


def _titles(grid: Grid, columns: Columns, about: About, mapping: Mapping[str, str]) -> Iterator[str]:
    rows = range(min(len(grid.numbers), MOST_ABOVE))
    meant = {row: meant_by(grid.row(row), columns, mapping, about) for row in rows}
    header = max(rows, key=lambda row: len(meant[row]), default=None)
    if header is None or len(meant[header]) < 2:
        return
    headings = [clean(text) for text in grid.row(header)]
    long = {"domain", "grade"} <= meant[header]
    for column, heading in enumerate(headings):
        texts = grid.texts(header + 1, header + 1 + MOST_LOOKED_AT, column)
        names = meant_by([heading], columns, mapping, about)
        if long and "domain" in names:
            yield from filter(
                None, dict.fromkeys(map(clean, grid.texts(header + 1, len(grid.numbers), column)))
            )
        elif not long and heading and not names and _may_be(heading) and _holds_grades(texts, about):
            yield heading


def _may_be(heading: str) -> bool:
    return not _NO_DOMAIN & set(fold_heading(heading).split())


def _holds_grades(texts: Iterable[str], about: About) -> bool:
    """Whether grades stand in a column, and nothing else in most of its cells."""
    read = grade_reader(about.scale)
    readings = [read(text) for text in texts if text.strip()]
    graded = sum(reading.value is not None and reading.value.grade is not None for reading in readings)
    return graded > 0 and 2 * sum(not reading.is_error for reading in readings) >= len(readings)
