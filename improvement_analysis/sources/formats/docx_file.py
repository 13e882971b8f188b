"""Word documents: paragraphs and tables in their order, with tracked changes told and not mixed up."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.document import Document, Grid, Line
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.formats.packages import Package

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["read_docx"]

#: A document of more elements is no summary of gradings.
MOST_MARKS = 500_000

_MAIN = ("word/document.xml", "word/styles.xml")

#: What is in the file but not in its text: deleted, moved away, drawn elsewhere, the code of a field.
_PASSED_OVER = frozenset(
    ["del", "moveFrom", "Fallback", "instrText", "delText", "rPr", "pPr", "sdtPr", "txbxContent", "object"]
)
_TOLD = {
    "del": ("tracked deletions", "it was passed over"),
    "moveFrom": ("text tracked as moved away", "it was passed over"),
    "ins": ("tracked insertions", "it was read"),
    "moveTo": ("text tracked as moved here", "it was read"),
    "strike": ("text that is struck out", "it was read"),
    "dstrike": ("text that is struck out", "it was read"),
    "vanish": ("hidden text", "it was read"),
    "txbxContent": ("text in a text box", "it was passed over"),
    "altChunk": ("text from another file", "it was passed over"),
    "object": ("an embedded object, such as a sheet", "it was passed over"),
}
_SIGNS = {"tab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
#: Elements that hold paragraphs and tables; all others hold text or nothing.
_HOLDERS = frozenset(["body", "sdt", "sdtContent", "customXml", "ins", "moveTo", "smartTag", "tc"])


def read_docx(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The paragraphs and tables of a Word document, and what was met on the way.

    Content controls and simple fields are read. Tracked insertions are read and counted, deletions passed
    over and counted. Only tables that hold no further table are tables; what stands about them is text.
    """
    package = Package(file, MOST_MARKS)
    if _MAIN[0] not in package.names:
        raise package.refusal(
            "a zip file without a Word document in it", "a Word document", "save it as .docx"
        )
    body = _parse(package, _MAIN[0])
    headings = _heading_styles(_parse(package, _MAIN[1])) if _MAIN[1] in package.names else set()
    reader = _BodyReader(headings)
    parts = list(reader.parts(body))
    return Document(file.name, parts), [*_changes(file.name, body), *_macros(file.name, package)]


def _parse(package: Package, name: str) -> etree._Element:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(package.read(name), parser)
    except etree.XMLSyntaxError as fault:
        raise package.refusal(
            f"a damaged part ({name}: {fault})", "a Word document", "save it again"
        ) from None


def _changes(name: str, body: etree._Element) -> Iterator[Problem]:
    """Warnings for what a reader of the page may see otherwise, each kind once with its number."""
    counted: Counter[tuple[str, str]] = Counter()
    for element in body.iter("{*}*"):
        tag = _tag(element)
        if tag in _TOLD and not (tag in ("strike", "dstrike", "vanish") and _is_off(element)):
            counted[_TOLD[tag]] += not _is_mark(element)
    for (what, read), number in counted.items():
        if number:
            times = f"{number} time{'s' * (number != 1)}"
            yield Problem(name, f"{what}, {times}", f"a final text; {read}", severity="warning")


def _macros(name: str, package: Package) -> list[Problem]:
    if not package.has_macros:
        return []
    said = ("a document with macros", "one without; none was run", "save it as .docx")
    return [Problem(name, *said, severity="warning")]


def _is_off(element: etree._Element) -> bool:
    return _attribute(element, "val") in ("0", "false", "off")


def _is_mark(element: etree._Element) -> bool:
    """Whether a change is of a paragraph's mark only and touches no text."""
    parent = element.getparent()
    if _tag(element) not in ("ins", "del", "moveFrom", "moveTo") or (
        parent is not None and _tag(parent) == "trPr"
    ):
        return False
    return not any(_tag(each) in ("t", "delText") for each in element.iter("{*}*"))


def _heading_styles(styles: etree._Element) -> set[str]:
    """The ids of the styles that mark a heading, by their name, outline level or the style they rest on."""
    found, based_on = set(), {}
    for style in styles.iter("{*}style"):
        key = _attribute(style, "styleId") or ""
        for element in style.iter("{*}*"):
            value = (_attribute(element, "val") or "").casefold()
            if _tag(element) == "name" and re.match(r"(heading \d|title$)", value):
                found.add(key)
            if _tag(element) == "outlineLvl" and value in tuple("012345678"):
                found.add(key)
            if _tag(element) == "basedOn":
                based_on[key] = _attribute(element, "val") or ""
    for _ in range(12):  # as many styles resting on one another as anyone needs
        found |= {key for key, base in based_on.items() if base in found}
    return found


