"""Counting and selecting 10 million gradings v pandas, Polars and DuckDB on the same categorical columns.

    python -m benchmarks.counts [--rows 10000000] [--rounds 7]

All peers are given the same columns in their own type for few names (category, Enum, ENUM) and asked first
whether they find the same numbers. This package, Polars and DuckDB use every core, pandas one.
"""

from __future__ import annotations

import argparse
import functools
import tracemalloc
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
import pandas as pd

import improvement_analysis as ia
from benchmarks.turns import take_turns, times
from improvement_analysis.scale import OFSTED

SERVICES = [f"Service {number:02}" for number in range(20)]
DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]
KEYS = ["service", "domain"]
#: DuckDB held to one core, to compare processor time with.
ONE_CORE = "duckdb, one core"
WANTED = {"service": SERVICES[3], "domain": "practice"}
Counter = Callable[[], dict[tuple[object, ...], int]]


def draw(rows: int, seed: int = 20180207) -> pd.DataFrame:
    """Made-up gradings; about 1 in 20 without a grade."""
    random = np.random.default_rng(seed)
    weights = [0.05, 0.15, 0.05, 0.5, 0.02, 0.2, 0.01, 0.02]
    grades = np.searchsorted(np.cumsum(weights), random.random(rows)).astype(np.int8) - 1
    return pd.DataFrame(
        {
            "service": pd.Categorical.from_codes(random.integers(0, 20, rows, dtype=np.int8), SERVICES),
            "domain": pd.Categorical.from_codes(
                random.integers(0, 5, rows, dtype=np.int8), DOMAINS, ordered=True
            ),
            "grade": pd.Categorical.from_codes(np.minimum(grades, 6), dtype=OFSTED.dtype),
        }
    )


def count_ours(gradings: pd.DataFrame) -> pd.DataFrame:
    """Our own."""
    return ia.count_grades(gradings, KEYS)


def count_pandas(gradings: pd.DataFrame) -> pd.Series:
    """What a pandas user writes."""
    return gradings.groupby([*KEYS, "grade"], observed=False, dropna=False).size()


def as_polars(gradings: pd.DataFrame):
    """The same columns as Enums of Polars."""
    import polars as pl

    columns = {}
    for name in gradings:
        values = gradings[name].array
        spelt = np.append(np.asarray(values.categories, dtype=object), None)[values.codes]
        columns[name] = pl.Series(name, spelt, dtype=pl.Enum(list(values.categories)))
    return pl.DataFrame(columns)


def as_duckdb(gradings: pd.DataFrame, **settings: int):
    """The same columns as ENUMs in a table of DuckDB's own."""
    import duckdb

    connection = duckdb.connect(config=settings)
    connection.register("given", gradings)
    connection.execute("create table gradings as select * from given")
    return connection


def as_numbers(rows) -> dict[tuple[str, ...], int]:
    """Rows of names and a number, told without the zeros; a missing grade is no judgement."""
    told = {}
    for *names, number in rows:
        if number:
            told[tuple("no judgement" if pd.isna(name) else str(name) for name in names)] = int(number)
    return told


def counting(gradings: pd.DataFrame, peers: dict[str, object]) -> dict[str, Callable[[], object]]:
    """A way to count per peer, each seen to give the same numbers."""
    select = "select service, domain, grade, count(*) from gradings group by all"
    ways = {
        "ours": lambda: count_ours(gradings),
        "pandas": lambda: count_pandas(gradings),
        "polars": lambda: peers["polars"].group_by([*KEYS, "grade"]).len(),
        "duckdb": lambda: peers["duckdb"].execute(select).fetchall(),
        ONE_CORE: lambda: peers[ONE_CORE].execute(select).fetchall(),
    }
    ways = {name: way for name, way in ways.items() if name in ("ours", "pandas") or name in peers}
    read = {
        "ours": lambda table: table.stack().reset_index().to_numpy(),
        "pandas": lambda sizes: sizes.reset_index().to_numpy(),
        "polars": lambda table: table.rows(),
        "duckdb": lambda rows: rows,
        ONE_CORE: lambda rows: rows,
    }
    found = {name: as_numbers(read[name](way())) for name, way in ways.items()}
    assert all(numbers == found["ours"] for numbers in found.values()), "the peers disagree"
    return ways


