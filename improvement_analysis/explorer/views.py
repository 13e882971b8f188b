"""A view: picture, table, sentence, and the code that makes them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from html import escape
from typing import Any

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.charts import Chart
from improvement_analysis.charts.form import RESTRICTED
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError
from improvement_analysis.explorer.choices import Choice, Part, chosen
from improvement_analysis.explorer.forms import FORMS, Form
from improvement_analysis.explorer.scripts import Script
from improvement_analysis.explorer.subject import subject_of
from improvement_analysis.tables import ILLUSTRATIVE, Table
from improvement_analysis.vocabulary import suggest

__all__ = ["View", "draw_view", "find_form", "show_view"]


@dataclass(frozen=True, eq=False)
class View:
    """One look at some gradings: a picture, its table, a sentence, and the code that makes it.

    Attributes
    ----------
    chart : Chart
    counts : DataFrame of int
        What the picture was drawn from: groups x grades, or from x to for changes.
    sentence : str
        The finding, with whose gradings it is about, and what must not be overlooked before it.
    code : str
        Lines for a cell of one's own. They make the same picture.
    choice : Choice
        What was chosen.
    """

    chart: Chart
    counts: pd.DataFrame
    sentence: str
    code: str
    choice: Choice

    @property
    def table(self) -> Table:
        """The numbers of the picture as an accessible table."""
        table: Table = self.chart.table
        return table

    @property
    def html(self) -> str:
        """Sentence, picture, table and code, one below the other."""
        return (
            f'<section class="ia-view" aria-label="{escape(self.chart.title)}">'
            f'<p class="ia-sentence">{escape(self.sentence)}</p>{self.chart.html}{self.table.html}'
            f"{code_html(self.code)}</section>"
        )

    def __repr__(self) -> str:
        return f"<View {self.sentence!r}>"

    def __str__(self) -> str:
        return f"{self.sentence}\n\n{self.table}\n\n{self.code}"

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        made = {"text/html": lambda: self.html, "text/plain": lambda: str(self)}
        wanted = set(made) if include is None else set(include)
        return {kind: make() for kind, make in made.items() if kind in wanted - set(exclude or ())}


def code_html(code: str) -> str:
    """Code to be copied: the keyboard reaches it, and one click marks all of it."""
    return (
        '<div class="ia-code"><p style="margin:0;font-weight:bold">The code that makes this view</p>'
        '<pre tabindex="0" role="region" aria-label="The code that makes this view" '
        'style="user-select:all;overflow-x:auto;padding:.7em;margin:.3em 0 0;line-height:1.4;'
        'background:#f3f2f1;color:#0b0c0c;border:1px solid #505a5f">'
        f"<code>{escape(code)}</code></pre></div>"
    )


def show_view(
    source: Dataset | pd.DataFrame,
    *,
    service: str | None = None,
    area: str | None = None,
    domain: str | None = None,
    round: str | None = None,  # noqa: A002 (the field's word)
    form: str = "grade_grid",
    about: About | None = None,
    name: str | None = None,
) -> View:
    """One look at a dataset or at gradings: picture, table, sentence and code.

    The plain function behind :func:`explore`, for a notebook without widgets.

    Parameters
    ----------
    source : Dataset or DataFrame
        A dataset, or gradings with one row per grading.
    service, area, domain
        The part to show; by default all. An area chosen for ``form="area_comparison"`` is compared with
        the others.
    round
        By default the latest. Of each team and domain one grading is shown, as ``Dataset.standing`` has it.
    form
        A form of :mod:`improvement_analysis.charts`: ``grade_grid``, ``service_matrix``,
        ``area_comparison``, ``change_grid``, ``team_matrix``, ``share_ranges``, ``diverging_bars``,
        ``grade_shares`` or ``share_heatmap``.
    about
        Of a table only: what a dataset says of itself. By default what the table knows of its gradings.
        The code calls it ``about``.
    name
        What the code calls the table; by default ``gradings``.

    Returns
    -------
    View
        ``.chart``, ``.table``, ``.sentence``, ``.code``, ``.counts``.

    Raises
    ------
    GradingsError
        If a name is not there, or the form cannot show the part; the message says why.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> view = show_view(load("worcestershire-2018"), service="Care Leaving")
    >>> view.sentence
    'Care Leaving: none of 8 domain gradings was good or better.'
    >>> print(view.code)
    import improvement_analysis as ia
    <BLANKLINE>
    ds = ia.load("worcestershire-2018")
    chart = ds.grid(service="Care Leaving")
    chart
    """
    subject = subject_of(source, about=about, name=name)
    return draw_view(chosen(subject, Choice(service, area, domain, round, form)))


def draw_view(part: Part) -> View:
    """The view of a part.

    Raises
    ------
    GradingsError
        If its form cannot show it.
    """
    form = find_form(part.choice.form)
    if obstacle := form.obstacle(part):
        able = ", ".join(key for key, other in FORMS.items() if other.obstacle(part) is None)
        raise GradingsError(f"{form.key} cannot show this: {obstacle}; what can is {able}")
    script = Script()
    part.subject.begin(script)
    drawn = form.draw(part, script)
    script.show(drawn.chart)
    return View(
        drawn.chart.value,
        drawn.counts,
        _say(part, form, drawn.chart.value.title, drawn.verdict),
        script.text,
        part.choice,
    )


def find_form(key: str) -> Form:
    """The form of that name.

    Raises
    ------
    GradingsError
        If there is none.
    """
    if key not in FORMS:
        close = suggest(key, FORMS)
        hint = f"did you mean {close!r}? Known" if close else "known"
        raise GradingsError(f"no form {key!r}; {hint} are {', '.join(FORMS)}")
    return FORMS[key]


def _say(part: Part, form: Form, title: str, verdict: str) -> str:
    """The finding in a sentence or two, after what must not be overlooked."""
    subject = (
        "" if form.titled else part.describe("area") if form.key == "area_comparison" else part.describe()
    )
    return " ".join(
        said
        for said in (
            ILLUSTRATIVE if part.subject.about.illustrative else "",
            RESTRICTED if form.restricted else "",
            f"{subject}." if subject else "",
            f"{title}.",
            verdict,
        )
        if said
    )
