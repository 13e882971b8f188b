"""What may be said of a comparison: one of five verdicts, and its sentence.

No sentence claims more than the count behind it, none calls a lack of evidence a lack of difference, and none
claims what some whole grade that is still open could take back.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, TypeAlias, get_args

from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.sentences import NOT_STATED, format_p, grade_words, join_words, plural_of
from improvement_analysis.statistics import VanElteren
from improvement_analysis.statistics.open_families import Outcome

__all__ = ["CENSUS", "VERDICTS", "Comparison", "Verdict", "settle", "settle_together"]

Verdict: TypeAlias = Literal[
    "no_variation", "depends_on_open", "too_few", "could_be_chance", "unlikely_chance"
]

#: The verdicts, in the order in which they are tried.
VERDICTS: tuple[Verdict, ...] = get_args(Verdict)

#: What a page that prints any p says once.
CENSUS = (
    "These are all the teams that were graded, each seen on one day; they are not a sample of more teams. "
    "A p says only how often shuffling these very grades among the teams would give a gap at least this "
    "large. It says nothing about why."
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
    """Two groups of teams in one domain, and what came out.

    Attributes
    ----------
    domain
    focus
        What a team of A is called, such as "the Redditch team".
    test
        Of the grades as they are, unjudged teams left out.
    outcome
        Over everything that the open grades of all domains may stand for.
    superiority, interval
        Bounds of the probability of superiority over the open grades; Feng and Cliff's interval.
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
    n_tests, n_domains, family_size
        Tests that were judged together, the domains they are of, and those that p is adjusted for.
    """

    domain: str
    focus: str
    test: VanElteren
    outcome: Outcome
    superiority: tuple[float, float]
    interval: tuple[float, float]
    n_a: int
    n_b: int
    grades: tuple[str, ...]
    n_unjudged: int
    n_split: int
    n_unplaced: int
    stratum: str | None
    column: str
    n_tests: int
    n_domains: int
    family_size: int

    @property
    def n(self) -> int:
        """Judged teams on both sides."""
        return self.n_a + self.n_b

    @property
    def is_open(self) -> bool:
        """Whether any grade may stand for several."""
        return bool(self.n_unjudged or self.n_split)


def settle(comparison: Comparison, alpha: float, scale: Scale = OFSTED) -> tuple[Verdict | None, str]:
    """The first verdict that holds, and its sentence; None where the open grades were too many to try."""
    verdict = _verdict(comparison)
    sentence = {
        None: lambda: _not_settled(comparison),
        "no_variation": lambda: _no_variation(comparison, scale),
        "depends_on_open": lambda: _depends_on_open(comparison, alpha),
        "too_few": lambda: _too_few(comparison, alpha),
        "could_be_chance": lambda: _could_be_chance(comparison),
        "unlikely_chance": lambda: _unlikely_chance(comparison, alpha),
    }[verdict]()
    return verdict, " ".join([sentence, *_unjudged(comparison, verdict), *_left_out(comparison)])


def _verdict(comparison: Comparison) -> Verdict | None:
    """A difference is claimed only under every completion, and hangs on open grades only under some."""
    verdicts, test = comparison.outcome.verdicts, comparison.test
    if not comparison.outcome.is_settled:
        return None
    if "claimed" in verdicts:
        return "unlikely_chance" if len(verdicts) == 1 else "depends_on_open"
    if test.reason.startswith("all grades are equal"):
        return "no_variation"
    return "could_be_chance" if "chance" in verdicts and test.strata_used else "too_few"


def settle_together(outcome: Outcome, column: str, n_groups: int, size: int) -> tuple[Verdict | None, str]:
    """Verdict and sentence of one test of all groups."""
    groups = f"{_count(n_groups)} {plural_of(column)}"
    if n_groups < 2 or (outcome.is_settled and math.isnan(outcome.p_high)):
        return "no_variation", "Nothing to compare."
    if not outcome.is_settled:
        return None, "The open grades could be read in too many ways to try them all: nothing is claimed."
    rare = (
        f"Shuffling the grades among the teams sets the {groups} this far apart with "
        f"{_p(outcome.p_low, outcome.p_high)}"
    )
    adjusted = _range(outcome.adjusted_low, outcome.adjusted_high)
    rare += f" ({adjusted} after allowing for {_count(size)} comparisons)"
    if outcome.verdicts == {"claimed"}:
        return "unlikely_chance", f"The {groups} differ. {rare}."
    if "claimed" in outcome.verdicts:
        return "depends_on_open", f"Whether the {groups} differ depends on grades left open. {rare}."
    if "chance" in outcome.verdicts:
        return "could_be_chance", f"This does not show that the {groups} differ. {rare}."
    return "too_few", f"Too few teams to tell whether the {groups} differ."


def _no_variation(comparison: Comparison, scale: Scale) -> str:
    judged = "judged " if comparison.n_unjudged else ""
    teams = f"{judged}teams{' compared' if comparison.test.strata_dropped else ''}"
    if len(comparison.grades) == 1:
        who = f"both {teams}" if comparison.n == 2 else f"all {_count(comparison.n)} {teams}"
        return f"Nothing to compare: {who} hold one grade, {grade_words(comparison.grades[0], scale)}."
    return f"Nothing to compare: within each {comparison.stratum} all {teams} hold one grade."


def _not_settled(comparison: Comparison) -> str:
    which = "Open grades elsewhere"
    if comparison.is_open:
        which = f"{_are_open(comparison).capitalize()}, which"
    many = "can be read in too many ways to try them all"
    return f"{_pairings(comparison)} {which} {many}, so no difference is claimed."


def _depends_on_open(comparison: Comparison, alpha: float) -> str:
    outcome = comparison.outcome
    ends = _range(outcome.p_low, outcome.p_high)
    if not outcome.p_low <= alpha < outcome.p_high:
        ends += f", and {_allowing(comparison)} {_range(outcome.adjusted_low, outcome.adjusted_high)}"
    return f"The answer depends on {_open_ones(comparison)}: {_whatever(comparison)}, p is {ends}."


def _range(low: float, high: float) -> str:
    """One p, or the two between which it lies."""
    least, most = format_p(low), format_p(high)
    return least if least == most else f"between {least} and {most}"


def _whatever(comparison: Comparison) -> str:
    """What the open grades may come to."""
    one = comparison.n_unjudged + comparison.n_split == 1
    if not comparison.n_split:
        return f"whatever {'grade it' if one else 'grades they'} would have had"
    if not comparison.n_unjudged:
        return f"whichever half{' of each' * (not one)} counts"
    return "whatever whole grades they had been given"


def _are_open(comparison: Comparison) -> str:
    """That some grades are open, as a clause."""
    parts = []
    if n := comparison.n_unjudged:
        parts.append(f"{_count(n)} {'team was' if n == 1 else 'teams were'} not judged")
    if n := comparison.n_split:
        parts.append(f"{_count(n)} {'grade is' if n == 1 else 'grades are'} split")
    return join_words(parts)


def _unjudged(comparison: Comparison, verdict: Verdict | None) -> list[str]:
    """How many were not judged, where the sentence does not say so."""
    shown = verdict == "no_variation" or (verdict == "too_few" and not comparison.test.strata_used)
    if not comparison.n_unjudged or not shown:
        return []
    one = comparison.n_unjudged == 1
    return [f"{_count(comparison.n_unjudged).capitalize()} {'team was' if one else 'teams were'} not judged."]


def _open_ones(comparison: Comparison) -> str:
    parts = []
    if n := comparison.n_unjudged:
        parts.append(f"{_count(n)} {'team that was' if n == 1 else 'teams that were'} not judged")
    if n := comparison.n_split:
        parts.append(f"{_count(n)} split grade{'s' * (n > 1)}")
    return join_words(parts)


def _too_few(comparison: Comparison, alpha: float) -> str:
    test, stratum = comparison.test, comparison.stratum
    if not test.strata_used:
        if stratum is None:
            return "Too few teams to tell: not both sides have a judged team."
        return f"Too few teams to tell: no {stratum} has judged teams of both sides."
    rare_at_all = f", which is not rare enough where {_tests(comparison)} are compared"
    if comparison.is_open:
        least = comparison.outcome.p_min
        opened = (
            f"{_are_open(comparison)}, and {_whatever(comparison)}, no p below {format_p(least)} was possible"
        )
        return f"Too few teams to tell: {opened}{rare_at_all if least <= alpha else ''}."
    best = Fraction(test.deals_most_lopsided, test.deals)
    shuffled = _shuffled(comparison)
    if best == 1:
        return f"Too few teams to tell: every way of shuffling {shuffled} gives an equal gap."
    rare = f"shuffling {shuffled} gives the largest gap there can be in {_odds(best)} ways"
    return f"Too few teams to tell: {rare}{rare_at_all if float(best) <= alpha else ''}."


def _could_be_chance(comparison: Comparison) -> str:
    few = comparison.n < 20
    no = "but there are too few teams to rule one out" if few else "and does not rule one out"
    return f"{_pairings(comparison)} {_how_often(comparison)} This does not show a difference, {no}."


def _unlikely_chance(comparison: Comparison, alpha: float) -> str:
    outcome = comparison.outcome
    rare = "Chance alone seldom does this" if alpha <= _SELDOM else f"Within the line drawn at {alpha:g}"
    after = ""
    if comparison.family_size > 1 and outcome.adjusted_high != outcome.p_high:
        after = f" {_allowing(comparison)}"
    p = _p(outcome.adjusted_low, outcome.adjusted_high)
    return f"{rare} ({p}{after}). {_pairings(comparison)} {_how_often(comparison, plain=True)}"


def _pairings(comparison: Comparison) -> str:
    pairs = comparison.test.pairs
    within = f" within one {comparison.stratum}" if len(comparison.test.strata_used) > 1 else ""
    who = comparison.focus[0].upper() + comparison.focus[1:]
    for number, held in ((pairs.better, "higher"), (pairs.worse, "lower")):
        if number == pairs.total:
            return f"{who} had the {held} grade in all {number:,} pairings{within}."
    better, equal, worse = (f"{n:,}" if n else "none" for n in (pairs.better, pairs.equal, pairs.worse))
    return (
        f"{who} had the higher grade in {better} of {pairs.total:,} pairings{within}, "
        f"an equal one in {equal} and the lower in {worse}."
    )


def _how_often(comparison: Comparison, *, plain: bool = False) -> str:
    """In how many ways the grades, shuffled, give such a gap; with open grades the range of p alone."""
    test, outcome = comparison.test, comparison.outcome
    if comparison.is_open:
        whatever = f"{_are_open(comparison).capitalize()}; {_whatever(comparison)},"
        if plain:
            return f"{whatever} p is at most {format_p(outcome.p_high)}."
        ends = _p(outcome.p_low, outcome.p_high)
        return f"{whatever} shuffling gives a gap at least this large with {ends}{_and_adjusted(comparison)}."
    shuffled = _shuffled(comparison)
    seen, after = test.deals_at_least_as_lopsided, ""
    if not plain:
        after = f" ({_p(*test.error)}{_and_adjusted(comparison)})"
    if seen == test.deals:
        return f"Every way of shuffling {shuffled} gives a gap at least this large{after}."
    if test.deals > _MANY_DEALS or test.method == "monte carlo":
        share = f"{_odds(Fraction(seen, test.deals))} ways"
    else:
        share = f"{seen:,} of {test.deals:,} ways"
    return f"Shuffling {shuffled} gives a gap at least this large in {share}{after}."


def _shuffled(comparison: Comparison) -> str:
    """Which grades are shuffled, and where."""
    used = len(comparison.test.strata_used)
    where = "among the teams"
    if used > 1 and comparison.stratum:
        where = f"within their {plural_of(comparison.stratum)}"
    return f"these {_count(comparison.n)} grades {where}"


def _tests(comparison: Comparison) -> str:
    """What was judged together."""
    if comparison.n_tests == comparison.n_domains:
        return f"{_count(comparison.n_domains)} domains"
    return f"{_count(comparison.n_tests)} comparisons"


def _allowing(comparison: Comparison) -> str:
    if comparison.n_tests == comparison.n_domains:
        return f"after allowing for {_count(comparison.family_size)} domains"
    return f"after allowing for {_count(comparison.family_size)} comparisons"


def _and_adjusted(comparison: Comparison) -> str:
    outcome = comparison.outcome
    same = (outcome.adjusted_low, outcome.adjusted_high) == (outcome.p_low, outcome.p_high)
    if comparison.family_size < 2 or same or math.isnan(outcome.adjusted_high):
        return ""
    return f"; {_range(outcome.adjusted_low, outcome.adjusted_high)} {_allowing(comparison)}"


def _left_out(comparison: Comparison) -> list[str]:
    """What the comparison leaves out, and what could not be worked through."""
    sentences = []
    dropped = list(comparison.test.strata_dropped)
    if dropped and comparison.test.strata_used and comparison.stratum:
        named = [name for name in dropped if name != NOT_STATED]
        unnamed = [f"teams whose {comparison.stratum} is not stated"] * (len(named) < len(dropped))
        sentences.append(f"Not compared (no team on one side): {join_words([*named, *unnamed])}.")
    if comparison.n_unplaced:
        one = comparison.n_unplaced == 1
        who = _count(comparison.n_unplaced).capitalize() + (
            " grading that names" if one else " gradings that name"
        )
        sentences.append(f"{who} no {comparison.column} took no part.")
    return sentences


def _p(low: float, high: float) -> str:
    ends = _range(low, high)
    return f"p {'' if ends.startswith('b') else '= '}{ends}"


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
