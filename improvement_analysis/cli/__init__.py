"""The command line: ``improvement-analysis report | check | init | build | form | list``.

Exit status: 0 done (warnings allowed), 1 unexpected, 2 usage, 3 invalid data, 4 some page of a report failed.
Nothing heavy is imported before a command needs it.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Sequence

from improvement_analysis.cli.data import add_build, add_check, add_form, add_list
from improvement_analysis.cli.drafts import add_init
from improvement_analysis.cli.export import add_export
from improvement_analysis.cli.options import (
    DONE,
    INTERRUPTED,
    INVALID,
    USAGE,
    ensure_streams,
    say,
    say_unprinted,
)
from improvement_analysis.cli.report import add_report
from improvement_analysis.errors import ImprovementAnalysisError, ReportError

__all__ = ["main"]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and return its exit status."""
    ensure_streams()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")  # a name no terminal can show stops no report
    parser = _parser()
    chosen = parser.parse_args(arguments)
    if not hasattr(chosen, "command"):
        parser.print_help()
        return USAGE
    try:
        status: int = chosen.command(chosen)
    except ImprovementAnalysisError as fault:
        say(str(fault))
        status = USAGE if isinstance(fault, ReportError) else INVALID
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = DONE
    except KeyboardInterrupt:
        say("stopped")
        status = INTERRUPTED
    return USAGE if say_unprinted() and status == DONE else status


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="improvement-analysis",
        description="Load, check and report on team diagnostic gradings of children's social care.",
        epilog="Exit status: 0 done, 1 unexpected, 2 usage, 3 invalid data, 4 some page of a report failed.",
    )
    parser.add_argument("--version", action="version", version=_version())
    commands = parser.add_subparsers(title="commands", metavar="COMMAND")
    add_report(commands)
    add_check(commands)
    add_init(commands)
    add_build(commands)
    add_form(commands)
    add_export(commands)
    add_list(commands)
    return parser


def _version() -> str:
    from improvement_analysis import __version__

    return f"improvement-analysis {__version__}"
