"""The table of findings: what a report says in words, coded so that a page can show what is its own.

A finding names the services and areas it is about. One that names neither crosses them all. The coding is a
judgement of those who read the report; the data dictionary says how it was made.
"""

from __future__ import annotations

import pandas as pd

__all__ = [
    "KINDS",
    "KIND_TITLES",
    "MEETINGS",
    "MEETING_ITEMS",
    "QUESTIONS",
    "SEPARATOR",
    "select_findings",
]

#: What a finding can be.
KINDS = ("strength", "vulnerability", "recommendation")

#: The title over several findings of a kind.
KIND_TITLES = {
    "strength": "Strengths",
    "vulnerability": "Vulnerabilities",
    "recommendation": "Recommendations",
}

#: What a learning workshop asks of the findings of each kind, on its page and on its slides.
QUESTIONS = {
    "strength": "What makes this work here, and what would put it at risk?",
    "vulnerability": "Where do we see this in our own work, and what would we change first?",
    "recommendation": "What would this take, who would do it, and by when?",
}

#: The meetings that hear the findings, and what a row of their sheets can be.
MEETINGS = ("workshop", "review")
MEETING_ITEMS = ("decision", "action", "note")

#: Between several names in one cell.
SEPARATOR = "; "


def select_findings(
    findings: pd.DataFrame,
    *,
    service: str | None = None,
    area: str | None = None,
    crossing: bool = False,
    round: str | None = None,  # noqa: A002 (the field's word)
) -> pd.DataFrame:
    """The findings about one service or area, or those that cross them.

    Parameters
    ----------
    findings : DataFrame, one row per finding
        As a dataset holds them, with ``services`` and ``areas``.
    service, area
        Keep the findings that name it.
    crossing
        Keep the findings that name no service and no area instead.
    round
        Keep the findings of this round. Findings that carry no round are of every one.

    Returns
    -------
    DataFrame
        The matching rows in their order; empty where a report says nothing of it.

    Examples
    --------
    >>> table = pd.DataFrame({"services": ["A; B", None], "areas": [None, None], "text": ["one", "two"]})
    >>> select_findings(table, service="B")["text"].tolist()
    ['one']
    >>> select_findings(table, crossing=True)["text"].tolist()
    ['two']
    """
    kept = findings
    if crossing:
        kept = kept[kept["services"].isna() & kept["areas"].isna()]
    if round is not None and "round" in kept:
        kept = kept[kept["round"].isna() | (kept["round"] == round)]
    for column, name in (("services", service), ("areas", area)):
        if name is not None:
            naming = [name in _names(cell) for cell in kept[column]]
            kept = kept[pd.Series(naming, index=kept.index, dtype=bool)]
    return kept.reset_index(drop=True)


def _names(cell: object) -> list[str]:
    return cell.split(SEPARATOR) if isinstance(cell, str) else []
