"""The documents: every name and command is in them, and what they show runs."""

import re
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis import charts, cli

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
}
ALL = "\n".join(TEXTS.values())


@pytest.mark.parametrize("name", [*ia.__all__, *charts.__all__])
def test_every_public_name_is_documented(name):
    assert re.search(rf"`[^`\n]*\b{name}\b[^`\n]*`", ALL), f"{name} is in no document"


def test_every_command_and_option_of_report_is_documented(capsys):
    with pytest.raises(SystemExit):
        cli.main(["--help"])
    commands = re.findall(r"^    (\w+) ", capsys.readouterr().out, flags=re.MULTILINE)
    assert {"report", "check", "build", "list"} <= set(commands)
    for command in commands:
        assert f"improvement-analysis {command}" in ALL, command
        with pytest.raises(SystemExit):
            cli.main([command, "--help"])
        if command == "report":
            options = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
            assert sorted(option for option in options if option not in TEXTS["reports.md"]) == []
        capsys.readouterr()


def blocks(text):
    return re.findall(r"^```python\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


def test_the_code_in_the_readme_runs(monkeypatch):
    monkeypatch.chdir(ROOT)
    shown = blocks(TEXTS["README.md"])
    assert len(shown) >= 2
    names = {}
    for block in shown:
        exec(compile(block, "README.md", "exec"), names)
    assert len(names["ds"].gradings) == 95
    assert names["chart"].table.frame.shape[0] == 5


def test_the_picture_in_the_readme_is_described_by_what_the_chart_says_of_itself(ds):
    counts = ia.count_grades(ia.select(ds.gradings, service="Safeguarding"), "domain")
    chart = charts.grade_grid(
        counts,
        subject="Safeguarding",
        labels=ds.about.short_labels,
        headlines=ds.headlines("Safeguarding"),
        footnote=ds.about.source_line,
    )
    (alt, path) = re.search(r"!\[(.*?)\]\((.*?)\)", TEXTS["README.md"]).groups()
    assert alt == " ".join(chart.alt_text.split())
    assert (ROOT / path).is_file()


def test_links_between_documents_lead_somewhere():
    broken = []
    for path in [ROOT / "README.md", *(ROOT / "docs").rglob("*.md")]:
        for target in re.findall(r"\]\(([^)#\s]+)", path.read_text(encoding="utf-8")):
            if "://" not in target and not (path.parent / target).exists():
                broken.append((path.name, target))
    assert broken == []
