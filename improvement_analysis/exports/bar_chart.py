"""Counts as a native bar chart that can be edited on the slide: a bar a domain, a piece a grade."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from improvement_analysis.charts import text_width
from improvement_analysis.exports.packing import printable
from improvement_analysis.palette import INK, WHITE, fill, letter
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sentences import describe_row, shown_grades

__all__ = ["MOST_BARS", "describe_bars", "draw_bars"]

#: More bars than these go on another slide.
MOST_BARS = 8

#: The part of the chart that the bars take: left, top, width, height. The words stand to their left.
_PLOT = (0.30, 0.02, 0.68, 0.80)
#: The share of the height that a mark over the bars takes.
_MARKED = 0.09
_SIZES = (18, 16, 14, 12)
_LEGEND = 14
#: Arial in bold is narrower than the font that texts are measured in by this much.
_NARROWER = 0.85


def describe_bars(counts: pd.DataFrame, labels: Mapping[str, str], scale: Scale) -> str:
    """The chart in words, with every number in it.

    Examples
    --------
    >>> from improvement_analysis.scale import OFSTED
    >>> counts = pd.DataFrame([[3, 0, 5, 0, 1, 0, 0, 0]], ["allocation"], OFSTED.columns)
    >>> describe_bars(counts, {"allocation": "Case allocation"}, OFSTED)
    'Stacked bars, number of teams at each grade. Case allocation: 3 inadequate, 5 requires improvement,
     1 good, 0 outstanding, 0 no judgement.'
    """
    grades = shown_grades(counts, scale)
    rows = (
        f"{labels.get(str(key), str(key))}: {describe_row(row, grades=grades, scale=scale)}."
        for key, row in counts.iterrows()
    )
    return " ".join(["Stacked bars, number of teams at each grade.", *rows])


def draw_bars(
    shapes: Any,
    box: tuple[float, float, float, float],
    counts: pd.DataFrame,
    labels: Mapping[str, str],
    scale: Scale,
    mark: str = "",
) -> Any:
    """Add the chart to the shapes of a slide.

    Parameters
    ----------
    shapes
        Of a slide of python-pptx.
    box
        Left, top, width and height in points.
    counts : DataFrame of int, domains x grades
        At most :data:`MOST_BARS` rows.
    labels
        Words for the domains.
    mark
        Stands over the bars, so that it goes with the chart wherever it is copied.
    """
    from pptx.chart.data import CategoryChartData
    from pptx.enum.chart import XL_CHART_TYPE
    from pptx.util import Pt

    grades = [*shown_grades(counts, scale), NO_JUDGEMENT]
    data = CategoryChartData(number_format="0")
    data.categories = [printable(labels.get(str(key), key)) for key in counts.index]
    for grade in grades:
        data.add_series(scale.name(grade), counts[grade].tolist())
    frame = shapes.add_chart(XL_CHART_TYPE.BAR_STACKED, *(Pt(side) for side in box), data)
    chart = frame.chart
    most = int(counts.sum(axis=1).max())
    _lay_out(chart, most, _label_size(data.categories, box), printable(mark))
    with_letters, size = _letters_and_size(counts[grades], most, box[2] * _PLOT[2])
    for series, grade in zip(chart.plots[0].series, grades, strict=True):
        _colour(series, grade, scale)
        code = f'"{grade} "' if with_letters and grade != NO_JUDGEMENT else ""
        _label(series, f"{code}0;;;", size, _ink(grade, scale))
    return frame


def _lay_out(chart: Any, most: int, size: int, mark: str) -> None:
    from pptx.enum.chart import XL_LEGEND_POSITION, XL_TICK_LABEL_POSITION, XL_TICK_MARK
    from pptx.util import Pt

    chart.has_title = bool(mark)
    if mark:
        _write_mark(chart.chart_title, mark)
    chart.font.size, chart.font.name = Pt(_LEGEND), "Arial"
    _tint(chart.font, INK)
    chart.has_legend = True
    chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    plot = chart.plots[0]
    plot.gap_width, plot.overlap = 35, 100
    domains, teams = chart.category_axis, chart.value_axis
    domains.reverse_order, domains.tick_labels.font.size = True, Pt(size)
    domains.major_tick_mark, domains.tick_label_position = XL_TICK_MARK.NONE, XL_TICK_LABEL_POSITION.LOW
    domains.format.line.fill.background()
    teams.minimum_scale, teams.maximum_scale, teams.visible = 0, max(most, 1), False
    teams.has_major_gridlines = False
    left, top, width, height = _PLOT
    down = _MARKED if mark else 0.0
    _fix_plot(chart, (left, top + down, width, height - down))


def _write_mark(title: Any, mark: str) -> None:
    from pptx.enum.lang import MSO_LANGUAGE_ID
    from pptx.util import Pt

    title.include_in_layout = False
    run = title.text_frame.paragraphs[0].add_run()
    run.text = mark
    run.font.size, run.font.bold, run.font.language_id = Pt(_LEGEND), True, MSO_LANGUAGE_ID.ENGLISH_UK
    _tint(run.font, WHITE)
    title.format.fill.solid()
    title.format.fill.fore_color.rgb = _rgb(INK)


def _fix_plot(chart: Any, shares: tuple[float, float, float, float]) -> None:
    """Where the bars stand in the chart, and its language; python-pptx has no words for either."""
    from lxml import etree
    from pptx.oxml.ns import qn

    space = chart._chartSpace
    language = etree.Element(qn("c:lang"), val="en-GB")
    space.insert(1 if space[0].tag == qn("c:date1904") else 0, language)
    area = space.find(f".//{qn('c:plotArea')}")
    for old in area.findall(qn("c:layout")):
        area.remove(old)
    layout = etree.Element(qn("c:layout"))
    manual = etree.SubElement(layout, qn("c:manualLayout"))
    told = {"layoutTarget": "inner", "xMode": "edge", "yMode": "edge"}
    told |= {side: f"{share:.2f}" for side, share in zip("xywh", shares, strict=True)}
    for name, value in told.items():
        etree.SubElement(manual, qn(f"c:{name}"), val=value)
    area.insert(0, layout)


def _colour(series: Any, grade: str, scale: Scale) -> None:
    """The palette's colour; stripes of two for a split, a dashed outline alone where nobody was judged."""
    from pptx.enum.dml import MSO_LINE, MSO_PATTERN
    from pptx.util import Pt

    look = series.format
    look.line.width = Pt(1)
    look.line.color.rgb = _rgb(INK)
    if grade == NO_JUDGEMENT:
        look.fill.solid()
        look.fill.fore_color.rgb = _rgb(WHITE)
        look.line.dash_style = MSO_LINE.DASH
        return
    worse, better = fill(grade, scale)
    if worse == better:
        look.fill.solid()
        look.fill.fore_color.rgb = _rgb(worse)
    else:
        look.fill.patterned()
        look.fill.pattern = MSO_PATTERN.WIDE_UPWARD_DIAGONAL
        look.fill.fore_color.rgb, look.fill.back_color.rgb = _rgb(better), _rgb(worse)


