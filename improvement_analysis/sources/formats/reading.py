"""The file formats that gradings come in, and the one fence that every parse of a file stands behind."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from pathlib import PurePath

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.calamine_file import read_older
from improvement_analysis.sources.formats.csv_file import read_csv
from improvement_analysis.sources.formats.document import Document
from improvement_analysis.sources.formats.docx_file import read_docx
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.formats.html_file import read_html
from improvement_analysis.sources.formats.pdf_file import read_pdf
from improvement_analysis.sources.formats.text_file import read_text
from improvement_analysis.sources.formats.xlsx_file import read_xlsx

__all__ = ["ENDINGS", "read_document"]

_Reader = Callable[[SourceFile], tuple[Document, list[Problem]]]

_READERS: Mapping[str, tuple[str, _Reader]] = {
    ".csv": ("a CSV file", read_csv),
    ".tsv": ("a CSV file", read_csv),
    ".tab": ("a CSV file", read_csv),
    ".xlsx": ("an Excel workbook", read_xlsx),
    ".xlsm": ("an Excel workbook", read_xlsx),
    ".ods": ("a workbook", read_older),
    ".xls": ("a workbook", read_older),
    ".docx": ("a Word document", read_docx),
    ".docm": ("a Word document", read_docx),
    ".html": ("a web page", read_html),
    ".htm": ("a web page", read_html),
    ".txt": ("a text file", read_text),
    ".md": ("a text file", read_text),
    ".pdf": ("a PDF", read_pdf),
}
#: The endings of files that can be read.
ENDINGS = tuple(_READERS)

_SAVE_AS = {
    ".xlsb": ".xlsx",
    ".xltx": ".xlsx",
    ".numbers": ".xlsx",
    ".doc": ".docx",
    ".odt": ".docx",
    ".rtf": ".docx",
    ".pages": ".docx",
}
_ZIP, _OLE, _PDF = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"%PDF-"


def read_document(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The lines and grids of a file, and what was met on the way.

    Raises
    ------
    SourceError
        If it cannot be read. Whatever a library throws on a broken file ends here.
    """
    kind, reader = _reader_of(file)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what a library makes of the file's looks
            return reader(file)
    except SourceError:
        raise
    except Exception as fault:  # noqa: BLE001 (the fence)
        reason = str(fault).strip().partition("\n")[0][:200] or type(fault).__name__
        found = f"a file that cannot be read as {kind} ({reason})"
        remedy = "open it where it was made and save it again"
        raise SourceError([Problem(file.name, found, f"{kind} as it was saved", remedy)]) from None


def _reader_of(file: SourceFile) -> tuple[str, _Reader]:
    """The reader that the ending asks for, if the first bytes do not say otherwise."""
    ending = PurePath(file.name).suffix.casefold()
    if ending not in _READERS:
        known = ", ".join(ENDINGS)
        remedy = f"save it as {_SAVE_AS[ending]}" if ending in _SAVE_AS else ""
        raise _refusal(
            file,
            f"a file ending in {ending!r}" if ending else "a file without an ending",
            f"one of {known}",
            remedy,
        )
    if not file.data:
        raise _refusal(file, "an empty file", "gradings")
    kind, reader = _READERS[ending]
    is_zip, is_old, is_pdf = (file.data.startswith(mark) for mark in (_ZIP, _OLE, _PDF))
    if is_old and ending != ".xls":
        found = "a file protected by a password, or of Office before 2007"
        raise _refusal(file, found, kind, "save it without a password in today's form")
    zipped = reader in (read_xlsx, read_docx) or ending == ".ods"
    if zipped != is_zip or (ending == ".xls" and not is_old) or (is_pdf and reader is not read_pdf):
        found = "a zip package" if is_zip else "a PDF" if is_pdf else "bytes of another kind"
        remedy = "give the file the ending of what it is, or save it again"
        raise _refusal(file, f"{found} under the ending {ending!r}", kind, remedy)
    return kind, reader


def _refusal(file: SourceFile, found: str, expected: str, remedy: str = "") -> SourceError:
    return SourceError([Problem(file.name, found, expected, remedy)])
