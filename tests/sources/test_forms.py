"""The team diagnostic form: what is written is read back, bytes hold still, every fault names its cell."""

from __future__ import annotations

import ast
import doctest
import hashlib
import io
import json
import os
import random
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import improvement_analysis as ia
from improvement_analysis.about import About
from improvement_analysis.actions import STATUS_WORDS
from improvement_analysis.cli import main
from improvement_analysis.errors import SourceError
from improvement_analysis.evidence import EVIDENCE_KINDS
from improvement_analysis.frameworks import DOMAINS
from improvement_analysis.palette import contrast
from improvement_analysis.scale import Scale
from improvement_analysis.sources import check_path
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.formats.reading import read_document
from improvement_analysis.sources.forms import (
    FormEvidence,
    FormFinding,
    PlannedAction,
    Progress,
    TeamForm,
    blank_forms,
    form_bytes,
    is_form,
    read_form,
    read_forms,
    write_form,
    write_forms,
)
from improvement_analysis.sources.forms.layout import CURRENT, FINDING_KINDS, LAYOUTS
from improvement_analysis.sources.forms.preparation import prepare
from improvement_analysis.vocabulary import Domain, Term, Vocabulary

AREAS = Vocabulary("area", [Term("Redditch/Wychavon"), Term("Worcester/Malvern", ("Worcester and Malvern",))])
SERVICES = Vocabulary("service", [Term("Safeguarding", ("Safeguarding Teams",)), Term("Care Leaving")])
ABOUT = About("example", authority="Anyshire", round="2017-18", areas=AREAS, services=SERVICES)
KEYS = [domain.key for domain in DOMAINS]

GRADES = {
    "allocation": "I",
    "practice": "RI / I",
    "monitoring": "RI",
    "joint_working": "no judgement",
    "overall": "RI",
}
FORM = TeamForm(
    authority="Anyshire",
    round="2017-18",
    area="Redditch/Wychavon",
    service="Safeguarding",
    team="Team A",
    visit_date=date(2017, 10, 2),
    graders="two team managers",
    partner_graders="a head of service",
    grades=GRADES,
    second_grades={**GRADES, "allocation": "RI", "joint_working": "G"},
    reasons={"practice": "Plans are late.\nSome are missing."},
    evidence=(
        FormEvidence("records read", "Six files, two of them closed.", "practice", 6),
        FormEvidence("families heard"),
    ),
    private_notes="A room with a better light, next time.",
    findings=(
        FormFinding("strength", "Cases are allocated at once.", "allocation"),
        FormFinding("vulnerability", "Supervision is late."),
        FormFinding("recommendation", "Hold it monthly.", "monitoring"),
    ),
    actions=(
        PlannedAction(
            1,
            "Plan supervision a year ahead",
            "monitoring",
            "team manager",
            date(2018, 3, 1),
            "A date for each worker and month",
            date(2018, 5, 31),
            (Progress(1, "in progress", "Half of it"), Progress(3, "closed")),
        ),
        PlannedAction(2, "Look at caseloads", role="practice lead", due=date(2018, 1, 31)),
    ),
)


def as_file(data, name="form.xlsx"):
    return SourceFile(name, data)


def read(form=FORM, about=ABOUT):
    return read_form(as_file(form_bytes(form, about)), about)


def edited(edit, form=FORM, about=ABOUT):
    """A form's bytes after *edit* has been at its workbook, as a hand would."""
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(form, about)))
    edit(book)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def told(edit, form=FORM, about=ABOUT):
    """What is said of a form after *edit*, a line a problem, without the file's name."""
    reading = read_form(as_file(edited(edit, form, about)), about)
    return [
        said(problem).replace("form.xlsx, ", "").replace("form.xlsx: ", "") for problem in reading.problems
    ]


def said(problem):
    return f"{'warning: ' * (problem.severity == 'warning')}{problem}"


def setting(sheet, cell, value):
    """An edit that puts a value into a cell."""

    def edit(book):
        book[sheet][cell] = value

    return edit


# ------------------------------------------------------------------------------------ written and read back


def test_a_form_is_read_back_as_it_was_written():
    reading = read()
    assert reading.problems == ()
    assert reading.form == FORM
    assert reading.version == 2


def test_every_row_has_its_file_sheet_and_cell():
    places = read().places
    assert places["grade", "practice"] == "form.xlsx, sheet 'Grades', cell B6"
    assert places["second_grade", "overall"] == "form.xlsx, sheet 'Grades', cell C9"
    assert places["finding", 2] == "form.xlsx, sheet 'Strengths and vulnerabilities', cell B7"
    assert places["action", 2] == "form.xlsx, sheet 'Action plan', cell B6"


def test_a_form_without_second_grader_findings_or_plan_is_whole():
    bare = replace(FORM, second_grades={}, reasons={}, findings=(), actions=(), partner_graders="", area="")
    bare = replace(bare, evidence=(), private_notes="")
    assert read(bare).problems == ()
    assert read(bare).form == bare


texts = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co"), include_characters="\n"),
    min_size=1,
    max_size=40,
).filter(lambda text: "x005F_" not in text and "_x" not in text and text.strip())
grade_texts = st.sampled_from([*ia.OFSTED.columns, "not inspected", "N/A", "requires improvement", "g/ri"])
domains = st.none() | st.sampled_from(KEYS)
days = st.none() | st.dates(date(2017, 11, 1), date(2030, 1, 1))
outcomes = st.just("") | texts
progress = st.lists(
    st.builds(Progress, st.integers(1, 4), st.sampled_from(STATUS_WORDS.names), outcomes),
    max_size=4,
    unique_by=lambda each: each.quarter,
).map(lambda found: tuple(sorted(found, key=lambda each: each.quarter)))
actions = st.lists(
    st.builds(
        PlannedAction,
        number=st.integers(1, 999),
        action=texts,
        domain=domains,
        role=st.sampled_from(["", "team manager", "practice lead", "Anyshire's head of quality"]),
        due=days,
        measure=outcomes,
        closed_on=days,
        progress=progress,
    ),
    max_size=4,
    unique_by=lambda each: each.number,
).map(tuple)
whole_grades = st.fixed_dictionaries(dict.fromkeys(KEYS, grade_texts))
some_forms = st.builds(
    TeamForm,
    authority=st.sampled_from(["", "Anyshire"]),
    round=st.sampled_from(["", "2017-18", "Round 2"]),
    area=st.sampled_from(["", "Worcester and Malvern", "redditch / wychavon"]),
    service=st.sampled_from(["Safeguarding", "safeguarding teams"]),
    team=st.sampled_from(["Team A", "007", "N/A", "North 1/2", "Équipe"]),
    visit_date=st.dates(date(2017, 10, 1), date(2017, 12, 31)),
    graders=st.sampled_from(["", "two team managers", "assistant director"]),
    grades=whole_grades,
    second_grades=st.just({}) | whole_grades,
    reasons=st.dictionaries(st.sampled_from(KEYS), texts),
    evidence=st.lists(
        st.builds(
            FormEvidence,
            st.sampled_from(EVIDENCE_KINDS.names),
            outcomes,
            domains,
            st.none() | st.integers(0, 99),
        ),
        max_size=3,
    ).map(tuple),
    private_notes=outcomes,
    findings=st.lists(
        st.builds(FormFinding, st.sampled_from(FINDING_KINDS.names), texts, domains), max_size=4
    ).map(tuple),
    actions=actions,
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(some_forms)
def test_whatever_is_written_is_read_back(form):
    try:
        meant = prepare(form, ABOUT)
    except SourceError as fault:
        if any("without words" not in str(problem) for problem in fault.problems):
            raise
        return  # a text of marks that are not letters is no finding
    reading = read(form)
    assert [p for p in reading.problems if p.severity == "error"] == []
    assert reading.form == meant


@pytest.mark.parametrize(
    "text", ["=1+1", "+44", "-", "@x", "'quoted", "007", "TRUE", "1e5", "#REF!", "01/02/2018"]
)
def test_a_text_stays_a_text_whatever_it_looks_like(text):
    form = replace(FORM, findings=(FormFinding("strength", text),))
    assert read(form).form.findings == (FormFinding("strength", text),)
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(form, ABOUT)))
    assert book["Strengths and vulnerabilities"]["B5"].data_type == "s"


