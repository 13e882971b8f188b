"""Loads a dataset: a folder with a ``source.toml``, read whole into tables."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path

import pandas as pd

from improvement_analysis.about import FORMS, KINDS, STATEMENT_KEYS, About, DeclaredFile
from improvement_analysis.actions import as_actions
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.evidence import as_evidence, as_visits
from improvement_analysis.gradings import as_gradings, check_gradings, columns_in, list_repeated
from improvement_analysis.marks import mark_illustrative, mark_scale
from improvement_analysis.sources.cache import recall
from improvement_analysis.sources.declaration import read_about
from improvement_analysis.sources.declared_teams import find_lineage
from improvement_analysis.sources.folders import ABOUT, files_below, find_dataset
from improvement_analysis.sources.formats.files import read_file
from improvement_analysis.sources.formats.reading import ENDINGS, read_document
from improvement_analysis.sources.forms import read_forms
from improvement_analysis.sources.interpretation.answers import check_answers
from improvement_analysis.sources.interpretation.published import read_cells
from improvement_analysis.sources.interpretation.round_order import order_gradings, order_side_table
from improvement_analysis.sources.interpretation.side_tables import SIDE_TABLES, empty_side_table
from improvement_analysis.sources.kinds import apart_of, columns_of, frame_of
from improvement_analysis.sources.recognition.raw_table import RawTable
from improvement_analysis.sources.recognition.tables import read_tables, with_headed
from improvement_analysis.teams import Lineage, mark_lineage

__all__ = ["gradings_of", "load"]

#: How a table beside the gradings is made that the dataset does not have.
_EMPTY: dict[str, Callable[[], pd.DataFrame]] = {
    **{kind: partial(empty_side_table, kind) for kind in SIDE_TABLES},
    "actions": as_actions,
    "evidence": as_evidence,
    "visits": as_visits,
}


def load(folder: str | Path) -> Dataset:
    """Load a dataset folder.

    Parameters
    ----------
    folder
        A folder that holds a ``source.toml``, or the name of one under ``data/raw`` of the working folder
        or of a folder above it.

    Returns
    -------
    Dataset

    Raises
    ------
    SourceError
        With every problem of every file that stops the reading.

    Examples
    --------
    >>> ds = load("worcestershire-2018")
    >>> ds
    Dataset 'worcestershire-2018' (Worcestershire, 2017-18): 95 gradings, 5 services, ... findings
    """
    place = find_dataset(folder)
    if (kept := recall(place, os.fspath(folder))) is not None:
        return kept
    about_file = read_file(place / ABOUT, name=ABOUT)
    about = read_about(about_file, place.resolve().name)
    reading = _FolderReading(place, about)
    for declared in about.files:
        reading.read(declared)
    return reading.dataset({ABOUT: about_file.sha256}, os.fspath(folder))


class _FolderReading:
    """Reads the declared files one after another and gathers tables and problems."""

    def __init__(self, folder: Path, about: About) -> None:
        self.folder, self.about = folder, about
        self.problems: list[Problem] = []
        self.tables: dict[str, list[RawTable]] = {}
        self.of_forms: dict[str, list[pd.DataFrame]] = {}
        self.checksums: dict[str, str] = {}

    def read(self, declared: DeclaredFile) -> None:
        """Read a file's tables; what is wrong is kept, so that other files are still looked at."""
        if declared.kind == FORMS:
            self.read_forms(declared)
            return
        try:
            file = read_file(self.folder / declared.name, name=declared.name, inside=self.folder)
            self.checksums[declared.name] = file.sha256
            if declared.sha256 is not None and declared.sha256 != file.sha256:
                self.problems.append(_altered(declared.name))
            mapping = dict(declared.columns or self.about.columns)
            document, met = read_document(file)
            if declared.kind == "gradings":
                self.about, headed = with_headed(document, columns_of("gradings"), self.about, mapping)
                met = [*met, *headed]
            tables, problems = read_tables(document, columns_of(declared.kind), self.about, mapping)
        except SourceError as fault:
            self.problems += fault.problems
            return
        self.problems += [*met, *problems]
        self.tables.setdefault(declared.kind, []).extend(tables)

    def read_forms(self, declared: DeclaredFile) -> None:
        """Read a folder of team diagnostic forms."""
        found = read_forms(self.folder, declared.name, self.about)
        self.problems += found.problems
        self.checksums |= found.checksums
        if declared.sha256 is not None and declared.sha256 != found.sha256:
            self.problems.append(_altered(declared.name))
        for kind, frame in found.tables.items():
            self.of_forms.setdefault(kind, []).append(frame)

    def frame(self, kind: str) -> pd.DataFrame | None:
        """All tables of a kind as one frame; None where the folder declares none that could be read."""
        found = list(self.of_forms.get(kind, ()))
        if kind in self.tables:
            frame, problems = frame_of(kind, self.tables[kind], self.about, self.problems)
            self.problems += problems
            found.insert(0, frame)
        if not found:
            return None
        whole = pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]
        return whole[columns_in(whole)] if kind == "gradings" else whole

    def frames(self) -> dict[str, pd.DataFrame | None]:
        """The frame of every kind; what answers what in them is looked at."""
        frames = {kind: self.frame(kind) for kind in KINDS}
        self.problems += check_answers(frames["findings"], frames["actions"])
        return frames

    def lineage(self, gradings: pd.DataFrame) -> Lineage:
        """What became of the teams."""
        lineage, problems = find_lineage(self.about.teams, gradings, ABOUT)
        if any(problem.severity == "error" for problem in problems):
            raise SourceError(problems)
        self.problems += problems
        return lineage

    def apart(self) -> dict[str, pd.DataFrame]:
        """The gradings of each domain that has a scale of its own."""
        frames, _, problems = apart_of(self.tables.get("gradings", ()), self.about)
        self.problems += problems
        return {
            domain.key: mark_scale(
                order_gradings(frames[domain.key], self.about, ABOUT)[0], domain.scale or self.about.scale
            )
            for domain in self.about.domains_apart
            if domain.key in frames
        }

    def dataset(self, checksums: dict[str, str], loaded_from: str) -> Dataset:
        """The dataset, if nothing stops it."""
        about = self.about
        if about.statements:
            columns = zip(STATEMENT_KEYS, map(list, zip(*about.statements, strict=True)), strict=True)
            numbers = range(1, len(about.statements) + 1)
            stated = RawTable(ABOUT, dict(columns), numbers, header_row=None)
            self.tables.setdefault("statements", []).append(stated)
        frames = self.frames()
        apart = self.apart()
        if any(problem.severity == "error" for problem in self.problems):
            raise SourceError(dict.fromkeys(self.problems))
        published, gradings = (frames.pop(kind) for kind in ("published", "gradings"))
        if published is None:
            published = read_cells([], about)[0]
        if gradings is None:
            gradings = gradings_of(published, about)
        if gradings.empty:
            nothing = ("no file of kind 'published', 'gradings' or 'forms'", "gradings to load")
            raise SourceError([Problem(ABOUT, *nothing)])
        gradings, problems = order_gradings(gradings, about, ABOUT)
        self.problems += problems
        if repeated := list_repeated(gradings):
            expected = "one grading of a team in a domain, unless round, grader or stage differ"
            raise SourceError([Problem(ABOUT, message, expected) for message in repeated])
        mark_lineage(mark_scale(gradings, about.scale), self.lineage(gradings))
        if about.illustrative:
            # The tables keep this where they are taken out of the dataset.
            for table in (gradings, published, *frames.values(), *apart.values()):
                if table is not None:
                    mark_illustrative(table)
        self.problems += _undeclared(self.folder, {*self.checksums, *(file.name for file in about.files)})
        return Dataset(
            gradings=check_gradings(gradings, scale=about.scale, domains=about.domains),
            published=published,
            **{kind: order_side_table(_filled(kind, side), gradings, about) for kind, side in frames.items()},
            problems=tuple(sorted(dict.fromkeys(self.problems), key=lambda problem: problem.sort_key)),
            about=about,
            apart=apart,
            checksums={**checksums, **self.checksums},
            loaded_from=loaded_from,
        )


def _filled(kind: str, side: pd.DataFrame | None) -> pd.DataFrame:
    return _EMPTY[kind]() if side is None else side


def _undeclared(folder: Path, declared: Collection[str]) -> list[Problem]:
    """Files, in the folder and below it, that could be read but are not declared."""
    return [
        Problem(
            name,
            "a file that source.toml does not declare",
            "every file declared",
            "it was not read",
            severity="warning",
        )
        for name in _readable(folder)
        if name not in declared
    ]


def _readable(folder: Path) -> list[str]:
    """The files of a folder and of those below it that have an ending we read; links are not followed."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in files_below(folder)
        if path.suffix.casefold() in ENDINGS and path.name[0] not in ".~"
    )


def _altered(name: str) -> Problem:
    return Problem(
        name,
        "other bytes than source.toml gives the sha256 of",
        "the file as it was received",
        "if it was changed on purpose, say how in its origin and bring the sha256 up to date",
        severity="warning",
    )


def gradings_of(published: pd.DataFrame, about: About) -> pd.DataFrame:
    """Gradings from published cells: a row for every team of every tally."""
    return as_gradings(
        published, scale=about.scale, domains=about.domains, authority=about.authority, round=about.round
    )
