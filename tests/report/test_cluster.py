"""Pages made on a Dask cluster: the same bytes, and every death told in a sentence."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import uuid
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import nbformat
import pytest

from improvement_analysis.cli import main
from improvement_analysis.errors import ReportError
from improvement_analysis.report.cluster import client as cluster_module
from improvement_analysis.report.cluster import worker
from improvement_analysis.report.cluster.bundle import check_program, pack, unpack
from improvement_analysis.report.cluster.client import Cluster, check_address
from improvement_analysis.report.making.page import Made
from improvement_analysis.report.planning.notebooks import notebook_folder
from improvement_analysis.report.planning.plan import plan_pages
from improvement_analysis.report.publishing.freshness import program_key
from improvement_analysis.report.publishing.manifest import versions
from improvement_analysis.report.runner import Order, run_report

distributed = pytest.importorskip("distributed", reason="Dask is not installed")
psutil = pytest.importorskip("psutil")

ROOT = Path(__file__).resolve().parents[2]
PUBLISHED = ROOT / "data" / "raw" / "worcestershire-2018"
posix = pytest.mark.skipif(os.name != "posix", reason="signals as POSIX knows them")


@pytest.fixture
def tiny(tmp_path):
    """Notebooks that only do what a test gives them to do, and need nothing of ours."""

    def write(**code):
        folder, v4 = tmp_path / "tiny", nbformat.v4
        folder.mkdir()
        for path in notebook_folder().glob("*.ipynb"):
            notebook = nbformat.read(path, as_version=4)
            work = v4.new_code_cell(code.get(path.stem, "1 + 1"), id="work")
            cells = [cell for cell in notebook.cells if "parameters" in cell.metadata.get("tags", [])]
            notebook.cells = [*cells, work]
            nbformat.write(notebook, folder / path.name)
        return str(folder)

    return write


def start(*arguments, cwd=ROOT, **environment):
    """The command, in a process group of its own; its processes are known by a mark in their environment."""
    mark = uuid.uuid4().hex
    command = [sys.executable, "-m", "improvement_analysis", "report", str(PUBLISHED), *arguments]
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env={**os.environ, "MARK_OF_THE_RUN": mark, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        start_new_session=True,
    )
    process.mark = mark
    return process


def run(*arguments, **options):
    """What the command says and ends with; none of its processes is left."""
    process = start(*arguments, **options)
    out, err = process.communicate(timeout=1200)
    assert left_by(process) == []
    return process.returncode, out, err


def left_by(process, patience=15.0):
    """The processes of a run that are still there after a while."""
    end = time.monotonic() + patience
    while found := [each for each in psutil.process_iter(["environ", "cmdline"]) if is_of(each, process)]:
        if time.monotonic() > end:
            return [each.info["cmdline"] for each in found]
        time.sleep(0.05)
    return []


def is_of(each, process):
    return (each.info["environ"] or {}).get("MARK_OF_THE_RUN") == process.mark


def wait_for(path, process, patience=120.0):
    end = time.monotonic() + patience
    while not path.exists():
        assert process.poll() is None, process.communicate()
        assert time.monotonic() < end
        time.sleep(0.02)


def records(folder):
    told = json.loads((folder / "worcestershire-2018" / "manifest.json").read_text(encoding="utf-8"))
    return {page["page"]: page for page in told["pages"]}


def order(tmp_path, **changes):
    return Order(PUBLISHED, tmp_path / "out", **changes)


@contextmanager
def good_pages():
    """Workers that make pages of nothing."""
    yield lambda pages, _: ((page.path, Made(f"<!DOCTYPE html>{page.path}".encode())) for page in pages)


PROGRESS = re.compile(r"worcestershire-2018: \d+ of \d+  \S+\.html  (?:[\d.]+ s|failed)(?:  about .* left)?")

# -------------------------------------------------------------------------------------------- on this machine


def test_pages_have_the_bytes_of_a_local_run_and_nothing_else_is_said(report, others, tmp_path):
    names = ["data-quality.html", "services/care-leaving.html"]
    others(*names)
    only = [word for name in names for word in ("--only", name)]
    status, out, err = run("--cluster", "local", "--jobs", "2", "-o", str(tmp_path), *only)
    made = tmp_path / "worcestershire-2018"
    assert (status, out) == (0, f"worcestershire-2018: 2 pages made. Open {made / 'index.html'}\n")
    assert [line for line in err.splitlines() if not PROGRESS.fullmatch(line)] == []
    files = [*names, *(table for page in records(tmp_path).values() for table in page["tables"])]
    assert len(files) > 4
    assert [name for name in files if (made / name).read_bytes() != (report / name).read_bytes()] == []


KILL = "import os, signal, time\nos.kill(os.getppid(), signal.SIGKILL)\ntime.sleep(60)"


@posix
def test_a_page_is_made_again_once_when_its_worker_dies(tiny, tmp_path):
    starts = tmp_path / "starts"
    count = f"place = {str(starts)!r}\nwith open(place, 'a') as file:\n    file.write('%s')\n"
    again = "if open(place).read().count('o') == 1:\n    " + KILL.replace("\n", "\n    ")
    always, once = count % "a" + KILL, count % "o" + again
    folder = tiny(overview=always, data_quality=once)
    names = ["overview.html", "data-quality.html", "services/care-leaving.html", "services/safeguarding.html"]
    options = ["--cluster", "local", "--jobs", "2", "-o", str(tmp_path / "out"), "--notebooks", folder]
    options += [word for name in names for word in ("--only", name)]
    # without a template process a kernel's parent is the worker
    status, out, err = run(*options, IMPROVEMENT_ANALYSIS_FORK="0")
    assert (status, sorted(starts.read_text())) == (4, ["a", "a", "o", "o"])
    statuses = {page: record["status"] for page, record in records(tmp_path / "out").items()}
    assert statuses == dict.fromkeys(names, "made") | {"overview.html": "failed"}
    said = "its worker died while making it, and so did the worker that tried again"
    assert [line for line in err.splitlines() if not PROGRESS.fullmatch(line)] == [
        f"improvement-analysis: overview.html was not made: overview: {said}"
    ]
    assert "3 pages made" in out


@posix
@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL], ids=lambda each: each.name)
def test_nothing_is_left_of_a_run_that_is_stopped(stop, tiny, tmp_path):
    started = tmp_path / "started"
    folder = tiny(
        overview=f"from pathlib import Path\nPath({str(started)!r}).touch()\nimport time\ntime.sleep(600)"
    )
    options = ["--cluster", "local", "--jobs", "1", "--only", "overview.html", "--notebooks", folder]
    process = start(*options, "-o", str(tmp_path / "out"))
    wait_for(started, process)
    # from a keyboard the whole group is interrupted
    os.killpg(process.pid, stop) if stop == signal.SIGINT else process.send_signal(stop)
    _, err = process.communicate(timeout=600)
    assert left_by(process) == []
    assert process.returncode == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[stop]
    assert "Traceback" not in err
    assert not list((tmp_path / "out").rglob("*.html")) or stop == signal.SIGKILL


# ------------------------------------------------------------------------- a scheduler and a worker elsewhere


def make_certificates(folder):
    """A scheduler, worker and client that know each other, as Dask is told in its environment."""
    name = ["-out", "cert.pem", "-days", "2", "-subj", "/CN=test"]
    told = {"cwd": folder, "check": True, "capture_output": True}
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", *name],
        **told,
    )
    settings = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": str(folder / "cert.pem")}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        settings[f"DASK_DISTRIBUTED__COMM__TLS__{role}__CERT"] = str(folder / "cert.pem")
        settings[f"DASK_DISTRIBUTED__COMM__TLS__{role}__KEY"] = str(folder / "key.pem")
    return {**settings, "DASK_DISTRIBUTED__COMM__REQUIRE_ENCRYPTION": "True"}


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A scheduler and a worker of their own, with certificates where they can be made."""
    folder = tmp_path_factory.mktemp("dask")
    secret = make_certificates(folder) if shutil.which("openssl") else {}
    environment = {**os.environ, **secret, "PYTHONPATH": str(ROOT)}
    host, file = ("tls://" if secret else "") + "127.0.0.1", folder / "scheduler.json"

    def call(program, *options):
        command = [sys.executable, "-m", f"distributed.cli.dask_{program}", *options, "--no-dashboard"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, env=environment, cwd=folder, **quiet)

    scheduler = call("scheduler", "--host", host, "--port", "0", "--scheduler-file", str(file))
    wait_for_text(file)
    address = json.loads(file.read_text(encoding="utf-8"))["address"]
    worker = call("worker", address, "--nworkers", "1", "--nthreads", "1")
    yield address, secret, scheduler
    for process in (worker, scheduler):
        process.terminate()
        process.wait(timeout=600)


