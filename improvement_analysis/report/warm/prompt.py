"""A notebook run promptly: in a forked process where one can be had, else in a kernel, with no idle waits."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from papermill.engines import NBClientEngine
from papermill.log import logger

if TYPE_CHECKING:
    from improvement_analysis.report.warm.forked import ForkedShell

__all__ = ["PromptRun"]


class PromptRun(NBClientEngine):
    """Runs a notebook as papermill does, faster and in a folder of its own."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        *,
        kernel_cwd: str | None = None,
        left: Path | None = None,
        temporary: Path | None = None,
        **_: Any,
    ) -> Any:
        """Execute the notebook.

        *kernel_cwd* is the folder that its code runs in, *left* the file where a run that fails is kept,
        *temporary* the folder for its temporary files, by default that of the kernel's declaration.
        """
        place = kernel_cwd or str(Path.cwd())
        named = {
            "timeout": execution_timeout,
            "log": logger,
            "log_output": log_output,
            "stdout_file": stdout_file,
            "stderr_file": stderr_file,
        }
        try:
            own = {} if temporary is None else {"TMPDIR": str(temporary)}
            shell = _fork_shell(kernel_name, place, own)
            if shell is None:
                from improvement_analysis.report.warm.plain import run_kernel

                return run_kernel(nb_man, kernel_name, place, own, startup_timeout=start_timeout, **named)
            return _run_forked(nb_man, shell, **named)
        finally:
            for cell in nb_man.nb.cells:
                if cell.cell_type == "code":
                    cell.outputs = list(_join_streams(cell.outputs))
            if left is not None and _has_failed(nb_man.nb):
                nbformat.write(nb_man.nb, left)


def _has_failed(notebook: Any) -> bool:
    """Whether a cell stopped with an error or was never reached."""
    return any(cell.metadata.papermill.status != "completed" for cell in notebook.cells)


def _fork_shell(kernel_name: str, place: str, own: Mapping[str, str]) -> ForkedShell | None:
    """A shell forked from the template process that the kernel's declaration names, if it names one."""
    from jupyter_client.kernelspec import KernelSpecManager

    from improvement_analysis.report.warm.forked import ForkedShell

    declared = KernelSpecManager().get_kernel_spec(kernel_name)
    told = declared.metadata.get("improvement_analysis")
    if told is None:
        return None
    request = {"env": {**os.environ, **declared.env, **own}, "cwd": place, "opening": told["opening"]}
    try:
        return ForkedShell(told["socket"], request)
    except (OSError, ValueError) as failure:
        logger.warning("nothing was forked from the template process (%s); a kernel is started", failure)
        return None


def _run_forked(nb_man: Any, shell: ForkedShell, **named: Any) -> Any:
    from improvement_analysis.report.warm.forked import ForkedClient

    try:
        return ForkedClient(nb_man, shell, **named).execute()
    finally:
        shell.end()


def _join_streams(outputs: list[Any]) -> Iterator[Any]:
    """What is printed between two other outputs as one output a stream; a kernel cuts it by the clock."""
    for printed, group in groupby(outputs, key=lambda output: output.output_type == "stream"):
        if not printed:
            yield from group
            continue
        streams: dict[str, Any] = {}
        for output in group:
            if output.name in streams:
                streams[output.name].text += output.text
            else:
                streams[output.name] = output
        yield from (streams[name] for name in sorted(streams, reverse=True))
