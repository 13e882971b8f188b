"""Files in, tables out: dataset folders, published tables, team gradings.

Every reader names the place of every problem, raises once with all of them, and writes nothing. Names are
imported when they are first used: finding a folder takes no pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from improvement_analysis.sources.checking import check_path
    from improvement_analysis.sources.folders import find_dataset, find_datasets
    from improvement_analysis.sources.loading import load
    from improvement_analysis.sources.processed import build_tables, write_tables
    from improvement_analysis.sources.single_file import read_gradings, read_published

_HOME_OF = {
    "build_tables": "processed",
    "check_path": "checking",
    "find_dataset": "folders",
    "find_datasets": "folders",
    "load": "loading",
    "read_gradings": "single_file",
    "read_published": "single_file",
    "write_tables": "processed",
}

__all__ = [
    "build_tables",
    "check_path",
    "find_dataset",
    "find_datasets",
    "load",
    "read_gradings",
    "read_published",
    "write_tables",
]


def __getattr__(name: str) -> object:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name)
