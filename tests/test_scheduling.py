"""What a scheduler is given under deploy/: every line runs, and asks for nothing that the command lacks."""

import ast
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from improvement_analysis.cli import main

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
SERVICE = DEPLOY / "improvement-analysis-report.service"
TIMER = DEPLOY / "improvement-analysis-report.timer"
SYSTEMD = shutil.which("systemd-analyze")
needs_systemd = pytest.mark.skipif(SYSTEMD is None, reason="systemd-analyze is not installed")
PROJECT, PAGES = "/srv/improvement-analysis", "/var/lib/improvement-analysis"


def setting(unit, key):
    [value] = re.findall(rf"^{key}=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE)
    return value


def cron():
    """The five fields of the crontab's only entry, and its command."""
    text = (DEPLOY / "crontab").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if line and not line.startswith("#")]
    *fields, command = line.split(maxsplit=5)
    return fields, command


def airflow():
    """The arguments of the DAG and of its operator that are plain values."""
    tree = ast.parse((DEPLOY / "airflow_report.py").read_text(encoding="utf-8"))
    calls = {
        call.func.id: call
        for call in ast.walk(tree)
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Name)
    }
    return {
        name: {
            each.arg: ast.literal_eval(each.value)
            for each in calls[name].keywords
            if not isinstance(each.value, ast.Call)
        }
        for name in ("DAG", "BashOperator")
    }


def windows():
    """The line of the batch file that makes the report."""
    text = (DEPLOY / "report.cmd").read_text(encoding="utf-8")
    [line] = [line for line in text.splitlines() if "improvement-analysis.exe" in line]
    return line.partition(">>")[0].replace("\\", "/")


COMMANDS = {
    "systemd": setting(SERVICE, "ExecStart"),
    "cron": cron()[1].partition("&&")[2],
    "airflow": airflow()["BashOperator"]["bash_command"],
    "windows": windows(),
}


def arguments(command):
    program, *rest = shlex.split(command)
    assert re.search(r"\.venv/(bin|Scripts)/improvement-analysis(\.exe)?$", program)
    return rest


@pytest.mark.parametrize("scheduler", COMMANDS)
def test_every_scheduler_asks_for_the_same_run(scheduler):
    *asked, folder = arguments(COMMANDS[scheduler])
    assert asked == ["report", "--all", "--if-changed", "--quiet", "--output"]
    assert folder in (PAGES, "${STATE_DIRECTORY}", "$PAGES", "reports")


@pytest.mark.parametrize("scheduler", COMMANDS)
def test_every_option_is_one_of_the_command(scheduler, capsys):
    command, *rest = arguments(COMMANDS[scheduler])
    with pytest.raises(SystemExit) as stopped:
        main([command, "--help"])
    assert stopped.value.code == 0
    known = re.findall(r"--[\w-]+", capsys.readouterr().out)
    assert [word for word in rest if word.startswith("-") and word not in known] == []


@pytest.fixture
def installed(tmp_path):
    """A folder as a scheduler finds it: a dataset, and the command where the files say."""
    home = tmp_path / "project"
    shutil.copytree(
        ROOT / "data" / "raw" / "worcestershire-2018", home / "data" / "raw" / "worcestershire-2018"
    )
    command = home / ".venv" / "bin" / "improvement-analysis"
    command.parent.mkdir(parents=True)
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m improvement_analysis "$@"\n', encoding="utf-8")
    command.chmod(0o755)
    return home


