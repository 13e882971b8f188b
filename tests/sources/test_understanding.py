"""What is understood of a council's own sheets without a source.toml, and what is told of it."""

from __future__ import annotations

import warnings

import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

KEYS = ("allocation", "practice", "monitoring", "joint_working", "overall")
HEADER = ["Locality", "Service area", "Team", "Date of visit", "Caseloads", "Practice", "Supervision"]
HEADER += ["Partnership", "Overall"]
GRADES = {"A1": ["RI", "RI", "I", "RI", "RI"], "A2": ["G", "RI", "RI", "no judgement", "RI / I"]}
WIDE = [
    HEADER,
    ["East", "Safeguarding", "A1", "12/09/2017", *GRADES["A1"]],
    ["East", "Safeguarding", "A2", "13/09/2017", *GRADES["A2"]],
]


@pytest.fixture
def read(place, make):
    """Read sheets, a list of rows or a text; gives the grades by team, the frame and what was told."""

    def reader(data, name="visits.csv", read=ia.read_gradings):
        if isinstance(data, dict):
            data, name = make.book_bytes(make.book(data)), "visits.xlsx"
        elif isinstance(data, list):
            data = make.csv(data)
        path = place(name, data)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = read(path)
        return frame, [str(each.message) for each in caught]

    return reader


def grades_of(frame):
    """The grades of each team in order of domains, as the sheet has them."""
    said = frame["grade"].astype(object).where(frame["grade"].notna(), frame["ungraded_reason"])
    return {team: said[rows.index].tolist() for team, rows in frame.groupby("team", sort=False)}


def test_a_row_a_team_a_column_a_domain(read):
    frame, told = read(WIDE)
    assert grades_of(frame) == GRADES
    assert set(frame["area"]) == {"East"}
    assert set(frame["service"]) == {"Safeguarding"}
    assert frame["visit_date"].dt.day.tolist() == [12] * 5 + [13] * 5
    assert told == [
        "visits.csv, row 1: found words that are not ours, expected the names of columns and domains; "
        "'Locality' was read as the column 'area', 'Service area' was read as the column 'service', "
        "'Caseloads' was read as Case allocation and workload, "
        "'Supervision' was read as Performance monitoring, 'Partnership' was read as Joint working"
    ]


def test_a_row_a_grading_under_other_headings(read):
    rows = [["District", "Provision type", "Setting", "Cycle", "Visited on", "Quality area", "Judgement"]]
    for team, grades in GRADES.items():
        rows += [
            ["East", "Safeguarding", team, "2017-18", "12/09/2017", key, grade]
            for key, grade in zip(KEYS, grades, strict=True)
        ]
    frame, told = read(rows)
    assert grades_of(frame) == GRADES
    assert set(frame["round"]) == {"2017-18"}
    assert "'Setting' was read as the column 'team'" in told[0]
    assert "'Judgement' was read as the column 'grade'" in told[0]
    assert len(told) == 1


def test_sheets_of_one_shape_are_one_table_and_a_cover_is_passed_over(read):
    rows = [[*row[:1], *row[2:]] for row in WIDE]
    frame, told = read(
        {
            "Cover": [["Team diagnostics of Anyshire"], ["Made for a test"]],
            "Safeguarding": rows,
            "Care Leaving": [rows[0], *([row[0], row[1] + "b", *row[2:]] for row in rows[1:])],
        }
    )
    assert frame.groupby("service")["team"].unique().map(list).to_dict() == {
        "Care Leaving": ["A1b", "A2b"],
        "Safeguarding": ["A1", "A2"],
    }
    assert "sheet 'Cover': found a sheet without gradings, expected gradings in every sheet" in told[1]
    assert len(told) == 4  # the cover, the headings once, and a service for each sheet
    assert any("'Care Leaving' was read as the service 'Care Leaving'" in text for text in told)


