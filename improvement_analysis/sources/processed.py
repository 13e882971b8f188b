"""The tidy tables of a dataset as CSV files: what ``data/processed`` holds."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.spreadsheets import write_csv
from improvement_analysis.teams import list_changes

__all__ = ["build_tables", "write_tables"]


def build_tables(dataset: Dataset) -> dict[str, pd.DataFrame]:
    """The tables that a dataset is kept as, by file name without its ending; empty ones are left out."""
    tables = {
        "gradings": dataset.gradings,
        "published": dataset.published,
        "statements": dataset.statements,
        "findings": dataset.findings,
        "deep_dives": dataset.deep_dives,
        "meetings": dataset.meetings,
        "actions": dataset.actions,
        "evidence": dataset.evidence,
        "visits": dataset.visits,
        "teams": list_changes(dataset.gradings),
    }
    return {name: table for name, table in tables.items() if not table.empty}


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path) -> list[Path]:
    """Write each table as ``<name>.csv``: UTF-8, one newline, the same bytes for the same data.

    A file is complete under its name or not there: it is written beside and moved. A text that a spreadsheet
    would take for a formula gets an apostrophe before it, which our readers take away.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, table in tables.items():
        target = folder / f"{name}.csv"
        beside = folder / f".{name}.csv.{os.getpid()}"
        beside.write_bytes(write_csv(table).encode("utf-8"))
        beside.replace(target)
        written.append(target)
    return written
