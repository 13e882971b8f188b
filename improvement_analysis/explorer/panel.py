"""The explorer: controls over views, thin enough that nothing can be seen that a view does not hold."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from html import escape
from typing import TYPE_CHECKING, Any, Literal, get_args

import pandas as pd

from improvement_analysis.about import About
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError
from improvement_analysis.explorer.choices import Choice, Part, chosen
from improvement_analysis.explorer.forms import FORMS
from improvement_analysis.explorer.subject import Subject, subject_of
from improvement_analysis.explorer.views import View, code_html, draw_view, find_form

if TYPE_CHECKING:
    from ipywidgets import VBox

__all__ = ["Explorer", "explore"]

Field = Literal["service", "area", "domain", "round", "form"]
WITHOUT_WIDGETS = (
    "The explorer needs ipywidgets, which is not installed here: pip install ipywidgets. "
    "Without it, improvement_analysis.show_view(...) with the same arguments makes every view."
)
# What widgets cannot be told from Python. A wide table must not widen the page around it. In its command mode
# JupyterLab takes arrow keys and letters even from a list that has the focus, unless it says not to. And what
# a screen reader is to be told must change inside an element that stays.
_MANNERS = """<style onload="
const box = this.closest('.ia-explorer');
box.addEventListener('focusin', event => {
    event.target.setAttribute('data-lm-suppress-shortcuts', 'true');
    const status = box.querySelector('.ia-status .widget-html-content');
    status.setAttribute('role', 'status');
    status.setAttribute('aria-live', 'polite');
});
">.ia-explorer .widget-html-content{min-width:0}</style>"""
_EVERY = {"service": "All services", "area": "All areas", "domain": "All domains"}
_UNNAMED = {
    "area": "no grading names its area, so nothing can be said of one area",
    "round": "no grading names its round",
}


class Explorer:
    """Controls for service, area, domain, round and form, and the view that they choose.

    Only what leads somewhere is offered. Without ipywidgets it shows its view and says what to install.

    Attributes
    ----------
    view : View
        What is seen now.
    notice : str
        What the last choice changed beside itself; empty where nothing.
    widget : ipywidgets.VBox or None
        The controls and the view; None where ipywidgets is not installed.
    """

    def __init__(self, subject: Subject, choice: Choice) -> None:
        self._subject = subject
        self._part = chosen(subject, choice)
        self.notice = ""
        self.view: View = draw_view(self._part)
        self._panel = _panel_for(self)

    @property
    def widget(self) -> VBox | None:
        """The controls and the view below them."""
        return self._panel.box if self._panel else None

    @property
    def part(self) -> Part:
        """The part that is chosen."""
        return self._part

    @property
    def forms(self) -> dict[str, str | None]:
        """Every form, and why it cannot show the part chosen; None where it can."""
        return {key: form.obstacle(self._part) for key, form in FORMS.items()}

    def named(self, field: Field) -> list[str]:
        """Every name that there is of a field, whatever is chosen."""
        if field == "form":
            return list(FORMS)
        subject = self._subject
        return subject.rounds if field == "round" else subject.names(field, subject.gradings)

    def choose(self, field: Field, name: str | None = None) -> View:
        """Choose another service, area, domain, round or form, as the controls do.

        Where the form cannot show what was chosen, the first that can is taken.

        Parameters
        ----------
        field
            ``"service"``, ``"area"``, ``"domain"``, ``"round"`` or ``"form"``.
        name
            None is all of them; the latest round, the usual form.

        Raises
        ------
        GradingsError
            If the name is not there, or the form cannot show what is chosen. Then nothing changes.
        """
        choice = replace(self._part.choice, **{field: getattr(Choice(), field) if name is None else name})
        part, said = chosen(self._subject, choice), ""
        form = find_form(choice.form)
        if field != "form" and (why := form.obstacle(part)):
            able = next(other for other in FORMS.values() if other.obstacle(part) is None)
            part = chosen(self._subject, replace(choice, form=able.key))
            said = f"{form.title}: cannot show this ({why}). Shown instead: {able.title}."
        self.view = draw_view(part)
        self._part, self.notice = part, said
        if self._panel:
            self._panel.show()
        return self.view

    def __repr__(self) -> str:
        return f"<Explorer of {self.view.sentence!r}>"

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> dict[str, Any]:
        shown = self.view._repr_mimebundle_(include, exclude)
        if self._panel is None:
            notice = {
                "text/html": f"<p>{escape(WITHOUT_WIDGETS)}</p>",
                "text/plain": f"{WITHOUT_WIDGETS}\n\n",
            }
            return {kind: notice[kind] + content for kind, content in shown.items()}
        # The page beside the widget: where no widget can live, the view stands as it is.
        return {**self._panel.box._repr_mimebundle_(), **shown}


