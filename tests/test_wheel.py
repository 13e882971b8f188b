"""The built wheel carries all that a report needs: notebooks, template, style."""

import os
import shutil
import subprocess
import sys

import pytest


def run(*command, cwd, env=None):
    told = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, cwd=cwd, env=env, timeout=300
    )
    assert told.returncode == 0, told.stdout[-1000:] + told.stderr[-2000:]
    return told


@pytest.fixture(scope="module")
def installed(tmp_path_factory, root):
    """A folder into which the wheel, and nothing else, was installed."""
    place = tmp_path_factory.mktemp("wheel")
    source = place / "source"
    for name in ("improvement_analysis", "notebooks"):
        shutil.copytree(root / name, source / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(root / name, source / name)
    run("build", "--wheel", "--no-isolation", "-o", str(place), str(source), cwd=place)
    wheel = next(place.glob("*.whl"))
    run(
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(place / "site"),
        str(wheel),
        cwd=place,
    )
    return place / "site"


def test_reports_on_a_folder_elsewhere_from_an_empty_folder(installed, copy, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    env = {**os.environ, "PYTHONPATH": str(installed)}
    where = run("improvement_analysis", "--version", cwd=empty, env=env)
    assert where.stdout.startswith("improvement-analysis ")
    check = "import improvement_analysis as ia; print(ia.__file__)"
    found = subprocess.run([sys.executable, "-c", check], capture_output=True, text=True, cwd=empty, env=env)
    assert str(installed) in found.stdout
    run("improvement_analysis", "report", str(copy), "--service", "Care Leaving", cwd=empty, env=env)
    page = empty / "reports" / "copy" / "services" / "care-leaving.html"
    assert "Care Leaving" in page.read_text(encoding="utf-8")
    assert (empty / "reports" / "copy" / "index.html").is_file()


def test_carries_the_notebooks_but_no_data(installed):
    carried = {
        path.name for path in (installed / "improvement_analysis" / "report" / "notebooks").glob("*.ipynb")
    }
    assert {"service_findings.ipynb", "overview.ipynb", "data_quality.ipynb", "explore.ipynb"} <= carried
    assert not list(installed.rglob("summary_tables.csv"))
