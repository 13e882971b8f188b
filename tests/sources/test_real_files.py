"""Public tables as they were received, and made-up miniatures of what is awkward in them."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import improvement_analysis as ia
from improvement_analysis.sources import check_path

REAL = Path(__file__).resolve().parents[3] / "shared" / "real"

HEAD = 'title = "A public table"\nauthority = "England"\nround = "2025"\n'
FILE = '[[files]]\nname = "{}"\nkind = "gradings"\n'
ONE_SERVICE = '[[services]]\nname = "Children\'s services"\n'
ILACS = 'framework = "ofsted-ilacs"\nungraded = ["nan"]\n'
PROVIDERS = 'framework = "ofsted-sccif"\nempty = "no judgement"\n'
URN = '[columns]\nteam = "URN"\n'


@pytest.fixture
def load(tmp_path, make):
    """Load a file of rows, or one that lies beside the project, under some lines of source.toml."""

    def reader(name, declared, rows=None, after=""):
        if rows is not None:
            data = make.csv(rows).encode() if name.endswith("csv") else make.book_bytes(make.book(rows))
            (tmp_path / name).write_bytes(data)
        elif (REAL / name).is_file():
            shutil.copy(REAL / name, tmp_path / name)
        else:
            pytest.skip("the public tables do not lie beside the project")
        (tmp_path / "source.toml").write_text(HEAD + declared + FILE.format(name) + after, "utf-8")
        return ia.load(tmp_path)

    return reader


def overall(dataset):
    grades = dataset.gradings[dataset.gradings["domain"] == "overall"]["grade"]
    return {grade: int((grades == grade).sum()) for grade in ("O", "G", "RI", "I")} | {
        "none": int(grades.isna().sum())
    }


def test_ilacs_outcomes_of_2025(load):
    ds = load("ilacs-2025.xlsx", ILACS, after=ONE_SERVICE)
    assert overall(ds) == {"O": 46, "G": 63, "RI": 29, "I": 13, "none": 2}
    councils = ds.gradings.drop_duplicates(["authority", "area"])
    assert (len(councils), int((councils["area"] == "GL").sum())) == (153, 33)


def test_ofsted_s_providers_of_2025(load):
    ds = load("providers-2025.csv", PROVIDERS, after=URN)
    assert overall(ds) == {"O": 658, "G": 3059, "RI": 522, "I": 54, "none": 1307}
    assert ds.gradings["team"].nunique() == 5600


def test_a_miniature_of_the_first(load, tmp_path):
    rows = [
        [
            "urn",
            "region_code",
            "local_authority",
            "overall_effectiveness_grade",
            "inspection_end_date",
            "link",
        ],
        ["1", "GL", "north", "requires improvement", "15/09/2025", '=HYPERLINK("reports/1")'],
        ["2", "GL", "south", "outstanding", "24/03/25", '=HYPERLINK("reports/2")'],
        ["3", "nan", "east", "nan", "16/12/2025", '=HYPERLINK("reports/3")'],
    ]
    rows = [[*row, "care_leavers_grade" if n == 0 else "good"] for n, row in enumerate(rows)]
    rows[2][-1] = "inspection_pre_dates_judgement"
    ds = load("ilacs.xlsx", ILACS, {"inspections": rows}, ONE_SERVICE)
    assert overall(ds) == {"O": 1, "G": 0, "RI": 1, "I": 0, "none": 1}
    reasons = ds.gradings.dropna(subset="ungraded_reason").set_index("authority")["ungraded_reason"].to_dict()
    assert reasons == {"south": "not applicable (inspection_pre_dates_judgement)", "east": "nan"}
    told = [str(problem) for problem in check_path(tmp_path / "ilacs.xlsx")]
    assert any("2 columns that are not known: 'urn', 'link'" in text for text in told)
    assert any("'nan', a word for no name" in text for text in told)
    assert any("'24/03/25', expected a date; it was read as 2025-03-24" in text for text in told)


def test_a_miniature_of_the_second(load):
    wide = 7
    rows = [
        ["Provider level data as at 31 March 2025"],
        ["This worksheet contains one table, which begins in cell A4."],
        ["Some cells in this table are empty."],
        ["URN", "Provision type", "Ofsted Region", "\nLatest full inspection date"],
        ["11", "Children's home", "North", "05/11/2024", "Good", "Requires improvement to be good"],
        ["12", "Children's home", "North", "", "", ""],
    ]
    rows[3] += ["\nOverall experiences and progress of children and young people"]
    rows[3] += ["The effectiveness of leaders and managers"]
    rows = [[*row, *[""] * (wide - len(row))] for row in rows]
    ds = load("providers.csv", PROVIDERS, rows, URN)
    assert overall(ds) == {"O": 0, "G": 1, "RI": 0, "I": 0, "none": 1}
    assert ds.gradings["source"].tolist()[0] == "providers.csv, row 5"
    assert ds.areas == ["North"]


@pytest.mark.parametrize(
    ("rows", "found"),
    [
        (
            [["LA", "Service", "Overall"], ["Norfolk", "Fostering", "G"]],
            "'LA' was read as the column 'authority'",
        ),
        (
            [["Setting", "Service", "Practice"], ["A", "Fostering", "G"]],
            "'Setting' was read as the column 'team'",
        ),
        ([["Service", "Overall"], ["Fostering", "G (2 x G)"]], "Fostering without"),
    ],
)
def test_a_bare_file_is_checked_as_what_it_holds(place, make, rows, found):
    problems = check_path(place("visits.csv", make.csv(rows)))
    assert all(problem.severity == "warning" for problem in problems)
    assert found in " ".join(map(str, problems))
