"""Does the source agree with itself? Rows typed from the paper, and small tables of our own."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

import improvement_analysis as ia
from improvement_analysis import pages
from improvement_analysis.about import About, Event
from improvement_analysis.reconciliation import CHECKS, COLUMNS, explain_difference


@pytest.fixture
def rows(ds):
    return ia.reconcile(ds.published, ds.statements)


def of(rows, check):
    return rows[rows["check"] == check]


def test_23_visits_against_19_teams_to_the_last_team(rows):
    total = of(rows, "visits in all").iloc[0]
    assert (total["expected"], total["found"], total["difference"], total["agrees"]) == ("23", "19", 4, False)
    parts = rows[rows["check"].isin(["visits by service", "service without a table"])]
    assert dict(zip(parts["service"], parts["difference"], strict=True)) == {
        "Contact and Referral and Assessment": 1,
        "Safeguarding": 0,
        "LAC Permanency": -1,
        "Care Leaving": 1,
        "Children with Disabilities": 0,
        "Family Support": 3,
    }
    assert parts["difference"].sum() == 4


def test_the_difference_in_a_sentence(rows):
    assert explain_difference(rows) == (
        "The prose counts 23 visits, the tables grade 19 teams. The difference of 4 is "
        "+1 (Contact and Referral and Assessment) -1 (LAC Permanency) +1 (Care Leaving) +3 (Family Support)."
    )


def test_every_published_headline_is_the_mode_of_its_tally(rows):
    modes = of(rows, "headline and mode")
    assert (len(modes), modes["agrees"].sum()) == (25, 25)


def test_all_domains_of_a_service_count_the_same_teams(rows):
    teams = of(rows, "teams per domain")
    assert (len(teams), teams["agrees"].sum()) == (25, 25)


def test_two_names_for_one_service_are_told(rows):
    names = of(rows, "two names")
    found = dict(zip(names["service"], names["found"], strict=True))
    assert found["LAC Permanency"] == "Children in Care Permanency teams"
    assert found["Care Leaving"] == "Leaving Care teams"
    assert names.set_index("service")["agrees"].to_dict() == {
        "Contact and Referral and Assessment": False,
        "Safeguarding": True,
        "LAC Permanency": False,
        "Care Leaving": False,
        "Children with Disabilities": True,
    }


def test_a_contradiction_is_a_row_and_never_mended(copy):
    tables = copy / "summary_tables.csv"
    text = tables.read_text(encoding="utf-8")
    tables.write_text(text.replace("RI (5 x RI, 4 x I)", "RI (3 x RI, 4 x I)"), encoding="utf-8")
    ds = ia.load(copy)
    rows = ia.reconcile(ds.published, ds.statements)
    wrong = rows[~rows["agrees"] & (rows["service"] == "Safeguarding")]
    assert wrong[["check", "domain", "expected", "found"]].to_numpy().tolist() == [
        ["teams per domain", "monitoring", "9", "7"],
        ["headline and mode", "monitoring", "I", "RI"],
    ]
    cell = ds.published.query("service == 'Safeguarding' and domain == 'monitoring'").iloc[0]
    assert (cell["headline"], cell["teams"]) == ("RI", 7)


def test_declared_teams_are_held_against_the_tally(copy):
    tables = copy / "summary_tables.csv"
    lines = tables.read_text(encoding="utf-8").splitlines()
    lines = [f"{lines[0]},teams", f"{lines[1]},4", *(f"{line}," for line in lines[2:])]
    tables.write_text("\n".join(lines) + "\n", encoding="utf-8")
    ds = ia.load(copy)
    declared = of(ia.reconcile(ds.published), "tally and declared teams")
    assert declared[["expected", "found", "difference", "agrees"]].to_numpy().tolist() == [
        ["4", "3", 1, False]
    ]


def test_without_statements_only_the_tables_are_checked(ds):
    rows = ia.reconcile(ds.published)
    assert set(rows["check"]) == {
        "teams per domain", "every domain", "headline and mode", "overall and domains"
    }  # fmt: skip
    assert explain_difference(rows) == ""


def test_rows_of_cells_change_nothing(ds, rows):
    shuffled = ia.reconcile(ds.published.iloc[::-1], ds.statements)
    key = ["check", "service", "domain"]
    assert shuffled.sort_values(key, ignore_index=True).equals(rows.sort_values(key, ignore_index=True))


def test_the_data_dictionary_names_every_column_and_check(root, rows):
    text = (root / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert list(rows.columns) == list(COLUMNS)
    assert [name for name in (*COLUMNS, *CHECKS) if name not in text] == []


# ----------------------------------------------------------------------------- small tables of our own


def printed(*cells):
    """Published cells: service, domain, headline, tally."""
    rows = [
        {"service": service, "domain": domain, "headline": headline, "tally": tally,
         "teams": sum(int(part.split()[0]) for part in tally.split(", ")), "teams_declared": None,
         "source": f"cell {number}"}
        for number, (service, domain, headline, tally) in enumerate(cells, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def claimed(*claims):
    """Statements: kind, service, number and, optionally, what the prose calls it."""
    rows = [
        {"kind": claim[0], "service": claim[1], "number": claim[2], "source": f"line {line}",
         "named_as": claim[3] if len(claim) > 3 else claim[1] or claim[0]}
        for line, claim in enumerate(claims, 1)
    ]  # fmt: skip
    return pd.DataFrame(rows)


FIVE = printed(
    ("S", "allocation", "RI", "3 x RI"),
    ("S", "practice", "RI", "3 x RI"),
    ("S", "monitoring", "RI", "3 x RI, 1 x I"),
    ("S", "joint_working", "RI", "3 x RI"),
    ("S", "overall", "RI", "3 x RI"),
)


def test_one_misprint_is_told_at_its_own_cell_only():
    rows = of(ia.reconcile(FIVE, claimed(("visits", "S", 3))), "teams per domain")
    wrong = rows[~rows["agrees"]]
    assert wrong[["domain", "expected", "found", "note"]].to_numpy().tolist() == [
        ["monitoring", "3", "4", "most domains count 3"]
    ]
    by_service = of(ia.reconcile(FIVE, claimed(("visits", "S", 3))), "visits by service").iloc[0]
    assert (by_service["found"], by_service["agrees"]) == ("3", True)


def test_where_as_many_domains_count_two_numbers_the_larger_is_expected_and_the_tie_told():
    rows = of(ia.reconcile(FIVE.iloc[[0, 2]]), "teams per domain")
    assert rows[["found", "agrees", "note"]].to_numpy().tolist() == [
        ["3", False, "as many domains of this service count 4"],
        ["4", True, ""],
    ]


def test_a_statement_told_twice_counts_once():
    claims = claimed(
        ("visits", "S", 3, "S teams"), ("visits", "S", 3, "s team"), ("visits", "S", 1, "Others")
    )
    rows = ia.reconcile(FIVE, claims)
    total = of(rows, "visits by service").iloc[0]
    assert (total["expected"], total["source"]) == ("4", "line 1; line 2; line 3")
    again = of(rows, "repeated number")
    assert again[["service", "expected", "found", "agrees", "note"]].to_numpy().tolist() == [
        ["S", "3", "3", True, "S teams: said 2 times, counted once"]
    ]


def test_a_number_that_is_not_repeated_as_it_was_is_told():
    rows = ia.reconcile(FIVE, claimed(("visits", "S", 3), ("visits", "S", 2)))
    again = of(rows, "repeated number").iloc[0]
    assert (again["expected"], again["found"], again["agrees"]) == ("3", "2", False)
    assert of(rows, "visits by service")["expected"].tolist() == ["3"]


def test_each_of_two_totals_is_explained():
    claims = claimed(("visits_total", None, 5), ("visits", "S", 4), ("visits_total", None, 4))
    rows = ia.reconcile(FIVE, claims)
    assert explain_difference(rows) == (
        "The prose counts 5 visits, the tables grade 3 teams. The difference of 2 is +1 (S). "
        "1 of it is left unexplained. "
        "The prose counts 4 visits, the tables grade 3 teams. The difference of 1 is +1 (S)."
    )
    again = of(rows, "repeated number").iloc[0]
    assert (again["expected"], again["found"], again["agrees"]) == ("5", "4", False)
    same = claimed(("visits_total", None, 5), ("visits_total", None, 5))
    assert explain_difference(ia.reconcile(FIVE, same)) == (
        "The prose counts 5 visits, the tables grade 3 teams. No service explains the difference of 2."
    )


@pytest.mark.parametrize(
    ("headline", "tally", "agrees"),
    [
        ("RI / I", "1 x RI, 1 x I", True),
        ("RI", "1 x RI, 1 x I", True),
        ("RI / I", "2 x RI, 1 x I", False),
        ("G / RI", "1 x RI, 1 x I", False),
        ("RI / I", "1 x G, 1 x RI, 1 x I", False),
    ],
)
def test_a_split_headline_between_two_equally_frequent_grades_agrees(headline, tally, agrees):
    cells = printed(("S", "practice", headline, tally))
    assert of(ia.reconcile(cells), "headline and mode")["agrees"].tolist() == [agrees]


def test_a_domain_that_one_service_lacks_is_told():
    cells = pd.concat([FIVE, printed(("T", "overall", "RI", "2 x RI"))])
    rows = of(ia.reconcile(cells), "every domain")
    assert rows[~rows["agrees"]][["service", "domain", "found"]].to_numpy().tolist() == [
        ["T", domain, "no cell"] for domain in ("allocation", "practice", "monitoring", "joint_working")
    ]
    assert rows[rows["agrees"]]["service"].tolist() == ["S"]


@pytest.mark.parametrize(
    ("cells", "note"),
    [
        ([("practice", "RI", "2 x RI"), ("overall", "I", "2 x I")],
         "a remark: by headline, the overall conclusion is below every domain"),
        ([("practice", "RI", "2 x RI"), ("overall", "RI", "2 x RI, 1 x I")],
         "a remark: by tally, the overall conclusion is below every domain"),
        ([("practice", "RI", "2 x RI, 1 x I"), ("overall", "I", "2 x I, 1 x RI")],
         "a remark: by headline, the overall conclusion is below every domain"),
        ([("practice", "I", "2 x I"), ("overall", "I", "2 x I")], ""),
        ([("practice", "I", "2 x I"), ("overall", "RI", "2 x RI")], ""),
    ],
)  # fmt: skip
def test_an_overall_conclusion_below_every_domain_is_a_remark_not_an_error(ds, cells, note):
    published = printed(*(("S", *cell) for cell in cells))
    (row,) = of(ia.reconcile(published), "overall and domains").to_dict("records")
    assert (row["agrees"], row["note"]) == (True, note)
    remarks = [
        item for item in pages.brief_quality(replace(ds, published=published)).items if "remark" in item
    ]
    assert len(remarks) == bool(note)


def test_deep_dives_and_workshops_are_held_against_what_is_listed():
    about = About(
        "x", programme=(Event("May 2024", "Three learning workshops."), Event("June", "A workshop."))
    )
    listed = pd.DataFrame({"subject": ["A", "B", "C"], "visited": ["yes", "yes", "no"]})
    claims = claimed(("deep_dives", None, 3), ("workshops", None, 5))
    rows = ia.reconcile(FIVE, claims, deep_dives=listed, about=about)
    for check, expected, found in (("deep dives", "3", "2"), ("workshops", "5", "4")):
        (row,) = of(rows, check).to_dict("records")
        assert (row["expected"], row["found"], row["difference"], row["agrees"]) == (
            expected,
            found,
            1,
            False,
        )
    assert of(ia.reconcile(FIVE, claims), "deep dives").empty
    assert of(ia.reconcile(FIVE, claims, about=About("x")), "workshops").empty
    none = of(ia.reconcile(FIVE, claims, deep_dives=listed.iloc[:0]), "deep dives").iloc[0]
    assert (none["found"], none["note"], none["agrees"]) == ("0", "none is listed", False)


@pytest.mark.parametrize(
    ("last", "agrees"),
    [("January 2018", [True]), ("February 2018", [True]), ("7 February 2018", [True]),
     ("8 February 2018", [False]), ("2018-03-01", [False]), ("March 2018", [False]), ("in spring", [])],
)  # fmt: skip
def test_the_last_visit_is_not_after_the_report(last, agrees):
    about = About("x", published=date(2018, 2, 7), last_visit=last)
    assert of(ia.reconcile(FIVE, about=about), "last visit and report")["agrees"].tolist() == agrees
    assert of(ia.reconcile(FIVE, about=About("x", last_visit=last)), "last visit and report").empty


def test_a_dataset_brings_all_that_is_reconciled(ds):
    rows = ia.reconcile(ds)
    assert of(rows, "deep dives")[["expected", "found"]].to_numpy().tolist() == [["4", "4"]]
    assert of(rows, "workshops")[["expected", "found"]].to_numpy().tolist() == [["4", "4"]]
    assert of(rows, "last visit and report")["found"].tolist() == ["January 2018"]
    late = ds.gradings.assign(visit_date=pd.Timestamp("2018-03-01"))
    days = of(ia.reconcile(replace(ds, gradings=late)), "last visit and report")
    assert days[["found", "agrees"]].to_numpy().tolist() == [["January 2018", True], ["1 March 2018", False]]


@pytest.mark.parametrize("check", sorted(set(CHECKS) - {"overall and domains"}))
def test_every_contradiction_has_its_sentence(ds, monkeypatch, check):
    row = {"check": check, "service": "Care Leaving", "domain": None, "expected": "2", "found": "3",
           "difference": -1, "agrees": False, "note": "", "source": "p. 3"}  # fmt: skip
    monkeypatch.setattr("improvement_analysis.pages.remarks.reconcile", lambda _: pd.DataFrame([row]))
    (sentence, *_) = pages.caveats(ds, "Care Leaving").items
    assert sentence.startswith("Care Leaving: ")
    assert sentence.endswith("(p. 3).")


# ------------------------------------------------------------- 42 contradictions, planted one by one

DOMAINS = ["allocation", "practice", "monitoring", "joint_working", "overall"]
SOUND = {
    "published": printed(
        *((s, d, "RI", f"{n} x RI, 1 x G") for s, n in (("S", 4), ("T", 3), ("U", 2)) for d in DOMAINS)
    ).assign(teams_declared=lambda cells: cells["teams"]),
    "statements": claimed(
        ("visits", "S", 5), ("visits", "T", 4), ("visits", "U", 3), ("deep_dives", None, 2),
        ("workshops", None, 2), ("visits", "S", 5), ("visits", "T", 4), ("visits", "U", 3),
    ),
    "deep_dives": pd.DataFrame({"subject": ["A", "B"], "visited": ["yes", "yes"]}),
    "about": About(
        "x", published=date(2024, 7, 1), last_visit="May 2024",
        programme=(Event("May 2024", "A learning workshop."), Event("June 2024", "A workshop.")),
    ),
}  # fmt: skip


def plants():
    """What is planted, as changes of SOUND, and the one row that is to tell it."""
    cells, claims = SOUND["published"], SOUND["statements"]
    services = [(s, d) for s in "STU" for d in DOMAINS]

    def cell(service, domain, **values):
        here = (cells["service"] == service) & (cells["domain"] == domain)
        return {"published": cells.assign(**{k: cells[k].where(~here, v) for k, v in values.items()})}

    def claim(row, number):
        return {"statements": claims.assign(number=claims["number"].where(claims.index != row, number))}

    for s, d in services[:9]:
        n = {"S": 4, "T": 3}[s]
        more = {"tally": f"{n + 1} x RI, 1 x G", "teams": n + 2, "teams_declared": n + 2}
        yield cell(s, d, **more), ("teams per domain", s, d)
    for s, d in services[6:]:
        yield cell(s, d, headline="G"), ("headline and mode", s, d)
    for s, d in services[2:8]:
        left = cells[(cells["service"] != s) | (cells["domain"] != d)]
        yield {"published": left}, ("every domain", s, d)
    for s, d in services[5:11]:
        yield cell(s, d, teams_declared=9), ("tally and declared teams", s, d)
    for row, s in enumerate("STU"):
        both = claims.assign(number=claims["number"] + (claims["service"] == s))
        yield {"statements": both}, ("visits by service", s, None)
        yield claim(row + 5, 8), ("repeated number", s, None)
    yield claim(3, 3), ("deep dives", None, None)
    yield {"deep_dives": SOUND["deep_dives"].iloc[:1]}, ("deep dives", None, None)
    yield claim(4, 1), ("workshops", None, None)
    yield (
        {"about": replace(SOUND["about"], programme=SOUND["about"].programme[:1])},
        ("workshops", None, None),
    )
    for last in ("August 2024", "2 July 2024"):
        yield {"about": replace(SOUND["about"], last_visit=last)}, ("last visit and report", None, None)


def told(given):
    rows = ia.reconcile(
        given["published"], given["statements"], deep_dives=given["deep_dives"], about=given["about"]
    )
    wrong = rows[~rows["agrees"]]
    return [
        tuple(None if pd.isna(value) else value for value in row)
        for row in wrong[["check", "service", "domain"]].to_numpy().tolist()
    ]


def test_all_of_42_planted_contradictions_are_found_and_none_is_invented():
    assert told(SOUND) == []
    planted = list(plants())
    assert len(planted) == 42
    for change, row in planted:
        assert told({**SOUND, **change}) == [row], row
