"""How far a run is: a bar on a terminal, plain lines elsewhere, nothing when asked to be quiet."""

from __future__ import annotations

import sys
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, TextIO

from improvement_analysis.machine import count_cores

if TYPE_CHECKING:
    from tqdm import tqdm

    from improvement_analysis.report.page import Page

__all__ = ["Ticker"]

#: Seconds that a core may take for a page, before one is made.
_PAGE = 0.5


class Ticker:
    """Tells progress on standard error: call it with the pages done, all pages, and the page just done."""

    def __init__(self, name: str, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self.name, self.quiet = name, quiet
        self.stream = stream or sys.stderr
        self.bar: tqdm[None] | None = None
        self.began = monotonic()

    def __enter__(self) -> Ticker:
        return self

    def __call__(self, done: int, total: int, page: Page) -> None:
        """Tell that *done* of *total* pages are done, *page* the latest."""
        if self.quiet:
            return
        try:
            if not done:
                self._announce(total)
            elif self.stream.isatty():
                self._move_bar(done, total, page.path)
            else:
                took = f"{page.duration_seconds:.1f} s" if page.status == "made" else page.status
                words = f"{self.name}: {done} of {total}  {page.path}  {took}"
                print(words + self._left(done, total), file=self.stream, flush=True)
        except (OSError, ValueError):  # whoever was to read it is gone: that is no reason to make no pages
            self.quiet = True

    def _announce(self, total: int) -> None:
        minutes = max(1, round(total * _PAGE / count_cores() / 60))
        words = f"{self.name}: {total} pages are to be made, which may take some {minutes} min"
        print(words, file=self.stream, flush=True)

    def _left(self, done: int, total: int) -> str:
        """How long the rest will take, if it goes on as it did; nothing where that is no time at all."""
        seconds = round((monotonic() - self.began) / done * (total - done))
        if seconds < 1:
            return ""
        return f"  about {seconds} s left" if seconds < 100 else f"  about {round(seconds / 60)} min left"

    def _move_bar(self, done: int, total: int, page: str) -> None:
        if self.bar is None:
            from tqdm import tqdm

            form = "{desc}: {n_fmt} of {total_fmt} |{bar:20}| {elapsed}, {remaining} left  {postfix}"
            self.bar = tqdm(total=total, desc=self.name, file=self.stream, bar_format=form, leave=False)
        self.bar.set_postfix_str(page, refresh=False)
        self.bar.n = done
        self.bar.refresh()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.bar is not None:
            self.bar.close()
