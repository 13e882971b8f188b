"""The framework of a declaration, with the domains, the headings and the words that a dataset adds to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from improvement_analysis.errors import GradeError
from improvement_analysis.frameworks import FRAMEWORKS, TEAM_DIAGNOSTIC, Digits, Framework
from improvement_analysis.notation import UNGRADED_WORDS
from improvement_analysis.scale import NO_JUDGEMENT, Scale
from improvement_analysis.sources.declared_fields import Fields
from improvement_analysis.sources.headings import RESERVED
from improvement_analysis.vocabulary import Domain, Vocabulary, fold

__all__ = ["FRAMEWORK_KEYS", "clashes_of", "read_domains", "read_framework", "read_scale"]

#: The keys of a declaration that are read here.
FRAMEWORK_KEYS = ("framework", "scale", "digits", "ungraded", "not_applicable", "domains")

_DIGITS: tuple[Digits, ...] = ("1 is worst", "1 is best")


def read_framework(fields: Fields, declared: Mapping[str, Any]) -> Framework:
    """The framework that is named; the team diagnostic's where none is."""
    key = fields.choice(declared, "framework", tuple(FRAMEWORKS))
    return FRAMEWORKS.get(key, TEAM_DIAGNOSTIC)


def read_scale(fields: Fields, declared: Mapping[str, Any], framework: Framework) -> Scale:
    """The framework's scale, one that is named or spelt out, with the words that are added to it."""
    scale = _base(fields, declared, framework)
    digits = fields.choice(declared, "digits", _DIGITS)
    ungraded, not_applicable = (fields.texts(declared, key) for key in ("ungraded", "not_applicable"))
    taken = set(map(fold, (*ungraded, *not_applicable, *(text for text, _ in scale.aliases))))
    scale = replace(
        scale,
        aliases=(*scale.aliases, *_digits(scale, digits)),
        ungraded=(*_others(scale.ungraded, taken), *ungraded),
        not_applicable=(*_others(scale.not_applicable, taken), *not_applicable),
    )
    for spelling in clashes_of(scale):
        fields.fault(f"the grade spelling {spelling!r}", "one meaning for each spelling")
    return scale


def _base(fields: Fields, declared: Mapping[str, Any], framework: Framework) -> Scale:
    """The scale without what the dataset adds beside it."""
    if isinstance(declared.get("scale"), str):
        return FRAMEWORKS.get(fields.choice(declared, "scale", tuple(FRAMEWORKS)), framework).scale
    table = fields.table(declared, "scale")
    fields.known(table, "scale.", ("codes", "names", "good", "title", "aliases"))
    aliases = fields.table(table, "aliases", "scale.")
    for spelling, code in aliases.items():
        if not isinstance(code, str):
            fields.fault(f"scale.aliases.{spelling} = {code!r}", "a code in double quotes")
    spelt_out = "codes" in table
    usual = framework.scale
    codes, names = (fields.texts(table, key, "scale.") for key in ("codes", "names"))
    good, title = (fields.text(table, key, "scale.") for key in ("good", "title"))
    given = {fold(spelling) for spelling in aliases}
    kept = tuple(pair for pair in usual.aliases if fold(pair[0]) not in given and not spelt_out)
    further = tuple((text, str(code)) for text, code in aliases.items())
    try:
        return Scale(
            codes if spelt_out else usual.codes,
            names if spelt_out or names else usual.names,
            (good or None) if spelt_out else good or usual.good,
            title or ("declared scale" if spelt_out else usual.title),
            (*kept, *further),
            () if spelt_out else usual.ungraded,
            () if spelt_out else usual.not_applicable,
        )
    except GradeError as fault:
        fields.fault(f"a [scale] that contradicts itself ({fault})", "a scale")
        return framework.scale