def wait_for_text(path, patience=60.0):
    end = time.monotonic() + patience
    while not path.exists() or not path.read_text(encoding="utf-8").endswith("}"):
        assert time.monotonic() < end
        time.sleep(0.05)


def test_the_worker_needs_no_disk_of_ours(elsewhere, report, others, tmp_path):
    address, secret, _ = elsewhere
    others("data-quality.html")
    options = ["--cluster", address, "-o", str(tmp_path), "--only", "data-quality.html"]
    status, _, err = run(*options, **secret)
    assert (status, [line for line in err.splitlines() if not PROGRESS.fullmatch(line)]) == (0, [])
    page = "worcestershire-2018/data-quality.html"
    assert (tmp_path / page).read_bytes() == (report / "data-quality.html").read_bytes()
    started = address.partition("://")[0]
    assert started == ("tls" if secret else "tcp")


def test_a_worker_with_another_program_is_refused(elsewhere, tmp_path):
    address, secret, _ = elsewhere
    ignored = shutil.ignore_patterns("__pycache__")
    other = shutil.copytree(ROOT / "improvement_analysis", tmp_path / "improvement_analysis", ignore=ignored)
    shutil.copytree(ROOT / "notebooks", tmp_path / "notebooks")
    (other / "scale.py").write_text((other / "scale.py").read_text("utf-8") + "\n# changed\n", "utf-8")
    options = ["--cluster", address, "-o", str(tmp_path / "out")]
    status, out, err = run(*options, cwd=tmp_path, PYTHONPATH=str(tmp_path), **secret)
    assert (status, out) == (2, "")
    assert re.fullmatch(
        r"improvement-analysis: the worker t(ls|cp)://127\.0\.0\.1:\d+ has improvement-analysis with other "
        r"source files, expected those of this run; install the same versions there and start it anew\n",
        err,
    )


