"""Every benchmark, one after another: ``python -m benchmarks [NAME ...]``.

A benchmark is a process of its own and prints ratios. The names are those of the files; all by default.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
#: Files that measure nothing themselves.
AIDS = ("__init__", "__main__", "turns")


def main() -> int:
    """Run them; the exit status is how many failed."""
    every = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in AIDS)
    options = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    options.add_argument("name", nargs="*", help=f"of {', '.join(every)}; default: all")
    chosen = options.parse_args()
    if unknown := sorted(set(chosen.name) - set(every)):
        options.error(f"no benchmark {', '.join(unknown)}; there are {', '.join(every)}")
    failed = 0
    for name in chosen.name or every:
        print(f"\n== {name}", flush=True)
        failed += (
            subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], cwd=HERE.parent).returncode != 0
        )
    return failed


if __name__ == "__main__":
    sys.exit(main())
