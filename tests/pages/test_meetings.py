"""Workshop and review come back: a sheet written, filled in by hand, read in again and shown first."""

import openpyxl
import pytest

import improvement_analysis as ia
from improvement_analysis import cli, pages
from improvement_analysis.errors import SourceError
from improvement_analysis.pages.timeline import list_events

ABOUT = """
title = "Made up"
authority = "Anyshire"
round = "2023-24"
illustrative = {illustrative}
[[files]]
name = "gradings.csv"
kind = "gradings"
"""
MEETING = '[[files]]\nname = "{name}"\nkind = "meetings"\n'
GRADINGS = """
    service      | team   | round   | domain   | grade
    Safeguarding | Team A | 2023-24 | practice | I
    Safeguarding | Team B | 2023-24 | practice | RI
    Care Leaving | Team C | 2023-24 | practice | RI
"""


@pytest.fixture(params=["false", "true"])
def home(table, tmp_path, request):
    (tmp_path / "source.toml").write_text(ABOUT.format(illustrative=request.param), encoding="utf-8")
    table(GRADINGS).to_csv(tmp_path / "gradings.csv", index=False)
    return tmp_path


def fill(path, rows):
    """Fill in a sheet as a person would: below its header, the first row's own entries kept."""
    book = openpyxl.load_workbook(path)
    sheet = book.active
    top = next(row for row in range(1, 4) if sheet.cell(row, 1).value == "Kind")
    columns = {cell.value.casefold(): cell.column for cell in sheet[top]}
    for number, row in enumerate(rows, start=top + 1):
        for name, value in row.items():
            sheet.cell(number, columns[name]).value = value
    book.save(path)


def test_what_a_workshop_agreed_opens_its_next_page(home, capsys):
    arguments = ["form", "--dataset", str(home), "--kind", "workshop", "-o", str(home / "meetings")]
    assert cli.main([*arguments, "--service", "Safeguarding"]) == 0
    sheet = home / "meetings" / "2023-24-safeguarding-workshop.xlsx"
    assert capsys.readouterr().out.strip() == str(sheet)
    assert cli.main([*arguments, "--service", "Safeguarding"]) == 3
    assert "it may be filled in" in capsys.readouterr().err
    first = {"date": "12/03/2024", "attended": 14, "invited": 19}
    action = {"item": "action", "text": "Hold a clinic on chronologies"}
    fill(sheet, [
        {**first, "item": "note", "text": "Team A asked for time."},
        {**action, "role": "service manager", "due": "30/06/2024"},
        {"item": "decision", "text": "Every plan names its purpose", "domains": "Practice and direct work"},
    ])  # fmt: skip
    with (home / "source.toml").open("a", encoding="utf-8") as declared:
        declared.write(MEETING.format(name="meetings/2023-24-safeguarding-workshop.xlsx"))
    ds = ia.load(home)
    assert ds.meetings[["kind", "service", "round", "attended"]].drop_duplicates().to_numpy().tolist() == [
        ["workshop", "Safeguarding", "2023-24", 14]
    ]
    listed = pages.list_last_time(ds, "workshop", "Safeguarding")
    assert listed.caption == "Last time, 12 March 2024: 14 of 19 invited came"
    assert listed.frame.iloc[:, :2].to_numpy().tolist() == [
        ["decision", "Every plan names its purpose"],
        ["action", "Hold a clinic on chronologies"],
    ]
    assert "1 row names a team and is left out." in listed.html
    assert pages.list_last_time(ds, "workshop", "Care Leaving") is None
    assert pages.list_last_time(ds, "review") is None
    assert list_events(ds)[["kind", "event"]].astype(str).to_numpy().tolist() == [
        ["workshops", "Workshop of Safeguarding, 12 March 2024: 14 of 19 invited came"]
    ]
    said = [each.sentence for each in pages.evaluate(ds)]
    assert (
        "Workshop of Safeguarding, 12 March 2024: 14 of 19 invited came: 1 decision and 1 action recorded."
    ) in said


def test_a_review_is_of_all_services_and_faults_are_told_with_their_cell(home, capsys):
    assert cli.main(["form", "--dataset", str(home), "--kind", "review", "-o", str(home)]) == 0
    sheet = home / "2023-24-review.xlsx"
    fill(
        sheet,
        [{"date": "2024-04-09", "item": "action"}, {"text": "words alone"}, {"item": "vote", "text": "x"}],
    )
    with (home / "source.toml").open("a", encoding="utf-8") as declared:
        declared.write(MEETING.format(name=sheet.name))
    with pytest.raises(SourceError) as refused:
        ia.load(home)
    told = [each.message for each in refused.value.problems if each.severity == "error"]
    assert told == [
        "found an item without words, expected what was decided or agreed",
        "found words without an item, expected one of decision, action, note",
        "found 'vote', expected one of decision, action, note",
    ]
    fill(sheet, [{"text": "Ask for a date"}, {"item": "decision"}, {"item": "note"}])
    listed = pages.list_last_time(ia.load(home), "review")
    assert (listed.caption, listed.frame["In words"].tolist()) == (
        "Last time, 9 April 2024",
        ["words alone", "Ask for a date", "x"],
    )
