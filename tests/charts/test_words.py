"""Every number that a picture shows stands in its alt text and in its table, whatever the counts."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from improvement_analysis.about import About
from improvement_analysis.errors import GradingsError
from improvement_analysis.tables import ILLUSTRATIVE

MODEST = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
SHARES = {"grade_shares", "share_heatmap"}
cell = st.integers(0, 11) | st.sampled_from([0, 0, 0, 37])
tables = st.lists(st.lists(cell, min_size=8, max_size=8), min_size=2, max_size=4)


@MODEST
@given(rows=tables)
def test_every_number_shown_is_said(kit, form, rows):
    counts = kit.frame_of(rows)
    if form in SHARES and not counts.iloc[:, :-1].to_numpy().any():
        with pytest.raises(GradingsError, match="no group has 20 judged"):
            kit.build(form, counts)
        return
    chart = kit.build(form, counts, ["North", "South"], footnote="Source: page 7 of 2018.")
    shown = {number for text in kit.texts(chart) for number in kit.numbers(text.get_text())}
    assert {"7", "2018"} <= shown
    assert shown <= kit.numbers(chart.alt_text)
    assert shown <= kit.numbers(kit.plain(chart.table.html))


@MODEST
@given(rows=tables)
def test_the_number_of_squares_is_the_number_of_teams_up_to_40_in_a_row_then_a_bar_a_grade(kit, rows):
    counts = kit.frame_of(rows)
    marks = [sum(row) if sum(row) <= 40 else sum(map(bool, row[:-1])) for row in rows]
    assert len(kit.outlined(kit.build("grade_grid", counts))) == sum(marks)


def test_made_up_data_says_so_in_picture_words_and_table(kit, safeguarding, form):
    made_up = kit.build(form, safeguarding, about=About("made-up", illustrative=True))
    assert ILLUSTRATIVE in [text.get_text() for text in kit.texts(made_up)]
    assert made_up.alt_text.startswith(ILLUSTRATIVE)
    assert ILLUSTRATIVE in kit.plain(made_up.table.html)
    real = kit.build(form, safeguarding)
    assert not any("ILLUSTRATIVE" in text.get_text() for text in kit.texts(real))
    assert "ILLUSTRATIVE" not in real.alt_text + real.table.html


def test_the_caller_s_words_replace_the_generated_ones(kit, safeguarding, form):
    chart = kit.build(form, safeguarding, title="A title", subtitle="A subtitle", footnote="A source")
    drawn = [text.get_text() for text in kit.texts(chart)]
    assert {"A title", "A subtitle", "A source"} <= set(drawn)
    assert chart.title == "A title"
    for words in ("A title.", "A subtitle.", "A source."):
        assert words in chart.alt_text


def test_nothing_is_given_as_a_percentage(kit, safeguarding, form):
    chart = kit.build(form, safeguarding)
    assert "%" not in chart.alt_text + kit.plain(chart.table.html)
    assert not any("%" in text.get_text() for text in kit.texts(chart))
