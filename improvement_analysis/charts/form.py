"""What every form of chart shares: its words, heading, notes, table and alt text; a form is its picture."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Self, TypedDict, TypeVar

import pandas as pd

from improvement_analysis import palette, sentences
from improvement_analysis.about import About, about_of
from improvement_analysis.charts import sheet as sheets
from improvement_analysis.charts import text_width
from improvement_analysis.charts.settings import steady_settings
from improvement_analysis.charts.sheet import Sheet
from improvement_analysis.charts.stacked import NARROW, Strip, lay_strips
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.tables import ILLUSTRATIVE, Table, grade_table, heading_of, label_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from improvement_analysis.charts.chart import Chart

__all__ = ["RESTRICTED", "Form", "Heading", "Headlines", "OnAxes", "Words", "compose", "plot", "worded"]

RESTRICTED = "NOT FOR PUBLICATION: shows single teams."
WIDTH = 720.0
#: A figure grows up to this width rather than make its squares smaller.
WIDEST = 800.0
MARGIN = 20.0

Headlines = Mapping[Any, Any] | pd.Series
F = TypeVar("F", bound=Callable[..., Any])


class OnAxes(TypedDict, total=False):
    """What a form is told that is drawn on one's own Axes."""

    about: About | None
    labels: Mapping[Any, str] | None


class Words(OnAxes, total=False):
    """What every whole chart may be told beside its counts."""

    title: str | None
    subtitle: str | None
    footnote: str | None
    subject: str | None
    alt: str | None
    figsize: tuple[float, float] | None
    dpi: float | None


_TEXTS = {
    "about": "What the dataset says of itself (``ds.about``): whether it is made up, the scale, the words\n"
    "for the domains, the source. By default what *counts* know of their gradings: made-up ones stay marked.",
    "labels": "Words for the keys, where they are not those of *about*: in another language, for example.",
    "title": "The finding; by default made from the counts, with *subject* before it.",
    "subtitle": "What is counted; by default made from the counts.",
    "footnote": "What stands beneath the picture, before the source.",
    "subject": "Whose gradings they are, for the title.",
    "alt": "What stands for the picture where it cannot be seen; by default every number in it.",
    "figsize": "Width and height in inches; by default as large as the picture needs. Text shrinks to fit.",
    "dpi": "Dots an inch of the PNG, by default 160.",
}


def worded(function: F) -> F:
    """Write out, in the signature and the docstring of *function*, what its ``**words`` may be."""
    signature = inspect.signature(function)
    *own, last = signature.parameters.values()
    names = (Words if last.annotation == "Unpack[Words]" else OnAxes).__annotations__
    shared = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=kind)
        for name, kind in names.items()
    ]
    function.__signature__ = signature.replace(parameters=[*own, *shared])  # type: ignore[attr-defined]
    if doc := function.__doc__:
        lines = [f"{name}\n        " + _TEXTS[name].replace("\n", "\n        ") for name in names]
        head, mark, rest = doc.partition("\n\n    Raises\n") if "    Raises\n" in doc else (doc, "", "")
        if not mark:
            head, mark, rest = doc.partition("\n\n    Examples\n")
        title = "" if "    Parameters\n" in head else "\n\n    Parameters\n    ----------"
        function.__doc__ = head + title + "".join(f"\n    {line}" for line in lines) + mark + rest
    return function


@dataclass(frozen=True)
class Heading:
    """What a chart says above its marks."""

    title: str
    subtitle: str = ""
    illustrative: bool = False
    restricted: bool = False

    def banners(self) -> list[str]:
        """What must not be overlooked."""
        marks = {ILLUSTRATIVE: self.illustrative, RESTRICTED: self.restricted}
        return [words for words, holds in marks.items() if holds]


