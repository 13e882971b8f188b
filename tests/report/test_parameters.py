"""Parameters: what is not declared is refused, and so is what is not of its type."""

import nbformat
import pytest

from improvement_analysis.errors import ReportError
from improvement_analysis.report.planning.parameters import (
    Parameter,
    check_parameters,
    parse_value,
    read_parameters,
)

CELL = """\
from typing import Optional

service: str = "Safeguarding"  # as the dataset spells it
least: int = 2  # teams, with a '=' in its help
area: str | None = None
day: Optional[str] = None  # the last
draw: bool = True
share: float = 0.5
"""


def notebook(*sources, tag="parameters"):
    cells = [nbformat.v4.new_code_cell(source, metadata={"tags": [tag]}) for source in sources]
    return nbformat.v4.new_notebook(cells=cells)


def test_reads_name_type_default_and_help():
    assert read_parameters(notebook(CELL), "x") == {
        "service": Parameter("service", "str", "Safeguarding", "as the dataset spells it"),
        "least": Parameter("least", "int", 2, "teams, with a '=' in its help"),
        "area": Parameter("area", "str", None, "", optional=True),
        "day": Parameter("day", "str", None, "the last", optional=True),
        "draw": Parameter("draw", "bool", True, ""),
        "share": Parameter("share", "float", 0.5, ""),
    }


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("service = 'x'", "found \"service = 'x'\" in the parameters cell, expected 'name: type = value'"),
        ("service: str", "found 'service: str' in the parameters cell"),
        ("import os", "found 'import os' in the parameters cell"),
        ("service: str = open('x').read()", "expected a plain value after '='"),
        ("service: list = []", "expected one of str, int, float, bool, or Optional[] of it"),
        ("service: int | str = 1", "expected one of str, int, float, bool, or Optional[] of it"),
        ("service: Optional[list] = None", "expected one of str, int, float, bool, or Optional[] of it"),
        ("from typing import Any", "found 'from typing import Any' in the parameters cell"),
        ("from os import path as Optional", "found 'from os import path as Optional' in the parameters cell"),
        ("service: int = 'x'", "whose value is not of its type"),
        ("service: str = None", "whose value is not of its type"),
        ("service: bool = 1", "whose value is not of its type"),
        ("service: = 1", "the parameters cell is not Python"),
    ],
)
def test_refuses_a_cell_that_is_more_than_declarations(source, message):
    with pytest.raises(ReportError) as fault:
        read_parameters(notebook(source), "x")
    assert message in str(fault.value)


@pytest.mark.parametrize(("made", "count"), [(notebook(tag="other"), 0), (notebook(CELL, CELL), 2)])
def test_refuses_a_notebook_without_one_tagged_cell(made, count):
    with pytest.raises(ReportError, match=f"x: found {count} cells tagged 'parameters', expected one"):
        read_parameters(made, "x")


DECLARED = read_parameters(notebook(CELL), "x")


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (
            {"servce": "a"},
            "unknown parameter 'servce'; did you mean 'service'? "
            "findings declares 'service', 'least', 'area', 'day', 'draw', 'share'",
        ),
        ({"least": "2"}, "parameter 'least': found '2', expected a whole number"),
        ({"least": True}, "parameter 'least': found True, expected a whole number"),
        ({"area": 1}, "parameter 'area': found 1, expected text or nothing"),
        ({"service": None}, "parameter 'service': found None, expected text"),
        (
            {"service": "\ud800"},
            "parameter 'service': found '\\ud800', expected text that can be written as UTF-8",
        ),
        (
            {"service": "a\x00b"},
            "parameter 'service': found 'a\\x00b', expected text that can be written as UTF-8",
        ),
        ({"x = 1; y": "a"}, "unknown parameter 'x = 1; y'; "),
    ],
)
def test_refuses_what_does_not_fit(given, message):
    with pytest.raises(ReportError) as fault:
        check_parameters(given, DECLARED, "findings")
    assert message in str(fault.value)


def test_all_that_does_not_fit_is_told_at_once():
    with pytest.raises(ReportError, match=r"'servce'.*; parameter 'least'"):
        check_parameters({"servce": "a", "least": "2"}, DECLARED, "findings")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("service", "2", "2"),
        ("least", "2", 2),
        ("draw", "False", False),
        ("area", "none", None),
        ("share", "1", 1.0),
    ],
)
def test_a_text_becomes_a_value_of_the_declared_type(name, text, value):
    assert parse_value(text, DECLARED[name]) == value
    assert type(parse_value(text, DECLARED[name])) is type(value)


@pytest.mark.parametrize(("name", "text"), [("least", "two"), ("draw", "yes"), ("share", "a half")])
def test_a_text_of_another_type_is_refused(name, text):
    with pytest.raises(ReportError, match=f"parameter {name!r}: found {text!r}, expected"):
        parse_value(text, DECLARED[name])
