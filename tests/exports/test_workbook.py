"""The workbook opened again: every number, every mark, every word in its place."""

import io
import re
from dataclasses import replace

import openpyxl
import pytest

import improvement_analysis as ia
from improvement_analysis import exports
from improvement_analysis.disclosure import INTERNAL
from improvement_analysis.exports.sheets import sheet_labels
from improvement_analysis.tables import ILLUSTRATIVE


def opened(data):
    return openpyxl.load_workbook(io.BytesIO(data))


def rows_of(sheet):
    """The table of a sheet: headings without note marks, then a mapping for each row."""
    ((reference),) = [table.ref for table in sheet.tables.values()]
    header, *rows = [[cell.value for cell in row] for row in sheet[reference]]
    names = [str(name).partition("\n")[0] for name in header]
    return [dict(zip(names, row, strict=True)) for row in rows]


@pytest.fixture(scope="module")
def published(made):
    return opened(made("workbook", "published"))


@pytest.fixture(scope="module")
def of_forms(made):
    return opened(made("workbook", "forms"))


def test_the_sheets_stand_in_order(published, of_forms):
    services = [
        "Contact and Referral and Ass",
        "Safeguarding",
        "LAC Permanency",
        "Care Leaving",
        "Children with Disabilities",
    ]
    front = ["Cover", "Contents", "Notes", "Overview", *services]
    assert published.sheetnames == [*front, "Published cells", "Findings", "Checks"]
    assert of_forms.sheetnames == [*front, "Findings", "Reasons", "Evidence", "Visits", "Actions", "Gradings"]


def test_safeguarding_as_printed(published):
    rows = rows_of(published["Safeguarding"])
    assert rows[0] == {
        "Quality domain": "Effectiveness of case allocation and workload management arrangements",
        "Inadequate": 3,
        "Requires improvement": 5,
        "Good": 1,
        "Outstanding": 0,
        "No judgement": 0,
        "Teams judged": 9,
        "Teams graded": 9,
        "Published headline": "Requires improvement",
        "As published": "RI (5 x RI, 3 x I, 1 x G)",
        "Source": "summary_tables.csv, row 7 (page 6)",
    }
    assert [rows[3][name] for name in ("No judgement", "Teams judged", "Teams graded")] == [3, 6, 9]


@pytest.mark.parametrize("which", ["published", "of_forms"])
def test_every_number_equals_the_counts(which, request, ds, forms):
    book, dataset = request.getfixturevalue(which), ds if which == "published" else forms
    scale, seen = dataset.about.scale, 0
    for service, label in zip(dataset.services, book.sheetnames[4:], strict=False):
        counts = ia.count_grades(ia.select(dataset.standing(), service=service), "domain")
        rows = rows_of(book[label])
        assert [row["Quality domain"] for row in rows] == [dataset.about.labels[key] for key in counts.index]
        for row, (_, expected) in zip(rows, counts.iterrows(), strict=True):
            found = {grade: row.get(scale.name(grade), 0) for grade in scale.columns}
            assert found == expected.to_dict()
            assert row["Teams graded"] == expected.sum()
            assert row["Teams judged"] == expected.sum() - expected["no judgement"]
            seen += row["Teams graded"]
    assert seen == len(dataset.standing())


def test_the_overview_holds_every_cell(published, of_forms):
    rows = {row["Service"]: row for row in rows_of(published["Overview"])}
    assert rows["Care Leaving"]["Performance monitoring"] == "RI / I (2 x RI / I)"
    assert [row["Teams graded"] for row in rows.values()] == [3, 9, 3, 2, 2]
    cells = {row["Service"]: row for row in rows_of(of_forms["Overview"])}["Safeguarding"]
    assert (cells["Case allocation and workload"], cells["Source"]) == (
        "6 x RI, 3 x I, 1 x G",
        "50 rows of the sheet Gradings",
    )


def test_gradings_of_named_teams_are_listed_with_their_cells(of_forms, forms):
    rows, standing = rows_of(of_forms["Gradings"]), forms.standing()
    assert [row["Source"] for row in rows] == standing["source"].tolist()
    assert [row["Team"] for row in rows] == standing["team"].tolist()
    names = [forms.about.scale.name(g) if isinstance(g, str) else "No judgement" for g in standing["grade"]]
    assert [row["Grade"] for row in rows] == names


def test_too_many_gradings_are_not_listed_and_the_cover_says_so(forms, monkeypatch):
    monkeypatch.setattr(exports.workbook, "MOST_GRADINGS", 9)
    book = opened(exports.workbook_bytes(forms, ["Care Leaving"]))
    assert "Gradings" not in book.sheetnames
    cover = [cell.value for cell in book["Cover"]["A"]]
    assert any("They are 10, too many to be listed one by one" in str(line) for line in cover)
    assert rows_of(book["Care Leaving"])[0]["Source"].startswith("forms/2018-19-care-leaving-team-p.xlsx; ")


def test_findings_and_checks_are_whole(published, ds):
    found = rows_of(published["Findings"])
    assert [row["Finding"] for row in found] == ds.findings["text"].tolist()
    assert [row["Source"] for row in found] == ds.findings["source"].tolist()
    checks = rows_of(published["Checks"])
    rows = ia.reconcile(ds)
    assert [row["Holds"] for row in checks] == ["yes" if agrees else "no" for agrees in rows["agrees"]]
    assert checks[0]["Expected"] == 23
    assert checks[0]["Found"] == 19
    assert checks[0]["Difference in teams"] == 4


