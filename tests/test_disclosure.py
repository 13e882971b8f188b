"""What may be published: small services withheld, and nothing that gives them away, whoever reads it."""

import doctest
import itertools
import pickle

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import improvement_analysis as ia
from improvement_analysis import disclosure, pages
from improvement_analysis.disclosure import (
    WARNINGS,
    count_for_publication,
    describe_withheld,
    find_disclosures,
    mark_withheld,
    recover_cells,
    suppress_counts,
)
from improvement_analysis.disclosure.programmes import bound_sum, choose_services
from improvement_analysis.errors import GradingsError
from improvement_analysis.scale import OFSTED
from improvement_analysis.sentences import check_counts

GRADES = list(OFSTED.columns)
CONTACT, SAFEGUARDING, PERMANENCY, CARE, DISABLED = (
    "Contact and Referral and Assessment",
    "Safeguarding",
    "LAC Permanency",
    "Care Leaving",
    "Children with Disabilities",
)


def counts_of(rows, domain="practice"):
    """Counts from {service: tally}."""
    cells = [
        {"service": name, "domain": domain, "tally": tally, "source": "x"} for name, tally in rows.items()
    ]
    return ia.count_grades(ia.as_gradings(pd.DataFrame(cells)), ["service", "domain"])


def frame_of(table, domain="practice"):
    index = pd.MultiIndex.from_tuples(
        [(f"S{n}", domain) for n in range(len(table))], names=["service", "domain"]
    )
    return pd.DataFrame(np.asarray(table), index, pd.Index(GRADES, name="grade"))


def shown_services(done):
    """Domain -> services published whole, then whether its totals are."""
    whole = done.counts.notna().all(axis=1)
    return {
        domain: [service for service, here in whole.index[whole] if here == domain]
        + ["totals"] * bool(done.totals.loc[domain].notna().all())
        for domain in done.totals.index
    }


@pytest.fixture(scope="module")
def published(ds):
    return count_for_publication(ds.gradings)


# --------------------------------------------------------------------------------------- the published paper


def test_small_services_are_withheld_with_the_least_that_protects_them(published):
    done = suppress_counts(published)
    assert shown_services(done) == {
        "allocation": [CONTACT, PERMANENCY, "totals"],
        "practice": [CONTACT, SAFEGUARDING, "totals"],
        "monitoring": [CONTACT, PERMANENCY, "totals"],
        "joint_working": [CONTACT, PERMANENCY, "totals"],
        "overall": [CONTACT, PERMANENCY, "totals"],
    }


def test_without_totals_only_small_services_are_withheld(published):
    done = suppress_counts(published, totals=False)
    assert set(map(tuple, shown_services(done).values())) == {(CONTACT, SAFEGUARDING, PERMANENCY)}
    assert done.counts.loc[(SAFEGUARDING, "allocation"), ["I", "RI", "G"]].tolist() == [3, 5, 1]
    assert done.counts.loc[CARE].isna().all(axis=None)
    assert done.totals.isna().all(axis=None)


TWO_SERVICES = [
    {SAFEGUARDING: "3 x I, 6 x RI", CARE: "2 x RI"},  # the totals alone are left
    {SAFEGUARDING: "9 x RI", CARE: "2 x RI"},  # not even the totals
]


@pytest.mark.parametrize("rows", TWO_SERVICES)
def test_beside_one_small_service_totals_cost_the_only_other_one(rows, ds):
    counts = counts_of(rows)
    done, without = suppress_counts(counts), suppress_counts(counts, totals=False)
    assert (done.totals_asked, without.totals_asked) == (True, False)
    assert not done.counts.notna().all(axis=1).any()
    assert without.counts.loc[(SAFEGUARDING, "practice")].tolist() == counts.iloc[0].tolist()
    assert without.counts.loc[(CARE, "practice")].isna().all()
    assert mark_withheld(done)["service"].tolist() == [SAFEGUARDING, CARE, "All services"]
    assert mark_withheld(without)["service"].tolist() == [SAFEGUARDING, CARE]
    assert pages.warn_before_publishing(ds, done).items[-1] == (
        "Every service is withheld in Practice and direct work. Without totals over all services "
        "(--no-totals) those with 3 teams or more would not be."
    )
    assert pages.warn_before_publishing(ds, without).items[-1] == (
        "The totals over all services are left out. Keep to that: whoever also has a page of this round "
        "with totals can subtract."
    )


