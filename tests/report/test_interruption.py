"""A request to stop is never lost, not even where Python loses what it raises."""

import signal
import sys
import tempfile
from contextlib import contextmanager

import pytest

from improvement_analysis.report.interruption import heed, held_back, stopping_when_asked
from improvement_analysis.report.making.page import Made
from improvement_analysis.report.making.workers import local_workers
from improvement_analysis.report.runner import run_report


class Ending:
    """Asks to stop in the moment in which Python clears it away."""

    def __init__(self, number):
        self.number = number

    def __del__(self):
        signal.raise_signal(self.number)


@pytest.fixture(autouse=True)
def asked(monkeypatch):
    """A run that may be asked to stop, with what was set before put back."""
    monkeypatch.setattr(sys, "unraisablehook", sys.unraisablehook)
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    with stopping_when_asked():
        yield
    for number, handler in before.items():
        signal.signal(number, handler)


REQUESTS = {signal.SIGINT: KeyboardInterrupt, signal.SIGTERM: SystemExit}


@pytest.mark.parametrize("number", REQUESTS)
def test_a_request_stops_at_once(number):
    with pytest.raises(REQUESTS[number]) as stopped:
        signal.raise_signal(number)
    assert number == signal.SIGINT or stopped.value.code == 143


@pytest.mark.parametrize("number", REQUESTS)
def test_a_request_that_python_lost_is_heeded_without_a_word(number, capsys):
    Ending(number)
    assert capsys.readouterr() == ("", "")
    with pytest.raises(REQUESTS[number]):
        heed()
    with pytest.raises(REQUESTS[number]), held_back():
        pytest.fail("what was made is shown although the run was asked to stop")


def test_nothing_asked_stops_nothing():
    heed()
    with held_back():
        pass


def test_a_request_of_an_earlier_run_is_over():
    Ending(signal.SIGTERM)
    with stopping_when_asked():
        heed()
    heed()


def test_another_fault_that_cannot_be_raised_is_told_as_ever(monkeypatch):
    told = []
    monkeypatch.setattr(sys.unraisablehook, "before", told.append)

    class Faulty:
        def __del__(self):
            raise ValueError("an odd one")

    Faulty()
    assert [str(fault.exc_value) for fault in told] == ["an odd one"]


def test_a_run_with_a_lost_request_shows_nothing(ds, order):
    asked = order(notebooks=["overview", "data_quality"])

    @contextmanager
    def workers():
        yield lambda pages, _: ((page.path, Made(data=b"<html>", tables=())) for page in pages)

    def progress(done, total, record):
        Ending(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_report(ds, asked, progress, workers())
    assert not list(asked.output.rglob("*.html"))


def test_pages_that_wait_are_not_begun(ds, order):
    """The end of the first page brings the request: of five, two were under way."""
    seen = []

    def progress(done, total, record):
        seen.append(record.path)
        Ending(signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        run_report(ds, order(notebooks=["service_findings"], jobs=1), progress)
    assert len(seen) <= 2


@pytest.mark.parametrize("where", ["mkdtemp", "TemporaryDirectory._rmtree"])
def test_a_folder_for_a_while_is_gone_whenever_the_request_came(tmp_path, monkeypatch, where):
    """The request comes within the library that makes folders and clears them away."""
    *within, name = where.split(".")
    owner = getattr(tempfile, *within) if within else tempfile
    done = getattr(owner, name)

    def asked_meanwhile(*given, **named):
        if name == "_rmtree":
            signal.raise_signal(signal.SIGTERM)
            return done(*given, **named)
        made = done(*given, **named)
        signal.raise_signal(signal.SIGTERM)
        return made

    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(owner, name, staticmethod(asked_meanwhile))
    with pytest.raises(SystemExit), local_workers(1):
        pass
    assert list(tmp_path.iterdir()) == []