@dataclass(frozen=True, kw_only=True)
class Form:
    """A picture of counts: it knows how wide it must be, lays itself out, and puts itself into words."""

    counts: pd.DataFrame
    about: About
    labels: Mapping[Any, str]
    overall: Any = "overall"
    by: str = ""
    unit: str = "team"
    headlines: Headlines | None = None
    published: Headlines | None = None
    restricted: ClassVar[bool] = False
    share_from: ClassVar[bool] = False

    def __post_init__(self) -> None:
        """Refuse what the form cannot show."""

    @classmethod
    def of(cls, counts: pd.DataFrame, words: OnAxes, **own: Any) -> Self:
        """The form of *counts*, checked, with what *words* say of them."""
        if strangers := set(words) - set(Words.__annotations__):
            known = ", ".join(Words.__annotations__)
            raise TypeError(f"a chart takes no {min(strangers)!r}; beside its own it takes {known}")
        about = about_of(words.get("about"), counts)
        labels = {**about.short_labels, **(words.get("labels") or {})}
        if isinstance(own.get("headlines"), pd.DataFrame):
            own |= _split_cells(own["headlines"], counts)
        own["by"] = own.get("by") or heading_of(counts.index.name)
        own["unit"] = own.get("unit") or default_unit(counts)
        return cls(counts=cls.check(counts, about.scale), about=about, labels=labels, **own)

    @staticmethod
    def check(counts: pd.DataFrame, scale: Scale) -> pd.DataFrame:
        """*counts* as the form needs them."""
        return sentences.check_counts(counts, scale)

    @property
    def scale(self) -> Scale:
        """The scale of the grades."""
        return self.about.scale

    def label(self, key: Any) -> str:
        """A key in words."""
        return text_width.in_sentence(label_of(self.labels, key))

    def title(self) -> str:
        """The finding."""
        return sentences.describe_counts(self.counts, overall=self.overall, scale=self.scale)

    def subtitle(self) -> str:
        """What is counted."""
        raise NotImplementedError

    def notes(self) -> list[str]:
        """What stands beneath the picture, before the source."""
        return []

    def outside(self) -> list[str]:
        """How many were not judged, where that is more than none."""
        rows = self.counts.drop(index=self.overall, errors="ignore")
        words = sentences.describe_no_judgement(self.counts if rows.empty else rows, scale=self.scale)
        return [words] if words else []

    def sentences(self) -> list[str]:
        """The picture in words, with every number in it."""
        raise NotImplementedError

    def shows_shares(self) -> bool:
        """Whether the table says how many are good or better, because the picture does."""
        return self.share_from

    def table_notes(self) -> list[str]:
        """What stands beneath the table alone, before the notes."""
        return []

    def table(self, heading: Heading, notes: list[str]) -> Table:
        """The numbers of the picture as a table."""
        banner = f"{RESTRICTED} " if self.restricted else ""
        return grade_table(
            self.counts,
            caption=heading.title,
            subtitle=f"{banner}{heading.subtitle}",
            note=[*self.table_notes(), *notes],
            labels=self.labels,
            headlines=self.headlines,
            published=self.published,
            overall=self.overall,
            by=self.by,
            unit=self.unit,
            share_from=self.scale.threshold if self.shows_shares() else None,
            about=self.about,
        )

    def min_width(self) -> float:
        """Least width in points."""
        raise NotImplementedError

    def best_width(self) -> float:
        """Width from which on nothing needs to be smaller than it is at best."""
        return self.min_width()

    def lay(self, sheet: Sheet, y: float, left: float, right: float) -> float:
        """Put the marks below the height *y*; returns the height below them."""
        raise NotImplementedError

    def placing(self) -> list[str]:
        """Those of the notes that say where in the wide picture something stands."""
        return []

    def strips(self) -> list[Strip]:
        """The marks for a narrow screen; none where the form has but one picture."""
        return []

    def mark(self, sheet: Sheet, x: float, y: float, size: float, name: str) -> None:
        """One square of a strip."""
        sheet.square(x, y, size, name, scale=self.scale, lettered=True)

    def squares_of(self, row: pd.Series) -> tuple[str, ...]:
        """The grade of each square of a row of counts, worst first."""
        return tuple(str(grade) for grade in self.scale.columns for _ in range(int(row[grade])))


def default_unit(counts: pd.DataFrame) -> str:
    """What one square is: a team where the groups are domains, else a grading."""
    return "team" if "domain" in counts.index.names else "grading"


def _split_cells(cells: pd.DataFrame, counts: pd.DataFrame) -> dict[str, pd.Series]:
    """The headlines and the source's spellings of published cells, keyed as the rows of *counts*."""
    keyed = cells.set_index(list(counts.index.names))
    return {
        "headlines": keyed["headline"].astype(object).fillna(NO_JUDGEMENT),
        "published": keyed["grading"],
    }


