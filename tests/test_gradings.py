"""The one table: made from cells or rows, checked against its contract, and taken in parts."""

from __future__ import annotations

from datetime import date, datetime

import pandas as pd
import pytest

from improvement_analysis.errors import GradeError, GradingsError, SourceWarning
from improvement_analysis.gradings import (
    COLUMNS,
    as_gradings,
    check_gradings,
    gradings_schema,
    require_gradings,
    select,
    select_standing,
)
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.vocabulary import Domain

PUBLISHED = {"service": "Safeguarding", "domain": "practice", "source": "p. 6"}


@pytest.fixture
def gradings(table):
    return as_gradings(
        table("""
            area     | service      | team | domain     | grade         | visit_date | grader | source
            Redditch | Safeguarding | A    | practice   | RI            | 2017-09-04 | first  | form-a
            Redditch | Safeguarding | B    | practice   | I / RI        |            |        | form-b
            Malvern  | Care Leaving | C    | monitoring |               |            |        | form-c
            Malvern  | Care Leaving | C    | practice   | not inspected |            |        | form-c
        """),
        authority="Worcestershire",
        round="2017-18",
    )


# --- as_gradings ---------------------------------------------------------------------------------


def test_a_tally_becomes_a_row_for_each_team_worst_first():
    cell = {**PUBLISHED, "tally": "3 x RI, 2 x no judgement, 1 x I, 1 x RI / I"}
    found = as_gradings(pd.DataFrame([cell]), authority="Worcestershire", round="2017-18")
    assert tuple(found.columns) == COLUMNS
    assert found["grade"].astype(object).tolist()[:5] == ["I", "RI / I", "RI", "RI", "RI"]
    assert found["grade"].isna().tolist() == [False] * 5 + [True] * 2
    assert found["ungraded_reason"].dropna().tolist() == ["no judgement"] * 2
    assert found[["area", "team", "visit_date", "grader"]].isna().all(axis=None)
    assert set(found["source"]) == {"p. 6"}
    assert set(found["authority"]) == {"Worcestershire"}


def test_the_source_s_words_for_no_grade_are_kept_apart():
    cell = {**PUBLISHED, "tally": "1 x n/a, 1 x Not judged"}
    assert as_gradings(pd.DataFrame([cell]))["ungraded_reason"].tolist() == ["n/a", "Not judged"]


def test_rows_of_grades_are_read_in_any_spelling(gradings):
    assert gradings["grade"].astype(object).tolist()[:2] == ["RI", "RI / I"]
    assert gradings["ungraded_reason"].tolist()[2:] == ["no judgement", "not inspected"]
    assert gradings["visit_date"].dt.day.tolist()[0] == 4
    assert gradings["visit_date"].isna().tolist() == [False, True, True, True]
    assert gradings["grade"].dtype == OFSTED.dtype
    assert list(gradings["domain"].cat.categories) == [
        "allocation",
        "practice",
        "monitoring",
        "joint_working",
        "overall",
    ]
    assert gradings["domain"].cat.ordered


def test_a_reason_that_is_told_is_kept_and_one_beside_a_grade_is_not():
    rows = [
        {**PUBLISHED, "grade": None, "ungraded_reason": "team was closed"},
        {**PUBLISHED, "grade": None, "ungraded_reason": None},
        {**PUBLISHED, "grade": "RI", "ungraded_reason": "left over"},
    ]
    found = as_gradings(pd.DataFrame(rows))["ungraded_reason"]
    assert found.tolist()[:2] == ["team was closed", "no judgement"]
    assert pd.isna(found[2])


def test_gradings_become_themselves(gradings):
    pd.testing.assert_frame_equal(as_gradings(gradings), gradings)


