"""The notebooks: thin, clean, and the same three ways."""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import papermill
import pytest
from nbclient import NotebookClient

from improvement_analysis.report.making.exporter import FindingsExporter
from improvement_analysis.report.planning.parameters import read_parameters

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = sorted(path.stem for path in FOLDER.glob("*.ipynb"))


@pytest.fixture(params=NAMES)
def notebook(request):
    return nbformat.read(FOLDER / f"{request.param}.ipynb", as_version=4)


def code(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def test_the_notebooks_the_reports_need_are_there():
    assert {"explore", "service_findings", "overview", "data_quality"} <= set(NAMES)


def test_is_committed_without_outputs(notebook):
    nbformat.validate(notebook)
    assert all(not cell.outputs and cell.execution_count is None for cell in code(notebook))


def test_is_thin(notebook):
    assert len(notebook.cells) <= 24
    for cell in code(notebook):
        assert len(cell.source.splitlines()) <= 10
        assert not [
            node
            for node in ast.walk(ast.parse(cell.source))
            if isinstance(node, ast.FunctionDef | ast.ClassDef)
        ]


def test_begins_with_its_question_and_ends_with_its_source(notebook):
    assert notebook.cells[0].source.startswith("# ")
    assert "source_note" in notebook.cells[-1].source


def test_no_number_is_typed_into_prose(notebook):
    prose = "".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert not any(letter.isdigit() for letter in prose)


def test_every_parameter_is_typed_and_explained(notebook):
    declared = read_parameters(notebook, "notebook")
    assert "dataset" in declared
    assert all(parameter.help for parameter in declared.values())
    assert notebook.cells[1].metadata["tags"] == ["parameters"]


def run(*command, cwd):
    told = subprocess.run(
        [sys.executable, "-m", *command], capture_output=True, text=True, cwd=cwd, timeout=600
    )
    assert told.returncode == 0, told.stderr[-2000:]
    return told.stderr


@pytest.mark.parametrize("name", NAMES)
def test_papermill_knows_every_parameter(name):
    path = FOLDER / f"{name}.ipynb"
    declared = read_parameters(nbformat.read(path, as_version=4), name)
    known = papermill.inspect_notebook(path)
    assert {each: about["help"] for each, about in known.items()} == {
        each: parameter.help for each, parameter in declared.items()
    }


def test_plain_papermill_sets_a_round_without_a_warning(tmp_path, root):
    dataset = str(root / "data" / "raw" / "worcestershire-2018")
    given = ("-p", "dataset", dataset, "-r", "round", "2017-18", "-p", "service", "Safeguarding")
    notebook = str(FOLDER / "service_findings.ipynb")
    told = run("papermill", notebook, "out.ipynb", *given, "--log-level", "WARNING", cwd=tmp_path)
    assert "unknown parameter" not in told
    injected = code(nbformat.read(tmp_path / "out.ipynb", as_version=4))[1]
    assert "round = '2017-18'" in injected.source.replace('"', "'")


@pytest.mark.parametrize("name", NAMES)
def test_runs_by_plain_papermill(name, tmp_path, root):
    out = tmp_path / "out.ipynb"
    dataset = str(root / "data" / "raw" / "worcestershire-2018")
    papermill.execute_notebook(
        FOLDER / f"{name}.ipynb", out, {"dataset": dataset}, cwd=tmp_path, progress_bar=False
    )
    made = nbformat.read(out, as_version=4)
    assert not [o for cell in code(made) for o in cell.outputs if o.output_type == "error"]
    assert all(cell.execution_count for cell in code(made))
    page, _ = FindingsExporter().from_notebook_node(made)
    assert "<h1>" in page


def test_the_commands_of_papermill_and_nbconvert_do_the_same(tmp_path, root):
    dataset = str(root / "data" / "raw" / "worcestershire-2018")
    notebook = str(FOLDER / "overview.ipynb")
    run("papermill", notebook, "out.ipynb", "-p", "dataset", dataset, "--log-level", "ERROR", cwd=tmp_path)
    run("nbconvert", "--to", "findings", "out.ipynb", cwd=tmp_path)
    assert "<h1>" in (tmp_path / "out.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_runs_with_its_own_defaults_from_its_folder_as_jupyterlab_does(name):
    made = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    NotebookClient(made, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}}).execute()
    assert all(cell.execution_count for cell in code(made))
