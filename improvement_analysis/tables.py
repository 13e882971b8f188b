"""Tables as accessible HTML: a caption, headings with their scope, full words, everything escaped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.about import About, about_of
from improvement_analysis.errors import GradingsError
from improvement_analysis.marks import is_illustrative, mark_illustrative
from improvement_analysis.scale import NO_JUDGEMENT, OFSTED, Scale
from improvement_analysis.spreadsheets import write_csv
from improvement_analysis.vocabulary import day_in_words

if TYPE_CHECKING:
    from jinja2 import Template

__all__ = ["Table", "frame_table", "grade_table"]

#: Under this type an output carries a table's cells as CSV: a report run puts them beside the page.
TABLE_MIME = "application/vnd.improvement-analysis.table+json"

ILLUSTRATIVE = "ILLUSTRATIVE DATA, made up to show the method: not findings."


@dataclass(frozen=True)
class Table:
    """A table for a page, and the same cells as a frame.

    Attributes
    ----------
    caption : str
    frame : DataFrame
        The cells as printed, headings in words.
    html : str
    """

    caption: str
    frame: pd.DataFrame
    html: str

    @property
    def csv(self) -> str:
        """The cells as comma-separated text, for a file beside the page.

        A text that a spreadsheet would take for a formula gets an apostrophe before it.
        """
        return write_csv(self.frame)

    def _repr_html_(self) -> str:
        return self.html

    def __str__(self) -> str:
        banner = f"{ILLUSTRATIVE}\n" if is_illustrative(self.frame) else ""
        return f"{banner}{self.caption}\n{self.frame.to_string(index=False)}"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        cells = {"caption": self.caption, "csv": self.csv}
        made = {"text/html": self.html, "text/plain": str(self), TABLE_MIME: cells}
        return {
            kind: text
            for kind, text in made.items()
            if (include is None or kind in include) and kind not in (exclude or ())
        }


@dataclass(frozen=True)
class Cell:
    """What stands in a cell, and how."""

    text: str
    kind: str = ""
    scope: bool = False
    chip: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """Words over a column."""

    text: str
    number: bool = False


@dataclass(frozen=True)
class Row:
    """Cells of a line; a strong line is ruled off and bold."""

    cells: list[Cell]
    strong: bool = False


def grade_table(
    counts: pd.DataFrame,
    *,
    caption: str,
    subtitle: str | None = None,
    note: str | list[str] | None = None,
    labels: Mapping[Any, str] | None = None,
    headlines: Mapping[Any, Any] | pd.Series | None = None,
    published: Mapping[Any, Any] | pd.Series | None = None,
    overall: Any = "overall",
    by: str | None = None,
    unit: str = "team",
    share_from: str | None = None,
    about: About | None = None,
) -> Table:
    """Counts as a table: grades in full words, zeros greyed, *no judgement* outside the scale.

    Parameters
    ----------
    counts : DataFrame of int, groups x grades
        Columns of *scale*; every whole grade is a column of the table, a split only where it occurs.
    caption, subtitle, note
        What the table shows, what is counted, and what stands beneath it.
    labels
        Words for the keys of the index, where they are not those of *about*; a key without words is printed
        as it is.
    headlines
        Published headline of each key (a grade, or missing). Never computed; where it is not the most
        frequent grade of the tally, the cell says so.
    published
        The source's own spelling of each cell, printed beneath the headline.
    overall
        Key of the overall conclusion; its row is ruled off.
    by
        Heading of the first column; by default the name of the index.
    share_from
        A whole grade: two further columns say how many of the judged are below it and how many are at it
        or better, as k of n.
    about
        What the dataset says of itself; by default what *counts* know of their gradings.

    Raises
    ------
    GradingsError
        If *counts* are no counts of *scale*.

    Examples
    --------
    >>> counts = pd.DataFrame([[3, 0, 5, 0, 1, 0, 0, 0]], ["allocation"], OFSTED.columns)
    >>> table = grade_table(counts, caption="Safeguarding", by="Domain", headlines={"allocation": "RI"})
    >>> table.frame.columns.tolist()
    ['Domain', 'Inadequate', 'Requires improvement', 'Good', 'Outstanding', 'No judgement', 'Teams judged',
     'Published headline']
    """
    about = about_of(about, counts)
    scale, labels = about.scale, {**about.short_labels, **(labels or {})}
    counts = sentences.check_counts(counts, scale)
    grades = sentences.shown_grades(counts, scale)
    levels = [by] if by and counts.index.nlevels == 1 else [heading_of(name) for name in counts.index.names]
    headings = [Heading(level) for level in levels]
    headings += [Heading(scale.name(grade), number=True) for grade in [*grades, NO_JUDGEMENT]]
    headings.append(Heading(f"{unit.capitalize()}s judged", number=True))
    if share_from is not None:
        name = scale.name(share_from)
        headings += [Heading(f"Below {name.lower()}", number=True), Heading(f"{name} or better", number=True)]
    if headlines is not None or published is not None:
        headings.append(Heading("Published headline"))
    rows = []
    for key, row in counts.iterrows():
        keys = key if isinstance(key, tuple) else (key,)
        cells = [Cell(label_of(labels, part), scope=True) for part in keys]
        cells += [_count_cell(int(row[grade])) for grade in [*grades, NO_JUDGEMENT]]
        judged, given = int(row[list(scale.categories)].sum()), int(row.sum())
        cells.append(Cell(f"{judged} of {given}", "number"))
        if share_from is not None:
            for describe in (sentences.describe_share_below, sentences.describe_share_at_least):
                cells.append(Cell(describe(row, share_from, scale=scale), "number"))
        if headlines is not None or published is not None:
            cells.append(_headline_cell(row, key, headlines, published, unit, scale))
        rows.append(Row(cells, strong=bool(keys[-1] == overall)))
    return _table(headings, rows, caption, subtitle, note, about)


def frame_table(
    frame: pd.DataFrame,
    *,
    caption: str,
    headings: Mapping[str, str] | None = None,
    row_headings: int = 1,
    subtitle: str | None = None,
    note: str | list[str] | None = None,
    decimals: int = 2,
    missing: str = "",
    about: About | None = None,
) -> Table:
    """Any result frame as a table: what the reconciliation found, what the source says, a comparison.

    Parameters
    ----------
    frame
        Its columns become columns; a named index comes first.
    headings
        Words for the columns. Given, they choose the columns too, in their order.
    row_headings
        How many of the first columns head their row.
    decimals
        Digits after the point of a number that is not whole; one that is not 0 is never printed as 0. A
        column whose name begins with ``p_`` holds values of p: see :func:`~.sentences.format_p`.
    missing
        What is printed where a value is missing.
    about
        What the dataset says of itself: a table of made-up data says so. So does one made of a frame that
        knows it.

    Raises
    ------
    GradingsError
        If *headings* name a column that is not there.

    Examples
    --------
    >>> frame = pd.DataFrame({"check": ["teams"], "found": [19]})
    >>> frame_table(frame, caption="Checks", headings={"check": "Check", "found": "Found"}).csv
    'Check,Found\\nteams,19\\n'
    """
    about = about_of(about, frame)
    if any(name is not None for name in frame.index.names):
        frame = frame.reset_index()
    if headings is not None:
        strangers = [column for column in headings if column not in frame]
        if strangers:
            held = ", ".join(map(str, frame.columns))
            raise GradingsError(f"the frame has no column {strangers[0]!r}; it has {held}")
        frame = frame[list(headings)]
    words = headings or {}
    numeric = [
        pd.api.types.is_numeric_dtype(kind) and not pd.api.types.is_bool_dtype(kind) for kind in frame.dtypes
    ]
    titles = [
        Heading(words.get(str(column), heading_of(column)), number)
        for column, number in zip(frame.columns, numeric, strict=True)
    ]
    places = ["p" if str(name).startswith("p_") else decimals for name in frame.columns]
    rows = [
        Row(
            [
                _frame_cell(_printed(value, places[i], missing), number=numeric[i], scope=i < row_headings)
                for i, value in enumerate(values)
            ]
        )
        for values in frame.itertuples(index=False, name=None)
    ]
    return _table(titles, rows, caption, subtitle, note, about)


def _frame_cell(text: str, *, number: bool, scope: bool) -> Cell:
    """A cell; a text as short as "Team A" stays in one line."""
    short = "short" if " " in text and len(text) <= 8 else ""
    return Cell(text, "number" if number else short, scope=scope)


def heading_of(name: object) -> str:
    """A heading for a column or an index level that has no words of its own.

    Examples
    --------
    >>> heading_of("domain"), heading_of("visit_date"), heading_of(None)
    ('Quality domain', 'Visit date', 'Group')
    """
    if name is None:
        return "Group"
    words = str(name).replace("_", " ")
    return "Quality domain" if words == "domain" else words[:1].upper() + words[1:]


def label_of(labels: Mapping[Any, str] | None, key: object) -> str:
    """The words for *key*, or the key as it is.

    Examples
    --------
    >>> label_of({"overall": "Overall conclusion"}, "overall")
    'Overall conclusion'
    """
    return str((labels or {}).get(key, key))


def _count_cell(count: int) -> Cell:
    return Cell(str(count), "number" if count else "number zero")


def _headline_cell(
    row: pd.Series,
    key: Any,
    headlines: Mapping[Any, Any] | pd.Series | None,
    published: Mapping[Any, Any] | pd.Series | None,
    unit: str,
    scale: Scale,
) -> Cell:
    headline = sentences.headline_of(headlines, key)
    spelling = sentences.headline_of(published, key)
    notes = [f"printed as {spelling}"] if spelling else []
    flag = sentences.describe_disagreement(row, headline, unit=unit, scale=scale)
    notes += [flag[:1].upper() + flag[1:]] if flag else []
    if headline is None:
        return Cell("none published", "zero", notes=tuple(notes))
    return Cell(scale.name(headline), "headline", chip=swatch(headline, scale), notes=tuple(notes))


def swatch(grade: str, scale: Scale = OFSTED) -> str:
    """The CSS background of *grade*: two colours for a split.

    Examples
    --------
    >>> swatch("RI / I")
    'linear-gradient(135deg,#b5500d 47%,#ffffff 47% 53%,#4f0b35 53%)'
    """
    worse, better = palette.fill(grade, scale)
    if worse == better:
        return worse
    return f"linear-gradient(135deg,{better} 47%,{palette.WHITE} 47% 53%,{worse} 53%)"


def _table(
    headings: list[Heading],
    rows: list[Row],
    caption: str,
    subtitle: str | None,
    note: str | list[str] | None,
    about: About,
) -> Table:
    html = _template().render(
        caption=caption,
        subtitle=[subtitle] if subtitle else [],
        notes=[note] if isinstance(note, str) else (note or []),
        illustrative=ILLUSTRATIVE if about.illustrative else None,
        headings=headings,
        rows=rows,
        ink=palette.INK,
        white=palette.WHITE,
        secondary=palette.SECONDARY,
        rule=palette.RULE,
    )
    printed = [["; ".join([cell.text, *cell.notes]) for cell in row.cells] for row in rows]
    frame = pd.DataFrame(printed, columns=[heading.text for heading in headings])
    if about.illustrative:
        mark_illustrative(frame)
    return Table(caption, frame, html)


@lru_cache(maxsize=1)
def _template() -> Template:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    loader = PackageLoader("improvement_analysis")
    return Environment(loader=loader, autoescape=True, undefined=StrictUndefined).get_template("table.html")


def _printed(value: object, places: int | str, missing: str) -> str:
    """A value as it stands in a cell; *places* are its digits after the point, or "p" for a p."""
    if not isinstance(value, (list, tuple, set, dict)) and pd.isna(value):  # type: ignore[call-overload]
        return missing
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return day_in_words(value)
    if isinstance(value, float):
        return sentences.format_p(value) if isinstance(places, str) else _number(value, places)
    if isinstance(value, (list, tuple)):
        return ", ".join(map(str, value))
    return str(value)


def _number(value: float, decimals: int) -> str:
    """Without zeros that say nothing where it is whole; never 0 where it is not."""
    printed = f"{value:.{decimals}f}"
    if value == round(value):
        return printed.rstrip("0").rstrip(".") if decimals else printed
    if float(printed) == 0:
        least = f"{10**-decimals:.{decimals}f}"
        return f"below {least}" if value > 0 else f"between -{least} and 0"
    return printed
