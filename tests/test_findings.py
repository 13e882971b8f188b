"""Findings of a service, of an area, and of neither."""

import pandas as pd

from improvement_analysis.findings import select_findings


def test_a_finding_belongs_to_the_service_it_names(ds):
    own = select_findings(ds.findings, service="Safeguarding")
    assert len(own) > 0
    assert own["services"].str.contains("Safeguarding").all()


def test_the_area_findings_are_the_three_the_paper_makes(ds):
    found = select_findings(ds.findings, area="Redditch/Wychavon")
    assert set(found["kind"]) == {"strength"}
    assert set(found["areas"]) == {"Redditch/Wychavon; Worcester/Malvern"}
    assert len(found) == 3


def test_crossing_findings_name_neither(ds):
    crossing = select_findings(ds.findings, crossing=True)
    assert crossing["services"].isna().all()
    assert crossing["areas"].isna().all()


def test_every_finding_is_somewhere(ds):
    named = ds.findings["services"].notna() | ds.findings["areas"].notna()
    assert len(select_findings(ds.findings, crossing=True)) + named.sum() == len(ds.findings)


def test_a_name_inside_another_is_not_taken_for_it(ds):
    assert select_findings(ds.findings, service="Care").empty


def test_where_nothing_is_left_the_columns_still_stand():
    table = pd.DataFrame({"services": ["A"], "areas": ["North"], "text": ["one"]})
    nothing = select_findings(table, service="B", area="North")
    assert nothing.columns.tolist() == ["services", "areas", "text"]
    assert nothing.empty
