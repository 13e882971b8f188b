"""The pack of one team: its own grades beside its service's tally, never a place in a ranking."""

from __future__ import annotations

from typing import Any

import pandas as pd

from improvement_analysis.counts import count_grades
from improvement_analysis.dataset import Dataset
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import select
from improvement_analysis.pages.grade_sentences import describe_tally
from improvement_analysis.pages.team_report import name_graders
from improvement_analysis.palette import describe_marks
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.rounds import latest_round
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.sentences import grade_words, join_words, plural
from improvement_analysis.standing import DIFFERENCE
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.teams import Team, lineage_of, list_teams, select_team
from improvement_analysis.vocabulary import day_in_words

__all__ = [
    "NO_TEAMS",
    "brief_team",
    "choose_team",
    "describe_team_chart",
    "label_own_grades",
    "list_team_grades",
]


_GIVEN = ["grade", "ungraded_reason"]

#: What a page says where there is no team to make a pack for.
NO_TEAMS = "The gradings name no team, so there is no pack for one."


def choose_team(
    dataset: Dataset,
    team: str,
    service: str | None = None,
    area: str | None = None,
    authority: str | None = None,
) -> Team | None:
    """The team of that name of the latest round; None where the gradings name no team.

    Raises
    ------
    GradingsError
        If no such team was graded, or several were, with those that were.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> choose_team(load("worcestershire-2018"), "Team D") is None
    True
    """
    standing = dataset.standing()
    if not standing["team"].notna().any():
        return None
    kept = select(
        standing[standing["team"].notna()], team=team, service=service, area=area, authority=authority
    )
    teams = list_teams(kept)
    if len(teams) > 1:
        several = len({each.authority for each in teams}) > 1
        listed = "; ".join(_place(each, authority=several) for each in teams)
        needed = "the authority, the service and the area" if several else "the service and the area"
        raise GradingsError(f"several teams are called {team!r}: {listed}; name {needed} too")
    return teams[0]


def _place(team: Team, *, authority: bool) -> str:
    """Where a team is: its service and area, and its authority where several are graded."""
    where = [team.area, team.authority if authority else None]
    return f"{team.service}{''.join(f' in {name}' for name in where if name)}"


def _in_authority(dataset: Dataset, team: Team) -> str:
    """The authority of a team, to be named on its page; empty where the dataset holds one alone."""
    return team.authority or "" if dataset.gradings["authority"].nunique() > 1 else ""


def _service_of(dataset: Dataset, team: Team) -> pd.DataFrame:
    """The standing gradings of a team's service, in its own authority."""
    standing = dataset.standing()
    return select(standing, service=team.service, authority=team.authority)


def brief_team(dataset: Dataset, team: Team | None) -> Prose:
    """When a team was visited, how it was graded overall, and what its page is not.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> print(brief_team(load("worcestershire-2018"), None))
    - The gradings name no team, so there is no pack for one.
    """
    if team is None:
        return Prose((NO_TEAMS,))
    own = select_team(dataset.standing(), team)
    days = own["visit_date"].dropna()
    when = f" on {day_in_words(days.iloc[0].date())}" if len(days) else ""
    round_ = own["round"].dropna()
    places = [team.name, team.service, team.area, _in_authority(dataset, team)]
    opening = f"{', '.join(place for place in places if place)}: visited{when}"
    answer = [f"{opening}{f' in the round {round_.iloc[0]}' if len(round_) else ''}."]
    scale = dataset.about.scale
    for grade, reason in own.loc[own["domain"] == "overall", _GIVEN].itertuples(index=False):
        words = grade_words(grade, scale) if isinstance(grade, str) else _without_grade(reason)
        answer.append(
            f"Overall conclusion: {words}. It was given as a grade of its own, not made from the domains."
        )
    graders = name_graders(dataset, team)
    named = graders.items if graders.kind == "brief" else ()
    history = _history(dataset, team)
    return Prose((*answer, *history, _moved(dataset, team, own)), more=(*named, _beside(dataset, team)))


def _moved(dataset: Dataset, team: Team, own: pd.DataFrame) -> str:
    """Which way each domain went since the team's visit before."""
    lineage = lineage_of(dataset.gradings)
    earlier = earlier_rounds_of(dataset, team)
    if not earlier:
        return "The team was not graded in an earlier round, so no change can be shown."
    before = select_team(dataset.standing(earlier[-1]), team, lineage).set_index("domain")["grade"]
    ways: dict[str, list[str]] = {"up": [], "down": [], "not moved": [], "no grade on one side": []}
    labels, scale = dataset.about.short_labels, dataset.about.scale
    for domain, grade in zip(own["domain"], own["grade"], strict=True):
        first = before.get(domain)
        if pd.isna(grade) or first is None or pd.isna(first):
            way = "no grade on one side"
        else:
            steps = scale.rank(grade) - scale.rank(first)
            way = "up" if steps > 0 else "down" if steps < 0 else "not moved"
        ways[way].append(labels[str(domain)])
    parts = [f"{way} in {join_words(names)}" for way, names in ways.items() if names]
    first, *others = parts
    return " ".join(
        [f"Since {earlier[-1]}: {first}.", *(f"{part[:1].upper()}{part[1:]}." for part in others)]
    )


