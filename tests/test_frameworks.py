"""Frameworks: each known by its own words, none of which means two things."""

from __future__ import annotations

import pytest

from improvement_analysis.errors import GradingsError
from improvement_analysis.frameworks import FRAMEWORKS, TEAM_DIAGNOSTIC, find_framework
from improvement_analysis.notation import is_not_applicable, parse_grade, read_grade
from improvement_analysis.sources.declared_framework import clashes_of

KEYS = tuple(FRAMEWORKS)


@pytest.mark.parametrize("key", KEYS)
def test_no_word_of_a_framework_means_two_things(key):
    framework = FRAMEWORKS[key]
    assert framework.vocabulary.clashes == []
    scales = {framework.scale_of(domain.key) for domain in framework.domains} | {framework.scale}
    assert [clashes_of(scale) for scale in scales] == [[]] * len(scales)


@pytest.mark.parametrize("key", KEYS)
def test_every_framework_cites_its_words_and_its_overall_domain_is_one_of_its_own(key):
    framework = FRAMEWORKS[key]
    assert framework.key == key
    assert framework.sources
    assert framework.overall is None or framework.overall in [domain.key for domain in framework.domains]


def test_the_team_diagnostic_bears_the_titles_of_the_published_paper():
    assert [domain.title for domain in TEAM_DIAGNOSTIC.domains] == [
        "Effectiveness of case allocation and workload management arrangements",
        "Quality of practice and direct work with children and families including recording",
        "Quality of performance monitoring and supervisory arrangements",
        "Effectiveness of joint working between social care and other agencies",
        "Overall conclusion",
    ]


@pytest.mark.parametrize(
    ("key", "heading", "domain"),
    [
        ("team-diagnostic", "Caseload management", "allocation"),
        ("team-diagnostic", "Allocation", "allocation"),
        ("team-diagnostic", "Recording", "practice"),
        ("team-diagnostic", "Supervision", "monitoring"),
        ("team-diagnostic", "Performance", "monitoring"),
        ("team-diagnostic", "Partnership", "joint_working"),
        ("team-diagnostic", "Multi-agency", "joint_working"),
        ("team-diagnostic", "Overall grade", "overall"),
        ("ofsted-ilacs", "Overall effectiveness", "overall"),
        ("ofsted-ilacs", "Children looked after and achieving permanence", "in_care"),
        ("ofsted-sccif", "How well children and young people are helped and protected", "protection"),
        ("area-send", "Inspection outcome", "outcome"),
        ("cqc", "Are services well-led?", "well_led"),
        ("hmip-youth-justice", "Assessment (court disposals)", "court_assessment"),
        ("hmip-youth-justice", "out-of-court disposals: Planning", "out_of_court_planning"),
        ("hmip-youth-justice", "Resettlement policy and provision", "resettlement"),
        ("care-inspectorate", "How good is our setting?", "setting"),
        ("ofsted-report-card", "Sixth form", "post_16"),
        ("practice-audit", "Audit grade", "overall"),
    ],
)
def test_a_heading_means_a_domain(key, heading, domain):
    assert find_framework(key).vocabulary.find(heading) == domain


def test_a_bare_heading_that_may_mean_two_standards_means_neither():
    assert find_framework("hmip-youth-justice").vocabulary.find("Assessment") is None


@pytest.mark.parametrize(
    ("key", "text", "grade"),
    [
        ("ofsted-ilacs", "requires improvement to be good", "RI"),
        ("ofsted-ilacs", "Requires_Improvement", "RI"),
        ("cqc", "OUTSTANDING", "O"),
        ("area-send", "Widespread and/or systemic failings", "3"),
        ("area-send", "1", "1"),
        ("care-inspectorate", "5 - Very Good", "5"),
        ("care-inspectorate", "Unsatisfactory", "1"),
        ("ofsted-report-card", "Strong standard", "Str"),
    ],
)
def test_a_grade_in_the_spelling_of_its_framework(key, text, grade):
    assert parse_grade(text, find_framework(key).scale) == grade


@pytest.mark.parametrize(
    ("key", "text", "reason", "not_applicable"),
    [
        ("cqc", "Inspected but not rated", "Inspected but not rated", False),
        ("cqc", "No published rating", "No published rating", False),
        ("care-inspectorate", "Not assessed", "Not assessed", False),
        ("ofsted-ilacs", "not reported", "not reported", False),
        (
            "ofsted-ilacs",
            "inspection_pre_dates_judgement",
            "not applicable (inspection_pre_dates_judgement)",
            True,
        ),
        ("ofsted-ilacs", "n/a", "n/a", True),
    ],
)
def test_not_judged_and_not_applicable_are_told_apart(key, text, reason, not_applicable):
    reading = read_grade(text, find_framework(key).scale)
    assert (reading.grade, reading.reason) == (None, reason)
    assert is_not_applicable(reading.reason) is not_applicable


def test_safeguarding_on_a_report_card_has_a_scale_of_its_own():
    card = find_framework("ofsted-report-card")
    assert card.scale_of("safeguarding").codes == ("Not met", "Met")
    assert card.scale_of("inclusion") == card.scale
    assert "never compared" in card.note


def test_outcomes_without_a_line_at_good_have_none():
    assert find_framework("area-send").scale.good is None


def test_an_unknown_framework_is_answered_with_the_known():
    with pytest.raises(GradingsError) as fault:
        find_framework("ofsted-ilac")
    assert str(fault.value) == (
        "no framework 'ofsted-ilac'; did you mean 'ofsted-ilacs'? Known are team-diagnostic, ofsted-ilacs, "
        "ofsted-sccif, area-send, cqc, hmip-youth-justice, care-inspectorate, ofsted-report-card, "
        "practice-audit"
    )
