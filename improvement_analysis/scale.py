"""The ordered scale of grades: the one place that knows which grade is worse than which.

A :class:`Scale` is a value. :data:`OFSTED` is the one the published diagnostics use; another inspectorate's
scale is another value, declared with the data in its ``source.toml``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from html import escape

import pandas as pd

from improvement_analysis.errors import GradeError

__all__ = ["NO_JUDGEMENT", "OFSTED", "Scale"]

#: The heading under which gradings without a grade are counted, and their usual reason.
NO_JUDGEMENT = "no judgement"


@dataclass(frozen=True)
class Scale:
    """Grades from worst to best, with a split grade between each two neighbours.

    Parameters
    ----------
    codes, names
        The same grades, worst to best: as written in data (``"RI"``) and on paper
        (``"Requires improvement"``).
    good
        The code at which "good or better" begins; None where the scale has no such line.
    title
        What the scale is called in a sentence.
    aliases
        Further spellings that mean a grade, as ``(spelling, code)`` pairs; compared without case.
    ungraded, not_applicable
        Further words that say that no grade was given, and that none can be: nothing there to grade.

    Raises
    ------
    GradeError
        If the declaration contradicts itself.

    Examples
    --------
    >>> OFSTED.categories
    ('I', 'RI / I', 'RI', 'G / RI', 'G', 'O / G', 'O')
    >>> OFSTED.name("RI / I")
    'Requires improvement / Inadequate'
    >>> OFSTED.ends("RI / I")
    ('I', 'RI')
    """

    codes: tuple[str, ...]
    names: tuple[str, ...]
    good: str | None
    title: str = "grading scale"
    aliases: tuple[tuple[str, str], ...] = field(default=())
    ungraded: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        _check_declaration(self)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """Every grade worst to best, splits between their neighbours (better half first in the name)."""
        found = [self.codes[0]]
        for worse, better in zip(self.codes, self.codes[1:], strict=False):
            found += [f"{better} / {worse}", better]
        return tuple(found)

    @property
    def threshold(self) -> str:
        """The grade from which shares are counted: where good begins, or else the best grade."""
        return self.good or self.codes[-1]

    @cached_property
    def splits(self) -> tuple[str, ...]:
        """The split grades, worst to best."""
        return self.categories[1::2]

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns of counts: :attr:`categories`, then *no judgement*."""
        return (*self.categories, NO_JUDGEMENT)

    @cached_property
    def dtype(self) -> pd.CategoricalDtype:
        """The ordered pandas type of a column of grades."""
        return pd.CategoricalDtype(list(self.categories), ordered=True)

    def rank(self, grade: str) -> int:
        """Doubled position on the scale, worst 0: whole grades even, splits odd.

        Only the order of ranks means anything; they are not to be averaged.
        """
        try:
            return self.categories.index(grade)
        except ValueError:
            raise GradeError(
                f"{grade!r} is not a grade of the {self.title}: {', '.join(self.categories)}"
            ) from None

    def ends(self, grade: str | None) -> tuple[str, str]:
        """The worst and the best whole grade that *grade* may stand for.

        A whole grade stands for itself, a split for either of its halves, a missing grade for the scale.
        """
        if grade is None or grade == NO_JUDGEMENT:
            return self.codes[0], self.codes[-1]
        rank = self.rank(grade)
        return self.categories[rank - rank % 2], self.categories[rank + rank % 2]

    def is_split(self, grade: str) -> bool:
        """Whether *grade* lies between two whole grades."""
        return self.rank(grade) % 2 == 1

    def name(self, grade: str) -> str:
        """*grade* in words, as printed on paper; *no judgement* is left as it is."""
        if grade == NO_JUDGEMENT:
            return "No judgement"
        worse, better = self.ends(grade)
        words = dict(zip(self.codes, self.names, strict=True))
        return words[worse] if worse == better else f"{words[better]} / {words[worse]}"

    def at_least(self, grade: str, than: str) -> bool | None:
        """Whether *grade* is *than* or better; None where a split leaves that open.

        Examples
        --------
        >>> OFSTED.at_least("G", "RI"), OFSTED.at_least("RI / I", "RI"), OFSTED.at_least("I", "RI")
        (True, None, False)
        """
        worst, best = (self.rank(end) >= self.rank(than) for end in self.ends(grade))
        return worst if worst == best else None

    def sorted(self, grades: Iterable[str]) -> list[str]:
        """*grades* worst to best."""
        return sorted(grades, key=self.rank)

    def _repr_html_(self) -> str:
        left = ' style="text-align:left"'
        heads = ("Grade", "In words", "Where it stands")
        head = "".join(f'<th scope="col"{left}>{words}</th>' for words in heads)
        rows = "".join(
            f'<tr><th scope="row"{left}>{escape(grade)}</th><td{left}>{escape(self.name(grade))}</td>'
            f"<td{left}>{escape(self._standing(grade))}</td></tr>"
            for grade in self.categories
        )
        caption = f"{escape(self.title)}, worst to best; {NO_JUDGEMENT} lies outside it"
        return (
            f"<table><caption>{caption}</caption><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _standing(self, grade: str) -> str:
        split = "split" if self.is_split(grade) else ""
        if self.good is None:
            return split
        good = self.name(self.good).lower()
        beyond = good if self.good == self.codes[-1] else f"{good} or better"
        where = {True: beyond, False: f"below {good}", None: f"either side of {good}"}[
            self.at_least(grade, self.good)
        ]
        return ", ".join(word for word in (where, split) if word)


def _check_declaration(scale: Scale) -> None:
    known = {code.casefold() for code in scale.codes}
    faults = {
        "a scale needs at least two grades": len(scale.codes) < 2,
        f"{len(scale.codes)} codes but {len(scale.names)} names": len(scale.codes) != len(scale.names),
        "a code stands twice": len(known) != len(scale.codes),
        "a code or a name is empty, or holds '/', ',', '(' or ')'": any(
            not text.strip() or set(text) & set("/,()") for text in (*scale.codes, *scale.names)
        ),
        f"'good' is {scale.good!r}, which is not one of the codes": scale.good not in (None, *scale.codes),
        "an alias names a code that the scale does not hold": any(
            code not in scale.codes for _, code in scale.aliases
        ),
    }
    found = [fault for fault, there in faults.items() if there]
    if found:
        raise GradeError(f"scale {scale.title!r}: {'; '.join(found)}")


#: The four grades of Ofsted's inspections of children's services.
OFSTED = Scale(
    codes=("I", "RI", "G", "O"),
    names=("Inadequate", "Requires improvement", "Good", "Outstanding"),
    good="G",
    title="Ofsted scale",
    aliases=(("requires improvement to be good", "RI"),),
)
