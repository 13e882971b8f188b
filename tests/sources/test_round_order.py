"""Rounds of a dataset: declared, told where they contradict themselves, refused where no order is known."""

import pytest

import improvement_analysis as ia
from improvement_analysis.cli import main
from improvement_analysis.errors import GradingsError, SourceError

ABOUT = """
title = "A test"
publisher = "Nobody"
authority = "Anyshire"
round = {round}
published = 2026-06-30
illustrative = true
{more}
[[files]]
name = "gradings.csv"
kind = "gradings"
origin = "made up"
"""
DOMAINS = ("allocation", "practice", "monitoring", "joint_working", "overall")


@pytest.fixture
def folder(tmp_path):
    def write(visits, more="", named=None):
        rows = [
            f"North,Safeguarding,{team},{name},{day},{domain},{grade}"
            for name, day, team, grade in visits
            for domain in DOMAINS
        ]
        lines = ["area,service,team,round,visit_date,domain,grade", *rows]
        (tmp_path / "gradings.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
        about = ABOUT.format(round=repr(named or visits[0][0]).replace("'", '"'), more=more)
        (tmp_path / "source.toml").write_text(about, encoding="utf-8")
        return tmp_path

    return write


def told(dataset):
    return [str(problem) for problem in dataset.problems]


def test_visit_days_order_seasons(folder):
    visits = [("Spring 2024", "2024-04-10", "Team A", "RI"), ("Autumn 2024", "2024-10-10", "Team A", "G")]
    ds = ia.load(folder(visits))
    assert (ds.rounds, told(ds)) == (["Spring 2024", "Autumn 2024"], [])
    assert set(ds.standing()["round"]) == {"Autumn 2024"}
    assert ds.gradings["round"].cat.ordered


def test_declared_rounds_decide(folder):
    visits = [("Green", "", "Team A", "RI"), ("Blue", "", "Team A", "G"), ("blue ", "", "Team B", "G")]
    ds = ia.load(folder(visits, 'rounds = [{name = "Green"}, {name = "Blue"}, {name = "Red"}]'))
    assert (ds.rounds, told(ds)) == (["Green", "Blue"], [])
    assert set(ds.standing()["team"]) == {"Team A", "Team B"}


def test_without_order_reading_works_and_the_line_to_add_is_told(folder):
    place = folder([("Green", "", "Team A", "RI"), ("Blue", "", "Team A", "G")])
    ds = ia.load(place)
    line = 'rounds = [{name = "Blue"}, {name = "Green"}]'
    assert told(ds) == [
        "source.toml: found the rounds 'Blue' and 'Green' without an order, expected visit days, or names "
        "that state a time, by which it is plain which came first; add a line at the top of source.toml, "
        f"earliest first: {line}"
    ]
    assert len(ds.standing("Blue")) == 5
    assert len(repr(ds)) > 0
    assert "Blue" in ds._repr_html_()
    with pytest.raises(GradingsError, match="without an order"):
        ds.standing()
    declared = (place / "source.toml").read_text(encoding="utf-8")
    (place / "source.toml").write_text(line + "\n" + declared, encoding="utf-8")
    assert ia.load(place).rounds == ["Blue", "Green"]


def test_a_report_without_order_is_refused_in_a_sentence(folder, tmp_path, capsys):
    place = folder([("Green", "", "Team A", "RI"), ("Blue", "", "Team A", "G")])
    assert main(["report", str(place), "-o", str(tmp_path / "out")]) == 3
    assert "add a line at the top of source.toml, earliest first: rounds = [" in capsys.readouterr().err


def test_names_against_their_days_and_visits_that_overlap_are_told(folder):
    visits = [("Autumn 2024", "2024-04-10", "Team A", "RI"), ("Spring 2024", "2024-10-10", "Team A", "G")]
    ds = ia.load(folder(visits))
    assert ds.rounds == ["Autumn 2024", "Spring 2024"]
    assert told(ds) == [
        "source.toml: found the round 'Autumn 2024' (visits 10/04/2024 to 10/04/2024) and the round "
        "'Spring 2024' (visits 10/10/2024 to 10/10/2024), expected names and visit days of one order; the "
        "days were followed; correct the names or the days, or declare [[rounds]] in source.toml"
    ]
    late = [
        ("Spring 2024", "2024-04-10", "Team A", "RI"), ("Spring 2024", "2024-10-12", "Team B", "RI"),
        ("Autumn 2024", "2024-10-10", "Team A", "G"),
    ]  # fmt: skip
    ds = ia.load(folder(late))
    assert ds.rounds == ["Spring 2024", "Autumn 2024"]
    assert [line.partition("; ")[2] for line in told(ds)] == [
        "'Spring 2024' was taken for the earlier: 1 of the 1 teams visited in both were visited in it first; "
        "if that is wrong, declare [[rounds]] in source.toml"
    ]


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('{name = "2017-18"}, {name = "2017-18"}', "the round '2017-18' twice, expected each round once"),
        ('{name = "2016-17"}', "round = '2017-18', expected one of the rounds of [[rounds]]: '2016-17'"),
        ('{name = ""}, {name = "2017-18"}', 'a round without a name, expected name = "..." for each round'),
        ('{name = "2017-18", start = 2017-04-01}', "the key rounds.start, expected one of name, aliases,"),
        ('{name = "2017-18", first = "April"}', "rounds.first = 'April', expected a date such as 2018-02-07"),
        (
            '{name = "2017-18", first = 2018-03-31, last = 2017-04-01}',
            "the round '2017-18' from 2018-03-31 to 2017-04-01, expected its first day first",
        ),
        (
            '{name = "2017-18", first = 2017-04-01}, {name = "2016-17", first = 2016-04-01}',
            "the round '2016-17' after '2017-18', whose days are later, expected rounds in their order,",
        ),
    ],
)
def test_a_declaration_that_contradicts_itself_is_refused(folder, more, fault):
    with pytest.raises(SourceError) as refused:
        ia.load(folder([("2017-18", "", "Team A", "RI")], f"rounds = [{more}]"))
    assert f"found {fault}" in str(refused.value)