def test_another_scale_and_other_domains_have_their_own_form():
    scale = Scale(("low", "mid", "high"), ("Low", "Middle", "High"), "mid", "three points")
    own = (Domain("voice", "The child's voice", "Voice"), Domain("plan", "Planning", "Planning"))
    about = About("other", authority="Anyshire", round="2020", scale=scale, domains=own)
    form = TeamForm(service="Fostering", team="Team B", visit_date=date(2020, 5, 4), round="2020")
    form = replace(form, authority="Anyshire", grades={"voice": "mid / low", "plan": "High"})
    reading = read(form, about)
    assert reading.problems == ()
    assert reading.form.grades == {"voice": "mid / low", "plan": "high"}
    lists = openpyxl.load_workbook(io.BytesIO(form_bytes(form, about)))["Lists"]
    assert [lists.cell(row, 1).value for row in range(5, 11)] == [
        "low", "mid / low", "mid", "high / mid", "high", "no judgement"
    ]  # fmt: skip


# --------------------------------------------------------------------------------------------- steady bytes


def test_two_runs_give_the_same_bytes():
    assert form_bytes(FORM, ABOUT) == form_bytes(FORM, ABOUT)
    assert form_bytes(TeamForm(), ABOUT) == form_bytes(TeamForm(), ABOUT)


@pytest.mark.parametrize(
    ("seed", "zone"), [("1", "UTC"), ("2", "Pacific/Kiritimati"), ("3", "America/New_York")]
)
def test_bytes_do_not_depend_on_hash_seed_zone_or_day(seed, zone):
    code = (
        "import datetime, hashlib, time\n"
        "from improvement_analysis.sources.forms import TeamForm, form_bytes\n"
        "from improvement_analysis.about import About\n"
        "form = TeamForm(service='Safeguarding', team='Team A', visit_date=datetime.date(2017, 10, 2))\n"
        "print(hashlib.sha256(form_bytes(form, About('example'))).hexdigest())"
    )
    env = {**os.environ, "PYTHONHASHSEED": seed, "TZ": zone}
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, capture_output=True, encoding="utf-8", timeout=60, check=True
    )
    form = TeamForm(service="Safeguarding", team="Team A", visit_date=date(2017, 10, 2))
    assert done.stdout.strip() == hashlib.sha256(form_bytes(form, About("example"))).hexdigest()


def test_no_part_of_a_workbook_tells_when_or_by_whom_it_was_made():
    with zipfile.ZipFile(io.BytesIO(form_bytes(FORM, ABOUT))) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        core = package.read("docProps/core.xml").decode()
        written = b"".join(package.read(name) for name in package.namelist())
    assert "created" not in core
    assert "modified" not in core
    assert b"openpyxl" not in written


# ------------------------------------------------------------------------------------- pleasant to fill in


@pytest.fixture(scope="module")
def book():
    return openpyxl.load_workbook(io.BytesIO(form_bytes(FORM, ABOUT)))


def choices_of(book, sheet, cell):
    """The words of the drop-down of a cell."""
    rules = [rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref]
    assert len(rules) == 1
    assert rules[0].showErrorMessage
    where, cells = rules[0].formula1.split("!")
    return [cell.value for row in book[where][cells.replace("$", "")] for cell in row]


def test_sheets_stand_in_the_order_of_work(book):
    assert book.sheetnames == [
        "Read me", "Visit", "Evidence", "Grades", "Strengths and vulnerabilities", "Action plan", "Lists"
    ]  # fmt: skip
    assert {sheet.sheet_state for sheet in book} == {"visible"}


@pytest.mark.parametrize("cell", [f"{letter}{row}" for letter in "BC" for row in range(5, 10)])
def test_every_grade_is_chosen_from_the_whole_scale(book, cell):
    assert choices_of(book, "Grades", cell) == [
        "I", "RI / I", "RI", "G / RI", "G", "O / G", "O", "no judgement"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("sheet", "cell", "words"),
    [
        ("Visit", "B6", ["Redditch/Wychavon", "Worcester/Malvern"]),
        ("Visit", "B7", ["Safeguarding", "Care Leaving"]),
        ("Strengths and vulnerabilities", "A5", ["strength", "vulnerability", "recommendation"]),
        ("Strengths and vulnerabilities", "C19", [domain.short for domain in DOMAINS]),
        ("Action plan", "C14", [domain.short for domain in DOMAINS]),
        ("Action plan", "G5", ["not started", "in progress", "closed", "stopped"]),
        ("Action plan", "M14", ["not started", "in progress", "closed", "stopped"]),
    ],
)
def test_other_words_are_chosen_from_lists(book, sheet, cell, words):
    assert choices_of(book, sheet, cell) == words


def test_days_are_days(book):
    for sheet, cell in [("Visit", "B10"), ("Action plan", "E5"), ("Action plan", "O14")]:
        rules = [rule for rule in book[sheet].data_validations.dataValidation if cell in rule.sqref]
        assert [rule.type for rule in rules] == ["date"]
        assert book[sheet][cell].number_format == "d mmmm yyyy"


