"""Dataset folders: what is loaded, what is told, what is refused, and what a name finds."""

from __future__ import annotations

import hashlib
import os
import sys
from pathlib import Path

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError
from improvement_analysis.scale import OFSTED
from improvement_analysis.sources import check_path, find_datasets

COUNTED = {
    "allocation": {"RI": 15, "I": 3, "G": 1},
    "practice": {"RI": 17, "I": 2},
    "monitoring": {"RI": 12, "I": 4, "RI / I": 3},
    "joint_working": {"RI": 14, "G": 2, "no judgement": 3},
    "overall": {"RI": 17, "I": 2},
}


def test_the_published_dataset_is_95_gradings_of_19_teams(ds):
    assert len(ds.gradings) == 95
    assert ia.count_teams(ds.gradings) == 19
    assert len(ds.published) == 25
    by_domain = ia.count_grades(ds.gradings, "domain")
    assert {domain: row[row > 0].to_dict() for domain, row in by_domain.iterrows()} == {
        domain: {grade: n for grade in [*OFSTED.columns] if (n := counted.get(grade))}
        for domain, counted in COUNTED.items()
    }
    teams = ds.published.groupby("service", sort=False)["teams"].max()
    assert teams.to_dict() == {
        "Contact and Referral and Assessment": 3,
        "Safeguarding": 9,
        "LAC Permanency": 3,
        "Care Leaving": 2,
        "Children with Disabilities": 2,
    }
    assert ds.problems == ()


def test_a_dataset_says_what_it_is(ds):
    assert repr(ds) == (
        "Dataset 'worcestershire-2018' (Worcestershire, 2017-18): 95 gradings, 5 services, 43 findings"
    )
    assert ds.services == list(dict.fromkeys(ds.published["service"]))
    assert ds.areas == []
    assert ds.rounds == ["2017-18"]
    assert (len(ds.statements), len(ds.findings), len(ds.deep_dives), len(ds.actions)) == (10, 43, 4, 0)
    about = ds.about
    assert about.source_line == (
        "Essex County Council, Summary report of improvement work by Essex County Council with "
        "Worcestershire "
        "children's social care, 7 February 2018"
    )
    assert about.short_labels["practice"] == "Practice and direct work"
    assert about.labels["overall"] == "Overall conclusion"
    folder = Path(ds.about.name)
    assert folder.name == "worcestershire-2018"
    assert len(ds.checksums) == 5


def test_headlines_and_printed_cells_are_found_by_domain(ds):
    assert ds.headlines("Care Leaving")["monitoring"] == "RI / I"
    assert ds.printed("Safeguarding")["overall"] == "Requires Improvement (7 x RI, 2 x I)"
    assert ds.headlines()["LAC Permanency", "practice"] == "I"
    assert len(ds.standing()) == 95


def test_a_checksum_is_that_of_the_bytes(ds, copy):
    for name, stated in ia.load(copy).checksums.items():
        assert hashlib.sha256((copy / name).read_bytes()).hexdigest() == stated == ds.checksums[name]


def change(path, old, new):
    data = path.read_bytes()
    assert old.encode() in data
    path.write_bytes(data.replace(old.encode(), new.encode(), 1))


def test_a_file_that_was_changed_is_told(copy):
    change(copy / "summary_tables.csv", "RI (9 x RI)", "I (9 x I)")
    (problem,) = ia.load(copy).problems
    assert str(problem) == (
        "summary_tables.csv: found other bytes than source.toml gives the sha256 of, expected "
        "the file as it was "
        "received; if it was changed on purpose, say how in its origin and bring the sha256 up to date"
    )
    assert problem.severity == "warning"
    assert check_path(copy) == [problem]


def test_a_wrong_grade_is_refused_with_its_place(copy):
    change(copy / "summary_tables.csv", "RI (9 x RI)", "R1 (9 x RI)")
    with pytest.raises(SourceError) as caught:
        ia.load(copy)
    errors = [problem for problem in caught.value.problems if problem.severity == "error"]
    assert [str(problem) for problem in errors] == [
        "summary_tables.csv, row 8, column 'grading': found 'R1', expected one of I, RI, G, O, "
        "a split such as "
        "'RI / I', or 'no judgement'; did you mean 'RI'?"
    ]
    assert check_path(copy) == check_path(copy / "source.toml") == list(caught.value.problems)


