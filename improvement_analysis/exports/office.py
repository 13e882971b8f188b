"""Whether the libraries that write office files are there."""

from __future__ import annotations

from importlib.util import find_spec

from improvement_analysis.errors import ReportError

__all__ = ["need_library"]


def need_library(module: str, package: str, what: str) -> None:
    """Pass if a library of the extra ``office`` is installed.

    Raises
    ------
    ReportError
        If it is not, with what to install.

    Examples
    --------
    >>> need_library("docx", "python-docx", "a Word document")
    """
    if find_spec(module) is None:
        remedy = 'install it with: pip install "improvement-analysis[office]"'
        raise ReportError(f"{what} needs {package}, which is not installed; {remedy}")
