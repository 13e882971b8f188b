"""Rounds: which came first, what contradicts it, and what is refused where nothing tells it."""

from __future__ import annotations

import itertools
import random
from collections import Counter
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from programmes import GRADES, STYLES, make_programme

from improvement_analysis.comparison import compare_rounds
from improvement_analysis.counts import count_grades
from improvement_analysis.errors import GradingsError
from improvement_analysis.gradings import as_gradings, check_gradings, select, select_standing
from improvement_analysis.rounds import (
    Round,
    as_rounds,
    doubt_day,
    earlier_rounds,
    has_order,
    latest_round,
    list_rounds,
    name_rounds,
    order_rounds,
)
from improvement_analysis.times import comes_before, stated_time


def visits(*rows):
    """Visits as (round, day, team)."""
    frame = pd.DataFrame(rows, columns=["round", "visit_date", "team"])
    return frame.assign(visit_date=pd.to_datetime(frame["visit_date"]))


# ------------------------------------------------------------------------------------------- what names state


@pytest.mark.parametrize(
    "names",
    [
        ("2017-18", "2018/19", "2019-2020"),
        ("17/18", "18/19"),
        ("FY 2023-24", "FY24/25"),
        ("Diagnostic 2017", "Diagnostic 2018"),
        ("School year 2022-23", "School year 2023-24"),
        ("Winter 2023", "Spring 2024", "Summer 2024", "Autumn 2024", "Winter 2024-25"),
        ("Spring visits 2024", "Autumn visits 2024"),
        ("Autumn term 2023-24", "Spring term 2023-24", "Summer term 2023-24", "Autumn term 2024"),
        ("Q4 2023-24", "Q1 2024-25", "2024/25 Q2", "Quarter 3 2024-25", "4th quarter 2024-25"),
        ("Q1 2024", "Q2 2024", "Q1 2025"),
        ("H2 2023-24", "H1 2024-25", "second half 2024-25"),
        ("September 2017", "Dec-17", "Jan 2018", "Sept 2018"),
        ("September to December 2017", "January to March 2018"),
        ("November 2023 to January 2024", "Feb - April 2024"),
        ("2024-06", "2024-07", "2025-01"),
        ("2024-06-30", "01/07/2024", "2 July 2024"),
        ("Round 9", "Round 10", "Round 11"),
        ("First round", "Second round", "Third round"),
        ("Round I", "Round II", "Round IX"),
        ("1st visit", "2nd visit", "10th visit"),
        ("R9", "R10"),
        ("Term 1 2023-24", "Term 2 2023-24", "Term 1 2024-25"),
        ("Autumn 1 2023", "Autumn 2 2023"),
        ("Cycle one (2023)", "Cycle two (2023)", "Cycle one (2024)"),
    ],
)
def test_names_that_state_a_time_are_in_order(names):
    for one, other in itertools.combinations(names, 2):
        if one == "Winter 2023":
            continue  # January or December
        assert comes_before(one, other) is True, (one, other)
        assert comes_before(other, one) is False, (other, one)
    shuffled = random.Random(5).sample(names, len(names))
    if "Winter 2023" not in names:
        assert list_rounds(pd.DataFrame({"round": shuffled})) == list(names)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Round A", "Round B"),
        ("Blue", "Green"),
        ("Baseline", "Follow-up"),
        ("Baseline", "2018"),
        ("2024", "Spring 2024"),
        ("2024", "2024-25"),
        ("2023-24", "Summer 2024"),
        ("Winter 2024", "Spring 2024"),
        ("Spring 2023-24", "Autumn 2023-24"),
        ("Round 1a", "Round 1b"),
        ("North 1", "South 2"),
        ("Q1 2024", "Spring 2024"),
    ],
)
def test_names_that_leave_it_open_are_not_ordered(one, other):
    assert comes_before(one, other) is None
    assert comes_before(other, one) is None
    assert not order_rounds(pd.DataFrame({"round": [one, other]})).is_known


def test_a_name_states_its_days():
    assert (stated_time("Q4 2024-25").first, stated_time("Q4 2024-25").last) == (
        date(2025, 1, 1),
        date(2025, 3, 31),
    )
    assert (stated_time("Winter 2024-25").first, stated_time("Winter 2024-25").last) == (
        date(2024, 12, 1), date(2025, 2, 28),
    )  # fmt: skip
    assert stated_time("Team 7") is None


# -------------------------------------------------------------------------------------------- what days say


def test_days_come_before_names_and_a_contradiction_is_told():
    table = visits(("Autumn 2024", "2024-04-10", "A"), ("Spring 2024", "2024-10-10", "A"))
    order = order_rounds(table)
    assert order.names == ("Autumn 2024", "Spring 2024")
    assert order.remarks == (
        (
            "the round 'Autumn 2024' (visits 10/04/2024 to 10/04/2024) and the round 'Spring 2024' (visits "
            "10/10/2024 to 10/10/2024)",
            "names and visit days of one order; the days were followed",
            "correct the names or the days, or declare [[rounds]] in source.toml",
        ),
    )