@pytest.mark.parametrize("merged", [False, True])
def test_a_title_above_the_header_may_name_the_service(make, place, merged):
    book = make.book({"Sheet1": [["Safeguarding teams"], [], *([*row[:1], *row[2:]] for row in WIDE)]})
    if merged:
        book["Sheet1"].merge_cells("A1:H1")
    path = place("visits.xlsx", make.book_bytes(book))
    with pytest.warns(ia.SourceWarning) as caught:
        frame = ia.read_gradings(path)
    assert set(frame["service"]) == {"Safeguarding"}
    assert grades_of(frame) == GRADES
    told = [str(each.message) for each in caught]
    assert any("'Safeguarding teams' was read as the service 'Safeguarding'" in text for text in told)
    assert any("1 row above the header in row 3" in text for text in told)


def test_a_title_and_a_sheet_that_differ_are_two_readings(read):
    rows = [["Fostering"], *([*row[:1], *row[2:]] for row in WIDE)]
    with pytest.raises(SourceError) as caught:
        read({"Safeguarding": rows})
    assert next(each.message for each in caught.value.problems if each.severity == "error") == (
        "found 'Fostering' or 'Safeguarding' for 'service', expected one reading; "
        'say which in source.toml, such as [[services]] name = "Fostering"'
    )


def test_two_headings_for_one_domain_are_two_readings(read):
    rows = [[*row, row[6]] for row in WIDE]
    rows[0] = [*HEADER, "Performance and supervision"]
    with pytest.raises(SourceError) as caught:
        read(rows)
    assert [each.message for each in caught.value.problems if each.severity == "error"] == [
        "found 'Supervision' or 'Performance and supervision' for 'monitoring', expected one reading; "
        'say which in source.toml, such as [columns] monitoring = "Supervision"'
    ]


def test_the_literal_heading_stands_before_a_synonym(read):
    rows = [[*row, text] for row, text in zip(WIDE, ["area", "North", "South"], strict=True)]
    frame, told = read(rows)
    assert sorted(set(frame["area"])) == ["North", "South"]
    assert any("column 'Locality': found a column that is not known" in text for text in told)


def visit(team, day, grades, *, header):
    rows = [["Team:", team], ["Area", "East"], ["Service", "Safeguarding"], ["Date of visit", day], []]
    rows += [["Domain", "Grade"]] if header else []
    names = ("Case allocation", "Practice", "Supervision", "Joint working", "Overall conclusion:")
    return [*rows, *([name, grade] for name, grade in zip(names, grades, strict=True)), [], ["Signed", "yes"]]


@pytest.mark.parametrize("header", [False, True])
def test_a_sheet_a_visit_with_labels_down_a_column(read, header):
    sheets = {
        f"Visit {number}": visit(team, f"1{number}/09/2017", grades, header=header)
        for number, (team, grades) in enumerate(GRADES.items())
    }
    frame, told = read(sheets)
    assert grades_of(frame) == GRADES
    assert set(frame["area"]) == {"East"}
    assert frame["visit_date"].dt.day.tolist() == [10] * 5 + [11] * 5
    assert frame["source"].tolist()[0] == f"visits.xlsx, sheet 'Visit 0', row {6 + header}"
    assert any("'Team:' was read as the team of every row below" in text for text in told)


def test_a_sheet_is_named_after_its_team(read):
    rows = [["Service: Safeguarding"], ["Domain", "Grade"], *([key, "RI"] for key in KEYS)]
    frame, told = read({"Bluebell": rows, "Foxglove": rows})
    assert grades_of(frame) == {"Bluebell": ["RI"] * 5, "Foxglove": ["RI"] * 5}
    assert any("'Foxglove' was read as the team of every row of its sheet" in text for text in told)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_header_that_is_repeated_is_passed_over(read, kind):
    rows = [WIDE[0], WIDE[1], WIDE[0], WIDE[2], WIDE[0]]
    frame, told = read({"T": rows} if kind == "xlsx" else rows)
    assert grades_of(frame) == GRADES
    assert any(
        "found the header again in row 3 and 1 more, expected it once; it was passed over" in t for t in told
    )


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_titles_above_the_header_of_a_csv_are_passed_over(read, make, separator):
    text = "Visits of Anyshire; autumn, 2017\r\n\r\n" + make.csv(WIDE, separator)
    frame, told = read(text)
    assert grades_of(frame) == GRADES
    assert frame["source"].tolist()[0] == "visits.csv, row 4"
    assert any("found 1 row above the header in row 3" in text for text in told)


