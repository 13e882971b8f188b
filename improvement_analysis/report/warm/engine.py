"""The papermill engine ``improvement_analysis``.

``papermill --engine improvement_analysis in.ipynb out.ipynb`` works without a report run too. papermill loads
this module while it is itself half loaded, and a fault here would break it for everyone: so the module
imports nothing, and the work is done elsewhere.
"""

from __future__ import annotations

from typing import Any

__all__ = ["PromptEngine"]


class PromptEngine:
    """What papermill asks of an engine, handed on to :class:`~.prompt.PromptRun`."""

    @classmethod
    def execute_notebook(cls, *given: Any, **named: Any) -> Any:
        """Run a notebook."""
        from improvement_analysis.report.warm.prompt import PromptRun

        return PromptRun.execute_notebook(*given, **named)

    @classmethod
    def nb_kernel_name(cls, nb: Any, name: str | None = None) -> Any:
        """The kernel that the notebook asks for."""
        from improvement_analysis.report.warm.prompt import PromptRun

        return PromptRun.nb_kernel_name(nb, name)

    @classmethod
    def nb_language(cls, nb: Any, language: str | None = None) -> Any:
        """The language that the notebook is written in."""
        from improvement_analysis.report.warm.prompt import PromptRun

        return PromptRun.nb_language(nb, language)
