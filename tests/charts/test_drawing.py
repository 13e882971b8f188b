"""The light texts and letters land where matplotlib's own, slower ones would."""

from __future__ import annotations

import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from improvement_analysis.charts.chart import Chart
from improvement_analysis.charts.drawing import figure_of
from improvement_analysis.charts.settings import steady_settings
from improvement_analysis.charts.sheet import Run, Sheet


def ink(figure, ground="white"):
    """The box of everything that is unlike the ground, in pixels from the upper left corner."""
    figure.set_facecolor(ground)
    with steady_settings():
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        pixels = np.asarray(canvas.buffer_rgba())[..., 2].astype(int)
    drawn = np.abs(pixels - pixels[0, 0]) > 100
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    return np.array([columns[0], rows[0], columns[-1], rows[-1]])


@pytest.mark.parametrize("align", ["left", "center", "right"])
@pytest.mark.parametrize("bold", [False, True])
def test_a_line_is_drawn_where_a_text_would_be(align, bold):
    sheet = Sheet(400.0, runs=[Run(200.0, 60.0, "Requires improvement", 14.0, bold, "#000000", align)])
    light = figure_of(sheet, 100.0)
    plain = figure_of(Sheet(400.0), 100.0)
    weight = "bold" if bold else "normal"
    plain.axes[0].add_artist(
        Text(
            200.0, 60.0, "Requires improvement", fontsize=14.0, weight=weight, ha=align, family="DejaVu Sans"
        )
    )
    assert np.abs(ink(light) - ink(plain)).max() <= 2


def test_letters_stand_in_the_middle_of_their_square():
    sheet = Sheet(400.0)
    sheet.square(100.0, 20.0, 60.0, "RI", lettered=True)
    sheet.squares.clear()
    figure = figure_of(sheet, 100.0)
    left, top, right, bottom = ink(figure, ground="#b5500d")
    scale = figure.dpi / 72
    assert (left + right) / 2 == pytest.approx(130 * scale, abs=1.5)
    assert (top + bottom) / 2 == pytest.approx(50 * scale, abs=1.5)


def test_the_svg_places_a_text_by_its_anchor():
    runs = [
        Run(200.0, 60.0, "one", 14.0, False, "#000000", "right"),
        Run(30.0, 20.0, "two", 9.0, True, "#000000", "left"),
    ]
    chart = Chart(figure_of(Sheet(400.0, runs=runs), 100.0), title="t", alt_text="a", table=None)
    assert re.search(r'text-anchor: end[^>]*><text x="200" y="60">one</text>', chart.svg)
    assert re.search(r'font-weight: 700[^>]*><text x="30" y="20">two</text>', chart.svg)


def test_letters_in_the_svg_are_centred_text():
    sheet = Sheet(400.0)
    sheet.square(100.0, 20.0, 60.0, "RI", lettered=True)
    chart = Chart(figure_of(sheet, 100.0), title="t", alt_text="a", table=None)
    (x, y), size = _found(chart.svg)
    assert 100 < x < 130
    assert 50 < y < 80
    assert size == pytest.approx(30.0)


def _found(svg):
    size = re.search(r'font-size: ([\d.]+)px[^>]*><text x="([\d.]+)" y="([\d.]+)">RI</text>', svg)
    return (float(size[2]), float(size[3])), float(size[1])
