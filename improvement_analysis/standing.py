"""Which grading stands where a team was graded more than once: by stage, never by who graded.

Gradings are given in stages: *first*, *second*, *agreed*, *moderated*, or others that a dataset declares.
What was agreed or moderated settles a grade, and so does whatever stage is declared last; of several such
stages the last stands. Where graders differ and nothing settles it, the grade stays open between theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.teams import TEAM, find_repeated
from improvement_analysis.vocabulary import fold

__all__ = [
    "DIFFERENCE",
    "SETTLING",
    "STAGES",
    "grading_keys",
    "list_open",
    "list_repeated",
    "settle_gradings",
    "stage_type",
    "stages_of",
    "type_stages",
]

#: The stages that need no declaration, the weightiest last.
STAGES = ("first", "second", "agreed", "moderated")

#: The stages that settle a grade wherever they stand in the order.
SETTLING = ("agreed", "moderated")

#: How the reason of a grade begins that stays open because graders are too far apart for a split grade.
DIFFERENCE = "graders differ"


def stage_type(stages: Iterable[str] = STAGES) -> pd.CategoricalDtype:
    """The type of the column ``stage``: an ordered category, the weightiest stage last."""
    return pd.CategoricalDtype(list(stages), ordered=True)


def type_stages(column: pd.Series, stages: Sequence[str] | None = None) -> pd.Series:
    """A column of stages as an ordered category; one that is such a category keeps its order.

    Raises
    ------
    GradingsError
        If a text is no stage.
    """
    if stages is None:
        given = column.dtype
        if isinstance(given, pd.CategoricalDtype) and given.ordered:
            return column
        stages = STAGES
    known = {fold(stage): stage for stage in stages}
    texts = {text: known.get(fold(str(text))) for text in column.dropna().unique()}
    if unknown := [str(text) for text, stage in texts.items() if stage is None]:
        listed = ", ".join(map(repr, unknown))
        raise GradingsError(
            f"unknown stage {listed}; known are {', '.join(stages)}; others are declared under stages in "
            "source.toml, or are the categories of the column"
        )
    return column.map(texts).astype(stage_type(stages))


def stages_of(gradings: pd.DataFrame) -> pd.Series:
    """The column of stages, if it says which is the weightier.

    Raises
    ------
    GradingsError
        If it does not, as where tables of different stages were stacked.
    """
    column = gradings["stage"]
    if isinstance(column.dtype, pd.CategoricalDtype) and column.cat.ordered:
        return column
    raise GradingsError("the column 'stage' is not an ordered category of stages; as_gradings makes it one")


def settle_gradings(gradings: pd.DataFrame) -> pd.DataFrame:
    """One grading for each team, round and domain (and case), in the order of the first of each.

    Gradings that name no team are kept as they are. Where graders differ and nothing settles it, the grade is
    the split between theirs if theirs are neighbours; otherwise it is missing, and ``ungraded_reason`` says
    what they gave. One who made no judgement contradicts nobody.
    """
    weighty = _weigh(gradings)
    if weighty is None:
        return gradings.reset_index(drop=True)
    standing = weighty.rows.drop_duplicates("group")
    taken = gradings.iloc[standing["row"]].set_axis(standing["first"].to_numpy())
    kept = gradings.set_axis(np.arange(len(gradings)))[~weighty.several]
    differing = standing[standing["low"] != standing["high"]]
    judged = weighty.rows[(weighty.rows["grade"] >= 0) & weighty.rows["group"].isin(differing["group"])]
    given = dict(list(judged.groupby("group")))
    for first, low, high, group in differing[["first", "low", "high", "group"]].itertuples(index=False):
        split, rows = _between(low, high), given[group]
        words = None if split is not None else f"{DIFFERENCE}: {weighty.words(rows)}; not agreed"
        taken.loc[first, "grade"] = None if split is None else weighty.scale[split]
        taken.loc[first, "ungraded_reason"] = words
        taken.loc[first, ["grader", "stage"]] = None
        taken.loc[first, "source"] = "; ".join(
            sorted(set(rows["source"]), key=lambda each: (len(each), each))
        )
    settled = pd.concat([kept, taken]).sort_index().reset_index(drop=True)
    settled.attrs = dict(gradings.attrs)
    return settled


def list_open(gradings: pd.DataFrame) -> pd.DataFrame:
    """Where graders of a team differ and nothing settles it.

    Returns
    -------
    DataFrame, one row per team, round and domain
        The columns that name the team, ``round`` and ``domain`` (and ``case``), and ``grades``: what was
        given, worst first, separated by commas.
    """
    weighty, keys = _weigh(gradings), grading_keys(gradings)
    if weighty is None:
        return gradings[keys].iloc[:0].assign(grades=pd.Series(dtype="str"))
    rows = weighty.rows[weighty.rows["low"] != weighty.rows["high"]]
    rows = rows[rows["grade"] >= 0]
    found = gradings[keys].iloc[rows.drop_duplicates("group")["row"]].reset_index(drop=True)
    return found.assign(grades=[weighty.words(each) for _, each in rows.groupby("group", sort=False)])


def grading_keys(gradings: pd.DataFrame) -> list[str]:
    """The columns of what is graded: of each a grader gives one grading in a stage, and one stands."""
    return [*TEAM, "round", "domain", *(["case"] if "case" in gradings else [])]


@dataclass(frozen=True)
class _Weighty:
    """The gradings that count where a team was graded more than once.

    *rows* holds of each its position (``row``), its ``group`` (a team, round and domain) and the ``first``
    position of that, its ``grade`` as a place on the scale (-1 for none), and the ``low`` and ``high`` of its
    group. The row to show comes first in a group. *several* marks all rows of such groups.
    """

    rows: pd.DataFrame
    several: np.ndarray
    scale: list[str]

    def words(self, rows: pd.DataFrame) -> str:
        """The grades of some rows, worst first, each once."""
        return ", ".join(self.scale[place] for place in sorted(set(rows["grade"])))


def _weigh(gradings: pd.DataFrame) -> _Weighty | None:
    """The gradings that count, where any team was graded more than once in a round and domain."""
    keys = grading_keys(gradings)
    named = gradings["team"].notna().to_numpy()
    several = np.zeros(len(gradings), dtype=bool)
    several[named] = gradings.loc[named, keys].duplicated(keep=False).to_numpy()
    if not several.any():
        return None
    held = gradings[several]
    rows = pd.DataFrame(
        {
            "row": several.nonzero()[0],
            "group": held.groupby(keys, dropna=False, observed=True, sort=False).ngroup().to_numpy(),
            "grade": held["grade"].cat.codes.to_numpy(),
            "weight": _weights(held),
            "day": held["visit_date"].to_numpy(),
            "source": held["source"].to_numpy(),
        }
    )
    rows["first"] = rows.groupby("group")["row"].transform("min")
    rows = rows[rows["weight"] == rows.groupby("group")["weight"].transform("max")]
    judged = rows["grade"].where(rows["grade"] >= 0)
    low, high = (judged.groupby(rows["group"]).transform(end) for end in ("min", "max"))
    rows = rows.assign(low=low.fillna(-1).astype(int), high=high.fillna(-1).astype(int), none=judged.isna())
    # Days and places only tell which of equal gradings is shown, so that the order of rows does not.
    rows = rows.sort_values(["group", "none", "day", "source"], kind="stable")
    return _Weighty(rows, several, list(held["grade"].cat.categories))


def _weights(gradings: pd.DataFrame) -> np.ndarray:
    """The place of each grading's stage among those that settle a grade; -1 where it settles none."""
    if "stage" not in gradings:
        return np.full(len(gradings), -1)
    column = stages_of(gradings)
    stages = list(column.cat.categories)
    settles = [stage in SETTLING or stage == stages[-1] for stage in stages]
    codes = column.cat.codes.to_numpy()
    weights: np.ndarray = np.where(np.append(settles, False)[codes], codes, -1)
    return weights