def test_where_no_service_is_small_everything_is_published(published):
    done = suppress_counts(published, min_teams=2)
    assert (done.counts == published).all(axis=None)
    assert (done.totals.loc["monitoring", ["I", "RI / I", "RI"]].tolist()) == [4, 3, 12]
    assert done.withheld.empty
    assert describe_withheld(done) == ["Nothing is withheld: no service has fewer than 2 teams."]


def test_withheld_rows_as_text_with_the_totals_beneath(published):
    text = mark_withheld(suppress_counts(published))
    columns = ["service", "I", "RI / I", "RI", "G", "no judgement", "teams"]
    assert text.loc[text["domain"] == "monitoring", columns].to_numpy().tolist() == [
        [CONTACT, "0", "0", "3", "0", "0", "3"],
        [SAFEGUARDING, "c", "c", "c", "0", "0", "9"],
        [PERMANENCY, "0", "1", "2", "0", "0", "3"],
        [CARE, "c", "c", "c", "0", "0", "2"],
        [DISABLED, "c", "c", "c", "0", "0", "2"],
        ["All services", "4", "3", "12", "0", "0", "19"],
    ]
    assert set(text.dtypes.astype(str)) == {"str"}


def test_text_makes_a_table_and_a_file(published):
    from improvement_analysis.tables import frame_table

    done = suppress_counts(published)
    headings = {"service": "Service", "domain": "Domain", "RI": "Requires improvement", "teams": "Teams"}
    table = frame_table(mark_withheld(done), caption="Published", headings=headings, note=done.note)
    assert f"{CARE},practice,c,2\n" in table.csv
    assert "withheld, because a service has fewer than 3 teams" in table.html


def test_what_was_withheld_in_sentences(published):
    labels = {"joint_working": "joint working"}
    assert describe_withheld(suppress_counts(published), labels=labels) == [
        "Care Leaving has 2 teams, fewer than 3: withheld in all 5 domains.",
        "Children with Disabilities has 2 teams, fewer than 3: withheld in all 5 domains.",
        "Safeguarding is withheld in allocation, monitoring, joint working and overall: "
        "beside the totals it would give away a service with fewer than 3 teams.",
        "LAC Permanency is withheld in practice: "
        "beside the totals it would give away a service with fewer than 3 teams.",
    ]
    assert describe_withheld(suppress_counts(published, totals=False))[-1] == (
        "The totals over all services are left out in all 5 domains, as asked."
    )


def test_note_says_what_c_stands_for(published):
    assert suppress_counts(published).note == (
        "c: withheld, because a service has fewer than 3 teams or because the number would give one away. "
        "It may be 0."
    )


# ------------------------------------------------------------------------------------------- what is counted


def test_no_team_area_grader_or_date_is_counted(table):
    gradings = ia.as_gradings(
        table("""
            round   | area     | service      | team   | domain   | grade | grader | source
            2017-18 | Redditch | Safeguarding | Team A | practice | I     | first  | form-a
            2018-19 | Redditch | Safeguarding | Team A | practice | RI    | first  | form-b
            2018-19 | Redditch | Safeguarding | Team A | practice | G     | second | form-c
            2018-19 | Malvern  | Safeguarding | Team B | practice | G     | first  | form-d
        """)
    )
    counts = count_for_publication(gradings)
    assert list(counts.index.names) == ["service", "domain"]
    # the two graders differ and agreed on nothing: the grade is open between theirs
    assert counts.loc[("Safeguarding", "practice"), ["I", "RI", "G / RI", "G"]].tolist() == [0, 0, 1, 1]
    assert count_for_publication(gradings, round="2017-18").to_numpy().sum() == 1


def test_teams_that_cannot_be_told_apart_are_not_counted(table):
    gradings = ia.as_gradings(
        table("""
            service      | domain   | grade | grader | source
            Safeguarding | practice | RI    | first  | form-a
            Safeguarding | practice | G     | second | form-b
        """)
    )
    with pytest.raises(GradingsError, match="several graders graded teams that are not named"):
        count_for_publication(gradings)


@pytest.mark.parametrize("column", ["team", "area", "grader", "visit_date"])
@pytest.mark.parametrize("check", [suppress_counts, find_disclosures])
def test_counts_by_anything_else_are_refused(ds, column, check):
    counts = ia.count_grades(ds.gradings, ["service", "domain", column])
    with pytest.raises(GradingsError) as caught:
        check(counts)
    assert str(caught.value) == (
        f"only counts by service and domain can be published; these are by service, domain, {column}"
    )


