"""How wide a text is, and how to break it so that it fits, in points of the font that matplotlib brings."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

__all__ = ["clean", "drawable", "facing", "fit", "in_sentence", "measure", "wrap", "wrap_parts"]

FAMILY = "DejaVu Sans"
#: Distance of two baselines as a multiple of the size.
LEADING = 1.22
_MISSING = "\u25a1"
_LEFT_TO_RIGHT = "\u200e"


def clean(text: object) -> str:
    """*text* on one line, without the characters that no page may hold.

    Examples
    --------
    >>> clean("Team\\nA\\x00")
    'Team A\ufffd'
    """
    words = " ".join(str(text).split())
    if words.isascii() and words.isprintable():
        return words
    return "".join("\ufffd" if unicodedata.category(c) in ("Cc", "Cs") else c for c in words)


def in_sentence(name: object) -> str:
    """*name*, cleaned so that a right-to-left one does not turn the words and numbers around it.

    Examples
    --------
    >>> in_sentence("Team A"), in_sentence("\u05d0")
    ('Team A', '\u200e\u05d0\u200e')
    """
    words = clean(name)
    return f"{_LEFT_TO_RIGHT}{words}{_LEFT_TO_RIGHT}" if _turns(words) else words


def facing(line: str) -> str:
    """A line of text that runs left to right as a whole, even where it begins with a right-to-left name."""
    return f"{_LEFT_TO_RIGHT}{line}" if _turns(line) else line


def _turns(text: str) -> bool:
    return not text.isascii() and any(unicodedata.bidirectional(c) in ("R", "AL", "AN") for c in text)


def drawable(text: str, bold: bool = False) -> str:
    """*text* with an empty box for every character that the font lacks.

    Examples
    --------
    >>> drawable("Team \\U0001f98a")
    'Team □'
    """
    return text if text.isascii() else "".join(c if _advance(c, bold) else _MISSING for c in text)


@lru_cache(maxsize=4096)
def measure(text: str, size: float, bold: bool = False) -> float:
    """Width of *text* in points. Kerning is left out, so the drawn text is never wider.

    Examples
    --------
    >>> measure("MM", 10) == 2 * measure("M", 10)
    True
    """
    box = _advance(_MISSING, bold)
    return size * sum(_advance(c, bold) or box for c in text)


def wrap(text: str, width: float, size: float, bold: bool = False) -> list[str]:
    """*text* in lines no wider than *width* points; a word wider than that is broken.

    Examples
    --------
    >>> wrap("Requires improvement", 60, 10)
    ['Requires', 'improveme', 'nt']
    """
    lines: list[str] = []
    for word in clean(text).split(" "):
        longer = f"{lines[-1]} {word}" if lines else word
        if measure(longer, size, bold) <= width:
            lines[-1:] = [longer]
        else:
            lines += _break(word, width, size, bold)
    return lines


def wrap_parts(parts: list[str], width: float, size: float) -> list[str]:
    """*parts* with commas between them in lines no wider than *width*; a line breaks between two parts only.

    Examples
    --------
    >>> wrap_parts(["3 RI", "1 RI / I"], 30, 10)
    ['3 RI,', '1 RI / I']
    """
    lines: list[str] = []
    for part in parts:
        longer = f"{lines[-1]}, {part}" if lines else part
        if not lines or measure(f"{longer},", size) <= width:
            lines[-1:] = [longer]
        else:
            lines[-1] += ","
            lines.append(part)
    return lines


def fit(lines: list[str], size: float, bold: bool = False) -> float:
    """Width of the widest of *lines* in points."""
    return max((measure(line, size, bold) for line in lines), default=0.0)


def _break(word: str, width: float, size: float, bold: bool) -> list[str]:
    pieces = [""]
    for character in word:
        if pieces[-1] and measure(pieces[-1] + character, size, bold) > width:
            pieces.append("")
        pieces[-1] += character
    return pieces


@lru_cache(maxsize=4096)
def _advance(character: str, bold: bool) -> float:
    """Advance as a share of the size; 0 where the font lacks the character."""
    from matplotlib.font_manager import FontProperties, fontManager, get_font
    from matplotlib.ft2font import LoadFlags

    path = fontManager.findfont(FontProperties(family=FAMILY, weight="bold" if bold else "normal"))
    font = get_font(path)
    if not font.get_char_index(ord(character)):
        return 0.0
    font.set_size(100, 72)
    glyph = font.load_char(ord(character), flags=LoadFlags.NO_HINTING)
    # A mark that takes no room of its own is there all the same.
    return max(float(glyph.linearHoriAdvance) / 65536 / 100, 1e-9)