def selecting(gradings: pd.DataFrame, peers: dict[str, object]) -> dict[str, Callable[[], object]]:
    """A way to select per peer."""
    service, domain = WANTED.values()
    where = f"from gradings where service = '{service}' and domain = '{domain}'"
    ways = {
        "ours": lambda: ia.select(gradings, **WANTED),
        "pandas": lambda: gradings[(gradings["service"] == service) & (gradings["domain"] == domain)],
    }
    if "polars" in peers:
        import polars as pl

        frame = peers["polars"]
        ways["polars"] = lambda: frame.filter((pl.col("service") == service) & (pl.col("domain") == domain))
        assert len(ways["polars"]()) == len(ways["ours"]())
    if "duckdb" in peers:
        connection = peers["duckdb"]
        ways["duckdb"] = lambda: connection.execute(f"create or replace temp table kept as select * {where}")
        assert connection.execute(f"select count(*) {where}").fetchone() == (len(ways["ours"]()),)
    return ways


def tell(what: str, ways: dict[str, Callable[[], object]], rounds: int) -> None:
    """A line per peer: how many times as long as ours it takes."""
    taken = take_turns(ways, rounds)
    for name in list(ways)[1:]:
        ratios = times(taken[name], taken["ours"]).T.ravel()
        print(f"{what:<38}{name:<18}" + "".join(f"{ratio:>8.1f}" for ratio in ratios))


def peak(work: Callable[[], object]) -> int:
    """The most memory that Python and NumPy held at once for *work*, in bytes."""
    tracemalloc.start()
    work()
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most


def main() -> None:
    """Print the table of ratios."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rows", type=int, default=10_000_000)
    options.add_argument("--rounds", type=int, default=7)
    chosen = options.parse_args()
    gradings = draw(chosen.rows)
    makers = {"polars": as_polars, "duckdb": as_duckdb, ONE_CORE: functools.partial(as_duckdb, threads=1)}
    there = {name: make for name, make in makers.items() if find_spec(name.split(",")[0])}
    for name in [name for name in ("polars", "duckdb") if name not in there]:
        print(f"{name} is not installed and not measured: pip install -e .[bench]")
    print(f"{'how many times as long as ours':<55}{'on the clock':>16}{'processor':>16}")
    print(f"{'':<37}{'peer':<18}" + f"{'median':>8}{'least':>8}" * 2)
    peers = {name: make(gradings) for name, make in there.items()}
    rows = f"{chosen.rows:,} rows"
    tell(f"count, {rows}, categories", counting(gradings, peers), chosen.rounds)
    tell(f"select, {rows}, categories", selecting(gradings, peers), chosen.rounds)
    few = gradings.head(95)
    tell("count, 95 rows, categories", counting(few, {name: there[name](few) for name in there}), 200)
    held = {"ours": peak(lambda: count_ours(gradings)), "pandas": peak(lambda: count_pandas(gradings))}
    size = sum(gradings[name].array.codes.nbytes for name in gradings)
    print("\nmemory held while counting, in sizes of the three columns' codes:", end=" ")
    print(", ".join(f"{name} {most / size:.2f}" for name, most in held.items()) + "\n")
    peers.clear()
    text = gradings.head(chosen.rows // 5).astype(dict.fromkeys(KEYS, "str"))
    tell(f"count, {len(text):,} rows, names as text", counting(text, {}), max(3, chosen.rounds // 2))
    tell(f"select, {len(text):,} rows, names as text", selecting(text, {}), max(3, chosen.rounds // 2))


if __name__ == "__main__":
    main()
