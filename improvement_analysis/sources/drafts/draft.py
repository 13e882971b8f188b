"""Drafts a dataset and writes it: a folder with the files as received and a commented ``source.toml``."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from improvement_analysis.about import About
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.drafts.recognised import (
    DraftFile,
    find_files,
    recognise_files,
)
from improvement_analysis.sources.drafts.repeats import columns_apart
from improvement_analysis.sources.drafts.text import Facts, describe_draft
from improvement_analysis.sources.folders import ABOUT
from improvement_analysis.sources.formats.files import read_file
from improvement_analysis.sources.formats.reading import read_document
from improvement_analysis.sources.interpretation.team_gradings import GRADING_COLUMNS
from improvement_analysis.sources.loading import load
from improvement_analysis.sources.recognition.framework_words import recognise_framework
from improvement_analysis.sources.recognition.headed import headed_domains
from improvement_analysis.sources.recognition.prose_counts import find_counts

__all__ = ["Draft", "draft_dataset", "write_draft"]


@dataclass(frozen=True)
class Draft:
    """A dataset as it would be written.

    Attributes
    ----------
    name
        That of its folder.
    text
        Its ``source.toml``.
    files
        The files it declares, and those left out.
    problems
        What stops its loading until a choice is made, or else the warnings met.
    loads
        Whether it loads as it is.
    home
        The folder that was drafted; None where files were named.
    """

    name: str
    text: str
    files: tuple[DraftFile, ...]
    problems: tuple[Problem, ...]
    loads: bool
    home: Path | None = None


def draft_dataset(paths: Iterable[str | Path], *, undeclared: bool = False) -> Draft:
    """Draft the dataset that some files, or all files of a folder, make.

    Parameters
    ----------
    paths
        Files, or one folder.
    undeclared
        Whether pages are made of it at once: its title then says that nobody has declared it.

    Raises
    ------
    SourceError
        If there is no file, one cannot be opened, or two frameworks fit equally well.
    """
    home, files = find_files([Path(path) for path in paths])
    documents = {name: read_document(read_file(path))[0] for name, path in files.items()}
    framework = recognise_framework(documents.values())
    about = About("draft", framework=framework, scale=framework.scale).with_domains(framework.domains)
    drafted = recognise_files(files, documents, about)
    first = next(iter(files.values()))
    title = home.resolve().name if home else first.name
    repeated = tuple(
        apart
        for file in drafted
        if file.kind == "gradings" and file.name in documents
        for apart in columns_apart(documents[file.name], about)
    )
    headed = tuple(
        domain
        for file in drafted
        if file.kind == "gradings" and file.name in documents and not framework.as_headed
        for domain in headed_domains(documents[file.name], GRADING_COLUMNS, about, {})
    )
    facts = Facts(title, framework, drafted, undeclared, repeated=repeated, headed=headed)
    name = _slug(home.resolve().name if home else first.stem)
    dataset, problems = _try(name, describe_draft(facts), drafted)
    lines = [line for document in documents.values() for line in document.lines]
    facts = replace(facts, dataset=dataset, problems=problems, counts=tuple(find_counts(lines)))
    return Draft(name, describe_draft(facts), drafted, problems, dataset is not None, home)


def _slug(stem: str) -> str:
    """A folder's name made of a file's: letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", stem.casefold()).strip("-") or "dataset"


def _try(name: str, text: str, files: Iterable[DraftFile]) -> tuple[Dataset | None, tuple[Problem, ...]]:
    """What a draft loads as, with its warnings; None, with what stops it, where it does not load."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / name
        _write(folder, text, [part for file in files for part in file.parts])
        try:
            dataset = load(folder)
        except SourceError as fault:
            return None, fault.problems
        return dataset, dataset.problems


def write_draft(draft: Draft, folder: Path) -> Path:
    """Write a draft into *folder*, its files beside it. Nothing is overwritten.

    Raises
    ------
    SourceError
        If something of one of these names is there, or the folder cannot be written.
    """
    parts = [(name, path) for file in draft.files for name, path in file.parts]
    copied = [(name, path) for name, path in parts if not _same(folder / name, path)]
    there = [name for name in (ABOUT, *(name for name, _ in copied)) if _stands(folder / name)]
    if there:
        remedy = "name another folder with -o; nothing was written"
        raise SourceError(
            [Problem(str(folder / name), "a file that is there", "no such file", remedy) for name in there]
        )
    try:
        _write(folder, draft.text, copied)
    except OSError as failure:
        found = f"a folder that cannot be written ({failure.strerror or failure})"
        raise SourceError([Problem(str(folder), found, "a folder to write to")]) from None
    return folder


def _same(one: Path, other: Path) -> bool:
    return one.exists() and one.samefile(other)


def _stands(path: Path) -> bool:
    return path.exists() or path.is_symlink()


def _write(folder: Path, text: str, parts: Iterable[tuple[str, Path]]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, path in parts:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, folder / name)
    with (folder / ABOUT).open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)
