"""A published paper as a bare file: its headings are its services, in printed order."""

from __future__ import annotations

import html
import textwrap
import warnings
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError

SOURCE = Path(__file__).resolve().parents[3] / "shared" / "source"

#: A made-up paper: contents, prose, a line above every table, services that are not in the alphabet's order.
MINIATURE = """
Table of Contents

Findings	2
Outreach Teams	3
Edge of Care Team	3

Findings

Most teams were graded as 'requires improvement' (see below). Outreach Teams are stable.

Outreach Teams

The overall judgements of the visitors

Quality domain	Grading
Effectiveness of case allocation and workload management arrangements	RI (5 x RI, 3 x I and 1 x G)
Quality of practice and direct work with children and families including recording	RI (9 × RI)
Overall conclusion	Requires Improvement (7 x RI, 2 x I)

Edge of Care Team

The overall judgements of the visitors

Quality domain	Grading
Effectiveness of case allocation and workload management arrangements	RI / I (2 x RI / I)
Quality of practice and direct work with children and families including recording	I (2 x I, 1 x not judged)
Overall conclusion	Inadequate (3 x I)

Conclusion

The visits went well.
"""
CELLS = [
    ("Outreach", "allocation", "RI (5 x RI, 3 x I and 1 x G)"),
    ("Outreach", "practice", "RI (9 × RI)"),
    ("Outreach", "overall", "Requires Improvement (7 x RI, 2 x I)"),
    ("Edge of Care", "allocation", "RI / I (2 x RI / I)"),
    ("Edge of Care", "practice", "I (2 x I, 1 x not judged)"),
    ("Edge of Care", "overall", "Inadequate (3 x I)"),
]


def is_row(line):
    return line.count("\t") == 1 and not line.rpartition("\t")[2].strip().isdigit()


def parts_of(text):
    """The lines of a text, and its tables as lists of rows."""
    parts: list = []
    for line in text.splitlines():
        if is_row(line) and parts and isinstance(parts[-1], list):
            parts[-1].append(line.split("\t"))
        elif line.strip():
            parts.append([line.split("\t")] if is_row(line) else line)
    return parts


def as_file(text, form, make):
    """The text as a file of some form, laid out as its programs do."""
    parts = parts_of(text)
    if form == "txt":
        return text.encode()
    if form == "wrapped.txt":
        lines = [textwrap.wrap(line.replace("\t", "    "), 60) or [""] for line in text.splitlines()]
        return "\n".join(each for line in lines for each in line).encode()
    if form == "docx":
        written = (make.paragraph(part) if isinstance(part, str) else make.docx_table(part) for part in parts)
        return make.docx("".join(written))
    if form == "html":
        written = (
            f"<p>{html.escape(part)}</p>" if isinstance(part, str) else make.html_table(part)
            for part in parts
        )
        return f"<!DOCTYPE html><meta charset=utf-8><body>{''.join(written)}".encode()
    lines = [text.replace("\t", "   ") for text in text.splitlines() if text.strip()]
    lines = [part for line in lines for part in textwrap.wrap(line, 95)]
    lines = [line.encode("cp1252", "replace").decode("cp1252") for line in lines]
    pages = [lines[first : first + 50] for first in range(0, len(lines), 50)]
    return make.pdf([["A council's cabinet", *page, f"Page {n}"] for n, page in enumerate(pages, start=1)])


FORMS = ["txt", "wrapped.txt", "docx", "html", "pdf"]


@pytest.fixture
def read(place, make):
    def reader(text, form):
        path = place(f"paper.{form}", as_file(text, form, make))
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_published(path)
        return frame, [str(each.message) for each in caught]

    return reader


@pytest.mark.parametrize("form", FORMS)
def test_a_paper_is_read_as_it_comes(read, form):
    frame, told = read(MINIATURE, form)
    assert list(zip(frame["service"], frame["domain"], frame["grading"], strict=True)) == CELLS
    assert frame["teams"].tolist() == [9, 9, 9, 2, 3, 3]
    assert "'Edge of Care Team' was read as the service 'Edge of Care'" in " ".join(told)


@pytest.mark.skipif(not SOURCE.is_dir(), reason="the paper does not lie beside the project")
@pytest.mark.parametrize("form", FORMS)
def test_the_paper_itself_gives_the_transcription(read, form, ds):
    (path,) = SOURCE.glob("*.txt")
    frame, _ = read(path.read_text("utf-8"), form)
    assert len(frame) == 25
    assert frame.drop(columns="source").equals(ds.published.drop(columns="source"))
    assert len(ia.as_gradings(frame)) == 95


@pytest.mark.parametrize(
    ("grading", "message"),
    [
        ("RI (low) (9 x RI)", "found 'RI (low) (9 x RI)'"),
        ("RI+ (9 x RI)", "found 'RI+', expected one of"),
        ("RI (8 x RI, 1 x RI (low))", "expected a headline and its tally"),
        ("RI (8 x RI and I)", "expected one of I, RI, G, O"),
    ],
)
def test_a_grade_with_a_remark_is_told_and_refused(place, grading, message):
    path = place("t.txt", f"Outreach Teams\nOverall conclusion\t{grading}\n")
    with pytest.raises(SourceError) as caught:
        ia.read_published(path)
    assert message in str(caught.value)


def test_a_raised_figure_is_no_digit_of_the_number_before_it(place, make):
    rows = [("service", "domain", "grading"), ("S", "overall", "RI (9 x RI)")]
    page = make.html_table(rows).replace("9 x RI", "9<sup>2</sup> x RI")
    with pytest.raises(SourceError, match="9\\^2 x RI"):
        ia.read_published(place("t.html", page))
    line = "<p>Outreach Teams</p><p>Overall conclusion RI (9<sup>2</sup> x RI)</p>"
    with pytest.raises(SourceError, match="found no gradings"):
        ia.read_published(place("t.html", line))
