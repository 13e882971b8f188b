"""A cell that prints without end or shows gigabytes is an error in a sentence, and fills no memory."""

import resource

import nbformat
import pytest

from improvement_analysis.errors import ReportError
from improvement_analysis.report.making.execution import execute
from improvement_analysis.report.making.kernels import own_kernel
from improvement_analysis.report.warm.output_limit import MOST_PRINTED, MOST_SHOWN

SAID = "a cell may print 1 MB and show 10 MB, and this one has more"
#: What a cell does.
CELLS = {
    "prints without end": "while True:\n    print('x' * 1000)",
    "returns a gigabyte": "'x' * 10 ** 8",
    "shows a gigabyte": "from IPython.display import HTML\nHTML('x' * 10 ** 8)",
    "shows many": (
        "from IPython.display import HTML, display\nfor n in range(10_000): display(HTML('x' * 10_000))"
    ),
}
#: Cells that no error reaches: whoever runs them ends them.
DEAF = {
    "passes over errors": "while True:\n    try: print('x' * 1000)\n    except BaseException: pass",
    "passes over errors of what it shows": (
        "show = {'text/html': 'x' * 10 ** 6}\n"
        "while True:\n    try: display(show, raw=True)\n    except BaseException: pass"
    ),
    "prints past Python and ignores interrupts": (
        "import os, signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: os.write(2, b'x' * 999)"
    ),
    "prints in a thread": (
        "import threading\ndef work():\n    while True: print('x' * 1000)\n"
        "thread = threading.Thread(target=work)\nthread.start()\nthread.join()"
    ),
}


@pytest.fixture(scope="module", params=["1", "0"], ids=["forked", "plain"])
def kernel(request, tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("IMPROVEMENT_ANALYSIS_FORK", request.param)
        with own_kernel(tmp_path_factory.mktemp("kernel")):
            yield request.param


@pytest.mark.parametrize("name", [*CELLS, *DEAF])
@pytest.mark.usefixtures("kernel")
def test_too_much_is_an_error_and_the_notebook_stays_readable(name, tmp_path, monkeypatch):
    monkeypatch.delenv("PYTEST_CURRENT_TEST")  # with it a kernel leaves alone what is printed past Python
    cells = [nbformat.v4.new_code_cell("q = 1", metadata={"tags": ["parameters"]}, id="given")]
    cells += [
        nbformat.v4.new_code_cell(text, id=f"cell-{n}")
        for n, text in enumerate(["'before'", (CELLS | DEAF)[name]])
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python", "language": "python"}
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    with pytest.raises(ReportError) as fault:
        execute(notebook, {"q": 2}, tmp_path, name="n", timeout=120)
    assert str(fault.value) == (
        f"n: {SAID}" if name in DEAF else f"n: code cell 3 stopped with OutputLimitError: {SAID}"
    )
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 300_000  # kB
    left = tmp_path / "executed.ipynb"
    assert left.stat().st_size < 2 * MOST_SHOWN
    assert "'before'" in str(nbformat.read(left, as_version=4).cells[2].outputs)


def test_what_is_allowed_is_so_much_for_each_cell(kernel, tmp_path):
    most = f"print('x' * {MOST_PRINTED // 2})"
    cells = [
        nbformat.v4.new_code_cell(text, id=f"c{n}") for n, text in enumerate(["q = 1", most, most, most])
    ]
    cells[0].metadata["tags"] = ["parameters"]
    notebook = nbformat.v4.new_notebook(cells=cells)
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python", "language": "python"}
    done = execute(notebook, {}, tmp_path, name="n", timeout=120)
    assert [len(cell.outputs[0].text) for cell in done.cells[1:]] == [MOST_PRINTED // 2 + 1] * 3