def test_only_what_is_to_be_filled_in_is_open(book):
    open_cells = {
        sheet.title: {
            cell.coordinate for row in sheet.iter_rows() for cell in row if not cell.protection.locked
        }
        for sheet in book
    }
    assert all(sheet.protection.sheet and sheet.protection.password is None for sheet in book)
    assert open_cells["Read me"] == open_cells["Lists"] == set()
    assert open_cells["Visit"] == {f"B{row}" for row in range(5, 15)}
    assert open_cells["Grades"] == {f"{letter}{row}" for letter in "BCD" for row in range(5, 10)}
    assert "A5" not in open_cells["Action plan"]
    assert {"B5", "O14"} <= open_cells["Action plan"]


def test_sheets_can_be_read_out_and_printed(book):
    for sheet in book:
        assert sheet["A1"].value, "a title"
        assert sheet["A1"].font.size > 11
        assert not sheet.merged_cells.ranges
        assert sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.print_area
        assert sheet.oddFooter.right.text == "Page &P of &N"
        if sheet.title != "Read me":
            assert sheet.freeze_panes in ("A5", "B5", "C5")
            assert sheet.print_title_rows == "$4:$4"
            assert [cell.value for cell in sheet[4] if cell.value is None] == [], "headings without a gap"


def test_letters_stand_out_from_their_ground(book):
    checked = 0
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value is None:
                    continue
                ground = "ffffff" if cell.fill.fill_type is None else cell.fill.start_color.rgb[-6:]
                assert contrast(f"#{cell.font.color.rgb[-6:]}", f"#{ground}") >= 12
                checked += 1
    assert checked > 150


BANNER = "Illustrative: made-up data. No real team was visited or graded."


def test_a_made_up_form_says_so_on_every_sheet_and_printed_page():
    about = replace(ABOUT, illustrative=True)
    data = form_bytes(replace(FORM, illustrative=True), about)
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        assert sheet["A3"].value == BANNER
        assert sheet.oddHeader.right.text == BANNER
    assert read_form(as_file(data), about).form.illustrative


def test_a_real_form_does_not(book):
    for sheet in book:
        assert sheet["A3"].value is None
        assert sheet.oddHeader.right.text is None


def test_a_long_list_gets_more_rows():
    findings = tuple(FormFinding("strength", f"Finding {n}") for n in range(40))
    plan = tuple(PlannedAction(n, f"Action {n}", role="team manager") for n in range(1, 31))
    form = replace(FORM, findings=findings, actions=plan)
    book = openpyxl.load_workbook(io.BytesIO(form_bytes(form, ABOUT)))
    assert choices_of(book, "Strengths and vulnerabilities", "A47") == list(FINDING_KINDS.names)
    assert read(form).form == form


def test_rows_grow_when_more_is_typed_into_them():
    """Excel keeps a row's height for good where the file says customHeight."""
    with zipfile.ZipFile(io.BytesIO(form_bytes(FORM, ABOUT))) as package:
        sheet = package.read("xl/worksheets/sheet4.xml")
    assert b' ht="' in sheet
    assert b"customHeight" not in sheet


# -------------------------------------------------------------------------------- typed past the drop-downs


@pytest.mark.parametrize(
    ("typed", "grade"),
    [
        ("requires improvement", "RI"),
        (" ri ", "RI"),
        ("I/RI", "RI / I"),
        ("Good / Requires improvement", "G / RI"),
        ("not judged", "not judged"),
        ("-", "-"),
    ],
)
def test_a_grade_typed_in_its_own_spelling_is_understood(typed, grade):
    reading = read_form(as_file(edited(setting("Grades", "B5", typed))), ABOUT)
    assert reading.problems == ()
    assert reading.form.grades["allocation"] == grade


@pytest.mark.parametrize(
    "typed", ["2/10/2017", "2 October 2017", "2017-10-02", datetime(2017, 10, 2), date(2017, 10, 2)]
)
def test_a_day_typed_as_text_is_read_day_first(typed):
    reading = read_form(as_file(edited(setting("Visit", "B10", typed))), ABOUT)
    assert reading.problems == ()
    assert reading.form.visit_date == date(2017, 10, 2)


def test_other_spellings_of_kinds_and_statuses_are_understood():
    def edit(book):
        book["Strengths and vulnerabilities"]["A5"] = "Strengths"
        book["Action plan"]["K5"] = "Done"
        book["Visit"]["B7"] = "safeguarding  teams"

    form = read_form(as_file(edited(edit)), ABOUT).form
    assert form == FORM


def test_line_ends_of_every_kind_are_one():
    form = read_form(as_file(edited(setting("Grades", "D6", "one_x000D_\ntwo \r\n three\n\n"))), ABOUT).form
    assert form.reasons["practice"] == "one\ntwo\nthree"


def test_rows_and_columns_may_be_moved():
    """A sheet is read by its labels and headings, not by where they stand."""

    def edit(book):
        visit = book["Visit"]
        visit.insert_rows(5)
        grades = book["Grades"]
        grades.move_range("A5:D5", rows=6)
        grades.move_range("C4:C11", cols=4)

    reading = read_form(as_file(edited(edit)), ABOUT)
    assert reading.problems == ()
    assert reading.form == FORM


# ---------------------------------------------------------------------------------------------- old versions


def old_form():
    """A form of version 0: no version on it, four sheets under other names, fewer columns."""
    book = openpyxl.Workbook()
    visit = book.active
    visit.title = "Visit details"
    for row in [
        ("Team diagnostic visit",),
        ("Locality", "Redditch/Wychavon"),
        ("Service", "Safeguarding"),
        ("Team", "Team A"),
        ("Round", "2017-18"),
        ("Visit date", date(2017, 10, 2)),
    ]:
        visit.append(row)
    judgements = book.create_sheet("Judgements")
    judgements.append(("Domain", "Judgement"))
    for domain in DOMAINS:
        judgements.append((domain.title, GRADES[domain.key]))
    findings = book.create_sheet("Findings")
    findings.append(("Kind", "Finding"))
    findings.append(("Strength", "Cases are allocated at once."))
    plan = book.create_sheet("Actions")
    plan.append(("Action", "Who", "By when", "Success measure"))
    plan.append(("Look at caseloads", "practice lead", date(2018, 1, 31), None))
    plan.append(("Plan supervision", "team manager", "01/03/2018", "A date for each worker"))
    return book


def saved(book):
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def test_a_form_of_the_first_version_is_still_read():
    reading = read_form(as_file(saved(old_form())), ABOUT)
    assert reading.problems == ()
    assert reading.version == 0
    assert reading.form == TeamForm(
        round="2017-18",
        area="Redditch/Wychavon",
        service="Safeguarding",
        team="Team A",
        visit_date=date(2017, 10, 2),
        grades=GRADES,
        findings=(FormFinding("strength", "Cases are allocated at once."),),
        actions=(
            PlannedAction(1, "Look at caseloads", role="practice lead", due=date(2018, 1, 31)),
            PlannedAction(
                2, "Plan supervision", None, "team manager", date(2018, 3, 1), "A date for each worker"
            ),
        ),
    )


