"""Wide tables: a row a team or an authority, a column a domain, mapped in source.toml."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

FILE = '[[files]]\nname = "{}"\nkind = "{}"\n'
COLUMNS = """
[columns]
team = "Name of team"
allocation = "Caseloads"
practice = "Direct work"
overall = "Overall"
"""
HEADER = ("Name of team", "Area", "Service", "Caseloads", "Direct work", "Overall", "Visited by")
ROWS = [
    HEADER,
    ("Team B", "Redditch/Wychavon", "Safeguarding", "RI", "I / RI", "RI", "Alex Example"),
    ("Team A", "Redditch/Wychavon", "Safeguarding", "not judged", "G", "RI", ""),
]


@pytest.fixture
def read(place, make):
    def reader(rows, columns=COLUMNS, *, name="wide.csv", reader=ia.read_gradings, kind="gradings"):
        data = make.csv(rows) if name.endswith("csv") else make.book_bytes(make.book({"Teams": rows}))
        path = place(name, data, make.source + columns + FILE.format(name, kind))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = reader(path)
        return frame, [str(each.message) for each in caught]

    return reader


@pytest.mark.parametrize("name", ["wide.csv", "wide.xlsx"])
def test_each_cell_is_a_grading_with_its_place(read, name):
    found, told = read(ROWS, name=name)
    sheet = ", sheet 'Teams'" if name.endswith("xlsx") else ""
    assert found[["team", "domain", "source"]].astype(object).to_numpy().tolist() == [
        [team, domain, f"{name}{sheet}, row {row}"]
        for team, row in (("Team A", 3), ("Team B", 2))
        for domain in ("allocation", "practice", "overall")
    ]
    assert found["grade"].astype(object).tolist()[1:] == ["G", "RI", "RI", "RI / I", "RI"]
    assert found["ungraded_reason"].tolist()[0] == "not judged"
    place = "cell G1" if sheet else "row 1, column 'Visited by'"
    assert told == [
        f"{name}{sheet}: found no grading of monitoring, joint_working, expected every domain "
        f"that is declared",
        f"{name}{sheet}, {place}: found what may be names of people, expected no personal data; "
        f"it was not read; "
        "take it out of the file",
    ]


def test_a_fault_is_told_once_and_in_its_column(read):
    rows = [list(row) for row in ROWS]
    rows[1][4], rows[2][0], rows[2][5] = "R1", "", ""
    with pytest.raises(SourceError) as caught:
        read(rows)
    assert [
        (problem.row, problem.column, problem.found)
        for problem in caught.value.problems
        if problem.severity == "error"
    ] == [
        (2, "Direct work", "'R1'"),
        (3, "Name of team", "an empty cell"),
        (3, "Overall", "an empty cell"),
    ]


def test_a_row_may_be_an_authority(read):
    columns = (
        '[columns]\nauthority = "Council"\noverall = "Overall"\n[[services]]\nname = "Children\'s services"\n'
    )
    found, told = read([("Council", "Overall"), ("Norfolk", "G"), ("Essex", "O / G")], columns)
    assert found["authority"].tolist() == ["Essex", "Norfolk"]
    assert found["grade"].astype(object).tolist() == ["O / G", "G"]
    assert set(found["service"]) == {"Children's services"}
    assert found["team"].isna().all()
    assert len(told) == 1
    with pytest.raises(
        SourceError, match=r"row 3: found Norfolk, domain overall again, expected one grading"
    ):
        read([("Council", "Overall"), ("Norfolk", "G"), ("Norfolk", "O")], columns)
    full = COLUMNS.replace('team = "Name of team"', 'authority = "Council"')
    rows = [("Council", "Service", "Caseloads", "Direct work", "Overall"), ("Essex", "X", "G", "G", "G")]
    _, told = read([*rows, ("Kent", "X", "RI", "RI", "RI")], full)
    assert len(told) == 1


def test_an_authority_without_a_domain_is_named(place, make):
    rows = [("authority", "service", "domain", "grade", "team"), ("Essex", "X", "practice", "G", "A")]
    columns = '[columns]\nauthority = "authority"\n'
    path = place("t.csv", make.csv(rows), make.source + columns + FILE.format("t.csv", "gradings"))
    with pytest.warns(ia.SourceWarning, match="found no grading of allocation"):
        assert ia.read_gradings(path)["authority"].tolist() == ["Essex"]


def test_a_service_must_be_told_where_several_are_declared(read):
    columns = COLUMNS + '[[services]]\nname = "X"\n[[services]]\nname = "Y"\n'
    rows = [(*row[:2], *row[3:6]) for row in ROWS]
    with pytest.raises(SourceError, match="expected a column 'service'"):
        read(rows, columns)
    found, _ = read(rows, columns.replace('[[services]]\nname = "Y"\n', ""))
    assert set(found["service"]) == {"X"}


def test_published_cells_may_be_wide(read):
    columns = '[columns]\nservice = "Service function"\npractice = "Direct work"\noverall = "Overall"\n'
    rows = [
        ("Service function", "Direct work", "Overall"),
        ("Safeguarding", "RI (9 x RI)", "RI (8 x RI, 1 x I)"),
        ("Care Leaving", "RI (2 x RI)", "G (2 x G)"),
    ]
    found, told = read(rows, columns, reader=ia.read_published, kind="published")
    assert found["grading"].tolist() == ["RI (2 x RI)", "G (2 x G)", "RI (9 x RI)", "RI (8 x RI, 1 x I)"]
    assert found["source"].tolist()[-1] == "wide.csv, row 2"
    assert len(told) == 2
    only = columns.replace('service = "Service function"\n', "") + '[[services]]\nname = "Only"\n'
    found, _ = read([row[1:] for row in rows[:2]], only, reader=ia.read_published, kind="published")
    assert set(found["service"]) == {"Only"}


def test_a_file_may_have_headings_of_its_own(read, place, make):
    columns = COLUMNS.replace("Caseloads", "Something else")
    own = '[files.columns]\nteam = "Name of team"\nallocation = "Caseloads"\n'
    path = place(
        "wide.csv",
        make.csv([row[:4] for row in ROWS]),
        make.source + columns + FILE.format("wide.csv", "gradings") + own,
    )
    with pytest.warns(ia.SourceWarning, match="found no grading of practice"):
        found = ia.read_gradings(path)
    assert found["domain"].tolist() == ["allocation", "allocation"]


def test_a_mapping_without_domains_only_renames(read, make):
    rows = [["Bereich", *make.team_header[1:]], *make.team_rows()[1:]]
    found, told = read(rows, '[columns]\narea = "Bereich"\n')
    assert (set(found["area"]), told) == ({"Redditch/Wychavon"}, [])


def test_a_merged_grade_in_a_wide_sheet_is_refused(place, make):
    book = make.book({"Teams": ROWS})
    book["Teams"].merge_cells("E2:E3")
    path = place(
        "wide.xlsx", make.book_bytes(book), make.source + COLUMNS + FILE.format("wide.xlsx", "gradings")
    )
    with pytest.raises(SourceError, match=r"sheet 'Teams', cell E3: found part of the merged cells E2:E3"):
        ia.read_gradings(path)


def test_wide_and_long_give_one_frame(read, place, make):
    wide, _ = read([row[:6] for row in ROWS])
    domains = ("allocation", "practice", "overall")
    rows = [(row[0], row[1], row[2], key, row[3 + n]) for row in ROWS[1:] for n, key in enumerate(domains)]
    path = place(
        "long.csv",
        make.csv([("team", "area", "service", "domain", "grade"), *rows]),
        make.source + FILE.format("long.csv", "gradings"),
    )
    with pytest.warns(ia.SourceWarning):
        long = ia.read_gradings(path)
    pd.testing.assert_frame_equal(wide.drop(columns="source"), long.drop(columns="source"))
