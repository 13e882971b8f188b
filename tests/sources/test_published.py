"""Published cells: kept as printed, and what they contradict is told."""

from __future__ import annotations

import warnings

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import SourceError
from improvement_analysis.notation import format_grading

HEADER = ("service", "domain", "grading")
KEYS = ("allocation", "practice", "monitoring", "joint_working", "overall")


@pytest.fixture
def read(place, make):
    def reader(rows, header=HEADER, source=None):
        path = place("cells.csv", make.csv([header, *rows]), source)
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            frame = ia.read_published(path)
        return frame, [str(each.message) for each in caught]

    return reader


def service(name="Safeguarding", grading="RI (2 x RI, 1 x I)", *more):
    return [(name, key, grading, *more) for key in KEYS]


def test_a_cell_is_kept_as_printed(read):
    rows = service()
    rows[4] = ("Safeguarding", "overall", " Requires Improvement  (2 x RI, 1 x not judged)")
    found, told = read(rows)
    assert told == []
    assert list(found.columns) == [
        "service",
        "domain",
        "grading",
        "headline",
        "tally",
        "teams",
        "source",
        "teams_declared",
    ]
    assert found.iloc[4].drop("teams_declared").to_dict() == {
        "service": "Safeguarding",
        "domain": "overall",
        "grading": "Requires Improvement  (2 x RI, 1 x not judged)",
        "headline": "RI",
        "tally": "2 x RI, 1 x not judged",
        "teams": 3,
        "source": "cells.csv, row 6",
    }
    assert found["teams_declared"].isna().all()
    assert found["teams"].dtype == "int64"
    assert found["headline"].cat.ordered


def test_a_headline_may_say_that_there_is_no_judgement(read):
    found, told = read(service(grading="no judgement (3 x no judgement)"))
    assert found["headline"].isna().all()
    assert told == []


def test_a_headline_that_is_not_the_most_frequent_grade_is_told_and_stays(read):
    rows = service()
    rows[1] = ("Safeguarding", "practice", "no judgement (2 x RI, 1 x I)")
    rows[2] = ("Safeguarding", "monitoring", "G (1 x RI, 1 x I, 1 x no judgement)")
    found, told = read(rows)
    assert told == [
        "cells.csv, row 3, column 'grading': found headline no judgement over the tally 2 x RI, "
        "1 x I, expected "
        "the most frequent grade, RI; the headline is kept as published",
        "cells.csv, row 4, column 'grading': found headline G over the tally 1 x RI, 1 x I, "
        "1 x no judgement, expected the most frequent grade, I or RI; the headline is kept as published",
    ]
    assert found["headline"].astype(object).tolist()[2] == "G"


def test_a_number_of_teams_that_the_tally_does_not_give_is_told_and_both_stay(read):
    rows = service("Safeguarding", "RI (1 x RI)", "1")
    rows[1] = (*rows[1][:3], "9")
    rows[2] = (*rows[2][:3], "")
    found, told = read(rows, (*HEADER, "teams"))
    assert told == [
        "cells.csv, row 3, column 'grading': found a tally of 1 team, expected 9, as the column "
        "'teams' says; "
        "both are kept"
    ]
    assert found["teams_declared"].tolist()[:2] == [1, 9]
    assert pd.isna(found["teams_declared"][2])
    assert found["teams"].tolist() == [1] * 5


def test_domains_that_a_service_lacks_are_told(read):
    _, told = read(service()[:3] + service("Care Leaving"))
    assert told == [
        "cells.csv: found Safeguarding without joint_working, overall, expected every domain of a service"
    ]


def test_services_that_may_be_one_are_told_and_both_kept(read):
    found, told = read(service("Safegaurding") + service())
    assert told == [
        "cells.csv, row 2, column 'service': found 'Safegaurding' and 'Safeguarding', expected "
        "one spelling of "
        "a name; both are kept; if they are one, declare an alias in source.toml"
    ]
    assert list(dict.fromkeys(found["service"])) == ["Safegaurding", "Safeguarding"]


def test_a_mark_that_the_eye_misses_is_told(read):
    rows = service()
    rows[0] = ("Safeguarding", "allocation", "R\u200bI (3 x RI)")
    _, told = read(rows)
    assert told == [
        "cells.csv, row 2, column 'grading': found 'R\\u200bI (3 x RI)' was read as 'RI (3 x "
        "RI)', expected a "
        "grading in plain letters"
    ]


def test_pages_are_part_of_the_place(read):
    rows = [(*row, "6") for row in service("A")] + [(*row, "") for row in service("B")]
    found, _ = read(rows, (*HEADER, "page"))
    assert found["source"].tolist()[4:6] == ["cells.csv, row 6 (page 6)", "cells.csv, row 7"]


def test_every_published_cell_is_written_again_as_it_was_printed(ds):
    words = {domain.key: domain.headline == "words" for domain in ds.about.domains}
    assert [key for key, spelt in words.items() if spelt] == ["overall"]
    written = [
        format_grading(headline, ia.parse_tally(tally), words=words[domain])
        for headline, tally, domain in zip(
            ds.published["headline"], ds.published["tally"], ds.published["domain"], strict=True
        )
    ]
    assert written == ds.published["grading"].tolist()
    assert len(written) == 25


def test_a_header_alone_is_no_table(read):
    with pytest.raises(
        SourceError, match="row 1: found no row below the header, expected a row for each printed"
    ):
        read([])
