"""Teach MiniLM to tell which sentence of a post a reply answers: another beginning for the stance cross-encoder.

    python scripts/train_replies.py --out replies
    python scripts/train_stance.py --begin replies

The shipped model did not begin so: models/TRIED.md tells what it gains and costs. What it learns from is in
scripts/reply_sources.py: people quote a passage and answer below. Of each group one sentence that is answered stands
against three that are not. Every batch is shared out to workers of one thread each: two threads inside one computation
hardly help networks of this width.
"""

from __future__ import annotations

import time
from pathlib import Path

import click
import numpy as np
import torch
from reply_sources import KEPT, Group, groups
from train_stance import build, scores
from training import Descent, buckets

# Sentences that are not answered beside each that is, groups in a batch of a worker, and how many are scored then.
OTHERS, BATCH, SCORED = 3, 12, 600

# Characters of a sentence and of a reply, as the product hands them over (threadkit/dispute/target.py); tokens of both.
CHARACTERS, TOKENS = (220, 320), 112

# Pairs of a sentence and a reply.
Pairs = list[tuple[str, str]]


def pairs_of(texts: list[str], reply: str) -> Pairs:
    """Return each text with the reply."""
    return [(text[: CHARACTERS[0]], reply[: CHARACTERS[1]]) for text in texts]


def choices(group: Group, rng: np.random.Generator, others: list[str]) -> Pairs:
    """Return pairs of a sentence and the reply; the first is answered, and `others` fill up what is missing."""
    right = [text for text, answered in zip(group.above, group.answered, strict=True) if answered]
    wrong = [text for text, answered in zip(group.above, group.answered, strict=True) if not answered]
    drawn = [wrong[i] for i in rng.permutation(len(wrong))[:OTHERS]] + others
    return pairs_of([right[rng.integers(len(right))], *drawn[:OTHERS]], group.reply)


def answering(model: torch.nn.Module, pairs: Pairs) -> torch.Tensor:
    """Return how much each reply answers its sentence (n,): the first score less the second."""
    found = scores(model, pairs, TOKENS)
    return found[:, 0] - found[:, 1]


def score(model: torch.nn.Module, kept: list[Group], seed: int) -> tuple[float, float]:
    """Return how often the best of a post's sentences is answered, and what drawing one gives."""
    rng = np.random.default_rng(seed)
    hits, chance = [], []
    with torch.no_grad():
        for i in rng.permutation(len(kept))[:SCORED]:
            group = kept[i]
            best = int(
                answering(
                    model, [(text[: CHARACTERS[0]], group.reply[: CHARACTERS[1]]) for text in group.above]
                ).argmax()
            )
            hits.append(group.answered[best])
            chance.append(np.mean(group.answered))
    return float(np.mean(hits)), float(np.mean(chance))


def share(model: torch.nn.Module) -> None:
    """Replace the gradients by their mean over the workers."""
    held = [parameter.grad for parameter in model.parameters() if parameter.grad is not None]
    flat = torch.cat([grad.reshape(-1) for grad in held])
    torch.distributed.all_reduce(flat)
    for grad, mean in zip(
        held, torch.split(flat / torch.distributed.get_world_size(), [grad.numel() for grad in held]), strict=True
    ):
        grad.copy_(mean.view_as(grad))


def work(
    worker: int, workers: int, meeting: str, lessons: list[list[tuple[str, str]]], seed: int, rate: float, out: str
) -> None:
    """Train as one of the workers; the first saves the running mean of the weights."""
    torch.set_num_threads(1)
    torch.distributed.init_process_group("gloo", init_method=f"file://{meeting}", rank=worker, world_size=workers)
    torch.manual_seed(seed)
    model = build()
    lengths = np.array([sum(len(a) + len(b) for a, b in pairs) for pairs in lessons])
    whole = BATCH * workers
    plan = [batch for batch in buckets(lengths, whole, np.random.default_rng(seed)) if len(batch) == whole]
    descent = Descent(model, rate, len(plan))
    torch.manual_seed(seed + worker)  # each drops other units
    model.train()
    begun, total, right = time.monotonic(), 0.0, 0.0
    for step, batch in enumerate(plan, 1):
        mine = batch[worker::workers]
        found = answering(model, [pair for i in mine for pair in lessons[i]]).view(len(mine), OTHERS + 1)
        loss = torch.nn.functional.cross_entropy(found, torch.zeros(len(mine), dtype=torch.long))
        descent.step(loss, share)
        total, right = total + loss.item(), right + (found.argmax(1) == 0).float().mean().item()
        if step % 50 == 0 and worker == 0:
            click.echo(
                f"step {step}/{len(plan)} loss {total / 50:.3f} right {right / 50:.3f} {time.monotonic() - begun:.0f} s"
            )
            total = right = 0.0
    if worker == 0:
        descent.mean.eval().save(out, create_model_card=False)
    torch.distributed.destroy_process_group()


@click.command()
@click.option("--groups", "n", default=30_000, show_default=True, help="Replies to learn from.")
@click.option("--workers", default=2, show_default=True, help="Processes of one thread each.")
@click.option("--rate", default=5e-5, show_default=True)
@click.option("--seed", default=0, show_default=True)
@click.option("--out", type=click.Path(path_type=Path), required=True)
def main(n: int, workers: int, rate: float, seed: int, out: Path) -> None:
    """Train, save to OUT, and print how often the sentence that it finds is answered, on topics that it never saw."""
    every = list(groups())
    kept = [group for group in every if group.topic in KEPT]
    seen = [group for group in every if group.topic not in KEPT]
    click.echo(f"{len(seen)} replies to learn from, {len(kept)} kept")
    rng = np.random.default_rng(seed)
    drawn = [seen[i] for i in rng.permutation(len(seen))[:n]]
    strangers = [text for group in drawn[:5000] for text in group.above]
    lessons = [
        choices(group, rng, [strangers[i] for i in rng.integers(len(strangers), size=OTHERS)]) for group in drawn
    ]
    out.mkdir(parents=True, exist_ok=True)
    meeting = out.resolve() / "meeting"
    meeting.unlink(missing_ok=True)
    torch.multiprocessing.spawn(work, (workers, str(meeting), lessons, seed, rate, str(out)), nprocs=workers)
    meeting.unlink(missing_ok=True)
    from sentence_transformers import CrossEncoder

    found, chance = score(CrossEncoder(str(out), device="cpu").eval(), kept, seed)
    click.echo(f"the best of a post's sentences is answered in {found:.3f}, chance {chance:.3f}")


if __name__ == "__main__":
    main()