def test_another_scale_and_other_domains_are_a_matter_of_saying_so():
    scale = Scale(("low", "high"), ("Weak", "Strong"), good="high")
    rows = pd.DataFrame([{"service": "X", "domain": "Help", "grade": "high / low", "source": "p. 1"}])
    found = as_gradings(rows, scale=scale, domains=[Domain("help", "Help", "Help")])
    assert (found["domain"][0], found["grade"][0]) == ("help", "high / low")
    assert check_gradings(found, scale=scale, domains=[Domain("help", "Help", "Help")]) is found
    with pytest.raises(GradingsError):
        check_gradings(found)


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (
            {"domain": "practice", "grade": "RI"},
            "the table has no column 'service', 'source'; it has 'domain', 'grade'",
        ),
        (
            {"service": "X", "domain": "practice", "source": "p. 1"},
            "the table has no column 'grade'; it has 'service', 'domain', 'source'",
        ),
        (
            {"service": "X", "domain": "leadership", "grade": "RI", "source": "p. 1"},
            "unknown domain 'leadership'; known are allocation, practice, monitoring, joint_working, overall",
        ),
        (
            {"service": "X", "domain": None, "grade": "RI", "source": "p. 1"},
            "unknown domain 'None'; known are allocation, practice, monitoring, joint_working, overall",
        ),
    ],
)
def test_a_table_that_cannot_be_gradings_is_refused(columns, message):
    with pytest.raises(GradingsError) as caught:
        as_gradings(pd.DataFrame([columns]))
    assert str(caught.value) == message


@pytest.mark.parametrize(
    ("column", "value", "found"),
    [("grade", "R1", "'R1'"), ("grade", 3, "3"), ("tally", "9", "'9'"), ("tally", None, "None")],
)
def test_a_text_that_is_no_grade_is_refused(column, value, found):
    with pytest.raises(GradeError) as caught:
        as_gradings(pd.DataFrame([{**PUBLISHED, column: value}]))
    assert caught.value.found == found


def test_no_cells_are_no_gradings():
    found = as_gradings(pd.DataFrame({"service": [], "domain": [], "tally": [], "source": []}))
    assert (len(found), tuple(found.columns)) == (0, COLUMNS)
    check_gradings(found)


# --- the contract --------------------------------------------------------------------------------


def test_good_gradings_are_given_back(gradings):
    assert check_gradings(gradings) is gradings
    assert gradings_schema().validate(gradings) is not None


@pytest.mark.parametrize(
    ("breach", "said"),
    [
        (
            lambda frame: frame.assign(service=frame["service"].where(frame.index > 1)),
            "the column 'service' has gaps (row 0, 1)",
        ),
        (
            lambda frame: frame.assign(source=pd.Series([None] * 4, dtype="str")),
            "the column 'source' has gaps (row 0, 1, 2 and 1 more)",
        ),
        (lambda frame: frame.drop(columns="grader"), "no column 'grader'"),
        (lambda frame: frame.assign(remark="x"), "a column that does not belong there: 'remark'"),
        (
            lambda frame: frame[[*COLUMNS[1:], COLUMNS[0]]],
            "the columns are not in order, from 'round' on",
        ),
        (
            lambda frame: frame.assign(grade=frame["grade"].astype("str")),
            "the column 'grade' is not of its type; as_gradings makes it so",
        ),
        (
            lambda frame: frame.drop(columns=["team", "area"]),
            "no column 'area', 'team'",
        ),
        (
            lambda frame: frame.assign(ungraded_reason=pd.Series(["left over"] * 4, dtype="str")),
            "a missing grade has its reason, and only a missing grade has one (row 0, 1)",
        ),
        (
            lambda frame: frame.assign(ungraded_reason=pd.Series([None] * 4, dtype="str")),
            "a missing grade has its reason, and only a missing grade has one (row 2, 3)",
        ),
    ],
)
def test_a_breach_of_the_contract_is_named(gradings, breach, said):
    with pytest.raises(GradingsError) as caught:
        check_gradings(breach(gradings))
    assert str(caught.value) == f"these are not gradings\n  {said}"


# --- select --------------------------------------------------------------------------------------


