"""docs/own-data.md as written: its files are made, its commands typed, and what it shows comes of them."""

import html
import re
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis import charts, cli
from improvement_analysis.frameworks import FRAMEWORKS

DOCS = Path(__file__).resolve().parents[1] / "docs"
TEXT = (DOCS / "own-data.md").read_text(encoding="utf-8")
EXAMPLES = {
    title.strip(): body
    for title, body in re.findall(r"^## (.*?)\n(.*?)(?=^## |\Z)", TEXT, flags=re.MULTILINE | re.DOTALL)
    if "made up" in body
}


@pytest.fixture
def example(tmp_path, monkeypatch):
    """The file of an example, written into an empty folder, and its text."""

    def write(title):
        body = EXAMPLES[title]
        name = re.search(r"`([\w.]+)`, made up", body)[1]
        text = re.search(r"^```(?:csv|html)\n(.*?)^```", body, flags=re.MULTILINE | re.DOTALL)[1]
        (tmp_path / name).write_text(text, encoding="utf-8")
        monkeypatch.chdir(tmp_path)
        return name, body

    return write


def commands(body):
    return [command.split() for command in re.findall(r"`improvement-analysis ([^`\n]+)`", body)]


def typed(capsys, command):
    status = cli.main([*command, *(["--notebook", "data_quality"] if command[0] == "report" else [])])
    told = capsys.readouterr()
    return status, told.out


def test_there_are_three_examples():
    assert list(EXAMPLES) == [
        "A council's sheet",
        "A published paper",
        "Outcomes of an inspectorate",
    ]


def test_every_framework_is_in_the_table():
    assert re.findall(r"^\| `([a-z-]+)`", TEXT, flags=re.MULTILINE)[1:] == list(FRAMEWORKS)


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_commands_of_an_example_do_what_it_says(title, example, capsys):
    name, body = example(title)
    shown = re.findall(r"^```toml\n(.*?)^```", body, flags=re.MULTILINE | re.DOTALL)
    typed_in = commands(body)
    assert len(typed_in) >= 2
    for command in typed_in:
        if command[:2] == ["report", "data/raw/visits"]:
            declared = Path("data/raw/visits/source.toml")
            text = declared.read_text(encoding="utf-8")
            declared.write_text(text.replace("# ungraded =", "ungraded ="), encoding="utf-8")
        status, out = typed(capsys, command)
        if command[0] == "check":
            quoted = "\n".join(line[4:] for line in body.splitlines() if line.startswith("    "))
            assert out.splitlines()[-1] == quoted.splitlines()[-1]
            assert quoted.splitlines()[1] in out
        else:
            assert status == (3 if command == ["init", "visits.csv"] else 0), command
    if title == "A published paper":
        assert Path("reports/paper/index.html").is_file()
    text = Path("data/raw", Path(name).stem, "source.toml").read_text(encoding="utf-8")
    for block in shown:
        lines = block.replace("# ungraded", "ungraded") if title == "A council's sheet" else block
        assert lines in text


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_picture_of_an_example_shows_its_data(title, example):
    name, body = example(title)
    cli.main(["init", name])
    folder = Path("data/raw", Path(name).stem)
    declared = (folder / "source.toml").read_text(encoding="utf-8").replace("# ungraded =", "ungraded =")
    (folder / "source.toml").write_text(declared.replace("# illustrative", "illustrative"), encoding="utf-8")
    ds = ia.load(folder)
    counts = ds.counts(["service", "domain"])
    ((words, file),) = re.findall(r"^!\[(.*)\]\((images/.*)\)$", body, flags=re.MULTILINE)
    picture = (DOCS / file).read_text(encoding="utf-8")
    chart = charts.service_matrix(counts, headlines=ds.cells(), about=ds.about)
    assert chart.title in words
    assert words.startswith("ILLUSTRATIVE DATA")
    assert words in html.unescape(picture)


def test_the_addition_to_a_framework_is_read(tmp_path):
    added = re.search(r"^```toml\n(.*?)^```", TEXT, flags=re.MULTILINE | re.DOTALL)[1]
    rows = "service,team,visit_date,domain,grade\nHome,Team A,,Food and kitchen,Awaiting publication\n"
    (tmp_path / "homes.csv").write_text(rows, encoding="utf-8")
    files = '[[files]]\nname = "homes.csv"\nkind = "gradings"\n'
    (tmp_path / "source.toml").write_text(f'title = "Homes"\n{added}\n{files}', encoding="utf-8")
    assert ia.load(tmp_path).gradings["domain"].tolist() == ["kitchen"]


def test_the_example_of_the_data_dictionary_is_read(tmp_path):
    text = (Path(__file__).resolve().parents[1] / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    for name, fence in (("source.toml", "toml"), ("homes.csv", "csv")):
        block = re.search(rf"^```{fence}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)[1]
        (tmp_path / name).write_text(block, encoding="utf-8")
    gradings = ia.load(tmp_path).gradings
    assert gradings["team"].unique().tolist() == ["H1", "H2"]
    grades = gradings.set_index(["team", "domain"])["grade"].astype(object)
    assert grades["H1"].to_dict() == {"overall": "G", "leaders": "O"}
    assert gradings["ungraded_reason"].dropna().tolist() == [
        "suspended",
        "not applicable (no children placed)",
    ]
    assert str(gradings["visit_date"].iloc[0].date()) == "2024-09-30"
