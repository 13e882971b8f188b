"""A forked shell and a kernel give the same outputs, come to the same faults, and leave nothing running."""

import asyncio
import json
import re
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
import papermill
import pytest

from improvement_analysis.errors import ReportError
from improvement_analysis.report.making.execution import execute
from improvement_analysis.report.making.kernels import can_fork, own_kernel

pytestmark = pytest.mark.skipif(not can_fork(), reason="shells are forked on Linux only")

CELLS = {
    "streams": "import sys, warnings, asyncio\n"
    "print('a'); print('b', file=sys.stderr); print('c'); sys.stdout.write('no end')",
    "streams around a display": "print('before'); display(1); print('after', file=sys.stderr); print('last')",
    "a command": "!echo from a shell",
    "a cell of bash": "%%bash\necho from bash\necho worse >&2",
    "rich": "class R:\n"
    "    def __repr__(self): return 'r'\n"
    "    def _repr_html_(self): return '<b>é</b>'\n"
    "    def _repr_markdown_(self): return '**x**'\n"
    "    def _repr_png_(self): return b'never asked for'\n"
    "R()",
    "bundle": "class M:\n"
    "    def _repr_mimebundle_(self, **_):\n"
    "        data = {'text/plain': 'p', 'application/x+json': {'k': [1, None]}}\n"
    "        return data, {'text/plain': {'alt': 'x'}}\n"
    "display(M()); M()",
    "display id": "from IPython.display import HTML, Markdown, clear_output\n"
    "print('before'); handle = display(HTML('1'), display_id='d'); print('after')",
    "update and clear late": "handle.update(HTML('2')); print('x'); clear_output(wait=True); print('y')\n"
    "display(Markdown('m'))",
    "clear at once": "print('gone'); clear_output(); 5",
    "figures": "%matplotlib inline\n"
    "import matplotlib.pyplot as plt\n"
    "get_ipython().display_formatter.active_types = get_ipython().display_formatter.format_types\n"
    "plt.plot([1, 2]); plt.show(); plt.figure(); plt.plot([3]);",
    "await": "async def wait():\n    await asyncio.sleep(0.01)\n    return 7\nawait wait()",
    "a task begun": "task = asyncio.create_task(wait()); asyncio.get_running_loop().is_running()",
    "a task awaited": "await task",
    "a warning": "warnings.warn('careful')",
    "much": "print('x' * 900_000); HTML('y' * 2_000_000)",
    "input": "import getpass\n"
    "for ask in (input, getpass.getpass):\n"
    "    try:\n        ask('?')\n"
    "    except Exception as fault:\n        print(type(fault), fault)",
    "surroundings": "import os\n"
    "sys.stdin.read(), os.environ['TERM'], os.environ['MPLBACKEND'], __name__, _, len(In), Out[6]",
    "frame": "import pandas as pd\npd.DataFrame({'a': [1, 2]})",
    "html": "%%html\n<i>i</i>",
    "help": "pd.DataFrame?",
    "quiet": "'quiet';",
    "a fault shown": "def deep():\n    return {}['missing']\n"
    "try:\n    deep()\nexcept KeyError:\n    get_ipython().showtraceback()",
    "a fault": "def divide(n):\n    return 1 / n\nprint('partial')\ndivide(0)",
    "never reached": "1",
}
FAULTS = {
    "raise SystemExit(3)": "n: code cell 1 stopped with SystemExit: 3",
    "import os; os._exit(0)": "n: the kernel died before the notebook's end",
    "exit()": "n: the kernel died before the notebook's end",
    "while True: pass": "n: a cell did not end within 10 seconds",
}


def notebook(*cells):
    parameters = nbformat.v4.new_code_cell("q = 1", metadata={"tags": ["parameters"]})
    made = nbformat.v4.new_notebook(cells=[parameters, *map(nbformat.v4.new_code_cell, cells)])
    made.metadata.kernelspec = {"name": "python3", "display_name": "Python", "language": "python"}
    return made


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """For both ways: the outputs of each cell, and what is said of each fault. More can be forked."""
    forked, kernel = tmp_path_factory.mktemp("forked"), tmp_path_factory.mktemp("kernel")
    with own_kernel(forked) as name:
        found = {"forked": (outputs_of(forked, name), faults_of(forked))}
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("IMPROVEMENT_ANALYSIS_FORK", "0")
            with own_kernel(kernel) as name:
                found["kernel"] = outputs_of(kernel, name), faults_of(kernel)
        yield found


