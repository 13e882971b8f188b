"""What files are before anyone has declared it: the kind of each, and the framework whose words they use."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from improvement_analysis.about import FORMS, About
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.folders import ABOUT, declares
from improvement_analysis.sources.formats.document import Document
from improvement_analysis.sources.formats.files import read_file
from improvement_analysis.sources.formats.reading import ENDINGS
from improvement_analysis.sources.forms import is_form
from improvement_analysis.sources.headings import fold_headings
from improvement_analysis.sources.interpretation.side_tables import SIDE_TABLES, side_columns
from improvement_analysis.sources.recognition.line_grammar import holds_tally
from improvement_analysis.sources.single_file import read_one

__all__ = ["DraftFile", "find_files", "recognise_files"]


@dataclass(frozen=True)
class DraftFile:
    """A file of a draft, or the forms that one name stands for.

    Attributes
    ----------
    name, kind, sha256
        As ``[[files]]`` declares them.
    parts
        The names within the dataset's folder and where they come from.
    problems
        Why it was left out; empty where it was not.
    """

    name: str
    kind: str
    sha256: str | None
    parts: tuple[tuple[str, Path], ...]
    problems: tuple[Problem, ...] = ()


def find_files(paths: Sequence[Path]) -> tuple[Path | None, dict[str, Path]]:
    """The folder that was named, if it was one, and the files by their names in the dataset.

    Raises
    ------
    SourceError
        If there is none, or two would have one name.
    """
    folders = [path for path in paths if path.is_dir()]
    if folders:
        if len(paths) > 1:
            raise _refused(folders[0], "a folder beside other paths", "one folder, or files")
        if declares(folders[0]):
            remedy = f"improvement-analysis check {folders[0]} says how it stands"
            raise _refused(folders[0], f"a folder with a {ABOUT}", "files that nobody has declared", remedy)
        files = {path.relative_to(folders[0]).as_posix(): path for path in _readable(folders[0])}
        if not files:
            raise _refused(folders[0], "a folder without files that can be read", f"{', '.join(ENDINGS)}")
        return folders[0], files
    named: dict[str, Path] = {}
    for path in paths:
        if path.name in named:
            raise _refused(path, f"a second file of the name {path.name!r}", "each name once")
        named[path.name] = path
    return None, named


def _readable(folder: Path) -> Iterable[Path]:
    for path in sorted(folder.rglob("*")):
        parts = path.relative_to(folder).parts
        if path.suffix.casefold() in ENDINGS and path.is_file() and not any(p[0] in ".~" for p in parts):
            yield path


def _refused(path: Path, found: str, expected: str, remedy: str = "") -> SourceError:
    return SourceError([Problem(str(path), found, expected, remedy)])


def recognise_files(
    files: Mapping[str, Path], documents: Mapping[str, Document], about: About
) -> tuple[DraftFile, ...]:
    """The kind of each file. One that cannot be read is left out where others can, and is told.

    Forms of one folder are declared by one name.
    """
    forms = {name for name, document in documents.items() if is_form(document)}
    drafted = [_form_files(files, forms)] if forms else []
    singles = [
        _single(name, path, documents[name], about) for name, path in files.items() if name not in forms
    ]
    if not forms and all(file.problems for file in singles):
        return tuple(DraftFile(f.name, f.kind, f.sha256, f.parts) for f in singles)
    return (*(file for files_ in drafted for file in files_), *singles)


def _form_files(files: Mapping[str, Path], forms: set[str]) -> list[DraftFile]:
    """A name with a star for the forms of a folder without other workbooks, their own names elsewhere."""
    folders: dict[str, list[str]] = {}
    for name in sorted(forms):
        folders.setdefault(name.rpartition("/")[0], []).append(name)
    drafted = []
    for folder, names in folders.items():
        prefix = f"{folder}/" if folder else ""
        others = [name for name in files if name.startswith(prefix) and name.endswith(".xlsx")]
        if len(names) > 1 and set(others) == set(names):
            parts = tuple((name, files[name]) for name in names)
            drafted.append(DraftFile(f"{prefix}*.xlsx", FORMS, None, parts))
        else:
            drafted += [DraftFile(name, FORMS, None, ((name, files[name]),)) for name in names]
    return drafted


def _single(name: str, path: Path, document: Document, about: About) -> DraftFile:
    """One file under the first kind that it can be read as."""
    sha256 = read_file(path).sha256
    side = _side_kind(document)
    if side:
        return DraftFile(name, side, sha256, ((name, path),))
    likely = "published" if _holds_tallies(document) else "gradings"
    failed: dict[str, tuple[Problem, ...]] = {}
    for kind in (likely, *({"published", "gradings"} - {likely})):
        try:
            problems = read_one(path, kind, about)[1]
        except SourceError as fault:
            problems = list(fault.problems)
        errors = tuple(problem for problem in problems if problem.severity == "error")
        if not errors:
            return DraftFile(name, kind, sha256, ((name, path),))
        failed[kind] = errors
    return DraftFile(name, likely, sha256, ((name, path),), failed[likely])


def _holds_tallies(document: Document) -> bool:
    """Whether tallies stand in a document: in its lines, or in the rows of its tables."""
    texts = [line.text for line in document.lines]
    texts += [" ".join(grid.row(row)) for grid in document.grids for row in range(len(grid.numbers))]
    return any(map(holds_tally, texts))


def _side_kind(document: Document) -> str:
    """The kind of a table beside the gradings, by its headings; empty where it is none."""
    headings = [set(fold_headings(row)) for grid in document.grids for row in grid.rows[:1]]
    for kind in SIDE_TABLES:
        needed = {name.replace("_", " ") for name in side_columns(kind).needed}
        if any(needed <= each for each in headings):
            return kind
    return ""
