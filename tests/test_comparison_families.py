# ruff: noqa: E501
"""Several tests at once: every completion of the open grades, and whole teams that change places."""

import itertools
from fractions import Fraction

import pandas as pd
import pytest
from hypothesis import Phase, assume, given, settings
from hypothesis import strategies as st

from improvement_analysis.comparison import compare_each, compare_groups
from improvement_analysis.gradings import as_gradings, select
from improvement_analysis.scale import OFSTED
from improvement_analysis.statistics import linked_families

DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]


def world(teams):
    """Gradings from (area, service, grades by domain): one team each; None is a team not graded there."""
    rows = [
        {"area": area, "service": service, "team": f"Team {number}", "domain": domain, "source": "s"}
        | {"grade": None if grade == "-" else grade}
        for number, (area, service, grades) in enumerate(teams)
        for domain, grade in zip(DOMAINS, grades, strict=False)
        if grade is not None
    ]
    return as_gradings(pd.DataFrame(rows), authority="A", round="1")


def completions(teams):
    """Every way to give the open grades whole ones."""
    ways = []
    for _, _, grades in teams:
        for grade in grades:
            worst, best = OFSTED.ends(None if grade == "-" else grade)
            ways.append(OFSTED.codes[OFSTED.codes.index(worst) : OFSTED.codes.index(best) + 1])
    for choice in itertools.product(*ways):
        rest = iter(choice)
        yield [(area, service, [next(rest) for _ in grades]) for area, service, grades in teams]


def deals(teams):
    """Every way to deal the teams of each service anew among the areas, as areas in the order of teams."""
    services = sorted({service for _, service, _ in teams})
    ways = []
    for service in services:
        areas = [area for area, here, _ in teams if here == service]
        ways.append(sorted(set(itertools.permutations(areas))))
    for choice in itertools.product(*ways):
        rest = {service: iter(each) for service, each in zip(services, choice, strict=True)}
        yield [next(rest[service]) for _, service, _ in teams]


def distance(areas, teams, domain, focus):
    """How far the focus's weighted rank sum lies from its expectation; None where nothing is compared."""
    total, compared = Fraction(0), False
    for service in {service for _, service, _ in teams}:
        here = [
            (area, OFSTED.rank(grades[domain]))
            for area, (_, s, grades) in zip(areas, teams, strict=True)
            if s == service
        ]
        n = len(here)
        if 0 < sum(area == focus for area, _ in here) < n:
            compared |= len({grade for _, grade in here}) > 1
            ranks = [
                Fraction(sum(o < g for _, o in here) * 2 + sum(o == g for _, o in here) + 1, 2)
                for _, g in here
            ]
            total += sum(
                (rank - Fraction(n + 1, 2)) / (n + 1)
                for (area, _), rank in zip(here, ranks, strict=True)
                if area == focus
            )
    return abs(total) if compared else None


def min_p(teams, focuses):
    """Step-down min-P by going through every deal, in fractions: (focus, domain) -> (p, adjusted p)."""
    ways = list(deals(teams))
    seen = [area for area, _, _ in teams]
    names = [
        (f, d) for f in focuses for d in range(len(teams[0][2])) if distance(seen, teams, d, f) is not None
    ]
    shown = {name: [distance(way, teams, name[1], name[0]) for way in ways] for name in names}
    p = {}
    for name, values in shown.items():
        p[name] = [Fraction(sum(other >= value for other in values), len(ways)) for value in values]
    at = ways.index(seen)
    adjusted, reached = {}, Fraction(0)
    order = sorted(names, key=lambda name: p[name][at])
    for place, name in enumerate(order):
        rest = order[place:]
        rare = sum(min(p[other][deal] for other in rest) <= p[name][at] for deal in range(len(ways)))
        reached = max(reached, Fraction(rare, len(ways)))
        adjusted[name] = reached
    return {name: (p[name][at], adjusted[name]) for name in names}


#: Shrinking would go through thousands of comparisons.
quick = settings(max_examples=25, deadline=None, phases=[Phase.explicit, Phase.generate])

