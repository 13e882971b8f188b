"""Each form drawn and saved, as a ratio to a bare ``barh`` of the same counts.

One process; the forms and the bare chart take turns, so that both meet the same load; medians. Run it with
``python benchmarks/charts.py``.
"""

from __future__ import annotations

import io
import sys
import time
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
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
    """Nine teams in five domains."""
    rows = [
        [3, 0, 5, 0, 1, 0, 0, 0],
        [0, 0, 9, 0, 0, 0, 0, 0],
        [4, 0, 5, 0, 0, 0, 0, 0],
        [0, 0, 6, 0, 0, 0, 0, 3],
        [2, 0, 7, 0, 0, 0, 0, 0],
    ]
    return pd.DataFrame(rows, pd.Index(DOMAINS, name="domain"), list(OFSTED.columns))


def counts_of_services() -> pd.DataFrame:
    """The same in three services."""
    return pd.concat({name: counts_of_one_service() for name in SERVICES}, names=["service"])


def save_bare(counts: pd.DataFrame, kind: str) -> None:
    """The peer: stacked bars as matplotlib draws them, nothing else."""
    figure, axes = plt.subplots(figsize=(10, 6))
    labels = [str(key) for key in counts.index]
    left = [0] * len(counts)
    for grade in counts.columns:
        axes.barh(labels, counts[grade], left=left)
        left = [a + b for a, b in zip(left, counts[grade], strict=True)]
    figure.savefig(io.BytesIO(), format=kind, dpi=160)
    plt.close(figure)


def save_chart(draw: Callable[[], Chart], kind: str) -> None:
    """Draw and render, as a page does it."""
    chart = draw()
    _ = chart.png if kind == "png" else chart.html


def forms() -> dict[str, tuple[pd.DataFrame, Callable[[], Chart]]]:
    """Each form with the counts that the bare chart gets."""
    one, many = counts_of_one_service(), counts_of_services()
    pooled = many.groupby(level="domain", sort=False).sum()
    areas = many.reorder_levels(["domain", "service"])
    crossed = pd.DataFrame({"I": [2, 1], "RI": [1, 4], "G": [0, 3]}, index=["I", "RI"])
    return {
        "grade_grid": (one, lambda: charts.grade_grid(one, headlines=dict.fromkeys(DOMAINS, "RI"))),
        "service_matrix": (many, lambda: charts.service_matrix(many)),
        "area_comparison": (many, lambda: charts.area_comparison(areas, focus="Service 1")),
        "diverging_bars": (pooled, lambda: charts.diverging_bars(pooled)),
        "team_matrix": (many, lambda: charts.team_matrix(many)),
        "change_grid": (one, lambda: charts.change_grid(crossed)),
        "agreement_grid": (one, lambda: charts.agreement_grid(crossed)),
        "share_ranges": (one, lambda: charts.share_ranges(one)),
        "grade_shares": (pooled, lambda: charts.grade_shares(pooled)),
        "share_heatmap": (pooled, lambda: charts.share_heatmap(pooled)),
    }


def seconds(work: Callable[[], None]) -> float:
    """How long *work* takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def ratio(counts: pd.DataFrame, draw: Callable[[], Chart], kind: str) -> tuple[float, float]:
    """Median seconds of the bare chart, and how many times as long the form takes."""
    pairs = [
        (seconds(lambda: save_bare(counts, kind)), seconds(lambda: save_chart(draw, kind)))
        for _ in range(ROUNDS + 1)
    ][1:]
    bare, ours = np.median(np.array(pairs), axis=0)
    return float(bare), float(ours / bare)


def main() -> int:
    """Print a line per form and kind of image."""
    print(f"{'form':<20}{'kind':<6}{'barh, ms':>10}{'ratio':>8}")
    for name, (counts, draw) in forms().items():
        for kind in ("svg", "png"):
            bare, times = ratio(counts, draw, kind)
            print(f"{name:<20}{kind:<6}{1000 * bare:>10.1f}{times:>8.2f}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
