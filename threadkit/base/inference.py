"""Run a sentence-transformers model over many texts: each distinct text once, in batches of one shape.

A text's result depends on nothing but itself: not on the other texts, their order, the number of threads, or on what
an earlier run has left in the cache. For that, the shape of the batch that a text stands in follows from its own
length alone: it is padded to the next multiple of STEP tokens, and stands among as many texts as make TOKENS tokens;
where texts run out, the batch is filled up. Each
batch is computed by one thread (base/executor.py).
"""

from __future__ import annotations

import platform
import re
from functools import cached_property, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from threadkit.base.cache import kept
from threadkit.base.errors import ModelError, SettingError
from threadkit.base.executor import available_threads, map_items
from threadkit.base.weights import UNKNOWN, resolve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    import torch

# Tokens in a batch, texts at least, and tokens that lengths are rounded up to. Measured on 600 reply pairs on one core:
# these take as long as batches of 2,048 tokens cut to measure, whose results hang on their company.
TOKENS, ROWS, STEP = {"cpu": 512, "cuda": 16_384, "mps": 8_192}, 4, 8

# Texts that are looked up together, texts that are tokenized at once (before they are cut to what a model takes, so
# memory hangs on the longest), and batches after which what was computed is kept.
_WINDOW, _TOKENIZED, _BATCHES = 8192, 256, 32

_DEVICE = re.compile(rf"(?:{'|'.join(TOKENS)})(?::\d+)?")


class Network:
    """A model of ours, or any sentence-transformers name or path, and where it runs.

    `architecture` is SentenceTransformer or CrossEncoder. The weights are loaded when they are first needed: what is
    all in the cache needs none. Raises ModelError where there is no such model, SettingError where no such device.
    """

    def __init__(self, architecture: str, name: str, kind: str, device: str = "cpu") -> None:
        check_device(device)
        self.device = device
        self._architecture, self._name = architecture, name
        self._path, self._revision = resolve(name, kind)

    @cached_property
    def identity(self) -> str | None:
        """What its results depend on; None where that is not known."""
        if self._revision == UNKNOWN:
            return None
        shape = f"{TOKENS[kind_of(self.device)]} {ROWS} {STEP}"
        return f"{self._revision} {fastest_dtype(self.device)} {self.device} {shape} {_made_by()}"

    @cached_property
    def model(self) -> Any:
        """The model, loaded; raises ModelError where it cannot be."""
        import sentence_transformers
        from safetensors import SafetensorError
        from transformers.utils import logging

        shown = logging.is_progress_bar_enabled()
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            model = getattr(sentence_transformers, self._architecture)(self._path, device=self.device)
        except (OSError, ValueError, RuntimeError, SafetensorError) as error:
            why = (str(error).splitlines() or [type(error).__name__])[0]
            raise ModelError(
                f"model {self._name!r} cannot be loaded ({why}); give a folder, or a name that 'threadkit models' lists"
            ) from error
        finally:
            if shown:
                logging.enable_progress_bar()  # type: ignore[no-untyped-call]
        check_tokenizer(self._name, Path(self._path), model.tokenizer)
        return pack(model.to(fastest_dtype(self.device)).eval())


def check_tokenizer(name: str, folder: Path, tokenizer: Any) -> None:
    """Raise ModelError where a folder holds none of its tokenizer's files: another, empty one was made up for it."""
    files = sorted(tokenizer.vocab_files_names.values())
    if files and folder.is_dir() and not any(next(folder.rglob(file), None) for file in files):
        raise ModelError(
            f"model {name!r} has no tokenizer: {folder} holds none of {', '.join(files)}; copy it there from the model "
            "that it was trained from"
        )


def pack(model: Any) -> Any:
    """Lay out the weights of linear layers in bfloat16 on the CPU as oneDNN multiplies them; return the model.

    Else it does so anew at every call; the results are the same to the byte. What torch's own compiler calls for it is
    not public: where it is not there, the model stays as it is.
    """
    import torch

    lay_out = getattr(torch.ops.mkldnn, "_reorder_linear_weight", None)
    multiply = getattr(torch.ops.mkldnn, "_linear_pointwise", None)
    for layer in model.modules():
        ready = isinstance(layer, torch.nn.Linear) and layer.weight.device.type == "cpu"
        if ready and layer.weight.dtype == torch.bfloat16 and lay_out and multiply:
            weight, bias = lay_out(layer.weight.detach(), TOKENS["cpu"]), layer.bias
            layer.forward = partial(_multiplied, multiply, weight, bias)
    return model


