"""The packs for meetings: what they say and list, typed by hand from the published page and small tables."""

from __future__ import annotations

import ast
import re
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import pages
from improvement_analysis.actions import as_actions, list_overdue
from improvement_analysis.errors import GradingsError

TEAMS = """
    service | area  | team   | round   | visit_date | domain     | grade  | source
    S       | North | Team A | 2018-19 | 2018-09-03 | practice   | I      | 1
    S       | North | Team B | 2018-19 | 2018-09-04 | practice   | G      | 2
    S       | South | Team C | 2018-19 | 2018-09-05 | practice   | G / RI | 3
    S       | North | Team A | 2018-19 | 2018-09-03 | monitoring | G      | 4
    S       | North | Team B | 2018-19 | 2018-09-04 | monitoring |        | 5
    S       | South | Team C | 2018-19 | 2018-09-05 | monitoring | I      | 6
    S       | North | Team A | 2018-19 | 2018-09-03 | overall    | RI     | 7
    S       | North | Team B | 2018-19 | 2018-09-04 | overall    | RI     | 8
    S       | South | Team C | 2018-19 | 2018-09-05 | overall    | RI     | 9
    S       | North | Team A | 2017-18 | 2017-09-03 | practice   | RI     | 10
    S       | North | Team A | 2017-18 | 2017-09-03 | monitoring | I      | 11
    T       | North | Team A | 2018-19 | 2018-09-06 | practice   | RI     | 12
"""
PLANS = """
    service | area  | team   | round   | visit_date | number | domain     | due        | closed_on  | quarter    | status
    S       | North | Team A | 2017-18 | 2017-09-03 | 1      | monitoring | 2018-01-31 | 2018-02-15 | 2017-18 Q4 | closed
    S       | North | Team A | 2017-18 | 2017-09-03 | 2      | practice   | 2018-02-28 |            | 2017-18 Q4 | in progress
    S       | North | Team A | 2017-18 | 2017-09-03 | 3      |            | 2018-06-30 |            | 2017-18 Q4 | not started
    S       | North | Team A | 2017-18 | 2017-09-03 | 4      |            |            |            |            |
    S       | North | Team A | 2018-19 | 2018-09-03 | 1      | practice   | 2018-12-31 |            | 2018-19 Q3 | stopped
"""  # noqa: E501 (drawn as on paper)
FINDINGS = """
    id | kind          | theme | domains    | services | areas | text                      | page | source | teams  | round
    1  | vulnerability | x     | practice   | S        | North | Files are late.           |      | a      | Team A | 2018-19
    2  | vulnerability | x     | monitoring | S        | South | Supervision is put off.   |      | b      | Team C | 2018-19
    3  | vulnerability | x     | practice   | S        | North | Files are late.           |      | c      | Team B | 2018-19
    4  | strength      | x     |            | S        | North | team a knows its figures. |      | d      | Team A | 2018-19
    5  | strength      | x     |            | S        | North | Long gone.                |      | e      | Team A | 2017-18
"""  # noqa: E501


@pytest.fixture
def forms(ds, table):
    """A dataset of named teams with actions and findings."""
    plans = table(PLANS).assign(action="x", source="s")
    return replace(
        ds,
        gradings=ia.as_gradings(table(TEAMS)),
        actions=as_actions(plans.assign(number=plans["number"].astype(int))),
        findings=table(FINDINGS)
        .astype("str")
        .replace("None", None)
        .assign(page=pd.array([None] * 5, "Int64")),
        published=ds.published.iloc[:0],
        statements=ds.statements.iloc[:0],
    )


@pytest.fixture(scope="module")
def example(root):
    return ia.load(root / "data" / "raw" / "example-team-forms")


def cells(table):
    return table.frame.to_numpy().tolist()


