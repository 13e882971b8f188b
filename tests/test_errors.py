"""How a problem is said: place, found, expected, remedy; all problems at once, in order."""

from __future__ import annotations

import copy
import pickle

import pytest

from improvement_analysis.errors import (
    GradeError,
    GradingsError,
    ImprovementAnalysisError,
    Problem,
    ReportError,
    SourceError,
    SourceWarning,
    describe,
)


@pytest.mark.parametrize(
    ("where", "place"),
    [
        ({}, ""),
        ({"row": 7}, "row 7"),
        ({"column": "grade"}, "column 'grade'"),
        ({"row": 7, "column": "grade"}, "row 7, column 'grade'"),
        ({"row": 7, "column": "RI"}, "row 7, column 'RI'"),
        ({"sheet": "Team B"}, "sheet 'Team B'"),
        ({"sheet": "Team B", "row": 7}, "sheet 'Team B', row 7"),
        ({"sheet": "Team B", "row": 7, "column": "C"}, "sheet 'Team B', cell C7"),
        ({"sheet": "Team B", "row": 7, "column": "XFD"}, "sheet 'Team B', cell XFD7"),
        ({"sheet": "Team B", "row": 7, "column": "grade"}, "sheet 'Team B', row 7, column 'grade'"),
        ({"sheet": "Team B", "row": 7, "column": "É"}, "sheet 'Team B', row 7, column 'É'"),
        ({"sheet": "Team B", "column": "C"}, "sheet 'Team B', column 'C'"),
        ({"sheet": "", "row": 1, "column": "A"}, "sheet '', cell A1"),
        ({"table": 2, "row": 3, "column": "Grading"}, "table 2, row 3, column 'Grading'"),
        ({"page": 6, "line": 12}, "page 6, line 12"),
        ({"line": 12}, "line 12"),
        ({"row": 0}, "row 0"),
    ],
)
def test_a_place_is_said_as_the_reader_sees_it(where, place):
    problem = Problem("a.xlsx", "'R1'", "a grade", **where)
    assert problem.place == place
    assert str(problem) == f"a.xlsx{', ' if place else ''}{place}: found 'R1', expected a grade"


def test_a_remedy_follows_what_was_expected():
    problem = Problem("a.csv", "'R1'", "a grade", "did you mean 'RI'?")
    assert problem.message == "found 'R1', expected a grade; did you mean 'RI'?"
    assert problem.severity == "error"


def test_problems_are_sorted_by_place_and_counted_by_file():
    problems = [
        Problem("b.csv", "x", "y", row=2),
        Problem("a.xlsx", "x", "y", sheet="T", row=10, column="A"),
        Problem("a.xlsx", "x", "y", sheet="T", row=9, column="AA"),
        Problem("a.xlsx", "x", "y", sheet="T", row=9, column="B"),
        Problem("a.xlsx", "x", "y"),
        Problem("a.xlsx", "w", "y", sheet="S", row=11),
        Problem("c.pdf", "x", "y", page=10, line=1),
        Problem("c.pdf", "x", "y", page=9, line=2),
        Problem("d.docx", "x", "y", table=10, row=1),
        Problem("d.docx", "x", "y", table=2, row=5),
    ]
    error = SourceError(problems)
    assert str(error) == (
        "5 problems in a.xlsx\n"
        "  found x, expected y\n"
        "  sheet 'S', row 11: found w, expected y\n"
        "  sheet 'T', cell B9: found x, expected y\n"
        "  sheet 'T', cell AA9: found x, expected y\n"
        "  sheet 'T', cell A10: found x, expected y\n"
        "1 problem in b.csv\n"
        "  row 2: found x, expected y\n"
        "2 problems in c.pdf\n"
        "  page 9, line 2: found x, expected y\n"
        "  page 10, line 1: found x, expected y\n"
        "2 problems in d.docx\n"
        "  table 2, row 5: found x, expected y\n"
        "  table 10, row 1: found x, expected y"
    )
    assert SourceError(reversed(problems)).problems == error.problems


def test_problems_at_one_place_have_one_order():
    one, other = Problem("a.csv", "x", "y", row=2), Problem("a.csv", "w", "y", row=2)
    assert SourceError([one, other]).problems == SourceError([other, one]).problems == (other, one)


def test_warnings_are_told_apart_from_problems():
    problems = [Problem("a.csv", "x", "y", row=2, severity="warning"), Problem("a.csv", "x", "y", row=3)]
    assert describe(problems) == (
        "1 problem and 1 warning in a.csv\n"
        "  warning: row 2: found x, expected y\n"
        "  row 3: found x, expected y"
    )
    assert describe(problems[:1] * 2).splitlines()[0] == "2 warnings in a.csv"
    assert describe([Problem("a.csv", "x", "y", severity="warning")]).splitlines()[1] == (
        "  warning: found x, expected y"
    )
    assert describe([]) == ""


def test_an_error_without_a_problem_is_a_fault_of_ours():
    with pytest.raises(ValueError, match=r"^a SourceError needs at least one problem$"):
        SourceError([])


def test_a_source_error_survives_copying_and_another_process():
    error = SourceError([Problem("a.csv", "x", "y", row=2)])
    for again in (copy.copy(error), pickle.loads(pickle.dumps(error))):
        assert (type(again), again.problems, str(again)) == (SourceError, error.problems, str(error))


def test_a_source_warning_carries_its_problem():
    problem = Problem("a.csv", "x", "y", row=2, severity="warning")
    warning = SourceWarning(problem)
    assert warning.problem is problem
    assert str(warning) == "a.csv, row 2: found x, expected y"


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (("no such grade",), "no such grade"),
        (("'R1'", "a grade"), "found 'R1', expected a grade"),
        (("'R1'", "a grade", "try RI"), "found 'R1', expected a grade; try RI"),
    ],
)
def test_a_grade_error_is_its_parts(parts, said):
    error = GradeError(*parts)
    assert str(error) == said
    assert (error.found, error.expected, error.remedy) == (*parts, "", "")[:3]
    assert str(pickle.loads(pickle.dumps(error))) == said


@pytest.mark.parametrize("kind", [GradeError, GradingsError, ReportError, SourceError])
def test_every_error_of_ours_can_be_caught_at_once(kind):
    assert issubclass(kind, ImprovementAnalysisError)
    assert issubclass(kind, ValueError) is (kind in (GradeError, GradingsError))
