"""Word documents for one team: the summary report after its visit, and the note for the end of the day."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from improvement_analysis.dataset import Dataset
from improvement_analysis.exports.document_parts import Paper
from improvement_analysis.exports.marking import mark
from improvement_analysis.exports.office import need_library
from improvement_analysis.exports.packing import Properties, pack
from improvement_analysis.pages import (
    FILLED_IN_BY,
    TITLES,
    Prose,
    Team,
    brief_team,
    caveats,
    find_own,
    list_grounds,
    list_reasons,
    list_team_actions,
    name_graders,
    source_note,
)
from improvement_analysis.tables import Table

__all__ = ["note_bytes", "report_bytes"]

#: Findings of a kind that the note for the day has room for.
_IN_NOTE = 3

_BLANK = "." * 80

#: What is filled in by hand on the note for the day, and by whom.
_BY_HAND = (
    ("What the team says to this", "the team's manager"),
    ("What is done first, by whom and when", "the team's manager with the graders"),
    ("The summary report will follow by", "the graders"),
)


def report_bytes(dataset: Dataset, team: Team) -> bytes:
    """The summary report of one team for Word, to be edited and sent: the same dataset gives the same bytes.

    What is good; what must change; grades with reasons; recommendations; actions with dates; what the grades
    rest on. A part that is blank says who fills it in.

    Raises
    ------
    ReportError
        If python-docx is not installed.

    Examples
    --------
    >>> from improvement_analysis import load
    >>> from improvement_analysis.pages import choose_team
    >>> ds = load("example-team-forms")
    >>> team = choose_team(ds, "Team D")
    >>> report_bytes(ds, team) == report_bytes(ds, team)
    True
    """
    paper, title = _begin(dataset, team, "Summary report")
    brief = brief_team(dataset, team)
    paper.bullets(list(dict.fromkeys([*brief.items, *name_graders(dataset, team).items])))
    _add_findings(paper, dataset, team, "strength")
    _add_findings(paper, dataset, team, "vulnerability")
    paper.heading("Grades, and why")
    _add_table(paper, list_reasons(dataset, team), (3.4, 2.6, 2.6, 6.4))
    _add_findings(paper, dataset, team, "recommendation")
    paper.heading("What the team will do")
    _add_actions(paper, list_team_actions(dataset, team))
    paper.heading("What the grades rest on")
    _add_table(paper, list_grounds(dataset, team), (3, 2, 6.5, 3.5))
    paper.heading("What to know about these figures")
    paper.bullets(caveats(dataset, team.service).items)
    paper.heading("Source")
    note = source_note(dataset)
    for term, text in zip(note.terms, note.items, strict=True):
        paper.term(term, text)
    return _finish(paper, dataset, title)


def note_bytes(dataset: Dataset, team: Team) -> bytes:
    """The note for the end of the day at one team, for Word: one page, with room to write.

    Raises
    ------
    ReportError
        If python-docx is not installed.
    """
    paper, title = _begin(dataset, team, "Feedback note")
    paper.bullets([brief_team(dataset, team).items[0], *name_graders(dataset, team).items])
    _add_findings(paper, dataset, team, "strength", most=_IN_NOTE)
    _add_findings(paper, dataset, team, "vulnerability", most=_IN_NOTE)
    _add_findings(paper, dataset, team, "recommendation", most=_IN_NOTE)
    for heading, role in _BY_HAND:
        paper.heading(heading, 2)
        paper.paragraph(f"To be filled in by {role}: {_BLANK}")
    paper.paragraph("Grades and their reasons stand in the summary report, once they are settled.")
    return _finish(paper, dataset, title)


def _begin(dataset: Dataset, team: Team, kind: str) -> tuple[Paper, str]:
    need_library("docx", "python-docx", "a Word document")
    marking = mark(dataset)
    where = ", ".join(name for name in (team.service, team.area, dataset.rounds[-1]) if name)
    paper = Paper(marking.status, f"{kind} for {team.name}, {where}")
    paper.title(f"{kind}: {team.name}", where)
    paper.mark(marking.status)
    return paper, f"{kind}: {team.name}, {where}"


def _finish(paper: Paper, dataset: Dataset, title: str) -> bytes:
    return pack(paper.save(), Properties(title, dataset.about.title, mark(dataset).status))


def _add_findings(paper: Paper, dataset: Dataset, team: Team, kind: str, *, most: int | None = None) -> None:
    paper.heading(TITLES[kind], 1 if most is None else 2)
    found = find_own(dataset, team, kind)
    if found.empty:
        paper.paragraph(FILLED_IN_BY[kind])
    rows = list(zip(found["text"], found["theme"], strict=True))
    paper.bullets([f"{text} [{theme}]" for text, theme in rows[:most]])
    if most is not None and len(rows) > most:
        paper.paragraph(f"{len(rows) - most} more stand in the summary report.")


def _add_table(paper: Paper, listed: Table | Prose, widths: Sequence[float] = ()) -> None:
    """A table of a page, or the sentence that stands in its place."""
    if not isinstance(listed, Table):
        for item in listed.items:
            paper.paragraph(item)
        return
    _add_frame(paper, listed.frame, widths, listed.caption)


def _add_frame(paper: Paper, frame: pd.DataFrame, widths: Sequence[float], caption: str) -> None:
    if len(widths) != len(frame.columns):
        widths = [1.0] * len(frame.columns)
    rows = [list(map(str, frame.columns)), *frame.astype(str).to_numpy().tolist()]
    paper.table(rows, widths, f"{caption}.")


def _add_actions(paper: Paper, listed: Table | Prose) -> None:
    """The actions, with fewer and wider columns than on a page."""
    if not isinstance(listed, Table):
        _add_table(paper, listed)
        return
    cells = listed.frame
    closed = cells["Closed on"].where(cells["Closed on"] == "", ". Closed on " + cells["Closed on"])
    for_domain = cells["Quality domain"].where(
        cells["Quality domain"] == "", " [" + cells["Quality domain"] + "]"
    )
    frame = pd.DataFrame(
        {
            "Visit, No.": cells["Visit"] + ", " + cells["No."].astype(str),
            "What will be done": cells["What will be done"] + for_domain,
            "Who (role)": cells["Who (role)"],
            "By when": cells["By when"],
            "How we will know it worked": cells["How we will know it worked"],
            "Reported": cells["Reported"] + closed,
        }
    )
    _add_frame(paper, frame, (1.6, 4, 2, 2.2, 3.2, 4), listed.caption)
