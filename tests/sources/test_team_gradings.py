"""Team gradings and their visits: what is read, what is told, and what one row cannot show alone."""

from __future__ import annotations

import random
import warnings
from datetime import date, timedelta

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError, SourceWarning
from improvement_analysis.sources import check_path

FILE = '[[files]]\nname = "teams.csv"\nkind = "gradings"\n'


@pytest.fixture
def read(place, make):
    """Read rows under the usual header; give gradings and the warnings told."""

    def reader(rows, header=None, source=None):
        path = place("teams.csv", make.csv([header or make.team_header, *rows]), source)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_gradings(path)
        return frame, [str(each.message) for each in caught]

    return reader


def visit(make, team="Team A", **changes):
    """The five rows of a visit, with some columns changed."""
    places = {name: place for place, name in enumerate(make.team_header)}
    rows = [list(row) for row in make.team_rows([team])[1:]]
    for row in rows:
        for column, text in changes.items():
            row[places[column]] = text
    return rows


def test_a_row_is_a_grading_as_it_stands(read, make):
    rows = visit(make, "Team 007")
    rows[1][-1] = "I / RI"
    rows[2][-1] = "Not inspected"
    found, told = read(rows, source=make.source + FILE)
    assert told == []
    assert found.iloc[1].to_dict() == {
        "authority": "Worcestershire",
        "round": "2017-18",
        "area": "Redditch/Wychavon",
        "service": "Safeguarding",
        "team": "Team 007",
        "visit_date": pd.Timestamp(2017, 9, 4),
        "domain": "practice",
        "grade": "RI / I",
        "ungraded_reason": found["ungraded_reason"].iloc[0],
        "grader": found["grader"].iloc[0],
        "stage": found["stage"].iloc[0],
        "source": "teams.csv, row 3",
    }
    assert found["ungraded_reason"].isna().tolist() == [True, True, False, True, True]
    assert found["ungraded_reason"].iloc[2] == "Not inspected"
    assert pd.isna(found["grade"].iloc[2])
    assert found[["grader", "stage"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "team", ["NA", "007", "None", "1e5", "TRUE", "R-1", "Team, North", 'Team "N"', "Zoë"]
)
def test_a_team_keeps_its_name_whatever_it_looks_like(read, make, team):
    found, told = read(visit(make, team))
    assert (set(found["team"]), told) == ({team}, [])


def test_what_a_file_does_not_say_is_missing_and_not_invented(read, make):
    found, _ = read([row[1:3] + row[5:] for row in visit(make)], ["service", "team", "domain", "grade"])
    assert found[["authority", "round", "area", "visit_date", "grader"]].isna().all(axis=None)


def test_columns_may_be_called_a_little_otherwise(read, make):
    header = ["Area", "SERVICE", "Team:", "Round", "Date of visit", "Quality domain", " grade "]
    found, told = read(visit(make), header)
    assert (len(found), told) == (5, [])
    assert found["visit_date"].notna().all()


def test_a_comment_is_no_part_of_the_gradings(read, make):
    rows = [[*row, "a private remark"] for row in visit(make)]
    found, told = read(rows, [*make.team_header, "comment"])
    assert told == []
    assert "remark" not in found.to_csv()


def test_the_case_of_an_audit_tells_gradings_apart(read, make):
    rows = [[*row, case] for case in ("A-1", "12/03/2024") for row in visit(make)]
    found, told = read(rows, [*make.team_header, "case"])
    assert (len(found), told) == (10, [])
    assert found["case"].value_counts().to_dict() == {"A-1": 5, "12/03/2024": 5}
    with pytest.raises(SourceError, match="allocation again"):
        read([*rows, rows[0]], [*make.team_header, "case"])


@pytest.mark.parametrize(
    "heading", ["Team manager", "Child's name", "Social worker", "E-mail", "Completed by", "Name"]
)
def test_a_column_that_may_name_people_is_dropped_by_name(read, make, heading):
    rows = [[*row, "Alex Example"] for row in visit(make)]
    found, told = read(rows, [*make.team_header, heading])
    assert told == [
        f"teams.csv, row 1, column {heading!r}: found what may be names of people, expected no "
        f"personal data; "
        "it was not read; take it out of the file"
    ]
    assert "Example" not in found.to_csv()


def test_a_column_that_is_not_known_is_told(read, make):
    known = (
        "one of 'service', 'team', 'domain', 'grade', 'authority', 'round', 'area', 'visit_date', 'grader', "
        "'stage', 'case', 'reasons', 'comment', 'page'"
    )
    _, told = read([[*row, "x", ""] for row in visit(make)], [*make.team_header, "comments", ""])
    assert told == [
        f"teams.csv, row 1, column 'comments': found a column that is not known, expected {known}; "
        "did you mean 'comment'? It was not read"
    ]
    _, told = read([[*row, "x"] for row in visit(make)], [*make.team_header, ""])
    assert told == [
        f"teams.csv, row 1, column '(no heading)': found a column that is not known, expected {known}; "
        "it was not read"
    ]


def test_the_order_of_rows_does_not_matter(read, make):
    rows = visit(make, "Team B") + visit(make, "team a") + visit(make, "Team A", area="")
    expected, _ = read(rows)
    found, _ = read(random.Random(1).sample(rows, len(rows)))
    pd.testing.assert_frame_equal(found.drop(columns="source"), expected.drop(columns="source"))
    assert list(dict.fromkeys(found["team"])) == ["team a", "Team B", "Team A"]


def test_declared_names_give_the_order_and_the_spelling(read, make):
    source = (
        make.source
        + FILE
        + '[[services]]\nname = "Zeta"\n[[services]]\nname = "Alpha"\naliases = ["First"]\n'
    )
    found, told = read(visit(make, "T1", service="first") + visit(make, "T2", service="ZETA"), source=source)
    assert list(dict.fromkeys(found["service"])) == ["Zeta", "Alpha"]
    assert told == []


def test_two_graders_of_one_visit_are_two_gradings(read, make):
    rows = [[*row, grader] for grader in ("second grader", "first grader") for row in visit(make)]
    found, told = read(rows, [*make.team_header, "grader"])
    assert (len(found), told) == (10, [])
    assert found["grader"].tolist()[:2] == ["first grader", "second grader"]


def test_one_team_of_two_services_or_areas_is_told_once(read, make):
    _, told = read(visit(make) + visit(make, service="Care Leaving") + visit(make, "Team C"))
    assert told == [
        "teams.csv, row 7, column 'service': found team 'Team A' in service 'Care Leaving', in row 2 in "
        "'Safeguarding', expected one service for a team; two teams of one name need a word "
        "that tells them apart"
    ]
    _, told = read(visit(make)[:3] + visit(make, area="")[3:])
    assert told == [
        "teams.csv, row 2: found team 'Team A' without joint_working, overall, expected every "
        "domain of a visit",
        "teams.csv, row 5: found team 'Team A' without allocation, practice, monitoring, "
        "expected every domain of a visit",
        "teams.csv, row 5, column 'area': found team 'Team A' in area no area, in row 2 in "
        "'Redditch/Wychavon', "
        "expected one area for a team; two teams of one name need a word that tells them apart",
    ]


def test_a_team_may_move_from_one_round_to_the_next(read, make):
    later = visit(make, round="2018-19", area="Worcester/Malvern", visit_date="04/09/2018")
    _, told = read(visit(make) + later)
    assert told == []


def test_domains_that_a_visit_lacks_are_told(read, make):
    _, told = read(visit(make)[:-1] + visit(make, "Team B"))
    assert told == ["teams.csv, row 2: found team 'Team A' without overall, expected every domain of a visit"]


def test_a_domain_that_nobody_has_is_told_once(read, make):
    _, told = read(visit(make)[:-2] + visit(make, "Team B")[:-2])
    assert told == [
        "teams.csv: found no grading of joint_working, overall, expected every domain that is declared"
    ]


@pytest.mark.parametrize(
    ("one", "other"),
    [("Redditch Team", "Reddich Team"), ("Duty Team North", "duty team north"), ("Team-North", "Team North")],
)
def test_names_that_may_be_one_are_told_and_both_kept(read, make, one, other):
    found, told = read(visit(make, one) + visit(make, other))
    first, second = sorted((one, other))
    assert told == [
        f"teams.csv, row 7, column 'team': found {first!r} and {second!r}, expected one spelling of a name; "
        "both are kept"
    ]
    assert set(found["team"]) == {one, other}


@pytest.mark.parametrize(
    ("column", "one", "other"), [("round", "2017-18", "2017/18"), ("authority", "Essex", "ESSEX")]
)
def test_rounds_and_authorities_that_may_be_one_are_told(read, make, column, one, other):
    header = [*make.team_header, "authority"]
    rows = [[*row, "Essex"] for row in visit(make, "Team A")] + [
        [*row, "Essex"] for row in visit(make, "Team B")
    ]
    for row in rows[5:]:
        row[header.index(column)] = other
    _, told = read(rows, header)
    first, second = sorted((one, other))
    alias = "; if they are one, declare an alias in source.toml" if column == "round" else ""
    assert told[-1] == (
        f"teams.csv, row 7, column {column!r}: found {first!r} and {second!r}, expected one "
        f"spelling of a name; both are kept{alias}"
    )
    # Of two rounds of one time and of the same days one is told to be an alias.
    assert [line.partition(",")[0] for line in told[:-1]] == [
        "teams.csv: found the rounds '2017-18' and '2017/18'"
    ] * (column == "round")


def test_areas_that_may_be_one_are_told_where_none_is_declared(read, make):
    rows = visit(make, "Team A") + visit(make, "Team B", area="Redditch / Wychaven")
    _, told = read(rows)
    assert told == [
        "teams.csv, row 7, column 'area': found 'Redditch / Wychaven' and 'Redditch/Wychavon', expected one "
        "spelling of a name; both are kept; if they are one, declare an alias in source.toml"
    ]
    areas = '[[areas]]\nname = "Redditch/Wychavon"\naliases = ["Redditch / Wychaven"]\n'
    found, told = read(rows, source=make.source + FILE + areas)
    assert (set(found["area"]), told) == ({"Redditch/Wychavon"}, [])


VISITS = '[visits]\nfirst = "August 2017"\nlast = "January 2018"\n'


@pytest.mark.parametrize(
    ("round_", "day", "source", "near"),
    [
        ("2017-18", "01/04/2017", "", None),
        ("2017-18", "30/09/2016", "", None),
        ("2017-18", "29/09/2016", "", "2017-18, 01/04/2017 to 31/03/2018"),
        ("2017/2018", "01/04/2016", "", "2017/2018, 01/04/2017 to 31/03/2018"),
        ("Autumn 2016", "04/09/2017", "", "Autumn 2016, 01/09/2016 to 30/11/2016"),
        ("2013-16", "04/09/2017", "", "2013-16, 01/01/2013 to 31/12/2016"),
        ("first", "04/09/1999", "", None),
        ("", "04/09/2017", "", None),
        ("2017-18", "01/02/2017", VISITS, "2017-18, 15/08/2017 to 15/01/2018"),
        ("2017-18", "01/03/2017", VISITS, None),
        ("2016-17", "04/04/2016", VISITS, None),
        ("2017-18", "01/05/2017", VISITS.replace("January 2018", "the winter"), None),
        ("2017-18", "04/09/2015", VISITS.replace("August", "4 August"), "2017-18, 04/08/2017 to 15/01/2018"),
    ],
)
def test_a_day_far_from_its_round_is_told_once_a_visit(read, make, round_, day, source, near):
    _, told = read(visit(make, round=round_, visit_date=day), source=make.source + source + FILE)
    said = f"teams.csv, row 2, column 'visit_date': found the day {day}, expected a day near the round {near}"
    assert told == ([said] if near else [])


def test_no_visit_is_after_today_where_nothing_is_published(place, make):
    tomorrow = date.today() + timedelta(days=1)
    path = place(
        "teams.csv", make.csv([make.team_header, *visit(make, visit_date=f"{tomorrow:%d/%m/%Y}", round="")])
    )
    with pytest.raises(SourceError) as caught:
        ia.read_gradings(path)
    assert str(caught.value) == (
        "1 problem in teams.csv\n"
        f"  row 2, column 'visit_date': found the day {tomorrow:%d/%m/%Y}, "
        f"expected a day up to {date.today():%d/%m/%Y}, today"
    )
    read_today = visit(make, visit_date=f"{date.today():%d/%m/%Y}", round="")
    assert len(ia.read_gradings(place("teams.csv", make.csv([make.team_header, *read_today])))) == 5


def test_the_names_that_may_occur_can_be_asked_for(place, make):
    path = place("teams.csv", make.csv(make.team_rows()))
    assert len(ia.read_gradings(path, areas=["Redditch/Wychavon"], services=["Safeguarding"])) == 10
    for asked, kind in (({"areas": ["Malvern"]}, "area"), ({"services": ["Care Leaving"]}, "service")):
        with pytest.raises(SourceError) as caught:
            ia.read_gradings(path, **asked)
        assert {problem.column for problem in caught.value.problems} == {kind}
        assert len(caught.value.problems) == 10


def test_of_one_column_a_thousand_problems_are_told(place, make):
    rows = [["Safeguarding", f"T{n}", "practice", f"R{n}"] for n in range(1_500)]
    path = place("teams.csv", make.csv([("service", "team", "domain", "grade"), *rows]))
    with pytest.raises(SourceError) as caught:
        ia.read_gradings(path)
    assert [problem.row for problem in caught.value.problems] == list(range(2, 1_002))


def test_a_note_of_invisible_marks_comes_with_its_place(read, make):
    rows = visit(make)
    rows[0][-1] = "R\u200bI"
    found, told = read(rows)
    assert found["grade"].iloc[0] == "RI"
    assert told == [
        "teams.csv, row 2, column 'grade': found 'R\\u200bI' was read as 'RI', expected a grade "
        "in plain letters"
    ]


def test_warnings_are_of_our_kind_and_carry_their_problem(place, make):
    path = place("teams.csv", make.csv([make.team_header, *visit(make)[:-1]]))
    with pytest.warns(SourceWarning) as caught:
        ia.read_gradings(path)
    assert caught[0].message.problem.severity == "warning"
    assert caught[0].filename == __file__
    assert [caught[0].message.problem] == check_path(path)


# ---------------------------------------------------------------------------------------- stages and roles


def test_a_column_of_stages_is_read_in_declared_order(read, make):
    rows = [[*row, role, stage] for role, stage in ROLES for row in visit(make)]
    found, told = read(rows, [*make.team_header, "grader", "stage"])
    assert told == []
    assert list(found["stage"].cat.categories) == ["first", "second", "agreed", "moderated"]
    assert found["stage"].astype(object).tolist()[:2] == ["first", "moderated"]


ROLES = (("panel", "moderated"), ("IRO", "first"))


def test_the_stage_that_a_role_tells_is_told_and_only_where_no_column_says_it(read, make):
    rows = [[*row, role] for role in ("auditor", "moderator") for row in visit(make)]
    found, told = read(rows, [*make.team_header, "grader"])
    assert told == [
        "teams.csv, row 7, column 'grader': found the grader 'moderator' and no column 'stage', expected a "
        "column 'stage' that says 'first', 'second', 'agreed' or 'moderated'; taken for the stage "
        "'moderated', which settles a grade"
    ]
    stages = found.groupby("grader")["stage"].unique().map(list).to_dict()
    assert (stages["moderator"], pd.isna(stages["auditor"][0])) == (["moderated"], True)
    found, told = read([[*row, ""] for row in rows], [*make.team_header, "grader", "stage"])
    assert (told, found["stage"].notna().any()) == ([], False)


def test_only_what_was_in_question_need_be_moderated(read, make):
    rows = [[*row, "IRO", "first"] for row in visit(make)]
    rows.append([*visit(make)[1], "panel", "moderated"])
    assert read(rows, [*make.team_header, "grader", "stage"])[1] == []


def test_reasons_are_kept_where_they_are_given(read, make):
    found, told = read(
        [[*row, "Files were kept late."] for row in visit(make)], [*make.team_header, "reasons"]
    )
    assert (told, set(found["reasons"])) == ([], {"Files were kept late."})
    assert list(found.columns)[-2:] == ["reasons", "source"]
