"""How long it takes to judge every paragraph of many comments, and what a first look by words saves and loses.

    python scripts/bench_judging.py --comments 100000 --threads 2

From the corpus to the tables segments, quotes and stances, nothing cached, each way in a fresh process: `thorough` lets
the stance model see every paragraph that answers somebody, `quick` only those that the first look passes on, `fast` is
the stance model without a network. Lost is the share of the objections that `thorough` finds and the other does not.
The comments are those of scripts/bench_threads.py.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path

import click
import numpy as np
import orjson
from bench import run
from bench_threads import FORUMS, records

WAYS = ("thorough", "quick", "fast")

_CHILD = "import bench_judging; bench_judging.child(sys.argv[1], int(sys.argv[2]), sys.argv[3], sys.argv[4])"


def child(export: str, threads: int, way: str, out: str) -> None:
    """Judge an export in this process; print what it took, as JSON, and keep the ids of the objections in OUT."""
    import threadkit as tk
    from threadkit.base.progress import Silent
    from threadkit.dispute import stance, static
    from threadkit.pipeline import ordered
    from threadkit.pipeline.disputes import disputes
    from threadkit.pipeline.settings import Settings, Work

    corpus = ordered(tk.read(export))
    model = static.MODEL if way == "fast" else stance.DEFAULT_MODEL
    settings = Settings(stance_model=model, thorough=way == "thorough")
    begun = time.monotonic()
    stances = disputes(corpus, Work(settings, threads, Silent()), None)["stances"]
    seconds = time.monotonic() - begun
    against = stances.index[stances["stance"] == "disagree"].to_numpy(dtype=str)
    np.save(out, against)
    print(json.dumps({"s": seconds, "judged": len(stances), "objections": len(against)}))


@click.command()
@click.option("--comments", default=10_000, show_default=True)
@click.option("--forum", type=click.Choice(sorted(FORUMS)), default="reddit", show_default=True)
@click.option("--threads", default=2, show_default=True)
@click.option("--ways", default=",".join(WAYS), show_default=True, help="Which of them, joined by commas.")
def main(comments: int, forum: str, threads: int, ways: str) -> None:
    """Print time, peak of memory, and what each way finds and loses."""
    if unknown := set(ways.split(",")) - set(WAYS):
        raise click.BadParameter(f"{', '.join(unknown)}: give some of {', '.join(WAYS)}")
    found: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as folder:
        export = Path(folder) / "threads.jsonl"
        with export.open("wb") as stream:
            stream.writelines(orjson.dumps(record) + b"\n" for record in records(forum, comments))
        for way in ways.split(","):
            out = Path(folder) / f"{way}.npy"
            told = run(_CHILD, export, threads, way, out, threads=threads)
            found[way] = np.load(out)
            line = (
                f"{comments:,} comments of {forum}, {way}, {threads} threads: {told['s']:.0f} s, {told['MB']:,.0f} MB, "
                f"{told['judged']:,} paragraphs judged, {told['objections']:,} objections"
            )
            if way != "thorough" and "thorough" in found:
                line += f", {1 - np.isin(found['thorough'], found[way]).mean():.1%} of those of thorough lost"
            click.echo(line)


if __name__ == "__main__":
    main()
