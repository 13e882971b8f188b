"""The documents: every name and command is in them, and what they show runs."""

import doctest
import re
import shutil
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis import charts, cli

ROOT = Path(__file__).resolve().parents[1]
TEXTS = {
    path.name: path.read_text(encoding="utf-8")
    for path in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")]
    if path != ROOT / "docs" / "README.md"
}
TEXTS["docs/README.md"] = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
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


#: Documents whose examples a test of their own goes through.
ELSEWHERE = {
    "methods.md": "tests/test_statistics_methods.py",
    "disclosure.md": "tests/test_disclosure.py",
    "team-forms.md": "tests/sources/test_forms.py",
    "exports.md": "tests/exports/test_export_command.py",
    "explore.md": "tests/test_explorer.py",
    "README.md": "tests/test_docs.py",
    "own-data.md": "tests/test_own_data.py",
}
#: Documents whose blocks are files: their tests write and read them.
RUN_AS_FILES = ("own-data.md", "data-dictionary.md")
HELD_HERE = sorted(name for name in TEXTS if name not in ELSEWHERE)


@pytest.mark.parametrize("name", HELD_HERE)
def test_the_code_in_every_other_document_runs(name, tmp_path, monkeypatch, capsys):
    """Blocks of one document share their names; what they write goes into a folder of the test's."""
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    monkeypatch.chdir(tmp_path)
    names = {}
    for block in blocks(TEXTS[name]):
        exec(compile(block, name, "exec"), names)
    lines = ["" if line.startswith("```") else line for line in TEXTS[name].splitlines()]
    examples = doctest.DocTestParser().get_doctest("\n".join(lines), {}, name, name, 0)
    options = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    assert doctest.DocTestRunner(optionflags=options).run(examples).failed == 0, capsys.readouterr().out


def test_no_document_with_examples_is_forgotten():
    """Each is run here or by the test that is named, and no block of code is in a form that nothing runs."""
    for name, test in ELSEWHERE.items():
        assert name in (ROOT / test).read_text(encoding="utf-8"), test
    fences = {
        fence
        for name, text in TEXTS.items()
        if name not in RUN_AS_FILES
        for fence in re.findall(r"^```(\w+)", text, flags=re.MULTILINE)
    }
    assert fences <= {"python", "pycon"}


def test_the_map_leads_to_every_document():
    reached = set(re.findall(r"\]\(([^)#\s]+)", TEXTS["docs/README.md"]))
    others = {path.name for path in (ROOT / "docs").glob("*.md")} - {"README.md"}
    assert others <= reached
    assert {"../README.md", "../GLOSSARY.md", "../CONTRIBUTING.md", "../CHANGELOG.md"} <= reached


def test_every_notebook_is_in_a_document():
    names = sorted(path.stem for path in (ROOT / "notebooks").glob("*.ipynb"))
    assert [name for name in names if not re.search(rf"\b{name}\b", ALL)] == []


def test_the_picture_in_the_readme_is_described_by_what_the_chart_says_of_itself(ds):
    chart = ds.grid(service="Safeguarding")
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
