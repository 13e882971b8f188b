"""One source, six formats: the same 25 cells give one frame, and no order of rows or columns matters."""

from __future__ import annotations

import random
import warnings

import pandas as pd
import pytest

import improvement_analysis as ia

FORMATS = ["csv", "xlsx", "docx", "html", "txt", "pdf"]


@pytest.fixture
def declared(root):
    return (root / "data" / "raw" / "worcestershire-2018" / "source.toml").read_text("utf-8")


def read_quietly(reader, path):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = reader(path)
    return frame, [str(each.message) for each in caught]


@pytest.mark.parametrize("ending", FORMATS)
def test_the_printed_cells_are_one_frame_in_every_format(ending, six, ds, place, declared):
    path = place(f"paper.{ending}", six[ending], declared)
    found, told = read_quietly(ia.read_published, path)
    expected = ds.published.drop(columns="source")
    pd.testing.assert_frame_equal(found.drop(columns="source"), expected)
    confirm = (
        "paper.pdf: found gradings in the text of a PDF, expected a reader's confirmation against its pages"
    )
    assert told == ([confirm] if ending == "pdf" else [])


@pytest.mark.parametrize(
    ("ending", "first", "last"),
    [
        ("csv", "paper.csv, row 2", "paper.csv, row 26"),
        ("xlsx", "paper.xlsx, sheet 'Tables', row 2", "paper.xlsx, sheet 'Tables', row 26"),
        ("docx", "paper.docx, table 1, row 2", "paper.docx, table 5, row 6"),
        ("html", "paper.html, table 1, row 2", "paper.html, table 5, row 6"),
        ("txt", "paper.txt, line 4", "paper.txt, line 44"),
        ("pdf", "paper.pdf, page 1, line 4", "paper.pdf, page 5, line 8"),
    ],
)
def test_every_cell_can_be_traced(ending, first, last, six, place, declared):
    found, _ = read_quietly(ia.read_published, place(f"paper.{ending}", six[ending], declared))
    assert (found["source"].iloc[0], found["source"].iloc[-1]) == (first, last)


@pytest.mark.parametrize("seed", range(3))
def test_the_order_of_rows_and_columns_changes_nothing(seed, printed, ds, make, place, declared):
    dice = random.Random(seed)
    order = dice.sample(range(3), 3)
    rows = [[row[i] for i in order] for row in dice.sample(printed, len(printed))]
    header = [("service", "domain", "grading")[i] for i in order]
    book = make.book_bytes(make.book({"S": [header, *rows]}))
    for name, data in (("t.csv", make.csv([header, *rows])), ("t.xlsx", book)):
        found = ia.read_published(place(name, data, declared))
        pd.testing.assert_frame_equal(found.drop(columns="source"), ds.published.drop(columns="source"))
