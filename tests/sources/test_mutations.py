"""Good files with bytes changed, in every format: refused in our own words, or read, and never for long.

The suite makes some hundreds. The whole search, with what it came to for each format, is

    MUTANTS=24000 python -m pytest tests/sources/test_mutations.py -s
"""

from __future__ import annotations

import logging
import os
import random
import time
import warnings
from collections import Counter

import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError, SourceWarning
from improvement_analysis.sources.formats import pdf_file, pdf_text
from improvement_analysis.sources.forms import read_form
from improvement_analysis.sources.single_file import read_one

MUTANTS = int(os.environ.get("MUTANTS", "600"))
SECONDS = 10

FORMATS = ("csv", "xlsx", "docx", "html", "txt", "pdf")

ACTIONS = [
    ("service", "team", "number", "action", "role", "due", "quarter", "status", "closed_on"),
    ("Safeguarding", "Team A", "1", "Close old cases", "lead", "31/03/2018", "2017-18 Q4", "in progress", ""),
    ("Safeguarding", "Team A", "2", "Audit", "manager", "31/03/2018", "2018-19 Q1", "closed", "2018-05-04"),
    ("Care Leaving", "Team P", "1", "Plan supervision", "", "", "", "", ""),
]


def mutated(data, dice):
    """*data* with a few bytes changed, cut out, doubled, or its end lost."""
    data = bytearray(data)
    for _ in range(dice.choice((1, 1, 2, 5, 20))):
        place = dice.randrange(len(data))
        match dice.randrange(6):
            case 0:
                data[place] = dice.randrange(256)
            case 1:
                data[place] ^= 1 << dice.randrange(8)
            case 2:
                del data[place : place + dice.randrange(1, 20)]
            case 3:
                data[place:place] = bytes(dice.randrange(256) for _ in range(dice.randrange(1, 9)))
            case 4:
                data[place:place] = data[place : place + dice.randrange(1, 200)]
            case _:
                del data[place + 1 + dice.randrange(len(data)) :]
        data = data or bytearray(b"\n")
    return bytes(data)


def inside(make, data, dice):
    """A package with the bytes of one part mutated, so that the fault is behind the zip's checksum."""
    part = dice.choice([name for name in make.parts(data) if name.endswith(".xml")])
    return make.rezip(data, {part: lambda xml: mutated(xml, dice)})


@pytest.fixture
def in_process(monkeypatch):
    """Most PDFs are read in this process: the fence about the other is tried apart, and is slow."""

    def pages(file):
        try:
            return pdf_text.read_pages(file.data)
        except Exception as fault:  # noqa: BLE001 (as the script has it)
            raise SourceError([ia.Problem(file.name, str(fault), "a PDF")]) from None

    monkeypatch.setattr(pdf_file, "_pages", pages)
    logging.disable(logging.CRITICAL)  # as the script has it
    yield
    logging.disable(logging.NOTSET)


class Search:
    """Reads one mutant after another; every outcome is counted, nothing stops it."""

    def __init__(self, reader):
        self.reader = reader
        self.outcomes = Counter()
        self.escaped = []
        self.slowest = 0.0

    def read(self, number, path):
        began = time.process_time()
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", SourceWarning)
                self.outcomes["read" if len(self.reader(path)) else "empty"] += 1
        except SourceError:
            self.outcomes["refused"] += 1
        except Exception as fault:  # noqa: BLE001 (told below, with the number of its mutant)
            self.escaped.append((number, repr(fault)))
        self.slowest = max(self.slowest, time.process_time() - began)

    def tell(self, what):
        counted = ", ".join(f"{times} {outcome}" for outcome, times in sorted(self.outcomes.items()))
        tried = sum(self.outcomes.values()) + len(self.escaped)
        print(
            f"{what}: {tried} mutants, {counted}, {len(self.escaped)} escaped; slowest {self.slowest:.2f} s"
        )


@pytest.mark.parametrize("ending", FORMATS)
def test_no_mutant_gets_through_the_fence(ending, six, make, place, root, in_process):
    declared = (root / "data" / "raw" / "worcestershire-2018" / "source.toml").read_text("utf-8")
    dice = random.Random(f"{ending} {MUTANTS}")
    place("x", b"", declared)
    search = Search(ia.read_published)
    for number in range(MUTANTS // len(FORMATS)):
        packed = ending in ("xlsx", "docx") and number % 2
        data = inside(make, six[ending], dice) if packed else mutated(six[ending], dice)
        search.read(number, place(f"mutant.{ending}", data))
    search.tell(ending)
    assert search.escaped == []
    assert search.slowest < SECONDS
    assert set(search.outcomes) == {"read", "refused"}


def sound_form(about):
    """A reader of forms that refuses what is not sound, as a dataset of forms does."""

    def read(path):
        reading = read_form(path, about)
        if not reading.is_sound:
            raise SourceError(reading.problems)
        return reading.form.grades

    return read


@pytest.mark.parametrize("what", ["gradings.csv", "gradings.xlsx", "form.xlsx", "actions.csv"])
def test_no_mutant_of_a_teams_file_gets_through_the_fence(what, make, place, root):
    """Team gradings, filled-in forms, and action plans."""
    about = ia.load(root / "data" / "raw" / "example-team-forms").about
    rows = make.team_rows(grade="RI / I")
    form = sorted((root / "data" / "raw" / "example-team-forms" / "forms").glob("*.xlsx"))[0].read_bytes()
    good, reader = {
        "gradings.csv": (make.csv(rows).encode(), ia.read_gradings),
        "gradings.xlsx": (make.book_bytes(make.book({"Teams": rows})), ia.read_gradings),
        "form.xlsx": (form, sound_form(about)),
        "actions.csv": (make.csv(ACTIONS).encode(), lambda path: refusing(read_one(path, "actions", about))),
    }[what]
    dice = random.Random(f"{what} {MUTANTS}")
    search = Search(reader)
    search.read(-1, place(what, good))
    assert search.outcomes == {"read": 1}
    for number in range(MUTANTS // len(FORMATS)):
        packed = what.endswith("xlsx") and number % 4
        data = inside(make, good, dice) if packed else mutated(good, dice)
        search.read(number, place(what, data))
    search.tell(what)
    assert search.escaped == []
    assert search.slowest < SECONDS
    assert set(search.outcomes) == {"read", "refused"}


def refusing(read):
    """The table of a reading, unless a problem is an error."""
    table, problems = read
    if any(problem.severity == "error" for problem in problems):
        raise SourceError(problems)
    return table


def test_a_mutant_of_a_declaration_is_refused_or_read(place, root):
    good = (root / "data" / "raw" / "worcestershire-2018" / "source.toml").read_bytes()
    dice = random.Random(MUTANTS)
    cells = place("cells.csv", "service,domain,grading\nSafeguarding,practice,RI (9 x RI)\n")
    search = Search(lambda _: ia.read_published(cells))
    for number in range(MUTANTS // len(FORMATS)):
        search.read(number, place("source.toml", mutated(good, dice)))
    search.tell("source.toml")
    assert search.escaped == []
    assert set(search.outcomes) == {"read", "refused"}


def test_a_mutant_of_a_pdf_is_kept_apart_in_its_process(six, place, root):
    declared = (root / "data" / "raw" / "worcestershire-2018" / "source.toml").read_text("utf-8")
    dice = random.Random(7)
    place("x", b"", declared)
    search = Search(ia.read_published)
    for number in range(5):
        search.read(number, place("mutant.pdf", mutated(six["pdf"], dice)))
    assert search.escaped == []