WHOLE = st.sampled_from(["I", "RI", "RI", "G", "O"])
OPEN = st.sampled_from(["I", "RI", "G", "G", "O", "I", "RI / I", "G / RI", "-"])


def teams_of(grade, areas="AB", services="ST", domains=3, most=7):
    team = lambda n: st.tuples(  # noqa: E731
        st.sampled_from(areas), st.sampled_from(services), st.lists(grade, min_size=n, max_size=n)
    )
    return (
        st.integers(1, domains)
        .flatmap(lambda n: st.lists(team(n), min_size=4, max_size=most))
        .filter(lambda teams: {area for area, _, _ in teams} == set(areas))
    )


@quick
@given(teams_of(WHOLE))
def test_min_p_is_that_of_every_deal_gone_through(teams):
    found = compare_groups(world(teams), "area", "A")
    expected = min_p(teams, "A")
    for place, domain in enumerate(found.index):
        if ("A", place) in expected:
            p, adjusted = expected["A", place]
            assert (found.p_exact[domain], found.p_adjusted[domain]) == pytest.approx((p, adjusted))
            assert (found.p_adjusted[domain] <= 0.05) == (found.verdict[domain] == "unlikely_chance")
        else:
            assert pd.isna(found.p_adjusted[domain])


OPTIONS = st.sampled_from(
    [{}, {"adjust": "holm"}, {"alpha": 0.3}, {"adjust": "bh", "alpha": 0.3}, {"alpha": 0.15}]
)


@quick
@given(teams_of(OPEN, most=9), OPTIONS, st.sampled_from(["distance", "doubled"]))
def test_every_verdict_agrees_with_every_completion_tried_by_itself(teams, options, two_sided):
    ways = list(itertools.islice(completions(teams), 65))
    assume(len(ways) <= 64)
    options = options | {"two_sided": two_sided}
    found = compare_groups(world(teams), "area", "A", **options)
    each = [compare_groups(world(way), "area", "A", **options) for way in ways]
    for domain in found.index:
        agree(found.loc[domain], [one.loc[domain] for one in each])


def agree(row, each):
    """That a row says what its completions say."""
    verdicts = {one.verdict for one in each}
    p = [one.p_exact for one in each if not pd.isna(one.p_exact)] or [float("nan")]
    claimed = "unlikely_chance" in verdicts
    assert (row.verdict == "unlikely_chance") == (verdicts == {"unlikely_chance"})
    assert (row.verdict == "depends_on_open") == (claimed and len(verdicts) > 1)
    if len(verdicts) == 1 and row.strata_used and row.verdict != "no_variation":  # which is of judged teams
        assert row.verdict == verdicts.pop()
    if len(p) == len(each):
        assert (row.p_bound_low, row.p_bound_high) == pytest.approx((min(p), max(p)), nan_ok=True)
    if not pd.isna(row.p_exact):
        assert row.p_bound_low <= row.p_exact <= row.p_bound_high


# ------------------------------------------------------------------------------------- all areas in one family


def spread(areas, teams, domain):
    """Kruskal and Wallis's statistic up to a factor, of teams of one service."""
    grades = [OFSTED.rank(grades[domain]) for _, _, grades in teams]
    mean = Fraction(len(grades) + 1, 2)
    ranks = [
        Fraction(sum(o < g for o in grades) * 2 + sum(o == g for o in grades) + 1, 2) - mean for g in grades
    ]
    sums = [
        (sum(rank for rank, area in zip(ranks, areas, strict=True) if area == name), areas.count(name))
        for name in sorted(set(areas))
    ]
    return sum(total**2 / many for total, many in sums)


