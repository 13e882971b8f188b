"""How long 10,000 exact comparisons of 9 against 12 take, as a ratio to SciPy's exact permutation test.

Run as ``python benchmarks/statistics.py``. Both sides answer one question on one set of grades, in one
process; SciPy's is timed on fewer and scaled up, and its p is compared with ours.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from time import perf_counter

import numpy as np
from scipy import stats

from improvement_analysis.scale import OFSTED
from improvement_analysis.statistics import (
    fisher_freeman_halton,
    min_attainable_p,
    superiority_interval,
    van_elteren,
    wmw_exact,
)
from improvement_analysis.statistics.deals import deal_sums

Pair = tuple[list[str], list[str]]


def draw(times: int, sizes: Sequence[int] = (9, 12), seed: int = 20180207) -> list[Pair]:
    """Pairs of groups of grades, mostly requires improvement as in the published tables."""
    drawn = random.Random(seed)
    return [
        (
            drawn.choices(OFSTED.codes, (4, 10, 4, 1), k=sizes[0]),
            drawn.choices(OFSTED.codes, (4, 10, 4, 1), k=sizes[1]),
        )
        for _ in range(times)
    ]


def time_each(call: Callable[[list[str], list[str]], object], pairs: Sequence[Pair]) -> float:
    """Seconds for one call, averaged."""
    start = perf_counter()
    for a, b in pairs:
        call(a, b)
    return (perf_counter() - start) / len(pairs)


def scipy_p(a: list[str], b: list[str]) -> float:
    """SciPy's exact permutation test of the rank sum, every deal gone through; two-sided by doubling."""
    x, y = ([OFSTED.rank(grade) for grade in group] for group in (a, b))

    def rank_sum(x, y, axis):
        return stats.rankdata(np.concatenate([x, y], axis=axis), axis=axis)[..., : x.shape[axis]].sum(
            axis=axis
        )

    found = stats.permutation_test((np.array(x), np.array(y)), rank_sum, n_resamples=np.inf, batch=50_000)
    return float(found.pvalue)


def main() -> None:
    """Print the table of ratios."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--times", type=int, default=10_000, help="comparisons of ours (default 10,000)")
    options.add_argument("--peer", type=int, default=3, help="comparisons of SciPy's, scaled up (default 3)")
    chosen = options.parse_args()
    pairs = draw(chosen.times)

    theirs = time_each(scipy_p, pairs[: chosen.peer])
    for a, b in pairs[: chosen.peer]:
        assert abs(scipy_p(a, b) - wmw_exact(a, b, two_sided="doubled").p) < 1e-9

    ours = {
        "wmw_exact": wmw_exact,
        "min_attainable_p": min_attainable_p,
        "van_elteren, two strata": lambda a, b: van_elteren([(a[:4], b[:6]), (a[4:], b[6:])]),
        "fisher_freeman_halton": lambda a, b: fisher_freeman_halton([a, b]),
        "superiority_interval": superiority_interval,
    }
    print(f"{chosen.times:,} comparisons of 9 v 12; SciPy's permutation_test timed on {chosen.peer}\n")
    print(f"{'ours':<26}{'ratio to SciPy':>16}{'times faster':>14}")
    for name, call in ours.items():
        deal_sums.cache_clear()
        ratio = time_each(call, pairs) / theirs
        print(f"{name:<26}{ratio:>16.2e}{1 / ratio:>14,.0f}")


if __name__ == "__main__":
    main()
