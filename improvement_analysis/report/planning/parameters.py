"""What a notebook lets be set, read strictly from its tagged cell, and whether given values fit.

papermill itself only warns of a name that a notebook does not declare and then reports with the default.
Here such a name is refused, with the names there are. papermill knows no ``str | None``: a notebook that
declares ``Optional[str]`` is understood by both.
"""

from __future__ import annotations

import ast
import io
import re
import tokenize
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from improvement_analysis.errors import ReportError
from improvement_analysis.report.page import Value
from improvement_analysis.vocabulary import suggest

__all__ = ["Parameter", "check_parameters", "read_parameters"]

#: The types a parameter may declare.
TYPES: Mapping[str, type] = {"str": str, "int": int, "float": float, "bool": bool}

_KIND = "|".join(TYPES)
_TYPE = re.compile(rf"({_KIND})|Optional\[({_KIND})\]|({_KIND}) \| None")
#: The one line of a parameters cell that declares nothing.
_IMPORT = "from typing import Optional"

#: What Python raises for an expression nested beyond all reason.
_TOO_DEEP = (MemoryError, RecursionError)


@dataclass(frozen=True)
class Parameter:
    """A line of the parameters cell: ``service: str = "Safeguarding"  # as spelt in the source``.

    ``optional`` is True where the type is declared as ``Optional[str]`` or with ``| None``.
    """

    name: str
    type: str
    default: Value
    help: str
    optional: bool = False

    def fits(self, value: object) -> bool:
        """Whether *value* is of the declared type. A whole number fits a float, a bool fits no number."""
        if value is None:
            return self.optional
        if isinstance(value, bool) or self.type == "bool":
            return isinstance(value, bool) and self.type == "bool"
        return isinstance(value, (int, float) if self.type == "float" else TYPES[self.type])


def read_parameters(notebook: Mapping[str, Any], name: str) -> dict[str, Parameter]:
    """The parameters that a notebook declares, by name.

    Parameters
    ----------
    notebook
        An nbformat notebook.
    name
        What messages call it.

    Raises
    ------
    ReportError
        If there is no cell, or more than one, tagged ``parameters``, or it holds anything but lines of the
        form ``name: type = value  # help``, save for the import of ``Optional``.
    """
    tagged = [cell for cell in notebook["cells"] if "parameters" in cell.get("metadata", {}).get("tags", [])]
    if len(tagged) != 1:
        raise ReportError(
            f"{name}: found {len(tagged)} cells tagged 'parameters', expected one; "
            "without it the notebook would run with the values it was saved with"
        )
    source = "".join(tagged[0]["source"])
    try:
        body = ast.parse(source).body
    except SyntaxError as fault:
        raise ReportError(
            f"{name}: the parameters cell is not Python ({fault.msg}, line {fault.lineno})"
        ) from None
    except (ValueError, *_TOO_DEEP):
        raise ReportError(f"{name}: the parameters cell cannot be read as Python") from None
    helps = _comments(source)
    parameters = [_read_line(line, helps, name) for line in body if ast.unparse(line) != _IMPORT]
    return {parameter.name: parameter for parameter in parameters}


def _read_line(line: ast.stmt, helps: Mapping[int, str], name: str) -> Parameter:
    text = ast.unparse(line)
    if not isinstance(line, ast.AnnAssign) or not isinstance(line.target, ast.Name) or line.value is None:
        raise ReportError(f"{name}: found {text!r} in the parameters cell, expected 'name: type = value'")
    declared = _TYPE.fullmatch(ast.unparse(line.annotation))
    if declared is None:
        raise ReportError(
            f"{name}: found the type of {text!r}, expected one of {', '.join(TYPES)}, or Optional[] of it"
        )
    kind = next(filter(None, declared.groups()))
    try:
        default = ast.literal_eval(line.value)
    except (ValueError, TypeError, *_TOO_DEEP):
        raise ReportError(f"{name}: found {text!r}, expected a plain value after '='") from None
    parameter = Parameter(line.target.id, kind, default, helps.get(line.end_lineno or 0, ""), not declared[1])
    if not parameter.fits(default):
        raise ReportError(f"{name}: found {text!r}, whose value is not of its type")
    return parameter


def _comments(source: str) -> dict[int, str]:
    tokens = tokenize.generate_tokens(io.StringIO(source).readline)
    return {
        token.start[0]: token.string.lstrip("# ").strip()
        for token in tokens
        if token.type == tokenize.COMMENT
    }


def check_parameters(
    given: Mapping[str, object], declared: Mapping[str, Parameter], name: str
) -> dict[str, Value]:
    """*given* if every name is declared and every value is of its type.

    Raises
    ------
    ReportError
        With everything that does not fit.
    """
    faults = []
    for key, value in given.items():
        if key not in declared:
            close = suggest(key, declared)
            hint = f"did you mean {close!r}? " if close else ""
            faults.append(f"unknown parameter {key!r}; {hint}{name} declares {_listed(list(declared))}")
        elif not declared[key].fits(value):
            faults.append(f"parameter {key!r}: found {value!r}, expected {_type_words(declared[key])}")
        elif isinstance(value, str) and not _printable(value):
            faults.append(f"parameter {key!r}: found {value!r}, expected text that can be written as UTF-8")
    if faults:
        raise ReportError("; ".join(faults))
    return {key: value for key, value in given.items() if isinstance(value, str | int | float | None)}


def parse_value(text: str, parameter: Parameter) -> Value:
    """The value that *text* from a command line means for *parameter*.

    Raises
    ------
    ReportError
        If it means none of the declared type.
    """
    if parameter.optional and text in ("", "None", "none"):
        return None
    try:
        if parameter.type == "bool":
            return {"true": True, "false": False}[text.casefold()]
        return TYPES[parameter.type](text)  # type: ignore[no-any-return]
    except (ValueError, KeyError):
        raise ReportError(
            f"parameter {parameter.name!r}: found {text!r}, expected {_type_words(parameter)}"
        ) from None


def _type_words(parameter: Parameter) -> str:
    words = {"str": "text", "int": "a whole number", "float": "a number", "bool": "true or false"}
    return words[parameter.type] + (" or nothing" if parameter.optional else "")


def _printable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return "\x00" not in text


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names) or "none"
