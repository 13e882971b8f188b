"""A thousand pages: planned, made and indexed without the runner's memory growing with their number."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the system does not tell a process's peak memory")

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "data" / "raw" / "worcestershire-2018"
PAGE = 200_000

#: Runs in a process of its own, whose peak memory is then known: a few pages first, then many.
RUNS = f"""
import json, resource, sys
from contextlib import contextmanager
from pathlib import Path
import improvement_analysis as ia
from improvement_analysis.report.making.page import Made
from improvement_analysis.report.runner import Order, run_report

@contextmanager
def stub():
    def make(pages, edition):
        for number, page in enumerate(pages):
            data = number.to_bytes(4, "big") * {PAGE // 4}
            failed = sys.argv[2] == "failed"
            yield page.path, Made(error="no", failed_notebook=data) if failed else Made(data)
    yield make

told = []
for name in ("few", "many"):
    folder = Path(sys.argv[1]) / name
    outcome = run_report(ia.load(folder), Order(folder, folder.parent / "out"), workers=stub())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    told.append([len(outcome.pages), len(outcome.failed), peak])
print(json.dumps(told))
"""


def dataset(folder, areas):
    """A copy of the published dataset that declares many areas, each of which gets a page."""
    shutil.copytree(PUBLISHED, folder)
    about = folder / "source.toml"
    declared = "".join(f'\n[[areas]]\nname = "Area {number}"\n' for number in range(areas))
    about.write_text(about.read_text(encoding="utf-8") + declared, encoding="utf-8")


@pytest.mark.parametrize("outcome", ["made", "failed"])
def test_memory_does_not_grow_with_the_pages(outcome, tmp_path):
    few, many = (50, 1000) if outcome == "made" else (50, 300)
    dataset(tmp_path / "few", few)
    dataset(tmp_path / "many", many)
    done = subprocess.run(
        [sys.executable, "-c", RUNS, str(tmp_path), outcome],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        encoding="utf-8",
        timeout=1500,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    (pages, failed, before), (more_pages, more_failed, after) = json.loads(done.stdout)
    assert more_pages - pages == many - few
    assert (failed, more_failed) == ((0, 0) if outcome == "made" else (pages, more_pages))
    # some kB a page for its record in index and manifest; of its own 200 kB nothing is kept
    assert after - before < 12_000_000
    place = tmp_path / "out" / "many"
    index = (place / "index.html").read_text(encoding="utf-8")
    linked = set(re.findall(r'href="([\w/-]+\.html)"', index)) - {"methods.html"}
    assert len(linked) == (more_pages if outcome == "made" else 0)
    assert all((place / page).stat().st_size == PAGE for page in linked)