@posix
def test_when_the_scheduler_dies_the_last_good_pages_stay(elsewhere, ds, tiny, tmp_path):
    address, secret, scheduler = elsewhere
    started = tmp_path / "started"
    good = tmp_path / "out" / "worcestershire-2018"
    folder = tiny()
    assert (
        main(["report", str(PUBLISHED), "-o", str(tmp_path / "out"), "--notebooks", folder, "--quiet"]) == 0
    )
    listed = ("index.html", "methods.html")
    before = {path: path.read_bytes() for path in good.rglob("*.html") if path.name not in listed}
    shutil.rmtree(folder)
    tiny(overview=f"from pathlib import Path\nPath({str(started)!r}).touch()\nimport time\ntime.sleep(600)")
    options = ["--cluster", address, "-o", str(tmp_path / "out"), "--notebooks", folder, "--quiet"]
    process = start(*options, **secret)
    wait_for(started, process)
    scheduler.kill()
    out, err = process.communicate(timeout=600)
    assert (process.returncode, out, left_by(process)) == (4, "", [])
    number = re.fullmatch(
        rf"improvement-analysis: (\d+) pages were not made: the Dask scheduler at {re.escape(address)} no "
        r"longer answers \((\d+) of them are kept from an earlier run\)\n",
        err,
    )
    assert number
    assert number[1] == number[2]
    stale = [page for page in records(tmp_path / "out").values() if page["stale"]]
    assert str(len(stale)) == number[1]
    statuses = records(tmp_path / "out")
    kept = [path for path in before if statuses[path.relative_to(good).as_posix()]["status"] == "failed"]
    assert kept
    assert [path for path in kept if path.read_bytes() != before[path]] == []


