"""Does the source agree with itself? Rows typed from the paper."""

import pytest

import improvement_analysis as ia
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
    assert set(rows["check"]) == {"teams per domain", "headline and mode"}
    assert explain_difference(rows) == ""


def test_rows_of_cells_change_nothing(ds, rows):
    shuffled = ia.reconcile(ds.published.iloc[::-1], ds.statements)
    key = ["check", "service", "domain"]
    assert shuffled.sort_values(key, ignore_index=True).equals(rows.sort_values(key, ignore_index=True))


def test_the_data_dictionary_names_every_column_and_check(root, rows):
    text = (root / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert list(rows.columns) == list(COLUMNS)
    assert [name for name in (*COLUMNS, *CHECKS) if name not in text] == []
