"""The kernel a run uses: this very Python, whatever kernels the machine knows; forked where that can be."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from improvement_analysis.report.warm.opening import OPENING
from improvement_analysis.report.warm.running import end_kernels

__all__ = ["KERNEL", "can_fork", "own_kernel", "variables_set"]

KERNEL = "improvement-analysis"

# What a kernel logs of its own life is no concern of whoever reads a report's progress.
_ONLY_FATAL = "--IPKernelApp.log_level=50"

# Named and not imported: a report runs notebooks and knows nothing of what they draw with.
_WARM_UP = "improvement_analysis.warm_up"
_TEMPLATE = "improvement_analysis.report.warm.template_process"
# Nothing that lies in the folder a run is called from is taken for a module.
_PYTHON = (sys.executable, "-P")
_ONE_THREAD = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
_ALIKE = {"MPLBACKEND": "agg", "PYTHONUTF8": "1", **_ONE_THREAD}
#: Seconds that the template may take to warm up; it compares areas, which may be many.
_PATIENCE = 300
#: Bytes that the name of a socket may have.
_SOCKET_NAME = 100


def can_fork() -> bool:
    """Whether kernels are forked here: on Linux, unless ``IMPROVEMENT_ANALYSIS_FORK`` is 0."""
    return sys.platform == "linux" and os.environ.get("IMPROVEMENT_ANALYSIS_FORK", "1") != "0"


@contextmanager
def own_kernel(folder: Path, dataset: Path | None = None, notebooks: Collection[str] = ()) -> Iterator[str]:
    """Declare a kernel of this Python in *folder* for as long as the context lasts; its name is given.

    The folder of a *dataset* is loaded once, for all that is forked, and what pages of *notebooks* share is
    done once. A kernel that still runs when the
    context is over is ended.

    A ``python3`` kernel that a user once installed may belong to another Python, without this package.
    """
    with _template(folder, dataset, notebooks) as socket:
        place = folder / "kernels" / KERNEL
        place.mkdir(parents=True)
        (place / "kernel.json").write_text(json.dumps(_spec(socket, folder)), encoding="utf-8")
        known = os.environ.get("JUPYTER_PATH")
        path = os.pathsep.join([str(folder), *([known] if known else [])])
        with variables_set({"JUPYTER_PATH": path, "IPYTHONDIR": str(folder / "ipython")}):
            try:
                yield KERNEL
            finally:
                shutil.rmtree(place, ignore_errors=True)
                end_kernels(place)


@contextmanager
def variables_set(changed: Mapping[str, str]) -> Iterator[None]:
    """Set variables of this process's environment for as long as the context lasts."""
    before = {name: os.environ.get(name) for name in changed}
    os.environ.update(changed)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _of_its_own(folder: Path) -> dict[str, str]:
    """Variables of what runs pages: what it keeps for a while goes with *folder*, however it ends."""
    return {**_ALIKE, "IPYTHONDIR": str(folder / "ipython"), "TMPDIR": str(folder)}


def _spec(socket: Path | None, folder: Path) -> dict[str, object]:
    opening = f"--IPKernelApp.exec_lines={OPENING}"
    command = [*_PYTHON, "-m", "ipykernel_launcher", "-f", "{connection_file}", _ONLY_FATAL, opening]
    spec: dict[str, object] = {
        "argv": command,
        "display_name": "improvement_analysis",
        "language": "python",
        "env": _of_its_own(folder),
    }
    if socket is not None:
        config = {"socket": str(socket)}
        spec["metadata"] = {
            "improvement_analysis": {**config, "opening": OPENING},
            "kernel_provisioner": {"provisioner_name": "improvement-analysis", "config": config},
        }
    return spec


@contextmanager
def _template(folder: Path, dataset: Path | None, notebooks: Collection[str]) -> Iterator[Path | None]:
    """The socket of a template process that lives as long as the context; None where there is none."""
    socket = folder / "template"
    if not can_fork() or len(os.fsencode(socket)) > _SOCKET_NAME:
        yield None
        return
    command = [*_PYTHON, "-m", _TEMPLATE, str(socket), _WARM_UP]
    if dataset is not None:
        command += [str(dataset.resolve()), *sorted(notebooks)]
    environment = {**os.environ, **_of_its_own(folder)}
    process = subprocess.Popen(command, stdin=subprocess.PIPE, env=environment, start_new_session=True)
    try:
        yield socket if _is_ready(process, socket) else None
    finally:
        if process.stdin is not None:
            process.stdin.close()
        process.wait()


def _is_ready(process: subprocess.Popen[bytes], socket: Path) -> bool:
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end and process.poll() is None:
        if socket.exists():
            return True
        time.sleep(0.01)
    return False