# ------------------------------------------------------------------------------ a cluster within this process


@contextmanager
def small_cluster(workers=1):
    """A scheduler, and a worker that is a thread of this process."""
    with distributed.LocalCluster(
        n_workers=workers,
        threads_per_worker=1,
        processes=False,
        protocol="tcp://",
        host="127.0.0.1",
        dashboard_address=None,
        scheduler_kwargs={"dashboard_address": "127.0.0.1:0", "dashboard": False},
        memory_limit=0,
    ) as started:
        yield started.scheduler_address


@pytest.fixture
def no_fork(monkeypatch):
    monkeypatch.setenv("IMPROVEMENT_ANALYSIS_FORK", "0")


def test_no_more_pages_are_handed_out_than_asked(ds, tmp_path, monkeypatch, no_fork):
    handed, seen = [], []

    def make(page, edition, home):
        assert Path(edition.dataset) != PUBLISHED
        assert sorted(path.name for path in Path(edition.dataset).iterdir()) == sorted(
            path.name for path in PUBLISHED.iterdir()
        )
        assert Path(edition.dataset).is_relative_to(home)
        seen.append(Path(edition.dataset))
        return Made(b"<!DOCTYPE html>")

    submit = cluster_module._Feed._submit

    def watched(self, errand):
        submit(self, errand)
        handed.append(len(self.under_way))

    monkeypatch.setattr("improvement_analysis.report.making.page.make_page", make)
    monkeypatch.setattr(cluster_module._Feed, "_submit", watched)
    with small_cluster() as address, Cluster(address, jobs=2) as cluster:
        outcome = run_report(ds, order(tmp_path), workers=cluster.workers(PUBLISHED))
        assert worker._HERE.place is None
        assert not seen[0].exists()
        again = run_report(ds, order(tmp_path, if_changed=True), workers=cluster.workers(PUBLISHED))
    assert {page.status for page in outcome.pages} == {"made"}
    assert {page.status for page in again.pages} == {"up to date"}
    assert (len(handed), max(handed)) == (len(plan_pages(ds)), 2)
    assert len(set(seen)) == 1


def test_a_worker_that_nobody_asks_any_more_lets_go_of_files(copy, tmp_path, monkeypatch, no_fork):
    class Worker:
        local_directory = str(tmp_path)
        status = distributed.Status.running

    monkeypatch.setattr(worker, "_IDLE_SECONDS", 0.05)
    ours = worker._Workshop()
    with ours.open(pack(copy), Worker()) as folder:
        time.sleep(0.2)
        assert (folder / "source.toml").is_file()
    end = time.monotonic() + 150
    while folder.exists() or ours.place is not None:
        assert time.monotonic() < end
        time.sleep(0.01)


def test_what_a_worker_throws_is_one_page_failure(ds, tmp_path, monkeypatch, no_fork):
    def make(page, edition, home):
        if page.path == "overview.html":
            raise ZeroDivisionError("no such thing")
        if page.path == "data-quality.html":
            raise OSError(28, "No space left on device")
        return Made(b"<!DOCTYPE html>")

    monkeypatch.setattr("improvement_analysis.report.making.page.make_page", make)
    with small_cluster() as address, Cluster(address) as cluster:
        outcome = run_report(ds, order(tmp_path), workers=cluster.workers(PUBLISHED))
    assert {page.path: page.error for page in outcome.failed} == {
        "overview.html": "overview: could not be made on a worker (ZeroDivisionError: no such thing)",
        "data-quality.html": "a worker cannot keep files for a while (No space left on device)",
    }


def test_a_cluster_without_workers_is_waited_for_and_then_told(ds, tmp_path, monkeypatch):
    monkeypatch.setattr(cluster_module, "_PATIENCE", 0.5)
    monkeypatch.setattr(cluster_module, "_LOOK", 0.1)
    with small_cluster(workers=0) as address, Cluster(address) as cluster:
        outcome = run_report(ds, order(tmp_path), workers=cluster.workers(PUBLISHED))
    assert {page.error for page in outcome.failed} == {f"the Dask scheduler at {address} has no workers"}
    assert len(outcome.failed) == len(plan_pages(ds))


