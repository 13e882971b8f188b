"""The tidy tables as files: the same bytes for the same data, whole or not at all."""

from __future__ import annotations

import csv

import pytest

from improvement_analysis import SourceWarning, cli, read_gradings
from improvement_analysis.sources import build_tables, load, write_tables


def test_the_tables_are_written_as_they_are_and_twice_alike(ds, tmp_path):
    tables = build_tables(ds)
    assert list(tables) == ["gradings", "published", "statements", "findings", "deep_dives"]
    written = write_tables(tables, tmp_path / "new" / "folder")
    first = {path.name: path.read_bytes() for path in written}
    assert {
        path.name: path.read_bytes() for path in write_tables(tables, tmp_path / "new" / "folder")
    } == first
    assert sorted(path.name for path in (tmp_path / "new" / "folder").iterdir()) == sorted(first)
    with written[0].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 95
    assert {row["grade"] for row in rows} == {"I", "RI / I", "RI", "G", ""}
    assert b"\r" not in first["gradings.csv"]


def test_days_are_written_year_first(make, tmp_path):
    source = make.source + '[[files]]\nname = "t.csv"\nkind = "gradings"\n'
    (tmp_path / "source.toml").write_text(source, "utf-8")
    (tmp_path / "t.csv").write_text(make.csv(make.team_rows(["A"])), "utf-8")
    (path, *others) = write_tables(build_tables(load(tmp_path)), tmp_path / "out")
    assert others == []
    assert ",2017-09-04,allocation,RI," in path.read_text("utf-8")


def test_a_built_table_holds_no_formula_and_is_read_back_as_it_was(make, tmp_path):
    """Through the command, from a file that holds formulas as texts to one that a reader takes again."""
    reasons = ['=HYPERLINK("x")', "- as the team said", "＝1", "plain", "'=1"]
    marked = ['\'=HYPERLINK("x")', "'- as the team said", "'＝1", "plain", "''=1"]
    rows = [[*row, text] for row, text in zip(make.team_rows(["A"]), ["reasons", *reasons], strict=True)]
    source = make.source + '[[files]]\nname = "t.csv"\nkind = "gradings"\n'
    folder, out = tmp_path / "data", tmp_path / "out"
    folder.mkdir()
    (folder / "source.toml").write_text(source, "utf-8")
    (folder / "t.csv").write_text(make.csv([*rows[:-1], [*rows[-1][:-1], "''=1"]]), "utf-8")
    assert load(folder).gradings["reasons"].tolist() == reasons
    assert cli.main(["build", str(folder), "-o", str(out), "--quiet"]) == 0
    built = out / "data" / "gradings.csv"
    with built.open(encoding="utf-8", newline="") as file:
        assert [row["reasons"] for row in csv.DictReader(file)] == marked
    with pytest.warns(SourceWarning, match="found 2 columns that are not known"):
        assert read_gradings(built)["reasons"].tolist() == reasons