@pytest.mark.parametrize("which", ["published", "of_forms"])
def test_one_table_a_sheet_and_no_empty_cell(which, request):
    book = request.getfixturevalue(which)
    for sheet in book.worksheets[1:]:
        assert len(sheet.tables) == 1, sheet.title
        for row in rows_of(sheet):
            assert all(value not in (None, "") for value in row.values()), (sheet.title, row)
        assert sheet["A1"].value


@pytest.mark.parametrize("which", ["published", "of_forms"])
def test_no_percentage_no_mean_no_formula(which, request):
    for sheet in request.getfixturevalue(which).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.number_format == "General"
                assert cell.data_type in ("s", "n"), cell.coordinate
                assert not isinstance(cell.value, float)
                assert "%" not in str(cell.value)
        headings = " ".join(rows_of(sheet)[0]).casefold() if sheet.tables else ""
        assert not re.search(r"\b(mean|average|score|rating|share)\b", headings)


def test_marks_stand_on_every_sheet(published, of_forms):
    for sheet in of_forms.worksheets[3:]:
        assert [sheet["A2"].value, sheet["A3"].value] == [ILLUSTRATIVE, INTERNAL], sheet.title
    assert [of_forms["Cover"]["A3"].value, of_forms["Cover"]["A4"].value] == [ILLUSTRATIVE, INTERNAL]
    every = " ".join(
        str(cell.value) for sheet in published.worksheets for row in sheet.iter_rows() for cell in row
    )
    assert ILLUSTRATIVE not in every
    assert INTERNAL not in every
    assert (
        published["Cover"]["A3"].value == "Every figure here is published already, in the source named below."
    )


def test_every_sheet_names_its_source(published):
    for sheet in published.worksheets[3:]:
        lines = [str(sheet.cell(row, 1).value) for row in range(1, 6)]
        assert any(line.startswith("Source: Essex County Council, Summary report") for line in lines), lines


def test_contents_lead_to_every_sheet(published):
    links = [cell.hyperlink.location for cell in published["Contents"]["A"] if cell.hyperlink]
    assert links == [f"'{name}'!A1" for name in published.sheetnames[3:]]


def test_every_note_is_explained_and_used(published):
    numbers = {row["Note number"]: row["Note text"] for row in rows_of(published["Notes"])}
    used = {
        int(number)
        for sheet in published.worksheets[3:]
        for row in sheet.iter_rows()
        for cell in row
        for number in re.findall(r"\[note (\d+)\]", str(cell.value))
    }
    assert used == set(numbers)
    told = " ".join(numbers.values())
    for said in (
        "never worked out",
        "lies between two grades",
        "outside the scale",
        "a file and the place in it",
    ):
        assert said in told


HOSTILE = [
    "=1+1",
    "[words](somewhere)",
    "$$note$$",
    "Отдел",
    "\u2014",
    "+4",
    "@x",
    "a\x01b",
    "x" * 40_000,
    "<&'\">",
]


def test_texts_that_a_spreadsheet_or_its_writer_would_read_otherwise_stay_texts(ds):
    rows = ds.findings.head(len(HOSTILE)).assign(text=HOSTILE, services=None, areas=None)
    book = opened(exports.workbook_bytes(replace(ds, findings=rows)))
    found = [row["Finding"] for row in rows_of(book["Findings"])]
    expected = [text.replace("\x01", "\ufffd")[:32_767] for text in HOSTILE]
    assert found == expected
    assert all(cell.data_type == "s" for cell in book["Findings"]["C"] if cell.value)


def test_a_service_with_a_name_of_its_own_writing(ds):
    name = "[Служба]: 'a/b' $$x$$"
    renamed = {
        frame: getattr(ds, frame).replace({"service": {"Care Leaving": name}})
        for frame in ("gradings", "published")
    }
    book = opened(exports.workbook_bytes(replace(ds, **renamed), [name]))
    assert book.sheetnames[4] == "Служба a b x"
    assert (
        book["Служба a b x"]["A1"].value
        == f"{name}: number of teams at each grade, by quality domain, Worcestershire, 2017-18"
    )
    assert rows_of(book["Overview"])[0]["Service"] == name


def test_labels_are_what_spreadsheets_allow():
    labels = sheet_labels(["a" * 60, "a" * 60, "", "'[]:*?/\\", "history", "cover"])
    assert labels == ["a" * 28, "a" * 28 + " 2", "Sheet", "Sheet 2", "history 2", "cover 2"]


def test_one_service_alone(made, ds):
    book = opened(made("workbook", "published", ("Care Leaving",)))
    assert "Safeguarding" not in book.sheetnames
    assert {row["Service"] for row in rows_of(book["Published cells"])} == {"Care Leaving"}
    assert {row["Service"] for row in rows_of(book["Checks"])} == {"Care Leaving", "all services"}
    about = {row["Services"] for row in rows_of(book["Findings"])}
    assert about == {"Care Leaving", "none in particular"}


def test_an_unknown_service_is_refused_with_those_there_are(ds):
    with pytest.raises(ia.GradingsError, match="Safegarding"):
        exports.workbook_bytes(ds, ["Safegarding"])
