"""How long 10,000 exact comparisons of 9 against 12 take, as a ratio to SciPy's exact permutation test.

Run as ``python benchmarks/statistics.py``. Both sides answer one question on one set of grades, in one
process; SciPy's is timed on fewer and scaled up, and its p is compared with ours. Then one area against the
others, 23 teams in five domains, as its page asks for it. All is processor time.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Sequence
from time import process_time
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from improvement_analysis.comparison import compare_groups
from improvement_analysis.gradings import as_gradings
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


def time_each(call: Callable[[Any, Any], object], pairs: Sequence[tuple[Any, Any]]) -> float:
    """Seconds for one call, averaged."""
    start = process_time()
    for a, b in pairs:
        call(a, b)
    return (process_time() - start) / len(pairs)


def scipy_p(a: list[str], b: list[str]) -> float:
    """SciPy's exact permutation test of the rank sum, every deal gone through; two-sided by doubling."""
    x, y = ([OFSTED.rank(grade) for grade in group] for group in (a, b))

    def rank_sum(x, y, axis):
        return stats.rankdata(np.concatenate([x, y], axis=axis), axis=axis)[..., : x.shape[axis]].sum(
            axis=axis
        )

    found = stats.permutation_test((np.array(x), np.array(y)), rank_sum, n_resamples=np.inf, batch=50_000)
    return float(found.pvalue)


def draw_area(open_ones: int, seed: int = 20180207) -> pd.DataFrame:
    """Gradings of 23 teams of six services in three areas and five domains, so many of them open."""
    drawn = random.Random(seed)
    services = {
        "Safeguarding": 9,
        "Assessment": 4,
        "Permanency": 3,
        "Leaving": 3,
        "Disabled": 2,
        "Support": 2,
    }
    teams = [
        (service, place, "ABC"[place % 3]) for service, many in services.items() for place in range(many)
    ]
    rows = [
        {
            "service": service,
            "team": f"Team {service} {place}",
            "area": area,
            "domain": domain,
            "source": "made",
        }
        | {"grade": drawn.choices(OFSTED.codes, (4, 10, 4, 1))[0]}
        for service, place, area in teams
        for domain in ("allocation", "practice", "monitoring", "joint_working", "overall")
    ]
    for row in drawn.sample(rows, open_ones):
        row["grade"] = drawn.choice([None, "RI / I"])
    return as_gradings(pd.DataFrame(rows), authority="A", round="1")


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
    print("\none area against the others, 23 teams, five domains")
    for open_ones in (0, 12, 28):
        tables = [(draw_area(open_ones, seed), "area") for seed in range(30)]
        took = time_each(lambda gradings, column: compare_groups(gradings, column, "A"), tables)
        name = f"compare_groups, {open_ones} open"
        print(f"{name:<26}{took / theirs:>16.2e}{theirs / took:>14,.0f}{took * 1000:>10.1f} ms")


if __name__ == "__main__":
    main()
