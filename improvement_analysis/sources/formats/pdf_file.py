"""PDF documents: the lines of their text, to be confirmed by a reader."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

from improvement_analysis.errors import Problem, SourceError
from improvement_analysis.sources.formats.document import Document, Line
from improvement_analysis.sources.formats.files import SourceFile

__all__ = ["read_pdf"]

#: Bytes of a PDF, and what reading one may take: bytes of memory and seconds of processor time.
MOST_BYTES, MOST_MEMORY, MOST_SECONDS = 20_000_000, 450_000_000, 5

#: So many seconds it is waited for: a busy machine gives a process little of its time.
MOST_WAITED = 60 if sys.platform != "win32" else MOST_SECONDS

_SCRIPT = Path(__file__).with_name("pdf_text.py")


def read_pdf(file: SourceFile) -> tuple[Document, list[Problem]]:
    """The lines of a PDF's text, and the warning that they must be confirmed.

    The text is what pypdf makes of the page: it has no cells, and a table's columns may run together.

    Raises
    ------
    SourceError
        If it is no PDF, is protected, has no text, or takes too long.
    """
    if len(file.data) > MOST_BYTES:
        raise _refusal(file, f"{len(file.data):,} bytes", f"at most {MOST_BYTES:,} in a PDF")
    return read_pages(file, _pages(file))


def read_pages(file: SourceFile, pages: list[str]) -> tuple[Document, list[Problem]]:
    """The lines of a PDF whose pages' texts are known."""
    if not any(map(str.strip, pages)):
        raise _refusal(
            file, "pages without text", "text", "it may be a scan: type the gradings into a CSV file"
        )
    running = _running(pages)
    lines = [
        Line(text, line, page, running=_masked(text) in running)
        for page, lines in enumerate(pages, start=1)
        for line, text in enumerate(lines.splitlines(), start=1)
        if text.strip()
    ]
    said = ("gradings in the text of a PDF", "a reader's confirmation against its pages")
    return Document(file.name, lines), [Problem(file.name, *said, severity="warning")]


def _pages(file: SourceFile) -> list[str]:
    command = [sys.executable or "python", "-P", str(_SCRIPT), str(MOST_MEMORY), str(MOST_SECONDS)]
    try:
        done = subprocess.run(command, input=file.data, capture_output=True, timeout=MOST_WAITED, check=False)
        answer = json.loads(done.stdout)
    except subprocess.TimeoutExpired:
        raise _refusal(
            file, f"a PDF that takes more than {MOST_WAITED} seconds to read", "a plain one"
        ) from None
    except (OSError, ValueError):
        raise _refusal(file, "a PDF that takes too much to read", "a plain one") from None
    if "pages" not in answer:
        found = f"a PDF that cannot be read ({answer['fault']})"
        raise _refusal(file, found, "a plain PDF, whole and without a password")
    return [str(page) for page in answer["pages"]]


def _running(pages: list[str]) -> set[str]:
    """Lines that stand at the top or the bottom of several pages, digits set aside."""
    counted: Counter[str] = Counter()
    for page in pages:
        lines = [line for line in page.splitlines() if line.strip()]
        counted.update({_masked(line) for line in (*lines[:2], *lines[2:][-2:])})
    return {text for text, number in counted.items() if number > 1}


def _masked(line: str) -> str:
    return re.sub(r"\d+", "#", line.strip())


def _refusal(file: SourceFile, found: str, expected: str, remedy: str = "") -> SourceError:
    return SourceError([Problem(file.name, found, expected, remedy)])
