"""An executed notebook as a self-contained page: code hidden, one h1, a contents list, no outside requests.

nbconvert knows it as ``findings``: ``jupyter nbconvert --to findings executed.ipynb`` works too.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup
from nbconvert.exporters.templateexporter import TemplateExporter
from nbconvert.filters import ansi2html, markdown2html, strip_ansi
from nbformat.v4 import new_notebook
from traitlets import default

from improvement_analysis.errors import ReportError
from improvement_analysis.tables import TABLE_MIME

__all__ = ["FindingsExporter"]

_TEMPLATES = Path(__file__).parents[1] / "template"
_STYLE = re.compile(r"<style\b[^>]*>.*?</style>", re.DOTALL | re.IGNORECASE)


#: How a sentence begins that stands in place of a list or a chart.
_NOTHING = '<p class="nothing">'

#: How a note names the page of methods, which it is made to link to.
_METHODS = "Docs: methods"

#: The tag of a cell whose section, or whose table, is folded away until the reader opens it.
FOLD = "fold"


@dataclass(frozen=True)
class _Section:
    """A heading of the second level and all that stands below it."""

    id: str
    title: str
    folded: bool
    blocks: list[Markup] = field(default_factory=list)
    outputs: list[str] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        """Whether each of its cells only says that there is nothing to show."""
        shown = [text for text in self.outputs if text.strip()]
        return bool(shown) and all(text.startswith(_NOTHING) for text in shown)


class FindingsExporter(TemplateExporter):
    """Renders an executed notebook with the project's own template.

    What the runner knows of the page stands in the notebook's metadata under ``improvement_analysis``:
    ``title``, ``kicker`` (the line above it), ``home`` (link to the index), ``together`` (link and title of
    the page of all areas), ``nav`` (links to its neighbours), ``methods`` (to the page of methods), ``run``
    (lines of the footer), ``downloads`` (by number of the table, the file beside the page). Each may be
    absent.
    """

    export_from_notebook = "Findings page"
    template_name = "findings"
    output_mimetype = "text/html"

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".html"

    @default("template_extension")
    def _template_extension_default(self) -> str:
        return ".html.j2"

    @default("extra_template_basedirs")
    def _extra_template_basedirs_default(self) -> list[str]:
        return [str(_TEMPLATES)]

    def from_notebook_node(  # type: ignore[override]  # nbconvert's base says a notebook comes back
        self, nb: Any, resources: dict[str, Any] | None = None, **kw: Any
    ) -> tuple[str, dict[str, Any]]:
        """The page as text, and nbconvert's resources.

        Raises
        ------
        ReportError
            If a picture has no alternative text.
        """
        resources = dict(resources or {})
        resources["page"] = _page(nb)
        # the template is given the page and no cells: they need not be copied and validated again and again
        bare = new_notebook(metadata=nb.metadata)
        text, resources = super().from_notebook_node(bare, resources, **kw)
        return text.strip() + "\n", resources


@lru_cache(maxsize=256)
def _html_of(markdown: str) -> str:
    """What nbconvert makes of it; the pages of a report have most of their words in common."""
    return str(markdown2html(markdown))


def _page(nb: Any) -> dict[str, Any]:
    told = nb.metadata.get("improvement_analysis", {})
    content = _Content(told.get("downloads", {}), told.get("methods", ""))
    opening: list[Markup] = []
    for cell in nb.cells:
        made = [Markup(block) for block in content.blocks(cell)]
        (content.sections[-1].blocks if content.sections else opening).extend(made)
        if cell.cell_type == "code" and content.sections:
            content.sections[-1].outputs.extend(made)
    title = told.get("title") or content.heading or "Findings"
    return {
        "title": title,
        "kicker": told.get("kicker", ""),
        "home": told.get("home", ""),
        "together": dict(told.get("together", {})),
        "methods": told.get("methods", ""),
        "nav": list(told.get("nav", [])),
        "run": list(told.get("run", [])),
        "illustrative": bool(told.get("illustrative", False)),
        "internal": bool(told.get("internal", False)),
        "sections": _without_empty(content.sections),
        "styles": [Markup(style) for style in content.styles],
        "opening": opening,
        "style": Markup((_TEMPLATES / "findings" / "page.css").read_text(encoding="utf-8")),
    }


def _without_empty(sections: list[_Section]) -> list[_Section]:
    """The sections that show something; what the others say in its place stands in one at the end."""
    kept = [section for section in sections if not section.empty]
    said = dict.fromkeys(block for each in sections if each.empty for block in each.outputs)
    if said:
        kept.append(_Section(f"s{len(sections) + 1}", "Not on this page", True, [*map(Markup, said)]))
    return kept


class _Content:
    """Turns cells into blocks of HTML, and notes the headings met on the way."""

    def __init__(self, downloads: Mapping[str, Mapping[str, str]], methods: str = "") -> None:
        self.downloads = downloads
        self.methods = methods
        self.heading = ""
        self.sections: list[_Section] = []
        self.styles: list[str] = []
        self.tables = 0

    def blocks(self, cell: Any) -> Iterator[str]:
        folded = FOLD in cell.metadata.get("tags", ())
        if cell.cell_type == "markdown":
            yield self.markdown(cell.source, folded)
        elif cell.cell_type == "code":
            shown = [self.output(output) for output in cell.get("outputs", [])]
            yield from _folded(shown) if folded and any(shown) else shown

    def markdown(self, source: str, folded: bool = False) -> str:
        soup = BeautifulSoup(_html_of(source), "html.parser")
        for anchor in soup.find_all("a", class_="anchor-link"):
            anchor.decompose()
        for heading in soup.find_all(["h1", "h2"]):
            words = heading.get_text().strip()
            if heading.name == "h1":
                self.heading = self.heading or words
                heading.decompose()
            else:
                self.sections.append(_Section(f"s{len(self.sections) + 1}", words, folded))
                heading.decompose()
        return str(soup)

    def output(self, output: Any) -> str:
        if output.output_type == "stream":
            return "" if output.name == "stderr" else f"<pre>{html.escape(strip_ansi(output.text))}</pre>"
        if output.output_type == "error":
            traceback = "\n".join(output.traceback)
            return f'<pre class="error">{ansi2html(traceback)}</pre>'
        data = output.get("data", {})
        if "text/html" in data:
            return self.html(str(data["text/html"])) + self.download(data)
        if "text/markdown" in data:
            return self.markdown(str(data["text/markdown"]))
        if "image/png" in data:
            return _picture(data["image/png"], output.get("metadata", {}).get("image/png", {}))
        return f"<pre>{html.escape(str(data.get('text/plain', '')))}</pre>"

    def html(self, text: str) -> str:
        """The output without its style sheets, each of which goes once into the head."""
        for style in _STYLE.findall(text):
            if style not in self.styles:
                self.styles.append(style)
        plain = _STYLE.sub("", text)
        link = f'<a href="{html.escape(self.methods)}">{_METHODS}</a>'
        return plain.replace(_METHODS, link) if self.methods else plain

    def download(self, data: Mapping[str, Any]) -> str:
        if TABLE_MIME not in data:
            return ""
        self.tables += 1
        link = self.downloads.get(str(self.tables))
        if link is None:
            return ""
        name, caption = html.escape(link["file"]), html.escape(link["caption"])
        words = f'Download as CSV<span class="unseen">: {caption}</span>'
        return f'<p class="download"><a href="{name}" download>{words}</a></p>'


def _folded(blocks: list[str]) -> Iterator[str]:
    """The table of a chart behind a line that opens it; print and screen readers still have it."""
    yield '<details class="as-table"><summary>Show as a table</summary>'
    yield from blocks
    yield "</details>"


def _picture(data: str, metadata: Mapping[str, Any]) -> str:
    alt = str(metadata.get("alt", "")).strip()
    if not alt:
        raise ReportError(
            "a picture has no alternative text: show a Chart, or give the image's metadata an 'alt'"
        )
    joined = "".join(data.split())
    return f'<figure><img src="data:image/png;base64,{joined}" alt="{html.escape(alt)}"></figure>'
