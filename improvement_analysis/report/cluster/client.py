"""Pages made on a Dask cluster: data travel as bytes, pages come back as bytes, the runner writes.

No disk is shared. ``distributed`` is imported when the first page is due.
"""

from __future__ import annotations

import logging
import re
import uuid
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from queue import Empty, SimpleQueue
from time import monotonic
from types import TracebackType
from typing import TYPE_CHECKING, Any

from improvement_analysis.errors import ReportError
from improvement_analysis.machine import count_cores
from improvement_analysis.report.cluster.bundle import Bundle, check_program, pack
from improvement_analysis.report.cluster.worker import clear_up, describe_program, make_there
from improvement_analysis.report.interruption import heed
from improvement_analysis.report.making.kernels import variables_set

if TYPE_CHECKING:
    from improvement_analysis.report.making.page import Edition, Made
    from improvement_analysis.report.making.workers import Make, Workers
    from improvement_analysis.report.page import Page

__all__ = ["LOCAL", "Cluster", "check_address"]

#: Stands for workers of this machine, started for the run and ended with it.
LOCAL = "local"

#: Seconds: to reach the scheduler, to wait for a worker when there is none, between looks at the workers.
_REACH, _PATIENCE, _LOOK = 10.0, 60.0, 1.0
#: Times that Dask is given a page. A worker that it killed refuses a third start itself.
_MOST_TRIES = 4

_ADDRESS = re.compile(r"(?:(?:tcp|tls)://)?(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\]):(\d{1,5})")
_PACKAGE = "improvement-analysis"
# Workers of our own show nothing of themselves to a browser.
_SETTINGS: dict[str, object] = {
    "distributed.admin.large-graph-warning-threshold": "1GB",
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
}
_LOGGERS = (
    "distributed",
    "distributed.client",
    "distributed.gc",
    "tornado",
    "tornado.application",
    "asyncio",
)


def check_address(text: str) -> str:
    """The address of a scheduler, or ``"local"``.

    Raises
    ------
    ReportError
        If it is neither, or Dask is not installed.

    Examples
    --------
    >>> check_address("10.0.0.5:8786")
    '10.0.0.5:8786'
    """
    found = _ADDRESS.fullmatch(text)
    if text != LOCAL and not (found and 0 < int(found[1]) < 65536):
        expected = "'local' or the address of a Dask scheduler, such as tcp://10.0.0.5:8786"
        raise ReportError(f"the cluster {text!r} cannot be used: expected {expected}")
    if find_spec("distributed") is None:
        raise ReportError(
            "a cluster needs Dask, which is not installed: pip install 'improvement-analysis[dask]'"
        )
    return text


