"""Train the same-point encoder: texts that make the same point get near vectors, whatever their topic.

    python scripts/train_point.py --threads 2

Supervised contrastive learning (Khosla et al. 2020, https://arxiv.org/abs/2004.11362) in batches of one context
(scripts/point_sources.py), and beside it the log loss of telling each pair of a batch apart at a cosine of 0.5, so
that one distance means the same in every corpus. Pairs of UKP ASPECT add a graded judgement. The running mean of the
weights is scored after each epoch on the parts that scripts/splits.py keeps for tuning, and the best is shipped. Where
the number of epochs is known, `--refit` learns from the tuning parts of KPA-2021 and Perspectrum too, for every
topic more teaches what a point is apart from its topic. The gate's parts are never looked at here.
"""

from __future__ import annotations

import copy
import json
import time
from pathlib import Path
from typing import Any

import click
import judged
import numpy as np
import splits
import torch
from arguments import across, by_side, topics
from camps import exchanges
from grouping import by_topic_and_side, rank_pairs, score_aspects, score_general, score_groups
from point_sources import Batch, Topoi, kpa_groups, packed, perspectrum_groups
from training import ROOT, autocast, base_weights, follow, ship

MAX_TOKENS = 96
TAU = 0.07

# Slope of the log loss in the cosine, and where it turns.
SLOPE, MIDDLE = 8.0, 0.5

# What a pair of UKP ASPECT is worth as "the same point": highly similar, somewhat, not, another topic or unreadable.
GRADES = {"HS": 0.9, "SS": 0.65, "NS": 0.2, "DTORCD": 0.1}

# Steps over which the running mean of the weights looks back.
MEMORY = 300

# Of Perspectrum, whose texts are many and short, an epoch sees this share; of the topoi, and of the points of
# corpora/arguments that come back on other topics, and of the sets of corpora/judged, so many rounds.
PERSPECTRUM_SHARE, TOPOI_ROUNDS, ACROSS_ROUNDS, JUDGED_ROUNDS = 0.6, 6, 3, 1


def contrast(vectors: torch.Tensor, same: torch.Tensor) -> torch.Tensor:
    """Return the supervised contrastive loss of a batch; `same` (n, n) tells which texts share a point."""
    anchors = same.any(1)
    scores = (vectors @ vectors.T / TAU).masked_fill(torch.eye(len(vectors), dtype=torch.bool), -1e9)
    log_share = scores - scores.logsumexp(1, keepdim=True)
    return -((log_share * same).sum(1)[anchors] / same.sum(1)[anchors]).mean()


def separate(vectors: torch.Tensor, same: torch.Tensor, known: torch.Tensor) -> torch.Tensor:
    """Return the log loss of telling pairs apart, both kinds of pair weighing the same."""
    upper = torch.triu_indices(len(vectors), len(vectors), 1)
    judged = (known[upper[0]] | known[upper[1]]).bool()
    target = same[upper[0], upper[1]][judged]
    logits = SLOPE * ((vectors @ vectors.T)[upper[0], upper[1]][judged] - MIDDLE)
    loss = torch.nn.functional.binary_cross_entropy_with_logits(logits, target.float(), reduction="none")
    return torch.stack([part.mean() for part in (loss[target], loss[~target]) if len(part)]).mean()


def loss_of(model: Any, batch: Batch) -> torch.Tensor | None:
    """Return the loss of a batch, None where no two of its texts share a point."""
    same = torch.tensor([[bool(a & b) for b in batch.labels] for a in batch.labels])
    same.fill_diagonal_(fill_value=False)
    if not same.any():
        return None
    vectors = embed(model, batch.texts)
    known = torch.tensor([bool(labels) for labels in batch.labels])
    return contrast(vectors, same) + separate(vectors, same, known)


def aspect_loss(model: Any, pairs: list[dict[str, Any]]) -> torch.Tensor:
    """Return the log loss of graded pairs."""
    vectors = embed(model, [p["sentence_1"] for p in pairs] + [p["sentence_2"] for p in pairs])
    left, right = vectors[: len(pairs)], vectors[len(pairs) :]
    logits = SLOPE * ((left * right).sum(1) - MIDDLE)
    grades = torch.tensor([GRADES[p["label"]] for p in pairs])
    return torch.nn.functional.binary_cross_entropy_with_logits(logits, grades)


def embed(model: Any, texts: list[str]) -> torch.Tensor:
    """Return unit vectors (n, dim)."""
    features = model.preprocess(texts)
    with autocast():
        return torch.nn.functional.normalize(model(features)["sentence_embedding"].float())


def plan(rng: np.random.Generator, groups: dict[str, Any]) -> list[Batch | list[dict[str, Any]]]:
    """Return one epoch's batches of every source, shuffled."""
    pairs = [groups["aspect"][i] for i in rng.permutation(len(groups["aspect"]))]
    batches: list[Batch | list[dict[str, Any]]] = [
        *packed(groups["kpa"], rng),
        *packed(groups["perspectrum"], rng, PERSPECTRUM_SHARE),
        *packed(groups["arguments"], rng),
        *(batch for _ in range(ACROSS_ROUNDS) for batch in across(groups["topics"], groups["topoi"].points, rng)),
        *groups["topoi"].batches(rng, TOPOI_ROUNDS),
        *(batch for _ in range(JUDGED_ROUNDS) for batch in judged.mixed(groups["judged"], rng)),
        *(pairs[i : i + 32] for i in range(0, len(pairs), 32)),
    ]
    return [batches[i] for i in rng.permutation(len(batches))]