class TestReview:
    def test_the_published_review_says_what_is_low_and_what_is_not_known(self, ds):
        assert pages.brief_qprm(ds).items[-3:] == (
            "14 of 92 judged gradings are inadequate or split: 11 at inadequate, 3 at RI / I. "
            "Each is listed below.",
            "This dataset holds the round 2017-18 only, so no change can be told.",
            "This dataset holds no action plan, so nothing can be said of actions.",
        )

    def test_the_day_that_actions_are_judged_by_is_said(self, forms):
        said = "2 of 3 open actions were overdue on 31 December 2018."
        said += " 1 action had no day to be done by. That is the last day that they are reported up to."
        assert pages.brief_qprm(forms).items[-1] == said
        asked = pages.brief_qprm(forms, as_of="2018-02-01").items[-1]
        assert (
            asked == "1 of 4 open actions was overdue on 1 February 2018. 1 action had no day to be done by."
        )

    def test_every_inadequate_or_split_grading_is_listed_with_its_source(self, ds):
        table = pages.list_low_gradings(ds).frame
        places = table.pop("Where it stands").str.removeprefix("summary_tables.csv, ").tolist()
        assert places[:3] == ["row 7 (page 6)", "row 9 (page 6)", "row 11 (page 6)"]
        assert places[3:] == ["row 13 (page 7)", "row 14 (page 7)", "row 19 (page 7)"]
        headlines = table.pop("Published headline").tolist()
        assert table.to_numpy().tolist() == [
            ["Inadequate", "Safeguarding", "Case allocation and workload", "3"],
            ["Inadequate", "Safeguarding", "Performance monitoring", "4"],
            ["Inadequate", "Safeguarding", "Overall conclusion", "2"],
            ["Inadequate", "LAC Permanency", "Practice and direct work", "2"],
            ["Requires improvement / Inadequate", "LAC Permanency", "Performance monitoring", "1"],
            ["Requires improvement / Inadequate", "Care Leaving", "Performance monitoring", "2"],
        ]  # fmt: skip
        assert headlines[3:] == [
            "Inadequate", "Requires improvement", "Requires improvement / Inadequate"
        ]  # fmt: skip

    def test_named_teams_are_listed_one_by_one_worst_first(self, forms):
        assert [row[:4] for row in cells(pages.list_low_gradings(forms))] == [
            ["Inadequate", "S", "North", "Team A"],
            ["Inadequate", "S", "South", "Team C"],
            ["Good / Requires improvement", "S", "South", "Team C"],
        ]

    def test_where_nothing_is_low_it_says_so(self, ds):
        fine = replace(ds, gradings=ds.gradings[ds.gradings["grade"] == "G"])
        assert str(pages.list_low_gradings(fine)) == "- No grading is inadequate or split."
        assert "None of 3 judged gradings is inadequate or split." in pages.brief_qprm(fine).items

    def test_change_is_counted_in_teams(self, forms, ds):
        assert cells(pages.list_round_changes(forms))[:2] == [
            ["Practice and direct work", "1 x RI", "1 x I, 1 x RI, 1 x G / RI, 1 x G", "1", "0", "0", "1"],
            ["Performance monitoring", "1 x I", "1 x I, 1 x G, 1 x no judgement", "1", "1", "0", "0"],
        ]
        assert "holds the round 2017-18 only" in str(pages.list_round_changes(ds))


