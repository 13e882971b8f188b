"""What is set in a shell before its first cell, in a forked process and in a plain kernel alike."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import TracebackType
from typing import Any

from improvement_analysis.report.warm.output_limit import limit_output

__all__ = ["OPENING", "prepare"]

#: The line of Python that prepares a shell from inside; it leaves no name behind.
OPENING = f"__import__({__name__!r}, fromlist=['prepare']).prepare(get_ipython())"

#: A page shows HTML; a picture nobody asks for is not drawn.
_SHOWN = ["text/html", "text/markdown", "text/plain"]
#: The frames of a traceback that are shown, from its beginning and its end. IPython asks every module that
#: there is about every frame: a thousand of them take it ten seconds.
_MOST_FRAMES = 40


def prepare(shell: Any) -> None:
    """Let *shell* import what lies beside its notebook, show what pages hold and tell errors briefly."""
    if "" not in sys.path:
        sys.path.insert(0, "")
    shell.display_formatter.active_types = _SHOWN
    limit_output(shell)
    show = shell.InteractiveTB.structured_traceback

    def show_briefly(kind: Any, fault: Any, trace: Any = None, *given: Any, **named: Any) -> list[str]:
        left_out = sum(map(_shorten, [trace, *(each.__traceback__ for each in _chain(fault))]))
        lines: list[str] = show(kind, fault, trace, *given, **named)
        more = [f"[... {left_out} frames in between are not shown ...]\n"] if left_out else []
        return [*lines[:-1], *more, *lines[-1:]]

    shell.InteractiveTB.structured_traceback = show_briefly


def _chain(fault: BaseException | None) -> Iterator[BaseException]:
    """An exception and those it came from."""
    seen: set[int] = set()
    while fault is not None and id(fault) not in seen:
        seen.add(id(fault))
        yield fault
        fault = fault.__cause__ or fault.__context__


def _shorten(trace: TracebackType | None) -> int:
    """Take the middle out of a long traceback; how many frames that were."""
    links = []
    while trace is not None:
        links.append(trace)
        trace = trace.tb_next
    if len(links) <= _MOST_FRAMES:
        return 0
    half = _MOST_FRAMES // 2
    links[half - 1].tb_next = links[-half]
    return len(links) - 2 * half
