"""What a run's process need not import: most of a schema checker that it may never ask."""

from __future__ import annotations

import sys
from importlib import import_module
from importlib.util import find_spec, module_from_spec
from types import ModuleType
from typing import Any

__all__ = ["import_lean"]


def import_lean() -> None:
    """Let nbformat have jsonschema only when it asks for it: half of the time that a run takes to start.

    nbformat checks notebooks with another package, and takes from jsonschema little but an exception. Of that
    package's formats one builds the grammar of an address at import; no notebook uses it.
    """
    sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
    declared = find_spec("jsonschema") if "jsonschema" not in sys.modules else None
    if declared is not None:
        sys.modules["jsonschema"] = _lazy(module_from_spec(declared))


def _lazy(package: ModuleType) -> ModuleType:
    """The package with its submodules to be had, and its validators made when they are first called."""

    def find(name: str) -> Any:
        if not name.endswith("Validator"):
            raise AttributeError(f"module {package.__name__!r} has no attribute {name!r}")
        return lambda *given, **named: getattr(import_module("jsonschema.validators"), name)(*given, **named)

    package.__dict__["__getattr__"] = find
    return package