def _digits(scale: Scale, direction: str) -> tuple[tuple[str, str], ...]:
    """Digits as further spellings of the grades, run in the direction that is declared."""
    if not direction or any(code.isdigit() for code in scale.codes):
        return ()
    codes = scale.codes if direction == "1 is worst" else scale.codes[::-1]
    return tuple((str(number), code) for number, code in enumerate(codes, start=1))


def _others(words: Iterable[str], taken: set[str]) -> tuple[str, ...]:
    return tuple(word for word in words if fold(word) not in taken)


def read_domains(
    fields: Fields, declared: Sequence[Mapping[str, Any]], framework: Framework, *, adds: bool
) -> tuple[Domain, ...]:
    """The domains of a dataset.

    Where a framework is named (*adds*), those declared add to its own or change them. Otherwise they are all
    there are; one with a key of the framework has its title and headings where it declares none.
    """
    usual = {domain.key: domain for domain in framework.domains}
    own = [_domain(fields, each, usual) for each in declared]
    _check_once(fields, Vocabulary("domain", own))
    if not own:
        return framework.domains
    given = {fold(text) for domain in own for text in domain.spellings}
    kept = [
        replace(domain, aliases=_others(domain.aliases, given))
        for domain in (framework.domains if adds else ())
    ]
    merged = {domain.key: domain for domain in (*kept, *own)}
    domains = tuple(merged.values())
    if len({domain.key for domain in own}) == len(own):
        _check_once(fields, Vocabulary("domain", domains))
    return domains


def _check_once(fields: Fields, domains: Vocabulary) -> None:
    fields.once("domain", domains.names)
    fields.clashes(domains)


def _domain(fields: Fields, declared: Mapping[str, Any], usual: Mapping[str, Domain]) -> Domain:
    """One declared domain; what it leaves out is the framework's where that has one of its key."""
    fields.known(declared, "domains.", ("key", "title", "short", "aliases", "headline", "scale"))
    key = fields.text(declared, "key", "domains.")
    if not key.isidentifier() or key in RESERVED:
        fields.fault(
            f"domains.key = {key!r}", "a short name of letters and underscores, not that of a column"
        )
    headline = fields.choice(declared, "headline", ("code", "words"), "domains.")
    title, short = (fields.text(declared, name, "domains.") for name in ("title", "short"))
    base = usual.get(key) or Domain(key, title or key, short or title or key)
    aliases = fields.texts(declared, "aliases", "domains.")
    return replace(
        base,
        title=title or base.title,
        short=short or (base.short if key in usual else title) or base.short,
        aliases=tuple(dict.fromkeys((*base.aliases, *aliases))),
        headline="words" if (headline or base.headline) == "words" else "code",
        scale=_own_scale(fields, declared) or base.scale,
    )


def _own_scale(fields: Fields, declared: Mapping[str, Any]) -> Scale | None:
    """The scale that a domain has for itself; None where it declares none."""
    table = fields.table(declared, "scale", "domains.")
    if not table:
        return None
    within = "domains.scale."
    fields.known(table, within, ("codes", "names", "good", "title"))
    codes, names = (fields.texts(table, key, within) for key in ("codes", "names"))
    good, title = (fields.text(table, key, within) for key in ("good", "title"))
    try:
        return Scale(codes, names or codes, good or None, title or "declared scale")
    except GradeError as fault:
        fields.fault(f"a domains.scale that contradicts itself ({fault})", "a scale")
        return None


def clashes_of(scale: Scale) -> list[str]:
    """Spellings that a scale gives two meanings, or that mean *no judgement*."""
    none = (*UNGRADED_WORDS, *scale.ungraded, *scale.not_applicable)
    meanings: dict[str, str] = dict.fromkeys(map(fold, none), NO_JUDGEMENT)
    pairs = [(code, code) for code in scale.codes] + list(zip(scale.names, scale.codes, strict=True))
    return [text for text, code in (*pairs, *scale.aliases) if meanings.setdefault(fold(text), code) != code]
