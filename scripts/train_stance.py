"""Train the stance cross-encoder: (target, reply) → disagree, neutral, agree.

    python scripts/camps.py --out camps.parquet
    python scripts/train_stance.py --camps camps.parquet --folds none --arguments 0 --out base
    python scripts/train_stance.py --camps camps.parquet --begin base --whole --folds 0,1,2,3,4

First it learns, for all folds, from what is no reply pair: from claims and what people hold for and against them
(KPA-2021, Perspectrum, the parts of scripts/splits.py that are for training), for a forum's post makes claims, and a
reply to it need not say that it disagrees; and from exchanges of debaters whose camps are known (scripts/camps.py),
for people who oppose one another seldom say so. Then from the reply pairs, beside some of those, pairs of
corpora/arguments, corpora/conversations and corpora/phrases, and exchanges and replies whose stance was judged by
reading them (corpora/judged). The reply pairs are cut into folds by submission. `--folds 0,1,2,3,4` trains one model
for each fold and prints the cross-validated figures; the shipped model is the one of fold 0, so that scripts/gate.py
can score it on submissions that it never saw. How its weights were made is told in its card,
models/threadkit-stance/README.md.
"""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import arguments
import click
import conversations
import forums
import judged
import numpy as np
import pandas as pd
import phrases
import reasons
import splits
import torch
from camps import exchanges as exchanges_of_debates
from sklearn.metrics import f1_score, roc_auc_score
from training import (
    DATA,
    ROOT,
    Descent,
    autocast,
    base_weights,
    buckets,
    calibration_error,
    quicken,
    rows,
    ship,
    some,
    split_by,
)

from threadkit.dispute.stance import decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

LABELS = ["disagree", "neutral", "agree"]
FOLDS = 5
MAX_TOKENS = 160

# How sure it is that a text of one side tells against the other, though it does not say so.
SIDE = 0.85

# How sure it must be whether an exchange stays within a camp.
SURE = 0.97


def read_pairs(path: Path) -> tuple[list[tuple[str, str]], np.ndarray, np.ndarray, np.ndarray]:
    """Return pairs, labels (n,), how many of three annotators agreed as a share (n,), folds (n,)."""
    pairs = list(rows(path))
    labels = np.array([LABELS.index(p["label"]) for p in pairs])
    shares = np.array([float(p["agreement_fraction"]) for p in pairs])
    folds = split_by([p["submission_id"] for p in pairs], FOLDS)
    return [(p["parent"], p["reply"]) for p in pairs], labels, shares, folds


def claim_pairs(n: int, seed: int) -> tuple[list[tuple[str, str]], torch.Tensor]:
    """Return n pairs of a claim, or an argument for it, and a text for or against it; and what they are (n, 3).

    As many disagree as agree. A third of the targets are arguments of the claim's side, as posts hold them.
    """
    rng = np.random.default_rng(seed)
    sides: dict[str, tuple[list[str], list[str]]] = {}
    for a in splits.kpa("train"):
        sides.setdefault(a["topic"], ([], []))[a["stance"] > 0].append(a["text"])
    for p in splits.perspectrum("train"):
        sides.setdefault(p["claim"], ([], []))[p["stance"] == "SUPPORT"].append(p["text"])
    both = [claim for claim, (against, held) in sides.items() if len(against) >= 2 and len(held) >= 2]
    # A topic with hundreds of arguments is drawn more often than one with two, but not in proportion.
    often = np.sqrt([sum(map(len, sides[claim])) for claim in both])
    pairs, labels = [], np.arange(n) % 2 * LABELS.index("agree")
    for label, claim in zip(labels, rng.choice(len(both), n, p=often / often.sum()), strict=True):
        against, held = sides[both[claim]]
        reply = str(rng.choice(held if label else against))
        target = str(rng.choice([h for h in held if h != reply])) if rng.random() < 1 / 3 else both[claim]
        pairs.append((target, reply))
    return pairs, soften(labels, np.ones(n))


def written_pairs(
    source: Callable[[int, int], tuple[list[tuple[str, str]], list[str]]], n: int, seed: int
) -> tuple[list[tuple[str, str]], torch.Tensor]:
    """Return n pairs of a corpus of ours, which `source` draws, and what they are (n, 3)."""
    pairs, stances = source(n, seed)
    return pairs, soften(np.array([LABELS.index(name) for name in stances], dtype=int), np.full(n, SIDE))


