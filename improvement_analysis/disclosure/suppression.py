"""Withholding: the counts of small services, and what would give them away."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from improvement_analysis.counts import count_grades
from improvement_analysis.disclosure.programmes import bound_sum, choose_services
from improvement_analysis.disclosure.successive import Earlier, Tables, is_safe_beside, must_hide
from improvement_analysis.disclosure.warning_rows import check_level, find_disclosures
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import select_standing
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.sentences import plural

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "BEFORE",
    "INTERNAL",
    "WITHHELD",
    "Suppressed",
    "count_for_publication",
    "recover_cells",
    "suppress_counts",
]

#: What stands on every page that was not made for publication.
INTERNAL = "Internal: not for publication."
#: What stands in place of a count that is withheld.
WITHHELD = "c"
#: Why totals are missing that nobody asked for.
NOT_ASKED = "not asked for"
#: Why a service is withheld that an earlier publication withheld, or that was corrected since.
BEFORE = "an earlier publication"


@dataclass(frozen=True, eq=False)
class Suppressed:
    """Counts as they may be published; nothing of what is withheld is kept here.

    Attributes
    ----------
    counts : DataFrame of Int64, services and domains x grades
        Missing where withheld.
    teams : Series of int
        Teams of each service in each domain: always published.
    totals : DataFrame of Int64, domains x grades
        Over all services. Those of a domain are published together or missing together.
    withheld : DataFrame, one row per service and domain, or per domain for totals
        ``service`` (missing for totals), ``domain``, ``teams``, ``reason``: ``"few teams"``,
        ``"subtraction"`` (it would give away a service with few teams), ``"an earlier publication"`` (the
        difference would tell what was withheld or corrected) or ``"not asked for"`` (totals).
    warnings : DataFrame
        What the published counts still tell: see :func:`find_disclosures`.
    min_teams : int
    scale : Scale
    """

    counts: pd.DataFrame
    teams: pd.Series
    totals: pd.DataFrame
    withheld: pd.DataFrame
    warnings: pd.DataFrame
    min_teams: int
    scale: Scale

    @property
    def totals_asked(self) -> bool:
        """Whether totals over all services were to be published, so far as they can be."""
        return not (self.withheld["reason"] == NOT_ASKED).any()

    @property
    def note(self) -> str:
        """What ``c`` means, for the foot of a table."""
        least = plural(self.min_teams, "team")
        return (
            f"{WITHHELD}: withheld, because a service has fewer than {least} or because the number would "
            "give one away. It may be 0."
        )


def count_for_publication(gradings: pd.DataFrame, *, round: str | None = None) -> pd.DataFrame:  # noqa: A002
    """Count teams by service and domain: no team, area, grader or date is in the result.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
    round
        By default the latest. A team that two graders graded is counted once.

    Returns
    -------
    counts : DataFrame of int, services and domains x grades
        Not yet fit for publication: :func:`suppress_counts` makes it so.

    Raises
    ------
    GradingsError
        If several graders graded teams that are not named, so that teams cannot be counted.

    Examples
    --------
    >>> from improvement_analysis.gradings import as_gradings
    >>> cell = {"service": "Care Leaving", "domain": "practice", "tally": "2 x RI", "source": "p. 7"}
    >>> count_for_publication(as_gradings(pd.DataFrame([cell])))["RI"].to_dict()
    {('Care Leaving', 'practice'): 2}
    """
    standing = select_standing(gradings, round)
    if standing.loc[standing["team"].isna(), "grader"].nunique(dropna=False) > 1:
        raise GradingsError("several graders graded teams that are not named: teams cannot be counted")
    return count_grades(standing, ["service", "domain"])


def suppress_counts(
    counts: pd.DataFrame,
    *,
    min_teams: int = 3,
    totals: bool = True,
    width: int = 2,
    earlier: Sequence[Earlier] = (),
    scale: Scale = OFSTED,
) -> Suppressed:
    """Withhold small services, and as few others as keep them from being worked out.

    Parameters
    ----------
    counts : DataFrame of int, services and domains x grades
        Every service among them: see :func:`count_for_publication`.
    min_teams
        A service with fewer teams in a domain is withheld there.
    totals
        Whether totals over all services are published. It is they that make more withholding necessary:
        without them the small services alone are withheld.
    width
        By how many teams the count of a small service must stay uncertain: its greatest possible value less
        its least, so far as the numbers of teams allow. Who knows this programme is left with two values at
        the least.
    earlier
        What was published before: what that and this tell together is withheld, too. See
        :func:`is_safe_beside`.

    Raises
    ------
    GradingsError
        If the counts are by anything but service and domain, or a parameter is below 1.

    Notes
    -----
    Domain by domain the services to withhold are chosen by :func:`choose_services`, fewest teams first. Where
    totals alone would give a small service away, nothing of the domain is published. Small services are
    protected one by one and, where they are too few together, as one group. A grade that nobody has is
    printed as 0 for all services, since its total says so.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["A", "B", "C"], ["practice"]], names=["service", "domain"])
    >>> rows = [[4, 0, 5, 0, 0, 0, 0, 0], [2, 0, 2, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0]]
    >>> done = suppress_counts(pd.DataFrame(rows, index, OFSTED.columns))
    >>> done.counts[["I", "RI", "G"]].to_numpy(dtype=object, na_value="c").tolist()
    [[4, 5, 0], ['c', 'c', 0], ['c', 'c', 0]]
    """
    if min_teams < 1 or width < 1:
        raise GradingsError("min_teams and width are at least 1")
    counts = check_level(counts, scale)
    teams = counts.sum(axis=1).rename("teams")
    small = (teams > 0) & (teams < min_teams)
    hidden = counts.astype(bool) & False
    summed = counts.groupby("domain", sort=False).sum()
    told = pd.Series(True, summed.index)
    linked = small & False
    for domain, places in _by_domain(counts.index):
        table, few = counts.iloc[places].to_numpy(), small.iloc[places].to_numpy()
        services = [str(name) for name in counts.index.get_level_values("service")[places]]
        before = [each.of_domain(domain, services, list(counts.columns)) for each in earlier]
        protect = must_hide(table, before, min_teams)
        linked.iloc[places] = pd.Series(protect)
        protect = few | protect
        rows, told[domain] = _choose(table, protect, min_teams, width, totals, before)
        hidden.iloc[places] = rows[:, None] & ((table.sum(axis=0) > 0) | ~told[domain])
    return Suppressed(
        _emptied(counts, hidden),
        teams,
        _emptied(summed, summed.ge(0).mul(~told, axis=0)),
        _list_withheld(
            hidden.any(axis=1), teams, (small, linked), told, "subtraction" if totals else NOT_ASKED
        ),
        find_disclosures(counts, min_teams=min_teams, shown=~hidden.any(axis=1), totals=told, scale=scale),
        min_teams,
        scale,
    )


def _choose(
    table: np.ndarray, protect: np.ndarray, min_teams: int, width: int, totals: bool, before: Sequence[Tables]
) -> tuple[np.ndarray, bool]:
    """Which services of a domain to withhold, and whether its totals are published."""
    every = table.sum(axis=1) > 0
    if totals:
        chosen = choose_services(table, protect, min_teams, width)
        if chosen is not None and (not before or is_safe_beside(table, chosen, True, protect, before)):
            return chosen, True
        if not before:
            return every, False
    if not before or is_safe_beside(table, protect, False, protect, before):
        return protect, False
    return every, False


def _emptied(numbers: pd.DataFrame, hidden: pd.DataFrame) -> pd.DataFrame:
    """*numbers* as Int64 without the hidden ones; by way of objects, as a mask on Int64 keeps them below."""
    return numbers.astype(object).mask(hidden, pd.NA).astype("Int64")


def _by_domain(index: pd.Index) -> Iterator[tuple[str, list[int]]]:
    """Each domain with the places of its services, by name: the order of rows is to decide nothing."""
    domains, services = index.get_level_values("domain"), index.get_level_values("service")
    for domain in domains.unique():
        places = [place for place, here in enumerate(domains) if here == domain]
        yield domain, sorted(places, key=lambda place: str(services[place]))


def _list_withheld(
    hidden: pd.Series,
    teams: pd.Series,
    few_and_linked: tuple[pd.Series, pd.Series],
    told: pd.Series,
    why_no_totals: str,
) -> pd.DataFrame:
    rows = hidden.index.to_frame(index=False)[["service", "domain"]].assign(teams=teams.to_numpy())
    rows["reason"] = [
        "few teams" if few else BEFORE if linked else "subtraction"
        for few, linked in zip(*few_and_linked, strict=True)
    ]
    every = teams.groupby("domain", sort=False).sum()[~told].reset_index()
    totals = every.assign(service=None, reason=why_no_totals)[rows.columns]
    return pd.concat([rows[hidden.to_numpy()], totals.astype(rows.dtypes)], ignore_index=True)


def recover_cells(counts: pd.DataFrame, teams: pd.Series, totals: pd.DataFrame | None = None) -> pd.DataFrame:
    """Try to work out every withheld count from what is published beside it.

    Parameters
    ----------
    counts : DataFrame of Int64, services and domains x grades
        Missing where withheld, by whatever means.
    teams : Series of int
        Teams of each group, under the same index.
    totals : DataFrame of Int64, domains x grades
        Over all services; missing where withheld. None where no total is published.

    Returns
    -------
    DataFrame, one row per withheld count
        ``service``, ``domain``, ``grade``, ``low``, ``high`` (the least and the greatest number of teams it
        can be), ``recovered`` (whether they are one number).

    Raises
    ------
    GradingsError
        If no counts from 0 upwards agree with what is published.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["A", "B", "C"], ["practice"]], names=["service", "domain"])
    >>> counts = pd.DataFrame({"RI": [3, None, None], "G": [0, None, None]}, index, dtype="Int64")
    >>> totals = pd.DataFrame({"RI": [6], "G": [1]}, ["practice"])
    >>> found = recover_cells(counts, pd.Series([3, 2, 2], index), totals)
    >>> found[["service", "grade", "low", "high"]].to_numpy().tolist()
    [['B', 'RI', 1, 2], ['B', 'G', 0, 1], ['C', 'RI', 1, 2], ['C', 'G', 0, 1]]
    """
    import numpy as np

    rows = []
    services = counts.index.get_level_values("service")
    for domain, places in _by_domain(counts.index):
        shown = counts.iloc[places].to_numpy(dtype=float, na_value=np.nan)
        summed = np.full(len(counts.columns), np.nan)
        if totals is not None:
            here = totals.loc[[domain]].reindex(columns=counts.columns)
            summed = here.to_numpy(dtype=float, na_value=np.nan)[0]
        for row, column in np.argwhere(np.isnan(shown)):
            cell = np.zeros(shown.shape, dtype=bool)
            cell[row, column] = True
            found = bound_sum(shown, teams.iloc[places].to_numpy(), summed, cell)
            if found is None:
                raise GradingsError(f"no counts agree with what is published of {domain}")
            rows.append((services[places[row]], domain, counts.columns[column], *found, found[0] == found[1]))
    return pd.DataFrame(rows, columns=["service", "domain", "grade", "low", "high", "recovered"])