class _BodyReader:
    """Walks the body in its order."""

    def __init__(self, headings: set[str]) -> None:
        self.headings = headings
        self.tables = 0

    def parts(self, element: etree._Element) -> Iterator[Line | Grid]:
        """Paragraphs and tables below *element*."""
        for child in element:
            tag = _tag(child)
            if tag == "p":
                yield self._line(child)
            elif tag == "tbl":
                yield from self._table(child)
            elif tag in _HOLDERS:
                yield from self.parts(child)

    def _line(self, paragraph: etree._Element) -> Line:
        style = next((_attribute(each, "val") for each in paragraph.iterfind("{*}pPr/{*}pStyle")), None)
        outlined = paragraph.find("{*}pPr/{*}outlineLvl") is not None
        return Line(_text(paragraph), heading=outlined or style in self.headings)

    def _table(self, table: etree._Element) -> Iterator[Line | Grid]:
        rows = list(_below(table, "tr"))
        if next(table.iterdescendants("{*}tbl"), None) is not None:
            for row in rows:
                for cell in _below(row, "tc"):
                    yield from self.parts(cell)
            return
        self.tables += 1
        yield self._grid(rows)

    def _grid(self, rows: list[etree._Element]) -> Grid:
        """The texts of a table's cells, laid out as many columns wide as the widest row."""
        laid: list[list[str]] = []
        merged: dict[tuple[int, int], str] = {}
        for number, row in enumerate(rows, start=1):
            texts: list[str] = [""] * _skipped(row)
            for cell in _below(row, "tc"):
                text, column = self._cell(cell), len(texts)
                if _continues(cell) and laid and column < len(laid[-1]):
                    text = laid[-1][column]
                    merged[number, column] = f"of column {column + 1}"
                texts.append(text)
                for _ in range(_span(cell) - 1):
                    merged[number, len(texts)] = f"of row {number}"
                    texts.append("")
            laid.append(texts)
        wide = max(map(len, laid), default=0)
        filled = {
            number: texts + [""] * (wide - len(texts))
            for number, texts in enumerate(laid, start=1)
            if any(map(str.strip, texts))
        }
        return Grid(list(filled.values()), list(filled), table=self.tables, merged=merged)

    def _cell(self, cell: etree._Element) -> str:
        return "\n".join(part.text for part in self.parts(cell) if isinstance(part, Line)).strip()


def _below(element: etree._Element, tag: str) -> Iterator[etree._Element]:
    """Rows of a table or cells of a row, also within content controls; none that are deleted."""
    for child in element:
        if _tag(child) == tag:
            if child.find("{*}trPr/{*}del") is None:
                yield child
        elif _tag(child) in _HOLDERS:
            yield from _below(child, tag)


def _skipped(row: etree._Element) -> int:
    """Columns left out before a row's first cell."""
    before = row.find("{*}trPr/{*}gridBefore")
    return _number(before) if before is not None else 0


def _span(cell: etree._Element) -> int:
    span = cell.find("{*}tcPr/{*}gridSpan")
    return max(_number(span), 1) if span is not None else 1


def _number(element: etree._Element) -> int:
    value = _attribute(element, "val") or ""
    return min(int(value), 63) if re.fullmatch("[0-9]{1,3}", value) else 0


def _continues(cell: etree._Element) -> bool:
    """Whether a cell goes on with the one above."""
    merge = cell.find("{*}tcPr/{*}vMerge")
    return merge is not None and _attribute(merge, "val") in (None, "continue")


def _text(element: etree._Element) -> str:
    """The text of a paragraph as it reads with all changes accepted."""
    found = []
    waiting = [element]
    while waiting:
        each = waiting.pop()
        tag = _tag(each)
        if tag == "t":
            found.append(each.text or "")
        elif tag in _SIGNS:
            found.append(_SIGNS[tag])
        elif tag == "r":
            found.append(_raised(each))
            waiting.extend(reversed(each))
        elif tag not in _PASSED_OVER:
            waiting.extend(reversed(each))
    return "".join(found)


def _raised(run: etree._Element) -> str:
    """What tells a raised or lowered text from the figure before it: *9 to the power of 2* is not 92."""
    align = run.find("{*}rPr/{*}vertAlign")
    value = _attribute(align, "val") if align is not None else None
    return {"superscript": "^", "subscript": "_"}.get(value or "", "")


def _tag(element: etree._Element) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def _attribute(element: etree._Element, name: str) -> str | None:
    return next((value for key, value in element.attrib.items() if key.rpartition("}")[2] == name), None)
