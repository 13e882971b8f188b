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
from improvement_analysis.sentences import grade_words, join_words, plural
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
    "These are all the teams graded, each on one day, not a sample of more. A p says only how often these "
    "very grades, dealt at random, would fall at least as lopsidedly. It says nothing about why."
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
    n_domains, family_size
        Domains compared together, and those of them that p is adjusted for.
    adjusted, best_adjusted : float
        The adjusted p, and the smallest that these grades and sizes could have given; NaN where no test
        could have told.
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
    n_domains: int = 1
    family_size: int = 1
    adjusted: float = math.nan
    best_adjusted: float = math.nan

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
        "depends_on_unjudged": lambda: _depends_on_unjudged(found),
        "too_few": lambda: _too_few(found, alpha),
        "could_be_chance": lambda: _could_be_chance(found),
        "unlikely_chance": lambda: _unlikely_chance(found),
    }[verdict]()
    return verdict, " ".join([sentence, *_left_out(found)])


def _verdict(found: Comparison, alpha: float) -> Verdict | None:
    if found.test.reason == TOO_MANY:
        return None
    if found.test.reason.startswith("all grades are equal"):
        return "no_variation"
    if found.bounds.p_low <= alpha < found.bounds.p_high:
        return "depends_on_unjudged"
    if not found.best_adjusted <= alpha:
        return "too_few"
    return "could_be_chance" if found.adjusted > alpha else "unlikely_chance"


def _no_variation(found: Comparison, scale: Scale) -> str:
    judged = "judged " if found.n_unjudged else ""
    if len(found.grades) == 1:
        teams = f"both {judged}teams" if found.n == 2 else f"all {found.n} {judged}teams"
        grade = grade_words(found.grades[0], scale)
        return f"Nothing to compare: {teams} hold one grade, {grade}.{_unjudged_too(found)}"
    return (
        f"Nothing to compare: within each {found.stratum} all {judged}teams hold one grade."
        f"{_unjudged_too(found)}"
    )


def _unjudged_too(found: Comparison) -> str:
    if not found.n_unjudged:
        return ""
    return f" {found.n_unjudged} more {'was' if found.n_unjudged == 1 else 'were'} not judged."


def _depends_on_unjudged(found: Comparison) -> str:
    return (
        f"This hangs on {_open_ones(found)}: with every grade "
        f"{'it' if found.n_unjudged + found.n_split == 1 else 'they'} may stand for, p runs from "
        f"{_number(found.bounds.p_low)} to {_number(found.bounds.p_high)}."
    )


def _open_ones(found: Comparison) -> str:
    unjudged = f"{_one_or(found.n_unjudged, 'team')} without a judgement"
    split = _one_or(found.n_split, "split grade")
    open_ones = [said for said, n in ((unjudged, found.n_unjudged), (split, found.n_split)) if n]
    return join_words(open_ones)


def _one_or(number: int, noun: str) -> str:
    return f"one {noun}" if number == 1 else plural(number, noun)


def _too_few(found: Comparison, alpha: float) -> str:
    if not found.test.strata_used:
        if found.stratum is None:
            return "Too few teams to tell: one side has no judged team."
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
    few = "with so few teams it" if found.n < 20 else "it"
    return (
        f"{_pairings(found)} {_how_often(found)} ({_p_and_adjusted(found)}). "
        f"That is no evidence of a difference, and {few} is no evidence against one."
    )


def _unlikely_chance(found: Comparison) -> str:
    p = found.adjusted
    after = "" if p == found.test.p else f" after allowing for {_count(found.family_size)} domains"
    return f"Chance alone seldom does this ({_p(p)}{after}). {_pairings(found)} {_how_often(found)}."


def _pairings(found: Comparison) -> str:
    pairs = found.test.pairs
    within = f" within a {found.stratum}" if len(found.test.strata_used) > 1 else ""
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
    if test.deals > _MANY_DEALS:
        share = _odds(Fraction(test.deals_at_least_as_lopsided, test.deals))
    else:
        share = f"{test.deals_at_least_as_lopsided:,} of {test.deals:,}"
    return (
        f"Dealt at random{into}, these {_count(found.n)} grades fall at least as lopsidedly in {share} deals"
    )


def _within(found: Comparison) -> str:
    """Where grades are dealt, if that is within strata."""
    used = len(found.test.strata_used)
    return f" within their {_plural_of(found.stratum)}" if used > 1 and found.stratum else ""


def _plural_of(stratum: str) -> str:
    return {"stratum": "strata", "authority": "authorities"}.get(stratum, f"{stratum}s")


def _left_out(found: Comparison) -> list[str]:
    """What the comparison leaves out, and what could not be worked through."""
    said = []
    dropped = list(found.test.strata_dropped)
    if dropped and found.test.strata_used and found.stratum:
        one = len(dropped) == 1
        noun = found.stratum if one else _plural_of(found.stratum)
        said.append(
            f"{join_words(dropped)} {'is' if one else 'are'} left out: "
            f"{'a ' + noun + ' that holds' if one else noun + ' that hold'} no judged team of one side."
        )
    if found.n_unplaced:
        does = "does" if found.n_unplaced == 1 else "do"
        said.append(f"{plural(found.n_unplaced, 'grading')} that {does} not name a side took no part.")
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
    if share >= Fraction(1, 20):
        return f"about {round(100 * share)} of every 100"
    return f"about 1 in {int(float(f'{float(1 / share):.2g}')):,}"


def _count(number: int) -> str:
    return _WORDS[number] if number < len(_WORDS) else f"{number:,}"