def explore(
    source: Dataset | pd.DataFrame,
    *,
    service: str | None = None,
    area: str | None = None,
    domain: str | None = None,
    round: str | None = None,  # noqa: A002 (the field's word)
    form: str = "grade_grid",
    about: About | None = None,
    name: str | None = None,
) -> Explorer:
    """Look around in a dataset or in gradings: controls, picture, table, sentence, and the code.

    Parameters
    ----------
    source : Dataset or DataFrame
    service, area, domain, round, form, about, name
        Where to begin, as for :func:`show_view`.

    Returns
    -------
    Explorer
        Shown by a notebook as widgets. Its ``.view`` is what is seen now, with ``.code`` to keep it.

    Raises
    ------
    GradingsError
        As :func:`show_view`.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> explorer = explore(load("worcestershire-2018"))
    >>> explorer.choose("service", "Safeguarding").sentence
    'Safeguarding: 1 of 33 domain gradings was good, none outstanding.'
    """
    subject = subject_of(source, about=about, name=name)
    return Explorer(subject, Choice(service, area, domain, round, form))


def _panel_for(explorer: Explorer) -> Panel | None:
    try:
        import ipywidgets
    except ImportError:
        return None
    return Panel(explorer, ipywidgets)


class Panel:
    """The widgets of an explorer."""

    def __init__(self, explorer: Explorer, ipywidgets: Any) -> None:
        self._explorer, self._new = explorer, ipywidgets
        self._showing = False
        self._status, self._notes, self._page = (ipywidgets.HTML() for _ in range(3))
        self._status.add_class("ia-status")
        self._controls = {field: self._control(field) for field in get_args(Field)}
        row = ipywidgets.HBox(list(self._controls.values()))
        row.layout = ipywidgets.Layout(flex_flow="row wrap", grid_gap="4px 16px", align_items="center")
        for page in (self._status, self._notes, self._page):
            page.layout = ipywidgets.Layout(width="auto", max_width="860px")
        self.box = ipywidgets.VBox([row, self._status, self._page, self._notes, ipywidgets.HTML(_MANNERS)])
        self.box.add_class("ia-explorer")
        self.show()

    def _control(self, field: Field) -> Any:
        """A list to choose from; where there is nothing to choose, words."""
        title, named = field.capitalize(), self._explorer.named(field)
        if field in _UNNAMED and len(named) < (2 if field == "round" else 1):
            said = named[0] if named else _UNNAMED[field]
            return self._new.HTML(f"<span><strong>{title}</strong>: {escape(said)}</span>")
        control = self._new.Dropdown(options=self._options(field), description=title)
        control.style.description_width = "initial"
        control.layout = self._new.Layout(width="auto", max_width="100%")
        control.observe(self._on_change(field), names="value")
        return control

    def _options(self, field: Field) -> list[tuple[str, str]]:
        part = self._explorer.part
        if field == "form":
            return [(FORMS[key].title, key) for key, why in self._explorer.forms.items() if why is None]
        found = part.options[field]
        words = [part.subject.label(name) for name in found] if field == "domain" else found
        every = [(_EVERY[field], "")] if field in _EVERY and found else []
        return [*every, *zip(words, found, strict=True)]

    def _on_change(self, field: Field) -> Callable[[Any], None]:
        def change(event: Any) -> None:
            if not self._showing:
                try:
                    self._explorer.choose(field, event["new"] or None)
                except GradingsError as refusal:
                    self._status.value = _status(f"Nothing to show: {refusal}.")
                    self._page.value = ""

        return change

    def show(self) -> None:
        """Bring the controls and the page up to what is chosen."""
        view = self._explorer.view
        self._showing = True
        try:
            for field, control in self._controls.items():
                if hasattr(control, "options"):
                    options = self._options(field)
                    if list(control.options) != options:
                        control.options = options
                    control.value = getattr(view.choice, field) or ""
        finally:
            self._showing = False
        self._notes.value = self._not_offered()
        self._status.value = _status(f"{self._explorer.notice} {view.sentence}".strip())
        self._page.value = _plain(f"{view.chart.html}{view.table.html}{code_html(view.code)}")

    def _not_offered(self) -> str:
        reasons = [f"{FORMS[key].title} ({why})" for key, why in self._explorer.forms.items() if why]
        said = f"Not offered for this choice: {'; '.join(reasons)}." if reasons else ""
        return _plain(f'<p class="ia-not-offered">{escape(said)}</p>')


def _plain(html: str) -> str:
    """HTML with the spacing of text: a widget would set its lines as wide as its buttons."""
    return f'<div style="line-height:1.4">{html}</div>'


def _status(sentence: str) -> str:
    return _plain(f'<p class="ia-sentence" style="font-size:1.1em;margin:.6em 0">{escape(sentence)}</p>')
