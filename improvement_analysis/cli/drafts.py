"""The command ``init``, and pages made of files that nobody has declared."""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from improvement_analysis.cli.options import DONE, INVALID, add_manners, print_json, say, tell
from improvement_analysis.errors import SourceError, condense, describe

if TYPE_CHECKING:
    from improvement_analysis.sources.drafts import Draft

#: So many problems of a draft are told on the way.
_MOST_TOLD = 10

__all__ = ["add_init", "declared_for_now", "next_command"]


def add_init(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command ``init``."""
    command = commands.add_parser(
        "init",
        help="make a dataset of files as received",
        description="Write a dataset folder: the files, and a commented source.toml of what was recognised.",
    )
    command.add_argument("path", nargs="+", type=Path, help="one or more files, or one folder of files")
    words = "the folder to write; default: data/raw/NAME, or the folder that was named"
    command.add_argument("-o", "--output", type=Path, metavar="FOLDER", help=words)
    command.add_argument("--dry-run", action="store_true", help="print the source.toml; write nothing")
    add_manners(command)
    command.set_defaults(command=_init)


def _init(chosen: argparse.Namespace) -> int:
    from improvement_analysis.sources.drafts import draft_dataset, write_draft

    draft = draft_dataset(chosen.path)
    folder = chosen.output or draft.home or Path("data") / "raw" / draft.name
    following = next_command("report" if draft.loads else "check", [folder])
    if chosen.dry_run:
        tell(chosen, draft.text)
    else:
        write_draft(draft, folder)
        tell(chosen, _outcome(draft, folder))
        tell(chosen, following)
    if chosen.json:
        print_json(
            {
                "folder": str(folder),
                "written": not chosen.dry_run,
                "loads": draft.loads,
                "files": [
                    {"name": file.name, "kind": file.kind} for file in draft.files if not file.problems
                ],
                "left_out": [file.name for file in draft.files if file.problems],
                "problems": [str(problem) for problem in draft.problems],
                "source_toml": draft.text,
            }
        )
    if not draft.loads:
        say(_shortly(draft))
    return DONE if draft.loads else INVALID


def _outcome(draft: Draft, folder: Path) -> str:
    left_out = [file.name for file in draft.files if file.problems]
    lines = [f"{folder / 'source.toml'} was written."]
    if left_out:
        lines.append(f"Left out, because they cannot be read: {', '.join(left_out)}. It says why.")
    if not draft.loads:
        lines.append("It does not load yet: its lines with # hold the choices that are open.")
    return "\n".join(lines)


def _shortly(draft: Draft) -> str:
    """What stops a draft: the first of its problems, for a sheet may hold thousands of one kind."""
    errors = condense(problem for problem in draft.problems if problem.severity == "error")
    more = len(errors) - _MOST_TOLD
    return describe(errors[:_MOST_TOLD]) + (f"\nand {more:,} more, listed in the draft" if more > 0 else "")


def next_command(command: str, paths: Iterable[str | Path]) -> str:
    """The line that says what to type next."""
    return f"Next: {shlex.join(['improvement-analysis', command, *map(str, paths)])}"


@contextmanager
def declared_for_now(names: Iterable[str]) -> Iterator[list[str]]:
    """The datasets that are named; of a file that nobody has declared, a draft that stands for as long.

    A file that lies in a dataset's folder means the dataset.

    Raises
    ------
    SourceError
        If a draft does not load.
    """
    with ExitStack() as stack:
        yield [_declared(name, stack) for name in names]


def _declared(name: str, stack: ExitStack) -> str:
    from improvement_analysis.sources.folders import declares

    path = Path(name)
    try:
        if not path.is_file():
            return name
        if declares(path.parent):
            return str(path.parent)
    except (OSError, ValueError):
        return name
    from improvement_analysis.report.publishing.undeclared import drafted_for_now
    from improvement_analysis.sources.drafts import draft_dataset

    draft = draft_dataset([path], undeclared=True)
    if not draft.loads:
        say(f"{name} cannot be read without a declaration. {next_command('init', [name])}")
        raise SourceError(draft.problems)
    return str(stack.enter_context(drafted_for_now(path, draft)))
