"""Running text and PDF: one grammar, and nothing that looks like a grading is passed over."""

from __future__ import annotations

import io
import json
import logging
import runpy
import sys
import time
import warnings
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pypdf
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError
from improvement_analysis.sources.formats import pdf_file, pdf_text

ROOT = Path(__file__).resolve().parents[2]
PAPER = ROOT.parent / "shared" / "source"
ALLOCATION = "Effectiveness of case allocation and workload management arrangements"
PRACTICE = "Quality of practice and direct work with children and families including recording"


@pytest.fixture
def source():
    return (ROOT / "data" / "raw" / "worcestershire-2018" / "source.toml").read_text("utf-8")


@pytest.fixture
def read(place, source):
    def reader(text, name="t.txt", source=source):
        path = place(name, text, source)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_published(path)
        cells = zip(frame["service"], frame["domain"], frame["grading"], strict=True)
        gaps = "expected every domain of a service"
        return list(cells), [str(each.message) for each in caught if gaps not in str(each.message)]

    return reader


def test_the_paper_itself_gives_its_25_cells(place, source, ds):
    papers = sorted(PAPER.glob("*.txt"))
    if not papers:
        pytest.skip("the paper does not lie beside the project")
    found = ia.read_published(place("paper.txt", papers[0].read_bytes(), source))
    pd.testing.assert_frame_equal(found.drop(columns="source"), ds.published.drop(columns="source"))


ONE = [("Safeguarding", "practice", "RI (9 x RI)")]


@pytest.mark.parametrize(
    "text",
    [
        f"Safeguarding Teams\n{PRACTICE}\tRI (9 x RI)",
        f"  safeguarding   TEAMS  \n\n{PRACTICE.upper()}   RI (9 x RI)  ",
        f"Safeguarding Teams:\n{PRACTICE}: RI (9 x RI)",
        f"Safeguarding Teams\n- {PRACTICE} RI (9 x RI)",
        f"Safeguarding Teams\n2. {PRACTICE} RI (9 x RI)",
        f"- Safeguarding Teams\n• {PRACTICE}\n  RI (9 x RI)",
        f"Safeguarding Teams\n{PRACTICE[:40]}\n{PRACTICE[40:]}\nRI (9 x\nRI)",
        f"Safeguarding Teams\nQuality domain\nGrading\n{PRACTICE}\nRI\n(9 x RI)",
        f"Safeguarding Teams\n| Quality domain | Grading |\n| {PRACTICE} | RI (9 x RI) |",
        f"Safeguarding Teams {PRACTICE} RI (9 x RI)",
        "Safeguarding Teams\npractice RI (9 x RI)",
        f"Safeguarding Teams\n{PRACTICE.replace('practice', 'prac tice')} RI (9 x RI)",
        f"Contact\nSafeguarding\nTeams\n{PRACTICE} RI (9 x RI)",
        f"Safeguarding Teams\nNine were visited.\nPractice is under pressure in "
        f"most.\n{PRACTICE} RI (9 x RI)",
        f"{PRACTICE}\n{ALLOCATION}\nSafeguarding Teams\n{PRACTICE} RI (9 x RI)\nPractice is hard "
        f"(see page 4).",
        f"Safeguarding Teams\n{PRACTICE} was looked at on each of nine visits\n{PRACTICE} RI (9 x RI)",
    ],
)
def test_a_grading_is_found_however_its_lines_run(read, text):
    found, told = read(text)
    assert (found, told) == (ONE, [])


