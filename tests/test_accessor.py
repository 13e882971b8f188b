"""``df.gradings``: there when it is asked for, plain on tables that are not gradings, silent on import."""

import inspect
import subprocess
import sys
import warnings
from pathlib import Path

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis.accessor import GradingsAccessor, register

ROOT = Path(__file__).resolve().parents[1]


@pytest.fixture(scope="module")
def df():
    return ia.load(ROOT / "data" / "raw" / "example-team-forms").gradings


def test_it_counts_selects_and_sums_up_as_the_library_does(df):
    standing = df.gradings.standing()
    pd.testing.assert_frame_equal(standing.gradings.counts(), ia.count_grades(standing, "domain"))
    by = ["service", "domain"]
    pd.testing.assert_frame_equal(standing.gradings.counts(by), ia.count_grades(standing, by))
    chosen = {
        "service": "Safeguarding",
        "area": ["Worcester/Malvern"],
        "domain": "overall",
        "round": "2018-19",
    }
    pd.testing.assert_frame_equal(df.gradings.select(**chosen), ia.select(df, **chosen))
    pd.testing.assert_frame_equal(standing.gradings.summary("area"), ia.summarise_grades(standing, "area"))


@pytest.mark.parametrize("count", [ia.count_grades, lambda df, by: df.gradings.counts(by)])
def test_no_team_is_counted_twice_without_a_word(df, count):
    with pytest.raises(ia.GradingsError) as caught:
        count(df, "domain")
    assert str(caught.value) == (
        "Team D (Safeguarding) would be counted more than once in allocation, for several rounds and graders "
        "and stages; count what stands, as ds.standing() or df.gradings.standing() give it, or "
        "name 'round' or 'grader' or 'stage' in by"
    )
    assert count(df, ["round", "grader", "domain"]).to_numpy().sum() == len(df)


def test_a_dataset_is_taken_wherever_its_gradings_are():
    made_up = ia.load(ROOT / "data" / "raw" / "example-team-forms")
    standing = made_up.standing()
    for each in (
        lambda held: ia.count_grades(held, "domain"),
        lambda held: ia.summarise_grades(held, "service"),
        lambda held: ia.share_at_least(held, "G", "service"),
        lambda held: ia.count_teams(held, "service").to_frame(),
        lambda held: ia.compare_groups(held, "area", "Redditch/Wychavon"),
        lambda held: ia.compare_many(held, "area"),
    ):
        pd.testing.assert_frame_equal(each(made_up), each(standing))
    pd.testing.assert_frame_equal(ia.select(made_up, service="Safeguarding"), made_up["Safeguarding"])
    pair = ("first grader", "second grader")
    pd.testing.assert_frame_equal(
        ia.rater_agreement(made_up, *pair), ia.rater_agreement(made_up.gradings, *pair)
    )
    assert ia.check_gradings(made_up) is made_up.gradings
    published = ia.load(ROOT / "data" / "raw" / "worcestershire-2018")
    cells = ia.reconcile(published.published, published.statements)
    assert set(cells["check"]) <= set(ia.reconcile(published)["check"])
    assert ia.summarise_grades(published, "service")["n_teams"].sum() == 19


def test_it_compares_and_draws_one_round_and_one_grader(df):
    standing = df.gradings.standing()
    assert set(standing["round"]) == {"2018-19"}
    assert not standing.duplicated(["area", "service", "team", "domain"]).any()
    found = df.gradings.compare("area", "Redditch/Wychavon", "Worcester/Malvern")
    pd.testing.assert_frame_equal(
        found, ia.compare_groups(df, "area", "Redditch/Wychavon", "Worcester/Malvern")
    )
    two = ia.compare_groups(standing, "area", "Redditch/Wychavon", "Worcester/Malvern")
    pd.testing.assert_frame_equal(found, two)
    before = df.gradings.compare("area", "Redditch/Wychavon", round="2017-18")
    assert before["n_a"].sum() != df.gradings.compare("area", "Redditch/Wychavon")["n_a"].sum()
    assert "19 teams" in df.gradings.grid().alt_text


