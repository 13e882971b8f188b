"""What happens on a worker of a cluster: files unpacked once, a kernel kept ready, a page made and sent back.

Dask sends these functions by name, so the package must be installed where they are run.
"""

from __future__ import annotations

import logging
import os
import shutil
import signal
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from improvement_analysis.errors import ReportError
from improvement_analysis.report.cluster.bundle import Bundle, unpack
from improvement_analysis.report.lean import import_lean
from improvement_analysis.report.making.kernels import own_kernel
from improvement_analysis.report.publishing.freshness import program_key
from improvement_analysis.report.publishing.manifest import versions

if TYPE_CHECKING:
    from improvement_analysis.report.making.page import Edition, Made
    from improvement_analysis.report.page import Page

__all__ = ["DIED", "clear_up", "dask_setup", "describe_program", "make_there"]

#: What is said of a page that took two workers with it.
DIED = "its worker died while making it, and so did the worker that tried again"

_TOPIC = "improvement-analysis"
_MOST_STARTS = 2
_IDLE_SECONDS = 60.0
_LOOK_SECONDS = 0.25
# A socket's path may have no more than 107 bytes on Linux.
_LONGEST_PLACE = 80


def make_there(bundle: Bundle, edition: Edition, page: Page, name: str) -> Made:
    """Make a page on this worker; a failure is told, never raised.

    Parameters
    ----------
    bundle
        The dataset's files.
    edition
        What the pages share; its ``dataset`` is set to the files as they are unpacked here.
    page
        What is to be made.
    name
        What the scheduler counts the starts of the page by. A third start is refused: two workers died of it.
    """
    from distributed import get_worker

    from improvement_analysis.report.making.page import Made, make_page

    worker = get_worker()
    if _count_starts(worker, name) > _MOST_STARTS:
        return Made(error=f"{page.notebook}: {DIED}")
    home = Path(worker.local_directory)
    try:
        with _HERE.open(bundle, worker) as folder:
            return make_page(page, replace(edition, dataset=str(folder)), home)
    except ReportError as fault:
        return Made(error=str(fault))
    except OSError as failure:
        return Made(error=f"a worker cannot keep files for a while ({failure.strerror or failure})")


def _count_starts(worker: Any, name: str) -> int:
    """How often a page was started, this time included; kept by the scheduler, which outlives its workers."""
    from distributed.utils import sync

    sync(worker.loop, worker.scheduler.log_event, topic=_TOPIC, msg=name)
    events = sync(worker.loop, worker.scheduler.events, topic=_TOPIC)
    return sum(told == name for _, told in events)


def describe_program() -> tuple[str, Mapping[str, str]]:
    """The key of this worker's program, and the versions of what draws."""
    return program_key(), versions()


def clear_up() -> None:
    """Let go of files and kernel, unless a page is being made."""
    _HERE.close(wait=False)


def dask_setup(worker: object) -> None:  # noqa: ARG001 (Dask gives it)
    """Prepare a worker process of our own, as Dask asks of a module that is loaded first."""
    # An interrupt from the keyboard reaches the whole group; the runner ends its workers itself.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    logging.disable(logging.CRITICAL)
    os.environ.pop("PYTHONSAFEPATH", None)  # set for the start of this process; no concern of a notebook
    import_lean()


class _Workshop:
    """Files and kernel of this process, shared by its threads; let go once nothing has used them for long."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.held = ExitStack()
        self.place: Path | None = None
        self.folders: dict[tuple[str, str], Path] = {}
        self.busy = 0
        self.rest: threading.Timer | None = None

    @contextmanager
    def open(self, bundle: Bundle, worker: Any) -> Iterator[Path]:
        """The folder of a dataset's files, for as long as the context lasts; a kernel is declared for it."""
        with self.lock:
            self.busy += 1
            if self.rest is not None:
                self.rest.cancel()
        try:
            with self.lock:
                folder = self.unpacked(bundle, worker)
            yield folder
        finally:
            with self.lock:
                self.busy -= 1
                if not self.busy:
                    self.rest = threading.Timer(_IDLE_SECONDS, self.close)
                    self.rest.daemon = True
                    self.rest.start()

    def unpacked(self, bundle: Bundle, worker: Any) -> Path:
        """The folder of a dataset's files, unpacked and verified when first asked for."""
        if self.place is None:
            with ExitStack() as opening:
                place = opening.enter_context(_private_folder(Path(worker.local_directory)))
                opening.enter_context(own_kernel(place))
                self.held, self.place = opening.pop_all(), place
            threading.Thread(target=self.leave_with, args=(worker, self.held), daemon=True).start()
        known = (bundle.digest, bundle.program)
        if known not in self.folders:
            self.folders[known] = unpack(bundle, Path(tempfile.mkdtemp(dir=self.place)))
        return self.folders[known]

    def leave_with(self, worker: Any, held: ExitStack) -> None:
        """End the kernels of pages under way once the worker closes: it would wait for them."""
        while self.held is held and self.place is not None:
            if worker.status.name in ("closing", "closed", "failed"):
                held.close()
                return
            time.sleep(_LOOK_SECONDS)

    def close(self, *, wait: bool = True) -> None:
        """Remove the files and end the kernel, unless a page is being made."""
        if not self.lock.acquire(blocking=wait):
            return
        try:
            if not self.busy:
                self.held.close()
                self.place, self.folders = None, {}
        finally:
            self.lock.release()


@contextmanager
def _private_folder(home: Path) -> Iterator[Path]:
    """A folder in the worker's own, which Dask removes even after a worker that was killed."""
    place = Path(tempfile.mkdtemp(prefix="ia-", dir=home if len(str(home)) < _LONGEST_PLACE else None))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


_HERE = _Workshop()
