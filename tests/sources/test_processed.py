"""The tidy tables as files: the same bytes for the same data, whole or not at all."""

from __future__ import annotations

import csv

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
