"""Tables laid out by gptables: a sheet each, with a cover, contents and notes."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import pandas as pd

from improvement_analysis.charts import text_width
from improvement_analysis.exports.packing import printable
from improvement_analysis.sources.forms.archive import pack_parts

__all__ = ["Cover", "Sheet", "sheet_labels", "write_sheets"]

#: All that a cell of a workbook holds.
MOST_CHARACTERS = 32_767

#: The sheets that gptables writes before the tables.
FRONT = ("Cover", "Contents", "Notes")

_TOKEN = "\ue000{}a"
_TOKENS = re.compile("\ue000(\\d+)a")
_SPECIAL = re.compile(r"\$\$|\[.+\]\(.+\)|\ue000")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\$']+")
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_INTRO, _ABOUT = "Introductory information", "About these data"
_COVER_WIDTH, _A4 = 100, 9
#: Points: of a line, of a column's unit of width, and the size at which our font is as wide as Arial 12.
_LINE, _CHARACTER, _SIZE = 15.6, 5.2, 10.6

_KEPT_HEIGHT = re.compile(rb' customHeight="1"')
_CONTENTS = "This worksheet contains one table, with a link to each sheet."
_INSTRUCTIONS = "This worksheet contains one table. Numbers in square brackets refer to the sheet Notes."


@dataclass(frozen=True)
class Sheet:
    """A table and its sheet.

    Attributes
    ----------
    label
        The tab's name, see :func:`sheet_labels`.
    title
        Stands in the first cell and in the contents.
    frame : DataFrame
        The cells, none missing; whole numbers as numbers.
    source
        Where the numbers come from.
    widths
        Of each column, in characters.
    notes
        By column, the key of a note.
    legend
        Lines that explain what stands in the cells.
    """

    label: str
    title: str
    frame: pd.DataFrame
    source: str
    widths: Sequence[int]
    notes: Mapping[str, str] = field(default_factory=dict)
    legend: Sequence[str] = ()


@dataclass(frozen=True)
class Cover:
    """What the first sheet says."""

    title: str
    intro: Sequence[str]
    about: Sequence[str]


def sheet_labels(names: Sequence[str]) -> list[str]:
    """A tab's name for each of *names*: what every spreadsheet allows, and no two alike.

    Examples
    --------
    >>> sheet_labels(["Contact and Referral and Assessment", "CP/CIN", "cp cin", "Notes"])
    ['Contact and Referral and Ass', 'CP CIN', 'cp cin 2', 'Notes 2']
    """
    taken = {label.casefold() for label in (*FRONT, "History")}
    found = []
    for name in names:
        stem = " ".join(_FORBIDDEN.sub(" ", printable(name)).split())[:28].strip() or "Sheet"
        label, number = stem, 2
        while label.casefold() in taken:
            label, number = f"{stem} {number}"[:31], number + 1
        taken.add(label.casefold())
        found.append(label)
    return found


def write_sheets(
    sheets: Sequence[Sheet], cover: Cover, notes: Mapping[str, str], banners: Sequence[str]
) -> bytes:
    """A workbook of *sheets*, as gptables writes it.

    Parameters
    ----------
    sheets
        In order. Each is given *banners* under its title.
    cover
        Of the first sheet.
    notes
        Texts by key; those that no sheet refers to are left out.
    """
    words = _Words()
    used = dict.fromkeys(key for sheet in sheets for key in sheet.notes.values())
    noted = pd.DataFrame({"Note": list(used), "Note text": [words.text(notes[key]) for key in used]})
    tables = {
        sheet.label: _table(sheet, f"table_{number}", words, banners)
        for number, sheet in enumerate(sheets, 1)
    }
    front = words.text(cover.title), _kept(words, cover.intro), _kept(words, cover.about)
    saved = io.BytesIO()
    with warnings.catch_warnings():
        # gptables reads its theme without closing the file, and sorts in a way that pandas is giving up.
        for category in (DeprecationWarning, FutureWarning, ResourceWarning):
            warnings.simplefilter("ignore", category)
        import gptables

        book = gptables.produce_workbook(
            saved,
            {label: gptables.GPTable(**told) for label, told in tables.items()},
            cover=gptables.Cover(*front, width=_COVER_WIDTH),
            contentsheet_options={"instructions": _CONTENTS},
            notes_table=noted,
            notesheet_options={"instructions": "This worksheet contains one table."},
            auto_width=False,
            workbook_options=_OPTIONS,
        )
        _lay_out(book, cover, noted, sheets, banners)
        book.close()
    return words.put_back(saved.getvalue())


def _kept(words: _Words, lines: Sequence[str]) -> list[str]:
    return [words.text(line) for line in lines]


def _table(sheet: Sheet, name: str, words: _Words, banners: Sequence[str]) -> dict[str, Any]:
    """What gptables is told of a sheet."""
    heads = {str(column): words.text(column) for column in sheet.frame.columns}
    frame = sheet.frame.map(words.keep).rename(columns=heads).astype(object).reset_index(drop=True)
    return {
        "table": frame,
        "table_name": name,
        "title": words.text(sheet.title),
        "subtitles": _kept(words, banners),
        "instructions": _INSTRUCTIONS,
        "legend": _kept(words, sheet.legend),
        "source": words.text(f"Source: {sheet.source}"),
        "table_notes": {heads[column]: f"$${key}$$" for column, key in sheet.notes.items()},
        "index_columns": {2: 0},
        "additional_formatting": _formats(sheet.frame),
    }


def _formats(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Every cell at the top of its row, and columns of numbers to the right, headings and all."""
    every = range(len(frame.columns))
    numbers = [i for i in every if all(isinstance(cell, int) for cell in frame.iloc[:, i].tolist())]
    right = {"align": "right"}
    return [
        {"column": {"columns": list(places), "format": format_, "include_names": True}}
        for places, format_ in ((every, {"valign": "top", "indent": 1}), (numbers, right))
        if places
    ]


