"""Programmes of visits made up by a seed, and what is true of them: for tests that count again by hand."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import pandas as pd

GRADES = ("I", "RI / I", "RI", "G / RI", "G", "O / G", "O")
DOMAINS = ("allocation", "practice", "monitoring", "joint_working", "overall")

#: For each way of naming rounds the names of six in a row, earliest first, and the day each begins about.
STYLES: dict[str, tuple[tuple[str, ...], tuple[date, ...]]] = {
    "seasons": (
        ("Spring 2023", "Autumn 2023", "Spring 2024", "Autumn 2024", "Spring 2025", "Autumn 2025"),
        tuple(date(year, month, 5) for year in (2023, 2024, 2025) for month in (3, 9)),
    ),
    "years": (
        ("2017-18", "2018-19", "2019/20", "2020-21", "2021/22", "2022-23"),
        tuple(date(year, 6, 1) for year in range(2017, 2023)),
    ),
    "quarters": (
        ("Q3 2022-23", "Q4 2022-23", "Q1 2023-24", "2023-24 Q2", "Q3 2023-24", "Q4 2023-24"),
        (
            date(2022, 10, 1),
            date(2023, 1, 2),
            date(2023, 4, 1),
            date(2023, 7, 1),
            date(2023, 10, 1),
            date(2024, 1, 2),
        ),
    ),
    "numbers": (
        tuple(f"Round {number}" for number in range(7, 13)),
        tuple(date(2019, 2, 1) + timedelta(days=150 * number) for number in range(6)),
    ),
    "months": (
        ("Sep-17", "January 2018", "May 2018", "September 2018", "Jan 2019", "October 2019"),
        (
            date(2017, 9, 1),
            date(2018, 1, 2),
            date(2018, 5, 1),
            date(2018, 9, 1),
            date(2019, 1, 2),
            date(2019, 10, 1),
        ),
    ),
}


@dataclass(frozen=True)
class Programme:
    """Rows of gradings, and their rounds, earliest first, known from how they were made."""

    rows: tuple[Mapping[str, object], ...]
    rounds: tuple[str, ...]

    @property
    def frame(self) -> pd.DataFrame:
        """The rows as a loose table."""
        return pd.DataFrame(list(self.rows), dtype=object)

    def shuffled(self, seed: int) -> Programme:
        """The same rows in another order."""
        rows = list(self.rows)
        random.Random(seed).shuffle(rows)
        return replace(self, rows=tuple(rows))

    def renamed(self, names: Mapping[str, str]) -> Programme:
        """The same visits with other names for their rounds."""
        rows = tuple({**row, "round": names[str(row["round"])]} for row in self.rows)
        return Programme(rows, tuple(names[name] for name in self.rounds))

    def without_days(self) -> Programme:
        """The same visits, of which no day is known."""
        return replace(self, rows=tuple({**row, "visit_date": None} for row in self.rows))


def make_programme(seed: int, *, style: str | None = None, overlap: bool = False) -> Programme:
    """A programme of 2 to 6 rounds, each with some of the teams of its services; every team is there once.

    Parameters
    ----------
    seed
        The same seed gives the same programme.
    style
        How rounds are named: one of :data:`STYLES`; by default any.
    overlap
        Whether a round may begin before the last teams of the one before are visited. A team's own visits
        follow each other all the same.
    """
    dice = random.Random(seed)
    names, begins = STYLES[style or dice.choice(sorted(STYLES))]
    chosen = sorted(dice.sample(range(len(names)), dice.randint(2, len(names))))
    services = [f"Service {number}" for number in range(1, dice.randint(1, 3) + 1)]
    teams = [
        (service, dice.choice(["North", "South", "West"]), f"Team {letter}")
        for place, service in enumerate(services)
        for letter in "ABCDEFGHIJKLMNOP"[place * 5 : place * 5 + dice.randint(2, 5)]
    ]
    rows = []
    for place in chosen:
        visited = [team for team in teams if dice.random() < 0.85] or teams[:1]
        for number, (service, area, team) in enumerate(visited):
            late = 100 if overlap and number == 0 else 0  # that team is late in every round
            day = begins[place] + timedelta(days=late + dice.randint(0, 50))
            visit = {"authority": "Anyshire", "service": service, "area": area, "team": team}
            for domain in DOMAINS:
                grade = dice.choice(GRADES) if dice.random() < 0.9 else None
                source = f"made up, {team}, {names[place]}"
                rows.append({**visit, "round": names[place], "visit_date": day, "domain": domain,
                             "grade": grade, "source": source})  # fmt: skip
    return Programme(tuple(rows), tuple(names[place] for place in chosen))
