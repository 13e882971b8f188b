"""Publications one after another: an integer programme over both finds nothing that was withheld."""

import numpy as np
import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import cli
from improvement_analysis.disclosure import Earlier, suppress_counts
from improvement_analysis.disclosure.programmes import bound_sum
from improvement_analysis.pages import withhold
from improvement_analysis.scale import OFSTED

DECLARED = """title = "Audits of Kite Team"
publisher = "Anyshire"
authority = "Anyshire"
round = "2018"
citation = "Anyshire, 2018"
illustrative = true
[[files]]
name = "Kite Team 2018-03-12.csv"
kind = "gradings"
origin = "Form of Kite Team, filled in by hand."
"""

SIZES = {
    "Safeguarding": ("RI", "RI", "G", "I", "G"),
    "Care Leaving": ("RI", "G"),
    "LAC": ("G", "RI", "I", "RI"),
}


def write(folder, services):
    folder.mkdir()
    (folder / "source.toml").write_text(DECLARED, encoding="utf-8")
    rows = ["area,service,team,domain,grade"]
    names = iter(["Kite Team", *(f"Team {n}" for n in range(99))])
    rows += [f"North,{s},{next(names)},overall,{g}" for s, grades in services.items() for g in grades]
    (folder / "Kite Team 2018-03-12.csv").write_text("\n".join(rows) + "\n", encoding="utf-8")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    home = tmp_path_factory.mktemp("published")
    write(home / "data", SIZES)
    assert cli.main(["report", str(home / "data"), "--publish", "--no-totals", "-o", str(home / "out")]) == 0
    return home / "out" / "data-for-publication"


def test_the_folder_holds_the_page_and_its_table_and_nothing_that_tells_their_source(published):
    assert sorted(path.name for path in published.iterdir()) == ["index.grades.csv", "index.html"]
    text = "".join(path.read_text(encoding="utf-8") for path in published.iterdir()).casefold()
    for word in ("kite", "2018-03-12", "filled in", "file ", "files,", "data-for", ".csv, "):
        assert word not in text, word
    assert "<dt>publisher</dt><dd>anyshire</dd>" in text
    assert "<dt>round</dt><dd>2018</dd>" in text
    assert "how to cite" in text


def test_a_title_that_names_a_team_is_left_out_and_told(published, capsys, tmp_path):
    cli.main(["report", str(published.parents[1] / "data"), "--publish", "--dry-run", "-o", str(tmp_path)])
    assert "The title names Kite Team, so it is left off the page." in capsys.readouterr().err


def test_a_folder_before_is_an_input_of_the_next(published, tmp_path):
    """One team of a large service is corrected: what the difference would tell is withheld."""
    corrected = {**SIZES, "Safeguarding": ("RI", "G", "G", "I", "G")}
    write(tmp_path / "data", corrected)
    dataset = ia.load(tmp_path / "data")
    shown = withhold(dataset, totals=False, previous=str(published)).counts["G"].isna()
    assert shown.to_dict() == {
        ("Safeguarding", "overall"): True, ("Care Leaving", "overall"): True, ("LAC", "overall"): False
    }  # fmt: skip
    alone = withhold(dataset, totals=False)
    assert alone.counts.loc[("Safeguarding", "overall")].notna().all()


def test_a_folder_that_is_no_publication_is_refused(published, tmp_path, capsys):
    order = ["report", str(published.parents[1] / "data"), "--publish", "-o", str(tmp_path / "out")]
    assert cli.main([*order, "--previous", str(tmp_path)]) == 3
    assert "expected the table of an earlier publication" in capsys.readouterr().err


def frame(table):
    index = pd.MultiIndex.from_product([[f"S{n}" for n in range(len(table))], ["overall"]])
    return pd.DataFrame(table, index.rename(["service", "domain"]), OFSTED.columns)


def random_table(rng, services):
    table = np.zeros((services, 8), dtype=int)
    for row, teams in enumerate(rng.integers(1, 7, services)):
        table[row, [0, 2, 4]] = rng.multinomial(teams, [0.3, 0.4, 0.3])
    return table


@pytest.mark.parametrize("seed", range(12))
def test_no_withheld_number_comes_back_from_both(seed):
    """First with or without totals, then corrected in some service, with or without totals."""
    rng = np.random.default_rng(seed)
    first = random_table(rng, 5)
    second = first.copy()
    if seed % 3:
        row = rng.integers(5)
        second[row] = random_table(rng, 1)[0]
    one = suppress_counts(frame(first), totals=bool(seed % 2))
    earlier = Earlier(one.counts, one.teams, one.totals, same_round=True)
    other = suppress_counts(frame(second), totals=not seed % 2 or seed % 4 == 3, earlier=[earlier])
    shown = [each.counts.to_numpy(dtype=float, na_value=np.nan) for each in (one, other)]
    same = (first == second).all(axis=1)
    known = np.where(same[:, None] & np.isnan(shown[1]), shown[0], shown[1])
    totals = other.totals.to_numpy(dtype=float, na_value=np.nan)[0]
    if same.all() and np.isnan(totals).all():
        totals = one.totals.to_numpy(dtype=float, na_value=np.nan)[0]
    teams, used = second.sum(axis=1), second.sum(axis=0) > 0
    few = (teams < 3) & ~(same & ~np.isnan(shown[0]).any(axis=1))
    for place in np.argwhere(np.isnan(known) & few[:, None] & used):
        cell = np.zeros(known.shape, dtype=bool)
        cell[tuple(place)] = True
        low, high = bound_sum(known, teams, totals, cell)
        assert low < high, place
    moved = np.abs(second - first).sum(axis=1)
    few_moved = (moved > 0) & (teams == first.sum(axis=1)) & (moved <= 4) & ~np.isnan(shown[0]).any(axis=1)
    assert np.isnan(shown[1][few_moved]).any(axis=1).all()
