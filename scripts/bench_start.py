"""Time what nobody wants to wait for: --help, import threadkit, and the report and the cruxes of a saved run.

python scripts/bench_start.py [RUN] [--rounds 5]   # RUN: a folder that `threadkit analyze` wrote; else a small run

Printed are seconds of the processor (user and system, of a fresh process, the best of some rounds taken in turn), so
that a busy machine counts for less, the same of a bare `import pandas`, which the last two cannot go below, how many
times as long each takes, and which packages were imported that it does not need: none may be. 0.3 s are allowed for the
first two and 1 s for the last two.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
# What is looked for among the imports: first what only an analysis or another form needs, then what one command needs
# and another does not.
HEAVY = (
    "torch", "transformers", "sentence_transformers", "sklearn", "scipy", "umap", "numba", "plotly", "matplotlib",
    "networkx", "duckdb", "lxml", "markdown_it", "rapidfuzz", "py3langid", "pyarrow.dataset", "dask", "asyncio",
    "click", "jinja2", "numpy", "orjson", "pandas", "pyarrow", "rich", "threadkit.readers", "threadkit.pipeline",
    "threadkit.crux", "threadkit.dispute",
)  # fmt: skip
_TABLES = {"click", "numpy", "orjson", "pandas", "pyarrow"}
NEEDED = {
    "threadkit --help": {"click"},
    "threadkit report": _TABLES | {"jinja2"},
    "threadkit show": _TABLES | {"rich"},
}
# Seconds that are allowed.
ALLOWED = {"threadkit --help": 0.3, "import threadkit": 0.3, "threadkit report": 1.0, "threadkit show": 1.0}
BASE = "import pandas"
_CALL = "import sys; from threadkit.__main__ import main; sys.argv = ['threadkit', *{words!r}]; main()"
_TOLD = (
    "import atexit, sys; atexit.register(lambda: print(*[name for name in {heavy!r} if name in sys.modules], "
    "file=sys.stderr))\n"
)


def cases(run: Path) -> dict[str, str]:
    """Return what is timed, by name, as a line of Python."""
    return {
        BASE: "import pandas",
        "import threadkit": "import threadkit",
        "threadkit --help": _CALL.format(words=["--help"]),
        "threadkit report": _CALL.format(words=["report", str(run)]),
        "threadkit show": _CALL.format(words=["show", str(run)]),
    }


def start(code: str) -> tuple[float, set[str]]:
    """Run a line in a fresh process: its seconds of the processor, and which of HEAVY it imported."""
    # A package that pip installed is compiled; so is this checkout after the first round, unless Python is told not to.
    environment = {key: text for key, text in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPATH"] = str(ROOT)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-c", _TOLD.format(heavy=HEAVY) + code],
        env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=True,
    )  # fmt: skip
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    took = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return took, set(done.stderr.splitlines()[-1].split())


def measure(run: Path, rounds: int) -> dict[str, tuple[float, set[str]]]:
    """Return the least seconds of each case, and which of HEAVY it imported without need."""
    found: dict[str, tuple[float, set[str]]] = {}
    for _ in range(rounds):
        for name, code in cases(run).items():
            took, imported = start(code)
            least = min(took, found[name][0]) if name in found else took
            found[name] = least, imported - NEEDED.get(name, _TABLES if name == BASE else set())
    return found


def small(folder: Path) -> Path:
    """Save a small run to draw."""
    sys.path.insert(0, str(ROOT / "tests"))
    from disputes import disputed

    said = {f"c{i}": (None, f"author {i}", i, f"It is too dear, for reason {i}.", True) for i in range(12)}
    return disputed(said, run={"counts": {"posts": 1, "comments": 12, "objections": 12, "cruxes": 1}}).save(folder)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("run", type=Path, nargs="?")
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        if given.run:
            shutil.copytree(given.run, run)
        else:
            small(run)
        found = measure(run, given.rounds)
    print(f"| what | CPU seconds | allowed | times {BASE} | needless imports |\n| :- | -: | -: | -: | :- |")
    for name, (took, heavy) in found.items():
        times = f"{took / found[BASE][0]:.2f}"
        print(f"| {name} | {took:.2f} | {ALLOWED.get(name, '')} | {times} | {', '.join(sorted(heavy)) or 'none'} |")


if __name__ == "__main__":
    main()
