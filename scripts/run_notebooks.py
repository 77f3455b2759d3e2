"""Run the example notebooks from a clean kernel and write what they show into them: python scripts/run_notebooks.py.

Progress bars and times are left out, so that the same notebook gives the same file.
"""

from __future__ import annotations

import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from threadkit.base.progress import LINE

FOLDER = Path(__file__).resolve().parents[1] / "notebooks"
# Seconds that a cell may take.
TIMEOUT = 1800


def run(path: Path) -> nbformat.NotebookNode:
    """Return a notebook as it is after a run from a clean kernel; raises CellExecutionError where a cell fails."""
    notebook = nbformat.read(path, as_version=4)
    client = NotebookClient(
        notebook, timeout=TIMEOUT, kernel_name="python3", resources={"metadata": {"path": str(path.parent)}}
    )
    client.execute()
    for i, cell in enumerate(notebook.cells):
        cell.id = f"cell-{i}"
        cell.metadata.pop("execution", None)
        if cell.cell_type == "code":
            cell.outputs = [output for output in cell.outputs if not _fleeting(output)]
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return notebook


def _fleeting(output: nbformat.NotebookNode) -> bool:
    """Tell whether an output is a progress bar or a message of the machine, and no result."""
    if output.output_type == "stream":
        return bool(output.name == "stderr")
    return LINE in str(output.get("data", {}).get("text/html", ""))


def main() -> None:
    """Run the notebooks named, or all."""
    for path in [Path(name) for name in sys.argv[1:]] or sorted(FOLDER.glob("*.ipynb")):
        nbformat.write(run(path), path)
        print(path.name)


if __name__ == "__main__":
    main()
