"""A made-up dataset at size: 3,000 units of 90 services in 150 authorities and 9 regions."""

from contextlib import contextmanager
from dataclasses import replace

import pandas as pd

import improvement_analysis as ia
from improvement_analysis.report.making.page import Made
from improvement_analysis.report.runner import Order, run_report

UNITS, SERVICES, AUTHORITIES, REGIONS = 3000, 90, 150, 9


def many_units(ds):
    """The published dataset with the gradings of very many units in place of its own."""
    rows = {
        "authority": [f"Authority {n % AUTHORITIES:03}" for n in range(UNITS)],
        "area": [f"Region {n % REGIONS}" for n in range(UNITS)],
        "service": [f"Service {n % SERVICES:02}" for n in range(UNITS)],
        "team": [f"Unit {n}" for n in range(UNITS)],
        "domain": "overall",
        "grade": ["I", "RI", "G", "O"] * (UNITS // 4),
        "source": "made up",
    }
    gradings = ia.as_gradings(pd.DataFrame(rows))
    return replace(ds, gradings=gradings, published=ds.published.iloc[:0])


@contextmanager
def stub():
    """Workers whose pages hold their title alone."""
    yield lambda pages, _: ((page.path, Made(f"<p>{page.title}</p>".encode())) for page in pages)


def make_report(dataset, folder, output, **asked):
    """What came of a run with stubbed pages; *folder* stands for the dataset's own."""
    return run_report(dataset, Order(folder, output, **asked), workers=stub())
