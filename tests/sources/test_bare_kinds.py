"""Kinds of awkward files that nobody has declared: right ones are right, and none is silently misread."""

from __future__ import annotations

import warnings

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont

import improvement_analysis as ia
from improvement_analysis.sources import check_path

KEYS = ("allocation", "practice", "monitoring", "joint_working", "overall")
GRADES = {"A1": ("RI", "RI", "I", "RI", "RI"), "A2": ("G", "RI", "RI", "no judgement", "RI / I")}
HEADER = ["Area", "Service", "Team", "Date of visit", "Caseloads", "Practice", "Supervision", "Partnership"]
WIDE = [
    [*HEADER, "Overall"],
    *(["East", "Duty", team, "12/09/2017", *grades] for team, grades in GRADES.items()),
]
LONG = [
    ["service", "team", "domain", "grade"],
    *(["Duty", team, *pair] for team, grades in GRADES.items() for pair in zip(KEYS, grades, strict=True)),
]
TITLES = (
    *("Effectiveness of case allocation and workload management arrangements", "Quality of practice"),
    *(
        "Quality of performance monitoring and supervisory arrangements",
        "Joint working",
        "Overall conclusion",
    ),
)
CELLS = ("RI (5 x RI, 3 x I)", "RI (8 x RI)", "RI / I (8 x RI / I)", "G (8 x G)", "RI (8 x RI)")
PRINTED = [["Service", "Quality domain", "Grading"], *(["Duty", *p] for p in zip(TITLES, CELLS, strict=True))]
LINES = ["Duty Teams", "Quality domain\tGrading", *map("\t".join, zip(TITLES, CELLS, strict=True))]


def changed(rows, row, column, text):
    rows = [list(each) for each in rows]
    rows[row][column] = text
    return rows


def read(path, reader=ia.read_gradings):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = reader(path)
    return frame, " ".join(str(each.message) for each in caught)


def grades_of(frame):
    said = frame["grade"].astype(object).where(frame["grade"].notna(), frame["ungraded_reason"])
    return {team: tuple(said[rows.index]) for team, rows in frame.groupby("team", sort=False)}


@pytest.mark.parametrize(
    "text",
    [
        lambda text: text.encode("utf-16"),
        lambda text: text.replace("East", "\xc9st").encode("cp1252"),
        lambda text: b"\xef\xbb\xbf" + text.encode(),
        lambda text: text.replace(",", ";").encode(),
        lambda text: text.replace("\r\n", "\r").encode(),
        lambda text: text.replace("\r\n", ",,\r\n").encode(),
        lambda text: b"sep=,\r\n" + text.encode(),
        lambda text: ("Visits of a made-up county,,,,,,,,\r\n,,,,,,,,\r\n" + text).encode(),
        lambda text: text.replace("Date of visit", '"Date\nof visit"').encode(),
        lambda text: text.replace("Duty", '"Du\nty"').encode(),
    ],
)
def test_a_right_file_is_read_whatever_its_dress(place, make, text):
    frame, _ = read(place("visits.csv", text(make.csv(WIDE))))
    assert grades_of(frame) == GRADES


@pytest.mark.parametrize(
    "text",
    [
        *("RI+", "RI (low)", "R1", "I / G", "I / RI / G", "2", "=1+1", "#N/A", "TBC", "\u0420I", "RI\xb2"),
        *(
            "RI; G",
            "RI (previously I)",
            "Not RI",
            "Amber",
            "50%",
            "The team was graded RI because of drift",
            "",
        ),
    ],
)
@pytest.mark.parametrize("rows", [(WIDE, 4), (LONG, 3)], ids=["wide", "long"])
def test_what_is_no_grade_is_refused(refused, make, rows, text):
    table, column = rows
    assert "row 2, column " in refused("visits.csv", make.csv(changed(table, 1, column, text)))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([*WIDE, WIDE[1]], "team 'A1', domain allocation again"),
        ([*WIDE, changed(WIDE, 1, 4, "G")[1]], "team 'A1', domain allocation again"),
        ([*WIDE, ["East", "Duty", "Total", "", *["RI"] * 5]], "'Total', which sums up other rows"),
        ([[*row, row[4]] for row in WIDE], "the heading 'Caseloads' twice"),
        (WIDE[1:], "expected"),
        (WIDE[:1], "no row below the header"),
        ([row[:2] + row[3:] for row in WIDE], "a column 'team'"),
        ([[f"{cell}x" for cell in WIDE[0]], *WIDE[1:]], "expected"),
    ],
)
def test_a_table_with_two_readings_or_none_is_refused(refused, make, rows, message):
    assert message in refused("visits.csv", make.csv(rows))


