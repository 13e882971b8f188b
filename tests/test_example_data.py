"""The illustrative forms: totals as published, made up throughout, and made again byte for byte."""

from __future__ import annotations

import importlib.util
import io
import re
import sys
import zipfile

import openpyxl
import pytest

import improvement_analysis as ia
from improvement_analysis.actions import list_closed, list_overdue
from improvement_analysis.evidence import EVIDENCE_KINDS
from improvement_analysis.sources.formats.files import SourceFile
from improvement_analysis.sources.forms import form_bytes, read_form, read_forms
from improvement_analysis.sources.forms.archive import pack_parts
from improvement_analysis.sources.forms.folder import form_name
from improvement_analysis.sources.forms.styles import BANNER

FIRST, SECOND = "2017-18", "2018-19"
REDDITCH, WORCESTER, BROMSGROVE = "Redditch/Wychavon", "Worcester/Malvern", "Bromsgrove/Wyre Forest"

#: The 25 published cells, typed from the paper: I, RI / I, RI, G / RI, G, O / G, O, no judgement.
PUBLISHED = {
    "Contact and Referral and Assessment": {
        "allocation": [0, 0, 3, 0, 0, 0, 0, 0],
        "practice": [0, 0, 3, 0, 0, 0, 0, 0],
        "monitoring": [0, 0, 3, 0, 0, 0, 0, 0],
        "joint_working": [0, 0, 3, 0, 0, 0, 0, 0],
        "overall": [0, 0, 3, 0, 0, 0, 0, 0],
    },
    "Safeguarding": {
        "allocation": [3, 0, 5, 0, 1, 0, 0, 0],
        "practice": [0, 0, 9, 0, 0, 0, 0, 0],
        "monitoring": [4, 0, 5, 0, 0, 0, 0, 0],
        "joint_working": [0, 0, 6, 0, 0, 0, 0, 3],
        "overall": [2, 0, 7, 0, 0, 0, 0, 0],
    },
    "LAC Permanency": {
        "allocation": [0, 0, 3, 0, 0, 0, 0, 0],
        "practice": [2, 0, 1, 0, 0, 0, 0, 0],
        "monitoring": [0, 1, 2, 0, 0, 0, 0, 0],
        "joint_working": [0, 0, 3, 0, 0, 0, 0, 0],
        "overall": [0, 0, 3, 0, 0, 0, 0, 0],
    },
    "Care Leaving": {
        "allocation": [0, 0, 2, 0, 0, 0, 0, 0],
        "practice": [0, 0, 2, 0, 0, 0, 0, 0],
        "monitoring": [0, 2, 0, 0, 0, 0, 0, 0],
        "joint_working": [0, 0, 2, 0, 0, 0, 0, 0],
        "overall": [0, 0, 2, 0, 0, 0, 0, 0],
    },
    "Children with Disabilities": {
        "allocation": [0, 0, 2, 0, 0, 0, 0, 0],
        "practice": [0, 0, 2, 0, 0, 0, 0, 0],
        "monitoring": [0, 0, 2, 0, 0, 0, 0, 0],
        "joint_working": [0, 0, 0, 0, 2, 0, 0, 0],
        "overall": [0, 0, 2, 0, 0, 0, 0, 0],
    },
}


@pytest.fixture(scope="module")
def folder(root):
    return root / "data" / "raw" / "example-team-forms"


@pytest.fixture(scope="module")
def example(folder):
    return ia.load(folder)


@pytest.fixture(scope="module")
def first(example):
    """The gradings that count in the first round."""
    return ia.select(example.gradings, round=FIRST, grader="first grader")


@pytest.fixture(scope="module")
def script(folder):
    """The script that made the forms, as a module."""
    spec = importlib.util.spec_from_file_location("make_example", folder / "make.py")
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_example"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["make_example"]


@pytest.fixture(scope="module")
def forms(folder):
    return sorted((folder / "forms").iterdir())


# ---------------------------------------------------------------------------------------- totals as published


def test_the_first_round_s_totals_are_the_published_ones_cell_for_cell(first, ds):
    ours = ia.count_grades(first, ["service", "domain"])
    theirs = ia.count_grades(ds.gradings, ["service", "domain"])
    assert len(ours) == len(theirs) == 25
    for service, cells in PUBLISHED.items():
        for domain, expected in cells.items():
            assert ours.loc[(service, domain)].tolist() == expected, (service, domain)
            assert theirs.loc[(service, domain)].tolist() == expected, (service, domain)


