"""The kernel a run uses: this very Python, whatever kernels the machine knows."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["KERNEL", "own_kernel"]

KERNEL = "improvement-analysis"

# What a kernel logs of its own life is no concern of whoever reads a report's progress.
_ONLY_FATAL = "--IPKernelApp.log_level=50"


@contextmanager
def own_kernel(folder: Path) -> Iterator[str]:
    """Declare a kernel of this Python in *folder* for as long as the context lasts; its name is given.

    A ``python3`` kernel that a user once installed may belong to another Python, without this package.
    """
    place = folder / "kernels" / KERNEL
    place.mkdir(parents=True)
    spec = {
        "argv": [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}", _ONLY_FATAL],
        "display_name": "improvement_analysis",
        "language": "python",
        "env": {"MPLBACKEND": "agg", "PYTHONUTF8": "1"},
    }
    (place / "kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    before = os.environ.get("JUPYTER_PATH")
    os.environ["JUPYTER_PATH"] = os.pathsep.join([str(folder), *([before] if before else [])])
    try:
        yield KERNEL
    finally:
        if before is None:
            del os.environ["JUPYTER_PATH"]
        else:
            os.environ["JUPYTER_PATH"] = before
