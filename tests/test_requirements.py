"""What the project needs: one list in pyproject.toml, one lock, and nothing that contradicts them."""

import ast
import json
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
import yaml
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
LOCKED = ("lab", "office", "dask", "test", "check")
DIRECT = [
    Requirement(text)
    for text in [*PROJECT["dependencies"], *(text for extra in LOCKED for text in EXTRAS[extra])]
]
BUILD = [Requirement(text) for text in PYPROJECT["build-system"]["requires"]]


def read_lock(text):
    """Each entry of a lock: its requirement and its hashes."""
    joined = text.replace("\\\n", " ")
    entries = [line.split("--hash=") for line in joined.splitlines() if line.strip()]
    return [(Requirement(pin), [each.strip() for each in hashes]) for pin, *hashes in entries]


PINS = read_lock(LOCK)


def pins_of(name):
    """The pins of one package: more than one where Pythons or systems need different versions."""
    return [pin for pin, _ in PINS if canonicalize_name(pin.name) == canonicalize_name(name)]


@pytest.fixture(scope="module")
def conda():
    return yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))


# --------------------------------------------------------------------------------------------- pyproject.toml


def test_no_requirement_is_listed_twice():
    names = [canonicalize_name(requirement.name) for requirement in DIRECT]
    assert sorted({name for name in names if names.count(name) > 1}) == []


@pytest.mark.parametrize(
    "name", ["pandas", "matplotlib", "seaborn", "jupyterlab", "nbconvert", "papermill", "pytest"]
)
def test_named_tool_is_required(name):
    assert name in {requirement.name for requirement in DIRECT}


def test_every_requirement_has_a_lower_bound():
    bare = [str(each) for each in DIRECT if not any(part.operator in (">=", "==") for part in each.specifier)]
    assert bare == []


def test_run_py_asks_for_the_same_python():
    tree = ast.parse((ROOT / "run.py").read_text(encoding="utf-8"))
    values = {node.targets[0].id: node.value for node in tree.body if isinstance(node, ast.Assign)}
    minimum = ast.literal_eval(values["MINIMUM"])
    assert PROJECT["requires-python"] == ">=" + ".".join(map(str, minimum))
    assert PYPROJECT["tool"]["mypy"]["python_version"] == ".".join(map(str, minimum))
    assert PYPROJECT["tool"]["ruff"]["target-version"] == "py" + "".join(map(str, minimum))


# ------------------------------------------------------------------------------------------ requirements.lock


@pytest.mark.parametrize("requirement", [*DIRECT, *BUILD], ids=str)
def test_lock_pins_what_is_required_within_its_bounds(requirement):
    pins = pins_of(requirement.name)
    assert pins != []
    for pin in pins:
        [bound] = pin.specifier
        assert bound.operator == "=="
        assert requirement.specifier.contains(bound.version, prereleases=True), f"{pin} is not {requirement}"


@pytest.mark.parametrize("python", ["3.11", "3.12", "3.13", "3.14"])
@pytest.mark.parametrize(
    ("system", "platform"), [("Linux", "linux"), ("Darwin", "darwin"), ("Windows", "win32")]
)
def test_lock_names_one_version_of_each_requirement_everywhere(python, system, platform):
    place = default_environment() | {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "platform_system": system,
        "sys_platform": platform,
        "os_name": "nt" if system == "Windows" else "posix",
    }
    pinned = Counter(pin.name for pin, _ in PINS if pin.marker is None or pin.marker.evaluate(place))
    assert [name for name, times in pinned.items() if times > 1] == []
    assert [str(each) for each in [*DIRECT, *BUILD] if canonicalize_name(each.name) not in pinned] == []


def test_every_pin_is_exact_and_has_hashes():
    assert len(PINS) > len(DIRECT)
    loose = [str(pin) for pin, _ in PINS if [part.operator for part in pin.specifier] != ["=="] or pin.url]
    assert loose == []
    for pin, hashes in PINS:
        assert hashes, f"{pin} has no hash"
        assert [each for each in hashes if not re.fullmatch(r"sha256:[0-9a-f]{64}", each)] == [], str(pin)


def test_lock_holds_pins_and_hashes_and_nothing_else():
    for line in LOCK.splitlines():
        assert re.match(r"[A-Za-z0-9]|    --hash=sha256:", line), line


def test_locks_hold_no_address():
    for name in ("requirements.lock", "package-lock.json", "package.json", ".npmrc", "environment.yml"):
        assert "://" not in (ROOT / name).read_text(encoding="utf-8"), name


def test_lock_is_read_as_pip_reads_it():
    text = 'one==1.0 ; python_version < "3.12" \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\ntwo==2\n'
    assert [(str(pin), hashes) for pin, hashes in read_lock(text)] == [
        ('one==1.0; python_version < "3.12"', ["sha256:aa", "sha256:bb"]),
        ("two==2", []),
    ]


# -------------------------------------------------------------------------------------------- environment.yml


def test_conda_channels(conda):
    assert conda["channels"] == ["conda-forge", "nodefaults"]


CONDA_NAMES = {"matplotlib": "matplotlib-base", "build": "python-build", "playwright": "playwright-python"}
NOT_ON_CONDA_FORGE = {"gptables"}


def test_conda_lists_every_requirement_that_conda_forge_has_with_the_same_bounds(conda):
    listed = dict((*str(spec).split(maxsplit=1), "")[:2] for spec in conda["dependencies"])
    assert listed.pop("pip") == ""
    assert listed.pop("python") == ">=3.11,<3.15"
    needed = {CONDA_NAMES.get(each.name, each.name): each.specifier for each in DIRECT}
    for name in NOT_ON_CONDA_FORGE:
        del needed[name]
    assert {name: SpecifierSet(bounds) for name, bounds in listed.items()} == needed


def test_conda_python_is_the_projects_and_bounded_by_the_versions_it_is_said_to_run_on(conda):
    (bounds,) = [
        spec.split(maxsplit=1)[1] for spec in conda["dependencies"] if str(spec).startswith("python ")
    ]
    said = [line.rpartition(" ")[2] for line in PROJECT["classifiers"] if "Python :: 3." in line]
    assert PROJECT["requires-python"] in bounds
    assert all(version in SpecifierSet(bounds) for version in said)
    newest = max(int(version.partition(".")[2]) for version in said)
    assert f"3.{newest + 1}" not in SpecifierSet(bounds)


def test_conda_needs_no_package_index_but_names_what_is_left_out():
    text = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert "- pip:" not in text
    assert "pip install --no-deps --no-build-isolation -e ." in text
    for name in NOT_ON_CONDA_FORGE:
        (spec,) = [str(each) for each in DIRECT if each.name == name]
        assert f'pip install "{spec}"' in text


# ------------------------------------------------------------------------------------------ package-lock.json


def test_npm_packages_are_pinned_with_hashes():
    package = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))
    assert lock["packages"][""]["devDependencies"] == package["devDependencies"]
    installed = {path: entry for path, entry in lock["packages"].items() if path}
    assert {path.removeprefix("node_modules/") for path in installed} >= set(package["devDependencies"])
    for name, version in package["devDependencies"].items():
        assert installed[f"node_modules/{name}"]["version"] == version
    for path, entry in installed.items():
        assert entry["integrity"].startswith("sha512-"), path
        assert "resolved" not in entry, path
