"""The runner's end of a process forked from the template: cells are said to it, and it is heard."""

from __future__ import annotations

import json
import os
import select
import signal
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient

from improvement_analysis.report.warm.asking import ask_template
from improvement_analysis.report.warm.output_limit import (
    MOST_PRINTED,
    MOST_SHOWN,
    OutputLimitError,
    is_alarm,
)

__all__ = ["ForkedClient", "ForkedShell"]

#: Seconds between two looks at what is printed.
_LOOK = 0.1


class ForkedShell:
    """A forked process that runs cells.

    Raises
    ------
    OSError, ValueError
        If it cannot be had.
    """

    def __init__(self, path: str, request: Mapping[str, Any]) -> None:
        self.printed = {name: os.memfd_create(name) for name in ("stdout", "stderr")}
        self.told = dict.fromkeys(self.printed, 0)
        try:
            self.connection, self.pid = ask_template(path, request, list(self.printed.values()))
        except BaseException:
            self._close_files()
            raise
        self.received = bytearray()

    def run(self, source: str, timeout: float | None) -> Iterator[dict[str, Any]]:
        """Run a cell: each message as it comes, what is printed among them, the reply last.

        Raises
        ------
        TimeoutError
            If the reply does not come within *timeout* seconds.
        EOFError
            If the process ends first.
        OutputLimitError
            If what it prints past Python, or tells, is more than a page can hold, or it does not heed that.
        """
        end = None if timeout is None else time.monotonic() + timeout
        try:
            self.connection.settimeout(timeout)
            self.connection.sendall(json.dumps(source).encode() + b"\n")
            while True:
                message = json.loads(self._receive(end))
                yield from self._print(message["printed"])
                if is_alarm(message["content"]):
                    raise OutputLimitError
                yield _message(message["msg_type"], message["content"])
                if message["msg_type"] == "execute_reply":
                    return
        except (OSError, EOFError, OutputLimitError) as fault:
            yield from self._print([os.fstat(file).st_size for file in self.printed.values()])
            raise fault if isinstance(fault, TimeoutError | OutputLimitError) else EOFError from None

    def _receive(self, end: float | None) -> bytes:
        """The next line. What is printed meanwhile is looked at now and then."""
        searched, waiting = 0, select.poll()
        waiting.register(self.connection, select.POLLIN)
        while (place := self.received.find(b"\n", searched)) < 0:
            searched = len(self.received)
            grown = sum(os.fstat(file).st_size - self.told[name] for name, file in self.printed.items())
            if grown > 2 * MOST_PRINTED or searched > 4 * MOST_SHOWN:  # in JSON a letter may take several
                raise OutputLimitError
            if end is not None and time.monotonic() >= end:
                raise TimeoutError
            if waiting.poll(1000 * _LOOK):
                part = self.connection.recv(1 << 20)
                if not part:
                    raise EOFError
                self.received += part
        line = bytes(self.received[:place])
        del self.received[: place + 1]
        return line

    def _print(self, grown: Sequence[int]) -> Iterator[dict[str, Any]]:
        """What was printed since it was last asked for."""
        for (name, file), size in zip(self.printed.items(), grown, strict=True):
            if size > (before := self.told[name]):
                data = os.pread(file, min(size - before, 2 * MOST_PRINTED), before)
                self.told[name] = size
                yield _message("stream", {"name": name, "text": data.decode("utf-8", "replace")})

    def end(self) -> None:
        """End the process; the template ends what it may have started."""
        self.connection.setblocking(False)
        with suppress(BlockingIOError, OSError):
            if not self.connection.recv(1, socket.MSG_PEEK):
                self.pid = 0  # it has ended, and its id may be another's
        if self.pid:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
        self.connection.close()
        self._close_files()

    def _close_files(self) -> None:
        for file in self.printed.values():
            os.close(file)


def _message(kind: str, content: Any) -> dict[str, Any]:
    return {"msg_type": kind, "header": {"msg_type": kind}, "parent_header": {}, "content": content}


class ForkedClient(PapermillNotebookClient):
    """Keeps what a forked shell tells just as papermill's own client keeps what a kernel tells."""

    def __init__(self, nb_man: Any, shell: ForkedShell, **named: Any) -> None:
        super().__init__(nb_man, record_timing=False, **named)
        self.forked = shell

    def execute(self, **_: Any) -> Any:
        """Run every cell and return the notebook."""
        self.reset_execution_trackers()
        self.papermill_execute_cells()
        return self.nb

    def execute_cell(self, cell: Any, cell_index: int, **_: Any) -> Any:
        """Run a cell and keep its outputs.

        Raises
        ------
        CellExecutionError, CellTimeoutError, DeadKernelError
            As nbclient does.
        """
        tags = cell.metadata.get("tags", [])
        if cell.cell_type != "code" or not cell.source.strip() or self.skip_cells_with_tag in tags:
            return cell
        cell.outputs = []
        self.clear_before_next_output = False
        timeout = self._get_timeout(cell)
        reply: dict[str, Any] = {}
        try:
            for message in self.forked.run(cell.source, timeout):
                if message["msg_type"] == "execute_reply":
                    reply = message["content"]
                else:
                    self.process_message(message, cell, cell_index)
        except TimeoutError:
            said = "Cell execution timed out"
            raise CellTimeoutError.error_from_timeout_and_cell(said, int(timeout or 0), cell) from None
        except EOFError:
            raise DeadKernelError("Kernel died") from None
        if reply["status"] == "error" and "raises-exception" not in tags:
            raise CellExecutionError.from_cell_and_msg(cell, reply)
        return cell