def run(line, home, **environment):
    """Run a line as the scheduler's shell does; only plan, not make."""
    placed = line.replace(PROJECT, str(home)).replace(PAGES, str(home / "pages"))
    return subprocess.run(
        ["/bin/sh", "-c", f"{placed} --dry-run"],
        cwd=environment.pop("cwd", "/"),
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


@pytest.mark.skipif(os.name != "posix", reason="these lines are for a POSIX shell")
class TestRun:
    @pytest.fixture(params=["systemd", "cron", "airflow"])
    def line(self, request, installed):
        """The line with its folder and environment."""
        if request.param == "cron":
            return cron()[1], {"cwd": "/"}
        if request.param == "systemd":
            assert setting(SERVICE, "WorkingDirectory") == PROJECT
            return COMMANDS["systemd"], {"cwd": str(installed), "STATE_DIRECTORY": str(installed / "pages")}
        operator = airflow()["BashOperator"]
        assert operator["cwd"] == PROJECT
        return operator["bash_command"], {"cwd": str(installed), "PAGES": str(installed / "pages")}

    def test_the_line_finds_the_datasets(self, line, installed):
        command, environment = line
        done = run(command, installed, **environment)
        assert (done.returncode, done.stderr) == (0, "")

    def test_the_line_says_that_nothing_is_there_to_report_on(self, line, installed):
        shutil.rmtree(installed / "data")
        command, environment = line
        done = run(command, installed, **environment)
        assert done.returncode == 2
        assert "no dataset under" in done.stderr


def test_all_start_at_half_past_two_at_night():
    assert cron()[0] == ["30", "2", "*", "*", "*"]
    assert airflow()["DAG"]["schedule"] == "30 2 * * *"
    assert setting(TIMER, "OnCalendar") == "*-*-* 02:30:00"


def test_a_run_that_overlaps_or_was_missed_is_provided_for():
    assert setting(TIMER, "Persistent") == "true"
    assert airflow()["DAG"]["max_active_runs"] == 1
    assert airflow()["DAG"]["catchup"] is False
    assert setting(SERVICE, "Type") == "oneshot"


def test_the_windows_task_ends_with_the_commands_exit_status():
    lines = (DEPLOY / "report.cmd").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "exit /b %ERRORLEVEL%"
    assert "improvement-analysis.exe" in lines[-2]


# -------------------------------------------------------------------------------------------- systemd itself


def verify(folder, home):
    """What systemd has to say about copies of the units whose paths exist here."""
    placed = []
    for unit in (SERVICE, TIMER):
        copy = folder / unit.name
        if not copy.exists():
            text = unit.read_text(encoding="utf-8").replace(PROJECT, str(home))
            copy.write_text(text, encoding="utf-8")
        placed.append(str(copy))
    done = subprocess.run(
        [SYSTEMD, "verify", "--man=no", *placed],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    said = [
        line for line in (done.stdout + done.stderr).splitlines() if "improvement-analysis-report" in line
    ]
    return done.returncode, said


@needs_systemd
def test_systemd_has_nothing_against_the_units(tmp_path, installed):
    assert verify(tmp_path, installed) == (0, [])


@needs_systemd
@pytest.mark.parametrize(
    ("unit", "right", "wrong"),
    [
        (TIMER, "OnCalendar=", "OnCalender="),
        (TIMER, "*-*-* 02:30:00", "half past two"),
        (SERVICE, "Type=oneshot", "Type=once"),
        (SERVICE, "TimeoutStartSec=6h", "TimeoutStartSec=six hours"),
        (SERVICE, "/bin/improvement-analysis ", "/bin/improvement-analyses "),
        (SERVICE, "ProtectSystem=strict", "ProtectSystem=very"),
    ],
)
def test_systemd_would_say_so(tmp_path, installed, unit, right, wrong):
    text = unit.read_text(encoding="utf-8").replace(PROJECT, str(installed))
    assert right in text
    (tmp_path / unit.name).write_text(text.replace(right, wrong), encoding="utf-8")
    assert verify(tmp_path, installed)[1] != []


def test_every_file_is_told_of_in_the_docs():
    said = (ROOT / "docs" / "reports.md").read_text(encoding="utf-8")
    files = sorted(path.name for path in DEPLOY.iterdir() if path.is_file())
    assert [name for name in files if f"deploy/{name}" not in said] == []
