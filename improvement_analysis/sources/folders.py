"""Where datasets are. Kept free of anything slow to import, for a run that finds nothing to do."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from improvement_analysis.errors import Problem, SourceError

__all__ = ["ABOUT", "NOTE", "declares", "files_below", "find_dataset", "find_datasets"]

#: The file that makes a folder a dataset.
ABOUT = "source.toml"

#: The note in every folder that holds what was made of a dataset.
NOTE = ".lock"

_PROJECT = Path(__file__).resolve().parents[2]


def find_dataset(folder: str | Path) -> Path:
    """The folder meant by a path or by a name under ``data/raw``.

    A name is looked for in the working folder, in those above it, and in the project's own checkout.

    Raises
    ------
    SourceError
        If there is none, with the names there are.
    """
    asked = Path(folder)
    try:
        if declares(asked):
            return asked
        above = (Path.cwd(), *Path.cwd().parents, _PROJECT)
        homes = list(dict.fromkeys(parent / "data" / "raw" for parent in above))
        if len(asked.parts) == 1:
            for home in homes:
                if declares(home / asked):
                    return home / asked
        exists = asked.is_dir()
    except (OSError, ValueError):
        exists, homes = False, []
    found = "a folder without a source.toml" if exists else "no such dataset"
    known = [place.name for home in homes for place in find_datasets(home)]
    from improvement_analysis.vocabulary import suggest  # which takes pandas

    close = suggest(asked.name, known)
    listed = f"; known are {', '.join(known)}" if known else ""
    remedy = (f"did you mean {close!r}" if close else "check the name") + listed
    raise SourceError([Problem(str(folder), found, f"a folder that holds a {ABOUT}", remedy)])


def declares(folder: Path) -> bool:
    """Whether something bears the name of a declaration in a folder, be it one that cannot be read.

    Raises
    ------
    OSError
        If the folder cannot be looked into.
    """
    try:
        (folder / ABOUT).lstat()
    except (FileNotFoundError, NotADirectoryError):
        return False
    return True


def find_datasets(home: str | Path) -> list[Path]:
    """The dataset folders directly under *home*, by name."""
    try:
        return sorted(place.parent for place in Path(home).glob(f"*/{ABOUT}"))
    except OSError:
        return []


def files_below(folder: Path) -> Iterator[Path]:
    """The files of a dataset's folder and of those in it, but for hidden folders and for what was made of it.

    Links to folders are not followed.
    """
    for home, below, names in os.walk(folder):
        if NOTE in names and Path(home) != folder:
            below.clear()
            continue
        below[:] = [name for name in below if not name.startswith(".")]
        yield from (Path(home) / name for name in names)
