"""Every notebook runs from its source on a small world, and the executed copy beside it is in step."""

import os
from pathlib import Path

import jupytext
import nbformat
import pytest
from nbclient import NotebookClient

FOLDER = Path(__file__).parents[2] / "notebooks"
NAMES = ("01_first_comparison", "02_change_a_rule", "03_one_customer")
FEW = """
SIZE = {"population.customers": 400, "experiment.warm_up": 30, "experiment.horizon": 60}
REPLICATIONS = 3
"""
SMALL = {"01_first_comparison": FEW, "02_change_a_rule": FEW, "03_one_customer": ""}  # the last is small as it is


def source(name: str) -> nbformat.NotebookNode:
    """The notebook as its .py file says, without outputs."""
    return jupytext.read(FOLDER / f"{name}.py")


def executed(name: str) -> nbformat.NotebookNode:
    """The notebook with outputs that lies beside it."""
    return nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)


def made_small(notebook: nbformat.NotebookNode, change: str) -> nbformat.NotebookNode:
    """The notebook with other parameters: a cell after the one that is tagged so."""
    place = next(place for place, cell in enumerate(notebook.cells) if "parameters" in cell.metadata.get("tags", ()))
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell(change))
    return notebook


def outputs(notebook: nbformat.NotebookNode) -> list[nbformat.NotebookNode]:
    """All outputs of all cells."""
    return [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]


def test_all_notebooks_are_known_here():
    assert sorted(path.stem for path in FOLDER.glob("*.py")) == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_runs_on_a_small_world_and_ends_with_words(name, monkeypatch):
    root = str(FOLDER.parent)
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH")))))
    notebook = made_small(source(name), SMALL[name])
    client = NotebookClient(notebook, timeout=300, kernel_name="python3", resources={"metadata": {"path": str(FOLDER)}})
    client.execute()  # raises the error of the first cell that fails
    last = next(cell for cell in reversed(notebook.cells) if cell.cell_type == "code")
    assert any(len(output.get("text", "").split()) > 8 for output in last.outputs)


@pytest.mark.parametrize("name", NAMES)
def test_the_executed_copy_is_in_step_with_its_source(name):
    wanted = [(cell.cell_type, cell.source) for cell in source(name).cells]
    found = [(cell.cell_type, cell.source) for cell in executed(name).cells]
    assert found == wanted, f"write it anew: jupytext --to ipynb --execute notebooks/{name}.py"


@pytest.mark.parametrize("name", NAMES)
def test_the_executed_copy_has_run_from_top_to_bottom_without_complaint(name):
    notebook = executed(name)
    counts = [cell.execution_count for cell in notebook.cells if cell.cell_type == "code"]
    assert counts == list(range(1, len(counts) + 1))
    complaints = [
        output for output in outputs(notebook) if output.output_type == "error" or output.get("name") == "stderr"
    ]
    assert not complaints


@pytest.mark.parametrize("name", NAMES)
def test_a_notebook_begins_with_a_question_and_shows_little(name):
    notebook = executed(name)
    assert "?" in notebook.cells[0].source
    for output in outputs(notebook):
        text = output.get("text") or output.get("data", {}).get("text/plain", "")
        assert len(text.splitlines()) <= 110
