"""The page that says whether the source can be relied on."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.reconciliation import CHECKS, explain_difference, reconcile
from improvement_analysis.sentences import plural
from improvement_analysis.tables import Table, frame_table

__all__ = ["brief_quality", "list_checks", "list_disagreements", "list_problems", "list_reconciliation"]


def brief_quality(dataset: Dataset) -> Prose:
    """Whether the source can be relied on, in a few sentences.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_quality(load("worcestershire-2018")).items[1])
    25 of 25 headlines are the most frequent grade of their tally.
    """
    rows = reconcile(dataset)
    modes = rows[rows["check"] == "headline and mode"]
    held, made = int(modes["agrees"].sum()), len(modes)
    difference = explain_difference(rows)
    files, warnings = plural(len(dataset.checksums), "file"), len(dataset.problems)
    reading = (
        f"{plural(warnings, 'warning')} came up in {files}." if warnings else f"No problems found in {files}."
    )
    disagreeing = plural(int((~rows["agrees"]).sum()), "check")
    does = "does" if disagreeing.startswith("1 ") else "do"
    items = [
        f"{int(rows['agrees'].sum())} of {len(rows)} checks of the source against itself hold; "
        f"{disagreeing} {does} not."
        if len(rows)
        else "Nothing is published beside the gradings, so there is nothing to check them against.",
        f"{held} of {made} headlines are the most frequent grade of their tally." if made else "",
        difference,
        *_remarks(rows),
        reading,
    ]
    return Prose(tuple(item for item in items if item))


def _remarks(rows: pd.DataFrame) -> list[str]:
    """What agrees and is still worth a look."""
    low = rows[(rows["check"] == "overall and domains") & (rows["note"] != "")]
    return [
        f"{row['service']} has an overall conclusion of {row['found']}; every domain is {row['expected']}. "
        "An overall conclusion is a judgement of its own, so this is a remark, not an error."
        for row in low.to_dict("records")
    ]


_ROW = {
    "check": "Check",
    "service": "Service",
    "domain": "Domain",
    "expected": "Expected",
    "found": "Found",
    "difference": "Difference in teams",
    "note": "Note",
    "source": "Where it stands",
}


def list_checks(dataset: Dataset) -> Table:
    """Each check of the source against itself: how often it was made and how often it held."""
    rows = reconcile(dataset)
    made = rows.groupby("check")["agrees"].agg(["size", "sum"])
    frame = pd.DataFrame(
        {
            "question": list(CHECKS.values()),
            "made": [int(made["size"].get(check, 0)) for check in CHECKS],
            "held": [int(made["sum"].get(check, 0)) for check in CHECKS],
        }
    )
    headings = {"question": "Question", "made": "Times asked", "held": "Times the answer is yes"}
    return frame_table(frame, caption="What was checked", headings=headings)


def list_disagreements(dataset: Dataset) -> Table | Prose:
    """The checks that do not hold, with what stands where."""
    rows = reconcile(dataset)
    rows = rows[~rows["agrees"]]
    if rows.empty:
        return nothing("The source agrees with itself in everything that was checked.")
    return _reconciliation(dataset, rows, "Contradictions in the source")


def list_reconciliation(dataset: Dataset) -> Table:
    """Every check at every place, also those that hold."""
    rows = reconcile(dataset)
    held = rows["agrees"].map({True: "yes", False: "no"})
    return _reconciliation(dataset, rows.assign(held=held), "Every check, place by place", {"held": "Holds"})


def list_problems(dataset: Dataset) -> Table | Prose:
    """The warnings met while reading the files."""
    if not dataset.problems:
        return nothing("Every file was read without a warning.")
    rows = [(p.file, p.place, p.found, p.expected, p.remedy) for p in dataset.problems]
    frame = pd.DataFrame(rows, columns=["File", "Place", "Found", "Expected", "How to mend it"])
    return frame_table(frame, caption="Warnings")


def _reconciliation(
    dataset: Dataset, rows: pd.DataFrame, caption: str, more: dict[str, str] | None = None
) -> Table:
    words = rows.assign(
        check=rows["check"].str.capitalize(),
        domain=rows["domain"].replace(dataset.about.short_labels),
        difference=rows["difference"].map(lambda n: "" if pd.isna(n) else f"{n:+d}" if n else "0"),
    )
    return frame_table(
        words,
        caption=caption,
        headings={**_ROW, **(more or {})},
        about=dataset.about,
    )
