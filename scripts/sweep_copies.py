"""Choose the thresholds of crux/copies.py: fold edits that are copies and pairs that are none, at many thresholds.

Copies are made at run time from paragraphs of forum threads: every word edited with a given probability (left
out, replaced or followed by another word of the forum; words that turn the meaning are left alone), a sentence of
another author put before or after, or half of the sentences left out. What is no copy: the same paragraph with a
negation or a number changed, arguments that crowd workers made for the same key point, paraphrases, and paragraphs
of unrelated threads.

    python scripts/sweep_copies.py ../shared/data
    python scripts/sweep_copies.py --speed
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import defaultdict
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from training import rows

from threadkit.base.text import plain, sentences, words
from threadkit.crux import copies

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ALIKE = np.round(np.arange(0.60, 0.96, 0.05), 2)
HELD = (0.85, 0.90, 0.95)
N_TEXTS = 1500
Pairs = list[tuple[str, str]]


def paragraphs(data: Path) -> list[str]:
    """Return paragraphs of forum posts with enough words to have edited copies, one a thread."""
    out = []
    for path in sorted((data / "threads").glob("iac_v1_*.jsonl.gz")):
        for thread in rows(path):
            found = [plain(part) for post in thread["posts"] for part in post["text"].split("\n")]
            found = [part for part in found if copies.MIN_NEAR_WORDS <= len(part.split()) <= 150]
            out += found[len(found) // 2 :][:1]
    return out


def turning(word: str) -> bool:
    """Tell whether a word turns the meaning of a text."""
    return bool(copies.code([word]).senses.any())


def edited(texts: list[str], rate: float, rng: np.random.Generator) -> Iterator[str]:
    """Yield each text with this share of its words left out, replaced or followed by another word."""
    vocabulary = [word for text in texts for word in text.split() if not turning(word)]
    for text in texts:
        out = []
        for word in text.split():
            new = vocabulary[rng.integers(len(vocabulary))]
            keep = rng.random() >= rate or turning(word)
            out += [word] if keep else [[], [new], [word, new]][rng.integers(3)]
        yield " ".join(out)


def added(texts: list[str], rng: np.random.Generator, *, before: bool) -> Iterator[str]:
    """Yield each text with a sentence of another text put before or after it."""
    for text in texts:
        other = sentences(texts[rng.integers(len(texts))])[0]
        yield f"{other} {text}" if before else f"{text} {other}"


def halved(texts: list[str]) -> Iterator[tuple[str, str]]:
    """Yield texts of at least two sentences with the first half of them, where that is long enough."""
    for text in texts:
        parts = sentences(text)
        half = " ".join(parts[: (len(parts) + 1) // 2])
        if len(parts) > 1 and len(half.split()) >= copies.MIN_NEAR_WORDS:
            yield text, half


def turned(texts: list[str], rng: np.random.Generator) -> Iterator[str]:
    """Yield each text with one negation put in."""
    for text in texts:
        parts = text.split()
        parts.insert(int(rng.integers(len(parts))), "not")
        yield " ".join(parts)


def same(path: Path, key: Callable[[dict], list[str]]) -> Pairs:
    """Return the pairs of long enough texts that share a key."""
    groups = defaultdict(set)
    for row in rows(path):
        for name in key(row):
            if len(row["text"].split()) >= copies.MIN_NEAR_WORDS:
                groups[name].add(row["text"])
    return [pair for group in groups.values() for pair in combinations(sorted(group), 2)]


def sets(data: Path, rng: np.random.Generator) -> tuple[dict[str, Pairs], dict[str, Pairs]]:
    """Return the pairs that are copies and those that are none, by kind."""
    texts = paragraphs(data)
    texts = [texts[i] for i in rng.permutation(len(texts))[:N_TEXTS]]
    both = lambda made: list(zip(texts, made, strict=True))  # noqa: E731  a name for a table of calls
    good = {f"{100 * rate:.0f}% edited": both(edited(texts, rate, rng)) for rate in (0.05, 0.1, 0.15, 0.2, 0.3)}
    good |= {"put before": both(added(texts, rng, before=True)), "put after": both(added(texts, rng, before=False))}
    good["half of it"] = list(halved(texts))
    bad = {
        "negated": both(turned(texts, rng)),
        "key point": same(data / "grouping/kpa2021_train_dev.jsonl.gz", lambda row: row["key_points"]),
        "paraphrase": same(data / "grouping/perspectrum_train_dev.jsonl.gz", lambda row: [row["cluster"]]),
        "unrelated": both(np.roll(np.array(texts, dtype=object), 1)),
    }
    return good, bad


def measure(pairs: Pairs) -> np.ndarray:
    """Return (alike, held, taken, turned) of each pair."""
    coded = copies.code(text for pair in pairs for text in pair)
    out = []
    for earlier, later in zip(coded.texts[::2], coded.texts[1::2], strict=True):
        differences = copies.differences(earlier.tolist(), later.tolist())
        turns = any(copies.turns(ours, theirs, coded.senses) for ours, theirs in differences)
        out.append((*copies.likeness(earlier, later), turns))
    return np.array(out)


def folded(figures: np.ndarray, alike: float, held: float) -> float:
    """Return the share of pairs that these thresholds fold."""
    near = (figures[:, 0] >= alike) | ((figures[:, 1] >= held) & (figures[:, 2] >= copies.MIN_TAKEN))
    return float((near & (figures[:, 3] == 0)).mean())


def fold(texts: list[str]) -> pd.Series:
    """Fold texts that were posted one after another."""
    ids = [f"c{i:06d}" for i in range(len(texts))]
    posted = pd.date_range("2024-01-01", periods=len(texts), freq="min", tz="UTC")
    return copies.fold_copies(
        pd.DataFrame({"comment_id": ids, "text": texts}, index=ids), pd.DataFrame({"posted_at": posted}, index=ids)
    )


def sweep(data: Path) -> None:
    """Print which share of each kind of pair is folded, by threshold, then what fold_copies finds among all."""
    good, bad = sets(data, np.random.default_rng(0))
    figures = {name: measure(pairs) for name, pairs in (good | bad).items()}
    print("pairs: " + ", ".join(f"{name} {len(pairs):,}" for name, pairs in (good | bad).items()))
    print("share folded (copies: high is right; from 'negated' on: low is right)")
    print("alike  held " + "".join(f"{name:>12s}" for name in figures))
    for held in HELD:
        for alike in ALIKE:
            print(f"{alike:5.2f}  {held:4.2f} " + "".join(f"{folded(f, alike, held):12.4f}" for f in figures.values()))
    print(f"\nfold_copies at {copies.MIN_ALIKE} and {copies.MIN_HELD}, all originals before all of their copies:")
    for name, pairs in good.items():
        found = fold([a for a, _ in pairs] + [b for _, b in pairs]).iloc[len(pairs) :]
        right = (found == [f"c{i:06d}" for i in range(len(pairs))]).fillna(value=False)
        print(f"{name:12s} folded {found.notna().mean():.4f}, into their own original {right.mean():.4f}")
    print("\ntexts that fold_copies folds though they are no copies, by the fewest words of an edited copy")
    for copies.MIN_NEAR_WORDS in (6, 8, 10, 12, 14, 17, 20):
        for name, file in (("key point", "kpa2021"), ("paraphrase", "perspectrum")):
            texts = sorted({row["text"] for row in rows(data / f"grouping/{file}_train_dev.jsonl.gz")})
            n = fold(texts).notna().sum() - len(texts) + len({" ".join(each) for each in map(words, texts)})
            long = sum(len(text.split()) >= copies.MIN_NEAR_WORDS for text in texts)
            print(f"{copies.MIN_NEAR_WORDS:3d} words  {name:10s} {n:4d} of {long:,}")


def generated(n: int, rng: np.random.Generator) -> list[str]:
    """Return n texts of 20 to 80 words whose frequencies fall as those of a language do (Zipf's law)."""
    letters = np.array(list("abcdefghijklmnopqrst"))
    vocabulary = np.array(["".join(letters[[i % 20, i // 20 % 20, i // 400 % 20, i // 8000]]) for i in range(50_000)])
    ranks = np.minimum(rng.zipf(1.3, (n, 80)), len(vocabulary)) - 1
    return [" ".join(vocabulary[row[:size]]) for row, size in zip(ranks, rng.integers(20, 81, n), strict=True)]


def speed() -> None:
    """Print seconds and memory for many objections, and for floods of one text with small edits."""
    rng = np.random.default_rng(0)
    one = generated(1, rng)[0]
    for rate in (0.05, 0.3):
        for n in (5_000, 20_000):
            report(f"flood of {n:,} copies, {rate:.0%} edited", list(edited([one] * n, rate, rng)))
    for n in (25_000, 100_000):
        report(f"{n:,} objections", generated(n, rng))


def report(name: str, texts: list[str]) -> None:
    """Print how long folding takes."""
    begun = time.perf_counter()
    found = fold(texts)
    took = time.perf_counter() - begun
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name}: {took:.1f} s, {found.notna().sum():,} folded, peak so far {peak:,.0f} MB", flush=True)


def main() -> None:
    """Print the tables from which the constants are chosen, or how long folding takes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, nargs="?")
    parser.add_argument("--speed", action="store_true")
    given = parser.parse_args()
    if given.data:
        sweep(given.data)
    if given.speed:
        speed()


if __name__ == "__main__":
    main()
