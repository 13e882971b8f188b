"""Plain text as pasted: lines, or separated values under a header."""

from __future__ import annotations

import io
import re

from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.csv_file import SEPARATORS, split_text
from improvement_analysis.sources.formats.document import Document, Line
from improvement_analysis.sources.formats.files import SourceFile, decode
from improvement_analysis.sources.headings import fold_headings

__all__ = ["read_text"]

_HEADING = re.compile(r"#{1,6}\s+(.*[^#\s])[#\s]*")


def read_text(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The lines of a text; where its first line is a header with a service and a grade, its grid instead."""
    text, warnings = decode(file)
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    for separator in SEPARATORS:
        headings = set(fold_headings(first.strip().split(separator)))
        if "service" in headings and headings & {"grade", "grading"}:
            return split_text(file.name, text), warnings
    numbered = enumerate(io.StringIO(text, newline=""), start=1)
    lines = [_line(line, number) for number, line in numbered if line.strip()]
    return Document(file.name, lines), warnings


def _line(text: str, number: int) -> Line:
    """A line, without the marks by which a plain text shows that it is a heading."""
    match = _HEADING.fullmatch(text.strip())
    return Line(match[1], number, heading=True) if match else Line(text, number)
