"""Train the same-point encoder: texts that make the same point get near vectors.

    python scripts/train_point.py --epochs 6

Supervised contrastive learning (Khosla et al. 2020, https://arxiv.org/abs/2004.11362) in batches that
hold one topic and side, so that the only way to tell texts apart is the point they make. Sources: the
train topics of KPA-2021 with their key points, and the train claims of Perspectrum. Three KPA train
topics are kept aside to choose the epoch and the distance at which groups are cut; the dev topics are
left to scripts/gate.py.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from pathlib import Path

import click
import numpy as np
import torch
from grouping import read_kpa, score_groups
from training import DATA, ROOT, base_weights, rows, ship

TUNING_TOPICS = 3
BATCH = 48
MAX_TOKENS = 96


class Group:
    """Texts of one topic and side, each with the labels of the points it makes (none: no known point)."""

    def __init__(self) -> None:
        self.texts: list[str] = []
        self.labels: list[frozenset[str]] = []

    def add(self, text: str, labels: list[str]) -> None:
        """Append one text."""
        self.texts.append(text)
        self.labels.append(frozenset(labels))


def kpa_groups(topics: list[str]) -> list[Group]:
    """Return the KPA train groups of the given topics; each key point is a member of its own group."""
    groups: dict[tuple[str, int], Group] = defaultdict(Group)
    seen = set()
    for row in rows(DATA / "grouping/kpa2021_train_dev.jsonl.gz"):
        if row["split"] != "train" or row["topic"] not in topics:
            continue
        group = groups[row["topic"], row["stance"]]
        group.add(row["text"], row["key_points"])
        for key, text in zip(row["key_points"], row["key_point_texts"], strict=True):
            if key not in seen:
                seen.add(key)
                group.add(text, [key])
    return list(groups.values())


def perspectrum_groups() -> list[Group]:
    """Return the Perspectrum train claims; a cluster of equivalent perspectives is one point."""
    groups: dict[tuple[int, str], Group] = defaultdict(Group)
    for row in rows(DATA / "grouping/perspectrum_train_dev.jsonl.gz"):
        if row["split"] == "train":
            groups[row["claim_id"], row["stance"]].add(row["text"], [row["cluster"]])
    return list(groups.values())


def batches(groups: list[Group], rng: np.random.Generator) -> list[tuple[list[str], list[frozenset[str]]]]:
    """Cut groups into batches of at most BATCH texts; small groups of one source share a batch."""
    out: list[tuple[list[str], list[frozenset[str]]]] = []
    texts: list[str] = []
    labels: list[frozenset[str]] = []
    for g in rng.permutation(len(groups)):
        order = rng.permutation(len(groups[g].texts))
        for start in range(0, len(order), BATCH):
            part = order[start : start + BATCH]
            if len(texts) + len(part) > BATCH:
                out.append((texts, labels))
                texts, labels = [], []
            texts = texts + [groups[g].texts[i] for i in part]
            labels = labels + [groups[g].labels[i] for i in part]
    return [*out, (texts, labels)]


def contrast(vectors: torch.Tensor, labels: list[frozenset[str]], tau: float) -> torch.Tensor | None:
    """Return the supervised contrastive loss of a batch, None where no two texts share a point."""
    same = torch.tensor([[bool(a & b) for b in labels] for a in labels])
    same.fill_diagonal_(fill_value=False)
    anchors = same.any(1)
    if not anchors.any():
        return None
    scores = (vectors @ vectors.T / tau).masked_fill(torch.eye(len(labels), dtype=torch.bool), -1e9)
    log_share = scores - scores.logsumexp(1, keepdim=True)
    return -((log_share * same).sum(1)[anchors] / same.sum(1)[anchors]).mean()


def separate(vectors: torch.Tensor, labels: list[frozenset[str]]) -> torch.Tensor:
    """Return the log loss of telling pairs apart at a cosine of 0.5, both kinds of pair weighing the same."""
    upper = torch.triu_indices(len(labels), len(labels), 1)
    same = torch.tensor([bool(labels[i] & labels[j]) for i, j in upper.T.tolist()])
    known = torch.tensor([bool(labels[i]) or bool(labels[j]) for i, j in upper.T.tolist()])
    logits = 8 * ((vectors @ vectors.T)[upper[0], upper[1]] - 0.5)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, same.float(), reduction="none")
    parts = [loss[known & same], loss[known & ~same]]
    return torch.stack([p.mean() for p in parts if len(p)]).mean()


@click.command()
@click.option("--epochs", default=6)
@click.option("--rate", default=3e-5)
@click.option("--tau", default=0.07)
@click.option("--pair-weight", default=0.0, help="Weight of the pairwise loss beside the contrastive one.")
@click.option("--seed", default=0)
@click.option("--threads", default=1)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-point")
def main(epochs: int, rate: float, tau: float, pair_weight: float, seed: int, threads: int, out: Path) -> None:
    """Train, print the figures on the tuning topics after each epoch, and save the best epoch to OUT."""
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = SentenceTransformer(str(base_weights()), device="cpu")
    model.max_seq_length = MAX_TOKENS
    topics = sorted({row["topic"] for row in read_kpa("train")})
    tuning = topics[:: len(topics) // TUNING_TOPICS][:TUNING_TOPICS]
    sources = [kpa_groups([t for t in topics if t not in tuning]), perspectrum_groups()]
    optimizer = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.01)
    best, begun = -1.0, time.monotonic()
    for epoch in range(epochs):
        plan = [batch for source in sources for batch in batches(source, rng)]
        model.train()
        for step, b in enumerate(rng.permutation(len(plan))):
            texts, labels = plan[b]
            for part in optimizer.param_groups:
                part["lr"] = (
                    rate * min(1, (epoch * len(plan) + step + 1) / 100) * (1 - (epoch + step / len(plan)) / epochs)
                )
            vectors = torch.nn.functional.normalize(model(model.preprocess(texts))["sentence_embedding"])
            loss = contrast(vectors, labels, tau)
            if loss is None:
                continue
            if pair_weight:
                loss = loss + pair_weight * separate(vectors, labels)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
        model.eval()
        kept = [row for row in read_kpa("train") if row["topic"] in tuning]
        scores = score_groups(kept, model.encode([row["text"] for row in kept], normalize_embeddings=True))
        ari = max(s["ari"] for s in scores)
        click.echo(json.dumps({"epoch": epoch + 1, "seconds": round(time.monotonic() - begun), "tuning": scores}))
        if ari > best:
            best = ari
            ship(model, out)
    click.echo(json.dumps({"best tuning ari": best, "tuning topics": tuning}))


if __name__ == "__main__":
    main()
