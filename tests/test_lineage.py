"""Teams in time: renamed, moved, split, merged and closed, from source.toml to every page."""

import pytest

import improvement_analysis as ia
from improvement_analysis import pages
from improvement_analysis.comparison import count_unmatched, list_movers, list_unmatched
from improvement_analysis.errors import SourceError

ROWS = """
    area  | team    | round   | visit_date | domain   | grade
    North | Team A  | 2023-24 | 2023-10-02 | overall  | I
    North | Team B  | 2023-24 | 2023-10-03 | overall  | RI
    South | Team C  | 2023-24 | 2023-10-04 | overall  | RI
    South | Team D  | 2023-24 | 2023-10-05 | overall  | G
    South | Team E  | 2023-24 | 2023-10-06 | overall  | RI
    South | Team F  | 2023-24 | 2023-10-09 | overall  | I
    South | Team G  | 2023-24 | 2023-10-10 | overall  | RI
    North | Team H  | 2023-24 | 2023-10-11 | overall  | RI
    North | Team K  | 2024-25 | 2024-10-01 | overall  | RI
    North | Team B1 | 2024-25 | 2024-10-02 | overall  | G
    North | Team B2 | 2024-25 | 2024-10-03 | overall  | I
    North | Team C  | 2024-25 | 2024-10-04 | overall  | G
    South | Team DE | 2024-25 | 2024-10-07 | overall  | RI
    North | Team H  | 2024-25 | 2024-10-08 | overall  | RI
    North | Team N  | 2024-25 | 2024-10-09 | overall  | G
"""
DECLARED = """
[[teams]]
name = "Team K"
was = ["Team A"]

[[teams]]
name = "Team B1"
was = ["Team B"]
from = 2024-04-01

[[teams]]
name = "Team B2"
was = ["Team B"]
from = 2024-04-01

[[teams]]
name = "Team C"
area = "North"
was = [{name = "Team C", area = "South"}]

[[teams]]
name = "Team DE"
was = ["Team D", "Team E"]

[[teams]]
name = "Team F"
to = 2024-03-31
"""
HEAD = 'title = "Made up"\nillustrative = true\nauthority = "Anyshire"\n'
FILES = '\n[[files]]\nname = "gradings.csv"\nkind = "gradings"\n'


@pytest.fixture(scope="module")
def folder(table, tmp_path_factory):
    """A folder of two rounds in which teams changed."""

    def write(declared=DECLARED, rows=ROWS):
        home = tmp_path_factory.mktemp("lineage") / "changed"
        home.mkdir()
        (home / "source.toml").write_text(HEAD + declared + FILES, encoding="utf-8")
        table(rows).assign(service="Safeguarding").to_csv(home / "gradings.csv", index=False)
        return home

    return write


@pytest.fixture(scope="module")
def changed(folder):
    return ia.load(folder())


def test_movers_new_and_gone_follow_teams_that_changed(changed):
    both = changed.gradings
    overall = ia.compare_rounds(both, "2023-24", "2024-25").loc["overall"]
    named = ["n_matched", "up", "same", "down", "n_new", "n_not_again", "n_closed", "n_split_merged"]
    assert overall[named].astype(int).tolist() == [3, 2, 1, 0, 1, 1, 1, 3]
    movers = list_movers(both, "2023-24", "2024-25").fillna("")
    assert movers[["team", "area", "was", "way"]].to_numpy().tolist() == [
        ["Team C", "North", "Team C, South", "up"],
        ["Team K", "North", "Team A", "up"],
    ]
    counted = count_unmatched(both, "2023-24", "2024-25", domain="overall")
    assert counted.sum(axis=1).to_dict() == {"new": 1, "not again": 1, "closed": 1}
    why = list_unmatched(both, "2023-24", "2024-25").set_index("team")["why"].to_dict()
    assert why == {
        "Team B": "in 2023-24: split into Team B1 and Team B2",
        "Team B1": "in 2024-25: split from Team B",
        "Team B2": "in 2024-25: split from Team B",
        "Team D": "in 2023-24: merged into Team DE",
        "Team E": "in 2023-24: merged into Team DE",
        "Team DE": "in 2024-25: merged from Team D and Team E",
        "Team F": "in 2023-24 only; closed on 31 March 2024",
        "Team G": "in 2023-24 only",
        "Team N": "in 2024-25 only",
    }


