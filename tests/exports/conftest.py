"""Both datasets and what is made of them, made once."""

from __future__ import annotations

import io
import zipfile
from functools import cache

import pytest

import improvement_analysis as ia
from improvement_analysis import exports


@pytest.fixture(scope="session")
def forms(root):
    return ia.load(root / "data" / "raw" / "example-team-forms")


@pytest.fixture(scope="session")
def made(ds, forms):
    """The bytes of an export: ``made("slides", "published", "Safeguarding")``, made once."""
    datasets = {"published": ds, "forms": forms}
    makers = {
        "workbook": exports.workbook_bytes,
        "slides": exports.slides_bytes,
        "document": exports.document_bytes,
    }

    @cache
    def make(format_, which, *service):
        return makers[format_](datasets[which], *service)

    return make


@pytest.fixture(scope="session")
def parts():
    """The parts of a package, those of a workbook inside it too, by name."""

    def read(data, within=""):
        found = {}
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                part = archive.read(name)
                found[within + name] = part
                if name.endswith(".xlsx"):
                    found |= read(part, f"{name}!")
        return found

    return read