def test_faults_of_an_old_form_are_told_by_its_own_words():
    book = old_form()
    book["Judgements"]["B3"] = "R1"
    book["Visit details"]["A4"] = "Name of the team"
    found = [str(problem) for problem in read_form(as_file(saved(book), "old.xlsx"), ABOUT).problems]
    assert found == [
        "old.xlsx, sheet 'Judgements', cell B3: found 'R1', expected one of I, RI, G, O, a split such as "
        "'RI / I', or 'no judgement'; did you mean 'RI'?",
        "old.xlsx, sheet 'Visit details': found no row 'Team', expected every row of the form; copy the "
        "entries into a fresh form",
        "old.xlsx, sheet 'Visit details', cell B4: found 'Team A' beside the form's own cells, expected an "
        "empty cell; it was not read",
    ]


def test_versions_are_kept_newest_first_and_told_apart():
    assert [layout.version for layout in LAYOUTS] == [2, 1, 0]
    assert CURRENT is LAYOUTS[0]
    sheets = [set(layout.sheets) for layout in LAYOUTS]
    assert sheets[0] & sheets[2] == set()


def test_a_form_of_version_1_is_still_read(root):
    """One that was handed out before there was a sheet for evidence, kept as it was written."""
    reading = read_form(root / "tests" / "data" / "forms" / "version-1.xlsx", ABOUT)
    assert reading.problems == ()
    assert (reading.version, reading.form) == (1, replace(FORM, evidence=(), private_notes=""))


# ---------------------------------------------------------------------- every fault, in so many words


def faults():
    """Each fault by its name: what is done to a good form, and what is said of it."""
    found = {}
    text = (Path(__file__).parents[1] / "data" / "sources" / "form_faults.txt").read_text("utf-8")
    for part in text.split("\n== ")[1:]:
        name, *lines = part.strip().splitlines()
        edits = [line[2:] for line in lines if line.startswith("  ")]
        found[name] = (edits, [line[2:] for line in lines if line.startswith("> ")])
    return found


FAULTS = faults()


def do(edit, book):
    """Do to a workbook what a line of the list of faults says."""
    place, _, value = edit.partition(" = ")
    if value:
        sheet, _, cell = place.partition("!")
        day = value.startswith("day ")
        book[sheet][cell] = date.fromisoformat(value[4:]) if day else ast.literal_eval(value)
    elif place.endswith(" merged"):
        sheet, _, cells = place.removesuffix(" merged").partition("!")
        book[sheet].merge_cells(cells)
    elif place.endswith(" hidden"):
        book[place.removesuffix(" hidden")].sheet_state = "hidden"
    elif place.endswith(" added"):
        book.create_sheet(place.removesuffix(" added")).append(["seen"])
    elif "!" in place:
        sheet, _, row = place.removesuffix(" deleted").partition("!")
        book[sheet].delete_rows(int(row))
    else:
        book.remove(book[place.removesuffix(" deleted")])


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_is_told_in_so_many_words(fault):
    edits, expected = FAULTS[fault]
    assert sorted(told(lambda book: [do(edit, book) for edit in edits])) == sorted(expected)


def test_a_day_after_publication_is_refused():
    about = replace(ABOUT, published=date(2017, 9, 30))
    assert told(lambda book: None, about=about) == [
        "sheet 'Visit', cell B10: found the day 02/10/2017, expected a day up to 30/09/2017, the day "
        "of publication in source.toml"
    ]


def test_a_real_form_among_made_up_ones_is_told():
    about = replace(ABOUT, illustrative=True)
    assert told(lambda book: None, about=about) == [
        "warning: sheet 'Visit', cell B15: found a form that is not marked as made up, expected "
        "made-up forms only: source.toml says illustrative = true"
    ]


def test_all_faults_of_a_form_are_told_at_once():
    edits = ["Visit!B8 = None", "Grades!B5 = '?'", "Action plan!E5 = 'soon'"]
    assert len(told(lambda book: [do(edit, book) for edit in edits])) == 3


def test_nothing_is_kept_of_a_cell_that_is_refused():
    reading = read_form(as_file(edited(setting("Visit", "B11", "Ann Example"))), ABOUT)
    assert reading.form.graders == ""
    assert not reading.is_sound
    assert "Ann" not in repr(reading)


def test_a_workbook_of_another_kind_is_no_form():
    book = openpyxl.Workbook()
    book.active.append(["service", "domain", "grading"])
    found = [str(problem) for problem in read_form(as_file(saved(book)), ABOUT).problems]
    assert found == [
        "form.xlsx: found a workbook with the sheets 'Sheet', expected a team diagnostic form, with the "
        "sheets "
        "'Visit', 'Evidence', 'Grades', 'Strengths and vulnerabilities', 'Action plan'"
    ]
    assert not is_form(read_document(as_file(saved(book)))[0])
    assert is_form(read_document(as_file(form_bytes(FORM, ABOUT)))[0])
    assert is_form(read_document(as_file(saved(old_form())))[0])


def test_a_file_that_is_not_there_is_a_problem_and_no_exception(tmp_path):
    reading = read_form(tmp_path / "gone.xlsx", ABOUT)
    assert [str(problem) for problem in reading.problems] == [
        "gone.xlsx: found no such file, expected a file that can be read; check the name and the folder"
    ]


@pytest.mark.parametrize("seed", range(4))
def test_broken_bytes_end_in_problems(seed):
    """Whatever is done to the bytes, reading ends in problems or in the form itself."""
    data, dice = form_bytes(FORM, ABOUT), random.Random(seed)
    for _ in range(60):
        spoilt = bytearray(data)
        for _ in range(dice.choice([1, 3, 40])):
            spoilt[dice.randrange(len(spoilt))] = dice.randrange(256)
        if dice.random() < 0.2:
            del spoilt[dice.randrange(len(spoilt)) :]
        reading = read_form(as_file(bytes(spoilt)), ABOUT)
        assert reading.problems or reading.form == FORM


