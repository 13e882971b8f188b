"""Every form, ready to be drawn from any counts, and what a test asks of a drawn chart."""

from __future__ import annotations

import re
from html import unescape

import numpy as np
import pandas as pd
import pytest

from improvement_analysis import charts
from improvement_analysis.actions import STATUSES
from improvement_analysis.scale import OFSTED

GRADES = list(OFSTED.columns)
DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]
LABELS = {
    "allocation": "Effectiveness of case allocation and workload management arrangements",
    "practice": "Quality of practice and direct work with children and families including recording",
    "monitoring": "Quality of performance monitoring and supervisory arrangements",
    "joint_working": "Effectiveness of joint working between social care and other agencies",
    "overall": "Overall conclusion",
}
SAFEGUARDING = [
    [3, 0, 5, 0, 1, 0, 0, 0],
    [0, 0, 9, 0, 0, 0, 0, 0],
    [4, 0, 5, 0, 0, 0, 0, 0],
    [0, 0, 6, 0, 0, 0, 0, 3],
    [2, 0, 7, 0, 0, 0, 0, 0],
]


def frame_of(rows, keys=None, name="domain"):
    keys = DOMAINS[: len(rows)] if keys is None else keys
    return pd.DataFrame(rows, pd.Index(keys, name=name), GRADES)


def stacked(counts, keys, name):
    """The same counts for each of *keys*, which come first in the index."""
    return pd.concat(dict.fromkeys(keys, counts), names=[name])


def crossed(counts):
    """A square frame with the counts of the first two rows off and on its diagonal."""
    first, last = counts.to_numpy()[0], counts.to_numpy()[-1]
    square = np.diag(first)
    square[0] += last
    return pd.DataFrame(square, GRADES, GRADES)


def by_area(counts, names):
    areas = stacked(counts, names, "area").reorder_levels(["domain", "area"])
    return areas.loc[list(counts.index)]


def build_area_comparison(counts, names, **words):
    said = "In 12 of 18 pairings the team had the higher grade, in 6 equal, in none lower (p = 0.13)."
    result = pd.DataFrame({"sentence": said, "strata_used": "Safeguarding; Care Leaving"}, counts.index)
    labels = {**LABELS, **words.pop("labels", {})}
    return charts.area_comparison(
        by_area(counts, names), focus=names[0], comparison=result, labels=labels, **words
    )


def of_actions(counts):
    """The first columns of *counts* as if they were statuses of actions; the rest is left out."""
    return counts.iloc[:, :5].set_axis([*STATUSES, "not reported"], axis=1)


def of_trace(counts):
    """The first columns of *counts* as if they were what became of recommendations."""
    return counts.iloc[:, :6].set_axis(["no action", *STATUSES, "not reported"], axis=1)


def events_of(counts, names):
    """A day for each count, as if it were one of a programme."""
    days = [pd.Timestamp(2017, 9, 1) + pd.Timedelta(days=40 * row) for row in range(len(counts))]
    ends = [day + pd.Timedelta(days=int(total)) for day, total in zip(days, counts.sum(axis=1), strict=True)]
    kinds = [("visits", "monitoring visits")[row % 2] for row in range(len(counts))]
    return pd.DataFrame({"kind": kinds, "first": days, "last": ends, "event": names[0]})


FORMS = {
    "event_timeline": lambda counts, names, **words: charts.event_timeline(events_of(counts, names), **words),
    "trace_grid": lambda counts, names, **words: charts.trace_grid(of_trace(counts), **words),
    "action_grid": lambda counts, names, **words: charts.action_grid(of_actions(counts), **words),
    "grade_grid": lambda counts, names, **words: charts.grade_grid(
        counts, headlines={counts.index[0]: "RI", counts.index[-1]: "I"}, **words
    ),
    "service_matrix": lambda counts, names, **words: charts.service_matrix(
        stacked(counts, names, "service"), headlines={(names[0], counts.index[0]): "RI / I"}, **words
    ),
    "area_comparison": build_area_comparison,
    "diverging_bars": lambda counts, names, **words: charts.diverging_bars(counts, **words),
    "team_matrix": lambda counts, names, **words: charts.team_matrix(stacked(counts, names, "team"), **words),
    "change_grid": lambda counts, names, **words: charts.change_grid(
        crossed(counts), new={"G": 2}, not_again={"I": 1}, before=names[0], after=names[-1], **words
    ),
    "agreement_grid": lambda counts, names, **words: charts.agreement_grid(
        crossed(counts), first=names[0], second=names[-1], **words
    ),
    "share_ranges": lambda counts, names, **words: charts.share_ranges(counts, **words),
    "grade_shares": lambda counts, names, **words: charts.grade_shares(counts * 20, **words),
    "share_heatmap": lambda counts, names, **words: charts.share_heatmap(counts * 20, **words),
}
LABELLED = {
    "trace_grid",
    "action_grid",
    "grade_grid",
    "service_matrix",
    "area_comparison",
    "diverging_bars",
    "share_ranges",
} | {
    "team_matrix",
    "grade_shares",
    "share_heatmap",
}


def build(form, counts, names=("Team A", "Team B"), **words):
    """A chart of *form*, with the long titles where the form takes titles."""
    if form in LABELLED:
        words.setdefault("labels", LABELS)
    return FORMS[form](counts, list(names), **words)


def texts(chart):
    """Every text on a chart that is seen."""
    from matplotlib.text import Text

    return [text for text in chart.figure.findobj(Text) if text.get_visible() and text.get_text().strip()]


def numbers(text):
    return set(re.findall(r"\d+(?:\.\d+)?", text))


def plain(html):
    """What a page shows of *html*."""
    html = re.sub(r"<style>.*?</style>", " ", html, flags=re.DOTALL)
    return unescape(re.sub(r"<[^>]*>", " ", html))


def collection(chart, gid):
    """The collection of marks called *gid*, or None."""
    from matplotlib.collections import Collection

    found = chart.figure.findobj(lambda artist: isinstance(artist, Collection) and artist.get_gid() == gid)
    return found[0] if found else None


def outlined(chart):
    """Centre and colours of every outlined square: a team each."""
    from matplotlib.colors import to_hex

    squares = collection(chart, "squares")
    if squares is None:
        return []
    edges, faces = squares.get_edgecolor(), squares.get_facecolor()
    widths = squares.get_linewidth()
    return [
        (tuple(path.vertices[:4].mean(axis=0).round(2)), to_hex(face), to_hex(edge), face[3])
        for path, edge, face, width in zip(squares.get_paths(), edges, faces, widths, strict=True)
        if width > 0
    ]


class Kit:
    """What the tests of this folder share."""

    FORMS = FORMS
    GRADES = GRADES
    LABELS = LABELS
    LABELLED = LABELLED
    frame_of = staticmethod(frame_of)
    of_actions = staticmethod(of_actions)
    stacked = staticmethod(stacked)
    build = staticmethod(build)
    texts = staticmethod(texts)
    numbers = staticmethod(numbers)
    plain = staticmethod(plain)
    collection = staticmethod(collection)
    outlined = staticmethod(outlined)


@pytest.fixture(scope="session")
def kit():
    return Kit


@pytest.fixture
def safeguarding():
    """Safeguarding as published: nine teams."""
    return frame_of(SAFEGUARDING)


def pytest_generate_tests(metafunc):
    if "form" in metafunc.fixturenames:
        metafunc.parametrize("form", list(FORMS))
