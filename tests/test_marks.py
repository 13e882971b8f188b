"""Made-up data says so, and a scale of one's own stays, whichever way a table is come by."""

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import charts, tables
from improvement_analysis.actions import count_actions, track_actions
from improvement_analysis.errors import SourceWarning
from improvement_analysis.marks import is_illustrative, scale_of
from improvement_analysis.scale import Scale

BANNER = "ILLUSTRATIVE DATA, made up to show the method: not findings."
AREA = "Redditch/Wychavon"


def both_rounds(ds):
    return pd.concat([ds.standing(each) for each in ds.rounds], ignore_index=True)


COLUMNS = ["service", "area", "team", "domain", "grade", "source"]
WAYS = {
    "gradings": lambda ds: ds.gradings,
    "a service by its name": lambda ds: ds["Safeguarding"],
    "select": lambda ds: ia.select(ds.gradings, service="Safeguarding"),
    "a mask": lambda ds: ds.gradings[ds.gradings["service"] == "Safeguarding"],
    "standing": lambda ds: ds.standing(),
    "two rounds stacked": both_rounds,
    "as_gradings of columns": lambda ds: ia.as_gradings(ds.standing()[COLUMNS].astype(object)),
    "count_grades": lambda ds: ia.count_grades(ds.standing(), ["service", "domain"]),
    "a part of counts": lambda ds: ia.count_grades(ds.standing(), ["service", "domain"]).loc["Safeguarding"],
    "counts added up": lambda ds: ds.counts(["service", "domain"]).groupby(level="domain").sum(),
    "ds.counts": lambda ds: ds.counts("domain", service="Safeguarding"),
    "ds.counts of rounds": lambda ds: ds.counts(["round", "domain"]),
    "the accessor": lambda ds: ds.gradings.gradings.standing().gradings.counts(),
    "summarise_grades": lambda ds: ia.summarise_grades(ds.standing()),
    "share_at_least": lambda ds: ia.share_at_least(ds.standing(), "G"),
    "rank_domains": lambda ds: ia.rank_domains(ds.counts()),
    "compare_groups": lambda ds: ia.compare_groups(ds.standing(), "area", AREA),
    "ds.compare": lambda ds: ds.compare("area", AREA),
    "compare_many": lambda ds: ia.compare_many(ds.standing(), "service"),
    "compare_rounds": lambda ds: ia.compare_rounds(both_rounds(ds), *ds.rounds),
    "transitions": lambda ds: ia.transitions(both_rounds(ds), *ds.rounds, domain="overall"),
    "joint_bounds": lambda ds: ia.joint_bounds(ds.counts(), lambda team: team["overall"] == "I"),
    "findings": lambda ds: ds.findings,
    "actions": lambda ds: ds.actions,
    "count_actions": lambda ds: count_actions(ds.actions),
    "track_actions": lambda ds: track_actions(ds.actions),
}


@pytest.fixture(scope="module")
def made_up():
    return ia.load("example-team-forms")


@pytest.mark.parametrize("way", WAYS)
def test_made_up_data_keeps_its_mark(made_up, way):
    table = WAYS[way](made_up)
    assert is_illustrative(table)
    assert BANNER in tables.frame_table(table.head(3), caption="x").html


def test_published_data_has_none():
    ds = ia.load("worcestershire-2018")
    assert not is_illustrative(ds.gradings, ds.counts(), ds.findings)
    assert BANNER not in ds.grid(service="Safeguarding").alt_text


def test_a_grid_counts_the_teams_that_stand_and_says_that_they_are_made_up(made_up):
    chart = made_up.grid(service="Safeguarding")
    teams = made_up.standing().query("service == 'Safeguarding'")["team"].nunique()
    assert chart.alt_text.startswith(BANNER)
    assert f"One square is one team; {teams} teams" in chart.alt_text
    assert charts.grade_grid(made_up.counts(service="Safeguarding")).alt_text.startswith(BANNER)


def test_a_join_with_a_table_of_ones_own_takes_about(made_up):
    bands = pd.DataFrame({"team": ["Team A"], "band": ["high"]})
    counts = ia.count_grades(bands.merge(made_up.standing(), on="team"), "domain")
    assert charts.grade_grid(counts, about=made_up.about).alt_text.startswith(BANNER)


def test_a_scale_of_ones_own_is_known_where_none_is_given():
    scale = Scale(("poor", "fair", "fine"), ("Poor", "Fair", "Fine"), good="fine", title="three points")
    given = {"North": ["poor", "fair"], "South": ["fine", "fine", "fair"]}
    cell = {"service": "X", "domain": "practice", "source": "s"}
    rows = [
        {**cell, "area": area, "team": f"{area} {number}", "grade": grade}
        for area, grades in given.items()
        for number, grade in enumerate(grades)
    ]
    gradings = ia.as_gradings(pd.DataFrame(rows), scale=scale)
    counts = ia.count_grades(gradings, "domain")
    assert scale_of(counts) == scale
    assert charts.grade_grid(counts).title == "2 of 5 domain gradings were fine"
    assert ia.compare_groups(gradings, "area", "South")["n_a"].tolist() == [3]


def test_an_unknown_word_is_refused_and_size_and_language_are_taken(made_up):
    counts = made_up.counts()
    with pytest.raises(TypeError, match="a chart takes no 'titel'"):
        charts.grade_grid(counts, titel="x")
    words = {"labels": {"overall": "Casgliad"}, "title": "Pob t\u00eem"}
    chart = charts.grade_grid(counts, figsize=(9, 5), dpi=50, **words)
    assert chart.figure.get_size_inches().round(6).tolist() == [9, 5]
    assert "Casgliad" in chart.alt_text
    assert chart.title == "Pob t\u00eem"
    assert chart.png[16:24] == (450).to_bytes(4, "big") + (250).to_bytes(4, "big")


def test_stacked_made_up_and_real_tables_are_told_where_they_are_shown(made_up, ds):
    real = ds.counts("service").rename(index="{} (real)".format)
    both = pd.concat([made_up.counts("service"), real])
    assert both.attrs == {}
    with pytest.warns(SourceWarning) as told:
        charts.grade_grid(both)
    assert {str(each.message) for each in told} == {
        "the table: found gradings or counts that do not say whether they were made up, expected tables that "
        "do: stacking made-up and real ones takes the mark away; keep them apart, or set "
        ".attrs['illustrative'] of the table to True or to False"
    }
    assert charts.grade_grid(both, about=made_up.about).alt_text.startswith(BANNER)
    again = ia.as_gradings(pd.concat([made_up.gradings, ds.gradings]))
    assert "illustrative" not in again.attrs
    assert (ds.gradings.attrs, ds.counts().attrs) == ({"illustrative": False}, {"illustrative": False})
    assert ia.as_gradings(ds.published).attrs == {"illustrative": False}
