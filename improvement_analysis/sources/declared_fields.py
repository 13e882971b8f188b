"""The fields of a declaration: each is what it should be, or a problem is kept."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from improvement_analysis.errors import Problem
from improvement_analysis.vocabulary import Vocabulary, suggest

__all__ = ["Fields"]


class Fields:
    """Takes values out of declared tables and gathers what is wrong with them."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems: list[Problem] = []

    def fault(self, found: str, expected: str, remedy: str = "", line: int | None = None) -> None:
        """Keep a problem."""
        self.problems.append(Problem(self.file, found, expected, remedy, line=line))

    def known(
        self, declared: Mapping[str, Any], within: str, keys: Iterable[str], line: int | None = None
    ) -> None:
        """Tell every key that is not one of *keys*."""
        keys = tuple(keys)
        for key in sorted(declared.keys() - set(keys)):
            close = suggest(key, keys)
            remedy = f"did you mean {close!r}?" if close else ""
            self.fault(f"the key {within}{key}", f"one of {', '.join(keys)}", remedy, line)

    def text(self, declared: Mapping[str, Any], key: str, within: str = "") -> str:
        """A text; empty where there is none."""
        value = declared.get(key, "")
        if not isinstance(value, str):
            self.fault(f"{within}{key} = {value!r}", "text in double quotes")
            return ""
        return value.strip()

    def choice(self, declared: Mapping[str, Any], key: str, known: Sequence[str], within: str = "") -> str:
        """One of the texts that are *known*, in whatever case; empty where there is none."""
        value = self.text(declared, key, within)
        if not value:
            return ""
        chosen = next((text for text in known if text.casefold() == value.casefold()), "")
        if not chosen:
            close = suggest(value, known)
            remedy = f"did you mean {close!r}?" if close else ""
            self.fault(f"{within}{key} = {value!r}", f"one of {', '.join(map(repr, known))}", remedy)
        return chosen

    def day(self, declared: Mapping[str, Any], key: str, within: str = "") -> date | None:
        """A date."""
        value = declared.get(key)
        if value is None or (isinstance(value, date) and not isinstance(value, datetime)):
            return value
        self.fault(f"{within}{key} = {value!r}", "a date such as 2018-02-07, without quotes")
        return None

    def truth(self, declared: Mapping[str, Any], key: str) -> bool:
        """True or false; false where it is not said."""
        value = declared.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{key} = {value!r}", "true or false, without quotes")
        return bool(value)

    def whole(self, declared: Mapping[str, Any], key: str, within: str = "") -> int | None:
        """A whole number from 1 upwards."""
        value = declared.get(key)
        if value is None or (isinstance(value, int) and not isinstance(value, bool) and value >= 1):
            return value
        self.fault(f"{within}{key} = {value!r}", "a whole number from 1 upwards, without quotes")
        return None

    def texts(self, declared: Mapping[str, Any], key: str, within: str = "") -> tuple[str, ...]:
        """A list of texts."""
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            self.fault(f"{within}{key} = {value!r}", "a list of texts")
            return ()
        return tuple(value)

    def table(self, declared: Mapping[str, Any], key: str, within: str = "") -> Mapping[str, Any]:
        """A table."""
        value = declared.get(key, {})
        if not isinstance(value, dict):
            self.fault(f"{within}{key} = {value!r}", f"a table [{within}{key}]")
            return {}
        return value

    def tables(self, declared: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
        """Tables under one name."""
        value = declared.get(key, [])
        if not isinstance(value, list) or not all(isinstance(each, dict) for each in value):
            self.fault(f"{key} = {value!r}", f"tables [[{key}]]")
            return []
        return value

    def once(self, kind: str, names: Iterable[str]) -> None:
        """Tell every name that stands more than once."""
        for name in sorted(name for name, times in Counter(names).items() if name and times > 1):
            self.fault(f"the {kind} {name!r} twice", f"each {kind} once")

    def clashes(self, vocabulary: Vocabulary) -> None:
        """Tell every spelling that means two names."""
        kind = vocabulary.kind
        for spelling in vocabulary.clashes:
            self.fault(f"the {kind} spelling {spelling!r} twice", f"one {kind} for each spelling")
