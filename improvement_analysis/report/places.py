"""Where things lie on this machine, left out of what is kept beside the pages and may be handed on."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
import tempfile
from pathlib import Path

__all__ = ["leave_out_places"]

_LIBRARIES = ("stdlib", "platstdlib", "purelib", "platlib")
#: What may stand before a path: no other path, but the end of a colour.
_BEFORE = r"(?:(?<![\w/.~-])|(?<=\dm))"


def leave_out_places(text: str, *folders: Path) -> str:
    """The text, paths seen from *folders*, the libraries and the working folder; the home folder is ``~``.

    Examples
    --------
    >>> leave_out_places("cannot read '/srv/data/a.csv' in /srv/data", Path("/srv/data"))
    "cannot read 'a.csv' in ."
    """
    home = Path("~").expanduser()
    known = [folder.absolute() for folder in (*folders, *_places())]
    roots = {root for folder in known for root in (folder, folder.resolve())} - {home}
    for root in sorted(roots, key=lambda root: len(str(root)), reverse=True):
        text = _without(text, root, "", ".")
    return _without(text, home, f"~{os.sep}", "~")


def _places() -> list[Path]:
    """The folders of this process that tell of the machine."""
    libraries = [Path(sysconfig.get_path(name)) for name in _LIBRARIES]
    project, temporary = Path(__file__).resolve().parents[2], Path(tempfile.gettempdir())
    return [*libraries, Path(sys.prefix), Path(sys.base_prefix), project, temporary, Path.cwd()]


def _without(text: str, root: Path, inside: str, itself: str) -> str:
    """The text with other words for a folder, as it is written in plain text, in JSON and in code in JSON."""
    if root == root.parent:
        return text
    for times in (1, 2, 4) if os.sep == "\\" else (1,):
        written = re.escape(str(root).replace("\\", times * "\\"))
        sign = re.escape(os.sep if os.sep == "/" else times * os.sep)
        text = re.sub(f"{_BEFORE}{written}{sign}", lambda _: inside, text)
        text = re.sub(rf"{_BEFORE}{written}(?![\w.-])", lambda _: itself, text)
    return text
