"""What may be said of a comparison: one of five verdicts, and its sentence.

The verdicts are tried in order, and the first that holds is given. No sentence claims more than the count of
deals behind it, and none calls a lack of evidence a lack of difference.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.sentences import NOT_STATED, grade_words, join_words
from improvement_analysis.statistics import Bounds, VanElteren
from improvement_analysis.statistics.permutation import TOO_MANY

__all__ = ["CENSUS", "VERDICTS", "Comparison", "Verdict", "settle"]

Verdict: TypeAlias = Literal[
    "no_variation", "depends_on_unjudged", "too_few", "could_be_chance", "unlikely_chance"
]

#: The verdicts, in the order in which they are tried.
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

#: What a page that prints any p says once.
CENSUS = (
    "This is a census: all the teams graded, each seen on one day, not a sample of more. A p says only how "
    "often these very grades, dealt at random, would fall at least as lopsidedly. It says nothing about why."
)

_WORDS = (
    "no",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
)

#: Deals beyond which a fraction says more than two long numbers.
_MANY_DEALS = 1_000_000

#: Odds beyond which no reader follows.
_RAREST = 1_000_000_000

#: The largest p of which "seldom" may be said.
_SELDOM = 0.05


@dataclass(frozen=True)
class Comparison:
    """Two groups of teams in one domain, and what was found.

    Attributes
    ----------
    focus
        What a team of A is called, such as "the Redditch team".
    n_a, n_b
        Judged teams of either side in the strata used.
    grades
        The distinct grades they hold, worst to best.
    n_unjudged, n_split
        Teams without a judgement and split grades, of either side, in strata that hold both.
    n_unplaced
        Gradings that do not say which side they are on.
    stratum
        What a stratum is called, such as "service"; None where there are none.
    column
        What the sides are told apart by, such as "area".
    n_domains, family_size
        Domains compared together, and those of them that p is adjusted for.
    adjusted, best_adjusted : float
        The adjusted p, and the smallest that these grades and sizes could have given; NaN where no test
        could have told.
    adjusted_low, adjusted_high : float
        The adjusted p were every domain's p the least, or the greatest, that its open grades allow.
    """

    focus: str
    test: VanElteren
    bounds: Bounds
    n_a: int
    n_b: int
    grades: tuple[str, ...]
    n_unjudged: int
    n_split: int
    n_unplaced: int
    stratum: str | None
    column: str = "area"
    n_domains: int = 1
    family_size: int = 1
    adjusted: float = math.nan
    best_adjusted: float = math.nan
    adjusted_low: float = math.nan
    adjusted_high: float = math.nan

    @property
    def n(self) -> int:
        """Judged teams on both sides."""
        return self.n_a + self.n_b


def settle(found: Comparison, alpha: float, scale: Scale = OFSTED) -> tuple[Verdict | None, str]:
    """The first verdict that holds, and its sentence; None where the deals could not be counted."""
    verdict = _verdict(found, alpha)
    sentence = {
        None: lambda: f"{_pairings(found)} The deals are too many to count exactly, so no p is given.",
        "no_variation": lambda: _no_variation(found, scale),
        "depends_on_unjudged": lambda: _depends_on_unjudged(found, alpha),
        "too_few": lambda: _too_few(found, alpha),
        "could_be_chance": lambda: _could_be_chance(found),
        "unlikely_chance": lambda: _unlikely_chance(found, alpha),
    }[verdict]()
    return verdict, " ".join([sentence, *_open(found, verdict), *_left_out(found)])


def _verdict(found: Comparison, alpha: float) -> Verdict | None:
    if found.test.reason == TOO_MANY:
        return None
    if found.test.reason.startswith("all grades are equal"):
        return "no_variation"
    hangs = found.bounds.completions > 1 and found.adjusted_low <= alpha < found.adjusted_high
    if _crosses(found, alpha) or hangs:
        return "depends_on_unjudged"
    if not found.best_adjusted <= alpha:
        return "too_few"
    return "could_be_chance" if found.adjusted > alpha else "unlikely_chance"


def _crosses(found: Comparison, alpha: float) -> bool:
    return found.bounds.p_low <= alpha < found.bounds.p_high


def _no_variation(found: Comparison, scale: Scale) -> str:
    teams = f"{'judged ' if found.n_unjudged else ''}teams{' compared' if found.test.strata_dropped else ''}"
    if len(found.grades) == 1:
        who = f"both {teams}" if found.n == 2 else f"all {_count(found.n)} {teams}"
        return f"Nothing to compare: {who} hold one grade, {grade_words(found.grades[0], scale)}."
    return f"Nothing to compare: within each {found.stratum} all {teams} hold one grade."


def _depends_on_unjudged(found: Comparison, alpha: float) -> str:
    said = (
        f"What can be said hangs on {_open_ones(found)}: with every whole grade "
        f"{'it' if found.n_unjudged + found.n_split == 1 else 'they'} may stand for, p would run from "
        f"{_number(found.bounds.p_low)} to {_number(found.bounds.p_high)}"
    )
    if _crosses(found, alpha):
        return f"{said}."
    return (
        f"{said}, and after allowing for {_count(found.family_size)} domains from "
        f"{_number(found.adjusted_low)} to {_number(found.adjusted_high)}."
    )


def _open(found: Comparison, verdict: Verdict | None) -> list[str]:
    """What a verdict that does not hang on them says of grades left open."""
    if verdict in ("could_be_chance", "unlikely_chance") and found.bounds.completions > 1:
        if math.isnan(found.bounds.p_low):
            return []
        low, high = _number(found.bounds.p_low), _number(found.bounds.p_high)
        runs = f"run from {low} to {high}" if low != high else f"be {low}"
        return [f"With every whole grade that {_open_ones(found)} may stand for, p would {runs}."]
    if not found.n_unjudged or verdict == "depends_on_unjudged":
        return []
    who = f"{_count(found.n_unjudged).capitalize()} {'team was' if found.n_unjudged == 1 else 'teams were'}"
    return [f"{who} not judged."]


def _open_ones(found: Comparison) -> str:
    both = (found.n_unjudged, "team", " without a judgement"), (found.n_split, "split grade", "")
    return join_words([f"{_count(n)} {noun}{'s' * (n > 1)}{more}" for n, noun, more in both if n])


def _too_few(found: Comparison, alpha: float) -> str:
    if not found.test.strata_used:
        if found.stratum is None:
            return "Too few teams to tell: not both sides have a judged team."
        return f"Too few teams to tell: no {found.stratum} has judged teams of both sides."
    best = Fraction(found.test.deals_most_lopsided, found.test.deals)
    grades = f"these {_count(found.n)} grades"
    if best == 1:
        return f"Too few teams to tell: any deal of {grades}{_within(found)} is as lopsided as any other."
    said = f"dealt at random{_within(found)}, {grades} fall as lopsidedly as they can in {_odds(best)} deals"
    if float(best) <= alpha:
        said += f", which is not rare enough where {_count(found.n_domains)} domains are compared"
    return f"Too few teams to tell: {said}."


def _could_be_chance(found: Comparison) -> str:
    few = "with so few teams, " if found.n < 20 else ""
    return (
        f"{_pairings(found)} {_how_often(found)} ({_p_and_adjusted(found)}). "
        f"A difference cannot be claimed from this, nor{', ' if few else ' '}{few}ruled out."
    )


def _unlikely_chance(found: Comparison, alpha: float) -> str:
    p = found.adjusted
    after = "" if p == found.test.p else f" after allowing for {_count(found.family_size)} domains"
    rare = "Chance alone seldom does this" if alpha <= _SELDOM else f"Within the line drawn at {alpha:g}"
    return f"{rare} ({_p(p)}{after}). {_pairings(found)} {_how_often(found)}."


def _pairings(found: Comparison) -> str:
    pairs = found.test.pairs
    within = f" within one {found.stratum}" if len(found.test.strata_used) > 1 else ""
    who = found.focus[0].upper() + found.focus[1:]
    for number, held in ((pairs.better, "higher"), (pairs.worse, "lower")):
        if number == pairs.total:
            return f"{who} had the {held} grade in all {number:,} pairings{within}."
    better, equal, worse = (f"{n:,}" if n else "none" for n in (pairs.better, pairs.equal, pairs.worse))
    return (
        f"{who} had the higher grade in {better} of {pairs.total:,} pairings{within}, "
        f"an equal one in {equal} and the lower in {worse}."
    )


def _how_often(found: Comparison) -> str:
    test = found.test
    into = _within(found) or f" into {found.n_a} and {found.n_b}"
    seen = test.deals_at_least_as_lopsided
    if seen == test.deals:
        share = "every deal"
    elif test.deals > _MANY_DEALS:
        share = f"{_odds(Fraction(seen, test.deals))} deals"
    else:
        share = f"{seen:,} of {test.deals:,} deals"
    return f"Dealt at random{into}, these {_count(found.n)} grades fall at least as lopsidedly in {share}"


def _within(found: Comparison) -> str:
    """Where grades are dealt, if that is within strata."""
    used = len(found.test.strata_used)
    return f" within their {_plural_of(found.stratum)}" if used > 1 and found.stratum else ""


def _plural_of(stratum: str) -> str:
    return {"authority": "authorities"}.get(stratum, f"{stratum}s")


def _left_out(found: Comparison) -> list[str]:
    """What the comparison leaves out, and what could not be worked through."""
    said = []
    dropped = list(found.test.strata_dropped)
    if dropped and found.test.strata_used and found.stratum:
        named = [name for name in dropped if name != NOT_STATED]
        unnamed = [f"teams whose {found.stratum} is not stated"] * (len(named) < len(dropped))
        said.append(f"Left out, as one side has no judged team there: {join_words([*named, *unnamed])}.")
    if found.n_unplaced:
        one = found.n_unplaced == 1
        who = _count(found.n_unplaced).capitalize() + (
            " grading that names" if one else " gradings that name"
        )
        said.append(f"{who} no {found.column} took no part.")
    if "ways to complete" in found.bounds.reason:
        said.append("What the open grades could change was too much to work through.")
    return said


def _p_and_adjusted(found: Comparison) -> str:
    said = _p(found.test.p)
    if found.adjusted == found.test.p:
        return said
    return f"{said}; {_number(found.adjusted)} after allowing for {_count(found.family_size)} domains"


def _p(p: float) -> str:
    return f"p = {_number(p)}" if p >= 0.001 else f"p {_number(p)}"


def _number(p: float) -> str:
    """A p as printed: three decimals below 0.1, two above."""
    if p < 0.001:
        return "below 0.001"
    return f"{p:.3f}" if p < 0.0995 else f"{p:.2f}" if p < 1 else "1"


def _odds(share: Fraction) -> str:
    """A share of deals in words: exact where that is short."""
    if share.denominator <= 1000:
        return f"{share.numerator} of {share.denominator}"
    if share < Fraction(1, _RAREST):
        return f"fewer than 1 in {_RAREST:,}"
    if share >= Fraction(1, 20):
        return f"about {round(100 * share)} of every 100"
    return f"about 1 in {int(float(f'{float(1 / share):.2g}')):,}"


def _count(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"
