"""What stands for a team: a square, or a share of a bar; and one colour for each grade, darker is worse.

Grey print and every kind of colour blindness keep that order. The two hues mark the side of *good*: the warm,
dark colours lie below it, the blue, light ones from it upwards. No inspectorate has colours of its own; these
are ours. ``tests/test_palette.py`` computes the contrasts and the separations that they rest on.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from functools import lru_cache
from types import ModuleType
from typing import Any

import pandas as pd

from improvement_analysis.scale import OFSTED, Scale

__all__ = [
    "BAND",
    "DONE",
    "INK",
    "MOST_SQUARES",
    "RULE",
    "SECONDARY",
    "WHITE",
    "by_grade",
    "contrast",
    "describe_marks",
    "fill",
    "fills",
    "letter",
    "lightness",
]

INK = "#0b0c0c"
SECONDARY = "#505a5f"
BAND = "#f3f2f1"
RULE = "#b1b4b6"
WHITE = "#ffffff"

#: What of an action is done: a green that is no grade's, on squares that fill from below.
DONE = "#0f5c4d"

#: Teams of one row or cell beyond which their squares could not be told apart: a bar divides instead.
MOST_SQUARES = 40

_BELOW = ("#4f0b35", "#b5500d")
_FROM_GOOD = ("#7fabdf", "#e6f2f8")


def describe_marks(sizes: pd.Series, noun: str = "team") -> str:
    """What stands for a team in a picture whose rows hold so many.

    Examples
    --------
    >>> describe_marks(pd.Series([9, 9])), describe_marks(pd.Series([153, 151]))
    ('One square is one team.', 'A bar is the share of the judged teams of its row.')
    >>> describe_marks(pd.Series([9, 153]))
    'One square is one team; where they are more than 40, a bar is the share of those judged.'
    """
    if sizes.max() <= MOST_SQUARES:
        return f"One square is one {noun}."
    if sizes.min() > MOST_SQUARES:
        return f"A bar is the share of the judged {noun}s of its row."
    beyond = f"where they are more than {MOST_SQUARES}, a bar is the share of those judged"
    return f"One square is one {noun}; {beyond}."


@lru_cache(maxsize=32)
def fills(scale: Scale = OFSTED) -> dict[str, str]:
    """The fill of every whole grade, worst to best.

    A scale with other than two grades on either side of good gets colours between the same ends, or the one
    nearest to the boundary.

    Examples
    --------
    >>> fills()
    {'I': '#4f0b35', 'RI': '#b5500d', 'G': '#7fabdf', 'O': '#e6f2f8'}
    """
    good = scale.codes.index(scale.threshold)
    below, upwards = scale.codes[:good], scale.codes[good:]
    colours = _between(*_BELOW, count=len(below), lone=1) + _between(*_FROM_GOOD, count=len(upwards), lone=0)
    return dict(zip(scale.codes, colours, strict=True))


def fill(grade: str, scale: Scale = OFSTED) -> tuple[str, str]:
    """The colours of the worse and of the better end of *grade*: two equal ones, but for a split grade.

    Raises
    ------
    GradeError
        If *grade* is not a grade of *scale*.

    Examples
    --------
    >>> fill("RI / I")
    ('#4f0b35', '#b5500d')
    """
    worse, better = scale.ends(grade)
    return fills(scale)[worse], fills(scale)[better]


def letter(background: str) -> str:
    """White or ink, whichever is easier to read on *background*.

    Examples
    --------
    >>> letter("#b5500d"), letter("#7fabdf")
    ('#ffffff', '#0b0c0c')
    """
    return max((WHITE, INK), key=lambda colour: contrast(colour, background))


def contrast(first: str, second: str) -> float:
    """Contrast ratio of two colours, 1 to 21, as the Web Content Accessibility Guidelines 2.2 define it.

    Examples
    --------
    >>> round(contrast("#ffffff", "#000000"), 1)
    21.0
    """
    darker, lighter = sorted(_luminance(colour) + 0.05 for colour in (first, second))
    return lighter / darker


def lightness(colour: str) -> float:
    """Lightness L* of a colour (CIE 1976), 0 black to 100 white.

    Examples
    --------
    >>> [round(lightness(colour)) for colour in fills().values()]
    [16, 46, 69, 95]
    """
    luminance = _luminance(colour)
    if luminance > (6 / 29) ** 3:
        return 116 * float(luminance ** (1 / 3)) - 16
    return luminance * (29 / 3) ** 3


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def _between(first: str, last: str, *, count: int, lone: int) -> list[str]:
    if count == 1:
        return [(first, last)[lone]]
    return [_mix(first, last, step / (count - 1)) for step in range(count)]


def _mix(first: str, last: str, share: float) -> str:
    mixed = (
        round(255 * (a + (b - a) * share)) for a, b in zip(_channels(first), _channels(last), strict=True)
    )
    return "#" + "".join(f"{channel:02x}" for channel in mixed)


def by_grade(source: Any = OFSTED) -> dict[str, str]:
    """One colour for every grade, worst to best, for seaborn or any other drawing library.

    A split has the colour between its ends. Its keys are the order: ``hue_order=list(palette)``. The module
    itself can be called so: ``ia.palette(ds)``.

    Parameters
    ----------
    source
        A scale, or a dataset, whose scale is taken.

    Examples
    --------
    >>> list(by_grade().items())[:3]
    [('I', '#4f0b35'), ('RI / I', '#822d21'), ('RI', '#b5500d')]
    """
    scale: Scale = source if isinstance(source, Scale) else source.about.scale
    return {grade: _mix(*fill(grade, scale), 0.5) for grade in scale.categories}


class _Called(ModuleType):
    """A module that can be called: ``ia.palette(ds)`` is one line beside ``palette=`` in seaborn."""

    def __call__(self, source: Any = OFSTED) -> Mapping[str, str]:
        return by_grade(source)


sys.modules[__name__].__class__ = _Called
