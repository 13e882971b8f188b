"""Published counts as a table of text, and in sentences what was withheld."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from improvement_analysis.disclosure.suppression import BEFORE, NOT_ASKED, WITHHELD, Suppressed
from improvement_analysis.sentences import describe_range, join_words, plural

__all__ = ["ALL_SERVICES", "describe_withheld", "mark_withheld"]

ALL_SERVICES = "All services"


def mark_withheld(suppressed: Suppressed) -> pd.DataFrame:
    """Published counts as text, ``c`` where one is withheld: for :func:`frame_table` and for CSV.

    Returns
    -------
    DataFrame of str, a row per service and domain, then one per domain for the totals
        ``service`` ("All services" for totals, which are left out where none were asked for), ``domain``,
        every grade of the scale, *no judgement*, ``teams``.

    Examples
    --------
    >>> from improvement_analysis.disclosure import suppress_counts
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.MultiIndex.from_product([["A", "B"], ["practice"]], names=["service", "domain"])
    >>> counts = pd.DataFrame([[2, 0, 3, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> mark_withheld(suppress_counts(counts, totals=False))[["service", "I", "RI", "teams"]]
      service  I RI teams
    0       A  2  3     5
    1       B  c  c     2
    """
    groups = suppressed.counts.assign(teams=suppressed.teams).reset_index()
    every = suppressed.teams.groupby("domain", sort=False).sum()
    totals = suppressed.totals.assign(teams=every, service=ALL_SERVICES).reset_index()
    parts = [groups, totals] if suppressed.totals_asked else [groups]
    table = pd.concat(parts, ignore_index=True).rename_axis(columns=None)
    columns = ["service", "domain", *suppressed.counts.columns, "teams"]
    return table.astype(object).where(table.notna(), WITHHELD).astype("str")[columns]


def describe_withheld(suppressed: Suppressed, *, labels: Mapping[Any, str] | None = None) -> list[str]:
    """What was withheld and why: small services, others, then totals, a sentence for each.

    Parameters
    ----------
    suppressed
        As :func:`suppress_counts` gives it.
    labels
        Words for the domains; a domain without words is named by its key.

    Examples
    --------
    >>> from improvement_analysis.disclosure import suppress_counts
    >>> from improvement_analysis.scale import OFSTED
    >>> index = pd.MultiIndex.from_product([["A", "B", "C"], ["practice"]], names=["service", "domain"])
    >>> rows = [[4, 0, 5, 0, 0, 0, 0, 0], [2, 0, 2, 0, 0, 0, 0, 0], [0, 0, 2, 0, 0, 0, 0, 0]]
    >>> for sentence in describe_withheld(suppress_counts(pd.DataFrame(rows, index, OFSTED.columns))):
    ...     print(sentence)
    C has 2 teams, fewer than 3: withheld in practice.
    B is withheld in practice: beside the totals it would give away a service with fewer than 3 teams.
    """
    rows = suppressed.withheld.assign(
        totals=suppressed.withheld["service"].isna(), few=suppressed.withheld["reason"] == "few teams"
    )
    rows = rows.sort_values(["totals", "few"], ascending=[True, False], kind="stable")
    found = [
        _sentence(here, suppressed, labels or {})
        for _, here in rows.groupby(["service", "reason"], sort=False, dropna=False)
    ]
    least = plural(suppressed.min_teams, "team")
    return found or [f"Nothing is withheld: no service has fewer than {least}."]


def _sentence(rows: pd.DataFrame, suppressed: Suppressed, labels: Mapping[Any, str]) -> str:
    reason, totals, service = rows[["reason", "totals", "service"]].iloc[0]
    domains, every = [str(labels.get(domain, domain)) for domain in rows["domain"]], len(suppressed.totals)
    where = f"all {every} domains" if len(domains) == every > 2 else join_words(domains)
    give_away = f"would give away a service with fewer than {plural(suppressed.min_teams, 'team')}"
    if reason == NOT_ASKED:
        return f"The totals over all services are left out in {where}, as asked."
    if totals:
        return f"The totals over all services are withheld in {where}: they {give_away}."
    if reason == "few teams":
        few = describe_range(rows["teams"], "team")
        return f"{service} has {few}, fewer than {suppressed.min_teams}: withheld in {where}."
    if reason == BEFORE:
        return f"{service} is withheld in {where}: an earlier publication withheld it, or it was corrected."
    return f"{service} is withheld in {where}: beside the totals it {give_away}."
