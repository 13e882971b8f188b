"""A page made by a report, printed as PDF by a Chromium that is installed: tagged, with an outline."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from improvement_analysis.errors import ReportError
from improvement_analysis.exports.packing import CREATOR

__all__ = ["find_chromium", "pdf_bytes"]

#: What Chromium is called where it is on the path, and where it lies where it is not.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)

#: Seconds that a page may take.
PATIENCE = 120

_QUIET = (
    "--headless",
    "--disable-gpu",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)


def find_chromium(named: str | None = None) -> str:
    """The path of a Chromium, Chrome or Edge.

    Parameters
    ----------
    named
        A path or a name on the path; by default what the variable CHROMIUM says, then the usual ones.

    Raises
    ------
    ReportError
        If there is none.
    """
    named = named or os.environ.get("CHROMIUM")
    found = [shutil.which(name) for name in ([named] if named else [*NAMES, *PLACES])]
    chosen = next((path for path in found if path), None)
    if chosen is None:
        looked = f"{named!r} is no program" if named else "no Chromium, Chrome or Edge is installed"
        raise ReportError(
            f"{looked}: it is what prints pages as PDF; install one, or open the page and print it"
        )
    return chosen


def pdf_bytes(page: Path, chromium: str | None = None) -> bytes:
    """A page as PDF: the same page gives the same bytes with the same Chromium and fonts.

    Parameters
    ----------
    page
        An HTML file.
    chromium
        As for :func:`find_chromium`.

    Raises
    ------
    ReportError
        If there is no such page, no Chromium, or it did not print.
    """
    program = find_chromium(chromium)
    if not page.is_file():
        raise ReportError(f"{page}: no such page to print")
    with tempfile.TemporaryDirectory(prefix="improvement-analysis-", ignore_cleanup_errors=True) as folder:
        target = Path(folder) / "page.pdf"
        _print(program, page, target, Path(folder) / "profile")
        return _steady(target.read_bytes())


def _print(program: str, page: Path, target: Path, profile: Path) -> None:
    # Chromium refuses to shut itself in where everything may be done anyway.
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    order: Sequence[str] = (
        program,
        *_QUIET,
        *(("--no-sandbox",) if is_root else ()),
        f"--user-data-dir={profile}",
        f"--print-to-pdf={target}",
        page.resolve().as_uri(),
    )
    try:
        done = subprocess.run(order, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise ReportError(f"{page}: Chromium did not print it within {PATIENCE} seconds") from None
    except OSError as failure:
        raise ReportError(f"{program}: cannot be run ({failure.strerror or failure})") from None
    if done.returncode != 0 or not target.is_file():
        told = done.stderr.decode(errors="replace").strip().splitlines()
        last = told[-1] if told else f"it ended with status {done.returncode}"
        raise ReportError(f"{page}: Chromium did not print it ({last})")


def _steady(data: bytes) -> bytes:
    """The same document without the hour and the chance numbers; viewers show its title."""
    from pypdf import PdfReader, PdfWriter
    from pypdf.generic import BooleanObject, DictionaryObject, NameObject

    reader = PdfReader(io.BytesIO(data))
    writer = PdfWriter(clone_from=reader)
    writer.pdf_header = reader.pdf_header
    title = writer.metadata.title if writer.metadata else None
    writer.metadata = {"/Title": title or "", "/Creator": CREATOR, "/Producer": CREATOR}
    root = writer.root_object
    root[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()
