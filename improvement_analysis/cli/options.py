"""What the commands share: their options, and how they speak."""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from improvement_analysis.errors import ReportError

__all__ = [
    "add_datasets",
    "add_manners",
    "ensure_streams",
    "find_folders",
    "find_folders_apart",
    "print_json",
    "read_number",
    "read_setting",
    "say",
    "say_unprinted",
    "show",
    "tell",
]

DONE, UNEXPECTED, USAGE, INVALID, FAILED = range(5)
INTERRUPTED = 130
#: Why standard output could not be written to.
_UNPRINTED: list[str] = []


def add_datasets(command: argparse.ArgumentParser) -> None:
    """Let a command name its datasets."""
    command.add_argument(
        "dataset",
        nargs="*",
        help="a folder with a source.toml, or its name under data/raw; default: every one under data/raw",
    )


def add_manners(command: argparse.ArgumentParser) -> None:
    """Let a command be quiet, or speak to a machine."""
    command.add_argument("--json", action="store_true", help="print the result for a machine to read")
    command.add_argument("--quiet", action="store_true", help="print nothing but problems")


def read_setting(text: str) -> tuple[str, str]:
    """A parameter set on the command line: its name and its text."""
    name, sign, value = text.partition("=")
    if not sign or not name.isidentifier():
        raise argparse.ArgumentTypeError(f"found {text!r}, expected NAME=VALUE")
    return name, value


def read_number(text: str) -> int:
    """A whole number from 1 upwards."""
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"found {text!r}, expected a whole number from 1 upwards")
    return int(text)


def find_folders(names: Iterable[str]) -> list[Path]:
    """The folders of the datasets named; every one under data/raw where none is."""
    from improvement_analysis.sources import find_dataset, find_datasets

    named = list(names)
    if named:
        return [find_dataset(name) for name in named]
    home = Path("data") / "raw"
    found = find_datasets(home)
    if not found:
        raise ReportError(f"no dataset under {home}; name a folder that holds a source.toml")
    return found


def find_folders_apart(names: Iterable[str]) -> list[Path]:
    """The folders of the datasets named, each once, if what is made of each has a folder of its own.

    Raises
    ------
    ReportError
        If two would be written into one folder.
    """
    from improvement_analysis.report.planning.plan import file_name

    apart: dict[str, Path] = {}
    for folder in find_folders(names):
        name = file_name(folder.resolve().name)
        if apart.setdefault(name, folder).resolve() != folder.resolve():
            raise ReportError(
                f"{apart[name]} and {folder} would both be written into a folder {name!r}; give them in two "
                "commands, each with an --output of its own, or rename one of them"
            )
    return list(apart.values())


def ensure_streams() -> None:
    """Put nothing in the place of each standard stream that is closed; else a file comes to stand there."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        try:
            os.fstat(number)
        except OSError:
            opened = os.open(os.devnull, os.O_RDWR)
            if opened != number:
                os.dup2(opened, number)
                os.close(opened)
        if getattr(sys, name) is None:
            mode = "w" if number else "r"
            setattr(sys, name, open(number, mode, encoding="utf-8", closefd=False))  # noqa: SIM115


def tell(chosen: argparse.Namespace, text: str) -> None:
    """Print *text* unless silence or JSON was asked for."""
    if not (chosen.quiet or chosen.json):
        _print(text, sys.stdout)


def show(what: object) -> None:
    """Print what was asked for, whether quietly or not."""
    _print(str(what), sys.stdout)


def print_json(value: object) -> None:
    """Print a value for a machine to read."""
    show(json.dumps(value, indent=2, ensure_ascii=False))


def say(message: str) -> None:
    """Say something to whoever called, on standard error."""
    _print(f"improvement-analysis: {message}", sys.stderr)


def _print(text: str, stream: TextIO) -> None:
    """Print at once. That nobody listens any more is no reason to stop, nor to end as if all were well."""
    try:
        print(text, file=stream, flush=True)
    except OSError as failure:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        if stream is sys.stdout and not isinstance(failure, BrokenPipeError):
            _UNPRINTED.append(failure.strerror or str(failure))


def say_unprinted() -> bool:
    """Say what kept the command from printing its result, if anything did; whether that was so."""
    unprinted = bool(_UNPRINTED)
    if unprinted:
        say(f"what is to be told cannot be printed ({_UNPRINTED[0]})")
        _UNPRINTED.clear()
    return unprinted
