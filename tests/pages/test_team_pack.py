"""The page of one team, typed by hand for small tables."""

import re
from dataclasses import replace

import pytest

import improvement_analysis as ia
from improvement_analysis import pages
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import as_gradings


def cells(table):
    return table.frame.to_numpy().tolist()


def test_own_grades_stand_beside_the_tally_of_the_service(forms):
    team = pages.choose_team(forms, "Team A", "S")
    table = pages.list_team_grades(forms, team)
    assert table.frame.columns.tolist() == [
        "Quality domain", "This team in 2017-18", "This team in 2018-19",
        "Teams of the service in 2018-19", "Judged",
    ]  # fmt: skip
    assert cells(table) == [
        [
            "Practice and direct work",
            "Requires improvement",
            "Inadequate",
            "1 x I, 1 x G / RI, 1 x G",
            "3",
        ],
        ["Performance monitoring", "Inadequate", "Good", "1 x I, 1 x G, 1 x no judgement", "2"],
        ["Overall conclusion", "not graded", "Requires improvement", "3 x RI", "3"],
    ]


def test_what_it_says_is_no_ranking(forms):
    said = pages.brief_team(forms, pages.choose_team(forms, "Team A", "S"))
    assert said.items == (
        "Team A, S, North: visited on 3 September 2018 in the round 2018-19.",
        "Overall conclusion: requires improvement. It was given as a grade of its own, not made from the "
        "domains.",
        "Since 2017-18: up in Performance monitoring. Down in Practice and direct work. No grade on one "
        "side in Overall conclusion.",
    )
    assert said.more == (
        "Beside each grade stands the tally of the service's 3 teams, this one included. The teams do "
        "different work. This is not a ranking.",
    )
    assert not re.search(r"average|best|worst|place", str(said))


def test_a_new_team_and_a_lone_one_say_so(forms):
    alone = pages.brief_team(forms, pages.choose_team(forms, "Team A", "T")).items
    assert alone[1:] == ("The team was not graded in an earlier round, so no change can be shown.",)
    assert pages.brief_team(forms, pages.choose_team(forms, "Team A", "T")).more == (
        "No other team of its service was graded, so there is nothing to compare it with.",
    )


def test_only_its_own_findings_and_actions_and_who_fills_in_what_is_blank(forms):
    team = pages.choose_team(forms, "Team A", "S")
    found = pages.list_team_findings(forms, team, "strength", "vulnerability").frame
    assert found["text"].tolist() == ["Files are late.", "team a knows its figures."]
    actions = pages.list_team_actions(forms, team).frame
    assert len(actions) == 5
    assert actions["Reported"].tolist()[:4] == [
        "2017-18 Q4 closed", "2017-18 Q4 in progress", "2017-18 Q4 not started", "nothing yet"
    ]  # fmt: skip
    other = pages.choose_team(forms, "Team A", "T")
    blank = [pages.list_team_findings(forms, other, kind).html for kind in ("strength", "vulnerability")]
    blank += [pages.list_grounds(forms, other).html, pages.name_graders(forms, other).html]
    blank += [pages.list_reasons(forms, other).html, pages.list_team_actions(forms, other).html]
    assert [text for text in blank if not re.search(r"fill(s|ed)? (it |them )?in", text)] == []


def test_each_grade_stands_with_its_reasons_and_what_others_gave(forms, table):
    rows = table("""
        service | area  | team   | round   | domain     | grade | grader  | stage     | reasons    | source
        S       | North | Team A | 2018-19 | practice   | I     | auditor | first     | Late.      | 1
        S       | North | Team A | 2018-19 | practice   | G     | peer    | second    | In time.   | 2
        S       | North | Team A | 2018-19 | practice   | RI    | panel   | moderated | Half late. | 3
        S       | North | Team A | 2018-19 | monitoring | I     | auditor | first     | No notes.  | 4
        S       | North | Team A | 2018-19 | monitoring | G     | peer    | second    |            | 5
        S       | North | Team A | 2018-19 | overall    | RI    | auditor | first     |            | 6
    """)
    moderated = replace(forms, gradings=ia.as_gradings(rows))
    team = pages.choose_team(moderated, "Team A")
    assert cells(pages.list_reasons(moderated, team)) == [
        [
            "Practice and direct work", "Requires improvement",
            "auditor: Inadequate; peer: Good; panel", "auditor: Late. peer: In time. panel: Half late.",
        ],
        [
            "Performance monitoring", "graders differ: I, G; not agreed",
            "auditor: Inadequate; peer: Good; not moderated", "No notes.",
        ],
        [
            "Overall conclusion", "Requires improvement", "auditor; not moderated",
            "none given yet, for the grader to fill in",
        ],
    ]  # fmt: skip


def test_a_name_that_two_services_share_is_asked_about(forms, ds):
    with pytest.raises(GradingsError) as caught:
        pages.choose_team(forms, "Team A")
    assert str(caught.value) == (
        "several teams are called 'Team A': S in North; T in North; name the service and the area too"
    )
    with pytest.raises(GradingsError, match="no gradings for team 'Team X'"):
        pages.choose_team(forms, "Team X")
    assert pages.choose_team(ds, "Team A") is None


def test_the_chart_says_whose_grade_is_whose_and_who_may_see_it(forms):
    team = pages.choose_team(forms, "Team B")
    assert pages.label_own_grades(forms, team)["monitoring"] == (
        "Performance monitoring (this team: no judgement)"
    )
    assert pages.describe_team_chart(team).startswith("NOT FOR PUBLICATION: tells the grades of Team B.")


def test_a_grade_that_graders_left_open_is_told_and_a_round_is_not_needed(forms, table):
    rows = table(
        """
        service | team | domain   | grade | grader | source
        S       | A    | overall  | I     | panel  | s
        S       | A    | overall  | O     | peer   | s
        S       | A    | practice | G     | panel  | s
    """.replace(" ", "")
    )
    ds = replace(forms, gradings=as_gradings(rows))
    team = pages.choose_team(ds, "A")
    grades = pages.list_team_grades(ds, team)
    assert grades.frame.columns.tolist() == ["Quality domain", "This team", "Teams of the service", "Judged"]
    assert cells(grades) == [
        ["Practice and direct work", "Good", "1 x G", "1"],
        ["Overall conclusion", "open, graders differ: I, O; not agreed", "1 x no judgement", "0"],
    ]
    assert (
        pages.brief_team(ds, team)
        .items[1]
        .startswith("Overall conclusion: open, graders differ: I, O; not agreed. It was given")
    )
    assert pages.label_own_grades(ds, team)["overall"] == "Overall conclusion (this team: open)"
    assert str(pages.list_team_findings(ds, team))
