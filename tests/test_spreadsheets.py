"""What a spreadsheet would run is marked in every CSV file, and our own reader gives back what was meant."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from improvement_analysis.sources.formats.csv_file import split_text
from improvement_analysis.spreadsheets import guard, unguard, write_csv

#: How a text may begin that is a formula, or becomes one once what cannot be seen is passed over.
BEGINNINGS = [
    "=",
    "+",
    "@",
    "-",
    "＝",
    "＋",
    "－",
    "＠",
    "\t",
    "\r",
    " =",
    "\u200b=",
    "\ufeff@",
    "'=",
    "''-",
    "",
]
TEXTS = st.builds(
    str.__add__,
    st.sampled_from(BEGINNINGS),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8),
)


#: What a spreadsheet would run.
FORMULAS = [
    "=1+1",
    "+A1",
    "@SUM(A1)",
    "-cmd",
    "\tx",
    "\rx",
    "\n=1",
    "＝1",
    "＋A",
    "－A",
    "＠A",
    "−A",
    "+44 1905",
]
FORMULAS += ["-2+3+cmd|' /C calc'!A0", " =1+1", "- as children said", "\u200b=1", "\u00a0=1"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_a_spreadsheet_would_run_has_an_apostrophe_before_it(text):
    assert guard(text) == f"'{text}"
    assert guard(f"'{text}") == f"''{text}"


@pytest.mark.parametrize("text", ["", "RI / I", "-", "–", "-2", "+2", "-0.5", "-12%", "A-1", "'tis", "1 = 1"])
def test_what_it_would_not_run_stays_as_it_is(text):
    assert guard(text) == unguard(text) == text


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=5), TEXTS)
def test_every_text_is_read_back_as_it_was(rows, heading):
    table = pd.DataFrame(rows, columns=[f"{heading}x", "second"]).assign(first="x")
    grid = split_text("t.csv", write_csv(table[["first", f"{heading}x", "second"]])).grids[0]
    assert grid.columns == [
        ["first", *table["first"]],
        [f"{heading}x", *table[f"{heading}x"]],
        ["second", *table["second"]],
    ]
