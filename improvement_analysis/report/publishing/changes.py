"""What changed since the last run, in team counts and plain sentences; and the summary for a scheduler."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.report.page import Page
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import grade_words, join_words, plural

__all__ = ["count_for_manifest", "describe_changes", "summarise_run"]

Counts = Mapping[str, Mapping[str, Mapping[str, int]]]


def count_for_manifest(dataset: Dataset) -> dict[str, dict[str, dict[str, int]]]:
    """Teams by service, domain and grade, zeros left out: what the next run compares itself with."""
    counts = count_grades(dataset.standing(), ["service", "domain"], scale=dataset.about.scale)
    found: dict[str, dict[str, dict[str, int]]] = {}
    for (service, domain), row in zip(counts.index, counts.to_dict("records"), strict=True):
        tally = {str(grade): int(n) for grade, n in row.items() if n}
        found.setdefault(str(service), {})[str(domain)] = tally
    return found


def describe_changes(
    before: Counts | None, after: Counts, labels: Mapping[str, str], scale: Scale
) -> list[str]:
    """A sentence for each service whose counts changed; none where there was no earlier run.

    Counts tell that one team fewer is at a grade and one more at another. Where just that happened in a
    domain it is told as a move; anything else is told as counts before and after.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> before = {"Safeguarding": {"practice": {"I": 2, "RI": 7}}}
    >>> after = {"Safeguarding": {"practice": {"I": 1, "RI": 8}}}
    >>> describe_changes(before, after, {"practice": "Practice"}, OFSTED)
    ['Safeguarding, Practice: 1 team fewer at inadequate, 1 more at requires improvement.']
    """
    if before is None:
        return []
    told = [f"{service}: no longer graded." for service in before if service not in after]
    for service, domains in after.items():
        if service not in before:
            told.append(f"{service}: graded for the first time.")
            continue
        for domain in {**before[service], **domains}:
            said = _shift(before[service].get(domain, {}), domains.get(domain, {}), scale)
            if said:
                told.append(f"{service}, {labels.get(domain, domain)}: {said}.")
    return told or ["No count changed since the last run."]


def _shift(before: Mapping[str, int], after: Mapping[str, int], scale: Scale) -> str:
    fewer, more = [], []
    for grade in scale.columns:
        difference = after.get(grade, 0) - before.get(grade, 0)
        words = grade if grade == NO_JUDGEMENT else grade_words(grade, scale)
        if difference < 0:
            fewer.append(f"{plural(-difference, 'team')} fewer at {words}")
        elif difference > 0:
            more.append(f"{difference} more at {words}")
    return ", ".join([*fewer, *more])


def summarise_run(
    dataset: Dataset, pages: Sequence[Page], changes: Sequence[str], findings: Sequence[str] = ()
) -> tuple[str, str]:
    """A run in a few plain lines, and the same for a machine: ``summary.txt`` and ``summary.json``.

    What is new since the run before comes first, then the findings, then what was made: it can be mailed.
    """
    by_status: dict[str, list[str]] = {}
    for page in pages:
        by_status.setdefault(page.status, []).append(page.path)
    failed = [page for page in pages if page.status == "failed"]
    counted = join_words([f"{len(names)} {status}" for status, names in by_status.items()])
    over = ", ".join([dataset.about.authority or dataset.about.title, *dataset.rounds])
    lines = [f"{over} ({dataset.about.name})"]
    if dataset.about.illustrative:
        lines.append("Illustrative data, made up to show the method: not findings.")
    for heading, sentences in (("New since the last run", changes), ("Main findings", findings)):
        lines += ["", f"{heading}:", *(f"- {each}" for each in sentences)] if sentences else []
    lines += ["", f"Pages: {counted}.", *(f"{page.path} failed: {page.error}." for page in failed)]
    told: dict[str, Any] = {
        "dataset": dataset.about.name,
        "illustrative": dataset.about.illustrative,
        "pages": by_status,
        "errors": {page.path: page.error for page in failed},
        "changes": list(changes),
        "findings": list(findings),
    }
    return "\n".join(lines) + "\n", json.dumps(told, indent=2, ensure_ascii=False) + "\n"
