"""Plain sentences on counts, for titles, footnotes and the text that stands in for a picture.

Every number comes from the counts. Nothing is claimed beyond them: a split grade is never put on one side,
and a grading without a judgement stays outside the denominator.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from improvement_analysis.errors import GradingsError
from improvement_analysis.notation import is_headline_of
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale

__all__ = [
    "NONE_JUDGED",
    "NOT_STATED",
    "are_counts",
    "check_counts",
    "describe_counts",
    "describe_disagreement",
    "describe_no_judgement",
    "describe_range",
    "describe_row",
    "describe_share",
    "describe_share_at_least",
    "describe_share_below",
    "format_p",
    "grade_words",
    "headline_of",
    "join_words",
    "plural",
    "plural_of",
    "shown_grades",
    "split_off_overall",
]


#: What a group is called whose name the source does not state.
NOT_STATED = "not stated"
#: The share of a group in which nobody was judged.
NONE_JUDGED = "none judged"


def plural(number: int, noun: str) -> str:
    """*number* and *noun*, with an "s" where the number asks for one.

    Examples
    --------
    >>> plural(1, "team"), plural(0, "team")
    ('1 team', '0 teams')
    """
    return f"{number} {noun if number == 1 else plural_of(noun)}"


def plural_of(noun: str) -> str:
    """The plural of what groups teams.

    Examples
    --------
    >>> plural_of("area"), plural_of("authority")
    ('areas', 'authorities')
    """
    return {"authority": "authorities"}.get(noun, f"{noun}s")


def format_p(p: float) -> str:
    """A p as it is printed everywhere: three decimals below 0.1, two above, and never 0.

    Missing where *p* is.

    Examples
    --------
    >>> [format_p(p) for p in (0.0004, 0.0289, 0.131, 1, float("nan"))]
    ['below 0.001', '0.029', '0.13', '1', '']
    """
    if pd.isna(p):
        return ""
    if p < 0.001:
        return "below 0.001"
    return f"{p:.3f}" if p < 0.0995 else f"{p:.2f}" if p < 1 else "1"


def join_words(words: list[str], last: str = "and") -> str:
    """Words as a list in a sentence.

    Examples
    --------
    >>> join_words(["a", "b", "c"])
    'a, b and c'
    """
    return f" {last} ".join([", ".join(words[:-1]), words[-1]] if len(words) > 1 else words)


def grade_words(grade: str, scale: Scale = OFSTED) -> str:
    """*grade* as it stands in the middle of a sentence.

    Examples
    --------
    >>> grade_words("RI"), grade_words("RI / I")
    ('requires improvement', 'split between inadequate and requires improvement')
    """
    if grade == NO_JUDGEMENT:
        return NO_JUDGEMENT
    worse, better = (_lower(scale.name(end)) for end in scale.ends(grade))
    return worse if worse == better else f"split between {worse} and {better}"


def _lower(name: str) -> str:
    return name[:1].lower() + name[1:] if name[1:] == name[1:].lower() else name


def shown_grades(counts: pd.DataFrame, scale: Scale = OFSTED) -> list[str]:
    """The grades that a picture of *counts* shows: every whole one, and the splits that occur, worst to best.

    Examples
    --------
    >>> counts = pd.DataFrame([[0, 1, 2, 0, 0, 0, 0, 0]], columns=OFSTED.columns)
    >>> shown_grades(counts)
    ['I', 'RI / I', 'RI', 'G', 'O']
    """
    occur = counts.sum()
    return [g for g in scale.categories if not scale.is_split(g) or occur[g] > 0]


def check_counts(counts: pd.DataFrame, scale: Scale = OFSTED) -> pd.DataFrame:
    """*counts* as they are, if they are counts of *scale*; a group without a name is called "not stated".

    Raises
    ------
    GradingsError
        If a column of the scale is missing, another is there, a count is no whole number from 0 upwards, a
        row occurs twice, or there is no row.
    """
    expected = list(scale.columns)
    if list(counts.columns) != expected:
        raise GradingsError(
            f"counts have the columns {', '.join(map(str, counts.columns))}; expected {', '.join(expected)}"
        )
    if counts.empty:
        raise GradingsError("counts have no row: there is nothing to show")
    if not are_counts(counts):
        raise GradingsError("a count is not a whole number from 0 upwards")
    if counts.index.has_duplicates:
        twice = counts.index[counts.index.duplicated()][0]
        raise GradingsError(f"counts name {twice!r} twice")
    checked = counts.astype("int64")
    checked.index = _named(counts.index)
    return checked


def are_counts(table: pd.DataFrame) -> bool:
    """Whether every cell is a whole number from 0 upwards.

    Examples
    --------
    >>> are_counts(pd.DataFrame([[0, 3]])), are_counts(pd.DataFrame([[0.5, 3]]))
    (True, False)
    """
    cells = table.to_numpy()
    if cells.dtype.kind in "iu":
        return bool((cells >= 0).all())
    numbers = pd.DataFrame(cells).apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    return bool(((numbers >= 0) & (numbers % 1 == 0)).all())


def _named(index: pd.Index) -> pd.Index:
    if isinstance(index, pd.MultiIndex):
        levels = [_named(index.get_level_values(level)) for level in range(index.nlevels)]
        return pd.MultiIndex.from_arrays(levels, names=index.names)
    keys = [NOT_STATED if pd.isna(key) else key for key in index]
    return pd.Index(keys, name=index.name, dtype=object)


def describe_counts(
    counts: pd.DataFrame, *, overall: Any = "overall", subject: str | None = None, scale: Scale = OFSTED
) -> str:
    """The finding in about ten words, as a title.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Rows of the domain *overall* are left out where there are others: an overall conclusion is no domain.
    overall
        Key of the overall conclusion in the index level ``domain``.
    subject
        Whose gradings they are; put before a colon.

    Examples
    --------
    >>> index = pd.Index(["allocation", "overall"], name="domain")
    >>> counts = pd.DataFrame([[3, 0, 5, 0, 1, 0, 0, 0], [2, 0, 7, 0, 0, 0, 0, 0]], index, OFSTED.columns)
    >>> describe_counts(counts)
    '1 of 9 domain gradings was good, none outstanding'
    >>> describe_counts(counts.loc[["overall"]], subject="Safeguarding")
    'Safeguarding: none of 9 overall gradings was good or better, 2 were inadequate'
    """
    counts = check_counts(counts, scale)
    rows, noun = split_off_overall(counts, overall)
    finding = _finding(rows.sum(), noun, scale)
    return f"{subject}: {finding}" if subject else finding[:1].upper() + finding[1:]


def split_off_overall(counts: pd.DataFrame, overall: Any) -> tuple[pd.DataFrame, str]:
    """The rows that a sentence on all of *counts* is about, and what one of their gradings is called."""
    if "domain" not in counts.index.names:
        return counts, "grading"
    is_overall = counts.index.get_level_values("domain") == overall
    if is_overall.all():
        return counts, "overall grading"
    return counts[~is_overall], "domain grading"


def _finding(tally: pd.Series, noun: str, scale: Scale) -> str:
    judged = int(tally[list(scale.categories)].sum())
    if judged == 0:
        return _finding_unjudged(int(tally[NO_JUDGEMENT]), noun)
    given = [grade for grade in scale.categories if tally[grade] > 0]
    if len(given) == 1:
        if judged == 1:
            return f"the one {noun} was {grade_words(given[0], scale)}"
        every = "both" if judged == 2 else f"all {judged}"
        return f"{every} {noun}s were {grade_words(given[0], scale)}"
    upwards = [g for g in scale.categories if scale.at_least(g, scale.threshold) is not False]
    if not any(tally[grade] > 0 for grade in upwards):
        worst = scale.codes[0]
        words = _good_or_better(scale)
        found = f"none of {judged} {noun}s was {words}"
        many = int(tally[worst])
        was = "was" if many == 1 else "were"
        return f"{found}, {many} {was} {grade_words(worst, scale)}" if many else found
    return _finding_upwards(tally, upwards, judged, noun, scale)


def _finding_unjudged(unjudged: int, noun: str) -> str:
    if unjudged == 0:
        return f"no {noun} was given"
    return f"the one {noun} was not judged" if unjudged == 1 else f"none of {unjudged} {noun}s was judged"


def _finding_upwards(tally: pd.Series, upwards: list[str], judged: int, noun: str, scale: Scale) -> str:
    good = int(tally[scale.threshold])
    was = "was" if good < 2 else "were"
    words = grade_words(scale.threshold, scale)
    parts = [f"{good or 'none'} of {judged} {noun}{'s' * (judged != 1)} {was} {words}"]
    for grade in upwards:
        many = int(tally[grade])
        if grade != scale.threshold and (many or not scale.is_split(grade)):
            worse, better = (_lower(scale.name(end)) for end in scale.ends(grade))
            parts.append(f"{many or 'none'} {better if worse == better else f'{better} / {worse}'}")
    return ", ".join(parts)


def _good_or_better(scale: Scale) -> str:
    good = grade_words(scale.threshold, scale)
    return good if scale.threshold == scale.codes[-1] else f"{good} or better"


def describe_row(
    row: pd.Series, *, grades: list[str] | None = None, headline: str | None = None, scale: Scale = OFSTED
) -> str:
    """One row of counts in words, zeros included, with its published headline where there is one.

    Parameters
    ----------
    row
        Counts under the columns of *scale*.
    grades
        The grades to name; by default the whole ones and the splits that occur in *row*.

    Examples
    --------
    >>> row = pd.Series([3, 0, 5, 0, 1, 0, 0, 0], OFSTED.columns)
    >>> describe_row(row, headline="RI")
    '3 inadequate, 5 requires improvement, 1 good, 0 outstanding, 0 no judgement;
     published as requires improvement'
    """
    grades = shown_grades(row.to_frame().T, scale) if grades is None else grades
    parts = [f"{int(row[grade])} {grade_words(grade, scale)}" for grade in [*grades, NO_JUDGEMENT]]
    words = ", ".join(parts)
    return f"{words}; published as {grade_words(headline, scale)}" if headline else words


def describe_disagreement(
    row: pd.Series, headline: str | None, *, unit: str = "team", scale: Scale = OFSTED
) -> str | None:
    """How a published headline differs from the most frequent grade of its tally; None where it does not.

    Where several grades are equally frequent, any of them agrees, and so does the split between two.

    Examples
    --------
    >>> row = pd.Series([5, 0, 4, 0, 0, 0, 0, 0], OFSTED.columns)
    >>> describe_disagreement(row, "RI")
    'published as requires improvement, most often graded inadequate (5 of 9 teams)'
    >>> describe_disagreement(row, "I") is None
    True
    """
    if headline is None:
        return None
    tally = {grade: int(row[grade]) for grade in scale.categories}
    judged, most = sum(tally.values()), max(tally.values())
    published = f"published as {grade_words(headline, scale)}"
    if judged == 0:
        return f"{published}, no {unit} was judged"
    modes = [grade for grade in scale.categories if tally[grade] == most]
    if is_headline_of(headline, tally, scale):
        return None
    words = join_words([grade_words(grade, scale) for grade in modes], "or")
    each = " each" if len(modes) > 1 else ""
    return f"{published}, most often graded {words} ({most} of {plural(judged, unit)}{each})"


def describe_no_judgement(counts: pd.DataFrame, *, scale: Scale = OFSTED) -> str | None:
    """What stands outside the scale; None where every grading was judged.

    Examples
    --------
    >>> describe_no_judgement(pd.DataFrame([[0, 0, 6, 0, 0, 0, 0, 3]], columns=OFSTED.columns))
    'No judgement: 3 gradings, outside the scale and outside the 6 that were judged.'
    """
    unjudged = int(counts[NO_JUDGEMENT].sum())
    if unjudged == 0:
        return None
    judged = int(counts[list(scale.categories)].to_numpy().sum())
    outside = f", outside the scale and outside the {judged} that {'was' if judged == 1 else 'were'} judged"
    return f"No judgement: {plural(unjudged, 'grading')}{outside if judged else ''}."


def describe_range(numbers: pd.Series, noun: str) -> str:
    """How many, where it may differ from row to row.

    Examples
    --------
    >>> describe_range(pd.Series([9, 9]), "team"), describe_range(pd.Series([2, 9]), "team")
    ('9 teams', '2 to 9 teams')
    """
    low, high = int(numbers.min()), int(numbers.max())
    return plural(high, noun) if low == high else f"{low} to {plural(high, noun)}"


def describe_share(low: int, high: int, n: int) -> str:
    """k of n, or its bounds where split grades leave k open.

    Examples
    --------
    >>> describe_share(3, 3, 8), describe_share(0, 1, 4), describe_share(0, 3, 4), describe_share(0, 0, 0)
    ('3 of 8', '0 or 1 of 4', '0 to 3 of 4', 'none judged')
    """
    if n == 0:
        return NONE_JUDGED
    between = str(low) if low == high else f"{low} or {high}" if high == low + 1 else f"{low} to {high}"
    return f"{between} of {n}"


def describe_share_at_least(row: pd.Series, grade: str, *, scale: Scale = OFSTED) -> str:
    """How many of the judged gradings of *row* are *grade* or better, as bounds where a split leaves it open.

    Examples
    --------
    >>> row = pd.Series([0, 0, 2, 1, 1, 0, 0, 3], OFSTED.columns)
    >>> describe_share_at_least(row, "G"), describe_share_at_least(row, "O")
    ('1 or 2 of 4', '0 of 4')
    """
    certain = sum(int(row[g]) for g in scale.categories if scale.at_least(g, grade))
    either = sum(int(row[g]) for g in scale.categories if scale.at_least(g, grade) is None)
    return describe_share(certain, certain + either, int(row[list(scale.categories)].sum()))


def describe_share_below(row: pd.Series, grade: str, *, scale: Scale = OFSTED) -> str:
    """How many of the judged gradings of *row* are below *grade*, as bounds where a split leaves it open.

    Examples
    --------
    >>> describe_share_below(pd.Series([0, 0, 2, 1, 1, 0, 0, 3], OFSTED.columns), "G")
    '2 or 3 of 4'
    """
    certain = sum(int(row[g]) for g in scale.categories if scale.at_least(g, grade) is False)
    either = sum(int(row[g]) for g in scale.categories if scale.at_least(g, grade) is None)
    return describe_share(certain, certain + either, int(row[list(scale.categories)].sum()))


def headline_of(headlines: Mapping[Any, Any] | pd.Series | None, key: Any) -> str | None:
    """The published headline under *key*, or None where none was published."""
    if headlines is None:
        return None
    found = headlines.get(key)
    return None if found is None or pd.isna(found) else str(found)