def test_parts_are_taken_by_name_and_several_names(gradings):
    assert select(gradings, area="Redditch")["team"].tolist() == ["A", "B"]
    assert select(gradings, team=["C", "A"])["team"].tolist() == ["A", "C", "C"]
    assert select(gradings, team=iter("AB"), domain="practice")["team"].tolist() == ["A", "B"]
    assert select(gradings, area="Malvern").index.tolist() == [0, 1]
    assert len(select(gradings, domain=["monitoring", "practice"])) == 4
    assert len(select(gradings)) == 4


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (
            {"service": "Safegaurding"},
            "no gradings for service 'Safegaurding'; did you mean 'Safeguarding'? "
            "Known are 'Safeguarding', 'Care Leaving'",
        ),
        (
            {"service": ["Safeguarding", "Fostering"]},
            "no gradings for service 'Fostering'; known are 'Safeguarding', 'Care Leaving'",
        ),
        ({"team": "X"}, "no gradings for team 'X'; known are 'A', 'B', 'C'"),
        (
            {"domain": "overall"},
            "no gradings for domain 'overall'; known are 'practice', 'monitoring'",
        ),
        (
            {"area": "Malvern", "service": "Safeguarding"},
            "no gradings for area 'Malvern' and service 'Safeguarding'",
        ),
        ({"team": []}, "no gradings for team (none)"),
        ({"area": None, "round": "next"}, "no gradings for round 'next'; known are '2017-18'"),
    ],
)
def test_a_name_that_is_not_there_never_gives_an_empty_table(gradings, asked, message):
    with pytest.raises(GradingsError) as caught:
        select(gradings, **asked)
    assert str(caught.value) == message


def test_an_area_that_no_grading_names_is_said_to_be_so(ds):
    with pytest.raises(GradingsError) as caught:
        select(ds.gradings, area="Redditch/Wychavon")
    assert str(caught.value) == "no gradings for area 'Redditch/Wychavon'; none names its area"


def test_nothing_cannot_be_selected_from(gradings):
    with pytest.raises(GradingsError, match=r"^there are no gradings$"):
        select(gradings.iloc[:0])


def test_a_column_that_is_not_there_is_said():
    with pytest.raises(GradingsError) as caught:
        select(pd.DataFrame({"service": ["X"]}), area="Y")
    assert str(caught.value) == "the table has no column 'area'; it has 'service'"


# --- what stands ---------------------------------------------------------------------------------


def test_the_latest_round_stands_and_one_grading_of_a_team_and_domain(table):
    rows = table("""
        round   | service | team | domain   | grade | grader    | stage     | source
        2017-18 | X       | A    | practice | I     |           |           | f
        2018-19 | X       | A    | practice | G     | auditor   | first     | f
        2018-19 | X       | A    | practice | RI    | moderator | moderated | f
        2018-19 | X       | B    | practice | O     | auditor   | first     | f
    """)
    gradings = as_gradings(rows)
    assert select_standing(gradings)["grade"].astype(object).tolist() == ["RI", "O"]
    assert select_standing(gradings)["team"].tolist() == ["A", "B"]
    assert select_standing(gradings, "2017-18")["grade"].tolist() == ["I"]
    with pytest.raises(GradingsError):
        select_standing(gradings, "2019-20")


def test_gradings_without_a_team_or_a_round_all_stand(ds):
    assert len(select_standing(ds.gradings)) == 95
    without = ds.gradings.assign(round=None)
    without["round"] = without["round"].astype("str")
    assert len(select_standing(without)) == 95


# --- what mutation testing found untold -----------------------------------------------------------

THREE = Scale(("low", "mid", "high"), ("Low", "Middling", "High"), good="mid", title="three-point scale")


def test_a_tally_is_read_on_the_scale_that_is_given():
    cell = {**PUBLISHED, "tally": "1 x high, 1 x mid / low"}
    assert as_gradings(pd.DataFrame([cell]), scale=THREE)["grade"].astype(object).tolist() == [
        "mid / low",
        "high",
    ]


def test_grades_beside_a_tally_are_not_read():
    cell = {**PUBLISHED, "tally": "1 x RI, 1 x n/a", "grade": "G", "ungraded_reason": "left over"}
    found = as_gradings(pd.DataFrame([cell]))
    assert tuple(found.columns) == COLUMNS
    assert found["grade"].astype(object).iloc[0] == "RI"
    assert found["ungraded_reason"].isna().tolist() == [True, False]
    assert found["ungraded_reason"].iloc[1] == "n/a"


def test_a_reason_that_is_told_is_kept_whole():
    told = "the team was away on the day of the visit"
    rows = [{**PUBLISHED, "grade": "n/a", "ungraded_reason": told}, {**PUBLISHED, "grade": "n/a"}]
    assert as_gradings(pd.DataFrame(rows))["ungraded_reason"].tolist() == [told, "n/a"]


