"""A small dataset in two versions, small notebooks, and a place where runs with faults are forked."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

FORGE = Path(__file__).parent / "forge.py"

ABOUT = """\
title = "Diagnostics made up for tests"
publisher = "Nobody"
authority = "Nowhere"
round = "2017-18"
published = 2018-02-07
licence = "None."
citation = "Nobody (2018)."
illustrative = true
notes = []

[[files]]
name = "summary_tables.csv"
kind = "published"
origin = "Made up."

[[domains]]
key = "practice"
title = "Practice"
short = "Practice"
headline = "code"
"""
SERVICES = ("Alpha",)
GRADINGS = {"A": "RI (2 x RI, 1 x I)", "B": "G (3 x G)"}
PAGES = ["data-quality", "overview", *(f"services/{name.lower()}" for name in SERVICES)]


def write_dataset(folder, version="A", services=SERVICES):
    """The dataset in one of its versions; a page of one never has the bytes of the other."""
    folder.mkdir(parents=True, exist_ok=True)
    declared = "".join(
        f"\n[[services]]\nname = {json.dumps(name, ensure_ascii=False)}\n" for name in services
    )
    (folder / "source.toml").write_text(ABOUT + declared, encoding="utf-8")
    lines = [f'"{name}",Practice,"{GRADINGS[version]}",6' for name in services]
    text = "\n".join(["service,domain,grading,page", *lines]) + "\n"
    (folder / "summary_tables.csv").write_text(text, encoding="utf-8")
    return folder


#: Other notebooks may come to be planned; these make the pages above.
CHOSEN = [*("--notebook", "overview"), *("--notebook", "service_findings"), *("--notebook", "data_quality")]

SHOWN = """\
import csv
from pathlib import Path
from IPython.display import display
with Path(dataset, "summary_tables.csv").open(encoding="utf-8", newline="") as stream:
    rows = [row for row in csv.reader(stream) if NAME in row]
cells = "\\n".join(",".join(row) for row in rows) + "\\n"
kinds = {"text/html": "<pre>" + 400 * cells + "</pre>",
         "application/vnd.improvement-analysis.table+json": {"caption": "Cells", "csv": 400 * cells}}
