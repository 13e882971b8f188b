"""Publications one after another: what an earlier one tells together with the next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Earlier", "Tables", "is_safe_beside", "must_hide"]


@dataclass(frozen=True, eq=False)
class Earlier:
    """What an earlier publication shows.

    Attributes
    ----------
    counts : DataFrame of Int64, services and domains x grades
        Missing where withheld.
    teams : Series of int
        Of each service in each domain.
    totals : DataFrame of Int64, domains x grades
        Missing where withheld; without rows where none were asked for.
    same_round : bool
        Whether it is of the same round: then what differs was corrected.
    """

    counts: pd.DataFrame
    teams: pd.Series
    totals: pd.DataFrame
    same_round: bool

    def of_domain(self, domain: str, services: Sequence[str], grades: Sequence[str]) -> Tables:
        """One domain's part, its services in the order of *services*, then those that are no more."""
        import numpy as np

        here = self.counts.index.get_level_values("domain") == domain
        counts = self.counts[here].droplevel("domain").reindex(columns=list(grades))
        teams = self.teams[here].droplevel("domain")
        gone = [name for name in counts.index if name not in services]
        shown = counts.reindex([*services, *gone]).to_numpy(dtype=float, na_value=np.nan)
        sizes = teams.reindex([*services, *gone]).fillna(0).to_numpy(dtype=int)
        shown[sizes == 0] = 0
        held = self.totals.reindex(index=[domain], columns=list(grades))
        totals = held.to_numpy(dtype=float, na_value=np.nan)[0]
        return Tables(shown, sizes, totals, self.same_round)


@dataclass(frozen=True, eq=False)
class Tables:
    """One domain of an earlier publication as arrays; services that are no more come last."""

    shown: np.ndarray
    teams: np.ndarray
    totals: np.ndarray
    same_round: bool

    def linked(self, table: np.ndarray) -> np.ndarray:
        """Services of which who reads both will suppose that nothing has changed.

        They have as many teams as before, and what was shown of them is what they have now.
        """
        import numpy as np

        shown, teams = self.shown[: len(table)], self.teams[: len(table)]
        same = (np.isnan(shown) | (shown == table)).all(axis=1)
        linked: np.ndarray = (teams == table.sum(axis=1)) & same
        return linked


def must_hide(table: np.ndarray, earlier: Sequence[Tables], min_teams: int) -> np.ndarray:
    """The services of a table that an earlier publication makes it necessary to withhold.

    One that was withheld and has as many teams as then; and, within one round, one in which fewer than
    *min_teams* teams were corrected: the difference would be theirs.
    """
    import numpy as np

    hide = np.zeros(len(table), dtype=bool)
    for each in earlier:
        shown = each.shown[: len(table)]
        withheld = np.isnan(shown).any(axis=1)
        hide |= withheld & each.linked(table)
        if each.same_round:
            change = table - np.where(np.isnan(shown), table, shown)
            moved = np.maximum(change.clip(0).sum(axis=1), (-change).clip(0).sum(axis=1))
            hide |= (moved > 0) & (moved < min_teams)
    return hide


def is_safe_beside(
    table: np.ndarray, hidden: np.ndarray, totals: bool, protect: np.ndarray, earlier: Sequence[Tables]
) -> bool:
    """Whether no withheld number can be worked out of a publication and the earlier ones together.

    Parameters
    ----------
    table : array of int, services x grades
    hidden, protect : array of bool
        The services to be withheld; those whose numbers are not to be known, as far as no earlier publication
        has told them.
    totals
        Whether totals over all services are to be published.

    Notes
    -----
    Who has both supposes that a service with as many teams as before has kept its grades. An integer
    programme looks for other counts that agree with all that was published, cell by cell.
    """
    import numpy as np

    system = _System(table, hidden, totals, earlier)
    used = table.sum(axis=0) > 0
    known = np.zeros(len(table), dtype=bool)
    for each in earlier:
        known |= each.linked(table) & ~np.isnan(each.shown[: len(table)]).any(axis=1)
    cells = [(row, grade) for row in np.flatnonzero(protect & ~known) for grade in np.flatnonzero(used)]
    return all(system.can_differ(system.now[row, grade]) for row, grade in cells) and all(
        system.can_differ(cell) for cell in system.before()
    )


