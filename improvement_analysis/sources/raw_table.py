"""A table as it stands in a file: texts, each with its place. Every format is read into it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from improvement_analysis.errors import Problem
from improvement_analysis.vocabulary import fold, suggest

__all__ = ["RawRow", "RawTable"]

_PERSONAL = (
    "name of child",
    "child",
    "forename",
    "surname",
    "first name",
    "last name",
    "worker",
    "email",
    "manager",
)


@dataclass(frozen=True)
class RawRow:
    """One row: its number as a spreadsheet shows it, and its texts by column."""

    number: int
    texts: Mapping[str, str]


@dataclass
class RawTable:
    """Rows of texts under headings, with what is needed to name a place.

    Attributes
    ----------
    file, sheet
        Where the table stands.
    headings
        As spelt in the file, in their order.
    rows
        Without blank ones. Keys of their texts are headings until :meth:`keep` renames them.
    letters
        The sheet column of a heading (``"C"``), where there are cells.
    """

    file: str
    headings: list[str]
    rows: list[RawRow]
    sheet: str | None = None
    letters: Mapping[str, str] = field(default_factory=dict)
    header_row: int = 1

    def problem(
        self,
        row: int | None,
        column: str | None,
        found: str,
        expected: str,
        remedy: str = "",
        severity: Literal["error", "warning"] = "error",
    ) -> Problem:
        """A problem at a row and column of this table."""
        place = self.letters.get(column, column) if column is not None else None
        return Problem(self.file, found, expected, remedy, self.sheet, row, place, severity)

    def source(self, row: RawRow) -> str:
        """The place of a row, as gradings carry it; with the page where the table gives one."""
        sheet = f", sheet {self.sheet!r}" if self.sheet else ""
        page = f" (page {row.texts['page']})" if row.texts.get("page") else ""
        return f"{self.file}{sheet}, row {row.number}{page}"

    def keep(self, needed: Iterable[str], optional: Iterable[str] = ()) -> tuple[RawTable, list[Problem]]:
        """This table with just the columns asked for, under their own names, and what is wrong above them.

        An unknown column is a warning, a column that looks like a person's name is dropped by name.
        """
        needed, optional = list(needed), list(optional)
        by_name = {_fold_heading(name): name for name in (*needed, *optional)}
        found: dict[str, str] = {}
        problems: list[Problem] = []
        for heading in self.headings:
            name = by_name.get(_fold_heading(heading))
            if name is None:
                problems.append(self._stranger(heading, by_name.values()))
            elif name in found:
                problems.append(
                    self.problem(self.header_row, heading, f"the column {name!r} twice", "each column once")
                )
            else:
                found[name] = heading
        for name in needed:
            if name not in found:
                has = ", ".join(repr(heading) for heading in self.headings) or "no heading"
                problems.append(self.problem(self.header_row, None, has, f"a column {name!r}"))
        rows = [
            RawRow(row.number, {name: row.texts.get(heading, "") for name, heading in found.items()})
            for row in self.rows
        ]
        letters = {name: self.letters[heading] for name, heading in found.items() if heading in self.letters}
        kept = RawTable(self.file, list(found), rows, self.sheet, letters, self.header_row)
        return kept, problems

    def _stranger(self, heading: str, known: Iterable[str]) -> Problem:
        if _may_name_a_person(fold(heading)):
            said = (
                "what may be names of people",
                "no personal data",
                "it was not read; take it out of the file",
            )
        else:
            close = suggest(heading, known)
            said = (
                "a column that is not known",
                "one of " + ", ".join(repr(name) for name in known),
                f"did you mean {close!r}? It was not read" if close else "it was not read",
            )
        return self.problem(self.header_row, heading or "(no heading)", *said, severity="warning")


def _may_name_a_person(heading: str) -> bool:
    return heading in _PERSONAL or (heading.endswith(" name") and "team" not in heading)


def _fold_heading(heading: str) -> str:
    return fold(heading).replace("_", " ")