@pytest.mark.parametrize("wrong", [{"min_teams": 0}, {"width": 0}])
def test_thresholds_begin_at_one(published, wrong):
    with pytest.raises(GradingsError, match="min_teams and width are at least 1"):
        suppress_counts(published, **wrong)


# ------------------------------------------------------------------------------------- what must not be told


def test_one_small_service_is_not_left_alone():
    done = suppress_counts(counts_of({"A": "4 x RI, 3 x G", "B": "2 x RI, 2 x G", "C": "1 x RI, 1 x G"}))
    assert shown_services(done) == {"practice": ["A", "totals"]}


def test_small_services_together_too_few_are_protected_as_one_group():
    """A and B alone would keep each other uncertain, but together they are two teams, fewer than three."""
    rows = {"A": "1 x RI", "B": "1 x G", "C": "3 x RI, 2 x G", "D": "9 x RI, 4 x G"}
    assert shown_services(suppress_counts(counts_of(rows), width=1)) == {"practice": ["D", "totals"]}
    assert shown_services(suppress_counts(counts_of(rows), width=1, min_teams=2)) == {
        "practice": ["C", "D", "totals"]
    }


@pytest.mark.parametrize(
    "rows",
    [
        {"A": "2 x RI"},
        {"A": "2 x RI", "B": "7 x RI", "C": "5 x RI"},
        {"A": "1 x RI", "B": "1 x RI"},
    ],
)
def test_where_totals_alone_tell_nothing_of_the_domain_is_published(rows):
    done = suppress_counts(counts_of(rows))
    assert done.counts.isna().all(axis=None)
    assert done.totals.isna().all(axis=None)
    assert describe_withheld(done)[-1] == (
        "The totals over all services are withheld in practice: they would give away a service with fewer "
        "than 3 teams."
    )


def test_nothing_withheld_is_kept_beneath(published):
    """A masked pandas array keeps what it masks, and a pickle hands it on."""
    done = pickle.loads(pickle.dumps(suppress_counts(published, totals=False)))
    assert done.counts.loc[(DISABLED, "joint_working")].isna().all()
    for frame in (done.counts, done.totals):
        for column in frame:
            array = frame[column].array
            assert set(array._data[array._mask]) <= {1}


def test_counts_with_gaps_are_refused_by_charts_and_tables(published):
    with pytest.raises(GradingsError, match="a count is not a whole number"):
        check_counts(suppress_counts(published).counts)


def test_a_service_without_teams_has_nothing_to_hide():
    table = [[0] * 8, [2, 0, 0, 0, 0, 0, 0, 0], [0, 0, 7, 0, 0, 0, 0, 0], [4, 0, 3, 0, 0, 0, 0, 0]]
    rare = [
        [0, 0, 3, 0, 2, 0, 0, 0],
        [2, 0, 3, 0, 0, 0, 0, 0],
        [0, 0, 3, 0, 0, 0, 2, 0],
        [0, 0, 9, 0, 0, 0, 0, 0],
    ]
    for rows in (table, table[:2], [*table[:1], [0, 0, 2, 0, 0, 0, 0, 0], *rare]):
        done = suppress_counts(frame_of(rows))
        assert done.counts.loc["S0"].to_numpy().tolist() == [[0] * 8]
        assert not recover_cells(done.counts, done.teams, done.totals)["recovered"].any()


# ----------------------------------------------------------------------------------------------- the auditor


def parts(n, places):
    """Every way to deal n teams into so many places."""
    if places == 1:
        return [(n,)]
    return [(first, *rest) for first in range(n + 1) for rest in parts(n - first, places - 1)]


def tables_with(rows, columns):
    """Every table of counts with these sums."""
    if len(rows) == 1:
        return [[tuple(columns)]] if sum(columns) == rows[0] else []
    return [
        [first, *rest]
        for first in parts(rows[0], len(columns))
        if all(a <= b for a, b in zip(first, columns, strict=True))
        for rest in tables_with(rows[1:], [b - a for a, b in zip(first, columns, strict=True)])
    ]


small_tables = st.integers(2, 4).flatmap(
    lambda n: st.lists(
        st.lists(st.integers(0, 3), min_size=3, max_size=3).filter(sum), min_size=n, max_size=n
    )
)


