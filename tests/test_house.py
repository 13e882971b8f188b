"""The laws of the house: who imports whom, who opens files, how large a room is, what an import does."""

import ast
import itertools
import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "improvement_analysis"
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
    "contracts"
]
MODULES = sorted(path for path in PACKAGE.rglob("*.py") if "__pycache__" not in path.parts)
NAMES = [path.relative_to(PACKAGE).as_posix() for path in MODULES]


def rooms_of(contract):
    """Every module a contract names, floor by floor from the top."""
    chosen = next(each for each in CONTRACTS if each["id"] == contract)
    return [re.findall(r"[\w.]+", layer) for layer in chosen["layers"]]


ROOMS = list(itertools.chain(*rooms_of("floors")))


# ------------------------------------------------------------------------ import floors: seen kept and broken


@pytest.fixture(scope="module")
def hollow_house(tmp_path_factory):
    """A package with every room of the house and nothing in them, under the project's own contracts."""
    top = tmp_path_factory.mktemp("house")
    (top / "improvement_analysis").mkdir()
    inner = {"report": "report-rooms", "sources": "source-rooms"}
    rooms = [f"{outer}/{room}" for outer in inner for room in itertools.chain(*rooms_of(inner[outer]))]
    for room in [*ROOMS, *rooms]:
        (top / "improvement_analysis" / room).mkdir(exist_ok=True)
        (top / "improvement_analysis" / room / "__init__.py").write_text("", encoding="utf-8")
    (top / "improvement_analysis" / "__init__.py").write_text("", encoding="utf-8")
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    (top / "pyproject.toml").write_text(settings, encoding="utf-8")
    return top


