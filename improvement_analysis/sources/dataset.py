"""A dataset: a folder with a ``source.toml``, read whole into tables."""

from __future__ import annotations

import os
import warnings
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

import pandas as pd

from improvement_analysis.actions import as_actions
from improvement_analysis.errors import Problem, SourceError, SourceWarning
from improvement_analysis.gradings import as_gradings, check_gradings, select_standing
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sources.about import FORMS, KINDS, About, DeclaredFile, read_about
from improvement_analysis.sources.action_plans import ACTION_COLUMNS, read_action_plans
from improvement_analysis.sources.files import read_file
from improvement_analysis.sources.folders import ABOUT, find_dataset
from improvement_analysis.sources.formats import ENDINGS, read_tables
from improvement_analysis.sources.forms import read_forms
from improvement_analysis.sources.memory import recall
from improvement_analysis.sources.portrait import pick, portrait_html
from improvement_analysis.sources.published import CELL_COLUMNS, read_cells
from improvement_analysis.sources.raw_table import Columns, RawTable
from improvement_analysis.sources.side_tables import empty_side_table, read_side_table, side_columns
from improvement_analysis.sources.team_gradings import GRADING_COLUMNS, read_team_gradings
from improvement_analysis.vocabulary import Term, Vocabulary

if TYPE_CHECKING:
    from improvement_analysis.explorer import Explorer

__all__ = ["Dataset", "load", "read_gradings", "read_published"]


@dataclass(frozen=True)
class Dataset:
    """Everything a dataset folder holds.

    Attributes
    ----------
    gradings : DataFrame, one row per grading
        See :func:`improvement_analysis.as_gradings`. From team gradings where there are any, otherwise from
        the published tallies.
    published : DataFrame, one row per printed cell
        ``service, domain, grading`` (source spelling), ``headline, tally, teams`` (what the tally sums to),
        ``source, teams_declared`` (missing where the source states none). Empty where nothing is published.
    statements, findings, deep_dives, actions : DataFrame
        The tables beside them; empty where the dataset has none.
    problems : tuple of Problem
        Warnings met while reading; what stops a reading is raised instead.
    about : About
        Origin, vocabulary, scale.
    checksums : dict
        The sha256 of every file read, by name.
    loaded_from : str
        What :func:`load` was given, so that code can be written that loads it again.
    """

    gradings: pd.DataFrame
    published: pd.DataFrame
    statements: pd.DataFrame
    findings: pd.DataFrame
    deep_dives: pd.DataFrame
    actions: pd.DataFrame
    problems: tuple[Problem, ...]
    about: About
    checksums: dict[str, str]
    loaded_from: str = field(default="", repr=False, compare=False)

    @property
    def services(self) -> list[str]:
        """The services that have gradings, in declared order."""
        return _in_order(self.gradings["service"], self.about.services)

    @property
    def rounds(self) -> list[str]:
        """The rounds that have gradings, earliest first."""
        return sorted(str(each) for each in self.gradings["round"].dropna().unique())

    def standing(self, round: str | None = None) -> pd.DataFrame:  # noqa: A002 (the field's word)
        """The gradings of one round, the latest by default, one for each team and domain."""
        return select_standing(self.gradings, round)

    @property
    def areas(self) -> list[str]:
        """The areas that have gradings, in declared order; empty where no grading names its area."""
        return _in_order(self.gradings["area"].dropna(), self.about.areas)

    def headlines(self, service: str | None = None) -> pd.Series | None:
        """The published headline of each cell; *no judgement* where that is what is printed.

        By domain for one service, by service and domain without; None where nothing is published.
        """
        found = self._cells(service, "headline")
        return None if found is None else found.astype(object).fillna(NO_JUDGEMENT)

    def printed(self, service: str | None = None) -> pd.Series | None:
        """Each published cell in the source's spelling, keyed as :meth:`headlines`."""
        return self._cells(service, "grading")

    def _cells(self, service: str | None, column: str) -> pd.Series | None:
        cells, keys = self.published, ["service", "domain"]
        if service is not None:
            cells, keys = cells[cells["service"] == service], ["domain"]
        return None if cells.empty else cells.set_index(keys)[column]

    def __getitem__(self, name: str) -> pd.DataFrame:
        """The gradings of a service or an area by its name; the tab key completes it."""
        return pick(self, name)

    __iter__: ClassVar[None] = None

    def _ipython_key_completions_(self) -> list[str]:
        return [*self.services, *self.areas]

    def explore(self) -> Explorer:
        """Look around with controls: see :func:`improvement_analysis.explore`."""
        # The one way up from this floor; pyproject.toml names it.
        from improvement_analysis.explorer import explore

        return explore(self)

    def _repr_html_(self) -> str:
        return portrait_html(self)

    def __repr__(self) -> str:
        about = self.about
        what = "illustrative, " if about.illustrative else ""
        return (
            f"Dataset {about.name!r} ({what}{about.authority}, {about.round}): "
            f"{len(self.gradings)} gradings, {len(self.services)} services, {len(self.findings)} findings"
        )


