"""One cell of a good table changed: it is refused at its place, or told at its place, or shows in the frame.

What each text must do is typed by hand below and not worked out by the package.
"""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

LETTERS = dict(
    zip(["area", "service", "team", "round", "visit_date", "domain", "grade"], "ABCDEFG", strict=True)
)

REFUSED = object()
UNGRADED = object()

#: By column: a text, and what the frame must hold for it.
ORACLE = {
    "grade": {
        "G": "G",
        "outstanding": "O",
        " inadequate ": "I",
        "RI/I": "RI / I",
        "G / O": "O / G",
        "no judgement": UNGRADED,
        "N/A": UNGRADED,
        "–": UNGRADED,
        "": REFUSED,
        "R1": REFUSED,
        "1": REFUSED,
        "I / G": REFUSED,
        "NA": REFUSED,
        "none": REFUSED,
        "Good?": REFUSED,
        "RI RI": REFUSED,
        "R I": REFUSED,
        "Go": REFUSED,
        "0": REFUSED,
        "Met": REFUSED,
        "requires": REFUSED,
    },
    "domain": {"": REFUSED, "practise": REFUSED, "1": REFUSED, "overall, practice": REFUSED},
    "team": {
        "Team Z": "Team Z",
        "NA": "NA",
        "007": "007",
        "": REFUSED,
        "=A1": REFUSED,
        "a@b.co": REFUSED,
    },
    "service": {"Care Leaving": "Care Leaving", "None": "None", "": REFUSED, "@x": REFUSED},
    "area": {"Worcester/Malvern": "Worcester/Malvern", "NULL": "NULL", "": None, "+x": REFUSED},
    "round": {"2018-19": "2018-19", "": "2017-18"},
    "visit_date": {
        "05/09/2017": pd.Timestamp(2017, 9, 5),
        "2017-09-05": pd.Timestamp(2017, 9, 5),
        "5 September 2017": pd.Timestamp(2017, 9, 5),
        "": None,
        "09/15/2017": REFUSED,
        "5/9/17": pd.Timestamp(2017, 9, 5),
        "2017": REFUSED,
        "31/09/2017": REFUSED,
        "05/09/2031": REFUSED,
        "tomorrow": REFUSED,
    },
}
EDITS = [(column, text, wanted) for column, texts in ORACLE.items() for text, wanted in texts.items()]


@pytest.fixture(params=["csv", "xlsx"])
def read(request, place, make):
    def reader(rows):
        ending = request.param
        data = make.csv(rows) if ending == "csv" else make.book_bytes(make.book({"T": rows}))
        source = make.source + f'[[files]]\nname = "t.{ending}"\nkind = "gradings"\n'
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_gradings(place(f"t.{ending}", data, source))
        return frame.set_index("source"), [each.message.problem for each in caught]

    reader.is_sheet = request.param == "xlsx"
    return reader


@pytest.mark.parametrize(("column", "text", "wanted"), EDITS)
@pytest.mark.parametrize("row", [2, 9])
def test_an_edit_never_passes_unseen(read, make, column, text, wanted, row):
    rows = [list(each) for each in make.team_rows()]
    good, told = read(rows)
    assert told == []
    rows[row - 1][list(LETTERS).index(column)] = text
    if wanted is REFUSED:
        with pytest.raises(SourceError) as caught:
            read(rows)
        places = {(problem.row, problem.column) for problem in caught.value.problems}
        named = LETTERS[column] if read.is_sheet else column
        assert places == {(row, named)}
        return
    found, _ = read(rows)
    changed = [place for place in found.index if place.endswith(f"row {row}")]
    assert len(changed) == 1
    value = found.loc[changed[0], "grade" if column == "grade" else column]
    if wanted is UNGRADED:
        assert pd.isna(value)
        assert found.loc[changed[0], "ungraded_reason"] == text
    elif wanted is None:
        assert pd.isna(value)
    else:
        assert value == wanted
    others = good.index.difference(changed)
    found, good = (frame.astype({"round": "str"}) for frame in (found, good))  # a category knows every round
    pd.testing.assert_frame_equal(found.loc[others], good.loc[others])
    rest = [name for name in good.columns if name not in (column, "ungraded_reason")]
    pd.testing.assert_frame_equal(found.loc[changed, rest], good.loc[changed, rest])


@pytest.mark.parametrize(
    ("row", "domain", "told_at"),
    [
        (2, "practice", 3),
        (2, "JOINT working", 5),
        (2, "Overall conclusion", 6),
        (9, "practice", 9),
        (9, "JOINT working", 10),
        (9, "overall", 11),
    ],
)
def test_a_domain_changed_for_another_of_the_visit_is_refused_where_it_stands_again(
    read, make, row, domain, told_at
):
    rows = [list(each) for each in make.team_rows()]
    rows[row - 1][5] = domain
    with pytest.raises(SourceError) as caught:
        read(rows)
    assert [problem.row for problem in caught.value.problems if problem.severity == "error"] == [told_at]
