"""A framework as a value: scale, domains, words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from improvement_analysis.scale import Scale
from improvement_analysis.vocabulary import Domain, Vocabulary

__all__ = ["Digits", "Framework", "overall_domain"]

#: Which way digits run where they stand for grades.
Digits = Literal["1 is worst", "1 is best"]


@dataclass(frozen=True)
class Framework:
    """What is known of a kind of grading before a file is opened.

    Attributes
    ----------
    key, title
        As a ``source.toml`` names it, and as a page does.
    scale
        Its grades, its words for *not judged* and for *not applicable* among them.
    domains
        What is graded, in printed order. A domain may have a scale of its own.
    sources
        Where its words are published.
    overall
        The key of the domain that is the overall conclusion; None where it has none.
    as_headed
        Whether further columns of grades are domains under the names of their headings.
    digits
        Which way digits run where they stand for grades; None where it gives none.
    note
        What a reader must know before comparing these grades; empty where nothing.
    headings
        Columns of ours, each with the headings that its files give it beside the usual ones.
    service
        What is graded where a file names no service: a framework may know only one. None where it does not.

    Examples
    --------
    >>> from improvement_analysis.frameworks import FRAMEWORKS
    >>> FRAMEWORKS["cqc"].scale_of("safe").names
    ('Inadequate', 'Requires improvement', 'Good', 'Outstanding')
    >>> FRAMEWORKS["ofsted-report-card"].scale_of("safeguarding").codes
    ('Not met', 'Met')
    """

    key: str
    title: str
    scale: Scale
    domains: tuple[Domain, ...]
    sources: tuple[str, ...]
    overall: str | None = "overall"
    as_headed: bool = False
    digits: Digits | None = None
    note: str = ""
    headings: tuple[tuple[str, tuple[str, ...]], ...] = ()
    service: str | None = None

    def scale_of(self, domain: str) -> Scale:
        """The scale on which a domain is graded."""
        own = next((each.scale for each in self.domains if each.key == domain), None)
        return own or self.scale

    @property
    def vocabulary(self) -> Vocabulary:
        """The domains and every heading that means one."""
        return Vocabulary("domain", self.domains)


def overall_domain(title: str, *aliases: str) -> Domain:
    """The overall conclusion under its printed title and the usual headings."""
    usual = ("Overall", "Overall grade", "Overall judgement", "Overall judgment", "Overall rating")
    further = tuple(alias for alias in (*usual, *aliases) if alias.casefold() != title.casefold())
    return Domain("overall", title, title, further, headline="words")
