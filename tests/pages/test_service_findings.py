"""What the page of a service says."""

from dataclasses import replace

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import pages


def test_equally_weak_domains_are_all_named(ds, table):
    rows = """
        service | domain     | tally        | source
        S       | allocation | 1 x I, 1 x G | 1
        S       | practice   | 1 x I, 1 x G | 2
        S       | monitoring | 2 x G        | 3
    """
    cells = table(rows)
    one = replace(ds, gradings=ia.as_gradings(cells), published=ds.published.iloc[:0])
    said = "Case allocation and workload and Practice and direct work have equally many low gradings"
    assert f"{said}: each 1 of 2 at inadequate." in pages.brief_service(one, "S").items


@pytest.mark.parametrize(
    ("grades", "expected"),
    [
        (
            {"allocation": "4 x I, 5 x RI", "practice": "3 x I, 6 x RI", "monitoring": "9 x RI"},
            "Most low gradings (inadequate): Case allocation and workload 4 of 9, Practice and direct work "
            "3 of 9. The difference is too small to call one of them the "
            "weakest.",
        ),
        (
            {"allocation": "5 x I, 4 x RI", "practice": "3 x I, 6 x RI"},
            "Case allocation and workload has the most low gradings: 5 of 9 at inadequate.",
        ),
        (
            {"allocation": "1 x I, 8 x RI", "practice": "9 x RI"},
            "Only Case allocation and workload has a low grading: 1 of 9 at inadequate.",
        ),
    ],
    ids=["close", "apart", "one"],
)
def test_a_domain_is_called_weakest_only_where_no_team_decides(ds, grades, expected):
    rows = [{"service": "S", "domain": key, "tally": tally, "source": key} for key, tally in grades.items()]
    one = replace(ds, gradings=ia.as_gradings(pd.DataFrame(rows)), published=ds.published.iloc[:0])
    assert expected in " ".join(pages.brief_service(one, "S").items)