def test_the_faults_of_all_files_are_told_at_once(copy):
    change(copy / "summary_tables.csv", "RI (9 x RI)", "R1 (9 x RI)")
    change(copy / "statements.csv", ",23,", ",many,")
    change(copy / "statements.csv", "visits_total,", "visitz_total,")
    change(copy / "findings.csv", "f02,strength,", "f02,strong,")
    change(copy / "findings.csv", "f03,strength,structure,,", "f03,,structure,leadership; practice,")
    (copy / "deep_dives.csv").unlink()
    with pytest.raises(SourceError) as caught:
        ia.load(copy)
    errors = [str(problem) for problem in caught.value.problems if problem.severity == "error"]
    assert errors == [
        "deep_dives.csv: found no such file, expected a file that can be read; check the name and the folder",
        "findings.csv, row 3, column 'kind': found 'strong', expected one of strength, vulnerability, "
        "recommendation",
        "findings.csv, row 4, column 'domains': found 'leadership', expected a domain that is declared: "
        "allocation, practice, monitoring, joint_working, overall; another spelling can be "
        "declared as an alias "
        "in source.toml",
        "findings.csv, row 4, column 'kind': found an empty cell, expected a kind",
        "statements.csv, row 2, column 'kind': found 'visitz_total', expected one of visits_total, visits, "
        "deep_dives, workshops",
        "statements.csv, row 2, column 'number': found 'many', expected a whole number",
        "summary_tables.csv, row 8, column 'grading': found 'R1', expected one of I, RI, G, O, "
        "a split such as "
        "'RI / I', or 'no judgement'; did you mean 'RI'?",
    ]


def test_several_names_in_a_cell_are_each_looked_up(copy):
    change(copy / "findings.csv", "f03,strength,structure,,", "f03,strength,structure,practice ;overall,")
    assert ia.load(copy).findings["domains"].tolist()[2] == "practice; overall"


def test_a_side_table_without_a_column_is_refused(copy):
    change(copy / "deep_dives.csv", "subject,", "topic,")
    with pytest.raises(
        SourceError, match=r"deep_dives.csv\n.*\n  row 1: found .*, expected a column 'subject'"
    ):
        ia.load(copy)


def test_files_that_are_not_declared_are_told(copy):
    (copy / "more.csv").write_text("a\n", "utf-8")
    (copy / "~lock.csv").write_text("a\n", "utf-8")
    (copy / "notes.log").write_text("a\n", "utf-8")
    assert [str(problem) for problem in ia.load(copy).problems] == [
        "more.csv: found a file that source.toml does not declare, expected every file "
        "declared; it was not read"
    ]


def test_published_cells_of_two_files_are_one_table(copy):
    text = (copy / "summary_tables.csv").read_text("utf-8").splitlines(keepends=True)
    (copy / "summary_tables.csv").write_text("".join(text[:6]), "utf-8")
    (copy / "second.csv").write_text("".join([text[0], *text[6:]]), "utf-8")
    with (copy / "source.toml").open("a", encoding="utf-8") as source:
        source.write('\n[[files]]\nname = "second.csv"\nkind = "published"\n')
    ds = ia.load(copy)
    assert len(ds.published) == 25
    assert ds.published["source"].tolist()[5] == "second.csv, row 2 (page 6)"
    (copy / "second.csv").write_text("".join([text[0], *text[5:]]), "utf-8")
    with pytest.raises(SourceError) as caught:
        ia.load(copy)
    assert str(caught.value.problems[0]) == (
        "second.csv, row 2: found Contact and Referral and Assessment, overall again, expected "
        "each cell once; "
        "it stands in summary_tables.csv, row 6 (page 6)"
    )


