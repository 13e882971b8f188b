"""The shell of a forked process: runs cells as an IPython kernel does, and tells what they show.

It stands where a kernel's sockets would: the display machinery is ipykernel's own, and its messages go out as
lines of JSON. What is printed is not among them: it goes into two files, and each message says how far they
have grown.
"""

from __future__ import annotations

import asyncio
import builtins
import getpass
import io
import json
import os
import socket
import sys
import threading
from collections.abc import Sequence
from typing import Any, NoReturn

from ipykernel.compiler import XCachingCompiler
from ipykernel.zmqshell import ZMQInteractiveShell
from IPython.core.error import StdinNotImplementedError, UsageError
from jupyter_client.session import Session
from traitlets.config import Config

__all__ = ["CellShell", "make_shell", "run_cells"]

_NO_INPUT = "was called, but this frontend does not support input requests."


class _Printed(io.TextIOWrapper):
    """A text stream of a class of its own, so that its method to write can be watched."""


class _Teller(Session):
    """Sends over one connection what the display machinery would send over a kernel's sockets."""

    def open(self, connection: socket.socket, printed: Sequence[int]) -> None:
        """Take the connection, and the files that hold what is printed, for Python's and the system's use."""
        self.connection, self.printed, self.turn = connection, printed, threading.Lock()
        self.streams = []
        for number, name in ((1, "stdout"), (2, "stderr")):
            os.dup2(printed[number - 1], number)
            raw = io.BufferedWriter(io.FileIO(number, "w", closefd=False))
            stream = _Printed(raw, "utf-8", "backslashreplace", line_buffering=True)
            setattr(sys, name, stream)
            setattr(sys, f"__{name}__", stream)
            self.streams.append(stream)

    def send(self, *given: Any, **_: Any) -> Any:
        """Send a message, of which only the type and the content are told."""
        _, message, *content = given
        if isinstance(message, str):
            message = self.msg(message, content[0])
        self.tell(message["msg_type"], message["content"])
        return message

    def tell(self, kind: str, content: Any) -> None:
        """Send a line."""
        with self.turn:
            for stream in self.streams:
                if not stream.closed:
                    stream.flush()
            grown = [os.fstat(file).st_size for file in self.printed]
            self.connection.sendall(
                self.pack({"msg_type": kind, "content": content, "printed": grown}) + b"\n"
            )


class CellShell(ZMQInteractiveShell):
    """A kernel's shell without a kernel: nothing is kept in a file, and no window is waited for."""

    def enable_gui(self, gui: Any = None) -> None:
        """Accept what needs no window."""
        if gui not in (None, "inline"):
            raise UsageError(f"there is no window for {gui!r} here")

    def _update_exit_now(self, change: Any) -> None:
        """Leave it to whoever runs the cells to look at ``exit_now``."""

    async def run(self, source: str) -> dict[str, Any]:
        """Run a cell, with an event loop running as cells of a kernel may expect; what came of it."""
        fault = None
        try:
            transformed = self.transform_cell(source)
        except Exception:  # noqa: BLE001  # the shell shows it in its turn
            transformed, fault = source, sys.exc_info()
        ready = {"transformed_cell": transformed, "preprocessing_exc_tuple": fault}
        if self.should_run_async(source, **ready):
            result = None
            try:
                result = await self.run_cell_async(source, store_history=True, **ready)
            finally:
                self.events.trigger("post_execute")
                self.events.trigger("post_run_cell", result)
        else:
            result = self.run_cell(source, store_history=True)
        if self.payload_manager is not None:
            self.payload_manager.clear_payload()
        if result.success and not getattr(self, "_last_traceback_during_displayhook", False):
            return {"status": "ok"}
        error = result.error_before_exec or result.error_in_exec
        told = {"ename": type(error).__name__, "evalue": str(error)}
        return {"status": "error", **told, "traceback": self._last_traceback or []}


def make_shell() -> None:
    """Make the shell before the fork, and let it do once what every cell needs."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    shell = CellShell.instance(config=config, compiler_class=XCachingCompiler)
    shell.run_cell("None", silent=True)


def run_cells(connection: socket.socket, printed: Sequence[int], opening: str) -> None:
    """Run *opening*, then the cells that come over *connection*, one a line, until it closes."""
    shell, teller = CellShell.instance(), _Teller()
    teller.open(connection, printed)
    shell.displayhook.session = shell.display_pub.session = teller
    shell.init_environment()
    builtins.input, getpass.getpass = _refuse("raw_input"), _refuse("getpass")
    shell.run_cell(opening, silent=True)
    here = os.getpid()
    with asyncio.Runner() as runner:
        for line in connection.makefile("rb"):
            teller.tell("execute_input", {"execution_count": shell.execution_count})
            reply = runner.run(shell.run(json.loads(line)))
            if os.getpid() != here:
                return  # a process that the cell forked and did not end
            teller.tell("execute_reply", reply)
            if shell.exit_now:
                return


def _refuse(name: str) -> Any:
    def refuse(*_: Any, **__: Any) -> NoReturn:
        raise StdinNotImplementedError(f"{name} {_NO_INPUT}")

    return refuse