def test_made_up_gradings_keep_their_banner(df):
    banner = "ILLUSTRATIVE DATA"
    assert df.gradings.select(service="Care Leaving").gradings.grid().alt_text.startswith(banner)
    assert df.gradings.grid(about=ia.About("own")).alt_text.startswith(banner)
    with pytest.raises(TypeError, match="a chart takes no 'illustrative'; beside its own it takes about"):
        df.gradings.grid(illustrative=False)
    assert df.gradings.explore().view.sentence.startswith(banner)
    # The published gradings are no made-up ones.
    assert not ia.load(ROOT / "data" / "raw" / "worcestershire-2018").gradings.gradings.illustrative


METHODS = {
    "counts": (),
    "select": (),
    "standing": (),
    "summary": (),
    "grid": (),
    "compare": ("area", "North"),
    "explore": (),
    "__repr__": (),
}


def test_every_method_is_tried_on_a_table_that_is_not_gradings():
    public = {name for name, _ in inspect.getmembers(GradingsAccessor, inspect.isfunction) if name[0] != "_"}
    assert public | {"__repr__"} == set(METHODS)


@pytest.mark.parametrize("method", METHODS)
def test_on_a_table_that_is_not_gradings_it_names_the_missing_columns(df, method):
    table = df.drop(columns=["area", "source"])
    with pytest.raises(ia.GradingsError) as refusal:
        getattr(table.gradings, method)(*METHODS[method])
    assert str(refusal.value) == (
        "this table is not gradings: it has no column 'area', 'source'; as_gradings makes gradings of a "
        "table with service, domain, grade and source"
    )


def test_it_tells_loose_grades_and_empty_tables_too(df):
    with pytest.raises(ia.GradingsError, match="as_gradings makes it so"):
        df.assign(grade=df["grade"].astype(object)).gradings.counts()
    with pytest.raises(ia.GradingsError, match="there are no gradings"):
        df.head(0).gradings.counts()


def test_listing_what_a_table_has_never_fails():
    assert "gradings" in dir(pd.DataFrame({"a": [1]}))
    assert isinstance(pd.DataFrame().gradings, GradingsAccessor)


def test_registering_twice_is_silent():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        register()
    assert pd.DataFrame.gradings is GradingsAccessor


FRESH = """
import sys
import improvement_analysis as ia
assert "pandas" not in sys.modules
ia.Problem
assert "pandas" not in sys.modules
from improvement_analysis import load
import pandas as pd
assert "improvement_analysis.accessor" in sys.modules
assert pd.DataFrame({"a": [1]}).gradings is not None
light = "matplotlib", "IPython", "ipywidgets", "scipy", "pandera", "improvement_analysis.explorer"
assert not [name for name in light if name in sys.modules]
"""
QUIET = """
import pandas as pd
import improvement_analysis, improvement_analysis.accessor
assert not hasattr(pd.DataFrame, "gradings")
improvement_analysis.parse_grade
assert hasattr(pd.DataFrame, "gradings")
ds = improvement_analysis.load("worcestershire-2018")
improvement_analysis.show_view(ds)
import sys
assert "ipywidgets" not in sys.modules and "IPython" not in sys.modules
"""


@pytest.mark.parametrize("code", [FRESH, QUIET], ids=["fresh", "quiet"])
def test_it_comes_with_the_first_name_that_needs_pandas_and_not_before(code):
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("method", [*sorted(set(METHODS) - {"__repr__"}), "illustrative"])
def test_the_side_panel_has_something_to_read(method):
    said = inspect.getdoc(getattr(GradingsAccessor, method))
    assert said
    assert said.splitlines()[0].endswith((".", "?", "``."))
    assert len(said.splitlines()[0]) <= 110
