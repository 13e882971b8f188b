"""The action grid: squares that fill as actions get done, and that nobody takes for grades."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_hex

from improvement_analysis import charts, palette
from improvement_analysis.actions import STATUSES
from improvement_analysis.errors import GradingsError

COLUMNS = [*STATUSES, "not reported"]
ROWS = [[2, 3, 1, 0, 4], [1, 2, 6, 1, 0]]


def quarters(rows, names=("2017-18 Q3", "2017-18 Q4")):
    return pd.DataFrame(rows, pd.Index(list(names), name="quarter"), COLUMNS)


@pytest.fixture
def chart():
    return charts.action_grid(quarters(ROWS))


def letters(chart):
    found = [c for c in chart.axes[0].collections if (c.get_gid() or "").startswith("letters")]
    return {c.code: len(c.get_offsets()) for c in found}


def test_one_square_is_one_action_with_the_mark_of_its_status(kit, chart):
    assert len(kit.outlined(chart)) == 20
    assert letters(chart) == {"\u2713": 7, "\u2715": 1, "?": 4}
    faces = Counter(to_hex(face) for face in kit.collection(chart, "squares").get_facecolor())
    assert faces[palette.DONE] == 7 + 5


def test_an_action_in_progress_is_half_filled_from_below(kit):
    chart = charts.action_grid(quarters([[0, 1, 0, 0, 0]], ["2017-18 Q3"]))
    squares = kit.collection(chart, "squares")
    boxes = {
        to_hex(face): path.vertices[:4]
        for face, path in zip(squares.get_facecolor(), squares.get_paths(), strict=True)
        if face[3]
    }
    whole, filled = boxes[palette.WHITE], boxes[palette.DONE]
    assert np.ptp(filled[:, 1]) == np.ptp(whole[:, 1]) / 2
    assert filled[:, 1].max() == whole[:, 1].max()  # y runs down


def test_no_mark_has_the_colour_of_a_grade(kit, chart):
    faces = {to_hex(face) for face in kit.collection(chart, "squares").get_facecolor() if face[3]}
    assert faces == {palette.WHITE, palette.DONE}
    assert not faces & set(palette.fills().values())


def test_every_status_keeps_its_column_and_nobody_s_is_a_zero(kit):
    chart = charts.action_grid(quarters([[0, 0, 0, 0, 1]], ["2017-18 Q3"]))
    words = [text.get_text() for text in kit.texts(chart)]
    assert words.count("0") == 4
    assert {"Closed", "Stopped"} <= set(words)
    assert len(kit.outlined(chart)) == 1


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        (ROWS, "At the end of 2017-18 Q4, 6 of 10 actions were closed, 1 stopped, 3 still to do"),
        ([[0, 0, 0, 0, 1]], "At the end of 2017-18 Q3, none of 1 action was closed, 1 not reported on"),
        ([[0, 0, 1, 0, 0]], "At the end of 2017-18 Q3, 1 of 1 action was closed"),
        ([[0, 0, 0, 0, 0]], "At the end of 2017-18 Q3, no action was planned"),
    ],
)
def test_the_title_is_how_things_stood_at_last(rows, title):
    assert charts.action_grid(quarters(rows, ["2017-18 Q3", "2017-18 Q4"][: len(rows)])).title == title


def test_rows_of_services_are_added_up_in_the_title():
    counts = quarters(ROWS).set_axis(pd.Index(["Safeguarding", "Care Leaving"], name="service"))
    chart = charts.action_grid(counts, subject="Anyshire")
    assert chart.title == "Anyshire: 7 of 20 actions were closed, 1 stopped, 8 still to do, 4 not reported on"


def test_the_table_has_every_number_and_its_sum(chart):
    assert chart.table.frame.columns.tolist() == [
        "Quarter", "Not started", "In progress", "Closed", "Stopped", "Not reported", "Actions"
    ]  # fmt: skip
    assert chart.table.frame.iloc[1].tolist() == ["2017-18 Q4", "1", "2", "6", "1", "0", "10"]


@pytest.mark.parametrize(
    ("counts", "said"),
    [
        (
            quarters(ROWS).drop(columns="stopped"),
            "have the columns not started, in progress, closed, not repor",
        ),
        (quarters(ROWS).iloc[:0], "counts have no row"),
        (quarters([[1.5, 0, 0, 0, 0]], ["q"]), "not a whole number"),
        (quarters(ROWS, ["q", "q"]), "counts name 'q' twice"),
        (
            pd.concat({"S": quarters(ROWS)}, names=["service"]),
            "by one column, such as quarter; found service",
        ),
    ],
)
def test_what_are_no_counts_of_actions_is_refused(counts, said):
    with pytest.raises(GradingsError, match=said):
        charts.action_grid(counts)