def _lay_out(
    book: Any, cover: Cover, notes: pd.DataFrame, sheets: Sequence[Sheet], banners: Sequence[str]
) -> None:
    """Widths, first guesses of heights, and how each sheet prints."""
    for worksheet in book.worksheets():
        worksheet.set_landscape()
        worksheet.set_paper(_A4)
        worksheet.fit_to_pages(1, 0)
    lines = [cover.title, _INTRO, *cover.intro, _ABOUT, *cover.about]
    _set_size(book.get_worksheet_by_name("Cover"), 0, [[line] for line in lines], (_COVER_WIDTH,))
    contents = [["", ""], *(["", "\n".join([sheet.title, *banners])] for sheet in sheets)]
    _set_size(book.get_worksheet_by_name("Contents"), 2, contents, (34, 90))
    _set_size(book.get_worksheet_by_name("Notes"), 2, [["", ""], *notes.to_numpy().tolist()], (14, 100))
    for sheet in sheets:
        worksheet = book.get_worksheet_by_name(sheet.label)
        heading = 3 + len(banners) + len(sheet.legend)
        worksheet.repeat_rows(heading)
        noted = [
            f"{name}\n[note 9]" if name in sheet.notes else name for name in map(str, sheet.frame.columns)
        ]
        _set_size(worksheet, heading, [noted, *sheet.frame.to_numpy().tolist()], sheet.widths)


def _set_size(worksheet: Any, first: int, rows: Sequence[Sequence[object]], widths: Sequence[int]) -> None:
    """The columns' widths, and a height for every row of several lines: not all spreadsheets find it."""
    for place, width in enumerate(widths):
        worksheet.set_column(place, place, width)
    for number, cells in enumerate(rows, first):
        most = max(_lines(str(cell), width - 2) for cell, width in zip(cells, widths, strict=True))
        if most > 1:
            worksheet.set_row(number, most * _LINE)


def _lines(text: str, width: int) -> int:
    """How many lines a text takes in a column of some characters' width."""
    points = width * _CHARACTER
    return sum(len(text_width.wrap(line, points, _SIZE)) for line in text.split("\n"))


class _Words:
    """Keeps texts from gptables that it would refuse or read as a link or a note, and puts them back."""

    def __init__(self) -> None:
        self.kept: list[str] = []

    def keep(self, value: object) -> object:
        """*value* for a cell: a whole number as it is, anything else as :meth:`text`."""
        return value if isinstance(value, int) and not isinstance(value, bool) else self.text(value)

    def text(self, value: object) -> str:
        """An ordinary text as it is, another behind a token."""
        text = " ".join(printable(value).split())[:MOST_CHARACTERS]
        if _SPECIAL.search(text) is None and any(c.isascii() and c.isalnum() for c in text):
            return text
        self.kept.append(text)
        return _TOKEN.format(len(self.kept) - 1)

    def put_back(self, data: bytes) -> bytes:
        """The workbook with every text in its place."""
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        # Without the mark a height is a guess, which a spreadsheet mends when a cell is edited.
        return pack_parts({name: _KEPT_HEIGHT.sub(b"", self._restored(part)) for name, part in parts.items()})

    def _restored(self, part: bytes) -> bytes:
        if "\ue000".encode() not in part:
            return part
        text = _TOKENS.sub(lambda m: escape(self.kept[int(m[1])], {'"': "&quot;"}), part.decode())
        return text.encode()
