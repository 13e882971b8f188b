"""How much a cell may print and show: what is more is an error, and no memory is filled with it."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

__all__ = ["MOST_PRINTED", "MOST_SHOWN", "OutputLimitError", "limit_output"]

#: What one cell may print, and what it may show besides, in letters.
MOST_PRINTED, MOST_SHOWN = 1_000_000, 10_000_000


class OutputLimitError(Exception):
    """A cell printed or showed more than a page can hold."""

    def __init__(self) -> None:
        super().__init__("a cell may print 1 MB and show 10 MB, and this one has more")


class _Allowance:
    """What is left of it for the cell under way."""

    def __init__(self, most: int) -> None:
        self.most = self.left = most

    def renew(self, *_: object) -> None:
        self.left = self.most

    def take(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise OutputLimitError


class _Watch:
    """Counts what a cell prints. IPython gives the streams another method to write for each cell, too."""

    def __init__(self) -> None:
        self.allowance = _Allowance(MOST_PRINTED)
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
    watch, showing = _Watch(), _Allowance(MOST_SHOWN)
    shell.events.register("pre_run_cell", watch.begin)
    shell.events.register("pre_run_cell", showing.renew)
    shell.events.register("post_run_cell", watch.end)
    shell.display_pub.publish = _weighed(shell.display_pub.publish, showing)
    shell.displayhook.write_format_data = _weighed(shell.displayhook.write_format_data, showing)


def _counted(write: Callable[[str], int], allowance: _Allowance) -> Callable[[str], int]:
    def count(text: str) -> int:
        allowance.take(len(text))
        return write(text)

    return count


def _weighed(show: Callable[..., Any], allowance: _Allowance) -> Callable[..., Any]:
    def weigh(data: Mapping[str, Any], *given: Any, **named: Any) -> Any:
        allowance.take(sum(len(each) for each in data.values() if isinstance(each, str | bytes)))
        return show(data, *given, **named)

    return weigh