@pytest.mark.parametrize("kind", ["docx", "xlsx", "html"])
def test_a_raised_figure_does_not_join_the_one_before_it(refused, make, kind):
    if kind == "xlsx":
        book = make.book({"T": changed(PRINTED, 2, 2, "")})
        raised = TextBlock(InlineFont(vertAlign="superscript"), "2")
        book["T"]["C3"] = CellRichText("RI (8", raised, " x RI)")
        data = make.book_bytes(book)
    elif kind == "docx":
        lifted = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        run = f"</w:t></w:r><w:r>{lifted}<w:t>2</w:t></w:r><w:r><w:t>"
        data = make.docx(make.docx_table(PRINTED).replace("(8 x RI)<", f"(8{run} x RI)<", 1))
    else:
        data = make.html_table(PRINTED).replace("(8 x RI)", "(8<sup>2</sup> x RI)", 1)
    assert "8^2 x RI" in refused(f"paper.{kind}", data, reader=ia.read_published)


def test_bullets_and_headings_of_plain_text_are_read(place):
    text = [f"## {LINES[0]}", *(f"\u2022 {line}" for line in LINES[2:])]
    frame, told = read(place("paper.md", "\n".join(text)), ia.read_published)
    assert frame["grading"].tolist() == list(CELLS)
    assert frame["service"].unique().tolist() == ["Duty"]
    assert "'Quality of practice' was read as Practice and direct work" in told


def test_a_line_of_the_page_amid_gradings_is_asked_about(refused):
    lines = [*LINES[:6], "Page 3 of 9", "Anyshire Council", *LINES[6:]]
    assert "found 'Anyshire Council' between the gradings of 'Duty' and others that 'Duty' lacks" in refused(
        "paper.txt", "\n".join(lines), reader=ia.read_published
    )


MODERATED = [
    ["service", "team", "domain", "grade", "Moderated grade"],
    ["Duty", "A1", "practice", "G", "RI"],
    ["Duty", "A1", "overall", "G", ""],
]


def test_moderated_grades_in_a_column_of_their_own_stand(place, make):
    frame, told = read(place("audits.csv", make.csv(MODERATED)))
    assert frame["stage"].astype(object).tolist() == ["first", "moderated", "first"]
    assert "'Moderated grade' was read as grades of the stage 'moderated', the others as 'first'" in told
    from improvement_analysis.gradings import select_standing

    assert select_standing(frame)["grade"].tolist() == ["RI", "G"]


def test_a_wrong_moderated_grade_is_refused_at_its_place(refused, make):
    message = refused("audits.csv", make.csv(changed(MODERATED, 1, 4, "RI+")))
    assert "row 2, column 'Moderated grade': found 'RI+'" in message


def test_a_month_is_kept_as_what_it_is(place, make):
    frame, told = read(place("visits.csv", make.csv(changed(WIDE, 1, 3, "September 2017"))))
    assert frame["visit_date"].isna().sum() == 5
    assert frame["source"].iloc[0] == "visits.csv, row 2 (visited in September 2017)"
    assert "'September 2017', which is a month" in told


INSPECTORATES = {
    "cqc": (
        [
            ["Location Name", "Location Local Authority", "Location Region", "Domain", "Latest Rating"],
            ["Home A", "Anyshire", "South", "Well-led", "Inspected but not rated"],
            ["Home A", "Anyshire", "South", "Safe", "Requires improvement"],
        ],
        ["RI", "Inspected but not rated"],
    ),
    "hmip-youth-justice": (
        [
            ["Youth offending service", "Region", "Staff", "Planning (court)"],
            ["Anyshire", "S", "Good", "Good"],
        ],
        ["G", "G"],
    ),
    "care-inspectorate": (
        [
            ["ServiceName", "CareService", "Council_Area_Name", "KQ_Staff", "KQ_Leadership"],
            ["Home A", "Care Home", "Anyshire", "6", "Not assessed"],
        ],
        ["Not assessed", "6"],
    ),
    "area-send": ([["Local area", "Region", "Outcome"], ["Anyshire", "South", "2"]], ["2"]),
    "ofsted-sccif": (
        [
            ["Provider", "Provision type", "Local authority", "The effectiveness of leaders and managers"],
            ["11", "Children's home", "Anyshire", "Requires improvement to be good"],
        ],
        ["RI"],
    ),
}


@pytest.mark.parametrize("key", INSPECTORATES)
def test_a_table_of_another_inspectorate_is_read_by_its_own_words(place, make, key):
    rows, grades = INSPECTORATES[key]
    path = place("outcomes.csv", make.csv(rows))
    frame, _ = read(path)
    said = frame["grade"].astype(object).where(frame["grade"].notna(), frame["ungraded_reason"])
    assert said.tolist() == grades
    assert not [problem for problem in check_path(path) if problem.severity == "error"]


def test_headings_of_two_frameworks_are_asked_about(refused, make):
    from improvement_analysis.sources.drafts import draft_dataset

    rows = [["School", "Wellbeing", "Leadership", "Achievement"], ["A", "Excellent", "Good", "Poor"]]
    message = refused("schools.csv", make.csv(rows), reader=lambda path: draft_dataset([path]))
    assert (
        'or framework = "ofsted-report-card" in source.toml, or [scale] and [[domains]] where it' in message
    )