def broken_contracts(house):
    """Run import-linter as the check does; return its exit status and the ids of the broken contracts."""
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        cwd=house,
        env={**os.environ, "PYTHONPATH": str(house), "PYTHONUTF8": "1", "COLUMNS": "200"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    broken = [each["id"] for each in CONTRACTS if f"{each['name']} BROKEN" in done.stdout]
    kept = [each["id"] for each in CONTRACTS if f"{each['name']} KEPT" in done.stdout]
    assert len(broken) + len(kept) == len(CONTRACTS), done.stdout + done.stderr
    return done.returncode, broken


def test_contracts_hold_once_every_room_stands(hollow_house):
    assert broken_contracts(hollow_house) == (0, [])


OURS = "improvement_analysis"


@pytest.mark.parametrize(
    ("room", "line", "contract"),
    [
        ("errors", f"import {OURS}.scale", "floors"),
        ("scale", f"import {OURS}.vocabulary", "floors"),
        ("notation", f"import {OURS}.gradings", "floors"),
        ("counts", f"from {OURS} import sources", "floors"),
        ("sources", f"from {OURS}.counts import count_grades", "floors"),
        ("palette", f"import {OURS}.charts", "floors"),
        ("charts", f"def f():\n    import {OURS}.report", "floors"),
        ("report", f"import {OURS}.exports", "floors"),
        ("tables", f"import {OURS}.cli", "floors"),
        ("a_new_room", "", "floors"),
        ("counts", "import matplotlib.pyplot as plt", "nothing-drawn"),
        ("gradings", "def f():\n    import seaborn", "nothing-drawn"),
        ("statistics", "from papermill import execute_notebook", "nothing-drawn"),
        ("sources", "import nbconvert", "nothing-drawn"),
        ("sources", f"def f():\n    from {OURS}.explorer import explore", "floors"),
        ("gradings", "def f():\n    import ipywidgets", "nothing-drawn"),
        ("explorer", f"import {OURS}.accessor", "floors"),
        ("comparison", "from IPython.display import display", "nothing-drawn"),
        ("errors", "import nbformat", "nothing-drawn"),
        ("comparison", f"import {OURS}.sources", "nothing-read"),
        ("charts", f"from {OURS}.sources import load", "nothing-read"),
        ("report", f"import {OURS}.charts", "report-runs"),
        ("report", f"def f():\n    from {OURS}.comparison import compare_groups", "report-runs"),
        ("report/making", f"import {OURS}.report.publishing", "report-rooms"),
        ("report/publishing", f"from {OURS}.report import making", "report-rooms"),
        ("report/planning", f"import {OURS}.report.order", "report-rooms"),
        ("report/warm", f"def f():\n    import {OURS}.report.runner", "report-rooms"),
        ("report/a_new_room", "", "report-rooms"),
        ("sources/formats", f"import {OURS}.sources.recognition", "source-rooms"),
        ("sources/recognition", f"from {OURS}.sources import interpretation", "source-rooms"),
        ("sources/interpretation", f"import {OURS}.sources.forms", "source-rooms"),
        ("sources/forms", f"def f():\n    import {OURS}.sources.loading", "source-rooms"),
        ("sources/kinds", f"import {OURS}.sources.loading", "source-rooms"),
        ("sources/loading", f"import {OURS}.sources.single_file", "source-rooms"),
        ("sources/single_file", f"import {OURS}.sources.checking", "source-rooms"),
        ("sources/headings", f"import {OURS}.sources.formats", "source-rooms"),
        ("sources/a_new_room", "", "source-rooms"),
        ("statistics", f"import {OURS}.gradings", "plain-statistics"),
        ("palette", f"import {OURS}.counts", "plain-statistics"),
    ],
)
def test_contract_breaks(hollow_house, room, line, contract):
    path = hollow_house / "improvement_analysis" / room / "__init__.py"
    stood = path.exists()
    path.parent.mkdir(exist_ok=True)
    path.write_text(line, encoding="utf-8")
    try:
        status, broken = broken_contracts(hollow_house)
    finally:
        path.write_text("", encoding="utf-8") if stood else shutil.rmtree(path.parent)
    assert status == 1
    assert contract in broken


def test_one_import_upwards_is_allowed_that_inside_a_method_of_the_dataset():
    allowed = {line for each in CONTRACTS for line in each.get("ignore_imports", ())}
    assert allowed == {f"{OURS}.dataset -> {OURS}.explorer"}
    tree = ast.parse((PACKAGE / "dataset.py").read_text(encoding="utf-8"))
    method = next(n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "explore")
    (inside,) = [n for n in ast.walk(method) if isinstance(n, ast.Import | ast.ImportFrom)]
    assert inside.module == f"{OURS}.explorer"


def test_rooms_of_the_lower_floors_are_all_named_where_drawing_is_forbidden():
    drawing = next(number for number, floor in enumerate(rooms_of("floors")) if "palette" in floor)
    lower = set(itertools.chain(*rooms_of("floors")[drawing + 1 :]))
    assert {name.removeprefix(f"{OURS}.") for name in rooms_of("nothing-drawn")[1]} == lower


# -------------------------------------------------------------------------------------- what stands in a file

OPENERS = re.compile(
    r"open|fdopen|(read|write)_(text|bytes)|touch|mkdir|unlink|rmtree|copyfile|mkstemp|mkdtemp|TemporaryDirectory|"
    r"NamedTemporaryFile|savefig|imread|loadtxt|genfromtxt|fromfile|tofile|load_workbook|"
    r"read_(csv|excel|json|html|parquet|pickle)|to_(excel|parquet|pickle)"
)
#: These write to a file only when told where; otherwise they give text back.
WRITERS = {"to_csv", "to_html", "to_json"}
#: Rooms whose work it is, and the one file of the charts that saves a chart.
MAY_OPEN = re.compile(r"(sources|report|exports)/|charts/chart\.py$")


def opened_in(tree):
    """Every call by which a piece of code opens, writes or removes a file: (line, name)."""
    found = []
    in_memory = {
        target.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign) and ast.unparse(node.value) in ("io.StringIO()", "io.BytesIO()")
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = getattr(call.func, "id", getattr(call.func, "attr", ""))
        places = call.args[:1] + [word.value for word in call.keywords if word.arg in ("path_or_buf", "buf")]
        written = [place for place in places if getattr(place, "id", "") not in in_memory]
        to_nowhere = [ast.unparse(place) for place in places] == ["os.devnull"]
        # a stream over a descriptor that stays open is no file of its own
        over_open = any(word.arg == "closefd" and not ast.literal_eval(word.value) for word in call.keywords)
        opens = OPENERS.fullmatch(name) and not (to_nowhere or over_open)
        if opens or (name in WRITERS and written):
            found.append((call.lineno, name))
    return found


@pytest.mark.parametrize("name", NAMES)
def test_only_sources_and_report_open_files(name):
    if MAY_OPEN.match(name) is None:
        assert opened_in(ast.parse((PACKAGE / name).read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("with open(path) as file: pass", ["open"]),
        ("import io\nio.open(path)", ["open"]),
        ("Path(path).read_text(encoding='utf-8')", ["read_text"]),
        ("path.open()", ["open"]),
        ("pd.read_csv(path)", ["read_csv"]),
        ("figure.savefig(path)", ["savefig"]),
        ("frame.to_csv(path)", ["to_csv"]),
        ("frame.to_csv(path_or_buf=path)", ["to_csv"]),
        ("text = frame.to_csv(index=False)", []),
        ("stream = io.StringIO()\nframe.to_csv(stream)", []),
        ("stream = io.StringIO('x.csv')\nframe.to_csv(other)", ["to_csv"]),
        ("os.open(os.devnull, os.O_WRONLY)", []),
        ("open(1, 'w', closefd=False)", []),
        ("open(path, closefd=True)", ["open"]),
        ("read_tally(text)", []),
    ],
)
def test_opened_files_are_seen(code, found):
    assert [name for _, name in opened_in(ast.parse(code))] == found


@pytest.mark.parametrize("name", NAMES)
def test_room_is_not_crowded(name):
    text = (PACKAGE / name).read_text(encoding="utf-8")
    lines = text.count("\n")
    assert lines <= 400
    assert [found for found in lengths_of(ast.parse(text)) if found[1] > 40] == []


def lengths_of(tree):
    """Each function with the number of lines of its body, its docstring left out."""
    found = []
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            body = function.body[1:] if ast.get_docstring(function) is not None else function.body
            found.append((function.name, body[-1].end_lineno - body[0].lineno + 1 if body else 0))
    return found


def test_docstring_does_not_count_as_length():
    code = (
        'def f():\n    """One.\n\n    Two."""\n    a = 1\n\n    return a\n\ndef g():\n    """Only words."""\n'
    )
    assert lengths_of(ast.parse(code)) == [("f", 3), ("g", 0)]


FORBIDDEN_NAMES = {"utils", "helpers", "core", "config", "base", "common", "misc"}


@pytest.mark.parametrize("name", NAMES)
def test_module_has_a_name_of_its_own(name):
    parts = set(Path(name).with_suffix("").parts)
    assert parts & FORBIDDEN_NAMES == set()
    tree = ast.parse((PACKAGE / name).read_text(encoding="utf-8"))
    functions = {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
    assert Path(name).stem not in functions


# ---------------------------------------------------------------------------------------- what an import does

HEAVY = [
    "matplotlib",
    "seaborn",
    "papermill",
    "nbconvert",
    "nbformat",
    "IPython",
    "jupyter_client",
    "ipywidgets",
]


def run_fresh(code):
    """What a piece of code prints in a process of its own, which must end well."""
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def loaded_by(statement):
    """Top-level packages in a fresh process after a statement, as a set."""
    code = f"import sys\n{statement}\nprint(*sorted({{name.partition('.')[0] for name in sys.modules}}))"
    return set(run_fresh(code).split())


def test_heavy_packages_are_seen_when_loaded():
    assert set(HEAVY) <= loaded_by(f"import {', '.join(HEAVY)}")


def test_importing_the_package_loads_nothing_heavy():
    assert loaded_by("import improvement_analysis") & {*HEAVY, "scipy", "pandera"} == set()


def test_importing_the_command_line_loads_no_tables_either():
    assert (
        loaded_by("import improvement_analysis.cli") & {*HEAVY, "scipy", "pandera", "pandas", "numpy"}
        == set()
    )


@pytest.mark.parametrize(
    "room", sorted(name.removeprefix(f"{OURS}.") for name in rooms_of("nothing-drawn")[1])
)
def test_lower_floors_load_nothing_that_draws(room):
    if not (PACKAGE / f"{room}.py").exists() and not (PACKAGE / room).is_dir():
        pytest.skip(f"there is no {room} yet")
    assert loaded_by(f"import improvement_analysis.{room}") & set(HEAVY) == set()


def test_importing_every_module_does_nothing_but_define():
    """No style set, no file of the project read, no log handler added, no thread or process left."""
    names = [
        "improvement_analysis." + name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in NAMES
        if name not in ("__init__.py", "__main__.py")
    ]
    code = f"""
import logging, os, sys, threading
import importlib, pandas, matplotlib.pyplot, seaborn
before = dict(matplotlib.rcParams), list(logging.root.handlers), threading.active_count()
opened = []
def watch(event, details):
    if event == "open" and isinstance(details[0], str):
        opened.append(os.path.abspath(details[0]))
    if event in ("subprocess.Popen", "os.mkdir", "os.remove", "socket.bind"):
        opened.append(event)
sys.addaudithook(watch)
for name in {names!r}:
    importlib.import_module(name)
assert before == (dict(matplotlib.rcParams), list(logging.root.handlers), threading.active_count())
print(*opened, sep="\\n")
"""
    seen = run_fresh(code).splitlines()
    # papermill looks whether the empty entry of sys.path, the working folder, is a zip file.
    ours = {line for line in seen if str(ROOT) in line and ".venv" not in line and line != str(ROOT)}
    assert {line for line in ours if not line.endswith((".py", ".pyc"))} == set()
    assert "subprocess.Popen" not in seen
