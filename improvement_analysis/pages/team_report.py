"""What one team is told after its visit: what was found, why it was graded so, and what that rests on.

The team's page and its Word documents say this alike. None of it is ever in anything for publication.
"""

from __future__ import annotations

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.findings import select_findings
from improvement_analysis.pages.finding_lists import FindingsList
from improvement_analysis.prose import Prose, nothing
from improvement_analysis.rounds import latest_round
from improvement_analysis.scale import NO_JUDGEMENT
from improvement_analysis.standing import SETTLING
from improvement_analysis.tables import Table, frame_table
from improvement_analysis.teams import Team, select_team

__all__ = [
    "FILLED_IN_BY",
    "TITLES",
    "find_own",
    "list_grounds",
    "list_reasons",
    "list_team_findings",
    "name_graders",
]

#: What stands over the findings of a kind, in the words of whoever has to act on them.
TITLES = {
    "strength": "What is good",
    "vulnerability": "What must change",
    "recommendation": "What is recommended",
}

#: Who fills in what is blank, by part of the report.
FILLED_IN_BY = {
    "strength": "No strength is written down yet: the graders fill in the form's list of findings.",
    "vulnerability": "Nothing is written down yet: the graders fill in the form's list of findings.",
    "recommendation": "No recommendation is written down yet: the graders fill in the list of findings.",
    "reasons": "none given yet, for the grader to fill in",
    "evidence": "No evidence is written down yet: the graders fill in the form's sheet Evidence.",
    "graders": "Who graded is not written down yet: the graders fill in the form's sheet Visit.",
}


def find_own(dataset: Dataset, team: Team, kind: str | None = None) -> pd.DataFrame:
    """What the team's own forms of the latest round found, of one kind or of all."""
    found = dataset.findings
    if "teams" not in found:
        return found.iloc[:0]
    found = select_findings(found, service=team.service, area=team.area, round=latest_round(dataset.gradings))
    own = found[found["teams"] == team.name]
    if dataset.gradings["authority"].nunique() > 1:
        # A finding does not name its authority, so it is the team's where its form is.
        forms = select_team(dataset.gradings, team)["source"].str.partition(",")[0]
        own = own[own["source"].str.partition(",")[0].isin(forms)]
    return (own if kind is None else own[own["kind"] == kind]).reset_index(drop=True)


def _latest(dataset: Dataset, table: pd.DataFrame, team: Team) -> pd.DataFrame:
    """The team's rows of the latest round."""
    own, latest = select_team(table, team), latest_round(dataset.gradings)
    return own if latest is None else own[own["round"].astype(object) == latest].reset_index(drop=True)


def list_team_findings(dataset: Dataset, team: Team | None, *kinds: str) -> FindingsList | Prose:
    """What the team's own forms of the latest round found, of some kinds; who fills in what is blank."""
    if team is None:
        return nothing("No finding names a team.")
    own = find_own(dataset, team)
    titles = {kind: TITLES[kind] if len(kinds) > 1 else "" for kind in kinds}
    blanks = {kind: FILLED_IN_BY[kind] for kind in kinds}
    caption = f"What was found in {team.name}" if len(kinds) > 1 else f"What {team.name} is recommended"
    about = dataset.about
    return FindingsList(caption, own[own["kind"].isin(kinds)], about, titles=titles, blanks=blanks)


def _blank(part: str) -> Prose:
    """Who fills in a part of the report that is blank."""
    return Prose((FILLED_IN_BY[part],), kind="blank")


def list_reasons(dataset: Dataset, team: Team | None) -> Table | Prose:
    """The grade that stands in each domain of the latest round, who gave which, and why.

    Where gradings are agreed or moderated in this dataset, those that are not say so.
    """
    if team is None:
        return nothing("No reasons: the gradings name no team.")
    given = _latest(dataset, dataset.gradings, team).astype({"domain": "object"})
    standing = _latest(dataset, dataset.standing(), team)
    rows = [
        {
            "Quality domain": dataset.about.short_labels[str(domain)],
            "Grade": _grade(dataset, stands),
            "Given by": _givers(dataset, given[given["domain"] == domain], stands),
            "Reasons": _reasons(given[given["domain"] == domain]),
        }
        for domain, stands in standing.astype(object).set_index("domain").iterrows()
    ]
    frame = pd.DataFrame(rows)
    latest = latest_round(dataset.gradings)
    caption = f"Grades of {team.name}{f' in {latest}' if latest else ''}, and why they were given"
    named = frame if frame["Given by"].ne("").any() else frame.drop(columns="Given by")
    return frame_table(named, caption=caption, about=dataset.about)


def _grade(dataset: Dataset, grading: pd.Series) -> str:
    """A grade in words, or why there is none."""
    if isinstance(grading["grade"], str):
        return dataset.about.scale.name(grading["grade"])
    return str(grading["ungraded_reason"] or NO_JUDGEMENT)


def _givers(dataset: Dataset, given: pd.DataFrame, stands: pd.Series) -> str:
    """Who gave the grade that stands, what others gave, and whether it was never moderated."""
    words = []
    for grading in given.astype(object).to_dict("records"):
        who = grading["grader"] if isinstance(grading["grader"], str) else ""
        is_it = all(grading[column] == stands[column] for column in ("grader", "stage"))
        words.append(who if is_it or not who else f"{who}: {_grade(dataset, pd.Series(grading))}")
    settled = dataset.gradings["stage"].isin(SETTLING).any()
    if settled and stands["stage"] not in SETTLING:
        words.append("not moderated")
    return "; ".join(filter(None, words))


def _reasons(given: pd.DataFrame) -> str:
    """The reasons, each with who gave it where several did; where there is none, who fills it in."""
    kept = given[given["reasons"].notna()] if "reasons" in given else given.iloc[:0]
    if kept.empty:
        return FILLED_IN_BY["reasons"]
    texts = kept["reasons"].tolist()
    if len(texts) == 1:
        return str(texts[0])
    return " ".join(f"{who}: {text}" for who, text in zip(kept["grader"], texts, strict=True))


def list_grounds(dataset: Dataset, team: Team | None) -> Table | Prose:
    """What the team's grades of the latest round rest on, kind by kind."""
    own = None if team is None else _latest(dataset, dataset.evidence, team)
    if team is None or own is None or own.empty:
        return _blank("evidence")
    labels = dataset.about.short_labels
    frame = pd.DataFrame(
        {
            "Evidence": own["kind"].str.capitalize(),
            "How many": own["number"],
            "What it was, and what it showed": own["text"].fillna(""),
            "Quality domain": [labels.get(str(domain), "all") for domain in own["domain"]],
        }
    )
    if own["stage"].nunique() > 1:
        frame["Stage"] = own["stage"]
    caption = f"What the grades of {team.name} rest on"
    return frame_table(frame, caption=caption, missing="not counted", about=dataset.about)


def name_graders(dataset: Dataset, team: Team | None) -> Prose:
    """Who graded the team in the latest round, by role, stage by stage."""
    own = None if team is None else _latest(dataset, dataset.visits, team)
    if own is None or own.empty:
        return _blank("graders")
    told = []
    for visit in own[["stage", "graders", "partner_graders"]].astype(object).to_dict("records"):
        sides = [visit["graders"], visit["partner_graders"]]
        named = " and ".join(side for side in sides if isinstance(side, str))
        stage = f" ({visit['stage']} grades)" if len(own) > 1 and isinstance(visit["stage"], str) else ""
        told.append(f"Graded by {named}{stage}.")
    return Prose(tuple(told), kind="brief")
