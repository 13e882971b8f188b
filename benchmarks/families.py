"""How often a report claims a difference: where there is none (at most alpha), and where one area is shifted.

    python -m benchmarks.families [--worlds 1000] [--services 1] [--teams 9]

Worlds of three areas and five domains, grades tied within teams (correlation 0 and .6): one service of nine
teams, and three services of ten. Counted are worlds in which any area's page claims anything in any domain.
Compared: each page by itself with Holm (after Tarone), each page by itself with min-P, all pages with Holm
over areas x domains, and all pages with min-P, as `compare_each` has it. With a shift, one area's teams are
graded higher throughout. Beside each share stands its exact 95 % interval over the worlds drawn.
"""

from __future__ import annotations

import argparse

import numpy as np

from improvement_analysis.statistics import adjust, proportion_interval
from improvement_analysis.statistics.linked_families import adjust_linked
from improvement_analysis.statistics.open_families import OpenDomain, OpenTeam, Outcome

AREAS, DOMAINS, ALPHA = range(3), 5, 0.05
#: Cuts of a standard normal: grades as in the published tables.
CUTS = [-0.8, 0.6, 1.6]
WAYS = ["holm, each page", "min-p, each page", "holm, all pages", "min-p, all pages"]


def draw(
    services: int, teams: int, within: float, shift: float, random: np.random.Generator
) -> list[OpenDomain]:
    """One world: the teams of each domain, by service."""
    shared = random.normal(size=(services, teams))
    own = random.normal(size=(DOMAINS, services, teams))
    values = within**0.5 * shared + (1 - within) ** 0.5 * own + shift * (np.arange(teams) % 3 == 0)
    grades = np.searchsorted(CUTS, values)
    return [
        tuple(
            tuple(
                OpenTeam(team % 3, f"{service}.{team}", int(grade), int(grade))
                for team, grade in enumerate(of_service)
            )
            for service, of_service in enumerate(of_domain)
        )
        for of_domain in grades
    ]


def claims(domains: list[OpenDomain]) -> list[bool]:
    """Whether anything is claimed, in the order of :data:`WAYS`."""
    every = adjust_linked(domains, list(AREAS), together=True)
    pages = [[one for (group, _), one in every.items() if group == area] for area in AREAS]
    alone = [adjust_linked(domains, [area]) for area in AREAS]
    return [
        any(_holm(page) for page in pages),
        any(_claims(one) for page in alone for one in page.values()),
        _holm([one for page in pages for one in page]),
        any(_claims(one) for page in pages for one in page),
    ]


def _claims(outcome: Outcome) -> bool:
    return outcome.verdicts == {"claimed"}


def _holm(outcomes: list[Outcome]) -> bool:
    p, least = [one.p_high for one in outcomes], [one.p_min for one in outcomes]
    return any(value <= ALPHA for value in adjust(p, min_attainable=least, alpha=ALPHA))


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--worlds", type=int, default=1000, help="worlds of each kind (default 1000)")
    options.add_argument("--services", type=int, help="with --teams: only worlds of so many services")
    options.add_argument("--teams", type=int, default=9, help="teams of each service (default 9)")
    chosen = options.parse_args()
    sizes = [(1, 9), (3, 10)] if chosen.services is None else [(chosen.services, chosen.teams)]
    print(f"share of {chosen.worlds} worlds with a claim, and its 95 % interval\n")
    print(f"{'services x teams':<18}{'within':>7}{'shift':>7}" + "".join(f"{way:>24}" for way in WAYS))
    for services, teams in sizes:
        for within in (0.0, 0.6):
            for shift in (0.0, 1.5):
                random = np.random.default_rng(20180207)
                each = [claims(draw(services, teams, within, shift, random)) for _ in range(chosen.worlds)]
                told = "".join(f"{_share(int(k), chosen.worlds):>24}" for k in np.sum(each, axis=0))
                print(f"{f'{services} x {teams}':<18}{within:>7}{shift:>7}{told}", flush=True)


def _share(k: int, n: int) -> str:
    ends = proportion_interval(k, n, method="clopper_pearson")
    return f"{k / n:.3f} ({ends.low:.3f}-{ends.high:.3f})"


if __name__ == "__main__":
    main()