@settings(max_examples=40, deadline=None)
@given(small_tables.filter(lambda table: np.sum(table) <= 14), st.data())
def test_bounds_are_those_of_every_table_written_out(table, data):
    table = np.array(table)
    hidden = np.array(data.draw(st.lists(st.booleans(), min_size=table.size, max_size=table.size)))
    hidden = hidden.reshape(table.shape)
    if not hidden.any():
        return
    agreeing = [
        np.array(each)
        for each in tables_with(list(table.sum(axis=1)), list(table.sum(axis=0)))
        if (np.array(each)[~hidden] == table[~hidden]).all()
    ]
    shown = np.where(hidden, np.nan, table)
    for row, column in np.argwhere(hidden):
        cell = np.zeros(table.shape, dtype=bool)
        cell[row, column] = True
        values = [each[row, column] for each in agreeing]
        found = bound_sum(shown, table.sum(axis=1), table.sum(axis=0).astype(float), cell)
        assert found == (min(values), max(values))


def test_what_is_published_counts_towards_what_was_refused():
    """Services 0 and 1 are withheld. That 0 and 2 were refused says that together they lack a grade."""
    shown = np.array([[np.nan, np.nan], [np.nan, np.nan], [1, 3]])
    teams, totals = np.array([2, 4, 4]), np.array([4.0, 6.0])
    cell = np.zeros((3, 2), dtype=bool)
    cell[0, 0] = True
    refused, need = np.array([[True, False, True]]), np.array([2, 2])
    assert bound_sum(shown, teams, totals, cell) == (0, 2)
    assert bound_sum(shown, teams, totals, cell, refused, need) == (0, 0)


def test_hiding_one_service_alone_hides_nothing(published):
    naive = published.astype("Int64")
    naive.loc[CARE] = pd.NA
    totals = published.groupby("domain").sum()
    found = recover_cells(naive, published.sum(axis=1), totals)
    assert (len(found), found["recovered"].all()) == (40, True)
    monitoring = found[(found["domain"] == "monitoring") & (found["grade"] == "RI / I")].iloc[0]
    assert (monitoring["low"], monitoring["high"]) == (2, 2)


def test_hiding_the_two_small_services_hides_little(published):
    naive = published.astype("Int64")
    naive.loc[[CARE, DISABLED]] = pd.NA
    found = recover_cells(naive, published.sum(axis=1), published.groupby("domain").sum())
    assert found[~found["recovered"]][["service", "domain", "grade"]].to_numpy().tolist() == [
        [service, domain, grade]
        for domain, grades in (("monitoring", ("RI / I", "RI")), ("joint_working", ("RI", "G")))
        for service in (CARE, DISABLED)
        for grade in grades
    ]


def test_numbers_that_contradict_each_other_are_refused(published):
    naive = published.astype("Int64")
    naive.loc[CARE] = pd.NA
    with pytest.raises(GradingsError, match="no counts agree with what is published of allocation"):
        recover_cells(naive, published.sum(axis=1) + 1, published.groupby("domain").sum())


# --------------------------------------------------------------------------------- attacks on what is chosen

any_tables = st.lists(st.lists(st.integers(0, 4), min_size=8, max_size=8).filter(sum), min_size=1, max_size=5)
rules = st.fixed_dictionaries(
    {"min_teams": st.integers(1, 6), "width": st.integers(1, 3), "totals": st.booleans()}
)


@settings(max_examples=30, deadline=None)
@given(any_tables | small_tables.map(lambda table: np.pad(table, ((0, 0), (0, 5))).tolist()), rules)
def test_no_withheld_count_can_be_recovered(table, rule):
    counts = frame_of(table)
    done = suppress_counts(counts, **rule)
    found = recover_cells(done.counts, done.teams, done.totals)
    assert not found["recovered"].any()
    small = (done.teams > 0) & (done.teams < rule["min_teams"])
    nobody = done.totals.loc["practice"].eq(0).fillna(False).to_numpy()
    assert done.counts.loc[small].loc[:, ~nobody].isna().all(axis=None)
    kept = done.counts.notna()
    assert (done.counts.fillna(0) == counts.where(kept, 0)).all(axis=None)


@settings(max_examples=30, deadline=None)
@given(any_tables, rules)
def test_small_services_stay_as_uncertain_as_was_asked(table, rule):
    done = suppress_counts(frame_of(table), **rule)
    found = recover_cells(done.counts, done.teams, done.totals).set_index(["service", "grade"])
    every = done.teams.sum()
    for (service, _), n in done.teams[done.teams < rule["min_teams"]].items():
        for grade, row in found.loc[service].iterrows():
            total = done.totals.loc["practice", grade]
            limits = [n] if pd.isna(total) else [n, total, every - total, every - n]
            assert row["high"] - row["low"] >= min(rule["width"], *limits)


