"""The text of a drafted ``source.toml``: facts as they stand, open choices as lines to be uncommented."""

from __future__ import annotations

import ast
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from improvement_analysis.about import EMPTY_CELLS
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import MOST_PROBLEMS, Problem, condense
from improvement_analysis.frameworks import Framework
from improvement_analysis.notation import expected_grades, is_not_applicable
from improvement_analysis.sources.drafts.recognised import DraftFile
from improvement_analysis.sources.drafts.repeats import Apart
from improvement_analysis.sources.recognition.cells import EMPTY
from improvement_analysis.sources.recognition.prose_counts import ProseCount
from improvement_analysis.vocabulary import Domain, near_duplicates

__all__ = ["Facts", "describe_draft"]

#: So many names, values or notes of one kind are listed; the rest is counted.
_MOST_LISTED = 60


_KINDS = {"published": "published tables", "gradings": "gradings of teams", "forms": "forms"}


@dataclass(frozen=True)
class Facts:
    """What is known of a dataset when its declaration is drafted.

    Attributes
    ----------
    title, framework, files
        As they are declared.
    undeclared
        Whether the title must say that nobody has declared it.
    dataset
        What the draft loads as; None where it does not load, or has not been tried.
    problems
        What was met.
    counts
        The counts of the prose.
    repeated
        Columns that tell gradings apart which seem to be given twice.
    headed
        Columns of grades whose headings the framework does not know.
    """

    title: str
    framework: Framework
    files: tuple[DraftFile, ...]
    undeclared: bool = False
    dataset: Dataset | None = None
    problems: tuple[Problem, ...] = ()
    counts: tuple[ProseCount, ...] = ()
    repeated: tuple[Apart, ...] = ()
    headed: tuple[Domain, ...] = ()