display(kinds, raw=True)
"""
NOTEBOOKS = {
    "overview": ("", "'Practice'"),
    "data_quality": ("", "'Practice'"),
    "service_findings": ('service: str = "Alpha"\n', "service"),
    "publication": ("min_teams: int = 3\n", "'Practice'"),
}


class Notebooks:
    """Small notebooks under the names that a report asks for, which a test may spoil."""

    def __init__(self, folder):
        self.folder = folder
        folder.mkdir()
        for name, (parameters, shown) in NOTEBOOKS.items():
            self.write(name, SHOWN.replace("NAME", shown), parameters=f'dataset: str = "x"\n{parameters}')

    def write(self, name, *sources, parameters='dataset: str = "x"\n'):
        cells = [nbformat.v4.new_markdown_cell(f"# {name}", id="heading")]
        tagged = {"tags": ["parameters"]}
        cells.append(nbformat.v4.new_code_cell(parameters, id="given", metadata=tagged))
        for number, source in enumerate(sources):
            tags = {"tags": ["table:cells"]} if "raw=True" in source else {}
            cells.append(nbformat.v4.new_code_cell(source, id=f"cell-{number}", metadata=tags))
        metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
        nbformat.write(
            nbformat.v4.new_notebook(cells=cells, metadata=metadata), self.folder / f"{name}.ipynb"
        )

    def add(self, name, source, place=-1):
        path = self.folder / f"{name}.ipynb"
        notebook = nbformat.read(path, as_version=4)
        cell = nbformat.v4.new_code_cell(source, id=f"added-{len(notebook.cells)}")
        notebook.cells.insert(len(notebook.cells) if place == -1 else place, cell)
        nbformat.write(notebook, path)


class Forge:
    """The process that forks runs; see ``forge.py``."""

    def __init__(self, place):
        environment = {
            **os.environ,
            "MPLBACKEND": "agg",
            "PYTHONUTF8": "1",
            "TMPDIR": str(place),
            **dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
        }
        warm = [str(write_dataset(place / version / "tiny", version)) for version in GRADINGS]
        self.process = subprocess.Popen(
            [sys.executable, str(FORGE), *warm],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=environment,
        )
        assert json.loads(self.process.stdout.readline()) == {"threads": 1}

    def ask(self, do, **request):
        self.process.stdin.write(json.dumps({"do": do, **request}) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(30)


@pytest.fixture(scope="session")
def forge(tmp_path_factory):
    if sys.platform != "linux":
        pytest.skip("runs are forked on Linux only")
    made = Forge(tmp_path_factory.mktemp("forge"))
    yield made
    made.close()


class Ground:
    """A dataset, notebooks, an output folder and a temporary one; runs on it, and what they leave."""

    def __init__(self, forge, home):
        self.forge, self.home = forge, home
        self.dataset = write_dataset(home / "tiny")
        self.notebooks = Notebooks(home / "notebooks")
        self.out, self.temporary = home / "out", home / "tmp"
        self.temporary.mkdir()
        self.target = self.out / "tiny"

    def write(self, version, **how):
        """The dataset anew, in a version."""
        write_dataset(self.dataset, version, **how)

    def start(self, *options, faults=(), env=None, out=None, dataset=None):
        """Fork a run; its process id."""
        self.told, self.said = self.home / "stdout", self.home / "stderr"
        self.told.unlink(missing_ok=True)
        self.said.unlink(missing_ok=True)
        chosen = [] if set(options) & {"--notebook", "--publish"} else CHOSEN
        command = ["report", str(dataset or self.dataset), "-o", str(out or self.out), *chosen]
        return self.forge.ask(
            "run",
            arguments=[
                *command,
                "--notebooks",
                str(self.notebooks.folder),
                "--jobs",
                "2",
                *map(str, options),
            ],
            faults=[list(fault) for fault in faults],
            env={"TMPDIR": str(self.temporary), **(env or {})},
            cwd=str(self.home),
            out=str(self.told),
            err=str(self.said),
        )["pid"]

    def wait(self, pid, seconds=300):
        return self.forge.ask("wait", pid=pid, seconds=seconds)["status"]

    def run(self, *options, seconds=300, **how):
        """Fork a run and wait for it; its exit status."""
        return self.wait(self.start(*options, **how), seconds)

    def signal(self, pid, number):
        """Send a signal to a run that is not yet waited for."""
        os.kill(pid, number)

    def left(self, seconds=60):
        """Processes that are still there."""
        return self.forge.ask("left", seconds=seconds)["left"]

    def words(self):
        """What the last run said on standard error."""
        return self.said.read_text(encoding="utf-8") if self.said.exists() else ""

    def shown(self, target=None):
        """The pages and tables under their final names, as bytes."""
        target = target or self.target
        return {
            path.relative_to(target).as_posix(): path.read_bytes()
            for path in sorted(target.rglob("*"))
            if path.suffix in (".html", ".csv")
            and path.name not in ("index.html", "methods.html")
            and not is_aside(path, target)
        }

    def manifest(self):
        return json.loads((self.target / "manifest.json").read_text(encoding="utf-8"))

    def statuses(self):
        return {page["page"]: page["status"] for page in self.manifest()["pages"]}

    def clear_temporary(self):
        """Take away what killed runs left in the temporary folder, which nobody else can do for them."""
        for path in self.temporary.iterdir():
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def pending(self):
        return (self.target / ".staged" / "journal.json").exists()

    def steps(self, good):
        """The steps on the disk that a run of canned pages takes below its folder, in order."""
        log = self.home / "steps"
        assert (
            self.run(
                "--quiet", faults=[("canned", str(good)), ("meddle", str(self.target), 0, "watch", str(log))]
            )
            == 0
        )
        return log.read_text(encoding="utf-8").splitlines()


def is_aside(path, target):
    return any(
        part.startswith(".") or part in ("earlier", "failed") for part in path.relative_to(target).parts
    )


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Judge:
    """Knows the bytes of every page in both versions, and what may stand in a folder at any moment."""

    def __init__(self, good):
        self.good = good  # by version: path and bytes

    def look(self, ground):
        """Everything that is wrong with what stands there."""
        shown, faults = ground.shown(), []
        version = {
            name: next((each for each, files in self.good.items() if files.get(name) == data), None)
            for name, data in shown.items()
        }
        faults += [f"{name} is of no run" for name, each in version.items() if each is None]
        if not ground.pending():
            faults += self.mixed(version) + self.untold(ground, shown)
        known = {"index.html", "manifest.json", "methods.html", "summary.txt", "summary.json"}
        faults += [
            f"{path} is no file of a report"
            for path in ground.target.rglob("*")
            if path.is_file()
            and not is_aside(path, ground.target)
            and path.name not in known
            and path.relative_to(ground.target).as_posix() not in shown
        ]
        return faults + self.unread(ground)

    def mixed(self, version):
        """Pages whose tables are of another run; pages and tables that stand alone."""
        faults = []
        for stem in PAGES:
            parts = {version.get(f"{stem}.html"), version.get(f"{stem}.cells.csv")}
            if len(parts) != 1:
                faults.append(f"{stem}: page and table are of {parts}")
        return faults

    def untold(self, ground, shown):
        """Pages whose bytes the manifest does not tell."""
        if not (ground.target / "manifest.json").exists():
            return [f"{name} stands without a manifest" for name in shown]
        told = {}
        for page in ground.manifest()["pages"]:
            told |= {page["page"]: page["sha256"], **page["tables"]}
        faults = [
            f"{name}: the manifest tells another sha256"
            for name in shown
            if told.get(name) != sha256(shown[name])
        ]
        return faults + [f"{name} is gone" for name, each in told.items() if each and name not in shown]

    def unread(self, ground):
        """Index, summary and manifest are whole."""
        faults = []
        for name, end in (("index.html", "</html>"), ("summary.json", "}"), ("manifest.json", "}")):
            path = ground.target / name
            if path.exists() and not path.read_text(encoding="utf-8").rstrip().endswith(end):
                faults.append(f"{name} is not whole")
        return faults

    def whole(self, ground, version):
        """Everything that keeps a finished run from being just this version and nothing else."""
        faults = self.look(ground)
        if ground.shown() != self.good[version]:
            faults.append(f"not every page is of version {version}")
        if (ground.target / ".staged").exists():
            faults.append(".staged is left")
        if list(ground.temporary.iterdir()):
            faults.append(
                f"left in the temporary folder: {sorted(p.name for p in ground.temporary.iterdir())}"
            )
        statuses = set(ground.statuses().values())
        if not statuses <= {"made", "up to date"}:
            faults.append(f"statuses {statuses}")
        return faults


@pytest.fixture
def ground(forge, tmp_path):
    return Ground(forge, tmp_path)


@pytest.fixture(scope="session")
def good(forge, tmp_path_factory):
    """A folder of finished pages for each version of the dataset."""
    found = {}
    for version in GRADINGS:
        ground = Ground(forge, tmp_path_factory.mktemp("good"))
        write_dataset(ground.dataset, version)
        assert ground.run() == 0, ground.words()
        found[version] = ground.target
    return found


@pytest.fixture(scope="session")
def judge(forge, good):
    found = Judge({version: Ground.shown(None, target) for version, target in good.items()})
    assert len(found.good["A"]) == len(found.good["B"]) == 2 * len(PAGES)
    assert all(found.good["A"][name] != data for name, data in found.good["B"].items())
    return found
