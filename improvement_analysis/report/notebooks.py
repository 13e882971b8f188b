"""Where the notebooks are, and one of them read for a run."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from improvement_analysis.errors import ReportError

__all__ = ["notebook_folder", "read_notebook"]


def notebook_folder() -> Path:
    """The folder of the project's notebooks: beside the package in a checkout, inside it when installed."""
    inside = Path(__file__).parent / "notebooks"
    return inside if inside.is_dir() else Path(__file__).parents[2] / "notebooks"


def read_notebook(name: str, folder: Path | None = None) -> Any:
    """A notebook of the project by its name without ending.

    Raises
    ------
    ReportError
        If it is absent or not a notebook.
    """
    import nbformat

    path = (folder or notebook_folder()) / f"{name}.ipynb"
    try:
        notebook = nbformat.read(path, as_version=4)
    except OSError as failure:
        raise ReportError(f"{path.name}: cannot be read ({failure.strerror or failure})") from None
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, json.JSONDecodeError, KeyError) as fault:
        said = str(fault).splitlines()[0][:120]
        raise ReportError(f"{path.name}: is not a notebook ({said})") from None
    return notebook
