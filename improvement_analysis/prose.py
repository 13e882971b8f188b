"""Sentences for a page, escaped, as HTML and as plain text."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

__all__ = ["Prose", "nothing"]


@dataclass(frozen=True)
class Prose:
    """Sentences for a page.

    Attributes
    ----------
    items
        A sentence or a few each; with *terms*, what each term means.
    terms
        Headwords of a list of definitions; empty otherwise.
    more
        Sentences that stand folded beneath the others: what is good to know once the answer is known.
    kind
        The class that the page styles it by: ``"brief"``, ``"caveat"``, ``"source"``, or
        ``"nothing"`` for a sentence in place of a list.
    """

    items: tuple[str, ...]
    terms: tuple[str, ...] = ()
    kind: str = "brief"
    more: tuple[str, ...] = ()

    @property
    def html(self) -> str:
        """The sentences as HTML, everything escaped."""
        if self.kind == "nothing":
            return "".join(f'<p class="nothing">{escape(item)}</p>' for item in self.items)
        if self.terms:
            pairs = zip(self.terms, self.items, strict=True)
            body = "".join(f"<dt>{escape(term)}</dt><dd>{escape(item)}</dd>" for term, item in pairs)
            return f'<dl class="{self.kind}">{body}</dl>'
        rest = (
            f"<details><summary>More detail</summary>{self._list(self.more)}</details>" if self.more else ""
        )
        return self._list(self.items) + rest

    def _list(self, items: tuple[str, ...]) -> str:
        body = "".join(f"<li>{escape(item)}</li>" for item in items)
        return f'<ul class="{self.kind}">{body}</ul>'

    def __str__(self) -> str:
        if self.terms:
            return "\n".join(f"{term}: {item}" for term, item in zip(self.terms, self.items, strict=True))
        return "\n".join(f"- {item}" for item in (*self.items, *self.more))

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return self.html


def nothing(sentence: str) -> Prose:
    """A sentence where there is nothing to list or draw."""
    return Prose((sentence,), kind="nothing")