def _ink(grade: str, scale: Scale) -> str:
    """The colour of a label; on the stripes of a split it stands on white."""
    if grade == NO_JUDGEMENT or scale.is_split(grade):
        return INK
    return letter(fill(grade, scale)[0])


def _label(series: Any, number_format: str, size: int, colour: str) -> None:
    from lxml import etree
    from pptx.enum.chart import XL_LABEL_POSITION
    from pptx.oxml.ns import qn
    from pptx.util import Pt

    labels = series.data_labels
    labels.show_value, labels.position = True, XL_LABEL_POSITION.CENTER
    labels.number_format, labels.number_format_is_linked = number_format, False
    labels.font.size, labels.font.bold = Pt(size), True
    _tint(labels.font, colour)
    pattern = series.format.fill
    if getattr(pattern.type, "name", "") == "PATTERNED":
        properties = etree.Element(qn("c:spPr"))
        solid = etree.SubElement(properties, qn("a:solidFill"))
        etree.SubElement(solid, qn("a:srgbClr"), val="FFFFFF")
        labels._element.find(qn("c:numFmt")).addnext(properties)


def _letters_and_size(counts: pd.DataFrame, most: int, width: float) -> tuple[bool, int]:
    """Whether the letters of grades stand beside their counts, and the size at which all labels fit."""
    team = width / max(most, 1)
    there = {(grade, n) for grade in counts for n in counts[grade].tolist() if n}
    for with_letters in (True, False):
        for size in _SIZES:
            words = {
                f"{grade} {n}" if with_letters and grade != NO_JUDGEMENT else str(n): team * n
                for grade, n in sorted(there)
            }
            if all(
                _NARROWER * text_width.measure(text, size, True) + 4 <= room for text, room in words.items()
            ):
                return with_letters, size
    return False, _SIZES[-1]


def _label_size(labels: Any, box: tuple[float, float, float, float]) -> int:
    """The size at which every domain's name fits beside its bar."""
    width, height = box[2] * _PLOT[0] - 12, box[3] * (_PLOT[3] - _MARKED) / max(len(labels), 1)
    words = [category.label for category in labels]
    for size in _SIZES:
        if all(len(text_width.wrap(word, width, size)) * size * 1.2 <= height for word in words):
            return size
    return _SIZES[-1]


def _tint(font: Any, colour: str) -> None:
    font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:
    from pptx.dml.color import RGBColor

    return RGBColor.from_string(colour.removeprefix("#").upper())
