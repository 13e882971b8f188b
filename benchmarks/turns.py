"""Several pieces of work measured in turn, so that all meet the same load, and told as ratios."""

from __future__ import annotations

import gc
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import numpy as np

#: Seconds of each round, by name: on the clock, and of this process's processor time (all threads).
Turns = dict[str, list[tuple[float, float]]]


def take_turns(works: Mapping[str, Callable[[], object]], rounds: int) -> Turns:
    """What every work takes in every round, after a round that is not counted."""
    taken: Turns = {name: [] for name in works}
    for turn in range(rounds + 1):
        for name, work in works.items():
            gc.collect()
            began, before = time.perf_counter(), time.process_time()
            work()
            if turn:
                taken[name].append((time.perf_counter() - began, time.process_time() - before))
    return taken


def times(these: Sequence[tuple[float, float]], than: Sequence[tuple[float, float]]) -> np.ndarray:
    """How many times *than* the others took, 2 x 2: by medians and by the least; clock and processor."""
    ours, theirs = np.array(than), np.array(these)
    return np.array([np.median(theirs, axis=0) / np.median(ours, axis=0), theirs.min(0) / ours.min(0)])


def adopt_orphans() -> None:
    """Let descendants whose parent is gone become ours, so that their processor time is counted (Linux)."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)


def run_alone(command: Sequence[str], **environment: str) -> tuple[float, float, str]:
    """Run a command to its end: wall-clock seconds, processor seconds of all it started, what it printed.

    Raises
    ------
    CalledProcessError
        If it fails.
    """
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(
        command,
        env={**os.environ, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        check=True,
    )
    wall = time.perf_counter() - began
    wait_for_orphans()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, done.stdout


def wait_for_orphans() -> None:
    """Wait until all that became ours has ended."""
    while True:
        try:
            os.wait()
        except ChildProcessError:
            return
