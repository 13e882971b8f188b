"""Everything that is wrong with a file or a dataset, as a list and never as an exception."""

from __future__ import annotations

import warnings
from pathlib import Path

from improvement_analysis.errors import Problem, SourceError, SourceWarning
from improvement_analysis.sources.dataset import ABOUT, load, read_gradings, read_published

__all__ = ["check_path"]


def check_path(path: Path) -> list[Problem]:
    """The problems of a dataset folder, or of a file of published cells or team gradings.

    Returns
    -------
    list of Problem
        Errors and warnings, sorted by place; empty where nothing is wrong.
    """
    try:
        if not path.is_file():
            return list(load(path).problems)
        return _check_file(path)
    except SourceError as fault:
        return list(fault.problems)


def _check_file(path: Path) -> list[Problem]:
    if path.name == ABOUT:
        return list(load(path.parent).problems)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SourceWarning)
        try:
            read_published(path)
        except SourceError as as_published:
            try:
                read_gradings(path)
            except SourceError as as_gradings:
                raise min(as_published, as_gradings, key=lambda fault: len(fault.problems)) from None
    told = [each.message.problem for each in caught if isinstance(each.message, SourceWarning)]
    return sorted(told, key=lambda problem: problem.sort_key)
