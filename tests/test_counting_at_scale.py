"""Counting and selecting many gradings: the numbers are pandas', however many groups, gaps and types."""

import os
import subprocess
import sys
import threading
import tracemalloc

import numpy as np
import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import OFSTED, GradingsError
from improvement_analysis.counts import combinations
from improvement_analysis.machine import count_cores
from improvement_analysis.scale import NO_JUDGEMENT

ROWS = 300_000
DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]


def name(kind, n):
    return [f"{kind} {number:05}" for number in range(n)]


def drawn(n_rows=ROWS, *, areas=3, services=20, teams=400, seed=20180207):
    """Made-up gradings with gaps in area, team and grade; a tenth of the services is never graded."""
    random = np.random.default_rng(seed)

    def codes(n, low=-1):
        return random.integers(low, n, n_rows).astype(np.int32)

    return pd.DataFrame(
        {
            "area": pd.Categorical.from_codes(codes(areas), name("Area", areas)),
            "service": pd.Categorical.from_codes(
                codes(services - services // 10, low=0), name("Service", services)
            ),
            "team": pd.Categorical.from_codes(codes(teams), name("Team", teams)),
            "domain": pd.Categorical.from_codes(codes(len(DOMAINS), low=0), DOMAINS, ordered=True),
            "grade": pd.Categorical.from_codes(codes(len(OFSTED.categories)), dtype=OFSTED.dtype),
        }
    )


@pytest.fixture(scope="module")
def gradings():
    return drawn()


def counted_by_pandas(gradings, keys):
    """``{(name, ..., grade): n}`` without the zeros; a missing name is None, a missing grade no judgement."""
    said = gradings[[*keys, "grade"]].astype(object)
    said["grade"] = said["grade"].where(said["grade"].notna(), NO_JUDGEMENT)
    sizes = said.groupby([*keys, "grade"], dropna=False, sort=False).size()
    return {tuple(None if pd.isna(part) else part for part in place): int(n) for place, n in sizes.items()}


def spelt_out(table):
    """The same of a table of counts."""
    places = [place if isinstance(place, tuple) else (place,) for place in table.index]
    return {
        (*(None if pd.isna(part) else part for part in place), grade): int(n)
        for place, row in zip(places, table.to_numpy(), strict=True)
        for grade, n in zip(table.columns, row, strict=True)
        if n
    }


BY = [
    ["service"],
    ["service", "domain"],
    ["domain", "service"],
    ["area", "service", "domain"],
    ["area", "team"],
    ["area", "service", "team", "domain"],
]


@pytest.mark.parametrize("keys", BY, ids="-".join)
@pytest.mark.parametrize("kind", ["category", "str"])
def test_counts_are_those_of_pandas(gradings, keys, kind):
    frame = gradings.astype(dict.fromkeys(keys, kind))
    table = ia.count_grades(frame, keys)
    assert spelt_out(table) == counted_by_pandas(gradings, keys)
    assert table.to_numpy().sum() == ROWS
    assert (table.dtypes == "int64").all()
    assert list(table.columns) == list(OFSTED.columns)
    assert table.index.is_unique
    assert table.sum(axis=1).gt(0).all()


def test_more_combinations_than_counters_are_counted_all_the_same(gradings):
    keys = ["area", "service", "team", "domain"]
    assert combinations.MOST_COUNTERS >= 4 * 21 * 401 * 6 * 8
    many = drawn(50_000, services=300, teams=4_000)
    assert combinations.MOST_COUNTERS < 4 * 301 * 4_001 * 6 * 8
    assert spelt_out(ia.count_grades(many, keys)) == counted_by_pandas(many, keys)


@pytest.mark.parametrize("kind", ["category", "str"])
def test_few_and_many_counters_give_one_table(gradings, kind, monkeypatch):
    keys = ["area", "service", "team"]
    frame = gradings.astype(dict.fromkeys(keys, kind))
    roomy = ia.count_grades(frame, keys)
    monkeypatch.setattr(combinations, "MOST_COUNTERS", 0)
    pd.testing.assert_frame_equal(ia.count_grades(frame, keys), roomy)


@pytest.mark.parametrize("rows", [1, 7, 299_999, 300_000, 300_001])
def test_the_parts_may_be_of_any_length(gradings, rows, monkeypatch):
    whole = ia.count_grades(gradings, ["area", "domain"])
    monkeypatch.setattr(combinations, "_ROWS", rows)
    pd.testing.assert_frame_equal(ia.count_grades(gradings, ["area", "domain"]), whole)


def test_more_groups_than_a_64_bit_number_can_tell_apart():
    keys = [f"key {number}" for number in range(12)]
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {key: pd.Categorical.from_codes(random.integers(-1, 90, 500), name("Name", 90)) for key in keys}
    )
    frame["grade"] = pd.Categorical.from_codes(random.integers(-1, 7, 500), dtype=OFSTED.dtype)
    assert 91**12 > 2**63
    assert spelt_out(ia.count_grades(frame, keys)) == counted_by_pandas(frame, keys)


@pytest.mark.parametrize("n", [14, 15, 16, 126, 127, 4_094, 4_095, 4_096, 40_000])
def test_no_number_of_names_overflows_the_type_that_holds_it(n):
    codes = np.arange(-1, n)
    frame = pd.DataFrame(
        {
            "team": pd.Categorical.from_codes(codes, name("Team", n)),
            "grade": pd.Categorical.from_codes(np.full(n + 1, 6), dtype=OFSTED.dtype),
        }
    )
    table = ia.count_grades(frame, "team")
    assert table["O"].tolist() == [1] * (n + 1)
    assert list(table.index[:-1]) == name("Team", n)
    assert pd.isna(table.index[-1])


