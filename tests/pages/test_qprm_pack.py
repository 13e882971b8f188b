"""The directors' quality performance review, typed by hand from the published page and small tables."""

from dataclasses import replace

from improvement_analysis import pages


def cells(table):
    return table.frame.to_numpy().tolist()


def test_the_published_review_says_what_is_low_and_what_is_not_known(ds):
    assert pages.brief_qprm(ds).items[1:] == (
        "14 of 92 judged gradings are inadequate or split: 11 at inadequate, 3 at RI / I.",
        "This dataset holds the round 2017-18 only, so no change can be shown.",
        "This dataset holds no action plan, so nothing can be said of actions.",
    )


def test_the_day_that_actions_are_judged_by_is_said(forms):
    said = "2 of 3 open actions were overdue on 31 December 2018."
    said += " 1 action had no day to be done by. That is the last day with reports on actions."
    assert pages.brief_qprm(forms).items[-1] == said
    asked = pages.brief_qprm(forms, as_of="2018-02-01").items[-1]
    assert asked == "1 of 4 open actions was overdue on 1 February 2018. 1 action had no day to be done by."


def test_every_inadequate_or_split_grading_is_listed_with_its_source(ds):
    table = pages.list_low_gradings(ds).frame
    places = table.pop("Where it stands").str.removeprefix("summary_tables.csv, ").tolist()
    assert places[:3] == ["row 7 (page 6)", "row 9 (page 6)", "row 11 (page 6)"]
    assert places[3:] == ["row 13 (page 7)", "row 14 (page 7)", "row 19 (page 7)"]
    headlines = table.pop("Published headline").tolist()
    assert table.to_numpy().tolist() == [
        ["Inadequate", "Safeguarding", "Case allocation and workload", "3"],
        ["Inadequate", "Safeguarding", "Performance monitoring", "4"],
        ["Inadequate", "Safeguarding", "Overall conclusion", "2"],
        ["Inadequate", "LAC Permanency", "Practice and direct work", "2"],
        ["Requires improvement / Inadequate", "LAC Permanency", "Performance monitoring", "1"],
        ["Requires improvement / Inadequate", "Care Leaving", "Performance monitoring", "2"],
    ]  # fmt: skip
    assert headlines[3:] == [
        "Inadequate", "Requires improvement", "Requires improvement / Inadequate"
    ]  # fmt: skip


def test_named_teams_are_listed_one_by_one_worst_first(forms):
    assert [row[:4] for row in cells(pages.list_low_gradings(forms))] == [
        ["Inadequate", "S", "North", "Team A"],
        ["Inadequate", "S", "South", "Team C"],
        ["Good / Requires improvement", "S", "South", "Team C"],
    ]


def test_where_nothing_is_low_it_says_so(ds):
    fine = replace(ds, gradings=ds.gradings[ds.gradings["grade"] == "G"])
    assert str(pages.list_low_gradings(fine)) == "- No grading is inadequate or split."
    assert "None of 3 judged gradings is inadequate or split." in pages.brief_qprm(fine).items


def test_change_is_counted_in_teams(forms, ds):
    assert cells(pages.list_round_changes(forms))[:2] == [
        ["Practice and direct work", "1", "0", "0", "1"],
        ["Performance monitoring", "1", "1", "0", "0"],
    ]
    assert "holds the round 2017-18 only" in str(pages.list_round_changes(ds))
