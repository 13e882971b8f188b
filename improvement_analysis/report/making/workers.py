"""What makes pages: threads of this process, each page in a kernel of its own."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Collection, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from improvement_analysis.report.interruption import heed, held_back
from improvement_analysis.report.making.kernels import own_kernel
from improvement_analysis.report.making.page import Edition, Made, make_page
from improvement_analysis.report.page import Page

__all__ = ["Make", "Workers", "local_workers"]

#: From pages and what they share to each path and what came of it, in the order in which they are done.
Make = Callable[[Sequence[Page], Edition], Iterator[tuple[str, Made]]]
#: Gives a :data:`Make` for as long as the context lasts.
Workers = AbstractContextManager[Make]


@contextmanager
def local_workers(jobs: int, dataset: Path | None = None, notebooks: Collection[str] = ()) -> Iterator[Make]:
    """Threads of this process, *jobs* pages at a time, of a *dataset* that is loaded once for all.

    What pages of *notebooks* share is done once, too.
    """
    pool = ThreadPoolExecutor(max_workers=jobs)
    with _private_folder() as place:
        try:
            with own_kernel(Path(place), dataset, notebooks):
                try:
                    yield lambda pages, edition: _in_turn(pool, pages, edition, 2 * jobs)
                finally:
                    pool.shutdown(wait=False, cancel_futures=True)
        finally:
            # waited for when its kernels have ended, so that an interrupt ends the pages under way too
            pool.shutdown()


@contextmanager
def _private_folder() -> Iterator[str]:
    """A folder for a while; no request to stop comes while it is made or cleared away."""
    folder = None
    try:
        with held_back():
            folder = tempfile.TemporaryDirectory(prefix="ia-", ignore_cleanup_errors=True)
        yield folder.name
    finally:
        if folder is not None:
            with held_back(heeding=False):
                folder.cleanup()


def _in_turn(
    pool: ThreadPoolExecutor, pages: Sequence[Page], edition: Edition, most: int
) -> Iterator[tuple[str, Made]]:
    """Give out no more than *most* pages at a time, so that results do not pile up."""
    waiting = iter(pages)
    under_way: dict[Future[Made], str] = {}
    while True:
        while len(under_way) < most and (page := next(waiting, None)) is not None:
            under_way[pool.submit(make_page, page, edition)] = page.path
        if not under_way:
            return
        heed()
        done, _ = wait(under_way, return_when=FIRST_COMPLETED)
        for future in done:
            yield under_way.pop(future), future.result()
