"""Everything that is wrong with a file or a dataset, as a list and never as an exception."""

from __future__ import annotations

from pathlib import Path

from improvement_analysis.about import About
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.folders import ABOUT, declares, find_dataset
from improvement_analysis.sources.formats.document import Document
from improvement_analysis.sources.formats.files import read_file
from improvement_analysis.sources.formats.reading import ENDINGS, read_document
from improvement_analysis.sources.forms import is_form, read_form
from improvement_analysis.sources.headings import fold_headings
from improvement_analysis.sources.interpretation.team_gradings import GRADING_COLUMNS
from improvement_analysis.sources.loading import load
from improvement_analysis.sources.recognition.headers import Wanted, look_at
from improvement_analysis.sources.recognition.line_grammar import holds_tally
from improvement_analysis.sources.recognition.understanding import MOST_LOOKED_AT
from improvement_analysis.sources.single_file import about_beside, read_one, recognise

__all__ = ["check_path"]


def check_path(path: str | Path) -> list[Problem]:
    """The problems of a dataset folder, of a folder of files, or of one file.

    A file beside a ``source.toml`` is what that declares it to be; any other is taken for a team diagnostic
    form, for published cells or for team gradings, whichever its sheets and headings say.

    Returns
    -------
    list of Problem
        Errors and warnings, sorted by place; empty where nothing is wrong.
    """
    path = Path(path)
    try:
        if path.name == ABOUT:
            return list(load(path.parent).problems)
        if path.is_dir() and not declares(path):
            return _check_files(path)
        if path.suffix.casefold() in ENDINGS or path.is_file():
            return _check_file(path)
        return list(load(find_dataset(path)).problems)
    except SourceError as fault:
        return list(fault.problems)
    except OSError as failure:
        return [
            Problem(
                path.name[:80], f"a path that cannot be looked at ({failure.strerror})", "a file or a folder"
            )
        ]


def _check_files(folder: Path) -> list[Problem]:
    """The problems of every file in a folder that declares nothing."""
    files = [path for path in sorted(folder.iterdir()) if path.suffix.casefold() in ENDINGS]
    remedy = "its files were checked one by one, without declared names" if files else ""
    problems = [Problem(str(folder), f"a folder without a {ABOUT}", f"a {ABOUT} that declares it", remedy)]
    for path in files:
        problems += check_path(path)
    return problems


def _check_file(path: Path) -> list[Problem]:
    about = about_beside(path)
    declared = next((file.kind for file in about.files if file.name == path.name), None)
    if declared is None:
        document = read_document(read_file(path))[0]
        if is_form(document):
            return _check_form(path)
        declared = _kind_of(document, recognise(document, about))
    return read_one(path, declared, about)[1]


def _check_form(path: Path) -> list[Problem]:
    """The problems of a team diagnostic form; its dataset is its own folder or the one above."""
    homes = [home for home in (path.parent, path.resolve().parent.parent) if declares(home)]
    if not homes:
        found = f"a team diagnostic form without the {ABOUT} of its dataset"
        expected = f"a form in a folder that holds a {ABOUT}, or one below it"
        return [
            Problem(path.name, found, expected, "put it there: its domains and services are declared there")
        ]
    return list(read_form(path, about_beside(homes[0] / path.name)).problems)


def _kind_of(document: Document, about: About | None = None) -> str:
    """What a file holds, by its tallies, its headings and what stands below them."""
    rows = [row for grid in document.grids for row in grid.rows[:MOST_LOOKED_AT]]
    if any(holds_tally(text) for row in rows for text in row):
        return "published"
    for headings in map(set, map(fold_headings, rows[:20])):
        if headings & {"grade", "team"}:
            return "gradings"
        if "grading" in headings:
            return "published"
    wanted = Wanted(GRADING_COLUMNS, {}, about or About(document.name), value="grade")
    seen = (look_at(grid, document, wanted, []).header for grid in document.grids)
    return "published" if all(header is None for header in seen) else "gradings"