def test_no_gradings_give_no_groups(gradings):
    for keys in (["service"], ["service", "domain"]):
        table = ia.count_grades(gradings.iloc[:0], keys)
        assert table.shape == (0, 8)
        assert table.index.names == keys


def test_a_column_that_is_missing_throughout_is_one_group(gradings):
    nowhere = gradings.assign(area=pd.Series(None, index=gradings.index, dtype="str"))
    table = ia.count_grades(nowhere, ["area", "domain"])
    assert len(table) == 5
    assert spelt_out(table) == counted_by_pandas(nowhere, ["area", "domain"])


@pytest.mark.parametrize("cores", [1, 2, 3, 8])
@pytest.mark.parametrize("rows", [4_031, 4_032, 7_001, 37_500, 149_999])
def test_threads_count_what_one_counts(gradings, cores, rows, monkeypatch):
    keys = ["area", "service", "domain"]
    whole = ia.count_grades(gradings, keys)
    counting = []
    in_parts = combinations._count_parts

    def seen(*parts):
        counting.append(threading.get_ident())
        return in_parts(*parts)

    monkeypatch.setattr(combinations, "_ROWS", rows)
    monkeypatch.setattr(combinations, "count_cores", lambda: cores)
    monkeypatch.setattr(combinations, "_count_parts", seen)
    before = threading.active_count()
    pd.testing.assert_frame_equal(ia.count_grades(gradings, keys), whole)
    # Counters for more combinations than the rows of a part are kept but once.
    assert len(counting) == (1 if rows < 4 * 21 * 6 * 8 else max(1, min(cores, ROWS // (2 * rows))))
    assert threading.get_ident() in counting
    assert threading.active_count() == before


def test_what_fails_in_a_thread_fails(gradings, monkeypatch):
    def fail(*parts):
        if threading.current_thread() is not threading.main_thread():
            raise MemoryError
        return np.zeros(4 * 6 * 8, dtype=np.int64)

    monkeypatch.setattr(combinations, "_ROWS", 5_000)
    monkeypatch.setattr(combinations, "count_cores", lambda: 2)
    monkeypatch.setattr(combinations, "_count_parts", fail)
    with pytest.raises(MemoryError):
        ia.count_grades(gradings, ["area", "domain"])


def test_as_many_cores_as_the_process_may_use():
    script = "from improvement_analysis.machine import count_cores; print(count_cores())"
    if not hasattr(os, "sched_setaffinity"):
        assert count_cores() == os.cpu_count()
        return
    assert count_cores() == len(os.sched_getaffinity(0))
    one = f"import os; os.sched_setaffinity(0, [min(os.sched_getaffinity(0))]); {script}"
    told = subprocess.run([sys.executable, "-c", one], capture_output=True, text=True, check=True)
    assert told.stdout == "1\n"


@pytest.mark.parametrize(("told", "cores"), [(5, 5), (None, 1)])
def test_where_nothing_is_said_of_the_process_all_cores_count(told, cores, monkeypatch):
    monkeypatch.delattr(os, "sched_getaffinity", raising=False)
    monkeypatch.setattr(os, "cpu_count", lambda: told)
    assert count_cores() == cores


def test_memory_grows_with_the_cores_and_not_with_the_gradings(monkeypatch):
    def peak(frame, cores):
        monkeypatch.setattr(combinations, "count_cores", lambda: cores)
        ia.count_grades(frame, ["service", "domain"])
        tracemalloc.start()
        ia.count_grades(frame, ["service", "domain"])
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return most

    few, many = drawn(600_000), drawn(3_300_000)
    most = peak(few, cores=1)
    assert peak(many, cores=1) < most + 100_000
    assert peak(many, cores=3) < 3 * most


# ------------------------------------------------------------------------------------------ select


@pytest.mark.parametrize("kind", ["category", "str"])
@pytest.mark.parametrize(
    "wanted",
    [
        {"service": "Service 00003"},
        {"service": ["Service 00003", "Service 00017"], "domain": "practice"},
        {"area": "Area 00002", "team": name("Team", 50), "domain": ("overall", "monitoring")},
    ],
    ids=lambda wanted: "-".join(wanted),
)
def test_select_keeps_the_rows_that_pandas_keeps(gradings, kind, wanted):
    frame = gradings.astype(dict.fromkeys(wanted, kind))
    expected = frame
    for column, names in wanted.items():
        said = [names] if isinstance(names, str) else list(names)
        expected = expected[expected[column].astype(object).isin(said)]
    pd.testing.assert_frame_equal(ia.select(frame, **wanted), expected.reset_index(drop=True))


@pytest.mark.parametrize("kind", ["category", "str"])
def test_a_name_that_nobody_has_is_refused_among_many(gradings, kind):
    frame = gradings.astype({"service": kind})
    with pytest.raises(GradingsError, match="no gradings for service 'Service 00019'; did you mean"):
        ia.select(frame, service=["Service 00001", "Service 00019"])


def test_gradings_without_a_name_are_never_selected(gradings):
    assert ia.select(gradings, area=name("Area", 3))["area"].notna().all()
    assert len(ia.select(gradings, area=name("Area", 3))) == gradings["area"].notna().sum()
