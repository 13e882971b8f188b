"""The colours: contrast, order of lightness, and what is left of them for a colour-blind reader."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from improvement_analysis import palette
from improvement_analysis.errors import GradeError
from improvement_analysis.scale import OFSTED, Scale

#: Least distance of two grades' fills (CIE 1976, Delta E*ab), whoever looks at them.
SEPARATION = 27.0

# Machado, Oliveira and Fernandes (2009), table 1, severity 1.0: matrices for linear RGB.
DEFICIENCIES = {
    "none": np.eye(3),
    "protanopia": [
        [0.152286, 1.052583, -0.204868],
        [0.114503, 0.786281, 0.099216],
        [-0.003882, -0.048116, 1.051998],
    ],
    "deuteranopia": [
        [0.367322, 0.860646, -0.227968],
        [0.280085, 0.672501, 0.047413],
        [-0.011820, 0.042940, 0.968881],
    ],
    "tritanopia": [
        [1.255528, -0.076749, -0.178779],
        [-0.078411, 0.930809, 0.147602],
        [0.004733, 0.691367, 0.303900],
    ],
}
TRAFFIC_LIGHT = ["#d4351c", "#f47738", "#00703c"]

THREE = Scale(("No", "Part", "Yes"), ("Not met", "Partly met", "Met"), good="Yes")
FIVE = Scale(("E", "D", "C", "B", "A"), ("Worst", "Poor", "Middling", "Fine", "Best"), good="B")


def linear(colour):
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb):
    """CIE L*a*b* of linear sRGB under D65."""
    matrix = [
        [0.4124564, 0.3575761, 0.1804375],
        [0.2126729, 0.7151522, 0.0721750],
        [0.0193339, 0.1191920, 0.9503041],
    ]
    xyz = np.array(matrix) @ rgb / np.array([0.95047, 1.0, 1.08883])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


def least_separation(colours, deficiency):
    seen = [lab(np.clip(np.array(DEFICIENCIES[deficiency]) @ linear(colour), 0, 1)) for colour in colours]
    return min(float(np.linalg.norm(a - b)) for a, b in itertools.combinations(seen, 2))


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_grades_stay_apart_for_every_reader(deficiency):
    assert least_separation(palette.fills().values(), deficiency) >= SEPARATION


def test_red_amber_and_green_would_not_pass():
    assert least_separation(TRAFFIC_LIGHT, "protanopia") < SEPARATION


def test_the_colours_are_the_agreed_ones():
    assert palette.fills() == {"I": "#4f0b35", "RI": "#b5500d", "G": "#7fabdf", "O": "#e6f2f8"}
    assert (palette.INK, palette.SECONDARY, palette.BAND) == ("#0b0c0c", "#505a5f", "#f3f2f1")


@pytest.mark.parametrize("scale", [OFSTED, THREE, FIVE])
def test_lightness_rises_with_the_grade(scale):
    lightness = [palette.lightness(colour) for colour in palette.fills(scale).values()]
    assert all(worse + 8 < better for worse, better in itertools.pairwise(lightness))


@pytest.mark.parametrize("scale", [OFSTED, THREE, FIVE])
def test_letters_can_be_read_on_their_grade(scale):
    for colour in palette.fills(scale).values():
        assert palette.contrast(palette.letter(colour), colour) >= 4.5


@pytest.mark.parametrize("ground", [palette.WHITE, palette.BAND])
def test_text_and_outline_can_be_read_on_the_page(ground):
    assert palette.contrast(palette.INK, ground) >= 7
    assert palette.contrast(palette.SECONDARY, ground) >= 4.5


def test_contrast_is_that_of_the_guidelines():
    assert palette.contrast("#ffffff", "#000000") == pytest.approx(21.0)
    assert palette.contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_hue_tells_the_side_of_good():
    below = [palette.fills(FIVE)[code] for code in "EDC"]
    upwards = [palette.fills(FIVE)[code] for code in "BA"]
    assert all(int(c[1:3], 16) > int(c[5:7], 16) for c in below)
    assert all(int(c[1:3], 16) < int(c[5:7], 16) for c in upwards)


def test_a_split_has_the_colours_of_both_its_ends():
    assert palette.fill("G / RI") == ("#b5500d", "#7fabdf")
    assert palette.fill("G") == ("#7fabdf", "#7fabdf")


def test_what_is_no_grade_has_no_colour():
    with pytest.raises(GradeError, match="'RI\\?' is not a grade"):
        palette.fill("RI?")


def test_the_style_file_has_the_palette_and_changes_nothing_on_import():
    import matplotlib as mpl
    import matplotlib.style

    before = {key: mpl.rcParams[key] for key in ("axes.prop_cycle", "font.family", "savefig.bbox")}
    with matplotlib.style.context("improvement_analysis.improvement"):
        assert mpl.rcParams["axes.prop_cycle"].by_key()["color"] == list(palette.fills().values())
        assert mpl.rcParams["font.family"] == ["DejaVu Sans"]
        assert mpl.rcParams["text.parse_math"] is False
        assert mpl.rcParams["savefig.bbox"] is None
    assert {key: mpl.rcParams[key] for key in before} == before


@pytest.mark.parametrize("deficiency", DEFICIENCIES)
def test_what_is_done_has_the_colour_of_no_grade_and_is_read_by_its_form_too(deficiency):
    """Not as far apart as two grades are: a closed action is told by its tick and its column as well."""
    for fill in (*palette.fills().values(), palette.WHITE):
        assert least_separation([palette.DONE, fill], deficiency) >= 15
    assert palette.contrast(palette.DONE, palette.WHITE) >= 7
