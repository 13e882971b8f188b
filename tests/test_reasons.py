"""What a manager types on a form reaches the team, word for word, and nothing for publication."""

from __future__ import annotations

import io
import itertools
import re
import zipfile
from dataclasses import dataclass, field, replace
from datetime import date

import docx
import openpyxl
import pytest

import improvement_analysis as ia
from improvement_analysis import exports, pages
from improvement_analysis.evidence import EVIDENCE_KINDS
from improvement_analysis.report.planning.plan import plan_pages
from improvement_analysis.report.runner import Order, run_report
from improvement_analysis.sources.declaration import read_about
from improvement_analysis.sources.formats.files import read_file
from improvement_analysis.sources.forms import TeamForm, write_forms
from improvement_analysis.sources.forms.layout import FINDING_KINDS

TOML = """
title = "A test"
authority = "Anyshire"
round = "2023-24"
published = 2024-12-31

[[files]]
name = "forms/*.xlsx"
kind = "forms"

[[services]]
name = "Safeguarding"
[[areas]]
name = "North"
"""


@dataclass
class Typed:
    """Words that were typed, a new one on every call; the private ones apart."""

    numbers: itertools.count = field(default_factory=itertools.count)
    public: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)

    def word(self, *, private: bool = False) -> str:
        letters = "bcdfghjklmnpqrstvwxz"
        number = next(self.numbers)
        word = "zq" + "".join(letters[number // 20**place % 20] for place in range(3)) + "uv"
        (self.private if private else self.public).append(word)
        return word


def open_cells(sheet):
    """The cells that are there to be filled in, by row: under each heading its cell."""
    headings = {cell.column: str(cell.value) for cell in sheet[4] if cell.value}
    for row in sheet.iter_rows(min_row=5):
        cells = {headings[cell.column]: cell for cell in row if not cell.protection.locked}
        if cells:
            yield cells


def fill_in(path, typed):
    """Fill in a blank form as a manager would: every cell that takes words gets one of its own."""
    book = openpyxl.load_workbook(path)
    for row in book["Visit"].iter_rows(min_row=5, max_col=2):
        label, cell = row[0].value, row[1]
        if label == "Date of the visit":
            cell.value = date(2023, 9, 4)
        elif label == "Team" or label.startswith("Graders"):
            cell.value = f"Team manager {typed.word()}"
        elif label == "Notes that stay private":
            cell.value = f"Notes {typed.word(private=True)} kept"
    fill_rows(book["Evidence"], typed, {"Kind of evidence": EVIDENCE_KINDS.names, "How many": [3]})
    fill_rows(book["Grades"], typed, {"Grade": ["RI"], "Second grader's grade": [None]})
    fill_rows(book["Strengths and vulnerabilities"], typed, {"Kind": FINDING_KINDS.names})
    statuses = {f"Quarter {number}: status": ["in progress"] for number in range(1, 5)}
    fill_rows(
        book["Action plan"],
        typed,
        {**statuses, "By when": [date(2024, 3, 1)], "Closed on": [None], "Answers recommendation no.": [1]},
    )
    book.save(path)


def fill_rows(sheet, typed, chosen):
    """Fill in every open cell under its heading: with what is chosen there, else with a new word."""
    choices = {heading: itertools.cycle(words) for heading, words in chosen.items()}
    for cells in open_cells(sheet):
        for heading, cell in cells.items():
            if heading in choices:
                cell.value = next(choices[heading])
            elif heading != "Quality domain":
                lines = 1 if heading == "Who (role)" else 2
                cell.value = "\n".join(f"lead {typed.word()}" for _ in range(lines))


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A dataset of one form that was filled in, and the words that stand on it."""
    home, typed = tmp_path_factory.mktemp("filled"), Typed()
    (home / "source.toml").write_text(TOML, "utf-8")
    about = read_about(read_file(home / "source.toml"), "filled")
    form = TeamForm(service="Safeguarding", area="North", round="2023-24", team="Team A")
    (path,) = write_forms(home / "forms", about, [form])
    fill_in(path, typed)
    return home, typed


def bytes_of(folder):
    """Every byte of a folder, as text in small letters, what is packed unpacked."""
    return "\n".join(unpacked(path.read_bytes()) for path in sorted(folder.rglob("*")) if path.is_file())


def unpacked(data):
    parts = [data]
    if data[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts += [package.read(name) for name in package.namelist()]
    return "\n".join(part.decode("utf-8", "replace") for part in parts).casefold()


def lacking(words, text):
    return [word for word in words if word not in text]


def test_every_word_on_a_form_reaches_its_team_and_the_private_ones_nobody(filled, tmp_path):
    home, typed = filled
    ds = ia.load(home)
    assert ds.problems == ()
    assert len(typed.public) > 100
    assert len(typed.private) == 1
    page = next(page for page in plan_pages(ds) if page.kind == "team")
    outcome = run_report(ds, Order(home, tmp_path, only=[page.path]))
    assert [page.error for page in outcome.failed] == []
    team = pages.choose_team(ds, page.parameters["team"])
    report, note = exports.report_bytes(ds, team), exports.note_bytes(ds, team)
    shown = (outcome.index.parent / page.path).read_text("utf-8")
    told = {"page": shown, "Word": unpacked(report), "workbook": unpacked(exports.workbook_bytes(ds))}
    assert [(where, lacking(typed.public, text)) for where, text in told.items()] == [
        (where, []) for where in told
    ]
    everything = "\n".join([*told.values(), unpacked(note), bytes_of(tmp_path)])
    assert [word for word in typed.private if word in everything] == []


def test_no_word_on_a_form_is_in_anything_for_publication(filled, tmp_path):
    home, typed = filled
    outcome = run_report(ia.load(home), Order(home, tmp_path, publish=True, min_teams=1))
    assert [page.error for page in outcome.failed] == []
    everything = bytes_of(tmp_path)
    assert "safeguarding" in everything
    assert [word for word in (*typed.public, *typed.private) if word in everything] == []


def test_the_report_goes_in_the_order_a_manager_reads_and_blanks_say_who_fills_them_in():
    ds = ia.load("example-team-forms")
    team = pages.choose_team(ds, "Team D")
    assert headings_of(exports.report_bytes(ds, team)) == [
        "What is good", "What must change", "Grades, and why", "What is recommended",
        "What the team will do", "What the grades rest on", "What to know about these figures", "Source",
    ]  # fmt: skip
    bare = replace(
        ds,
        gradings=ds.gradings.drop(columns="reasons"),
        findings=ds.findings.iloc[:0],
        actions=ds.actions.iloc[:0],
        evidence=ds.evidence.iloc[:0],
        visits=ds.visits.iloc[:0],
    )
    text = text_of(exports.report_bytes(bare, team))
    assert lacking(pages.FILLED_IN_BY.values(), text) == []
    assert "No action is planned yet: the team's manager fills in the action plan." in text
    note = text_of(exports.note_bytes(bare, team))
    assert re.findall(r"To be filled in by ([\w' ]+):", note) == [
        "the team's manager", "the team's manager with the graders", "the graders"
    ]  # fmt: skip


def headings_of(data):
    document = docx.Document(io.BytesIO(data))
    return [each.text for each in document.paragraphs if each.style.name == "Heading 1"]


def text_of(data):
    document = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(each.text for each in document.paragraphs), *cells])
