"""A file that nobody has declared, drafted as a dataset for as long as pages are made of it."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from improvement_analysis.report.publishing.lock import locked
from improvement_analysis.sources.drafts import Draft, write_draft

__all__ = ["drafted_for_now"]


@contextmanager
def drafted_for_now(path: Path, draft: Draft) -> Iterator[Path]:
    """The folder of the draft of a file; it goes when the context ends.

    One file has one place, whatever the run: the outputs of a report note which dataset they were made of.
    """
    mark = hashlib.sha256(str(path.resolve()).encode("utf-8", "surrogateescape")).hexdigest()[:12]
    home = Path(tempfile.gettempdir()) / f"improvement-analysis-{mark}"
    with locked(home, path):
        shutil.rmtree(home / draft.name, ignore_errors=True)  # left by a run that was killed
        try:
            yield write_draft(draft, home / draft.name)
        finally:
            shutil.rmtree(home, ignore_errors=True)
