"""Frameworks: what is known beforehand of who grades what, on which scale and in which words.

A dataset names its framework in ``source.toml`` (``framework = "cqc"``) and may add domains, headings
and words. The words are facts taken from what each inspectorate publishes; :attr:`Framework.sources` says
where.
"""

from __future__ import annotations

from improvement_analysis.errors import GradingsError
from improvement_analysis.frameworks.councils import PRACTICE_AUDIT, TEAM_DIAGNOSTIC
from improvement_analysis.frameworks.framework import Digits, Framework
from improvement_analysis.frameworks.inspectorates import CARE_INSPECTORATE, CQC, HMIP_YOUTH_JUSTICE
from improvement_analysis.frameworks.ofsted import AREA_SEND, ILACS, REPORT_CARD, SCCIF
from improvement_analysis.vocabulary import suggest

__all__ = [
    "DOMAINS",
    "FRAMEWORKS",
    "PRACTICE_AUDIT",
    "TEAM_DIAGNOSTIC",
    "Digits",
    "Framework",
    "find_framework",
]

#: What is graded where a dataset declares nothing else: four quality domains and the overall conclusion.
DOMAINS = TEAM_DIAGNOSTIC.domains

#: Every framework by its key; the first is taken where none is named.
FRAMEWORKS = {
    framework.key: framework
    for framework in (
        TEAM_DIAGNOSTIC,
        ILACS,
        SCCIF,
        AREA_SEND,
        CQC,
        HMIP_YOUTH_JUSTICE,
        CARE_INSPECTORATE,
        REPORT_CARD,
        PRACTICE_AUDIT,
    )
}


def find_framework(key: str) -> Framework:
    """The framework of that key.

    Raises
    ------
    GradingsError
        If there is none; the message gives the keys that are.
    """
    if key in FRAMEWORKS:
        return FRAMEWORKS[key]
    close = suggest(key, FRAMEWORKS)
    hint = f"did you mean {close!r}? Known" if close else "known"
    raise GradingsError(f"no framework {key!r}; {hint} are {', '.join(FRAMEWORKS)}")