@settings(max_examples=20, deadline=None)
@given(
    small_tables.filter(lambda table: np.sum(table) <= 16),
    st.integers(2, 4),
    st.integers(1, 3),
)
@example([[2, 0, 0], [2, 0, 0], [3, 0, 0], [1, 2, 0], [9, 0, 0]], 3, 1)
@example([[1, 0, 0], [1, 0, 0], [3, 3, 0]], 3, 2)
def test_who_has_this_programme_cannot_recover_a_small_service_either(table, min_teams, width):
    """Of all tables that agree with what is published, keep those of which the same would be published."""
    table = np.array(table)
    teams = table.sum(axis=1)
    small = teams < min_teams
    chosen = choose_services(table, small, min_teams, width)
    if chosen is None or not small.any():
        return
    alike = []
    for rows in tables_with(list(teams[chosen]), list(table[chosen].sum(axis=0))):
        other = table.copy()
        other[chosen] = rows
        same = choose_services(other, small, min_teams, width)
        if same is not None and (same == chosen).all():
            alike.append(other)
    used = table.sum(axis=0) > 0
    told = np.max(alike, axis=0) == np.min(alike, axis=0)
    assert not told[small][:, used].any()
    if teams[small].sum() < min_teams:
        together = np.array(alike)[:, small].sum(axis=1)
        assert not (together.max(axis=0) == together.min(axis=0))[used].any()


@pytest.mark.parametrize("grade", range(3))
def test_who_has_this_programme_learns_nothing_from_a_domain_that_is_withheld(grade):
    """Whatever one grade all teams have, all is withheld: a small service may have any."""
    table = np.zeros((3, 3), dtype=int)
    table[:, grade] = [1, 2, 5]
    assert choose_services(table, np.array([True, True, False]), 3, 2) is None


def test_no_choice_with_fewer_teams_protects_the_published_services(published):
    """Every cheaper set of services, every table that agrees with it written out: some count is told."""
    done = suppress_counts(published)
    for domain in done.totals.index:
        counts = published.xs(domain, level="domain")
        counts = counts.loc[:, counts.sum() > 0]
        teams = counts.sum(axis=1)
        withheld = done.counts.xs(domain, level="domain").isna().any(axis=1)
        others = [CONTACT, SAFEGUARDING, PERMANENCY]
        tried = 0
        for added in itertools.chain.from_iterable(itertools.combinations(others, n) for n in range(4)):
            hidden = [CARE, DISABLED, *added]
            if teams[hidden].sum() < teams[withheld].sum():
                tables = np.array(tables_with(list(teams[hidden]), list(counts.loc[hidden].sum())))
                assert (tables.max(axis=0) == tables.min(axis=0))[:2].any()
                tried += 1
        assert tried == (1 if domain == "practice" else 4)


@settings(max_examples=20, deadline=None)
@given(any_tables, st.randoms(use_true_random=False))
def test_order_of_rows_changes_nothing(table, random):
    counts = frame_of(table)
    order = list(range(len(counts)))
    random.shuffle(order)
    done, other = suppress_counts(counts), suppress_counts(counts.iloc[order])
    pd.testing.assert_frame_equal(done.counts, other.counts.loc[counts.index])
    pd.testing.assert_frame_equal(done.totals, other.totals)


def test_of_two_choices_alike_the_first_by_name_is_taken():
    rows = {"B": "2 x RI, 2 x G", "C": "2 x RI, 2 x G", "A": "1 x RI, 1 x G", "D": "9 x RI"}
    for names in (list(rows), list(rows)[::-1]):
        done = suppress_counts(counts_of({name: rows[name] for name in names}))
        assert sorted(shown_services(done)["practice"]) == ["C", "D", "totals"]


def test_a_refusal_that_grades_do_not_decide_tells_nothing():
    """A and B together are two teams, so that a third service is withheld whatever their grades."""
    rows = {"A": "1 x RI", "B": "1 x RI", "C": "3 x RI, 1 x G", "D": "9 x RI"}
    assert shown_services(suppress_counts(counts_of(rows))) == {"practice": ["D", "totals"]}


def test_grades_in_three_services_take_all_three():
    rows = {"A": "2 x RI", "B": "3 x RI, 2 x G", "C": "3 x RI, 2 x I", "D": "3 x RI, 2 x O", "E": "9 x RI"}
    assert shown_services(suppress_counts(counts_of(rows))) == {"practice": ["E", "totals"]}