def test_a_grade_is_never_guessed_in_a_column_that_was_understood(read):
    rows = [list(row) for row in WIDE]
    rows[1][4], rows[2][6] = "R1", "RI+"
    with pytest.raises(SourceError) as caught:
        read(rows)
    faults = [each for each in caught.value.problems if each.severity == "error"]
    assert [(each.row, each.column, each.found) for each in faults] == [
        (2, "Caseloads", "'R1'"),
        (3, "Supervision", "'RI+'"),
    ]


def test_a_column_that_holds_other_things_is_no_domain_and_no_role(read):
    rows = [
        [*row, extra, name]
        for row, extra, name in zip(
            WIDE, ["Recording", "12 of 20", "7 of 9"], ["Reviewer", "Alex Example", "Sam Sample"], strict=True
        )
    ]
    rows = [[*row[:9], row[10]] for row in rows]
    frame, told = read(rows)
    assert frame["grader"].isna().all()
    assert any("column 'Reviewer'" in text for text in told)


def test_columns_that_nobody_asked_for_are_told_together_and_never_as_a_caveat(place, make):
    rows = [[*row, "x", "y", "z"] for row in WIDE]
    rows[0][-3:] = ["Folder", "Ward", "Ref"]
    path = place(
        "visits.csv", make.csv(rows), make.source + '[[files]]\nname = "visits.csv"\nkind = "gradings"\n'
    )
    ds = ia.load(path.parent)
    notes = [str(problem) for problem in ds.problems if problem.note]
    assert "found 3 columns that are not known: 'Folder', 'Ward', 'Ref'" in " ".join(notes)
    from improvement_analysis.pages.remarks import caveats

    assert not any("not known" in text for text in caveats(ds).items)


def test_an_authority_may_be_what_is_graded(read):
    rows = [["LA", "Service", "Overall"], ["Norfolk", "Fostering", "G"], ["Essex", "Fostering", "O"]]
    frame, told = read(rows)
    assert frame["authority"].tolist() == ["Essex", "Norfolk"]
    assert frame["team"].isna().all()
    assert any("'LA' was read as the column 'authority'" in text for text in told)


@pytest.mark.parametrize(
    ("place_", "text", "told"),
    [
        ((0, 5), "12/09/17", "a date; it was read as 2017-09-12"),
        ((0, 5), "12/09/2017 10:30", "a date; it was read as 2017-09-12; the time of day was left out"),
        ((1, 0), "Caseloads", "'Caseloads', which was read as Case allocation and workload"),
    ],
)
def test_a_cell_that_is_not_literal_is_told_once(read, make, place_, text, told):
    rows = [list(row) for row in make.team_rows()]
    if place_[0]:
        rows = [[text if cell == "allocation" else cell for cell in row] for row in rows]
    else:
        rows = [rows[0], *([*row[:4], text, *row[5:]] for row in rows[1:])]
    frame, warned = read(rows)
    assert len(frame) == 10
    assert len(warned) == 1
    assert told in warned[0]


def test_published_cells_may_stand_under_domains_or_grade(read):
    cells = [["service", "allocation", "Supervision"], ["S", "RI (9 x RI)", "I (5 x I, 4 x RI)"]]
    frame, told = read(cells, "tables.csv", ia.read_published)
    assert frame["grading"].tolist() == ["RI (9 x RI)", "I (5 x I, 4 x RI)"]
    assert "'Supervision' was read as Performance monitoring" in " ".join(told)
    rows = [["service", "domain", "grade"], ["S", "overall", "RI (9 x RI)"]]
    frame, told = read(rows, "tables.csv", ia.read_published)
    assert frame["teams"].tolist() == [9]
    assert "'grade' was read as the column 'grading'" in " ".join(told)
