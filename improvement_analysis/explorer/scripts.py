"""A script: calls that are run and written down in one go, so that the code of a view is what made it."""

from __future__ import annotations

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

__all__ = ["TAKEN", "Named", "Script", "literal"]

_WIDTH = 88
#: Where the first part of a spelling comes from.
_IMPORTS = {
    "pd": "import pandas as pd",
    "ia": "import improvement_analysis as ia",
    "charts": "from improvement_analysis import charts",
    "select_standing": "from improvement_analysis.gradings import select_standing",
}
#: Names that the code may import.
TAKEN = tuple(_IMPORTS)


@dataclass(frozen=True)
class Named:
    """A value, and how a line of code spells it."""

    value: Any
    spelling: str

    @classmethod
    def of(cls, value: Any) -> Named:
        """A value as it is written out; one that is named already stays so."""
        return value if isinstance(value, cls) else cls(value, literal(value))

    def part(self, path: str) -> Named:
        """An attribute, or an attribute of one.

        Examples
        --------
        >>> Named(OSError("gone"), "error").part("args").spelling
        'error.args'
        """
        value = self.value
        for name in path.split("."):
            value = getattr(value, name)
        return Named(value, f"{self.spelling}.{path}")


class Script:
    """Lines of Python that have been run.

    Examples
    --------
    >>> script = Script()
    >>> total = script.run("sum", sum, [1, 2], into="total")
    >>> total.value, script.text
    (3, 'total = sum([1, 2])')
    """

    def __init__(self) -> None:
        self._lines: list[str] = []

    def given(self, name: str, value: Any, spelling: str | None = None) -> Named:
        """A value that is there already, and the line that makes it where there is one."""
        if spelling is not None:
            self._write(f"{name} = {spelling}")
        return Named(value, name)

    def run(
        self,
        spelling: str,
        function: Callable[..., Any],
        *values: Any,
        into: str | None = None,
        **options: Any,
    ) -> Named:
        """Call *function*, and write the call as *spelling*.

        A :class:`Named` value is passed as its value and written as its spelling, any other as a literal.
        Without *into* the call stands inside a later line.
        """
        named = [Named.of(value) for value in values]
        chosen = {key: Named.of(value) for key, value in options.items()}
        made = function(*(each.value for each in named), **{key: each.value for key, each in chosen.items()})
        written = [each.spelling for each in named]
        written += [f"{key}={each.spelling}" for key, each in chosen.items()]
        call = _call(spelling, written, len(into) + 3 if into else 0)
        if into is None:
            return Named(made, call)
        self._write(f"{into} = {call}")
        return Named(made, into)

    def show(self, named: Named) -> None:
        """End with the value, as the last line of a cell does."""
        self._write(named.spelling)

    @property
    def text(self) -> str:
        """The imports that the calls need, an empty line, and the calls in their order."""
        body = "\n".join(self._lines)
        used = {node.id for node in ast.walk(ast.parse(body)) if isinstance(node, ast.Name)}
        imports = [line for name, line in _IMPORTS.items() if name in used]
        return "\n".join([*imports, *([""] if imports else []), body])

    def _write(self, line: str) -> None:
        self._lines.append(line)


def _call(spelling: str, written: list[str], before: int) -> str:
    """A call on one line, or with an argument a line where that would be too long."""
    line = f"{spelling}({', '.join(written)})"
    if before + len(line) <= _WIDTH:
        return line
    return "\n".join([f"{spelling}(", *(f"    {each}," for each in written), ")"])


def literal(value: Any) -> str:
    """*value* as code, text in double quotes.

    Examples
    --------
    >>> print(literal("Team A"), literal('say "so"'), literal(["a", None]))
    "Team A" 'say "so"' ["a", None]
    """
    if isinstance(value, str):
        spelt = repr(value)
        return f'"{spelt[1:-1]}"' if spelt[0] == "'" and '"' not in spelt else spelt
    if isinstance(value, list):
        return f"[{', '.join(map(literal, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{literal(key)}: {literal(each)}' for key, each in value.items())}}}"
    return repr(value)