def test_the_overall_conclusion_is_not_worked_out_from_the_domains(example):
    """It is neither always the most frequent grade of a team's domains nor always the worst of them."""
    worst, frequent, visits = 0, 0, 0
    for _, visit in ia.select(example.gradings, grader="first grader").groupby(["round", "team"]):
        grades = dict(zip(visit["domain"], visit["grade"].astype(object), strict=True))
        overall = grades.pop("overall")
        judged = [grade for grade in grades.values() if isinstance(grade, str)]
        visits += 1
        worst += overall == min(judged, key=ia.OFSTED.rank)
        frequent += judged.count(overall) == max(map(judged.count, judged))
    assert visits == 38
    assert worst < 30
    assert frequent < 30


# ------------------------------------------------------------------------------------------- who is where


def test_there_are_nineteen_teams_in_three_areas(first):
    assert sorted(first["team"].unique()) == [f"Team {letter}" for letter in "ABCDEFGHIJKLMNOPQRS"]
    teams = first.drop_duplicates("team").groupby(["service", "area"]).size()
    assert teams.to_dict() == {
        ("Contact and Referral and Assessment", WORCESTER): 2,
        ("Contact and Referral and Assessment", BROMSGROVE): 1,
        ("Safeguarding", REDDITCH): 3,
        ("Safeguarding", WORCESTER): 3,
        ("Safeguarding", BROMSGROVE): 3,
        ("LAC Permanency", REDDITCH): 1,
        ("LAC Permanency", BROMSGROVE): 2,
        ("Care Leaving", REDDITCH): 2,
        ("Children with Disabilities", WORCESTER): 1,
        ("Children with Disabilities", BROMSGROVE): 1,
    }


def test_every_visit_has_every_domain_a_day_and_no_gap(example):
    visits = example.gradings.groupby(["round", "team", "grader"])
    assert set(visits.size()) == {5}
    assert example.gradings["visit_date"].notna().all()
    days = example.gradings.groupby("round")["visit_date"].agg(["min", "max"])
    assert days.astype(str).to_numpy().tolist() == [
        ["2017-08-08", "2018-01-24"],
        ["2018-09-11", "2019-02-12"],
    ]
    assert (example.gradings["visit_date"].dt.day_of_week < 5).all()


def pairings(gradings, area):
    """How many pairings of one area's teams with the others' are higher and lower."""
    rank = ia.OFSTED.rank
    here = [rank(grade) for grade in gradings.loc[gradings["area"] == area, "grade"]]
    there = [rank(grade) for grade in gradings.loc[gradings["area"] != area, "grade"]]
    return sum(a > b for a in here for b in there), sum(a < b for a in here for b in there)


def test_all_services_pooled_and_each_by_itself_point_different_ways(first):
    """The trap that the example is built to show, in performance monitoring."""
    monitoring = ia.select(first, domain="monitoring")
    assert pairings(monitoring, REDDITCH) == (24, 27)
    assert pairings(ia.select(monitoring, service="Safeguarding"), REDDITCH) == (12, 0)
    by = {
        strata: ia.compare_groups(first, "area", REDDITCH, strata=strata).loc[
            "monitoring", "prob_superiority"
        ]
        for strata in (None, "service")
    }
    assert by[None] < 0.5 < by["service"]


# ------------------------------------------------------------------------------------------ a second round


def test_one_team_is_new_and_one_was_closed(example):
    teams = example.gradings.groupby("round")["team"].unique()
    assert set(teams[SECOND]) - set(teams[FIRST]) == {"Team T"}
    assert set(teams[FIRST]) - set(teams[SECOND]) == {"Team O"}
    assert len(teams[SECOND]) == 19


def test_grades_move_modestly_and_both_ways(example):
    firsts = ia.select(example.gradings, grader="first grader").dropna(subset="grade")
    grades = firsts.pivot(index=["team", "domain"], columns="round", values="grade").dropna()
    ranks = grades.astype(object).map(ia.OFSTED.rank)
    moves = ranks[SECOND] - ranks[FIRST]
    assert len(moves) == 87
    assert (int((moves > 0).sum()), int((moves == 0).sum()), int((moves < 0).sum())) == (23, 57, 7)
    assert moves.abs().max() <= 2, "no grade moves further than one whole step"


def test_some_teams_have_a_second_grader_who_is_near_the_first(example):
    both = example.gradings[example.gradings["grader"] == "second grader"]
    assert both.drop_duplicates(["round", "team"]).groupby("round").size().to_dict() == {FIRST: 9, SECOND: 9}
    found = ia.rater_agreement(example.gradings, "first grader", "second grader")
    assert (found["agree"] < found["n_pairs"]).all()
    assert (found["within_one"] == found["n_pairs"]).all()


