"""Run a sentence-transformers model over many texts: each distinct text once, in batches of equal length.

Bigger batches are slower on a processor, because short texts are padded to the longest. Here texts are
sorted by their number of tokens and cut into batches of at most MAX_TOKENS tokens; each batch is computed
by one thread (base/executor.py), so the result depends neither on the order of the texts nor on the
number of threads.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from threadkit.base.errors import ModelError
from threadkit.base.executor import available_threads, map_items
from threadkit.base.weights import resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import torch

# Tokens in one batch, padding included. Measured in EVIDENCE: batches of about 2,048 tokens are the fastest.
MAX_TOKENS = 2048


def load(architecture: str, name: str, kind: str) -> Any:
    """Load a model of ours, or any sentence-transformers name or path, ready to run on the processor.

    `architecture` is SentenceTransformer or CrossEncoder. Raises ModelError where it cannot be loaded.
    """
    import sentence_transformers
    from transformers.utils import logging

    path, _ = resolve(name, kind)
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        model = getattr(sentence_transformers, architecture)(path, device="cpu")
    except (OSError, ValueError) as error:
        raise ModelError(
            f"model {name!r} cannot be loaded ({str(error).splitlines()[0]}); "
            "give a folder, or a name that 'threadkit models' lists"
        ) from error
    finally:
        if shown:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]
    return model.to(fastest_dtype()).eval()


def distinct(items: Sequence[Any]) -> tuple[list[Any], np.ndarray]:
    """Return the distinct items and each item's place among them (n,).

    >>> distinct(["b", "a", "b"])
    (['b', 'a'], array([0, 1, 0]))
    """
    places: dict[Any, int] = {}
    inverse = np.fromiter((places.setdefault(item, len(places)) for item in items), dtype=np.int64, count=len(items))
    return list(places), inverse


def fastest_dtype() -> torch.dtype:
    """Return bfloat16 where the processor multiplies it natively, else float32."""
    import torch

    native = getattr(torch.cpu, "_is_avx512_bf16_supported", None)
    return torch.bfloat16 if native is not None and native() else torch.float32


def run(
    model: Any,
    inputs: Sequence[Any],
    output: str,
    threads: int | None = None,
    done: Callable[[int], None] | None = None,
) -> np.ndarray:
    """Return the model's `output` feature for each input, (n, width) float32.

    `model` is a SentenceTransformer or CrossEncoder; inputs are texts or pairs of texts. `done(k)` is
    called after each batch of k distinct inputs.
    """
    items, inverse = distinct(inputs)
    if not items:
        return np.zeros((0, 0), dtype=np.float32)
    features = tokenize(model, items)
    lengths = np.array([len(ids) for ids in features["input_ids"]])
    # Ties are broken by the tokens themselves: the same batches whatever the order of the texts.
    order = sorted(range(len(items)), key=lambda i: (lengths[i], features["input_ids"][i]))
    batches = list(cut(order, lengths))
    sizes = iter([len(batch) for batch in batches])
    fill = {"input_ids": model.tokenizer.pad_token_id}

    def compute(batch: list[int]) -> np.ndarray:
        import torch

        with torch.inference_mode():
            padded = {
                name: torch.from_numpy(pad([values[i] for i in batch], fill.get(name, 0)))
                for name, values in features.items()
            }
            return np.asarray(model(padded)[output].float().numpy())

    parts = map_items(compute, batches, threads or available_threads(), (lambda _: done(next(sizes))) if done else None)
    out = np.empty((len(items), parts[0].shape[1]), dtype=np.float32)
    out[[i for batch in batches for i in batch]] = np.concatenate(parts)
    return np.asarray(out[inverse])


def tokenize(model: Any, items: Sequence[Any]) -> dict[str, list[list[int]]]:
    """Return token ids, type ids and masks, cut at the model's own limit; a pair's longer part is cut first."""
    arguments = list(zip(*items, strict=True)) if isinstance(items[0], tuple) else [items]
    encoded = model.tokenizer(
        *[list(column) for column in arguments], truncation=True, max_length=model.max_seq_length, padding=False
    )
    return {name: list(values) for name, values in encoded.items()}


def pad(rows: list[list[int]], fill: int) -> np.ndarray:
    """Return the rows as one array (n, longest) int64, filled on the right.

    >>> pad([[1], [2, 3]], 0).tolist()
    [[1, 0], [2, 3]]
    """
    out = np.full((len(rows), max(map(len, rows))), fill, dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out


def cut(order: list[int], lengths: np.ndarray) -> list[list[int]]:
    """Cut rows that are sorted by length into batches of at most MAX_TOKENS tokens, at least one row each."""
    batches: list[list[int]] = []
    for i in order:
        if batches and (len(batches[-1]) + 1) * lengths[i] <= MAX_TOKENS:
            batches[-1].append(i)
        else:
            batches.append([i])
    return batches
