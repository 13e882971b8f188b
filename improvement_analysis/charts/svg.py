"""matplotlib's SVG as one accessible image: described, compact, and safe beside others on a page."""

from __future__ import annotations

import hashlib
import re
from itertools import groupby
from xml.sax.saxutils import escape

from improvement_analysis.palette import BAND, INK, RULE, SECONDARY, WHITE

__all__ = ["make_accessible"]

#: What a page calls its own colours: see its style sheet.
_OF_PAGE = {INK: "ink", SECONDARY: "secondary", RULE: "rule", WHITE: "paper", BAND: "band"}
_STYLED = re.compile(r'<(?:text|path|g|use)\b[^>]*?\bstyle="([^"]*)"')
_FAMILY = "DejaVu Sans, Verdana, sans-serif"
_DROPPED = re.compile(
    r"<\?xml.*?\?>|<!DOCTYPE.*?>|<metadata>.*?</metadata>|<!--.*?-->|<style type=\"text/css\">.*?</style>",
    re.DOTALL,
)
_NEEDLESS = re.compile(
    r'font-family: [^;"]*;? ?|text-anchor: start;? ?|stroke-linejoin: miter;? ?|stroke-width: 1(?=[;"])'
    r'|[;\s]+(?=")| transform="rotate\(-?0(?: [^)]*)?\)"| style=""'
)
_PLACED = re.compile(r'transform="translate\((-?[\d.]+) (-?[\d.]+)\)(?: rotate\(-?0\))?"')
_DECIMALS = re.compile(r"(-?\d+\.\d\d)\d+")
_ID = re.compile(r'\bid="([^"]+)"')
_USED = re.compile(r'(?:url\(#|href="#)([^")]+)')
_OPENING = re.compile(r"<svg\b[^>]*>")
_VIEW = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
_PATH = re.compile(r'<path d="([^"]*)" style="([^"]*)"/>')
_TEXT = re.compile(r'<text style="([^"]*)" ([^>]*)>(.*)</text>')


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
    opening = _OPENING.search(raw)
    if opening is None:
        raise ValueError("not an SVG")
    inside = _tidy(_DROPPED.sub("", raw[opening.end() :].rsplit("</svg>", 1)[0]))
    if inline:
        inside = _follow_page(inside)
    prefix = "ia" + hashlib.sha256(f"{title}\0{description}\0{inside}".encode()).hexdigest()[:10]
    root = _root(opening.group(), prefix, inline)
    names = f'<title id="{prefix}-title">{escape(title)}</title>'
    names += f'<desc id="{prefix}-desc">{escape(description)}</desc>'
    return f"{root}{names}\n{_prefix_ids(inside, prefix)}\n</svg>\n"


def _follow_page(inside: str) -> str:
    """The marks in the colours of the page where it has some, such as in a dark scheme; grades keep theirs.

    Letters on the colour of a grade, and a banner, are no ink of the page.
    """

    def follow(line: re.Match[str]) -> str:
        element, style = line.group(), line[1]
        is_text = element.startswith(("<text", "<g"))
        for colour, variable in _OF_PAGE.items():
            paints = "fill" if is_text or colour in (WHITE, BAND) else "stroke"
            if is_text and colour in (WHITE, BAND):
                continue
            style = style.replace(f"{paints}: {colour}", f"{paints}: var(--{variable},{colour})")
        return element.replace(line[1], style, 1)

    return _STYLED.sub(follow, inside)


def _tidy(inside: str) -> str:
    """The same marks in fewer bytes, an element a line."""
    lines = re.sub(r">\s*<", ">\n<", re.sub(r"\s*\n\s*", " ", inside)).strip().split("\n")
    return "\n".join(_merge(_without_empty_groups([_tag(line) for line in lines])))


def _tag(line: str) -> str:
    """One element without what matplotlib says needlessly; the words of a text stay as they are."""
    tag, closing, words = line.partition(">")
    tag = _NEEDLESS.sub("", _PLACED.sub(r'x="\1" y="\2"', tag))
    if tag.startswith("<g id="):
        tag = re.sub(r' id="[^"]*"', "", tag)
    return _DECIMALS.sub(r"\1", tag) + closing + words


def _without_empty_groups(lines: list[str]) -> list[str]:
    """Drop groups that say nothing, and lists of definitions that define nothing."""
    kept: list[str] = []
    open_groups: list[bool] = []
    for line in lines:
        if line.startswith("<g") and not line.endswith("/>"):
            open_groups.append(line != "<g>")
            said = open_groups[-1]
        elif line == "</g>":
            said = open_groups.pop()
        else:
            said = line not in ("<defs/>", "<g/>")
        if line == "</defs>" and kept[-1] == "<defs>":
            kept.pop()
        elif said:
            kept.append(line)
    return kept


def _merge(lines: list[str]) -> list[str]:
    """Neighbouring marks of one style in one element."""
    merged: list[str] = []
    for (kind, style), group in groupby(lines, key=_style_of):
        if kind == "path":
            d = "".join(match[1] for match in map(_PATH.fullmatch, group) if match)
            merged.append(f'<path d="{d}" style="{style}"/>')
        elif kind == "text":
            texts = [match for match in map(_TEXT.fullmatch, group) if match]
            inner = "".join(f"<text {match[2]}>{match[3]}</text>" for match in texts)
            merged.append(f'<g style="{style}">{inner}</g>')
        else:
            merged += group
    return merged


def _style_of(line: str) -> tuple[str, str]:
    if path := _PATH.fullmatch(line):
        return "path", path[2]
    if text := _TEXT.fullmatch(line):
        return "text", text[1]
    return "", ""


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
