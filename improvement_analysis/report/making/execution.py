"""One notebook run to its end by papermill, and the proof that the end was reached."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from improvement_analysis.errors import ReportError
from improvement_analysis.report.making.kernels import KERNEL
from improvement_analysis.report.page import Value

__all__ = ["execute"]

#: The value of the cell that is added to the end of every run. A run without it did not end.
SENTINEL = "improvement_analysis: the last cell was reached"
#: Where its cells keep what they need for a while, in the run's private folder.
TEMPORARY = "temporary"
#: Seconds that a kernel may take to answer.
START_TIMEOUT = 60


def execute(notebook: Any, parameters: Mapping[str, Value], folder: Path, *, name: str, timeout: int) -> Any:
    """The notebook with its outputs.

    Parameters
    ----------
    notebook
        An nbformat notebook; it is not changed.
    parameters
        Already checked.
    folder
        A private folder for the run; ``executed.ipynb`` is left in it if the run fails.
    name
        What messages call the notebook.
    timeout
        Seconds that one cell may take.

    Raises
    ------
    ReportError
        In one sentence, if a cell fails or takes too long, the kernel dies or does not start, or the run
        ends before its last cell.
    """
    given, left = folder / "given.ipynb", folder / "executed.ipynb"
    (folder / TEMPORARY).mkdir(exist_ok=True)
    sentinel = nbformat.v4.new_code_cell(repr(SENTINEL), id="sentinel")
    given.write_text(json.dumps({**notebook, "cells": [*notebook.cells, sentinel]}), encoding="utf-8")
    result = _run(given, left, parameters, name=name, timeout=timeout)
    try:
        _judge(result, name)
    except ReportError:
        nbformat.write(result, left)
        raise
    result.cells = [cell for cell in result.cells if cell.get("id") != "sentinel"]
    return result


def _run(given: Path, left: Path, parameters: Mapping[str, Value], *, name: str, timeout: int) -> Any:
    """The notebook as papermill's engine of ours returns it; one that fails is left in a file."""
    import papermill
    from nbclient.exceptions import CellTimeoutError, DeadKernelError
    from papermill.exceptions import PapermillExecutionError

    from improvement_analysis.report.warm.output_limit import OutputLimitError

    try:
        return papermill.execute_notebook(
            str(given),
            None,
            parameters=dict(parameters),
            engine_name="improvement_analysis",
            kernel_name=KERNEL,
            kernel_cwd=str(given.parent),
            left=left,
            temporary=given.parent / TEMPORARY,
            progress_bar=False,
            request_save_on_cell_execute=False,
            execution_timeout=timeout,
            start_timeout=START_TIMEOUT,
        )
    except PapermillExecutionError as fault:
        # papermill put one cell in: the parameters
        number = fault.exec_count - 1 if fault.exec_count else "?"
        raise ReportError(f"{name}: code cell {number} stopped with {_said(fault)}") from None
    except CellTimeoutError:
        raise ReportError(f"{name}: a cell did not end within {timeout} seconds") from None
    except OutputLimitError as fault:
        raise ReportError(f"{name}: {fault}") from None
    except DeadKernelError:
        raise ReportError(f"{name}: the kernel died before the notebook's end") from None
    except Exception as fault:  # whatever the machinery throws is one page's failure
        raise ReportError(
            f"{name}: could not be run ({type(fault).__name__}: {_plain(str(fault))})"
        ) from fault


def _said(error: Any) -> str:
    """The name and the words of an error, on one line."""
    return f"{error.ename}: {_plain(error.evalue)}".rstrip(": ")


def _plain(text: str) -> str:
    from nbconvert.filters import strip_ansi

    return " ".join(strip_ansi(text).split())[:500]


def _judge(notebook: Any, name: str) -> None:
    """Every cell was run, in order, without an error, and the last one left its mark."""
    code = [
        cell
        for cell in notebook.cells
        if cell.cell_type == "code"
        and cell.source.strip()
        and "injected-parameters" not in cell.metadata.get("tags", [])
    ]
    for number, cell in enumerate(code, start=1):
        for output in cell.outputs:
            if output.output_type == "error":
                raise ReportError(f"{name}: code cell {number} stopped with {_said(output)}")
        if cell.execution_count is None:
            raise ReportError(f"{name}: ended before code cell {number} of {len(code) - 1}")
    marks = [output.get("data", {}).get("text/plain") for cell in code[-1:] for output in cell.outputs]
    if repr(SENTINEL) not in marks:
        raise ReportError(f"{name}: ended before its last cell")
