"""What one team is told after its visit: what was found, why it was graded so, and what that rests on.

The team's page and its Word documents say this alike. None of it is ever in anything for publication.
"""

from __future__ import annotations

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.findings import select_findings
from improvement_analysis.pages.finding_lists import FindingsList
from improvement_analysis.prose import Prose, nothing
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
    found = select_findings(found, service=team.service, area=team.area, round=dataset.rounds[-1])
    own = found[found["teams"] == team.name]
    if dataset.gradings["authority"].nunique() > 1:
        # A finding does not name its authority, so it is the team's where its form is.
        forms = select_team(dataset.gradings, team)["source"].str.partition(",")[0]
        own = own[own["source"].str.partition(",")[0].isin(forms)]
    return (own if kind is None else own[own["kind"] == kind]).reset_index(drop=True)


def _latest(dataset: Dataset, table: pd.DataFrame, team: Team) -> pd.DataFrame:
    """The team's rows of the latest round."""
    own = select_team(table, team)
    return own[own["round"].astype(object) == dataset.rounds[-1]].reset_index(drop=True)


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
    """Every grade that the team was given in the latest round, by whom, and why.

    Where gradings are agreed or moderated in this dataset, those that are not say so.
    """
    if team is None:
        return nothing("No reasons: the gradings name no team.")
    own = _latest(dataset, dataset.gradings, team)
    own = own.iloc[own["domain"].cat.codes.argsort(kind="stable")]
    about = dataset.about
    settled = own["stage"].astype(object).isin(SETTLING)
    frame = pd.DataFrame(
        {
            "Quality domain": [about.short_labels[str(domain)] for domain in own["domain"]],
            "Grade": [
                about.scale.name(grade) if isinstance(grade, str) else str(reason or NO_JUDGEMENT)
                for grade, reason in zip(own["grade"].astype(object), own["ungraded_reason"], strict=True)
            ],
            "Given by": _givers(dataset, team, own),
            "Reasons": _reasons(own),
        }
    )
    if frame["Given by"].eq("").all():
        frame = frame.drop(columns="Given by")
    note = (
        "" if settled.any() or not _moderates(dataset) else "No grade of this visit was agreed or moderated."
    )
    caption = f"Grades of {team.name} in {dataset.rounds[-1]}, and why they were given"
    return frame_table(frame, caption=caption, note=note or None, about=about)


def _moderates(dataset: Dataset) -> bool:
    return bool(dataset.gradings["stage"].astype(object).isin(SETTLING).any())


def _givers(dataset: Dataset, team: Team, own: pd.DataFrame) -> list[str]:
    """Who gave each grade; which of several stands, and which is not moderated where others are."""
    standing = _latest(dataset, dataset.standing(), team).astype(object).set_index("domain")
    several = own.groupby("domain", observed=True)["domain"].transform("size") > 1
    moderates, words = _moderates(dataset), []
    for row, beside in zip(own.astype(object).to_dict("records"), several, strict=True):
        stands = all(row[column] == standing.loc[row["domain"], column] for column in ("grader", "stage"))
        told = [row["grader"]] if isinstance(row["grader"], str) else []
        if beside and stands:
            told.append("stands")
        elif moderates and not beside and row["stage"] not in SETTLING:
            told.append("not moderated")
        words.append(", ".join(told))
    return words


def _reasons(own: pd.DataFrame) -> list[str]:
    """The reasons; of a first grading without any, who fills them in."""
    if "reasons" not in own:
        return [FILLED_IN_BY["reasons"]] * len(own)
    first = ~own.duplicated("domain")
    given = own.groupby("domain", observed=True)["reasons"].transform(lambda texts: texts.notna().any())
    return [
        text if isinstance(text, str) else FILLED_IN_BY["reasons"] if blank else ""
        for text, blank in zip(own["reasons"].astype(object), first & ~given.astype(bool), strict=True)
    ]


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
