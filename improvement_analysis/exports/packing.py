"""Office files without the hour or the machine they were made on: the same content gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from dataclasses import dataclass
from xml.sax.saxutils import escape

from improvement_analysis.sources.forms.archive import pack_parts

__all__ = ["CREATOR", "Properties", "pack"]

CREATOR = "improvement_analysis"
LANGUAGE = "en-GB"

_CORE, _APP, _THUMBNAIL = "docProps/core.xml", "docProps/app.xml", "docProps/thumbnail.jpeg"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_NAMESPACES = (
    'xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"'
)
_EXTENDED = "http://schemas.openxmlformats.org/officeDocument/2006/extended-properties"
_STAMPS = re.compile(rb"<dcterms:(created|modified)\b[^>]*>[^<]*</dcterms:\1>")
_TO_THUMBNAIL = re.compile(rb'<Relationship [^>]*Target="/?docProps/thumbnail\.jpeg"[^>]*/>')
#: What the libraries' templates hold, and what stands in its place: the language, and a font without serifs.
_TEMPLATE = {
    b'"en-US"': b'"en-GB"',
    b'typeface="Calibri"': b'typeface="Arial"',
    b'typeface="Cambria"': b'typeface="Arial"',
}
_CONTROLS = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Properties:
    """What a file says of itself: a title, what it is about, and whether it may leave the house."""

    title: str
    subject: str = ""
    status: str = ""


def pack(data: bytes, properties: Properties) -> bytes:
    """The package *data* again, with *properties* and without times, also in workbooks inside it.

    Parameters
    ----------
    data
        A workbook, presentation or Word document as its library saved it.
    properties
        They replace all that the library or its template says of the file.

    Examples
    --------
    >>> saved = io.BytesIO()
    >>> with zipfile.ZipFile(saved, "w") as archive:
    ...     archive.writestr("docProps/core.xml", "<old/>")
    >>> packed = pack(saved.getvalue(), Properties("Safeguarding"))
    >>> core = zipfile.ZipFile(io.BytesIO(packed)).read("docProps/core.xml")
    >>> b"<dc:title>Safeguarding</dc:title>" in core
    True
    """
    parts = {name: _steady(name, part) for name, part in _parts(data).items() if name != _THUMBNAIL}
    parts["_rels/.rels"] = _TO_THUMBNAIL.sub(b"", parts.get("_rels/.rels", b""))
    parts[_CORE] = _core(properties).encode()
    parts[_APP] = f'{_XML}<Properties xmlns="{_EXTENDED}"/>'.encode()
    return pack_parts({name: part for name, part in parts.items() if part})


def printable(text: object) -> str:
    """*text* without the characters that XML cannot hold; a mark stands for each.

    Examples
    --------
    >>> printable("Team\\x00A")
    'Team\ufffdA'
    """
    return _CONTROLS.sub("\ufffd", str(text))


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _steady(name: str, part: bytes) -> bytes:
    """A part without times; a workbook inside the package is packed anew."""
    if name.endswith(".xlsx"):
        inside = {each: _STAMPS.sub(b"", data) for each, data in _parts(part).items()}
        return pack_parts(inside)
    for old, new in _TEMPLATE.items() if name.endswith(".xml") else ():
        part = part.replace(old, new)
    return part


def _core(properties: Properties) -> str:
    told = {
        "dc:title": properties.title,
        "dc:subject": properties.subject,
        "dc:creator": CREATOR,
        "cp:contentStatus": properties.status,
        "dc:language": LANGUAGE,
    }
    lines = [f"<{name}>{escape(printable(text))}</{name}>" for name, text in told.items() if text]
    return f"{_XML}<cp:coreProperties {_NAMESPACES}>{''.join(lines)}</cp:coreProperties>"
