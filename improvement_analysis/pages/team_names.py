"""What may be said before a service's own people: nothing that names a team."""

from __future__ import annotations

import re
from collections.abc import Iterable

from improvement_analysis.dataset import Dataset
from improvement_analysis.sentences import plural

__all__ = ["Discretion"]

_BETWEEN = re.compile(r"[\W_]+")


class Discretion:
    """Leaves out every text in which the name of a team occurs, however it is spelt or punctuated.

    A name that is also the name of a service, an area or the authority counts as theirs. One of one or two
    letters, such as "A", counts beside the word "team" only.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> discretion = Discretion(load("example-team-forms"))
    >>> discretion.keep(["Supervision is put off.", "team-d was visited twice.", "TEAM D's files"])
    ['Supervision is put off.']
    >>> discretion.note
    '2 texts are left out here because they name a team.'
    """

    def __init__(self, dataset: Dataset) -> None:
        about = dataset.about
        places = [*dataset.services, *dataset.areas, *about.services.names, *about.areas.names]
        public = {_folded(name) for name in (*places, about.authority or "")}
        every = {name for column in _columns(dataset) for name in column}
        names = {_folded(name) for name in every} - public - {""}
        #: Names without a letter or a digit are looked for as they are.
        self._signs = sorted(name.strip() for name in every if not _folded(name) and name.strip())
        longest = sorted(names, key=lambda name: (-len(name), name))
        patterns = (rf"(?<= )(?:{_pattern(name)})(?= )" for name in longest)
        self._named = re.compile("|".join(patterns) or r"(?!)")
        self.left_out = 0

    def names_team(self, text: str) -> bool:
        """Whether the name of a team occurs in *text*, as a word or words of its own."""
        return self._named.search(f" {_folded(text)} ") is not None or any(
            name in text for name in self._signs
        )

    def keep(self, texts: Iterable[str]) -> list[str]:
        """The texts that name no team; the others are counted."""
        every = list(texts)
        kept = [text for text in every if not self.names_team(text)]
        self.left_out += len(every) - len(kept)
        return kept

    @property
    def note(self) -> str:
        """How many texts were left out; empty where none was."""
        if not self.left_out:
            return ""
        are, they = ("is", "it names") if self.left_out == 1 else ("are", "they name")
        return f"{plural(self.left_out, 'text')} {are} left out here because {they} a team."


def _columns(dataset: Dataset) -> list[list[str]]:
    frames = (dataset.gradings, dataset.actions)
    found = [frame["team"].dropna().astype(str).tolist() for frame in frames if "team" in frame]
    if "teams" in dataset.findings:
        cells = dataset.findings["teams"].dropna().astype(str)
        found.append([name for cell in cells for name in cell.split("; ")])
    return [list(dict.fromkeys(names)) for names in found]


def _pattern(name: str) -> str:
    return re.escape(name) if len(name) > 2 else rf"team {re.escape(name)}|{re.escape(name)} team"


def _folded(text: str) -> str:
    return _BETWEEN.sub(" ", text.casefold()).strip()
