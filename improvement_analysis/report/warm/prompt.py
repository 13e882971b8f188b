"""A notebook run promptly: private transport, no fixed waits, no slow farewell."""

from __future__ import annotations

import os
import tempfile
import time
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient
from jupyter_client.manager import AsyncKernelManager
from jupyter_core.utils import ensure_event_loop
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NBClientEngine
from papermill.log import logger

__all__ = ["PromptClient", "PromptRun"]


class PromptClient(AsyncKernelClient):
    """A client that is ready as soon as the kernel has answered on both of its channels."""

    async def _async_wait_for_ready(self, timeout: float | None = None) -> None:
        end = time.monotonic() + (timeout or float("inf"))
        patience = 0.05
        while time.monotonic() < end:
            asked = self.kernel_info()
            if await self._answered(asked, patience):
                return
            if not await self._async_is_alive():
                raise RuntimeError("Kernel died before replying to kernel_info")
            patience = min(2 * patience, 1.0)
        raise RuntimeError(f"Kernel did not answer within {timeout} seconds")

    wait_for_ready = _async_wait_for_ready

    async def _answered(self, asked: str, patience: float) -> bool:
        """Whether the reply came, and on the other channel the word that the kernel is idle again."""
        end = time.monotonic() + patience
        reply = idle = False
        while time.monotonic() < end and not (reply and idle):
            for channel in (self.shell_channel, self.iopub_channel):
                try:
                    message: Any = await channel.get_msg(timeout=0.005)
                except Empty:
                    continue
                mine = message["parent_header"].get("msg_id") == asked
                if mine and message["msg_type"] == "kernel_info_reply":
                    self._handle_kernel_info_reply(message)
                    reply = True
                if mine and message["content"].get("execution_state") == "idle":
                    idle = True
        return reply and idle


class PromptRun(NBClientEngine):
    """Runs a notebook as papermill does, faster and in a folder of its own."""

    @classmethod
    def execute_managed_notebook(
        cls,
        nb_man: Any,
        kernel_name: str,
        log_output: bool = False,
        stdout_file: Any = None,
        stderr_file: Any = None,
        start_timeout: int = 60,
        execution_timeout: int | None = None,
        *,
        kernel_cwd: str | None = None,
        **_: Any,
    ) -> Any:
        """Execute the notebook; *kernel_cwd* is the folder that its code runs in."""
        with tempfile.TemporaryDirectory(prefix="ia-") as private:
            manager = AsyncKernelManager(
                kernel_name=kernel_name,
                connection_file=str(Path(private) / "kernel.json"),
                transport="ipc" if os.name == "posix" else "tcp",
                client_class=f"{__name__}.{PromptClient.__name__}",
            )
            client = PapermillNotebookClient(
                nb_man,
                km=manager,
                kernel_name=kernel_name,
                timeout=execution_timeout,
                startup_timeout=start_timeout,
                shutdown_kernel="immediate",
                resources={"metadata": {"path": kernel_cwd or str(Path.cwd())}},
                log=logger,
                log_output=log_output,
                stdout_file=stdout_file,
                stderr_file=stderr_file,
            )
            client.owns_km = True
            try:
                return client.execute()
            finally:
                # the loop that jupyter keeps for each thread; one that is needed again is made again
                ensure_event_loop().close()
