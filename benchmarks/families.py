"""How often a report claims a difference: where there is none (at most alpha), and where one area is shifted.

    python -m benchmarks.families [--worlds 200]

Worlds of three areas and five domains, grades tied within teams (correlation 0 and .6): one service of nine
teams, and three services of ten. Counted are worlds in which any area's page claims anything in any domain.
Compared: each page by itself with Holm (after Tarone), each page by itself with min-P, all pages with Holm
over areas x domains, and :func:`compare_each`. With a shift, one area's teams are graded higher throughout.
"""

from __future__ import annotations

import argparse

import numpy as np
import pandas as pd

from improvement_analysis.comparison import compare_each, compare_groups
from improvement_analysis.gradings import as_gradings
from improvement_analysis.scale import OFSTED
from improvement_analysis.statistics import adjust

DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]
AREAS = "ABC"
#: Cuts of a standard normal: grades as in the published tables.
CUTS = [-0.8, 0.6, 1.6]
WAYS = ["holm, each page", "min-p, each page", "holm, all pages", "min-p, all pages"]


def draw(services: int, teams: int, within: float, shift: float, random: np.random.Generator) -> pd.DataFrame:
    """One world."""
    rows = []
    for service in range(services):
        for team in range(teams):
            area = AREAS[team % 3]
            shared = random.normal()
            for domain in DOMAINS:
                value = within**0.5 * shared + (1 - within) ** 0.5 * random.normal() + shift * (area == "A")
                row = {
                    "service": f"S{service}",
                    "area": area,
                    "team": f"Team {service}.{team}",
                    "domain": domain,
                }
                rows.append(
                    row | {"grade": OFSTED.codes[int(np.searchsorted(CUTS, value))], "source": "made"}
                )
    return as_gradings(pd.DataFrame(rows), authority="A", round="1")


def claims(gradings: pd.DataFrame) -> list[bool]:
    """Whether anything is claimed, in the order of :data:`WAYS`."""
    holm = [compare_groups(gradings, "area", area, adjust="holm") for area in AREAS]
    each = [compare_groups(gradings, "area", area) for area in AREAS]
    p = [value for page in holm for value in page["p_exact"]]
    least = [value for page in holm for value in page["p_min_attainable"]]
    every = adjust(p, min_attainable=least)
    return [
        any((page["verdict"] == "unlikely_chance").any() for page in holm),
        any((page["verdict"] == "unlikely_chance").any() for page in each),
        any(value <= 0.05 for value in every),
        bool((compare_each(gradings, "area").each["verdict"] == "unlikely_chance").any()),
    ]


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--worlds", type=int, default=200, help="worlds of each kind (default 200)")
    worlds = options.parse_args().worlds
    print(f"share of {worlds} worlds with a claim\n")
    print(f"{'services x teams':<18}{'within':>7}{'shift':>7}" + "".join(f"{way:>20}" for way in WAYS))
    for services, teams in ((1, 9), (3, 10)):
        for within in (0.0, 0.6):
            for shift in (0.0, 1.5):
                random = np.random.default_rng(20180207)
                each = [claims(draw(services, teams, within, shift, random)) for _ in range(worlds)]
                shares = np.mean(each, axis=0)
                kind = f"{services} x {teams}"
                print(
                    f"{kind:<18}{within:>7}{shift:>7}" + "".join(f"{share:>20.3f}" for share in shares),
                    flush=True,
                )


if __name__ == "__main__":
    main()