def test_a_service_holds_until_the_next(read):
    text = f"Safeguarding Teams\n{PRACTICE} RI (9 x RI)\n6\n\nPage 7 of 12\n{ALLOCATION} I (9 x I)\n"
    found, told = read(f"{text}Care Leaving Teams\n{PRACTICE} G (2 x G)")
    assert found == [
        ("Safeguarding", "allocation", "I (9 x I)"),
        ("Safeguarding", "practice", "RI (9 x RI)"),
        ("Care Leaving", "practice", "G (2 x G)"),
    ]
    assert told == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f"Safeguarding Teams\n{PRACTICE} RI (9 x RI)\nSome prose.\n{ALLOCATION} RI (9 x RI)",
            "line 4: found a grading with no service above it",
        ),
        (
            "Safeguarding Teams\n" + "Prose.\n" * 13 + f"{PRACTICE} RI (9 x RI)\n{ALLOCATION} RI (9 x RI)",
            "line 15: found a grading with no service above it",
        ),
        (
            f"Safeguarding Teams\n{PRACTICE} RI (9 x RI)\n" + "w " * 70 + "G (3 x G)",
            "line 3: found '",
        ),
        (
            f"Safeguarding Teams\n{PRACTICE} (as above)\n{ALLOCATION} RI (9 x RI)",
            "line 2: found '(as above)', expected one of I, RI, G, O",
        ),
        (f"Safeguarding Teams\n{PRACTICE}\n{ALLOCATION} RI (9 x RI)", "line 2: found an empty cell"),
        (
            "Safeguarding Teams\nQualty of practice RI (9 x RI)",
            "line 2: found 'Qualty of practice RI (9 x RI)'",
        ),
        (f"Safeguarding Teams\n{PRACTICE}\n\n\nsome RI (9 x RI)", "line 2: found 'some RI'"),
        (
            "Safeguarding Teams\n" + PRACTICE.replace(" ", "\n") + " RI (9 x RI)",
            "line 2: found an empty cell",
        ),
        ("Safeguarding Teams\nQualty of practice RI (9\nx RI)", "line 2: found 'Qualty of practice RI (9'"),
        (f"Safeguarding Teams\n{PRACTICE} {'w ' * 61}RI (9 x RI)", "expected the title of a domain"),
        (
            f"{PRACTICE} RI (9 x RI)\n{ALLOCATION} RI (9 x RI)",
            "1 problem in t.txt\n  line 1: found a grading with no",
        ),
    ],
)
def test_what_cannot_be_placed_is_an_error(read, text, said):
    with pytest.raises(SourceError) as caught:
        read(text)
    assert said in str(caught.value)


def test_a_service_that_is_not_declared_is_suggested_from_the_prose_between(read):
    with pytest.raises(SourceError) as caught:
        read(
            f"Safeguarding Teams\n{PRACTICE} RI (9 x RI)\n{'x' * 90}\nCare Leavng "
            f"Teams\n{PRACTICE} RI (9 x RI)"
        )
    assert caught.value.problems[0].remedy == "did you mean 'Care Leaving Teams'?"


def test_without_declared_services_a_line_above_the_gradings_names_one(read, make):
    declared = make.source + '[[files]]\nname = "t.txt"\nkind = "published"\n'
    for source in (None, declared):
        cells, told = read("Safeguarding\npractice RI (9 x RI)", source=source)
        assert cells == [("Safeguarding", "practice", "RI (9 x RI)")]
        assert "'Safeguarding' was read as the service 'Safeguarding'" in told[0]
        with pytest.raises(SourceError) as caught:
            read("The grades of all visits.\npractice RI (9 x RI)", source=source)
        assert str(caught.value).endswith(
            "line 2: found a grading with no service above it, expected a line with the service's name: "
            "none is declared in source.toml"
        )


# --- PDF -----------------------------------------------------------------------------------------


CONFIRM = "t.pdf: found gradings in the text of a PDF, expected a reader's confirmation against its pages"


def test_running_heads_and_page_numbers_do_not_part_a_table(read, make):
    pages = [
        ["Improvement report 2018", "Safeguarding Teams", [PRACTICE, "RI (9 x RI)"], "Page 6"],
        ["Improvement report 2018", [ALLOCATION, "I (9 x I)"], "Page 7"],
    ]
    found, told = read(make.pdf(pages, compress=False), "t.pdf")
    assert found == [("Safeguarding", "allocation", "I (9 x I)"), *ONE]
    assert told == [CONFIRM]


def test_other_words_between_two_pages_do(read, make):
    pages = [["Safeguarding Teams", [PRACTICE, "RI (9 x RI)"]], ["Fostering", [ALLOCATION, "I (9 x I)"]]]
    with pytest.raises(SourceError, match="page 2, line 2: found a grading with no service above it"):
        read(make.pdf(pages), "t.pdf")


