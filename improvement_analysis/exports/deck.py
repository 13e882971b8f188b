"""Slides with a title, text that fits, marks on every page, and words for those who do not see them."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from improvement_analysis.charts import text_width
from improvement_analysis.exports.packing import printable
from improvement_analysis.palette import BAND, INK, RULE, SECONDARY, WHITE

__all__ = ["Bullet", "Deck", "paint", "wrapped"]

#: The slide in points, and the places of things on it: left, top, width, height.
WIDTH, HEIGHT = 960.0, 540.0
_TITLE = (44.0, 38.0, 872.0, 84.0)
_BODY = (44.0, 128.0, 872.0, 352.0)
_BANNER = (0.0, 0.0, WIDTH, 30.0)
_FOOT = (44.0, 500.0, 800.0, 24.0)
_NUMBER = (856.0, 500.0, 60.0, 24.0)

#: Sizes in points, largest first; text takes the first at which it fits.
TITLES, TEXTS, CELLS = (30, 28, 26, 24, 22, 20), (24, 22, 20, 18), (18, 17, 16, 15, 14)
_SMALL = 14
#: Distance of baselines, and the space after a paragraph, as multiples of the size.
_LEADING, _AFTER = 1.2, 0.35
_INSET = 7.2
_ELLIPSIS = "\u2026"

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Bullet:
    """A paragraph of a slide; a question stands out."""

    text: str
    question: bool = False


def wrapped(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """*text* in the lines it takes in a box of *width* points."""
    return text_width.wrap(text, width - 2 * _INSET, size, bold)


def paint(element: Any, colour: str) -> None:
    """Fill a shape, a cell or a part of a chart."""
    from pptx.dml.color import RGBColor

    element.fill.solid()
    element.fill.fore_color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())


class Deck:
    """A presentation in the making.

    Parameters
    ----------
    foot
        Stands at the foot of every slide.
    banner
        Stands on top of every slide; nothing where empty.
    """

    def __init__(self, foot: str, banner: str) -> None:
        import pptx
        from pptx.util import Pt

        self.presentation = pptx.Presentation()
        self.presentation.slide_width, self.presentation.slide_height = Pt(WIDTH), Pt(HEIGHT)
        self.foot, self.banner = printable(foot), printable(banner)
        self._prepare_layouts()

    def _prepare_layouts(self) -> None:
        """Keep the two layouts that are used, laid out for a wide slide."""
        layouts = self.presentation.slide_layouts
        kept = [layouts.get_by_name("Title Slide"), layouts.get_by_name("Title Only")]
        for layout in list(layouts):
            if layout not in kept:
                layouts.remove(layout)
        self.opening, self.plain = kept
        for holder in (self.presentation.slide_master, *kept):
            for shape in list(holder.placeholders):
                kind = shape.placeholder_format.idx
                if kind in (10, 11, 12):
                    shape._element.getparent().remove(shape._element)
                else:
                    _place(shape, _TITLE if kind == 0 else _BODY)

    def open(self, title: str, lines: Sequence[str], notes: str) -> None:
        """The first slide."""
        from pptx.enum.text import PP_ALIGN

        slide = self.presentation.slides.add_slide(self.opening)
        _place(slide.shapes.title, (44.0, 90.0, 872.0, 130.0))
        self._write_title(slide.shapes.title, title, 122.0, (40, 36, 32, *TITLES))
        holder = slide.placeholders[1]
        _place(holder, (44.0, 232.0, 872.0, 240.0))
        size = next((s for s in TEXTS if _height(lines, 872.0, s) <= 232.0), TEXTS[-1])
        for number, line in enumerate(lines):
            self._paragraph(holder.text_frame, number, line, size)
            holder.text_frame.paragraphs[number].alignment = PP_ALIGN.LEFT
        self._finish(slide, notes)

    def add(self, title: str, notes: str = "") -> Any:
        """A slide with a title, a banner and a foot, for something to be put on it."""
        slide = self.presentation.slides.add_slide(self.plain)
        self._write_title(slide.shapes.title, title, _TITLE[3], TITLES)
        self._finish(slide, notes)
        return slide

    def add_bullets(self, title: str, bullets: Sequence[Bullet], notes: str = "") -> None:
        """Paragraphs on as many slides as they need."""
        size = next(
            (s for s in TEXTS if _height([b.text for b in bullets], _BODY[2] - 18, s) <= _BODY[3]), 20
        )
        pages = _paginate(bullets, size)
        for number, page in enumerate(pages, 1):
            slide = self.add(_numbered(title, number, len(pages)), notes)
            box = self._box(slide, _BODY, "Text")
            for place, bullet in enumerate(page):
                self._paragraph(box.text_frame, place, bullet.text, size, bold=bullet.question, bulleted=True)

    def add_table(
        self, title: str, rows: Sequence[Sequence[str]], shares: Sequence[float], alt: str, notes: str
    ) -> None:
        """A table whose first row is its header, on as many slides as it needs."""
        header, *body = rows
        widths = [_BODY[2] * share / sum(shares) for share in shares]
        size = next((s for s in CELLS if sum(_row_height(r, widths, s) for r in rows) <= _BODY[3]), CELLS[-1])
        room = _BODY[3] - _row_height(header, widths, size)
        pages = _fill(body, lambda row: _row_height(row, widths, size), room)
        for number, page in enumerate(pages, 1):
            slide = self.add(_numbered(title, number, len(pages)), notes)
            self._table(slide, [header, *page], widths, size, alt)

    def add_chart(
        self, title: str, caption: str, alt: str, notes: str, draw: Callable[[Any, Box], Any]
    ) -> None:
        """A native chart, which *draw* adds to the shapes of the slide in a box, under a line of text."""
        slide = self.add(title, notes)
        lines = wrapped(caption, _BODY[2], _SMALL + 2)
        top = len(lines) * (_SMALL + 2) * _LEADING + 8
        box = self._box(slide, (_BODY[0], _BODY[1], _BODY[2], top), "Text")
        self._paragraph(box.text_frame, 0, caption, _SMALL + 2)
        frame = draw(slide.shapes, (_BODY[0], _BODY[1] + top, _BODY[2], _BODY[3] - top))
        _describe(frame, "Chart", alt)

    def save(self) -> bytes:
        """The presentation as its library writes it."""
        stream = io.BytesIO()
        self.presentation.save(stream)
        return stream.getvalue()

    # ------------------------------------------------------------------------------------------------- parts

    def _write_title(self, shape: Any, title: str, height: float, sizes: Sequence[int]) -> None:
        from pptx.enum.text import MSO_ANCHOR, PP_ALIGN

        width = _TITLE[2]
        size = next((s for s in sizes if _height([title], width, s, bold=True) <= height), sizes[-1])
        lines = wrapped(title, width, size, bold=True)
        most = int(height // (size * _LEADING))
        if len(lines) > most:
            title = " ".join(lines[:most])[:-1].rstrip() + _ELLIPSIS
        frame = shape.text_frame
        frame.word_wrap, frame.vertical_anchor = True, MSO_ANCHOR.BOTTOM
        self._paragraph(frame, 0, title, size, bold=True)
        frame.paragraphs[0].alignment = PP_ALIGN.LEFT

    def _finish(self, slide: Any, notes: str) -> None:
        """The banner and the foot; what the speaker is told."""
        if self.banner:
            box = self._box(slide, _BANNER, "Marking")
            paint(box, INK)
            self._paragraph(box.text_frame, 0, self.banner, _SMALL, bold=True, colour=WHITE)
        foot = self._box(slide, _FOOT, "Foot")
        line = wrapped(self.foot, _FOOT[2], _SMALL)
        text = self.foot if len(line) == 1 else line[0][:-1].rstrip() + _ELLIPSIS
        self._paragraph(foot.text_frame, 0, text, _SMALL, colour=SECONDARY)
        number = self._box(slide, _NUMBER, "Number")
        self._paragraph(number.text_frame, 0, str(len(self.presentation.slides)), _SMALL, colour=SECONDARY)
        frame = slide.notes_slide.notes_text_frame
        for place, line_ in enumerate([*([self.banner] if self.banner else []), *notes.split("\n")]):
            self._paragraph(frame, place, line_, None)

    def _box(self, slide: Any, box: Box, name: str) -> Any:
        from pptx.util import Pt

        shape = slide.shapes.add_textbox(*(Pt(side) for side in box))
        shape.name = name
        shape.text_frame.word_wrap = True
        return shape

    def _paragraph(
        self,
        frame: Any,
        place: int,
        text: str,
        size: float | None,
        *,
        bold: bool = False,
        colour: str = INK,
        bulleted: bool = False,
    ) -> None:
        """A paragraph in British English: the first of a frame, or one more."""
        from pptx.dml.color import RGBColor
        from pptx.enum.lang import MSO_LANGUAGE_ID
        from pptx.util import Pt

        paragraph = frame.paragraphs[0] if place == 0 else frame.add_paragraph()
        run = paragraph.add_run()
        run.text = printable(text)
        run.font.language_id = MSO_LANGUAGE_ID.ENGLISH_UK
        if size is None:
            return
        run.font.size, run.font.bold = Pt(size), bold
        run.font.color.rgb = RGBColor.from_string(colour.removeprefix("#").upper())
        paragraph.space_after, paragraph.line_spacing = Pt(size * _AFTER), 1.0
        if bulleted:
            _give_bullet(paragraph)

    def _table(
        self, slide: Any, rows: Sequence[Sequence[str]], widths: Sequence[float], size: int, alt: str
    ) -> None:
        from pptx.enum.text import MSO_ANCHOR
        from pptx.util import Pt

        left, top, width, _ = _BODY
        heights = [_row_height(row, widths, size) for row in rows]
        shape = slide.shapes.add_table(
            len(rows), len(widths), *(Pt(x) for x in (left, top, width, sum(heights)))
        )
        table = shape.table
        for column, points in zip(table.columns, widths, strict=True):
            column.width = Pt(points)
        for number, (row, height) in enumerate(zip(rows, heights, strict=True)):
            table.rows[number].height = Pt(height)
            for place, text in enumerate(row):
                cell = table.cell(number, place)
                paint(cell, BAND if number == 0 else WHITE)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                self._paragraph(cell.text_frame, 0, text, size, bold=number == 0 or place == 0)
                cell.text_frame.paragraphs[0].space_after = Pt(0)
        _rule_off(table, len(rows), len(widths))
        _describe(shape, "Table", alt)


def _place(shape: Any, box: Box) -> None:
    from pptx.util import Pt

    shape.left, shape.top, shape.width, shape.height = (Pt(side) for side in box)


def _describe(shape: Any, name: str, alt: str) -> None:
    properties = shape._element.xpath(".//p:cNvPr")[0]
    properties.set("name", name)
    properties.set("descr", printable(alt))


def _give_bullet(paragraph: Any) -> None:
    from lxml import etree
    from pptx.oxml.ns import qn

    properties = paragraph._p.get_or_add_pPr()
    properties.set("marL", "228600")
    properties.set("indent", "-228600")
    etree.SubElement(properties, qn("a:buFont"), typeface="Arial")
    etree.SubElement(properties, qn("a:buChar"), char="\u2022")


def _rule_off(table: Any, rows: int, columns: int) -> None:
    """A thin line under every row, and no other."""
    from lxml import etree
    from pptx.oxml.ns import qn

    for row in range(rows):
        for column in range(columns):
            properties = table.cell(row, column)._tc.get_or_add_tcPr()
            for side, points in (("a:lnL", 0), ("a:lnR", 0), ("a:lnT", 0), ("a:lnB", 12700)):
                line = etree.Element(qn(side), w=str(points))
                if points:
                    fill = etree.SubElement(line, qn("a:solidFill"))
                    etree.SubElement(fill, qn("a:srgbClr"), val=RULE.removeprefix("#").upper())
                else:
                    etree.SubElement(line, qn("a:noFill"))
                properties.insert(("a:lnL", "a:lnR", "a:lnT", "a:lnB").index(side), line)


def _height(texts: Sequence[str], width: float, size: float, bold: bool = False) -> float:
    return sum((len(wrapped(text, width, size, bold)) * _LEADING + _AFTER) * size for text in texts)


def _row_height(row: Sequence[str], widths: Sequence[float], size: float) -> float:
    most = max(len(wrapped(text, width, size, bold=True)) for text, width in zip(row, widths, strict=True))
    return most * size * _LEADING + 2 * _INSET


def _paginate(bullets: Sequence[Bullet], size: int) -> list[list[Bullet]]:
    """The paragraphs slide by slide; one that is longer than a slide is divided."""
    most = int(_BODY[3] // (size * _LEADING)) - 1
    parts: list[Bullet] = []
    for bullet in bullets:
        lines = wrapped(bullet.text, _BODY[2] - 18, size, bullet.question)
        parts += [Bullet(" ".join(lines[i : i + most]), bullet.question) for i in range(0, len(lines), most)]
    return _fill(parts, lambda part: _height([part.text], _BODY[2] - 18, size, part.question), _BODY[3])


def _fill(items: Sequence[Any], height: Callable[[Any], float], room: float) -> list[list[Any]]:
    """*items* on pages none of which is higher than *room*."""
    pages: list[list[Any]] = []
    left = 0.0
    for item in items:
        need = height(item)
        if not pages or need > left:
            pages.append([])
            left = room
        pages[-1].append(item)
        left -= need
    return pages or [[]]


def _numbered(title: str, number: int, pages: int) -> str:
    return title if pages == 1 else f"{title} ({number} of {pages})"
