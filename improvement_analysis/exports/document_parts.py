"""A Word document's parts: real headings, a table that repeats its header, pictures with words."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from improvement_analysis.exports.packing import printable
from improvement_analysis.palette import BAND, INK, RULE, SECONDARY

__all__ = ["Paper"]

_FONT = "Arial"
#: Sizes in points by style; and the page, A4 with its margins, in centimetres.
_SIZES = {"Normal": 11, "Title": 24, "Subtitle": 13, "Heading 1": 16, "Heading 2": 13, "Caption": 10}
_PAGE, _MARGIN, _TOP = (21.0, 29.7), 2.2, 2.9


class Paper:
    """A document in the making, on A4, in British English.

    Parameters
    ----------
    head
        Stands at the top of every page; nothing where empty.
    foot
        Stands at the bottom, before the number of the page.
    """

    def __init__(self, head: str, foot: str) -> None:
        import docx
        from docx.shared import Cm

        self.document = docx.Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Cm(_PAGE[0]), Cm(_PAGE[1])
        for side in ("left_margin", "right_margin", "top_margin", "bottom_margin"):
            setattr(section, side, Cm(_MARGIN))
        section.top_margin, section.header_distance = Cm(_TOP), Cm(1.1)
        self._prepare_styles()
        if head:
            self._mark(section.header.paragraphs[0], head)
        paragraph = section.footer.paragraphs[0]
        paragraph.add_run(f"{printable(foot)}. Page ")
        _add_page_number(paragraph)

    def _prepare_styles(self) -> None:
        """One family of letters, dark on white, and no text that is small."""
        from docx.oxml.ns import qn
        from docx.shared import Pt, RGBColor

        for name, size in _SIZES.items():
            style = self.document.styles[name]
            style.font.size, style.font.name, style.font.italic = Pt(size), _FONT, False
            style.font.color.rgb = RGBColor.from_string(
                (SECONDARY if name == "Subtitle" else INK)[1:].upper()
            )
            fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
            for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
                fonts.attrib.pop(qn(f"w:{theme}"), None)
            if name == "Title":
                for border in style.element.findall(f".//{qn('w:pBdr')}"):
                    border.getparent().remove(border)

    def title(self, text: str, under: str) -> None:
        """The title and the line beneath it."""
        self.document.add_paragraph(printable(text), style="Title")
        self.document.add_paragraph(printable(under), style="Subtitle")

    def mark(self, text: str) -> None:
        """A line in a box, dark: what a reader must not miss."""
        self._mark(self.document.add_paragraph(), text)

    def heading(self, text: str, level: int = 1) -> None:
        """A heading that lists of contents and screen readers find."""
        self.document.add_heading(printable(text), level)

    def paragraph(self, text: str) -> None:
        """A paragraph."""
        self.document.add_paragraph(printable(text))

    def bullets(self, texts: Sequence[str]) -> None:
        """A list."""
        for text in texts:
            self.document.add_paragraph(printable(text), style="List Bullet")

    def term(self, term: str, text: str) -> None:
        """A term in bold and what it means."""
        paragraph = self.document.add_paragraph()
        paragraph.add_run(f"{printable(term)}: ").bold = True
        paragraph.add_run(printable(text))

    def picture(self, png: bytes, alt: str) -> None:
        """A picture as wide as the text, described."""
        from docx.shared import Cm

        shape = self.document.add_picture(io.BytesIO(png), width=Cm(_PAGE[0] - 2 * _MARGIN))
        properties = shape._inline.docPr
        properties.set("name", "Chart")
        properties.set("descr", printable(alt))

    def table(self, rows: Sequence[Sequence[str]], widths: Sequence[float], caption: str) -> None:
        """A table under its caption; the first row is its header, the first column heads each row.

        Parameters
        ----------
        widths
            Of the columns, in shares of the text's width.
        """
        from docx.shared import Cm

        paragraph = self.document.add_paragraph(printable(caption), style="Caption")
        paragraph.paragraph_format.keep_with_next = True
        table = self.document.add_table(rows=len(rows), cols=len(widths))
        table.autofit = False
        _describe(table, caption)
        whole = (_PAGE[0] - 2 * _MARGIN) / sum(widths)
        for place, width in enumerate(widths):
            table.columns[place].width = Cm(width * whole)
        for number, texts in enumerate(rows):
            row = table.rows[number]
            _keep_together(row, header=number == 0)
            for place, text in enumerate(texts):
                cell = row.cells[place]
                cell.width = Cm(widths[place] * whole)
                run = cell.paragraphs[0].add_run(printable(text))
                run.bold = number == 0 or place == 0
                if number == 0:
                    _shade(cell, BAND)
        self.document.add_paragraph()

    def save(self) -> bytes:
        """The document as its library writes it."""
        stream = io.BytesIO()
        self.document.save(stream)
        return stream.getvalue()

    def _mark(self, paragraph: Any, text: str) -> None:
        from docx.oxml import OxmlElement
        from docx.oxml.ns import qn
        from docx.shared import RGBColor

        run = paragraph.add_run(printable(text))
        run.bold, run.font.color.rgb = True, RGBColor(255, 255, 255)
        shade = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("color", "auto"), ("fill", INK[1:].upper())):
            shade.set(qn(f"w:{name}"), value)
        paragraph._p.get_or_add_pPr().append(shade)


def _add_page_number(paragraph: Any) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind, text in (("begin", ""), (None, "PAGE"), ("separate", ""), ("shown", "1"), ("end", "")):
        run = paragraph.add_run()
        if kind == "shown":
            run.text = text
        elif kind is None:
            code = OxmlElement("w:instrText")
            code.text = text
            run._r.append(code)
        else:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
            run._r.append(mark)


def _describe(table: Any, caption: str) -> None:
    """Lines between the rows, and the caption for those who hear the table."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    properties = table._tbl.tblPr
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", "6"), ("space", "0"), ("color", RULE[1:].upper())):
            line.set(qn(f"w:{name}"), value)
        borders.append(line)
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(borders)
    for name in ("w:tblCaption", "w:tblDescription"):
        element = OxmlElement(name)
        element.set(qn("w:val"), printable(caption))
        properties.append(element)


def _keep_together(row: Any, *, header: bool) -> None:
    from docx.oxml import OxmlElement

    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if header:
        properties.append(OxmlElement("w:tblHeader"))


def _shade(cell: Any, colour: str) -> None:
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    shade = OxmlElement("w:shd")
    for name, value in (("val", "clear"), ("color", "auto"), ("fill", colour[1:].upper())):
        shade.set(qn(f"w:{name}"), value)
    cell._tc.get_or_add_tcPr().append(shade)