def _between(low: int, high: int) -> int | None:
    """The place of the split that holds all grades from one place to another; None where there is none.

    Whole grades stand at even places of a scale, the splits of neighbours between them.
    """
    worst, best = low // 2, (high + 1) // 2
    return 2 * worst + 1 if best - worst == 1 else None


def list_repeated(gradings: pd.DataFrame) -> list[str]:
    """What to say of every row of a named team that grades again what a row before it graded."""
    problems = []
    for row, before in find_repeated(gradings, [*grading_keys(gradings), "grader", "stage"]):
        here, there = gradings.iloc[row], gradings.iloc[before]
        names = [str(name) for name in (here["service"], here["area"], here["authority"]) if pd.notna(name)]
        of_round = f" in the round {here['round']}" if pd.notna(here["round"]) else ""
        by = "".join(f", {kind} {here[kind]!r}" for kind in ("grader", "stage", "case") if _has(here, kind))
        given = [NO_JUDGEMENT if pd.isna(each["grade"]) else str(each["grade"]) for each in (there, here)]
        problems.append(
            f"{here['team']} ({', '.join(names)}) graded twice in {here['domain']}{of_round}{by}: "
            f"{given[0]} in row {before} ({there['source']}) and {given[1]} in row {row} ({here['source']})"
        )
    return problems


def _has(row: pd.Series, column: str) -> bool:
    return column in row and pd.notna(row[column])