def test_the_index_of_a_loose_table_means_nothing():
    rows = [{**PUBLISHED, "grade": "RI"}, {**PUBLISHED, "grade": "n/a"}, {**PUBLISHED, "grade": "G"}]
    found = as_gradings(pd.DataFrame(rows, index=[7, 2, 7]))
    assert found.index.tolist() == [0, 1, 2]
    assert found["grade"].astype(object).tolist()[::2] == ["RI", "G"]
    assert found["ungraded_reason"].tolist()[1] == "n/a"
    assert found["ungraded_reason"].isna().tolist() == [True, False, True]


@pytest.mark.parametrize(
    "day",
    ["2017-09-04", date(2017, 9, 4), datetime(2017, 9, 4), pd.Timestamp("2017-09-04").as_unit("s"), None],
)
def test_days_are_of_one_type_however_they_come(day):
    found = as_gradings(pd.DataFrame([{**PUBLISHED, "grade": "RI", "visit_date": day}]))
    assert found["visit_date"].dtype == "datetime64[us]"
    assert found["visit_date"].isna().all() if day is None else found["visit_date"].iloc[0].day == 4
    assert {str(found[column].dtype) for column in ("area", "team", "grader", "ungraded_reason")} == {"str"}


def test_several_breaches_are_told_at_once_rows_first(gradings):
    spoilt = gradings.assign(service=gradings["service"].where(gradings.index > 2), authority=[1, 2, 3, 4])
    spoilt["ungraded_reason"] = pd.Series([None] * 4, dtype="str")
    with pytest.raises(GradingsError) as caught:
        check_gradings(spoilt)
    assert str(caught.value).splitlines() == [
        "these are not gradings",
        "  a missing grade has its reason, and only a missing grade has one (row 2, 3)",
        "  the column 'service' has gaps (row 0, 1, 2)",
        "  the column 'authority' is not of its type; as_gradings makes it so",
    ]


def test_what_is_selected_has_the_columns_it_had_and_rows_counted_anew(gradings):
    for found in (select(gradings, area="Malvern"), select(gradings.iloc[::-1]), select_standing(gradings)):
        assert tuple(found.columns) == COLUMNS
        assert found.index.tolist() == list(range(len(found)))


def test_several_names_that_are_not_there_together_are_all_said(gradings):
    with pytest.raises(GradingsError) as caught:
        select(gradings, area=["Malvern"], service=["Safeguarding"], team=["A", "B"])
    assert str(caught.value) == (
        "no gradings for area 'Malvern' and service 'Safeguarding' and team 'A', 'B'"
    )


def test_a_missing_name_is_never_one_of_several(gradings):
    named = gradings.assign(
        area=pd.Categorical(["Redditch", "Malvern", None, None], categories=["Redditch", "Malvern"])
    )
    assert select(named, area=["Redditch", "Malvern"])["team"].tolist() == ["A", "B"]


# --- one grading each ------------------------------------------------------------------------------

TWICE = [
    {**PUBLISHED, "team": "Team A", "area": "North", "round": "2017-18", "grade": "RI", "source": "p. 6"},
    {**PUBLISHED, "team": "Team A", "area": "North", "round": "2017-18", "grade": "O", "source": "p. 9"},
]
ONCE = "a team has one grading in a domain, unless round, grader or stage differ; keep one of these"


def test_a_team_that_is_graded_twice_is_refused_with_both_rows():
    with pytest.raises(GradingsError) as caught:
        as_gradings(pd.DataFrame(TWICE))
    line = "Team A (Safeguarding, North) graded twice in practice in the round 2017-18"
    assert str(caught.value) == f"{ONCE}\n  {line}: RI in row 0 (p. 6) and O in row 1 (p. 9)"


def test_the_contract_refuses_it_too_and_a_row_that_is_merely_repeated():
    one = as_gradings(pd.DataFrame([{**PUBLISHED, "team": "Team A", "grade": "RI", "grader": "panel"}]))
    with pytest.raises(GradingsError) as caught:
        check_gradings(pd.concat([one, one], ignore_index=True))
    line = (
        "Team A (Safeguarding) graded twice in practice, grader 'panel': RI in row 0 (p. 6) and RI in row 1"
    )
    assert str(caught.value) == f"these are not gradings\n  {line} (p. 6)"


