"""A workbook as bytes: the same workbook gives the same bytes, on any day."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from openpyxl import Workbook

__all__ = ["pack", "pack_parts"]

_NEVER = (1980, 1, 1, 0, 0, 0)
_FIRST = "[Content_Types].xml"

_CORE = (
    '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" '
    'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>Team diagnostic form</dc:title>'
    "<dc:creator>improvement_analysis</dc:creator><dc:language>en-GB</dc:language></cp:coreProperties>"
)
_APP = (
    '<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    "<Application>Microsoft Excel</Application></Properties>"
)

#: What stands in place of the parts that openpyxl stamps with the hour or its own version.
_FIXED = {"docProps/core.xml": _CORE, "docProps/app.xml": _APP}

# A row's height is a first guess: without this mark Excel fits the row when text is typed into it.
_KEPT_HEIGHT = re.compile(rb' customHeight="1"(?=[^<>]*>)')


def pack(book: Workbook) -> bytes:
    """The bytes of a workbook, without the hour or the machine they were made on."""
    saved = io.BytesIO()
    book.save(saved)
    with zipfile.ZipFile(saved) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts |= {name: text.encode() for name, text in _FIXED.items()}
    for name, data in parts.items():
        if name.startswith("xl/worksheets/"):
            parts[name] = _KEPT_HEIGHT.sub(b"", data)
    return pack_parts(parts)


def pack_parts(parts: Mapping[str, bytes]) -> bytes:
    """A zip package of named parts, in an order of its own and without times."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(parts, key=lambda name: (name != _FIRST, name)):
            entry = zipfile.ZipInfo(name, _NEVER)
            entry.compress_type, entry.create_system, entry.external_attr = zipfile.ZIP_DEFLATED, 0, 0
            archive.writestr(entry, parts[name], compresslevel=9)
    return packed.getvalue()