def judged_pairs(exchanges: pd.DataFrame, n: int, seed: int) -> tuple[list[tuple[str, str]], torch.Tensor]:
    """Return n of the exchanges of scripts/camps.py whose stance corpora/judged tells, and what they are (n, 3)."""
    pairs, told = judged.pairs(exchanges, n, seed)
    return pairs, torch.tensor(told, dtype=torch.float32)


def read_replies(
    known: tuple[list[tuple[str, str]], list[str]], n: int, seed: int
) -> tuple[list[tuple[str, str]], torch.Tensor]:
    """Return n of the replies that scripts/forums.py knows beside what they answer, and what they are (n, 3)."""
    pairs, stances = some(*known, n, seed)
    return pairs, torch.tensor([judged.STANCES[stance] for stance in stances], dtype=torch.float32)


def camp_pairs(path: Path, n: int, within: float, seed: int) -> tuple[list[tuple[str, str]], torch.Tensor]:
    """Return n exchanges of scripts/camps.py, a share `within` of them within a camp, and what they are (n, 3).

    A topic with many is drawn from more often, but not in proportion.
    """
    table = pd.read_parquet(path)
    table = table[np.maximum(table["same"], 1 - table["same"]) > SURE]
    inside = (table["same"] > 0.5).rename("inside")
    often = 1 / np.sqrt(table.groupby(["topic", inside])["same"].transform("size"))
    often *= np.where(inside, within, 1 - within) / often.groupby(inside).transform("sum")
    drawn = table.iloc[np.random.default_rng(seed).choice(len(table), n, replace=False, p=often)]
    target = torch.tensor(drawn[LABELS].to_numpy() * 0.95 + 0.05 / 3, dtype=torch.float32)
    return list(zip(drawn["target"], drawn["reply"], strict=True)), target


def build() -> torch.nn.Module:
    """Return MiniLM read as a cross-encoder: first token and mean, then one linear layer."""
    from sentence_transformers import CrossEncoder
    from sentence_transformers.base.modules import Dense, Transformer
    from sentence_transformers.sentence_transformer.modules import Pooling

    transformer = Transformer(str(base_weights()), max_seq_length=MAX_TOKENS)
    width = transformer.get_embedding_dimension()
    head = Dense(2 * width, len(LABELS), activation_function=None, module_output_name="scores")
    torch.nn.init.normal_(head.linear.weight, std=0.02)
    return CrossEncoder(modules=[transformer, Pooling(width, ("cls", "mean")), head], device="cpu")


def scores(model: torch.nn.Module, pairs: list[tuple[str, str]], tokens: int = MAX_TOKENS) -> torch.Tensor:
    """Return the model's scores of pairs (n, 3) float32, computed as the product does (in bfloat16 where it can)."""
    left, right = map(list, zip(*pairs, strict=True))
    features = model.tokenizer(
        left, right, padding=True, pad_to_multiple_of=16, truncation=True, max_length=tokens, return_tensors="pt"
    )
    with autocast():
        return model(dict(features))["scores"].float()


def soften(labels: np.ndarray, shares: np.ndarray) -> torch.Tensor:
    """Turn labels into target distributions (n, 3): the share that chose the label, the rest spread."""
    target = np.repeat(((1 - np.maximum(shares, 0.66)) / 2)[:, None], 3, axis=1)
    target[np.arange(len(labels)), labels] = np.maximum(shares, 0.66)
    return torch.tensor(target * 0.95 + 0.05 / 3, dtype=torch.float32)


def reply_targets(pairs: list[tuple[str, str]], labels: np.ndarray, shares: np.ndarray, second: float) -> torch.Tensor:
    """Return what reply pairs are (n, 3): their labels, and what was judged by reading, which counts `second`."""
    target, told = soften(labels, shares), torch.tensor(judged.second_opinion(pairs, labels), dtype=torch.float32)
    return torch.where(told.isnan(), target, (1 - second) * target + second * told)