def test_team_gradings_of_two_files_are_one_table(make, tmp_path):
    source = make.source + "".join(f'[[files]]\nname = "{n}.csv"\nkind = "gradings"\n' for n in "ab")
    (tmp_path / "source.toml").write_text(source, "utf-8")
    (tmp_path / "a.csv").write_text(make.csv(make.team_rows(["Team B"])), "utf-8")
    (tmp_path / "b.csv").write_text(make.csv(make.team_rows(["Team A"])), "utf-8")
    ds = ia.load(tmp_path)
    assert ds.gradings["team"].tolist() == ["Team A"] * 5 + ["Team B"] * 5
    assert ds.published.empty
    assert ds.published.columns[0] == "service"
    assert (ds.findings.empty, ds.findings.columns[0]) == (True, "id")
    (tmp_path / "b.csv").write_text(make.csv(make.team_rows(["Team B"])[:2]), "utf-8")
    with pytest.raises(SourceError) as caught:
        ia.load(tmp_path)
    assert str(caught.value) == (
        "1 problem in b.csv\n  row 2: found team 'Team B', domain allocation again, expected "
        "one grading of a "
        "domain in a round; it stands in a.csv, row 2"
    )


def test_a_dataset_without_gradings_is_refused(copy):
    text = (copy / "source.toml").read_text("utf-8")
    start, end = text.index("[[files]]"), text.index('[[files]]\nname = "statements')
    (copy / "source.toml").write_text(text[:start] + text[end:], "utf-8")
    with pytest.raises(SourceError) as caught:
        ia.load(copy)
    assert caught.value.problems[0].file == "source.toml"
    assert caught.value.problems[0].expected == "gradings to load"


# --- which file, which folder --------------------------------------------------------------------


def declare(folder, make, name="teams.csv"):
    (folder / "source.toml").write_text(
        f'{make.source}[[files]]\nname = "{name}"\nkind = "gradings"\n', "utf-8"
    )


@pytest.mark.parametrize("name", ["../outside.csv", "link.csv", "linked/outside.csv"])
def test_a_path_that_leads_out_of_the_folder_is_refused(make, tmp_path, name):
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "outside.csv").write_text(make.csv(make.team_rows()), "utf-8")
    (inner / "link.csv").symlink_to(tmp_path / "outside.csv")
    (inner / "linked").symlink_to(tmp_path)
    declare(inner, make, name)
    with pytest.raises(SourceError) as caught:
        ia.load(inner)
    assert str(caught.value) == (
        f"1 problem in {name}\n  found a path that leads out of the folder, "
        "expected a file inside the dataset's folder"
    )


def test_a_link_within_the_folder_is_followed(make, tmp_path):
    (tmp_path / "kept.csv").write_text(make.csv(make.team_rows()), "utf-8")
    (tmp_path / "teams.csv").symlink_to("kept.csv")
    declare(tmp_path, make)
    assert len(ia.load(tmp_path).gradings) == 10


