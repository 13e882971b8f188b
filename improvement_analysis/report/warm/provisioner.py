"""How Jupyter gets a kernel from the template process; without one, it starts a plain kernel."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
from pathlib import Path
from typing import Any

from jupyter_client.connect import KernelConnectionInfo
from jupyter_client.provisioning.local_provisioner import LocalProvisioner
from traitlets import Unicode

from improvement_analysis.report.warm.asking import ask_template

__all__ = ["WarmProvisioner"]


class _ForkedKernel:
    """A forked kernel as the little of ``subprocess.Popen`` that a provisioner asks for.

    Its end is known by the end of the connection, which only it holds open.
    """

    stdout = stderr = stdin = None

    def __init__(self, connection: socket.socket, pid: int) -> None:
        self.connection, self.pid = connection, pid
        self.returncode: int | None = None
        connection.setblocking(False)

    def poll(self) -> int | None:
        """None as long as the kernel runs, 0 afterwards."""
        if self.returncode is None:
            try:
                if not self.connection.recv(1):
                    self._ended()
            except BlockingIOError:
                return None
            except OSError:
                self._ended()
        return self.returncode

    def _ended(self) -> None:
        self.returncode = 0
        self.connection.close()

    def wait(self) -> int:
        """What :meth:`poll` says; called once the kernel has ended."""
        return self.poll() or 0

    def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, signum)

    def kill(self) -> None:
        """End the kernel at once."""
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        """Ask the kernel to end."""
        self.send_signal(signal.SIGTERM)


class WarmProvisioner(LocalProvisioner):
    """Forks a kernel from the template process, or starts a plain one where that cannot be had."""

    socket = Unicode(help="the template process's socket").tag(config=True)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> KernelConnectionInfo:
        """Start the kernel and return how to reach it."""
        forked = self._fork(cmd, kwargs)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process = forked  # type: ignore[assignment]
        self.pid = self.pgid = forked.pid
        return self.connection_info

    def _fork(self, cmd: list[str], kwargs: dict[str, Any]) -> _ForkedKernel | None:
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        request = {
            "argv": arguments,
            "env": kwargs.get("env", {}),
            "cwd": kwargs.get("cwd") or str(Path.cwd()),
        }
        try:
            return _ForkedKernel(*ask_template(self.socket, request))
        except (OSError, ValueError) as failure:
            self.log.warning("no kernel from the template process (%s); a plain one is started", failure)
            return None

    async def wait(self) -> int | None:
        """Wait until the kernel has ended, looking every few milliseconds."""
        if isinstance(self.process, _ForkedKernel):
            while self.process.poll() is None:
                await asyncio.sleep(0.002)
        return await super().wait()
