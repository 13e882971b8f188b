"""The page that compares two rounds."""

from __future__ import annotations

import itertools

import pandas as pd

from improvement_analysis.comparison import compare_rounds, count_unmatched, list_movers, list_unmatched
from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError
from improvement_analysis.pages.result_tables import result_table
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.rounds import earlier_rounds, has_order, list_rounds
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import join_words, plural
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.teams import list_changes, take_rounds

__all__ = [
    "brief_rounds",
    "count_apart",
    "lead_domain",
    "list_changed_teams",
    "list_moved_teams",
    "list_moves",
    "list_run",
    "list_unmatched_teams",
    "match_rounds",
]


def match_rounds(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> tuple[pd.DataFrame, str, str] | None:
    """The standing gradings of two rounds and their names; None where they cannot be compared.

    By default the last two rounds, or the later one and the one before it. They cannot be compared where
    there is one round only, or where the gradings name no team.

    Raises
    ------
    GradingsError
        If a round is not there, or *after* is not the later; without order, if not both are named.
    """
    gradings = dataset.gradings
    if gradings["round"].nunique() < 2 or not gradings["team"].notna().any():
        return None
    first, last = _two_rounds(dataset, before, after)
    return take_rounds(dataset, first, last), first, last


def _two_rounds(dataset: Dataset, before: str | None, after: str | None) -> tuple[str, str]:
    """The earlier and the later round; without order only those that are both named."""
    gradings = dataset.gradings
    if before and after and not has_order(gradings):
        first, last = before, after
    else:
        rounds = list_rounds(gradings)
        last = after or rounds[-1]
        earlier = earlier_rounds(gradings, last)
        if not (before or earlier):
            raise GradingsError(f"there is no round before {last!r}; known are {', '.join(rounds)}")
        first = before or earlier[-1]
        if first in rounds and last in rounds and rounds.index(first) > rounds.index(last):
            raise GradingsError(f"found before = {first!r}, after = {last!r}; the first came later")
    if first == last:
        raise GradingsError(f"two rounds are compared; found {first!r} for both")
    return first, last


def lead_domain(dataset: Dataset) -> str:
    """The overall conclusion where any team has one, otherwise the first domain graded.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> lead_domain(load("worcestershire-2018"))
    'overall'
    """
    graded = set(dataset.gradings["domain"].dropna())
    known = ["overall", *map(str, dataset.gradings["domain"].cat.categories)]
    return next(domain for domain in known if domain in graded)


def count_apart(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> dict[str, pd.Series]:
    """How many teams at each grade are ``new``, ``not_again`` or ``closed``, by :func:`lead_domain`; what
    there is none of is left out.

    The keys are parameters of :func:`~improvement_analysis.charts.change_grid`.
    """
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return {}
    counted = count_unmatched(*matched, domain=lead_domain(dataset), scale=dataset.about.scale)
    return {str(name).replace(" ", "_"): tally for name, tally in counted.iterrows() if tally.any()}


def brief_rounds(dataset: Dataset, before: str | None = None, after: str | None = None) -> Prose:
    """Which way the teams graded in both rounds moved, domain by domain.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_rounds(load("worcestershire-2018")))
    - This dataset holds the round 2017-18 only, so no change can be shown.
    """
    matched = match_rounds(dataset, before, after)
    if matched is None:
        if dataset.gradings["round"].nunique() > 1:
            return Prose(
                ("The gradings name no team, so no team can be followed from one round to the next.",)
            )
        only = ", ".join(dataset.rounds) or "unnamed"
        return Prose((f"This dataset holds the round {only} only, so no change can be shown.",))
    gradings, first, last = matched
    moves = compare_rounds(gradings, first, last, scale=dataset.about.scale)
    labels = dataset.about.short_labels
    lead = lead_domain(dataset)
    ordered = moves.loc[sorted(moves.index, key=lambda domain: domain != lead)]
    domains = [
        f"{labels[str(domain)]}: {_moves(row)} {_verdict(row, len(moves))}".rstrip()
        for domain, row in ordered.iterrows()
    ]
    reading = (
        "A team that moved may have been graded by other people, on another day, on other cases. "
        "The counts show what was given, not why."
    )
    regression = (
        "Teams that began low have more room above them than below. A low grade that was partly chance is "
        "often followed by a higher one (regression to the mean)."
    )
    answer = (f"From {first} to {last}{_apart(moves)}.", *domains[:1], *_others(ordered.iloc[1:], labels))
    return Prose((*answer, reading), more=(*domains[1:], regression))


def _apart(moves: pd.DataFrame) -> str:
    """How many teams are in one round only, as the end of a sentence."""
    ends = {
        "n_new": ("is new", "are new"),
        "n_not_again": ("was not graded again", "were not graded again"),
        "n_closed": ("closed", "closed"),
        "n_split_merged": ("was split or merged", "were split or merged"),
    }
    numbers = {name: int(moves[name].max()) for name in ends if moves[name].any()}
    parts = [f"{number} {ends[name][number > 1]}" for name, number in numbers.items()]
    if not parts:
        return ""
    teams = "team" if next(iter(numbers.values())) == 1 else "teams"
    return f": {join_words([parts[0].replace(' ', f' {teams} ', 1), *parts[1:]])}"


def _others(rows: pd.DataFrame, labels: dict[str, str]) -> list[str]:
    """In which of the other domains a direction can be claimed; nothing where there is no other."""
    if rows.empty:
        return []
    moved = rows.index[rows["verdict"].astype(str).str.startswith("moved")]
    if len(moved):
        return [f"More moved one way than chance explains in {join_words([labels[str(d)] for d in moved])}."]
    return [
        f"No direction can be claimed in {'any of the ' if len(rows) > 1 else 'the '}"
        f"{plural(len(rows), 'other domain')}."
    ]


def _moves(row: pd.Series) -> str:
    matched = int(row["n_matched"])
    if not matched:
        return "no team was graded in both rounds."
    up, same, down = (int(row[way]) or "none" for way in ("up", "same", "down"))
    return f"of {plural(matched, 'team')} graded twice, {up} moved up, {down} moved down and {same} stayed."


def _verdict(row: pd.Series, domains: int) -> str:
    """What the moves of one of several domains can tell, in a sentence; nothing where no team moved."""
    movers = int(row["up"] + row["down"])
    if not movers:
        return ""
    if movers == 1:
        return "One move does not show a direction."
    if row["verdict"] == "too few":
        among = f" among {plural(domains, 'domain')}" if row["p_least"] <= 0.05 else ""
        rarest = f"Even if all {movers} had moved one way, chance would give that {_odds(row['p_least'])}."
        return f"Too few moved to show a direction{among}. {rarest}"
    by_chance = f"chance gives a split this one-sided {_odds(row['p_sign'])}"
    if row["verdict"] == "open":
        return f"No direction can be claimed: {by_chance}."
    way = str(row["verdict"]).removeprefix("moved ")
    return f"More moved {way} than chance explains: {by_chance}."


def _odds(p: float) -> str:
    """A chance in words.

    Examples
    --------
    >>> _odds(0.0625), _odds(0.34), _odds(0.7), _odds(1.0)
    ('1 time in 16', 'about 1 time in 3', 'more often than not', 'every time')
    """
    if p > 0.5:
        return "every time" if p >= 1 else "more often than not"
    return f"{'' if (1 / p).is_integer() else 'about '}1 time in {1 / p:,.0f}"


_MOVES = {
    "domain": "Quality domain",
    "n_matched": "Teams in both",
    "up": "Up",
    "same": "Not moved",
    "down": "Down",
    "n_new": "New",
    "n_not_again": "Not graded again",
    "n_closed": "Closed",
    "n_split_merged": "Split or merged",
    "p_sign": "Sign test p",
    "p_least": "Smallest p possible",
    "p_adjusted": "Adjusted p",
    "p_signed_rank": "Signed rank p",
    "verdict": "Verdict",
}


def list_moves(dataset: Dataset, before: str | None = None, after: str | None = None) -> Table | Prose:
    """Who moved between two rounds, domain by domain."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return nothing("No table of moves: no two rounds can be compared.")
    gradings, first, last = matched
    found = compare_rounds(gradings, first, last, scale=dataset.about.scale)
    note = (
        f"p: if a coin decided for each team which grade came from {first} and which from {last}, how often "
        "would the moves be at least as one-sided? Two-sided and exact. The adjusted p allows for the number "
        "of domains, and the verdict follows it. Docs: methods."
    )
    declared = ("n_closed", "n_split_merged")
    headings = {name: words for name, words in _MOVES.items() if name not in declared or found[name].any()}
    return result_table(
        dataset, found, f"Teams graded in {first} and in {last}", headings, decimals=3, note=note
    )


def list_unmatched_teams(
    dataset: Dataset, before: str | None = None, after: str | None = None
) -> Table | Prose:
    """The teams that a comparison of rounds leaves out, and why."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return nothing("No team is left out: no two rounds are compared.")
    left_out = list_unmatched(*matched)
    if left_out.empty:
        return nothing("Every team was graded in both rounds.")
    headings = {
        "service": "Service",
        "area": "Area",
        "team": "Team",
        "domain": "Quality domain",
        "why": "Why",
    }
    return result_table(dataset, left_out, "Teams left out of the comparison", headings)


def list_moved_teams(dataset: Dataset, before: str | None = None, after: str | None = None) -> Table | Prose:
    """The teams that moved between two rounds, by name: for internal pages only."""
    matched = match_rounds(dataset, before, after)
    if matched is None:
        return nothing("No team is named: no two rounds are compared.")
    movers = list_movers(*matched, scale=dataset.about.scale)
    if movers.empty:
        return nothing("No team moved in any domain.")
    headings = {
        "service": "Service",
        "area": "Area",
        "team": "Team",
        **({"was": "Called before"} if movers["was"].notna().any() else {}),
        "domain": "Quality domain",
        "from": f"Grade in {matched[1]}",
        "to": f"Grade in {matched[2]}",
        "way": "Way",
    }
    scale = dataset.about.scale
    for end in ("from", "to"):
        movers[end] = [scale.name(grade) for grade in movers[end]]
    caption = f"Teams that moved from {matched[1]} to {matched[2]}"
    return result_table(dataset, movers, caption, headings, note="Not for publication: it names teams.")


def list_changed_teams(dataset: Dataset) -> Table | Prose:
    """The teams that were renamed, moved, split, merged or closed, as the dataset declares it."""
    frame = list_changes(dataset.gradings)
    if frame.empty:
        return nothing("No team is declared to have been renamed, moved, split, merged or closed.")
    headings = {"was": "Team before", "became": "Team since", "change": "What happened"}
    headings |= {"round": "First round since", "closed_on": "Closed on"}
    return frame_table(
        frame,
        caption="Teams that changed",
        headings={name: words for name, words in headings.items() if frame[name].notna().any()},
        note="As source.toml declares it. A team that split or merged is compared with none.",
        about=dataset.about,
    )


def list_run(dataset: Dataset) -> Table | Prose:
    """How many teams of each service had each grade in every round, by :func:`lead_domain`.

    A sentence where there are two rounds or fewer: then the grid of moves tells as much.
    """
    if dataset.gradings["round"].nunique() < 3:
        return nothing("No table of several rounds: there are only two, or fewer.")
    domain, scale = lead_domain(dataset), dataset.about.scale
    rounds = list_rounds(dataset.gradings)
    parts = [dataset.standing(name) for name in rounds]
    here = pd.concat([part[part["domain"] == domain] for part in parts], ignore_index=True)
    counts = count_grades(here, ["service", "round"], scale=scale)
    order = [place for place in itertools.product(dataset.services, rounds) if place in counts.index]
    counts = counts.reindex(order)
    given = [grade for grade in counts.columns if counts[grade].any()]
    frame = counts[given].reset_index()
    frame.insert(2, "Teams", counts.sum(axis="columns").to_numpy())
    words = {grade: NO_JUDGEMENT if grade == NO_JUDGEMENT else scale.name(grade) for grade in given}
    return frame_table(
        frame,
        caption=f"{dataset.about.short_labels[domain]}: grades round after round",
        headings={"service": "Service", "round": "Round", "Teams": "Teams", **words},
        note="Each round counts all its teams. A service may have gained or lost teams between two rounds.",
        about=dataset.about,
    )
