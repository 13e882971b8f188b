"""What answers what: the ids that actions and recommendations name, looked up among the findings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pandas as pd

from improvement_analysis.errors import Problem
from improvement_analysis.findings import SEPARATOR
from improvement_analysis.vocabulary import suggest

__all__ = ["check_answers"]


def check_answers(findings: pd.DataFrame | None, actions: pd.DataFrame | None) -> Iterator[Problem]:
    """Tell every id that is named as answered and is no finding's, or several findings'.

    An unknown id is a warning: the action is kept and answers nothing. An id of several is an error, as
    nothing could say which is meant.
    """
    if findings is None or actions is None:
        return
    times = Counter(findings["id"].dropna())
    for kind, table in (("an action", actions), ("a recommendation", findings)):
        if "answers" not in table:
            continue
        named = table.dropna(subset="answers")[["answers", "source"]].drop_duplicates("answers")
        for answers, source in named.itertuples(index=False, name=None):
            for key in answers.split(SEPARATOR):
                if times[key] == 1:
                    continue
                close = suggest(key, times)
                found = (
                    f"{kind} that answers {key!r}, the id of {'no finding' if not times[key] else 'several'}"
                )
                remedy = f"did you mean {close!r}? " if close and not times[key] else ""
                remedy += (
                    "it answers nothing until then" if not times[key] else "give each finding its own id"
                )
                severity = "error" if times[key] else "warning"
                yield Problem(source, found, "the id of one finding", remedy, severity=severity)  # type: ignore[arg-type]