def tuning_figures(model: Any) -> dict[str, Any]:
    """Return the figures on every tuning part; `mean` is what the epoch is chosen by."""

    def encode(texts: list[str]) -> np.ndarray:
        return np.asarray(model.encode(texts, normalize_embeddings=True, show_progress_bar=False))

    arguments = splits.kpa("tune")
    vectors = encode([row["text"] for row in arguments])
    kpa = score_groups(arguments, vectors)
    points = [frozenset(row["key_points"]) for row in arguments]
    ranked = {"kpa": rank_pairs(points, list(by_topic_and_side(arguments).values()), vectors)}
    perspectives = splits.perspectrum("tune")
    places: dict[tuple[int, str], list[int]] = {}
    for i, row in enumerate(perspectives):
        places.setdefault((row["claim_id"], row["stance"]), []).append(i)
    points = [frozenset([row["cluster"]]) for row in perspectives]
    own = [np.array(index) for index in places.values()]
    ranked["perspectrum"] = rank_pairs(points, own, encode([row["text"] for row in perspectives]))
    aspects = score_aspects(splits.aspect("tune"), encode)
    general = score_general(splits.general("tune"), encode)
    # Average precision looks at every pair: it is far less noisy than the groups at one distance.
    mean = float(np.mean([*ranked.values(), aspects["macro_f1"], general["average_precision"]]))
    return {"mean": mean, "average_precision": ranked, "kpa": kpa, "aspect": aspects, "general": general}


@click.command()
@click.option("--epochs", default=5, help="Epochs over which the rate falls to nothing.")
@click.option("--begin", type=click.Path(exists=True, path_type=Path), help="Weights to begin with, not MiniLM's.")
@click.option("--stop", type=int, help="End after so many of them.")
@click.option("--refit", is_flag=True, help="Learn from the tuning parts too, and ship the last epoch.")
@click.option("--arguments", "written", is_flag=True, help="Learn from corpora/arguments too (models/TRIED.md).")
@click.option("--judged", "read", is_flag=True, help="Learn from the sets of corpora/judged too.")
@click.option("--aspects", "alike", is_flag=True, help="Learn from the pairs of corpora/judged too (models/TRIED.md).")
@click.option("--rate", default=5e-5)
@click.option("--seed", default=0)
@click.option("--threads", default=1)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-point")
def main(
    epochs: int,
    begin: Path | None,
    stop: int | None,
    refit: bool,
    written: bool,
    read: bool,
    alike: bool,
    rate: float,
    seed: int,
    threads: int,
    out: Path,
) -> None:
    """Train, print the figures on the tuning parts after each epoch, and save the best epoch to OUT."""
    from sentence_transformers import SentenceTransformer

    torch.set_num_threads(threads)
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = SentenceTransformer(str(begin or base_weights()), device="cpu")
    model.max_seq_length = MAX_TOKENS
    # The table of token vectors is half of all weights and learns little from so few texts.
    frozen = [p for n, p in model.named_parameters() if "word_embeddings" in n]
    for parameter in frozen:
        parameter.requires_grad_(requires_grad=False)
    mean = copy.deepcopy(model)
    learnt = [p for p in model.parameters() if p.requires_grad]
    parts = ("train", "tune") if refit else ("train",)
    known = topics() if written else []
    groups = {
        "topics": known,
        "arguments": by_side(known),
        "kpa": [group for part in parts for group in kpa_groups(part)],
        "perspectrum": [group for part in parts for group in perspectrum_groups(part)],
        "aspect": splits.aspect("train") + (judged.aspects(judged.learnt()) if alike else []),
        "topoi": Topoi(),
        "judged": judged.sets(exchanges(), "train") if read else [],
    }
    optimizer = torch.optim.AdamW(learnt, lr=rate, weight_decay=0.01)
    best, begun, step = -1.0, time.monotonic(), 0
    for epoch in range(stop or epochs):
        batches = plan(rng, groups)
        model.train()
        for done, batch in enumerate(batches):
            step += 1
            past = (epoch + done / len(batches)) / epochs
            for part in optimizer.param_groups:
                part["lr"] = rate * min(1, step / 100) * (1 - past)
            loss = loss_of(model, batch) if isinstance(batch, Batch) else aspect_loss(model, batch)
            if loss is None:
                continue
            loss.backward()
            torch.nn.utils.clip_grad_norm_(learnt, 1.0)
            optimizer.step()
            optimizer.zero_grad()
            follow(mean, model, 1 / min(step, MEMORY))
            if done % 50 == 49:
                click.echo(f"epoch {epoch + 1} step {done + 1}/{len(batches)} {time.monotonic() - begun:.0f} s")
        mean.eval()
        figures = tuning_figures(mean)
        click.echo(json.dumps({"epoch": epoch + 1, "seconds": round(time.monotonic() - begun), **figures}))
        if refit or figures["mean"] > best:
            best = figures["mean"]
            ship(mean, out)
    click.echo(json.dumps({"best mean of the tuning figures": best}))


if __name__ == "__main__":
    main()