def train(
    lessons: list[tuple[list[tuple[str, str]], torch.Tensor]],
    seed: int,
    rate: float,
    begin: Path | None,
    whole: bool = False,
) -> torch.nn.Module:
    """Fine-tune on one lesson an epoch (pairs and their targets) and return the running mean of the weights.

    It begins with the weights of `begin`, MiniLM's where there is none, and a new last layer unless it is to begin with
    the `whole`. Batches of 32 pairs of similar length, linear warm-up and decay.
    """
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    model = build()
    if begin:
        from sentence_transformers import CrossEncoder

        known = CrossEncoder(str(begin), device="cpu")
        for layer in range(len(model) if whole else 1):
            model[layer].load_state_dict(known[layer].state_dict())
    plan = []
    for pairs, target in lessons:
        lengths = np.array([len(a) + len(b) for a, b in pairs])
        plan += [([pairs[i] for i in batch], target[batch]) for batch in buckets(lengths, 32, rng)]
    quicken(model)
    descent = Descent(model, rate, len(plan))
    model.train()
    begun, total = time.monotonic(), 0.0
    for step, (pairs, target) in enumerate(plan, 1):
        loss = torch.nn.functional.cross_entropy(scores(model, pairs), target)
        descent.step(loss)
        total += loss.item()
        if step % 50 == 0:
            click.echo(f"step {step}/{len(plan)} loss {total / 50:.3f} {time.monotonic() - begun:.0f} s")
            total = 0.0
    return descent.mean.eval()


def score_claims(model: torch.nn.Module) -> dict[str, float]:
    """Return how well p(disagree) − p(agree) tells against from for on the claims kept for tuning: ROC AUC."""
    kpa = [((a["topic"], a["text"]), a["stance"] < 0) for a in splits.kpa("tune")]
    perspectives = splits.perspectrum("tune")[::4]
    perspectrum = [((p["claim"], p["text"]), p["stance"] != "SUPPORT") for p in perspectives]
    out = {}
    for name, told in {"kpa": kpa, "perspectrum": perspectrum}.items():
        found = model.predict([pair for pair, _ in told], apply_softmax=True, show_progress_bar=False)
        out[name] = float(roc_auc_score([against for _, against in told], found[:, 0] - found[:, 2]))
    return out


def figures(labels: np.ndarray, probabilities: np.ndarray) -> dict[str, float]:
    """Return accuracy, macro F1, F1 of disagree, calibration error in ten bins, and the mean log loss."""
    guess = probabilities.argmax(1)
    each = f1_score(labels, guess, average=None, labels=[0, 1, 2])
    return {
        "n": len(labels),
        "accuracy": float((guess == labels).mean()),
        "macro_f1": float(each.mean()),
        "f1_disagree": float(each[0]),
        "calibration_error": calibration_error(probabilities, labels, 10),
        "log_loss": float(-np.log(probabilities[np.arange(len(labels)), labels].clip(1e-6)).mean()),
    }


class Mixture(NamedTuple):
    """How many pairs of each kind one epoch holds beside the reply pairs, drawn anew for each."""

    claims: int
    arguments: int
    conversations: int
    reasons: int
    phrases: int
    judged: int
    engineers: int
    units: int
    exchanges: int
    within: float
    camps: Path | None

    def lessons(self, seeds: Iterable[int]) -> Iterator[tuple[list[tuple[str, str]], torch.Tensor]]:
        """Yield for each seed the pairs of an epoch, and what they are (n, 3)."""
        known = exchanges_of_debates() if self.judged else None
        ours = {
            arguments.drawn: self.arguments, conversations.drawn: self.conversations, reasons.drawn: self.reasons,
            phrases.drawn: self.phrases,
        }  # fmt: skip
        for seed in seeds:
            drawn = [claim_pairs(self.claims, seed)]
            drawn += [written_pairs(source, n, seed) for source, n in ours.items()]
            if self.camps:
                drawn.append(camp_pairs(self.camps, self.exchanges, self.within, seed))
            if known is not None:
                drawn.append(judged_pairs(known, self.judged, seed))
            if self.engineers:
                drawn.append(read_replies(forums.engineers("train"), self.engineers, seed))
            if self.units:
                drawn.append(read_replies(forums.units(), self.units, seed))
            yield [pair for texts, _ in drawn for pair in texts], torch.cat([told for _, told in drawn])


