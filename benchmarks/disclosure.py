"""Choosing which services to withhold, at 5, 20 and 100 services, set against the SciPy it starts with.

    python -m benchmarks.disclosure [--tables 5]

Random services of 1 to 11 teams. Told are the times that importing `scipy.optimize` takes, by which the
choice of one domain's services took longer, and how many sets were withheld. Most tables need no integer
programme; the hardest decides.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import time

import numpy as np

from improvement_analysis.disclosure.programmes import choose_services


def draw(services: int, random: np.random.Generator) -> np.ndarray:
    """One domain's counts: services x grades."""
    chances = np.array([3, 1, 6, 1, 4, 0, 1, 1]) * random.random(8)
    teams = random.integers(1, 12, services)
    return np.array([random.multinomial(n, chances / chances.sum()) for n in teams])


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--tables", type=int, default=5, help="tables of each size (default 5)")
    tables = options.parse_args().tables
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import scipy.optimize"], check=True)
    start = time.perf_counter() - began
    import scipy.optimize  # noqa: F401 (its import is not what is measured)

    print(f"{'services':>8}{'median':>9}{'most':>9}  (imports of scipy.optimize)")
    for services in (5, 20, 100):
        random, taken = np.random.default_rng(services), []
        for _ in range(tables):
            table = draw(services, random)
            few = table.sum(axis=1) < 3
            began = time.perf_counter()
            choose_services(table, few, 3, 2)
            taken.append((time.perf_counter() - began) / start)
        print(f"{services:>8}{np.median(taken):>9.2f}{max(taken):>9.2f}", flush=True)


if __name__ == "__main__":
    main()