class TestWorkshop:
    def test_weakest_and_strongest_are_named(self, ds):
        said = pages.brief_workshop(ds, "Safeguarding").items
        assert "Performance monitoring has the most low gradings: 4 of 9 at inadequate." in said
        assert "Case allocation and workload has the most gradings at good or better: 1 of 9." in said
        assert said[-1] == (
            "No team is named. In 1 of 4 domains all teams hold one grade, so each team's is told all "
            "the same."
        )

    def test_ties_are_said(self, forms):
        said = pages.brief_workshop(forms, "S").items
        names = "Practice and direct work and Performance monitoring have equally many"
        assert f"{names} low gradings: 1 of 2 at inadequate and 1 of 3 at inadequate." in said
        assert f"{names} gradings at good or better: 1 of 3 and 1 of 2." in said

    def test_where_nothing_is_good_no_domain_is_strongest(self, ds):
        said = pages.brief_workshop(ds, "Care Leaving").items
        assert "No grading in any domain is good or better, so no domain stands out as strongest." in said
        assert said[-1].endswith("Of two teams, each can work out the other's grades.")

    def test_one_team_is_told_to_be_known(self, forms):
        assert pages.brief_workshop(forms, "T").items[-1] == "One team was graded, so these are its grades."

    def test_prompts_come_from_the_findings_with_the_weakest_domain_first(self, ds):
        prompts = pages.list_prompts(ds, "Safeguarding", crossing=True)
        first = prompts.frame[prompts.frame["kind"] == "vulnerability"].iloc[0]
        assert first["text"] == "Auditing, and what is learnt from it, is not strong enough."
        assert first["said"] == "page 5"
        assert set(prompts.frame["text"]) <= set(ds.findings["text"])
        assert len(pages.list_prompts(ds, "Safeguarding").frame) == 3
        assert "no finding about Children with Disabilities by name" in str(
            pages.list_prompts(ds, "Children with Disabilities")
        )

    def test_a_finding_of_several_teams_stands_once_and_names_none(self, forms):
        prompts = pages.list_prompts(forms, "S")
        assert prompts.frame.to_numpy().tolist() == [
            ["vulnerability", "Files are late.", "x", "2 of 3 teams"],
            ["vulnerability", "Supervision is put off.", "x", "1 of 3 teams"],
        ]
        assert prompts.left_out == 1
        assert "1 finding names a team and is left out." in prompts.html
        assert "Long gone" not in prompts.html

    @pytest.mark.parametrize("kind", ["html", "csv"])
    def test_no_team_and_no_form_is_named_in_a_workshop(self, example, kind):
        for service in example.services:
            shown = pages.list_prompts(example, service)
            told = shown.html if kind == "html" else shown.table.csv
            assert not re.search(
                r"\bteam [a-z]\b|xlsx", told + str(pages.brief_workshop(example, service)), re.I
            )

    def test_made_up_prompts_say_so(self, example):
        shown = pages.list_prompts(example, "Safeguarding")
        assert "Illustrative findings, made up." in shown.html
        assert "ILLUSTRATIVE DATA" in shown.table.html

    def test_an_unknown_service_is_refused(self, ds):
        with pytest.raises(GradingsError, match="did you mean 'Safeguarding'"):
            pages.list_prompts(ds, "Safegarding")


class TestTeam:
    def test_own_grades_stand_beside_the_tally_of_the_service(self, forms):
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

    def test_what_it_says_is_no_ranking(self, forms):
        said = pages.brief_team(forms, pages.choose_team(forms, "Team A", "S"))
        assert said.items == (
            "Team A, S, North: visited on 3 September 2018 in the round 2018-19.",
            "Overall conclusion: requires improvement. It was given as a grade of its own, not made from the "
            "domains.",
            "Since 2017-18: up in Performance monitoring; down in Practice and direct work; no grade on one "
            "side in Overall conclusion.",
            "Beside each grade stands the tally of the service's 3 teams, this one included. The teams "
            "differ in their work; the tally puts none of them in a place.",
        )
        assert not re.search(r"average|best|worst|rank", str(said))

    def test_a_new_team_and_a_lone_one_say_so(self, forms):
        alone = pages.brief_team(forms, pages.choose_team(forms, "Team A", "T")).items
        assert alone[1:] == (
            "The team was not graded in an earlier round, so no change can be told.",
            "It is the only team of its service that was graded, so there is nothing to set beside it.",
        )

    def test_only_its_own_findings_and_actions(self, forms):
        team = pages.choose_team(forms, "Team A", "S")
        found = pages.list_team_findings(forms, team).frame
        assert found["text"].tolist() == ["Files are late.", "team a knows its figures."]
        assert len(pages.list_team_actions(forms, team).frame) == 5
        other = pages.choose_team(forms, "Team A", "T")
        assert "no action" in str(pages.list_team_actions(forms, other))
        assert "no finding" in str(pages.list_team_findings(forms, other))

    def test_a_name_that_two_services_share_is_asked_about(self, forms, ds):
        with pytest.raises(GradingsError) as caught:
            pages.choose_team(forms, "Team A")
        assert str(caught.value) == (
            "several teams are called 'Team A': S in North; T in North; name the service and the area too"
        )
        with pytest.raises(GradingsError, match="no gradings for team 'Team X'"):
            pages.choose_team(forms, "Team X")
        assert pages.choose_team(ds, "Team A") is None

    def test_the_chart_says_whose_grade_is_whose_and_who_may_see_it(self, forms):
        team = pages.choose_team(forms, "Team B")
        assert pages.label_own_grades(forms, team)["monitoring"] == (
            "Performance monitoring (this team: no judgement)"
        )
        assert pages.describe_team_chart(team).startswith("NOT FOR PUBLICATION: tells the grades of Team B.")


