"""Every example in docs/methods.md runs."""

import doctest
from pathlib import Path

import pytest

METHODS = Path(__file__).parents[1] / "docs" / "methods.md"


def test_every_example_runs():
    text = METHODS.read_text(encoding="utf-8")
    lines = ["" if line.startswith("```") else line for line in text.splitlines()]
    found = doctest.DocTestParser().get_doctest("\n".join(lines), {}, METHODS.name, str(METHODS), 0)
    assert len(found.examples) > 30
    ran = doctest.DocTestRunner().run(found)
    assert ran.failed == 0


@pytest.mark.parametrize("name", __import__("improvement_analysis.statistics", fromlist=["x"]).__all__)
def test_every_function_is_described(name):
    if name[0].islower():
        assert name in METHODS.read_text(encoding="utf-8")