class Cluster:
    """A Dask cluster for as long as a ``with`` block lasts, joined when the first page is due.

    Parameters
    ----------
    address
        Of the scheduler; ``"local"`` starts one here, with workers of its own on the loopback device only.
    jobs
        With ``"local"`` the number of workers, by default one a core. Otherwise the most pages handed out at
        a time, by default two for every thread that the workers have.

    Raises
    ------
    ReportError
        See :func:`check_address`.
    """

    def __init__(self, address: str, jobs: int | None = None) -> None:
        self.address, self.jobs = check_address(address), jobs
        self._open = ExitStack()
        self._client: Any = None

    def __enter__(self) -> Cluster:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()
        self._client = None

    @property
    def called(self) -> str:
        """What messages call the scheduler."""
        return "of this run" if self.address == LOCAL else f"at {self.address}"

    def workers(self, folder: Path) -> Workers:
        """What makes the pages of the dataset in *folder*.

        Raises
        ------
        ReportError
            On entering, if the files cannot be read or a worker does not have this program. A cluster that
            cannot be reached or goes away is told as the failure of every page that is not made.
        """
        return self._workers(folder)

    @contextmanager
    def _workers(self, folder: Path) -> Iterator[Make]:
        bundle = pack(folder)
        try:
            self._join()
            self._refuse_others(bundle)
        except _OutOfReachError as gone:
            error = str(gone)
            yield lambda pages, _: _fail([page.path for page in pages], error)
            return
        sent = [self._send(bundle)]

        def make(pages: Sequence[Page], edition: Edition) -> Iterator[tuple[str, Made]]:
            sent.append(self._send(edition))
            return _Feed(self._client, sent, pages, self.jobs and self._most, self.called).made()

        try:
            yield make
        finally:
            for each in sent:
                each.release()
            with suppress(Exception):  # the cluster may be gone; workers clear up themselves after a while
                self._client.run(clear_up, on_error="ignore")

    def _send(self, what: object) -> Any:
        """As a task and not as scattered data: Dask makes it anew where the workers that held it are gone."""
        return self._client.submit(_same, what, key=f"{_PACKAGE}-{uuid.uuid4()}", pure=False)

    @property
    def _most(self) -> int:
        return (2 if self.address == LOCAL else 1) * (self.jobs or 1)

    def _join(self) -> None:
        if self._client is not None:
            return
        from distributed import Client

        self._open.enter_context(_silence())
        where = self._start() if self.address == LOCAL else self.address
        try:
            client = Client(where, timeout=_REACH, set_as_default=False, name=_PACKAGE)
        except (OSError, ValueError, TypeError, RuntimeError) as failure:
            raise _OutOfReachError(
                f"the Dask scheduler {self.called} cannot be reached ({_plain(failure)})"
            ) from None
        self._open.callback(_leave, client)
        self._client = client

    def _start(self) -> Any:
        from distributed import LocalCluster

        # Python starts workers with the folder a run is called from among those of its modules.
        self._open.enter_context(variables_set({"PYTHONSAFEPATH": "1"}))
        try:
            cluster = LocalCluster(
                n_workers=self.jobs or count_cores(),
                threads_per_worker=1,
                processes=True,
                host="127.0.0.1",
                dashboard_address=None,
                scheduler_kwargs={"dashboard_address": "127.0.0.1:0", "dashboard": False},
                memory_limit=0,
                silence_logs=logging.CRITICAL,
                preload=[make_there.__module__],
            )
        except (OSError, RuntimeError) as failure:
            raise _OutOfReachError(f"no local cluster could be started ({_plain(failure)})") from None
        return self._open.enter_context(cluster)

    def _refuse_others(self, bundle: Bundle) -> None:
        """Refuse scheduler and workers without this program before anything is sent to them."""
        try:
            there = {"the scheduler": self._ask_scheduler(), **self._ask(version, _PACKAGE)}
            for worker, found in there.items():
                if isinstance(found, PackageNotFoundError):
                    remedy = "install the same version there and start it anew"
                    raise ReportError(f"{worker} has no improvement-analysis; {remedy}")
                if isinstance(found, str) and found != bundle.versions[_PACKAGE]:
                    check_program(bundle, "", {**bundle.versions, _PACKAGE: found}, worker)
            for worker, told in self._ask(describe_program).items():
                if isinstance(told, tuple):
                    program, made_with = told
                    check_program(bundle, program, made_with, worker)
        except (OSError, RuntimeError) as failure:
            raise _OutOfReachError(_lost(self.called) + f" ({_plain(failure)})") from None

    def _ask(self, question: Callable[..., object], *given: object) -> dict[str, object]:
        """What each worker answers; an exception where it cannot."""
        answers = self._client.run(question, *given, on_error="return")
        return {f"the worker {worker}": answer for worker, answer in answers.items()}

    def _ask_scheduler(self) -> object:
        try:
            return self._client.run_on_scheduler(version, _PACKAGE)
        except (PackageNotFoundError, ValueError) as failure:  # a scheduler may be told to answer nothing
            return failure


class _OutOfReachError(Exception):
    """The cluster cannot be used now; every page fails for this one reason."""


