"""What a grading rests on: the evidence that was looked at, and who visited, stage by stage.

None of it is ever in anything for publication.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import pandas as pd

from improvement_analysis.days import as_days
from improvement_analysis.vocabulary import Term, Vocabulary

__all__ = ["EVIDENCE_COLUMNS", "EVIDENCE_KINDS", "VISIT_COLUMNS", "as_evidence", "as_visits"]

#: Kinds of evidence, with the spellings that mean them.
EVIDENCE_KINDS = Vocabulary(
    "kind",
    [
        Term("records read", ("records", "case records", "case files", "files read")),
        Term("practice observed", ("observation", "observations", "observed practice")),
        Term("families heard", ("families", "children and families", "family feedback")),
        Term("staff heard", ("staff", "staff interviews")),
        Term("data", ("performance data", "figures")),
    ],
)

_VISIT = ("authority", "round", "area", "service", "team", "visit_date", "stage")

#: The columns of evidence, in order. The data dictionary says what each means.
EVIDENCE_COLUMNS = (*_VISIT, "kind", "domain", "number", "text", "source")

#: The columns of visits, in order.
VISIT_COLUMNS = (*_VISIT, "graders", "partner_graders", "source")


def as_evidence(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Turn loose rows into evidence: one row per kind of evidence that was looked at.

    Examples
    --------
    >>> row = {"service": "Safeguarding", "team": "Team A", "kind": "records read", "number": 6}
    >>> as_evidence([row])[["team", "kind", "number"]]
         team          kind  number
    0  Team A  records read       6
    """
    return _typed(rows, EVIDENCE_COLUMNS)


def as_visits(rows: Iterable[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Turn loose rows into visits: one row per visit and stage, with who graded, by role.

    Examples
    --------
    >>> row = {"service": "Safeguarding", "team": "Team A", "graders": "two team managers"}
    >>> as_visits([row])[["team", "graders"]]
         team            graders
    0  Team A  two team managers
    """
    return _typed(rows, VISIT_COLUMNS)


def _typed(rows: Iterable[Mapping[str, object]], columns: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(list(rows), columns=list(columns), dtype=object)
    frame["visit_date"] = as_days(frame["visit_date"])
    types = {column: "Int64" if column == "number" else "str" for column in columns}
    return frame.astype({**types, "visit_date": "datetime64[us]"})
