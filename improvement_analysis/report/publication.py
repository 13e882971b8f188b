"""Files under their final names: whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

from improvement_analysis.errors import ReportError

__all__ = ["publish", "remove"]


def publish(data: bytes, target: Path) -> None:
    """Write *data* beside *target*, flush it to the disk, and move it there in one step.

    Raises
    ------
    ReportError
        If it cannot be written. What stood under the name before still stands there.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with beside.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        beside.replace(target)
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ReportError(f"{target}: cannot be written ({reason}); what stood there is unchanged") from None
    finally:
        remove(beside)


def remove(path: Path) -> None:
    """Take a file away if it is there."""
    try:
        path.unlink(missing_ok=True)
    except OSError as failure:
        raise ReportError(f"{path}: cannot be removed ({failure.strerror or failure})") from None