def test_an_undeclared_round_is_refused_and_a_day_far_from_its_declared_days_is_told(folder):
    more = (
        'rounds = [{name = "Blue", first = 2024-04-01, last = 2024-06-30, aliases = ["B"]}, {name = "Green"}]'
    )
    with pytest.raises(SourceError, match="found 'Gren', expected a round that is declared: Blue, Green"):
        ia.load(folder([("Gren", "", "Team A", "RI")], more, "Blue"))
    ds = ia.load(folder([("B", "2025-04-10", "Team A", "RI")], more, "B"))
    assert (ds.about.round, ds.rounds) == ("Blue", ["Blue"])
    assert told(ds) == [
        "gradings.csv, row 2, column 'visit_date': found the day 10/04/2025, expected a day near the round "
        "Blue, 01/04/2024 to 30/06/2024"
    ]


def test_one_file_is_ordered_and_told_too(folder):
    place = folder([("Green", "", "Team A", "RI"), ("Blue", "", "Team A", "G")])
    (place / "source.toml").unlink()
    with pytest.warns(ia.SourceWarning, match="without an order"):
        ia.read_gradings(place / "gradings.csv")


def test_gradings_without_a_round_beside_others_are_told(folder):
    visits = [("2023-24", "", "Team A", "RI"), ("2024-25", "", "Team A", "G"), ("", "", "Team B", "I")]
    place = folder(visits)
    declared = (place / "source.toml").read_text(encoding="utf-8")
    (place / "source.toml").write_text(declared.replace('round = "2023-24"\n', ""), encoding="utf-8")
    assert told(ia.load(place)) == [
        "source.toml: found 5 gradings that name no round, expected the round of each, as others name "
        "theirs; they are in no round's counts and pages; name their round"
    ]


def test_one_round_spelt_in_two_ways_is_no_missing_order(folder):
    ds = ia.load(folder([("Autumn 2024", "", "Team A", "RI"), ("autumn 2024", "", "Team A", "G")]))
    with pytest.raises(GradingsError) as caught:
        ds.standing()
    assert str(caught.value) == (
        "found the rounds 'Autumn 2024' and 'autumn 2024', which say the same, expected one spelling of a "
        "round; write both alike, or add a line at the top of source.toml: "
        'rounds = [{name = "Autumn 2024", aliases = ["autumn 2024"]}]'
    )
