"""The example notebooks hold what they show, and run from a clean kernel."""

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
NAMES = ["first-look.ipynb", "two-communities.ipynb"]


@pytest.fixture(scope="module")
def runner():
    for name in ("nbclient", "nbformat", "ipykernel", "matplotlib"):
        pytest.importorskip(name, reason=f"{name}, which runs notebooks, is not installed")
    import run_notebooks

    return run_notebooks


def test_no_other_notebook_is_there():
    assert sorted(path.name for path in FOLDER.glob("*.ipynb")) == NAMES


@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_was_run_and_holds_nothing_of_a_machine(name, runner):
    import nbformat

    notebook = nbformat.read(FOLDER / name, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert sum(bool(cell.outputs) for cell in code) >= len(code) / 2
    shown = "".join(str(cell.outputs) for cell in code)
    assert "image/png" in shown
    assert not re.search(r"/(?:root|home|Users|tmp)/|Traceback|\x1b\[", shown)


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_the_notebook_runs_from_a_clean_kernel(name, runner):
    before = runner.nbformat.read(FOLDER / name, as_version=4)
    after = runner.run(FOLDER / name)
    assert [cell.source for cell in after.cells] == [cell.source for cell in before.cells]
    kinds = [[output.output_type for output in cell.get("outputs", [])] for cell in after.cells]
    assert kinds == [[output.output_type for output in cell.get("outputs", [])] for cell in before.cells]
