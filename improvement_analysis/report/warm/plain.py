"""A notebook run in a kernel that is started for it, as on every machine that cannot fork."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from nbclient.exceptions import DeadKernelError
from papermill.clientwrap import PapermillNotebookClient

from improvement_analysis.report.warm.output_limit import OutputLimitError, is_alarm
from improvement_analysis.report.warm.running import forget_kernel, watch_kernel

__all__ = ["run_kernel"]

#: Bytes that the name of a folder for sockets may have.
_SOCKET_FOLDER = 90


class _WatchedManager(AsyncKernelManager):
    """Starts a kernel that can be ended from outside, while its notebook is waited for."""

    watched: Any = None
    own: Mapping[str, str] = {}

    async def start_kernel(self, **named: Any) -> None:  # type: ignore[override]  # declared as its synchronous twin
        """Start the kernel, with variables of its own, and have it watched."""
        if self.kernel_spec is not None:
            self.kernel_spec.env = {**self.kernel_spec.env, **self.own}
        await self._async_start_kernel(**named)
        self.watched = getattr(self.provisioner, "process", None)
        if self.watched is not None and self.kernel_spec is not None:
            watch_kernel(self.watched, Path(self.kernel_spec.resource_dir))

    def forget(self) -> None:
        """The kernel has ended."""
        if self.watched is not None:
            forget_kernel(self.watched)


class _LimitedClient(PapermillNotebookClient):
    """Ends a kernel whose cell does not heed how much it may print and show."""

    is_over = False

    def process_message(self, msg: Any, cell: Any, cell_index: int) -> Any:
        """Keep what a cell shows, until an alarm comes."""
        if is_alarm(msg["content"]):
            self.is_over = True
            self.km.watched.kill()
            return None
        return super().process_message(msg, cell, cell_index)


def run_kernel(nb_man: Any, kernel_name: str, place: str, own: Mapping[str, str], **named: Any) -> Any:
    """The notebook with its outputs; *place* is the folder that its code runs in, *own* are its variables."""
    with tempfile.TemporaryDirectory(prefix="ia-") as private:
        manager = _WatchedManager(
            kernel_name=kernel_name,
            connection_file=str(Path(private) / "kernel.json"),
            transport="ipc" if os.name == "posix" and len(os.fsencode(private)) < _SOCKET_FOLDER else "tcp",
            client_class="improvement_analysis.report.warm.prompt_client.PromptClient",
        )
        manager.own = own
        client = _LimitedClient(
            nb_man,
            km=manager,
            kernel_name=kernel_name,
            shutdown_kernel="immediate",
            resources={"metadata": {"path": place}},
            on_cell_executed=_stop_where_asked,
            **named,
        )
        client.owns_km = True
        try:
            return client.execute()
        except DeadKernelError:
            if client.is_over:
                raise OutputLimitError from None
            raise
        finally:
            manager.forget()
            # the loop that jupyter keeps for each thread; one that is needed again is made again
            loop = ensure_event_loop()
            if not loop.is_running():  # as it is in a notebook, whose loop is not ours to close
                loop.close()


def _stop_where_asked(execute_reply: Any, **_: Any) -> None:
    """A kernel that was asked to end does so a moment later, with some further cells run or none."""
    if any(load.get("source") == "ask_exit" for load in execute_reply["content"].get("payload", ())):
        raise DeadKernelError("Kernel was asked to end")
