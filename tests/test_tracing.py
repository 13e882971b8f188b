"""From a finding over recommendation, action and measure to the next grade, and back."""

import re

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import charts, pages
from improvement_analysis.comparison import count_trace
from improvement_analysis.errors import SourceError

GRADINGS = """
    service      | team   | round   | visit_date | domain     | grade
    Safeguarding | Team A | 2023-24 | 2023-05-02 | practice   | I
    Safeguarding | Team A | 2023-24 | 2023-05-02 | monitoring | RI
    Safeguarding | Team B | 2023-24 | 2023-05-03 | practice   | RI
    Safeguarding | Team A | 2024-25 | 2024-05-02 | practice   | RI
    Safeguarding | Team A | 2024-25 | 2024-05-02 | monitoring | RI
"""
FINDINGS = """
    id | kind           | theme | domains    | services     | text                      | teams  | round   | answers
    v1 | vulnerability  | files | practice   | Safeguarding | Plans are out of date.    | Team A | 2023-24 |
    r1 | recommendation | files | practice   | Safeguarding | Rewrite the oldest plans. | Team A | 2023-24 | v1
    r2 | recommendation | staff | monitoring | Safeguarding | Supervise every month.    | Team A | 2023-24 |
    r3 | recommendation | files | practice   | Safeguarding | Hear <b>children</b>.     | Team B | 2023-24 |
"""  # noqa: E501 (drawn as on paper)
ACTIONS = """
    service      | team   | round   | visit_date | number | action            | domain     | due        | measure        | answers | closed_on  | quarter    | status      | outcome
    Safeguarding | Team A | 2023-24 | 2023-05-02 | 1      | Rewrite ten plans | practice   | 2023-12-31 | Ten plans read | r1      | 2023-11-30 | 2023-24 Q2 | in progress | Four done
    Safeguarding | Team A | 2023-24 | 2023-05-02 | 1      | Rewrite ten plans | practice   | 2023-12-31 | Ten plans read | r1      | 2023-11-30 | 2023-24 Q3 | closed      | All done
    Safeguarding | Team A | 2023-24 | 2023-05-02 | 2      | Diary for all     | monitoring | 2024-03-31 |                | r2; r1  |            | 2023-24 Q3 | in progress |
    Safeguarding | Team A | 2023-24 | 2023-05-02 | 3      | Tidy the office   |            | 2024-03-31 |                |         |            |            |             |
"""  # noqa: E501 (drawn as on paper)
ABOUT = """
title = "Made up"
illustrative = true
authority = "Anyshire"
[[files]]
name = "gradings.csv"
kind = "gradings"
[[files]]
name = "findings.csv"
kind = "findings"
[[files]]
name = "actions.csv"
kind = "actions"
"""


@pytest.fixture(scope="module")
def write(table, tmp_path_factory):
    def written(actions=ACTIONS, findings=FINDINGS):
        home = tmp_path_factory.mktemp("traced") / "traced"
        home.mkdir()
        (home / "source.toml").write_text(ABOUT, encoding="utf-8")
        table(GRADINGS).to_csv(home / "gradings.csv", index=False)
        table(findings).assign(areas=None, page=None).to_csv(home / "findings.csv", index=False)
        table(actions).to_csv(home / "actions.csv", index=False)
        return home

    return written


@pytest.fixture(scope="module")
def traced(write):
    return ia.load(write())


def test_one_frame_leads_from_finding_to_next_grade(traced):
    frame = ia.trace(traced)
    shown = ["finding", "recommendation", "number", "quarter", "status", "stands"]
    shown += ["grade", "next_grade", "moved"]
    assert frame[shown].astype(object).where(frame[shown].notna(), None).to_numpy().tolist() == [
        [None, "r3", None, None, None, "no action", "RI", None, None],
        ["v1", "r1", 1, "2023-24 Q2", "in progress", "closed", "I", "RI", "up"],
        ["v1", "r1", 1, "2023-24 Q3", "closed", "closed", "I", "RI", "up"],
        ["v1", "r1", 2, "2023-24 Q3", "in progress", "in progress", "I", "RI", "up"],
        [None, "r2", 2, "2023-24 Q3", "in progress", "in progress", "RI", "RI", "not moved"],
        [None, None, 3, None, None, "not reported", None, None, None],
    ]
    assert frame["authority"].tolist() == ["Anyshire"] * 6
    assert frame["measure"].tolist()[1] == "Ten plans read"
    assert frame.attrs["illustrative"]


def test_what_was_not_known_on_a_day_is_left_out(traced):
    frame = ia.trace(traced, pd.Timestamp("2023-10-31").date())
    assert frame[["recommendation", "stands"]].dropna().to_numpy().tolist() == [
        ["r3", "no action"],
        ["r1", "in progress"],
        ["r1", "not reported"],
        ["r2", "not reported"],
    ]
    assert frame["next_grade"].isna().all()


def test_counts_take_a_recommendation_as_far_as_its_slowest_action(traced):
    held = count_trace(ia.trace(traced)).stack()
    assert held[held > 0].to_dict() == {
        ("up", "in progress"): 1,
        ("not moved", "in progress"): 1,
        ("not known yet", "no action"): 1,
    }


def test_the_page_puts_first_what_nobody_answers(traced):
    assert pages.brief_trace(traced).items == (
        "1 of 3 recommendations is answered by no action on 31 December 2023.",
        "Of the 2 that are answered: 2 in progress.",
        "No recommendation was closed and its domain graded again.",
    )
    assert pages.list_unanswered(traced).frame["Id"].tolist() == ["r3"]
    later = pages.brief_trace(traced, "2024-12-31").items
    assert later[0].startswith("1 of 3 recommendations is answered by no action on 31 December 2024")
    chart = charts.trace_grid(pages.count_traced(traced), about=traced.about)
    assert chart.title == "1 of 3 recommendations is answered by no action, none were closed and graded again"
    assert "up: 0 no action" in chart.alt_text
    assert chart.table.frame["Recommendations"].astype(int).sum() == 3


def test_from_a_recommendation_one_walks_to_action_and_next_grade_and_back(traced):
    html = pages.follow_trace(traced, "2024-12-31").html
    places = re.findall(r'id="([^"]+)"', html)
    links = re.findall(r'href="#([^"]+)"', html)
    assert len(places) == len(set(places))
    assert set(links) <= set(places)
    assert {"rec-r1-action-1", "rec-r1-next", "rec-r1"} <= set(links)
    assert "To know that it worked: Ten plans read. Now closed on 30 November 2023" in html
    assert "Inadequate in 2023-24; next grade: Requires improvement in 2024-25 (up)." in html
    assert "<b>" not in html
    team = pages.choose_team(traced, "Team A")
    assert '<a href="../trace.html#rec-r2">' in pages.follow_trace(traced, None, team).html


def test_an_answer_to_nothing_is_told_and_one_to_several_refused(write):
    problems = [str(problem) for problem in ia.load(write(ACTIONS.replace("r2; r1", "r9"))).problems]
    assert (
        "actions.csv, row 4: found an action that answers 'r9', the id of no finding, expected the id of one "
        "finding; did you mean 'r1'? it answers nothing until then"
    ) in problems
    with pytest.raises(SourceError, match="an action that answers 'r1', the id of several, expected the id"):
        ia.load(write(findings=FINDINGS.replace("r3 |", "r1 |")))
