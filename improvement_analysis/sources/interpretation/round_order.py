"""The order of a dataset's rounds, and what is to be told of it."""

from __future__ import annotations

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.errors import Problem
from improvement_analysis.rounds import no_order, numbered_round, order_rounds
from improvement_analysis.teams import TEAM

__all__ = ["number_rounds", "order_gradings", "order_side_table"]


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


def number_rounds(table: pd.DataFrame, days: str) -> pd.Series:
    """The round of each row where a team's inspections are its rounds, in the order of their days.

    Parameters
    ----------
    table : DataFrame
        With the columns of a team; those that name none are told apart by the rest.
    days
        The column of days. Rows of one team and one day are of one round.

    Returns
    -------
    Series of str

    Examples
    --------
    >>> days = pd.to_datetime(["2024-06-01", "2019-03-01", "2022-01-01"])
    >>> number_rounds(pd.DataFrame({"authority": ["North", "North", "South"], "day": days}), "day").tolist()
    ['Round 2', 'Round 1', 'Round 1']
    """
    keys = [table[column].fillna("").astype("str") for column in TEAM if column in table]
    places = table[days].groupby(keys).rank(method="dense").astype(int)
    return places.map(lambda number: numbered_round(number).name)
