"""The tables of a page that list rather than count: findings, checks, problems, dates, deep dives.

Each is a table or a list, or a sentence where there is nothing to list. All leave their cells as CSV too.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from improvement_analysis.briefing import Prose, reconcile_dataset
from improvement_analysis.findings import KINDS, select_findings
from improvement_analysis.reconciliation import CHECKS
from improvement_analysis.sources import Dataset
from improvement_analysis.tables import Table, frame_table

__all__ = [
    "FindingsList",
    "list_area_findings",
    "list_checks",
    "list_deep_dives",
    "list_disagreements",
    "list_findings",
    "list_problems",
    "list_programme",
    "list_reconciliation",
]

_FINDING = {
    "kind": "Kind",
    "text": "Finding",
    "theme": "Theme",
    "areas": "Areas",
    "source": "Where it stands",
}
_HEADINGS = ("Strengths", "Vulnerabilities", "Recommendations")
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


@dataclass(frozen=True)
class FindingsList:
    """Findings as lists: strengths, vulnerabilities and, where there are any, recommendations.

    Attributes
    ----------
    caption
        What they are about.
    frame : DataFrame, one row per finding
    illustrative
        Whether they are made up; the list then says so.
    """

    caption: str
    frame: pd.DataFrame
    illustrative: bool = False

    @property
    def table(self) -> Table:
        """The same findings as a table."""
        return frame_table(
            self.frame, caption=self.caption, headings=_FINDING, illustrative=self.illustrative
        )

    @property
    def html(self) -> str:
        """The lists as HTML, everything escaped."""
        parts = ["<p><strong>Illustrative findings, made up.</strong></p>"] if self.illustrative else []
        for kind, plural_ in zip(KINDS, _HEADINGS, strict=True):
            rows = self.frame[self.frame["kind"] == kind].to_dict("records")
            if kind == "recommendation" and not rows:
                continue
            items = "".join(f"<li>{_finding(row)}</li>" for row in rows)
            said = f'<ul class="findings">{items}</ul>' if rows else "<p>None is named.</p>"
            parts.append(f"<h4>{plural_}</h4>{said}")
        return f'<section class="findings"><h3>{escape(self.caption)}</h3>{"".join(parts)}</section>'

    def __str__(self) -> str:
        lines = [f"{row['kind']}: {row['text']}" for row in self.frame.to_dict("records")]
        return "\n".join([self.caption, *lines])

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, object]:
        shown = {"text/html": self.html, "text/plain": str(self)}
        made = {**self.table._repr_mimebundle_(), **shown}
        return {
            kind: value
            for kind, value in made.items()
            if (include is None or kind in include) and kind not in (exclude or ())
        }


def list_findings(
    dataset: Dataset,
    service: str | None = None,
    round: str | None = None,  # noqa: A002
) -> FindingsList | Prose:
    """The findings about one service; without one, those that name no service and no area.

    Of one round, the latest by default; findings that carry no round are of every one.
    """
    latest = max(dataset.rounds, default=None)
    found = select_findings(
        dataset.findings, service=service, crossing=service is None, round=round or latest
    )
    if found.empty:
        about = f"{service} by name" if service else "all services together"
        return _nothing(f"The report holds no finding about {about}.")
    caption = f"About {service}" if service else "Across services"
    return FindingsList(caption, found, dataset.about.illustrative)


def list_area_findings(
    dataset: Dataset,
    area: str | None = None,
    round: str | None = None,  # noqa: A002
) -> FindingsList | Prose:
    """The findings that name *area*, or any area: what the report says in words, without grades."""
    named = dataset.findings[dataset.findings["areas"].notna()]
    found = select_findings(named, area=area, round=round or max(dataset.rounds, default=None))
    if found.empty:
        return _nothing(f"The report holds no finding that names {area or 'an area'}.")
    return FindingsList(f"About {area or 'areas, in words only'}", found, dataset.about.illustrative)


def _finding(row: Mapping[Any, Any]) -> str:
    page = "" if pd.isna(row["page"]) else f", page {row['page']}"
    return f"{escape(row['text'])} <small>{escape(row['theme'])}{page}</small>"


def list_deep_dives(dataset: Dataset) -> Table | Prose:
    """The visits that looked at a subject: visited and ungraded, never a missing grade."""
    if dataset.deep_dives.empty:
        return _nothing("No visit to a subject is recorded.")
    headings = {"subject": "Subject", "visited": "Visited", "graded": "Graded", "note": "Note"}
    return frame_table(
        dataset.deep_dives.rename(columns={"source": "place"}),
        caption="Deep dive visits",
        headings={**headings, "place": "Where it stands"},
        illustrative=dataset.about.illustrative,
    )


def list_programme(dataset: Dataset) -> Table | Prose:
    """The dates around the visits, as the source gives them."""
    events = [(event.date, event.event) for event in dataset.about.programme]
    if not events:
        return _nothing("No dates of the programme are recorded.")
    frame = pd.DataFrame(events, columns=["date", "event"])
    return frame_table(frame, caption="Dates of the programme", headings={"date": "Date", "event": "Event"})


def list_checks(dataset: Dataset) -> Table:
    """Each check of the source against itself: how often it was made and how often it held."""
    rows = reconcile_dataset(dataset)
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
    rows = reconcile_dataset(dataset)
    rows = rows[~rows["agrees"]]
    if rows.empty:
        return _nothing("The source agrees with itself in everything that was checked.")
    return _reconciliation(dataset, rows, "Contradictions in the source")


def list_reconciliation(dataset: Dataset) -> Table:
    """Every check at every place, also those that hold."""
    rows = reconcile_dataset(dataset)
    held = rows["agrees"].map({True: "yes", False: "no"})
    return _reconciliation(dataset, rows.assign(held=held), "Every check, place by place", {"held": "Holds"})


def list_problems(dataset: Dataset) -> Table | Prose:
    """The warnings met while reading the files."""
    if not dataset.problems:
        return _nothing("None: every file was read without a warning.")
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
        illustrative=dataset.about.illustrative,
    )


def _nothing(sentence: str) -> Prose:
    return Prose((sentence,), kind="nothing")