class TestActions:
    def test_how_they_stand_on_a_day(self, forms):
        assert pages.brief_actions(forms, "2018-04-01").items == (
            "4 actions of 1 team, as they stood on 1 April 2018.",
            "Of these 1 closed, 1 in progress, 1 not started, 1 not reported on yet.",
            "1 of 3 open actions was overdue on 1 April 2018. 1 action had no day to be done by.",
            "None of 1 closed by the day set for it.",
            "No team had been visited twice by then, so no grades stand on both sides of an action.",
        )

    def test_the_day_is_by_default_the_last_that_is_reported_up_to(self, forms):
        said = pages.brief_actions(forms).items
        assert said[0] == (
            "5 actions of 1 team, as they stood on 31 December 2018, the last day that they are reported "
            "up to."
        )
        assert said[-1].startswith(
            "In 1 domain of a team, an action was closed before the next visit and a grade given on both: 1 "
            "of 1 went up, 0 did not move, 0 went down. That tells what came after what, and leaves the "
            "reason open: "
        )

    def test_what_is_no_day_is_refused(self, forms):
        with pytest.raises(GradingsError, match=r"as_of: '31\.3\.19' is no day; write it as 2019-03-31"):
            pages.choose_day(forms, "31.3.19")

    def test_overdue_actions_are_listed_most_overdue_first(self, forms):
        table = pages.list_overdue_actions(forms, "2018-07-10")
        assert table.caption == "Actions overdue on 10 July 2018"
        assert table.frame[["No.", "Days overdue"]].to_numpy().tolist() == [["2", "132"], ["3", "10"]]
        assert str(pages.list_overdue_actions(forms, "2018-01-10")) == (
            "- No action was overdue on 10 January 2018."
        )

    @pytest.mark.parametrize("on", ["2018-01-31", "2018-02-01", "2018-02-28", "2018-03-01", "2019-03-31"])
    def test_overdue_is_what_the_table_of_actions_calls_so(self, forms, on):
        """On the day that an action is due it is not overdue yet."""
        day = date.fromisoformat(on)
        late = pages.stand_actions(forms, day).dropna(subset="days_overdue")
        expected = list_overdue(forms.actions, day)
        assert sorted(late["number"]) == sorted(expected["number"])
        assert sorted(late["days_overdue"]) == sorted(expected["days_overdue"])

    def test_closed_is_told_on_time_or_late(self, forms):
        assert cells(pages.list_closed_actions(forms)) == [["S", "5", "1", "0", "1", "0"]]

    def test_grades_before_and_after_stand_beside_what_was_closed(self, forms):
        assert cells(pages.list_followed(forms)) == [
            ["An action was closed before the next visit", "1", "0", "0", "0", "1"],
            ["Actions were planned, none closed by then", "0", "0", "1", "0", "1"],
        ]
        assert cells(pages.list_followed_domains(forms)) == [
            ["S", "Team A", "Practice and direct work", "0 of 1", "2017-18", "Requires improvement",
             "2018-19", "Inadequate"],
            ["S", "Team A", "Performance monitoring", "1 of 1", "2017-18", "Inadequate", "2018-19", "Good"],
        ]  # fmt: skip

    def test_without_actions_every_table_says_so(self, ds):
        shown = [pages.list_overdue_actions, pages.list_closed_actions, pages.list_followed]
        assert {str(each(ds)) for each in shown} == {"- This dataset holds no action plan."}


PACK_WORDS = [
    "significant",
    "the same",
    "percent",
    "%",
    "mean grade",
    "average",
    "below the",
    "because",
    "led to",
]
PACK_WORDS += ["caused", "thanks to", "impact", "effect"]


def test_no_pack_overclaims_or_names_a_cause(ds, forms, example):
    told = []
    for each in (ds, forms, example):
        told += [pages.brief_qprm(each), pages.brief_actions(each)]
        told += [pages.brief_workshop(each, service) for service in each.services]
    told += [pages.brief_team(example, pages.choose_team(example, f"Team {letter}")) for letter in "ADT"]
    said = " ".join(map(str, told)).replace("all the same", "").casefold()
    assert [word for word in PACK_WORDS if word in said] == []


def test_nothing_asks_the_clock(root):
    for room in ("actions", "briefing", "listings", "charts", "comparison"):
        for path in (root / "improvement_analysis" / room).rglob("*.py"):
            names = {
                node.attr
                for node in ast.walk(ast.parse(path.read_text("utf-8")))
                if isinstance(node, ast.Attribute)
            }
            assert not names & {"today", "now", "utcnow"}, path.name
