"""Self-evaluation: what we know, how we know it, and what we do. Every sentence names its source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pandas as pd

from improvement_analysis.actions import OPEN
from improvement_analysis.comparison import UNANSWERED
from improvement_analysis.counts import count_teams
from improvement_analysis.dataset import Dataset
from improvement_analysis.findings import KIND_TITLES, KINDS, MEETING_ITEMS, select_findings
from improvement_analysis.pages.action_plans import choose_day, describe_overdue, stand_actions
from improvement_analysis.pages.meetings import describe_meeting, list_meetings
from improvement_analysis.pages.moderation import brief_moderation
from improvement_analysis.pages.overview import brief_overview
from improvement_analysis.pages.remarks import files_of
from improvement_analysis.pages.round_comparison import brief_rounds, match_rounds
from improvement_analysis.pages.trace import count_traced
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.rounds import latest_round
from improvement_analysis.sentences import join_words, plural
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.vocabulary import day_in_words

__all__ = ["QUESTIONS", "Statement", "brief_evaluation", "evaluate", "list_statements"]

#: The three questions of a self-evaluation.
QUESTIONS = ("What do we know?", "How do we know it?", "What do we do?")

#: So many themes of each kind of finding are named; the table of findings holds all.
_THEMES = 5
#: So many files are named one by one.
_FEW = 2


class Statement(NamedTuple):
    """A sentence of a self-evaluation: the question it answers, and where it comes from."""

    question: str
    sentence: str
    source: str


def evaluate(dataset: Dataset, round: str | None = None, as_of: str | None = None) -> list[Statement]:  # noqa: A002
    """Everything that the data can say of itself, in its own words, a source with each sentence.

    Parameters
    ----------
    round
        By default the latest.
    as_of
        The day that actions are judged by; by default the day up to which they are reported.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> evaluate(load("worcestershire-2018"))[-1].sentence
    'This dataset holds no action plan, so nothing can be said of actions.'
    """
    parts = (_known(dataset, round), _grounds(dataset, round), _done(dataset, as_of))
    return [
        Statement(question, sentence, source)
        for question, part in zip(QUESTIONS, parts, strict=True)
        for sentence, source in part
    ]


def brief_evaluation(
    dataset: Dataset,
    round: str | None = None,  # noqa: A002
    as_of: str | None = None,
) -> Prose:
    """The first sentence of each answer.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_evaluation(load("worcestershire-2018")).items[1])
    19 teams of 5 services were graded: 95 gradings, 92 with a judgement. No sample was drawn.
    """
    said = evaluate(dataset, round, as_of)
    answers = ([each.sentence for each in said if each.question == question][:1] for question in QUESTIONS)
    return Prose(tuple(sentence for answer in answers for sentence in answer))


def list_statements(
    dataset: Dataset,
    question: str,
    round: str | None = None,  # noqa: A002
    as_of: str | None = None,
) -> Table | Prose:
    """The sentences that answer one of :data:`QUESTIONS`, each beside its source."""
    rows = [each for each in evaluate(dataset, round, as_of) if each.question == question]
    if not rows:
        return nothing("The data says nothing of it.")
    frame = pd.DataFrame(rows, columns=["question", "Sentence", "Source of it"]).drop(columns="question")
    return frame_table(frame, caption=question, about=dataset.about)


def _known(dataset: Dataset, round: str | None) -> Iterator[tuple[str, str]]:  # noqa: A002
    gradings = dataset.standing(round)
    place = files_of(gradings["source"], _FEW)
    for sentence in brief_overview(dataset, round).items:
        yield sentence, place
    if match_rounds(dataset) is not None:
        told = brief_rounds(dataset).items
        yield " ".join(told[:2]), files_of(dataset.gradings["source"], _FEW)
    found = select_findings(dataset.findings, round=round or latest_round(dataset.gradings))
    for kind in KINDS[:2]:
        rows = found[found["kind"] == kind]
        themes = rows["theme"].value_counts(sort=True)
        for theme in themes.index[:_THEMES] if len(themes) else ():
            of_theme = rows[rows["theme"] == theme]
            first = of_theme["text"].iloc[0]
            many = plural(len(of_theme), "finding")
            words = f"{KIND_TITLES[kind]}, {theme}: {many}. The first: {first}"
            yield words, files_of(of_theme["source"], _FEW)
        if len(themes) > _THEMES:
            left = plural(len(themes) - _THEMES, "theme")
            yield f"{left} more of {KIND_TITLES[kind].lower()}.", files_of(rows["source"], _FEW)


def _grounds(dataset: Dataset, round: str | None) -> Iterator[tuple[str, str]]:  # noqa: A002
    gradings = dataset.standing(round)
    place = files_of(gradings["source"], _FEW)
    judged = int(gradings["grade"].notna().sum())
    yield (
        f"{plural(count_teams(gradings), 'team')} of {plural(gradings['service'].nunique(), 'service')} were "
        f"graded: {plural(len(gradings), 'grading')}, {judged} with a judgement. No sample was drawn.",
        place,
    )
    days = gradings["visit_date"].dropna()
    if len(days):
        ends = day_in_words(days.min()), day_in_words(days.max())
        yield f"The visits took place from {ends[0]} to {ends[1]}.", place
    elif dataset.about.first_visit:
        yield (
            f"The visits took place from {dataset.about.first_visit} to {dataset.about.last_visit}.",
            "source.toml",
        )
    if graders := _graders(dataset, round):
        yield graders, place
    if dataset.gradings["grader"].nunique() > 1:
        yield brief_moderation(dataset).items[0], files_of(dataset.gradings["source"], _FEW)
    if not dataset.deep_dives.empty:
        number = int((dataset.deep_dives["visited"] == "yes").sum())
        words = f"{plural(number, 'subject')} {'was' if number == 1 else 'were'} visited without grades."
        yield words, files_of(dataset.deep_dives["source"], _FEW)


def _graders(dataset: Dataset, round: str | None) -> str:  # noqa: A002
    """How many teams more than one grader graded; empty where no grader is told."""
    gradings = dataset.gradings
    here = gradings[gradings["round"] == (round or latest_round(gradings))]
    if not here["grader"].notna().any():
        return ""
    graders = here.groupby(["authority", "area", "service", "team"], dropna=False)["grader"].nunique()
    return f"{int((graders > 1).sum())} of {plural(len(graders), 'team')} were graded by more than one."


def _done(dataset: Dataset, as_of: str | None) -> Iterator[tuple[str, str]]:
    counts = count_traced(dataset, as_of)
    if counts is not None:
        rows = dataset.findings[dataset.findings["kind"] == KINDS[-1]]
        left, n = int(counts[UNANSWERED].sum()), int(counts.to_numpy().sum())
        are = "is" if left == 1 else "are"
        words = f"{left or 'None'} of {plural(n, 'recommendation')} {are} answered by no action."
        yield words, files_of(rows["source"], _FEW)
    for meeting in list_meetings(dataset):
        first, items = meeting.iloc[0], meeting["item"].value_counts()
        held = [plural(int(items[item]), item) for item in MEETING_ITEMS[:2] if item in items]
        who = f" of {first['service']}" if isinstance(first["service"], str) else ""
        agreed = join_words(held) if held else "nothing decided"
        words = f"{first['kind'].capitalize()}{who}, {describe_meeting(meeting)}: {agreed} recorded."
        yield words, files_of(meeting["source"], _FEW)
    on = choose_day(dataset, as_of)
    place = files_of(dataset.actions["source"], _FEW) or "no file of actions"
    if len(dataset.actions):
        known = stand_actions(dataset, on)
        open_ = int(known["stands"].isin([*OPEN, "not reported"]).sum())
        when = f" on {day_in_words(on)}" if on else ""
        were = "was" if open_ == 1 else "were"
        yield f"{open_ or 'None'} of {plural(len(known), 'action')} {were} open{when}.", place
    yield describe_overdue(dataset, on), place
