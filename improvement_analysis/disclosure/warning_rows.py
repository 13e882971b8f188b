"""What counts tell about single teams even though they name none."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.sentences import check_counts, grade_words, plural

__all__ = ["WARNINGS", "check_level", "find_disclosures"]

#: What is looked for: the name in the column ``warning`` and what it asks.
WARNINGS = {
    "few teams": "Has a service fewer teams than the least that may be published?",
    "unanimous": "Have all judged teams one grade, so that the count tells the grade of each?",
    "two teams": "Are there two teams, so that each finds the other's grade by leaving out its own?",
    "others are one team": "Have all other services together one team, whose grade is the totals less this?",
    "one service left out": "Is one service alone withheld, so that it is the totals less the others?",
}


def check_level(counts: pd.DataFrame, scale: Scale = OFSTED) -> pd.DataFrame:
    """*counts* as they are, if they are counts of *scale* by service and domain and nothing else.

    Raises
    ------
    GradingsError
        If they are by team, area, grader, date or anything else: such counts are not for publication.
    """
    by = [str(name) for name in counts.index.names]
    if sorted(by) != ["domain", "service"]:
        raise GradingsError(
            f"only counts by service and domain can be published; these are by {', '.join(by)}"
        )
    return check_counts(counts, scale)


def find_disclosures(
    counts: pd.DataFrame,
    *,
    min_teams: int = 3,
    shown: pd.Series | None = None,
    totals: bool | pd.Series = True,
    scale: Scale = OFSTED,
) -> pd.DataFrame:
    """What publishing counts would tell about single teams: rows to weigh, not exceptions.

    Parameters
    ----------
    counts : DataFrame of int, services and domains x grades
    min_teams
        Fewer teams are few.
    shown : Series of bool, optional
        Which rows of *counts* are published whole; by default all. Others are not looked into.
    totals
        Whether totals over all services are published; a Series says so domain by domain.

    Returns
    -------
    DataFrame, one row per warning
        ``warning`` (a key of :data:`WARNINGS`), ``service`` (missing where it is about totals), ``domain``,
        ``teams``, ``sentence``.

    Examples
    --------
    >>> index = pd.MultiIndex.from_product([["A", "B"], ["practice"]], names=["service", "domain"])
    >>> counts = pd.DataFrame([[0, 0, 3, 0, 0, 0, 0, 0], [1, 0, 1, 0, 1, 0, 0, 0]], index, OFSTED.columns)
    >>> find_disclosures(counts)["sentence"].tolist()
    ['All 3 teams were graded requires improvement: the count tells the grade of each.']
    """
    counts = check_level(counts, scale)
    open_ = pd.Series(True, counts.index) if shown is None else shown.reindex(counts.index)
    rows = []
    for domain, table in counts.groupby("domain", sort=False):
        table = table.droplevel("domain")
        told = totals if isinstance(totals, bool) else bool(totals[domain])
        whole = table.index[open_.xs(domain, level="domain").to_numpy()]
        rows += [
            (warning, service, domain, n, sentence)
            for warning, service, n, sentence in _look(table, whole, told, min_teams, scale)
        ]
    return pd.DataFrame(rows, columns=["warning", "service", "domain", "teams", "sentence"])


def _look(
    table: pd.DataFrame, shown: pd.Index, totals: bool, min_teams: int, scale: Scale
) -> Iterator[tuple[str, str | None, int, str]]:
    teams = table.sum(axis=1)
    every = int(teams.sum())
    for service in shown:
        n = int(teams[service])
        if 0 < n < min_teams:
            yield "few teams", service, n, f"There {_are(n)}, fewer than {min_teams}."
        if sentence := _unanimous(table.loc[service], scale):
            yield "unanimous", service, n, sentence
        if n == 2:
            yield (
                "two teams",
                service,
                n,
                "Each of the 2 teams finds the other's grade by leaving out its own.",
            )
        if totals and every - n == 1:
            sentence = "All other services together have 1 team: its grade is the totals less this service."
            yield "others are one team", service, n, sentence
    left_out = table.index.difference(shown, sort=False)
    if totals and (sentence := _unanimous(table.sum(), scale)):
        yield "unanimous", None, every, sentence
    if totals and len(left_out) == 1:
        sentence = "No other service is withheld: its counts are the totals less the others."
        yield "one service left out", left_out[0], int(teams[left_out[0]]), sentence


def _are(n: int) -> str:
    return f"{'is' if n == 1 else 'are'} {plural(n, 'team')}"


def _unanimous(row: pd.Series, scale: Scale) -> str | None:
    judged = row.drop(NO_JUDGEMENT)
    n = int(judged.sum())
    if n == 0 or judged.max() < n:
        return None
    who = {1: "The one team", 2: "Both teams"}.get(n, f"All {n} teams")
    were = "was" if n == 1 else "were"
    that = f" that {were} judged" if n < row.sum() else ""
    grade = grade_words(str(judged.idxmax()), scale)
    whose = "its grade" if n == 1 else "the grade of each"
    return f"{who}{that} {were} graded {grade}: the count tells {whose}."
