"""Distil the static encoder from the same-point encoder: one vector a token, whose mean tells nearly as much.

    python scripts/train_static.py --threads 2

The teacher reads texts of ../shared/data/threads and of the parts that scripts/splits.py leaves to training. Its
vectors are turned so that few dimensions hold most of them (singular value decomposition). Each token begins with the
teacher's vector of that token alone, and is then fitted so that the mean over a text points where the teacher's
vector points, and texts of a batch are as near to one another as the teacher has them. Stored as bytes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
import numpy as np
import splits
import torch
from point_sources import Topoi, filled
from training import DATA, ROOT, rows

from threadkit.base.static import TABLE, StaticEncoder
from threadkit.base.text import prose_only
from threadkit.base.weights import shipped
from threadkit.crux.encode import SentenceEncoder

DIM = 256
BATCH = 512
RATE = 2e-3

# Share of all tokens from which a token begins with less than half its length (Arora et al. 2017, smooth inverse
# frequency).
RARE = 1e-3

# Texts of at least so many characters say something; the encoder reads no more than so many of an objection.
MIN_TEXT, MAX_TEXT = 20, 320


def texts(limit: int, rng: np.random.Generator) -> list[str]:
    """Return distinct texts: all that the encoder learnt from, and passages of real threads up to `limit`."""
    topoi = Topoi()
    known = [row["text"] for row in splits.kpa("train")] + [row["text"] for row in splits.perspectrum("train")]
    for point in topoi.points:
        known += point["texts"] + [filled(text, rng.choice(topoi.topics)) for text in point["templates"]]
    passages = []
    for path in sorted((DATA / "threads").glob("iac_*.jsonl.gz")):
        for thread in rows(path):
            for post in thread["posts"]:
                passages += [part[:MAX_TEXT] for part in post["text"].split("\n") if len(part) >= MIN_TEXT]
    passages += [row["reply"][:MAX_TEXT] for row in rows(DATA / "stance/debagreement_dev.jsonl.gz")]
    chosen = [passages[i] for i in rng.permutation(len(passages))[: max(0, limit - len(known))]]
    return list(dict.fromkeys(prose_only(text) for text in known + chosen))


def tokenized(tokenizer: Any, batch: list[str]) -> tuple[torch.Tensor, torch.Tensor]:
    """Return all token numbers in a row, and where each text begins."""
    ids = [line.ids or [0] for line in tokenizer.encode_batch(batch, add_special_tokens=False)]
    starts = np.concatenate([[0], np.cumsum([len(line) for line in ids])[:-1]])
    return torch.tensor([token for line in ids for token in line]), torch.tensor(starts)


def fit(table: np.ndarray, tokenizer: Any, known: list[str], target: np.ndarray, epochs: int, seed: int) -> np.ndarray:
    """Return the table (n_tokens, DIM) fitted to the target vectors (n, DIM)."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    bag = torch.nn.EmbeddingBag.from_pretrained(torch.tensor(table), freeze=False, mode="sum")
    optimizer = torch.optim.Adam(bag.parameters(), lr=RATE)
    goal = torch.tensor(target)
    n = len(known)
    for epoch in range(epochs):
        total = 0.0
        for step, part in enumerate(np.array_split(rng.permutation(n), n // BATCH)):
            for group in optimizer.param_groups:
                group["lr"] = RATE * (1 - (epoch + step * BATCH / n) / epochs)
            vectors = torch.nn.functional.normalize(bag(*tokenized(tokenizer, [known[i] for i in part])))
            loss = (1 - (vectors * goal[part]).sum(1)).mean()
            loss = loss + 5 * ((vectors @ vectors.T - goal[part] @ goal[part].T) ** 2).mean()
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            total += loss.item()
        click.echo(f"epoch {epoch + 1} loss {total / (step + 1):.4f}")
    return bag.weight.detach().numpy()


@click.command()
@click.option("--limit", default=40_000, help="How many texts the teacher reads.")
@click.option("--epochs", default=10)
@click.option("--seed", default=0)
@click.option("--threads", default=1)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-static")
def main(limit: int, epochs: int, seed: int, threads: int, out: Path) -> None:
    """Distil, print how near the student comes on texts it never saw, and save it to OUT."""
    from tokenizers import Tokenizer

    torch.set_num_threads(threads)
    rng = np.random.default_rng(seed)
    teacher = SentenceEncoder(threads=threads)
    known = texts(limit, rng)
    known = [known[i] for i in rng.permutation(len(known))]
    vectors = teacher.encode(known)
    held = len(known) // 20
    turn = np.linalg.svd(vectors[held:], full_matrices=False)[2][:DIM].T
    target = vectors @ turn
    target /= np.linalg.norm(target, axis=1, keepdims=True)
    source = shipped("models") / "threadkit-point/tokenizer.json"
    tokenizer = Tokenizer.from_file(str(source))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    alone = teacher.encode([tokenizer.id_to_token(i).removeprefix("##") for i in range(tokenizer.get_vocab_size())])
    # A token in most texts tells little: its first length falls with how often it occurs.
    counts = np.ones(len(alone))
    for line in tokenizer.encode_batch(known[held:], add_special_tokens=False):
        counts[line.ids] += 1
    table = (alone @ turn) * (RARE / (RARE + counts / counts.sum()))[:, None]
    table = fit(table.astype(np.float32), tokenizer, known[held:], target[held:], epochs, seed)
    table[tokenizer.token_to_id("[UNK]")] = 0
    scales = np.abs(table).max(axis=1) / 127
    stored = np.round(table / np.maximum(scales, 1e-12)[:, None]).astype(np.int8)
    out.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out / TABLE, rows=stored, scales=scales.astype(np.float16))
    tokenizer.save(str(out / "tokenizer.json"), pretty=False)
    near = StaticEncoder(str(out)).encode(known[:held])
    pairs = np.triu_indices(held, 1)
    alike = np.corrcoef((near @ near.T)[pairs], (vectors[:held] @ vectors[:held].T)[pairs])[0, 1]
    cosine = float((near * target[:held]).sum(1).mean())
    click.echo(json.dumps({"held-out texts": held, "cosine": cosine, "correlation of similarities": float(alike)}))


if __name__ == "__main__":
    main()
