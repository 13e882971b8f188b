"""The frame of a result as a table with its domains in words."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.tables import Table, frame_table

__all__ = ["result_table"]


def result_table(
    dataset: Dataset,
    found: pd.DataFrame,
    caption: str,
    headings: dict[str, str],
    *,
    decimals: int = 2,
    note: str | list[str] | None = None,
) -> Table:
    """The frame of a result as a table, its domains under their short names."""
    frame = found.reset_index() if "domain" not in found else found
    frame = frame.assign(domain=[dataset.about.short_labels[str(domain)] for domain in frame["domain"]])
    return frame_table(
        frame,
        caption=caption,
        headings=headings,
        decimals=decimals,
        note=note,
        missing="undefined",
        about=dataset.about,
    )
