"""The published paper itself, undeclared, where its text is at hand: the same as the transcription."""

import shutil
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis.sources.drafts import draft_dataset, write_draft

SOURCE = sorted((Path(__file__).resolve().parents[2] / "shared" / "source").glob("*.txt"))
pytestmark = pytest.mark.skipif(not SOURCE, reason="the text of the paper is not part of the project")


@pytest.fixture(scope="module")
def drafted(tmp_path_factory):
    folder = tmp_path_factory.mktemp("paper")
    shutil.copyfile(SOURCE[0], folder / "paper.txt")
    draft = draft_dataset([folder / "paper.txt"])
    return draft, ia.load(write_draft(draft, folder / "drafted"))


def rows(frame, columns):
    return sorted(map(tuple, frame[columns].astype(object).fillna("").to_numpy().tolist()))


def test_its_25_cells_and_95_gradings_are_those_of_the_transcription(drafted, ds):
    _, paper = drafted
    assert (len(paper.published), len(paper.gradings)) == (25, 95)
    cells = ["service", "domain", "headline", "tally", "teams"]
    assert rows(paper.published, cells) == rows(ds.published, cells)
    gradings = ["service", "domain", "grade", "ungraded_reason"]
    assert rows(paper.gradings, gradings) == rows(ds.gradings, gradings)


def test_the_counts_of_its_prose_are_proposed_as_the_transcription_has_them(drafted, ds):
    draft, _ = drafted
    numbers = [int(line.split("=")[1]) for line in draft.text.splitlines() if line.startswith("# number")]
    stated = ds.statements[ds.statements["kind"] != "visits"]["number"].tolist()
    visits = ds.statements[ds.statements["kind"] == "visits"]["number"].tolist()
    assert 23 in numbers
    assert sorted(numbers) == sorted([*stated, *(n for n in visits if n != 1)])
    assert '# named_as = "Safeguarding teams"\n# number = 9' in draft.text
