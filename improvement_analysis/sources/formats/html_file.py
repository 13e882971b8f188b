"""Web pages: headings, paragraphs and tables in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.document import Document, Grid, Line
from improvement_analysis.sources.formats.files import SourceFile, decode

if TYPE_CHECKING:
    from lxml import etree

__all__ = ["read_html"]

#: Bytes, marks (``<``) and cells of a page: a larger one is no summary of gradings.
MOST_BYTES, MOST_MARKS, MOST_CELLS, MOST_ATTRIBUTES = 20_000_000, 300_000, 300_000, 1_000

_TAG, _QUOTED = re.compile(rb"<[^<>]*"), re.compile(rb"\"[^\"]*\"|'[^']*'")
_SPACES = re.compile("[ \\t\\n\\r\\f]+")  # a no-break space is none of them

_DECLARED = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?([A-Za-z0-9_-]{1,40})", re.IGNORECASE)
#: Encodings that a page may declare; Latin 1 means Windows-1252 on the web.
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "windows-1252": "cp1252",
    "iso-8859-15": "iso-8859-15",
}
_PASSED_OVER = frozenset(
    ["script", "style", "template", "head", "noscript", "select", "option", "del", "s", "strike"]
)
_DELETED = frozenset(["del", "s", "strike"])
_HEADINGS = frozenset(["h1", "h2", "h3", "h4", "h5", "h6", "caption"])
#: What tells a raised or lowered text from the figure before it: *9 to the power of 2* is not 92.
_RAISED = {"sup": "^", "sub": "_"}
_BLOCKS = (
    frozenset(
        [
            "p",
            "div",
            "li",
            "dt",
            "dd",
            "section",
            "article",
            "header",
            "footer",
            "main",
            "aside",
            "nav",
            "ul",
            "ol",
            "dl",
            "pre",
            "blockquote",
            "figure",
            "figcaption",
            "body",
            "html",
            "form",
            "fieldset",
            "address",
            "center",
            "td",
            "th",
            "tr",
            "tbody",
            "thead",
            "tfoot",
            "table",
        ]
    )
    | _HEADINGS
)


def read_html(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The text and the tables of a page, and what was met on the way.

    Only tables that hold no further table are tables; what stands about them is text. Deleted and
    struck-out text is passed over, hidden text is read, and both are told. Nothing is fetched.
    """
    from lxml import etree, html

    if len(file.data) > MOST_BYTES or file.data.count(b"<") > MOST_MARKS:
        found = f"a page of {len(file.data):,} bytes and {file.data.count(b'<'):,} elements"
        raise _refusal(file.name, found, f"at most {MOST_BYTES:,} and {MOST_MARKS:,}")
    if any(len(tag) > 20_000 and _words(tag) > MOST_ATTRIBUTES for tag in _TAG.findall(file.data)):
        raise _refusal(file.name, "an element with absurdly many attributes", "a plain web page")
    text, problems = _decoded(file)
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True)
    try:
        page = html.document_fromstring(text.encode("utf-8"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        raise _refusal(file.name, "no page", "a web page with text") from None
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        reason = parser.error_log.last_error.message
        raise _refusal(file.name, f"a page that cannot be read to its end ({reason})", "a plain web page")
    reader = _PageReader(file.name)
    reader.walk(page)
    return Document(file.name, reader.parts), [*problems, *reader.told()]


def _words(tag: bytes) -> int:
    """About how many attributes a tag has."""
    return len(_QUOTED.sub(b" ", tag).split())


def _decoded(file: SourceFile) -> tuple[str, list[Problem]]:
    declared = _DECLARED.search(file.data[:4096])
    if declared is None or file.data.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return decode(file)
    name = declared[1].decode("ascii").casefold()
    if name not in _ENCODINGS:
        raise _refusal(file.name, f"the encoding {name!r}", "UTF-8", "save the page as UTF-8")
    try:
        text = file.data.decode(_ENCODINGS[name])
    except UnicodeDecodeError:
        found = f"bytes that are not {name}, as the page declares"
        raise _refusal(file.name, found, "one encoding", "save the page as UTF-8") from None
    if "\x00" in text:
        raise _refusal(file.name, "bytes that are not text", "a web page", "save the page as UTF-8")
    return text, []


def _refusal(name: str, found: str, expected: str, remedy: str = "") -> SourceError:
    return SourceError([Problem(name, found, expected, remedy)])


class _PageReader:
    """Walks a page in its order without recursion, however deep it is."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.parts: list[Line | Grid] = []
        self.tables = self.deleted = self.hidden = 0
        self._texts: list[str] = []

    def walk(self, page: etree._Element) -> None:
        """Gather lines and tables."""
        waiting: list[etree._Element | str | None] = [page]
        while waiting:
            each = waiting.pop()
            if each is None:
                self._end_line()
            elif isinstance(each, str):
                self._texts.append(each)
            else:
                waiting.extend(reversed(list(self._enter(each))))
        self._end_line()

    def _enter(self, element: etree._Element) -> Iterator[etree._Element | str | None]:
        """What to walk in place of *element*: texts, elements, and None where a line ends."""
        tag = element.tag if isinstance(element.tag, str) else ""
        struck = tag in _DELETED or _is_struck(element)
        if struck or tag in _PASSED_OVER:
            self.deleted += struck
        elif tag in _HEADINGS:
            yield None
            self._heading(element)
        elif tag == "table" and next(element.iterdescendants("table"), None) is None:
            self._end_line()
            self._table(element)
        elif tag == "pre":
            self._end_line()
            self.parts += [Line(line) for line in "".join(element.itertext()).splitlines() if line.strip()]
        else:
            self.hidden += _is_hidden(element)
            ends = (None,) * (tag in _BLOCKS)
            yield from ends
            yield _RAISED.get(tag, "")
            yield "\n" if tag == "br" else _SPACES.sub(" ", element.text or "")
            for child in element:
                yield child
                yield _SPACES.sub(" ", child.tail or "")
            yield from ends

    def _heading(self, element: etree._Element) -> None:
        self._end_line()
        if text := self._text(element):
            self.parts.append(Line(text, heading=True))

    def _end_line(self) -> None:
        text = "".join(self._texts)
        self._texts.clear()
        self.parts += [Line(line) for line in text.splitlines() if line.strip()]

    def _table(self, table: etree._Element) -> None:
        for caption in table.iterfind("caption"):
            self._heading(caption)
        self.tables += 1
        layout = _Layout(self.name, self.tables)
        for row in table.iterdescendants("tr"):
            self.hidden += _is_hidden(row)
            layout.begin_row()
            struck = _is_struck(row)
            self.deleted += struck
            for cell in row.iterchildren("td", "th"):
                self.hidden += _is_hidden(cell)
                layout.put("" if struck else self._text(cell), _span(cell, "colspan"), _span(cell, "rowspan"))
        self.parts.append(layout.grid())

    def _text(self, element: etree._Element) -> str:
        """The text of a heading or a cell, blocks and breaks within it parted by spaces."""
        found: list[str] = []
        waiting: list[etree._Element | str] = [element]
        while waiting:
            each = waiting.pop()
            if isinstance(each, str):
                found.append(each)
                continue
            struck = each.tag in _DELETED or _is_struck(each)
            if struck or each.tag in _PASSED_OVER:
                self.deleted += struck
                continue
            parted = _RAISED.get(each.tag) or (" " if each.tag in _BLOCKS or each.tag == "br" else "")
            inner: list[etree._Element | str] = [parted, each.text or ""]
            for child in each:
                inner += [child, child.tail or ""]
            waiting.extend(reversed([*inner, parted.strip("^_") if each.tag in _RAISED else parted]))
        return _SPACES.sub(" ", "".join(found)).strip(" ")

    def told(self) -> Iterator[Problem]:
        """Warnings for what a reader of the page may see otherwise."""
        for number, what, read in (
            (self.deleted, "text that is struck out", "it was passed over"),
            (self.hidden, "hidden text", "it was read"),
        ):
            if number:
                times = f"{number} time{'s' * (number != 1)}"
                yield Problem(self.name, f"{what}, {times}", f"a final text; {read}", severity="warning")


class _Layout:
    """Lays the cells of a table out in rows and columns, those that span several included."""

    def __init__(self, name: str, table: int) -> None:
        self.name, self.table = name, table
        self.rows: list[dict[int, str]] = []
        self.merged: dict[tuple[int, int], str] = {}
        self.cells = 0
        self._next = 0
        self._down: dict[int, tuple[int, str]] = {}

    def begin_row(self) -> None:
        """Begin a row with what reaches down into it."""
        row = {column: text for column, (_, text) in self._down.items()}
        self._next = 0
        self.rows.append(row)
        self.merged.update({(len(self.rows), column): f"of column {column + 1}" for column in row})
        self._down = {column: (more - 1, text) for column, (more, text) in self._down.items() if more > 1}
        self._count(len(row))

    def put(self, text: str, wide: int, high: int) -> None:
        """Put a cell at the next free place of the row."""
        row = self.rows[-1]
        while self._next in row:
            self._next += 1
        column = self._next
        for more in range(wide):
            row[column + more] = "" if more else text
            if more:
                self.merged[len(self.rows), column + more] = f"of row {len(self.rows)}"
            if high > 1:
                self._down[column + more] = (high - 1, row[column + more])
        self._count(wide)

    def _count(self, cells: int) -> None:
        self.cells += cells
        if self.cells > MOST_CELLS:
            raise _refusal(self.name, f"a table of more than {MOST_CELLS:,} cells", "a table of gradings")

    def grid(self) -> Grid:
        """The filled rows, each as wide as the widest."""
        wide = max((column + 1 for texts in self.rows for column in texts), default=0)
        filled = {
            number: [texts.get(column, "") for column in range(wide)]
            for number, texts in enumerate(self.rows, start=1)
            if any(map(str.strip, texts.values()))
        }
        return Grid(list(filled.values()), list(filled), table=self.table, merged=self.merged)


def _span(cell: etree._Element, attribute: str) -> int:
    value = (cell.get(attribute) or "").strip()
    return max(1, min(int(value), 1_000)) if re.fullmatch("[0-9]{1,9}", value) else 1


def _style(element: etree._Element) -> str:
    style = element.get("style")
    return re.sub(r"\s", "", style).casefold() if style else ""


def _is_struck(element: etree._Element) -> bool:
    return "line-through" in _style(element)


def _is_hidden(element: etree._Element) -> bool:
    style = _style(element)
    return element.get("hidden") is not None or "display:none" in style or "visibility:hidden" in style