def test_larger_programmes_are_quiet(capfd):
    """The solver prints nothing of its own: a machine may read what the command prints."""
    table = np.random.default_rng(1).multinomial(1, [1 / 8] * 8, size=(12, 5)).sum(axis=1)
    table[:3] = [[1, 0, 1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0, 0, 0], [0, 0, 1, 0, 0, 0, 0, 1]]
    done = suppress_counts(frame_of(table))
    assert not recover_cells(done.counts, done.teams, done.totals)["recovered"].any()
    assert capfd.readouterr() == ("", "")


# -------------------------------------------------------------------------------------------------- warnings


def warnings_of(found):
    return (
        found[["warning", "service", "teams", "sentence"]]
        .astype(object)
        .where(found.notna(), None)
        .to_numpy()
        .tolist()
    )


def test_unanimous_groups_are_told():
    counts = counts_of(
        {"A": "4 x RI", "B": "3 x RI, 2 x no judgement", "C": "3 x G, 1 x RI", "D": "3 x no judgement"}
    )
    assert warnings_of(find_disclosures(counts)) == [
        [
            "unanimous",
            "A",
            4,
            "All 4 teams were graded requires improvement: the count tells the grade of each.",
        ],
        [
            "unanimous",
            "B",
            5,
            "All 3 teams that were judged were graded requires improvement: "
            "the count tells the grade of each.",
        ],
    ]


def test_groups_of_one_or_two_teams_are_told():
    counts = counts_of({"A": "1 x I, 1 x RI", "B": "3 x RI, 2 x G", "C": "1 x G"})
    assert warnings_of(find_disclosures(counts)) == [
        ["few teams", "A", 2, "There are 2 teams, fewer than 3."],
        ["two teams", "A", 2, "Each of the 2 teams finds the other's grade by leaving out its own."],
        ["few teams", "C", 1, "There is 1 team, fewer than 3."],
        ["unanimous", "C", 1, "The one team was graded good: the count tells its grade."],
    ]


def test_others_that_are_one_team_are_told_where_totals_are():
    counts = counts_of({"A": "3 x RI, 2 x G", "B": "1 x no judgement"})
    shown = pd.Series([True, False], counts.index)
    assert warnings_of(find_disclosures(counts, shown=shown)) == [
        [
            "others are one team",
            "A",
            5,
            "All other services together have 1 team: its grade is the totals less this service.",
        ],
        [
            "one service left out",
            "B",
            1,
            "No other service is withheld: its counts are the totals less the others.",
        ],
    ]
    assert find_disclosures(counts, shown=shown, totals=False).empty


def test_totals_of_one_grade_are_told():
    counts = counts_of({"A": "3 x RI", "B": "4 x RI"})
    shown = pd.Series(False, counts.index)
    assert warnings_of(find_disclosures(counts, shown=shown)) == [
        [
            "unanimous",
            None,
            7,
            "All 7 teams were graded requires improvement: the count tells the grade of each.",
        ]
    ]


def test_warnings_of_what_is_published_leave_out_what_is_withheld(published):
    found = suppress_counts(published).warnings
    assert found[["warning", "service", "domain"]].to_numpy().tolist() == [
        ["unanimous", service, domain]
        for domain, services in {
            "allocation": (CONTACT, PERMANENCY),
            "practice": (CONTACT, SAFEGUARDING),
            "monitoring": (CONTACT,),
            "joint_working": (CONTACT, PERMANENCY),
            "overall": (CONTACT, PERMANENCY),
        }.items()
        for service in services
    ]


@settings(max_examples=30, deadline=None)
@given(any_tables, rules)
def test_one_service_is_never_the_only_one_withheld_beside_totals(table, rule):
    warned = set(suppress_counts(frame_of(table), **rule).warnings["warning"])
    assert warned & {"one service left out", "few teams"} == set()
    assert warned <= set(WARNINGS)


# ------------------------------------------------------------------------------------------------------ docs


def test_every_example_in_the_docs_runs(root):
    text = (root / "docs" / "disclosure.md").read_text(encoding="utf-8")
    lines = ["" if line.startswith("```") else line for line in text.splitlines()]
    found = doctest.DocTestParser().get_doctest("\n".join(lines), {}, "disclosure.md", "disclosure.md", 0)
    assert len(found.examples) > 5
    flags = doctest.NORMALIZE_WHITESPACE
    assert doctest.DocTestRunner(optionflags=flags).run(found).failed == 0
    assert [name for name in (*disclosure.__all__, *WARNINGS) if name not in text] == []
