"""Plain text as pasted: lines, or separated values under a header."""

from __future__ import annotations

import io

from improvement_analysis.errors import Problem
from improvement_analysis.sources.formats.csv_file import SEPARATORS, split_text
from improvement_analysis.sources.formats.document import Document, Line
from improvement_analysis.sources.formats.files import SourceFile, decode
from improvement_analysis.sources.headings import fold_headings

__all__ = ["read_text"]


def read_text(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The lines of a text; where its first line is a header with a service and a grade, its grid instead."""
    text, warnings = decode(file)
    first = next((line for line in io.StringIO(text, newline="") if line.strip()), "")
    for separator in SEPARATORS:
        headings = set(fold_headings(first.strip().split(separator)))
        if "service" in headings and headings & {"grade", "grading"}:
            return split_text(file.name, text), warnings
    numbered = enumerate(io.StringIO(text, newline=""), start=1)
    lines = [Line(line, number) for number, line in numbered if line.strip()]
    return Document(file.name, lines), warnings