@pytest.mark.parametrize(
    "apart",
    [
        {"round": "2018-19"},
        {"grader": "peer"},
        {"stage": "agreed"},
        {"case": "A-17"},
        {"authority": "Anyshire"},
        {"area": "South"},
        {"service": "Care Leaving"},
        {"team": "Team B"},
        {"domain": "overall"},
        {"team": None},
    ],
)
def test_what_differs_in_any_of_these_is_another_grading(apart):
    assert len(check_gradings(as_gradings(pd.DataFrame([TWICE[0], TWICE[1] | apart])))) == 2


def test_unnamed_teams_may_share_everything():
    assert len(as_gradings(pd.DataFrame([{**PUBLISHED, "grade": "RI"}] * 3))) == 3


def test_cases_and_reasons_have_their_place_where_they_are_given():
    row = {**PUBLISHED, "grade": "RI", "reasons": "Records are late.", "case": "A-17"}
    found = check_gradings(as_gradings(pd.DataFrame([row])))
    assert tuple(found.columns) == (*COLUMNS[:-1], "case", "reasons", "source")


def test_stages_are_known_or_given():
    row = {**PUBLISHED, "grade": "RI", "stage": "Moderated"}
    assert as_gradings(pd.DataFrame([row]))["stage"].tolist() == ["moderated"]
    panel = [row | {"stage": "panel"}]
    assert as_gradings(pd.DataFrame(panel), stages=["self", "panel"])["stage"].cat.codes.tolist() == [1]
    with pytest.raises(
        GradingsError, match=r"^unknown stage 'panel'; known are first, second, agreed, moderated;"
    ):
        as_gradings(pd.DataFrame(panel))


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda frame: frame.to_dict(), "found dict, expected a dataset or a table of gradings"),
        (
            lambda frame: frame.drop(columns=["team", "source"]),
            "this table is not gradings: it has no column 'team', 'source'; as_gradings makes gradings of a "
            "table with service, domain, grade and source",
        ),
        (
            lambda frame: frame.astype({"grade": "str"}),
            "the column 'grade' is not of a scale's type; as_gradings makes it so",
        ),
        (
            lambda frame: frame.assign(grade=frame["grade"].cat.as_unordered()),
            "the column 'grade' is not of a scale's type; as_gradings makes it so",
        ),
        (lambda frame: frame.iloc[:0], "there are no gradings"),
    ],
)
def test_what_is_not_gradings_is_told_at_once(gradings, spoil, said):
    require_gradings(gradings)
    with pytest.raises(GradingsError) as caught:
        require_gradings(spoil(gradings))
    assert str(caught.value) == said


def test_names_are_cleaned_as_the_readers_of_files_clean_them():
    row = {**PUBLISHED, "team": " Team\u00a0A ", "area": "  ", "grade": "RI"}
    found = as_gradings(pd.DataFrame([row]))
    assert found["team"].tolist() == ["Team A"]
    assert found["area"].isna().all()
    with pytest.raises(GradingsError, match="Team A \\(Safeguarding\\) graded twice"):
        as_gradings(pd.DataFrame([row, {**row, "team": "Team A", "area": None}]))


def test_a_column_that_is_not_read_is_told():
    row = {**PUBLISHED, "teams": "Team A", "comment": "late", "grade": "RI"}
    with pytest.warns(SourceWarning) as told:
        as_gradings(pd.DataFrame([row]))
    (message,) = (str(each.message) for each in told)
    assert message.startswith("the table: found the column 'teams', expected one of 'authority', 'round', ")
    assert message.endswith("'case', 'reasons'; did you mean 'team'? It was not read")


def test_a_column_that_is_nearly_there_is_named():
    with pytest.raises(GradingsError) as caught:
        as_gradings(pd.DataFrame([{**PUBLISHED, "Grade": "RI"}]))
    assert str(caught.value) == (
        "the table has no column 'grade'; did you mean 'Grade'? It has 'service', 'domain', 'source', 'Grade'"
    )
