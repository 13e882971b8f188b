"""Notebooks that a test may spoil, and orders for them."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from improvement_analysis.report.planning.notebooks import notebook_folder
from improvement_analysis.report.runner import Order

PUBLISHED = Path(__file__).resolve().parents[2] / "data" / "raw" / "worcestershire-2018"


@pytest.fixture
def notebooks(tmp_path):
    """A copy of the project's notebooks that a test may spoil, and a way to add a cell to one."""

    class Notebooks:
        folder = Path(shutil.copytree(notebook_folder(), tmp_path / "notebooks"))

        def add(self, name, source, place=-1):
            path = self.folder / f"{name}.ipynb"
            notebook = nbformat.read(path, as_version=4)
            notebook.cells.insert(place, nbformat.v4.new_code_cell(source, id=f"added-{len(notebook.cells)}"))
            nbformat.write(notebook, path)

    return Notebooks()


@pytest.fixture
def order(tmp_path, notebooks):
    """An order for one short page, with notebooks that a test may spoil."""

    def make(**changes):
        given = {"notebooks": ["data_quality"], "notebook_folder": notebooks.folder, **changes}
        return Order(PUBLISHED, tmp_path / "out", **given)

    return make
