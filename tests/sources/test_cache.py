"""A remembered dataset is the loaded one, and only while its files are as they were."""

import os
from dataclasses import fields

import pandas as pd
import pytest

from improvement_analysis import SourceError, load
from improvement_analysis.sources import cache


@pytest.fixture
def kept(copy):
    """A dataset's folder that is remembered for as long as the test lasts."""
    cache.remember(copy)
    yield copy
    cache._KEPT.clear()


def test_nobody_remembers_unasked(copy):
    load(copy)
    assert cache.recall(copy) is None


def test_what_is_remembered_is_what_would_be_loaded(kept, monkeypatch):
    remembered = load(kept)
    with monkeypatch.context() as patch:
        patch.setattr(cache, "_KEPT", {})
        anew = load(kept)
    assert remembered.gradings is not anew.gradings
    for part in fields(anew):
        one, other = (getattr(each, part.name) for each in (remembered, anew))
        if isinstance(one, pd.DataFrame):
            pd.testing.assert_frame_equal(one, other)
        else:
            assert repr(one) == repr(other)


def test_it_is_read_once(kept, monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("read anew")

    monkeypatch.setattr("improvement_analysis.sources.loading.read_file", refuse)
    assert len(load(kept).gradings) == 95
    monkeypatch.chdir(kept.parent)
    assert load(kept.name).loaded_from == kept.name


def test_what_a_reader_does_to_it_is_not_remembered(kept):
    first = load(kept)
    first.gradings.loc[:, "team"] = "X"
    first.gradings["more"] = 1
    first.checksums.clear()
    again = load(kept)
    assert "more" not in again.gradings
    assert again.gradings["team"].isna().all()
    assert again.checksums


def test_a_changed_file_gives_the_new_data_even_with_the_old_size_and_time(kept):
    path, inadequate = kept / "summary_tables.csv", (load(kept).gradings["grade"] == "I").sum()
    text, state = path.read_text(encoding="utf-8"), path.stat()
    path.write_text(text.replace("5 x RI, 3 x I", "3 x RI, 5 x I", 1), encoding="utf-8")
    os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))
    assert path.stat().st_size == state.st_size
    assert (load(kept).gradings["grade"] == "I").sum() == inadequate + 2


def test_a_file_that_is_spoilt_gone_or_new_is_noticed(kept):
    (kept / "more.csv").write_text("a,b\n", encoding="utf-8")
    assert any("more.csv" in str(problem) for problem in load(kept).problems)
    (kept / "more.csv").unlink()
    assert cache.recall(kept) is not None
    outside = kept.parent / "outside.csv"
    (kept / "findings.csv").rename(outside)
    with pytest.raises(SourceError, match=r"findings\.csv"):
        load(kept)
    (kept / "findings.csv").symlink_to(outside)
    with pytest.raises(SourceError, match="leads out of the folder"):
        load(kept)


def test_what_cannot_be_loaded_is_not_remembered(kept):
    (kept / "summary_tables.csv").unlink()
    with pytest.raises(SourceError):
        cache.remember(kept)
    assert cache._KEPT == {}


def test_a_dataset_that_changes_while_it_is_loaded_is_not_remembered(copy, monkeypatch):
    def load_and_change(folder):
        loaded = load(folder)
        with (copy / "findings.csv").open("a", encoding="utf-8") as file:
            file.write("\n")
        return loaded

    monkeypatch.setattr("improvement_analysis.sources.loading.load", load_and_change)
    assert len(cache.remember(copy).gradings) == 95
    assert cache.recall(copy) is None


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="such a thing cannot be made here")
def test_what_holds_no_bytes_is_known_by_its_kind_and_waited_for_by_nobody(kept):
    os.mkfifo(kept / "notes")
    assert cache.recall(kept) is None
    cache.remember(kept)
    assert cache.recall(kept) is not None
    (kept / "notes").unlink()
    (kept / "notes").write_bytes(b"")
    assert cache.recall(kept) is None


@pytest.mark.skipif(os.name != "posix", reason="a link that leads to itself")
def test_a_folder_that_cannot_be_looked_through_is_not_remembered(copy):
    (copy / "round").symlink_to("round")
    cache.remember(copy)
    assert cache.recall(copy) is None
    assert cache._KEPT == {}
