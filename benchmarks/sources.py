"""How long reading takes, as a ratio to the libraries' own bare loops in the same run.

    python benchmarks/sources.py [rows]

Processor time, the least of a few runs. The rows are made up: teams of five domains, three areas.
"""

from __future__ import annotations

import csv
import gc
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import openpyxl
import pandas as pd

from improvement_analysis import read_gradings

HEADER = ("area", "service", "team", "round", "visit_date", "domain", "grade")
AREAS = ("Redditch/Wychavon", "Worcester/Malvern", "Bromsgrove/Wyre Forest")
SERVICES = ("Safeguarding", "Care Leaving", "Children with Disabilities")
DOMAINS = ("allocation", "practice", "monitoring", "joint_working", "overall")
GRADES = ("RI", "I", "RI / I", "G", "no judgement", "RI", "RI")


def rows(number: int) -> Iterator[tuple[str, ...]]:
    """Team gradings, a visit of five domains after another."""
    for n in range(number):
        team = n // len(DOMAINS)
        yield (
            AREAS[team % 3],
            SERVICES[team // 3 % 3],
            f"Team {team}",
            "2017-18",
            f"{team % 28 + 1:02d}/{team % 3 + 9:02d}/2017",
            DOMAINS[n % len(DOMAINS)],
            GRADES[n % len(GRADES)],
        )


def bare_csv(path: Path) -> int:
    """The csv module's loop, doing nothing."""
    with path.open(encoding="utf-8", newline="") as file:
        return sum(1 for _ in csv.reader(file, strict=True))


def pandas_csv(path: Path) -> int:
    """What pandas makes of the same file: texts and numbers, none of them looked at."""
    return len(pd.read_csv(path))


def bare_xlsx(path: Path) -> int:
    """Opening a workbook and going over its cells, doing nothing."""
    sheet = openpyxl.load_workbook(path).active
    return sum(1 for row in sheet.iter_rows() for _ in row)


def least(call: Callable[[Path], object], path: Path, runs: int) -> float:
    """The least processor time of some runs, in seconds."""
    times = []
    for _ in range(runs):
        gc.collect()
        began = time.process_time()
        call(path)
        times.append(time.process_time() - began)
    return min(times)


def tell(what: str, path: Path, bare: Callable[[Path], object], runs: int) -> None:
    """One line: ours, theirs, and the ratio."""
    theirs, ours = least(bare, path, runs), least(read_gradings, path, runs)
    print(f"{what}: {ours:.2f} s, {bare.__name__} {theirs:.2f} s, ratio {ours / theirs:.1f}")


def main(number: int) -> None:
    """Measure CSV with *number* rows and a workbook with 1,000."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "teams.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([HEADER, *rows(number)])
        tell(f"{number:,} rows of CSV", path, bare_csv, 2)
        tell(f"{number:,} rows of CSV", path, pandas_csv, 2)
        book = openpyxl.Workbook()
        for row in (HEADER, *rows(1_000)):
            book.active.append(row)
        book.save(Path(folder) / "teams.xlsx")
        tell("1,000 rows of Excel", Path(folder) / "teams.xlsx", bare_xlsx, 3)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
