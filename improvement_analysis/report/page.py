"""A page, from its plan to the manifest: one value, which is carried through a run and grows on its way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

__all__ = ["Page", "Value"]

Value = str | int | float | bool | None


@dataclass(frozen=True)
class Page:
    """A page of a dataset's report: what it is, what it is made from, and what came of it.

    Attributes
    ----------
    path
        Its file in the output folder, with forward slashes; the manifest calls it ``page``.
    title
        Its heading.
    kind
        ``"overview"``, ``"qprm"``, ``"service"``, ``"workshop"``, ``"areas"``, ``"area"``,
        ``"authorities"``, ``"authority"``, ``"team"``, ``"actions"``, ``"trace"``, ``"rounds"``,
        ``"moderation"``, ``"timeline"``, ``"self-evaluation"``,
        ``"data quality"`` or ``"publication"``.
    notebook
        The notebook's name, without its ending.
    parameters
        What is set, besides ``dataset``.
    status
        ``"planned"``; ``"made"``; ``"failed"``: this run could not make it; ``"up to date"``: nothing it is
        made from has changed; ``"kept"``: not asked for in this run; ``"left over"``: a page of an earlier
        run that the dataset no longer plans.
    key
        Of what it is made from, see :mod:`.freshness`.
    sha256
        Of its file; None where there is none.
    tables
        The CSV files beside it, each with its sha256.
    error
        Why it failed, in a sentence.
    """

    path: str
    title: str
    kind: str
    notebook: str
    parameters: Mapping[str, Value] = field(default_factory=dict)
    status: str = "planned"
    key: str | None = None
    sha256: str | None = None
    tables: Mapping[str, str] = field(default_factory=dict)
    duration_seconds: float | None = None
    error: str | None = None

    @property
    def stale(self) -> bool:
        """Whether what stands under its name is of an earlier run than it should be."""
        return self.status in ("failed", "left over") and self.sha256 is not None

    def fail(self, error: str | None) -> Page:
        """The page as failed; one that failed already keeps its reason."""
        if self.status == "failed":
            return self
        return replace(self, status="failed", key=None, sha256=None, tables={}, error=error)

    def to_record(self) -> dict[str, Any]:
        """The page as the manifest keeps it."""
        values = {name: getattr(self, field) for name, field in _RECORDED.items()}
        return {
            **values,
            "parameters": dict(self.parameters),
            "tables": dict(self.tables),
            "stale": self.stale,
        }

    @classmethod
    def from_record(cls, record: Mapping[str, Any]) -> Page:
        """The page that a manifest keeps.

        Raises
        ------
        KeyError, TypeError
            If it is no record of a page.
        """
        return cls(**{field: record[name] for name, field in _RECORDED.items()})


#: What the manifest calls each field.
_RECORDED = {"page" if each.name == "path" else each.name: each.name for each in fields(Page)}
