"""Where the notebooks are, and one of them read for a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from improvement_analysis.errors import ReportError

__all__ = ["notebook_folder", "read_notebook"]


def notebook_folder() -> Path:
    """The folder of the project's notebooks: beside the package in a checkout, inside it when installed."""
    inside = Path(__file__).parents[1] / "notebooks"
    return inside if inside.is_dir() else Path(__file__).parents[3] / "notebooks"


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
        if path.exists() and not path.is_file():
            raise ReportError(f"{path.name}: cannot be read (not a regular file)")
        text = path.read_text(encoding="utf-8")
    except OSError as failure:
        raise ReportError(f"{path.name}: cannot be read ({failure.strerror or failure})") from None
    except ValueError:
        raise ReportError(f"{path.name}: is not a notebook (not UTF-8)") from None
    try:
        return nbformat.reads(text, as_version=4)
    except (
        nbformat.ValidationError,
        ValueError,
        LookupError,
        AttributeError,
        TypeError,
        RecursionError,
    ) as fault:
        said = (str(fault) or type(fault).__name__).splitlines()[0][:120]
        raise ReportError(f"{path.name}: is not a notebook ({said})") from None
