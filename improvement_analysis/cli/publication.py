"""What whoever publishes is told, and the page is not: what its counts still tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from improvement_analysis.dataset import Dataset
    from improvement_analysis.report.order import Order

__all__ = ["list_warnings", "phrase_warnings"]


def list_warnings(dataset: Dataset, order: Order) -> list[str]:
    """What the counts on a page for publication still tell, for the parameters that the page is made with."""
    from improvement_analysis import pages
    from improvement_analysis.report.order import prepare
    from improvement_analysis.report.planning.plan import plan_publication

    planned = plan_publication(order.min_teams, order.totals, order.previous)
    ((page,), _) = prepare(planned, dataset, order, base="")
    given = page.parameters
    chosen = given.get("round")
    suppressed = pages.withhold(
        dataset,
        int(given["min_teams"] or 0),
        None if chosen is None else str(chosen),
        bool(given["totals"]),
        str(given["previous"]),
    )
    told = pages.warn_before_publishing(dataset, suppressed)
    return [] if told.kind == "nothing" else list(told.items)


def phrase_warnings(dataset: Dataset, warnings: list[str]) -> str:
    """The warnings as one message."""
    return f"{dataset.about.name}: weigh before the page goes out (docs/disclosure.md)\n  " + "\n  ".join(
        warnings
    )
