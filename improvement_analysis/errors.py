"""What can go wrong with data, said so that a lead can mend it in one sitting.

A :class:`Problem` names file, place, what was found, what was expected and how to mend it. Readers collect
problems and raise one :class:`SourceError` that holds them all; what can be lived with travels beside the
data as a :class:`SourceWarning`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass, replace
from typing import Generic, Literal, TypeVar

__all__ = [
    "GradeError",
    "GradingsError",
    "ImprovementAnalysisError",
    "Problem",
    "Reading",
    "ReportError",
    "SourceError",
    "SourceWarning",
]

#: Of one column of a table so many problems are gathered; the rest would be more of the same.
MOST_PROBLEMS = 1_000

#: So many problems of one kind are told one by one; of more the first is told, with the next places.
MOST_OF_A_KIND, MOST_NAMED = 20, 4

Severity = Literal["error", "warning"]
T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True)
class Problem:
    """One thing wrong at one place of a source.

    Attributes
    ----------
    file
        Name of the file, as the reader of the message knows it.
    found, expected
        What stands there, and what should. *found* is printed as it is: quote a value with ``repr``.
    remedy
        How to mend it, as a clause; may be empty where *expected* says it all.
    sheet, row, column
        Where. *row* counts as a spreadsheet shows it (the header is row 1); *column* is a letter such as
        ``"C"`` where there are cells, otherwise the column's heading. Missing where the place is the file.
    severity
        ``"error"`` stops the reading, ``"warning"`` does not.
    table, page, line
        Where in a document: the table counted from 1, the page, the line. Missing where there is none.
    note
        Whether a warning only tells how the file was read, such as a column that nobody asked for. It bears
        on no finding: it is listed under data quality and is no caveat.

    Examples
    --------
    >>> print(Problem("forms.xlsx", "'R1'", "a grade", sheet="Team B", row=7, column="C"))
    forms.xlsx, sheet 'Team B', cell C7: found 'R1', expected a grade
    """

    file: str
    found: str
    expected: str
    remedy: str = ""
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    severity: Severity = "error"
    table: int | None = None
    page: int | None = None
    line: int | None = None
    note: bool = False

    @property
    def place(self) -> str:
        """Where in the file, in words; empty where the place is the whole file."""
        parts = [f"sheet {self.sheet!r}"] if self.sheet is not None else []
        counted = {"page": self.page, "table": self.table, "line": self.line, "row": self.row}
        parts += [f"{what} {number}" for what, number in counted.items() if number is not None]
        if self.column is not None:
            if self.sheet is not None and self.row is not None and _is_letter(self.column):
                parts[-1] = f"cell {self.column}{self.row}"
            else:
                parts.append(f"column {self.column!r}")
        return ", ".join(parts)

    @property
    def message(self) -> str:
        """What is wrong, without the place."""
        said = f"found {self.found}, expected {self.expected}"
        return f"{said}; {self.remedy}" if self.remedy else said

    @property
    def sort_key(self) -> tuple[str, str, int, int, int, int, str, str]:
        """Order by place: file, sheet, page, table, line, row, column; at one place by what is said."""
        numbers = (self.page or 0, self.table or 0, self.line or 0, self.row or 0)
        return (self.file, self.sheet or "", *numbers, (self.column or "").rjust(3), self.message)

    def __str__(self) -> str:
        where = f"{self.file}, {self.place}" if self.place else self.file
        return f"{where}: {self.message}"


@dataclass(slots=True)
class Reading(Generic[T_co]):
    """What one text says: a value, or what is wrong with it, or both where that is only a warning.

    A *note* is a warning of how texts of a column were read, told once for all of them.
    """

    value: T_co | None = None
    found: str = ""
    expected: str = ""
    remedy: str = ""
    severity: Severity = "error"
    note: bool = False

    @property
    def is_error(self) -> bool:
        """Whether there is no value to go on with."""
        return bool(self.found) and self.severity == "error"


def _is_letter(column: str) -> bool:
    return column.isascii() and column.isalpha() and column.isupper() and len(column) <= 3


class ImprovementAnalysisError(Exception):
    """Base of every error that is the user's to mend: shown as a message, never as a traceback."""