def test_pages_follow_teams_that_changed(changed):
    assert pages.brief_rounds(changed).items[0] == (
        "From 2023-24 to 2024-25: 1 team is new, 1 was not graded again, 1 closed and 3 were split or merged."
    )
    assert {name: int(tally.sum()) for name, tally in pages.count_apart(changed).items()} == {
        "new": 1,
        "not_again": 1,
        "closed": 1,
    }
    moves = pages.list_moves(changed).frame
    assert moves[["Closed", "Split or merged"]].to_numpy().tolist() == [["1", "3"]]
    became = pages.list_changed_teams(changed).frame
    assert became.iloc[:, :3].to_numpy().tolist() == [
        ["Team A", "Team K", "renamed"],
        ["Team B", "Team B1", "split"],
        ["Team B", "Team B2", "split"],
        ["Team C (South)", "Team C (North)", "moved"],
        ["Team D", "Team DE", "merged"],
        ["Team E", "Team DE", "merged"],
        ["Team F", "", "closed"],
    ]
    told = {
        name: pages.brief_team(changed, pages.choose_team(changed, name)).items
        for name in ("Team K", "Team B1")
    }
    assert told["Team K"][2:4] == (
        "It was Team A before, and its earlier grades are those of that team.",
        "Since 2023-24: up in Overall conclusion.",
    )
    assert told["Team B1"][2:4] == (
        "It was split from Team B, whose earlier grades are not its own.",
        "The team was not graded in an earlier round, so no change can be shown.",
    )
    own = pages.list_team_grades(changed, pages.choose_team(changed, "Team K")).frame
    assert own["This team in 2023-24"].tolist() == ["Inadequate"]


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (
            '[[teams]]\nname = "Team K"\nwas = ["Team AA"]\n',
            "source.toml, line 5: found was = 'Team AA', which no grading names, expected a known team; "
            "did you mean 'Team A'?",
        ),
        (
            '[[teams]]\nname = "Team A"\nwas = ["Team K"]\n[[teams]]\nname = "Team K"\nwas = ["Team A"]\n',
            "source.toml, line 5: found 'Team A' among the teams that it was before, expected teams that "
            "lead from earlier to later ones; take out the 'was' that points forward in time",
        ),
        (
            '[[teams]]\nname = "Team K"\n[[teams]]\nname = "team k"\nto = 2025-01-01\n',
            "source.toml, line 7: found the team 'Team K' again, expected each team once; "
            "tell all of it in one [[teams]], that of line 5",
        ),
        (
            '[[teams]]\nname = "Team C"\nto = 2025-01-01\n',
            "source.toml, line 5: found 'Team C', which 2 teams are called: Safeguarding, South, Anyshire; "
            'Safeguarding, North, Anyshire, expected one team; say which, as in {name = "...", '
            'service = "...", area = "..."}',
        ),
        (
            '[[teams]]\nname = "Team K"\nfrom = 2025-01-01\nto = 2024-01-01\nwhas = ["Team A"]\n',
            "source.toml, line 5: found the key teams.whas, expected one of name, service, area, authority, "
            "from, to, was; did you mean 'was'?",
        ),
    ],
)
def test_contradictions_are_refused_with_their_line(folder, declared, message):
    with pytest.raises(SourceError) as refused:
        ia.load(folder("\n" + declared))
    assert message in [str(problem) for problem in refused.value.problems]


def test_a_part_that_leaves_and_a_team_that_takes_another_in_are_no_movers(folder):
    rows = """
        area  | team   | round   | visit_date | domain  | grade
        North | Team A | 2022-23 | 2022-10-02 | overall | I
        North | Team B | 2022-23 | 2022-10-02 | overall | I
        North | Team A | 2023-24 | 2023-10-02 | overall | RI
        North | Team B | 2023-24 | 2023-10-02 | overall | RI
        North | Team C | 2023-24 | 2023-10-02 | overall | RI
        North | Team A | 2024-25 | 2024-10-02 | overall | G
        North | Team P | 2024-25 | 2024-10-02 | overall | G
        North | Team B | 2024-25 | 2024-10-02 | overall | G
        North | Team A | 2025-26 | 2025-10-02 | overall | RI
        North | Team P | 2025-26 | 2025-10-02 | overall | RI
    """
    part = '\n[[teams]]\nname = "Team P"\nwas = ["Team A"]\n\n[[teams]]\nname = "Team B"\nwas = ["Team C"]\n'
    both = ia.load(folder(part, rows)).gradings
    counted = {}
    for first, last in [("2022-23", "2023-24"), ("2023-24", "2024-25"), ("2024-25", "2025-26")]:
        numbers = ia.compare_rounds(both, first, last).loc["overall"]
        counted[last] = [int(numbers[n]) for n in ("n_matched", "n_new", "n_not_again", "n_split_merged")]
    assert counted == {"2023-24": [2, 1, 0, 0], "2024-25": [0, 0, 0, 3], "2025-26": [2, 0, 1, 0]}


def test_days_outside_a_team_and_teams_never_graded_are_told_and_kept(folder):
    declared = (
        '\n[[teams]]\nname = "Team K"\nfrom = 2024-11-01\n\n[[teams]]\nname = "Team Z"\nwas = ["Team G"]\n'
    )
    problems = [str(problem) for problem in ia.load(folder(declared)).problems if problem.line]
    assert problems == [
        "source.toml, line 5: found a grading of 'Team K' on 2024-10-01, before its first day 2024-11-01, "
        "expected gradings in its days; both are kept",
        "source.toml, line 9: found the team 'Team Z', which no grading names, expected a graded team; "
        "check its spelling; it was kept",
    ]