def test_where_visits_overlap_the_teams_visited_in_both_tell():
    # By the middle day Green is the earlier; both teams that were in both were in Blue first.
    table = visits(
        ("Blue", "2024-04-01", "A"), ("Blue", "2024-05-01", "B"),
        *(("Blue", "2024-12-01", team) for team in "CDEFG"),
        ("Green", "2024-10-01", "A"), ("Green", "2024-11-01", "B"),
    )  # fmt: skip
    order = order_rounds(table)
    assert order.names == ("Blue", "Green")
    assert [remark[1] for remark in order.remarks] == [
        "one round after another; 'Blue' was taken for the earlier: 2 of the 2 teams visited in both were "
        "visited in it first"
    ]


def test_one_day_amiss_does_not_turn_the_order():
    table = visits(
        ("Blue", "2024-04-01", "A"), ("Blue", "2024-04-02", "B"), ("Blue", "2024-04-03", "C"),
        ("Green", "2023-10-01", "D"), ("Green", "2024-10-02", "E"), ("Green", "2024-10-03", "F"),
    )  # fmt: skip
    order = order_rounds(table)
    assert order.names == ("Blue", "Green")
    assert "the middle of its visits is the earlier" in order.remarks[0][1]


def test_a_round_without_days_takes_its_place_by_its_name():
    table = visits(("Autumn 2023", None, "A"), ("Pilot", "2023-04-01", "A"), ("Main", "2024-04-01", "A"))
    assert order_rounds(table).names == ("Pilot", "Autumn 2023", "Main")
    table = visits(("Blue", None, "A"), ("Pilot", "2023-04-01", "A"), ("Main", "2024-04-01", "A"))
    assert not order_rounds(table).is_known


def test_areas_visited_in_turn_are_one_healthy_round():
    table = visits(("2024-25", "2024-04-01", "A"), ("2024-25", "2025-02-01", "B"))
    order = order_rounds(table)
    assert (order.names, order.is_known, order.remarks) == (("2024-25",), True, ())


# ----------------------------------------------------------------------------------------- what is declared


def test_a_declared_order_decides_and_days_against_it_are_told():
    table = visits(("Blue", "2024-10-01", "A"), ("Green", "2024-04-01", "A"))
    order = order_rounds(table, [Round("Blue"), Round("Green"), Round("Red")])
    assert order.names == ("Blue", "Green")
    assert (
        order.remarks[0][1] == "visits in the order of [[rounds]], which puts 'Blue' first; it was followed"
    )


def test_an_ordered_category_keeps_its_order():
    column = pd.Categorical(["Green", "Blue"], categories=["Blue", "Green"], ordered=True)
    assert list_rounds(pd.DataFrame({"round": column})) == ["Blue", "Green"]
    assert as_rounds(pd.DataFrame({"round": column})).cat.categories.to_list() == ["Blue", "Green"]


def test_a_category_without_order_is_not_taken_for_one():
    column = pd.Series(["Autumn 2024", "Spring 2024"]).astype("category")
    assert list_rounds(pd.DataFrame({"round": column})) == ["Spring 2024", "Autumn 2024"]


# ------------------------------------------------------------------------------------------ what is refused


def plain(*rounds):
    team = {"service": "Safeguarding", "team": "Team A", "domain": "overall", "grade": "RI", "source": "x"}
    rows = [{**team, "round": name} for name in rounds]
    return as_gradings(pd.DataFrame(rows))


def test_without_order_what_needs_one_is_refused_and_the_rest_works():
    gradings = check_gradings(plain("Blue", "Green"))
    assert not has_order(gradings)
    assert name_rounds(gradings) == ["Blue", "Green"]
    assert len(select(gradings, round="Blue")) == 1
    assert len(select_standing(gradings, "Green")) == 1
    assert compare_rounds(gradings, "Green", "Blue").loc["overall", "same"] == 1
    for ask in (list_rounds, latest_round, select_standing, lambda table: earlier_rounds(table, "Blue")):
        with pytest.raises(GradingsError) as refused:
            ask(gradings)
        assert str(refused.value) == (
            "found the rounds 'Blue' and 'Green' without an order, expected visit days, or names that state "
            "a time, by which it is plain which came first; add a line at the top of source.toml, earliest "
            "first: "
            'rounds = [{name = "Blue"}, {name = "Green"}]'
        )


def test_one_round_needs_no_order():
    assert latest_round(plain("Blue")) == "Blue"
    assert latest_round(plain(None)) is None
    assert earlier_rounds(plain("Blue"), "Blue") == []