def describe_draft(facts: Facts) -> str:
    """The declaration, ready to be written."""
    blocks = [
        list(block)
        for block in (
            _opening(facts),
            _top(facts),
            _values(facts),
            _repeated(facts),
            _headed(facts),
            _files(facts),
            _names(facts),
            _prose(facts),
        )
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _opening(facts: Facts) -> Iterator[str]:
    yield "# Drafted by `improvement-analysis init`. What stands without # was recognised, or is needed."
    yield "# Lines with # are open: choose by taking the # away. docs/data-dictionary.md explains every key."
    errors = [problem for problem in facts.problems if problem.severity == "error"]
    if errors and facts.dataset is None:
        yield f"# It does not load yet: what stops it ({_times(len(errors), 'problem')}) stands below."


def _top(facts: Facts) -> Iterator[str]:
    title = f"{facts.title}, read without a declaration" if facts.undeclared else facts.title
    yield f"title = {_quoted(title)}"
    authorities, rounds = _distinct(facts, "authority"), _distinct(facts, "round")
    if not authorities:
        yield '# authority = "..."    # whose teams were graded; the files do not say'
    if not rounds:
        yield '# round = "..."        # the round of visits, such as "2024-25"; the files do not say'
    yield '# publisher = "..."    # who issued the files'
    yield "# illustrative = true  # for made-up data: every page then says so"
    yield f"framework = {_quoted(facts.framework.key)}    # {facts.framework.title}"
    if facts.undeclared:
        kinds = " and ".join(dict.fromkeys(_KINDS.get(file.kind, file.kind) for file in facts.files))
        note = f"Read without a declaration, as {kinds} of a {facts.framework.title}. "
        yield f"notes = [{_quoted(note + 'Under data quality stands how, where that is not literal.')}]"


def _notes(facts: Facts) -> list[str]:
    notes = list(dict.fromkeys(str(problem) for problem in facts.problems if problem.severity == "warning"))
    return [*notes[:_MOST_LISTED], *_more(notes)]


def _values(facts: Facts) -> Iterator[str]:
    """Values that are no grade: those known, and those that somebody must explain."""
    if facts.dataset is not None:
        reasons = facts.dataset.gradings["ungraded_reason"].dropna().astype(str)
        if len(reasons):
            yield "# Values that are no grade, and how they were read:"
        for reason, number in Counter(reasons).most_common(_MOST_LISTED):
            what = "not applicable" if is_not_applicable(reason) else "not judged"
            yield f"#   {_quoted(reason)}, {_times(number, 'time')}: {what}"
        return
    asked = Counter(p.found for p in facts.problems if p.expected == expected_grades(facts.framework.scale))
    if empty := asked.pop(EMPTY, 0):
        least = "at least " if empty >= MOST_PROBLEMS else ""
        yield f"# Empty cells of grades: {least}{empty:,}. Choose what they mean:"
        yield from (f'# empty = "{meaning}"' for meaning in EMPTY_CELLS)
    if asked:
        yield "# Values that are no grade. Put each into one of the lists, or say which grade it is:"
        for found, number in asked.most_common(_MOST_LISTED):
            yield f"#   {found}, {_times(number, 'time')}"
        codes = f'"..."    # one of {", ".join(facts.framework.scale.codes)}'
        listed = ", ".join(_quoted(text) for text in map(_text_of, asked) if text)
        yield f"# ungraded = [{listed}]"
        yield f"# not_applicable = [{listed}]"
        for text in filter(None, map(_text_of, asked)):
            yield f"# scale.aliases.{_quoted(text)} = {codes}"


def _repeated(facts: Facts) -> Iterator[str]:
    """The lines that would tell apart gradings which seem to be given twice."""
    if not facts.repeated or facts.dataset is not None:
        return
    yield "# Gradings of one team and domain stand more than once. Choose what tells them apart:"
    for apart in facts.repeated:
        if apart.of_days:
            yield f"# number_rounds_by = {_quoted(apart.heading)}    # the first inspection, the second ..."
        else:
            yield f"# columns.team = {_quoted(apart.heading)}    # what is graded in each row"


def _headed(facts: Facts) -> Iterator[str]:
    """The domains that columns of grades would be under the names of their headings."""
    if facts.headed:
        yield "# Grades under headings that are no domain yet were not read. Take over those that are:"
    for domain in facts.headed[:_MOST_LISTED]:
        yield "# [[domains]]"
        yield f"# key = {_quoted(domain.key)}"
        yield f"# title = {_quoted(domain.title)}"


def _text_of(found: str) -> str:
    """The text that a message quotes; empty where it quotes only a part."""
    try:
        text = ast.literal_eval(found)
    except (SyntaxError, ValueError):
        return ""
    return text if isinstance(text, str) else ""


def _files(facts: Facts) -> Iterator[str]:
    for number, file in enumerate(facts.files):
        if number:
            yield ""
        mark = "# " if file.problems else ""
        if file.problems:
            yield f"# {file.name} could not be read and is left out:"
            yield from (f"#   {problem.message}" for problem in file.problems[:3])
        yield f"{mark}[[files]]"
        yield f"{mark}name = {_quoted(file.name)}"
        yield f"{mark}kind = {_quoted(file.kind)}"
        if file.sha256:
            yield f"{mark}sha256 = {_quoted(file.sha256)}"
        yield '# origin = "..."    # where the file comes from'
    if not facts.undeclared:
        notes = [problem for problem in facts.problems if problem.severity == "warning"]
        if notes:
            yield "# How it was read, where that is not literal:"
        yield from (f"#   {note}" for note in _notes(facts))
    errors = [problem for problem in facts.problems if problem.severity == "error"]
    if errors and facts.dataset is None:
        yield "# What stops it:"
        errors = condense(errors)
        yield from (f"#   {problem}" for problem in errors[:_MOST_LISTED])
        yield from (f"#   {more}" for more in _more(errors))


def _names(facts: Facts) -> Iterator[str]:
    """Candidates: rounds in the order met, services and areas with those that look alike."""
    rounds = _distinct(facts, "round")
    if len(rounds) > 1:
        yield "# Rounds, in the order in which they were met. Put the earliest first:"
        for name in rounds[:_MOST_LISTED]:
            yield "# [[rounds]]"
            yield f"# name = {_quoted(name)}"
        yield from (f"# {more}" for more in _more(rounds))
    for kind in ("service", "area"):
        names = _distinct(facts, kind)
        if not names:
            continue
        alike: dict[str, list[str]] = {}
        for one, other in near_duplicates(names):
            alike.setdefault(one, []).append(other)
            alike.setdefault(other, []).append(one)
        yield f"# The {kind}s that occur. Declared, any other name is an error; an alias is another spelling:"
        for name in names[:_MOST_LISTED]:
            yield f"# [[{kind}s]]"
            same = (
                f"    # looks like {' and '.join(map(_quoted, alike[name]))}: one {kind}?"
                if name in alike
                else ""
            )
            yield f"# name = {_quoted(name)}{same}"
        yield from (f"# {more}" for more in _more(names))


def _prose(facts: Facts) -> Iterator[str]:
    """The prose's counts, proposed: they are set beside the tables once they are taken over."""
    if not facts.counts or facts.dataset is None or facts.dataset.published.empty:
        return
    services = _distinct(facts, "service")
    yield "# Counts that the prose seems to state. Check each in the source, then take the # away:"
    for count in facts.counts:
        yield "# [[statements]]"
        yield f"# kind = {_quoted(count.kind)}"
        if count.kind == "visits":
            same = [name for name in services if name.casefold() == _without_thing(count.named_as).casefold()]
            open_ = '"..."    # which service of the tables?'
            yield f"# service = {_quoted(same[0]) if same else open_}"
        yield f"# named_as = {_quoted(count.named_as)}"
        yield f"# number = {count.number}"
        if count.page:
            yield f"# page = {count.page}"
        where = f" (line {count.line})" if count.line else ""
        yield f"# statement = {_quoted(f'{count.number} {count.named_as}{where}')}"


def _without_thing(named: str) -> str:
    return named.rsplit(" ", 1)[0]


def _distinct(facts: Facts, column: str) -> list[str]:
    if facts.dataset is None:
        return []
    values: pd.Series = facts.dataset.gradings[column].dropna()
    return [str(value) for value in values.unique()]


def _more(listed: Sequence[object] | Iterable[object]) -> list[str]:
    left = len(list(listed)) - _MOST_LISTED
    return [f"and {left} more"] if left > 0 else []


def _times(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'s' * (number != 1)}"


def _quoted(text: str) -> str:
    """*text* as TOML writes it."""
    return json.dumps(text, ensure_ascii=False)