def counted(name: str, default: int, of: str) -> Callable[[Any], Any]:
    """Return the option that says how many pairs of a kind an epoch holds."""
    return click.option(f"--{name}", default=default, show_default=True, help=f"{of} in each epoch, drawn anew.")


@click.command()
@click.option("--data", type=click.Path(exists=True, path_type=Path), default=DATA / "stance/debagreement_dev.jsonl.gz")
@click.option("--begin", type=click.Path(exists=True, path_type=Path), help="Weights to begin with, not MiniLM's.")
@click.option("--whole", is_flag=True, help="Begin with its last layer too, to go on with a stance model.")
@click.option("--folds", default="0", help="Which folds to hold out, joined by commas; none: learn from no reply pair.")
@counted("claims", 5000, "Pairs of a claim and a text for or against it")
@counted("arguments", 4000, "Pairs of corpora/arguments")
@counted("conversations", 0, "Pairs of corpora/conversations")
@counted("reasons", 0, "Pairs of corpora/reasons")
@counted("phrases", 0, "Phrases of corpora/phrases")
@counted("judged", 0, "Exchanges of corpora/judged")
@counted("engineers", 0, "Replies of an engineers' forum of corpora/judged")
@counted("units", 0, "Units of r/changemyview")
@counted("exchanges", 9000, "Exchanges of the camps")
@click.option("--within", default=0.5, show_default=True, help="The share of these that stay within a camp.")
@click.option("--camps", type=click.Path(exists=True, path_type=Path), help="What scripts/camps.py wrote.")
@click.option("--second", default=0.0, show_default=True, help="What second opinions count beside the labels.")
@click.option("--epochs", default=4, show_default=True)
@click.option("--rate", default=5e-5)
@click.option("--seed", default=0)
@click.option("--threads", default=1)
@click.option("--out", type=click.Path(path_type=Path), default=ROOT / "models/threadkit-stance")
@click.option(
    "--scores",
    "kept",
    type=click.Path(path_type=Path),
    help="Keep out-of-fold probabilities here (.npz); folds in it stay.",
)
def main(
    data: Path,
    begin: Path | None,
    whole: bool,
    folds: str,
    second: float,
    epochs: int,
    rate: float,
    seed: int,
    threads: int,
    out: Path,
    kept: Path | None,
    **mixture: Any,
) -> None:
    """Train, print the held-out figures, and save the model of fold 0 to OUT."""
    torch.set_num_threads(threads)
    pairs, labels, shares, fold = read_pairs(data)
    others = list(Mixture(**mixture).lessons(range(seed, seed + epochs)))
    if folds == "none":
        model = train(others, seed, rate, begin, whole)
        told = model.predict(pairs, apply_softmax=True, show_progress_bar=False)
        click.echo(json.dumps({**figures(labels, told), "claims": score_claims(model)}))
        ship(model, out)
        return
    done = kept is not None and kept.exists()
    held = np.load(kept)["held"] if done else np.full((len(pairs), 3), np.nan)
    for k in map(int, folds.split(",")):
        if not np.isnan(held[fold == k]).any():
            click.echo(json.dumps({"fold": k, **figures(labels[fold == k], held[fold == k])}))
            continue
        seen, out_of = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        own = [pairs[i] for i in seen]
        target = reply_targets(own, labels[seen], shares[seen], second)
        lessons = [(own + texts, torch.cat([target, told])) for texts, told in others]
        model = train(lessons, seed, rate, begin, whole)
        held[out_of] = model.predict([pairs[i] for i in out_of], apply_softmax=True, show_progress_bar=False)
        click.echo(json.dumps({"fold": k, **figures(labels[out_of], held[out_of]), "claims": score_claims(model)}))
        if k == 0:
            ship(model, out)
        if kept:
            np.savez(kept, held=held, labels=labels, fold=fold)
    told = ~np.isnan(held[:, 0])
    click.echo(json.dumps({"cross-validated": folds, **figures(labels[told], held[told])}))
    for threshold in np.arange(0.2, 0.6, 0.05):
        guess = decide(pd.DataFrame(held[told], columns=LABELS), threshold) == "disagree"
        click.echo(f"disagree from {threshold:.2f} on: F1 {f1_score(labels[told] == 0, guess):.4f}")


if __name__ == "__main__":
    main()