def test_gradings_of_two_datasets_are_ordered_together_or_refused():
    both = pd.concat([plain("Spring 2025"), plain("Autumn 2024")], ignore_index=True)
    assert latest_round(both) == "Spring 2025"
    assert list_rounds(as_gradings(both)) == ["Autumn 2024", "Spring 2025"]
    with pytest.raises(GradingsError, match="without an order"):
        latest_round(pd.concat([plain("Blue"), plain("Autumn 2024")], ignore_index=True))


# ------------------------------------------------------------------------------------- a day near its round


@pytest.mark.parametrize(
    ("day", "name", "said"),
    [
        (date(2017, 6, 1), "2017-18", None),
        (date(2018, 9, 30), "2017-18", None),
        (date(2018, 10, 1), "2017-18", "a day near the round 2017-18, 01/04/2017 to 31/03/2018"),
        (date(2016, 9, 1), "Autumn 2017", "a day near the round Autumn 2017, 01/09/2017 to 30/11/2017"),
        (date(2016, 9, 1), "Round 9", None),
        (date(2016, 9, 1), "Blue", "a day near the round Blue, 01/05/2018 to 31/05/2018"),
        (date(2019, 1, 1), "2017-18", "a day up to 31/12/2018, the day of publication in source.toml"),
        (date(1917, 6, 1), "2017-18", "a day from 1990 on"),
    ],
)
def test_a_day_lies_near_its_round(day, name, said):
    dated = [Round("Blue", first=date(2018, 5, 1), last=date(2018, 5, 31))]
    doubt = doubt_day(day, name, dated, date(2018, 12, 31))
    assert (doubt and doubt[2]) == said


# ------------------------------------------------------------------------- made-up programmes, counted again


def recount(programme):
    """Latest round, moves between the last two rounds and counts by service, from the rows alone."""
    place = {name: number for number, name in enumerate(programme.rounds)}
    grades = {(row["round"], row["service"], row["area"], row["team"], row["domain"]): row["grade"]
              for row in programme.rows}  # fmt: skip
    before, after = programme.rounds[-2:]
    moves = {}
    for domain in {key[4] for key in grades}:
        first = {key[1:4]: grade for key, grade in grades.items() if key[0] == before and key[4] == domain}
        second = {key[1:4]: grade for key, grade in grades.items() if key[0] == after and key[4] == domain}
        both = [team for team in first if first[team] and second.get(team)]
        steps = [GRADES.index(second[team]) - GRADES.index(first[team]) for team in both]
        moves[domain] = [sum(step > 0 for step in steps), steps.count(0), sum(step < 0 for step in steps),
                         len(second.keys() - first.keys()), len(first.keys() - second.keys())]  # fmt: skip
    latest = max((str(row["round"]) for row in programme.rows), key=place.__getitem__)
    counts = Counter((key[1], grade or "no judgement") for key, grade in grades.items()
                     if key[0] == latest and key[4] == "overall")  # fmt: skip
    return latest, moves, counts


def ours(programme):
    gradings = check_gradings(as_gradings(programme.frame))
    before, after = list_rounds(gradings)[-2:]
    compared = compare_rounds(gradings, before, after)
    moves = {
        str(domain): [int(row[name]) for name in ("up", "same", "down", "n_new", "n_not_again")]
        for domain, row in compared.iterrows()
    }
    standing = select_standing(gradings)
    counts = count_grades(select(standing, domain="overall"), "service").stack()
    return latest_round(gradings), moves, Counter(counts[counts > 0].to_dict())


SEEDS = st.integers(0, 2**32 - 1)


@settings(max_examples=20, deadline=None)
@given(SEEDS, SEEDS, st.booleans())
def test_rounds_of_any_programme_equal_a_count_by_hand(seed, order, overlap):
    programme = make_programme(seed, overlap=overlap)
    gradings = as_gradings(programme.shuffled(order).frame)
    assert list_rounds(gradings) == list(programme.rounds)
    assert ours(programme.shuffled(order)) == recount(programme)


@settings(max_examples=12, deadline=None)
@given(SEEDS, SEEDS, st.booleans())
def test_other_names_for_rounds_change_nothing_while_their_days_stay(seed, order, overlap):
    programme = make_programme(seed, overlap=overlap)
    colours = random.Random(order).sample(["Red", "Blue", "Green", "Amber", "White", "Black"], 6)
    names = dict(zip(programme.rounds, colours, strict=False))
    latest, moves, counts = ours(programme.renamed(names).shuffled(order))
    assert (latest, moves, counts) == (names[recount(programme)[0]], *recount(programme)[1:])


@settings(max_examples=12, deadline=None)
@given(SEEDS, SEEDS, st.sampled_from(sorted(STYLES)))
def test_names_that_state_a_time_do_without_days(seed, order, style):
    programme = make_programme(seed, style=style).without_days()
    assert ours(programme.shuffled(order)) == recount(programme)
