"""A report of many service pages v the obvious loop of papermill and nbconvert, and v the bare cells.

    python -m benchmarks.reports [--pages 8 64] [--rounds 3] [--naive 3]

Each round makes the pages of one made-up dataset by every way in turn. The obvious loop starts two fresh
processes for each page; it is run for a few pages and scaled up, as every page costs it as much. The floor
is the cells of the same pages, run one after another in one process that has imported everything and made a
page before: no kernel, no HTML, no files. A bare shell also draws each chart as PNG, which no page shows; the
lower floor is the same without. Processor time is that of all processes a way starts. A second table splits
a report's: what its start takes and what each page adds, in the runner and in the processes it forks from.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from benchmarks.turns import adopt_orphans, run_alone, wait_for_orphans

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "data" / "raw" / "worcestershire-2018"
NOTEBOOK = ROOT / "notebooks" / "service_findings.ipynb"
ONLY = ("--notebook", "service_findings")
SHOWN = ("text/html", "text/markdown", "text/plain")
PLAIN = {"IMPROVEMENT_ANALYSIS_FORK": "0"}
DOMAINS = ("allocation", "practice", "monitoring", "joint_working", "overall")
TALLIES = (
    "RI (5 x RI, 3 x I, 1 x G)",
    "RI (9 x RI)",
    "RI (5 x RI, 4 x I)",
    "RI (6 x RI, 3 x no judgement)",
    "Requires Improvement (7 x RI, 2 x I)",
)


def service_names(number: int) -> list[str]:
    """Service 001, Service 002 and so on."""
    return [f"Service {n:03}" for n in range(1, number + 1)]


def write_dataset(folder: Path, number: int) -> Path:
    """A made-up dataset of so many services, each with nine teams and two findings."""
    folder.mkdir(parents=True)
    names = service_names(number)
    about = [
        'title = "Made-up gradings for a benchmark"',
        'publisher = "Nobody"',
        'authority = "Exampleshire"',
        'round = "2020-21"',
        "published = 2021-03-01",
        'licence = "Made up."',
        'citation = "Made up for a benchmark."',
        "illustrative = true",
        'notes = ["Every grade here is made up."]',
        *_files("summary_tables.csv", "published"),
        *_files("findings.csv", "findings"),
        *(f'[[services]]\nname = "{name}"\naliases = []' for name in names),
    ]
    for key in DOMAINS:
        headline = "words" if key == "overall" else "code"
        title = key.replace("_", " ").capitalize()
        about.append(
            f'[[domains]]\nkey = "{key}"\ntitle = "{title}"\nshort = "{title}"\naliases = []\n'
            f'headline = "{headline}"'
        )
    (folder / "source.toml").write_text("\n".join(about) + "\n", encoding="utf-8")
    cells = [
        f'{name},{key.replace("_", " ").capitalize()},"{tally}",1'
        for name in names
        for key, tally in zip(DOMAINS, TALLIES, strict=True)
    ]
    _write(folder / "summary_tables.csv", "service,domain,grading,page", cells)
    said = [
        f"f{n:04},{kind},{theme},{theme},{name},,{text},2"
        for n, (name, kind, theme, text) in enumerate(
            (name, *finding)
            for name in names
            for finding in (
                ("strength", "practice", "Made-up strength of the work with families."),
                ("vulnerability", "monitoring", "Made-up weakness of supervision."),
            )
        )
    ]
    _write(folder / "findings.csv", "id,kind,theme,domains,services,areas,text,page", said)
    return folder


def _files(name: str, kind: str) -> list[str]:
    return [f'[[files]]\nname = "{name}"\nkind = "{kind}"\norigin = "Made up."']


def _write(path: Path, header: str, rows: list[str]) -> None:
    path.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")


def make_naively(dataset: Path, names: list[str], out: Path) -> tuple[float, float]:
    """The obvious loop: wall-clock and processor seconds."""
    out.mkdir()
    wall = used = 0.0
    for name in names:
        notebook = str(out / f"{name}.ipynb")
        parameters = ["-p", "dataset", str(dataset), "-p", "service", name]
        for command in (
            ["papermill", str(NOTEBOOK), notebook, *parameters],
            ["jupyter", "nbconvert", "--to", "html", "--no-input", notebook],
        ):
            took, needed, _ = run_alone([_beside_python(command[0]), *command[1:]])
            wall, used = wall + took, used + needed
    pages = list(out.glob("*.html"))
    assert len(pages) == len(names), f"{len(pages)} pages instead of {len(names)}"
    return wall, used


def _beside_python(name: str) -> str:
    found = shutil.which(name, path=str(Path(sys.executable).parent)) or shutil.which(name)
    assert found, f"{name} is not installed"
    return found


def make_report(dataset: Path, number: int, out: Path, *more: str, **environment: str) -> tuple[float, float]:
    """One run of the command: wall-clock and processor seconds."""
    command = [sys.executable, "-m", "improvement_analysis", "report", str(dataset), "-o", str(out)]
    wall, used, _ = run_alone([*command, "--quiet", *more], **environment)
    pages = list(out.glob("*/services/*.html"))
    assert len(pages) == number, f"{len(pages)} pages instead of {number}"
    return wall, used


def make_nothing(dataset: Path, number: int, out: Path) -> tuple[float, float]:
    """A run that finds all up to date, once the other pages of the dataset are there too."""
    make_report(dataset, number, out, "--if-changed")
    return make_report(dataset, number, out, "--if-changed")


def measure_here(what: str, dataset: Path, number: int) -> tuple[float, float]:
    """What :func:`run_cells` or :func:`split_run` tells in a fresh process."""
    command = [sys.executable, "-m", "benchmarks.reports", "--here", what, str(dataset)]
    first, second = json.loads(run_alone([*command, "--pages", str(number)])[2])
    return first, second


def split_run(dataset: Path, number: int, out: Path) -> tuple[float, float]:
    """Processor seconds of a run: of this process, which makes a report, and of those it starts."""
    from improvement_analysis.cli import main as command

    adopt_orphans()
    given = ["report", str(dataset), "-o", str(out), *ONLY, "--quiet"]
    assert command(given) == 0
    assert len(list(out.glob("*/services/*.html"))) == number
    wait_for_orphans()
    told = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    here, there = (each.ru_utime + each.ru_stime for each in told)
    return here, there


def run_cells(dataset: Path, number: int, kinds: Sequence[str] | None = None) -> tuple[float, float]:
    """Run the cells of every page here, a page beforehand that is not counted."""
    from IPython.core.interactiveshell import InteractiveShell

    cells = [cell for cell in json.loads(NOTEBOOK.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    shell = InteractiveShell.instance()
    if kinds is not None:
        shell.display_formatter.active_types = list(kinds)
    first, *names = [service_names(1)[0], *service_names(number)]
    with contextlib.redirect_stdout(io.StringIO()):
        _run_page(shell, cells, dataset, first)
        began, before = time.perf_counter(), time.process_time()
        for name in names:
            _run_page(shell, cells, dataset, name)
        return time.perf_counter() - began, time.process_time() - before


def _run_page(shell, cells, dataset, service) -> None:
    for cell in cells:
        source = "".join(cell["source"])
        if "parameters" in cell["metadata"].get("tags", []):
            source += f"\ndataset = {str(dataset)!r}\nservice = {service!r}"
        shell.run_cell(source, store_history=False).raise_error()


def rounds_of(dataset: Path, number: int, naive: int, rounds: int, folder: Path) -> dict[str, np.ndarray]:
    """Wall-clock and processor seconds of each way in each round, for all pages."""
    taken: dict[str, list[tuple[float, float]]] = {}
    few = service_names(min(naive, number))
    for turn in range(rounds):
        out = folder / f"{number}-{turn}"
        wall, used = make_naively(dataset, few, out.with_suffix(".naive"))
        ways: Iterator[tuple[str, tuple[float, float]]] = iter(
            [
                ("loop", (wall * number / len(few), used * number / len(few))),
                ("report", make_report(dataset, number, out, *ONLY)),
                ("up to date", make_nothing(dataset, number, out)),
                ("plain kernels", make_report(dataset, number, out.with_suffix(".plain"), *ONLY, **PLAIN)),
                ("floor", measure_here("floor", dataset, number)),
                ("lower floor", measure_here("lower floor", dataset, number)),
            ]
        )
        for name, times in ways:
            taken.setdefault(name, []).append(times)
    return {name: np.array(times) for name, times in taken.items()}


def tell(number: int, taken: dict[str, np.ndarray]) -> None:
    """A line per way: how many times faster than the loop, and processor time in floors."""
    middle = {name: np.median(times, axis=0) for name, times in taken.items()}
    least = {name: times.min(axis=0) for name, times in taken.items()}
    for name in taken:
        print(
            f"{number:>5}  {name:<15}"
            f"{middle['loop'][0] / middle[name][0]:>9.1f}{least['loop'][0] / least[name][0]:>8.1f}"
            f"{middle['loop'][1] / middle[name][1]:>9.1f}{least['loop'][1] / least[name][1]:>8.1f}"
            f"{middle[name][1] / middle['floor'][1]:>9.2f}{least[name][1] / least['floor'][1]:>8.2f}"
        )


def work_here(what: str, dataset: Path, number: int) -> tuple[float, float]:
    """One of the measurements that take a process of their own."""
    if what == "split":
        with tempfile.TemporaryDirectory() as folder:
            return split_run(dataset, number, Path(folder))
    return run_cells(dataset, number, SHOWN if what == "lower floor" else None)


def tell_shares(few: int, many: int, rounds: int) -> None:
    """A line per process: what a run's start takes and each page adds, in pages of the lower floor."""
    found: dict[int, list[tuple[float, float]]] = {few: [], many: []}
    floors = []
    with tempfile.TemporaryDirectory() as folder:
        datasets = {number: write_dataset(Path(folder) / f"of-{number}", number) for number in found}
        for _ in range(rounds):
            for number, told in found.items():
                told.append(measure_here("split", datasets[number], number))
            floors.append(measure_here("lower floor", datasets[many], many)[1] / many)
    page = np.median(floors)
    less, more = (np.median(told, axis=0) for told in found.values())
    each = (more - less) / (many - few)
    print(f"\nprocessor time in pages of the lower floor{'at the start':>16}{'for each page':>16}")
    for name, start, add in zip(("the runner", "what is forked"), less - few * each, each, strict=True):
        print(f"{name:<42}{start / page:>16.1f}{add / page:>16.2f}")


def main() -> None:
    """Print the table of ratios."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--pages", type=int, nargs="+", default=[8, 64])
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--naive", type=int, default=3, help="pages that the obvious loop really makes")
    options.add_argument("--here", nargs=2, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.here:
        print(json.dumps(work_here(chosen.here[0], Path(chosen.here[1]), chosen.pages[0])))
        return
    os.chdir(ROOT)
    adopt_orphans()
    print(f"{chosen.rounds} rounds; the loop makes {chosen.naive} pages and is scaled up")
    print(f"{'':<22}{'times faster':>16}{'times less CPU':>17}{'CPU in floors':>18}")
    print(f"{'pages':>5}  {'way':<15}" + "  median   least".rjust(17) * 3)
    for number in chosen.pages:
        with tempfile.TemporaryDirectory() as folder:
            dataset = write_dataset(Path(folder) / "benchmark", number)
            tell(number, rounds_of(dataset, number, chosen.naive, chosen.rounds, Path(folder)))
    if min(chosen.pages) < max(chosen.pages):
        tell_shares(min(chosen.pages), max(chosen.pages), chosen.rounds)


if __name__ == "__main__":
    main()
