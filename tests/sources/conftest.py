"""Files of every format, made by code: what a test asks for and nothing that an office program would add."""

from __future__ import annotations

import html
import io
import zipfile
import zlib
from pathlib import Path
from types import SimpleNamespace
from xml.sax.saxutils import escape

import openpyxl
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
STYLES = (
    f'<w:styles {W}><w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/></w:style>'
    '<w:style w:type="paragraph" w:styleId="Own"><w:basedOn w:val="berschrift2"/></w:style></w:styles>'
)
TYPES = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'

#: A dataset's declaration for small tests; what a test adds comes after.
SOURCE = """
title = "A test"
authority = "Worcestershire"
round = "2017-18"
published = 2018-02-07
"""
FILES = '[[files]]\nname = "{name}"\nkind = "{kind}"\n'

TEAM_HEADER = ["area", "service", "team", "round", "visit_date", "domain", "grade"]
DOMAINS = ("allocation", "practice", "monitoring", "joint_working", "overall")


def csv_text(rows, separator=","):
    def field(text):
        text = str(text)
        return '"' + text.replace('"', '""') + '"' if set(text) & {separator, '"', "\n", "\r"} else text

    return "".join(separator.join(map(field, row)) + "\r\n" for row in rows)


def xlsx_book(sheets):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def xlsx_bytes(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def zip_bytes(parts):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    return stream.getvalue()


def parts(data):
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.namelist()


def rezip(data, changes):
    """A package with some parts replaced, added, or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    for name, change in changes.items():
        parts[name] = change(parts[name]) if callable(change) else change
    return zip_bytes({name: part for name, part in parts.items() if part is not None})


def paragraph(text, style=""):
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f'<w:p>{style}<w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'


def docx_table(rows):
    cells = ("".join(f"<w:tc>{paragraph(text)}</w:tc>" for text in row) for row in rows)
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def docx_bytes(body, extra=()):
    document = f'<?xml version="1.0" encoding="UTF-8"?><w:document {W}><w:body>{body}</w:body></w:document>'
    parts = {"[Content_Types].xml": TYPES, "word/document.xml": document, "word/styles.xml": STYLES}
    return zip_bytes({name: part for name, part in {**parts, **dict(extra)}.items() if part is not None})


def html_table(rows):
    cells = ("".join(f"<td>{html.escape(text)}</td>" for text in row) for row in rows)
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in cells) + "</table>"


def pdf_bytes(pages, *, compress=True):
    """A PDF with pages of lines, each a text or a list of texts set side by side."""
    objects = [b"", b"", b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>"]
    kids = []
    for page in pages:
        drawn = [b"BT /F1 9 Tf\n"]
        for number, line in enumerate(page):
            for column, text in enumerate([line] if isinstance(line, str) else line):
                shown = (
                    text.encode("cp1252").replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")
                )
                drawn.append(b"1 0 0 1 %d %d Tm (%s) Tj\n" % (40 + 390 * column, 800 - 14 * number, shown))
        stream = b"".join([*drawn, b"ET"])
        data = zlib.compress(stream) if compress else stream
        filtered = b" /Filter /FlateDecode" if compress else b""
        objects.append(b"<< /Length %d%s >>\nstream\n%s\nendstream" % (len(data), filtered, data))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 842 842] /Contents %d 0 R"
            b" /Resources << /Font << /F1 3 0 R >> >> >>" % len(objects)
        )
        kids.append(b"%d 0 R" % len(objects))
    objects[0] = b"<< /Type /Catalog /Pages 2 0 R >>"
    objects[1] = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (b" ".join(kids), len(kids))
    out, offsets = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, start=1):
        offsets.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (size, len(out))
    return out + b"xref\n0 %d\n0000000000 65535 f \n" % size + table + trailer


def team_rows(teams=("Team A", "Team B"), *, area="Redditch/Wychavon", service="Safeguarding", grade="RI"):
    """A good table of team gradings: header and a row for each team and domain."""
    rows = [
        [area, service, team, "2017-18", "04/09/2017", domain, grade] for team in teams for domain in DOMAINS
    ]
    return [TEAM_HEADER, *rows]


@pytest.fixture(scope="session")
def make():
    """The makers of files, by name."""
    return SimpleNamespace(
        csv=csv_text,
        book=xlsx_book,
        book_bytes=xlsx_bytes,
        zip=zip_bytes,
        rezip=rezip,
        parts=parts,
        paragraph=paragraph,
        docx_table=docx_table,
        docx=docx_bytes,
        html_table=html_table,
        pdf=pdf_bytes,
        team_rows=team_rows,
        team_header=TEAM_HEADER,
        source=SOURCE,
    )


@pytest.fixture(scope="session")
def printed(ds):
    """The 25 printed cells as they stand in the paper: service as headed, domain's title, grading."""
    titles = ds.about.labels
    headed = {term.name: term.aliases[0] for term in ds.about.services}
    cells = ds.published
    return [
        (headed[service], titles[domain], grading)
        for service, domain, grading in zip(cells["service"], cells["domain"], cells["grading"], strict=True)
    ]


@pytest.fixture(scope="session")
def six(printed):
    """The 25 cells as a file of each format, as such a paper would lay them out: ending and bytes."""
    services = list(dict.fromkeys(service for service, _, _ in printed))
    under = {name: [cell[1:] for cell in printed if cell[0] == name] for name in services}
    header = ("Quality domain", "Grading")
    intro = "The overall judgements of the Diagnostic Teams"
    word = "".join(
        paragraph(name, "Own") + paragraph(intro) + docx_table([header, *cells])
        for name, cells in under.items()
    )
    page = "".join(
        f"<h2>{name}</h2><p>{intro}</p>{html_table([header, *cells])}" for name, cells in under.items()
    )
    lines = {
        name: [name, intro, "\t".join(header), *("\t".join(cell) for cell in cells)]
        for name, cells in under.items()
    }
    return {
        "csv": csv_text([("service", "domain", "grading"), *printed]).encode(),
        "xlsx": xlsx_bytes(xlsx_book({"Tables": [("service", "domain", "grading"), *printed]})),
        "docx": docx_bytes(paragraph("Findings", "berschrift2") + word + paragraph("Conclusion")),
        "html": f"<!DOCTYPE html><meta charset=utf-8><body><h1>Findings</h1>{page}".encode(),
        "txt": "\n\n".join("\n".join(part) for part in lines.values()).encode(),
        "pdf": pdf_bytes([[name, intro, header, *cells] for name, cells in under.items()]),
    }


@pytest.fixture
def place(tmp_path):
    """Write a file into a folder of its own, with a source.toml beside it where one is given."""

    def write(name, data, source=None):
        (tmp_path / name).write_bytes(data.encode() if isinstance(data, str) else data)
        if source is not None:
            (tmp_path / "source.toml").write_text(source, "utf-8")
        return tmp_path / name

    return write


@pytest.fixture
def refused(place):
    """The message that refuses a file."""

    def read(name, data, source=None, reader=ia.read_gradings):
        path: Path = place(name, data, source)
        with pytest.raises(SourceError) as caught:
            reader(path)
        return str(caught.value)

    return read