@pytest.mark.skipif(sys.platform == "win32", reason="pipes as POSIX has them")
def test_what_is_no_regular_file_is_refused_at_once(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    for name in ("pipe.csv", "folder.csv"):
        with pytest.raises(SourceError) as caught:
            ia.read_gradings(tmp_path / name)
        assert str(caught.value) == (
            f"1 problem in {name}\n  found something that is not a regular file, expected a file"
        )


def test_a_file_that_cannot_be_opened_is_refused(tmp_path):
    (tmp_path / "a.csv").symlink_to(tmp_path / "b.csv")
    (tmp_path / "b.csv").symlink_to(tmp_path / "a.csv")
    for name in ("a.csv", "x" * 300 + ".csv", "nul\0.csv"):
        with pytest.raises(SourceError, match="found a file that cannot be read"):
            ia.read_gradings(tmp_path / name)
    with pytest.raises(SourceError, match=r"1 problem in no.csv\n  found no such file"):
        ia.read_gradings(tmp_path / "no.csv")


def test_a_circle_of_links_in_a_dataset_is_refused(make, tmp_path):
    (tmp_path / "teams.csv").symlink_to("teams.csv")
    declare(tmp_path, make)
    with pytest.raises(SourceError, match="found a file that cannot be read"):
        ia.load(tmp_path)


def test_a_file_that_changes_while_it_is_read_is_refused(make, tmp_path, monkeypatch):
    path = tmp_path / "t.csv"
    path.write_text(make.csv(make.team_rows()), "utf-8")
    real, calls = os.fstat, []

    def fstat(descriptor):
        calls.append(descriptor)
        if len(calls) == 2:
            path.write_text("other", "utf-8")
        return real(descriptor)

    monkeypatch.setattr(os, "fstat", fstat)
    with pytest.raises(
        SourceError, match=r"found a file that changed while it was read, expected one that holds"
    ):
        ia.read_gradings(path)


def test_a_large_file_is_refused_unread(place, monkeypatch):
    monkeypatch.setattr("improvement_analysis.sources.formats.files.MOST_BYTES", 10)
    path = place("t.csv", "service,team,domain,grade\n")
    with pytest.raises(SourceError, match="found 26 bytes, expected at most 10 bytes"):
        ia.read_gradings(path)


def test_a_dataset_is_found_by_name_from_a_folder_below(copy, tmp_path, monkeypatch):
    home = tmp_path / "data" / "raw"
    home.mkdir(parents=True)
    copy.rename(home / "mine")
    below = tmp_path / "notebooks" / "deep"
    below.mkdir(parents=True)
    monkeypatch.chdir(below)
    assert ia.load("mine").about.name == "mine"
    assert [path.name for path in find_datasets(home)] == ["mine"]
    assert check_path("mine") == []
    with pytest.raises(SourceError) as caught:
        ia.load("mime")
    (problem,) = caught.value.problems
    assert (problem.file, problem.found) == ("mime", "no such dataset")
    assert problem.expected == "a folder that holds a source.toml"
    assert problem.remedy.startswith("did you mean 'mine'; known are mine")
    assert check_path("mime") == [problem]


def test_a_folder_without_a_declaration_is_no_dataset(tmp_path):
    with pytest.raises(SourceError) as caught:
        ia.load(tmp_path)
    assert caught.value.problems[0].found == "a folder without a source.toml"
    with pytest.raises(SourceError, match="found no such dataset"):
        ia.load(tmp_path / ("x" * 300))
    assert find_datasets(tmp_path / ("x" * 300)) == []


# --- check_path ----------------------------------------------------------------------------------


def test_files_of_a_folder_without_a_declaration_are_checked_one_by_one(make, tmp_path):
    (tmp_path / "good.csv").write_text(make.csv(make.team_rows()), "utf-8")
    (tmp_path / "cells.csv").write_text("service,domain,grading\nX,practice,R1 (1 x RI)\n", "utf-8")
    (tmp_path / "notes.log").write_text("x", "utf-8")
    found = check_path(tmp_path)
    assert [str(problem) for problem in found] == [
        f"{tmp_path}: found a folder without a source.toml, expected a source.toml that declares "
        f"it; its files "
        "were checked one by one, without declared names",
        "cells.csv, row 2, column 'grading': found 'R1', expected one of I, RI, G, O, a split "
        "such as 'RI / I', "
        "or 'no judgement'; did you mean 'RI'?",
    ]


def test_an_empty_folder_is_told(tmp_path):
    (problem,) = check_path(tmp_path)
    assert (problem.found, problem.remedy) == ("a folder without a source.toml", "")


@pytest.mark.parametrize(
    ("name", "text", "found"),
    [
        ("a.csv", "service,domain,grading\nX,practice,RI (1 x RI)\n", []),
        ("a.csv", "service,team,domain,grade\nX,A,practice,RI\n", []),
        ("a.csv", "team,grad\nA,RI\n", ["'team', 'grad'", "'team', 'grad'", "'team', 'grad'"]),
        ("a.txt", "Nothing", ["no gradings"]),
        ("a.json", "{}", ["a file ending in '.json'"]),
        ("no.csv", None, ["no such file"]),
    ],
)
def test_a_file_is_checked_as_what_its_headings_say(place, tmp_path, name, text, found):
    path = place(name, text) if text is not None else tmp_path / name
    said = [problem.found for problem in check_path(str(path)) if problem.severity == "error"]
    assert said == found


def test_a_file_is_checked_as_what_is_declared(place, make):
    source = make.source + '[[files]]\nname = "a.csv"\nkind = "gradings"\n'
    found = check_path(place("a.csv", "service,domain,grading\nX,practice,RI (1 x RI)\n", source))
    assert {problem.expected for problem in found if problem.severity == "error"} == {
        "a column 'team'",
        "a column 'grade'",
    }


def test_a_path_that_cannot_be_looked_at_is_told(tmp_path):
    (problem,) = check_path(tmp_path / ("x" * 300))
    assert problem.found == "a path that cannot be looked at (File name too long)"


def test_frames_survive_a_second_reading(ds, copy):
    pd.testing.assert_frame_equal(ia.load(copy).gradings, ds.gradings)


# --- nothing passes over a file in silence -------------------------------------------------------


def test_files_below_the_folder_that_are_not_declared_are_told(make, tmp_path):
    declare(tmp_path, make)
    (tmp_path / "teams.csv").write_text(make.csv(make.team_rows()), "utf-8")
    for name in ("2024/East/more.XLSX", "2024/notes.log", ".hidden/a.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / "2024" / "back").symlink_to("..")
    assert [str(problem) for problem in ia.load(tmp_path).problems] == [
        "2024/East/more.XLSX: found a file that source.toml does not declare, expected every file declared; "
        "it was not read"
    ]


def unreadable(kind, path):
    if kind == "a pipe":
        os.mkfifo(path)
    elif kind == "a folder":
        path.mkdir()
    else:
        path.symlink_to({"a circle": path.name, "nowhere": "nowhere.toml"}[kind])


@pytest.mark.skipif(sys.platform == "win32", reason="links and pipes as POSIX has them")
@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("a circle", "a file that cannot be read (a link that leads back to itself)"),
        ("nowhere", "no such file"),
        ("a pipe", "something that is not a regular file"),
        ("a folder", "something that is not a regular file"),
    ],
)
def test_a_declaration_that_cannot_be_read_is_said_not_ignored(make, tmp_path, kind, found):
    (tmp_path / "teams.csv").write_text(make.csv(make.team_rows()), "utf-8")
    unreadable(kind, tmp_path / "source.toml")
    for read in (lambda: ia.load(tmp_path), lambda: ia.read_gradings(tmp_path / "teams.csv")):
        with pytest.raises(SourceError) as caught:
            read()
        assert [(each.file, each.found) for each in caught.value.problems] == [("source.toml", found)]
    for path in (tmp_path, tmp_path / "source.toml", tmp_path / "teams.csv"):
        assert [(each.file, each.found) for each in check_path(path)] == [("source.toml", found)]


