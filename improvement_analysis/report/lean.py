"""What a run's process need not import, or not before somebody asks for it."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

__all__ = ["import_lean"]

#: Imported by papermill, which would fetch a notebook with it, and by bs4, to select by CSS.
_SELDOM = ("requests", "soupsieve")


def import_lean() -> None:
    """Let packages that others import on the way be loaded only when they are asked for something.

    nbformat checks notebooks with another package, and takes from jsonschema little but an exception. Of that
    package's formats one builds the grammar of an address at import; no notebook uses it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    for name in _SELDOM:
        if name not in sys.modules and find_spec(name) is not None:
            sys.modules[name] = _answering(ModuleType(name), _loader(name))
    declared = find_spec("jsonschema") if "jsonschema" not in sys.modules else None
    if declared is not None:
        sys.modules["jsonschema"] = _answering(module_from_spec(declared), _find_validator)


def _answering(module: ModuleType, find: Callable[[str], Any]) -> ModuleType:
    """The module, which has *find* look for what it does not hold."""
    module.__dict__["__getattr__"] = find
    return module


def _loader(name: str) -> Callable[[str], Any]:
    """What loads a module in full when something of it is asked for."""

    def find(wanted: str) -> Any:
        if wanted.startswith("__"):  # asked by the machinery of imports
            raise AttributeError(f"module {name!r} has no attribute {wanted!r}")
        if getattr(sys.modules.get(name), "__getattr__", None) is find:
            del sys.modules[name]
        return getattr(import_module(name), wanted)

    return find


def _find_validator(name: str) -> Any:
    """A validator of jsonschema, made when it is first asked; its other parts are modules of their own."""
    if not name.endswith("Validator"):
        raise AttributeError(f"module 'jsonschema' has no attribute {name!r}")
    return lambda *given, **named: _Validator(name, given, named)


class _Validator:
    """A validator of jsonschema, made when something is asked of it; fastjsonschema does the checking."""

    def __init__(self, name: str, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        self._made = (name, given, named)

    def __getattr__(self, wanted: str) -> Any:
        name, given, named = self._made
        return getattr(getattr(import_module("jsonschema.validators"), name)(*given, **named), wanted)
