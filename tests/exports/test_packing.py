"""Same input, same bytes: nothing of the hour, of chance, or of the libraries' templates."""

import hashlib
import io
import os
import re
import subprocess
import sys
import zipfile

import pytest

from improvement_analysis.exports.packing import Properties, pack

CODE = """
import hashlib
import improvement_analysis as ia
from improvement_analysis import exports
for name in ("worcestershire-2018", "example-team-forms"):
    ds = ia.load(name)
    made = [exports.workbook_bytes(ds), exports.slides_bytes(ds, "Safeguarding"),
            exports.document_bytes(ds, "Safeguarding")]
    print(*(hashlib.sha256(data).hexdigest() for data in made))
"""


CASES = [
    (format_, which, *service)
    for which in ("published", "forms")
    for format_, service in (("workbook", ()), ("slides", ("Safeguarding",)), ("document", ("Safeguarding",)))
]


def test_another_process_with_other_hashes_and_another_clock_makes_the_same_bytes(root, made):
    here = [hashlib.sha256(made(*case)).hexdigest() for case in CASES]
    seed = "1" if hash("a") % 2 else "2"
    done = subprocess.run(
        [sys.executable, "-c", CODE],
        cwd=root,
        env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Pacific/Auckland"},
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(set(here)) == 6
    assert done.stdout.split() == here


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_no_part_bears_a_time(made, parts, case):
    data = made(*case)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    for name, part in parts(data).items():
        assert b"dcterms:" not in part, name
        assert not re.search(rb"20\d\d-\d\d-\d\dT\d\d:", part), name


@pytest.mark.parametrize("case", CASES, ids="-".join)
def test_a_file_says_what_it_is_and_nothing_of_its_template(made, parts, case):
    found = parts(made(*case))
    core = found["docProps/core.xml"].decode()
    assert "<dc:language>en-GB</dc:language>" in core
    assert re.search(r"<dc:title>[^<]*(Safeguarding|Team diagnostics)[^<]*</dc:title>", core)
    status = re.search(r"<cp:contentStatus>([^<]*)</cp:contentStatus>", core)
    assert (status is not None) == (case[1] == "forms")
    every = b"".join(part for name, part in found.items() if name.endswith((".xml", ".rels")))
    for stranger in (b"thumbnail", b"en-US", b"Steve Canny", b"python-docx", b"PowerPoint Presentation"):
        assert stranger not in every, stranger


def test_properties_are_escaped():
    saved = io.BytesIO()
    with zipfile.ZipFile(saved, "w") as archive:
        archive.writestr("a.xml", "<a/>")
    with zipfile.ZipFile(io.BytesIO(pack(saved.getvalue(), Properties("A & B <c>\x00")))) as archive:
        assert b"<dc:title>A &amp; B &lt;c&gt;\xef\xbf\xbd</dc:title>" in archive.read("docProps/core.xml")
