"""What the page of a service says."""

from dataclasses import replace

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
