"""Domains on a scale of their own, and domains as they are headed."""

from __future__ import annotations

import warnings

import pytest

import improvement_analysis as ia
from improvement_analysis import charts, pages

CARD = (
    "team,service,Inclusion,Achievement,Safeguarding\n"
    "School A,Primary,Strong standard,Exceptional,Met\n"
    "School B,Primary,Needs attention,Expected standard,not met\n"
    "School C,Secondary,Needs attention,Expected standard,n/a\n"
)
LONG = (
    "team,service,domain,grade\n"
    "School A,Primary,Inclusion,Strong standard\n"
    "School A,Primary,Safeguarding,Met\n"
)


@pytest.fixture
def dataset(tmp_path):
    def write(text, keys='framework = "ofsted-report-card"\n'):
        (tmp_path / "table.csv").write_text(text, encoding="utf-8")
        files = '[[files]]\nname = "table.csv"\nkind = "gradings"\n'
        (tmp_path / "source.toml").write_text(f'title = "T"\n{keys}{files}', encoding="utf-8")
        return ia.load(tmp_path)

    return write


def test_a_domain_on_its_own_scale_is_read_counted_and_kept_apart(dataset):
    ds = dataset(CARD)
    assert set(ds.gradings["domain"]) == {"inclusion", "achievement"}
    counts = ia.count_grades(ds.apart["safeguarding"], "service")
    assert counts.loc["Primary"].to_dict() == {"Not met": 1, "Met / Not met": 0, "Met": 1, "no judgement": 0}
    assert counts.loc["Secondary", "no judgement"] == 1
    (part,) = pages.count_own_scales(ds, "Primary")
    assert part.counts.loc["safeguarding", ["Not met", "Met"]].tolist() == [1, 1]
    assert charts.grade_grid(part.counts, subject=part.subject, about=part.about).title == (
        "Primary: 1 of 2 domain gradings was met"
    )
    assert [part.subject for part in pages.count_own_scales(ds)] == ["Safeguarding standards"]


def test_rows_of_one_table_may_be_on_two_scales(dataset):
    ds = dataset(LONG)
    assert ds.gradings["grade"].tolist() == ["Str"]
    assert ds.apart["safeguarding"]["source"].tolist() == ["table.csv, row 3"]


def test_a_grade_of_another_scale_is_refused(dataset):
    with pytest.raises(ia.SourceError, match="found 'Exceptional', expected one of Not met, Met"):
        dataset(CARD.replace("Exceptional,Met", "Exceptional,Exceptional"))


def test_who_reads_one_file_is_told_what_is_kept_apart(dataset, tmp_path):
    dataset(CARD)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        frame = ia.read_gradings(tmp_path / "table.csv")
    assert len(frame) == 6
    (text,) = [str(each.message) for each in caught if "of its own" in str(each.message)]
    assert text == (
        "table.csv, row 1: found gradings of 'Safeguarding met', which has a scale of its own, expected "
        "gradings of the report card grades; they are kept apart: a dataset has them in its attribute 'apart'"
    )


def test_a_scale_of_its_own_may_be_declared(dataset):
    keys = '[[domains]]\nkey = "plan"\ntitle = "Plan"\n[domains.scale]\ncodes = ["none", "some", "full"]\n'
    keys += '[[domains]]\nkey = "overall"\ntitle = "Overall"\n'
    ds = dataset("team,service,Plan,Overall\nTeam A,Duty,some,G\n", keys)
    assert ds.apart["plan"]["grade"].tolist() == ["some"]
    assert ds.gradings["domain"].tolist() == ["overall"]


AUDIT = (
    "service,team,Audit date,Voice of the child,Plans,Previous grade,Overall audit grade\n"
    "Duty,Team A,01/02/2024,G,RI,I,RI\n"
    "Duty,Team B,02/02/2024,O,n/a,I,G\n"
)


@pytest.mark.parametrize(
    "text",
    [AUDIT, "service,team,domain,grade\nDuty,Team A,Voice of the child,G\nDuty,Team A,Plans,RI\n"],
    ids=["wide", "long"],
)
def test_domains_of_an_audit_are_those_that_are_headed(dataset, text):
    ds = dataset(text, 'framework = "practice-audit"\n')
    grades = ds.gradings[ds.gradings["team"] == "Team A"].set_index("domain")["grade"].astype(object)
    assert grades.loc[["voice_of_the_child", "plans"]].tolist() == ["G", "RI"]
    assert "previous_grade" not in [domain.key for domain in ds.about.domains]
    assert ds.about.domains[-1].key == "overall"
    assert any(
        "'Voice of the child', 'Plans' were taken for domains, as headed" in str(p) for p in ds.problems
    )


def test_a_draft_proposes_headings_of_grades_as_domains(tmp_path):
    from improvement_analysis.sources.drafts import draft_dataset

    path = tmp_path / "visits.csv"
    path.write_text("service,team,Practice,Voice of the child\nDuty,Team A,G,RI\n", encoding="utf-8")
    assert '# key = "voice_of_the_child"\n# title = "Voice of the child"\n' in draft_dataset([path]).text
    path.write_text(AUDIT, encoding="utf-8")
    draft = draft_dataset([path])
    assert 'framework = "practice-audit"' in draft.text
    assert draft.loads


def test_a_team_has_a_page_where_no_round_is_named(dataset):
    ds = dataset(CARD)
    table = pages.list_team_grades(ds, pages.choose_team(ds, "School A"))
    assert "This team" in table.frame.columns
    assert "Teams of the service" in table.frame.columns