@quick
@given(teams_of(WHOLE, areas="ABC", services="S", domains=2))
def test_each_area_and_all_together_are_one_family(teams):
    ways, seen = list(deals(teams)), [area for area, _, _ in teams]
    names = [
        (f, d) for d in range(len(teams[0][2])) for f in "ABC" if distance(seen, teams, d, f) is not None
    ]
    shown = {name: [distance(way, teams, name[1], name[0]) for way in ways] for name in names}
    shown |= {("all", d): [spread(way, teams, d) for way in ways] for d in {d for _, d in names}}
    p = {
        name: [Fraction(sum(other >= value for other in values), len(ways)) for value in values]
        for name, values in shown.items()
    }
    at, reached = ways.index(seen), Fraction(0)
    order = sorted(p, key=lambda name: p[name][at])
    found = compare_each(world(teams), "area")
    for place, (focus, d) in enumerate(order):
        rare = sum(
            min(p[other][deal] for other in order[place:]) <= p[focus, d][at] for deal in range(len(ways))
        )
        reached = max(reached, Fraction(rare, len(ways)))
        row = found.together.loc[DOMAINS[d]] if focus == "all" else found.each.loc[(focus, DOMAINS[d])]
        assert (row.p_high if focus == "all" else row.p_exact) == pytest.approx(p[focus, d][at])
        assert row.p_adjusted == pytest.approx(reached)
        assert (row.verdict == "unlikely_chance") == (row.p_adjusted <= 0.05)


@quick
@given(teams_of(OPEN, areas="ABC", services="ST", domains=2, most=6))
def test_all_areas_agree_with_every_completion_tried_by_itself(teams):
    ways = list(itertools.islice(completions(teams), 17))
    assume(len(ways) <= 16)
    found = compare_each(world(teams), "area", alpha=0.2)
    each = [compare_each(world(way), "area", alpha=0.2) for way in ways]
    for name in found.each.index:
        agree(found.each.loc[name], [one.each.loc[name] for one in each])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(linked_families, "MOST_TOGETHER", 0)
        bounded = compare_each(world(teams), "area", alpha=0.2)
    for name in bounded.each.index:
        claims_alike(bounded.each.loc[name], [one.each.loc[name] for one in each])
    for name in bounded.together.index:
        claims_alike(bounded.together.loc[name], [one.together.loc[name] for one in each])


def claims_alike(row, each):
    """That a row claims as its completions do, and holds the adjusted p of each, though it was bounded."""
    claims = {one.verdict == "unlikely_chance" for one in each}
    assert not pd.isna(row.verdict)
    assert (row.verdict == "unlikely_chance") == (claims == {True})
    assert (row.verdict == "depends_on_open") == (len(claims) == 2)
    for one in each:
        if not pd.isna(one.p_adjusted) and not pd.isna(row.p_adjusted):
            assert row.p_adjusted_low <= one.p_adjusted + 1e-12
            assert one.p_adjusted <= row.p_adjusted + 1e-12


def test_a_page_of_one_area_is_judged_with_the_pages_of_the_others():
    """4 v 8 alone is a family of its own; beside two other areas it has to be rarer."""
    held = {"A": "G G G G", "B": "I RI I RI", "C": "RI RI I RI"}
    gradings = world([(area, "S", [grade]) for area, grades in held.items() for grade in grades.split()])
    alone = compare_groups(gradings, "area", "A").loc["allocation"]
    page = compare_each(gradings, "area").each.loc["A", "allocation"]
    assert (alone.p_exact, alone.p_adjusted) == pytest.approx((1 / 495, 1 / 495))
    assert page.p_exact == alone.p_exact
    assert page.p_adjusted > alone.p_adjusted
    assert page.sentence.startswith(
        "Chance alone seldom does this (p = 0.006 after allowing for four comparisons). "
    )


def test_together_says_whether_areas_differ_in_words():
    held = {"A": "G G G G", "B": "I RI I RI", "C": "RI RI I RI"}
    gradings = world([(area, "S", [grade]) for area, grades in held.items() for grade in grades.split()])
    found = compare_each(gradings, "area").together.loc["allocation"]
    assert (found.n_groups, found.n_teams) == (3, 12)
    assert found.sentence == (
        "The three areas differ. Shuffling the grades among the teams sets the three areas this far apart with "
        "p = 0.006 (0.006 after allowing for four comparisons)."
    )


# ------------------------------------------------------------------------------------- linked and not linked


