"""Ofsted's frameworks, one of them with the Care Quality Commission."""

from __future__ import annotations

from improvement_analysis.frameworks.framework import Framework, overall_domain
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.vocabulary import Domain

__all__ = ["AREA_SEND", "ILACS", "REPORT_CARD", "SCCIF"]

ILACS = Framework(
    key="ofsted-ilacs",
    title="Ofsted inspection of local authority children's services",
    service="Children's services",
    scale=Scale(
        OFSTED.codes,
        OFSTED.names,
        OFSTED.good,
        "Ofsted scale",
        OFSTED.aliases,
        ungraded=("not reported",),
        not_applicable=("inspection pre dates judgement", "not reported post reform"),
    ),
    domains=(
        overall_domain("Overall effectiveness", "Overall effectiveness grade"),
        Domain(
            "leaders",
            "The impact of leaders on social work practice with children and families",
            "Impact of leaders",
            (
                *("Impact of leaders grade", "Impact of leaders on social work practice"),
                *("The impact of leaders on social work practice", "Leadership, management and governance"),
            ),
        ),
        Domain(
            "help_and_protection",
            "The experiences and progress of children who need help and protection",
            "Help and protection",
            (
                *("Help and protection grade", "Children who need help and protection"),
                "Experiences and progress of children who need help and protection",
            ),
        ),
        Domain(
            "in_care",
            "The experiences and progress of children in care",
            "Children in care",
            (
                *("In care", "In care grade", "Experiences and progress of children in care"),
                "The experiences and progress of children in care and care leavers",
                "Children looked after and achieving permanence",
            ),
        ),
        Domain(
            "care_leavers",
            "The experiences and progress of care leavers",
            "Care leavers",
            ("Care leavers grade", "Experiences and progress of care leavers"),
        ),
    ),
    sources=(
        "Ofsted, Inspecting local authority children's services (framework and evaluation criteria).",
        "Ofsted, Single inspection framework (2013 to 2017): the older words.",
        "Collections of ILACS outcomes: 'inspection_pre_dates_judgement', 'not_reported_post_reform'.",
    ),
)

SCCIF = Framework(
    key="ofsted-sccif",
    title="Ofsted social care common inspection framework",
    scale=Scale(
        OFSTED.codes,
        OFSTED.names,
        OFSTED.good,
        "Ofsted scale",
        OFSTED.aliases,
        ungraded=("not yet inspected",),
    ),
    domains=(
        overall_domain(
            "Overall experiences and progress of children and young people",
            "Overall experiences and progress",
            "The overall experiences and progress of children and young people",
        ),
        Domain(
            "protection",
            "How well children and young people are helped and protected",
            "Helped and protected",
            ("Help and protection", "How well children are helped and protected"),
        ),
        Domain(
            "leaders",
            "The effectiveness of leaders and managers",
            "Leaders and managers",
            ("Effectiveness of leaders and managers", "Leadership and management"),
        ),
    ),
    sources=(
        "Ofsted, Social care common inspection framework (SCCIF).",
        "Ofsted, Children's social care in England: provider level data.",
    ),
)

_POSITIVE = "Typically positive experiences and outcomes"
_INCONSISTENT = "Inconsistent experiences and outcomes"
_FAILINGS = "Widespread or systemic failings"

AREA_SEND = Framework(
    key="area-send",
    title="area SEND inspection",
    service="Special educational needs and disabilities",
    headings=(("authority", ("Local area", "Local area partnership", "Area partnership")),),
    scale=Scale(
        ("3", "2", "1"),
        (_FAILINGS, _INCONSISTENT, _POSITIVE),
        good=None,
        title="area SEND outcomes",
        aliases=(
            ("Widespread and/or systemic failings", "3"),
            ("Systemic failings", "3"),
            ("Inconsistent experiences", "2"),
            ("Inconsistent", "2"),
            ("Typically positive experiences", "1"),
            ("Typically positive", "1"),
            *((f"Outcome {digit}", digit) for digit in "321"),
        ),
    ),
    domains=(Domain("outcome", "Inspection outcome", "Outcome", ("Overall outcome",)),),
    sources=("Ofsted and CQC, Area SEND: framework and handbook (from January 2023), inspection outcomes.",),
    overall=None,
    digits="1 is best",
)

_MET = Scale(("Not met", "Met"), ("Not met", "Met"), good="Met", title="safeguarding standards")

REPORT_CARD = Framework(
    key="ofsted-report-card",
    title="Ofsted school report card (from November 2025)",
    service="Schools",
    headings=(("team", ("School", "School name")), ("service", ("Phase", "Phase of education"))),
    scale=Scale(
        ("Urg", "Att", "Exp", "Str", "Exc"),
        ("Urgent improvement", "Needs attention", "Expected standard", "Strong standard", "Exceptional"),
        good="Exp",
        title="report card grades",
        aliases=(("Expected", "Exp"), ("Strong", "Str"), ("Attention needed", "Att")),
    ),
    domains=(
        Domain("inclusion", "Inclusion", "Inclusion"),
        Domain("teaching", "Curriculum and teaching", "Teaching"),
        Domain("achievement", "Achievement", "Achievement"),
        Domain("behaviour", "Attendance and behaviour", "Attendance and behaviour"),
        Domain("development", "Personal development and well-being", "Personal development"),
        Domain("early_years", "Early years", "Early years", ("Early years in schools",)),
        Domain("post_16", "Post-16 provision", "Post-16", ("Sixth form in schools", "Sixth form")),
        Domain("governance", "Leadership and governance", "Leadership", ("Leadership and management",)),
        Domain("safeguarding", "Safeguarding standards", "Safeguarding met", ("Safeguarding",), scale=_MET),
    ),
    sources=("Ofsted, Understanding Ofsted report cards and grades (from 10 November 2025).",),
    overall=None,
    as_headed=True,
    note="Report card grades stand on a scale of their own. They are never compared with the former grades.",
)
