"""Text never overlaps, never touches a square, never leaves the frame: every form, every awkward case."""

from __future__ import annotations

import itertools

import pytest

from improvement_analysis import charts
from improvement_analysis.about import About
from improvement_analysis.charts import text_width
from improvement_analysis.charts.settings import steady_settings
from improvement_analysis.errors import GradingsError

#: Half a pixel of the screen's 96 an inch.
SLACK = 0.5

ONE = [[1, 0, 0, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0, 0, 1]]
SPLITS = [[1, 2, 1, 3, 1, 2, 1, 1], [2, 1, 3, 1, 2, 1, 2, 0], [0, 9, 0, 9, 0, 9, 0, 9]]
FORTY = [
    [12, 1, 20, 2, 4, 0, 1, 0],
    [40, 0, 0, 0, 0, 0, 0, 0],
    [0, 0, 8, 0, 30, 0, 2, 0],
    [0, 0, 5, 0, 0, 0, 0, 35],
]
LONG = "Worcestershire Children First Safeguarding and Support Team Nine"[:60]
UNBROKEN = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch12"
CASES = {
    "one team": (ONE, ["Team A", "Team B"]),
    "nine teams": ([[3, 0, 5, 0, 1, 0, 0, 0], [0, 0, 6, 0, 0, 0, 0, 3]], ["Team A", "Team B"]),
    "all at one grade": ([[0, 0, 9, 0, 0, 0, 0, 0]] * 5, ["Team A", "Team B"]),
    "all no judgement": ([[0, 0, 0, 0, 0, 0, 0, 9]] * 2, ["Team A", "Team B"]),
    "splits of every kind": (SPLITS, ["Team A", "Team B"]),
    "forty teams": (FORTY, ["Team A", "Team B"]),
    "forty names": ([SPLITS[0], [0, 0, 1, 0, 0, 0, 0, 0]], [f"Team {number}" for number in range(1, 41)]),
    "long names": (SPLITS, [LONG, UNBROKEN, "x"]),
    "right to left and emoji": (
        SPLITS,
        ["فريق الحماية في ورسستر", "צוות 🦊🏳️‍🌈 בדיקה", "$x_1$ <b> & \\alpha"],
    ),
}
FORMS = sorted(
    set(charts.__all__) - {"Chart"} - {name for name in charts.__all__ if name.startswith("plot_")}
)
#: Shares need judged gradings, and say so.
REFUSED = {("grade_shares", "all no judgement"), ("share_heatmap", "all no judgement")}


@pytest.fixture(scope="module")
def drawings():
    """Charts that are drawn already: several tests look at each."""
    return {}


def pytest_generate_tests(metafunc):
    if "drawn" in metafunc.fixturenames:
        pairs = [(form, case) for form in FORMS for case in CASES if (form, case) not in REFUSED]
        metafunc.parametrize("drawn", pairs, indirect=True, ids=[" ".join(pair) for pair in pairs])


@pytest.fixture
def drawn(request, kit, drawings):
    if request.param not in drawings:
        drawings[request.param] = draw_case(kit, *request.param)
    return drawings[request.param]


def draw_case(kit, form, case):
    rows, names = CASES[case]
    counts = kit.frame_of(rows)
    words = {}
    if form in kit.LABELLED:
        titles = dict(zip(counts.index, names, strict=False)) if len(names) == 3 else {}
        words["labels"] = {**kit.LABELS, **titles}
    chart = kit.build(
        form,
        counts,
        names,
        about=About("made-up", illustrative=True),
        footnote="Source: a file of 9 lines.",
        **words,
    )
    chart.figure.set_dpi(72)
    return chart


@pytest.mark.parametrize("refused", sorted(REFUSED))
def test_shares_of_nothing_are_refused(kit, refused):
    with pytest.raises(GradingsError, match="no group has 20 judged"):
        draw_case(kit, *refused)


def boxes(kit, chart):
    """Each text with its box in points of the figure, y upwards."""
    with steady_settings():
        renderer = chart.figure.canvas.get_renderer()
        return [(text, text.get_window_extent(renderer)) for text in kit.texts(chart)]


def areas(chart):
    """The boxes of all squares and bars, in points of the figure."""
    from matplotlib.collections import PolyCollection

    found = []
    for axes in chart.axes:
        for artist in axes.collections:
            if isinstance(artist, PolyCollection) and artist.get_gid() in ("squares", "headlines"):
                found += [p.get_extents(axes.transData) for p in artist.get_paths()]
        found += [patch.get_window_extent() for patch in axes.patches if patch.get_visible()]
    return found


def overlap(a, b):
    width = min(a.x1, b.x1) - max(a.x0, b.x0)
    height = min(a.y1, b.y1) - max(a.y0, b.y0)
    return width > SLACK and height > SLACK


def ink(text, box):
    """The box without the room above and below the letters that a line keeps."""
    size = text.get_fontsize()
    baseline = text.get_transform().transform(text.get_unitless_position())[1]
    return type(box).from_extents(box.x0, baseline - 0.24 * size, box.x1, baseline + 0.78 * size)


def test_texts_stay_inside_and_apart(kit, drawn):
    placed = [(text, ink(text, box)) for text, box in boxes(kit, drawn)]
    width, height = (side * 72 for side in drawn.figure.get_size_inches())
    for text, box in placed:
        assert 8 <= box.x0 <= box.x1 <= width - 8, (text.get_text(), box)
        assert 3 <= box.y0 <= box.y1 <= height - 3, (text.get_text(), box)
    for (first, a), (second, b) in itertools.combinations(placed, 2):
        assert not overlap(a, b), (first.get_text(), second.get_text(), a, b)


def test_texts_stand_inside_a_square_or_clear_of_it(kit, drawn):
    marks = areas(drawn)
    for text, box in boxes(kit, drawn):
        letters = ink(text, box)
        for mark in marks:
            inside = mark.x0 <= letters.x0 + SLACK and letters.x1 <= mark.x1 + SLACK
            assert inside or not overlap(letters, mark), (text.get_text(), letters, mark)


def test_a_text_is_no_wider_than_it_was_measured_to_be(kit, drawn):
    for text, box in boxes(kit, drawn):
        bold = text.get_fontproperties().get_weight() == "bold"
        measured = text_width.measure(text.get_text(), text.get_fontsize(), bold)
        assert box.width <= measured + 1.0, text.get_text()


def test_squares_stay_inside_the_frame(drawn):
    width, height = (side * 72 for side in drawn.figure.get_size_inches())
    for mark in areas(drawn):
        assert 8 <= mark.x0 <= mark.x1 <= width - 8
        assert 3 <= mark.y0 <= mark.y1 <= height - 3


def test_every_case_can_be_saved(drawn, tmp_path):
    for kind in ("svg", "png"):
        assert drawn.save(tmp_path / f"chart.{kind}").stat().st_size > 1000
