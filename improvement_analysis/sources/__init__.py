"""Files in, tables out: dataset folders, published tables, team gradings.

Every reader names the place of every problem, raises once with all of them, and writes nothing.
"""

from improvement_analysis.sources.about import About
from improvement_analysis.sources.checking import check_path
from improvement_analysis.sources.dataset import (
    Dataset,
    find_dataset,
    find_datasets,
    load,
    read_gradings,
    read_published,
)
from improvement_analysis.sources.processed import build_tables, write_tables

__all__ = [
    "About",
    "Dataset",
    "build_tables",
    "check_path",
    "find_dataset",
    "find_datasets",
    "load",
    "read_gradings",
    "read_published",
    "write_tables",
]