def test_a_pdf_that_takes_too_long_is_refused_in_time(read, make, monkeypatch, tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ntime.sleep(60)\n", "utf-8")
    monkeypatch.setattr(pdf_file, "_SCRIPT", slow)
    monkeypatch.setattr(pdf_file, "MOST_WAITED", 0.5)
    began = time.monotonic()
    with pytest.raises(SourceError, match=r"found a PDF that takes more than 0\.5 seconds to read"):
        read(make.pdf([["x"]]), "t.pdf")
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "script",
    ["raise SystemExit(1)", "import os; os.kill(os.getpid(), 9)", "x = [bytes(1 << 20)] * 1; print('no')"],
)
def test_a_pdf_whose_reading_breaks_down_is_refused(read, make, monkeypatch, tmp_path, script):
    broken = tmp_path / "broken.py"
    broken.write_text(script, "utf-8")
    monkeypatch.setattr(pdf_file, "_SCRIPT", broken)
    with pytest.raises(SourceError, match=r"found a PDF that takes too much to read, expected a plain one"):
        read(make.pdf([["x"]]), "t.pdf")


@pytest.mark.skipif(sys.platform == "win32", reason="memory is bounded where the system can")
def test_a_pdf_may_not_fill_the_memory(read, make, monkeypatch, tmp_path):
    script = (
        Path(pdf_text.__file__)
        .read_text("utf-8")
        .replace("reader = pypdf.PdfReader(io.BytesIO(data))", "reader = bytes(600_000_000)")
    )
    greedy = tmp_path / "greedy.py"
    greedy.write_text(script, "utf-8")
    monkeypatch.setattr(pdf_file, "_SCRIPT", greedy)
    with pytest.raises(SourceError, match=r"cannot be read \(MemoryError\)"):
        read(make.pdf([["x"]]), "t.pdf")


def test_a_large_pdf_is_refused_unread(read, monkeypatch):
    monkeypatch.setattr(pdf_file, "MOST_BYTES", 100)
    with pytest.raises(SourceError, match="found 105 bytes, expected at most 100 in a PDF"):
        read(b"%PDF-" + b"x" * 100, "t.pdf")


def test_the_pages_are_read_in_a_process_of_their_own_as_they_are_here(make, monkeypatch, capfdbinary):
    data = make.pdf([["One", "Two"], ["Three"]])
    assert [text.split() for text in pdf_text.read_pages(data)] == [["One", "Two"], ["Three"]]
    monkeypatch.setattr(pdf_text, "MOST_LETTERS", 3)
    with pytest.raises(ValueError, match="it has more than 3 letters"):
        pdf_text.read_pages(data)


def test_the_script_answers_in_json(make, monkeypatch, capsysbinary):
    bounds = []
    resource = SimpleNamespace(RLIMIT_AS="memory", RLIMIT_CPU="time", setrlimit=lambda *a: bounds.append(a))
    monkeypatch.setitem(sys.modules, "resource", resource)  # this process is to have no bounds
    monkeypatch.setattr(logging, "disable", lambda level: None)
    monkeypatch.setattr(sys, "argv", ["pdf_text.py", "1000", "5"])

    def run(data):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))
        with warnings.catch_warnings():
            runpy.run_path(pdf_text.__file__, run_name="__main__")
        return json.loads(capsysbinary.readouterr().out)

    assert run(make.pdf([["One"]])) == {"pages": ["One"]}
    assert run(make.pdf([[]] * 501)) == {"fault": "it has 501 pages"}
    assert list(run(b"%PDF-nothing")) == ["fault"]
    assert bounds[:2] == [("memory", (1000, 1000)), ("time", (5, 5))]
    monkeypatch.setitem(sys.modules, "resource", None)  # as on Windows
    assert run(make.pdf([["One"]])) == {"pages": ["One"]}


def test_a_pdf_with_a_password_is_refused(read, make):
    writer = pypdf.PdfWriter(
        clone_from=io.BytesIO(make.pdf([["Safeguarding Teams", [PRACTICE, "RI (9 x RI)"]]]))
    )
    writer.encrypt("secret", algorithm="RC4-128")
    stream = io.BytesIO()
    writer.write(stream)
    with pytest.raises(SourceError, match="protected by a password"):
        read(stream.getvalue(), "t.pdf")
    with pytest.raises(ValueError, match="it is protected by a password"):
        pdf_text.read_pages(stream.getvalue())