# ------------------------------------------------------------------------------------- what cannot be written


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (replace(FORM, service="Fostering"), "'Fostering', expected a service that is declared"),
        (replace(FORM, area="Malvern"), "'Malvern', expected an area that is declared"),
        (replace(FORM, graders="Ann Example"), "what may be a person's name, expected a role"),
        (replace(FORM, grades={**GRADES, "practice": "R1"}), "'R1', expected one of I, RI, G, O"),
        (replace(FORM, grades={"speed": "RI"}), "the domain 'speed', expected one of allocation, practice"),
        (
            replace(FORM, findings=(FormFinding("praise", "x"),)),
            "the kind 'praise', expected one of strength",
        ),
        (replace(FORM, findings=(FormFinding("strength", " "),)), "a finding without words, expected a text"),
        (replace(FORM, findings=(FormFinding("strength", "a\x07"),)), r"a text that holds '\x07', expected"),
        (
            replace(FORM, reasons={"practice": "x" * 40_000}),
            "a text of 40,000 letters, expected at most 32,767",
        ),
        (
            replace(FORM, actions=(PlannedAction(0, "x"),)),
            "the number 0 of an action, expected a whole number",
        ),
        (replace(FORM, actions=(PlannedAction(1, ""),)), "action 1 without words, expected a text"),
        (
            replace(FORM, actions=(PlannedAction(1, "x", progress=(Progress(5, "closed"),)),)),
            "progress in the quarters [5], expected quarters 1 to 4, each once, in order",
        ),
        (
            replace(FORM, actions=(PlannedAction(1, "x", progress=(Progress(1, "amber"),)),)),
            "the status 'amber', expected one of not started, in progress, closed, stopped",
        ),
        (
            replace(FORM, actions=(PlannedAction(1, "x", domain="speed"),)),
            "the domain 'speed', expected one of allocation, practice",
        ),
        (replace(FORM, visit_date=date(1917, 1, 1)), "1917-01-01, expected a day between 1990 and 2100"),
    ],
)
def test_what_could_not_be_read_back_is_not_written(form, said):
    with pytest.raises(SourceError) as caught:
        form_bytes(form, ABOUT)
    assert str(caught.value).startswith("1 problem in a form to be written\n  found ")
    assert said in str(caught.value)


def test_actions_of_one_number_are_not_written():
    with pytest.raises(SourceError) as caught:
        form_bytes(replace(FORM, actions=(PlannedAction(1, "x"), PlannedAction(1, "y"))), ABOUT)
    assert "found the number 1 for two actions, expected each action's own number" in str(caught.value)


# ------------------------------------------------------------------------------------------ a folder of forms

TOML = """
title = "A test"
authority = "Anyshire"
round = "2017-18"

[[files]]
name = "forms/*.xlsx"
kind = "forms"
{sha256}
[[services]]
name = "Safeguarding"
[[services]]
name = "Care Leaving"
[[areas]]
name = "Redditch/Wychavon"
[[areas]]
name = "Worcester/Malvern"
"""


@pytest.fixture
def folder(tmp_path):
    """Lay out a dataset of forms: file names and forms (or bytes) in, its folder out."""

    def lay(forms, sha256=""):
        (tmp_path / "forms").mkdir()
        (tmp_path / "source.toml").write_text(TOML.format(sha256=sha256), "utf-8")
        for name, form in forms.items():
            data = form if isinstance(form, bytes) else form_bytes(form, ABOUT)
            (tmp_path / "forms" / name).write_bytes(data)
        return tmp_path

    return lay


SECOND = replace(
    FORM,
    evidence=(),
    service="Care Leaving",
    team="Team B",
    area="Worcester/Malvern",
    second_grades={},
    findings=(),
    actions=(),
    grades=dict.fromkeys(KEYS, "G"),
)


def test_one_folder_of_forms_becomes_one_dataset(folder):
    ds = ia.load(folder({"b.xlsx": SECOND, "a.xlsx": FORM}))
    assert ds.problems == ()
    assert len(ds.gradings) == 15
    assert ds.services == ["Safeguarding", "Care Leaving"]
    assert ds.areas == ["Redditch/Wychavon", "Worcester/Malvern"]
    assert ds.published.empty
    first = ds.gradings.iloc[[0, 1, 6]].astype(object)
    assert first.where(first.notna(), None).to_numpy().tolist() == [
        [
            "Anyshire", "2017-18", "Redditch/Wychavon", "Safeguarding", "Team A", pd.Timestamp("2017-10-02"),
            "allocation", "I", None, "first grader", "first", None,
            "forms/a.xlsx, sheet 'Grades', cell B5",
        ],
        [
            "Anyshire", "2017-18", "Redditch/Wychavon", "Safeguarding", "Team A", pd.Timestamp("2017-10-02"),
            "allocation", "RI", None, "second grader", "second", None,
            "forms/a.xlsx, sheet 'Grades', cell C5",
        ],
        [
            "Anyshire", "2017-18", "Redditch/Wychavon", "Safeguarding", "Team A", pd.Timestamp("2017-10-02"),
            "joint_working", None, "no judgement", "first grader", "first", None,
            "forms/a.xlsx, sheet 'Grades', cell B8",
        ],
    ]  # fmt: skip
    assert set(ds.checksums) == {"source.toml", "forms/a.xlsx", "forms/b.xlsx"}


def test_forms_are_meant_in_any_case_and_with_macros(folder):
    home = folder({"b.XLSX": SECOND, "A.Xlsm": FORM, "._b.XLSX": b"\0\5\x16\7"})
    ds = ia.load(home)
    assert len(ds.gradings) == 15
    assert [str(problem) for problem in ds.problems] == [
        "forms/._b.XLSX: found a file that a Mac leaves beside those it copies, expected forms alone; "
        "it was passed over; delete it"
    ]
    (home / "forms" / "more").mkdir()
    (home / "forms" / "A.Xlsm").rename(home / "forms" / "more" / "a.xlsx")
    told = [str(problem) for problem in ia.load(home).problems]
    assert told[1:] == [
        "forms/more/a.xlsx: found a file that source.toml does not declare, expected every file declared; "
        "it was not read"
    ]


def test_findings_name_their_service_area_team_and_domain(folder):
    found = ia.load(folder({"a.xlsx": FORM})).findings
    assert found.astype(object).where(found.notna(), None).to_numpy().tolist() == [
        [
            "a-1", "strength", "Case allocation and workload", "allocation", "Safeguarding",
            "Redditch/Wychavon", "Cases are allocated at once.", None,
            "forms/a.xlsx, sheet 'Strengths and vulnerabilities', cell B5", "Team A", "2017-18",
        ],
        [
            "a-2", "vulnerability", "the team as a whole", None, "Safeguarding", "Redditch/Wychavon",
            "Supervision is late.", None,
            "forms/a.xlsx, sheet 'Strengths and vulnerabilities', cell B6", "Team A", "2017-18",
        ],
        [
            "a-3", "recommendation", "Performance monitoring", "monitoring", "Safeguarding",
            "Redditch/Wychavon", "Hold it monthly.", None,
            "forms/a.xlsx, sheet 'Strengths and vulnerabilities', cell B7", "Team A", "2017-18",
        ],
    ]  # fmt: skip