class _Feed:
    """Hands out pages, a few at a time, and gathers what comes of each."""

    def __init__(
        self, client: Any, sent: Sequence[Any], pages: Sequence[Page], most: int | None, called: str
    ) -> None:
        self.client, self.sent, self.called = client, sent, called
        self.waiting = iter(pages)
        self.most = most
        self.threads = 1
        self.under_way: dict[str, _Errand] = {}  # by Dask's key
        self.done: SimpleQueue[str] = SimpleQueue()
        self.looked, self.manned = -_LOOK, monotonic()

    def made(self) -> Iterator[tuple[str, Made]]:
        """Each page and what came of it, as it is done; every one is answered, whatever happens."""
        try:
            while True:
                heed()
                self._look()
                self._hand_out()
                if not self.under_way:
                    return
                with suppress(Empty):
                    key = self.done.get(timeout=_LOOK)
                    made = self._gather(key) if key in self.under_way else None
                    if made is not None:
                        yield self.under_way.pop(key).page.path, made
        except _OutOfReachError as gone:
            left = [errand.page.path for errand in self.under_way.values()]
            self.under_way.clear()
            yield from _fail([*left, *(page.path for page in self.waiting)], str(gone))

    def _look(self) -> None:
        """See now and then how many workers there are, and whether there is a scheduler."""
        if monotonic() - self.looked < _LOOK:
            return
        try:
            threads = sum(self.client.nthreads().values())
        except (OSError, RuntimeError):
            raise _OutOfReachError(_lost(self.called)) from None
        self.looked, self.threads = monotonic(), threads
        if threads:
            self.manned = self.looked
        elif self.looked - self.manned > _PATIENCE:
            raise _OutOfReachError(f"the Dask scheduler {self.called} has no workers")

    def _hand_out(self) -> None:
        most = self.most or max(2, 2 * self.threads)
        while len(self.under_way) < most and (page := next(self.waiting, None)) is not None:
            self._submit(_Errand(page, f"{page.path}-{uuid.uuid4()}"))

    def _submit(self, errand: _Errand) -> None:
        errand.tries += 1
        key = f"{errand.name}-{errand.tries}"
        self.under_way[key] = errand
        given = (make_there, *self.sent, errand.page, errand.name)
        try:
            errand.future = self.client.submit(*given, key=key, pure=False)
            errand.future.add_done_callback(lambda _: self.done.put(key))
        except (OSError, RuntimeError):
            raise _OutOfReachError(_lost(self.called)) from None

    def _gather(self, key: str) -> Made | None:
        """What came of a page; None where it is tried again."""
        from concurrent.futures import CancelledError

        from distributed import KilledWorker

        from improvement_analysis.report.making.page import Made

        errand = self.under_way[key]
        made: Made
        try:
            made = errand.future.result(timeout=_PATIENCE)
        except (KilledWorker, CancelledError, OSError) as fault:  # a TimeoutError is an OSError
            if self.client.status != "running":
                raise _OutOfReachError(_lost(self.called)) from None
            if errand.tries < _MOST_TRIES:
                del self.under_way[key]
                self._submit(errand)
                return None
            made = Made(error=_unmade(errand.page, fault))
        except Exception as fault:  # noqa: BLE001 (whatever a worker throws is one page's failure)
            made = Made(error=_unmade(errand.page, fault))
        errand.future.release()
        return made


@dataclass
class _Errand:
    """A page that is being made, the name by which its starts are counted, and Dask's future for it."""

    page: Page
    name: str
    tries: int = 0
    future: Any = None


def _unmade(page: Page, fault: BaseException) -> str:
    return f"{page.notebook}: could not be made on a worker ({_plain(fault)})"


def _fail(pages: Sequence[str], error: str) -> Iterator[tuple[str, Made]]:
    from improvement_analysis.report.making.page import Made

    for page in pages:
        yield page, Made(error=error)


def _lost(called: str) -> str:
    return f"the Dask scheduler {called} no longer answers"


def _same(sent: object) -> object:
    return sent


def _plain(failure: BaseException) -> str:
    said = " ".join(str(failure).split())[:200]
    return f"{type(failure).__name__}: {said}" if said else type(failure).__name__


def _leave(client: Any) -> None:
    with suppress(OSError, RuntimeError, TimeoutError):  # a scheduler that is gone cannot be told good-bye
        client.close(timeout=_REACH)


@contextmanager
def _silence() -> Iterator[None]:
    """Keep Dask's own talk off standard error: what matters is told as a page's failure."""
    import dask
    from distributed.versions import VersionMismatchWarning

    levels: Mapping[str, int] = {name: logging.getLogger(name).level for name in _LOGGERS}
    with (
        warnings.catch_warnings(),
        dask.config.set({"distributed.admin.large-graph-warning-threshold": "1GB"}),
    ):
        warnings.simplefilter("ignore", VersionMismatchWarning)
        for name in _LOGGERS:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        try:
            yield
        finally:
            for name, level in levels.items():
                logging.getLogger(name).setLevel(level)