def test_domains_with_other_teams_are_added_up():
    """Both domains have p = 2/70, of different teams: the adjusted p is the sum, as nothing links them."""
    first = [("A", "S", ["G", None])] * 4 + [("B", "S", ["I", None])] * 4
    other = [("A", "T", [None, "G"])] * 4 + [("B", "T", [None, "I"])] * 4
    found = compare_groups(world(first + other), "area", "A")
    assert found["p_exact"].tolist() == pytest.approx([2 / 70] * 2)
    assert found["p_adjusted"].tolist() == pytest.approx([4 / 70] * 2)
    assert set(found["method_adjusted"]) == {"bounds"}


def test_teams_without_names_are_added_up_over_domains():
    linked = world([("A", "S", ["G", "G"])] * 4 + [("B", "S", ["I", "I"])] * 4)
    assert compare_groups(linked, "area", "A")["p_adjusted"].tolist() == pytest.approx([2 / 70] * 2)
    nameless = linked.assign(team=pd.Series([None] * len(linked), dtype="str"))
    assert compare_groups(nameless, "area", "A")["p_adjusted"].tolist() == pytest.approx([4 / 70] * 2)


# ------------------------------------------------------------------------------------------------ drawn deals


def many(shift=0):
    """Two areas in three services of ten teams each, more deals than are gone through."""
    grades = ["I", "RI", "RI", "G", "RI", "I", "G", "RI", "RI", "O"]
    return [
        (
            "AB"[k % 2],
            service,
            [grades[(3 * k + i) % 10] if k % 2 or not shift else "O", grades[(7 * k + i) % 10]],
        )
        for i, service in enumerate("STU")
        for k in range(10)
    ]


def test_deals_too_many_to_go_through_are_drawn_with_their_error_told():
    found = compare_groups(world(many()), "area", "A")
    assert set(found["method_adjusted"]) == {"monte carlo"}
    assert (found["p_adjusted_low"] < found["p_adjusted"]).all()
    assert (found["p_adjusted_low"] >= found["p_exact"]).all()
    again = compare_groups(world(many()), "area", "A")
    pd.testing.assert_frame_equal(found, again)


def test_drawn_deals_depend_on_neither_names_nor_rows_nor_sides():
    gradings = world(many())
    found = compare_groups(gradings, "area", "A")
    columns = ["p_exact", "p_adjusted_low", "p_adjusted"]
    for seed in range(3):
        shuffled = gradings.sample(frac=1, random_state=seed)
        pd.testing.assert_frame_equal(compare_groups(shuffled, "area", "A"), found)
    renamed = gradings.assign(
        area=gradings["area"].replace({"A": "Z"}),
        service=gradings["service"].replace({"S": "X", "U": "A"}),
        team=["Team " + name[::-1] for name in gradings["team"]],
    )
    pd.testing.assert_frame_equal(compare_groups(renamed, "area", "Z")[columns], found[columns])
    pd.testing.assert_frame_equal(compare_groups(gradings, "area", "B")[columns], found[columns])


def test_drawn_and_counted_deals_agree(monkeypatch):
    teams = [(area, service, [a, b]) for area, service, (a, b) in zip(
        "AAABBBBBBAABBB", "SSSSSSSSSTTTTT",
        ["IG", "IR", "RR", "RR", "RG", "GG", "RR", "GG", "GO", "II", "RI", "GR", "RG", "GG"], strict=True)]  # fmt: skip
    spelt = {"R": "RI"}
    teams = [(area, s, [spelt.get(grade, grade) for grade in grades]) for area, s, grades in teams]
    counted = compare_groups(world(teams), "area", "A")
    monkeypatch.setattr("improvement_analysis.statistics.whole_teams.MOST_DEALS", 1)
    drawn = compare_groups(world(teams), "area", "A")
    assert set(drawn["method_adjusted"]) == {"monte carlo"}
    assert (drawn["p_adjusted_low"] <= counted["p_adjusted"]).all()
    assert (counted["p_adjusted"] <= drawn["p_adjusted"]).all()


# ------------------------------------------------------------------------------------- completions beyond trying


