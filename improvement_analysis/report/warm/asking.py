"""Asking the template process for a process newly forked."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["ask_template"]

#: Seconds that the template process may take to answer.
PATIENCE = 10


def ask_template(
    path: str, request: Mapping[str, Any], files: Sequence[int] = ()
) -> tuple[socket.socket, int]:
    """The connection to a process newly forked, and its id.

    Raises
    ------
    OSError, ValueError
        If there is no template process, or it does not answer.
    """
    connection = socket.socket(socket.AF_UNIX)
    connection.settimeout(PATIENCE)
    try:
        connection.connect(path)
        data = json.dumps(request).encode() + b"\n"
        sent = socket.send_fds(connection, [data], files) if files else 0
        connection.sendall(data[sent:])
        answer = b""
        while not answer.endswith(b"\n"):
            part = connection.recv(1)
            if not part:
                raise ValueError("it did not answer")
            answer += part
        return connection, int(answer)
    except BaseException:
        connection.close()
        raise
