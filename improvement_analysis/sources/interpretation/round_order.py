"""The order of a dataset's rounds, and what is to be told of it."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.rounds import no_order, order_rounds

__all__ = ["order_gradings"]


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
    remarks = order.remarks if order.is_known else (no_order(order.names),)
    if about.number_rounds_by:
        remarks = ()  # of each team they are in order; of several teams they overlap
    ordered = gradings.assign(round=gradings["round"].astype("str").astype(order.dtype))
    return ordered, [Problem(file, *remark, severity="warning") for remark in remarks]