def compose(form: Form, words: Words) -> Chart:
    """The chart of *form* with its heading, notes, table and alt text."""
    from improvement_analysis.charts.chart import Chart

    subject, title = words.get("subject"), form.title()
    if subject:
        title = f"{text_width.in_sentence(subject)}: {title[:1].lower()}{title[1:]}"
    heading = Heading(
        words.get("title") or title,
        words.get("subtitle") or form.subtitle(),
        form.about.illustrative,
        form.restricted,
    )
    last = " ".join(part for part in (words.get("footnote"), form.about.source_line) if part)
    notes = [*form.notes(), *([last] if last else [])]
    with steady_settings():
        figure = _figure(form, heading, notes, words.get("figsize"))
    stacks = words.get("figsize") is None and bool(form.strips())
    said = [_stopped(heading.title), _stopped(heading.subtitle), *form.sentences(), *map(_stopped, notes)]
    said = [alt] if (alt := words.get("alt")) else said
    return Chart(
        figure,
        title=text_width.clean(heading.title),
        alt_text=" ".join(text_width.clean(text) for text in [*heading.banners(), *said] if text),
        table=form.table(heading, notes),
        dpi=words.get("dpi"),
        narrow=(lambda: _narrow_figure(form, heading, notes)) if stacks else None,
    )


def _narrow_figure(form: Form, heading: Heading, notes: list[str]) -> Figure:
    """The picture for a narrow screen, its text as large as in the wide one."""
    from improvement_analysis.charts.drawing import figure_of

    sheet = Sheet(NARROW)
    with steady_settings():
        y = _lay_heading(sheet, heading, NARROW, margin=0.0)
        y = lay_strips(form.strips(), form.mark, sheet, y, 0.0, NARROW, form.scale)
        kept = [note for note in notes if note not in form.placing()]
        return figure_of(sheet, _lay_notes(sheet, kept, y + 4, NARROW, margin=0.0) + 4)


def _figure(form: Form, heading: Heading, notes: list[str], figsize: tuple[float, float] | None) -> Figure:
    """The whole picture, as large as it needs or in a figure of *figsize* inches."""
    from improvement_analysis.charts.drawing import figure_of

    least = form.min_width() + 2 * MARGIN

    def lay(sheet: Sheet) -> float:
        room = sheet.width - 2 * MARGIN
        y = _lay_heading(sheet, heading, room)
        y = form.lay(sheet, y, MARGIN, sheet.width - MARGIN)
        return _lay_notes(sheet, notes, y + 8, room) + MARGIN * 0.6

    if figsize is None:
        sheet = Sheet(max(WIDTH, least, min(form.best_width() + 2 * MARGIN, WIDEST)))
        return figure_of(sheet, lay(sheet))
    width, height = (inches * 72 for inches in figsize)
    sheet, shrink = _fit(lay, width, height, least)
    return figure_of(sheet, height / shrink, shrink)


def plot(form: Form, ax: Axes) -> Axes:
    """Draw *form* alone on *ax*, shrunk where it would not fit."""
    from improvement_analysis.charts.drawing import draw, room_of

    room, height = room_of(ax)
    sheet, shrink = _fit(lambda sheet: form.lay(sheet, 0.0, 0.0, sheet.width), room, height, form.min_width())
    draw(sheet, ax, height / shrink, shrink)
    return ax


def _fit(lay: Callable[[Sheet], float], room: float, height: float, least: float) -> tuple[Sheet, float]:
    """What *lay* lays out, shrunk until it fits, and by how much."""
    shrink = min(1.0, room / least)
    while True:
        sheet = Sheet(room / shrink)
        bottom = lay(sheet)
        if bottom * shrink <= height + 0.5:
            return sheet, shrink
        shrink *= min(0.95, max(0.7, height / (bottom * shrink)))


def _lay_heading(sheet: Sheet, heading: Heading, room: float, margin: float = MARGIN) -> float:
    size = sheets.TITLE if margin else sheets.TITLE - 2
    title = text_width.wrap(heading.title, room, size, True)
    y = sheet.lines(margin, margin * 0.8, title, size=size, bold=True) + 4
    size = sheets.SUBTITLE
    if heading.subtitle:
        lines = text_width.wrap(heading.subtitle, room, size)
        y = sheet.lines(margin, y, lines, size=size, colour=palette.SECONDARY) + 4
    for words in heading.banners():
        lines = text_width.wrap(words, room - 16, size, True)
        tall = sheets.text_height(len(lines), size)
        sheet.band(margin, y + 2, room, tall + 7, palette.INK)
        sheet.lines(margin + 8, y + 5.5, lines, size=size, bold=True, colour=palette.WHITE)
        y += tall + 13
    return y + 6


def _lay_notes(sheet: Sheet, notes: list[str], y: float, room: float, margin: float = MARGIN) -> float:
    for note in notes:
        lines = text_width.wrap(note, room, sheets.NOTE)
        y = sheet.lines(margin, y, lines, size=sheets.NOTE, colour=palette.SECONDARY) + 3
    return y


def _stopped(text: str) -> str:
    return text if not text or text.endswith((".", "!", "?")) else f"{text}."
