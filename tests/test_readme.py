"""The README: from `pip install` to a comparison of two areas in five lines, for who knows only pandas."""

import re
from pathlib import Path

import pandas as pd

import improvement_analysis as ia

ROOT = Path(__file__).resolve().parents[1]
TEXT = (ROOT / "README.md").read_text(encoding="utf-8")


def block_with(words):
    """The block of Python in which *words* stand."""
    (found,) = [block for block in re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL) if words in block]
    return found


def test_five_lines_lead_from_installing_to_a_comparison(monkeypatch):
    monkeypatch.chdir(ROOT)
    block = block_with(".compare(")
    lines = ["pip install .", *(line for line in block.splitlines() if line)]
    assert len(lines) == 5
    assert "`pip install .`" in TEXT
    *before, last = lines[1:]
    names = {}
    exec("\n".join(before), names)
    # Three teams against three: the fewest there can be, and the sentence says that this tells nothing.
    assert eval(last, names).startswith("Too few teams to tell: two grades are split, and whichever half")


def test_a_table_of_ones_own_is_read_as_the_readme_says(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        {"service": "Safeguarding", "area": area, "team": f"Team {area[0]}{n}", "round": "2020-21"}
        | {"domain": domain, "grade": grade}
        for area, grades in {"North": ["RI", "G"], "South": ["I", "RI"]}.items()
        for n, grade in enumerate(grades)
        for domain in ("allocation", "practice", "monitoring", "joint_working", "overall")
    ]
    pd.DataFrame(rows).to_csv("visits.csv", index=False)
    (line,) = re.findall(r"`(df = [^`]*visits\.csv[^`]*)`", TEXT)
    names = {"ia": ia}
    exec(line, names)
    found = names["df"].gradings.compare("area", "North", "South")
    assert found.loc["overall", ["n_a", "n_b"]].tolist() == [2, 2]
