"""matplotlib's SVG as one accessible image: described, without needless ids, and safe beside others on a page."""

from __future__ import annotations

import hashlib
import re
from xml.sax.saxutils import escape

__all__ = ["make_accessible"]

_FAMILY = "DejaVu Sans, Verdana, sans-serif"
_DROPPED = re.compile(r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->", re.DOTALL)
_DEFAULTS = re.compile(r"<style type=\"text/css\">.*?</style>", re.DOTALL)
_FONT = re.compile(r"font-family: [^;\"]*(;? ?)")
_NO_TURN = re.compile(r' transform="(?:rotate\(-?0(?: -?[\d.]+ -?[\d.]+)?\))"')
_ID = re.compile(r'\bid="([^"]+)"')
_USED = re.compile(r'(?:url\(#|href="#)([^")]+)')
_OPENING = re.compile(r"<svg\b[^>]*>")
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')


def make_accessible(raw: str, *, title: str, description: str, inline: bool) -> str:
    """The SVG that matplotlib wrote, as one image with a name and a description.

    Parameters
    ----------
    raw
        What ``Figure.savefig(format="svg")`` wrote with ``svg.fonttype`` none.
    title, description
        Plain text for ``<title>`` and ``<desc>``.
    inline
        Whether it goes into a page, where it takes the width of its column, or into a file of its own.

    Returns
    -------
    str
        Ids that nothing refers to are gone; the others start with a prefix made from the content.
    """
    body = _DROPPED.sub("", raw)
    opening = _OPENING.search(body)
    if opening is None:
        raise ValueError("not an SVG")
    inside = body[opening.end() :].rsplit("</svg>", 1)[0]
    inside = _tidy(_DEFAULTS.sub("", inside, count=1))
    prefix = "ia" + hashlib.sha256(f"{title}\0{description}\0{inside}".encode()).hexdigest()[:10]
    root = _root(opening.group(), prefix, inline)
    names = f'<title id="{prefix}-title">{escape(title)}</title>'
    names += f'<desc id="{prefix}-desc">{escape(description)}</desc>'
    return f"{root}{names}{_prefix_ids(inside, prefix)}</svg>\n"


def _tidy(inside: str) -> str:
    inside = _FONT.sub("", inside)
    inside = _NO_TURN.sub("", inside)
    inside = inside.replace("; text-anchor: start", "").replace("text-anchor: start; ", "")
    inside = re.sub(r'[;\s]+"', '"', inside)
    inside = re.sub(r"\s*\n\s*", " ", inside)
    inside = re.sub(r"> <", ">\n<", inside)
    return inside.replace(" <defs/>", "").strip()


def _root(opening: str, prefix: str, inline: bool) -> str:
    view = _VIEW.search(opening)
    if view is None:
        raise ValueError("an SVG without a view box")
    width, height = (float(number) for number in view.groups())
    if inline:
        size = f'style="display:block;width:100%;max-width:{width * 4 / 3:.0f}px;height:auto"'
    else:
        size = f'width="{width:g}pt" height="{height:g}pt"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {view.group()} '
        f'{size} role="img" aria-labelledby="{prefix}-title {prefix}-desc" '
        f'font-family="{_FAMILY}" stroke-linejoin="round" stroke-linecap="butt">'
    )


def _prefix_ids(inside: str, prefix: str) -> str:
    used = set(_USED.findall(inside))
    inside = _ID.sub(lambda m: f'id="{prefix}-{m[1]}"' if m[1] in used else "", inside)
    inside = re.sub(r"<(\w+) +>", r"<\1>", re.sub(r"<(\w+) {2,}", r"<\1 ", inside))
    return re.sub(r'(url\(#|href="#)', rf"\g<1>{prefix}-", inside)