def test_plans_hold_every_case_that_a_page_has_to_tell(example):
    actions = example.actions
    assert set(actions["status"].dropna()) >= {"in progress", "closed", "stopped"}
    assert actions["status"].isna().any()
    assert set(list_closed(actions)["on_time"]) == {True, False}
    on = example.gradings["visit_date"].max().date().replace(month=3, day=31)
    overdue = list_overdue(actions, on)
    assert 0 < len(overdue) < actions.drop_duplicates(["round", "team", "number"]).shape[0]
    assert actions["quarter"].dropna().nunique() >= 4


def test_findings_are_strengths_vulnerabilities_and_recommendations(example):
    assert example.findings.groupby("kind").size().to_dict() == {
        "strength": 38, "vulnerability": 38, "recommendation": 38
    }  # fmt: skip
    assert example.findings["id"].is_unique


# ------------------------------------------------------------------------------------- made up, and says so


def test_the_dataset_says_that_it_is_made_up(example):
    assert example.about.illustrative
    assert "illustrative" in repr(example)
    assert set(example.gradings["authority"]) == {"Worcestershire (illustrative)"}
    assert example.published.empty
    assert example.problems == ()


def test_every_form_says_so_on_every_sheet(forms, example):
    assert len(forms) == 38
    for path in forms:
        data = path.read_bytes()
        assert read_form(SourceFile(path.name, data), example.about).form.illustrative
        sheets = openpyxl.load_workbook(io.BytesIO(data)).worksheets
        assert [sheet["A3"].value for sheet in sheets] == [BANNER] * 7
        assert [sheet.oddHeader.right.text for sheet in sheets] == [BANNER] * 7


def test_every_sentence_says_so(example):
    sentences = [*example.findings["text"], *example.actions["action"], *example.actions["measure"]]
    sentences += list(example.actions["outcome"].dropna())
    sentences += [*example.gradings["reasons"].dropna(), *example.evidence["text"]]
    assert len(sentences) > 200
    assert [text for text in sentences if not text.startswith("Made up: ")] == []


def test_every_grade_of_a_first_grader_has_its_reasons_and_every_visit_its_evidence(example):
    firsts = ia.select(example.gradings, grader="first grader")
    assert firsts["reasons"].notna().all()
    assert len(example.visits) == 38
    assert set(example.evidence["kind"]) == set(EVIDENCE_KINDS.names)
    records = example.evidence[example.evidence["kind"] == "records read"]
    assert len(records) == 38
    assert records["number"].between(6, 12).all()


def test_private_notes_are_on_some_forms_and_in_no_table(example, script):
    assert {form.private_notes for form in script.forms()} == set(script.PRIVATE_NOTES)
    tables = (example.gradings, example.findings, example.actions, example.evidence, example.visits)
    assert not any("larger room" in table.to_csv() for table in tables)


def test_nobody_is_named(example):
    assert set(example.actions["role"].dropna()) == {
        "team manager", "practice lead", "service manager", "group manager"
    }  # fmt: skip
    assert all(re.fullmatch("Team [A-T]", team) for team in example.gradings["team"].unique())


# ------------------------------------------------------------------------------------------ made once more


def test_the_script_makes_the_same_forms_again(script, forms):
    made = {form_name(form): form_bytes(form, script.about()) for form in script.forms()}
    kept = {path.name: path.read_bytes() for path in forms}
    assert made.keys() == kept.keys()
    for name, data in kept.items():
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = {part: package.read(part) for part in package.namelist()}
        with zipfile.ZipFile(io.BytesIO(made[name])) as package:
            assert {part: package.read(part) for part in package.namelist()} == parts, name
        assert made[name] == pack_parts(parts), name
        # Another version of zlib may pack the same parts into other bytes than are kept.
        assert made[name] == data or pack_parts(parts) != data, name


def test_another_seed_makes_other_forms(script, monkeypatch):
    monkeypatch.setattr(script, "SEED", script.SEED + 1)
    other = script.forms()
    monkeypatch.undo()
    assert [form.grades for form in other] != [form.grades for form in script.forms()]


def test_the_folder_is_small_and_its_checksum_is_declared(folder, forms, example):
    assert sum(path.stat().st_size for path in forms) < 1_500_000
    (declared,) = example.about.files
    assert declared.sha256 == read_forms(folder, declared.name, example.about).sha256
