"""Frameworks of other inspectorates."""

from __future__ import annotations

from improvement_analysis.frameworks.framework import Framework, overall_domain
from improvement_analysis.scale import OFSTED, Scale
from improvement_analysis.vocabulary import Domain

__all__ = ["CARE_INSPECTORATE", "CQC", "HMIP_YOUTH_JUSTICE"]

CQC = Framework(
    key="cqc",
    title="Care Quality Commission",
    service="Registered locations",
    headings=(
        ("team", ("Location name",)),
        ("service", ("Service / population group", "Location primary inspection category")),
        ("authority", ("Location local authority",)),
        ("area", ("Location region",)),
        ("grade", ("Latest rating",)),
    ),
    scale=Scale(
        OFSTED.codes,
        OFSTED.names,
        OFSTED.good,
        "CQC ratings",
        ungraded=(
            *("inspected but not rated", "no published rating", "insufficient evidence to rate"),
            *("not rated", "not formally rated", "no rating", "under review", "rating suspended"),
        ),
    ),
    domains=(
        overall_domain("Overall"),
        Domain("safe", "Safe", "Safe", ("Are services safe?",)),
        Domain("effective", "Effective", "Effective", ("Are services effective?",)),
        Domain("caring", "Caring", "Caring", ("Are services caring?",)),
        Domain(
            "responsive",
            "Responsive",
            "Responsive",
            ("Are services responsive?",),
        ),
        Domain("well_led", "Well-led", "Well-led", ("Are services well-led?", "Well led")),
    ),
    sources=(
        "CQC, Your ratings: four ratings and five key questions.",
        "CQC, State of care, appendix: 'insufficient evidence to rate'; ratings data: words for none.",
    ),
)


def _case_domains(key: str, words: str, number: int, *reviewing: str) -> tuple[Domain, ...]:
    """The four standards of work with children, in court cases or out of court."""
    standards = {
        "assessment": ("Assessment", "Assessing"),
        "planning": ("Planning",),
        "delivery": ("Implementation and delivery",),
        "reviewing": ("Reviewing", "Review"),
    }
    return tuple(
        Domain(
            f"{key}_{standard}",
            f"{titles[0]} ({words})",
            f"{titles[0]} ({words})",
            tuple(
                spelling
                for title in titles
                for spelling in (
                    f"{number}.{place} {title}",
                    f"{words}: {title}",
                    f"{title} - {words}",
                    *(f"{title} ({other})" for other in reviewing),
                )
            ),
        )
        for place, (standard, titles) in enumerate(standards.items(), start=1)
    )


HMIP_YOUTH_JUSTICE = Framework(
    key="hmip-youth-justice",
    title="HM Inspectorate of Probation, youth justice",
    service="Youth justice",
    headings=(("authority", ("Youth offending service", "Youth justice service", "YOS", "YJS", "YOT")),),
    scale=Scale(OFSTED.codes, OFSTED.names, OFSTED.good, "HMI Probation ratings", ungraded=("not rated",)),
    domains=(
        overall_domain("Overall rating", "Overall"),
        Domain("governance", "Governance and leadership", "Governance", ("1.1 Governance and leadership",)),
        Domain("staff", "Staff", "Staff", ("1.2 Staff", "Staffing")),
        Domain(
            "partnerships", "Partnerships and services", "Partnerships", ("1.3 Partnerships and services",)
        ),
        Domain(
            "information", "Information and facilities", "Information", ("1.4 Information and facilities",)
        ),
        *_case_domains("court", "court disposals", 2, "court", "post-court"),
        *_case_domains("out_of_court", "out-of-court disposals", 3, "out of court", "out-of-court"),
        Domain(
            "out_of_court_provision",
            "Out-of-court disposal policy and provision",
            "Out-of-court provision",
            ("3.4 Out-of-court disposal policy and provision", "Policy and provision"),
        ),
        Domain(
            "resettlement",
            "Resettlement",
            "Resettlement",
            (
                "Resettlement policy and provision",
                "4.1 Resettlement policy and provision",
                "4.1 Resettlement",
            ),
        ),
    ),
    sources=("HM Inspectorate of Probation, Our standards and ratings: youth justice (2018, revised 2021).",),
)

CARE_INSPECTORATE = Framework(
    key="care-inspectorate",
    title="Care Inspectorate (Scotland)",
    service="Care services",
    headings=(
        ("team", ("ServiceName", "Service name")),
        ("service", ("CareService", "Care service")),
        ("authority", ("Council area name", "Council area")),
    ),
    scale=Scale(
        tuple("123456"),
        ("Unsatisfactory", "Weak", "Adequate", "Good", "Very good", "Excellent"),
        good="4",
        title="Care Inspectorate grades",
        aliases=tuple(
            (text, code)
            for code, name in zip(
                "123456",
                ("Unsatisfactory", "Weak", "Adequate", "Good", "Very Good", "Excellent"),
                strict=True,
            )
            for text in (f"{code} - {name}", f"{code} {name}", f"{name} ({code})")
        ),
        ungraded=("not assessed", "not graded", "not yet graded"),
    ),
    domains=(
        Domain(
            "wellbeing",
            "How well do we support people's wellbeing?",
            "Wellbeing",
            (
                *("Support wellbeing", "KQ Support Wellbeing", "How well do we support wellbeing?"),
                "How well do we support children and young people's rights and wellbeing?",
            ),
        ),
        Domain("leadership", "How good is our leadership?", "Leadership", ("KQ Leadership",)),
        Domain("staff", "How good is our staff team?", "Staff team", ("KQ Staff",)),
        Domain("setting", "How good is our setting?", "Setting", ("KQ Setting",)),
        Domain(
            "planning",
            "How well is our care and support planned?",
            "Care planned",
            ("Care and support planning", "KQ Care and Support Planning", "How well is our care planned?"),
        ),
    ),
    sources=(
        "Care Inspectorate, Quality grades: the six-point scale; quality frameworks: the key questions.",
        "Care Inspectorate, Datastore: the headings that begin with KQ.",
    ),
    overall=None,
    digits="1 is worst",
)
