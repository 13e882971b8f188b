"""A programme that has just begun is healthy: its pages are made, and say what cannot be said yet."""

import pytest
from bs4 import BeautifulSoup

from improvement_analysis.cli import main

ABOUT = """
title = "Diagnostics made up for a test"
publisher = "Nobody"
authority = "Nowhere"
round = "2019"
published = 2019-12-31
licence = "none"
citation = "made up"
illustrative = true
notes = []

[[files]]
name = "gradings.csv"
kind = "gradings"
origin = "made up"

[[domains]]
key = "practice"
title = "Practice"
short = "Practice"

[[services]]
name = "Care"

[[areas]]
name = "Here"

[[areas]]
name = "There"
"""

#: Area, team, round and grade of each team.
PROGRAMMES = {
    "one team in one area": [("Here", "Team A", "2019", "RI")],
    "areas in turn": [("Here", "Team A", "2018", "RI"), ("There", "Team B", "2019", "G")],
    "an area that was abolished": [
        ("Here", "Team A", "2018", "RI"),
        ("There", "Team B", "2018", "G"),
        ("Here", "Team A", "2019", "G"),
        ("Here", "Team C", "2019", "RI"),
    ],
}
SENTENCES = {
    "one team in one area": ("here", "Here alone was graded: there is no area to compare it with."),
    "areas in turn": ("here", "No grading of the round 2019 is of Here, so there is nothing to compare."),
    "an area that was abolished": (
        "there",
        "No grading of the round 2019 is of There, so there is nothing to compare.",
    ),
}


@pytest.mark.parametrize("name", PROGRAMMES)
def test_an_early_programme_has_every_page(name, tmp_path):
    folder = tmp_path / "early"
    folder.mkdir()
    lines = [
        f"{area},Care,{team},{year}-06-01,{year},practice,{grade}"
        for area, team, year, grade in PROGRAMMES[name]
    ]
    (folder / "source.toml").write_text(ABOUT, encoding="utf-8")
    head = "area,service,team,visit_date,round,domain,grade"
    (folder / "gradings.csv").write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
    assert main(["report", str(folder), "-o", str(tmp_path / "out"), "--quiet"]) == 0
    area, sentence = SENTENCES[name]
    page = (tmp_path / "out" / "early" / "areas" / f"{area}.html").read_text(encoding="utf-8")
    assert sentence in " ".join(BeautifulSoup(page, "html.parser").get_text(" ").split())
