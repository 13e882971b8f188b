"""The order of a dataset's rounds, and what is to be told of it."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.rounds import no_order, order_rounds

__all__ = ["order_gradings", "order_side_table"]


def order_gradings(gradings: pd.DataFrame, about: About, file: str) -> tuple[pd.DataFrame, list[Problem]]:
    """Gradings with their rounds in order, earliest first, and what contradicts that order, as warnings.

    Parameters
    ----------
    gradings : DataFrame, one row per grading
        All there are: the days of every round are looked at.
    about
        Its declared rounds decide where there are any.
    file
        What the problems call the gradings.
    """
    order = order_rounds(gradings, about.declared_rounds)
    remarks = list(order.remarks) if order.is_known else [no_order(order.names)]
    if about.number_rounds_by:
        remarks = []  # of each team they are in order; of several teams they overlap
    if order.names and (without := int(gradings["round"].isna().sum())):
        count = "1 grading that names" if without == 1 else f"{without} gradings that name"
        expected = "the round of each, as others name theirs; they are in no round's counts and pages"
        remarks.append((f"{count} no round", expected, "name their round"))
    ordered = gradings.assign(round=gradings["round"].astype("str").astype(order.dtype))
    return ordered, [Problem(file, *remark, severity="warning") for remark in remarks]


def order_side_table(table: pd.DataFrame, gradings: pd.DataFrame, about: About) -> pd.DataFrame:
    """A table beside gradings with its rounds as theirs; with an order of its own where it has others."""
    if "round" not in table:
        return table
    rounds = table["round"].astype("str")
    dtype = gradings["round"].dtype
    if not rounds.dropna().isin(gradings["round"].cat.categories).all():
        both = pd.concat([gradings[["round", "visit_date"]].astype({"round": "str"}), rounds.to_frame()])
        dtype = order_rounds(both, about.declared_rounds).dtype
    return table.assign(round=rounds.astype(dtype))