def test_actions_have_a_row_for_each_quarter_that_was_reported(folder):
    actions = ia.load(folder({"a.xlsx": FORM})).actions
    due, closed_on = pd.Timestamp("2018-03-01"), pd.Timestamp("2018-05-31")
    kept = actions[["number", "role", "due", "closed_on", "quarter", "status", "outcome"]].astype(object)
    assert kept.where(kept.notna(), None).to_numpy().tolist() == [
        [1, "team manager", due, closed_on, "2017-18 Q4", "in progress", "Half of it"],
        [1, "team manager", due, closed_on, "2018-19 Q2", "closed", None],
        [2, "practice lead", pd.Timestamp("2018-01-31"), None, None, None, None],
    ]
    assert actions["source"].tolist()[2] == "forms/a.xlsx, sheet 'Action plan', cell B6"


def test_a_form_without_a_round_is_of_the_dataset_s(folder):
    ds = ia.load(folder({"a.xlsx": replace(FORM, round="", authority="")}))
    assert set(ds.gradings["round"]) == {"2017-18"}
    assert set(ds.gradings["authority"]) == {"Anyshire"}


def test_forms_stand_beside_other_files(folder, make):
    home = folder({"a.xlsx": FORM})
    rows = make.team_rows(("Team C",))
    (home / "more.csv").write_text(make.csv(rows), "utf-8")
    with (home / "source.toml").open("a", encoding="utf-8") as stream:
        stream.write('[[files]]\nname = "more.csv"\nkind = "gradings"\n')
    ds = ia.load(home)
    assert sorted(set(ds.gradings["team"])) == ["Team A", "Team C"]
    assert len(ds.gradings) == 15
    assert ds.gradings["reasons"].dropna().tolist() == ["Plans are late.\nSome are missing."]


def test_evidence_and_roles_of_graders_become_tables(folder):
    ds = ia.load(folder({"a.xlsx": FORM}))
    kept = ds.evidence[["team", "stage", "kind", "domain", "number", "text", "source"]].astype(object)
    assert kept.where(kept.notna(), None).to_numpy().tolist() == [
        [
            "Team A", "first", "records read", "practice", 6, "Six files, two of them closed.",
            "forms/a.xlsx, sheet 'Evidence', cell A5",
        ],
        ["Team A", "first", "families heard", None, None, None, "forms/a.xlsx, sheet 'Evidence', cell A6"],
    ]  # fmt: skip
    kept = ds.visits[["round", "team", "visit_date", "stage", "graders", "partner_graders", "source"]]
    assert kept.astype(str).to_numpy().tolist() == [
        [
            "2017-18", "Team A", "2017-10-02", "first", "two team managers", "a head of service",
            "forms/a.xlsx, sheet 'Visit', cell B11",
        ],
    ]  # fmt: skip
    every = [ds.gradings, ds.findings, ds.actions, ds.evidence, ds.visits]
    assert "A room" not in " ".join(table.to_csv() for table in every), "notes that stay private"


def test_reasons_evidence_and_visits_come_from_csv_too(folder, make, tmp_path_factory):
    ds = ia.load(folder({"a.xlsx": FORM}))
    other = tmp_path_factory.mktemp("again")
    for name in ("evidence", "visits"):
        getattr(ds, name).drop(columns="source").to_csv(other / f"{name}.csv", index=False)
    header, *rows = make.team_rows(("Team A",))
    reasons = [[*header, "reasons"], *([*row, "Plans are late."] for row in rows)]
    (other / "gradings.csv").write_text(make.csv(reasons), "utf-8")
    begin, _, rest = TOML.format(sha256="").partition("[[files]]")
    declared = "".join(
        f'[[files]]\nname = "{name}.csv"\nkind = "{name}"\n' for name in ("gradings", "evidence", "visits")
    )
    (other / "source.toml").write_text(begin + declared + rest[rest.index("[[services]]") :], "utf-8")
    again = ia.load(other)
    assert again.problems == ()
    assert set(again.gradings["reasons"]) == {"Plans are late."}
    for name in ("evidence", "visits"):
        ours, theirs = (getattr(each, name).drop(columns="source") for each in (ds, again))
        pd.testing.assert_frame_equal(ours, theirs)
    assert again.evidence["source"].tolist() == ["evidence.csv, row 2", "evidence.csv, row 3"]
    with (other / "evidence.csv").open("a", encoding="utf-8") as stream:
        stream.write("Anyshire,2017-18,,Safeguarding,Team A,,last,rumour,,,x\n")
    assert [problem.removeprefix("evidence.csv, ") for problem in problems_of(other)] == [
        "row 4, column 'kind': found 'rumour', expected one of records read, practice observed, families "
        "heard, staff heard, data",
        "row 4, column 'stage': found 'last', expected a stage that is declared: first, second, agreed, "
        "moderated; another spelling can be declared as an alias in source.toml",
    ]


def problems_of(home):
    return [said(problem) for problem in check_path(home)]


def test_two_forms_of_one_visit_are_refused(folder):
    assert problems_of(folder({"a.xlsx": FORM, "b.xlsx": replace(FORM, findings=())})) == [
        "forms/b.xlsx: found team 'Team A' of Safeguarding in the round 2017-18 again, expected one "
        "form for a "
        "visit; the other is forms/a.xlsx"
    ]


def test_a_later_round_of_one_team_is_no_second_form(folder):
    later = replace(FORM, round="2018-19", visit_date=date(2018, 10, 2), actions=())
    ds = ia.load(folder({"a.xlsx": FORM, "b.xlsx": later}))
    assert ds.problems == ()
    assert set(ds.gradings["round"]) == {"2017-18", "2018-19"}


def test_a_team_in_two_areas_is_told(folder):
    other = replace(FORM, area="Worcester/Malvern", round="2018-19", visit_date=date(2018, 10, 2), actions=())
    assert problems_of(folder({"a.xlsx": FORM, "b.xlsx": other})) == [
        "warning: forms/b.xlsx: found team 'Team A' of Safeguarding in area 'Worcester/Malvern', in "
        "forms/a.xlsx "
        "in 'Redditch/Wychavon', expected one area for a team; two teams of one name need a word that "
        "tells them "
        "apart"
    ]


def test_names_alike_are_told_and_never_merged(folder):
    one, other = replace(FORM, team="Northfield"), replace(FORM, team="Northfeild")
    home = folder({"a.xlsx": one, "b.xlsx": other})
    assert problems_of(home) == [
        "warning: forms/a.xlsx: found team 'Northfield' of Safeguarding, expected 'Northfeild' as in "
        "forms/b.xlsx, if it is the same team; both are kept"
    ]
    assert set(ia.load(home).gradings["team"]) == {"Northfield", "Northfeild"}


def test_faults_of_all_forms_are_told_at_once(folder):
    bad = {
        f"{name}.xlsx": edited(setting("Grades", "B5", name), replace(FORM, team=name))
        for name in ("R1", "R2")
    }
    with pytest.raises(SourceError) as caught:
        ia.load(folder(bad))
    assert [problem.file for problem in caught.value.problems] == ["forms/R1.xlsx", "forms/R2.xlsx"]