class _System:
    """All that was published of one domain, as equations of what was withheld."""

    def __init__(
        self, table: np.ndarray, hidden: np.ndarray, totals: bool, earlier: Sequence[Tables]
    ) -> None:
        import numpy as np

        self.rows: list[tuple[list[int], float]] = []
        self.start: list[float] = []
        self.now = self._cells(np.where(hidden[:, None], np.nan, table), table)
        self._sum_up(self.now, table, table.sum(axis=1), table.sum(axis=0) if totals else None)
        self.then: list[np.ndarray] = []
        for each in earlier:
            self._add(each, table)

    def _cells(self, shown: np.ndarray, guess: np.ndarray) -> np.ndarray:
        """The numbers of the unknowns; -1 where a cell is shown."""
        import numpy as np

        cells = np.full(shown.shape, -1)
        for place in np.argwhere(np.isnan(shown)):
            cells[tuple(place)] = len(self.start)
            self.start.append(float(guess[tuple(place)]))
        return cells

    def _sum_up(
        self, cells: np.ndarray, known: np.ndarray, teams: np.ndarray, totals: np.ndarray | None
    ) -> None:
        """Every service adds up to its teams, and every grade to its total."""
        import numpy as np

        shown = np.where(cells < 0, np.nan_to_num(known), 0)
        for row, left in zip(cells, teams - shown.sum(axis=1), strict=True):
            self.rows += [(row[row >= 0].tolist(), float(left))] if (row >= 0).any() else []
        if totals is not None:
            for column, left in zip(cells.T, totals - shown.sum(axis=0), strict=True):
                if not np.isnan(left) and (column >= 0).any():
                    self.rows.append((column[column >= 0].tolist(), float(left)))

    def _add(self, each: Tables, table: np.ndarray) -> None:
        """An earlier publication: a linked service has the same unknowns, or gives them away."""
        import numpy as np

        linked = np.append(each.linked(table), np.zeros(len(each.shown) - len(table), dtype=bool))
        shown = each.shown.copy()
        for row in np.flatnonzero(linked):
            for grade in np.flatnonzero(~np.isnan(shown[row]) & (self.now[row] >= 0)):
                self.rows.append(([int(self.now[row, grade])], float(shown[row, grade])))
            shown[row] = np.where(np.isnan(shown[row]) & (self.now[row] < 0), table[row], shown[row])
        cells = self._cells(np.where(linked[:, None], 0, shown), np.zeros(shown.shape))
        for row in np.flatnonzero(linked):
            cells[row] = np.where(np.isnan(shown[row]), self.now[row], -1)
        self._sum_up(cells, shown, each.teams, each.totals)
        self.then.append(cells)

    def before(self) -> Iterator[int]:
        """The unknowns of the earlier publications alone."""
        first = int(self.now.max()) + 1
        for cells in self.then:
            yield from sorted({int(cell) for cell in cells.ravel() if cell >= first})

    def can_differ(self, cell: int) -> bool:
        """Whether an unknown has two values that agree with everything published."""
        import numpy as np
        from scipy import optimize

        if cell < 0:
            return False
        matrix, right = np.zeros((len(self.rows), len(self.start))), np.zeros(len(self.rows))
        for at, (unknowns, left) in enumerate(self.rows):
            matrix[at, unknowns] = 1
            right[at] = left
        ends = []
        for sign in (1, -1):
            cost = np.zeros(len(self.start))
            cost[cell] = sign
            solved = optimize.milp(
                cost,
                constraints=optimize.LinearConstraint(matrix, right, right),
                integrality=1,
                bounds=optimize.Bounds(0, np.inf),
            )
            if not solved.success:
                return True  # what both suppose cannot be: nothing follows from it
            ends.append(round(float(sign * solved.fun)))
        return ends[0] < ends[1]
