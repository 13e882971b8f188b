"""Each form drawn and saved, as a ratio to a bare ``barh`` of the same counts.

One process; the forms and the bare chart take turns, so that both meet the same load; medians. Run it with
``python benchmarks/charts.py``.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable

import matplotlib as mpl
import pandas as pd

mpl.use("Agg")

import matplotlib.pyplot as plt

from improvement_analysis import charts
from improvement_analysis.charts import Chart
from improvement_analysis.scale import OFSTED

ROUNDS = 15
DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]
SERVICES = ["Service 1", "Service 2", "Service 3"]


def counts_of_one_service() -> pd.DataFrame:
    rows = [
        [3, 0, 5, 0, 1, 0, 0, 0],
        [0, 0, 9, 0, 0, 0, 0, 0],
        [4, 0, 5, 0, 0, 0, 0, 0],
        [0, 0, 6, 0, 0, 0, 0, 3],
        [2, 0, 7, 0, 0, 0, 0, 0],
    ]
    return pd.DataFrame(rows, pd.Index(DOMAINS, name="domain"), list(OFSTED.columns))


def counts_of_services() -> pd.DataFrame:
    return pd.concat({name: counts_of_one_service() for name in SERVICES}, names=["service"])


def save_bare(counts: pd.DataFrame, kind: str) -> None:
    figure, axes = plt.subplots(figsize=(10, 6))
    labels = [str(key) for key in counts.index]
    left = [0] * len(counts)
    for grade in counts.columns:
        axes.barh(labels, counts[grade], left=left)
        left = [a + b for a, b in zip(left, counts[grade], strict=True)]
    figure.savefig(io.BytesIO(), format=kind, dpi=160)
    plt.close(figure)


def save_chart(draw: Callable[[], Chart], kind: str) -> None:
    chart = draw()
    _ = chart.png if kind == "png" else chart.html


def forms() -> dict[str, tuple[pd.DataFrame, Callable[[], Chart]]]:
    """Each form with the counts that the bare chart gets."""
    one, many = counts_of_one_service(), counts_of_services()
    return {
        "grade_grid": (one, lambda: charts.grade_grid(one, headlines=dict.fromkeys(DOMAINS, "RI"))),
        "service_matrix": (many, lambda: charts.service_matrix(many)),
    }


def seconds(work: Callable[[], None]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(counts: pd.DataFrame, draw: Callable[[], Chart], kind: str) -> tuple[float, float]:
    """Median seconds of the bare chart, and how many times as long the form takes."""
    pairs = [
        (seconds(lambda: save_bare(counts, kind)), seconds(lambda: save_chart(draw, kind)))
        for _ in range(ROUNDS + 1)
    ][1:]
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    return bare, ours / bare


def main() -> int:
    print(f"{'form':<20}{'kind':<6}{'barh, ms':>10}{'ratio':>8}")
    for name, (counts, draw) in forms().items():
        for kind in ("svg", "png"):
            bare, times = ratio(counts, draw, kind)
            print(f"{name:<20}{kind:<6}{1000 * bare:>10.1f}{times:>8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