def _multiplied(multiply: Callable[..., Any], weight: Any, bias: Any, x: Any) -> Any:
    return multiply(x, weight, bias, "none", [], "")


def kind_of(device: str) -> str:
    """Return cpu, cuda or mps.

    >>> kind_of("cuda:1")
    'cuda'
    """
    return device.partition(":")[0]


def check_device(device: str) -> None:
    """Raise SettingError where there is no such device here."""
    if not _DEVICE.fullmatch(device):
        raise SettingError(f"device is {device!r}: give one of {', '.join(TOKENS)}")
    kind = kind_of(device)
    if kind == "cpu":
        return
    import torch

    here = torch.cuda.is_available() if kind == "cuda" else torch.backends.mps.is_available()
    if not here:
        raise SettingError(f"device is {device!r}, but torch finds none on this machine: leave --device out")


def _made_by() -> str:
    """Return what the last bits of a result can depend on beside the weights."""
    import torch

    return f"torch {torch.__version__} {torch.backends.cpu.get_cpu_capability()}"


def distinct(items: Sequence[Any]) -> tuple[list[Any], np.ndarray]:
    """Return the distinct items and each item's place among them (n,).

    >>> distinct(["b", "a", "b"])
    (['b', 'a'], array([0, 1, 0]))
    """
    places: dict[Any, int] = {}
    inverse = np.fromiter((places.setdefault(item, len(places)) for item in items), dtype=np.int64, count=len(items))
    return list(places), inverse


def fastest_dtype(device: str = "cpu") -> torch.dtype:
    """Return bfloat16 where the device multiplies it faster than float32, else float32.

    That is a GPU that has it, a processor with tiles (AMX), and one of AMD's with AVX-512's bfloat16. On another
    processor with that instruction, but no tiles, float32 was quicker where that was tried.
    """
    import torch

    if kind_of(device) == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    if kind_of(device) != "cpu":
        return torch.float32
    tiles, wide = (getattr(torch.cpu, f"_is_{name}_supported", lambda: False) for name in ("amx_tile", "avx512_bf16"))
    return torch.bfloat16 if tiles() or (wide() and _vendor() == "AuthenticAMD") else torch.float32


@lru_cache(maxsize=1)
def _vendor() -> str:
    """Return what the processor says of its maker; empty where the system does not tell."""
    try:
        with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as lines:
            return next((line.split(":")[1].strip() for line in lines if line.startswith("vendor_id")), "")
    except OSError:
        return platform.processor().rpartition(" ")[2]


def run(
    network: Network,
    inputs: Sequence[Any],
    output: str,
    threads: int | None = None,
    done: Callable[[int], None] | None = None,
    cache: Path | None = None,
) -> np.ndarray:
    """Return the network's `output` feature for each input, (n, width) float32.

    `inputs` are texts or pairs of texts. `done(k)` is called after each k distinct inputs. `cache` is a folder in
    which results are kept, batch by batch, and found again.
    """
    items, inverse = distinct(inputs)
    rows: list[np.ndarray] = []
    identity = network.identity and f"{network.identity} {output}"
    with kept(cache, identity) as store:
        for start in range(0, len(items), _WINDOW):
            part = items[start : start + _WINDOW]
            known = store.get(part)
            missing = [i for i in range(len(part)) if i not in known]
            if done and known:
                done(len(known))
            for places, found in _computed(network, [part[i] for i in missing], output, threads, done):
                whole = [missing[i] for i in places]
                store.put([part[i] for i in whole], found)
                known |= zip(whole, found, strict=True)
            rows += [known[i] for i in range(len(part))]
    return np.stack(rows)[inverse] if items else np.zeros((0, 0), dtype=np.float32)


def _computed(
    network: Network, items: list[Any], output: str, threads: int | None, done: Callable[[int], None] | None
) -> Iterator[tuple[list[int], np.ndarray]]:
    """Yield places among the items and their rows, some batches at a time."""
    if not items:
        return
    import torch

    features = tokenize(network.model, items)
    batches = list(cut([len(ids) for ids in features["input_ids"]], TOKENS[kind_of(network.device)]))
    fill = {"input_ids": network.model.tokenizer.pad_token_id}
    threads = (threads or available_threads()) if network.device == "cpu" else 1

    def compute(batch: Batch) -> np.ndarray:
        full = batch.places + batch.places[:1] * (batch.size - len(batch.places))
        with torch.inference_mode():
            padded = {
                name: torch.from_numpy(pad([values[i] for i in full], batch.length, fill.get(name, 0)))
                for name, values in features.items()
            }
            result = network.model({name: values.to(network.device) for name, values in padded.items()})[output]
            return np.asarray(result[: len(batch.places)].float().cpu().numpy())

    for start in range(0, len(batches), _BATCHES * threads):
        block = batches[start : start + _BATCHES * threads]
        sizes = iter([len(batch.places) for batch in block])
        parts = map_items(compute, block, threads, (lambda _: done(next(sizes))) if done else None)  # noqa: B023
        yield [i for batch in block for i in batch.places], np.concatenate(parts)