class GradeError(ImprovementAnalysisError, ValueError):
    """A text that is not a grade, a tally or a headline of the scale.

    Attributes
    ----------
    found, expected, remedy : str
        The parts of the message, for a reader that knows the place; empty where the message says all.

    Examples
    --------
    >>> str(GradeError("'R1'", "a grade", "did you mean 'RI'?"))
    "found 'R1', expected a grade; did you mean 'RI'?"
    """

    def __init__(self, found: str, expected: str = "", remedy: str = "") -> None:
        self.found, self.expected, self.remedy = found, expected, remedy
        super().__init__(found, expected, remedy)

    def __str__(self) -> str:
        if not self.expected:
            return self.found
        said = f"found {self.found}, expected {self.expected}"
        return f"{said}; {self.remedy}" if self.remedy else said


class GradingsError(ImprovementAnalysisError, ValueError):
    """A question the gradings at hand cannot answer, such as a service they do not hold."""


class ReportError(ImprovementAnalysisError):
    """A report that cannot be planned or run as asked."""


class SourceError(ImprovementAnalysisError):
    """A source that cannot be read as gradings, with every problem found in it.

    Attributes
    ----------
    problems : tuple of Problem
        Sorted by place; never empty.

    Examples
    --------
    >>> print(SourceError([Problem("a.csv", "'R1'", "a grade", row=3, column="grade")]))
    1 problem in a.csv
      row 3, column 'grade': found 'R1', expected a grade
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(problems, key=lambda problem: problem.sort_key))
        if not self.problems:
            raise ValueError("a SourceError needs at least one problem")
        super().__init__(describe(self.problems))

    def __reduce__(self) -> tuple[type[SourceError], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class SourceWarning(UserWarning):
    """Something in a source that does not stop the reading but should be known.

    Attributes
    ----------
    problem : Problem
    """

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(str(problem))


def condense(problems: Iterable[Problem], kind: Callable[[Problem], Hashable] | None = None) -> list[Problem]:
    """Problems as they are; of more than a few of one kind in a file the first, with their number and places.

    Parameters
    ----------
    problems
        Any.
    kind
        What problems of one kind have in common; by default all but their row.

    Examples
    --------
    >>> many = [Problem("a.csv", "'R1'", "a grade", row=row) for row in range(2, 40)]
    >>> print(*condense(many))
    a.csv, row 2: found 'R1' and 37 more of its kind (row 3, row 4, row 5, row 6; 33 more), expected a grade
    """
    kinds: dict[Hashable, list[Problem]] = {}
    for problem in problems:
        same = kind(problem) if kind else (problem.severity, problem.sheet, problem.column, problem.message)
        kinds.setdefault((problem.file, same), []).append(problem)
    return [
        problem
        for alike in kinds.values()
        for problem in (alike if len(alike) <= MOST_OF_A_KIND else [_one_for(alike)])
    ]


def _one_for(alike: list[Problem]) -> Problem:
    """One problem in the place of many of its kind."""
    first, *others = alike
    places = [other.place.rpartition(", column")[0] or other.place for other in others[:MOST_NAMED]]
    least = "at least " if len(alike) >= MOST_PROBLEMS else ""
    left = f"; {len(others) - MOST_NAMED:,} more" if len(others) > MOST_NAMED else ""
    return replace(
        first, found=f"{first.found} and {least}{len(others):,} more of its kind ({', '.join(places)}{left})"
    )


def describe(problems: Iterable[Problem]) -> str:
    """All problems as text, grouped by file: a line that counts them, then a line each.

    Examples
    --------
    >>> print(describe([Problem("a.csv", "an odd date", "another", row=2, severity="warning")]))
    1 warning in a.csv
      warning: row 2: found an odd date, expected another
    """
    by_file: dict[str, list[Problem]] = {}
    for problem in sorted(problems, key=lambda problem: problem.sort_key):
        by_file.setdefault(problem.file, []).append(problem)
    lines = []
    for file, found in by_file.items():
        lines.append(f"{_counted(found)} in {file}")
        for problem in found:
            kind = "warning: " if problem.severity == "warning" else ""
            place = f"{problem.place}: " if problem.place else ""
            lines.append(f"  {kind}{place}{problem.message}")
    return "\n".join(lines)


def _counted(problems: list[Problem]) -> str:
    warnings = sum(problem.severity == "warning" for problem in problems)
    kinds = (("problem", len(problems) - warnings), ("warning", warnings))
    return " and ".join(f"{n} {kind}{'s' * (n != 1)}" for kind, n in kinds if n)