def test_a_scheduler_that_is_not_there_fails_every_page_for_one_reason(ds, tmp_path, capsys, monkeypatch):
    monkeypatch.setattr(cluster_module, "_REACH", 0.3)
    given = ["report", str(PUBLISHED), "-o", str(tmp_path), "--cluster", "127.0.0.1:1", "--quiet"]
    before = signal.getsignal(signal.SIGTERM)
    assert main(given) == 4
    signal.signal(signal.SIGTERM, before)
    err = capsys.readouterr().err
    said = "pages were not made: the Dask scheduler at 127.0.0.1:1 cannot be reached ("
    assert err.startswith(f"improvement-analysis: {len(plan_pages(ds))} {said}")
    assert err.count("\n") == 1


# ------------------------------------------------------------------------------------ what is refused at once


@pytest.mark.parametrize(
    "text", ["local", "10.0.0.5:8786", "tcp://host:8786", "tls://a-b.example:1", "tcp://[::1]:8786"]
)
def test_addresses(text):
    assert check_address(text) == text


@pytest.mark.parametrize(
    "text",
    ["", "host", "host:", "host:0", "host:99999", "http://host:80", "tcp://:8786", "tcp://host:1/x", "LOCAL"],
)
def test_what_is_no_address_is_refused(text, tmp_path, capsys):
    assert main(["report", str(PUBLISHED), "-o", str(tmp_path), "--cluster", text]) == 2
    assert capsys.readouterr().err == (
        f"improvement-analysis: the cluster {text!r} cannot be used: expected 'local' or the address of a "
        "Dask scheduler, such as tcp://10.0.0.5:8786\n"
    )


def test_without_dask_the_extra_is_named(monkeypatch):
    monkeypatch.setattr(cluster_module, "find_spec", lambda name: None)
    with pytest.raises(ReportError) as refused:
        check_address("local")
    assert str(refused.value) == (
        "a cluster needs Dask, which is not installed: pip install 'improvement-analysis[dask]'"
    )


# ----------------------------------------------------------------------------------------------- what travels


@pytest.fixture
def place(tmp_path):
    """An empty folder."""
    folder = tmp_path / "place"
    folder.mkdir()
    return folder


def test_a_bundle_is_unpacked_as_it_was(copy, place):
    (copy / "forms" / "none yet").mkdir(parents=True)
    (copy / "notes with spaces.bin").write_bytes(bytes(range(256)))
    (copy / ".hidden").write_text("not sent", encoding="utf-8")
    folder = unpack(pack(copy), place)
    assert folder == place / "copy"
    found = {path.relative_to(folder): path.is_file() and path.read_bytes() for path in folder.rglob("*")}
    sent = {path.relative_to(copy): path.is_file() and path.read_bytes() for path in copy.rglob("*")}
    del sent[Path(".hidden")]
    assert found == sent


def test_a_bundle_that_was_altered_on_the_way_is_refused(copy, place):
    bundle = pack(copy)
    (name, data), *others = bundle.files
    altered = replace(bundle, files=((name, (data or b"") + b"\n"), *others))
    with pytest.raises(ReportError, match="the dataset's files did not reach a worker as they were sent"):
        unpack(altered, place)


def test_a_worker_with_other_versions_is_told_which(copy, place):
    bundle = pack(copy)
    theirs = {**versions(), "pandas": "0.1", "numpy": "0.2"}
    with pytest.raises(ReportError) as refused:
        check_program(bundle, "another", theirs, "the worker tcp://x:1")
    assert str(refused.value) == (
        f"the worker tcp://x:1 has pandas 0.1, numpy 0.2, expected pandas {versions()['pandas']}, "
        f"numpy {versions()['numpy']}; install the same versions there and start it anew"
    )
    with pytest.raises(ReportError, match=r"^a worker has improvement-analysis with other source files"):
        unpack(replace(bundle, program="another"), place)
    check_program(bundle, program_key(), versions())