@quick
@given(teams_of(OPEN, most=8), st.sampled_from([0.05, 0.2, 0.4]))
def test_bounds_hold_what_trying_finds_and_claim_no_more(teams, alpha):
    ways = list(itertools.islice(completions(teams), 33))
    assume(2 <= len(ways) <= 32)
    exact = compare_groups(world(teams), "area", "A", alpha=alpha)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("improvement_analysis.statistics.linked_families.MOST_TOGETHER", 1)
        bounded = compare_groups(world(teams), "area", "A", alpha=alpha)
    for domain in exact.index:
        one, other = exact.loc[domain], bounded.loc[domain]
        if not pd.isna(one.p_adjusted):
            assert other.p_adjusted_low <= one.p_adjusted_low + 1e-9
            assert one.p_adjusted <= other.p_adjusted + 1e-9
        if not pd.isna(other.verdict) and "open" not in {one.verdict, other.verdict}:
            assert (other.verdict in {"unlikely_chance", "depends_on_open"}) == (
                one.verdict in {"unlikely_chance", "depends_on_open"}
            )
            assert (other.verdict == "depends_on_open") == (one.verdict == "depends_on_open")


def test_beyond_the_budget_a_claim_needs_bounds_that_hold_for_every_completion(monkeypatch):
    """Both domains are claimed under each of the four completions, and the bounds say no less."""
    teams = [("A", "S", ["O", "O"])] * 4 + [("B", "S", ["I", "I"])] * 3 + [("B", "S", ["RI / I", "RI / I"])]
    exact = compare_groups(world(teams), "area", "A")
    assert (exact["verdict"] == "unlikely_chance").all()
    monkeypatch.setattr("improvement_analysis.statistics.linked_families.MOST_TOGETHER", 3)
    found = compare_groups(world(teams), "area", "A")
    assert (found["method_adjusted"] == "bounds").all()
    assert (found["p_adjusted"] >= exact["p_adjusted"] - 1e-12).all()
    assert found["p_adjusted"].tolist() == pytest.approx([2 / 70] * 2)
    assert (found["verdict"] == "unlikely_chance").all()
    assert found.loc["practice", "sentence"].endswith("whichever half counts, p is at most 0.029.")


# ---------------------------------------------------------------------------------------- columns of one's own


def test_any_column_that_is_one_value_for_each_team_groups_them():
    teams = [("A", "S", ["G", "G"])] * 4 + [("B", "S", ["I", "RI"])] * 4
    gradings = world(teams)
    band = gradings["team"].map({f"Team {n}": "high" if n < 4 else "low" for n in range(8)})
    found = compare_groups(gradings.assign(band=band), "band", "high")
    by_area = compare_groups(gradings, "area", "A")
    columns = [name for name in found if name != "sentence"]
    pd.testing.assert_frame_equal(found[columns], by_area[columns])
    assert found.loc["allocation", "sentence"].startswith(
        "Chance alone seldom does this (p = 0.029). The high team"
    )
    assert compare_groups(select(gradings, area=["A", "B"]), "area", "A").shape == by_area.shape


def test_a_column_of_several_values_in_a_team_is_refused_naming_the_teams():
    gradings = world([("A", "S", ["G", "G"]), ("A", "S", ["G", "I"]), ("B", "S", ["I", "RI"])])
    gradings = gradings.assign(band=["high", "low", "high", "high", "low", None])
    with pytest.raises(Exception) as caught:
        compare_groups(gradings, "band", "high")
    assert str(caught.value) == (
        "teams are not grouped by 'band'; expected one value for each team: "
        "found Team 0 (S) with 'high' and 'low'; Team 2 (S) with 'low' and none"
    )


def test_an_unknown_name_in_a_column_of_ones_own_is_refused():
    gradings = world([("A", "S", ["G"]), ("B", "S", ["I"])]).assign(band=["high", "low"])
    with pytest.raises(Exception, match="no gradings for band 'middle'; known are 'high', 'low'"):
        compare_groups(gradings, "band", "middle")
    with pytest.raises(Exception, match="the gradings have no column 'borough'"):
        compare_groups(gradings, "borough", "x")


def test_authorities_are_compared_too():
    gradings = world([("A", "S", ["G"])] * 4 + [("B", "S", ["I"])] * 4)
    gradings["authority"] = ["X"] * 4 + ["Y"] * 4
    assert compare_groups(gradings, "authority", "X").loc["allocation", "p_exact"] == pytest.approx(2 / 70)
