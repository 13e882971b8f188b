"""Reads one file on its own: a published table or team gradings."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import Problem, SourceError, SourceWarning
from improvement_analysis.frameworks import TEAM_DIAGNOSTIC
from improvement_analysis.sources.declaration import read_about
from improvement_analysis.sources.folders import ABOUT, declares
from improvement_analysis.sources.formats.document import Document
from improvement_analysis.sources.formats.files import read_file
from improvement_analysis.sources.formats.reading import read_document
from improvement_analysis.sources.interpretation.own_scales import told_apart
from improvement_analysis.sources.interpretation.round_order import order_gradings
from improvement_analysis.sources.kinds import apart_of, columns_of, frame_of
from improvement_analysis.sources.recognition.framework_words import recognise_framework
from improvement_analysis.sources.recognition.tables import read_tables, with_headed
from improvement_analysis.vocabulary import Term, Vocabulary

__all__ = ["about_beside", "mapping_of", "read_gradings", "read_one", "read_published", "recognise"]


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
    try:
        declared, name = declares(path.parent), path.parent.resolve().name
    except (OSError, ValueError, RuntimeError):
        declared, name = False, ""  # reading the file itself says what is wrong with its folder
    if not declared:
        return About(path.stem)
    return read_about(read_file(path.parent / ABOUT), name)


def _read_one(path: Path, kind: str, about: About) -> pd.DataFrame:
    frame, problems = read_one(path, kind, about)
    if any(problem.severity == "error" for problem in problems):
        raise SourceError(problems)
    for problem in problems:
        warnings.warn(SourceWarning(problem), stacklevel=3)
    return frame


def read_one(path: Path, kind: str, about: About) -> tuple[pd.DataFrame, list[Problem]]:
    """The frame of one file of some kind, and every problem met, in order.

    A file that nobody has declared is read as the framework has it whose words it uses.

    Raises
    ------
    SourceError
        If there is nothing to make a frame of.
    """
    document, met = read_document(read_file(path))
    try:
        frame, problems = _read(document, path, kind, about)
    except SourceError as fault:
        if (known := _recognised(document, about)) is None:
            raise SourceError([*met, *fault.problems]) from None
        frame, problems = _read(document, path, kind, known)
    else:
        wrong = any(problem.severity == "error" for problem in problems)
        if wrong and (known := _recognised(document, about)) is not None:
            frame, problems = _read(document, path, kind, known)
    return frame, sorted(dict.fromkeys([*met, *problems]), key=lambda problem: problem.sort_key)


def _recognised(document: Document, about: About) -> About | None:
    """What is known beforehand of a document that nobody has declared; None where that is nothing else."""
    try:
        known = recognise(document, about)
    except SourceError:
        return None
    return None if known is about else known


def recognise(document: Document, about: About) -> About:
    """*about* under the framework whose words a document uses, where nobody has declared one.

    Raises
    ------
    SourceError
        If two frameworks fit equally well.
    """
    if about.files or about.framework is not TEAM_DIAGNOSTIC:
        return about
    framework = recognise_framework([document])
    if framework is TEAM_DIAGNOSTIC:
        return about
    return replace(about, framework=framework, scale=framework.scale).with_domains(framework.domains)


def _read(document: Document, path: Path, kind: str, about: About) -> tuple[pd.DataFrame, list[Problem]]:
    columns, mapping = columns_of(kind), mapping_of(path, about)
    about, headed = with_headed(document, columns, about, mapping) if kind == "gradings" else (about, [])
    tables, problems = read_tables(document, columns, about, mapping)
    frame, found = frame_of(kind, tables, about, problems)
    if kind == "gradings":
        frame, remarks = order_gradings(frame, about, path.name)
        _, apart, met = apart_of(tables, about)
        found = [*found, *remarks, *met, *told_apart(apart, about)]
    return frame, [*headed, *problems, *found]


def mapping_of(path: Path, about: About) -> dict[str, str]:
    """The headings that a file's columns are declared to have."""
    own = next((file.columns for file in about.files if file.name == path.name), ())
    return dict(own or about.columns)