def earlier_rounds_of(dataset: Dataset, team: Team) -> list[str]:
    """The earlier rounds that graded a team as the one that it is now, under whatever name."""
    lineage, rounds = lineage_of(dataset.gradings), dataset.rounds
    return [
        name
        for name in rounds[:-1]
        if len(select_team(dataset.standing(name), team, lineage))
        and not any(lineage.now(team) in change[:2] for change in lineage.between(rounds, name, rounds[-1]))
    ]


def _history(dataset: Dataset, team: Team) -> list[str]:
    """What the team was before: its earlier names, and the teams that it came from."""
    lineage = lineage_of(dataset.gradings)
    told = []
    if names := lineage.names(team):
        words = [
            ", ".join(filter(None, (name.name, name.area if name.area != team.area else None)))
            for name in names
        ]
        told.append(f"It was {join_words(words)} before, and its earlier grades are those of that team.")
    parts = [change for change in lineage.changes if not change.whole and lineage.now(change.after) == team]
    if parts:
        came = join_words(list(dict.fromkeys(change.before.name for change in parts)))
        how = "merged from" if len(parts) > 1 else "split from"
        told.append(f"It was {how} {came}, whose earlier grades are not its own.")
    return told


def _beside(dataset: Dataset, team: Team) -> str:
    teams = len(list_teams(_service_of(dataset, team)))
    if teams == 1:
        return "No other team of its service was graded, so there is nothing to compare it with."
    return (
        f"Beside each grade stands the tally of the service's {plural(teams, 'team')}, this one included. "
        "The teams do different work. This is not a ranking."
    )


def label_own_grades(dataset: Dataset, team: Team) -> dict[str, str]:
    """Each domain's short name with the team's own grade, as rows of its service's chart are called."""
    own = select_team(dataset.standing(), team).astype({"domain": "str", "grade": "object"})
    given = {
        domain: grade if isinstance(grade, str) else _without_grade(reason).partition(",")[0]
        for domain, grade, reason in own[["domain", *_GIVEN]].itertuples(index=False)
    }
    return {
        key: f"{label} (this team: {given[key]})" if key in given else label
        for key, label in dataset.about.short_labels.items()
    }


def describe_team_chart(team: Team, dataset: Dataset | None = None) -> str:
    """What stands under the title of a team's chart: what is counted, and who may see it.

    What stands for a team is told where *dataset* says how many there are.

    Examples
    --------
    >>> describe_team_chart(Team("Anyshire", None, "Safeguarding", "Team D"))[:48]
    'NOT FOR PUBLICATION: tells the grades of Team D.'
    """
    counted = (
        f"NOT FOR PUBLICATION: tells the grades of {team.name}. Number of teams at each grade, by domain."
    )
    if dataset is None:
        return counted
    sizes = _service_of(dataset, team).groupby("domain", observed=True).size()
    return f"{counted} {describe_marks(sizes)}"


def list_team_grades(dataset: Dataset, team: Team | None) -> Table | Prose:
    """One team's grades, of its earlier rounds too, beside the tally of its service: not a ranking."""
    if team is None:
        return nothing("No table: the gradings name no team.")
    scale, labels = dataset.about.scale, dataset.about.short_labels
    lineage = lineage_of(dataset.gradings)
    latest = latest_round(dataset.gradings)
    by_round = {
        name: select_team(dataset.standing(name), team, lineage)
        for name in (*earlier_rounds_of(dataset, team), latest)
    }
    own = {name: part.set_index("domain")[_GIVEN] for name, part in by_round.items() if len(part)}
    counts = count_grades(_service_of(dataset, team), "domain", scale=scale)
    frame = pd.DataFrame({"Quality domain": [labels[str(domain)] for domain in counts.index]})
    for name, grades in own.items():
        frame[_in_round("This team", name)] = [_grade(grades, domain, dataset) for domain in counts.index]
    frame[_in_round("Teams of the service", latest)] = [
        describe_tally(counts, domain, dataset) for domain in counts.index
    ]
    frame["Judged"] = (counts.sum(axis=1) - counts[NO_JUDGEMENT]).to_numpy()
    return frame_table(
        frame,
        caption=f"{team.name} beside the teams of {team.service}",
        note="Not for publication. The tally counts this team too and puts none in a place.",
        about=dataset.about,
    )


def _in_round(words: str, name: str | None) -> str:
    return words if name is None else f"{words} in {name}"


def _grade(given: pd.DataFrame, domain: Any, dataset: Dataset) -> str:
    if domain not in given.index:
        return "not graded"
    grade, reason = given.loc[domain, _GIVEN]
    return dataset.about.scale.name(grade) if isinstance(grade, str) else _without_grade(reason)


def _without_grade(reason: object) -> str:
    """What a page says in place of a grade: that graders left it open, or that none was given."""
    is_open = isinstance(reason, str) and reason.startswith(DIFFERENCE)
    return f"open, {reason}" if is_open else NO_JUDGEMENT
