"""A chart with everything that must travel with it: its description and its table."""

from __future__ import annotations

import math
import sys
from base64 import b64encode
from collections.abc import Callable, Collection
from functools import cached_property
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from improvement_analysis.charts.settings import steady_settings
from improvement_analysis.charts.svg import make_accessible

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from improvement_analysis.tables import Table

__all__ = ["Chart"]

_DPI = 160

_NARROW_STYLE = ".ia-chart{container-type:inline-size}.ia-narrow{display:none}"
#: One of the two pictures is seen: where the wide one would have to shrink, the stacked one.
_SWITCH_STYLE = (
    "@media screen{@container (width<WIDTHpx){.ia-wWIDTH .ia-wide{display:none}"
    ".ia-wWIDTH .ia-narrow{display:block}}}"
)


class Chart:
    """A drawn figure with its description in words and its table.

    Same counts, same bytes: nothing in an image depends on the time, the machine or the settings of the
    notebook. The figure is no pyplot figure, so a notebook shows a chart once.

    Attributes
    ----------
    figure : matplotlib.figure.Figure
    axes : tuple of matplotlib.axes.Axes
    title : str
        The finding, as printed on the chart.
    alt_text : str
        What the picture shows, with every number in it.
    table : Table
        The same numbers as an accessible table.
    """

    def __init__(
        self,
        figure: Figure,
        *,
        title: str,
        alt_text: str,
        table: Table,
        dpi: float | None = None,
        narrow: Callable[[], Figure] | None = None,
    ) -> None:
        self.figure = figure
        self._draw_narrow = narrow
        self.dpi = dpi or _DPI
        self.title = title
        self.alt_text = alt_text
        self.table = table

    @property
    def axes(self) -> tuple[Axes, ...]:
        """The Axes that the chart consists of."""
        return tuple(self.figure.axes)

    def __repr__(self) -> str:
        return f"<Chart {self.title!r}>"

    @property
    def svg(self) -> str:
        """The picture as SVG to be put into a page: it takes the width of its column."""
        return self._svg(inline=True)

    @property
    def html(self) -> str:
        """The picture as a ``<figure>`` with an inline, described SVG, and one for narrow screens."""
        start = '<figure class="ia-chart{}" tabindex="0" style="margin:0 0 1.5em">'
        width = math.ceil(self.figure.get_figwidth() * 96)
        if self._draw_narrow is None:
            wide = f'<div class="ia-wide" style="min-width:{width}px">{self.svg}</div>'
            return f"{start.format('')}{wide}</figure>"
        narrow = make_accessible(
            _render(self._draw_narrow(), "svg", metadata={"Date": None}).decode(),
            title=self.title,
            description=self.alt_text,
            inline=True,
        )
        both = f'<div class="ia-wide">{self.svg}</div><div class="ia-narrow">{narrow}</div>'
        styles = f"<style>{_NARROW_STYLE}</style><style>{_SWITCH_STYLE.replace('WIDTH', str(width))}</style>"
        return f"{start.format(f' ia-w{width}')}{styles}{both}</figure>"

    @property
    def png(self) -> bytes:
        """The picture as PNG, 160 dots an inch unless the chart was told otherwise."""
        described = {"Software": None, "Title": self.title}
        return self._render("png", dpi=self.dpi, metadata=described, pil_kwargs={"compress_level": 2})

    def save(self, path: str | Path) -> Path:
        """Write the picture; the ending of *path* says how: ``.svg``, ``.png`` or ``.pdf``.

        Returns
        -------
        pathlib.Path
            Where it was written.

        Raises
        ------
        ValueError
            If the ending is another.
        """
        path = Path(path)
        match path.suffix.lower():
            case ".svg":
                content = self._svg(inline=False).encode()
            case ".png":
                content = self.png
            case ".pdf":
                metadata = {"CreationDate": None, "Creator": None, "Producer": None, "Title": self.title}
                content = self._render("pdf", metadata=metadata)
            case other:
                raise ValueError(f"a chart is saved as .svg, .png or .pdf, not as {other or 'a bare name'!r}")
        path.write_bytes(content)
        return path

    def _repr_mimebundle_(
        self, include: Collection[str] | None = None, exclude: Collection[str] | None = None
    ) -> tuple[dict[str, Any], dict[str, Any]]:
        wanted = _active_types() if include is None else set(include)
        made = {
            "text/html": lambda: self.html,
            "image/png": lambda: b64encode(self.png).decode(),
            "text/plain": lambda: self.alt_text,
        }
        kinds = [k for k in made if (wanted is None or k in wanted) and k not in (exclude or ())]
        metadata = {"image/png": {"alt": self.alt_text}} if "image/png" in kinds else {}
        return {kind: made[kind]() for kind in kinds}, metadata

    def _svg(self, *, inline: bool) -> str:
        return make_accessible(self._raw_svg, title=self.title, description=self.alt_text, inline=inline)

    @cached_property
    def _raw_svg(self) -> str:
        return self._render("svg", metadata={"Date": None}).decode()

    def _render(self, kind: str, **options: Any) -> bytes:
        return _render(self.figure, kind, **options)


def _render(figure: Figure, kind: str, **options: Any) -> bytes:
    stream = BytesIO()
    with steady_settings():
        figure.savefig(stream, format=kind, **options)
    return stream.getvalue()


def _active_types() -> set[str] | None:
    """The kinds that the running notebook asks for (IPython's ``DisplayFormatter.active_types``), if any."""
    if "IPython" not in sys.modules:
        return None
    from IPython import get_ipython

    shell = get_ipython()
    return None if shell is None else {"text/plain", *shell.display_formatter.active_types}
