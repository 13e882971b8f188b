"""Frameworks of councils: team diagnostics and practice audits."""

from __future__ import annotations

from improvement_analysis.frameworks.framework import Framework, overall_domain
from improvement_analysis.scale import OFSTED
from improvement_analysis.vocabulary import Domain

__all__ = ["PRACTICE_AUDIT", "TEAM_DIAGNOSTIC"]

TEAM_DIAGNOSTIC = Framework(
    key="team-diagnostic",
    title="team diagnostic",
    scale=OFSTED,
    domains=(
        Domain(
            "allocation",
            "Effectiveness of case allocation and workload management arrangements",
            "Case allocation and workload",
            (
                *("Case allocation and workload management", "Case allocation", "Workload management"),
                *("Workload", "Workloads", "Caseload", "Caseloads", "Caseload management"),
                *("Case management", "Allocation and workload", "Allocation and caseloads"),
            ),
        ),
        Domain(
            "practice",
            "Quality of practice and direct work with children and families including recording",
            "Practice and direct work",
            (
                *("Practice and direct work, including recording", "Quality of practice", "Direct work"),
                *("Recording", "Case recording", "Practice and recording", "Social work practice"),
            ),
        ),
        Domain(
            "monitoring",
            "Quality of performance monitoring and supervisory arrangements",
            "Performance monitoring",
            (
                *("Performance monitoring and supervision", "Performance", "Supervision"),
                *("Performance management", "Performance and supervision", "Supervision and performance"),
                "Supervisory arrangements",
            ),
        ),
        Domain(
            "joint_working",
            "Effectiveness of joint working between social care and other agencies",
            "Joint working",
            (
                *("Joint working with other agencies", "Partnership", "Partnerships", "Partnership working"),
                *("Multi-agency", "Multi agency", "Multiagency", "Multi-agency working"),
                *("Multi agency working", "Partner agencies", "Working with other agencies"),
            ),
        ),
        overall_domain("Overall conclusion", "Conclusion", "Overall effectiveness"),
    ),
    sources=(
        "Essex County Council (7 February 2018), summary report of improvement work with Worcestershire: "
        "quality domains and grading scheme.",
        "Usual headings of councils' own sheets.",
    ),
)

PRACTICE_AUDIT = Framework(
    key="practice-audit",
    title="practice audit",
    scale=OFSTED,
    domains=(overall_domain("Overall grade", "Audit grade", "Overall audit grade"),),
    sources=("A council's own audit tool: its domains are the headings of its file.",),
    as_headed=True,
)
