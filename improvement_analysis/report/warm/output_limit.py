"""How much a cell may print and show: what is more is an error, and no memory is filled with it."""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["MOST_PRINTED", "MOST_SHOWN", "OutputLimitError", "is_alarm", "limit_output"]

#: What one cell may print, and what it may show besides, in letters.
MOST_PRINTED, MOST_SHOWN = 1_000_000, 10_000_000
#: So many refusals a cell may pass over before whoever runs it is asked to end it.
_PATIENCE = 100
#: What that message bears.
_ALARM = "improvement_analysis_output_limit"


class OutputLimitError(Exception):
    """A cell printed or showed more than a page can hold."""

    def __init__(self) -> None:
        super().__init__("a cell may print 1 MB and show 10 MB, and this one has more")


def is_alarm(content: Mapping[str, Any]) -> bool:
    """Whether a message says that a cell does not heed its limit."""
    return _ALARM in content.get("metadata", ())


class _Allowance:
    """What is left of it for the cell under way."""

    def __init__(self, most: int, publish: Callable[..., None]) -> None:
        self.most, self.publish = most, publish
        self.renew()

    def renew(self, *_: object) -> None:
        self.left, self.refused = self.most, 0

    def has(self, size: int) -> bool:
        """Take as much, if there is as much. In the cell's own thread it is an error if there is not.

        Another thread, such as the one that reads what a kernel's processes print, would end with an error
        and be waited for; so the alarm is raised there, as for a cell that passes over its errors.
        """
        self.left -= size
        if self.left >= 0:
            return True
        own, before = threading.current_thread() is threading.main_thread(), self.refused
        self.refused += 1 if own else _PATIENCE
        if before < _PATIENCE <= self.refused:
            self.publish({"text/plain": ""}, {_ALARM: True})
        if own:
            raise OutputLimitError
        return False


class _Watch:
    """Counts what a cell prints. IPython gives the streams another method to write for each cell, too."""

    def __init__(self, allowance: _Allowance) -> None:
        self.allowance = allowance
        self.before: list[tuple[Any, Any]] = []

    def begin(self, *_: object) -> None:
        self.end()
        self.allowance.renew()
        self.before = [(stream, stream.write) for stream in (sys.stdout, sys.stderr)]
        for stream, write in self.before:
            stream.write = _counted(write, self.allowance)

    def end(self, *_: object) -> None:
        while self.before:
            stream, write = self.before.pop()
            stream.write = write


def limit_output(shell: Any) -> None:
    """Let each cell of *shell* print and show so much and no more."""
    publish = shell.display_pub.publish
    watch, showing = _Watch(_Allowance(MOST_PRINTED, publish)), _Allowance(MOST_SHOWN, publish)
    shell.events.register("pre_run_cell", watch.begin)
    shell.events.register("pre_run_cell", showing.renew)
    shell.events.register("post_run_cell", watch.end)
    shell.display_pub.publish = _weighed(publish, showing)
    shell.displayhook.write_format_data = _weighed(shell.displayhook.write_format_data, showing)


def _counted(write: Callable[[str], int], allowance: _Allowance) -> Callable[[str], int]:
    def count(text: str) -> int:
        return write(text) if allowance.has(len(text)) else len(text)

    return count


def _weighed(show: Callable[..., Any], allowance: _Allowance) -> Callable[..., Any]:
    def weigh(data: Mapping[str, Any], *given: Any, **named: Any) -> Any:
        size = sum(len(each) for each in data.values() if isinstance(each, str | bytes))
        return show(data, *given, **named) if allowance.has(size) else None

    return weigh