def test_forms_that_lack_a_team_are_not_taken_for_one_another(folder):
    lacking = edited(setting("Visit", "B8", None))
    found = problems_of(folder({"a.xlsx": lacking, "b.xlsx": lacking}))
    assert found == [
        f"forms/{name}.xlsx, sheet 'Visit', cell B8: found an empty cell, expected a team" for name in "ab"
    ]


def test_the_mark_of_an_open_form_is_no_form(folder):
    home = folder({"a.xlsx": FORM, "~$a.xlsx": b"x"})
    assert problems_of(home) == [
        "warning: forms/~$a.xlsx: found the mark of a form that is open, expected forms that are "
        "closed; close it "
        "in Excel; what was saved last is read"
    ]


def test_an_empty_folder_is_refused(folder):
    assert problems_of(folder({})) == [
        "forms/*.xlsx: found no such file, expected a team diagnostic form; check the name in "
        "source.toml and the "
        "folder"
    ]


@pytest.mark.parametrize("pattern", ["forms/*.xls", "gone/*.xlsx", "forms/\0/*.xlsx", "forms/b.xlsx", ""])
def test_a_pattern_that_means_no_file_is_refused(folder, pattern):
    found = read_forms(folder({"a.xlsx": FORM}), pattern, ABOUT)
    assert [problem.found for problem in found.problems] == ["no such file"]


@pytest.mark.parametrize("pattern", ["../*.xlsx", "/tmp/*.xlsx", "forms/../../*.xlsx"])
def test_forms_outside_the_folder_are_refused(tmp_path, pattern):
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.xlsx").write_bytes(form_bytes(FORM, ABOUT))
    found = read_forms(tmp_path / "in", pattern, ABOUT)
    assert found.readings == ()
    assert [str(problem) for problem in found.problems] == [
        f"{pattern}: found a path that leads out of the folder, expected files inside the dataset's folder"
    ]