def _in_order(names: pd.Series, declared: Vocabulary) -> list[str]:
    """The names that occur, declared ones in their declared order, then others as they come."""
    found = [str(name) for name in names.unique()]
    return [*(name for name in declared.names if name in found), *(n for n in found if n not in declared)]


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
    if (kept := recall(place)) is not None:
        return replace(kept, loaded_from=os.fspath(folder))
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
            tables, problems = read_tables(file, columns_of(declared.kind), self.about, mapping)
        except SourceError as fault:
            self.problems += fault.problems
            return
        self.problems += problems
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
        return pd.concat(found, ignore_index=True) if len(found) > 1 else found[0]

    def dataset(self, checksums: dict[str, str], loaded_from: str) -> Dataset:
        """The dataset, if nothing stops it."""
        about = self.about
        frames = {kind: self.frame(kind) for kind in KINDS}
        if any(problem.severity == "error" for problem in self.problems):
            raise SourceError(dict.fromkeys(self.problems))
        published, gradings, actions = (frames.pop(kind) for kind in ("published", "gradings", "actions"))
        if published is None:
            published = read_cells([], about)[0]
        if gradings is None:
            gradings = gradings_of(published, about)
        if gradings.empty:
            raise SourceError(
                [Problem(ABOUT, "no file of kind 'published', 'gradings' or 'forms'", "gradings to load")]
            )
        if about.illustrative:
            # The table keeps this where it is taken out of the dataset; only a banner is made of it.
            gradings.attrs["illustrative"] = True
        self.problems += _undeclared(self.folder, {*self.checksums, *(file.name for file in about.files)})
        return Dataset(
            gradings=check_gradings(gradings, scale=about.scale, domains=about.domains),
            published=published,
            **{kind: empty_side_table(kind) if side is None else side for kind, side in frames.items()},
            actions=as_actions() if actions is None else actions,
            problems=tuple(sorted(dict.fromkeys(self.problems), key=lambda problem: problem.sort_key)),
            about=about,
            checksums={**checksums, **self.checksums},
            loaded_from=loaded_from,
        )


def columns_of(kind: str) -> Columns:
    """The columns that a file of some kind has."""
    own = {"published": CELL_COLUMNS, "gradings": GRADING_COLUMNS, "actions": ACTION_COLUMNS}
    return own.get(kind) or side_columns(kind)


def frame_of(
    kind: str, tables: Sequence[RawTable], about: About, problems: Iterable[Problem]
) -> tuple[pd.DataFrame, list[Problem]]:
    """The tidy frame of all tables of one kind, and every problem met beside those met before."""
    whole = not any(problem.severity == "error" for problem in problems)
    if kind == "published":
        return read_cells(tables, about, whole=whole)
    if kind == "gradings":
        return read_team_gradings(tables, about, whole=whole)
    if kind == "actions":
        return read_action_plans(tables, about)
    return read_side_table(tables, kind, about)


def _undeclared(folder: Path, declared: Collection[str]) -> list[Problem]:
    """Files that could be read but are not declared."""
    return [
        Problem(
            path.name,
            "a file that source.toml does not declare",
            "every file declared",
            "it was not read",
            severity="warning",
        )
        for path in sorted(folder.iterdir())
        if path.suffix.casefold() in ENDINGS and path.name not in declared and path.name[0] not in ".~"
    ]


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


def read_published(path: str | Path) -> pd.DataFrame:
    """Read a published summary table: ``service, domain, grading[, teams]``.

    CSV, TSV, Excel, Word, HTML, plain text or the text of a PDF. In a document the heading above a table may
    name its service.

    A ``source.toml`` beside the file is used for names of services and domains. Warnings are issued as
    :class:`SourceWarning`.

    Returns
    -------
    published : DataFrame, one row per printed cell
        See :class:`Dataset`.

    Raises
    ------
    SourceError
        With every problem that stops the reading.
    """
    return _read_one(Path(path), "published", about_beside(Path(path)))


def read_gradings(
    path: str | Path, areas: Iterable[str] | None = None, services: Iterable[str] | None = None
) -> pd.DataFrame:
    """Read team gradings: ``area, service, team, round, visit_date, domain, grade``.

    Parameters
    ----------
    path
        A CSV, TSV or Excel file (or a table in a Word document or web page) with a row a grading; or, where
        ``[columns]`` of a ``source.toml`` beside it maps domains to headings, with a row a team.
    areas, services
        The names that may occur; any other is an error. By default those that a ``source.toml`` beside
        the file declares, or any.

    Returns
    -------
    gradings : DataFrame, one row per grading

    Raises
    ------
    SourceError
        With every problem that stops the reading.
    """
    about = about_beside(Path(path))
    if areas is not None:
        about = replace(about, areas=Vocabulary("area", map(Term, areas)))
    if services is not None:
        about = replace(about, services=Vocabulary("service", map(Term, services)))
    return _read_one(Path(path), "gradings", about)


def about_beside(path: Path) -> About:
    """What the ``source.toml`` beside a file says; what is usual where there is none."""
    beside = path.parent / ABOUT
    return read_about(read_file(beside), path.resolve().parent.name) if beside.is_file() else About(path.stem)


def _read_one(path: Path, kind: str, about: About) -> pd.DataFrame:
    frame, problems = read_one(path, kind, about)
    if any(problem.severity == "error" for problem in problems):
        raise SourceError(problems)
    for problem in problems:
        warnings.warn(SourceWarning(problem), stacklevel=3)
    return frame


def read_one(path: Path, kind: str, about: About) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame of one file of some kind, and every problem met, in order.

    Raises
    ------
    SourceError
        If there is nothing to make a frame of.
    """
    tables, problems = read_tables(read_file(path), columns_of(kind), about, mapping_of(path, about))
    frame, found = frame_of(kind, tables, about, problems)
    return frame, sorted(dict.fromkeys([*problems, *found]), key=lambda problem: problem.sort_key)


def mapping_of(path: Path, about: About) -> dict[str, str]:
    """The headings that a file's columns are declared to have."""
    own = next((file.columns for file in about.files if file.name == path.name), ())
    return dict(own or about.columns)
