"""Bytes under their final name: whole or not there."""

from __future__ import annotations

import os
from pathlib import Path

from improvement_analysis.errors import ReportError

__all__ = ["write_whole"]


def write_whole(target: Path, data: bytes) -> Path:
    """Write *data* beside *target* and move it there in one step.

    Raises
    ------
    ReportError
        If it cannot be written. What stood under the name before still stands there.
    """
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with beside.open("wb") as stream:
                stream.write(data)
                stream.flush()
                os.fsync(stream.fileno())
            beside.replace(target)
        finally:
            beside.unlink(missing_ok=True)
    except OSError as failure:
        reason = failure.strerror or str(failure)
        raise ReportError(f"{target}: cannot be written ({reason}); what stood there is unchanged") from None
    return target
