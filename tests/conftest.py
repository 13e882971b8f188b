"""What every test can ask for: the published dataset, copies of it, and tables drawn as on paper."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

import improvement_analysis as ia

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "data" / "raw" / "worcestershire-2018"


@pytest.fixture(scope="session")
def root():
    return ROOT


@pytest.fixture(scope="session")
def ds():
    return ia.load(PUBLISHED)


@pytest.fixture(scope="session")
def report(ds, tmp_path_factory):
    """The folder of one real report, for every test that reads its pages."""
    from improvement_analysis.report.runner import Order, run_report

    outcome = run_report(ds, Order(PUBLISHED, tmp_path_factory.mktemp("reports")))
    assert [page.error for page in outcome.failed] == []
    return outcome.index.parent


@pytest.fixture
def others(report, tmp_path):
    """Puts the other pages where a run makes some: a page links only to those that are there."""

    def put(*names):
        for path in report.rglob("*.html"):
            name = path.relative_to(report)
            if name.as_posix() not in names:
                place = tmp_path / report.name / name
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(path, place)

    return put


@pytest.fixture
def copy(tmp_path):
    """A copy of the published dataset that a test may spoil."""
    return Path(shutil.copytree(PUBLISHED, tmp_path / "copy"))


@pytest.fixture(scope="session")
def table():
    """A table drawn with bars; an empty cell is missing."""

    def read(text):
        lines = [line.strip().split("|") for line in text.strip().splitlines()]
        header, *rows = [[cell.strip() or None for cell in line] for line in lines]
        return pd.DataFrame(rows, columns=header)

    return read