def tokenize(model: Any, items: Sequence[Any]) -> dict[str, list[list[int]]]:
    """Return token ids, type ids and masks, cut at the model's own limit; a pair's longer part is cut first.

    A tokenizer that cuts keeps what it cuts off too, of a pair every piece beside every other: gigabytes where both
    are long. So it is asked for all tokens, and `kept_places` cuts.
    """
    # One token less than the model takes, so that the padded length stays within what it takes.
    longest = model.max_seq_length // STEP * STEP - 1
    found: dict[str, list[list[int]]] = {}
    for start in range(0, len(items), _TOKENIZED):
        part = items[start : start + _TOKENIZED]
        columns = [list(column) for column in zip(*part, strict=True)] if isinstance(part[0], tuple) else [list(part)]
        fast = model.tokenizer.is_fast  # a slow one does not tell which token is whose, and keeps nothing that it cuts
        encoded = model.tokenizer(
            *columns, truncation=not fast, max_length=None if fast else longest, padding=False, verbose=False
        )
        for name, rows in encoded.items():
            found.setdefault(name, []).extend(rows)
        for i, ids in enumerate(encoded["input_ids"]):
            if len(ids) > longest:
                places = kept_places(encoded.sequence_ids(i), longest, model.tokenizer.truncation_side)
                for rows in found.values():
                    rows[start + i] = [rows[start + i][place] for place in places]
    return found


def kept_places(owners: Sequence[int | None], longest: int, side: str = "right") -> list[int]:
    """Return the places of `longest` tokens to keep, as tokenizers cut by "longest first".

    `owners` tells whose a token is: 0 or 1, None = the tokenizer's own, which stay. The longer part gives way until
    it is as long as the other; then both, of an odd token the longer one has it. `side` is the end that is cut.

    >>> kept_places([None, 0, None, 1, 1, 1, 1, None], 6)
    [0, 1, 2, 3, 4, 7]
    """
    short, long = sorted(([place for place, owner in enumerate(owners) if owner == mine] for mine in (0, 1)), key=len)
    room = max(0, longest - sum(owner is None for owner in owners))
    fewer = min(len(short), room // 2)
    cut_off: set[int] = set()
    for part, size in ((short, fewer), (long, room - fewer)):
        cut_off.update(part[size:] if side == "right" else part[: max(0, len(part) - size)])
    return [place for place in range(len(owners)) if place not in cut_off]


def pad(rows: list[list[int]], length: int, fill: int) -> np.ndarray:
    """Return the rows as one array (n, length) int64, filled on the right.

    >>> pad([[1], [2, 3]], 3, 0).tolist()
    [[1, 0, 0], [2, 3, 0]]
    """
    out = np.full((len(rows), length), fill, dtype=np.int64)
    for i, row in enumerate(rows):
        out[i, : len(row)] = row
    return out


class Batch(NamedTuple):
    """The places of some texts, how many rows their batch has, and the number of tokens that they are padded to."""

    places: list[int]
    size: int
    length: int


def cut(lengths: Sequence[int], tokens: int) -> Iterator[Batch]:
    """Cut texts of these lengths into batches of about so many tokens, those of one padded length together.

    There is at least one token of padding in each row: a batch without any would take another way through the network.

    >>> list(cut([7, 8, 3, 5, 5, 6], 40))
    [Batch(places=[0, 2, 3, 4, 5], size=5, length=8), Batch(places=[1], size=4, length=16)]
    """
    classes: dict[int, list[int]] = {}
    for i, n in enumerate(lengths):
        classes.setdefault(n // STEP * STEP + STEP, []).append(i)
    for length, places in sorted(classes.items()):
        size = max(ROWS, tokens // length)
        for start in range(0, len(places), size):
            yield Batch(places[start : start + size], size, length)
