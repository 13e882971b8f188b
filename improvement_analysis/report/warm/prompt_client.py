"""A kernel's client that does not wait longer than it must."""

from __future__ import annotations

import time
from queue import Empty
from typing import Any

from jupyter_client.asynchronous.client import AsyncKernelClient

__all__ = ["PromptClient"]


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