def outputs_of(folder, kernel):
    """What each cell shows and its number, as text; of a file's name no folder and no process's id."""
    named = {"engine_name": "improvement_analysis", "kernel_name": kernel, "progress_bar": False}
    with pytest.raises(papermill.PapermillExecutionError, match="division by zero"):
        papermill.execute_notebook(notebook(*CELLS.values()), str(folder / "out.ipynb"), **named)
    cells = nbformat.read(folder / "out.ipynb", as_version=4).cells
    code = [cell for cell in cells if cell.cell_type == "code"]
    texts = [json.dumps([cell.outputs, cell.execution_count], indent=1) for cell in code[1:]]
    plain = [re.sub(r"ipykernel_\d+|0x[0-9a-f]{8,}", "", text.replace(str(folder), "")) for text in texts]
    return dict(zip(CELLS, plain, strict=True))


def faults_of(folder):
    """What is said of each fault; two at a time."""

    def of(number):
        place = folder / str(number)
        place.mkdir()
        with pytest.raises(ReportError) as fault:
            execute(notebook(list(FAULTS)[number], "2"), {}, place, name="n", timeout=10)
        return str(fault.value)

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(FAULTS, pool.map(of, range(len(FAULTS))), strict=True))


@pytest.mark.parametrize("name", CELLS)
def test_a_forked_shell_and_a_kernel_show_the_same(runs, name):
    forked, kernel = runs["forked"][0][name], runs["kernel"][0][name]
    assert forked == kernel
    shows_nothing = name in ("quiet", "help", "never reached")
    assert (json.loads(forked)[0] == []) == shows_nothing
    assert (json.loads(forked)[1] is None) == (name == "never reached")


def test_what_is_shown_is_what_was_asked_for(runs):
    """The two ways could be wrong in the same manner: some of it by hand."""
    shown = {name: json.loads(text)[0] for name, text in runs["forked"][0].items()}
    streams = [(output.get("name"), output.get("text")) for output in shown["streams around a display"]]
    assert streams == [("stdout", "before\n"), (None, None), ("stdout", "last\n"), ("stderr", "after\n")]
    assert shown["display id"][1]["data"]["text/html"] == "2"
    assert [output["output_type"] for output in shown["figures"]] == ["display_data", "display_data"]
    assert len(shown["much"][0]["text"]) == 900_001
    assert "this frontend does not support input requests" in shown["input"][0]["text"]
    assert shown["a fault"][1]["ename"] == "ZeroDivisionError"
    assert "in divide" in re.sub(r"\x1b\[[0-9;]*m", "", "".join(shown["a fault"][1]["traceback"]))


@pytest.mark.parametrize("cell", FAULTS)
def test_both_ways_say_the_same_of_a_fault(runs, cell):
    assert runs["forked"][1][cell] == runs["kernel"][1][cell] == FAULTS[cell]


@pytest.mark.usefixtures("runs")
def test_what_a_cell_started_ends_with_it(tmp_path):
    cell = "import os, subprocess\nos.fork()\nprint(subprocess.Popen(['sleep', '500']).pid)"
    done = execute(notebook(cell), {}, tmp_path, name="n", timeout=300)
    (printed,) = done.cells[-1].outputs
    started = [Path("/proc") / number for number in printed.text.split()]
    end = time.monotonic() + 60
    while any(process.exists() for process in started) and time.monotonic() < end:
        time.sleep(0.02)
    assert started
    assert not any(process.exists() for process in started)


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("cell", ["while True: pass", "1/0"])
def test_a_failed_notebook_holds_what_was_printed(tmp_path, cell):
    with pytest.raises(ReportError):
        execute(notebook(f"print('as far as this')\n{cell}"), {}, tmp_path, name="n", timeout=5)
    kept = nbformat.read(tmp_path / "executed.ipynb", as_version=4)
    assert kept.cells[1].outputs[0].text == "as far as this\n"


@pytest.mark.parametrize("fork", ["1", "0"])
def test_a_page_can_be_run_from_a_notebook_whose_loop_is_running(tmp_path, monkeypatch, fork):
    monkeypatch.setenv("IMPROVEMENT_ANALYSIS_FORK", fork)

    async def run():
        return execute(notebook("6 * 7"), {}, tmp_path, name="n", timeout=300)

    with own_kernel(tmp_path), ThreadPoolExecutor(1) as pool:
        done = pool.submit(lambda: asyncio.run(run())).result()
    assert done.cells[-1].outputs[0].data["text/plain"] == "42"


@pytest.mark.parametrize("changed", [False, True])
def test_the_dataset_is_loaded_once_unless_a_file_changes(tmp_path, copy, changed):
    """Between the start of the template process and a page."""
    cell = (
        "from pathlib import Path\nimport improvement_analysis as ia\n"
        "from improvement_analysis.sources.cache import recall\n"
        f"recall(Path({str(copy)!r})) is None, len(ia.load({str(copy)!r}).findings)"
    )
    path = copy / "findings.csv"
    *lines, _ = path.read_text(encoding="utf-8").splitlines()
    with own_kernel(tmp_path, copy):
        if changed:
            path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        done = execute(notebook(cell), {}, tmp_path, name="n", timeout=300)
    assert done.cells[-1].outputs[0].data["text/plain"] == repr((changed, len(lines) - changed))
