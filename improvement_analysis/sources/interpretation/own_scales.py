"""Gradings on a scale of their own: taken out of the tables that they share with others, and read apart."""

from __future__ import annotations

from collections.abc import Sequence

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.sources.recognition.raw_table import RawTable
from improvement_analysis.vocabulary import Vocabulary

__all__ = ["apart_from", "told_apart"]


def apart_from(tables: Sequence[RawTable], about: About) -> tuple[list[RawTable], dict[str, list[RawTable]]]:
    """The tables without the rows of domains that have a scale of their own, and those rows by domain."""
    if not about.domains_apart:
        return list(tables), {}
    known = Vocabulary("domain", about.all_domains)
    own = {domain.key for domain in about.domains_apart}
    shared: list[RawTable] = []
    apart: dict[str, list[RawTable]] = {}
    for table in tables:
        texts = table.columns.get("domain", ())
        keys = {text: known.find(text) for text in set(texts)}
        rows: dict[str, list[int]] = {}
        for row, text in enumerate(texts):
            key = keys[text]
            rows.setdefault(key if key is not None and key in own else "", []).append(row)
        if not rows.keys() - {""}:
            shared.append(table)
            continue
        if "" in rows:
            shared.append(table.of_rows(rows.pop("")))
        for key, held in rows.items():
            apart.setdefault(key, []).append(table.of_rows(held))
    return shared, apart


def told_apart(apart: dict[str, list[RawTable]], about: About) -> list[Problem]:
    """What to say where only the gradings of one scale are handed out."""
    labels = {domain.key: domain.short for domain in about.domains_apart}
    return [
        tables[0].header_problem(
            None,
            f"gradings of {labels[key]!r}, which has a scale of its own",
            f"gradings of the {about.scale.title}",
            "they are kept apart: a dataset has them in its attribute 'apart'",
            severity="warning",
        )
        for key, tables in apart.items()
    ]