@pytest.mark.skipif(not hasattr(os, "symlink") or os.name == "nt", reason="links need rights there")
def test_a_link_out_of_the_folder_is_refused(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.xlsx"
    outside.write_bytes(form_bytes(SECOND, ABOUT))
    home = folder({"a.xlsx": FORM})
    (home / "forms" / "b.xlsx").symlink_to(outside)
    assert problems_of(home) == [
        "forms/b.xlsx: found a path that leads out of the folder, expected a file inside the dataset's folder"
    ]


def test_a_changed_form_no_longer_has_its_checksum(folder):
    home = folder({"a.xlsx": FORM, "b.xlsx": SECOND})
    told_ = read_forms(home, "forms/*.xlsx", ABOUT).sha256
    lines = "".join(
        f"{hashlib.sha256((home / 'forms' / name).read_bytes()).hexdigest()}  forms/{name}\n"
        for name in ("a.xlsx", "b.xlsx")
    )
    assert told_ == hashlib.sha256(lines.encode()).hexdigest()
    (home / "source.toml").write_text(TOML.format(sha256=f'sha256 = "{told_}"'), "utf-8")
    assert problems_of(home) == []
    (home / "forms" / "b.xlsx").write_bytes(form_bytes(replace(SECOND, graders="practice lead"), ABOUT))
    assert problems_of(home) == [
        "warning: forms/*.xlsx: found other bytes than source.toml gives the sha256 of, expected the "
        "file as it "
        "was received; if it was changed on purpose, say how in its origin and bring the sha256 up to date"
    ]


def test_one_form_is_checked_by_the_words_of_its_dataset(folder):
    home = folder({"a.xlsx": edited(setting("Visit", "B7", "Safegarding"))})
    found = [str(problem) for problem in check_path(home / "forms" / "a.xlsx")]
    assert len(found) == 1
    assert found[0].startswith("a.xlsx, sheet 'Visit', cell B7: found 'Safegarding', expected a service")


def test_a_form_without_a_dataset_is_told_to_be_one(tmp_path):
    path = tmp_path / "below" / "further" / "a.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(form_bytes(FORM, ABOUT))
    assert [str(problem) for problem in check_path(path)] == [
        "a.xlsx: found a team diagnostic form without the source.toml of its dataset, expected a form "
        "in a folder "
        "that holds a source.toml, or one below it; put it there: its domains and services are declared there"
    ]


# --------------------------------------------------------------------------------------------- writing files


def test_a_form_that_is_there_is_never_overwritten(tmp_path):
    path = write_form(tmp_path / "new" / "form.xlsx", ABOUT, FORM)
    before = path.read_bytes()
    with pytest.raises(SourceError) as caught:
        write_form(path, ABOUT)
    assert str(caught.value) == (
        f"1 problem in {path}\n  found a file of this name, expected none; it may be filled in: move it "
        "away or "
        "choose another name"
    )
    assert path.read_bytes() == before


def test_of_several_forms_none_is_written_where_one_is_there(tmp_path):
    (tmp_path / "2017-18-care-leaving-team-b.xlsx").write_bytes(b"filled in")
    with pytest.raises(SourceError, match="found a file of this name, expected none"):
        write_forms(tmp_path, ABOUT, [FORM, SECOND])
    assert [path.name for path in tmp_path.iterdir()] == ["2017-18-care-leaving-team-b.xlsx"]


def test_two_forms_of_one_name_are_refused(tmp_path):
    with pytest.raises(SourceError, match="found two forms of this name, expected one"):
        write_forms(tmp_path, ABOUT, [FORM, replace(FORM, area="")])
    assert list(tmp_path.iterdir()) == []


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(SourceError, match="found a place that cannot be written to"):
        write_form(tmp_path / "file" / "form.xlsx", ABOUT)


def test_forms_of_a_made_up_dataset_are_marked(tmp_path):
    about = replace(ABOUT, illustrative=True)
    paths = write_forms(tmp_path, about, [replace(FORM, illustrative=False)])
    assert read_form(paths[0], about).form.illustrative
    paths = write_forms(tmp_path / "real", ABOUT, [replace(FORM, illustrative=True)])
    assert not read_form(paths[0], ABOUT).form.illustrative


def test_every_known_team_gets_a_blank_form(folder):
    ds = ia.load(folder({"a.xlsx": FORM, "b.xlsx": SECOND}))
    assert blank_forms(ds, round="2018-19") == [
        TeamForm(round="2018-19", area="Redditch/Wychavon", service="Safeguarding", team="Team A"),
        TeamForm(round="2018-19", area="Worcester/Malvern", service="Care Leaving", team="Team B"),
    ]
    assert [form.team for form in blank_forms(ds, service="safeguarding")] == ["Team A"]
    assert blank_forms(ds, team="Team Z", service="Safeguarding") == [
        TeamForm(round="2017-18", service="Safeguarding", team="Team Z")
    ]


def test_a_dataset_that_names_no_team_gets_one_blank_form(ds):
    assert blank_forms(ds) == [TeamForm(round="2017-18")]


def test_the_command_writes_forms_and_never_over_them(folder, capsys, tmp_path):
    home = folder({"a.xlsx": FORM, "b.xlsx": SECOND})
    out = tmp_path / "out"
    order = ["form", "--dataset", str(home), "--round", "2018-19", "-o", str(out)]
    assert main(order) == 0
    names = ["2018-19-care-leaving-team-b.xlsx", "2018-19-safeguarding-team-a.xlsx"]
    assert sorted(path.name for path in out.iterdir()) == names
    assert sorted(capsys.readouterr().out.splitlines()) == [str(out / name) for name in names]
    form = read_form(out / names[1], ia.load(home).about).form
    assert (form.authority, form.round, form.team, form.area) == (
        "Anyshire", "2018-19", "Team A", "Redditch/Wychavon"
    )  # fmt: skip
    assert main(order) == 3
    assert "it may be filled in: move it away or choose another folder" in capsys.readouterr().err


def test_the_command_writes_for_a_new_team_and_says_so(folder, capsys, tmp_path):
    home = folder({"a.xlsx": FORM})
    order = ["form", "--dataset", str(home), "--team", "Team Z", "--service", "Safeguarding", "-o"]
    assert main([*order, str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [
        "No grading names Team Z: the form is for a new team."
    ]
    assert main([*order, str(tmp_path / "quiet"), "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    assert main([*order, str(tmp_path / "json"), "--json"]) == 0
    written = json.loads(capsys.readouterr().out)
    assert written == [str(tmp_path / "json" / "2017-18-safeguarding-team-z.xlsx")]


def test_the_command_refuses_an_unknown_service(folder, capsys, tmp_path):
    home = folder({"a.xlsx": FORM})
    order = ["form", "--dataset", str(home), "--service", "Safegarding", "-o", str(tmp_path / "out")]
    assert main(order) == 3
    assert "did you mean 'Safeguarding'?" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


# ------------------------------------------------------------------------------------------- forms by stage


def test_a_second_grader_and_what_both_agree_have_forms_of_their_own(folder, capsys, tmp_path_factory):
    home = folder({"a.xlsx": replace(FORM, second_grades={}), "b.xlsx": SECOND})
    out = tmp_path_factory.mktemp("out")
    order = ["form", "--dataset", str(home), "--team", "Team A", "-o", str(out)]
    assert main([*order, "--stage", "second"]) == 0
    (blank,) = out.iterdir()
    assert blank.name == "2017-18-safeguarding-team-a-second.xlsx"
    book = openpyxl.load_workbook(blank)
    assert "Action plan" not in book.sheetnames
    assert [cell.value for cell in book["Grades"][4]] == [
        "Quality domain", "Grade", "Grades given so far", "Reasons in a sentence or two"
    ]  # fmt: skip
    assert [book["Visit"][cell].value for cell in ("B10", "B13")] == [datetime(2017, 10, 2), "second"]
    assert [row[2].value for row in book["Grades"].iter_rows(5, 9)] == [None] * 5, "graded independently"
    for row, grade in enumerate(["RI", "RI", "RI", "G", "RI"], start=5):
        book["Grades"].cell(row, 2).value = grade
    book["Grades"]["D5"] = "Fewer waits than in spring."
    book.save(home / "forms" / "second.xlsx")

    assert main([*order, "--stage", "agreed"]) == 0
    book = openpyxl.load_workbook(out / "2017-18-safeguarding-team-a-agreed.xlsx")
    assert book["Grades"]["C5"].value == "first grader: I\nsecond grader: RI"
    assert book["Grades"]["C5"].protection.locked
    book["Grades"]["B5"] = "RI"
    book["Grades"]["D5"] = "Both looked at the list again."
    book["Visit"]["B11"] = "head of service"
    book.save(home / "forms" / "agreed.xlsx")
    ds = ia.load(home)
    assert ds.problems == ()
    own = ds.gradings[(ds.gradings["team"] == "Team A") & (ds.gradings["domain"] == "allocation")]
    assert own[["stage", "grader", "grade", "reasons"]].astype(object).fillna("").to_numpy().tolist() == [
        ["first", "first grader", "I", ""],
        ["agreed", "graders together", "RI", "Both looked at the list again."],
        ["second", "second grader", "RI", "Fewer waits than in spring."],
    ]
    stands = ds.standing().set_index(["team", "domain"]).loc[("Team A", "allocation")]
    assert (stands["grade"], stands["stage"]) == ("RI", "agreed")
    assert ds.visits[["team", "stage", "graders"]].to_numpy().tolist()[1] == [
        "Team A", "agreed", "head of service"
    ]  # fmt: skip

    (home / "forms" / "twice.xlsx").write_bytes((home / "forms" / "second.xlsx").read_bytes())
    assert problems_of(home) == [
        "forms/twice.xlsx: found team 'Team A' of Safeguarding in the round 2017-18 again at the stage "
        "'second', expected one form for a visit and stage; the other is forms/second.xlsx"
    ]
    (home / "forms" / "twice.xlsx").unlink()
    capsys.readouterr()
    assert main([*order, "--stage", "final"]) == 3
    assert (
        "unknown stage 'final'; known are 'first', 'second', 'agreed', 'moderated'" in capsys.readouterr().err
    )


# --------------------------------------------------------------------------------------------------- the page


@pytest.fixture(scope="module")
def page(root):
    return root / "docs" / "team-forms.md"


def test_the_page_s_examples_run(page):
    found = doctest.testfile(str(page), module_relative=False, encoding="utf-8", report=False)
    assert found.attempted > 8
    assert found.failed == 0


def test_the_page_names_everything_that_is_on_a_form(page):
    text = page.read_text("utf-8")
    said = [*CURRENT.sheets, *CURRENT.visit.headings, *CURRENT.grades.headings, *CURRENT.findings.headings]
    said += [heading for heading in CURRENT.actions.headings if not heading.startswith("Quarter")]
    assert [name for name in said if f"`{name}`" not in text] == []
    assert [word for word in (*FINDING_KINDS.names, *STATUS_WORDS.names) if word not in text] == []
    assert [sheet for sheet in LAYOUTS[1].sheets if f"`{sheet}`" not in text] == []


def test_the_page_names_every_option_of_the_command(page, capsys):
    with pytest.raises(SystemExit):
        main(["form", "--help"])
    options = set(re.findall("--[a-z]+", capsys.readouterr().out)) - {
        "--help",
        "--json",
        "--quiet",
        "--output",
    }
    assert options == {"--dataset", "--kind", "--team", "--service", "--area", "--round", "--stage"}
    assert [option for option in options if option not in page.read_text("utf-8")] == []