@pytest.mark.skipif(sys.platform == "win32", reason="links as POSIX has them")
def test_links_in_circles_are_refused_by_name(make, tmp_path):
    (tmp_path / "loop.csv").symlink_to("loop.csv")
    (tmp_path / "home").symlink_to("home")
    for name in ("loop.csv", "home/teams.csv"):
        with pytest.raises(SourceError) as caught:
            ia.read_gradings(tmp_path / name)
        assert str(caught.value) == (
            f"1 problem in {Path(name).name}\n  found a file that cannot be read (a link that leads back to "
            "itself), expected a file that can be read; put what is meant in the link's place"
        )
        assert check_path(tmp_path / name) == list(caught.value.problems)
    with pytest.raises(SourceError, match="found no such dataset"):
        ia.load(tmp_path / "home")
    (tmp_path / "forms").symlink_to("forms")
    declare(tmp_path, make, "forms/*.xlsx")
    toml = tmp_path / "source.toml"
    toml.write_text(toml.read_text("utf-8").replace('"gradings"', '"forms"'), "utf-8")
    with pytest.raises(SourceError) as caught:
        ia.load(tmp_path)
    assert str(caught.value) == (
        "1 problem in forms/*.xlsx\n  found a folder that cannot be looked into (a link that leads back to "
        "itself), expected a folder of forms; put what is meant in the link's place"
    )
