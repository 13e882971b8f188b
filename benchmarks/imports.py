"""How long starting takes, as a ratio to ``import pandas``: each in fresh processes, in turn.

python -m benchmarks.imports [--rounds 15]
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from collections.abc import Callable

from benchmarks.turns import take_turns, times

EVERY_NAME = "import improvement_analysis as ia; [getattr(ia, name) for name in ia.__all__]"
STARTS = {
    "import pandas": ["-c", "import pandas"],
    "python, nothing imported": ["-c", "pass"],
    "import improvement_analysis": ["-c", "import improvement_analysis"],
    "every public name of it used": ["-c", EVERY_NAME],
    "improvement-analysis --help": ["-m", "improvement_analysis", "--help"],
    "improvement-analysis report --help": ["-m", "improvement_analysis", "report", "--help"],
}


def start(arguments: list[str]) -> Callable[[], object]:
    """Python run once with these arguments."""
    return lambda: subprocess.run(
        [sys.executable, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=True
    )


def main() -> None:
    """Print the table of ratios."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--rounds", type=int, default=15)
    chosen = options.parse_args()
    taken = take_turns({name: start(arguments) for name, arguments in STARTS.items()}, chosen.rounds)
    print(f"{'in times of import pandas':<38}{'median':>8}{'least':>8}")
    for name in list(STARTS)[1:]:
        median, least = times(taken[name], taken["import pandas"])[:, 0]
        print(f"{name:<38}{median:>8.2f}{least:>8.2f}")


if __name__ == "__main__":
    main()
