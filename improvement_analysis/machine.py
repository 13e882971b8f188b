"""What of this machine the process may use."""

from __future__ import annotations

import os

__all__ = ["count_cores"]


def count_cores() -> int:
    """The number of processor cores that this process may run on, at least 1.

    Fewer than the machine has where a scheduler, a container or ``taskset`` keeps the process to some.

    Examples
    --------
    >>> count_cores() >= 1
    True
    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
